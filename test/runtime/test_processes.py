"""The creator of each process, the creating line, and the outcome."""

import multiprocessing
import os
import platform
import sys
import unittest

from support import POSIX, run_program

METHODS = multiprocessing.get_all_start_methods()


@unittest.skipUnless(POSIX, "os.fork")
class Forks(unittest.TestCase):
    def test_fork_exit_and_wait(self):
        result = run_program("""
            import os
            first = os.fork()
            if first == 0:
                os._exit(3)
            second = os.fork()
            if second == 0:
                import time
                time.sleep(60)
            import signal
            os.kill(second, signal.SIGTERM)
            os.waitpid(first, 0)
            os.waitpid(second, 0)
        """)
        self.assertEqual(result.code, 0, result.stderr)
        first, second = [each["pid"] for each in result.main.of("fork")]
        self.assertEqual([result.main.line(each["loc"]) for each in result.main.of("fork")], [("program.py", 3, "<module>"), ("program.py", 6, "<module>")])
        reaped = dict((each["pid"], (each["code"], each["signal"])) for each in result.main.of("reap"))
        self.assertEqual(reaped, {first: (3, None), second: (None, 15)})
        self.assertEqual([(each["pid"], each["signal"]) for each in result.main.of("signal")], [(second, 15)])
        child = result.journal_of(first)
        self.assertEqual(child.parent_uid, result.main.uid)
        self.assertEqual([(each["how"], each["code"]) for each in child.of("exit")], [("_exit", 3)])
        self.assertEqual(child.line(child.of("process")[0]["loc"]), ("program.py", 3, "<module>"))

    def test_each_generation_names_its_parent(self):
        result = run_program("""
            import os
            depth = 0
            while depth < 4:
                pid = os.fork()
                if pid:
                    os.waitpid(pid, 0)
                    break
                depth += 1
            os._exit(depth)
        """)
        self.assertEqual(len(result.journals), 5)
        for older, younger in zip(result.journals, result.journals[1:]):
            self.assertEqual(younger.parent_uid, older.uid)
            self.assertEqual(younger.ppid, older.pid)

    def test_fork_in_a_thread_and_in_a_signal_handler(self):
        result = run_program("""
            import os, signal, threading
            def fork(*ignored):
                pid = os.fork()
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
            thread = threading.Thread(target=fork)
            thread.start(); thread.join()
            signal.signal(signal.SIGALRM, fork)
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            signal.pause()
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual([result.main.line(each["loc"])[1:] for each in result.main.of("fork")], [(4, "fork"), (4, "fork")])
        self.assertEqual(len(result.journals), 3)

    @unittest.skipUnless(hasattr(os, "register_at_fork"), "os.register_at_fork came with Python 3.7")
    @unittest.skipIf(platform.python_implementation() == "PyPy", "PyPy starts no thread in a function of register_at_fork, bare too")
    def test_two_threads_fork_at_once(self):
        result = run_program("""
            import os, threading
            def fork():
                pid = os.fork()
                if pid == 0:
                    os._exit(0)
                os.waitpid(pid, 0)
            def other():
                fork()
            inside = []
            def between():
                if inside:
                    return
                inside.append(1)
                thread = threading.Thread(target=other)
                thread.start(); thread.join()
            os.register_at_fork(after_in_parent=between)
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            os.waitpid(pid, 0)
        """)
        self.assertEqual(result.code, 0, result.stderr)
        forks = result.main.of("fork")
        self.assertEqual([result.main.line(each["loc"])[2] for each in forks], ["fork", "<module>"])
        self.assertNotEqual(forks[0]["thread"], forks[1]["thread"])
        [others] = result.main.of("forkThreads")
        self.assertEqual(others["thread"], forks[0]["thread"])
        self.assertEqual([each["name"] for each in others["others"]], ["MainThread"])

    @unittest.skipIf(os.environ.get("FORKSCOPE_NATIVE", "0") != "0", "the accelerator makes the journal in C, where no handler runs")
    def test_a_signal_that_comes_in_a_fork_is_not_lost(self):
        """A handler that raises while a child's journal is created: the interpreter would print the exception, and the
        child continue."""
        for where, expected in (("_open", ["child", "8"]), ("_before_fork", ["parent", "9"])):
            result = run_program("""
                import os, signal, sys, threading
                where = sys.argv[1]
                main = os.getpid()
                def trace(frame, event, arg):
                    name = frame.f_code.co_name
                    if name == where and "forkscope_runtime" in frame.f_code.co_filename and (name != "_open" or os.getpid() != main):
                        sys.settrace(None)
                        os.kill(os.getpid(), signal.SIGINT)
                sys.settrace(trace)
                pid = -1
                try:
                    pid = os.fork()
                except KeyboardInterrupt:
                    sys.settrace(None)
                    print("parent" if os.getpid() == main else "child", flush=True)
                    if os.getpid() != main:
                        os._exit(8)
                sys.settrace(None)
                if os.getpid() != main:
                    os._exit(9)
                print(os.waitpid(pid, 0)[1] >> 8)
            """, args=[where])  # fmt: skip
            self.assertEqual(result.stdout.split(), expected, result.stderr)
            self.assertNotIn("Exception ignored", result.stderr)
            [child] = [each for each in result.journals if each.pid != result.main.pid]
            self.assertEqual([each["via"] for each in child.of("process")], ["fork"])

    def test_forkpty(self):
        result = run_program("""
            import os
            pid, descriptor = os.forkpty()
            if pid == 0:
                os._exit(0)
            os.waitpid(pid, 0)
        """)
        self.assertEqual([each["call"] for each in result.main.of("fork")], ["forkpty"])
        self.assertEqual(len(result.journals), 2)

    def test_exec_of_python_and_of_another_program(self):
        result = run_program("""
            import os, sys
            pid = os.fork()
            if pid == 0:
                os.execv(sys.executable, [sys.executable, '-c', 'raise SystemExit(6)'])
            print(os.waitpid(pid, 0)[1] >> 8)
            pid = os.fork()
            if pid == 0:
                os.execlp('sh', 'sh', '-c', 'exit 9')
            print(os.waitpid(pid, 0)[1] >> 8)
        """)
        self.assertEqual(result.stdout.split(), ["6", "9"])
        self.assertEqual([each["argv"][1:] for each in result.records("exec")], [["-c", "raise SystemExit(6)"], ["-c", "exit 9"]])
        images = [each for each in result.journals if each.pid == result.main.of("fork")[0]["pid"]]
        self.assertEqual(sorted(each.of("process")[0]["via"] for each in images), ["exec", "fork"])

    def test_exec_that_fails(self):
        result = run_program("""
            import os
            try:
                os.execv('/no/such/program', ['x'])
            except OSError as error:
                print(type(error).__name__)
        """)
        self.assertEqual(result.stdout, "FileNotFoundError\n")
        self.assertEqual([each["error"] for each in result.records("execFailed")], ["FileNotFoundError"])

    @unittest.skipUnless(hasattr(os, "posix_spawn"), "came with 3.8")
    def test_posix_spawn(self):
        result = run_program("""
            import os, sys
            pid = os.posix_spawn(sys.executable, [sys.executable, '-c', 'pass'], os.environ)
            print(os.waitpid(pid, 0)[1])
        """)
        self.assertEqual([(each["call"], each["argv"][1:]) for each in result.main.of("spawn")], [("posix_spawn", ["-c", "pass"])])
        self.assertEqual(len(result.journals), 2)

    @unittest.skipUnless(hasattr(os, "waitid"), "no such call")
    def test_wait_in_all_its_forms(self):
        result = run_program("""
            import os
            pids = []
            for code in range(5):
                pid = os.fork()
                if pid == 0:
                    os._exit(code)
                pids.append(pid)
            os.waitid(os.P_PID, pids[0], os.WEXITED)
            os.waitpid(pids[1], 0)
            os.wait4(pids[2], 0)
            os.wait3(0)
            os.wait()
            try:
                os.wait()
            except ChildProcessError:
                print('none left')
        """)
        self.assertEqual(result.stdout, "none left\n")
        self.assertEqual(sorted(each["code"] for each in result.main.of("reap")), [0, 1, 2, 3, 4])


class Processes(unittest.TestCase):
    PROGRAM = """
        import multiprocessing, os, sys, time
        def work(code):
            sys.exit(code)
        def sleep():
            time.sleep(60)
        def fail():
            sys.stderr = open(os.devnull, 'w')
            raise ValueError
        if __name__ == '__main__':
            context = multiprocessing.get_context(sys.argv[1])
            first = context.Process(target=work, args=(5,), name='first')
            second = context.Process(target=sleep, daemon=True)
            third = context.Process(target=fail, name='third')
            for each in (first, second, third):
                each.start()
            second.join(0.01)
            second.terminate()
            for each in (first, second, third):
                each.join()
            print(first.exitcode, second.exitcode, third.exitcode)
            getattr(first, 'close', int)()
    """

    PREFIX = {"fork": "Fork", "spawn": "Spawn", "forkserver": "ForkServer"}

    def test_every_start_method(self):
        for method in METHODS:
            with self.subTest(method=method):
                result = run_program(self.PROGRAM, args=[method])
                # The fork server of 3.6 reports a signal as 255.
                by_signal = 255 if method == "forkserver" and sys.version_info < (3, 7) else -15
                ended = "5 %d 1" % by_signal if POSIX else None
                if ended:
                    self.assertEqual(result.stdout.strip(), ended, result.stderr)
                main = result.main
                names = ["first", self.PREFIX[method] + "Process-2", "third"]
                children = main.of("child")
                self.assertEqual([each["name"] for each in children], names)
                self.assertEqual([each["target"] for each in children], ["work", "sleep", "fail"])
                self.assertEqual([bool(each["daemon"]) for each in children], [False, True, False])
                self.assertEqual([main.line(each["loc"])[1] for each in children], [12, 13, 14])
                starts = main.of("start")
                self.assertEqual({each["method"] for each in starts}, {method})
                self.assertEqual([each["id"] for each in starts], [each["id"] for each in children])
                self.assertEqual({main.line(each["loc"])[1] for each in starts}, {16})
                for start, name in [(starts[0], "first"), (starts[2], "third")]:  # the second may end before it begins
                    named = [each.of("identity") for each in result.journals if each.pid == start["pid"]]
                    self.assertIn([name], [[each["name"] for each in some if each["origin"] == "process"] for some in named])
                joins = [(event.outcome, event.line[1]) for event in main.events if event.kind == "JOIN"]
                self.assertEqual(joins, [("TIMEOUT", 17), ("OK", 20), ("OK", 20), ("OK", 20)])
                reaped = {each["pid"]: each["code"] for each in main.of("reap")}
                self.assertEqual([reaped.get(each["pid"]) for each in starts], [5, None if by_signal < 0 else by_signal, 1])
                self.assertEqual([each["call"] for each in main.of("signal")], ["terminate"])

    def test_helpers_say_what_they_are(self):
        for method in set(METHODS) - {"fork"}:
            result = run_program(self.PROGRAM, args=[method])
            origins = {each["origin"] for journal in result.journals for each in journal.of("identity")}
            expected = {"resource-tracker"} if method == "spawn" else {"resource-tracker", "forkserver"}
            self.assertLessEqual(expected, origins)

    def test_a_subclass_with_run(self):
        result = run_program("""
            import multiprocessing, sys
            class Worker(multiprocessing.Process):
                def run(self):
                    sys.exit(4)
            if __name__ == '__main__':
                worker = Worker(name='own')
                worker.start(); worker.join()
                print(worker.exitcode)
        """)
        self.assertEqual(result.stdout, "4\n", result.stderr)
        self.assertEqual([(each["name"], each["target"]) for each in result.main.of("child")], [("own", "Worker.run")])


class Programs(unittest.TestCase):
    def test_subprocess_of_python_and_of_others(self):
        result = run_program("""
            import subprocess, sys
            print(subprocess.call([sys.executable, '-c', 'raise SystemExit(3)']))
            child = subprocess.Popen([sys.executable, '-S', '-c', 'pass'], stdout=subprocess.PIPE)
            child.communicate()
            try:
                subprocess.Popen(['/no/such/program'])
            except OSError as error:
                print(type(error).__name__)
        """)
        self.assertEqual(result.stdout.split(), ["3", "FileNotFoundError"])
        spawns = result.main.of("spawn")
        self.assertEqual([each["argv"][1:] for each in spawns], [["-c", "raise SystemExit(3)"], ["-S", "-c", "pass"]])
        self.assertEqual([result.main.line(each["loc"])[1] for each in spawns], [3, 4])
        self.assertEqual([each["code"] for each in result.main.of("reap")][:2], [3, 0])
        self.assertEqual(sorted(each.pid for each in result.journals), sorted([result.main.pid, spawns[0]["pid"]]))

    def test_arguments_of_every_kind(self):
        result = run_program("""
            import pathlib, subprocess, sys
            subprocess.call([pathlib.Path(sys.executable), '-c', 'pass', 'b\\u00e4h'])
            subprocess.call('exit 2', shell=True)
        """)
        self.assertEqual(result.code, 0, result.stderr)
        first, second = result.main.of("spawn")
        self.assertEqual(first["argv"], [sys.executable, "-c", "pass", "b\u00e4h"])
        self.assertIn("exit 2", second["argv"])


class Executors(unittest.TestCase):
    def test_workers_and_tasks(self):
        result = run_program("""
            import concurrent.futures, os
            def double(x):
                if x == 3:
                    raise ValueError
                return x * 2
            if __name__ == '__main__':
                with concurrent.futures.ProcessPoolExecutor(2) as pool:
                    futures = [pool.submit(double, n) for n in range(6)]
                print(sum(f.exception() is None for f in futures))
        """)
        self.assertEqual(result.stdout, "5\n", result.stderr)
        self.assertEqual([(each["kind"], each["size"]) for each in result.main.of("pool")], [("ProcessPoolExecutor", 2)])
        self.assertEqual([event.line[1] for event in result.events("TASK_SUBMIT")], [9] * 6)
        self.assertEqual({event.data.rstrip(b"\0") for event in result.events("TASK_SUBMIT")}, {b"double"})
        ends = [event.outcome for event in result.events("TASK_END")]
        self.assertEqual((ends.count("OK"), ends.count("FAILED")), (5, 1))


if __name__ == "__main__":
    unittest.main()
