"""A joined worker waits for work that is never sent. SIGTERM would end the main process properly."""

import multiprocessing
import signal
import sys


def clean_up(number, frame):
    sys.exit(0)


def work(tasks):
    while tasks.get() is not None:  # child gets
        pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    signal.signal(signal.SIGTERM, clean_up)  # handler
    tasks = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(tasks,), name="worker")
    child.start()
    child.join()  # parent joins
