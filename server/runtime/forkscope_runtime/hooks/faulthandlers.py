"""`faulthandler`: its watchdog, which ends the process no matter what its threads are blocked in."""

import sys

from .. import vocabulary as v
from ..compat import nanoseconds
from ..errors import isolated
from ..locate import user_line
from ..state import runtime
from .os_calls import replace_builtin

_frame = sys._getframe
_EXIT = 3  # the place of `exit` among the arguments


def install(faulthandler):
    """Patch the functions that set and cancel the watchdog. A watchdog that only prints unblocks nothing and is not recorded."""
    if hasattr(faulthandler.dump_traceback_later, "__wrapped__"):
        return  # reload() leaves the functions of a built-in module as they are
    replace_builtin(faulthandler, "dump_traceback_later", _setting)
    replace_builtin(faulthandler, "cancel_dump_traceback_later", _cancelling)


def _setting(original, _):
    def dump_traceback_later(*arguments, **named):
        result = original(*arguments, **named)
        _note_set(arguments, named, _frame(1))
        return result

    return dump_traceback_later


def _cancelling(original, _):
    def cancel_dump_traceback_later(*arguments, **named):
        result = original(*arguments, **named)
        _note(0, _frame(1))
        return result

    return cancel_dump_traceback_later


@isolated
def _note_set(arguments, named, frame):
    ends = arguments[_EXIT] if len(arguments) > _EXIT else named.get("exit", False)
    _note(nanoseconds(arguments[0] if arguments else named["timeout"]) if ends else 0, frame)


@isolated
def _note(after, frame):
    now = runtime.clock()
    runtime.emit(v.KIND_TIMER, 0, v.SLOT_FLAG_WATCHDOG, now, now, 0, user_line(frame), after, 0)
