"""`multiprocessing.pool`: waits for results, and whether the program has seen a failure. See hooks.pools for the tasks themselves."""

import sys

from .. import vocabulary as v
from ..compat import nanoseconds
from ..errors import report
from ..locate import user_line
from ..state import runtime
from . import stopping
from .os_calls import mimic, note_interrupted
from .tasks import note_seen, pool_of, tasks_gid

_frame = sys._getframe


def install(pool):
    """Patch the results' waits. A successful result adds no cost."""
    pool.ApplyResult.wait = _waiting(pool.ApplyResult.wait, pool.ApplyResult.ready)
    pool.ApplyResult.get = _asking(pool.ApplyResult.get, pool.TimeoutError)
    pool.ApplyResult.successful = _checking(pool.ApplyResult.successful)
    iterator = pool.IMapIterator
    iterator.next = iterator.__next__ = _asking(iterator.next, pool.TimeoutError)


def _waiting(original, ready):
    def wait(self, timeout=None):
        cell = None
        gid = loc = begun = 0
        waits = -1
        try:
            pool = pool_of(self)  # from 3.8 on None as soon as the result is there
            if pool is not None and not ready(self):
                waits = nanoseconds(timeout)
                begun, gid, loc = runtime.clock(), tasks_gid(pool), user_line(_frame(1))
                cell = runtime.enter(v.KIND_WAIT, gid, loc, waits, self._job, begun)
        except Exception as error:
            report(error, "result.wait")
        try:
            return original(self, timeout)
        except BaseException as error:
            note_interrupted(v.KIND_WAIT, error, begun, gid, loc, waits, cell if gid else None)
            raise
        finally:
            runtime.leave(cell)

    return mimic(wait, original)


def _asking(original, timed_out):
    def get(self, timeout=None):
        try:
            return original(self, timeout)
        except StopIteration:
            raise
        except timed_out:
            if runtime.armed[0]:
                stopping.at_timeout("get", type(self).__name__, _frame(1), self, name=type(self).__name__)
            raise
        except Exception:
            note_seen(self)
            raise

    return mimic(get, original)


def _checking(original):
    def successful(self):
        well = original(self)
        if not well:
            note_seen(self)
        return well

    return mimic(successful, original)
