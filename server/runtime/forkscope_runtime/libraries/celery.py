"""`celery`: a task is shown by its name, because the function that the pool calls is celery's own. Its pool is billiard's."""

import sys

from ..errors import isolated
from .library import Library, NamedTask

_NOT_FAILED = ("Retry", "Ignore", "Reject")  # exceptions by which a task requests a retry, a rejection and the like
_PLAIN = type(isolated)
_CONCURRENCY = Library.path("celery/concurrency/")
_MAX_TASKS = 10000


class Celery(Library):
    packages = ("celery",)
    internals = ("celery/concurrency/asynpool.py",)
    batch_argument = ""
    task_runners = {"celery.app.trace": "argsrepr"}

    def __init__(self):
        self._tasks = {}  # name -> NamedTask

    def hooks(self):
        return (("celery.concurrency.asynpool", "libraries.celery_asynpool"),)

    def assigned_name(self, file):
        """No variable of the user holds its pool or the pool's queues."""
        return "celery" if _CONCURRENCY in file else None

    def named_task(self, function, args):
        if type(function) is not _PLAIN or function.__module__ != "celery.app.trace" or type(args) not in (tuple, list) or not args:
            return None
        name = args[0]
        if type(name) is not str:
            return None
        found = self._tasks.get(name)
        if found is None:
            found = NamedTask(name, _function_of(name))
            if found.function is not None and len(self._tasks) < _MAX_TASKS:
                self._tasks[name] = found
        return found

    def failure(self, value):
        """The result of celery's function for a failed task: an object with the exception and the traceback."""
        if type(value) is not tuple or len(value) != 3 or type(value[0]) is not int or value[0] != 1 or type(value[1]).__name__ != "ExceptionInfo":
            return None
        error = getattr(value[1], "exception", None)
        error = getattr(error, "exc", error)
        return None if type(error).__name__ in _NOT_FAILED else value[1]


@isolated
def _function_of(name):
    """The user's function of the task, read without initializing anything."""
    state = sys.modules["celery._state"]
    for owner in (sys.modules["celery.app.trace"], state._tls.current_app, state.default_app):
        tasks = getattr(owner, "_tasks", None)
        task = dict.get(tasks, name) if isinstance(tasks, dict) else None
        if task is not None:
            return getattr(task, "_orig_run", None) or getattr(task, "run", None)
    return None


LIBRARY = Celery()
