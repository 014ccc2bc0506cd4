"""C code forks without notifying Python: the child has its own journal from its first event on."""

import sys
import unittest

from support import POSIX, run_program

LINUX = sys.platform.startswith("linux")


@unittest.skipUnless(POSIX, "fork")
class ForksInC(unittest.TestCase):
    def sends(self, result):
        """Number of sends in each journal, by its pid."""
        return dict((each.pid, len([event for event in each.events if event.kind == "SEND"])) for each in result.journals)

    def children(self, result):
        """The journals other than the main process's, each of them of a fork."""
        children = [each for each in result.journals if each is not result.main]
        self.assertEqual([each.of("process")[0]["via"] for each in children], ["fork"] * len(children))
        return children

    def test_each_process_has_its_own_events(self):
        result = run_program("""
            import ctypes, os
            import multiprocessing as mp
            libc = ctypes.CDLL(None)
            a, b = mp.Pipe(False)
            b.send("before")
            a.recv()
            pid = libc.fork()
            if pid == 0:
                x, y = mp.Pipe(False)
                for i in range(200):
                    y.send("child %d" % i)
                    x.recv()
                os._exit(9)
            for i in range(300):
                b.send("parent %d" % i)
                a.recv()
            print(os.waitpid(pid, 0)[1] >> 8)
        """)
        self.assertEqual((result.code, result.stdout, result.stderr), (0, "9\n", ""))
        [child] = self.children(result)
        self.assertEqual(child.parent_uid, result.main.uid)
        self.assertEqual(child.ppid, result.main.pid)
        self.assertEqual(self.sends(result), {result.main.pid: 301, child.pid: 200})
        self.assertEqual([each["code"] for each in child.of("exit")], [9])
        self.assertEqual(result.main.of("reap")[0]["pid"], child.pid)
        ids = [each["id"] for journal in result.journals for each in journal.of("channel")]
        self.assertEqual(len(set(ids)), 2, ids)
        self.assertEqual(child.of("process")[0]["loc"], 0)

    def test_generations_of_both_kinds(self):
        result = run_program("""
            import ctypes, os, sys
            import multiprocessing as mp
            libc = ctypes.CDLL(None)
            a, b = mp.Pipe(False)
            for depth, fork in enumerate([os.fork, libc.fork, os.fork, libc.fork, libc.fork, lambda: os._exit(0)]):
                b.send(depth)
                a.recv()
                pid = fork()
                if pid:
                    os.waitpid(pid, 0)
                    break
            sys.exit(depth)
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual(len(result.journals), 6)
        for older, younger in zip(result.journals, result.journals[1:]):
            self.assertEqual((younger.parent_uid, younger.ppid), (older.uid, older.pid))
        self.assertEqual(sorted(self.sends(result).values()), [1] * 6)
        lines = [each.line(each.of("process")[0]["loc"]) for each in result.journals]
        self.assertEqual([each and each[1] for each in lines[1:]], [9, None, 9, None, None])

    def test_beside_threads_that_send(self):
        result = run_program("""
            import ctypes, os, threading
            import multiprocessing as mp
            libc = ctypes.PyDLL(None)  # which keeps the GIL: otherwise a child may find it taken forever
            def talk(count):
                a, b = mp.Pipe(False)
                for i in range(count):
                    b.send(i)
                    a.recv()
            def talk_when(go):
                talk(200)
                go.wait()  # at the fork no other thread may be about to take the GIL: the child would wait for it, also without Forkscope
                talk(200)
            go = threading.Event()
            threads = [threading.Thread(target=talk_when, args=(go,)) for _ in range(3)]
            for each in threads:
                each.start()
            while len(go._cond._waiters if hasattr(go, "_cond") else go._Event__cond._Condition__waiters) < 3:
                pass
            talk(10)
            pids = []
            for i in range(8):
                pid = libc.fork()
                if pid == 0:
                    talk(50)
                    os._exit(0)
                pids.append(pid)
                talk(10)
            go.set()
            talk(100)
            for each in pids:
                os.waitpid(each, 0)
            for each in threads:
                each.join()
        """)
        self.assertEqual((result.code, result.stderr), (0, ""))
        sends = self.sends(result)
        self.assertEqual(sends.pop(result.main.pid), 3 * 400 + 8 * 10 + 110)
        self.assertEqual(sorted(sends.values()), [50] * 8)
        self.children(result)

    def test_a_queue_and_a_process_of_the_child(self):
        result = run_program("""
            import ctypes, os
            import multiprocessing as mp
            def work(queue):
                queue.put("grandchild")
            if __name__ == "__main__":
                mp = mp.get_context("fork") if hasattr(mp, "get_context") else mp
                queue = mp.Queue()
                pid = ctypes.CDLL(None).fork()
                if pid == 0:
                    worker = mp.Process(target=work, args=(queue,))
                    worker.start()
                    worker.join()
                    queue.put("child")
                    queue.close()
                    queue.join_thread()
                    os._exit(0)
                print(sorted([queue.get(), queue.get()]), os.waitpid(pid, 0)[1])
        """)
        self.assertEqual((result.code, result.stderr), (0, ""))
        child, grandchild = self.children(result)
        self.assertEqual((child.parent_uid, grandchild.parent_uid), (result.main.uid, child.uid))
        self.assertEqual(self.sends(result), {result.main.pid: 0, child.pid: 1, grandchild.pid: 1})
        self.assertEqual([each["pid"] for each in child.of("start")], [grandchild.pid])

    def test_a_child_that_ends_without_a_word_changes_nothing(self):
        result = run_program("""
            import ctypes, os
            import multiprocessing as mp
            libc = ctypes.CDLL(None)
            a, b = mp.Pipe(False)
            pid = libc.fork()
            if pid == 0:
                libc._exit(3)
            b.send(1)
            a.recv()
            print(os.waitpid(pid, 0)[1] >> 8)
        """)
        self.assertEqual((result.code, result.stdout), (0, "3\n"))
        self.assertEqual(self.sends(result), {result.main.pid: 1})

    @unittest.skipUnless(LINUX, "numbers of system calls")
    def test_a_fork_past_the_c_library(self):
        if sys.version_info < (3, 8):
            self.skipTest("the process's number is asked for, which some C libraries keep")
        result = run_program("""
            import ctypes, os, platform, signal
            import multiprocessing as mp
            libc = ctypes.PyDLL(None)
            a, b = mp.Pipe(False)
            clone = {"x86_64": 56, "aarch64": 220}[platform.machine()]
            pid = libc.syscall(clone, int(signal.SIGCHLD), 0, 0, 0, 0)
            if pid == 0:
                b.send("child")
                os._exit(0)
            os.waitpid(pid, 0)
            b.send("parent")
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual(sorted(self.sends(result).values()), [1, 1])

    @unittest.skipUnless(LINUX, "daemon(3)")
    def test_a_daemon_goes_on_in_a_journal_of_its_own(self):
        result = run_program("""
            import ctypes, os
            import multiprocessing as mp
            a, b = mp.Pipe(False)
            b.send("before")
            ready, done = os.pipe()
            watcher = os.fork()
            if watcher:
                os.waitpid(watcher, 0)
                os.close(done)
                os.read(ready, 1)  # nothing, when the daemon has ended
                os._exit(0)
            os.close(ready)
            ctypes.CDLL(None).daemon(1, 1)
            b.send("daemon")
            os._exit(0)
        """)
        self.assertEqual(result.code, 0, result.stderr)
        self.assertEqual(len(result.journals), 3)
        self.assertEqual([len([event for event in each.events if event.kind == "SEND"]) for each in result.journals], [1, 0, 1])
        self.assertEqual(result.journals[2].parent_uid, result.journals[1].uid)

    def test_a_wait_of_the_parents_stays_while_a_handler_forks_in_it(self):
        result = run_program("""
            import ctypes, os, signal
            import multiprocessing as mp
            libc = ctypes.PyDLL(None)
            a, b = mp.Pipe(False)
            pids = []
            def fork(*ignored):
                pids.append(libc.fork())
            signal.signal(signal.SIGALRM, fork)
            signal.setitimer(signal.ITIMER_REAL, 0.05)
            if not pids:
                a.poll(0.5)
            if pids[0] == 0:
                b.send("child")
                os._exit(0)
            os.waitpid(pids[0], 0)
            print(a.recv())
        """)
        self.assertEqual((result.code, result.stdout), (0, "child\n"), result.stderr)
        [child] = self.children(result)
        self.assertEqual(self.sends(result), {result.main.pid: 0, child.pid: 1})
        self.assertEqual(len([each for each in result.main.events if each.kind == "POLL"]), 1)

    def test_no_fork_of_pythons_has_two_journals(self):
        result = run_program("""
            import os, threading
            import multiprocessing as mp
            a, b = mp.Pipe(False)
            class Last(object):
                def __del__(self):
                    b.send("from a thread that is gone")
            def stay(started, end):
                last = Last()
                started.set()
                end.wait()
            started, end = threading.Event(), threading.Event()
            thread = threading.Thread(target=stay, args=(started, end))
            thread.start()
            started.wait()
            pid = os.fork()
            if pid == 0:
                b.send("child")
                os._exit(0)
            os.waitpid(pid, 0)
            end.set()
            thread.join()
        """)
        self.assertEqual(result.code, 0, result.stderr)
        [child] = self.children(result)
        self.assertEqual(len(result.journals), 2)
        self.assertEqual(child.line(child.of("process")[0]["loc"])[1], 16)


if __name__ == "__main__":
    unittest.main()
