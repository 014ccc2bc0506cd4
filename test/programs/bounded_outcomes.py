"""A queue of capacity 2 in one process and one child. Expected: Full 2 (one without blocking, one by timeout), Empty 3,
depthMax 2, puts 4, gets 4."""

import multiprocessing
import queue
import sys


def fill(small, filled, drained):
    small.put("a")
    small.put("b")
    try:
        small.put_nowait("c")
    except queue.Full:
        pass
    try:
        small.put("d", timeout=0.05)
    except queue.Full:
        pass
    filled.set()
    drained.wait()
    small.put("e")
    small.put("f")


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    small = context.Queue(maxsize=2)
    filled, drained = context.Event(), context.Event()
    try:
        small.get_nowait()
    except queue.Empty:
        pass
    child = context.Process(target=fill, args=(small, filled, drained), name="filler")
    child.start()
    filled.wait()
    got = [small.get(), small.get()]
    try:
        small.get(timeout=0.05)
    except queue.Empty:
        pass
    drained.set()
    got += [small.get(), small.get()]
    try:
        small.get(False)
    except queue.Empty:
        pass
    child.join()
    print("".join(got))
