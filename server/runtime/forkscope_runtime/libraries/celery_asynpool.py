"""`celery.concurrency.asynpool`: billiard's pool run by an event loop. Each worker has two pipes of its own, and the loop writes and reads them in parts."""

from .. import vocabulary as v
from ..errors import isolated
from ..hooks.os_calls import mimic
from ..hooks.tasks import queue_gid
from ..identity import new_gid
from ..state import runtime


def install(asynpool):
    """Patch the pool's queues and its reading of results; what it writes is recorded by its connections (billiard_pipes.py)."""
    pool = asynpool.AsynPool
    pool._setup_queues = _setting_up(pool._setup_queues)
    pool.create_process_queues = _making_queues(pool.create_process_queues)
    handler = asynpool.ResultHandler
    load = _default(handler._recv_message, "load")
    if load is not None:
        handler._recv_message = _receiving(handler._recv_message, load)


def _default(function, name):
    """The default of one of a function's parameters; None if it has no such parameter."""
    code, defaults = function.__code__, function.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    at = names.index(name) - len(names) if name in names else 0
    return defaults[at] if -len(defaults) <= at < 0 else None


def _setting_up(original):
    def _setup_queues(self):
        original(self)
        _declare(self)

    return mimic(_setup_queues, original)


@isolated
def _declare(self):
    self._forkscope_lazy = {}
    self._forkscope_gid = new_gid()
    for queues in self._queues:
        _declare_queues(self, queues)


def _making_queues(original):
    def create_process_queues(self):
        queues = original(self)
        if getattr(self, "_forkscope_gid", 0):  # else they are recorded once the pool has an id
            _declare_queues(self, queues)
        return queues

    return mimic(create_process_queues, original)


@isolated
def _declare_queues(self, queues):
    runtime.record("poolQueues", id=self._forkscope_gid, inqueue=queue_gid(queues[0]), outqueue=queue_gid(queues[1]))


def _receiving(original, load):
    """Must remain a generator function, which the event loop identifies; the message's bytes are read when they are unpickled."""

    def _recv_message(self, add_reader, fd, callback, *args, **named):
        if args or "load" in named:
            return original(self, add_reader, fd, callback, *args, **named)
        begun = runtime.clock()

        def loading(file, *args, **named):
            _note_received(self, fd, file, begun)
            return load(file, *args, **named)

        return original(self, add_reader, fd, callback, load=loading, **named)

    return mimic(_recv_message, original)


@isolated
def _note_received(self, fd, file, begun):
    process = self.fileno_to_outq.get(fd)
    gid = process.outq._reader._forkscope_gid if process is not None else 0
    if gid > 0:
        runtime.emit(v.KIND_RECV, 0, 0, begun, runtime.clock(), gid, 0, 0, 0, file.getvalue())
