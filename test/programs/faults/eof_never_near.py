"""The reader has closed its copy of the write end: EOF arrives."""

import multiprocessing
import sys
import time


def work(end):
    for n in range(3):
        time.sleep(0.5)
        end.send(n)
    end.close()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    reader, writer = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=work, args=(writer,), name="worker")
    child.start()
    writer.close()
    try:
        while True:
            reader.recv()
    except EOFError:
        pass
    child.join()
