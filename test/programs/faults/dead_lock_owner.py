"""The owner of a lock is killed; another process waits for it."""

import multiprocessing
import os
import signal
import sys
import time


def work(lock, ready):
    lock.acquire()  # owner
    ready.set()
    time.sleep(60)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    lock = multiprocessing.Lock()
    ready = multiprocessing.Event()
    child = multiprocessing.Process(target=work, args=(lock, ready), name="owner")
    child.start()
    ready.wait()
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    lock.acquire()  # waiter
