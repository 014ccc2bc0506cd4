"""Workers exit by themselves between tasks and are replaced."""

import multiprocessing
import sys
import time


def work(n):
    time.sleep(0.2)
    return n


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Pool(2, maxtasksperchild=1) as pool:
        pool.map(work, range(6), chunksize=1)
