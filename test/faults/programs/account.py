"""A program's own count of its operations, kept outside of it: one line for each operation that has returned.

A line is one `write` to a file opened for appending, so the kernel has it before the program continues, whatever
happens then. A report must contain everything in the account.
"""

import os

_FOLDER = os.environ.get("ACCOUNT", "")
_open = {}  # pid -> descriptor; a forked child opens its own file


def account(what):
    """Record that `what` has happened in this process."""
    pid = os.getpid()
    fd = _open.get(pid)
    if fd is None:
        _open.clear()
        fd = _open[pid] = os.open(os.path.join(_FOLDER, str(pid)), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(fd, (what + "\n").encode())
