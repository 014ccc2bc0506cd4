"""No fault: a service stopped by SIGTERM. The handler sets the Event that the child waits for."""

import multiprocessing
import os
import signal
import sys


def serve(stop):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stop.wait()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    stop = multiprocessing.Event()
    child = multiprocessing.Process(target=serve, args=(stop,), name="server")
    child.start()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    os.system("(sleep 2.5; kill -TERM %d) &" % os.getpid())  # from outside of the program
    child.join()
