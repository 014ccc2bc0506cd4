"""Versions of Python that are too old, or newer than the runtime knows: less is recorded, and the program continues."""

import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
import unittest
from textwrap import dedent
from unittest import mock

from support import ROOT, make_session, run, run_program

RUNTIME = os.path.join(ROOT, "server", "runtime")
START = """
import os, sys
session = sys.argv[1]
sys.path.insert(0, %r)
from forkscope_runtime import boot
boot.start(session)
""" % RUNTIME


class OtherVersions(unittest.TestCase):
    """The version is faked: the runtime is started by hand, after the fake."""

    def setUp(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="versions-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.session = make_session(self.folder)

    def start(self, before, after):
        result = run(["-c", dedent(before) + START + dedent(after), self.session], recorded=False)
        self.assertEqual((result.code, result.stderr), (0, ""))
        return result.stdout.split()

    def files(self, suffix):
        return [each for each in os.listdir(self.session) if each.endswith(suffix)]

    def test_too_old(self):
        for version in "(3, 5, 2, 'final', 0)", "(3, 3, 7, 'final', 0)":
            out = self.start("import sys\nsys.version_info = %s\n" % version, "import multiprocessing.queues\nprint('went on')")
            self.assertEqual(out, ["went", "on"])
            self.assertEqual(self.files(".fsj"), [])
            note = self.files(".txt").pop()
            with open(os.path.join(self.session, note)) as file:
                text = file.read()
            os.unlink(os.path.join(self.session, note))
            self.assertIn("2.7, and 3.6 and newer", text)
            self.assertEqual(text.count("\n"), 0)

    @unittest.skipIf(sys.version_info < (3, 13), "what later versions have must be there")
    def test_newer_than_any(self):
        out = self.start(
            "import sys\nsys.version_info = (3, 99, 0, 'final', 0)\n",
            """
            import multiprocessing as mp
            ends = mp.Pipe()
            ends[0].send(1)
            print(ends[1].recv())
            """,
        )
        self.assertEqual(out, ["1"])
        self.assertEqual(len(self.files(".fsj")), 1)

    def test_a_function_with_an_argument_that_we_do_not_know(self):
        from journal_reader import read_session

        out = self.start(
            """
            import multiprocessing.queues as queues
            known = queues.Queue.put
            def put(self, obj, block=True, timeout=None, priority=0):
                print("priority", priority)
                return known(self, obj, block, timeout)
            queues.Queue.put = put
            """,
            """
            import multiprocessing as mp
            queue = mp.Queue()
            queue.put("item", priority=3)
            print(queue.get())
            """,
        )
        self.assertEqual(out, ["priority", "3", "item"])
        (journal,) = read_session(self.session)
        (remark,) = journal.of("diag")
        self.assertEqual(remark["code"], "version")
        self.assertIn("put of Python %d.%d" % sys.version_info[:2], remark["text"])
        self.assertEqual(len([each for each in journal.events if each.kind == "RECV"]), 1, "the rest is recorded")


class Signatures(unittest.TestCase):
    def test_every_wrapper_takes_what_the_original_takes(self):
        program = """
            import inspect, sys
            import multiprocessing.pool, multiprocessing.queues, multiprocessing.connection, multiprocessing.synchronize
            import multiprocessing.managers, concurrent.futures.process, subprocess, threading, os
            seen = 0
            for name in list(sys.modules):
                module = sys.modules[name]
                if not name.startswith(("multiprocessing", "concurrent", "subprocess", "threading", "os")):
                    continue
                for owner in [module] + [each for each in vars(module).values() if inspect.isclass(each)]:
                    for key, value in list(vars(owner).items()):
                        wrapped = inspect.unwrap(value) if hasattr(value, "__wrapped__") else None
                        if wrapped is None or "forkscope" not in getattr(getattr(value, "__code__", None), "co_filename", ""):
                            continue
                        seen += 1
                        ours = inspect.signature(value, follow_wrapped=False)
                        theirs = inspect.signature(wrapped)
                        kinds = [each.kind for each in ours.parameters.values()]
                        if inspect.Parameter.VAR_POSITIONAL in kinds and inspect.Parameter.VAR_KEYWORD in kinds:
                            continue
                        if wrapped.__name__.startswith("_"):
                            continue
                        if list(ours.parameters) != list(theirs.parameters):
                            print(owner, key, ours, theirs)
                        for one, other in zip(ours.parameters.values(), theirs.parameters.values()):
                            if one.default != other.default:
                                print(owner, key, one, other)
            print(seen > 40)
        """
        result = run(["-c", dedent(program)])
        self.assertEqual((result.stdout, result.stderr), ("True\n", ""))
        self.assertEqual(result.records("diag"), [])

    @unittest.skipUnless(hasattr(os, "wait4"), "POSIX")
    def test_arguments_by_name(self):
        program = """
            import os, sys
            child = os.fork()
            if child == 0:
                os.execve(path=sys.executable, argv=[sys.executable, "-c", "raise SystemExit(4)"], env=dict(os.environ))
            print(os.wait4(pid=child, options=0)[1])
            child = os.fork()
            if child == 0:
                os._exit(status=5)
            print(os.wait3(options=0)[1])
        """
        result = run(["-c", dedent(program)])
        self.assertEqual((result.stdout.split(), result.stderr), (["1024", "1280"], ""))
        self.assertEqual([each["code"] for each in result.records("reap")], [4, 5])


class NewInLaterVersions(unittest.TestCase):
    @unittest.skipUnless(hasattr(multiprocessing.Process, "interrupt"), "new in 3.14")
    def test_interrupt(self):
        program = """
            import multiprocessing, time

            def sleep(asleep):
                try:
                    asleep.set()
                    time.sleep(60)
                except KeyboardInterrupt:
                    raise SystemExit(7)

            if __name__ == "__main__":
                asleep = multiprocessing.Event()
                process = multiprocessing.Process(target=sleep, args=(asleep,))
                process.start()
                asleep.wait()
                process.interrupt()
                process.join()
                print(process.exitcode)
        """
        result = run(dedent(program))
        self.assertEqual((result.stdout.strip(), result.stderr), ("7", ""))
        self.assertEqual([(each["signal"], each["call"]) for each in result.records("signal")], [(2, "interrupt")])

    @unittest.skipUnless(sys.version_info >= (3, 14), "new in 3.14")
    def test_interpreters(self):
        """Interpreters other than the main one are left alone; what they start is recorded anyway."""
        program = """
            import multiprocessing, os, sys
            from concurrent.futures import InterpreterPoolExecutor

            def work(number):
                import multiprocessing, subprocess, sys
                queue = multiprocessing.SimpleQueue()
                queue.put(number)
                text = subprocess.run([sys.executable, "-c", "print(%d)" % number], capture_output=True, text=True).stdout
                return queue.get(), text, any(name.startswith("forkscope") for name in sys.modules), sys.meta_path[0].__name__

            if __name__ == "__main__":
                with InterpreterPoolExecutor(2) as executor:
                    print(list(executor.map(work, range(4))))
                process = multiprocessing.Process(target=os.getpid)
                process.start()
                process.join()
                sys.exit(3)
        """
        result = run(dedent(program))
        there = [(number, "%d\n" % number, False, "BuiltinImporter") for number in range(4)]
        self.assertEqual((result.code, result.stdout, result.stderr), (3, "%s\n" % there, ""))
        pids = [each.pid for each in result.journals]
        self.assertEqual(len(pids), len(set(pids)), "one journal for a process")
        self.assertEqual([each["how"] for each in result.main.of("exit")], ["end"])
        self.assertEqual(len(result.main.of("start")), 1)
        self.assertEqual(len([each for each in result.journals if each.of("process")[0]["argv"][1:2] == ["-c"] and "print" in each.of("process")[0]["argv"][2]]), 4)

    @unittest.skipUnless(sys.version_info >= (3, 14), "new in 3.14")
    def test_workers_that_are_ended(self):
        program = """
            import sys, time
            from concurrent.futures import ProcessPoolExecutor

            def sleep(begun):
                begun.set()
                time.sleep(60)

            if __name__ == "__main__":
                import multiprocessing
                with multiprocessing.Manager() as manager:
                    begun = manager.Event()
                    executor = ProcessPoolExecutor(1)
                    future = executor.submit(sleep, begun)
                    begun.wait()
                    workers = list(executor._processes.values())
                    getattr(executor, sys.argv[1])()
                    print(type(future.exception()).__name__, [each.exitcode for each in workers])
        """
        for name, signal, call in (("terminate_workers", 15, "terminate"), ("kill_workers", 9, "kill")):
            result = run_program(program, [name])
            self.assertEqual((result.code, result.stdout, result.stderr), (0, "BrokenProcessPool [-%d]\n" % signal, ""))
            self.assertIn((signal, call), [(each["signal"], each["call"]) for each in result.main.of("signal")])
            self.assertEqual(result.records("diag"), [])

    @unittest.skipUnless(sys.version_info >= (3, 15), "new in 3.15")
    def test_lazy_imports(self):
        """A module is hooked when its import is carried out, which happens no earlier than without Forkscope."""
        program = """
            %s multiprocessing
            %s sys
            %s from concurrent.futures import ProcessPoolExecutor

            def double(number):
                return number * 2

            if __name__ == "__main__":
                print("multiprocessing" in sys.modules, "concurrent.futures" in sys.modules)
                inbox = multiprocessing.Queue()
                inbox.put(1)
                with ProcessPoolExecutor(1) as executor:
                    print(inbox.get(), list(executor.map(double, range(3))))
        """
        for words, mode in ((("lazy import", "lazy import", "lazy"), "normal"), (("import", "import", ""), "all")):
            with self.subTest(mode=mode):
                text = "\n".join(line.strip() if "import" in line else line for line in dedent(program % words).splitlines())
                bare = run(text, env={"PYTHON_LAZY_IMPORTS": mode}, recorded=False)
                result = run(text, env={"PYTHON_LAZY_IMPORTS": mode})
                self.assertEqual((bare.code, bare.stdout, bare.stderr), (0, "False False\n1 [0, 2, 4]\n", ""))
                self.assertEqual((result.code, result.stdout, result.stderr), (0, bare.stdout, ""))
                self.assertIn("inbox", [each.get("name") for each in result.main.of("channel")])
                self.assertEqual([each["name"] for each in result.main.of("pool")], ["executor"])
                self.assertEqual(len(result.events("TASK_END")), 3)
                self.assertEqual(result.records("diag"), [])

    @unittest.skipUnless(hasattr(sys, "remote_exec"), "new in 3.14")
    def test_a_script_from_outside(self):
        program = """
            import os, subprocess, sys, tempfile, time

            came = []
            with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
                script.write("import __main__\\n__main__.came.append(1)\\n")
                script.flush()
                os.chmod(script.name, 0o644)
                asked = "import sys; sys.remote_exec(%d, %r)" % (os.getpid(), script.name)
                done = subprocess.run([sys.executable, "-c", asked], stderr=subprocess.PIPE, text=True)
                if "PermissionError" in done.stderr:
                    came.append(1)
                end = time.monotonic() + 30
                while not came and time.monotonic() < end:
                    time.sleep(0.01)
            print(came)
        """
        result = run(dedent(program))
        self.assertEqual((result.stdout, result.stderr), ("[1]\n", ""))
        self.assertEqual(result.records("diag"), [])


@unittest.skipUnless("free-threading build" in sys.version, "a build without the interpreter's lock")
class WithoutTheLock(unittest.TestCase):
    PROGRAM = """
        import multiprocessing, sys, warnings

        def work(queue):
            queue.put(sys._is_gil_enabled())

        if __name__ == "__main__":
            warnings.simplefilter("error")
            context = multiprocessing.get_context("forkserver")
            queue = context.Queue()
            process = context.Process(target=work, args=(queue,))
            process.start()
            print(sys._is_gil_enabled(), queue.get(), type(multiprocessing.connection.Connection._send_bytes).__name__)
            process.join()
    """

    def test_it_stays_off(self):
        """Also with an extension module already in the accelerators' folder."""
        import subprocess
        import sysconfig
        from _imp import extension_suffixes

        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None or not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
            self.skipTest("nothing can be compiled here")
        folder = tempfile.mkdtemp(prefix="native-")
        self.addCleanup(shutil.rmtree, folder)
        source = os.path.join(folder, "module.c")
        with open(source, "w") as file:  # it does not declare anything about the GIL
            file.write("""
                #include <Python.h>
                static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "forkscope_accelerator", .m_size = -1};
                PyMODINIT_FUNC PyInit_forkscope_accelerator(void) { return PyModule_Create(&module); }
            """)
        path = os.path.join(folder, "forkscope_accelerator" + extension_suffixes()[0])
        subprocess.run([compiler, "-shared", "-fPIC", "-I" + sysconfig.get_path("include"), source, "-o", path], check=True)
        os.chmod(path, 0o600)
        for native in ("0", folder):
            with mock.patch.dict(os.environ, FORKSCOPE_NATIVE=native):
                result = run_program(self.PROGRAM)
            self.assertEqual((result.code, result.stdout, result.stderr), (0, "False False function\n", ""))
            self.assertEqual(result.records("diag"), [])

    def test_it_may_be_on(self):
        result = run_program(self.PROGRAM, env={"PYTHON_GIL": "1"})
        self.assertEqual((result.code, result.stdout, result.stderr), (0, "True True function\n", ""))

    def test_there_is_no_accelerator(self):
        import subprocess

        build = os.path.join(RUNTIME, "native", "build.py")
        folder = tempfile.mkdtemp(prefix="native-")
        self.addCleanup(shutil.rmtree, folder)
        done = subprocess.run([sys.executable, "-I", "-B", build, folder, os.path.join(folder, "stamp")], stderr=subprocess.PIPE, text=True)
        self.assertEqual((done.returncode, done.stderr), (1, "free-threaded builds are served by the Python code\n"))
        self.assertEqual(os.listdir(folder), [])


class Counting(unittest.TestCase):
    def test_no_number_twice_without_the_interpreters_lock(self):
        sys.path.insert(0, RUNTIME)
        try:
            from forkscope_runtime import compat
        finally:
            sys.path.remove(RUNTIME)

        state = [0]

        def slow():  # like itertools.count in free-threaded builds: it reads, then writes
            now = state[0]
            for _ in range(50):
                pass
            state[0] = now + 1
            return now

        count = compat.one_at_a_time(slow)
        found = []
        threads = [threading.Thread(target=lambda: found.extend([count() for _ in range(500)])) for _ in range(4)]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            for each in threads:
                each.start()
            for each in threads:
                each.join()
        finally:
            sys.setswitchinterval(interval)
        self.assertEqual(sorted(found), list(range(2000)))


if __name__ == "__main__":
    unittest.main()
