"""Many children at once. Usage: crowd.py COUNT."""

import multiprocessing
import os
import sys

from account import account


def main():
    count = int(sys.argv[1])
    answers = multiprocessing.SimpleQueue()
    gate, opener = os.pipe()
    for number in range(count):
        if os.fork() == 0:
            os.close(opener)
            account("child")
            answers.put(number)
            os.read(gate, 1)
            os._exit(number % 256)
    print(sum(answers.get() for _ in range(count)))
    os.close(opener)
    print(sum(os.WEXITSTATUS(os.wait()[1]) for _ in range(count)))


if __name__ == "__main__":
    main()
