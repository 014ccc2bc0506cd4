"""Wraps Python 2's `_multiprocessing.Connection` in a class. It is a C type: its methods cannot be replaced, and it cannot be subclassed, because
its instances do not support garbage collection and those of a subclass must.

The bytes on the pipe are the same: send() pickles as the C code does, with cPickle's highest protocol.
"""

import sys

from ..pristine_os import os
from .. import vocabulary as v
from ..errors import isolated, report
from ..locate import is_user_frame, user_line
from ..state import runtime
from . import connections, meetings, py2_queues, stopping
from .connections import note_failure, slow_gid
from .meetings import MUTED, note_authentication
from .os_calls import mimic
from .unread import watch

_frame = sys._getframe
_QUEUES = os.path.join("multiprocessing", "queues.py")


def install(connection):
    """Install our class where `multiprocessing.connection` creates its connections, and patch that module's functions."""
    module = sys.modules["_multiprocessing"]
    module.Connection = _observed(module.Connection)
    connection.Pipe = _piping(connection.Pipe)
    meetings.install(connection, connections.declare_endpoint)


def _piping(original):
    def Pipe(duplex=True):
        ends = original(duplex)
        frame = _frame(1)
        caller = frame.f_back  # past the frame of multiprocessing.Pipe
        if caller is None or not caller.f_code.co_filename.endswith(_QUEUES):
            connections.declare_pipe(ends, bool(duplex), frame)
        return ends

    return mimic(Pipe, original)


def _observed(base):
    """The class. It has the C type's name, by which programs know it."""
    from cPickle import HIGHEST_PROTOCOL, dumps, loads

    sent, received = v.KIND_SEND, v.KIND_RECV
    feeding = py2_queues.feed_codes

    def transmit(self, data, frame, flags):
        """Send bytes for the caller's frame."""
        gid = loc = 0
        cell = None
        times = 1
        if runtime.armed[0]:
            data, times = stopping.at_send(self, data, _frame(1))
        try:
            gid = self._forkscope_gid
            if gid <= 0:
                if gid == MUTED:
                    note_authentication(self, data)
                gid = slow_gid(self, frame)
            if gid:
                loc = user_line(frame)
                cell = runtime.enter(sent, gid, loc)
        except Exception as error:
            report(error, "send")
        while times > 0:
            times -= 1
            begun = runtime.clock()
            try:
                self._plain.send_bytes(data)
            except BaseException as error:
                runtime.leave(cell)
                note_failure(sent, error, flags, begun, gid, loc)
                if runtime.armed[0] and gid:
                    stopping.at_error(self, "Pipe", "send", error, frame)
                raise
            try:
                runtime.leave(cell)
                if gid:
                    runtime.emit(sent, 0, flags, begun, runtime.clock(), gid, loc, 0, 0, data)
            except Exception as error:
                report(error, "sent")

    def receive(self, frame, *maximum):
        """Receive bytes for the caller's frame."""
        gid = loc = 0
        cell = seq = None
        muted = False
        try:
            gid = self._forkscope_gid
            if gid <= 0:
                muted = gid == MUTED
                gid = slow_gid(self, frame)
            if gid:
                loc = user_line(frame)
                cell = runtime.enter(received, gid, loc)
        except Exception as error:
            report(error, "recv")
        begun = runtime.clock()
        try:
            data = self._plain.recv_bytes(*maximum)
        except BaseException as error:
            runtime.leave(cell)
            note_failure(received, error, 0, begun, gid, loc)
            if runtime.armed[0] and gid:
                stopping.at_error(self, "Pipe", "recv", error, frame)
            raise
        ended = runtime.clock()
        try:
            runtime.leave(cell)
            if muted:
                note_authentication(self, data)
            if gid:
                seq = runtime.emit(received, 0, 0, begun, ended, gid, loc, 0, 0, data)
        except Exception as error:
            report(error, "received")
        if runtime.armed[0]:
            return stopping.at_recv(self, data, seq, _frame(1), lambda: receive(self, frame, *maximum))
        return data

    class Connection(object):
        __doc__ = base.__doc__
        __module__ = base.__module__
        __slots__ = ("_plain", "_forkscope_gid", "_forkscope_word", "__weakref__")
        closed = property(lambda self: self._plain.closed)
        readable = _readable = property(lambda self: self._plain.readable)
        writable = _writable = property(lambda self: self._plain.writable)
        _handle = property(lambda self: self._plain.fileno())

        def __init__(self, *args, **named):
            self._forkscope_gid = 0
            self._plain = base(*args, **named)

        def __repr__(self):
            return repr(self._plain)

        def fileno(self):
            return self._plain.fileno()

        def send(self, obj):
            if not self._plain.writable or self._plain.closed:
                return self._plain.send(obj)  # raises the original's exception
            frame = _frame(1)
            transmit(self, dumps(obj, HIGHEST_PROTOCOL), frame, v.SLOT_FLAG_FEEDER if frame.f_code in feeding else 0)

        def recv(self):
            frame = _frame(1)
            data = receive(self, frame)
            try:
                return loads(data)
            except BaseException as error:
                # A queue's get records itself.
                if is_user_frame(frame):
                    connections.note_unread(self, error, frame)
                raise

        def send_bytes(self, buf, offset=0, size=None):
            if not self._plain.writable or self._plain.closed:
                return self._plain.send_bytes(buf, offset) if size is None else self._plain.send_bytes(buf, offset, size)
            data = _part(buf, offset, size)
            if data is None:
                return self._plain.send_bytes(buf, offset) if size is None else self._plain.send_bytes(buf, offset, size)
            frame = _frame(1)
            transmit(self, data, frame, v.SLOT_FLAG_RAW if is_user_frame(frame) else 0)

        def recv_bytes(self, *maximum, **named):
            if named:
                maximum += (named["maxlength"],)
            return receive(self, _frame(1), *maximum)

        def recv_bytes_into(self, buf, offset=0):
            gid = self._forkscope_gid
            frame = _frame(1)
            loc = user_line(frame)
            cell = runtime.enter(received, gid, loc) if gid > 0 else None
            begun = runtime.clock()
            try:
                count = self._plain.recv_bytes_into(buf, offset)
            except BaseException as error:
                runtime.leave(cell)
                if gid > 0:
                    note_failure(received, error, 0, begun, gid, loc)
                raise
            runtime.leave(cell)
            _note_received_into(gid if gid else slow_gid(self, frame), begun, loc, buf, offset, count)
            return count

        poll = connections.polling(lambda self, timeout=0.0: self._plain.poll(timeout))

        def close(self):
            connections.note_close(self)
            self._plain.close()

    watch(vars(Connection)["recv"], "data")
    for name in ("fileno", "send", "recv", "send_bytes", "recv_bytes", "recv_bytes_into", "poll", "close"):
        function = vars(Connection)[name]
        function.__doc__ = getattr(base, name).__doc__
    return Connection


def _part(buf, offset, size):
    """The bytes to send; None: the arguments are wrong, and the original raises."""
    if type(buf) is str and offset == 0 and size is None:
        return buf
    try:
        whole = buffer(buf)  # noqa: F821
        if size is None:
            size = len(whole) - offset
        if offset < 0 or size < 0 or offset + size > len(whole):
            return None
        return whole[offset : offset + size]
    except Exception:
        return None


@isolated
def _note_received_into(gid, begun, loc, buf, offset, count):
    if gid > 0:
        at = offset * getattr(buf, "itemsize", 1)
        runtime.emit(v.KIND_RECV, 0, 0, begun, runtime.clock(), gid, loc, 0, 0, buffer(buf, at, count)[:])  # noqa: F821
