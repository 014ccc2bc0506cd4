"""Children that exited early wait while others are joined first."""

import multiprocessing
import sys
import time


def work(seconds):
    time.sleep(seconds)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    children = [multiprocessing.Process(target=work, args=(s,)) for s in (6, 0)]
    for child in children:
        child.start()
    for child in children:
        child.join()
