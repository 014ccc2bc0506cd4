"""The exception is read: by get, by an error_callback, by successful()."""

import multiprocessing
import sys


def work(n):
    raise ValueError(n)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Pool(2) as pool:
        pool.apply_async(work, (1,), error_callback=print)
        asked = pool.apply_async(work, (2,))
        looked = pool.apply_async(work, (3,))
        pool.close()
        pool.join()
        assert not looked.successful()
        try:
            asked.get()
        except ValueError:
            pass
