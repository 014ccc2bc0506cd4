"""`multiprocessing.util`: the end of a child, in which it waits for its queues' feeders."""

import sys

from ..compat import PY2
from ..errors import isolated
from ..state import runtime
from .os_calls import equal_to, mimic


def install(util):
    """A child calls the module's `_exit_function`. The function registered with atexit remains the original. Ours compares equal to it, so a
    program can still unregister it."""
    original = util._exit_function

    def _exit_function(*args, **named):
        _say()
        return original(*args, **named)

    util._exit_function = equal_to(original, _exit_function)
    if PY2:
        _replace_at_exit(util, original)


def _replace_at_exit(util, original):
    """Python 2's get_logger searches the exit handlers for the module's `_exit_function`, so it must be the same object."""
    import atexit

    def _exit_function(*args, **named):
        if sys.modules["multiprocessing.process"].current_process()._parent_pid is not None:
            _say()
        return original(*args, **named)

    util._exit_function = mimic(_exit_function, original)
    atexit._exithandlers[:] = [(_exit_function,) + each[1:] if each[0] is original else each for each in atexit._exithandlers]


@isolated
def _say():
    runtime.record("ending")
