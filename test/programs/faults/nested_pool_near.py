"""The inner tasks have their own pool."""

import multiprocessing
import multiprocessing.pool
import sys
import time


def inner(n):
    time.sleep(1)
    return n


def outer(n):
    return second.apply(inner, (n,))


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.pool.ThreadPool(2) as first, multiprocessing.pool.ThreadPool(1) as second:
        first.map(outer, range(2), chunksize=1)
