"""`runtime`: the functions that hooks call. Start and each fork rebind its attributes, so always call through it and never keep one of them."""

from .compat import clocks


def _nothing(*args, **kwargs):
    return None


UNARMED = (0,)
ALWAYS = (1,)


class Runtime:
    """The runtime of this process. Before `boot.start`, or if recording failed, every call does nothing."""

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
        self.forked = _nothing  # called if `here` says that this is a child without a journal
        self.off()

    def off(self):
        """Turn recording off: from now on each hook costs one call and does nothing."""
        self.active = False
        if self.writer is not None:
            self.writer.off()
        self.emit = self.record = self.enter = self.leave = self.end = _nothing
        self.next_object = None


runtime = Runtime()
