"""The runtime is a guest: the program may have changed its foundations, and must not be affected by the runtime's
reaction."""

import os
import shutil
import sys
import tempfile
import unittest
from textwrap import dedent

from support import POSIX, Alike, run_program


class Guest(Alike):
    @unittest.skipUnless(POSIX and sys.version_info[0] > 2, "fork")
    def test_what_a_test_puts_in_place_of_functions_of_os_is_not_called_by_us(self):
        program = """
            import multiprocessing as mp, os, time
            from unittest import mock

            def attempt(name, function):
                try:
                    print(name, function(), flush=True)
                except Exception as error:
                    print(name, type(error).__name__, error, flush=True)

            def fork():
                child = os.fork()
                if child == 0:
                    os._exit(3)
                return os.waitpid(child, 0)[1]

            def send():
                here, there = mp.Pipe()
                here.send(1)
                return there.recv()

            for name in ("getpid", "getppid", "getcwd", "getcwdb", "fstat", "stat", "lstat", "access", "open", "close", "write", "ftruncate", "dup",
                         "geteuid", "urandom", "WIFEXITED", "WIFSIGNALED", "register_at_fork",
                         "path.abspath", "path.basename", "path.dirname", "path.join", "path.isdir"):
                if hasattr(os, name) or "." in name:
                    with mock.patch("os." + name, side_effect=RuntimeError("on purpose")) as instead:
                        attempt(name, fork)
                        if name != "close":
                            attempt(name, send)
                        attempt(name, lambda: os.execv("/nowhere", ["nothing"]))
                        print(instead.call_count, flush=True)
            with mock.patch("os.getpid", return_value=42):
                fork()
        """
        result = self.assertSame(dedent(program))
        self.assertEqual(result.records("diag"), [])
        self.assertNotIn(42, [each.pid for each in result.journals])

    @unittest.skipIf(sys.version_info < (3, 7), "the clocks")
    def test_clocks_that_a_test_puts_in_the_place_of_ours(self):
        """As freezegun does, in all loaded modules."""
        program = """
            import multiprocessing as mp, os, sys, time
            real = {id(getattr(time, name)): name for name in ("time", "time_ns", "monotonic", "monotonic_ns")}
            frozen = {name: (lambda: 1000) for name in real.values()}
            for module in list(sys.modules.values()):
                for name, value in list(getattr(module, "__dict__", {}).items()):
                    if id(value) in real and module.__name__ not in ("threading", "queue", "selectors"):
                        setattr(module, name, frozen[real[id(value)]])
            lock = mp.Lock()
            with lock:
                pass
            if hasattr(os, "fork"):
                child = os.fork()
                if child == 0:
                    os._exit(0)
                os.waitpid(child, 0)
        """
        result = self.assertSame(dedent(program))
        self.assertEqual([record for each in result.journals for record in each.records if record["t"] < 100000], [])

    @unittest.skipUnless(sys.platform.startswith("linux"), "the limit is in /proc")
    def test_a_limited_address_space_is_the_program_s(self):
        program = """
            import resource
            try:
                print(len(bytearray(200 << 20)))
            except MemoryError:
                print("no memory")
        """

        def limit():
            import resource

            resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))

        self.assertIn("209715200", self.assertSame(dedent(program), preexec_fn=limit).stdout)

    def test_attributes_that_a_class_of_the_program_refuses(self):
        program = """
            import multiprocessing as mp, multiprocessing.queues, os
            from multiprocessing.connection import Connection

            class Queue(mp.queues.SimpleQueue):
                def __setattr__(self, name, value):
                    print(name)
                    super().__setattr__(name, value)

            class Strict(Connection):
                def __setattr__(self, name, value):
                    if name not in ("_handle", "_readable", "_writable"):
                        raise AttributeError(name)
                    super().__setattr__(name, value)

            queue = Queue(ctx=mp.get_context())
            queue.put(1)
            print(queue.get())
            reading, writing = os.pipe()
            reader, writer = Strict(reading), Strict(writing)
            writer.send(2)
            print(reader.recv())
        """
        result = self.assertSame(dedent(program))
        self.assertEqual(len(result.events("RECV")), 2)

    def test_a_class_that_the_program_has_for_sockets(self):
        program = """
            import multiprocessing.connection as mpc, socket, threading

            class Noisy(socket.socket):
                def __init__(self, *args, **named):
                    print("a socket")
                    super().__init__(*args, **named)

            listener = mpc.Listener(("localhost", 0))

            def serve():
                with listener.accept() as connection:
                    connection.send(connection.recv() + 1)

            thread = threading.Thread(target=serve)
            thread.start()
            socket.socket = Noisy
            with mpc.Client(listener.address) as client:
                client.send(1)
                print(client.recv())
            thread.join()
        """
        result = self.assertSame(dedent(program))
        self.assertEqual(len([each for each in result.records("endpoint") if each.get("remote")]), 2)

    @unittest.skipIf(sys.version_info[0] == 2, "its loaders")
    def test_a_watched_module_that_is_built_in_has_its_own_loader(self):
        """One class loads all of those, and must not be changed."""
        result = run_program("""
            import sys
            from importlib import machinery, reload
            before = dict(vars(machinery.BuiltinImporter))
            import faulthandler
            for module in (faulthandler, reload(faulthandler)):
                assert module.__loader__ is module.__spec__.loader, module.__spec__
                assert type(module.__loader__) is type or faulthandler.__file__, module.__loader__
            assert dict(vars(machinery.BuiltinImporter)) == before
            import _locale, xxsubtype
            faulthandler.dump_traceback_later(60, exit=True)
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual(len(result.events("TIMER")), 1)

    @unittest.skipIf(sys.version_info < (3, 8), "audit hooks")
    def test_an_audit_hook_that_forbids_files(self):
        for hook in ("hook", "Hooks().hook", "lambda *args: hook(*args)"):
            program = """
                import multiprocessing as mp, os, sys
                forbidden = []

                def hook(event, args):
                    if event in forbidden:
                        raise RuntimeError(event)

                class Hooks(object):
                    def hook(self, event, args):
                        hook(event, args)

                sys.addaudithook(%s)
                queue = mp.SimpleQueue()
                forbidden.append("open")
                for number in range(12000):
                    queue.put(number)
                    queue.get()
                if hasattr(os, "fork"):
                    child = os.fork()
                    if child == 0:
                        queue.put(1)
                        os._exit(queue.get())
                    print(os.waitpid(child, 0)[1])
                try:
                    open(os.devnull)
                except RuntimeError as error:
                    print(error)
                forbidden.clear()
            """
            self.assertSame(dedent(program) % hook)

    @unittest.skipUnless(POSIX, "file size limits")
    def test_a_limit_on_files_whose_signal_is_not_ignored(self):
        program = """
            import multiprocessing as mp, os, resource, signal

            def use(number):
                for each in range(number):
                    queue.put(each)
                    queue.get()

            queue = mp.SimpleQueue()
            received = []
            signal.signal(signal.SIGXFSZ, lambda *_: received.append(1))
            limited = os.fork()
            if limited == 0:
                use(10)
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
                use(12000)
                child = os.fork()
                if child == 0:
                    use(10)
                    os._exit(len(received))
                print(os.waitpid(child, 0)[1], len(received), flush=True)
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                use(12000)
                os._exit(3)
            print(os.waitpid(limited, 0)[1])
        """
        self.assertSame(dedent(program))

    @unittest.skipIf("free-threading build" in sys.version, "there they are needed for each event")
    def test_no_lock_that_the_program_may_look_for(self):
        """As eventlet does, which replaces the existing ones."""
        program = """
            import _thread, gc, multiprocessing as mp
            tasks, here = mp.SimpleQueue(), mp.Queue()
            tasks.put(here.empty() and 1)
            gc.collect()
            print(tasks.get(), len([each for each in gc.get_objects() if isinstance(each, _thread.RLock)]))
        """
        self.assertSame(dedent(program))

    def test_coverage_measures_none_of_our_files(self):
        """With its decisions in all of its versions: each file once, and its records at the end."""
        folder = tempfile.mkdtemp()
        try:
            for name, source in (
                ("__init__", ""),
                ("inorout", "class InOrOut:\n    def check_include_omit_etc(self, filename, frame):\n        return None\n"),
                ("sqldata", "class CoverageData:\n    def add_lines(self, line_data):\n        print(sorted(line_data))\n    add_arcs = add_lines\n"),
                ("data", "from coverage.sqldata import CoverageData\n"),
            ):
                path = os.path.join(folder, "coverage", name + ".py")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    file.write(source)
            program = """
                import coverage.data, coverage.inorout, multiprocessing, sys
                files = {each.__file__: [1] for each in list(sys.modules.values()) if getattr(each, "__file__", None)}
                ours = {name: 1 for name in files if "forkscope" in name or "inject" in name}
                theirs = coverage.inorout.InOrOut()
                print([name for name in ours if theirs.check_include_omit_etc(name, None) is None], theirs.check_include_omit_etc(__file__, None))
                data = coverage.data.CoverageData()
                data.add_lines(dict(ours, other=1))
                data.add_arcs(dict(ours, other=1))
                data.add_lines(line_data={})
            """
            self.assertSame(dedent(program), env={"PYTHONPATH": folder})
        finally:
            shutil.rmtree(folder)

    def test_a_reimported_module_is_hooked_again(self):
        """As eventlet's monkey_patch and ddtrace's sitecustomize do."""
        program = """
            import multiprocessing, subprocess, sys
            import multiprocessing.process, multiprocessing.queues
            for name in [each for each in sys.modules if each.split(".")[0] in ("multiprocessing", "subprocess")]:
                del sys.modules[name]
            import multiprocessing, subprocess

            if __name__ == "__main__":
                print(subprocess.call([sys.executable, "-c", "pass"]))
                queue = multiprocessing.Queue()
                queue.put(1)
                print(queue.get())
        """
        result = self.assertSame(dedent(program))
        spawned = [each for each in result.records("spawn") if each["call"] != "multiprocessing"]  # not the resource tracker
        self.assertEqual(len(spawned), 1)
        self.assertEqual((len(result.records("channel")), len(result.events("RECV"))), (1, 1))

    def test_what_is_looked_for_at_a_function_is_the_originals(self):
        """VizTracer checks whether the code of `_exit_function` is on the stack when it is terminated."""
        program = """
            import multiprocessing.util, os

            print(multiprocessing.util._exit_function.__code__.co_filename.endswith("util.py"))
            print(multiprocessing.util._exit_function.__globals__ is vars(multiprocessing.util))
            print([getattr(os.fork, "__self__", None), hasattr(os.fork, "__code__")])
        """
        self.assertSame(dedent(program))

    @unittest.skipUnless(POSIX, "exec")
    def test_a_sitecustomize_that_a_launcher_puts_in_front_hides_nothing(self):
        """As opentelemetry-instrument does; it runs as it would alone."""
        program = """
            import os, subprocess, sys
            with open("sitecustomize.py", "w") as file:
                file.write("print('theirs')\\n")
            path = [os.getcwd()] + [each for each in [os.environ.get("PYTHONPATH")] if each]
            env = dict(os.environ, PYTHONPATH=os.pathsep.join(path))
            subprocess.check_call([sys.executable, "-c", "import os, sitecustomize; print(os.path.basename(sitecustomize.__file__))"], env=env)
            pid = os.fork()
            if pid == 0:
                os.execve(sys.executable, [sys.executable, "-c", "pass"], env)
            os.waitpid(pid, 0)
            os.environ["PYTHONPATH"] = env["PYTHONPATH"]
            try:
                os.execv("/nonexistent", ["x"])
            except OSError as error:
                print(error, os.environ["PYTHONPATH"] == env["PYTHONPATH"])
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, "-c", "import sys; print(sys.argv)"])
        """
        result = self.assertSame(dedent(program))
        self.assertEqual(sorted([str(each.of('process')[0]['via']) for each in result.journals]), ['exec'] * 4 + ['fork'])


if __name__ == "__main__":
    unittest.main()
