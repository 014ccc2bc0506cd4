"""`multiprocessing.synchronize`: locks, semaphores, conditions, events and barriers created by the user's code.

Locks inside queues, pools and other locks are not wrapped: every put and get takes them.
"""

import sys
import threading

from .. import libraries
from .. import vocabulary as v
from ..assignment_target import assigned_name
from ..compat import attribute, nanoseconds
from ..errors import isolated, report
from ..identity import forget_aside, gid_aside, new_gid, tag_aside
from ..locate import is_user_frame, owner, user_line
from ..state import runtime
from . import stopping
from .os_calls import ended_by, mimic

_frame = sys._getframe
_PROPERTIES = ("getvalue", "setvalue", "getraw", "setraw")  # of a Value; multiprocessing compiles them from a string
_BROKEN = getattr(threading, "BrokenBarrierError", ())


def install(synchronize):
    """Patch the classes. A user's lock gets its own wrappers; any other lock keeps the plain C methods."""
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event", "Barrier"):
        cls = getattr(synchronize, name, None)
        if cls is None:  # Python 2 has no barriers
            continue
        cls.__init__ = _creating(cls.__init__, cls, name)
    semlock = synchronize.SemLock
    semlock.__setstate__ = _rebuilding(semlock.__setstate__, lambda self: type(self).__name__)
    synchronize.Condition.__setstate__ = _composing(synchronize.Condition.__setstate__)
    synchronize.Condition.wait = _waiting(synchronize.Condition.wait)
    notify_all = synchronize.Condition.notify_all
    synchronize.Condition.notify = _notifying(synchronize.Condition.notify, lambda args: args[0] if args else 1, notify_all)
    synchronize.Condition.notify_all = _notifying(notify_all, lambda args: -1)
    synchronize.Event.wait = _waiting(synchronize.Event.wait)
    synchronize.Event.set = _notifying(synchronize.Event.set, lambda args: 1)
    synchronize.Event.clear = _notifying(synchronize.Event.clear, lambda args: 0)
    if hasattr(synchronize, "Barrier"):
        # Barrier inherits wait from threading.Barrier; threading barriers must stay unchanged.
        synchronize.Barrier.wait = _waiting(threading.Barrier.wait)


def _key(lock):
    """The semaphore's name, the same in every process; for a composed lock, the name of an inner semaphore."""
    for path in (("_semlock",), ("_sleeping_count", "_semlock"), ("_flag", "_semlock"), ("_cond", "_sleeping_count", "_semlock")):
        found = lock
        for part in path:
            found = attribute(found, part)
        name = attribute(found, "name")
        if type(name) is str:
            return name
    return ""


def _creating(original, cls, kind):
    def __init__(self, *args, **named):
        original(self, *args, **named)
        if type(self) is cls:  # not while a subclass's __init__ calls this one
            _declare(self, _frame(1), kind)

    return mimic(__init__, original)


@isolated
def _declare(self, frame, kind):
    maker = frame
    while maker is not None and maker.f_code.co_filename.endswith(libraries.known.makers):
        maker = maker.f_back
    if maker is None or not is_user_frame(maker):
        return
    _adopt(self, kind, user_line(maker), assigned_name(maker), owner(maker))


def _adopt(self, kind, loc, name, whose):
    gid = new_gid()
    if gid and tag_aside(self, gid):
        runtime.record(
            "lock", id=gid, kind=kind, name=name if isinstance(name, str) else None, loc=loc, owner=whose, key=_key(self)
        )  # fmt: skip
        if attribute(self, "_semlock") is not None:
            self.acquire = _acquiring(self._semlock, gid)
            self.release = _releasing(self._semlock.release, gid)
            self._semlock = _Watched(self._semlock, gid)


def _rebuilding(original, kind_of):
    def __setstate__(self, state):
        original(self, state)
        _readopt(self, kind_of(self), _frame(1))

    return mimic(__setstate__, original)


@isolated
def _readopt(self, kind, frame):
    """Record an unpickled lock. Only its creator knows its owner, so the server matches both by the key. A lock that belongs to a queue, a
    condition or an event is unwrapped again when that object is assembled."""
    _adopt(self, kind, 0, None, "unpickled")


def strip(lock):
    """Restore the plain C methods of an inner lock: every put and get calls them."""
    if forget_aside(lock):
        if type(lock._semlock) is _Watched:
            lock._semlock = lock._semlock._forkscope_semlock
        lock._make_methods()


def strip_inner(composed):
    """The same for all locks inside a queue, condition, event or barrier."""
    for name in ("_lock", "_sleeping_count", "_woken_count", "_wait_semaphore", "_flag", "_rlock", "_wlock", "_sem", "_unfinished_tasks"):
        inner = attribute(composed, name)
        if inner is not None and hasattr(inner, "_make_methods"):
            strip(inner)
    condition = attribute(composed, "_cond")
    if condition is not None and condition is not composed:
        strip_inner(condition)


def _composing(original):
    def __setstate__(self, state):
        original(self, state)
        isolated(strip_inner)(self)

    return mimic(__setstate__, original)


def _is_access(frame):
    """Whether this frame reads or writes a Value or an Array. Each access takes its lock briefly: too often to record every time."""
    code = frame.f_code
    name = code.co_filename
    return (name == "<string>" and code.co_name in _PROPERTIES) or name.endswith(libraries.known.shared)


def _access(gid, semlock, frame):
    """Take the lock of a Value or an Array to read or write it. Only a wait for the lock is recorded."""
    if semlock.acquire(False):
        return True
    cell = None
    try:
        cell = runtime.enter(v.KIND_ACQUIRE, gid, user_line(frame))
    except Exception as error:
        report(error, "access")
    try:
        return semlock.acquire()
    finally:
        runtime.leave(cell)


def _acquiring(semlock, gid):
    kind, original = v.KIND_ACQUIRE, semlock.acquire

    def acquire(*args, **named):
        if not args and _is_access(_frame(1)):
            return _access(gid, semlock, _frame(1).f_back)  # past the property, whose code has no file
        loc = waits = 0
        cell = None
        begun = runtime.clock()
        try:
            block = args[0] if args else named.get("block", True)
            timeout = args[1] if len(args) > 1 else named.get("timeout")
            loc = user_line(_frame(1))
            waits = nanoseconds(timeout) if block else 0
            cell = runtime.enter(kind, gid, loc, waits, 0, begun)
        except Exception as error:
            report(error, "acquire")
        got = False
        outcome = v.OUTCOME_TIMEOUT
        try:
            got = original(*args, **named)
            outcome = v.OUTCOME_OK if got else v.OUTCOME_TIMEOUT
        except BaseException as error:
            outcome = ended_by(error)
            raise
        finally:
            runtime.leave(cell)
            try:
                runtime.emit(kind, outcome, 0, begun, runtime.clock(), gid, loc, waits)
            except Exception as error:
                report(error, "acquired")
        if runtime.armed[0] and waits and not got:
            stopping.at_timeout("acquire", "Lock", _frame(1), None, gid)
        return got

    return acquire


def _releasing(original, gid):
    def release(*wrong, **named):
        original(*wrong, **named)
        frame = _frame(1)
        if not _is_access(frame):
            _note_release(gid, frame)

    return release


@isolated
def _note_release(gid, frame):
    now = runtime.clock()
    runtime.emit(v.KIND_RELEASE, 0, 0, now, now, gid, user_line(frame))


class _Watched(object):
    """Replaces the C semaphore in a user's lock, because `with` on a lock calls the semaphore. `with` on all other locks keeps its speed,
    which matters for the locks inside queues: each message takes them."""

    def __init__(self, semlock, gid):
        self._forkscope_semlock = semlock
        self._forkscope_gid = gid

    def __getattr__(self, name):
        return getattr(self._forkscope_semlock, name)

    def __enter__(self):
        gid = self._forkscope_gid
        frame = _frame(1)
        if _is_access_by_with(frame):
            return _access(gid, self._forkscope_semlock, frame)
        loc = 0
        cell = None
        begun = runtime.clock()
        try:
            loc = user_line(frame)
            cell = runtime.enter(v.KIND_ACQUIRE, gid, loc, -1, 0, begun)
        except Exception as error:
            report(error, "enter")
        outcome = v.OUTCOME_OK
        try:
            return self._forkscope_semlock.__enter__()
        except BaseException as error:
            outcome = ended_by(error)
            raise
        finally:
            runtime.leave(cell)
            try:
                runtime.emit(v.KIND_ACQUIRE, outcome, 0, begun, runtime.clock(), gid, loc, -1)
            except Exception as error:
                report(error, "entered")

    def __exit__(self, *args):
        result = self._forkscope_semlock.__exit__(*args)
        frame = _frame(1)
        if not _is_access_by_with(frame):
            _note_release(self._forkscope_gid, frame)
        return result


def _is_access_by_with(frame):
    """The same for a `with` statement: skips the frames of the lock's and the Array's `__enter__`."""
    array = frame.f_back
    if array is None or not array.f_code.co_filename.endswith(libraries.known.shared):
        return False
    caller = array.f_back
    return caller is not None and caller.f_code.co_filename.endswith(libraries.known.shared)


def _known(self, frame, kind):
    """Id of a composed lock. An unpickled one is declared when the user's code first uses it."""
    gid = gid_aside(self)
    if not gid and is_user_frame(frame):
        gid = new_gid()
        strip_inner(self)
        if gid and tag_aside(self, gid):
            runtime.record("lock", id=gid, kind=kind, name=None, loc=0, owner="unpickled", key=_key(self))
    return gid


def _waiting(original):
    kind = v.KIND_WAIT

    def wait(self, timeout=None):
        gid = loc = 0
        cell = None
        waits = -1
        begun = runtime.clock()
        try:
            frame = _frame(1)
            gid = _known(self, frame, type(self).__name__)
            if gid:
                loc = user_line(frame)
                waits = nanoseconds(timeout)
                cell = runtime.enter(kind, gid, loc, waits, 0, begun)
        except Exception as error:
            report(error, "wait")
        outcome = v.OUTCOME_FAILED
        try:
            result = original(self, timeout)
            outcome = v.OUTCOME_TIMEOUT if result is False else v.OUTCOME_OK
            return result
        except _BROKEN:
            outcome = v.OUTCOME_BROKEN
            raise
        except BaseException as error:
            outcome = ended_by(error)
            raise
        finally:
            runtime.leave(cell)
            try:
                if gid:
                    runtime.emit(kind, outcome, 0, begun, runtime.clock(), gid, loc, waits)
            except Exception as error:
                report(error, "waited")

    return mimic(wait, original)


def _notifying(original, amount, through=None):
    """`through`: a library function that calls this one and is itself recorded."""
    through = getattr(through, "__code__", None)

    def notify(self, *args, **named):
        result = original(self, *args, **named)
        frame = _frame(1)
        if frame.f_code is not through:
            _note_notify(self, frame, amount(args))
        return result

    return mimic(notify, original)


@isolated
def _note_notify(self, frame, amount):
    gid = _known(self, frame, type(self).__name__)
    if gid:
        now = runtime.clock()
        runtime.emit(v.KIND_NOTIFY, 0, 0, now, now, gid, user_line(frame), amount)
