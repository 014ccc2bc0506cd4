"""No fault: a child signals its parent, whose handler ends the parent's wait for a lock that it owns itself."""

import multiprocessing
import os
import signal
import sys
import time


def work():
    time.sleep(3)
    os.kill(os.getppid(), signal.SIGUSR1)


def release(number, frame):
    lock.release()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    lock = multiprocessing.Lock()
    signal.signal(signal.SIGUSR1, release)
    child = multiprocessing.Process(target=work, name="worker")
    child.start()
    lock.acquire()
    lock.acquire()
    child.join()
