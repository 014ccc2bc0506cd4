"""No fault: the handler of SIGCHLD puts into the queue that the parent is blocked on."""

import multiprocessing
import signal
import sys
import time


def work():
    time.sleep(3)


def ended(number, frame):
    queue.put("a child ended")


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    signal.signal(signal.SIGCHLD, ended)
    child = multiprocessing.Process(target=work, name="worker")
    child.start()
    assert queue.get() == "a child ended"
    child.join()
