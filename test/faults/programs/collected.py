"""Finalizers and weak references' callbacks that send messages, run by the collector at any point. Usage: collected.py
COUNT."""

import gc
import multiprocessing
import sys
import weakref


class Cycle:
    def __init__(self, says):
        self.says = says
        self.me = self

    def __del__(self):
        self.says.send("dead")


def main():
    count = int(sys.argv[1])
    dead, says_dead = multiprocessing.Pipe(duplex=False)
    final, says_final = multiprocessing.Pipe(duplex=False)
    heard, says = multiprocessing.Pipe(duplex=False)
    gc.set_threshold(3, 2, 2)
    seen = [0, 0]
    for number in range(count):
        each = Cycle(says_dead)
        weakref.finalize(each, says_final.send, "final").atexit = False
        del each
        says.send({"number": [number]})
        heard.recv()
        while dead.poll():
            dead.recv()
            seen[0] += 1
        while final.poll():
            final.recv()
            seen[1] += 1
    gc.collect()
    while sum(seen) < 2 * count:
        if dead.poll():
            dead.recv()
            seen[0] += 1
        if final.poll():
            final.recv()
            seen[1] += 1
    print(seen)


if __name__ == "__main__":
    main()
