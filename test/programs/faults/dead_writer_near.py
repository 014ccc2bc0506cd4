"""Writers wait for a slow reader: the pipe is full. Another one leaves by os._exit() after its item was written."""

import multiprocessing
import os
import sys
import time


def write(queue):
    for _ in range(3):
        queue.put(b"x" * 300000)


def leave(queue):
    queue.put(b"last")
    queue.close()
    queue.join_thread()
    os._exit(0)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    left = multiprocessing.Process(target=leave, args=(queue,), name="left")
    left.start()
    left.join()
    writers = [multiprocessing.Process(target=write, args=(queue,), name="writer-%d" % i) for i in range(3)]
    for each in writers:
        each.start()
    time.sleep(2.5)
    for _ in range(10):
        queue.get()
    for each in writers:
        each.join()
