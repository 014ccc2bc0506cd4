"""A process in a process in a process, and a subprocess of the innermost. Expected: a chain main > child > grandchild > python."""

import multiprocessing
import subprocess
import sys


def innermost():
    subprocess.run([sys.executable, "-c", "print('hello from the leaf')"], check=True)
    subprocess.run(["true"], check=True)


def middle(method):
    context = multiprocessing.get_context(method)
    process = context.Process(target=innermost, name="grandchild")
    process.start()
    process.join()


if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    child = context.Process(target=middle, args=(sys.argv[1],), name="child")
    child.start()
    child.join()
