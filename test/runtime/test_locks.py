"""Locks and what is built on them: which threads waited, with which outcome, where."""

import multiprocessing
import unittest

from support import POSIX, run_program

METHODS = multiprocessing.get_all_start_methods()


def lock(result, name):
    """The record of the lock in a variable."""
    return [each for each in result.records("lock") if each.get("name") == name][0]


class Locks(unittest.TestCase):
    def on(self, result, name, *kinds):
        gid = lock(result, name)["id"]
        return [(event.kind, event.outcome, event.line[1]) for event in result.main.events if event.obj == gid and event.kind in kinds]

    def test_lock_and_semaphores(self):
        result = run_program("""
            import multiprocessing
            guard = multiprocessing.Lock()
            again = multiprocessing.RLock()
            seats = multiprocessing.Semaphore(1)
            bounded = multiprocessing.BoundedSemaphore(2)
            with guard:
                print(guard.acquire(False), guard.acquire(timeout=0.01))
            with again, again:
                pass
            seats.acquire()
            print(seats.acquire(block=False))
            seats.release()
            bounded.acquire(); bounded.release()
        """)
        self.assertEqual(result.stdout, "False False\nFalse\n", result.stderr)
        kinds = [(each["name"], each["kind"]) for each in result.records("lock")]
        self.assertEqual(kinds, [("guard", "Lock"), ("again", "RLock"), ("seats", "Semaphore"), ("bounded", "BoundedSemaphore")])
        expected = [("ACQUIRE", "OK", 7), ("ACQUIRE", "TIMEOUT", 8), ("ACQUIRE", "TIMEOUT", 8)]
        found = self.on(result, "guard", "ACQUIRE", "RELEASE")
        self.assertEqual(found[:3], expected)
        self.assertEqual(found[3][:2], ("RELEASE", "OK"))
        self.assertEqual([each[:2] for each in self.on(result, "again", "ACQUIRE", "RELEASE")], [("ACQUIRE", "OK")] * 2 + [("RELEASE", "OK")] * 2)
        self.assertEqual([each[:2] for each in self.on(result, "seats", "ACQUIRE")], [("ACQUIRE", "OK"), ("ACQUIRE", "TIMEOUT")])

    def test_values_and_arrays_have_locks_of_which_only_the_users_own_use_is_recorded(self):
        result = run_program("""
            import multiprocessing
            counter = multiprocessing.Value("i", 5)
            table = multiprocessing.Array("i", 3)
            text = multiprocessing.Array("c", 8)
            for _ in range(10):
                counter.value += 1
                table[1] = table[0] + 1
                text.value = text.raw[:2]
            with counter.get_lock():
                counter.value += 1
            with table:
                table[0] = len(table)
            counter.acquire()
            counter.release()
            print(counter.value, table[:], text.value, table)
        """)
        self.assertEqual(result.stdout.split("<")[0], "16 [3, 1, 0] b'' ", result.stderr)
        kinds = [(each["name"], each["kind"]) for each in result.records("lock")]
        self.assertEqual(kinds, [("counter", "RLock"), ("table", "RLock"), ("text", "RLock")])
        taken = ["ACQUIRE", "RELEASE"]
        self.assertEqual([each[0] for each in self.on(result, "counter", *taken)], taken * 2)
        self.assertEqual([each[0] for each in self.on(result, "table", *taken)], taken)
        self.assertEqual(self.on(result, "text", *taken), [])

    def test_several_that_are_made_in_one_line_have_their_own_names(self):
        result = run_program("""
            import multiprocessing
            from multiprocessing import Lock, Pipe, Queue, RLock
            class Holder(object):
                def __init__(self):
                    self.left, self.right = Lock(), RLock()
            def made():
                return Lock(), Lock()
            def wrapped(each, _):
                return each
            def main():
                red, blue = Lock(), Lock()
                a, b, c = multiprocessing.Lock(), int("1"), Lock()
                one, two, three, four = Lock(), Lock(), Lock(), Lock()
                (here, there), tasks = Pipe(), Queue()
                kept = same = Lock()
                nobody = wrapped(Lock(), 1)
                both = (Lock(), 1)
                x = [RLock(), RLock()]
                y, z = made()
            Holder()
            p, q = Lock(), Lock()
            main()
        """)
        self.assertEqual(result.stderr, "")
        names = [each.get("name") for each in result.records("lock") if each.get("owner") != "library"]
        given = "left right p q red blue a c one two three four kept".split()
        self.assertEqual([each for each in names if each in given], given)
        # A name inside a call or a container is not the lock's name.
        for wrong in ("nobody", "both", "x", "y", "z", "b", "same"):
            self.assertNotIn(wrong, names)
        channels = result.records("channel")
        self.assertIn(["here", "there"], [each.get("names") for each in channels])
        self.assertIn("tasks", [each.get("name") for each in channels])

    def test_condition_event_and_barrier(self):
        result = run_program("""
            import multiprocessing, threading
            changed = multiprocessing.Condition()
            ready = multiprocessing.Event()
            gate = multiprocessing.Barrier(1)
            with changed:
                print(changed.wait(0.01))
                changed.notify_all()
            print(ready.wait(0.01))
            ready.set()
            print(ready.wait())
            ready.clear()
            print(gate.wait())
        """)
        self.assertEqual(result.stdout, "False\nFalse\nTrue\n0\n", result.stderr)
        self.assertEqual(self.on(result, "changed", "WAIT", "NOTIFY"), [("WAIT", "TIMEOUT", 7), ("NOTIFY", "OK", 8)])
        self.assertEqual(
            self.on(result, "ready", "WAIT", "NOTIFY"),
            [("WAIT", "TIMEOUT", 9), ("NOTIFY", "OK", 10), ("WAIT", "OK", 11), ("NOTIFY", "OK", 12)],
        )
        self.assertEqual(self.on(result, "gate", "WAIT"), [("WAIT", "OK", 13)])

    def test_a_broken_barrier(self):
        result = run_program("""
            import multiprocessing, threading
            gate = multiprocessing.Barrier(2)
            try:
                gate.wait(0.01)
            except threading.BrokenBarrierError:
                print('broken')
        """)
        self.assertEqual(result.stdout, "broken\n", result.stderr)
        self.assertEqual(self.on(result, "gate", "WAIT")[0][:2], ("WAIT", "BROKEN"))

    def test_the_same_lock_in_every_process(self):
        program = """
            import multiprocessing, sys
            def work(guard):
                with guard:
                    pass
            if __name__ == '__main__':
                context = multiprocessing.get_context(sys.argv[1])
                guard = context.Lock()
                child = context.Process(target=work, args=(guard,))
                child.start(); child.join()
        """
        for method in METHODS:
            with self.subTest(method=method):
                result = run_program(program, args=[method])
                self.assertEqual(result.code, 0, result.stderr)
                records = [each for each in result.records("lock") if each["kind"] == "Lock" and each["key"] == lock(result, "guard")["key"]]
                ids = {each["id"] for each in records}
                taken = [event for event in result.events("ACQUIRE") if event.obj in ids]
                self.assertEqual([(event.outcome, event.line[1:]) for event in taken], [("OK", (4, "work"))])

    def test_the_library_s_own_locks_make_no_noise(self):
        result = run_program("""
            import multiprocessing
            tasks = multiprocessing.Queue()
            tasks.put(1)
            tasks.get()
        """)
        self.assertEqual([event for event in result.events("ACQUIRE")], [])
        self.assertEqual([each for each in result.records("lock") if each["owner"] == "user"], [])

    @unittest.skipUnless(POSIX, "fork and SIGKILL")
    def test_the_process_that_died_with_the_lock(self):
        result = run_program("""
            import multiprocessing, os, signal
            guard = multiprocessing.get_context('fork').Lock()
            pid = os.fork()
            if pid == 0:
                guard.acquire()
                os.kill(os.getpid(), signal.SIGKILL)
            os.waitpid(pid, 0)
            print(guard.acquire(timeout=0.05))
        """)
        self.assertEqual(result.stdout, "False\n")
        gid = lock(result, "guard")["id"]
        child = result.journal_of(result.main.of("fork")[0]["pid"])
        self.assertEqual([(e.kind, e.outcome, e.line[1]) for e in child.events if e.obj == gid], [("ACQUIRE", "OK", 6)])
        self.assertEqual([(e.kind, e.outcome) for e in result.main.events if e.obj == gid], [("ACQUIRE", "TIMEOUT")])


if __name__ == "__main__":
    unittest.main()
