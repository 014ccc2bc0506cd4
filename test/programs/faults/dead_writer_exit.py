"""A process leaves by os._exit() while its feeder writes a large item: it holds the queue's write lock."""

import multiprocessing
import os
import sys
import time


def big(queue):
    queue.put(b"x" * 1000000)
    time.sleep(0.5)
    os._exit(0)


def small(queue):
    queue.put(1)  # put


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    left = multiprocessing.Process(target=big, args=(queue,), name="big")
    left.start()
    left.join()
    other = multiprocessing.Process(target=small, args=(queue,), name="small")
    other.start()
    other.join()  # joins
