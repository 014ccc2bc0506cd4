"""Bare os.fork: a child (exit 4) with a child of its own (exit 6). Expected: main > fork > fork."""

import os
import sys

if __name__ == "__main__":
    pid = os.fork()
    if pid == 0:
        grandchild = os.fork()
        if grandchild == 0:
            os._exit(6)
        _, status = os.waitpid(grandchild, 0)
        os._exit(4 if os.WEXITSTATUS(status) == 6 else 99)
    _, status = os.waitpid(pid, 0)
    print(os.WEXITSTATUS(status))
    sys.exit(2)
