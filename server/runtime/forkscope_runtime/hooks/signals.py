"""`signal`: the signals for which the program has handlers, and the time of its alarm.

Either can unblock a waiting process, independently of other processes.
"""

import sys

from .. import vocabulary as v
from ..compat import integers, nanoseconds
from ..errors import isolated
from ..locate import name_of_callable, user_line
from ..state import runtime
from .os_calls import mimic, replace_builtin

_frame = sys._getframe
_MAX_CHANGES = 1000  # records are never recycled: a program that keeps changing handlers must not fill their area
_changes = [0]
_known = {}  # signal -> (kind, name) as last recorded; a forked child inherits the handlers and this table


def install(signal):
    """Patch the functions that set handlers and the real-time timer; other timers advance only while the process runs."""
    if type(signal.signal) is type(install):
        signal.signal = _handling(signal.signal, signal)
    else:  # Python 2's is of C
        replace_builtin(signal, "signal", lambda original, _: _handling(original, signal))
    replace_builtin(signal, "alarm", _alarming)
    replace_builtin(signal, "setitimer", lambda original, _: _timing(original, getattr(signal, "ITIMER_REAL", None)))
    _note_given(signal)


@isolated
def _note_given(signal):
    """An exec keeps the timer: the previous program of this process may have set it."""
    if hasattr(signal, "getitimer"):
        seconds, interval = signal.getitimer(signal.ITIMER_REAL)
        if seconds > 0:
            _emit_timer(seconds, interval, 0)


def _handling(original, module):
    default = getattr(module, "default_int_handler", None)

    def signal(*arguments, **named):
        before = original(*arguments, **named)
        _note_handler(arguments, named, default, _frame(1))
        return before

    return mimic(signal, original)


@isolated
def _note_handler(arguments, named, default, frame):
    number = arguments[0] if arguments else named["signalnum"]
    handler = arguments[1] if len(arguments) > 1 else named["handler"]
    if not isinstance(number, integers):
        return
    number = int.__int__(number)
    kind, name = _described(handler, default)
    if _known.get(number, ("default", "")) == (kind, name):
        return
    _known[number] = (kind, name)
    _changes[0] += 1
    if _changes[0] > _MAX_CHANGES:
        if _changes[0] == _MAX_CHANGES + 1:
            runtime.record("handler", signal=0, kind="unknown", name="", loc=0)
        return
    runtime.record("handler", signal=number, kind=kind, name=name, loc=user_line(frame))


def _described(handler, default):
    """The kind of the signal's handler, and the name of the program's function."""
    if isinstance(handler, integers):
        return ("ignore" if handler == 1 else "default"), ""
    if handler is default:
        return "interrupt", ""
    name = name_of_callable(handler)
    # asyncio.run's handler for Ctrl-C cancels the main task, or raises KeyboardInterrupt like the default handler.
    if name.startswith("asyncio.runners."):
        return "interrupt", ""
    return "function", name


def _alarming(original, _):
    def alarm(*arguments, **named):
        left = original(*arguments, **named)
        if len(arguments) == 1:
            _note_timer(arguments[0], 0, _frame(1))
        return left

    return alarm


def _timing(original, by_the_clock):
    def setitimer(*arguments, **named):
        before = original(*arguments, **named)
        if len(arguments) > 1 and arguments[0] == by_the_clock:
            _note_timer(arguments[1], arguments[2] if len(arguments) > 2 else 0, _frame(1))
        return before

    return setitimer


@isolated
def _note_timer(seconds, interval, frame):
    _emit_timer(seconds, interval, user_line(frame))


def _emit_timer(seconds, interval, loc):
    now = runtime.clock()
    runtime.emit(v.KIND_TIMER, 0, 0, now, now, 0, loc, nanoseconds(seconds), nanoseconds(interval))
