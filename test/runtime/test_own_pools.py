"""Libraries whose pools and workers have a protocol of their own. A test is skipped, by name, if its library is not installed."""

import os
import unittest
from collections import Counter

from library_support import needs, tasks
from support import run_program


@needs("pebble")
class Pebble(unittest.TestCase):
    PROGRAM = """
        import multiprocessing, os, sys, time
        from pebble import ProcessPool, concurrent
        def double(x):
            if x == 7:
                raise ValueError('seven')
            return x * 2
        def sleep():
            time.sleep(60)
        def die():
            os._exit(3)
        @concurrent.process
        def alone(x):
            return x + 1
        if __name__ == '__main__':
            workers = ProcessPool(max_workers=2, context=multiprocessing.get_context(sys.argv[1]))
            print(workers.schedule(double, args=(2,)).result())
            print(list(workers.map(double, range(6), chunksize=4).result()))
            for function, args, timeout in ((double, (7,), None), (sleep, (), 0.3), (die, (), None)):
                try:
                    workers.schedule(function, args=args, timeout=timeout).result()
                except Exception as error:
                    print(type(error).__name__)
            workers.close()
            workers.join()
            print(alone(3).result())
    """

    def test_pool(self):
        for method in ("fork", "spawn"):
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                said = "4\n[0, 2, 4, 6, 8, 10]\nValueError\nTimeoutError\nProcessExpired\n4\n"
                self.assertEqual((result.stdout, result.code), (said, 0), result.stderr)
                self.assertEqual(result.records("diag"), [])
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"], pool["owner"], pool["library"]), ("Pool", 2, "workers", "user", "pebble"))
                self.assertEqual(result.main.line(pool["loc"])[1], 16)
                self.assertEqual([each["id"] for each in result.main.of("poolQueues")], [pool["id"]])
                self.assertIn("closed", [each["state"] for each in result.main.of("poolState")])
                children = [(each["kind"], each["target"]) for each in result.main.of("child")]
                self.assertEqual(set(children[:-1]), {("pool-worker", "pebble.pool.process.worker_process")})
                self.assertEqual(children[-1], ("process", "alone"))
                submitted = [(event.line[1], event.data.rstrip(b"\0")) for event in result.events("TASK_SUBMIT")]
                chunks = [(18, b"double\x004\x004"), (18, b"double\x002\x002")]
                self.assertEqual(submitted, [(17, b"double")] + chunks + [(21, b"double"), (21, b"sleep"), (21, b"die")])
                # What takes too long and what dies does not end in a worker: the pool puts an error in its place.
                self.assertEqual(tasks(result), (6, {"OK": 3, "FAILED": 1}))
                self.assertEqual(Counter(event.outcome for event in result.events("TASK_RESULT")), {"OK": 3, "FAILED": 3})
                failed = [event for event in result.events("TASK_END") if event.outcome == "FAILED"]
                self.assertTrue(failed[0].payload.endswith(b"ValueError: seven"), failed[0].payload)
                files = {event.line[0] for event in result.events("SEND") + result.events("RECV") if event.line}
                self.assertLessEqual({os.path.basename(file) for file in files}, {"program.py"})

    def test_a_task_that_is_cancelled_before_it_begins(self):
        result = run_program("""
            import time
            from pebble import ProcessPool
            def sleep():
                time.sleep(0.5)
            if __name__ == '__main__':
                with ProcessPool(max_workers=1) as pool:
                    first, second, third = [pool.schedule(sleep) for _ in range(3)]
                    print(third.cancel())
        """)
        self.assertEqual(result.stdout, "True\n", result.stderr)
        cancelled = [event for event in result.events("TASK_RESULT") if event.outcome == "CANCELLED"]
        self.assertEqual([(event.a, event.line[1]) for event in cancelled], [(2, 9)])


@needs("mpire")
class Mpire(unittest.TestCase):
    PROGRAM = """
        import sys
        from mpire import WorkerPool
        def double(x):
            if x == 70:
                raise ValueError('seventy')
            return x * 2
        def triple(x):
            return x * 3
        if __name__ == '__main__':
            workers = WorkerPool(n_jobs=2, start_method=sys.argv[1])
            print(sum(workers.map(double, range(8), chunk_size=2)))
            print(workers.apply(triple, 4))
            print(sorted(workers.imap_unordered(double, range(4), chunk_size=1)))
            try:
                workers.map(double, [70], chunk_size=1)
            except ValueError:
                print('failed')
            workers.terminate()
    """

    def test_pool(self):
        for method, kind in (("fork", "Pool"), ("spawn", "Pool"), ("threading", "ThreadPool")):
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                self.assertEqual((result.stdout, result.code), ("56\n12\n[0, 2, 4, 6]\nfailed\n", 0), result.stderr)
                self.assertEqual(result.records("diag"), [])
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"], pool["library"]), (kind, 2, "workers", "mpire"))
                self.assertEqual(result.main.line(pool["loc"])[1], 11)
                self.assertEqual({each["id"] for each in result.main.of("poolQueues")}, {pool["id"]})
                submitted = Counter((event.line[1], event.data.rstrip(b"\0").split(b"\0")[0]) for event in result.events("TASK_SUBMIT"))
                self.assertEqual(submitted, {(12, b"double"): 4, (13, b"triple"): 1, (14, b"double"): 4, (16, b"double"): 1})
                self.assertEqual(tasks(result), (10, {"OK": 9, "FAILED": 1}))
                # Each task is known to the worker by the number that it was handed over with.
                numbers = sorted(event.a for event in result.events("TASK_SUBMIT"))
                self.assertEqual(sorted(event.a for event in result.events("TASK_START")), numbers)
                self.assertEqual(len(set(numbers)), 10)
                self.assertEqual({event.line[1] for event in result.events("TASK_START")}, {4, 8})
                names = {each["worker"] for each in result.records("poolWorker")}
                if kind == "Pool":  # the workers of each call have the same names
                    self.assertEqual(names, {"Worker-0", "Worker-1"})
                    self.assertEqual({each["kind"] for each in result.main.of("child")[:2]}, {"pool-worker"})
                self.assertEqual([each["state"] for each in result.main.of("poolState")], ["terminated"])


@needs("aiomultiprocess")
class Aiomultiprocess(unittest.TestCase):
    PROGRAM = """
        import asyncio, sys
        from aiomultiprocess import Pool, Worker, set_start_method
        async def double(x):
            await asyncio.sleep(0.05)
            if x == 7:
                raise ValueError('seven')
            return x * 2
        async def main():
            async with Pool(processes=2) as workers:
                print(await workers.apply(double, (2,)))
                print(await workers.map(double, range(6)))
                try:
                    await workers.apply(double, (7,))
                except Exception as error:
                    print(type(error).__name__)
            child = Worker(target=double, args=(4,), name='child')
            child.start()
            print(await child.join())
        if __name__ == '__main__':
            set_start_method(sys.argv[1])
            asyncio.run(main())
    """

    def test_pool(self):
        for method in ("fork", "spawn"):
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                self.assertEqual((result.stdout, result.code), ("4\n[0, 2, 4, 6, 8, 10]\nProxyException\n8\n", 0), result.stderr)
                self.assertEqual(result.records("diag"), [])
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"], pool["library"]), ("Pool", 2, "workers", "aiomultiprocess"))
                self.assertEqual(result.main.line(pool["loc"])[1], 10)
                children = {each["name"]: (each["kind"], each["target"]) for each in result.main.of("child")}
                self.assertEqual(children["child"], ("process", "double"))
                self.assertEqual(sorted(kind for kind, _ in children.values()), ["manager", "pool-worker", "pool-worker", "process"])
                self.assertEqual(Counter(event.line[1] for event in result.events("TASK_SUBMIT")), {11: 1, 12: 6, 14: 1})
                self.assertEqual(tasks(result), (8, {"OK": 7, "FAILED": 1}))
                self.assertEqual({event.line[1] for event in result.events("TASK_START")}, {4})
                failed = [event for event in result.events("TASK_END") if event.outcome == "FAILED"]
                self.assertTrue(failed[0].payload.endswith(b"ValueError: seven"), failed[0].payload)
                # The one may do it all before the other has started.
                self.assertIn(len({each["pid"] for each in result.records("poolWorker")}), (1, 2))


@needs("execnet")
class Execnet(unittest.TestCase):
    def test_gateways_have_their_names(self):
        result = run_program("""
            import execnet
            group = execnet.Group(['popen', 'popen//id=helper'])
            for gateway in group:
                print(gateway.id, gateway.remote_exec('channel.send(42)').receive())
            group.terminate()
        """)
        self.assertEqual(result.stdout, "gw0 42\nhelper 42\n", result.stderr)
        self.assertEqual(sorted(each["name"] for each in result.records("identity")), ["gw0", "helper"])
        self.assertEqual(result.records("diag"), [])
