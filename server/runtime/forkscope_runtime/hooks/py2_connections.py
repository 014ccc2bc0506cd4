"""Python 2's `_multiprocessing.Connection` is a type of C: its methods cannot be replaced, so a subclass takes its place.

What crosses the pipe are the same bytes: send() pickles as the C code does, with cPickle's highest protocol.
"""

import os
import sys
import weakref

from .. import vocabulary as v
from ..guard import quietly, swallow
from ..locate import is_user_frame, user_line
from ..state import rt
from . import connections, py2_queues, stopping
from .connections import note_failure, slow_gid
from .os_calls import dress

_frame = sys._getframe
_QUEUES = os.path.join("multiprocessing", "queues.py")


_ids = {}  # id(connection) -> gid
_references = {}  # id(connection) -> weak reference that takes both away again


def _keep_id(connection, gid):
    number = id(connection)
    if number not in _references:

        def forget(_reference, _number=number):
            _ids.pop(_number, None)
            _references.pop(_number, None)

        _references[number] = weakref.ref(connection, forget)
    _ids[number] = gid


def install(connection):
    """Put the subclass where `multiprocessing.connection` takes its connections from, and patch that module's functions."""
    module = sys.modules["_multiprocessing"]
    module.Connection = _observed(module.Connection)
    connection.Pipe = _piping(connection.Pipe)
    for name in ("answer_challenge", "deliver_challenge"):
        setattr(connection, name, connections.muting(getattr(connection, name)))
    connection.Client = connections.meeting(connection.Client)
    connection.Listener.accept = connections.meeting(connection.Listener.accept)


def _piping(original):
    def Pipe(duplex=True):
        ends = original(duplex)
        frame = _frame(1)
        caller = frame.f_back  # multiprocessing.Pipe stands between
        if caller is None or not caller.f_code.co_filename.endswith(_QUEUES):
            connections.declare_pipe(ends, bool(duplex), frame)
        return ends

    return dress(Pipe, original)


def _observed(base):
    """The subclass. It says that it is the base: that is the name under which programs know it."""
    from cPickle import HIGHEST_PROTOCOL, dumps, loads

    send_plain, receive_plain, close_plain = base.send_bytes, base.recv_bytes, base.close
    sent, received = v.KIND_SEND, v.KIND_RECV
    feeding = py2_queues.feed_codes
    ids = _ids

    def transmit(self, data, frame, flags):
        """Send bytes for the caller's frame."""
        gid = loc = 0
        cell = None
        times = 1
        if rt.armed[0]:
            data, times = stopping.at_send(self, data, _frame(1))
        try:
            gid = ids.get(id(self), 0)
            if gid <= 0:
                gid = slow_gid(self, frame)
            if gid:
                loc = user_line(frame)
                cell = rt.enter(sent, gid, loc)
        except Exception as error:
            swallow(error, "send")
        while times > 0:
            times -= 1
            begun = rt.clock()
            try:
                send_plain(self, data)
            except BaseException as error:
                rt.leave(cell)
                note_failure(sent, error, flags, begun, gid, loc)
                if rt.armed[0] and gid:
                    stopping.at_error(self, "Pipe", "send", error, frame)
                raise
            try:
                rt.leave(cell)
                if gid:
                    rt.emit(sent, 0, flags, begun, rt.clock(), gid, loc, 0, 0, data)
            except Exception as error:
                swallow(error, "sent")

    def receive(self, frame, *maximum):
        """Receive bytes for the caller's frame."""
        gid = loc = 0
        cell = None
        try:
            gid = ids.get(id(self), 0)
            if gid <= 0:
                gid = slow_gid(self, frame)
            if gid:
                loc = user_line(frame)
                cell = rt.enter(received, gid, loc)
        except Exception as error:
            swallow(error, "recv")
        begun = rt.clock()
        try:
            data = receive_plain(self, *maximum)
        except BaseException as error:
            rt.leave(cell)
            note_failure(received, error, 0, begun, gid, loc)
            if rt.armed[0] and gid:
                stopping.at_error(self, "Pipe", "recv", error, frame)
            raise
        ended = rt.clock()
        try:
            rt.leave(cell)
            if gid:
                rt.emit(received, 0, 0, begun, ended, gid, loc, 0, 0, data)
        except Exception as error:
            swallow(error, "received")
        if rt.armed[0]:
            return stopping.at_recv(self, data, _frame(1), lambda: receive(self, frame, *maximum))
        return data

    class Connection(base):
        __doc__ = base.__doc__
        __module__ = base.__module__
        # Objects of the C type are not made for the garbage collector: nothing may be added to them, so their ids are kept aside.
        __slots__ = ()
        _forkscope_gid = property(lambda self: ids.get(id(self), 0), _keep_id)
        _handle = property(base.fileno)
        _readable = property(lambda self: self.readable)
        _writable = property(lambda self: self.writable)

        def send(self, obj):
            if not self.writable or self.closed:
                return base.send(self, obj)  # raises what it would have raised
            frame = _frame(1)
            transmit(self, dumps(obj, HIGHEST_PROTOCOL), frame, v.SLOT_FLAG_FEEDER if frame.f_code in feeding else 0)

        def recv(self):
            return loads(receive(self, _frame(1)))

        def send_bytes(self, buf, offset=0, size=None):
            if not self.writable or self.closed:
                return base.send_bytes(self, buf, offset) if size is None else base.send_bytes(self, buf, offset, size)
            data = _part(buf, offset, size)
            if data is None:
                return base.send_bytes(self, buf, offset) if size is None else base.send_bytes(self, buf, offset, size)
            frame = _frame(1)
            transmit(self, data, frame, v.SLOT_FLAG_RAW if is_user_frame(frame) else 0)

        def recv_bytes(self, *maximum, **named):
            if named:
                maximum += (named["maxlength"],)
            return receive(self, _frame(1), *maximum)

        def recv_bytes_into(self, buf, offset=0):
            gid = ids.get(id(self), 0)
            frame = _frame(1)
            loc = user_line(frame)
            cell = rt.enter(received, gid, loc) if gid > 0 else None
            begun = rt.clock()
            try:
                count = base.recv_bytes_into(self, buf, offset)
            except BaseException as error:
                rt.leave(cell)
                if gid > 0:
                    note_failure(received, error, 0, begun, gid, loc)
                raise
            rt.leave(cell)
            _note_received_into(gid if gid else slow_gid(self, frame), begun, loc, buf, offset, count)
            return count

        poll = connections.polling(base.poll)

        def close(self):
            connections.note_close(self)
            close_plain(self)

    for name in ("send", "recv", "send_bytes", "recv_bytes", "recv_bytes_into", "poll", "close"):
        function = vars(Connection)[name]
        function.__doc__ = getattr(base, name).__doc__
    return Connection


def _part(buf, offset, size):
    """The bytes that are to be sent; None: the arguments are not right, and the original says so."""
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


@quietly
def _note_received_into(gid, begun, loc, buf, offset, count):
    if gid > 0:
        at = offset * getattr(buf, "itemsize", 1)
        rt.emit(v.KIND_RECV, 0, 0, begun, rt.clock(), gid, loc, 0, 0, buffer(buf, at, count)[:])  # noqa: F821
