"""Children with their own environment, and those that cannot be reached."""

import os
import sys
import unittest

from support import POSIX, Alike, run, run_program

CHILD = """
import os, sys
print("child", sorted((k, v) for k, v in os.environ.items() if "FORKSCOPE" in k or k in ("PYTHONPATH", "A")), [each for each in sys.path if "inject" in each])
if len(sys.argv) > 1:
    import subprocess
    sys.stdout.flush()
    subprocess.check_call([sys.executable, "-c", "import os; print('grandchild', sorted(os.environ))"], env={})
    subprocess.check_call([sys.executable, "-c", "import os; print('heir', 'A' in os.environ)"])
"""


def program(*lines):
    """A parent with a child.py next to it."""
    begin = ["import os, subprocess, sys", "child = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'child.py')", "with open(child, 'w') as file:"]
    return "\n".join(begin + ["    file.write(%r)" % CHILD, "sys.stdout.flush()"] + list(lines)) + "\n"


def commands(result):
    """The commands of the processes that began a journal by exec, without the interpreter's path."""
    return [each.of("process")[0]["argv"][1:] for each in result.journals if each is not result.main and each.of("process")[0]["via"] == "exec"]


class Environments(Alike):
    def assertReached(self, number, *lines):
        result = self.assertSame(program(*lines))
        self.assertEqual(len(commands(result)), number, commands(result))
        return result

    def test_an_environment_of_its_own(self):
        for env in ("{}", "{'A': '1'}", "{'PYTHONPATH': '/x'}", "{'PYTHONPATH': ''}", "dict(os.environ, PYTHONPATH='/x', A='2')"):
            self.assertReached(3, "subprocess.check_call([sys.executable, child, 'more'], env=%s)" % env)

    @unittest.skipUnless(POSIX, "names and values that are bytes")
    def test_bytes(self):
        self.assertReached(1, "subprocess.check_call([sys.executable, child], env={b'A': b'\\xff', 'B': b'2', b'PYTHONPATH': b'/x'})")

    def test_a_changed_environment(self):
        self.assertReached(3, "os.environ['PYTHONPATH'] = '/x'", "subprocess.check_call([sys.executable, child, 'more'])")
        self.assertReached(3, "os.environ.clear()", "subprocess.check_call([sys.executable, child, 'more'])")

    @unittest.skipUnless(POSIX, "os.exec")
    def test_exec(self):
        self.assertReached(3, "os.execve(sys.executable, [sys.executable, child, 'more'], {'A': '1'})")
        self.assertReached(3, "os.environ['PYTHONPATH'] = '/x'", "os.execv(sys.executable, [sys.executable, child, 'more'])")
        self.assertReached(1, "print(os.spawnve(os.P_WAIT, sys.executable, [sys.executable, child], {'A': '3'}))")

    @unittest.skipUnless(POSIX, "os.exec")
    def test_an_exec_that_fails_leaves_the_environment(self):
        self.assertReached(
            0, "os.environ['PYTHONPATH'] = '/x'", "try:", "    os.execv('/nowhere/python3', ['python3'])",
            "except OSError:", "    sys.stdout.flush()", "    print(os.popen('echo $PYTHONPATH $FORKSCOPE_GIVEN').read())",
        )  # fmt: skip

    @unittest.skipUnless(hasattr(os, "posix_spawn"), "os.posix_spawn came with Python 3.8")
    def test_posix_spawn(self):
        self.assertReached(1, "os.waitpid(os.posix_spawn(sys.executable, [sys.executable, child], {'A': '1'}), 0)")

    def test_processes_of_multiprocessing_after_a_change(self):
        for method in ("spawn", "forkserver"):
            result = run_program("""
                import multiprocessing, os, sys
                def work(queue):
                    queue.put(sorted(each for each in os.environ if "FORKSCOPE" in each or each in ("PYTHONPATH", "A")))
                if __name__ == "__main__":
                    os.environ.clear()
                    os.environ["A"] = "1"
                    context = multiprocessing.get_context(sys.argv[1])
                    queue = context.Queue()
                    process = context.Process(target=work, args=(queue,))
                    process.start()
                    print(queue.get())
                    process.join()
            """, args=[method])
            self.assertEqual((result.code, result.stdout), (0, "['A']\n"), result.stderr)
            self.assertEqual([each.journal is result.main for each in result.events("SEND")], [False])
            self.assertEqual(result.records("diag"), [])
            if not POSIX:
                return

    def test_what_is_no_python_has_the_environment_that_it_was_given(self):
        self.assertReached(0, "subprocess.check_call(['env'], env={'A': '1'})")
        self.assertReached(0, "subprocess.check_call('echo $A,$PYTHONPATH,$FORKSCOPE_SESSION', shell=True, env={'A': '1'})")

    def test_odd_arguments_end_as_they_do_alone(self):
        self.assertReached(
            1,
            "class Mine(dict):",
            "    def items(self):",
            "        print('asked')",
            "        return dict.items(self)",
            "    def keys(self):",
            "        print('asked for keys')",
            "        return dict.keys(self)",
            "subprocess.call([sys.executable, '-c', 'pass'], env=Mine(os.environ))",
            "for env in ({'A': 1}, {1: 'A'}, {'PYTHONPATH': None}, [], 7):",
            "    try:",
            "        print(subprocess.call([sys.executable, '-c', 'pass'], env=env))",
            "    except Exception as error:",
            "        print(type(error).__name__, error)",
        )

    def test_an_iterator_of_arguments(self):
        self.assertReached(1, "subprocess.check_call(iter([sys.executable, '-c', 'print(1)']))")


class Dark(unittest.TestCase):
    def darks(self, *lines):
        result = run(program(*lines))
        self.assertEqual(result.code, 0, result.stderr)
        return [each.get("dark") for each in result.records("spawn") + result.records("exec")]

    def test_options(self):
        for options, why in (
            ("-I", "isolated"), ("-EsS", "ignores-environment"), ("-X faulthandler -S", "no-site"), ("-SEI", "isolated"), ("-Bs", None),
            ("-c 0 -I", None), ("-Wignore -ESc 0", "ignores-environment"), ("-W ignore -c 0 -E", None), ("-V -I", None), ("--version", None),
        ):  # fmt: skip
            self.assertEqual(self.darks("subprocess.check_call([sys.executable] + %r.split() + [child])" % options), [why], options)

    @unittest.skipUnless(hasattr(os, "posix_spawn"), "os.posix_spawn came with Python 3.8")
    def test_every_way(self):
        self.assertEqual(self.darks("os.waitpid(os.posix_spawn(sys.executable, [sys.executable, '-I', child], {}), 0)"), ["isolated"])
        self.assertEqual(self.darks("os.execv(sys.executable, [sys.executable, '-S', child])"), ["no-site"])

    @unittest.skipUnless(POSIX and os.geteuid() == 0, "only root becomes another user")
    def test_another_user(self):
        here = [each for each in ("/usr/bin/python3", "/usr/local/bin/python3") if os.path.exists(each)]  # accessible to that user
        for python in here[:1]:
            start = "subprocess.call(['%s', '-c', 'pass']" % python
            self.assertEqual(self.darks("os.setuid(65534)", "subprocess.call(['true'])", start + ")"), [None, "other-user"])
            if sys.version_info >= (3, 9):
                self.assertEqual(self.darks(start + ", user=65534)"), ["other-user"])
        result = run_program("""
            import os
            os.setuid(65534)
            if os.fork() == 0:
                os._exit(0)
            os.wait()
        """)
        self.assertEqual([each.get("dark") for each in result.records("fork")], ["other-user"])

    @unittest.skipUnless(POSIX and os.geteuid() == 0, "only root goes there")
    def test_a_process_in_a_chroot(self):
        result = run_program("""
            import os
            os.mkdir("empty")
            os.chroot("empty")
            if os.fork() == 0:
                os._exit(0)
            os.wait()
        """)
        self.assertEqual([each.get("dark") for each in result.records("fork")], ["no-folder"])

    @unittest.skipUnless(POSIX and os.geteuid() == 0 and sys.version_info >= (3, 8), "only root becomes another user; madvise")
    def test_a_process_that_has_become_another_user_goes_on_in_its_journal(self):
        if tuple(int(each) for each in os.uname().release.split("-")[0].split(".")[:2]) < (5, 14):
            self.skipTest("MADV_POPULATE_WRITE came with Linux 5.14")
        result = run_program("""
            import multiprocessing, os
            a, b = multiprocessing.Pipe(False)
            os.setuid(65534)
            for number in range(3000):
                b.send(number)
                a.recv()
            pipes = [multiprocessing.Pipe() for _ in range(100)]
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual((len(result.events("SEND")), len(result.events("RECV")), result.main.ring_dropped), (3000, 3000, 0))
        self.assertEqual((len(result.records("channel")), result.main.meta_dropped), (101, 0))

    def test_programs_that_are_none(self):
        self.assertEqual(self.darks("subprocess.check_call(['echo', '-I'])"), [None])


if __name__ == "__main__":
    unittest.main()
