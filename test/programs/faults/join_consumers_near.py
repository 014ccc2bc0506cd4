"""The same with a None for each, though late."""

import multiprocessing
import sys
import time


def work(queue):
    while True:
        if queue.get() is None:
            return


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    children = [multiprocessing.Process(target=work, args=(queue,), name="consumer-%d" % n) for n in range(2)]
    for child in children:
        child.start()
    queue.put(1)
    time.sleep(1.5)
    for child in children:
        queue.put(None)
    for child in children:
        child.join()
