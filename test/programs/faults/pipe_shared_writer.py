"""Two processes send into the same end of a pipe."""

import multiprocessing
import sys
import time


def work(end):
    for n in range(200):
        end.send(n)  # sends
        time.sleep(0.001)


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    reader, writer = multiprocessing.Pipe(duplex=False)
    children = [multiprocessing.Process(target=work, args=(writer,), name="writer-%d" % n) for n in range(2)]
    for child in children:
        child.start()
    for n in range(400):
        reader.recv()
    for child in children:
        child.join()
