"""Talks while the wall clock jumps: it moves itself about, and a library underneath may too. Usage: clock.py COUNT [plain]: without threads and
time-outs, which a faked clock lets hang in Python itself."""

import multiprocessing
import sys
import time

from account import account

real = time.time
shift = [0]
time.time = lambda: real() + shift[0]
time.time_ns = lambda: int(time.time() * 1e9)


def main():
    heard, says = multiprocessing.Pipe(duplex=False)
    numbers = multiprocessing.Queue()
    plain = "plain" in sys.argv
    account("began")
    for number in range(int(sys.argv[1])):
        shift[0] = (number % 3 - 1) * 1e9
        says.send(number)
        got = heard.recv()
        if not plain:
            numbers.put(got)
            numbers.get(timeout=60)
        account("talked")
    print("end")


if __name__ == "__main__":
    main()
