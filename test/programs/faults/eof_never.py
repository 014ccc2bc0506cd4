"""The reader reads until EOF, but keeps the write end open itself."""

import multiprocessing
import sys


def work(end):
    for n in range(3):
        end.send(n)
    end.close()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    reader, writer = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=work, args=(writer,), name="worker")
    child.start()
    try:
        while True:
            reader.recv()  # reads
    except EOFError:
        pass
    child.join()
