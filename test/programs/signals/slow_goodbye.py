"""A joined worker waits for work that is never sent. On Ctrl-C both take their time, and exit with 0."""

import multiprocessing
import sys
import time


def work(tasks):
    try:
        tasks.get()  # child gets
    except KeyboardInterrupt:
        time.sleep(1)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    tasks = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(tasks,), name="worker")
    child.start()
    try:
        child.join()  # parent joins
    except KeyboardInterrupt:
        time.sleep(2)
        child.join()
