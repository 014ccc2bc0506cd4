"""Messages that were taken off their pipe and reached nobody: the call that took them raised before it returned, as when unpickling fails."""

from ..compat import traceback_of

_taking = {}  # code of a library's function -> its variable that holds the bytes from the moment on when they are off the pipe


def watch(function, variable):
    """Failures of this function of the library's, or of ours for Python 2, are looked at."""
    code = getattr(function, "__code__", None)
    if code is not None and variable in code.co_varnames:
        _taking[code] = variable


def is_unread(error):
    """Whether a message had been taken when this was raised. Asked where it passes on its way to the program."""
    trace = traceback_of(error)
    while trace is not None:
        frame = trace.tb_frame
        code = frame.f_code
        if code in _taking and frame.f_locals.get(_taking[code]) is not None:
            return True
        trace = trace.tb_next
    return False
