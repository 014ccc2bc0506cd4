"""Pauses a thread at an operation for the debugger. Loaded only when something is armed.

The hooks call `consider` when the control page says that something is armed. It consults the plan. If the operation matches, this
thread connects to the debugger and executes its requests until it is resumed. It creates no thread and pauses no other thread.
If the debugger is missing or disconnects, the program continues.
"""

import time

from ..compat import PY2, get_ident
from ..errors import report
from ..identity import names
from ..locate import user_frame, user_line
from ..state import runtime
from . import plan
from .conversation import Gone, converse

_busy = set()  # threads in a pause: code that the debugger evaluates there does not pause again


class Operation:
    """What is about to happen (phase 'before') or has happened ('after').

    :ivar op: put, send, get, recv, start, fork, join, task, taskEnd, apply_async, ...
    :ivar gid: of the channel, connection or other object; 0: none
    :ivar keys: the kernel's identities of the object's descriptors, read only when needed
    :ivar name: the user's name for it, if this process knows it
    :ivar message: a function that returns the message as an object, or None without a message
    :ivar data: a function that returns the message's bytes, or None
    :ivar error: name of the exception that the operation ends with, or None
    :ivar text: the error's text, or ""
    :ivar thing: the object operated on, or None
    :ivar seq: number of the event of the receive that brought the message, or None
    """

    def __init__(
        self, op, kind, phase, gid=0, keys=None, name=None, message=None, data=None, error=None, frame=None, raw=False, text="", thing=None,
        seq=None,
    ):  # fmt: skip
        self.op = op
        self.kind = kind
        self.phase = phase
        self.gid = gid
        self.keys = keys or (lambda: ())
        self.name = name if name is not None else names.get(gid, "")
        self.message = message
        self.data = data
        self.error = error
        self.raw = raw
        self.text = text
        self.thing = thing
        self.seq = seq
        self.frame = frame
        self.user = user_frame(frame)

    def encode(self, value):
        """The bytes of a message with this value."""
        return bytes(value) if self.raw else pickled(value)


def pickled(value):
    """The bytes to which multiprocessing pickles a message."""
    if PY2:
        import cPickle

        return cPickle.dumps(value, cPickle.HIGHEST_PROTOCOL)
    from multiprocessing.reduction import ForkingPickler

    return bytes(ForkingPickler.dumps(value))


class Decision:
    """The debugger's decision about an operation."""

    def __init__(self, drop=False, times=1, replaced=False, value=None):
        self.drop = drop
        self.times = times
        self.replaced = replaced
        self.value = value


def consider(operation):
    """Pause here if the plan says so. Returns a Decision if the operation is to be changed, else None. KeyboardInterrupt propagates."""
    ident = get_ident()
    if ident in _busy:
        return None
    _busy.add(ident)
    try:
        reason = plan.match(operation)
        if reason is None:
            return None
        told = converse(operation, reason)
        return _apply(operation, told)
    except Gone:
        plan.give_up()
        return None
    except Exception as error:
        report(error, "stop")
        return None
    finally:
        _busy.discard(ident)


def _apply(operation, told):
    if not told.get("keep"):
        plan.go_on(told.get("step"), operation)
    seconds = told.get("delay") or 0
    drop = bool(told.get("drop"))
    times = 2 if told.get("twice") else 1
    replaced = "value" in told
    for action, wanted in (("drop", drop), ("duplicate", times > 1), ("replace", replaced), ("delay", seconds > 0)):
        if wanted:
            runtime.record(
                "developer", action=action, op=operation.op, phase=operation.phase, id=operation.gid, thread=get_ident(),
                seq=operation.seq, loc=user_line(operation.frame), seconds=seconds, keys=list(operation.keys()),
            )  # fmt: skip
    if seconds > 0:
        time.sleep(min(seconds, 3600))
    if drop or times > 1 or replaced:
        return Decision(drop, times, replaced, told.get("value"))
    return None
