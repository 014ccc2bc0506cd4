"""`multiprocessing.connection`: sends and receives, recorded at the transport.

All data on a Connection passes through its _send_bytes and _recv_bytes: the user's send and recv, a queue's feeder, a pool's
threads. They run inside the queue's own locks, so the clock values read in them order the channel's events. For a send the
clock is read before the write, for a receive after the read.
"""

import errno
import sys

from .. import libraries
from .. import vocabulary as v
from ..assignment_target import assigned_name
from ..compat import nanoseconds
from ..control import publish
from ..accelerator import hook
from ..errors import isolated, report
from ..identity import key_of, names, new_gid, set_id
from ..locate import feed_codes, is_user_frame, owner, user_line
from ..state import runtime
from . import meetings, stopping
from .meetings import MUTED, note_authentication
from .os_calls import ended_by, mimic
from .unread import is_unread, watch

_frame = sys._getframe


def install(connection):
    """Patch the classes and the module's functions."""
    base = connection._ConnectionBase
    base._forkscope_gid = 0
    send_bytes_code = base.send_bytes.__code__
    for name in ("Connection", "PipeConnection"):
        cls = getattr(connection, name, None)
        if cls is not None:
            cls._send_bytes = _quick(v.KIND_SEND, "send", cls._send_bytes, _sending(cls._send_bytes, send_bytes_code), None, send_bytes_code)
            receiving = _receiving(cls._recv_bytes)
            cls._recv_bytes = _quick(v.KIND_RECV, "recv", cls._recv_bytes, receiving, _stopping_after(receiving), None)
            cls._close = _closing(cls._close)
    watch(base.recv, "buf")
    base.recv = _unpickling(base.recv)
    base.poll = polling(base.poll)
    connection.Pipe = _piping(connection.Pipe)
    connection.wait = _waiting(connection.wait)
    for name in ("rebuild_connection", "rebuild_pipe_connection"):
        if hasattr(connection, name):
            setattr(connection, name, _rebuilding(getattr(connection, name)))
    meetings.install(connection, declare_endpoint)


def mode_of(connection):
    """'r', 'w' or 'rw'."""
    return ("r" if connection._readable else "") + ("w" if connection._writable else "")


def end_of(connection):
    """The connection as an end in a channel's or queue's record. Assigns an id if it has none."""
    if connection._forkscope_gid <= 0:
        set_id(connection, new_gid())
    return {"id": connection._forkscope_gid, "mode": mode_of(connection), "key": key_of(connection)}


@isolated
def declare_endpoint(connection, frame, kind):
    """Record a connection that Pipe() did not create here: it was unpickled, or comes from a Listener or Client."""
    fields = end_of(connection)
    fields.update(meetings.identity_of(connection))
    runtime.record("endpoint", kind=kind, loc=user_line(frame), owner=owner(frame), name=assigned_name(frame), **fields)


def slow_gid(connection, frame):
    """Id of a connection at its first use; 0 if it is not recorded."""
    if connection._forkscope_gid == MUTED:
        return 0
    declare_endpoint(connection, frame, "met")
    return max(connection._forkscope_gid, 0)


def _sending(original, send_bytes_code):
    kind, raw, feeder = v.KIND_SEND, v.SLOT_FLAG_RAW, v.SLOT_FLAG_FEEDER

    def _send_bytes(self, buf, *more):
        gid = flags = loc = begun = 0
        cell = None
        times = 1
        if runtime.armed[0]:
            buf, times = stopping.at_send(self, buf, _frame(1))
            if times == 0:
                return None
        try:
            frame = _frame(1)
            gid = self._forkscope_gid
            if gid <= 0:
                if gid == MUTED:
                    note_authentication(self, buf)
                gid = slow_gid(self, frame)
            if gid:
                loc = user_line(frame)
                if frame.f_code is send_bytes_code:
                    caller = frame.f_back
                    if caller is not None:
                        if caller.f_code in feed_codes:
                            flags = feeder
                        elif is_user_frame(caller):
                            flags = raw
                begun = runtime.clock()
                cell = runtime.enter(kind, gid, loc, -1, 0, begun)
        except Exception as error:
            report(error, "send")
        try:
            result = original(self, buf, *more)
        except BaseException as error:
            runtime.leave(cell)
            note_failure(kind, error, flags, begun, gid, loc)
            if runtime.armed[0] and gid:
                stopping.at_error(self, "Pipe", "send", error, _frame(1))
            raise
        try:
            runtime.leave(cell)
            if gid:
                runtime.emit(kind, 0, flags, begun, runtime.clock(), gid, loc, 0, 0, buf)
        except Exception as error:
            report(error, "sent")
        if times > 1:  # the debugger duplicates this message
            begun = runtime.clock()
            original(self, buf, *more)
            try:
                runtime.emit(kind, 0, flags, begun, runtime.clock(), gid, loc, 0, 0, buf)
            except Exception as error:
                report(error, "sent twice")
        return result

    return mimic(_send_bytes, original)


def _receiving(original):
    kind, small = v.KIND_RECV, v.SLOT_DATA_SIZE

    def _recv_bytes(self, maxsize=None):
        gid = loc = begun = 0
        cell = seq = None
        muted = False
        try:
            frame = _frame(1)
            gid = self._forkscope_gid
            if gid <= 0:
                muted = gid == MUTED
                gid = slow_gid(self, frame)
            if gid:
                loc = user_line(frame)
                begun = runtime.clock()
                cell = runtime.enter(kind, gid, loc, -1, 0, begun)
        except Exception as error:
            report(error, "recv")
        try:
            result = original(self, maxsize)
        except BaseException as error:
            runtime.leave(cell)
            note_failure(kind, error, 0, begun, gid, loc)
            if runtime.armed[0] and gid:
                stopping.at_error(self, "Pipe", "recv", error, _frame(1))
            raise
        ended = runtime.clock()
        try:
            runtime.leave(cell)
            if muted and result is not None:
                note_authentication(self, result.getvalue())
            if gid and result is not None:
                if result.tell() <= small:
                    seq = runtime.emit(kind, 0, 0, begun, ended, gid, loc, 0, 0, result.getvalue())
                else:
                    view = result.getbuffer()
                    seq = runtime.emit(kind, 0, 0, begun, ended, gid, loc, 0, 0, view)
                    view.release()
        except Exception as error:
            report(error, "received")
        if runtime.armed[0] and result is not None:
            return stopping.at_recv(self, result, seq, _frame(1), lambda: _recv_bytes(self, maxsize))
        return result

    return mimic(_recv_bytes, original)


def _quick(kind, op, original, slow, after, through):
    """The accelerator's hook, if there is an accelerator."""

    def failed(self, error, flags, begun, gid, loc):
        note_failure(kind, error, flags, begun, gid, loc)
        if runtime.armed[0]:
            stopping.at_error(self, "Pipe", op, error, _frame(1))

    quick = hook(kind, original, slow, failed, after, through)
    return slow if quick is slow else mimic(quick, original)


def _stopping_after(receiving):
    def after(self, result, maxsize, seq):
        return stopping.at_recv(self, result, seq, _frame(1), lambda: receiving(self, maxsize))

    return after


def outcome_of(error):
    """The vocabulary's outcome for an exception that the call raised."""
    if isinstance(error, EOFError):
        return v.OUTCOME_EOFERROR
    if getattr(error, "errno", None) == errno.EPIPE:
        return v.OUTCOME_BROKEN_PIPE_ERROR
    return ended_by(error)


@isolated
def note_failure(kind, error, flags, begun, gid, loc):
    if gid:
        runtime.emit(kind, outcome_of(error), flags, begun, runtime.clock(), gid, loc)


def _unpickling(original):
    """Only records messages that cannot be unpickled: the receive itself is recorded at the transport."""

    def recv(self):
        try:
            return original(self)
        except BaseException as error:
            note_unread(self, error, _frame(1))
            raise

    def failed(self, error, flags, begun, gid, loc):
        note_unread(self, error, _frame(1))

    quick = hook(0, original, original, failed)
    return mimic(recv if quick is original else quick, original)


@isolated
def note_unread(connection, error, frame):
    """`recv` raises. If it has received nothing, the failure is recorded already."""
    gid = connection._forkscope_gid
    if gid > 0 and is_unread(error):
        now = runtime.clock()
        runtime.emit(v.KIND_RECV, v.OUTCOME_UNREAD, 0, now, now, gid, user_line(frame))


def polling(original):
    def poll(self, timeout=0.0):
        gid = loc = waits = begun = 0
        cell = None
        users = False
        try:
            frame = _frame(1)
            users = is_user_frame(frame)
            if users:
                begun = runtime.clock()
                gid = self._forkscope_gid
                if gid <= 0:
                    gid = slow_gid(self, frame)
                loc = user_line(frame)
                waits = nanoseconds(timeout)
                if gid and waits:
                    cell = runtime.enter(v.KIND_POLL, gid, loc, waits)
        except Exception as error:
            report(error, "poll")
        if not users:
            return original(self, timeout)
        try:
            ready = original(self, timeout)
        except BaseException as error:
            runtime.leave(cell)
            note_failure(v.KIND_POLL, error, 0, begun, gid, loc)
            raise
        try:
            runtime.leave(cell)
            if gid:
                runtime.emit(v.KIND_POLL, v.OUTCOME_OK if ready else v.OUTCOME_TIMEOUT, 0, begun, runtime.clock(), gid, loc, waits)
        except Exception as error:
            report(error, "polled")
        if runtime.armed[0] and waits and not ready:
            stopping.at_timeout("poll", "Pipe", frame, self, gid)
        return ready

    return mimic(poll, original)


def _waiting(original):
    def wait(object_list, timeout=None):
        loc = begun = 0
        cell = None
        waits = -1
        users = False
        try:
            frame = _frame(1)
            users = is_user_frame(frame)
            if users:
                begun = runtime.clock()
                loc = user_line(frame)
                waits = nanoseconds(timeout)
                cell = runtime.enter(v.KIND_SELECT_WAIT, 0, loc, waits)
        except Exception as error:
            report(error, "wait")
        if not users:
            return original(object_list, timeout)
        ready = ()
        outcome = v.OUTCOME_TIMEOUT
        try:
            ready = original(object_list, timeout)
            outcome = v.OUTCOME_OK if ready else v.OUTCOME_TIMEOUT
            return ready
        except BaseException as error:
            outcome = ended_by(error)
            raise
        finally:
            runtime.leave(cell)
            try:
                runtime.emit(v.KIND_SELECT_WAIT, outcome, 0, begun, runtime.clock(), 0, loc, waits, len(ready))
            except Exception as error:
                report(error, "waited")

    return mimic(wait, original)


def note_close(connection, keep=set_id):
    """This end is about to be closed."""
    try:
        gid = connection._forkscope_gid
        if gid > 0:
            keep(connection, 0)
            runtime.record("close", id=gid, loc=0)
    except Exception:
        pass  # run by a finalizer, possibly while the interpreter shuts down: the error cannot be reported


def _closing(original):
    note = note_close  # the module's globals may be None when a finalizer closes the connection at interpreter shutdown

    def _close(self, *args):
        note(self)
        return original(self, *args)

    return mimic(_close, original)


def _piping(original):
    def Pipe(duplex=True, *more, **named):
        ends = original(duplex, *more, **named)
        frame = _frame(1)
        if not frame.f_code.co_filename.endswith(libraries.known.queues):  # a queue records its pipe itself
            declare_pipe(ends, bool(duplex), frame)
        return ends

    return mimic(Pipe, original)


@isolated
def declare_pipe(ends, duplex, frame):
    first, second = end_of(ends[0]), end_of(ends[1])
    found = assigned_name(frame)
    both = found if isinstance(found, tuple) and len(found) == 2 else None
    for end, name in zip((first, second), both or (found, found)):
        if isinstance(name, str):
            names[end["id"]] = name
            publish(end["key"], end["mode"], name)
    runtime.record(
        "channel", id=new_gid(), kind="Pipe", name=found if isinstance(found, str) else None, names=both,
        loc=user_line(frame), owner=owner(frame), capacity=0, duplex=duplex, ends=[first, second],
    )  # fmt: skip
    if duplex:
        runtime.record("peer", a=first["key"], b=second["key"])


def _rebuilding(original):
    def rebuild(*args, **named):
        connection = original(*args, **named)
        if connection is not None and hasattr(connection, "_readable"):
            declare_endpoint(connection, _frame(1), "rebuilt")
        return connection

    return mimic(rebuild, original)
