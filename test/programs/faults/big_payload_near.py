"""One big message, and many small ones."""

import multiprocessing
import sys


def work(queue):
    for n in range(101):
        queue.get()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    queue.put(b"x" * 6_000_000)
    for n in range(100):
        queue.put(b"x" * 60_000)
    child.join()
