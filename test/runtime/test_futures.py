"""Futures of ProcessPoolExecutor that end without a worker."""

import sys
import unittest

from support import POSIX, Alike, run_program

CANCELS_AT_SHUTDOWN = sys.version_info >= (3, 9)


@unittest.skipUnless(POSIX, "fork")
class Futures(Alike):
    def test_each_cancelled_future_is_recorded_once_where_it_was_cancelled(self):
        result = run_program("""
            import multiprocessing, concurrent.futures as futures
            def wait(go):
                go.wait()
            if __name__ == '__main__':
                multiprocessing.set_start_method('fork')
                go = multiprocessing.Manager().Event()
                with futures.ProcessPoolExecutor(1) as executor:
                    tasks = [executor.submit(wait, go) for each in range(6)]
                    for each in tasks[3:]:
                        each.cancel()
                    print([each.cancel() for each in tasks[4:]])
                    go.set()
                lonely = futures.Future()
                print(lonely.cancel())
        """)
        self.assertEqual(result.stdout, "[True, True]\nTrue\n", result.stderr)
        cancelled = [event for event in result.events("TASK_RESULT") if event.outcome == "CANCELLED"]
        self.assertEqual([(event.a, event.line[1]) for event in cancelled], [(3, 11), (4, 11), (5, 11)])
        self.assertEqual({event.obj for event in cancelled}, {event.obj for event in result.events("TASK_SUBMIT")})

    def test_a_broken_executor_gives_up_what_it_has(self):
        result = run_program("""
            import multiprocessing, os, concurrent.futures as futures
            if __name__ == '__main__':
                multiprocessing.set_start_method('fork')
                executor = futures.ProcessPoolExecutor(1)
                tasks = [executor.submit(os._exit, 3) for each in range(4)]
                print({type(each.exception()).__name__ for each in tasks})
        """)
        self.assertEqual(result.stdout, "{'BrokenProcessPool'}\n", result.stderr)
        broken = [event.a for event in result.events("TASK_RESULT") if event.outcome == "BROKEN"]
        self.assertEqual(sorted(broken), list(range(len(broken))))
        self.assertEqual(len(broken), len(result.events("TASK_SUBMIT")))

    @unittest.skipUnless(CANCELS_AT_SHUTDOWN, "cancel_futures came with 3.9")
    def test_futures_cancelled_by_shutdown_are_recorded(self):
        result = run_program("""
            import multiprocessing, time, concurrent.futures as futures
            if __name__ == '__main__':
                multiprocessing.set_start_method('fork')
                executor = futures.ProcessPoolExecutor(1)
                tasks = [executor.submit(time.sleep, 0.2) for each in range(9)]
                executor.shutdown(cancel_futures=True)
                print(sum(each.cancelled() for each in tasks))
        """)
        cancelled = [event for event in result.events("TASK_RESULT") if event.outcome == "CANCELLED"]
        self.assertEqual("%d\n" % len(cancelled), result.stdout, result.stderr)
        self.assertTrue(cancelled)

    def test_futures_are_as_ever(self):
        self.assertSame("if 1:" + """
            import inspect, pickle, concurrent.futures as futures
            import concurrent.futures.process
            one = futures.Future()
            print(inspect.signature(one.cancel), inspect.signature(one.set_exception), futures.Future.cancel.__qualname__)
            one.set_exception(ValueError('once'))
            print(one.cancel(), repr(one.exception()), sorted(vars(futures.Future())))
            try:
                one.set_exception(ValueError('twice'))
            except Exception as error:
                print(type(error).__name__)
        """)


if __name__ == "__main__":
    unittest.main()
