"""The same with the guard."""

import multiprocessing
import sys


def work():
    pass


if __name__ == "__main__":
    child = multiprocessing.get_context(sys.argv[1]).Process(target=work, name="worker")
    child.start()
    child.join()
