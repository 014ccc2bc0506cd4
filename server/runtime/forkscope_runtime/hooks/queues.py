"""`multiprocessing.queues`: queue operations in the user's code. hooks.connections records the data on a queue's pipe.

A successful get is the receive on the queue's reading end. Only operations that the transport cannot see have events of their own.
"""

import sys

from .. import libraries
from .. import vocabulary as v
from ..accelerator import hook
from ..assignment_target import assigned_name
from ..control import publish
from ..compat import attribute, get_ident, nanoseconds
from ..errors import isolated, report
from ..identity import key_of, names, new_gid, set_id
from ..locate import owner, user_line
from ..state import runtime
from . import connections, queue_locks, stopping
from .connections import end_of
from .os_calls import ended_by, mimic
from .pickling import error_text
from .unread import is_unread, watch

_frame = sys._getframe
_dropped = {}  # idents of feeder threads that have recorded the item that they are dropping
_plain = set()  # queue classes that do not override the handling of dropped items
_feeders = {}  # ident of a feeder thread -> gid of its queue


def install(queues):
    """Patch Queue, JoinableQueue (which has a put of its own) and SimpleQueue."""
    install_classes(queues)
    Queue, SimpleQueue = queues.Queue, queues.SimpleQueue
    connections.feed_codes[Queue._feed.__code__] = True
    SimpleQueue.put = _passing(SimpleQueue.put, putting_simply(SimpleQueue.put), None, None)
    watch(SimpleQueue.get, "res")
    getting = _getting_simply(SimpleQueue.get)
    SimpleQueue.get = _passing(SimpleQueue.get, getting, _failed_simply, _stopping_after("SimpleQueue", getting))


def install_classes(queues):
    """Patch the parts that all versions share."""
    Queue, JoinableQueue, SimpleQueue = queues.Queue, queues.JoinableQueue, queues.SimpleQueue
    for cls in (Queue, SimpleQueue):
        cls._forkscope_gid = 0
        cls.__init__ = creating(cls.__init__, JoinableQueue)
        cls.__setstate__ = rebuilding(cls.__setstate__, JoinableQueue)
    Queue.put = _quick(v.KIND_PUT, "put", Queue.put, _putting(Queue.put))
    JoinableQueue.put = _quick(v.KIND_PUT, "put", JoinableQueue.put, _putting(JoinableQueue.put))
    watch(Queue.get, "res")
    getting = _getting(Queue.get)
    Queue.get = _quick(v.KIND_GET, "get", Queue.get, getting, _stopping_after("Queue", getting))
    Queue._start_thread = starting_feeder(Queue._start_thread)
    if hasattr(Queue, "_on_queue_feeder_error"):
        _plain.update((Queue, JoinableQueue))
        Queue._on_queue_feeder_error = staticmethod(_dropping(Queue._on_queue_feeder_error))
        # A feeder that gets an exception while its process exits ends silently.
        queues.is_exiting = _asking(queues.is_exiting, True)
    else:  # before 3.7 a feeder that gets an exception only checks whether the process is exiting
        queues.is_exiting = _asking(queues.is_exiting, False)
    JoinableQueue.task_done = _finishing_task(JoinableQueue.task_done)
    JoinableQueue.join = _joining(JoinableQueue.join)


def _quick(kind, op, original, slow, after=None):
    """The accelerator's hook, if there is an accelerator."""

    def failed(self, error, flags, begun, gid, loc):
        _note(kind, error, begun, gid, loc, -1)
        if runtime.armed[0]:
            stopping.at_error(self, "Queue", op, error, _frame(1))

    quick = hook(kind, original, slow, failed, after)
    return slow if quick is slow else mimic(quick, original)


def _passing(original, slow, failed, after):
    """The same for a call that has an event only if it raises."""
    quick = hook(0, original, slow, failed, after)
    return slow if quick is slow else mimic(quick, original)


def _failed_simply(self, error, flags, begun, gid, loc):
    note_unread(self, error, begun, _frame(1))


def _stopping_after(kind, getting):
    def after(self, result, _, seq):
        return stopping.at_get(self, kind, result, _frame(1), lambda: getting(self))

    return after


def _kind(queue, joinable):
    if attribute(queue, "_buffer") is not None or attribute(queue, "_maxsize") is not None:
        return "JoinableQueue" if isinstance(queue, joinable) else "Queue"
    return "SimpleQueue"


def creating(original, joinable):
    def __init__(self, *args, **named):
        original(self, *args, **named)
        _declare(self, _frame(1), joinable)

    return mimic(__init__, original)


def _capacity(queue):
    """The size that the user gave; multiprocessing turns 0 into the largest value of a semaphore."""
    maximum = attribute(queue, "_maxsize", 0)
    for package in libraries.known.copies:
        if maximum >= getattr(sys.modules.get(package + ".synchronize"), "SEM_VALUE_MAX", 1 << 31):
            return 0
    return maximum


@isolated
def _declare(self, frame, joinable):
    gid = new_gid()
    set_id(self, gid)
    name = assigned_name(frame)
    name = name if isinstance(name, str) else None
    if name:
        names[gid] = name
        publish(key_of(self._reader), "rw", name)
    kind, whose = _kind(self, joinable), owner(frame)
    runtime.record(
        "channel", id=gid, kind=kind, name=name, names=None,
        loc=user_line(frame), owner=whose, capacity=_capacity(self), duplex=False,
        ends=[end_of(self._reader), end_of(self._writer)],
    )  # fmt: skip
    if whose == "user":
        queue_locks.watch_writers(self, gid, kind == "SimpleQueue")


def rebuilding(original, joinable):
    def __setstate__(self, state):
        original(self, state)
        _redeclare(self, joinable)

    return mimic(__setstate__, original)


@isolated
def _redeclare(self, joinable):
    gid = new_gid()
    set_id(self, gid)
    ends = [end_of(self._reader), end_of(self._writer)]
    kind = _kind(self, joinable)
    runtime.record("queue", id=gid, kind=kind, ends=ends, capacity=_capacity(self))
    locks = sys.modules.get(__package__ + ".locks")
    if locks is not None:
        locks.strip_inner(self)
    queue_locks.watch_writers(self, gid, kind == "SimpleQueue")


def _waits(block, timeout):
    if not block:
        return 0
    return nanoseconds(timeout)


def _outcome(error):
    if is_unread(error):
        return v.OUTCOME_UNREAD
    name = type(error).__name__
    if name == "Full":
        return v.OUTCOME_FULL
    if name == "Empty":
        return v.OUTCOME_EMPTY
    if isinstance(error, (ValueError, AssertionError)):  # the second before 3.8
        return v.OUTCOME_CLOSED
    return connections.outcome_of(error)


def _putting(original):
    kind = v.KIND_PUT

    def put(self, obj, block=True, timeout=None):
        loc = waits = 0
        cell = None
        times = 1
        if runtime.armed[0]:
            obj, times = stopping.at_put(self, "Queue", obj, _frame(1))
        while times > 0:
            times -= 1
            begun = runtime.clock()
            try:
                loc = user_line(_frame(1))
                waits = _waits(block, timeout)
                cell = runtime.enter(kind, self._forkscope_gid, loc, waits, 0, begun)
            except Exception as error:
                report(error, "put")
            try:
                original(self, obj, block, timeout)
            except BaseException as error:
                runtime.leave(cell)
                _note(kind, error, begun, self._forkscope_gid, loc, waits)
                if runtime.armed[0]:
                    stopping.at_error(self, "Queue", "put", error, _frame(1))
                raise
            try:
                runtime.leave(cell)
                runtime.emit(kind, 0, 0, begun, runtime.clock(), self._forkscope_gid, loc, waits)
            except Exception as error:
                report(error, "putted")

    return mimic(put, original)


def _getting(original):
    kind = v.KIND_GET

    def get(self, block=True, timeout=None):
        loc = waits = 0
        cell = None
        begun = runtime.clock()
        try:
            loc = user_line(_frame(1))
            waits = _waits(block, timeout)
            cell = runtime.enter(kind, self._forkscope_gid, loc, waits, 0, begun)
        except Exception as error:
            report(error, "get")
        try:
            result = original(self, block, timeout)
        except BaseException as error:
            runtime.leave(cell)
            _note(kind, error, begun, self._forkscope_gid, loc, waits)
            if runtime.armed[0]:
                stopping.at_error(self, "Queue", "get", error, _frame(1))
            raise
        runtime.leave(cell)
        if runtime.armed[0]:
            return stopping.at_get(self, "Queue", result, _frame(1), lambda: get(self, block, timeout))
        return result

    return mimic(get, original)


def putting_simply(original):
    """Pauses happen here, outside of the queue's lock, so they block no other process."""

    def put(self, obj):
        times = 1
        if runtime.armed[0]:
            obj, times = stopping.at_put(self, "SimpleQueue", obj, _frame(1))
        while times > 0:
            times -= 1
            original(self, obj)

    return mimic(put, original)


def _getting_simply(original):
    def get(self):
        begun = runtime.clock()
        try:
            result = original(self)
        except BaseException as error:
            note_unread(self, error, begun, _frame(1))
            raise
        if runtime.armed[0]:
            return stopping.at_get(self, "SimpleQueue", result, _frame(1), lambda: get(self))
        return result

    return mimic(get, original)


@isolated
def note_unread(self, error, begun, frame):
    """A SimpleQueue's get raises: record it if a message was already off the pipe."""
    if is_unread(error):
        runtime.emit(v.KIND_GET, v.OUTCOME_UNREAD, 0, begun, runtime.clock(), self._forkscope_gid, user_line(frame), -1)


@isolated
def _note(kind, error, begun, gid, loc, waits):
    runtime.emit(kind, _outcome(error), 0, begun, runtime.clock(), gid, loc, waits)


def starting_feeder(original):
    def _start_thread(self):
        undo = _watch_drops(self)
        try:
            original(self)
        finally:
            if undo is not None:
                undo()
        try:
            thread = attribute(self, "_thread")
            if thread is not None:
                _feeders[thread.ident] = self._forkscope_gid
        except Exception as error:
            report(error, "feeder")

    return mimic(_start_thread, original)


@isolated
def _watch_drops(queue):
    """Make the feeder that is about to start record dropped items, even if a subclass overrides their handling. Returns the function that undoes
    this, or None."""
    name = "_on_queue_feeder_error"
    own, method = vars(queue), attribute(queue, name)
    if method is None or (type(queue) in _plain and name not in own):
        return None
    before = dict([(name, own[name])] if name in own else ())

    @isolated
    def undo():
        del own[name]
        own.update(before)

    own[name] = _telling(method)  # the feeder keeps a reference to it
    return undo


def _dropping(original):
    return mimic(_telling(original), original)


def _telling(original):
    def _on_queue_feeder_error(error, obj):
        ident = get_ident()
        if ident in _dropped:
            return original(error, obj)
        note_drop(error)
        _dropped[ident] = True
        try:
            return original(error, obj)
        finally:
            del _dropped[ident]

    return _on_queue_feeder_error


def _asking(original, only_at_end):
    def is_exiting():
        found = original()
        if (found or not only_at_end) and get_ident() in _feeders:
            note_drop(sys.exc_info()[1])
        return found

    return mimic(is_exiting, original)


@isolated
def note_drop(error):
    """Record that this feeder thread could not send an item."""
    if get_ident() in _dropped:
        return
    now = runtime.clock()
    text = "" if error is None else error_text(error)
    text = (text if isinstance(text, bytes) else text.encode("utf-8", "replace"))[: v.SLOT_DATA_SIZE]
    runtime.emit(v.KIND_DROP, v.OUTCOME_FAILED, 0, now, now, _feeders.get(get_ident(), 0), 0, 0, 0, text)


def _finishing_task(original):
    def task_done(self):
        outcome = v.OUTCOME_FAILED
        try:
            original(self)
            outcome = v.OUTCOME_OK
        finally:
            _note_done(self, _frame(1), outcome)

    return mimic(task_done, original)


@isolated
def _note_done(self, frame, outcome):
    now = runtime.clock()
    runtime.emit(v.KIND_TASK_DONE, outcome, 0, now, now, self._forkscope_gid, user_line(frame))


def _joining(original):
    def join(self):
        loc = 0
        cell = None
        begun = runtime.clock()
        try:
            loc = user_line(_frame(1))
            cell = runtime.enter(v.KIND_QUEUE_JOIN, self._forkscope_gid, loc)
        except Exception as error:
            report(error, "queue.join")
        outcome = v.OUTCOME_OK
        try:
            original(self)
        except BaseException as error:
            outcome = ended_by(error)
            raise
        finally:
            runtime.leave(cell)
            try:
                runtime.emit(v.KIND_QUEUE_JOIN, outcome, 0, begun, runtime.clock(), self._forkscope_gid, loc)
            except Exception as error:
                report(error, "queue.joined")

    return mimic(join, original)
