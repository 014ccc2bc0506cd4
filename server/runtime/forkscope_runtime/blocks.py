"""Reserves a journal's disk blocks before the runtime accesses them through the mapping.

A full disk must be our error here, never a SIGBUS in the user's program later. Writing zeros works on all file systems and leaves the
pages in memory. Blocks from posix_fallocate cost milliseconds at the first access on some file systems (measured: 5.8 ms against
0.25 ms on ext4).
"""

import errno
import sys

from .pristine_os import os
from .compat import implementation, loaded
from .errors import is_foreign
from .state import runtime

# Python 2 does not name it.
CLOEXEC = getattr(os, "O_CLOEXEC", 0o2000000 if sys.platform.startswith("linux") else 0)


_MADV_POPULATE_WRITE = 23  # Linux 5.14; the module `mmap` does not name it


def reserve(path, offset, length, mapped):
    """Reserve disk blocks for `length` bytes of the file from `offset`. Returns whether they are reserved.

    The descriptor exists only during this call, so the program never sees it.

    :param mapped: the file
    """
    if forbidden(offset + length):
        return False
    try:
        fd = os.open(path, os.O_RDWR | CLOEXEC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
    except Exception as error:
        if is_foreign(error):
            raise
        # For example, an audit hook of the program forbids it, or the process has changed its user.
        return getattr(error, "errno", None) in (errno.EACCES, errno.EPERM) and _populated(mapped, offset, length)
    try:
        fill(fd, offset, length)
        return True
    except OSError:
        return False
    finally:
        os.close(fd)


def _populated(mapped, offset, length):
    """The same through the mapping: a full disk is an error of this call."""
    try:
        if runtime.writer is not None:
            return runtime.writer.populate(offset, length)
        mapped.madvise(_MADV_POPULATE_WRITE, offset, length)
        return True
    except (AttributeError, EnvironmentError, ValueError):
        return False  # an older kernel or interpreter, or a full disk


def forbidden(size):
    """Whether a file of this size is forbidden. The kernel reports it by a signal, which CPython ignores unless the program has changed that; other
    interpreters are killed by it."""
    if implementation() == "cpython":
        signals = loaded("_signal") or loaded("signal")  # the second in Python 2
        number = getattr(signals, "SIGXFSZ", None)
        if number is None or signals.getsignal(number) == signals.SIG_IGN:
            return False
    try:
        import resource
    except ImportError:
        return False
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return limit != resource.RLIM_INFINITY and size > limit


def fill(fd, offset, length):
    """Write zeros.

    :raises OSError: the disk is full
    """
    os.lseek(fd, offset, os.SEEK_SET)
    zeros = b"\0" * min(length, 65536)
    while length > 0:
        length -= os.write(fd, zeros if length >= len(zeros) else zeros[:length])
