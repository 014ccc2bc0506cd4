"""The result of a failed task is never read."""

import multiprocessing
import sys


def work(n):
    raise ValueError(n)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        pool.apply_async(work, (1,))  # submitted
        pool.close()
        pool.join()
