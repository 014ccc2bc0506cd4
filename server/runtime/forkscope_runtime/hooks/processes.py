"""multiprocessing.Process, recorded in the creator and in the child."""

import sys

from .. import libraries
from .. import vocabulary as v
from ..compat import PY2, attribute, integers, loaded, nanoseconds, plain_text, qualified_name
from ..errors import isolated, report
from ..identity import gid_aside, gid_of, new_gid, tag_aside
from ..locate import name_of_callable, user_line
from ..state import UNARMED, runtime
from . import stopping
from .os_calls import ended_by, mimic
from .pickling import error_text, is_about_pickling

_frame = sys._getframe
_asked = {}  # gid of a Process object -> the last signal that this program sent it


def install(process):
    """Patch BaseProcess, which every context's Process derives from."""
    base = getattr(process, "BaseProcess", None) or process.Process  # the second in Python 2
    base.__init__ = _creating(base.__init__)
    base.start = _starting(base.start)
    base.join = _joining(base.join)
    common = sys.modules.get(process.__name__.rpartition(".")[0] + ".common")  # of a copy whose signal can be set
    base.terminate = _signalling(base.terminate, int(getattr(common, "TERM_SIGNAL", 15)), "terminate")
    if hasattr(base, "kill"):
        base.kill = _signalling(base.kill, 9, "kill")
    if hasattr(base, "interrupt"):  # 3.14
        base.interrupt = _signalling(base.interrupt, 2, "interrupt")
    base._bootstrap = _bootstrapping(base._bootstrap, process)


def _target(process):
    """The function that the process runs; None: its class's own `run`."""
    target = attribute(process, "_target")
    return None if target is None else libraries.target(target, attribute(process, "_args", ()))


def _kind(target, process):
    kinds = libraries.known.kinds
    if target is None:
        return _kind_of_class(type(process)) or "process"
    name = name_of_callable(target)
    if name in kinds:
        return kinds[name]
    # A worker object may be an instance of a subclass.
    return _kind_of_class(type(target)) or ("manager" if name.endswith("._run_server") and "manager" in name.lower() else "process")


def _kind_of_class(cls):
    for each in () if PY2 else cls.__mro__:
        name = name_of_callable(each)
        if name in libraries.known.kinds:
            return libraries.known.kinds[name]
    return None


def _method(self):
    return attribute(self, "_start_method") or _default_method()


def _is_daemon(self):
    config = attribute(self, "_config")
    return bool(self._daemonic if config is None else config.get("daemon"))


def _default_method():
    if PY2:
        return "fork"
    context = loaded("multiprocessing.context")
    default = getattr(getattr(context, "_default_context", None), "_actual_context", None)
    name = getattr(default, "_name", None)
    return name if isinstance(name, str) else None


def _creating(original):
    def __init__(self, *args, **named):
        original(self, *args, **named)
        try:
            _declare(self, _frame(1))
        except Exception as error:
            report(error, "Process")

    return mimic(__init__, original)


def _is_a_process(self):
    """False for multiprocessing.dummy's threads and a process's own mirror of its parent, which look like processes."""
    return hasattr(type(self), "_Popen")


def _declare(self, frame):
    if not _is_a_process(self):
        return
    gid = new_gid()
    if not gid or not tag_aside(self, gid):
        return
    target = _target(self)
    fields = {
        "id": gid,
        "name": plain_text(self._name),
        "target": name_of_callable(target) if target is not None else qualified_name(type(self)) + ".run",
        "daemon": _is_daemon(self),
        "loc": user_line(frame),
        "kind": _kind(target, self),
    }
    if fields["kind"] == "pool-worker":
        inqueue = self._args[0] if self._args else attribute(target, "inq")  # a worker object has its queues
        fields["inqueue"] = gid_of(inqueue)
    runtime.record("child", **fields)


def _starting(original):
    def start(self):
        if runtime.armed[0]:
            stopping.at_start(self, _frame(1))
        try:
            result = original(self)
        except Exception as error:
            _note_failure(self, error, _frame(1))
            if runtime.armed[0] and is_about_pickling(error):
                stopping.at_failed_start(self, error_text(error), _frame(1))
            raise
        _note_start(self, _frame(1))
        return result

    return mimic(start, original)


@isolated
def _note_start(self, frame):
    gid = gid_aside(self)
    popen = attribute(self, "_popen")
    if gid and popen is not None:
        method = getattr(popen, "method", None) or _method(self)
        method = libraries.known.start_methods.get(method, method)
        runtime.record(
            "start", id=gid, pid=popen.pid, loc=user_line(frame), method=method, name=plain_text(self._name),
            daemon=_is_daemon(self),
        )  # fmt: skip


@isolated
def _note_failure(self, error, frame):
    gid = gid_aside(self)
    if gid and is_about_pickling(error):
        runtime.record("startFailed", id=gid, name=plain_text(self._name), loc=user_line(frame), error=error_text(error))


def _joining(original):
    def join(self, timeout=None):
        cell = None
        begun = runtime.clock()
        loc = pid = 0
        waits = -1
        try:
            popen = attribute(self, "_popen")
            pid = popen.pid if popen is not None else 0
            loc = user_line(_frame(1))
            waits = nanoseconds(timeout)
            cell = runtime.enter(v.KIND_JOIN, gid_aside(self), loc, waits, pid)
        except Exception as error:
            report(error, "join")
        broken = None
        try:
            return original(self, timeout)
        except BaseException as error:
            broken = ended_by(error)
            raise
        finally:
            runtime.leave(cell)
            _note_join(self, begun, loc, waits, pid, broken)
            asked = _ended_as_asked(self)
            if runtime.armed[0] and not asked:
                stopping.at_end(self, timeout, _frame(1))

    return mimic(join, original)


@isolated
def _note_join(self, begun, loc, waits, pid, broken):
    gid = gid_aside(self)
    if gid:
        popen = attribute(self, "_popen")
        ended = popen is None or getattr(popen, "returncode", None) is not None
        outcome = v.OUTCOME_OK if ended else v.OUTCOME_TIMEOUT if broken is None else broken
        runtime.emit(v.KIND_JOIN, outcome, 0, begun, runtime.clock(), gid, loc, waits, pid)
        if ended and popen is not None:
            _note_return_code(popen)


def _note_return_code(popen):
    """waitpid does not reap forkserver children and Windows processes: their exit status comes from Popen."""
    code = popen.returncode
    reaped_elsewhere = sys.platform != "win32" and getattr(popen, "method", "") != "forkserver"
    if code is not None and not reaped_elsewhere and not gid_aside(popen):
        tag_aside(popen, 1)
        runtime.record("reap", pid=popen.pid, code=code if code >= 0 else None, signal=-code if code < 0 else None)


def _signalling(original, signal, call):
    def send(self):
        _note_signal(self, signal, call, _frame(1))
        return original(self)

    return mimic(send, original)


@isolated
def _ended_as_asked(self):
    """Whether this process ended by the signal that this program sent it by terminate() or kill()."""
    code = getattr(attribute(self, "_popen"), "returncode", None)
    return code is not None and _asked.pop(gid_aside(self), 0) == -code != 0


@isolated
def _note_signal(self, signal, call, frame):
    popen = attribute(self, "_popen")
    if popen is not None and getattr(popen, "returncode", None) is None:
        _asked[gid_aside(self)] = signal
        runtime.record("signal", pid=popen.pid, signal=signal, loc=user_line(frame), call=call)


def _bootstrapping(original, process):
    def _bootstrap(self, *args, **named):
        _note_identity(self)
        if runtime.armed is not UNARMED:
            _watch_end(process)
        code = original(self, *args, **named)
        _note_exit(code)
        return code

    return mimic(_bootstrap, original)


@isolated
def _watch_end(process):
    """In a debugged session: let the line debugger pause at an exception that ends the process."""
    from .. import debugger

    debugger.stop_at_uncaught(process)


@isolated
def _note_identity(self):
    runtime.record("identity", name=plain_text(self._name), origin=_kind(_target(self), self), obj=gid_aside(self))


@isolated
def _note_exit(code):
    runtime.record("exit", code=code & 0xFF if isinstance(code, integers) else None, how="bootstrap")
    runtime.end()
