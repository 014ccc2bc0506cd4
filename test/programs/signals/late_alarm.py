"""A joined worker waits for work that is never sent. The alarm has gone off; a handler of SIGWINCH and the default one of SIGINT end nothing."""

import multiprocessing
import signal
import sys
import time


def work(tasks):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    while tasks.get() is not None:  # child gets
        pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    signal.signal(signal.SIGWINCH, lambda number, frame: None)
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.alarm(1)
    time.sleep(1.2)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    tasks = multiprocessing.Queue()
    child = multiprocessing.Process(target=work, args=(tasks,), name="worker")
    child.start()
    child.join()  # parent joins
