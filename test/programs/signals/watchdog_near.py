"""No fault: faulthandler's watchdog ends a child in the middle of a wait for an item that is never sent."""

import faulthandler
import multiprocessing
import os
import sys


def work(queue):
    faulthandler.dump_traceback_later(3, exit=True, file=open(os.devnull, "w"))
    queue.get()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(queue,), name="watched")
    child.start()
    child.join()
    assert child.exitcode == 1
