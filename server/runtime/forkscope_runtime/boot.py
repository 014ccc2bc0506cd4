"""Starting the runtime in a process: at the interpreter's start, and again in each forked child."""

import atexit
import sys

from .pristine_os import os
from . import importing
from . import vocabulary as v
from .belonging import watch
from .blocks import CLOEXEC
from .cells import make_cells, make_giver
from .compat import count_from, get_native_id, implementation, random_bytes, utf8
from .folder import ours
from .forking import at_fork, found_in_child
from .errors import isolated, note, report, reported
from .state import ALWAYS, UNARMED, runtime

_SERVED = ((2, 7), (3, 6))  # the oldest supported one of each major version


def start(folder):
    """Record this process in the session folder. Never raises, never prints. If recording fails, the program runs without it."""
    try:
        runtime.folder = folder
        if sys.version_info[:2] < _SERVED[sys.version_info[0] > 2]:
            if ours(folder):
                _leave_note("Forkscope records Python 2.7, and 3.6 and newer; this is %s" % _version())
            return
        runtime.options = _options(os.environ.get(v.ENV_OPTIONS, ""))
        native = os.environ.get(v.ENV_NATIVE)
        if native:
            _accelerate(native)
        if not ours(folder):
            runtime.off()
            return
        importing.install()
        runtime.forked = _forked
        if runtime.writer is not None:
            runtime.writer.watch(_forked)
        else:
            runtime.here = watch()
        after_fork = _begin()
        if after_fork is None:
            importing.uninstall()
            return
        # The first callback, so that no other callback runs in a child before the child has its own journal, and so that
        # the exit is recorded after all other exit handlers.
        at_fork(after_in_child=after_fork)
        atexit.register(_at_exit)
        from . import child_env, control, hooks

        child_env.remember()

        control.look(folder)
        hooks.install()
        if runtime.armed is not UNARMED:  # a debugged session
            from . import lines

            lines.join(folder, _argv())
    except Exception as error:
        runtime.off()
        report(error, "start")


def _accelerate(folder):
    from . import accelerator, locate
    from .ring import flatten

    if accelerator.load(folder, locate.sort_of, locate.declare, flatten, reported):
        locate.accelerate(runtime.writer)


def _begin():
    """Create the journal of this process, with its "process" record. Returns the function to call in forked children, or None if there can be no journal."""
    described = dict(_described("exec"), cwd=_cwd(), loc=0, implementation=implementation(), pidns=_pid_namespace())
    if runtime.writer is not None:
        from . import native_journal

        for_children = _described("fork"), _on_new_thread, _after_fork
        if native_journal.begin(described, *for_children):
            _bind(runtime.writer)
            return runtime.writer.after_fork
    journal = _open(0)
    if journal is None:
        return None
    runtime.record("process", **described)
    if runtime.writer is not None and native_journal.inherit(journal.layout, *for_children):
        return runtime.writer.after_fork
    return _after_fork


def _bind(writer):
    """Use the accelerator, which has the journal."""
    runtime.enter, runtime.leave, runtime.end, runtime.next_object = writer.enter, writer.leave, writer.end, writer.next_object
    runtime.record, runtime.emit = writer.record, writer.emit
    runtime.active = True


def _open(parent_uid):
    """Create a journal for this process image in Python and bind `runtime` to it. Returns None if that fails."""
    if not ours(runtime.folder):
        runtime.off()
        return None
    from .journal import Journal
    from .layout import CELLS_AT

    first, second, third, fourth = bytearray(random_bytes(4))
    uid = first | second << 8 | third << 16 | fourth << 24 or 1
    try:
        journal = Journal(runtime.folder, uid, parent_uid, runtime.options)
    except (EnvironmentError, ValueError) as error:
        runtime.off()
        _leave_note(error)
        return None
    runtime.uid = uid
    cells, give = make_giver(CELLS_AT, v.DEFAULT_CELLS, _on_new_thread)
    if runtime.writer is not None:
        journal.ring.accelerate(runtime.writer, lambda ident: cells[ident][0] if ident in cells else give(ident)[0])
        journal.records.accelerate(runtime.writer, uid)
        _bind(runtime.writer)
        return journal
    journal.ring.begin()
    runtime.enter, runtime.leave = make_cells(journal.mapped, cells, give, runtime.here)
    runtime.end, runtime.next_object = journal.end, count_from(1)
    runtime.record, runtime.emit = journal.records.record, journal.ring.emit
    runtime.active = True
    return journal


def _leave_note(error):
    """Tell the launcher, best effort, why a process is not recorded."""
    from .blocks import forbidden

    try:
        if forbidden(1000):
            return
        fd = os.open(os.path.join(runtime.folder, "note-%d.txt" % os.getpid()), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(fd, ("%s" % (error,)).encode("utf-8", "replace"))
        finally:
            os.close(fd)
    except OSError:
        pass


def _options(text):
    options = {"payload": v.DEFAULT_PAYLOAD, "ring": v.DEFAULT_RING, "meta": v.DEFAULT_META}
    for part in text.split(","):
        key, _, value = part.partition("=")
        if key in options and value.isdigit():
            options[key] = int(value)
    options["payload"] = min(options["payload"], v.SLOT_DATA_SIZE + 255 * v.EXT_DATA_SIZE)
    return options


def _after_fork():
    if not runtime.active or (runtime.writer is None and runtime.here[0] and runtime.here is not ALWAYS):
        return  # nothing is recorded; or what ended with the parent's other threads has called us already
    parent = runtime.uid
    try:
        _begin_child(parent)
    except BaseException:  # a signal handler of the program raised it: the child is recorded all the same
        _begin_child(parent)
        raise


@isolated
def _begin_child(parent):
    """Give this forked child its own journal. Called again when it was interrupted."""
    if runtime.uid == parent or not runtime.active:
        runtime.off()  # before anything can fail: from here on this process must not write into the parent's journal
        if runtime.here is not ALWAYS:
            runtime.here[0] = 1
        if _open(parent) is None:
            return
    loc, runtime.fork_loc = runtime.fork_loc, 0
    runtime.record("process", cwd=_cwd(), loc=loc, **_described("fork"))


def _forked(made=False):
    """Give a child that C code has forked its journal at its first event: Python does not know of such forks.

    :param made: by the accelerator
    """
    try:
        if runtime.active:
            if not made:
                _after_fork()
            found_in_child()
    except Exception as error:
        report(error, "forked")
    if not runtime.here[0]:
        runtime.off()  # never writes into the parent's journal; the caller tries again


def _described(via):
    return {"argv": _argv(), "executable": sys.executable or "", "python": _version(), "via": via}


@isolated
def _at_exit():
    if runtime.active:
        _look_for_locks()
    runtime.record("exit", code=None, how="end")
    runtime.end()
    from . import hooks

    hooks.let_go()


_MUCH = 64  # MB: a program that locks this much used mlockall


def _look_for_locks():
    """A program that has locked all its memory (mlockall) has also locked the whole journal, which it did not intend."""
    try:
        fd = os.open("/proc/self/status", os.O_RDONLY | CLOEXEC)
    except (EnvironmentError, ValueError):
        return
    try:
        text = os.read(fd, 8192)
    finally:
        os.close(fd)
    found = text.partition(b"VmLck:")[2].split()
    locked = int(found[0]) // 1024 if found else 0
    if locked >= _MUCH:
        note("locked:memory", "%d" % locked)


@isolated
def _on_new_thread(ident):
    from .locate import main_thread_name

    runtime.record("thread", thread=ident, name=main_thread_name(), native=get_native_id())


def _argv():
    """The command line after the interpreter, as far as this version provides it this early."""
    argv = getattr(sys, "orig_argv", None)  # 3.10 and newer
    if argv is None:
        argv = _kernel_argv()
    return [utf8(text) for text in argv]


def _kernel_argv():
    try:
        with open("/proc/self/cmdline", "rb") as file:
            return [part.decode("utf-8", "replace") for part in file.read().split(b"\0")[:-1]]
    except OSError:
        return [sys.executable or ""] + list(getattr(sys, "argv", []))


def _cwd():
    try:
        return os.getcwd()
    except OSError:
        return ""


def _pid_namespace():
    """Inode of the namespace in which this process's pid counts (Linux); 0 if there is none or it is unknown."""
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0


def _version():
    return "%d.%d.%d" % sys.version_info[:3]
