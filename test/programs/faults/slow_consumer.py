"""The queue grows as long as the program runs."""

import multiprocessing
import sys
import time


def work(queue):
    while True:
        queue.get()  # takes
        time.sleep(0.01)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="consumer", daemon=True)
    child.start()
    while True:
        queue.put(1)  # puts
        time.sleep(0.001)
