"""Signal handlers and timers that are recorded, and calls that a signal ends by an exception."""

import signal
import unittest

from support import POSIX, run_program


@unittest.skipUnless(POSIX, "signals")
class Signals(unittest.TestCase):
    def test_handlers_are_recorded_when_they_change(self):
        result = run_program(
            """
            import functools, signal

            def on_term(number, frame):
                pass

            def never(extra, number, frame):
                pass

            assert signal.signal(signal.SIGTERM, on_term) == signal.SIG_DFL
            assert signal.signal(signal.SIGTERM, on_term) is on_term
            signal.signal(signal.SIGUSR1, functools.partial(never, 1))
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            assert signal.signal(signal.SIGTERM, signal.SIG_DFL) is on_term
            try:
                signal.signal(signal.SIGKILL, on_term)
            except (OSError, RuntimeError):
                pass
            """
        )
        self.assertEqual(result.code, 0, result.stderr)
        found = [(each["signal"], each["kind"], each["name"].rpartition(".")[2]) for each in result.records("handler")]
        expected = [
            (signal.SIGTERM, "function", "on_term"), (signal.SIGUSR1, "function", "never"), (signal.SIGHUP, "ignore", ""),
            (signal.SIGINT, "interrupt", ""), (signal.SIGTERM, "default", ""),
        ]  # fmt: skip
        self.assertEqual(found, expected)

    def test_changes_without_end_do_not_fill_the_records(self):
        result = run_program(
            """
            import signal
            def one(number, frame): pass
            def other(number, frame): pass
            for _ in range(1500):
                signal.signal(signal.SIGTERM, one)
                signal.signal(signal.SIGTERM, other)
            """
        )
        found = result.records("handler")
        self.assertEqual(len(found), 1001)
        self.assertEqual([each["kind"] for each in found[-2:]], ["function", "unknown"])

    def test_only_the_timer_by_the_clock_is_recorded(self):
        result = run_program(
            """
            import signal
            signal.setitimer(signal.ITIMER_PROF, 50)
            signal.alarm(30)
            assert signal.alarm(0) == 30
            signal.setitimer(signal.ITIMER_REAL, 20.5, 0.25)
            try:
                signal.alarm("soon")
            except TypeError:
                pass
            """
        )
        self.assertEqual(result.code, 0, result.stderr)
        found = [(each.a, each.b) for each in result.events("TIMER")]
        self.assertEqual(found, [(30 * 10**9, 0), (0, 0), (20500000000, 250000000)])

    def test_the_watchdog_that_ends_the_process_is_recorded(self):
        result = run_program(
            """
            import faulthandler, sys
            faulthandler.dump_traceback_later(30, exit=True)
            faulthandler.dump_traceback_later(20, False, sys.__stderr__, True)
            faulthandler.dump_traceback_later(40)
            faulthandler.dump_traceback_later(timeout=1.5, exit=1)
            faulthandler.cancel_dump_traceback_later()
            try:
                faulthandler.dump_traceback_later(-1, exit=True)
            except ValueError:
                pass
            """
        )
        self.assertEqual(result.code, 0, result.stderr)
        found = [(each.a, each.flags & 4096) for each in result.events("TIMER")]
        self.assertEqual([a for a, _ in found], [30 * 10**9, 20 * 10**9, 0, 1500000000, 0])
        self.assertEqual({flag for _, flag in found}, {4096})

    def test_a_timer_that_outlives_an_exec_is_recorded(self):
        result = run_program(
            """
            import os, signal, sys
            if len(sys.argv) == 1:
                signal.alarm(30)
                os.execv(sys.executable, [sys.executable, __file__, "again"])
            assert signal.alarm(0) > 20
            """
        )
        self.assertEqual(result.code, 0, result.stderr)
        given = [each.a for each in result.events("TIMER")][1]
        self.assertTrue(20 * 10**9 < given <= 30 * 10**9, given)

    def test_an_exception_of_a_handler_is_how_a_wait_ends(self):
        result = run_program(
            """
            import multiprocessing, os, signal, threading, time

            class Enough(Exception):
                pass

            def handler(number, frame):
                raise KeyboardInterrupt if number == signal.SIGALRM else Enough

            signal.signal(signal.SIGALRM, handler)
            signal.signal(signal.SIGUSR1, handler)
            if __name__ == "__main__":
                context = multiprocessing.get_context("fork") if hasattr(multiprocessing, "get_context") else multiprocessing
                queue, lock, event = context.JoinableQueue(), context.Lock(), context.Event()
                lock.acquire()
                queue.put(1)
                child = context.Process(target=time.sleep, args=(60,))
                child.start()
                pool = context.Pool(1)
                pending = pool.apply_async(time.sleep, (60,))
                end, other = context.Pipe()

                def with_lock():
                    with lock:
                        pass

                def waitpid():
                    os.waitpid(child.pid, 0)

                unfinished = context.JoinableQueue()
                unfinished.put(1)
                empty = context.Queue()
                for call in (lock.acquire, with_lock, event.wait, child.join, unfinished.join, empty.get, end.recv, pending.wait, waitpid):
                    signal.setitimer(signal.ITIMER_REAL, 0.3)
                    try:
                        call()
                    except KeyboardInterrupt:
                        continue
                    raise SystemExit("%s was not interrupted" % call)
                threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGUSR1)).start()
                try:
                    event.wait()
                except Enough:
                    pass
                pool.terminate()
                child.terminate()
                child.join()
            """
        )
        self.assertEqual(result.code, 0, result.stderr)
        kinds = ("ACQUIRE", "WAIT", "JOIN", "QUEUE_JOIN", "GET", "RECV", "WAITPID")
        found = [
            (kind, each.outcome) for kind in kinds for each in sorted(result.main.events, key=lambda event: event.t1)
            if each.kind == kind and each.outcome in ("INTERRUPTED", "FAILED")
        ]  # fmt: skip
        interrupted, failed = "INTERRUPTED", "FAILED"
        for kind, times in (("ACQUIRE", 2), ("JOIN", 1), ("QUEUE_JOIN", 1), ("GET", 1), ("WAITPID", 1)):
            self.assertEqual(found.count((kind, interrupted)), times, (kind, found))
        self.assertEqual([each for each in found if each[0] == "WAIT"], [("WAIT", interrupted)] * 2 + [("WAIT", failed)])


if __name__ == "__main__":
    unittest.main()
