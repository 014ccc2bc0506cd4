"""Many items at once, which are consumed later."""

import multiprocessing
import sys
import time


def work(queue):
    while queue.get() is not None:
        time.sleep(0.001)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="consumer")
    child.start()
    for n in range(5000):
        queue.put(n)
    queue.put(None)
    child.join()
