"""The only producer fails before its last message; the consumer stays blocked."""

import multiprocessing
import sys


def work(queue):
    queue.put(1)
    raise SystemExit(3)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="producer")
    child.start()
    queue.get()
    queue.get()  # waits
