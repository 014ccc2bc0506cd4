"""Handles the runtime's own exceptions: each is reported once, in the journal, and never reaches the user's program.

An exception that a signal handler of the program raises while our code runs is not ours: it propagates to the program,
as if the line that called us had raised it.
"""

import sys

from .pristine_os import os
from .compat import traceback_of
from .state import runtime

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_NO_AUDITS = sys.version_info < (3, 8)
_seen = set()


def is_foreign(error):
    """Whether `error` was raised by the program's own code (a signal handler, a trace function) that interrupted ours."""
    if not isinstance(error, Exception):
        return True  # KeyboardInterrupt, SystemExit: never ours
    trace = traceback_of(error)
    if trace is None:
        return False
    raised_in = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if not name.startswith("<frozen importlib"):  # an import of ours that failed is ours
            if raised_in.startswith(_HERE) and not name.startswith(_HERE) and _is_audit_hook(trace.tb_frame):
                return False
            raised_in = name
        trace = trace.tb_next
    return not raised_in.startswith(_HERE)


def _is_audit_hook(frame):
    """Whether this frame, called from our code, is a hook of sys.addaudithook: it forbids what the runtime does, not what the program does.
    A hook is recognized by its last two arguments, the event's name and a tuple. A trace function has a frame before them; a signal handler's last is a frame."""
    if _NO_AUDITS:
        return False
    code, found = frame.f_code, frame.f_locals
    values = [found.get(name) for name in code.co_varnames[: code.co_argcount]]
    if code.co_flags & 0x04:  # *args, stored after the keyword-only arguments
        values += found.get(code.co_varnames[code.co_argcount + code.co_kwonlyargcount], ())
    if len(values) < 2 or any(type(each) is type(frame) for each in values):
        return False
    return type(values[-2]) is str and type(values[-1]) is tuple


def report(error, where):
    """Report an exception of ours and suppress it; raise it again if it is the program's."""
    if is_foreign(error):
        raise
    _record(error, where)


def reported(error, where):
    """For an exception in the accelerator: True if it was ours and is reported, False if it is the program's."""
    if is_foreign(error):
        return False
    _record(error, where)
    return True


def _record(error, where):
    code = "%s:%s" % (where, type(error).__name__)
    if code not in _seen and len(_seen) < 64:
        _seen.add(code)
        try:
            runtime.record("diag", code=code, text="%s" % (error,))
        except Exception as again:
            if is_foreign(again):
                raise


def note(code, text):
    """Record an unexpected condition that raised nothing, once per code."""
    if code not in _seen:
        _seen.add(code)
        runtime.record("diag", code=code, text=text)


def report_external(error, where):
    """Report and suppress an exception of foreign code that the runtime called (the line debugger's)."""
    if not isinstance(error, Exception):
        raise error
    try:
        runtime.record("diag", code="%s:%s" % (where, type(error).__name__), text="%s" % (error,))
    except Exception as again:
        if is_foreign(again):
            raise


def isolated(function):
    """Decorator for our own code that may fail: it then returns None."""

    def isolating(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except Exception as error:
            report(error, function.__name__)
            return None

    isolating.__name__ = function.__name__
    isolating.__doc__ = function.__doc__
    return isolating
