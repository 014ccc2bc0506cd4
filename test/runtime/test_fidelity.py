"""The program's own behavior under the runtime is the same as without it."""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import unittest
from textwrap import dedent

from support import INJECT, POSIX, Alike, environment, make_session, run


class SameAsAlone(Alike):
    """Guarantees for every program."""

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
        """Not by a frame of ours in which other threads' frames are looked up, at a fork and when the thread slots run
        out."""
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
        result = self.assertSame(dedent(program))  # since 3.12 with a warning about the fork, and the user's line
        if platform.python_implementation() == "CPython":  # elsewhere nothing is freed at once, with Forkscope or without
            self.assertIn("fork True\nuse_cells True", result.stdout.replace("\r", ""))

    def test_wrong_calls_raise_the_same_errors_as_alone(self):
        program = """
            import multiprocessing as mp, multiprocessing.connection, os, sys, threading

            def attempt(name, function, *args, **named):
                try:
                    print(name, function(*args, **named))
                except Exception as error:
                    print(name, type(error).__name__, error)

            for name in ("fork", "forkpty", "kill", "_exit", "waitpid", "wait3", "wait4", "waitid", "execv", "posix_spawn"):
                function = getattr(os, name, None)
                if function is not None:
                    attempt(name, function, 1, 2, 3, 4, 5, 6)
                    attempt(name, function, wrong=1)
                    if name not in ("fork", "forkpty"):
                        attempt(name, function)
                        attempt(name, function, "text", "text")
                        attempt(name, function, None, 2.0)
            if hasattr(os, "fork"):
                attempt("named", os.kill, pid=os.getpid(), signal=0)
                attempt("options", os.waitpid, -1, "text")
            context = mp.get_context()
            things = (context.Lock(), context.RLock(), context.Semaphore(), context.Queue(), context.SimpleQueue(), context.JoinableQueue(), context.Pipe()[0],
                      context.Process(), context.Event(), context.Condition(), threading.Thread())
            for thing in things:
                for name in ("acquire", "release", "put", "get", "task_done", "send", "recv", "start", "join", "terminate", "set", "notify_all"):
                    function = getattr(thing, name, None)
                    if function is not None:
                        attempt(name, function, 1, 2, 3, 4, 5)
                        attempt(name, function, blocking=False)
            attempt("challenge", mp.connection.deliver_challenge)
            attempt("challenge", mp.connection.answer_challenge, object(), 1)
            attempt("block", context.Lock().acquire, block=False, timeout=2)
            if __name__ == "__main__":
                pool = mp.pool.ThreadPool(1)
                for name in ("apply_async", "imap", "map", "close", "terminate"):
                    attempt(name, getattr(pool, name), wrong=1)
                    attempt(name, getattr(pool, name), 1, 2, 3, 4, 5, 6, 7, 8)
                    attempt(name, getattr(type(pool), name))
                attempt("func", lambda: pool.apply_async(func=len, args=("abc",)).get())
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

    @unittest.skipIf(os.environ.get("FORKSCOPE_NATIVE", "0") != "0", "what the accelerator puts in place of functions keeps modules to the end")
    def test_modules_go_together_where_a_child_was_not_joined(self):
        """As when a Ctrl-C interrupts the join at exit: multiprocessing's remaining cleanup does not run in modules
        that are being cleared."""
        program = """
            import atexit, multiprocessing as mp, multiprocessing.util, os
            def wait(queue, read, write):
                os.close(write)
                os.read(read, 1)
                os._exit(0)
            if __name__ == "__main__":
                if "fork" in getattr(mp, "get_all_start_methods", list)():
                    mp.set_start_method("fork")
                queue, ends = mp.Queue(), os.pipe()
                queue.put(1)
                queue.get()
                mp.Process(target=wait, args=(queue,) + ends).start()
                queue.close()
                queue.join_thread()
                if hasattr(atexit, "unregister"):
                    atexit.unregister(multiprocessing.util._exit_function)
        """
        self.assertEqual(self.assertSame(dedent(program)).code, 0)

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
    """Whatever fails on our side, the program does not notice."""

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
    """The exception of pickling a lambda in this version."""
    import pickle

    try:
        pickle.dumps(lambda: 0)
    except Exception as error:
        return type(error).__name__


if __name__ == "__main__":
    unittest.main()
