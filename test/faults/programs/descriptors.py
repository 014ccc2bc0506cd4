"""Exhausts all descriptors, forks and sends messages meanwhile, and continues when some are free again. Usage:
descriptors.py COUNT."""

import multiprocessing
import os
import resource
import sys


def main():
    count = int(sys.argv[1])
    heard, says = multiprocessing.Pipe(duplex=False)
    numbers = multiprocessing.SimpleQueue()
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    opened = []
    while True:
        try:
            opened.append(os.open(os.devnull, os.O_RDONLY))
        except OSError as error:
            print(len(opened), opened[-1], error.errno)
            break
    for number in range(count):
        says.send(number)
        numbers.put(heard.recv())
        numbers.get()
    pid = os.fork()
    if pid == 0:
        says.send("from a child")
        os._exit(3)
    print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]), heard.recv())
    try:
        multiprocessing.Pipe()
    except OSError as error:
        print(error.errno)
    for fd in opened:
        os.close(fd)
    for number in range(count):
        says.send(number)
        numbers.put(heard.recv())
        numbers.get()
    print(os.open(os.devnull, os.O_RDONLY))


if __name__ == "__main__":
    main()
