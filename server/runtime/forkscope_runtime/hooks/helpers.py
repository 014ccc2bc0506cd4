"""Helper processes of multiprocessing and similar libraries record their role."""

from ..errors import isolated
from ..state import runtime
from .os_calls import mimic

_ORIGINS = {"forkserver": "forkserver", "resource_tracker": "resource-tracker", "semaphore_tracker": "resource-tracker"}


def install(module):
    """`main` of the fork server and of the resource tracker runs only in the helper process."""
    origin = _ORIGINS[module.__name__.rpartition(".")[2]]
    original = module.main

    def main(*args, **named):
        _say(origin)
        return original(*args, **named)

    module.main = mimic(main, original)


@isolated
def _say(origin):
    runtime.record("identity", name=origin, origin=origin)
