"""`billiard`: Celery's fork of multiprocessing. Most of its classes are as they were, its pool is another one."""

from ..importing import when_imported
from . import lazily

# Its util has multiprocessing's own `_exit_function`, which hooks.endings knows already.
_HOOKS = (
    ("process", "processes"),
    ("compat", "spawning"),
    ("forkserver", "helpers"),
    ("semaphore_tracker", "helpers"),
    ("connection", "connections"),
    ("queues", "queues"),
    ("synchronize", "locks"),
    ("pool", "billiard_pools"),
    ("pool", "results"),
)
_installed = []


def install(billiard):
    """Register what is to be patched when it is imported: programs without billiard have one entry for all of it."""
    if _installed:  # it was imported anew
        return
    _installed.append(True)
    for module, hook in _HOOKS:
        when_imported("billiard." + module, lazily(hook))
