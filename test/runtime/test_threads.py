"""Many threads at once: no event is lost or mixed up. Without the GIL they really run at the same time."""

import collections
import os
import shutil
import struct
import sys
import tempfile
import threading
import unittest

from support import POSIX, run_program
from forkscope_runtime import cells, identity, locate, mapping, records, ring
from forkscope_runtime import vocabulary as v
from forkscope_runtime.compat import count_from
from forkscope_runtime.state import runtime

THREADS = 8
FREE = not getattr(sys, "_is_gil_enabled", lambda: True)()
ROUNDS = 5 if FREE else 1
RING_AT = 1 << 16
CELLS_AT = 4096


def at_once(function, threads=THREADS):
    """Calls function(number) in that many threads, which start together; returns their results, or raises one of their
    exceptions."""
    barrier = threading.Barrier(threads)
    answers, errors = [None] * threads, []

    def run(number):
        try:
            barrier.wait(30)
            answers[number] = function(number)
        except BaseException as error:
            errors.append(error)

    all_of_them = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in all_of_them:
        thread.start()
    for thread in all_of_them:
        thread.join(60)
    if errors:
        raise errors[0]
    return answers


class Parts(unittest.TestCase):
    """The parts of the runtime."""

    def setUp(self):
        # Threads switch as often as possible, so that anything that can happen between two instructions does.
        self.addCleanup(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(1e-6)

    def file(self, ring_slots):
        folder = tempfile.mkdtemp(prefix="threads-")
        self.addCleanup(shutil.rmtree, folder, True)
        path = os.path.join(folder, "journal")
        size = RING_AT + ring_slots * v.SLOT_SIZE
        return mapping.create(path, size, ((0, RING_AT), (RING_AT, ring.FIRST_SLOTS * v.SLOT_SIZE))), path

    def test_numbers_are_given_once(self):
        for _ in range(ROUNDS):
            number = count_from(0)
            found = sum(at_once(lambda _: [number() for _ in range(5000)]), [])
            self.assertEqual(sorted(found), list(range(THREADS * 5000)))

    def test_a_ring_that_turns_counts_every_event(self):
        """Also with payloads that take further slots, and a ring that wraps many times."""
        for _ in range(ROUNDS):
            mapped, path = self.file(256)
            tested = ring.Ring(mapped, path, RING_AT, 256, 512)
            tested.begin()
            each = 3000

            def send(number):
                for k in range(each):
                    tested.emit(v.KIND_SEND, 0, 0, 1, 2, number + 1, 0, k, 0, b"%d" % number * (k % 300))

            at_once(send)
            counted = collections.Counter()
            for (obj, kind, _), (count, _) in list(tested.recycled[1].items()) + list(tested.unwritten.items()):
                if kind == v.KIND_SEND:
                    counted[obj] += count
            for at in range(256):
                slot = struct.unpack_from(v.SLOT_FORMAT, mapped, RING_AT + at * v.SLOT_SIZE)
                kind, obj, size, k, data = slot[0], slot[7], slot[9], slot[10], slot[12]
                if kind == v.KIND_SEND:
                    counted[obj] += 1
                    self.assertEqual(size, k % 300)
                    self.assertEqual(data[:size], (b"%d" % (obj - 1) * size)[: v.SLOT_DATA_SIZE])
            self.assertEqual(counted, {number + 1: each for number in range(THREADS)})

    def test_a_ring_that_cannot_grow_counts_every_event(self):
        """The disk is full: the ring keeps its size, and threads that find no room count the events they cannot write."""
        given = ring.reserve
        ring.reserve = lambda *what: False
        try:
            for _ in range(ROUNDS):
                mapped, path = self.file(512)
                mapped[RING_AT + 64 * v.SLOT_SIZE :] = b"\xff" * (len(mapped) - RING_AT - 64 * v.SLOT_SIZE)
                tested = ring.Ring(mapped, path, RING_AT, 512, 64)
                tested.begin()
                at_once(lambda number: [tested.emit(v.KIND_SEND, 0, 0, 1, 2, 7, 0) for _ in range(2000)])
                self.assertEqual(set(mapped[RING_AT + 64 * v.SLOT_SIZE :]), {255}, "written where nothing is reserved")
                counted = sum(count for (_, kind, _), (count, _) in tested.recycled[1].items() if kind == v.KIND_SEND)
                counted += sum(count for count, _ in tested.unwritten.values())
                counted += sum(1 for at in range(64) if mapped[RING_AT + at * v.SLOT_SIZE] == v.KIND_SEND)
                self.assertEqual(counted, THREADS * 2000)
        finally:
            ring.reserve = given

    def test_what_is_not_written_is_counted(self):
        for _ in range(ROUNDS):
            mapped, path = self.file(256)
            tested = ring.Ring(mapped, path, RING_AT, 256, 64)
            tested.begin()
            at_once(lambda number: [tested._count_unwritten(7, v.KIND_SEND, 0, 3) for _ in range(5000)])
            self.assertEqual(tested.unwritten, {(7, v.KIND_SEND, 0): (THREADS * 5000, THREADS * 15000)})
            self.assertEqual(tested.dropped, THREADS * 5000)

    def test_records_are_whole(self):
        import json

        for _ in range(ROUNDS):
            mapped, path = self.file(8192)
            tested = records.Records(mapped, path, RING_AT, 8192)
            at_once(lambda number: [tested.record("test", number=number, k=k, text="x" * (k * 7 % 400)) for k in range(200)])
            parts, found = {}, []
            for at in range(RING_AT, RING_AT + 8192 * v.SLOT_SIZE, v.SLOT_SIZE):
                kind, length, _, record, index, data = records.struct.unpack_from(v.META_FORMAT, mapped, at)
                if kind:
                    parts.setdefault(record, []).append((index, data[:length]))
            for each in parts.values():
                found.append(json.loads(b"".join(data for _, data in sorted(each)).decode()))
            self.assertEqual(sorted((each["number"], each["k"]) for each in found), [(n, k) for n in range(THREADS) for k in range(200)])

    def test_cells_of_threads_that_come_and_go(self):
        """More threads than slots: those of ended threads are reused, and no two live threads share one."""
        for _ in range(ROUNDS):
            mapped, _ = self.file(256)
            count = 2 * THREADS
            table, give = cells.make_giver(CELLS_AT, count, lambda ident: None)
            enter, leave = cells.make_cells(mapped, table, give)
            clashes = []

            def work(number):
                def short():
                    cell = enter(v.KIND_SEND, number + 1, 0)
                    if cell is not None:
                        obj = cells.slot_struct(v.CELL_FORMAT).unpack_from(mapped, cell[0])[4]
                        if obj != number + 1:
                            clashes.append(obj)
                        leave(cell)

                for _ in range(60):
                    thread = threading.Thread(target=short)
                    thread.start()
                    thread.join()

            at_once(work)
            self.assertEqual(clashes, [])

    def test_each_line_has_its_number(self):
        """Threads that reach new lines at the same moment."""
        written = {}
        given = runtime.record
        runtime.record = lambda type, **fields: written.setdefault(fields["id"], []).append((fields["file"], fields["line"]))
        try:
            for turn in range(ROUNDS * 4):

                def meet(number):
                    where, space = "<thread %d of turn %d>" % (number, turn), {"ask": locate.user_line, "frame": sys._getframe}
                    exec(compile("found = []\n" + "found.append(ask(frame()))\n" * 300, "/" + where, "exec"), space)
                    return [("/" + where, line + 2, loc) for line, loc in enumerate(space["found"])]

                for file, line, loc in sum(at_once(meet), []):
                    self.assertEqual(written[loc], [(file, line)])
        finally:
            runtime.record = given

    def test_ids_are_given_once(self):
        given = runtime.next_object
        runtime.next_object = count_from(1)
        try:
            found = sum(at_once(lambda _: [identity.new_gid() for _ in range(2000)]), [])
            self.assertEqual(len(set(found)), THREADS * 2000)
        finally:
            runtime.next_object = given


PIPES = """
    import multiprocessing, os, sys, threading
    THREADS, EACH = 6, 400
    barrier = threading.Barrier(2 * THREADS)

    def send(number, end):
        barrier.wait()
        for k in range(EACH):
            end.send((number, k, "x" * (k % 200)))

    def receive(number, end):
        barrier.wait()
        for k in range(EACH):
            assert end.recv() == (number, k, "x" * (k % 200))

    threads = []
    for number in range(THREADS):
        here, there = multiprocessing.Pipe()
        threads.append(threading.Thread(target=send, args=(number, here)))
        threads.append(threading.Thread(target=receive, args=(number, there)))
    for each in threads: each.start()
    for each in threads: each.join()
    print("done")
"""

QUEUES = """
    import multiprocessing, sys, threading
    THREADS, EACH = 4, 200

    def put(queue, number):
        for k in range(EACH):
            queue.put((number, k))

    def get(queue, found):
        for k in range(EACH):
            found.append(queue.get())

    if __name__ == "__main__":
        queue, found = multiprocessing.Queue(50), []
        threads = [threading.Thread(target=put, args=(queue, number)) for number in range(THREADS)]
        threads += [threading.Thread(target=get, args=(queue, found)) for number in range(THREADS)]
        for each in threads: each.start()
        for each in threads: each.join()
        assert sorted(found) == [(n, k) for n in range(THREADS) for k in range(EACH)]
        print("done")
"""

FORKS = """
    import multiprocessing, os, signal, sys, threading, warnings
    warnings.simplefilter("ignore")
    THREADS, FORKS = 4, 12
    stop = threading.Event()
    ends = [multiprocessing.Pipe() for _ in range(THREADS)]

    def fork(number):
        here, there = ends[number]
        for k in range(FORKS):
            pid = os.fork()
            if pid == 0:
                signal.alarm(20)
                there.send_bytes(b"%d %d" % (number, k))  # send copies a table that other threads may have locked
                os._exit(number)
            if not here.poll(20):
                os._exit(9)
            assert here.recv_bytes() == b"%d %d" % (number, k)
            assert os.waitpid(pid, 0)[1] >> 8 == number

    def talk():
        here, there = multiprocessing.Pipe()
        k = 0
        while not stop.is_set():
            here.send(k)
            assert there.recv() == k
            k += 1

    def count():
        # Frames that come and go while others look around before their forks.
        def down(n):
            return n and down(n - 1)
        while not stop.is_set():
            down(50)

    others = [threading.Thread(target=talk, name="talk") for _ in range(2)] + [threading.Thread(target=count, name="count") for _ in range(2)]
    threads = [threading.Thread(target=fork, args=(number,), name="fork") for number in range(THREADS)]
    for each in others + threads: each.start()
    for each in threads: each.join()
    stop.set()
    for each in others: each.join()
    print("done")
"""

STARTS = """
    import multiprocessing, threading
    THREADS, EACH = 4, 6

    def work(queue, number, k):
        queue.put((number, k))

    def start(context, queue, number):
        started = [context.Process(target=work, args=(queue, number, k), name="%d-%d" % (number, k)) for k in range(EACH)]
        for each in started: each.start()
        for each in started: each.join()  # whose exit code it learns is not sure: each start asks for all children

    if __name__ == "__main__":
        import sys, warnings
        warnings.simplefilter("ignore")
        context = multiprocessing.get_context(sys.argv[1])
        queue = context.Queue()
        threads = [threading.Thread(target=start, args=(context, queue, number)) for number in range(THREADS)]
        for each in threads: each.start()
        found = [queue.get() for _ in range(THREADS * EACH)]
        for each in threads: each.join()
        assert sorted(found) == [(n, k) for n in range(THREADS) for k in range(EACH)]
        print("done")
"""

SUBMITS = """
    import threading
    from concurrent.futures import ProcessPoolExecutor
    THREADS, EACH = 4, 40

    def double(x):
        return 2 * x

    def submit(executor, number):
        futures = [executor.submit(double, 1000 * number + k) for k in range(EACH)]
        assert [each.result() for each in futures] == [2 * (1000 * number + k) for k in range(EACH)]

    if __name__ == "__main__":
        with ProcessPoolExecutor(2) as executor:
            executor.submit(double, 0).result()
            threads = [threading.Thread(target=submit, args=(executor, number)) for number in range(THREADS)]
            for each in threads: each.start()
            for each in threads: each.join()
        print("done")
"""


class Programs(unittest.TestCase):
    """Whole programs."""

    def run_well(self, source, *args):
        result = run_program(source, list(args), timeout=120)
        self.assertEqual((result.code, result.stdout, result.stderr), (0, "done\n", ""))
        self.assertEqual([each for each in result.records("diag")], [])
        return result

    def test_pipes(self):
        result = self.run_well(PIPES)
        sends, receives = collections.defaultdict(list), collections.defaultdict(list)
        for event in result.main.events:
            if event.kind in ("SEND", "RECV"):
                (sends if event.kind == "SEND" else receives)[event.obj].append(event)
        self.assertEqual(sorted(len(each) for each in sends.values()), [400] * 6)
        self.assertEqual(sorted(len(each) for each in receives.values()), [400] * 6)
        for each in sends.values():
            self.assertEqual({event.line[2] for event in each}, {"send"})
            self.assertEqual(len({event.thread for event in each}), 1)
        received = {tuple(event.payload for event in each) for each in receives.values()}
        self.assertEqual({tuple(event.payload for event in each) for each in sends.values()}, received)

    def test_queues(self):
        result = self.run_well(QUEUES)
        self.assertEqual(len(result.events("PUT")), 800)
        self.assertEqual(len(result.events("SEND")), 800)
        self.assertEqual(len(result.events("RECV")), 800)

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_forks(self):
        well = 0
        for _ in range(ROUNDS):
            result = run_program(FORKS)
            if FREE and result.code == 9:
                continue  # CPython's own: see docs/platforms.md
            self.assertEqual((result.code, result.stdout, result.stderr), (0, "done\n", ""))
            self.assertEqual(result.records("diag"), [])
            well += 1
            main = result.main
            forks = main.of("fork")
            self.assertEqual(len(forks), 48)
            children = [each for each in result.journals if each is not main]
            self.assertEqual(sorted(each.pid for each in children), sorted(each["pid"] for each in forks))
            for child in children:
                self.assertEqual(child.parent_uid, main.uid)
                self.assertEqual([event.kind for event in child.events if event.kind != "TIMER"], ["SEND"])
                self.assertEqual(child.events[-1].line[2], "fork")
        self.assertGreater(well, ROUNDS // 2)

    @unittest.skipUnless(POSIX, "the programs fork")
    def test_starts(self):
        # Without the GIL a child of CPython may block forever on a lock held by another thread at the moment of the
        # fork.
        for method in ("forkserver",) if FREE else ("fork", "forkserver"):
            result = self.run_well(STARTS, method)
            starts = result.records("start")
            self.assertEqual(sorted(each["name"] for each in starts), sorted("%d-%d" % (n, k) for n in range(4) for k in range(6)))
            for each in starts:
                self.assertEqual(result.journal_of(each["pid"]).of("identity")[-1]["name"], each["name"])

    def test_submits(self):
        """Threads that submit at the same time: each task has its own number."""
        result = self.run_well(SUBMITS)
        submitted = [event.a for event in result.events("TASK_SUBMIT")]
        self.assertEqual(sorted(submitted), list(range(161)))
        self.assertEqual(sorted(event.a for event in result.events("TASK_END")), list(range(161)))


if __name__ == "__main__":
    unittest.main()
