"""The child has exited, and its parent does other things for long."""

import multiprocessing
import sys
import time


def work():
    pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    child = multiprocessing.Process(target=work, name="worker")
    child.start()  # start
    time.sleep(60)
