"""`mpire`: WorkerPool, whose workers have one task queue each and share one result queue.

A chunk carries no number. A task's number therefore combines its worker with its position in the worker's queue, which both sides count.
"""

import sys
import weakref

from ..compat import attribute, get_ident
from ..errors import isolated
from ..hooks.os_calls import mimic
from ..hooks.own_pools import creating, declare, note_queues, note_state, note_submit
from ..hooks.tasks import Ends, Results, Tasks, WorkerState, end_of_text, note_worker, queue_gid
from ..identity import gid_of
from ..locate import is_user_frame
from ..state import runtime
from .library import Library

_frame = sys._getframe
_pools = {}  # id of a pool's WorkerComms -> weak reference to the pool
_workers = {}  # ident of a worker thread -> _Worker
_BASE = "_forkscope_base"  # of a worker: number of messages taken from its queue before it started


def _pool(module):
    pool = module.WorkerPool
    pool.__init__ = creating(pool.__init__, _declare)
    pool.stop_and_join = _changing(pool.stop_and_join, "joined")
    pool.terminate = _changing(pool.terminate, "terminated")
    pool.__exit__ = _changing(pool.__exit__, "terminated")


def _comms(module):
    comms = module.WorkerComms
    comms.init_comms = _making_queues(comms.init_comms)
    comms.get_task = _taking(comms.get_task, module.APPLY_PILL)
    comms.add_results = _answering(comms.add_results)


def _worker(module):
    worker = module.AbstractWorker
    worker.__init__ = _beginning(worker.__init__)
    worker.run = _running(worker.run)


@isolated
def _declare(pool, frame):
    params = pool.pool_params
    kind = "ThreadPool" if params.start_method == "threading" else "Pool"
    declare(pool, kind, params.n_jobs, frame, lostFails=True)
    number = id(pool._worker_comms)
    _pools[number] = weakref.ref(pool, lambda _: _pools.pop(number, None))


def _changing(original, state):
    """The library also stops and restarts workers itself while the pool continues."""

    def change(self, *args, **named):
        result = original(self, *args, **named)
        if is_user_frame(_frame(1)):
            note_state(self, state, _frame(1))
        return result

    return mimic(change, original)


def _making_queues(original):
    def init_comms(self):
        original(self)
        _declare_queues(self)

    return mimic(init_comms, original)


@isolated
def _declare_queues(comms):
    reference = _pools.get(id(comms))
    pool = reference() if reference is not None else None
    if pool is None:
        return
    begin = max([0] + [each.count for each in vars(pool).get("_forkscope_puts", ())])  # numbers continue when workers are restarted
    for worker, queue in enumerate(comms._task_queues):
        note_queues(gid_of(pool), queue_gid(queue), queue_gid(comms._results_queue))
        queue.put = _Putting(queue.put, reference, worker, comms.n_jobs, begin)
    pool._forkscope_puts = [queue.put for queue in comms._task_queues]


class _Putting(object):
    """A queue's `put`, which counts the messages and records the tasks among them."""

    def __init__(self, original, reference, worker, workers, begin):
        self._original = original
        self._pool = reference
        self._worker = worker
        self._workers = workers
        self.count = begin

    def __call__(self, message, *args, **named):
        self._note(message, runtime.clock(), _frame(1))
        return self._original(message, *args, **named)

    @isolated
    def _note(self, message, begun, frame):
        number = self.count * self._workers + self._worker
        self.count += 1
        pool = self._pool()
        if type(message) is not tuple or pool is None:
            return
        body = message[1]
        if type(body) is tuple and len(body) == 2 and callable(body[0]):  # a single call: (function, (args, kwargs))
            note_submit(gid_of(pool), number, body[0], begun, frame)
        else:
            note_submit(gid_of(pool), number, pool.map_params.func, begun, frame, len(body))


def _beginning(original):
    def __init__(self, worker_id, pool_params, map_params, worker_comms, *args, **named):
        original(self, worker_id, pool_params, map_params, worker_comms, *args, **named)
        _note_base(self, worker_comms._task_queues[worker_id])

    return mimic(__init__, original)


@isolated
def _note_base(worker, queue):
    """A replacement worker continues with the queue, whose earlier messages are all done or still in it."""
    put = queue.put
    if type(put) is _Putting and put.count:
        worker.__dict__[_BASE] = put.count - queue._unfinished_tasks._semlock._get_value()


class _Worker(object):
    """The state of a worker thread."""

    def __init__(self, worker):
        comms, number = worker.worker_comms, worker.worker_id
        self._worker = worker
        self._workers = comms.n_jobs
        self._taken = attribute(worker, _BASE, 0)
        self._is_single = False
        self._job = 0
        self._has_task = False
        state = WorkerState(queue_gid(comms._task_queues[number]))
        self.tasks = Tasks(Ends(get=lambda message: message), self._describe_task, state)
        self.results = _Results(Ends(put=self._put), self._describe_result, state)
        note_worker(state.gid, worker.name, worker.pool_params.start_method == "threading")

    @isolated
    def took(self, message, apply_pill):
        """Count a message taken from the queue."""
        number = self._taken * self._workers + self._worker.worker_id
        self._taken += 1
        if type(message) is tuple:
            self._job, self._has_task = number, True
            self.tasks.get(message)
        self._is_single = type(message) is str and message == apply_pill

    def _describe_task(self, message):
        return self._job, 0, message[1][0] if self._is_single else self._worker.map_params.func

    def _describe_result(self, results):
        if not self._has_task:
            return None
        return self._job, 0, all([each[1] for each in results])

    def _put(self, results):
        self._has_task = False


class _Results(Results):
    @staticmethod
    def _traceback(results):
        """A failure is (class of the exception, its arguments, its state, text)."""
        failure = results[-1][2]
        return end_of_text(failure[3]) if type(failure) is tuple and len(failure) == 4 else None


def _running(original):
    def run(self):
        ident = get_ident()
        _begin(self, ident)
        try:
            return original(self)
        finally:
            _workers.pop(ident, None)

    return mimic(run, original)


@isolated
def _begin(worker, ident):
    _workers[ident] = _Worker(worker)


def _taking(original, apply_pill):
    def get_task(self, worker_id):
        message = original(self, worker_id)
        worker = _workers.get(get_ident())
        if worker is not None and message is not None:
            worker.took(message, apply_pill)
        return message

    return mimic(get_task, original)


def _answering(original):
    def add_results(self, worker_id, results):
        worker = _workers.get(get_ident())
        if worker is not None:
            worker.results.put(results)
        return original(self, worker_id, results)

    return mimic(add_results, original)


class Mpire(Library):
    packages = ("mpire",)
    kinds = {"mpire.worker.AbstractWorker": "pool-worker"}
    servants = (r"mpire\.",)
    own_threads = ("mpire",)
    batch_argument = "chunk_size"
    own_pools = True
    message_paths = {"args": "1.1.0", "kwargs": "1.1.1", "items": "1", "traceback": "1.0.2.3"}

    def hooks(self):
        return (("mpire.pool", _pool), ("mpire.comms", _comms), ("mpire.worker", _worker))


LIBRARY = Mpire()
