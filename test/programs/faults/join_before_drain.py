"""The child is joined while its items are still in its feeder: the pipe is full, and both are blocked forever."""

import multiprocessing
import sys


def work(queue):
    for n in range(4):
        queue.put("x" * 50_000)  # put


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    child.join()  # join
    for n in range(4):
        queue.get()
