"""Everything is taken out before the child is joined, though slowly."""

import multiprocessing
import sys
import time


def work(queue):
    for n in range(4):
        queue.put("x" * 50_000)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    for n in range(4):
        time.sleep(0.4)
        queue.get()
    child.join()
