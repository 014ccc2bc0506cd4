"""Whether this process owns its journal. C code (an extension, ctypes, daemon(3)) may fork without Python's knowledge.

Every event checks `here[0]`, which is 0 in a process without a journal of its own. On Linux it is a byte of a page that the kernel clears in
every forked child (a vfork shares the page, like all memory). Elsewhere, and before Python 3.8, it compares the process id. The accelerator has
its own page.
"""

import sys

from .pristine_os import os
from .state import ALWAYS

_MADV_WIPEONFORK = 18  # Linux 4.14; the module `mmap` does not name it
_PAGE = 4096


class Number(object):
    """The same check by process id."""

    def __init__(self):
        self._pid = os.getpid()

    def __getitem__(self, at):
        return os.getpid() == self._pid

    def __setitem__(self, at, value):
        self._pid = os.getpid()


def watch():
    """The check that distinguishes this process from children forked after this call."""
    if not hasattr(os, "fork"):
        return ALWAYS  # Windows has no fork
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
