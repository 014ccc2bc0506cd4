"""One side receives after a while: both sends end."""

import multiprocessing
import sys
import time

BIG = b"x" * 2_000_000


def work(end):
    end.send(BIG)
    end.recv()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=work, args=(there,), name="worker")
    child.start()
    time.sleep(1.5)
    here.recv()
    here.send(BIG)
    child.join()
