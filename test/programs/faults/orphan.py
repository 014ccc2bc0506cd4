"""The main process is killed; its child stays alive."""

import multiprocessing
import os
import signal
import sys
import time


def work(ready):
    ready.set()
    time.sleep(60)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    ready = multiprocessing.Event()
    child = multiprocessing.Process(target=work, args=(ready,), name="worker")
    child.start()  # start
    ready.wait()
    os.kill(os.getpid(), signal.SIGKILL)
