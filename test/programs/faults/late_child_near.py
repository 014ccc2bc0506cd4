"""The sender is late: its parent has closed its copy of the end before the child began to run. It is alive, and will send."""

import multiprocessing
import os
import sys
import time


def work(sender):
    time.sleep(1.5)
    sender.send(1)
    sender.close()


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):  # on one processor the parent mostly runs first
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    multiprocessing.set_start_method(sys.argv[1])
    receiver, sender = multiprocessing.Pipe(duplex=True)
    child = multiprocessing.Process(target=work, args=(sender,), name="sender")
    child.start()
    sender.close()
    receiver.recv()
    child.join()
