"""`runtime`: what the hooks call. Its attributes are rebound at start and after each fork, so call through it, never around it."""

from .compat import clocks


def _nothing(*args, **kwargs):
    return None


UNARMED = (0,)
ALWAYS = (1,)


class Runtime:
    """The runtime of this process. Until `boot.start` (or when recording failed) every call does nothing."""

    __slots__ = (
        "active", "clock", "emit", "record", "enter", "leave", "end",
        "uid", "folder", "options", "fork_loc", "next_object", "armed", "writer", "here", "forked",
    )  # fmt: skip

    def __init__(self):
        self.clock = clocks.monotonic_ns
        self.uid = 0
        self.folder = ""
        self.options = {}
        self.fork_loc = 0
        self.armed = UNARMED  # see control.py
        self.writer = None  # see accelerator.py
        self.here = ALWAYS  # see belonging.py
        self.forked = _nothing  # called where `here` says that this is a child without a journal
        self.off()

    def off(self):
        """Recording is off: from here on the hooks cost a call and do nothing."""
        self.active = False
        if self.writer is not None:
            self.writer.off()
        self.emit = self.record = self.enter = self.leave = self.end = _nothing
        self.next_object = None


runtime = Runtime()
