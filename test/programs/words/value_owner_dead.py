"""A process is killed while it holds the lock of a Value."""

import multiprocessing
import os
import signal


def work(counter):
    with counter.get_lock():
        counter.value += 1
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    counter = multiprocessing.Value("i")
    child = multiprocessing.Process(target=work, args=(counter,), name="worker")
    child.start()
    child.join()
    print(counter.value)  # reads
