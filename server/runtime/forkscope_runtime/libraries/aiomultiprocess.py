"""`aiomultiprocess`: a pool whose workers run coroutines, several at a time, and processes that run one."""

import sys

from .. import vocabulary as v
from ..errors import isolated
from ..hooks.os_calls import mimic
from ..hooks.own_pools import declare, note_queues, note_result, note_state, note_submit
from ..hooks.tasks import Ends, Results, Tasks, WorkerState, end_of_text, note_worker, queue_gid
from ..identity import gid_of
from ..state import runtime
from .library import Library

_frame = sys._getframe


def _pool(module):
    pool = module.Pool
    pool.create_worker = _creating_worker(pool.create_worker)
    pool.queue_work = _submitting(pool.queue_work)
    pool.finish_work = _ending(pool.finish_work)
    for name, state in (("close", "closed"), ("terminate", "terminated")):
        setattr(pool, name, _changing(getattr(pool, name), state))


def _core(module):
    process = module.Process
    process.run_async = staticmethod(_running(process.run_async))


def _creating_worker(original):
    """A pool creates its workers in its constructor. The first worker needs the queues to be recorded already."""

    def create_worker(self, qid):
        if not gid_of(self):
            _declare(self, _frame(1))
        return original(self, qid)

    return mimic(create_worker, original)


@isolated
def _declare(pool, frame):
    declare(pool, "Pool", pool.process_count, frame, maxTasks=pool.maxtasksperchild)
    for there, back in pool.queues.values():
        note_queues(gid_of(pool), queue_gid(there), queue_gid(back))


def _submitting(original):
    def queue_work(self, func, args, kwargs):
        begun = runtime.clock()
        number = original(self, func, args, kwargs)
        note_submit(gid_of(self), number, func, begun, _frame(1))
        return number

    return mimic(queue_work, original)


def _ending(original):
    def finish_work(self, task_id, value, tb):
        note_result(gid_of(self), task_id, v.OUTCOME_OK if tb is None else v.OUTCOME_FAILED)
        return original(self, task_id, value, tb)

    return mimic(finish_work, original)


def _changing(original, state):
    def change(self):
        result = original(self)
        note_state(self, state, _frame(1))
        return result

    return mimic(change, original)


def _running(original):
    def run_async(unit):
        _observe(getattr(unit.target, "__self__", None))
        return original(unit)

    return mimic(run_async, original)


@isolated
def _observe(worker):
    """The worker's queues, seen through proxies; none if the process is not a worker."""
    if type(worker).__name__ != "PoolWorker":
        return
    state = WorkerState(queue_gid(worker.tx))
    note_worker(state.gid, sys.modules["multiprocessing.process"].current_process().name, False)
    worker.tx, worker.rx = _Taking(worker.tx, state), _Answering(worker.rx, state)


class _Taking(object):
    def __init__(self, queue, state):
        self._queue = queue
        self.get_nowait = Tasks(Ends(get=queue.get_nowait), _describe_task, state).get

    def __getattr__(self, name):
        return getattr(self._queue, name)


class _Answering(object):
    def __init__(self, queue, state):
        self._queue = queue
        self.put_nowait = _Results(Ends(put=queue.put_nowait), _describe_result, state).put

    def __getattr__(self, name):
        return getattr(self._queue, name)


class _Results(Results):
    @staticmethod
    def _traceback(item):
        return end_of_text(item[2])


def _describe_task(task):
    return None if task is None else (task[0], 0, task[1])


def _describe_result(item):
    return item[0], 0, item[2] is None


class Aiomultiprocess(Library):
    packages = ("aiomultiprocess",)
    kinds = {"aiomultiprocess.pool.PoolWorker.run": "pool-worker"}
    servants = (r"aiomultiprocess\.",)
    own_threads = ("aiomultiprocess",)
    batch_argument = ""
    own_pools = True
    concurrent_tasks = True
    message_paths = {"args": "2", "kwargs": "3", "result": "1", "traceback": "2"}

    def hooks(self):
        return (("aiomultiprocess.core", _core), ("aiomultiprocess.pool", _pool))

    def target(self, function, args):
        """The coroutine function that a process runs."""
        is_run = getattr(function, "__name__", "") == "run_async" and function.__module__ == "aiomultiprocess.core"
        return getattr(args[0], "target", None) if is_run and args else None


LIBRARY = Aiomultiprocess()
