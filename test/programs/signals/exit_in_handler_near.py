"""No fault: SIGTERM raises SystemExit in the main process, which then stops its workers."""

import multiprocessing
import os
import signal
import sys


def work(tasks):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while tasks.get() is not None:
        pass


def stop(number, frame):
    raise SystemExit(0)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    tasks = multiprocessing.Queue()
    workers = [multiprocessing.Process(target=work, args=(tasks,), name="worker-%d" % i) for i in range(2)]
    for each in workers:
        each.start()
    signal.signal(signal.SIGTERM, stop)
    os.system("(sleep 2.5; kill -TERM %d) &" % os.getpid())
    try:
        for each in workers:
            each.join()
    finally:
        for each in workers:
            tasks.put(None)
