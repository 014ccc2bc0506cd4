"""Megabytes through a queue, again and again."""

import multiprocessing
import sys


def work(queue):
    for n in range(5):
        queue.get()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    for n in range(5):
        queue.put(b"x" * 6_000_000)  # put
    child.join()
