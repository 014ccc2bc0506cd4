"""A fork bomb stopped by the limit on processes (it has to run as a user without others). Usage: bomb.py LIMIT."""

import os
import resource
import sys

from account import account


def bomb(depth):
    children = 0
    for _ in range(4):
        try:
            pid = os.fork()
        except BlockingIOError:
            account("refused")
            continue
        if pid == 0:
            account("born")
            if depth == 0:
                os.close(opener)
            own = bomb(depth + 1) if depth < 4 else 0
            os.read(gate, 1)
            for _ in range(own):
                os.wait()
            os._exit(0)
        children += 1
    return children


limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))
gate, opener = os.pipe()
children = bomb(0)
os.close(opener)
for _ in range(children):
    os.wait()
print("over")
