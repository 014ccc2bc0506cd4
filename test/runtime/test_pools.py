"""Pools: workers, tasks and their outcomes, down to the submitting line."""

import multiprocessing
import unittest
from collections import Counter

from support import run_program

METHODS = multiprocessing.get_all_start_methods()


class Pools(unittest.TestCase):
    PROGRAM = """
        import multiprocessing, sys
        def double(x):
            if x == 7:
                raise ValueError('seven')
            return x * 2
        if __name__ == '__main__':
            context = multiprocessing.get_context(sys.argv[1])
            workers = context.Pool(2)
            print(workers.apply(double, (1,)))
            print(sum(workers.map(double, range(6), chunksize=2)))
            failing = workers.apply_async(double, (7,))
            try:
                failing.get()
            except ValueError:
                print('failed')
            print(list(workers.imap(double, range(3))))
            workers.close()
            workers.join()
    """

    def test_tasks_under_every_start_method(self):
        for method in METHODS:
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                self.assertEqual(result.stdout, "2\n30\nfailed\n[0, 2, 4]\n", result.stderr)
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"], pool["owner"]), ("Pool", 2, "workers", "user"))
                self.assertEqual(result.main.line(pool["loc"])[1], 9)
                self.assertEqual([each["kind"] for each in result.main.of("child")], ["pool-worker"] * 2)
                self.assertEqual([each["state"] for each in result.main.of("poolState")][:1], ["closed"])
                started = [(event.a, event.b) for event in result.events("TASK_START")]
                ended = {(event.a, event.b): event.outcome for event in result.events("TASK_END")}
                self.assertEqual(len(started), 1 + 3 + 1 + 3)
                self.assertEqual(set(started), set(ended))
                self.assertEqual(Counter(ended.values()), {"OK": 7, "FAILED": 1})
                lines = Counter(event.line[1] for event in result.events("TASK_SUBMIT"))
                self.assertEqual(set(lines), {10, 11, 12, 17})
                pids = {each["pid"] for each in result.records("poolWorker") if each.get("pid")}
                self.assertEqual(len(pids), 2)

    def test_workers_that_are_replaced(self):
        result = run_program("""
            import multiprocessing, os
            def who(x):
                return os.getpid()
            if __name__ == '__main__':
                with multiprocessing.Pool(1, maxtasksperchild=2) as workers:
                    print(len({workers.apply(who, (n,)) for n in range(6)}))
        """)
        self.assertEqual(result.stdout, "3\n", result.stderr)
        self.assertGreaterEqual(len([each for each in result.main.of("child") if each["kind"] == "pool-worker"]), 3)
        self.assertEqual(len(result.events("TASK_END")), 6)

    def test_terminate(self):
        result = run_program("""
            import multiprocessing, time
            if __name__ == '__main__':
                workers = multiprocessing.Pool(2)
                workers.apply_async(time.sleep, (60,))
                workers.terminate()
                workers.join()
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertIn("terminated", [each["state"] for each in result.main.of("poolState")])

    def test_the_name_that_a_with_gives(self):
        result = run_program("""
            from multiprocessing.pool import ThreadPool
            class Owner:
                pass
            def used():
                with ThreadPool(1) as mine:
                    pass
                with ThreadPool(1) as Owner.theirs, ThreadPool(1) as ours:
                    pass
                with ThreadPool(1):
                    pass
            with ThreadPool(1) as everyone:
                used()
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual([each.get("name") for each in result.main.of("pool")], ["everyone", "mine", "theirs", "ours", None])

    def test_a_pool_of_threads(self):
        result = run_program("""
            from multiprocessing.pool import ThreadPool
            workers = ThreadPool(2)
            print(sum(workers.map(abs, range(-4, 0), 1)))
            workers.close(); workers.join()
        """)
        self.assertEqual(result.stdout, "10\n", result.stderr)
        self.assertEqual([(each["kind"], each["size"]) for each in result.main.of("pool")], [("ThreadPool", 2)])
        self.assertEqual([event.outcome for event in result.events("TASK_END")], ["OK"] * 4)


if __name__ == "__main__":
    unittest.main()
