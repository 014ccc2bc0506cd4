"""No fault: an alarm puts into the queue that its own process is blocked on, and that no other process has."""

import multiprocessing
import signal
import sys


def ring(number, frame):
    queue.put("time is up")


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    queue = multiprocessing.Queue()
    signal.signal(signal.SIGALRM, ring)
    signal.alarm(3)
    assert queue.get() == "time is up"
