"""Consumers wait for items, and the parent for them: no sentinel says that the items have ended."""

import multiprocessing
import sys


def work(queue):
    while True:
        if queue.get() is None:  # consumer
            return


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    children = [multiprocessing.Process(target=work, args=(queue,), name="consumer-%d" % n) for n in range(2)]
    for child in children:
        child.start()
    queue.put(1)
    for child in children:
        child.join()  # parent
