"""The ring in isolation: late events, for a position that has been recycled meanwhile."""

import os
import shutil
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "server", "runtime"))
from forkscope_runtime import mapping, ring, vocabulary as v  # noqa: E402

RING_AT = 4096
SLOTS = 256
KIND = v.KIND_SEND


class Late(object):
    """A payload that calls `meanwhile` when its bytes are fetched: by then its event has a number and is not published."""

    def __init__(self, size, meanwhile):
        self.data = b"l" * size
        self.meanwhile = meanwhile

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return self.data[key]


class LateEvents(unittest.TestCase):
    def setUp(self):
        folder = tempfile.mkdtemp(prefix="ring-")
        self.addCleanup(shutil.rmtree, folder, True)
        path = os.path.join(folder, "ring")
        begun = ((0, RING_AT), (RING_AT, ring.FIRST_SLOTS * v.SLOT_SIZE))
        self.mapped = mapping.create(path, RING_AT + SLOTS * v.SLOT_SIZE, begun)
        self.ring = ring.Ring(self.mapped, path, RING_AT, SLOTS, 512)
        self.ring.begin()

    def send(self, count, payload=b"x"):
        for _ in range(count):
            self.ring.emit(KIND, 0, 0, 1, 2, 7, 0, 0, 0, payload)

    def slots(self):
        """Everything from the floor on: (number, the slot's bytes)."""
        floor = self.ring.recycled[0]
        for number in range(floor, floor + SLOTS):
            at = RING_AT + number % SLOTS * v.SLOT_SIZE
            yield number, bytearray(self.mapped[at : at + v.SLOT_SIZE])

    def counted(self):
        """Number of events that are kept, were recycled, or found no room."""
        kept = sum(1 for _, slot in self.slots() if slot[0] == KIND)
        gone = sum(count for (_, kind, _), (count, _) in self.ring.recycled[1].items() if kind == KIND)
        return kept + gone + self.ring.dropped

    def test_the_ring_turns_while_an_event_is_made(self):
        for turns in (SLOTS - 60, SLOTS, SLOTS * 3 + 17):
            self.setUp()
            self.send(50)
            self.ring.emit(KIND, 0, 0, 1, 2, 7, 0, 0, 0, Late(200, lambda: self.send(turns)))
            self.send(30)
            self.assertEqual(self.counted(), 81 + turns)

    def test_signal_handlers_that_interrupt_growth_find_room(self):
        reserve, interrupted = ring.reserve, []
        self.addCleanup(setattr, ring, "reserve", reserve)
        slots = 16384
        path = os.path.join(os.path.dirname(self.ring.path), "large")
        begun = ((0, RING_AT), (RING_AT, ring.FIRST_SLOTS * v.SLOT_SIZE))
        self.ring = ring.Ring(mapping.create(path, RING_AT + slots * v.SLOT_SIZE, begun), path, RING_AT, slots, 512)
        self.ring.begin()

        def interrupt(*args):
            answer = reserve(*args)
            # As many as fit into a grown ring; a small one grows at once.
            count = max(4, min(500, self.ring.reserved // 8 - 4))
            interrupted.append(count)
            self.send(count)
            return answer

        ring.reserve = interrupt
        self.send(12000)
        self.assertGreater(max(interrupted), 400)
        self.assertEqual(self.ring.dropped, 0)

    def test_an_event_that_comes_while_its_chunk_is_counted(self):
        reached, go, done = threading.Event(), threading.Event(), threading.Event()

        def wait():
            reached.set()
            go.wait(30)

        def late():
            self.ring.emit(KIND, 0, 0, 1, 2, 7, 0, 0, 0, Late(20, wait))
            done.set()

        thread = threading.Thread(target=late)
        thread.start()
        self.assertTrue(reached.wait(30))
        given = ring.iter_unpack

        def counting(form, data):
            # The chunk has been read: an event published in it from now on would never be counted.
            go.set()
            done.wait(0.2)  # times out if all is well: it waits for this thread to finish
            ring.iter_unpack = given
            return given(form, data)

        ring.iter_unpack = counting
        try:
            self.send(SLOTS + 10)
        finally:
            ring.iter_unpack = given
        thread.join(30)
        self.assertTrue(done.is_set())
        self.assertEqual(self.counted(), SLOTS + 11)

    def test_what_follows_the_first_bytes_has_slots_of_its_own(self):
        self.send(10)
        self.ring.emit(KIND, 0, 0, 1, 2, 7, 0, 0, 0, b"y" * 500)
        parts = [(number, slot) for number, slot in self.slots() if slot[0] == v.KIND_EXT]
        self.assertEqual(len(parts), (500 - v.SLOT_DATA_SIZE + v.EXT_DATA_SIZE - 1) // v.EXT_DATA_SIZE)


class Switching(LateEvents):
    """The same with thread switches at any point."""

    def setUp(self):
        given = ring.switches_anywhere
        ring.switches_anywhere = lambda: True
        try:
            super(Switching, self).setUp()
        finally:
            ring.switches_anywhere = given
        self.assertIsNotNone(self.ring.publishing)


if __name__ == "__main__":
    unittest.main()
