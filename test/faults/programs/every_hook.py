"""Makes every call that the runtime wraps, with and without an error. Usage: every_hook.py METHOD [ROUNDS] [PART…]. Its
output is always the same."""

import concurrent.futures
import ctypes
import multiprocessing
import multiprocessing.pool
import os
import queue
import re
import subprocess
import sys
import tempfile
import threading
from multiprocessing import connection

ENVIRONMENT = "import os; print(os.environ['A'], flush=True)"


def say(*words):
    print(*words, flush=True)


def tried(function, *args, **named):
    """The result, or the exception's type and text (without addresses, which differ each time)."""
    try:
        return function(*args, **named)
    except Exception as error:
        return "%s(%s)" % (type(error).__name__, re.sub("0x[0-9a-f]+", "0x", str(error)))


def double(number):
    return number * 2


def fail(number):
    raise ValueError("no %r" % (number,))


def add(a, b):
    return a + b


def echo(tasks, answers):
    for item in iter(tasks.get, None):
        answers.put(item)


def queues(context):
    tasks, answers = context.Queue(3), context.Queue()
    child = context.Process(target=echo, args=(tasks, answers), name="echo")
    child.start()
    for item in (1, "two", {"three": 3}, b"4" * 5000):
        tasks.put(item)
        say("echo", len(str(answers.get())))
    tasks.put(None)
    child.join()
    say("ended", child.exitcode)
    small = context.Queue(1)
    small.put(1)
    say(tried(small.put, 2, timeout=0.001), tried(small.put_nowait, 2))
    say(small.get(timeout=5), tried(small.get, timeout=0.001), tried(small.get_nowait))
    small.close()
    small.join_thread()
    say(tried(small.put, 3), tried(small.get))


def joinable_queues(context):
    jobs = context.JoinableQueue()
    for item in range(3):
        jobs.put(item)
    for _ in range(3):
        jobs.get()
        jobs.task_done()
    jobs.join()
    say("joined", tried(jobs.task_done))


def simple_queues(context):
    tasks, answers = context.SimpleQueue(), context.SimpleQueue()
    child = context.Process(target=echo, args=(tasks, answers))
    child.start()
    for item in (1, "x" * 300):
        tasks.put(item)
        say(len(str(answers.get())), tasks.empty())
    tasks.put(None)
    child.join()


def mirror(end):
    for item in iter(end.recv, "stop"):
        end.send(item)
    end.close()


def pipes(context):
    here, there = context.Pipe()
    child = context.Process(target=mirror, args=(there,))
    child.start()
    there.close()
    for item in (None, [1, 2], "z" * 1000):
        here.send(item)
        say(here.poll(10), len(str(here.recv())))
    here.send("stop")
    child.join()
    here.close()
    say(child.exitcode, tried(here.send, 1), tried(here.recv), tried(here.poll))
    reader, writer = context.Pipe(duplex=False)
    writer.send_bytes(b"raw")
    say(reader.recv_bytes(), reader.poll(), reader.poll(0.001), tried(reader.send, 1), tried(writer.recv))
    say(len(connection.wait([reader], 0.001)))
    writer.send_bytes(b"more" * 100)
    say(len(connection.wait([reader])), tried(reader.recv_bytes, 10))
    writer.close()
    reader, writer = context.Pipe(duplex=False)
    reader.close()
    say(tried(writer.send, 1))
    reader, writer = context.Pipe(duplex=False)
    writer.close()
    say(tried(reader.recv))


def take_pipe(box):
    reader = box.recv()
    say("carried", reader.recv())


def carried_pipes(context):
    here, there = context.Pipe()
    reader, writer = context.Pipe(duplex=False)
    child = context.Process(target=take_pipe, args=(there,))
    child.start()
    here.send(reader)
    writer.send("through")
    child.join()


def hold(lock, semaphore, event, condition, barrier, shared):
    with lock:
        semaphore.acquire()
        semaphore.release()
    with condition:
        condition.notify_all()
    event.set()
    barrier.wait(20)
    with shared.get_lock():
        shared.value += 1


def locks(context):
    lock, again, semaphore = context.Lock(), context.RLock(), context.BoundedSemaphore(1)
    event, condition, barrier, shared = context.Event(), context.Condition(), context.Barrier(2), context.Value("i", 1)
    child = context.Process(target=hold, args=(lock, semaphore, event, condition, barrier, shared))
    child.start()
    say(event.wait(20), event.is_set())
    barrier.wait(20)
    child.join()
    say(shared.value, event.clear(), event.wait(0.001))
    with again, again:
        say(lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.001))
    lock.release()
    say(tried(lock.release), tried(again.release), tried(semaphore.release))
    with condition:
        say(condition.wait(0.001), condition.wait_for(lambda: True), condition.notify(1))
    say(tried(condition.wait))
    barrier.abort()
    say(tried(barrier.wait))
    event.set()


class Own(multiprocessing.Process):
    def run(self):
        sys.exit(4)


def sleep():
    threading.Event().wait(60)


def processes(context):
    own = Own(name="own")
    own.start()
    own.join()
    say(own.exitcode, own.is_alive())
    for end in ("terminate", "kill"):
        child = context.Process(target=sleep, daemon=True)
        child.start()
        child.join(0.001)
        getattr(child, end)()
        child.join()
        say(child.exitcode, tried(child.start))
    bad = context.Process(target=fail, args=(1,))
    bad.start()
    bad.join()
    say(bad.exitcode)


def pools(context):
    done = []
    with context.Pool(2) as pool:
        say(pool.map(double, range(5)), pool.map(double, []), pool.apply(add, (1, 2)))
        say(list(pool.imap(double, range(3))), sorted(pool.imap_unordered(double, range(4), 2)))
        say(pool.starmap(add, [(1, 2), (3, 4)]), tried(pool.map, fail, [1]), tried(pool.apply, fail, (2,)))
        failed = pool.apply_async(fail, (3,), error_callback=done.append)
        well = pool.apply_async(double, (4,), callback=done.append)
        failed.wait(20)
        say(well.get(20), failed.successful(), len(done) > 0)
        say(tried(pool.apply_async(sleep).get, 0.001), tried(pool.apply, fail, (lambda: 1,))[:12])
        pool.terminate()
    pool = multiprocessing.pool.ThreadPool(2)
    say(pool.map(double, range(5)), list(pool.imap(double, range(3))), tried(pool.apply, fail, (5,)))
    pool.close()
    pool.join()
    say(tried(pool.apply, double, (1,)))


def executors(context):
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
        say(list(executor.map(double, range(6), chunksize=2)), executor.submit(add, 1, b=2).result(20))
        bad = executor.submit(fail, 6)
        say(type(bad.exception(20)).__name__, tried(bad.result))
        say(type(executor.submit(double, lambda: 1).exception(20)).__name__ in ("PicklingError", "AttributeError"))
    say(tried(executor.submit, double, 1))
    executor = concurrent.futures.ProcessPoolExecutor(1, mp_context=context)
    say(tried(executor.submit(os._exit, 5).result)[:17])
    executor.shutdown()


def forks(context):
    for way in ("waitpid", "wait", "wait3", "wait4", "waitid"):
        pid = os.fork()
        if pid == 0:
            os._exit(3)
        if way in ("wait", "wait3"):
            found = getattr(os, way)(*((0,) if way == "wait3" else ()))
        elif way == "waitid":
            found = os.waitid(os.P_PID, pid, os.WEXITED)
            found = (found.si_pid, found.si_status << 8)
        else:
            found = getattr(os, way)(pid, 0)
        say(way, found[0] == pid, os.WEXITSTATUS(found[1]))
    say(tried(os.waitpid, -1, os.WNOHANG), tried(os.kill, 2**22 + 1, 0))
    pid = os.fork()
    if pid == 0:
        sleep()
    os.kill(pid, 9)
    say(os.WTERMSIG(os.waitpid(pid, 0)[1]))
    pid = os.fork()
    if pid == 0:
        try:
            os.execv("/no/such/program", ["no"])
        except OSError:
            os.execvp("sh", ["sh", "-c", "exit 6"])
    say(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
    pid, fd = os.forkpty()
    if pid == 0:
        os._exit(8)
    say(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
    os.close(fd)
    if hasattr(os, "posix_spawn"):
        pid = os.posix_spawn("/bin/sh", ["sh", "-c", "exit 2"], os.environ)
        say(os.WEXITSTATUS(os.waitpid(pid, 0)[1]), tried(os.posix_spawn, "/no/such", ["no"], os.environ))
        pid = os.posix_spawn(sys.executable, [sys.executable, "-c", ENVIRONMENT], {"A": "spawn"})
        say(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))
    for number in range(2):
        reading, writing = multiprocessing.Pipe(duplex=False)
        pid = ctypes.PyDLL(None).fork()  # without notifying Python
        if pid == 0:
            writing.send(["from a fork in C", number])
            os._exit(4)
        say(reading.recv(), os.WEXITSTATUS(os.waitpid(pid, 0)[1]))


def programs(context):
    say(subprocess.run(["sh", "-c", "echo out; exit 5"], stdout=subprocess.PIPE).stdout)
    say(subprocess.call([sys.executable, "-c", "print('a Python', flush=True)"]))
    say(tried(subprocess.Popen, ["/no/such/program"]))
    for env in ({"A": "own"}, dict(os.environ, PYTHONPATH="/x", A="path"), {b"A": b"bytes"}):
        say(subprocess.check_output([sys.executable, "-c", ENVIRONMENT], env=env))
    say(subprocess.call([sys.executable, "-I", "-c", "print('isolated', flush=True)"]))
    child = subprocess.Popen(["sleep", "60"])
    child.kill()
    say(child.wait())


def threads(context):
    stop, seen = threading.Event(), queue.Queue()
    helper = threading.Thread(target=lambda: seen.put(stop.wait(60)), name="helper")
    helper.start()
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    say(os.waitpid(pid, 0)[1])
    stop.set()
    helper.join()
    say(seen.get())


def call(address):
    with connection.Client(address, authkey=b"word") as here:
        here.send("called")
        say(here.recv())


def listeners(context):
    folder = tempfile.mkdtemp()
    address = os.path.join(folder, "socket")
    with connection.Listener(address, authkey=b"word") as listener:
        child = context.Process(target=call, args=(address,))
        child.start()
        with listener.accept() as there:
            say(there.recv())
            there.send("answered")
        child.join()
        say(child.exitcode)
    os.rmdir(folder)


def managers(context):
    with context.Manager() as manager:
        items, numbers = manager.list([1]), manager.Queue()
        items.append(2)
        numbers.put(3)
        say(list(items), numbers.get(), tried(numbers.get_nowait))


PARTS = [
    queues, joinable_queues, simple_queues, pipes, carried_pipes, locks, processes, pools, executors, forks, programs, threads,
    listeners, managers,
]  # fmt: skip


def main():
    multiprocessing.set_start_method(sys.argv[1])
    wanted = sys.argv[3:]
    for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 1):
        for part in PARTS:
            if not wanted or part.__name__ in wanted:
                say("--", part.__name__)
                part(multiprocessing.get_context())
    say("end")


if __name__ == "__main__":
    main()
