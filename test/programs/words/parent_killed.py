"""The only process that ever put into the queue is killed. Its consumers have the queue, too, and only read it."""

import multiprocessing
import os
import signal
import time


def consume(queue):
    while True:
        queue.get()  # reads


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    queue = multiprocessing.Queue()
    for number in range(2):
        multiprocessing.Process(target=consume, args=(queue,), name="consumer-%d" % number, daemon=True).start()
    queue.put(1)
    time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)
