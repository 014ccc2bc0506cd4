"""A process as seen from inside: its descriptors and threads. The programs print it, so that it is compared with the
rest."""

import os
import re
import sys
import threading
import time

# Modules that Forkscope's runtime consists of and requires.
RUNTIME = {"sitecustomize", "forkscope_runtime", "atexit", "struct", "_struct", "mmap", "_json", "opcode", "_opcode", "_opcode_metadata"}


def descriptors():
    """Number and kind of each open descriptor, without what varies from run to run; empty where the system does not
    list them."""
    found = []
    for name in sorted(os.listdir("/proc/self/fd"), key=int) if os.path.isdir("/proc/self/fd") else []:
        try:
            target = os.readlink("/proc/self/fd/" + name)
        except OSError:
            continue  # the descriptor of the listing itself
        kind = re.sub(r"[\[:].*|.*/", "", target)
        found.append(name + "=" + re.sub(r"^(psm|pym|sem|tmp|torch)[-_.].*", r"\1", kind))
    return found


def threads():
    """Names of this process's threads, and the kernel's count of them."""
    names = sorted(each.name for each in threading.enumerate())
    counted = len(os.listdir("/proc/self/task")) if os.path.isdir("/proc/self/task") else len(names)
    return names, counted


def facts():
    return {"descriptors": descriptors(), "threads": threads(), "modules": sorted(each for each in sys.modules if each.partition(".")[0] not in RUNTIME)}


def tell():
    """Print the last lines of a program: one for each of these facts."""
    for name, value in sorted(facts().items()):
        print("#", name, value, flush=True)


def wait_until(condition, seconds=60):
    """Wait until `condition()` is true: the result of another process's action."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("this did not happen within %d seconds" % seconds)
        time.sleep(0.02)


def get(address, path="/"):
    """The body of the response of a server at a Unix socket (a path) or a TCP port (a number); '' while there is no
    server."""
    import socket

    try:
        with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as connection:
            connection.settimeout(20)
            connection.connect(address if isinstance(address, str) else ("127.0.0.1", address))
            connection.sendall(("GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n" % path).encode())
            answer = b""
            while True:
                more = connection.recv(65536)
                if not more:
                    break
                answer += more
        return answer.decode("utf-8", "replace").rpartition("\r\n\r\n")[2]
    except OSError:
        return ""
