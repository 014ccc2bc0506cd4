"""No fault: a periodic timer checks whether there is something to do, and ends the wait by an exception."""

import multiprocessing
import signal
import sys

turns = []


class Enough(Exception):
    pass


def tick(number, frame):
    turns.append(1)
    if len(turns) > 5:
        raise Enough


def serve(tasks):
    while tasks.get() is not None:
        pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    tasks = multiprocessing.Queue()
    child = multiprocessing.Process(target=serve, args=(tasks,), name="server")
    child.start()
    signal.signal(signal.SIGALRM, tick)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    try:
        child.join()
    except Enough:
        signal.setitimer(signal.ITIMER_REAL, 0)
        tasks.put(None)
        child.join()
