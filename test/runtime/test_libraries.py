"""Libraries that copy or build on multiprocessing. A test is skipped, by name, if its library is not installed."""

import os
import shutil
import tempfile
import unittest
from collections import Counter

from library_support import needs, tasks
from support import run_program


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


@needs("billiard")
class Billiard(unittest.TestCase):
    PROGRAM = """
        import billiard, sys
        def double(x):
            if x == 7:
                raise ValueError('seven')
            return x * 2
        def adder(items, sums):
            for item in iter(items.get, None):
                sums.put(item + 1)
        if __name__ == '__main__':
            context = billiard.get_context(sys.argv[1])
            items = context.Queue(5)
            sums = context.SimpleQueue()
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
            print(workers.apply(double, (2,)))
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
        import billiard

        # Before 4.3 a spawned child does not find the main module's definitions, and its parent blocks forever, without
        # Forkscope too.
        fresh = ("spawn", "forkserver") if tuple(int(part) for part in billiard.__version__.split(".")[:2]) >= (4, 3) else ()
        for method in ("fork",) + fresh:
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                self.assertEqual(result.stdout, "2 3\nx\n4\n30\nfailed\n[0, 2, 4]\n", result.stderr)
                self.assertEqual((result.code, result.stderr), (0, ""))
                self.assertEqual(result.records("diag"), [])
                channels = {each["name"]: each for each in result.main.of("channel") if each["owner"] == "user"}
                self.assertEqual((channels["items"]["kind"], channels["items"]["capacity"]), ("Queue", 5))
                self.assertEqual((channels["sums"]["kind"], channels["sums"]["capacity"]), ("SimpleQueue", 0))
                pipe = [each for each in channels.values() if each["kind"] == "Pipe"][0]
                self.assertEqual(pipe["names"], ["here", "there"])
                child = [(each["name"], each["target"], each["kind"]) for each in result.main.of("child")]
                self.assertEqual(child[0], ("adder", "adder", "process"))
                self.assertEqual([each[2] for each in child[1:]], ["pool-worker"] * 2)
                self.assertEqual({each["method"] for each in result.main.of("start")}, {method})
                self.assertEqual(Counter(each["origin"] for each in result.records("identity"))["pool-worker"], 2)
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"], pool["owner"]), ("Pool", 2, "workers", "user"))
                self.assertEqual(result.main.line(pool["loc"])[1], 23)
                self.assertEqual([each["state"] for each in result.main.of("poolState")], ["closed", "joined"])
                self.assertEqual(len({each["pid"] for each in result.records("poolWorker")}), 2)
                self.assertEqual(tasks(result), (1 + 3 + 1 + 3, {"OK": 7, "FAILED": 1}))
                self.assertEqual({event.line[1] for event in result.events("TASK_SUBMIT")}, {24, 25, 26, 31})
                self.assertEqual({event.line[1] for event in result.events("TASK_START")}, {3})
                failed = [event for event in result.events("TASK_END") if event.outcome == "FAILED"]
                self.assertTrue(failed[0].payload.endswith(b"ValueError: seven"), failed[0].payload)  # the end of the traceback
                self.assertEqual(len([event for event in result.events("WAIT") if event.outcome == "FAILED"]), 1)
                # The user's own messages, with the requesting lines: 3 items through the feeder, 2 sums, 1 through the
                # pipe.
                self.assertEqual(sorted(event.line[1] for event in result.events("PUT")), [17] * 3)
                received = Counter(event.line[1:] for event in result.events("RECV") if event.line)
                self.assertEqual([received[8, "adder"], received[18, "<module>"], received[22, "<module>"]], [3, 2, 1])
                # Each task is sent, acknowledged and answered.
                self.assertGreaterEqual(len(result.events("RECV")), 6 + 3 * 8)
                files = {event.line[0] for event in result.events("PUT") + result.events("RECV") if event.line}
                self.assertEqual({os.path.basename(file) for file in files}, {"program.py"})

    def test_a_task_begins_when_its_pool_has_agreed_to_it(self):
        result = run_program("""
            import sys
            from billiard import get_context
            from billiard.pool import ACK, NACK, TASK, Worker
            def work(job):
                print('ran', job)
                return job
            if __name__ == '__main__':
                inq, outq, synq = [get_context('fork').SimpleQueue() for _ in range(3)]
                for job, answer in ((0, ACK), (1, NACK), (2, ACK)):
                    inq.put((TASK, (job, None, work, (job,), {})))
                    synq.put((answer, (job,)))
                worker = Worker(inq, outq, synq, maxtasks=2, sentinel=None)
                worker.after_fork = lambda: None
                child = get_context('fork').Process(target=worker)
                child.start()
                child.join()
        """)
        self.assertEqual(result.stdout, "ran 0\nran 2\n", result.stderr)
        self.assertEqual([event.a for event in result.events("TASK_START")], [0, 2])
        self.assertEqual([event.a for event in result.events("TASK_END")], [0, 2])

    def test_a_worker_that_dies(self):
        result = run_program("""
            import os, signal
            from billiard import Pool
            def die():
                os.kill(os.getpid(), signal.SIGKILL)
            if __name__ == '__main__':
                pool = Pool(1, lost_worker_timeout=0.1)
                try:
                    pool.apply(die)
                except Exception:
                    print('lost')
                pool.terminate()
        """)
        self.assertEqual(result.stdout, "lost\n", result.stderr)
        self.assertEqual(tasks(result), (1, {}))
        self.assertEqual([event.outcome for event in result.events("TASK_RESULT")], ["FAILED"])
        self.assertIn(9, [each["signal"] for each in result.main.of("reap")])


@needs("celery")
class Celery(unittest.TestCase):
    """The pool of celery's workers, in its own kind of event loop and without a broker."""

    PROGRAM = """
        import sys
        from billiard import set_start_method
        from celery import Celery
        from celery.app.trace import trace_task_ret
        from celery.concurrency.asynpool import AsynPool
        from celery.concurrency.prefork import process_initializer
        from kombu.asynchronous import Hub, set_event_loop
        app = Celery('program', set_as_current=True)
        @app.task(name='add')
        def add(a, b):
            return a + b
        @app.task(name='fail')
        def fail():
            raise KeyError('on purpose')
        def submit(pool, name, args):
            request = {'id': name, 'task': name, 'args': args, 'kwargs': {}, 'reply_to': None}
            def done(answer):
                print(name, answer[0], flush=True)
                left.pop()
            left.append(name)
            pool.apply_async(trace_task_ret, (name, name, request, (args, {}, {}), None, None), {'app': None}, callback=done)
        left = []
        if __name__ == '__main__':
            set_start_method(sys.argv[1])
            hub = Hub()
            set_event_loop(hub)
            pool = AsynPool(2, initializer=process_initializer, initargs=(app, 'here'), threads=False, synack=sys.argv[2] == 'synack')
            pool.register_with_event_loop(hub)
            for number in range(5):
                submit(pool, 'add', ('x' * 200000, 'y') if number == 3 else (number, number))
            submit(pool, 'fail', ())
            while left:
                hub.run_once()
            pool.close()
            pool.join()
    """

    def test_tasks(self):
        import celery

        # Before 5.7 the others hang here, without Forkscope too.
        recent = (("fork", "synack"), ("spawn", "plain")) if celery.VERSION[:2] >= (5, 7) else ()
        for method, agreement in (("fork", "plain"),) + recent:
            with self.subTest(method=method, agreement=agreement):
                bare = run_program(self.PROGRAM, args=[method, agreement], recorded=False)
                result = run_program(self.PROGRAM, args=[method, agreement])
                self.assertEqual(sorted(result.stdout.splitlines()), ["add 0"] * 5 + ["fail 1"], result.stderr)
                self.assertEqual((result.code, len(result.stderr.splitlines())), (bare.code, len(bare.stderr.splitlines())))
                self.assertEqual(result.records("diag"), [])
                pool = result.main.of("pool")[0]
                self.assertEqual((pool["kind"], pool["size"], pool["name"]), ("Pool", 2, "pool"))
                self.assertEqual([each["kind"] for each in result.main.of("child")], ["pool-worker"] * 2)
                self.assertEqual({each["id"] for each in result.main.of("poolQueues")}, {pool["id"]})
                self.assertEqual(len(result.main.of("poolQueues")), 2)
                self.assertEqual(tasks(result), (6, {"OK": 5, "FAILED": 1}))
                submitted = result.events("TASK_SUBMIT")
                self.assertEqual(Counter(event.data.rstrip(b"\0") for event in submitted), {b"add": 5, b"fail": 1})
                self.assertEqual({event.obj for event in submitted}, {pool["id"]})
                # A task is identified by its name, and located at the user's definition.
                started = Counter((event.data.rstrip(b"\0"), event.line and event.line[1]) for event in result.events("TASK_START"))
                self.assertEqual(started, {(b"add", 10): 5, (b"fail", 13): 1})
                # Every received message has a recorded send, on pipes that the event loop writes in parts.
                sent, received = self.traffic(result, "SEND"), self.traffic(result, "RECV")
                self.assertEqual(received - sent, Counter())
                self.assertTrue([size for _, size in received if size > 200000], received)

    @staticmethod
    def traffic(result, kind):
        """Number of messages by size that crossed a channel, by its key."""
        keys = {}
        for journal in result.journals:
            for each in journal.of("channel") + journal.of("queue"):
                keys.update({end["id"]: end["key"] for end in each["ends"]})
            keys.update({each["id"]: each["key"] for each in journal.of("endpoint")})
        return Counter((keys.get(event.obj), event.size) for event in result.events(kind))


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
        # An unpicklable item never reached a worker.
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
                # Batches of five while there are enough calls, then smaller ones: each is one task of several calls.
                batches = [event.data.rstrip(b"\0").split(b"\0") for event in submitted]
                self.assertEqual({name for name, _, _ in batches}, {b"double"})
                self.assertEqual(sum(int(size) for _, size, _ in batches), 20)
                self.assertEqual({event.line[1] for event in submitted}, {7})
                self.assertEqual(tasks(result), (len(batches), {"OK": len(batches)}))


class Cost(unittest.TestCase):
    def test_nothing_is_imported_for_programs_that_do_not_use_them(self):
        result = run_program("""
            import multiprocessing.pool, sys
            print(sorted(name for name in sys.modules if 'loky' in name or 'joblib' in name or name.startswith('multiprocess.')))
        """)
        self.assertEqual(result.stdout, "[]\n")

    def test_what_is_known_of_a_library_is_loaded_with_it(self):
        """Before its own code: what that code does is seen, too."""
        program = """
            import sys
            def loaded():
                return sorted(name[len(HERE):] for name in sys.modules if name.startswith(HERE))
            HERE = 'forkscope_runtime.libraries.'
            print(loaded())
            import multiprocessing
            print(loaded())
            import pebble
        """
        stand_in = "import sys\nprint('forkscope_runtime.libraries.pebble' in sys.modules)\n"
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        with open(os.path.join(folder, "pebble.py"), "w") as file:
            file.write(stand_in)
        result = run_program(program, env={"PYTHONPATH": folder})
        self.assertEqual(result.stdout, "[]\n['library', 'standard']\nTrue\n", result.stderr)


if __name__ == "__main__":
    unittest.main()
