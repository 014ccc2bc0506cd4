"""The ring: fixed-size events, published without a lock. See "The journal" in docs/architecture.md."""

import sys

from . import vocabulary as v
from .blocks import reserve
from .compat import MARKS, LateLock, Locks, RLock, count_from, get_ident, iter_unpack, pack_into, switches_anywhere, switches_between_lines, to_bytes
from .layout import FIRST_SLOTS, MARGIN, MOST_MARGIN
from .state import runtime

_STEP_SLOTS = 8192  # up to 1 MiB at a time: a millisecond
_ROOMY_SLOTS = 8192  # with so many slots, and room to grow, no thread is suspended long enough for the ring to wrap
_SLOT = v.SLOT_SIZE
_MAX_SIZE = 0xFFFFFFFF
_HEAD_AT_MOST = v.SLOT_DATA_SIZE + 255 * v.EXT_DATA_SIZE
_PATIENCE = 1.0  # seconds that a thread waits for another thread's work on the ring; afterwards its event is only counted
# The fields of a slot that recycling reads: kind, outcome, obj, size.
_COUNTED = "<BB%dxQ%dxI%dx" % (v.SLOT_AT_OBJ - 2, v.SLOT_AT_SIZE - v.SLOT_AT_OBJ - 8, _SLOT - v.SLOT_AT_SIZE - 4)


def slot_struct(text):
    """A compiled format; native order packs in half the time and lays out the same where integers are 8 bytes, low byte first."""
    import struct

    native = struct.Struct("@" + text[1:])
    portable = struct.Struct(text)
    return native if sys.byteorder == "little" and native.size == portable.size else portable


class Ring:
    """The event area of one journal: `emit` is the hot path, everything else here is rare.

    :param offset: of the area in the file
    :param slots: its capacity, a multiple of FIRST_SLOTS
    :param payload: number of bytes kept of a payload's prefix
    """

    def __init__(self, mapped, path, offset, slots, payload):
        self.mapped = mapped
        self.path = path
        self.offset = offset
        self.slots = slots
        self.reserved = self.limit = FIRST_SLOTS
        # (floor, (obj, kind, outcome) -> (count, bytes) of everything below it), replaced as one value: a signal
        # handler that interrupts recycling sees either the old state or the new one.
        self.recycled = (0, {})
        self.unwritten = {}  # the same for events that found no free slot
        self.dropped = 0
        self.totals_due = False
        self.locks = Locks()
        # If threads can switch within `emit`: held to publish an event, and to move the floor.
        self.anywhere, self.between_lines = switches_anywhere(), switches_between_lines()
        self.publishing = RLock() if self.anywhere or self.between_lines else LateLock() if sys.version_info < (3, 11) else None
        # Whether publishing takes the lock.
        self.guarded = [False]
        self._guard()
        self.floor = 0  # as the writers see it; ahead of `recycled` during the count
        self.busy = False
        self.payload = payload

    def edge(self):
        """The event number from which the ring grows or recycles. The slots left then are for signal handlers that interrupt that work: on a busy
        machine a repeating signal can arrive between any two steps. A ring that wraps leaves few slots, so that totals are at a chunk's start."""
        return self.limit - (max(MARGIN, min(self.reserved // 8, MOST_MARGIN)) if self.reserved < self.slots else MARGIN)

    def begin(self):
        """Write in Python from now on."""
        self.emit = self._make_emit(self.payload)

    def accelerate(self, writer, new_cell):
        """Write with the accelerator from now on; nothing may have been written yet. `new_cell(ident)` returns a cell's offset or 0."""
        writer.bind(self.mapped, self.offset, self.edge(), self.slots, self.payload, *self._helpers(writer) + (new_cell,))

    def follow(self, writer, new_cell):
        """The same for a journal that the accelerator created and may have written to already."""
        writer.rebind(*self._helpers(writer) + (new_cell,))

    def _helpers(self, writer):
        self.set_bounds = writer.bounds
        self.emit = writer.emit

        def unwritten(obj, kind, outcome, size):
            self._count_unwritten(obj, kind, outcome, size)

        return self._make_maker(writer.next_seq), unwritten

    def _make_maker(self, next_seq):
        def make_room(seq):
            """The number of a slot that may be written now: this one, or a later one if other threads wrapped the ring meanwhile; -1: none."""
            for _ in range(8):
                found = self._make_room(seq)
                self.set_bounds(self.edge(), self.slots, self.floor)
                if self.totals_due:
                    self._write_totals()
                if not found:
                    return -1
                if seq >= self.floor:
                    return seq
                seq = next_seq()  # its chunk was recycled while this thread waited for the lock
            return -1

        return make_room

    def _make_emit(self, payload_max):
        mapped = self.mapped
        next_seq = count_from(0)
        marks = MARKS
        base = self.offset
        bounds = [self.edge(), self.slots, 0]  # and the floor; a list, because Python 2 has no nonlocal
        pack_slot = slot_struct(v.SLOT_FORMAT).pack_into
        pack_ext = slot_struct(v.EXT_FORMAT).pack_into
        data_size, ext_size, ext_mark = v.SLOT_DATA_SIZE, v.EXT_DATA_SIZE, MARKS[v.KIND_EXT]
        ident = get_ident
        held, guarded = self.publishing, self.guarded
        here = runtime.here

        def set_bounds(limit, slots, floor):
            """Never lets a stale caller move the bounds backwards."""
            mine = guarded[0] and held.acquire(True, _PATIENCE)
            try:
                # No call between a comparison and its assignment: another thread could run there. The floor first, the limit last.
                if floor > bounds[2]:
                    bounds[2] = floor
                if slots < bounds[1]:
                    bounds[1] = slots
                if limit > bounds[0]:
                    bounds[0] = limit
            finally:
                if mine:
                    held.release()

        self.set_bounds = set_bounds
        make_room = self._make_maker(next_seq)

        def emit(kind, outcome, flags, t0, t1, obj, loc, a=0, b=0, payload=None, size=0):
            """Publish one event and return its number. `payload`: a bytes-like object whose prefix is kept; its whole length becomes `size`."""
            if not here[0]:
                runtime.forked()
                return runtime.emit(kind, outcome, flags, t0, t1, obj, loc, a, b, payload, size)
            seq = next_seq()
            if seq >= bounds[0]:
                seq = make_room(seq)
                if seq < 0:
                    self._count_unwritten(obj, kind, outcome, len(payload) if payload is not None else size)
                    return
            at = base + seq % bounds[1] * 128
            given = payload
            if payload is None:
                payload = b""
            else:
                size = len(payload)
                if type(payload) is not bytes or size > payload_max:
                    payload = to_bytes(payload[:payload_max])[:payload_max]  # twice: its items may be larger than a byte
                if len(payload) > data_size:
                    flags |= extend(payload, seq)
                if size > _MAX_SIZE:
                    size = _MAX_SIZE
            thread = ident()
            # Other threads may have wrapped the whole ring since this event got its number. Its slot then belongs to another event, and it
            # takes a new number. Since CPython 3.10 no thread can run between the comparison with the floor and the write.
            if guarded[0]:
                fields = outcome, flags, seq & 0xFFFFFFFF, t0, t1, thread, obj, loc, size, a, b, payload
                published = publish_held(pack_slot, marks[kind], seq, at, *fields)
                if published:
                    return seq
                if published is None:
                    self._count_unwritten(obj, kind, outcome, size)
                    return
            elif seq >= bounds[2]:
                pack_slot(mapped, at, 0, outcome, flags, seq & 0xFFFFFFFF, t0, t1, thread, obj, loc, size, a, b, payload)
                if seq >= bounds[2]:
                    mapped[at] = marks[kind]
                    return seq
            return emit(kind, outcome, flags & ~v.SLOT_FLAG_EXT_MASK, t0, t1, obj, loc, a, b, given, size)

        def extend(payload, owner):
            """Write ext slots for the data after the first 64 bytes; returns how many."""
            count = 0
            for start in range(data_size, len(payload), ext_size):
                number = next_seq()
                if number >= bounds[0]:
                    number = make_room(number)
                    if number < 0:
                        break
                part = payload[start : start + ext_size]
                length = len(part)
                at = base + number % bounds[1] * 128
                if guarded[0]:
                    fields = count + 1, length, number & 0xFFFFFFFF, owner & 0xFFFFFFFF, part
                    if not publish_held(pack_ext, ext_mark, number, at, *fields):
                        break
                else:
                    if number < bounds[2]:
                        break
                    pack_ext(mapped, at, 0, count + 1, length, number & 0xFFFFFFFF, owner & 0xFFFFFFFF, part)
                    if number < bounds[2]:
                        break
                    mapped[at] = ext_mark
                count += 1
            return count

        def publish_held(pack, mark, number, at, *fields):
            """Publish under the lock that moves the floor. True: done; False: the slot belongs to another event now; None: the lock was not free in time."""
            if not held.acquire(True, _PATIENCE):
                return None
            try:
                if number < bounds[2]:
                    return False
                pack(mapped, at, 0, *fields)
                mapped[at] = mark
                return True
            finally:
                held.release()

        return emit

    def _make_room(self, seq):
        """Returns True if the slot of `seq` may be written. Called for a seq at, past or shortly before the limit.

        The lock is reentrant, so a signal handler that interrupts this work enters and returns at `busy`. No wait is unbounded,
        because a handler may itself wait for the thread that waits here.
        """
        lock = self.locks.acquire("room", _PATIENCE)
        if lock is None:
            self.locks.renew("room")
            return False
        try:
            if self.busy:
                return seq < self.limit
            self.busy = True
            try:
                while seq >= self.edge():
                    if self.reserved < self.slots:
                        self._grow()
                        self._guard()
                    else:
                        if self.recycled[0] + self.slots == self.limit:
                            self._recycle()
                        self._open_chunk()
                return True
            finally:
                self.busy = False
        finally:
            lock.release()

    def _grow(self):
        """Reserve more; if the disk has no space, the ring wraps at its current size."""
        more = min(self.reserved, _STEP_SLOTS, self.slots - self.reserved)
        if reserve(self.path, self.offset + self.reserved * _SLOT, more * _SLOT, self.mapped):
            self.reserved += more
            self.limit = self.reserved
        else:
            self.slots = self.reserved
            pack_into("<Q", self.mapped, v.HEADER_AT_RING_SLOTS, self.slots)

    def _guard(self):
        """Decide whether publishing takes the lock. It costs time per event, so it is skipped if an interrupted thread resumes long before the ring
        wraps. On 3.10 small wrapping rings lost events when threads switched every microsecond: there it is taken once a ring cannot grow."""
        grows = self.reserved < self.slots and (self.reserved >= _ROOMY_SLOTS or not self.between_lines)
        self.guarded[0] = self.anywhere or (self.publishing is not None and not grows)

    def _recycle(self):
        """Count the events of the oldest chunk, and move the floor past it."""
        floor, carry = self.recycled
        chunk = min(_STEP_SLOTS, self.slots // 4)
        self._move_floor(floor + chunk)
        begin = floor % self.slots * _SLOT + self.offset
        carry = dict(carry)
        for kind, outcome, obj, size in iter_unpack(_COUNTED, self.mapped[begin : begin + chunk * _SLOT]):
            if kind == 0 or kind == v.KIND_EXT or kind == v.KIND_TOTALS:
                continue
            key = (obj, kind, outcome)
            count, total = carry.get(key, (0, 0))
            carry[key] = (count + 1, total + size)
        # The floor moves before anything is overwritten, so a reader that sees a partial update knows to discard it.
        pack_into("<Q", self.mapped, v.HEADER_AT_RING_FLOOR, floor + chunk)
        self.recycled = (floor + chunk, carry)

    def _move_floor(self, floor):
        """Called before the chunk is read: a late event for it goes to another slot instead of being written after the count."""
        held = self.publishing
        mine = self.guarded[0] and held.acquire(True, _PATIENCE)
        try:
            self.floor = floor
            self.set_bounds(self.edge(), self.slots, floor)
        finally:
            if mine:
                held.release()

    def _open_chunk(self):
        """Clear the slots below the floor for the next events."""
        limit = self.recycled[0] + self.slots
        begin = self.limit % self.slots * _SLOT + self.offset
        length = (limit - self.limit) * _SLOT
        self.mapped[begin : begin + length] = b"\0" * length
        self.limit = limit
        self.totals_due = True

    def _write_totals(self):
        """Write the totals of recycled events at the start of the fresh chunk, up to half of it."""
        self.totals_due = False
        floor, carry = self.recycled
        sums = dict(carry)
        for key, (count, size) in list(self.unwritten.items()):
            known = sums.get(key, (0, 0))
            sums[key] = (known[0] + count, known[1] + size)
        most = min(_STEP_SLOTS, self.slots // 4) // 2
        for (obj, kind, outcome), (count, size) in list(sums.items())[:most]:
            if self.recycled[0] != floor:
                return  # other threads filled this chunk meanwhile: newer totals are written already
            self.emit(v.KIND_TOTALS, outcome, 0, floor, floor, obj, 0, count, size, None, kind)

    def _count_unwritten(self, obj, kind, outcome, size):
        """Count an event that could not be written in the totals."""
        mine = self.locks.acquire("counting", _PATIENCE)
        try:
            self.dropped += 1
            pack_into("<Q", self.mapped, v.HEADER_AT_RING_DROPPED, self.dropped)
            if kind != v.KIND_TOTALS:
                key = (obj, kind, outcome)
                count, total = self.unwritten.get(key, (0, 0))
                self.unwritten[key] = (count + 1, total + size)
        finally:
            if mine is not None:
                mine.release()


def flatten(payload):
    """For the accelerator: a bytes-like object that is not a flat array of bytes, as (bytes, its `len()`)."""
    return to_bytes(payload[:_HEAD_AT_MOST]), len(payload)
