"""Queues, pipes and connections: every message, every failed attempt, each at the user's line."""

import multiprocessing
import pickle
import sys
import unittest

from support import POSIX, run_program

METHODS = multiprocessing.get_all_start_methods()


def channel(result, name):
    """The record of the channel in a variable of the program."""
    found = [each for each in result.records("channel") if each.get("name") == name]
    if len(found) != 1:
        raise AssertionError("%d channels are called %s: %s" % (len(found), name, result.records("channel")))
    return found[0]


def on(result, channel_record, kind):
    """Events of a kind on the ends of a channel, or on the queue itself."""
    keys = {end["key"] for end in channel_record["ends"]}
    ids = {end["id"] for end in channel_record["ends"]} | {channel_record["id"]}
    for record in result.records("endpoint"):
        if record.get("key") in keys:
            ids.add(record["id"])
    for record in result.records("queue"):
        for end in record["ends"]:
            if end["key"] in keys:
                ids |= {end["id"], record["id"]}
    return [event for event in result.events(kind) if event.obj in ids]


class Queues(unittest.TestCase):
    def test_put_and_get_under_every_start_method(self):
        program = """
            import multiprocessing, sys
            def work(tasks, results):
                for item in iter(tasks.get, None):
                    results.put(item * 2)
            if __name__ == '__main__':
                context = multiprocessing.get_context(sys.argv[1])
                tasks = context.Queue(5)
                results = context.SimpleQueue()
                worker = context.Process(target=work, args=(tasks, results))
                worker.start()
                for number in range(20):
                    tasks.put(number)
                tasks.put(None)
                print(sum(results.get() for each in range(20)))
                worker.join()
        """
        for method in METHODS:
            with self.subTest(method=method):
                result = run_program(program, args=[method])
                self.assertEqual(result.stdout, "380\n", result.stderr)
                tasks, results = channel(result, "tasks"), channel(result, "results")
                self.assertEqual((tasks["kind"], tasks["capacity"], tasks["owner"]), ("Queue", 5, "user"))
                self.assertEqual(results["kind"], "SimpleQueue")
                self.assertEqual(result.main.line(tasks["loc"]), ("program.py", 8, "<module>"))
                puts = on(result, tasks, "PUT")
                self.assertEqual([(event.outcome, event.line[1]) for event in puts], [("OK", 13)] * 20 + [("OK", 14)])
                sends = on(result, tasks, "SEND")
                self.assertEqual([pickle.loads(event.payload) for event in sends], list(range(20)) + [None])
                takes = on(result, tasks, "RECV")
                self.assertEqual([pickle.loads(event.payload) for event in takes], list(range(20)) + [None])
                self.assertEqual({event.line[1:] for event in takes}, {(4, "work")})
                self.assertEqual(len(on(result, results, "SEND")), 20)
                self.assertEqual({event.line[1] for event in on(result, results, "SEND")}, {5})
                self.assertEqual({event.line for event in on(result, results, "RECV")}, {("program.py", 15, "<genexpr>")})

    def test_a_get_that_cannot_unpickle_what_it_took(self):
        """Both the receive and the exception are recorded, also for a SimpleQueue."""
        result = run_program("""
            import multiprocessing
            class Bomb(object):
                def __reduce__(self):
                    return int, ("not a number",)
            one, other = multiprocessing.SimpleQueue(), multiprocessing.Queue()
            for queue in (one, other):
                queue.put(1)
                queue.put(Bomb())
                print(queue.get())
                try:
                    queue.get()
                except ValueError:
                    print("raised")
        """)
        self.assertEqual(result.stdout, "1\nraised\n1\nraised\n", result.stderr)
        for name in ("one", "other"):
            queue = channel(result, name)
            takes, (failed,) = on(result, queue, "RECV"), on(result, queue, "GET")
            self.assertEqual([event.outcome for event in takes], ["OK", "OK"])
            self.assertEqual((failed.obj, failed.outcome, failed.thread), (queue["id"], "UNREAD", takes[1].thread))
            self.assertTrue(failed.t0 <= takes[1].t1 <= failed.t1)

    def test_full_and_empty_with_their_timeouts(self):
        result = run_program("""
            import multiprocessing, queue
            small = multiprocessing.Queue(1)
            small.put('a')
            for call in (lambda: small.put('b', False), lambda: small.put('c', True, 0.01), lambda: small.put_nowait('d')):
                try:
                    call()
                except queue.Full:
                    pass
            print(small.get())
            for call in (lambda: small.get(False), lambda: small.get(timeout=0.02), lambda: small.get_nowait()):
                try:
                    call()
                except queue.Empty:
                    pass
            print(small.qsize(), small.empty(), small.full())
        """)
        self.assertEqual(result.stdout, "a\n0 True False\n", result.stderr)
        small = channel(result, "small")
        puts = [(event.outcome, event.a) for event in on(result, small, "PUT")]
        self.assertEqual(puts, [("OK", -1), ("FULL", 0), ("FULL", 10000000), ("FULL", 0)])
        self.assertEqual([(event.outcome, event.a) for event in on(result, small, "GET")], [("EMPTY", 0), ("EMPTY", 20000000), ("EMPTY", 0)])
        self.assertEqual({event.line[1] for event in on(result, small, "GET")}, {11})

    def test_joinable(self):
        result = run_program("""
            import multiprocessing
            jobs = multiprocessing.JoinableQueue()
            for each in range(3):
                jobs.put(each)
            for each in range(3):
                jobs.get()
                jobs.task_done()
            jobs.join()
            try:
                jobs.task_done()
            except ValueError:
                print('too often')
        """)
        self.assertEqual(result.stdout, "too often\n", result.stderr)
        jobs = channel(result, "jobs")
        self.assertEqual(jobs["kind"], "JoinableQueue")
        self.assertEqual([event.outcome for event in on(result, jobs, "TASK_DONE")], ["OK"] * 3 + ["FAILED"])
        self.assertEqual([(event.outcome, event.line[1]) for event in on(result, jobs, "QUEUE_JOIN")], [("OK", 9)])

    def test_an_item_that_cannot_be_pickled_is_dropped_by_the_feeder(self):
        result = run_program("""
            import multiprocessing
            tasks = multiprocessing.Queue()
            tasks.put(lambda: 0)
            tasks.put('good')
            print(tasks.get())
        """)
        self.assertEqual(result.stdout, "good\n")
        self.assertIn("pickle", result.stderr.lower())
        tasks = channel(result, "tasks")
        self.assertEqual([event.outcome for event in on(result, tasks, "PUT")], ["OK", "OK"])
        self.assertEqual(len(on(result, tasks, "DROP")), 1)
        self.assertEqual(len(on(result, tasks, "SEND")), 1)

    @unittest.skipIf(sys.version_info < (3, 7), "not reported before 3.7")
    def test_what_a_queue_drops_that_has_a_way_of_its_own_with_it(self):
        result = run_program("""
            import multiprocessing
            from multiprocessing.queues import Queue

            class Silent(Queue):
                @staticmethod
                def _on_queue_feeder_error(error, item):
                    print(type(item).__name__)

            class Telling(Queue):
                def _on_queue_feeder_error(self, error, item):
                    print(sorted(name for name in vars(self) if 'feeder_error' in name))
                    super()._on_queue_feeder_error(error, item)

            for kind in Silent, Telling:
                tasks = kind(ctx=multiprocessing)
                tasks.put(lambda: 0)
                tasks.put('good')
                print(tasks.get())
            own = multiprocessing.Queue()
            own._on_queue_feeder_error = lambda error, item: print('own')
            own.put(lambda: 0)
            own.put('good')
            print(own.get(), [name for name in vars(own) if 'feeder_error' in name])
        """)
        self.assertEqual(result.stdout.split("\n")[:-1], ["function", "good", "[]", "good", "own", "good ['_on_queue_feeder_error']"])
        self.assertEqual(len(result.events("DROP")), 3)
        self.assertEqual(result.records("diag"), [])

    def test_closed_queue(self):
        result = run_program("""
            import multiprocessing
            tasks = multiprocessing.Queue()
            tasks.close()
            try:
                tasks.put(1)
            except (ValueError, AssertionError):
                print('closed')
        """)
        self.assertEqual(result.stdout, "closed\n")
        self.assertEqual([event.outcome for event in on(result, channel(result, "tasks"), "PUT")], ["CLOSED"])

    def test_names_of_variables_attributes_items_and_none(self):
        result = run_program("""
            import multiprocessing
            class Owner:
                def __init__(self):
                    self.inbox = multiprocessing.Queue()
            first = multiprocessing.Queue()
            owner = Owner()
            several = [multiprocessing.Queue() for each in range(2)]
            table = {}
            table['key'] = multiprocessing.SimpleQueue()
            multiprocessing.Queue()
            a, b = multiprocessing.Pipe()
            left = right = multiprocessing.Queue()
        """)
        self.assertEqual(result.code, 0, result.stderr)
        names = [each.get("name") for each in result.records("channel")]
        self.assertEqual(names[:2], ["first", "inbox"])
        self.assertIn("left", names)
        pipe = [each for each in result.records("channel") if each["kind"] == "Pipe"][0]
        self.assertEqual(pipe["names"], ["a", "b"])

    def test_the_name_behind_async_with(self):
        result = run_program("""
            import asyncio, multiprocessing
            def make():
                return multiprocessing.SimpleQueue()
            async def same(thing):
                return thing
            async def main():
                try:
                    async with make() as inbox:  # which it cannot do; it has been made by then
                        pass
                except (AttributeError, TypeError):
                    print('cannot')
                other = await same(make())
            asyncio.new_event_loop().run_until_complete(main())
        """)
        self.assertEqual((result.stdout, result.code), ("cannot\n", 0), result.stderr)
        self.assertEqual([each["name"] for each in result.records("channel")], ["inbox", None])

    def test_threads_of_one_process_share_a_queue(self):
        result = run_program("""
            import multiprocessing, threading
            tasks = multiprocessing.Queue()
            begun = threading.Barrier(5)
            def put():
                begun.wait()
                for each in range(200):
                    tasks.put(each)
            threads = [threading.Thread(target=put) for each in range(4)]
            for each in threads: each.start()  # an ended thread's ident may be given to the next one: all live until all have begun
            begun.wait()
            for each in range(800): tasks.get()
            for each in threads: each.join()
        """)
        self.assertEqual(result.code, 0, result.stderr)
        tasks = channel(result, "tasks")
        counts = [len(on(result, tasks, kind)) for kind in ("PUT", "SEND", "RECV")]
        self.assertEqual(counts, [800, 800, 800])
        self.assertEqual(len({event.thread for event in on(result, tasks, "PUT")}), 4)


class Pipes(unittest.TestCase):
    def test_every_call(self):
        result = run_program("""
            import multiprocessing
            left, right = multiprocessing.Pipe()
            left.send({'n': 1})
            print(right.recv())
            right.send_bytes(b'0123456789', 2, 5)
            print(left.recv_bytes())
            left.send_bytes(bytearray(b'xyz'))
            buffer = bytearray(8)
            print(right.recv_bytes_into(buffer, 1), bytes(buffer))
            print(left.poll(), left.poll(0.01))
            right.send('now')
            print(left.poll(None), left.recv())
            right.close()
            try:
                left.recv()
            except EOFError:
                print('EOFError')
            try:
                left.send(1)
            except BrokenPipeError:
                print('BrokenPipeError')
            left.close()
            try:
                left.send(1)
            except OSError:
                print('closed')
        """)
        self.assertEqual(result.stdout.splitlines()[-3:], ["EOFError", "BrokenPipeError", "closed"], result.stderr)
        sends = [(event.outcome, event.size, event.line[1]) for event in result.events("SEND")]
        self.assertEqual([each[0] for each in sends], ["OK", "OK", "OK", "OK", "BROKEN_PIPE_ERROR"])
        self.assertEqual([each[2] for each in sends], [4, 6, 8, 12, 20])
        self.assertEqual([event.payload for event in result.events("SEND")][1:3], [b"23456", b"xyz"])
        receives = [(event.outcome, event.line[1]) for event in result.events("RECV")]
        self.assertEqual(receives, [("OK", 5), ("OK", 7), ("OK", 10), ("OK", 13), ("EOFERROR", 16)])
        polls = [(event.outcome, event.a) for event in result.events("POLL")]
        self.assertEqual(polls, [("TIMEOUT", 0), ("TIMEOUT", 10000000), ("OK", -1)])
        self.assertEqual(len(result.records("close")), 2)

    def test_payload_heads_of_every_size_and_the_limit(self):
        program = """
            import multiprocessing
            reader, writer = multiprocessing.Pipe(False)
            for size in (0, 1, 63, 64, 65, 175, 176, 177, 400, 5000):
                writer.send_bytes(bytes(n % 251 for n in range(size)))
                reader.recv_bytes()
        """
        whole = bytes(n % 251 for n in range(5000))
        for limit in (0, 64, 100, 256, 4096):
            result = run_program(program, options="payload=%d" % limit)
            for kind in ("SEND", "RECV"):
                events = result.events(kind)
                self.assertEqual([event.size for event in events], [0, 1, 63, 64, 65, 175, 176, 177, 400, 5000])
                for event in events:
                    kept = min(event.size, limit)
                    self.assertEqual(event.payload[:kept], whole[:kept], (limit, event.size))

    def test_an_object_that_cannot_be_pickled_never_reached_the_pipe(self):
        result = run_program("""
            import multiprocessing
            a, b = multiprocessing.Pipe()
            try:
                a.send(lambda: 0)
            except Exception as error:
                print('refused')
        """)
        self.assertEqual(result.stdout, "refused\n")
        self.assertEqual(result.events("SEND"), [])

    def test_what_a_user_class_does_while_it_is_pickled_is_its_own(self):
        result = run_program("""
            import multiprocessing
            inner, other = multiprocessing.Pipe()
            outer, sink = multiprocessing.Pipe()
            class Noisy:
                def __reduce__(self):
                    inner.send('from inside')
                    return (str, ('done',))
            outer.send(Noisy())
            print(sink.recv(), other.recv())
        """)
        self.assertEqual(result.stdout, "done from inside\n", result.stderr)
        self.assertEqual([event.line[1] for event in result.events("SEND")], [7, 9])

    @unittest.skipUnless(POSIX, "AF_UNIX")
    def test_listener_and_client(self):
        result = run_program("""
            import multiprocessing.connection as connection, threading
            listener = connection.Listener(authkey=b'secret')
            def serve():
                with listener.accept() as server:
                    print(server.recv())
                    server.send('answer')
            thread = threading.Thread(target=serve)
            thread.start()
            client = connection.Client(listener.address, authkey=b'secret')
            client.send('question')
            print(client.recv())
            thread.join()
            listener.close()
        """)
        self.assertEqual(sorted(result.stdout.split()), ["answer", "question"], result.stderr)
        payloads = [pickle.loads(event.payload) for event in result.events("SEND") if not event.flags & 0x100]
        self.assertEqual(sorted(payloads), ["answer", "question"])

    @unittest.skipUnless(POSIX, "AF_UNIX")
    def test_a_default_timeout_of_sockets_leaves_connections_blocking(self):
        result = run_program("""
            import multiprocessing.connection as connection, socket, threading, time
            listener = connection.Listener()
            def serve():
                server = listener.accept()
                time.sleep(0.1)
                server.send('late')
            thread = threading.Thread(target=serve)
            thread.start()
            socket.setdefaulttimeout(5)
            client = connection.Client(listener.address)
            socket.setdefaulttimeout(None)
            print(client.recv())
            thread.join()
        """)
        self.assertEqual((result.stdout, result.stderr), ("late\n", ""))

    def test_wait_for_several(self):
        result = run_program("""
            import multiprocessing, multiprocessing.connection as connection
            a, b = multiprocessing.Pipe()
            print(connection.wait([a, b], 0.01))
            a.send(1)
            print(len(connection.wait([a, b])))
        """)
        self.assertEqual(result.stdout, "[]\n1\n", result.stderr)
        waits = [(event.outcome, event.a, event.b, event.line[1]) for event in result.events("SELECT_WAIT")]
        self.assertEqual(waits, [("TIMEOUT", 10000000, 0, 4), ("OK", -1, 1, 6)])

    @unittest.skipUnless(POSIX, "fork")
    def test_a_connection_sent_through_a_pipe_is_the_same_channel(self):
        result = run_program("""
            import multiprocessing
            def work(box):
                received = box.recv()
                received.send('hello')
            if __name__ == '__main__':
                context = multiprocessing.get_context('fork')
                mine, theirs = context.Pipe()
                box, other = context.Pipe()
                child = context.Process(target=work, args=(other,))
                child.start()
                box.send(theirs)
                print(mine.recv())
                child.join()
        """)
        self.assertEqual(result.stdout, "hello\n", result.stderr)
        pipe = [each for each in result.records("channel") if each.get("names") == ["mine", "theirs"]][0]
        self.assertEqual([event.line[1:] for event in on(result, pipe, "SEND")], [(5, "work")])


class Threads(unittest.TestCase):
    def test_a_dead_process_leaves_what_it_waited_for(self):
        result = run_program("""
            import multiprocessing, os, signal, time, threading
            tasks = multiprocessing.Queue()
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL if hasattr(signal, 'SIGKILL') else 9)).start()
            tasks.get()
        """)
        self.assertNotEqual(result.code, 0)
        waits = [result.main.line(cell[1]) for cell in result.main.cells]
        self.assertIn(("program.py", 5, "<module>"), waits)

    def test_an_item_that_is_dropped_at_the_end_of_its_process_is_recorded(self):
        result = run_program("""
            import multiprocessing

            class Stubborn(object):
                def __reduce__(self):
                    raise TypeError("never")

            def work(queue):
                queue.put(1)
                queue.put(Stubborn())

            if __name__ == "__main__":
                queue = multiprocessing.Queue()
                child = multiprocessing.Process(target=work, args=(queue,))
                child.start()
                print(queue.get())
                child.join()
        """)
        self.assertEqual((result.code, result.stdout, result.stderr), (0, "1\n", ""))
        self.assertEqual([bytes(each.data).rstrip(b"\0") for each in result.events("DROP")], [b"TypeError: never"])


if __name__ == "__main__":
    unittest.main()
