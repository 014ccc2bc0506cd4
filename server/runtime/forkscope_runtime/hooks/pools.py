"""`multiprocessing.pool`: Pool and ThreadPool. A unit of work is one (job, index) pair: one call, or one chunk of a map."""

import sys

from .. import vocabulary as v
from ..compat import attribute, get_ident, loaded
from ..errors import isolated, report
from ..identity import gid_of, names, new_gid, set_id, tag_aside
from ..locate import owner, user_line
from ..state import runtime
from . import stopping
from .os_calls import mimic
from .tasks import (
    PLAIN, Results, Tasks, WorkerState, chunk_name, library_of, note_seen, note_worker, pool_name, pool_of, queue_gid, remember_cache, short_name, submit_line,
    tasks_gid, unwrapped,
)  # fmt: skip

_frame = sys._getframe
_calling = {}  # thread ident -> function that this thread is submitting


def install(pool):
    """Patch the pool classes, the results and the workers' function."""
    install_submitting(pool)
    process = sys.modules[pool.__name__.rpartition(".")[0] + ".process"]
    pool.worker = _working(pool.worker, (pool.mapstar, getattr(pool, "starmapstar", None)), process)


def install_submitting(pool, body=lambda task: task, named=lambda function, args: function):
    """Patch the submitting side: the process that owns the pool.

    :param body: returns (job, index, function, args, and more) of an item for the queue of tasks
    :param named: returns what to show for a function that is submitted with these arguments
    """
    for cls in (pool.Pool, pool.ThreadPool):
        cls._setup_queues = setting_up(cls._setup_queues, pool.mapstar, body)
    pool.Pool.__init__ = _creating(pool.Pool.__init__, pool)
    for name in ("apply_async", "_map_async" if hasattr(pool.Pool, "_map_async") else "map_async", "imap", "imap_unordered"):
        setattr(pool.Pool, name, _submitting(getattr(pool.Pool, name), named))
    for name, state in (("close", "closed"), ("terminate", "terminated"), ("join", "joined")):
        setattr(pool.Pool, name, _changing(getattr(pool.Pool, name), state))
    for name in ("ApplyResult", "MapResult", "IMapIterator"):
        cls = getattr(pool, name)
        cls.__init__ = _announcing(cls.__init__, cls, name)
    pool.IMapIterator._set_length = _finishing(pool.IMapIterator._set_length)
    for name in ("ApplyResult", "MapResult", "IMapIterator", "IMapUnorderedIterator"):
        cls = getattr(pool, name)
        if "_set" in vars(cls):
            cls._set = _resulting(cls._set, name == "ApplyResult")


def setting_up(original, mapstar, body=lambda task: task):
    """`mapstar`: the function that runs a chunk of a map in this module; `body`: see install_submitting."""

    def _setup_queues(self):
        original(self)
        _prepare(self, mapstar, body)

    return mimic(_setup_queues, original)


@isolated
def _prepare(self, mapstar, body):
    gid = new_gid()
    set_id(self, gid)
    self._forkscope_lazy = {}
    if not queue_gid(self._inqueue):
        tag_aside(self._inqueue, gid)
    self._quick_put = _counting(self._quick_put, self._forkscope_lazy, queue_gid(self._inqueue), mapstar, body)


def _counting(original, lazy, gid, mapstar, body):
    """imap takes its tasks from the user's iterable one by one: each is submitted when it is put."""

    def put(task):
        if not lazy:
            return original(task)
        begun = runtime.clock()
        result = original(task)
        try:
            task = body(task) if task is not None else None
            known = lazy.get(task[0]) if task is not None else None
            if known is not None:
                name = known[1]
                if task[2] is mapstar:
                    items = len(task[3][0][1])
                    name = chunk_name(name, items, items)
                runtime.emit(v.KIND_TASK_SUBMIT, 0, 0, begun, runtime.clock(), gid, known[0], task[0], task[1] or 0, name)
        except Exception as error:
            report(error, "imap")
        return result

    return put


def _creating(original, pool):
    thread_pool, file = pool.ThreadPool, pool.Pool._get_tasks.__code__.co_filename
    # Such a pool gives up a task whose worker died: waiting for its result raises an exception.
    more = {"lostFails": True} if hasattr(pool, "WorkerLostError") else {}

    def __init__(self, *args, **named):
        original(self, *args, **named)
        remember_cache(self)
        _declare(self, "ThreadPool" if isinstance(self, thread_pool) else "Pool", _frame(1), file, more)

    return mimic(__init__, original)


@isolated
def _declare(self, kind, frame, file, more):
    while frame is not None and frame.f_code.co_filename == file:
        frame = frame.f_back  # ThreadPool.__init__ calls Pool.__init__
    name = pool_name(frame)
    if name:
        names[self._forkscope_gid] = name
    runtime.record(
        "pool", id=self._forkscope_gid, kind=kind, size=self._processes, name=name,
        loc=user_line(frame), owner=owner(frame), inqueue=queue_gid(self._inqueue), outqueue=queue_gid(self._outqueue),
        maxTasks=attribute(self, "_maxtasksperchild"), **dict(more, **library_of(self))
    )  # fmt: skip


def _submitting(original, named_as):
    def submit(*args, **named):
        if runtime.armed[0] and len(args) > 1:
            stopping.at_submit("Pool", args[0], original.__name__, args[1:], _frame(1))
        ident = get_ident()
        _calling[ident] = _as_shown(named_as, args[1] if len(args) > 1 else named.get("func"), args[2] if len(args) > 2 else ())
        try:
            return original(*args, **named)
        finally:
            _calling.pop(ident, None)

    return mimic(submit, original)


@isolated
def _as_shown(named_as, function, args):
    return named_as(function, args)


def _announcing(original, cls, kind):
    def __init__(self, pool, *args, **named):
        original(self, pool, *args, **named)
        if type(self) is cls or kind == "IMapIterator":
            _announce(self, pool, kind, _frame(1))

    return mimic(__init__, original)


@isolated
def _announce(self, pool, kind, frame):
    pool = pool if hasattr(pool, "_inqueue") else pool_of(self)
    function = _calling.get(get_ident())
    function, batch = unwrapped(function)
    loc = submit_line(pool, frame, batch)
    name = short_name(function) if function is not None else b""
    gid = tasks_gid(pool)
    set_id(self, gid)
    now = runtime.clock()
    flags = v.SLOT_FLAG_ERROR_CALLBACK if attribute(self, "_error_callback") is not None else 0
    if kind == "IMapIterator":
        pool._forkscope_lazy[self._job] = (loc, name)
    elif kind == "MapResult":
        if self._number_left <= 0:
            return
        name = chunk_name(name, self._chunksize, len(self._value))
        # b below zero: minus the number of tasks that this one call submits
        runtime.emit(v.KIND_TASK_SUBMIT, 0, flags, now, now, gid, loc, self._job, -max(self._number_left, 0), name)
    else:
        if batch:
            name = chunk_name(name, batch, batch)
        runtime.emit(v.KIND_TASK_SUBMIT, 0, flags, now, now, gid, loc, self._job, 0, name)


def _finishing(original):
    def _set_length(self, length):
        try:
            pool_of(self)._forkscope_lazy.pop(self._job, None)
        except AttributeError:
            pass  # the pool is gone, or the program created it before this hook was installed
        except Exception as error:
            report(error, "set_length")
        return original(self, length)

    return mimic(_set_length, original)


def _resulting(original, is_single):
    kind, well, failed = v.KIND_TASK_RESULT, v.OUTCOME_OK, v.OUTCOME_FAILED

    def _set(self, i, obj):
        try:
            now = runtime.clock()
            # A task that is given up may have another number; a task of a map may have none.
            index = 0 if is_single else -1 if i is None else i
            runtime.emit(kind, well if obj[0] else failed, 0, now, now, self._forkscope_gid, 0, self._job, index)
            if not obj[0] and getattr(self, "_error_callback", None) is not None:
                note_seen(self)
        except AttributeError:
            pass  # created before the hooks were installed
        except Exception as error:
            report(error, "result")
        return original(self, i, obj)

    return mimic(_set, original)


def _changing(original, state):
    def change(self):
        result = original(self)
        _note_state(self, state, _frame(1))
        return result

    return mimic(change, original)


@isolated
def _note_state(self, state, frame):
    runtime.record("poolState", id=gid_of(self), state=state, loc=user_line(frame))


def _working(original, stars, process_module):
    mapstar, starmapstar = stars

    def describe_task(task):
        if task is None:
            return None
        job, index, function, args = task[:4]
        # Not `in`: it would run the `__eq__` of a user's callable.
        if (function is mapstar or function is starmapstar) and args:
            function = args[0][0]
        if type(function) is not PLAIN:
            function = unwrapped(function)[0]
        return job, index or 0, function  # None for a single call in Python 2

    def describe_result(item):
        return item[0], item[1] or 0, bool(item[2][0])

    def observed(inqueue, outqueue):
        process = process_module.current_process()
        threading = loaded("threading")
        is_thread = not hasattr(inqueue, "_reader")
        name = threading.current_thread().name if is_thread else process.name
        state = WorkerState(queue_gid(inqueue))
        note_worker(state.gid, name, is_thread)
        return Tasks(inqueue, describe_task, state), Results(outqueue, describe_result, state)

    def worker(inqueue, outqueue, *args, **named):
        ends = inqueue, outqueue
        try:
            ends = observed(inqueue, outqueue)
        except Exception as error:
            report(error, "worker")
        return original(*(ends + args), **named)

    return mimic(worker, original)
