"""The thread has ended before the fork; only a feeder of the library runs."""

import multiprocessing
import sys
import threading


def work(queue):
    queue.get()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    thread = threading.Thread(target=queue.put, args=(1,))
    thread.start()
    thread.join()
    child = multiprocessing.Process(target=work, args=(queue,), name="worker")
    child.start()
    child.join()
