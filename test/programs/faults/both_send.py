"""Both ends of a pipe send more than its buffers hold, and neither receives."""

import multiprocessing
import sys

BIG = b"x" * 2_000_000


def work(end):
    end.send(BIG)  # child sends
    end.recv()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=work, args=(there,), name="worker")
    child.start()
    here.send(BIG)  # parent sends
    here.recv()
    child.join()
