"""`billiard.pool`: like multiprocessing's, but its worker is an object that acknowledges each task before it runs it."""

import sys

from ..errors import report
from ..hooks.os_calls import mimic
from ..hooks.pools import install_submitting
from ..hooks.tasks import Ends, Results, Tasks, WorkerState, as_shown, end_of_text, note_seen, note_worker, queue_gid, unwrapped
from . import failure


def install(pool):
    """Patch the pool, its results and its workers."""
    install_submitting(pool, _body, as_shown)
    pool.ApplyResult._set = _meeting(pool.ApplyResult._set)
    worker = pool.Worker
    kinds = _Kinds(pool)
    worker._make_child_methods = _working(worker._make_child_methods, kinds, sys.modules[pool.__name__.rpartition(".")[0] + ".process"])


class _Kinds(object):
    """The module's message tags, and the function that runs a chunk of a map."""

    def __init__(self, pool):
        self.task, self.ack, self.ready = pool.TASK, pool.ACK, pool.READY
        self.stars = (pool.mapstar, getattr(pool, "starmapstar", None))


def _body(task):
    return task[1]  # after TASK


def _working(original, kinds, process_module):
    """A worker creates its functions for taking tasks in its own process."""

    def _make_child_methods(self, *args, **named):
        result = original(self, *args, **named)
        try:
            _observe(self, kinds, process_module.current_process().name)
        except Exception as error:
            report(error, "worker")
        return result

    return mimic(_make_child_methods, original)


def _observe(worker, kinds, name):
    if not hasattr(worker.inq, "_reader"):
        return
    state = WorkerState(queue_gid(worker.inq))
    note_worker(state.gid, name, False)

    def describe_task(request):
        if not request or request[0] != kinds.task:
            return None
        job, index, function, args = request[1][:4]
        if any(function is star for star in kinds.stars) and args:
            function = args[0][0]
        return job, index or 0, unwrapped(as_shown(function, args))[0]

    def describe_result(message):
        if message is None or message[0] != kinds.ready:
            return None
        job, index, (succeeded, value) = message[1][:3]
        return job, index or 0, bool(succeeded) and failure(value) is None

    worker.outq = _Answers(worker.outq, describe_result, state)
    if worker.wait_for_syn is None:
        worker.wait_for_job = Tasks(Ends(get=worker.wait_for_job), describe_task, state).get
        return
    # The pool may withdraw a task that it has sent: the task begins when the pool confirms it.
    source = _Held(worker.wait_for_job)
    begin = Tasks(source, describe_task, state).get
    confirm = worker.wait_for_syn

    def wait_for_syn(*args, **named):
        answer = confirm(*args, **named)
        if answer and answer[0] == kinds.ack:
            begin()
        return answer

    worker.wait_for_job, worker.wait_for_syn = source.hold, wait_for_syn


class _Held(object):
    """Keeps the last taken task."""

    def __init__(self, receive):
        self._receive = receive
        self._task = None

    def hold(self, *args, **named):
        self._task = self._receive(*args, **named)
        return self._task

    def get(self):
        return self._task


class _Answers(Results):
    """A worker's acknowledgements, results and exit message."""

    @staticmethod
    def _traceback(message):
        described = message[1][2][1]
        described = failure(described) or described
        # An ExceptionInfo, which has the text in every version; its exception has it only in newer versions.
        return end_of_text(described.traceback) if type(described).__name__ == "ExceptionInfo" else None


def _meeting(original):
    """A library of named tasks reads the exception of each failed task, which the pool treats as a success."""

    def _set(self, i, obj):
        _note_failed_task(self, obj)
        return original(self, i, obj)

    return mimic(_set, original)


def _note_failed_task(result, obj):
    try:
        if obj[0] and getattr(result, "_callback", None) is not None and failure(obj[1]) is not None:
            note_seen(result)
    except Exception as error:
        report(error, "failed task")
