"""Children that end in every way. Expected: good 0, seven 7, raises 1, sigterm SIGTERM, sigkill SIGKILL, hard 9 by os._exit."""

import multiprocessing
import os
import signal
import sys
import time


def good():
    pass


def seven():
    sys.exit(7)


def raises():
    sys.stderr = open(os.devnull, "w")
    raise RuntimeError("on purpose")


def sleeps():
    time.sleep(60)


def hard():
    os._exit(9)


def kills_itself():
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    children = [
        context.Process(target=target, name=name)
        for name, target in [("good", good), ("seven", seven), ("raises", raises), ("sigterm", sleeps), ("sigkill", kills_itself), ("hard", hard)]
    ]
    for child in children:
        child.start()
    children[3].terminate()
    for child in children:
        child.join()
    print([child.exitcode for child in children])
    sys.exit(5)
