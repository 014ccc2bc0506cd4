"""The program's own behaviour under the runtime is the one it has alone."""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from textwrap import dedent

from support import INJECT, POSIX, environment, make_session, run


class SameAsAlone(unittest.TestCase):
    """Each program runs twice, recorded and alone, and must not be told apart from outside."""

    def assertSame(self, program, **named):
        alone = run(program, recorded=False, **named)
        recorded = run(program, **named)
        self.assertEqual((alone.code, alone.stdout), (recorded.code, recorded.stdout), recorded.stderr)
        said = [re.sub(r"pid=\d+", "pid=N", each.stderr.replace(each.folder, "@")) for each in (alone, recorded)]
        self.assertEqual(said[0], said[1])
        self.assertEqual(len(recorded.journals) > 0, True, "nothing was recorded: nothing was compared")
        return recorded

    def test_output_and_exit_code(self):
        result = self.assertSame("import sys\nprint('out')\nsys.stderr.write('err\\n')\nsys.exit(7)\n")
        self.assertEqual(result.code, 7)

    def test_traceback_of_an_exception(self):
        self.assertSame("def fail():\n    raise ValueError('on purpose')\nfail()\n")

    def test_syntax_error(self):
        self.assertSame("def broken(:\n    pass\n")

    def test_missing_script(self):
        alone = run(["no_such_script.py"], recorded=False)
        recorded = run(["no_such_script.py"])
        self.assertEqual(alone.code, recorded.code)
        self.assertEqual(alone.stderr.replace(alone.folder, "@"), recorded.stderr.replace(recorded.folder, "@"))

    def test_traceback_through_wrapped_calls_shows_none_of_our_files(self):
        program = """
            import multiprocessing as mp, os, queue
            tasks = mp.Queue(1)
            for call in (lambda: tasks.get(timeout=0.01), lambda: tasks.get(block=False), lambda: os.waitpid(0x7ffffff, 0),
                         lambda: mp.Pipe()[0].send(lambda: 0), lambda: mp.Process(bad=1)):
                try:
                    call()
                except Exception as error:
                    print(type(error).__name__)
            tasks.get_nowait()
        """
        result = run(dedent(program))
        self.assertEqual(result.code, 1)
        self.assertEqual(result.stdout.split(), ["Empty", "Empty", "ChildProcessError", mp_pickling_error(), "TypeError"])
        self.assertIn("Empty", result.stderr)

    @unittest.skipIf(sys.version_info < (3, 9), "an argument named self is the executor itself before 3.9")
    def test_arguments_of_any_name_reach_a_submitted_function(self):
        program = """
            from concurrent.futures import ProcessPoolExecutor

            def called(*args, **named):
                return args, sorted(named.items())

            if __name__ == "__main__":
                with ProcessPoolExecutor(1) as executor:
                    print(executor.submit(called, 1, self=2, original=3).result())
        """
        self.assertSame(dedent(program))

    def test_nothing_is_kept_alive(self):
        """By a frame of ours that other threads' frames are looked up in, at a fork and when the cells of threads run out."""
        program = """
            import gc, multiprocessing as mp, os, threading, weakref

            class Thing(object):
                pass

            def fork(thing):
                child = os.fork()
                if child == 0:
                    os._exit(0)
                os.waitpid(child, 0)

            def use_cells(thing):
                queue = mp.Queue()
                for _ in range(200):
                    thread = threading.Thread(target=lambda: queue.empty() and queue.put(1))
                    thread.start()
                    thread.join()
                    queue.get()

            gc.disable()
            go_on = threading.Event()
            waiting = threading.Thread(target=go_on.wait)
            waiting.start()
            for function in fork, use_cells:
                thing = Thing()
                reference = weakref.ref(thing)
                function(thing)
                del thing
                print(function.__name__, reference() is None)
            go_on.set()
            waiting.join()
        """
        result = self.assertSame(dedent(program))  # since 3.12 with a warning about the fork, and the line of the user's
        if platform.python_implementation() == "CPython":  # elsewhere nothing is freed at once, with Forkscope or without
            self.assertIn("fork True\nuse_cells True", result.stdout.replace("\r", ""))

    def test_wrong_calls_are_told_what_they_are_told_alone(self):
        program = """
            import multiprocessing as mp, multiprocessing.connection, os, sys, threading

            def told(name, function, *args, **named):
                try:
                    print(name, function(*args, **named))
                except Exception as error:
                    print(name, type(error).__name__, error)

            for name in ("fork", "forkpty", "kill", "_exit", "waitpid", "wait3", "wait4", "waitid", "execv", "posix_spawn"):
                function = getattr(os, name, None)
                if function is not None:
                    told(name, function, 1, 2, 3, 4, 5, 6)
                    told(name, function, wrong=1)
                    if name not in ("fork", "forkpty"):
                        told(name, function)
                        told(name, function, "text", "text")
                        told(name, function, None, 2.0)
            if hasattr(os, "fork"):
                told("named", os.kill, pid=os.getpid(), signal=0)
                told("options", os.waitpid, -1, "text")
            context = mp.get_context()
            things = (context.Lock(), context.RLock(), context.Semaphore(), context.Queue(), context.SimpleQueue(), context.JoinableQueue(), context.Pipe()[0],
                      context.Process(), context.Event(), context.Condition(), threading.Thread())
            for thing in things:
                for name in ("acquire", "release", "put", "get", "task_done", "send", "recv", "start", "join", "terminate", "set", "notify_all"):
                    function = getattr(thing, name, None)
                    if function is not None:
                        told(name, function, 1, 2, 3, 4, 5)
                        told(name, function, blocking=False)
            told("challenge", mp.connection.deliver_challenge)
            told("challenge", mp.connection.answer_challenge, object(), 1)
            told("block", context.Lock().acquire, block=False, timeout=2)
            if __name__ == "__main__":
                pool = mp.pool.ThreadPool(1)
                for name in ("apply_async", "imap", "map", "close", "terminate"):
                    told(name, getattr(pool, name), wrong=1)
                    told(name, getattr(pool, name), 1, 2, 3, 4, 5, 6, 7, 8)
                    told(name, getattr(type(pool), name))
                told("func", lambda: pool.apply_async(func=len, args=("abc",)).get())
        """
        self.assertSame(dedent(program))

    def test_nothing_is_asked_of_what_the_program_defines(self):
        program = """
            import multiprocessing as mp, threading
            from concurrent.futures import ProcessPoolExecutor
            from multiprocessing.queues import SimpleQueue

            class Asked(object):
                def __getattr__(self, name):
                    if name == "__name__":  # Thread asks for it
                        raise AttributeError(name)
                    print(type(self).__name__, "is asked for", name)
                    raise ValueError(name)

            class Worker(Asked, threading.Thread):
                lock = threading.Lock()

                def is_alive(self):
                    print("alive?")
                    return super().is_alive()

                @property
                def name(self):
                    print("name?")
                    return "own"

                @name.setter
                def name(self, name):
                    self._name = name

                def run(self):
                    pass

            class Process(Asked, mp.Process):
                def run(self):
                    pass

            class Queue(Asked, SimpleQueue):
                pass

            class Executor(Asked, ProcessPoolExecutor):
                pass

            class Target(Asked):
                def __call__(self):
                    pass

            class Name(str):
                def __str__(self):
                    print("text?")
                    return "own"

            if __name__ == "__main__":
                threads = [Worker(), threading.Thread(target=Target()), threading.Thread(target=Target().__call__)]
                threads[1]._name = Name("named")
                for thread in threads:
                    thread.start()
                    thread.join()
                context = mp.get_context("fork") if "fork" in mp.get_all_start_methods() else mp.get_context()
                for process in Process(), context.Process(target=Target()), context.Process(target=len, args=("",), name=Name("named")):
                    process.start()
                    process.join()
                    print(process.exitcode)
                queue = Queue(ctx=context)
                queue.put(1)
                print(queue.get())
                with Executor(1) as executor:
                    print(executor.submit(len, "abc").result())
        """
        self.assertIn("\n3\n", self.assertSame(dedent(program)).stdout)

    @unittest.skipUnless(POSIX, "fork")
    def test_timeouts_of_any_size(self):
        program = """
            import decimal, fractions, multiprocessing as mp, threading
            queue, lock, event = mp.Queue(), mp.Lock(), mp.Event()
            for timeout in 1e10, 10 ** 12, threading.TIMEOUT_MAX, decimal.Decimal(5), fractions.Fraction(9, 2), True:
                queue.put(timeout, True, timeout)
                print(queue.get(), lock.acquire(True, timeout))
                lock.release()
        """
        result = self.assertSame(dedent(program))
        self.assertEqual([len(result.events(kind)) for kind in ("PUT", "SEND", "RECV", "ACQUIRE")], [6, 6, 6, 6])
        self.assertEqual(result.records("diag"), [])

    def test_the_end_of_multiprocessing_can_be_taken_back(self):
        program = """
            import atexit, multiprocessing.util, pickle
            multiprocessing.util.Finalize(None, print, ("finalized",), exitpriority=1)
            atexit.unregister(multiprocessing.util._exit_function)
            print(pickle.loads(pickle.dumps(multiprocessing.util._exit_function)) is multiprocessing.util._exit_function)
        """
        self.assertSame(dedent(program))

    @unittest.skipUnless(POSIX and sys.version_info[0] > 2, "fork")
    def test_what_a_test_puts_in_place_of_functions_of_os_is_not_called_by_us(self):
        program = """
            import multiprocessing as mp, os, time
            from unittest import mock

            def told(name, function):
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
                        told(name, fork)
                        if name != "close":
                            told(name, send)
                        told(name, lambda: os.execv("/nowhere", ["nothing"]))
                        print(instead.call_count, flush=True)
            with mock.patch("os.getpid", return_value=42):
                fork()
        """
        result = self.assertSame(dedent(program))
        self.assertEqual(result.records("diag"), [])
        self.assertNotIn(42, [each.pid for each in result.journals])

    @unittest.skipIf(sys.version_info < (3, 7), "the clocks")
    def test_clocks_that_a_test_puts_in_the_place_of_ours(self):
        """As freezegun does, in all modules that are loaded."""
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

    @unittest.skipUnless(sys.platform.startswith("linux"), "the limit is told by /proc")
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
            told = []
            signal.signal(signal.SIGXFSZ, lambda *_: told.append(1))
            limited = os.fork()
            if limited == 0:
                use(10)
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
                use(12000)
                child = os.fork()
                if child == 0:
                    use(10)
                    os._exit(len(told))
                print(os.waitpid(child, 0)[1], len(told), flush=True)
                signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
                use(12000)
                os._exit(3)
            print(os.waitpid(limited, 0)[1])
        """
        self.assertSame(dedent(program))

    @unittest.skipIf("free-threading build" in sys.version, "there they are needed for each event")
    def test_no_lock_that_the_program_may_look_for(self):
        """As eventlet does, which replaces those that there are."""
        program = """
            import _thread, gc, multiprocessing as mp
            tasks, here = mp.SimpleQueue(), mp.Queue()
            tasks.put(here.empty() and 1)
            gc.collect()
            print(tasks.get(), len([each for each in gc.get_objects() if isinstance(each, _thread.RLock)]))
        """
        self.assertSame(dedent(program))

    def test_coverage_measures_none_of_our_files(self):
        """With what it decides by in all of its versions: each file once, and what it notes at the end."""
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

    def test_stdin_reaches_the_program(self):
        self.assertSame("print(input() + '!', input())\n", input=b"first\nsecond\n")

    def test_a_connection_that_outlives_the_modules(self):
        program = """
            import builtins, multiprocessing, sys
            ends = multiprocessing.Pipe()
            sys.modules['kept'] = builtins.kept = ends  # collected when hardly anything else is left
        """
        self.assertSame(dedent(program))
        for name in ("forkscope_runtime.hooks.connections", "forkscope_runtime.state"):
            emptied = "vars(sys.modules[%r]).update(dict.fromkeys([n for n in vars(sys.modules[%r]) if n[0] != '_'])); del a, b\n" % (name, name)
            result = run("import multiprocessing, sys\na, b = multiprocessing.Pipe()\n" + emptied)
            self.assertEqual((result.code, result.stderr), (0, ""))

    def test_modules_threads_and_descriptors(self):
        program = """
            import os, sys
            print(len(sys._current_frames()), sorted(os.listdir('/proc/self/fd')) if os.path.isdir('/proc/self/fd') else '')
            print([name for name in ('multiprocessing', 'subprocess', 'tempfile', 'logging', 'socket', 'json', 'threading', 'inspect', 'dis') if name in sys.modules])
        """
        self.assertSame(dedent(program))

    def test_wrapped_calls_can_be_pickled_as_ever(self):
        program = """
            import multiprocessing, os, pickle
            for name in ('_exit', 'kill', 'fork', 'waitpid', 'execv'):
                if hasattr(os, name):
                    data = pickle.dumps(getattr(os, name))
                    print(data, pickle.loads(data) is getattr(os, name))
            if __name__ == '__main__':
                child = multiprocessing.get_context('spawn').Process(target=os._exit, args=(9,))
                child.start()
                child.join()
                print(child.exitcode)
        """
        self.assertSame(dedent(program))

    def test_environment_and_search_path_of_the_program_name_no_folder_of_ours(self):
        result = run("import sys\nprint([each for each in sys.path if 'runtime/inject' in each])\n")
        self.assertEqual(result.stdout, "[]\n")

    def test_signatures_names_and_docs_of_wrapped_calls(self):
        program = """
            import inspect, multiprocessing as mp, multiprocessing.connection, multiprocessing.queues, os
            for each in (os.fork, os._exit, os.waitpid, mp.queues.Queue.put, mp.queues.Queue.get, mp.connection.Connection.send,
                         mp.Process.start, mp.connection.wait):
                try:
                    signature = str(inspect.signature(each))
                except ValueError:
                    signature = 'none'
                print(each.__name__, each.__module__, signature, (each.__doc__ or '')[:30].strip())
        """
        if POSIX:
            self.assertSame(dedent(program))

    @unittest.skipUnless(POSIX, "fork")
    def test_wrapped_functions_behave_as_those_of_c(self):
        program = """
            import copy, os, pickle, pickletools

            class Holder(object):
                get, ask = os.fork, os.kill

            for name in ("_exit", "fork", "waitpid", "kill", "execve"):
                function = getattr(os, name)
                print(name, repr(function), function in os.supports_fd, copy.deepcopy(function) is function)
                for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                    data = pickle.dumps(function, protocol)
                    print(data, pickle.loads(data) is function)
            child = Holder().get()
            if child == 0:
                os._exit(3)
            print(os.waitpid(child, 0)[1], Holder().ask(os.getpid(), 0))
            print(os.fork.__name__, os.fork.__module__, os.fork.__qualname__, type(os.fork).__name__)
        """
        self.assertSame(dedent(program))

    @unittest.skipUnless(POSIX, "signals")
    def test_killed_by_a_signal(self):
        self.assertEqual(self.assertSame("import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n").code, -15)

    @unittest.skipUnless(POSIX, "fork")
    def test_atexit_and_finalizers_run_as_often_as_alone(self):
        program = """
            import atexit, multiprocessing as mp, os
            def work():
                print('child', flush=True)
            if __name__ == '__main__':
                atexit.register(print, 'atexit', flush=True)
                child = mp.get_context('fork').Process(target=work)
                child.start(); child.join()
                pid = os.fork()
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
        """
        self.assertSame(dedent(program))

    def test_a_module_that_is_imported_anew_is_seen_again(self):
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
        """VizTracer looks whether the code of `_exit_function` is on the stack when it is terminated."""
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

    def test_a_sitecustomize_of_the_user_still_runs(self):
        folder = tempfile.mkdtemp()
        try:
            with open(os.path.join(folder, "sitecustomize.py"), "w") as file:
                file.write("print('customized by', __name__)\n")
            result = run("import sitecustomize\nprint(sitecustomize.__file__)\n", env={"PYTHONPATH": folder})
            self.assertEqual(result.stdout.splitlines()[0], "customized by sitecustomize")
            self.assertEqual(os.path.realpath(os.path.dirname(result.stdout.splitlines()[1])), os.path.realpath(folder))
            self.assertEqual(len(result.journals), 1)
        finally:
            shutil.rmtree(folder)

    def test_isolated_and_no_site_modes_are_left_alone(self):
        for flag in ("-I", "-S", "-E"):
            result = run([flag, "-c", "print('fine')"])
            self.assertEqual((result.code, result.stdout, result.stderr), (0, "fine\n", ""))
        self.assertEqual(run(["-S", "-c", ""]).journals, [])

    def test_module_and_command_and_stdin_programs_are_recorded(self):
        for args, source in ((["-c", "print(1)"], b""), (["-m", "this"], b""), (["-"], b"print(1)")):
            result = run(args, input=source)
            self.assertEqual(result.code, 0, result.stderr)
            self.assertEqual(len(result.journals), 1, args)


class Broken(unittest.TestCase):
    """Whatever is wrong on our side, the program does not learn of it."""

    def outcome(self, session, source="print('fine')"):
        done = subprocess.run([sys.executable, "-c", source], env=environment(session), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder, True)

    def test_session_folder_that_does_not_exist(self):
        self.assertEqual(self.outcome(os.path.join(self.folder, "gone")), (0, "fine\n", ""))

    def test_session_folder_that_is_a_file(self):
        path = os.path.join(self.folder, "file")
        open(path, "w").close()
        self.assertEqual(self.outcome(path), (0, "fine\n", ""))

    def test_session_folder_that_vanishes_before_a_fork(self):
        if not POSIX:
            return
        session = make_session(self.folder)
        source = "import os, shutil\nshutil.rmtree(%r)\npid = os.fork()\nif pid == 0:\n    os._exit(4)\nprint(os.waitpid(pid, 0)[1] >> 8)" % session
        self.assertEqual(self.outcome(session, source), (0, "4\n", ""))

    def test_options_that_make_no_sense(self):
        for options in ("payload=many", "ring=-5", ",,,", "meta=1", "ring=99999999999999999999", "payload=100000000"):
            done = run("print('fine')", options=options)
            self.assertEqual((done.code, done.stdout, done.stderr), (0, "fine\n", ""), options)

    @unittest.skipUnless(POSIX, "file size limits")
    def test_no_room_for_a_journal(self):
        import resource

        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))

        done = run("import os\npid = os.fork()\nif pid == 0:\n    os._exit(2)\nprint(os.waitpid(pid, 0)[1] >> 8)", preexec_fn=limit)
        self.assertEqual((done.code, done.stdout, done.stderr), (0, "2\n", ""))

    @unittest.skipUnless(POSIX, "descriptor limits")
    def test_no_descriptor_left(self):
        source = """
            import os, resource
            resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
            held = []
            try:
                while True:
                    held.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                pass
            pid = os.fork()
            if pid == 0:
                os._exit(5)
            print(os.waitpid(pid, 0)[1] >> 8)
        """
        done = run(dedent(source))
        self.assertEqual((done.code, done.stdout, done.stderr), (0, "5\n", ""))

    def test_nothing_is_recorded_without_a_session(self):
        environ = environment(None)
        environ["PYTHONPATH"] = INJECT
        done = subprocess.run([sys.executable, "-c", "import sys; print('forkscope_runtime' in sys.modules)"], env=environ, stdout=subprocess.PIPE)
        self.assertEqual(done.stdout.decode().strip(), "False")


def mp_pickling_error():
    """What the pickling of a lambda raises in this version."""
    import pickle

    try:
        pickle.dumps(lambda: 0)
    except Exception as error:
        return type(error).__name__


if __name__ == "__main__":
    unittest.main()
