"""The same under a lock."""

import multiprocessing
import sys


def work(end, lock):
    for n in range(2000):
        with lock:
            end.send(n)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    reader, writer = multiprocessing.Pipe(duplex=False)
    lock = multiprocessing.Lock()
    children = [multiprocessing.Process(target=work, args=(writer, lock), name="writer-%d" % n) for n in range(2)]
    for child in children:
        child.start()
    for n in range(4000):
        reader.recv()
    for child in children:
        child.join()
