"""The accelerator: the same bytes as from the Python code, the same program, and no effect where it cannot run."""

import array
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

from support import ROOT, run_program
from forkscope_runtime import cells, locate, mapping, records, ring
from forkscope_runtime import vocabulary as v

SOURCES = os.path.join(ROOT, "server", "runtime", "native")
RING_AT, SLOTS = 4096, 1024


def load_builder():
    spec = importlib.util.spec_from_file_location("build", os.path.join(SOURCES, "build.py"))
    builder = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(builder)
    return builder


builder = load_builder()
UNFIT = builder.unfit()


class Journal:
    """A mapped file with a ring and some thread slots, as created by journal.py."""

    def __init__(self, path, payload):
        size = RING_AT + SLOTS * v.SLOT_SIZE
        self.mapped = mapping.create(path, size, ((0, RING_AT), (RING_AT, ring.FIRST_SLOTS * v.SLOT_SIZE)))
        self.ring = ring.Ring(self.mapped, path, RING_AT, SLOTS, payload)
        self.ring.begin()
        self.cells, self.give = cells.make_giver(1024, 4, lambda ident: None)


@unittest.skipIf(UNFIT, UNFIT)
class Built(unittest.TestCase):
    """With an accelerator for this interpreter."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="accelerator-")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        stamp = os.path.join(cls.folder, "stamp")
        subprocess.run([sys.executable, "-I", "-B", os.path.join(SOURCES, "build.py"), cls.folder, stamp], check=True)
        with open(stamp) as file:
            assert file.read() == "built"
        cls.path = os.path.join(cls.folder, builder.NAME + builder.suffix())
        cls.module = builder.load(cls.path)

    def writer(self):
        return self.module.Writer(locate.sort_of, locate.declare, ring.flatten, lambda error, where: False)

    def pair(self, payload):
        """The same journal twice: for the Python code, and for the accelerator's writer."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        plain, quick = Journal(os.path.join(folder, "plain"), payload), Journal(os.path.join(folder, "quick"), payload)
        writer = self.writer()
        quick.ring.accelerate(writer, lambda ident: quick.cells[ident][0] if ident in quick.cells else quick.give(ident)[0])
        return plain, quick, writer

    def test_events_are_the_same_bytes(self):
        for payload_max in (0, 10, 64, 65, 256, 4096):
            plain, quick, _ = self.pair(payload_max)
            chance = random.Random(payload_max)
            for _ in range(2500 if payload_max <= 256 else 400):  # the ring wraps
                kind, outcome, flags = chance.randrange(1, 20), chance.randrange(10), chance.choice((0, 256, 512, 1024))
                numbers = [chance.choice((0, 1, 2**31, 2**52, 2**63 - 1)) for _ in range(3)] + [chance.choice((0, 5, 2**32 - 1))]
                extra = chance.choice(((), (-1,), (-(2**63), 2**63 - 1)))
                raw = bytes(bytearray(chance.randrange(256) for _ in range(chance.choice((0, 1, 63, 64, 65, 176, 177, 300, 5000)))))
                kinds = (None, raw, memoryview(raw), memoryview(raw)[::2], bytearray(raw), array.array("I", [1, 2, 3]), memoryview(array.array("H", [7] * 90)))
                for journal in (plain, quick):
                    if len(extra) == 2:
                        journal.ring.emit(kind, outcome, flags, *numbers, *extra, chance.choice(kinds[:1]), 7)
                    else:
                        journal.ring.emit(kind, outcome, flags, *numbers, *extra)
                payload = chance.choice(kinds)
                for journal in (plain, quick):
                    journal.ring.emit(kind, outcome, flags, *numbers, 1, 2, payload)
            self.assertEqual(plain.mapped[:], quick.mapped[:])
            self.assertEqual(plain.ring.recycled, quick.ring.recycled)
            self.assertEqual(plain.ring.unwritten, quick.ring.unwritten)

    def test_cells_are_the_same_bytes(self):
        plain, quick, writer = self.pair(64)
        enter, leave = cells.make_cells(plain.mapped, plain.cells, plain.give)
        for arguments in ((1, 2, 3, 4, 5, 6), (9, 2**52, 7, -1, -5, 123456)):
            made = [enter(*arguments), writer.enter(*arguments)]
            self.assertEqual(plain.mapped[:RING_AT], quick.mapped[:RING_AT])
            self.assertEqual([enter(*arguments), writer.enter(*arguments)], [None, None], "the outer one stays")
            leave(made[0])
            writer.leave(made[1])
            self.assertEqual(plain.mapped[:RING_AT], quick.mapped[:RING_AT])
        writer.leave(None)

    def test_records_are_the_same_bytes(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        values = (
            None, True, False, 0, -1, 2**63 - 1, -(2**63), 2**80, 0.5, float("inf"), "", "plain", 'a "quote"', "back\\slash", "\n\0", "\u00e9\u4e2d", "\U0001f600",
            "\ud800", [], (1, "b", [None]), {"a": {"b": "\u00e9"}}, {}, list(range(200)), "x" * 5000, object, b"bytes",
            type("Text", (str,), {})("mine"), type("Number", (int,), {})(7),
        )  # fmt: skip
        written = []
        for quick in (False, True):
            path = os.path.join(folder, str(quick))
            begun = RING_AT + records.FIRST_SLOTS * v.SLOT_SIZE
            mapped = mapping.create(path, RING_AT + 1000 * v.SLOT_SIZE, ((0, begun),))
            area = records.Records(mapped, path, RING_AT, 600)
            if quick:
                writer = self.writer()
                writer.bind(mapped, RING_AT + 600 * v.SLOT_SIZE, 56, 64, 64, None, None, None)
                area.accelerate(writer, 1)
            for value in values:
                area.record("kind", t=5, value=value, other=[value, {"in": value}])
            for number in range(1000):  # more than the ring can hold
                area.record("many", number=number, t=number)
            written.append((mapped[:], os.stat(path).st_blocks))
        self.assertEqual(written[0], written[1])
        self.assertNotEqual(written[0][0][v.HEADER_AT_META_DROPPED : v.HEADER_AT_META_DROPPED + 8], bytes(8))

    def test_lines_are_the_same(self):
        writer = self.writer()

        def here(depth):
            if depth:
                return here(depth - 1)
            frame = sys._getframe()
            return [
                (locate.user_line(frame), writer.user_line(frame)), (locate.user_line(frame.f_back), writer.user_line(frame.f_back)),
                (locate.is_user_frame(frame), writer.is_user_frame(frame)),
            ]  # fmt: skip

        for _ in range(3):
            for plain, quick in here(0) + here(3) + here(0):
                self.assertEqual(plain, quick)
        for number in range(3000):  # the table grows
            space = {}
            exec(compile("import sys\ndef f():\n return sys._getframe()\nframe = f()", "/user-%d.py" % number, "exec"), space)
            self.assertEqual(locate.user_line(space["frame"]), writer.user_line(space["frame"]))

    def test_wrong_arguments_are_errors(self):
        writer = self.writer()
        for call in (
            lambda: writer.emit(), lambda: writer.emit(*"abcdefg"), lambda: writer.enter(1, "x", 2), lambda: writer.leave("x"),
            lambda: writer.user_line(5), lambda: writer.is_user_frame(None), lambda: writer.bind(), lambda: writer.arm(b""),
            lambda: writer.bind(bytearray(8), 0, 64, 64, 1, None, None, None), lambda: writer.bind(b"x" * 9000, 0, 64, 64, 1, None, None, None),
            lambda: self.module.Writer(), lambda: self.module.Hook(writer, 1), lambda: self.module.Hook(1, 1, 1, 1, 1, 1, 1),
        ):  # fmt: skip
            with self.assertRaises((TypeError, ValueError, BufferError)):
                call()

    PROGRAM = """
        import multiprocessing, multiprocessing.connection, os, signal, sys
        kind = type(multiprocessing.connection.Connection._send_bytes).__name__
        here, there = multiprocessing.Pipe()
        for number in range(300):
            here.send((number, b"x" * number))
            assert there.recv()[0] == number
        here.send_bytes(b"raw")
        there.recv_bytes()
        queue = multiprocessing.SimpleQueue()
        queue.put(1)
        queue.get()
        print(kind, multiprocessing.connection.Connection._send_bytes.__name__, queue.put.__qualname__)
    """

    def recorded(self, native, source=PROGRAM, **named):
        named.setdefault("env", {})["FORKSCOPE_NATIVE"] = native
        saved = os.environ.pop("FORKSCOPE_NATIVE", None)
        try:
            return run_program(source, **named)
        finally:
            if saved is not None:
                os.environ["FORKSCOPE_NATIVE"] = saved

    @staticmethod
    def events_of(result):
        """The recorded events, without times, ids that vary from run to run, and the script's folder."""
        events = [(e.kind, e.outcome, e.flags, e.loc, e.size, e.a, e.b, e.payload) for e in result.main.events]
        return events, [(each["line"], each["func"]) for each in result.records("loc")]

    def test_a_program_is_recorded_the_same(self):
        quick, plain = self.recorded(self.folder), self.recorded("0")
        self.assertEqual(quick.stderr, "")
        self.assertEqual(quick.stdout.split(), ["Hook", "_send_bytes", "SimpleQueue.put"])
        self.assertEqual(plain.stdout.split(), ["function", "_send_bytes", "SimpleQueue.put"])
        self.assertEqual(self.events_of(quick), self.events_of(plain))

    def test_a_replacement_of_a_function_is_copied_and_pickled_like_one(self):
        source = """
            import copy, multiprocessing.queues, pickle
            from multiprocessing.connection import Connection
            for each in (multiprocessing.queues.Queue.put, multiprocessing.queues.SimpleQueue.get, Connection.send, Connection.recv):
                print(copy.copy(each) is each, copy.deepcopy(each) is each, pickle.loads(pickle.dumps(each)) is each)
                print(repr(each).split(" at ")[0], pickle.dumps(each))
        """
        bare, quick = run_program(source, recorded=False), self.recorded(self.folder, source)
        self.assertEqual((bare.code, bare.stdout.splitlines()[0]), (0, "True True True"))
        self.assertEqual((quick.code, quick.stdout, quick.stderr), (0, bare.stdout, ""))

    def test_a_start_imports_next_to_nothing(self):
        source = "import sys; print(*sorted(each for each in sys.modules if not each.startswith('forkscope_')))"
        bare, quick = run_program(source, recorded=False), self.recorded(self.folder, source)
        self.assertEqual(quick.stderr, "")
        # Those two are built into the interpreter: they need no file.
        self.assertLessEqual(set(quick.stdout.split()) - set(bare.stdout.split()), {"atexit", "errno", "sitecustomize"})

    def test_what_is_not_ours_is_not_loaded(self):
        other = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, other, True)
        into = os.path.join(other, os.path.basename(self.path))
        shutil.copy(self.path, into)

        def kind():
            result = self.recorded(other)
            self.assertEqual((result.code, result.stderr), (0, ""))
            return result.stdout.split()[0]

        os.chmod(into, 0o700)
        self.assertEqual(kind(), "Hook")
        os.chmod(other, 0o777)
        self.assertEqual(kind(), "function", "others may write into the folder")
        os.chmod(other, 0o700)
        os.chmod(into, 0o766)
        self.assertEqual(kind(), "function", "others may write into the file")
        os.chmod(into, 0o600)
        os.rename(into, into + ".so")
        os.symlink(into + ".so", into)
        self.assertEqual(kind(), "function", "a link")
        os.unlink(into)
        for content in (b"", b"\x7fELF nonsense", b"x" * 10000):
            with open(into, "wb") as file:
                file.write(content)
            os.chmod(into, 0o600)
            self.assertEqual(kind(), "function", "no accelerator at all")

    def test_a_handler_that_forks_while_a_hook_waits(self):
        result = self.recorded(self.folder, """
            import multiprocessing, os, signal, sys
            queue = multiprocessing.get_context("fork").SimpleQueue()  # the others have a process that tracks resources
            reader, writer = multiprocessing.Pipe(False)
            def handler(number, frame):
                if os.fork() == 0:
                    # Back in here the hook that waited in the parent goes on in the child.
                    return
                os.wait()
                queue.put('go on')
            signal.signal(signal.SIGALRM, handler)
            me = os.getpid()
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            if os.fork() == 0:
                os._exit(0)
            if os.getpid() == me:
                os.wait()
            queue._reader.poll(5)
            writer.send(os.getpid() == me)
            reader.recv()
            sys.exit(0 if os.getpid() == me else 7)
        """)
        self.assertEqual((result.code, result.stderr), (0, ""))
        self.assertEqual(len(result.journals), 3)

    def test_a_fork_inside_a_receive(self):
        result = self.recorded(self.folder, """
            import multiprocessing, os, signal, sys
            reader, writer = multiprocessing.Pipe(False)
            forked = []
            def handler(number, frame):
                pid = os.fork()
                forked.append(pid)
                if pid:
                    os.waitpid(pid, 0)
                    writer.send('for the parent')
                else:
                    writer.send('for the child')
            signal.signal(signal.SIGALRM, handler)
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            text = reader.recv()
            for _ in range(100):
                writer.send(text)
                reader.recv()
            os._exit(0) if forked == [0] else print(text)
        """)
        self.assertEqual((result.code, result.stdout, result.stderr), (0, "for the parent\n", ""))
        parent, child = result.journals
        self.assertEqual(sorted(len([each for each in journal.events if each.kind == "RECV"]) for journal in (parent, child)), [101, 101])

    CHILDREN = """
        import multiprocessing, os, sys, threading
        queue = multiprocessing.get_context("fork").SimpleQueue()
        def fork(work):
            pid = os.fork()
            if pid == 0:
                work()
                os._exit(3)
            assert os.waitpid(pid, 0)[1] == 3 << 8
        def use():
            for number in range(500):
                queue.put(b'x' * 100)
                queue.get()
            go = threading.Event()
            thread = threading.Thread(target=lambda: (go.wait(), queue.put(1)))
            thread.start()
            go.set()
            thread.join()
            queue.get()
        def declare():
            for _ in range(200):
                multiprocessing.Pipe()
        fork(lambda: None)
        fork(lambda: fork(lambda: fork(use)))
        fork(use)
        fork(declare)
        for name in ('with space', 'quo"te', '\\u00fcber \\u4e2d', '\\U0001f600', 'back' + chr(92) + 'slash', 'new\\nline', '\\udcff\\udce4\\udced\\udca0\\udc80', 'deep' * 60):
            os.mkdir(name)
            os.chdir(name)
            fork(lambda: None)
        fork(lambda: (os.rmdir(os.getcwd()), fork(lambda: None)))
    """

    def test_children_are_recorded_the_same(self):
        def events_of(result):
            self.assertEqual((result.code, result.stderr), (0, ""))
            self.assertEqual([each for each in result.records("diag")], [])
            found = []
            for journal in result.journals:
                self.assertTrue(all(each["t"] >= journal.created for each in journal.records), "a record older than its journal is not read")
                lines = [journal.line(each["loc"])[1:] if each["loc"] else None for each in journal.of("process")]
                kinds = [each["type"] for each in journal.records]
                cwd = journal.records[0]["cwd"].replace(os.path.dirname(result.main.records[0]["argv"][-1]), "")
                process = {name: value for name, value in journal.records[0].items() if name not in ("t", "argv", "cwd", "loc")}
                events = [(each.kind, each.outcome, each.size, each.line, each.payload) for each in journal.events]
                parent = result.journals.index(journal.parent) if journal.parent else None
                found.append((lines, kinds, cwd, process, events, parent, journal.state, len(journal.cells), journal.ppid == (journal.parent and journal.parent.pid)))
            return found

        quick, plain = (events_of(self.recorded(native, self.CHILDREN)) for native in (self.folder, "0"))
        self.assertEqual(len(plain), 17)
        for left, right in zip(quick, plain):
            self.assertEqual(left, right)
        self.assertEqual(len(quick), len(plain))

    CALLS = """
        import copy, os, pickle, signal, subprocess, sys, threading, time
        def end(how):
            pid = os.fork()
            if pid == 0:
                how()
                os._exit(1)
            print(os.waitpid(pid, 0)[1])
        for how in (
            lambda: os._exit(7), lambda: os._exit(-1), lambda: os._exit(True), lambda: os._exit(status=258), lambda: sys.exit(4),
            lambda: os.kill(os.getpid(), signal.SIGKILL), lambda: os.kill(os.getpid(), signal.SIGTERM),
        ):
            try:
                end(how)
            except SystemExit as error:
                os._exit(error.code)
        pid = os.fork()
        if pid == 0:
            signal.pause()
            os._exit(5)
        print(os.waitpid(pid, os.WNOHANG), os.waitpid(-1, os.WNOHANG))
        os.kill(pid, signal.SIGKILL)
        print(os.waitpid(pid, 0)[1])
        child = subprocess.Popen([sys.executable, '-S', '-E', '-c', 'import time; time.sleep(0.2); raise SystemExit(6)'])
        print(child.wait())
        for wrong in (
            lambda: os.waitpid(-1, 0), lambda: os.waitpid(2**70, 0), lambda: os.waitpid('x', 0), lambda: os.waitpid(1), lambda: os.waitpid(1, 2, 3),
            lambda: os.waitpid(1, 'x'), lambda: os.waitpid(wrong=1), lambda: os.fork(1), lambda: os.fork(x=1), lambda: os._exit(), lambda: os._exit('x'),
            lambda: os._exit(2**70), lambda: os._exit(1, 2),
        ):
            try:
                print(wrong())
            except BaseException as error:
                print(type(error).__name__, error, error.__context__)
        for call in (os.fork, os.waitpid, os._exit):
            print(call, type(call).__name__, call.__name__, call.__module__, call.__text_signature__, pickle.loads(pickle.dumps(call)) is call, copy.copy(call) is call,
                  copy.deepcopy(call) is call, type('C', (), {'call': call})().call is call, callable(call), call == call.__wrapped__, hash(call) == hash(call.__wrapped__))
    """

    def test_calls_of_os_are_recorded_the_same(self):
        def events_of(result):
            self.assertEqual((result.code, result.stderr, result.records("diag")), (0, "", []))
            found = [result.stdout.replace(result.folder, "")]
            for journal in result.journals:
                pids = {}
                for record in journal.records:
                    if record["type"] in ("fork", "reap", "exit", "spawn", "signal"):
                        pid = record.get("pid") and pids.setdefault(record["pid"], len(pids))
                        line = journal.line(record["loc"])[1:] if record.get("loc") else None
                        found.append(dict({name: value for name, value in record.items() if name not in ("t", "thread", "argv")}, pid=pid, loc=line))
            return found

        quick, plain = (events_of(self.recorded(native, self.CALLS)) for native in (self.folder, "0"))
        self.assertGreater(len(plain), 20)
        self.maxDiff = None
        self.assertEqual(quick, plain)

    def test_waiting_for_a_child_returns_its_status(self):
        for wait in ("os.waitpid(child.pid, 0)", "child.wait()"):
            source = """
                import os, subprocess, sys
                child = subprocess.Popen([sys.executable, '-S', '-E', '-c', 'import os, sys, time; time.sleep(0.3); os.kill(int(sys.argv[1]), 9)', str(os.getpid())])
                %s
            """ % wait
            cells = []
            for native in (self.folder, "0"):
                result = self.recorded(native, source)
                self.assertEqual(result.code, -9)
                cells.append([(each[0], each[-2], result.main.line(each[1])[1:]) for each in result.main.cells])
            self.assertEqual(len(cells[0]), 1)
            self.assertEqual(cells[0], cells[1])

    def test_exceptions_of_the_program_come_through(self):
        result = self.recorded(self.folder, """
            import multiprocessing, queue, signal, traceback
            class Mine(BaseException):
                pass
            def handler(number, frame):
                raise Mine('from the handler')
            signal.signal(signal.SIGALRM, handler)
            reader, writer = multiprocessing.Pipe(False)
            waiting = multiprocessing.Queue()
            for wait in (reader.recv, waiting.get):
                signal.setitimer(signal.ITIMER_REAL, 0.1)
                try:
                    wait()
                except Mine as error:
                    print(error, [line.name for line in traceback.extract_tb(error.__traceback__)][0])
            writer.close()
            for _ in range(3):
                try:
                    reader.recv()
                except EOFError as error:
                    print(type(error).__name__, error.args, error.__context__)
            for call in (reader.recv, lambda: reader._send_bytes(), lambda: reader._recv_bytes(1, 2, 3), lambda: waiting.put(), lambda: waiting.get(wrong=1)):
                try:
                    call()
                except (OSError, TypeError, EOFError) as error:
                    print(type(error).__name__)
        """)
        self.assertEqual(result.stderr, "")
        self.assertEqual(result.stdout.splitlines(), ["from the handler <module>"] * 2 + ["EOFError () None"] * 3 + ["EOFError"] + ["TypeError"] * 4)
        self.assertEqual([each.outcome for each in result.events("RECV")].count("EOFERROR"), 4)
        self.assertEqual(len(result.events("GET")), 1)
        self.assertEqual(result.records("diag"), [])


@unittest.skipUnless(os.name == "posix", "it serves Linux and macOS")
class Unfit(unittest.TestCase):
    def test_a_build_that_cannot_be_leaves_nothing(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder, True)
        stamp = os.path.join(folder, "stamp")
        env = dict(os.environ, PATH=folder)
        done = subprocess.run(
            [sys.executable, "-I", "-B", os.path.join(SOURCES, "build.py"), folder, stamp], env=env, stderr=subprocess.PIPE
        )  # fmt: skip
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(os.listdir(folder), [])


if __name__ == "__main__":
    unittest.main()
