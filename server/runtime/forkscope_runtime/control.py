"""The control page: one byte that every hooked operation reads. It is nonzero while a debugger has something armed.

The debugger creates the page before the program starts; without it nothing is ever armed. The page is mapped: reading it costs no
system call, and a forked child inherits it.
"""

from .pristine_os import os
from . import vocabulary as v
from .compat import PY2
from .state import UNARMED, runtime


class _Page(object):
    """Python 2's mappings return strings; this one returns numbers as later versions do."""

    def __init__(self, mapped):
        self._mapped = mapped

    def __getitem__(self, at):
        found = self._mapped[at]
        return found if isinstance(at, slice) else ord(found)


def look(folder):
    """Map the session's control page, if there is one."""
    path = os.path.join(folder, v.FILE_CONTROL)
    if os.path.exists(path):
        from .mapping import attach

        page = attach(path, v.CONTROL_SIZE)
        runtime.armed = _Page(page) if PY2 else page
        if runtime.writer is not None:
            runtime.writer.arm(page)


def publish(key, mode, name):
    """Publish the user's name of a descriptor to processes that are not forked from this one; only in a debugged session."""
    if runtime.armed is not UNARMED and key:
        line = "%s %s %s\n" % (key, mode, name)
        fd = os.open(os.path.join(runtime.folder, v.FILE_NAMES), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(fd, line.encode("utf-8"))  # short: written whole
        finally:
            os.close(fd)
