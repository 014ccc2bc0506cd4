"""The feeder drops an unpicklable item; put() raised nothing."""

import multiprocessing
import sys


def work(queue):
    queue.get(timeout=20)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    queue.put(lambda: 1)  # put
    queue.put(2)
    child.join()
