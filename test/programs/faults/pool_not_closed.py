"""A pool is used and then forgotten."""

import multiprocessing
import sys


def work(n):
    return n


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    pool = multiprocessing.Pool(2)  # made
    pool.map(work, range(4))
