"""`threading`: the live threads of a process. They distinguish a process that nothing can unblock from one that has a running thread.

A thread writes at most three records in its life. A fork copies only one thread, so this module also records what the other
threads are doing at that moment.
"""

import sys

from ..compat import attribute, get_ident, has_gil, loaded, plain_text
from ..forking import at_fork
from ..errors import isolated
from ..locate import name_of_callable, user_line
from ..state import runtime
from .os_calls import mimic

_MAX_STARTS = 2000  # records are never recycled: a program that keeps starting threads must not fill their area
_starts = [0]
_uncounted = []  # records that there were more
_known = set()  # idents whose start is recorded


def install(threading):
    """Patch the start and the last step of a thread, and record the other threads before forks."""
    Thread = threading.Thread
    Thread.start = _starting(Thread.start)
    for name in ("_delete", "_Thread__delete"):  # the second before 3.3
        if hasattr(Thread, name):
            setattr(Thread, name, _deleting(getattr(Thread, name)))


@isolated
def _forget():
    """A child has one thread. A new set: a thread that does not exist in the child may have locked the old one."""
    global _known
    _known = set()


def _starting(original):
    def start(self):
        result = original(self)
        _note_start(self)
        return result

    return mimic(start, original)


def _of(thread, name):
    """A thread's private attribute: its class may override the public one."""
    found = attribute(thread, "_" + name)
    return found if found is not None else attribute(thread, "_Thread__" + name)  # the second before 3.3


def _target(thread):
    function = _of(thread, "target")
    return name_of_callable(type(thread).run if function is None else function)


def _is_debuggers(thread):
    """Threads of the line debugger (pydevd marks them) do not belong to the program."""
    return attribute(thread, "is_pydev_daemon_thread", False)


@isolated
def _note_start(thread):
    _starts[0] += 1
    if _starts[0] > _MAX_STARTS:
        if not _uncounted:
            _uncounted.append(True)
            runtime.record("thread", thread=0, name="", ended=True, unknown=True)
        return
    ident, is_alive = _of(thread, "ident"), loaded("threading").Thread.is_alive
    target = _target(thread)
    if ident is None or not is_alive(thread) or _is_debuggers(thread):
        return
    _known.add(ident)
    runtime.record("thread", thread=ident, name=plain_text(_of(thread, "name")), native=attribute(thread, "_native_id"), target=target)
    if not is_alive(thread):
        _note_end(ident, plain_text(_of(thread, "name")))


def _deleting(original):
    def _delete(self):
        result = original(self)
        _note_end(get_ident(), "")
        return result

    return mimic(_delete, original)


@isolated
def _note_end(ident, name):
    if ident in _known:
        _known.discard(ident)
        runtime.record("thread", thread=ident, name=name, ended=True)


@isolated
def _before_fork():
    active = getattr(loaded("threading"), "_active", {})
    # Without a GIL the other threads keep running, and their frames must not be read: their lines stay unknown.
    frames = sys._current_frames() if has_gil() else dict.fromkeys(list(active))
    frames.pop(get_ident(), None)  # this frame: a variable of its own that refers to it would keep its callers' objects alive
    if not frames:
        return
    others = []
    for ident, frame in frames.items():
        thread = active.get(ident)
        if thread is not None and not _is_debuggers(thread):
            others.append({"name": plain_text(_of(thread, "name")), "target": _target(thread), "loc": user_line(frame)})
    if others:
        runtime.record("forkThreads", thread=get_ident(), others=others[:32])


at_fork(before=_before_fork, after_in_child=_forget)  # once, however often `threading` is imported again
