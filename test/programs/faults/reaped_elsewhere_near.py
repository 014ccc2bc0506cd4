"""Children that Python does not wait for: the system discards the first, C code (like gevent's and uvloop's loops) reaps the second."""

import ctypes
import os
import signal
import time

if __name__ == "__main__":
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if os.fork() == 0:
        os._exit(0)
    time.sleep(0.5)
    signal.signal(signal.SIGCHLD, before)
    child = os.fork()
    if child == 0:
        os._exit(0)
    ctypes.CDLL(None).waitpid(child, None, 0)
    time.sleep(6)
