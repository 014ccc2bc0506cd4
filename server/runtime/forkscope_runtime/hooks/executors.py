"""`concurrent.futures.process`, and executors with the same structure: ProcessPoolExecutor. A unit of work is one submitted call (a chunk, for
map with a chunksize)."""

import sys

from .. import vocabulary as v
from ..compat import attribute, get_ident
from ..errors import isolated, report
from ..identity import gid_of, names, new_gid, set_id
from ..locate import owner, user_line
from ..state import runtime
from . import futures, queues, stopping
from .os_calls import mimic
from .tasks import Results, Tasks, WorkerState, chunk_name, library_of, note_worker, pool_name, queue_gid, short_name, submit_line, unwrapped

_frame = sys._getframe
_numbered = {}  # ident of a submitting thread -> its task's number in the executor


def install(module):
    """Patch the executor, the workers' function and, where it exists (3.9 and newer), the manager thread."""
    executor = module.ProcessPoolExecutor
    executor.__init__ = _creating(executor.__init__)
    executor.submit = _submitting(executor.submit)
    executor.shutdown = _shutting_down(executor.shutdown)
    futures.install()
    module._process_worker = _working(module._process_worker)
    calls = getattr(module, "_SafeQueue", None)
    if calls is not None and "_on_queue_feeder_error" in vars(calls):
        calls._on_queue_feeder_error = _refusing(calls._on_queue_feeder_error)
    manager = getattr(module, "_ExecutorManagerThread", None)
    if manager is not None:
        manager.process_result_item = _resulting(manager.process_result_item)
        manager.terminate_broken = _breaking(manager.terminate_broken)


def _creating(original):
    def __init__(self, *args, **named):
        original(self, *args, **named)
        _declare(self, _frame(1))

    return mimic(__init__, original)


@isolated
def _declare(self, frame):
    set_id(self, new_gid())
    if attribute(self, "_work_ids") is not None:
        self._work_ids.put = _numbering(self._work_ids.put)
    name = pool_name(frame)
    if name:
        names[self._forkscope_gid] = name
    runtime.record(
        "pool", id=self._forkscope_gid, kind="ProcessPoolExecutor", size=self._max_workers,
        name=name, loc=user_line(frame), owner=owner(frame),
        inqueue=queue_gid(self._call_queue), outqueue=queue_gid(self._result_queue),
        maxTasks=attribute(self, "_max_tasks_per_child"), **library_of(self)
    )  # fmt: skip


def _numbering(original):
    """A function that submit calls under the executor's lock: after submit returns, another thread may have submitted the next task."""

    def put(number, *args, **named):
        _numbered[get_ident()] = number
        return original(number, *args, **named)

    return put


def _submitting(original):
    def submit(*args, **named):  # the user's function may itself have an argument named self
        begun = runtime.clock()
        if runtime.armed[0] and args:
            stopping.at_submit("ProcessPoolExecutor", args[0], "submit", args[1:], _frame(1))
        future = original(*args, **named)
        _note_submit(args[0], args[1:] or (named.get("fn"),), begun, _frame(1), future)
        return future

    return mimic(submit, original)


@isolated
def _note_submit(self, args, begun, frame, future):
    function = args[0] if args else None
    users, batch = unwrapped(_users_function(function))
    if _is_chunk(function) and len(args) > 1:
        batch = len(args[1])
    name = short_name(users)
    if batch:
        name = chunk_name(name, batch, batch)
    gid = queue_gid(self._call_queue)
    number = _numbered.pop(get_ident(), self._queue_count - 1)
    runtime.emit(v.KIND_TASK_SUBMIT, 0, 0, begun, runtime.clock(), gid, submit_line(self, frame, batch), number, 0, name)
    futures.follow(future, gid, number)


def _is_chunk(function):
    """Whether it is a chunk that map submits: a partial of its helper with the user's function."""
    if type(function).__name__ != "partial" or not function.args:
        return False
    helper = function.func
    return type(helper).__name__ == "function" and helper.__name__ == "_process_chunk"


def _users_function(function):
    return function.args[0] if _is_chunk(function) else function


def _shutting_down(original):
    def shutdown(self, *args, **named):
        result = original(self, *args, **named)
        _note_state(gid_of(self), "closed", _frame(1))
        return result

    return mimic(shutdown, original)


@isolated
def _note_state(gid, state, frame):
    if gid:
        runtime.record("poolState", id=gid, state=state, loc=user_line(frame))


def _working(original):
    def describe_call(item):
        work_id = getattr(item, "work_id", None)
        return None if work_id is None else (work_id, 0, unwrapped(_users_function(item.fn))[0])

    def describe_result(item):
        work_id = getattr(item, "work_id", None)
        return None if work_id is None else (work_id, 0, item.exception is None)

    def observed(call_queue, result_queue):
        state = WorkerState(queue_gid(call_queue))
        note_worker(state.gid, sys.modules["multiprocessing.process"].current_process().name, False)
        return Tasks(call_queue, describe_call, state), Results(result_queue, describe_result, state)

    def _process_worker(call_queue, result_queue, *args, **named):
        ends = call_queue, result_queue
        try:
            ends = observed(call_queue, result_queue)
        except Exception as error:
            report(error, "worker")
        return original(*(ends + args), **named)

    return mimic(_process_worker, original)


def _resulting(original):
    def process_result_item(self, result_item):
        _note_result(self, result_item)
        return original(self, result_item)

    return mimic(process_result_item, original)


@isolated
def _note_result(self, item):
    work_id = getattr(item, "work_id", None)
    if work_id is not None:
        now = runtime.clock()
        outcome = v.OUTCOME_OK if item.exception is None else v.OUTCOME_FAILED
        runtime.emit(v.KIND_TASK_RESULT, outcome, 0, now, now, queue_gid(self.call_queue), 0, work_id, 0)


def _refusing(original):
    """A call that cannot be pickled fails without reaching a worker."""

    def _on_queue_feeder_error(self, e, obj):
        _note_refused(self, e, obj)
        return original(self, e, obj)

    return mimic(_on_queue_feeder_error, original)


@isolated
def _note_refused(self, error, item):
    queues.note_drop(error)
    work_id = getattr(item, "work_id", None)
    if work_id is not None:
        now = runtime.clock()
        runtime.emit(v.KIND_TASK_RESULT, v.OUTCOME_FAILED, 0, now, now, queue_gid(self), 0, work_id, 0)


@isolated
def _note_broken(self, frame):
    _note_state(queue_gid(self.call_queue), "broken", frame)


def _breaking(original):
    def terminate_broken(self, *args, **named):
        _note_broken(self, _frame(1))
        return original(self, *args, **named)

    return mimic(terminate_broken, original)
