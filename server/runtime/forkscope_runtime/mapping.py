"""Maps the journal and the control page without leaving a descriptor open.

CPython before 3.13 duplicates the descriptor that it maps and closes the duplicate when the object dies. The duplicate would
disturb a program that counts or closes descriptors, so the runtime closes it at once. The object must then live until closing that number
again can do no harm. The registry of codec error handlers is the last thing that an interpreter releases.
"""

import codecs
import errno
import mmap
import sys

from .pristine_os import os
from .blocks import CLOEXEC, fill, forbidden

_OPEN_FLAGS = (
    os.O_RDWR | os.O_CREAT | os.O_EXCL
    | CLOEXEC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
)  # fmt: skip
_TRACKS_NO_FD = sys.version_info >= (3, 13) and sys.platform != "win32"


def create(path, size, begun):
    """A new sparse file of `size` bytes, mapped read-write and shared.

    :param begun: (offset, length) of the parts whose blocks are reserved at once
    :raises OSError: the file cannot be created (no space, no permission, a limit on file sizes or memory).
    """
    if forbidden(size):
        raise OSError(errno.EFBIG, "no file may have %d bytes" % size)
    fd = os.open(path, _OPEN_FLAGS, 0o600)
    try:
        os.ftruncate(fd, size)
        for offset, length in begun:
            fill(fd, offset, length)
        mapped = _map(fd, size, mmap.ACCESS_WRITE)
    except BaseException:
        os.close(fd)
        try:
            os.unlink(path)
        except OSError:
            pass
        raise
    os.close(fd)
    keep(mapped)
    return mapped


def attach(path, size):
    """An existing file of at least `size` bytes, mapped for reading.

    :raises OSError, ValueError: the file cannot be mapped, or is shorter.
    """
    fd = os.open(path, os.O_RDONLY | CLOEXEC | getattr(os, "O_BINARY", 0))
    try:
        mapped = _map(fd, size, mmap.ACCESS_READ)
    finally:
        os.close(fd)
    keep(mapped)
    return mapped


def _map(fd, size, access):
    if sys.platform == "win32":
        return mmap.mmap(fd, size, access=access)
    if _TRACKS_NO_FD:
        return mmap.mmap(fd, size, access=access, trackfd=False)
    return _map_and_forget_descriptor(fd, size, access)


def _map_and_forget_descriptor(fd, size, access):
    """Map, then close the duplicate descriptor of the mmap object: it has the lowest free number."""
    probe = os.dup(fd)
    os.close(probe)
    mapped = mmap.mmap(fd, size, access=access)
    ours = os.fstat(fd)
    try:
        there = os.fstat(probe)
    except OSError as error:
        if error.errno != errno.EBADF:
            raise
        return mapped  # another thread took that number, so the duplicate's is unknown and stays open
    if (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino):
        os.close(probe)
    return mapped


def keep(mapped):
    """Keep `mapped` alive as long as the interpreter, if its deallocation could do harm."""
    if _TRACKS_NO_FD:
        return

    def handler(error, _mapped=mapped):
        raise error

    codecs.register_error("forkscope.%x" % id(mapped), handler)
