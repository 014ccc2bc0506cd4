"""The owner is killed after it released the lock."""

import multiprocessing
import os
import signal
import sys
import time


def work(lock, ready):
    with lock:
        time.sleep(0.8)
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
    with lock:
        time.sleep(0.8)
