"""The parts of billiard's pipes and queues that multiprocessing lacks."""

import sys

from .. import vocabulary as v
from ..errors import report
from ..hooks.os_calls import mimic
from ..hooks.queues import creating, rebuilding
from ..locate import is_user_frame, user_line
from ..state import runtime

_frame = sys._getframe


def install_queues(queues):
    """A queue without locks: an event loop gives each worker its own."""
    unlocked = queues._SimpleQueue
    unlocked._forkscope_gid = 0
    unlocked.__init__ = creating(unlocked.__init__, queues.JoinableQueue)
    unlocked.__setstate__ = rebuilding(unlocked.__setstate__, queues.JoinableQueue)


def install_connection(connection):
    """A function that writes a message in parts."""
    base = connection._ConnectionBase
    base.send_offset = _sending_parts(base.send_offset)


def _sending_parts(original):
    """An event loop writes a message's size and then the message, each in as many parts as the pipe's free space requires."""

    def send_offset(self, buf, offset):
        begun = runtime.clock()
        written = original(self, buf, offset)
        try:
            _note_part(self, buf, offset + written, begun, _frame(1))
        except Exception as error:
            report(error, "send_offset")
        return written

    return mimic(send_offset, original)


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
        runtime.emit(v.KIND_SEND, 0, 0, known.pop("_forkscope_begun", begun), runtime.clock(), gid, loc, 0, 0, buf)
