"""Code shared by pools and executors: proxies of a worker's two queues record each task's start and end.

The task events carry the id of the pool's internal task queue, because a worker has that queue under every start method. The server
knows from the pool's record which pool owns the queue.
"""

import sys
import weakref

from ..pristine_os import os
from .. import libraries
from .. import vocabulary as v
from ..assignment_target import assigned_name
from ..compat import attribute, get_ident
from ..errors import isolated, report
from ..identity import gid_aside, gid_of
from ..libraries.library import NamedTask
from ..locate import definition, is_user_frame, name_of_callable, user_line
from ..state import runtime
from . import stopping


_TRACEBACK = 240  # bytes kept of the end of a traceback


def queue_gid(queue):
    """Id of a pool's internal queue: multiprocessing's carry it as an attribute, thread pools' have it aside, others are identified by their pipe."""
    return gid_of(queue) or gid_aside(queue) or max(gid_of(getattr(queue, "_reader", None)), 0)


def tasks_gid(pool):
    """The id that the events of a pool's tasks carry: its internal queue's, or its own if each worker has a queue."""
    return queue_gid(pool._inqueue) or gid_of(pool)


_by_cache = {}  # id of a pool's cache of results -> weak reference to the pool


@isolated
def remember_cache(pool):
    """Before 3.8 a result refers only to its pool's cache."""
    number = id(pool._cache)

    def forget(reference):
        if _by_cache.get(number) is reference:
            del _by_cache[number]

    _by_cache[number] = weakref.ref(pool, forget)


def pool_of(result):
    """The pool that a result belongs to; None if the pool is gone or has dropped the result."""
    try:
        return result._pool
    except AttributeError:
        known = _by_cache.get(id(result._cache))
        return known() if known is not None else None


_described = {}  # code of a plain function -> (location of its definition, its name as event data)


def _describe(function):
    """The same for any callable. Functions that share a code object have the same definition and name."""
    found = definition(function.function if type(function) is NamedTask else function), short_name(function)
    if type(function).__name__ == "function" and len(_described) < 10000:
        _described[function.__code__] = found
    return found


def as_shown(function, args):
    """The name and location to show for a call with these arguments: the task's, if a library runs tasks by name."""
    return libraries.named_task(function, args) or function


class Ends(object):
    """Two functions as a queue, for `Tasks` and `Results`."""

    def __init__(self, get=None, put=None):
        self.get = get
        self.put = put


class Tasks:
    """The queue that a worker takes tasks from. `describe(task)` returns (job, index, function), or None for a sentinel."""

    def __init__(self, queue, describe, state):
        self._queue = queue
        self._describe = describe
        self._state = state

    def __getattr__(self, name):
        return getattr(self._queue, name)

    def get(self, *args, **named):
        task = self._queue.get(*args, **named) if args or named else self._queue.get()
        try:
            described = self._describe(task)
            if described is not None:
                job, index, function = described
                state = self._state
                loc, name = _described.get(function.__code__ if type(function) is PLAIN else None) or _describe(function)
                state.begun = now = runtime.clock()
                runtime.emit(v.KIND_TASK_START, 0, 0, now, now, state.gid, loc, job, index, name)
        except Exception as error:
            report(error, "task")
        if runtime.armed[0]:
            self._stop(task, sys._getframe(1))
        return task

    @isolated
    def _stop(self, task, frame):
        described = self._describe(task)
        if described is not None:
            self._state.function = described[2]
            stopping.at_task("task", self._state.gid, described[2], frame, task)


class Results:
    """The queue that a worker puts results into. `describe(item)` returns (job, index, succeeded) or None."""

    def __init__(self, queue, describe, state):
        self._queue = queue
        self._describe = describe
        self._state = state

    def __getattr__(self, name):
        return getattr(self._queue, name)

    @staticmethod
    def _traceback(item):
        return end_of_traceback(item)

    def put(self, item, *args, **named):
        # Before the result is sent: its receiver may end this process at once. A result that cannot be sent is
        # put again by the worker as a failure, and the second end of a task replaces the first.
        try:
            described = self._describe(item)
            if described is not None:
                job, index, succeeded = described
                outcome = v.OUTCOME_OK if succeeded else v.OUTCOME_FAILED
                text = None if succeeded else self._traceback(item)
                state = self._state
                runtime.emit(v.KIND_TASK_END, outcome, 0, state.begun, runtime.clock(), state.gid, 0, job, index, text)
        except Exception as error:
            report(error, "result")
        if runtime.armed[0]:
            self._stop(item, sys._getframe(1))
        return self._queue.put(item, *args, **named)

    @isolated
    def _stop(self, item, frame):
        if self._describe(item) is not None:
            stopping.at_task("taskEnd", self._state.gid, self._state.function, frame, item)


def end_of_traceback(item):
    """The last lines of the traceback that the library has already formatted to send; None if there is none."""
    error = getattr(item, "exception", None)
    if error is None and type(item) is tuple:
        error = item[2][1]
    if type(error).__name__ not in ("ExceptionWithTraceback", "_ExceptionWithTraceback"):
        return None  # a user's exception: none of its attributes is read
    return end_of_text(error.tb)


def end_of_text(text):
    """The last lines of a traceback's text as an event's data; None if it is not one."""
    if type(text) is not str:
        return None
    return text.rstrip().rstrip('"').strip()[-_TRACEBACK:].encode("utf-8", "replace")[-_TRACEBACK:]


class WorkerState:
    """The state shared by a worker's two proxies."""

    def __init__(self, gid):
        self.gid = gid
        self.begun = 0
        self.function = None  # set only while something is armed


PLAIN = type(os.path.join)


def unwrapped(function):
    """(the user's function, number of calls in the batch; 0: a single call).

    Libraries submit batches of calls, and wrap what they pickle by value.
    """
    for _ in range(4):
        if type(function) is PLAIN:
            break
        found = libraries.unwrap(function)
        if found is None:
            break
        function, batch = found
        if batch:
            return unwrapped(function)[0], batch
    return function, 0


def pool_name(frame):
    """The user's name for the pool that `frame` creates, or the library that owns it."""
    outer = frame
    while outer is not None and not is_user_frame(outer):
        own = libraries.pool_name(outer.f_code.co_filename)
        if own is not None:
            return own
        outer = outer.f_back
    name = assigned_name(frame)
    return name if isinstance(name, str) else None


def submit_line(pool, frame, batch):
    """The user's line that submitted a task. A library may submit the later batches of a call from its own threads; they count as that call's."""
    loc = user_line(frame)
    if batch and loc:
        pool._forkscope_loc = loc
    elif batch:
        loc = attribute(pool, "_forkscope_loc", 0)
    return loc


def short_name(function):
    """A function's qualified name as event data."""
    return name_of_callable(function).encode("utf-8", "replace")[: v.SLOT_DATA_SIZE]


def chunk_name(name, chunksize, items):
    """The data of a submission of chunks: a name, the chunk size, the total number of items."""
    behind = ("\0%d\0%d" % (chunksize, items)).encode()
    return name[: v.SLOT_DATA_SIZE - len(behind)] + behind


def library_of(pool):
    """For a pool's record: the library that has its own pool class, and its terms for operations."""
    name = libraries.name_of(type(pool))
    return {} if name is None else {"library": name}


@isolated
def note_seen(result):
    """Record that the program has seen the failure of this task."""
    now = runtime.clock()
    runtime.emit(v.KIND_WAIT, v.OUTCOME_FAILED, 0, now, now, 0, 0, 0, result._job)


@isolated
def note_worker(gid, name, is_thread):
    """Record that this process, or this thread of a thread pool, is a worker of the pool of that queue."""
    if is_thread:
        runtime.record("poolWorker", id=gid, thread=get_ident(), worker=name)
    else:
        runtime.record("poolWorker", id=gid, pid=os.getpid(), worker=name)
