"""Two tasks fail. When the callback receives the first exception the pool is terminated, mostly before the second one is delivered."""

import multiprocessing
import sys
import threading


def prepare(shared):
    global barrier
    barrier = shared


def fail_together(number):
    barrier.wait()
    raise ValueError(number)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    failed = threading.Event()
    pool = multiprocessing.Pool(2, prepare, (multiprocessing.Barrier(2),))
    for number in range(2):
        pool.apply_async(fail_together, (number,), error_callback=lambda error: failed.set())
    failed.wait()
    pool.terminate()
    pool.join()
