"""The only sender takes seconds to start: until it has unpickled its arguments, it is not known to have the pipe."""

import multiprocessing
import sys
import time

if __name__ != "__main__":
    time.sleep(2.5)  # the child imports this before it receives its arguments


def work(end):
    end.send(1)
    end.close()


if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv[1])
    reader, writer = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.Process(target=work, args=(writer,))
    child.start()
    writer.close()
    print(reader.recv())
    child.join()
