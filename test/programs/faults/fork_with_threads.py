"""A process is forked while another thread holds a lock, which the child needs."""

import multiprocessing
import sys
import threading
import time

lock = threading.Lock()


def hold(stop):
    with lock:
        stop.wait()  # thread


def work():
    with lock:
        pass


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    stop = threading.Event()
    thread = threading.Thread(target=hold, args=(stop,), name="holder", daemon=True)
    thread.start()
    while not lock.locked():
        time.sleep(0.01)
    child = multiprocessing.Process(target=work, name="worker")
    child.start()  # fork
    child.join()
