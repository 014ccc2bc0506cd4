"""Messages that were read from their pipe but never returned: the reading call raised first, for example because unpickling failed."""

from ..compat import traceback_of

_taking = {}  # code of a library function -> its variable that holds the bytes once they are read from the pipe


def watch(function, variable):
    """Inspect failures of this function: the library's, or ours for Python 2."""
    code = getattr(function, "__code__", None)
    if code is not None and variable in code.co_varnames:
        _taking[code] = variable


def is_unread(error):
    """Whether a message was already read when this exception was raised. Called while the exception propagates to the program."""
    trace = traceback_of(error)
    while trace is not None:
        frame = trace.tb_frame
        code = frame.f_code
        if code in _taking and frame.f_locals.get(_taking[code]) is not None:
            return True
        trace = trace.tb_next
    return False
