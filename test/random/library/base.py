import gc
import json
import os
import queue as _queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import multiprocessing as mp
import warnings

# Whether a fork is reported to happen beside threads depends on how far a joined thread has come.
warnings.simplefilter("ignore", DeprecationWarning)

TRUTH = os.environ["TRUTH"]


def log(**fields):
    """Appends one line to the truth, in one write, so that a killed process's history is known to within one operation."""
    fields["pid"] = os.getpid()
    fields["t"] = time.monotonic()
    line = (json.dumps(fields) + "\n").encode()
    fd = os.open(TRUTH, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(fd, line)
    finally:
        os.close(fd)


_counter = [0]
_guard = threading.Lock()


def fresh(ch):
    """A tag that no other message of the run has."""
    with _guard:
        _counter[0] += 1
        return "<%s:%d:%d>" % (ch, os.getpid(), _counter[0])


def do(C, ctx, ops):
    """Runs a list of operations: [name, arguments]."""
    for name, args in ops:
        globals()["op_" + name](C, ctx, **args)


def op_sleep(C, ctx, s):
    time.sleep(s)


def op_burn(C, ctx, s):
    end = time.monotonic() + s
    while time.monotonic() < end:
        pass


def op_say(C, ctx, text, to, flush):
    stream = sys.stdout if to == "out" else sys.stderr
    stream.write(text + "\n")
    if flush:
        stream.flush()


def op_threads(C, ctx, lists):
    threads = [threading.Thread(target=do, args=(C, ctx, ops)) for ops in lists]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def op_lock(C, ctx, name, s, ops):
    if C[name].acquire(True, 3):
        try:
            time.sleep(s)
            do(C, ctx, ops)
        finally:
            C[name].release()


def op_event(C, ctx, name, what):
    if what == "set":
        C[name].set()
    else:
        C[name].wait(what)


def op_value(C, ctx, name, n):
    shared = C[name]
    for _ in range(n):
        with shared.get_lock():
            if hasattr(shared, "value"):
                shared.value += 1
            else:
                shared[0] += 1
