"""Waits for the lock that a queue's writers take. It is a separate wait before the write, and lasts forever if the lock's owner was killed while it
was writing.

Nothing is recorded while the lock is free. Queues that belong to the library keep their plain lock.
"""

from .. import vocabulary as v
from ..compat import PY2, attribute
from ..errors import isolated, report
from ..state import runtime


@isolated
def watch_writers(queue, gid, simple):
    """Observe waits for the write lock of this queue. Windows has no write lock: its pipes transfer whole messages.

    :param simple: it is a SimpleQueue, which takes its lock by `with`; Python 2's uses references that it took earlier
    """
    lock = attribute(queue, "_wlock")
    semaphore = attribute(lock, "_semlock")
    if semaphore is None or (simple and PY2):
        return
    if simple:
        lock._semlock = _Watched(semaphore, gid)
    else:
        lock.acquire = _acquiring(lock.acquire, gid)  # the feeder gets these at its start


def _acquiring(original, gid):
    def acquire(*args, **named):
        if args or named:
            return original(*args, **named)
        if original(False):
            return True
        cell = _enter(gid)
        try:
            return original()
        finally:
            runtime.leave(cell)

    return acquire


def _enter(gid):
    try:
        return runtime.enter(v.KIND_ACQUIRE, gid, 0)
    except Exception as error:
        report(error, "wlock")


class _Watched(object):
    """Replaces a lock's C semaphore, which `with` calls."""

    def __init__(self, semlock, gid):
        self._forkscope_semlock = semlock
        self._forkscope_gid = gid

    def __getattr__(self, name):
        return getattr(self._forkscope_semlock, name)

    def __enter__(self):
        semlock = self._forkscope_semlock
        if semlock.acquire(False):
            return True
        cell = _enter(self._forkscope_gid)
        try:
            return semlock.__enter__()
        finally:
            runtime.leave(cell)

    def __exit__(self, *args):
        return self._forkscope_semlock.__exit__(*args)
