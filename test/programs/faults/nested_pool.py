"""Every thread of a pool waits for tasks of the same pool."""

import multiprocessing
import multiprocessing.pool
import sys

pool = None


def inner(n):
    return n


def outer(n):
    return pool.apply(inner, (n,))  # inside


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    pool = multiprocessing.pool.ThreadPool(2)
    pool.map(outer, range(2), chunksize=1)
