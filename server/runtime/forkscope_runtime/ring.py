"""The ring: fixed-size events, published without a lock. See "The journal" in docs/architecture.md."""

import itertools
import struct
import sys
from _thread import allocate_lock, get_ident

from . import vocabulary as v
from .blocks import reserve

FIRST_SLOTS = 64  # 8 KiB: reserved when the journal is made; then it doubles
_STEP_SLOTS = 8192  # up to 1 MiB at a time: a millisecond
_SLOT = v.SLOT_SIZE
_MAX_SIZE = 0xFFFFFFFF


def slot_struct(text):
    """A compiled format; native order packs in half the time and lays out the same where integers are 8 bytes, low byte first."""
    native = struct.Struct("@" + text[1:])
    portable = struct.Struct(text)
    return native if sys.byteorder == "little" and native.size == portable.size else portable


class Ring:
    """The event area of one journal: `emit` is the hot path, everything else here is rare.

    :param offset: of the area in the file
    :param slots: its capacity, a multiple of FIRST_SLOTS
    :param payload: how many bytes of a payload's head are kept
    """

    def __init__(self, mapped, path, offset, slots, payload):
        self.mapped = mapped
        self.path = path
        self.offset = offset
        self.slots = slots
        self.reserved = self.limit = FIRST_SLOTS
        self.floor = 0
        self.dropped = 0
        self.carry = {}  # (obj, kind, outcome) -> [count, bytes] of everything recycled
        self.lock = allocate_lock()
        self.holder = 0
        self.emit = self._make_emit(payload)

    def _make_emit(self, payload_max):
        mapped = self.mapped
        next_seq = itertools.count().__next__
        base = self.offset
        limit, slots = self.limit, self.slots
        pack_into = slot_struct(v.SLOT_FORMAT).pack_into
        pack_ext = slot_struct(v.EXT_FORMAT).pack_into
        data_size, ext_size, ext_kind = v.SLOT_DATA_SIZE, v.EXT_DATA_SIZE, v.KIND_EXT
        ident = get_ident

        def make_room(seq):
            nonlocal limit, slots
            if not self._make_room(seq):
                return False
            limit, slots = self.limit, self.slots
            return True

        def emit(kind, outcome, flags, t0, t1, obj, loc, a=0, b=0, payload=None, size=0):
            """One event. `payload`: a bytes-like whose head is kept; its whole length becomes `size`."""
            seq = next_seq()
            if seq >= limit and not make_room(seq):
                self._count_unwritten(obj, kind, outcome, len(payload) if payload is not None else size)
                return
            at = base + seq % slots * 128
            if payload is None:
                payload = b""
            else:
                size = len(payload)
                if type(payload) is not bytes:
                    payload = bytes(payload[:payload_max])
                if size > data_size and payload_max > data_size:
                    flags |= extend(payload, seq)
                if size > _MAX_SIZE:
                    size = _MAX_SIZE
            pack_into(mapped, at, 0, outcome, flags, seq & 0xFFFFFFFF, t0, t1, ident(), obj, loc, size, a, b, payload)
            mapped[at] = kind

        def extend(payload, owner):
            """Ext slots for what follows the first 64 bytes; answers how many."""
            count = 0
            for start in range(data_size, min(len(payload), payload_max), ext_size):
                number = next_seq()
                if number >= limit and not make_room(number):
                    break
                count += 1
                part = payload[start : min(start + ext_size, payload_max)]
                at = base + number % slots * 128
                pack_ext(mapped, at, 0, count, len(part), number & 0xFFFFFFFF, owner & 0xFFFFFFFF, part)
                mapped[at] = ext_kind
            return count

        return emit

    def _make_room(self, seq):
        """The slot of `seq` may be written when this returns True. Called for a seq at or past the limit."""
        me = get_ident()
        if self.holder == me:  # a signal handler interrupted this very work in this thread: it cannot wait for itself
            return False
        with self.lock:
            self.holder = me
            try:
                while seq >= self.limit:
                    if self.reserved < self.slots:
                        self._grow()
                    else:
                        self._recycle()
                return True
            finally:
                self.holder = 0

    def _grow(self):
        """Reserve more; where the disk gives no more, the ring wraps at what it has."""
        more = min(self.reserved, _STEP_SLOTS, self.slots - self.reserved)
        if reserve(self.path, self.offset + self.reserved * _SLOT, more * _SLOT):
            self.reserved += more
            self.limit = self.reserved
        else:
            self.slots = self.reserved
            struct.pack_into("<Q", self.mapped, v.HEADER_AT_RING_SLOTS, self.slots)

    def _recycle(self):
        """Give the oldest chunk to the next events; what it held goes into the totals, which open the new chunk."""
        chunk = min(_STEP_SLOTS, self.slots // 4)
        begin = (self.floor % self.slots) * _SLOT + self.offset
        self.floor += chunk
        # The floor moves first: a reader that sees half of what follows knows not to trust it.
        struct.pack_into("<Q", self.mapped, v.HEADER_AT_RING_FLOOR, self.floor)
        carry = self.carry
        end = begin + chunk * _SLOT
        for fields in struct.iter_unpack(v.SLOT_FORMAT, self.mapped[begin:end]):
            kind = fields[0]
            if kind == 0 or kind == v.KIND_EXT or kind == v.KIND_TOTALS:
                continue
            sums = carry.setdefault((fields[7], kind, fields[1]), [0, 0])
            sums[0] += 1
            sums[1] += fields[9]
        self.mapped[begin:end] = bytes(end - begin)
        self.limit += chunk
        self._write_totals(chunk // 2)

    def _write_totals(self, most):
        emit = self.emit
        for (obj, kind, outcome), (count, size) in list(self.carry.items())[:most]:
            emit(v.KIND_TOTALS, outcome, 0, self.floor, self.floor, obj, 0, count, size, None, kind)

    def _count_unwritten(self, obj, kind, outcome, size):
        """An event that could not be written still counts in the totals."""
        sums = self.carry.setdefault((obj, kind, outcome), [0, 0])
        sums[0] += 1
        sums[1] += size
        self.dropped += 1
        struct.pack_into("<Q", self.mapped, v.HEADER_AT_RING_DROPPED, self.dropped)
