"""`celery.concurrency.asynpool`: billiard's pool run by an event loop. Each worker has two pipes of its own, and the loop writes and reads them in parts.

A task goes by its name: the function that the pool is told to call is celery's own.
"""

import sys

from .. import vocabulary as v
from ..guard import quietly, swallow
from ..identity import new_gid
from ..locate import is_user_frame, user_line
from ..state import rt
from .os_calls import dress
from .tasks import NamedTask, note_seen, queue_gid

_frame = sys._getframe
_NOT_FAILED = ("Retry", "Ignore", "Reject")  # exceptions with which a task says what is to become of it
_PLAIN = type(dress)
_tasks = {}  # name -> NamedTask


def install(asynpool):
    """Patch the pool's queues and its reading of results; what it writes is told by its connections, see sending_parts."""
    pool = asynpool.AsynPool
    pool._setup_queues = _setting_up(pool._setup_queues)
    pool.create_process_queues = _making_queues(pool.create_process_queues)
    handler = asynpool.ResultHandler
    load = _default(handler._recv_message, "load")
    if load is not None:
        handler._recv_message = _receiving(handler._recv_message, load)


def _default(function, name):
    """The default of one of a function's arguments; None where it has no such argument."""
    code, defaults = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    at = names.index(name) - len(names) if name in names else 0
    return defaults[at] if -len(defaults) <= at < 0 else None


def _setting_up(original):
    def _setup_queues(self):
        original(self)
        _declare(self)

    return dress(_setup_queues, original)


@quietly
def _declare(self):
    self._forkscope_lazy = {}
    self._forkscope_gid = new_gid()
    for queues in self._queues:
        _declare_queues(self, queues)


def _making_queues(original):
    def create_process_queues(self):
        queues = original(self)
        if getattr(self, "_forkscope_gid", 0):  # else they are told of when the pool has an id
            _declare_queues(self, queues)
        return queues

    return dress(create_process_queues, original)


@quietly
def _declare_queues(self, queues):
    rt.record("poolQueues", id=self._forkscope_gid, inqueue=queue_gid(queues[0]), outqueue=queue_gid(queues[1]))


def sending_parts(original):
    """The loop writes a message's size and then the message, each in as many parts as the pipe has room for."""

    def send_offset(self, buf, offset):
        begun = rt.clock()
        written = original(self, buf, offset)
        try:
            _note_part(self, buf, offset + written, begun, _frame(1))
        except Exception as error:
            swallow(error, "send_offset")
        return written

    return dress(send_offset, original)


def _note_part(self, buf, written, begun, frame):
    gid = self._forkscope_gid
    if gid <= 0:
        return
    known = self.__dict__
    body = known.get("_forkscope_body", False)
    if not body:
        known.setdefault("_forkscope_begun", begun)
    if written < len(buf):
        return
    known["_forkscope_body"] = not body
    if body:
        loc = user_line(frame) if is_user_frame(frame) else 0
        rt.emit(v.KIND_SEND, 0, 0, known.pop("_forkscope_begun", begun), rt.clock(), gid, loc, 0, 0, buf)


def _receiving(original, load):
    """It is a generator, and stays the one that the loop knows: the message's bytes are seen where they are unpickled."""

    def _recv_message(self, add_reader, fd, callback, *args, **named):
        if args or "load" in named:
            return original(self, add_reader, fd, callback, *args, **named)
        begun = rt.clock()

        def loading(file, *args, **named):
            _note_received(self, fd, file, begun)
            return load(file, *args, **named)

        return original(self, add_reader, fd, callback, load=loading, **named)

    return dress(_recv_message, original)


@quietly
def _note_received(self, fd, file, begun):
    process = self.fileno_to_outq.get(fd)
    gid = process.outq._reader._forkscope_gid if process is not None else 0
    if gid > 0:
        rt.emit(v.KIND_RECV, 0, 0, begun, rt.clock(), gid, 0, 0, 0, file.getvalue())


def named_task(function, args):
    """What is shown of a function that is called with these arguments: of celery's that runs a task, the task."""
    if type(function) is not _PLAIN or function.__module__ != "celery.app.trace" or type(args) not in (tuple, list) or not args:
        return function
    name = args[0]
    if type(name) is not str:
        return function
    found = _tasks.get(name)
    if found is None:
        found = NamedTask(name, _function_of(name))
        if found.function is not None and len(_tasks) < 10000:
            _tasks[name] = found
    return found


@quietly
def _function_of(name):
    """What the user has written for it; nothing is set up for that."""
    state = sys.modules["celery._state"]
    for owner in (sys.modules["celery.app.trace"], state._tls.current_app, state.default_app):
        tasks = getattr(owner, "_tasks", None)
        task = dict.get(tasks, name) if isinstance(tasks, dict) else None
        if task is not None:
            return getattr(task, "_orig_run", None) or getattr(task, "run", None)
    return None


def failed_task(value):
    """What celery's function answers for a task that failed: an object with the exception and the traceback. None: it is no such answer."""
    if type(value) is not tuple or len(value) != 3 or type(value[0]) is not int or value[0] != 1 or type(value[1]).__name__ != "ExceptionInfo":
        return None
    error = getattr(value[1], "exception", None)
    error = getattr(error, "exc", error)
    return None if type(error).__name__ in _NOT_FAILED else value[1]


def note_failed_task(result, obj):
    """The pool has got a task's result, which celery looks at."""
    try:
        if obj[0] and getattr(result, "_callback", None) is not None and failed_task(obj[1]) is not None:
            note_seen(result)
    except Exception as error:
        swallow(error, "failed task")
