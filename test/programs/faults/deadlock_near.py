"""The same, but one gives up after a while: its wait has a timeout."""

import multiprocessing
import sys


def work(first, second, ready, go):
    with first:
        ready.set()
        go.wait()
        with second:
            pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    red, blue = multiprocessing.Lock(), multiprocessing.Lock()
    ready, go = multiprocessing.Event(), multiprocessing.Event()
    child = multiprocessing.Process(target=work, args=(red, blue, ready, go), name="worker")
    child.start()
    ready.wait()
    with blue:
        go.set()
        red.acquire(timeout=1.5)
    child.join()
