"""Sends messages for long, occasionally with a child. Usage: long_talk.py COUNT [HALF]: at HALF, waits until the file
`on` is next to its account."""

import multiprocessing
import os
import sys
import time

from account import account


def main():
    count = int(sys.argv[1])
    half = int(sys.argv[2]) if len(sys.argv) > 2 else -1
    heard, says = multiprocessing.Pipe(duplex=False)
    family, child_says = multiprocessing.Pipe(duplex=False)
    account("began")
    total = 0
    for number in range(count):
        if number == half:
            account("half")
            while not os.path.exists(os.environ["ACCOUNT"] + ".on"):
                time.sleep(0.005)
        says.send({"number": number, "padding": "." * (number % 200)})
        total += heard.recv()["number"]
        account("talked")
        if number % (count // 8) == count // 16:
            pid = os.fork()
            if pid == 0:
                for each in range(50):
                    child_says.send(each)
                os._exit(0)
            total += sum(family.recv() for _ in range(50))
            total += os.waitpid(pid, 0)[1]
            account("family")
    print(total)


if __name__ == "__main__":
    main()
