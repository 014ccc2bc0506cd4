"""Whether this process is the one that its journal belongs to: C code may fork (an extension, ctypes, daemon(3)), and tells Python nothing of it.

What answers is asked with every event: `here[0]` is 0 in a process that has no journal of its own yet. On Linux that is a byte of a page that
the kernel wipes in whatever a fork makes (a vfork shares it, as all else); elsewhere, and before Python 3.8, it is the process's number.
The accelerator has a page of its own.
"""

import sys

from .pristine_os import os
from .state import ALWAYS

_MADV_WIPEONFORK = 18  # Linux 4.14; the module `mmap` does not name it
_PAGE = 4096


class Number(object):
    """The same by the process's number."""

    def __init__(self):
        self._pid = os.getpid()

    def __getitem__(self, at):
        return os.getpid() == self._pid

    def __setitem__(self, at, value):
        self._pid = os.getpid()


def watch():
    """What tells this process from the children that are forked from it from now on."""
    if not hasattr(os, "fork"):
        return ALWAYS  # nothing forks there
    page = _page() if sys.platform.startswith("linux") and sys.version_info >= (3, 8) else None
    return Number() if page is None else page


def _page():
    try:
        import mmap

        page = mmap.mmap(-1, _PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        page.madvise(_MADV_WIPEONFORK)
        page[0] = 1
    except Exception:
        return None  # an older kernel, no memory, an interpreter without madvise
    return page
