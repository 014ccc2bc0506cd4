"""A child, then the process itself, sends messages and ends in the given way. Usage: ends.py WAY COUNT."""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys

from account import account


def hungry():
    """Exhausts memory, then continues to send messages."""
    here = resource.getrlimit(resource.RLIMIT_AS)[1]
    with open("/proc/self/statm") as file:
        size = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + (48 << 20), here))
    taken = []
    step = 1 << 20
    while step:
        try:
            taken.append(bytearray(step))
        except MemoryError:
            step //= 2
    del taken[:3]  # enough for the program itself, too little for a journal's mapping
    return taken


def end(way):
    if way == "_exit":
        os._exit(5)
    elif way == "segv":
        ctypes.string_at(0)
    elif way == "abort":
        os.abort()
    elif way == "kill":
        os.kill(os.getpid(), signal.SIGKILL)


def talk(says, count, way):
    for number in range(count // 2):
        says.send(number)
        account("send talk")
    if way == "memory":
        taken = hungry()
        account("hungry")
        for number in range(count // 2):
            if number % 100 == 0:
                try:
                    pid = os.fork()
                except OSError:
                    pid = -1
                if pid == 0:
                    os._exit(0)
                if pid > 0:
                    os.waitpid(pid, 0)
            if number == count // 4:
                taken.clear()
            says.send(number)
            account("send talk")
    else:
        for number in range(count // 2):
            says.send(number)
            account("send talk")
    end(way)


def main():
    way, count = sys.argv[1], int(sys.argv[2])
    talks, says = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=talk, args=(says, count, way), name="child")
    child.start()
    for _ in range(count):
        talks.recv()
        account("recv talk")
    child.join()
    print("child", child.exitcode, flush=True)
    own, mine = multiprocessing.Pipe(duplex=False)
    for number in range(100):
        mine.send(number)
        account("send own")
    end(way)
    print("end", flush=True)


if __name__ == "__main__":
    main()
