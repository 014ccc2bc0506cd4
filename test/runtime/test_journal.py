"""The journal: no recorded event is lost, its size is bounded, and its counts stay exact."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from journal_reader import KINDS, read_session
from support import POSIX, environment, make_session, run_program
from forkscope_runtime import vocabulary as v

SENDER = """
import multiprocessing, os, sys
reader, writer = multiprocessing.Pipe(False)
report = os.fdopen(1, 'wb', 0)
for number in range({count}):
    writer.send_bytes(b'%d' % number)
    reader.recv_bytes()
    report.write(b'%d\\n' % number)
"""


def counts(journal):
    """(remaining events, events counted by the latest totals) of one kind, as far as both are known."""
    kept, recycled = {}, {}
    newest = max([event.t0 for event in journal.events if event.kind == "TOTALS"], default=0)
    for event in journal.events:
        if event.kind == "TOTALS":
            if event.t0 == newest:
                name = KINDS[event.size]
                recycled[name] = recycled.get(name, 0) + event.a
        else:
            kept[event.kind] = kept.get(event.kind, 0) + 1
    return kept, recycled


@unittest.skipUnless(POSIX, "SIGKILL")
class Killed(unittest.TestCase):
    def test_every_event_before_a_kill_is_there(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        for until in (1, 50, 400):
            session = make_session(folder)
            child = subprocess.Popen([sys.executable, "-c", SENDER.format(count=1000000)], env=environment(session), stdout=subprocess.PIPE)
            last = -1
            for line in child.stdout:
                last = int(line)
                if last >= until:
                    break
            child.send_signal(signal.SIGKILL)
            for line in child.stdout:  # what it reported before it died
                last = int(line)
            child.stdout.close()
            child.wait()
            journal = read_session(session)[0]
            for kind in ("SEND", "RECV"):
                payloads = [int(event.payload) for event in journal.events if event.kind == kind]
                self.assertGreaterEqual(len(payloads), last + 1)
                self.assertEqual(payloads, list(range(len(payloads))))
            self.assertEqual(journal.state, 0, "a killed process has not recorded its end")

    def test_a_process_that_is_stopped_or_leaves_by_exit(self):
        result = run_program("""
            import multiprocessing, os
            a, b = multiprocessing.Pipe()
            a.send('before')
            os._exit(3)
        """)
        self.assertEqual(result.code, 3)
        self.assertEqual(len(result.events("SEND")), 1)
        self.assertEqual(result.main.state, 1)

    @unittest.skipIf(sys.implementation.name == "pypy", "its ctypes looks before it reads")
    def test_a_crash_in_c(self):
        result = run_program("""
            import ctypes, multiprocessing
            a, b = multiprocessing.Pipe()
            a.send('before')
            ctypes.string_at(0)
        """)
        self.assertEqual(result.code, -signal.SIGSEGV)
        self.assertEqual(len(result.events("SEND")), 1)


class Bounded(unittest.TestCase):
    PROGRAM = """
        import multiprocessing
        reader, writer = multiprocessing.Pipe(False)
        for number in range(5000):
            writer.send_bytes(b'x' * 100)
            reader.recv_bytes()
        other, end = multiprocessing.Pipe(False)
        end.send('last')
    """

    def test_old_events_make_room_and_stay_counted(self):
        result = run_program(self.PROGRAM, options="ring=65536")
        self.assertEqual(result.code, 0, result.stderr)
        journal = result.main
        self.assertLessEqual(journal.ring_slots, 65536 // v.SLOT_SIZE)
        self.assertGreater(journal.floor, 0)
        kept, recycled = counts(journal)
        newest = [event for event in journal.events if event.kind == "SEND"][-1]
        self.assertEqual(pickle.loads(newest.payload), "last")
        for kind in ("SEND", "RECV"):
            total = kept.get(kind, 0) + recycled.get(kind, 0)
            self.assertEqual(total, 5001 if kind == "SEND" else 5000)

    def test_the_file_is_as_small_as_its_contents(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        session = make_session(folder)
        subprocess.check_call([sys.executable, "-c", "pass"], env=environment(session))
        (name,) = [each for each in os.listdir(session) if each.endswith(v.JOURNAL_SUFFIX)]
        stat = os.stat(os.path.join(session, name))
        if hasattr(stat, "st_blocks"):
            self.assertLess(stat.st_blocks * 512, 128 * 1024)

    def test_records_that_find_no_room_are_counted(self):
        result = run_program(
            """
            import multiprocessing
            held = [multiprocessing.Pipe() for each in range(300)]
            held[-1][0].send(1)
        """,
            options="meta=8192",
        )
        self.assertEqual(result.code, 0, result.stderr)
        self.assertGreater(result.main.meta_dropped, 0)
        self.assertEqual(len(result.events("SEND")), 1)

    @unittest.skipUnless(POSIX, "file size limits")
    def test_a_disk_that_fills_up(self):
        import resource

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))

        # The file is sparse, so its blocks run out. A file size limit is the closest substitute for a separate full
        # disk.
        result = run_program(self.PROGRAM, options="ring=268435456", preexec_fn=limit)
        self.assertEqual((result.code, result.stderr), (0, ""))


class Threads(unittest.TestCase):
    def test_many_threads_lose_nothing_while_the_ring_turns(self):
        for options in (None, "ring=262144"):
            result = run_program(
                """
                import multiprocessing, sys, threading
                sys.setswitchinterval(1e-5)
                def talk():
                    reader, writer = multiprocessing.Pipe(False)
                    for number in range(2000):
                        writer.send_bytes(b'n')
                        reader.recv_bytes()
                threads = [threading.Thread(target=talk) for each in range(4)]
                for each in threads: each.start()
                for each in threads: each.join()
            """,
                options=options,
            )
            self.assertEqual(result.code, 0, result.stderr)
            kept, recycled = counts(result.main)
            self.assertEqual(result.main.ring_dropped, 0)
            for kind in ("SEND", "RECV"):
                total = kept.get(kind, 0) + recycled.get(kind, 0)
                self.assertEqual(total, 8000, options)


@unittest.skipUnless(sys.platform.startswith("linux"), "mlockall, as Linux tells of it")
class Locked(unittest.TestCase):
    PROGRAM = """
        import ctypes, resource
        if ctypes.CDLL(None).mlockall(%d) != 0:
            raise SystemExit(77)
    """

    def test_locked_memory_is_recorded(self):
        result = run_program(self.PROGRAM % 3)  # MCL_CURRENT, MCL_FUTURE
        if result.code == 77:
            self.skipTest("this user may not lock so much")
        diagnostics = [(each["code"], int(each["text"])) for each in result.records("diag")]
        self.assertEqual([code for code, _ in diagnostics], ["locked:memory"])
        self.assertGreater(diagnostics[0][1], 288)

    def test_nothing_is_recorded_without_locked_memory(self):
        self.assertEqual(run_program("pass").records("diag"), [])


if __name__ == "__main__":
    unittest.main()
