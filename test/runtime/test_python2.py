"""The five systems on Python 2.7, run from a later one. FORKSCOPE_TEST_PYTHON2 names the interpreter; `npm test` sets it."""

import os
import pickle
import re
import unittest

from support import run_program

PYTHON2 = os.environ.get("FORKSCOPE_TEST_PYTHON2")


def run(source, **named):
    """Run a program there, recorded, and be sure that nothing of ours failed."""
    result = run_program(source, python=PYTHON2, **named)
    problems = result.records("diag")
    if problems:
        raise AssertionError(problems)
    return result


@unittest.skipUnless(PYTHON2, "no Python 2.7 on this machine")
class Python2(unittest.TestCase):
    def assertSame(self, source):
        alone = run_program(source, python=PYTHON2, recorded=False)
        result = run(source)
        told = [re.sub(r"/program-\w+/", "/program/", each.stderr) for each in (alone, result)]
        self.assertEqual((alone.code, alone.stdout, told[0]), (result.code, result.stdout, told[1]))
        return result

    def test_environments_of_their_own(self):
        result = self.assertSame("""
            import os, subprocess, sys
            show = "import os; print(sorted(each for each in os.environ if 'FORK' in each or each in ('A', 'PYTHONPATH')))"
            for env in ({}, {'A': '1'}, {'A': '1', 'PYTHONPATH': '/x'}, dict(os.environ, PYTHONPATH='/y')):
                subprocess.check_call([sys.executable, '-c', show], env=env)
            os.environ['PYTHONPATH'] = '/z'
            subprocess.check_call([sys.executable, '-c', show])
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, '-c', show])
        """)
        self.assertEqual(len(result.journals), 7)

    def test_a_fork_in_c(self):
        result = self.assertSame("""
            import ctypes, os
            import multiprocessing as mp
            ends = [mp.Pipe(False), mp.Pipe(False)]
            pid = ctypes.CDLL(None).fork()
            # Each has one of its own: two that read from one pipe take parts of each other's messages.
            a, b = ends[pid == 0]
            for i in range(100):
                b.send(i)
                a.recv()
            if pid == 0:
                os._exit(3)
            print(os.waitpid(pid, 0)[1] >> 8)
        """)
        self.assertEqual([len([event for event in each.events if event.kind == "SEND"]) for each in result.journals], [100, 100])
        self.assertEqual(result.journals[1].parent_uid, result.main.uid)

    def test_descriptors_have_the_numbers_that_they_have_alone(self):
        self.assertSame("""
            import os
            first = os.open(os.devnull, os.O_RDONLY)
            child = os.fork()
            second = os.open(os.devnull, os.O_RDONLY)
            found = sorted(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else ''
            os.urandom(1)  # from here on a descriptor of its own
            third = os.open(os.devnull, os.O_RDONLY)
            if child == 0:
                os._exit(third)
            print first, second, third, found, os.waitpid(child, 0)[1]
        """)

    def test_wrong_calls_and_what_the_program_defines(self):
        self.assertSame("""
            import multiprocessing, os, threading
            def told(function, *args, **named):
                try:
                    print function(*args, **named)
                except Exception as error:
                    print type(error).__name__, error
            lock, queue, child = multiprocessing.Lock(), multiprocessing.Queue(), multiprocessing.Process()
            for function in (os.fork, os.kill, os.waitpid, os._exit, lock.acquire, lock.release, queue.put, queue.get, child.start, child.join, child.terminate):
                told(function, 1, 2, 3, 4, 5)
                told(function, wrong=1)
            told(os.waitpid, -1, 'text')
            class Worker(threading.Thread):
                def __getattr__(self, name):
                    print 'asked for', name
                    raise ValueError(name)
                def isAlive(self):
                    print 'alive?'
                    return threading.Thread.isAlive(self)
                def run(self):
                    pass
            class Old:
                def __call__(self):
                    pass
                def __getattr__(self, name):
                    print 'old asked for', name
                    raise AttributeError(name)
            for thread in Worker(), threading.Thread(target=Old()):
                thread.start()
                thread.join()
            child = multiprocessing.Process(target=Old(), name=u'\\xe4')
            child.start()
            child.join()
            print child.exitcode
            queue.put(1, True, 10 ** 10)
            print queue.get()
        """)

    def test_fork(self):
        result = self.assertSame("""
            import os
            pid = os.fork()
            if pid == 0:
                os._exit(7)
            print os.waitpid(pid, 0)[1] >> 8
        """)
        self.assertEqual(result.stdout, "7\n")
        fork = result.main.of("fork")[0]
        self.assertEqual(result.main.line(fork["loc"])[1], 3)
        child = result.journal_of(fork["pid"])
        self.assertEqual((child.parent_uid, child.of("process")[0]["via"]), (result.main.uid, "fork"))
        self.assertEqual([each["code"] for each in result.main.of("reap")], [7])

    def test_process_queue_and_simple_queue(self):
        result = self.assertSame("""
            import multiprocessing, Queue
            from multiprocessing.queues import SimpleQueue
            def work(tasks, results):
                for item in iter(tasks.get, None):
                    results.put(item * 2)
            tasks = multiprocessing.Queue(5)
            results = SimpleQueue()
            worker = multiprocessing.Process(target=work, args=(tasks, results), name='worker')
            worker.start()
            for number in range(20):
                tasks.put(number)
            tasks.put(None)
            print sum(results.get() for each in range(20))
            worker.join()
            print worker.exitcode
            try:
                tasks.get(False)
            except Queue.Empty:
                print 'empty'
        """)
        self.assertEqual(result.stdout, "380\n0\nempty\n")
        tasks, results = result.records("channel")
        self.assertEqual((tasks["kind"], tasks["name"], tasks["capacity"], tasks["owner"]), ("Queue", "tasks", 5, "user"))
        self.assertEqual((results["kind"], results["name"], results["owner"]), ("SimpleQueue", "results", "user"))
        on = lambda channel, kind: [e for e in result.events(kind) if e.obj in [channel["id"]] + [end["id"] for end in channel["ends"]]]  # noqa: E731
        self.assertEqual([event.line[1] for event in on(tasks, "PUT")], [12] * 20 + [13])
        for kind in ("SEND", "RECV"):
            self.assertEqual([pickle.loads(event.payload) for event in on(tasks, kind)], list(range(20)) + [None])
        self.assertEqual({event.line[1:] for event in on(tasks, "RECV")}, {(5, "work")})
        self.assertEqual({event.line[1] for event in on(results, "SEND")}, {6})
        self.assertEqual({event.line[1] for event in on(results, "RECV")}, {14})
        self.assertEqual([event.outcome for event in on(tasks, "GET")], ["EMPTY"])
        start = result.main.of("start")[0]
        self.assertEqual((start["name"], start["method"]), ("worker", "fork"))
        self.assertEqual([each["name"] for each in result.journal_of(start["pid"]).of("identity")], ["worker"])

    def test_pipe(self):
        result = self.assertSame("""
            import multiprocessing
            here, there = multiprocessing.Pipe()
            here.send({'n': 1})
            print there.recv(), there.poll()
            there.send_bytes('0123456789', 2, 5)
            print here.recv_bytes()
            here.send_bytes(b'xyz')
            room = bytearray(8)
            print there.recv_bytes_into(room, 1), repr(room)
            for call in (lambda: here.send(lambda: 0), lambda: there.send_bytes('x', 5)):
                try:
                    call()
                except Exception as error:
                    print type(error).__name__
            here.close()
            try:
                there.recv()
            except EOFError:
                print 'end'
        """)
        channel = result.records("channel")[0]
        self.assertEqual((channel["kind"], channel["names"]), ("Pipe", ["here", "there"]))
        self.assertEqual([event.line[1] for event in result.events("SEND")], [4, 6, 8])
        self.assertEqual([event.payload for event in result.events("SEND")][1:], [b"23456", b"xyz"])
        receives = [(event.outcome, event.line[1]) for event in result.events("RECV")]
        self.assertEqual(receives, [("OK", 5), ("OK", 7), ("OK", 10), ("EOFERROR", 18)])

    def test_listener_and_clients(self):
        result = run_program(
            """
            from multiprocessing import Process
            from multiprocessing.connection import Client, Listener
            import sys
            key = sys.argv[1] or None
            def talk(address, number):
                client = Client(address, authkey=key)
                client.send(number)
                assert client.recv() == number
            listener = Listener(backlog=3, authkey=key)
            clients = [Process(target=talk, args=(listener.address, number)) for number in range(3)]
            for each in clients:
                each.start()
            for each in clients:
                server = listener.accept()
                server.send(server.recv())
            for each in clients:
                each.join()
            """,
            args=["key"],
            python=PYTHON2,
        )
        self.assertEqual((result.code, result.stderr), (0, ""))
        words = sorted(each["word"] for each in result.records("endpoint"))
        self.assertEqual((len(set(words)), words[::2]), (3, words[1::2]))

    def test_what_cannot_be_unpickled_is_received_and_not_got(self):
        result = self.assertSame("""
            import multiprocessing
            import multiprocessing.queues
            class Row(object):
                def __reduce__(self):
                    return make, ()
            def make():
                raise EOFError('no row')
            queue, simple, (reader, writer) = multiprocessing.Queue(), multiprocessing.queues.SimpleQueue(), multiprocessing.Pipe(False)
            for put, get in (queue.put, lambda: queue.get(timeout=30)), (simple.put, simple.get), (writer.send, reader.recv):
                put(Row())
                put(1)
                try:
                    get()
                except EOFError as error:
                    print error
                print get()
        """)
        self.assertEqual([event.outcome for event in result.events("RECV")], ["OK"] * 4 + ["OK", "UNREAD", "OK"])
        self.assertEqual([event.outcome for event in result.events("GET")], ["UNREAD"] * 2)

    def test_pool(self):
        result = self.assertSame("""
            import multiprocessing
            def double(x):
                if x == 7:
                    raise ValueError('seven')
                return x * 2
            workers = multiprocessing.Pool(2)
            print workers.apply(double, (1,)), workers.map(double, range(6), 2), list(workers.imap(double, range(3)))
            try:
                workers.apply_async(double, (7,)).get()
            except ValueError:
                print 'failed'
            workers.close()
            workers.join()
        """)
        pool = result.main.of("pool")[0]
        self.assertEqual((pool["kind"], pool["name"], pool["size"]), ("Pool", "workers", 2))
        ends = [event.outcome for event in result.events("TASK_END")]
        self.assertEqual((len(result.events("TASK_START")), ends.count("OK"), ends.count("FAILED")), (8, 7, 1))
        self.assertEqual({event.line[1] for event in result.events("TASK_SUBMIT")}, {8, 10})
        self.assertEqual([each["state"] for each in result.main.of("poolState")], ["closed", "joined"])

    def test_locks_and_subprocesses(self):
        result = self.assertSame("""
            import multiprocessing, subprocess, sys
            guard = multiprocessing.Lock()
            with guard:
                print guard.acquire(False)
            changed = multiprocessing.Event()
            print changed.wait(0.01)
            print subprocess.call([sys.executable, '-c', 'raise SystemExit(3)'])
        """)
        self.assertEqual([(each["name"], each["kind"]) for each in result.records("lock")], [("guard", "Lock"), ("changed", "Event")])
        self.assertEqual([each["call"] for each in result.main.of("spawn")], ["subprocess"])
        self.assertEqual(result.main.of("fork"), [])
        self.assertEqual(len(result.journals), 2)

    def test_the_library_finds_what_it_registered_for_the_end(self):
        self.assertSame("import multiprocessing\nmultiprocessing.log_to_stderr()\nprint multiprocessing.get_logger().level\n")

    def test_what_a_signal_handler_raises_in_our_code_is_the_programs(self):
        """Also one that takes any arguments."""
        result = self.assertSame("""
            import sys
            def handler(*args):
                raise ValueError(len(args))
            errors = sys.modules.get('forkscope_runtime.errors')
            if errors is None:
                print True
            else:
                try:
                    exec compile("handler(1, 2)", errors._HERE + "made.py", "exec")
                except ValueError as error:
                    print errors.is_foreign(error)
        """)
        self.assertEqual(result.stdout, "True\n")

    def test_exceptions_and_exit_codes(self):
        self.assertEqual(self.assertSame("import sys\nprint 1\nsys.exit(5)\n").code, 5)
        self.assertSame("import no_such_module_at_all\n")
        self.assertSame("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n")


if __name__ == "__main__":
    unittest.main()
