"""Two processes send into the same end of a pipe."""

import multiprocessing
import sys


def work(end):
    for n in range(2000):
        end.send(n)  # sends


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    reader, writer = multiprocessing.Pipe(duplex=False)
    children = [multiprocessing.Process(target=work, args=(writer,), name="writer-%d" % n) for n in range(2)]
    for child in children:
        child.start()
    for n in range(4000):
        reader.recv()
    for child in children:
        child.join()
