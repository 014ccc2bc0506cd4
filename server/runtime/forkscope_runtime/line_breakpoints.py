"""Line breakpoints of the line debugger (debugpy): conditions, hit counts and log messages.

- A condition or hit count that cannot be evaluated does not pause, and its error is reported once; debugpy does not report that of a hit count.
  Exceptions from it, SystemExit included, never reach the program.
- A hit counts only if the condition holds, as the protocol specifies; debugpy pauses if either is met.
- A log message is evaluated only when it is logged, and names its breakpoint. debugpy evaluates it even if the condition does not hold, and sends it as
  output of the program.
"""

from .pristine_os import os
from .forking import at_fork

_told = set()  # breakpoints whose condition failed
_LOG = "\0forkscope log\0"  # prefix by which debugpy's expression is recognized as a log message


def complete():
    import pydevd

    at_fork(after_in_child=_told.clear)
    _check_conditions(pydevd.PyDB)
    _send_logs(pydevd.PyDB)


class _OnlyCondition(object):
    """A breakpoint whose hits debugpy does not count."""

    def __init__(self, breakpoint):
        self.condition = breakpoint.condition

    def handle_hit_condition(self, frame):
        return False


def _check_conditions(debuggers):
    original = debuggers.handle_breakpoint_condition

    def handle_breakpoint_condition(self, info, breakpoint, frame):
        if breakpoint.condition:
            # Makes debugpy keep the exception and write nothing to the program's terminal.
            self.skip_suspend_on_breakpoint_exception, self.skip_print_breakpoint_exception = (), (BaseException,)
            try:
                stops, failed = original(self, info, _OnlyCondition(breakpoint), frame), info.conditional_breakpoint_exception
            except BaseException as error:
                stops, failed = False, (_text(error), None)
            if failed is not None:
                info.conditional_breakpoint_exception = None
                _tell(self, breakpoint, breakpoint.condition, failed[0].rpartition("Error:\n")[2].strip())
                return False
            if not stops:
                return False
        return _counts(self, breakpoint, frame)

    debuggers.handle_breakpoint_condition = handle_breakpoint_condition


def _counts(debugger, breakpoint, frame):
    wanted = getattr(breakpoint, "hit_condition", None)
    if not wanted:
        return True
    try:
        if breakpoint.handle_hit_condition(frame):
            return True
        eval(wanted.replace("@HIT@", "1"), frame.f_globals, frame.f_locals)
    except BaseException as error:
        _tell(debugger, breakpoint, wanted.replace("@HIT@", "").strip(), _text(error))
    return False


def _text(error):
    return ("%s: %s" % (type(error).__name__, error)).rstrip(": ")


def _tell(debugger, breakpoint, condition, error):
    number = getattr(breakpoint, "breakpoint_id", None)
    if (number, condition) not in _told:
        _told.add((number, condition))
        send(debugger, "forkscopeCondition", {"breakpoint": number, "condition": condition, "error": error, "line": breakpoint.line})


def _send_logs(debuggers):
    from _pydevd_bundle.pydevd_net_command_factory_json import NetCommandFactoryJson

    evaluate, decide, pack = debuggers.handle_breakpoint_expression, debuggers.handle_breakpoint_condition, NetCommandFactoryJson.make_io_message

    def logged(self, breakpoint, info, frame):
        info.pydev_message = ""
        evaluate(self, breakpoint, info, frame)
        info.pydev_message = "%s%s\0%s" % (_LOG, getattr(breakpoint, "breakpoint_id", ""), info.pydev_message)

    def handle_breakpoint_expression(self, breakpoint, info, frame):
        if not breakpoint.has_condition:
            logged(self, breakpoint, info, frame)

    def handle_breakpoint_condition(self, info, breakpoint, frame):
        stops = decide(self, info, breakpoint, frame)
        if stops and breakpoint.expression is not None:
            logged(self, breakpoint, info, frame)
        return stops

    def make_io_message(self, message, context):
        if not message.startswith(_LOG):
            return pack(self, message, context)
        number, text = message[len(_LOG) :].split("\0", 1)
        if text.endswith(os.linesep):
            text = text[: -len(os.linesep)]
        return _command("forkscopeLog", {"breakpoint": int(number) if number.isdigit() else None, "text": text})

    debuggers.handle_breakpoint_expression = handle_breakpoint_expression
    debuggers.handle_breakpoint_condition = handle_breakpoint_condition
    NetCommandFactoryJson.make_io_message = make_io_message


def _command(event, body):
    from _pydevd_bundle.pydevd_comm_constants import CMD_WRITE_TO_CONSOLE
    from _pydevd_bundle.pydevd_net_command import NetCommand

    return NetCommand(CMD_WRITE_TO_CONSOLE, 0, {"type": "event", "event": event, "seq": 0, "body": body}, is_json=True)


def send(debugger, event, body):
    """Send it to the debug adapter."""
    debugger.writer.add_command(_command(event, body))
