"""Becomes a daemon that closes every descriptor, opens its own files at the freed numbers, and works. Usage: daemon.py
FOLDER."""

import multiprocessing
import os
import sys


def work(folder):
    os.closerange(0, 4096)
    files = [os.open(os.path.join(folder, name), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600) for name in ("in", "out", "err", "data")]
    heard, says = multiprocessing.Pipe(duplex=False)
    for number in range(3000):
        says.send(number)
        heard.recv()
        if number % 1000 == 0 and os.fork() == 0:
            says.close()
            os._exit(0)
    for each in files:
        os.write(each, b"%d\n" % each)
    os.replace(os.path.join(folder, "data"), os.path.join(folder, "done"))


def main():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            work(sys.argv[1])
        os._exit(0)
    os.wait()
    print("started")


if __name__ == "__main__":
    main()
