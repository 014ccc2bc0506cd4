"""The meta area: JSON definition records, split into slots, never recycled."""

import struct

from .pristine_os import os
from . import vocabulary as v
from .blocks import reserve
from .compat import MARKS, Locks, clocks, count_from
from .json_text import encode
from .layout import FIRST_SLOTS, MARGIN
from .state import runtime

_STEP_SLOTS = 2048  # at most 256 KiB reserved at a time
_SLOT = v.SLOT_SIZE
_PATIENCE = 1.0


class Records:
    """The record area of one journal. A record that does not fit is counted and dropped."""

    def __init__(self, mapped, path, offset, slots):
        self.mapped = mapped
        self.path = path
        self.offset = offset
        self.slots = slots
        self.reserved = min(FIRST_SLOTS, slots)
        self.dropped = 0
        self.next_seq = count_from(0)
        self.pack_into = struct.Struct(v.META_FORMAT).pack_into
        self.locks = Locks()
        self.busy = False

    def accelerate(self, writer, uid):
        """Write with the accelerator from now on. It is already bound to the journal; nothing may have been written yet."""
        writer.bind_records(os.fsencode(self.path), self.offset, self.slots, self.reserved, uid, encode)
        self.record = writer.record

    def record(self, type, **fields):
        """Write one record; `t` (monotonic ns) is added unless given."""
        if not runtime.here[0]:
            runtime.forked()
            runtime.record(type, **fields)
            return
        if "t" not in fields:
            fields["t"] = clocks.monotonic_ns()
        fields["type"] = type
        data = encode(fields).encode("ascii")
        step = v.META_DATA_SIZE
        parts = (len(data) + step - 1) // step
        record = None
        for index in range(parts):
            seq = self.next_seq()
            if seq >= self.reserved - MARGIN and not self._make_room(seq):
                self.dropped += 1
                struct.pack_into("<Q", self.mapped, v.HEADER_AT_META_DROPPED, self.dropped)
                return
            if record is None:
                record = seq
            part = data[index * step : (index + 1) * step]
            at = self.offset + seq * _SLOT
            self.pack_into(self.mapped, at, 0, len(part), seq & 0xFFFFFFFF, record, index, part)
            self.mapped[at] = MARKS[v.META_KIND_LAST if index == parts - 1 else v.META_KIND_PART]

    def _make_room(self, seq):
        """Like Ring._make_room; see there for the lock."""
        lock = self.locks.acquire("room", _PATIENCE)
        if lock is None:
            self.locks.renew("room")
            return False
        try:
            if self.busy:
                return seq < self.reserved
            self.busy = True
            try:
                while seq >= self.reserved - MARGIN:
                    more = min(self.reserved, _STEP_SLOTS, self.slots - self.reserved)
                    if more <= 0 or not reserve(self.path, self.offset + self.reserved * _SLOT, more * _SLOT, self.mapped):
                        return seq < self.reserved
                    self.reserved += more
                return True
            finally:
                self.busy = False
        finally:
            lock.release()
