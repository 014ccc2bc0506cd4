"""Reserving a journal's blocks on the disk before they are touched through memory.

A full disk must be an error of ours here, never a SIGBUS of the user's program later. Written zeros do that everywhere, and
leave the pages in memory; blocks from posix_fallocate cost milliseconds at the first touch on some file systems (measured: 5.8 ms
against 0.25 ms on ext4).
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
    """Make sure that `length` bytes from `offset` of the file exist on the disk. True when they do.

    The descriptor lives only within this call: none is left where the program could stumble on it.

    :param mapped: the file
    """
    if forbidden(offset + length):
        return False
    try:
        fd = os.open(path, os.O_RDWR | CLOEXEC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0))
    except Exception as error:
        if is_foreign(error):
            raise
        # Also where an audit hook of the program's forbids it. A process that has become another user may not open it any more.
        return getattr(error, "errno", None) in (errno.EACCES, errno.EPERM) and _populated(mapped, offset, length)
    try:
        fill(fd, offset, length)
        return True
    except OSError:
        return False
    finally:
        os.close(fd)


def _populated(mapped, offset, length):
    """The same through memory: a full disk is an error of this call's."""
    try:
        if runtime.writer is not None:
            return runtime.writer.populate(offset, length)
        mapped.madvise(_MADV_POPULATE_WRITE, offset, length)
        return True
    except (AttributeError, EnvironmentError, ValueError):
        return False  # an older kernel or interpreter, or there is no room


def forbidden(size):
    """Whether no file may be that large. The kernel tells of it by a signal: CPython ignores it unless the program has changed that; others are
    killed by it."""
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

    :raises OSError: when the disk is full
    """
    os.lseek(fd, offset, os.SEEK_SET)
    zeros = b"\0" * min(length, 65536)
    while length > 0:
        length -= os.write(fd, zeros if length >= len(zeros) else zeros[:length])
