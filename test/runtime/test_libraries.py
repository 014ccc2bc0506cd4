"""Libraries that are copies of multiprocessing or stand on it. A test is skipped, by name, where its library is not installed."""

import importlib.util
import unittest
from collections import Counter

from support import run_program


def needs(library):
    return unittest.skipIf(importlib.util.find_spec(library) is None, library + " is not installed")


def tasks(result):
    """How many started, and how they ended."""
    started = result.events("TASK_START")
    ended = {(event.a, event.b): event.outcome for event in result.events("TASK_END")}
    return len(started), Counter(ended.values())


@needs("multiprocess")
class Multiprocess(unittest.TestCase):
    PROGRAM = """
        import multiprocess, sys
        def double(x):
            if x == 7:
                raise ValueError('seven')
            return x * 2
        def adder(items, sums):
            for item in iter(items.get, None):
                sums.put(item + 1)
        if __name__ == '__main__':
            context = multiprocess.get_context(sys.argv[1])
            items = context.Queue()
            sums = context.Queue()
            child = context.Process(target=adder, args=(items, sums), name='adder')
            child.start()
            for number in (1, 2, None):
                items.put(number)
            print(sums.get(), sums.get())
            child.join()
            here, there = context.Pipe()
            here.send('x')
            print(there.recv())
            workers = context.Pool(2)
            print(workers.apply(lambda x: x + 40, (2,)))
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

    def test_everything_under_every_start_method(self):
        for method in ("fork", "spawn", "forkserver"):
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                self.assertEqual(result.stdout, "2 3\nx\n42\n30\nfailed\n[0, 2, 4]\n", result.stderr)
                self.assertEqual(result.code, 0)
                channels = {each["name"]: each for each in result.main.of("channel") if each["owner"] == "user"}
                self.assertEqual(
                    [(name, channels[name]["kind"]) for name in ("items", "sums")], [("items", "Queue"), ("sums", "Queue")]
                )
                pipe = [each for each in channels.values() if each["kind"] == "Pipe"][0]
                self.assertEqual(pipe["names"], ["here", "there"])
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"], pool["owner"]), ("Pool", 2, "workers", "user"))
                self.assertEqual(result.main.line(pool["loc"])[1], 23)
                self.assertEqual(Counter(each["kind"] for each in result.main.of("child")), {"process": 1, "pool-worker": 2})
                self.assertEqual({each["method"] for each in result.main.of("start")}, {method})
                self.assertEqual(tasks(result), (1 + 3 + 1 + 3, {"OK": 7, "FAILED": 1}))
                self.assertEqual({event.line[1] for event in result.events("TASK_SUBMIT")}, {24, 25, 26, 31})
                # No line is inside of the library.
                files = {event.line[0] for event in result.events("PUT") + result.events("RECV") if event.line}
                self.assertEqual([file for file in files if "multiprocess" in file], [])


@needs("loky")
class Loky(unittest.TestCase):
    PROGRAM = """
        import loky, threading
        def double(x):
            if x == 7:
                raise ValueError('seven')
            return x * 2
        if __name__ == '__main__':
            executor = loky.get_reusable_executor(max_workers=2)
            print(executor.submit(double, 2).result())
            print(sum(executor.map(double, range(6), chunksize=2)))
            for task in (executor.submit(double, 7), executor.submit(double, threading.Lock())):
                print(type(task.exception()).__name__)
            executor.shutdown()
    """

    def test_executor(self):
        result = run_program(self.PROGRAM)
        self.assertEqual(result.stdout, "4\n30\nValueError\nPicklingError\n", result.stderr)
        pool = result.main.of("pool")[0]
        self.assertEqual((pool["kind"], pool["size"], pool["name"]), ("ProcessPoolExecutor", 2, "executor"))
        self.assertEqual(result.main.line(pool["loc"])[1], 8)
        self.assertEqual([each["kind"] for each in result.main.of("child")], ["executor-worker"] * 2)
        self.assertEqual({each["method"] for each in result.main.of("start")}, {"loky"})
        self.assertEqual(tasks(result), (5, {"OK": 4, "FAILED": 1}))
        self.assertEqual({event.line[1] for event in result.events("TASK_SUBMIT")}, {9, 10, 11})
        self.assertEqual(len({each["id"] for each in result.records("poolWorker")}), 2)
        # What could not be pickled never reached a worker.
        refused = [event for event in result.events("TASK_RESULT") if event.outcome == "FAILED"]
        self.assertEqual(len(refused), 2)
        self.assertEqual(len(result.events("DROP")), 1)
        self.assertEqual({each["name"] for each in result.records("identity")} & {"resource-tracker"}, {"resource-tracker"})


@needs("joblib")
class Joblib(unittest.TestCase):
    PROGRAM = """
        import sys
        from joblib import Parallel, delayed
        def double(x):
            return x * 2
        if __name__ == '__main__':
            results = Parallel(n_jobs=2, backend=sys.argv[1], batch_size=5)(delayed(double)(x) for x in range(20))
            print(sum(results))
    """

    def test_backends(self):
        for backend, kind, workers in (
            ("loky", "ProcessPoolExecutor", ["executor-worker"] * 2),
            ("multiprocessing", "Pool", ["pool-worker"] * 2),
            ("threading", "ThreadPool", []),
        ):
            with self.subTest(backend=backend):
                result = run_program(self.PROGRAM, args=[backend])
                self.assertEqual(result.stdout, "380\n", result.stderr)
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"]), (kind, 2, "joblib"))
                self.assertEqual(result.main.line(pool["loc"])[1], 7)
                self.assertEqual([each["kind"] for each in result.main.of("child")], workers)
                submitted = result.events("TASK_SUBMIT")
                # Batches of five as long as there are so many, then smaller ones: each is one task of so many calls.
                batches = [event.data.rstrip(b"\0").split(b"\0") for event in submitted]
                self.assertEqual({name for name, _, _ in batches}, {b"double"})
                self.assertEqual(sum(int(size) for _, size, _ in batches), 20)
                self.assertEqual({event.line[1] for event in submitted}, {7})
                self.assertEqual(tasks(result), (len(batches), {"OK": len(batches)}))


class Cost(unittest.TestCase):
    def test_nothing_is_imported_for_who_does_not_use_them(self):
        result = run_program("""
            import multiprocessing.pool, sys
            print(sorted(name for name in sys.modules if 'loky' in name or 'joblib' in name or name.startswith('multiprocess.')))
        """)
        self.assertEqual(result.stdout, "[]\n")


if __name__ == "__main__":
    unittest.main()
