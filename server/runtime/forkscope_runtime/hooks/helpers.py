"""multiprocessing's own helper processes say what they are."""

from ..guard import quietly
from ..state import rt
from .os_calls import dress

_ORIGINS = {"multiprocessing.forkserver": "forkserver", "multiprocessing.resource_tracker": "resource-tracker", "multiprocessing.semaphore_tracker": "resource-tracker"}


def install(module):
    """`main` of the fork server and of the resource tracker runs in the helper process only."""
    origin = _ORIGINS[module.__name__]
    original = module.main

    def main(*args, **named):
        _say(origin)
        return original(*args, **named)

    module.main = dress(main, original)


@quietly
def _say(origin):
    rt.record("identity", name=origin, origin=origin)
