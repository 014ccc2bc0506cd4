"""The producer is slow, but it puts."""

import multiprocessing
import sys
import time


def work(queue):
    queue.put(1)
    time.sleep(1.5)
    queue.put(2)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="producer")
    child.start()
    queue.get()
    queue.get()
    child.join()
