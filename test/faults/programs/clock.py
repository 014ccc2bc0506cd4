"""Sends messages while the wall clock jumps: it shifts the clock itself, and a library underneath may too. Usage:
clock.py COUNT."""

import multiprocessing
import os
import sys
import time

from account import account

real = time.time
shift = [0]
time.time = lambda: real() + shift[0]
time.time_ns = lambda: int(time.time() * 1e9)


def family():
    """A forked child, whose journal begins at the shifted time."""
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def main():
    heard, says = multiprocessing.Pipe(duplex=False)
    numbers = multiprocessing.Queue()
    account("began")
    system = real() - time.monotonic()
    for number in range(int(sys.argv[1])):
        shift[0] = (number % 3 - 1) * 1e9
        says.send(number)
        got = heard.recv()
        numbers.put(got)
        numbers.get(timeout=60)
        if number % 50 == 0:
            family()
        before, system = system, real() - time.monotonic()
        if abs(system - before) > 1000:
            account("the system's clock jumped")
        account("talked")
    print("end")


if __name__ == "__main__":
    main()
