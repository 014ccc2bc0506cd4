"""`concurrent.futures` beneath ProcessPoolExecutor: futures that end without a worker, because they were cancelled or their executor broke."""

import sys

from .. import vocabulary as v
from ..compat import attribute
from ..errors import isolated
from ..locate import user_line
from ..state import runtime
from .os_calls import mimic

_frame = sys._getframe
_TASK = "_forkscope_task"  # of a future: (id of its executor's queue of calls, number of its task)
_done = []


def install():
    """Patch Future, once for all executors: other libraries derive their futures from it."""
    if _done:
        return
    _done.append(True)
    future = sys.modules["concurrent.futures._base"].Future
    future.cancel = cancelling(future.cancel)
    future.set_exception = _failing(future.set_exception)


def follow(future, gid, number):
    """Associate a future with its task."""
    object.__setattr__(future, _TASK, (gid, number))


def cancelling(original):
    """A future's `cancel` that records what it cancels."""

    def cancel(self):
        cancelled = original(self)
        if cancelled:
            _note(self, v.OUTCOME_CANCELLED, _frame(1))
        return cancelled

    return mimic(cancel, original)


def _failing(original):
    def set_exception(self, exception):
        result = original(self, exception)
        if _is_broken(exception):
            _note(self, v.OUTCOME_BROKEN, None)
        return result

    return mimic(set_exception, original)


@isolated
def _is_broken(exception):
    """Whether an executor sets this exception on all its unfinished futures. Other libraries have subclasses of it."""
    for cls in type(exception).__mro__:
        if cls.__name__ == "BrokenProcessPool":
            return True
    return False


@isolated
def _note(future, outcome, frame):
    task = attribute(future, _TASK)
    if task is None:
        return
    object.__delattr__(future, _TASK)  # a future may be cancelled repeatedly and stays cancelled
    gid, number = task
    now = runtime.clock()
    runtime.emit(v.KIND_TASK_RESULT, outcome, 0, now, now, gid, 0 if frame is None else user_line(frame), number, 0)
