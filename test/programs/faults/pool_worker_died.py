"""A worker is killed during a task: its result never comes."""

import multiprocessing
import os
import signal
import sys


def die(n):
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Pool(2) as pool:  # made
        result = pool.apply_async(die, (1,))  # submitted
        result.get()  # waits
