"""The child is joined at the end, as multiprocessing does by itself."""

import multiprocessing
import sys
import time


def work():
    time.sleep(2)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    child = multiprocessing.Process(target=work, name="worker")
    child.start()
