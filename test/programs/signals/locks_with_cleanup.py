"""Two processes take two locks in a different order. Both have inherited a handler of SIGTERM that ends them properly."""

import multiprocessing
import signal
import sys


def clean_up(number, frame):
    sys.exit(0)


def work(first, second, barrier):
    with first:
        barrier.wait()
        with second:  # child acquires
            pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    signal.signal(signal.SIGTERM, clean_up)  # handler
    one, other, barrier = multiprocessing.Lock(), multiprocessing.Lock(), multiprocessing.Barrier(2)
    child = multiprocessing.Process(target=work, args=(other, one, barrier), name="worker")
    child.start()
    with one:
        barrier.wait()
        with other:  # parent acquires
            pass
