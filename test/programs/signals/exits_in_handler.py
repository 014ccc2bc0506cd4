"""Two processes take two locks in a different order. Both handle SIGTERM by os._exit(0), in the middle of their waits."""

import multiprocessing
import os
import signal
import sys


def leave(number, frame):
    os._exit(0)


def work(first, second, barrier):
    with first:
        barrier.wait()
        with second:  # child acquires
            pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    signal.signal(signal.SIGTERM, leave)  # handler
    one, other, barrier = multiprocessing.Lock(), multiprocessing.Lock(), multiprocessing.Barrier(2)
    child = multiprocessing.Process(target=work, args=(other, one, barrier), name="worker")
    child.start()
    with one:
        barrier.wait()
        with other:  # parent acquires
            pass
