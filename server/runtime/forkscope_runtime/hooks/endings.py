"""`multiprocessing.util`: the end of a child, in which it waits for its queues' feeders."""

from ..state import rt
from .os_calls import dress


def install(util):
    """A child calls the module's `_exit_function`; what is registered with atexit stays the original."""
    original = util._exit_function

    def _exit_function(*args, **named):
        rt.record("ending")
        return original(*args, **named)

    util._exit_function = dress(_exit_function, original)
