"""pebble: a pool of processes with results, failures, a task that takes too long, and a function with a process of its own."""

import threading
import time
from concurrent.futures import TimeoutError

from pebble import ProcessPool, concurrent

import probe


def square(number):
    if number == 7:
        raise ValueError("on purpose")
    return number * number


def sleep():
    time.sleep(60)


@concurrent.process
def add(a, b):
    return a + b


if __name__ == "__main__":
    pool = ProcessPool(max_workers=2)
    print(pool.schedule(square, args=(12,)).result())
    print(list(pool.map(square, range(6), chunksize=2).result()))
    for function, args, timeout in ((square, (7,), None), (sleep, (), 0.3)):
        try:
            pool.schedule(function, args=args, timeout=timeout).result()
        except (ValueError, TimeoutError) as error:
            print(type(error).__name__)
    pool.close()
    pool.join()
    print(add(1, 2).result())
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join()  # the one that looked after that process
    probe.tell()
