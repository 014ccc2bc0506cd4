"""A signal handler that itself sends messages, again and again, at any point. Usage: signals.py ROUNDS."""

import multiprocessing
import signal
import sys

from account import account


def main():
    rounds = int(sys.argv[1])
    mine = multiprocessing.SimpleQueue()
    signalled = multiprocessing.SimpleQueue()
    handled = [0]

    def handler(number, frame):
        if handled[0] < 3000:  # more would not fit into the pipe
            signalled.put(handled[0])
            handled[0] += 1
            account("handled")
        signal.setitimer(signal.ITIMER_REAL, 0.0002)

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0002)
    for number in range(rounds):
        mine.put(number)
        if mine.get() != number:
            print("wrong")
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    print([signalled.get() for _ in range(handled[0])] == list(range(handled[0])))


if __name__ == "__main__":
    main()
