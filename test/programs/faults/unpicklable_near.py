"""A named function can be pickled."""

import multiprocessing
import sys


def work(queue):
    queue.get(timeout=20)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    queue.put(work)
    child.join()
