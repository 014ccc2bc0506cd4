"""`pebble`: ProcessPool, whose workers take tasks from one pipe and acknowledge each; and functions that run in a process of their own."""

import sys

from .. import vocabulary as v
from ..errors import isolated, report
from ..hooks import futures
from ..hooks.os_calls import mimic
from ..hooks.own_pools import creating, declare, note_queues, note_result, note_state, note_submit
from ..hooks.tasks import Ends, Results, Tasks, WorkerState, end_of_text, note_worker
from ..identity import gid_of
from ..state import runtime
from .library import Library

_frame = sys._getframe
_states = []  # of the pool whose worker this process is


def _process(module):
    pool = module.ProcessPool
    pool.__init__ = creating(pool.__init__, _declare)
    for name, state in (("close", "closed"), ("stop", "terminated"), ("join", "joined")):
        setattr(pool, name, _changing(getattr(pool, name), state))
    module.WorkerManager.create_channels = _making_channels(module.WorkerManager.create_channels)
    module.TaskManager.task_done = _ending(module.TaskManager.task_done)
    futures.install()
    future = module.ProcessFuture
    if "cancel" in vars(future):
        future.cancel = futures.cancelling(future.cancel)
    module.worker_process = _working(module.worker_process)
    module.task_transaction = _taking(module.task_transaction, module.process_chunk)
    module.send_result = _answering(module.send_result)


def _users_function(function, args):
    """The user's function for a pickled one: decorated functions are pickled by name."""
    if getattr(function, "__name__", "") == "_trampoline" and args:
        known = sys.modules["pebble.common.process"]._registered_functions
        return known.get(args[0], function)
    return function


def _described(payload, chunk):
    """(the user's function, number of calls in the batch; 0: a single call)"""
    if payload.function is chunk and len(payload.args) == 2:
        return payload.args[0], len(payload.args[1])
    return _users_function(payload.function, payload.args), 0


@isolated
def _declare(pool, frame):
    context = pool._context
    declare(pool, "Pool", context.workers, frame, maxTasks=context.worker_parameters.max_tasks, lostFails=True)
    gid = gid_of(pool)
    pool._pool_manager.worker_manager._forkscope_gid = gid
    pool._pool_manager.task_manager._forkscope_gid = gid
    context.task_queue.put = _submitting(context.task_queue.put, gid)


def _submitting(original, gid):
    """Runs in the submitting thread, after the task has its number."""

    def put(task, *args, **named):
        begun = runtime.clock()
        _note(task, gid, begun, _frame(1))
        return original(task, *args, **named)

    return put


@isolated
def _note(task, gid, begun, frame):
    if task is not None and gid:
        function, items = _described(task.payload, sys.modules["pebble.pool.process"].process_chunk)
        note_submit(gid, task.id, function, begun, frame, items)
        futures.follow(task.future, gid, task.id)


def _making_channels(original):
    def create_channels(self):
        original(self)
        try:
            note_queues(gid_of(self), gid_of(self.workers_channel.reader), gid_of(self.pool_channel.reader))
        except Exception as error:
            report(error, "channels")

    return mimic(create_channels, original)


def _ending(original):
    def task_done(self, task_id, result):
        task = self.tasks.get(task_id)
        original(self, task_id, result)
        if task is not None:
            _note_ended(gid_of(self), task_id, result)

    return mimic(task_done, original)


@isolated
def _note_ended(gid, number, result):
    if gid:
        note_result(gid, number, v.OUTCOME_OK if result.status == 0 else v.OUTCOME_FAILED)


def _changing(original, state):
    def change(self, *args, **named):
        result = original(self, *args, **named)
        note_state(self, state, _frame(1))
        return result

    return mimic(change, original)


def _working(original):
    def worker_process(params, channel):
        _begin(channel)
        return original(params, channel)

    return mimic(worker_process, original)


@isolated
def _begin(channel):
    state = WorkerState(gid_of(channel.reader))
    _states[:] = [state]
    note_worker(state.gid, sys.modules["multiprocessing.process"].current_process().name, False)


def _taking(original, chunk):
    def describe(task):
        return task.id, 0, _described(task.payload, chunk)[0]

    def task_transaction(channel):
        if not _states:
            return original(channel)
        return Tasks(Ends(get=lambda: original(channel)), describe, _states[0]).get()

    return mimic(task_transaction, original)


class _Answers(Results):
    @staticmethod
    def _traceback(message):
        value = getattr(getattr(message, "result", None), "value", None)
        return end_of_text(value.traceback) if type(value).__name__ == "RemoteException" else None


def _answering(original):
    """If a result cannot be sent, an error is sent instead: both use the channel that is passed on."""

    def describe(message):
        kind = type(message).__name__
        if kind == "TaskProblem":
            return message.task, 0, False
        return (message.task, 0, message.result.status == 0) if kind == "TaskResult" else None

    def send_result(channel, result):
        if not _states:
            return original(channel, result)
        answers = _Answers(Ends(put=channel.send), describe, _states[0])
        return original(_Sending(answers.put), result)

    return mimic(send_result, original)


class _Sending(object):
    def __init__(self, send):
        self.send = send


class Pebble(Library):
    packages = ("pebble",)
    kinds = {"pebble.pool.process.worker_process": "pool-worker"}
    servants = (r"pebble\.",)
    own_threads = ("pebble",)
    own_pools = True
    message_paths = {"args": "payload.args", "kwargs": "payload.kwargs", "items": "payload.args.1", "result": "result.value"}

    def hooks(self):
        return (("pebble.pool.process", _process),)

    def target(self, function, args):
        """For the process of a decorated function: that function."""
        if getattr(function, "__name__", "") != "function_handler" or function.__module__ != "pebble.common.process":
            return None
        return _users_function(args[0], args[1]) if len(args) > 1 else None


LIBRARY = Pebble()
