"""A child that sends messages, then allocates memory until the kernel kills it. Usage: hungry.py COUNT. Only inside a
control group with a limit."""

import multiprocessing
import sys


def talk(says, count):
    for number in range(count):
        says.send(number)
    taken = []
    while len(taken) < 128:  # 512 MB: never reached
        taken.append(b"x" * (4 << 20))


def main():
    count = int(sys.argv[1])
    talks, says = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=talk, args=(says, count), name="child")
    child.start()
    for _ in range(count):
        talks.recv()
    child.join()
    print("child", child.exitcode, flush=True)


if __name__ == "__main__":
    main()
