"""The offsets of the parts of a journal. See "The journal" in docs/architecture.md."""

from . import vocabulary as v
from .pristine_os import os

# The journal grows while this many slots are still free: a signal handler that interrupts the growth writes into them.
MARGIN = 8
MOST_MARGIN = 512  # of a ring; accelerator.c knows it too
FIRST_SLOTS = 64  # 8 KiB of records, and of events: reserved at the creation of the journal; then each doubles
CELLS_AT = v.HEADER_SIZE
RECORDS_AT = CELLS_AT + v.DEFAULT_CELLS * v.CELL_SIZE
BEGUN = RECORDS_AT + FIRST_SLOTS * v.SLOT_SIZE  # leading bytes that are reserved on the disk at creation
_PAGE = 4096
_STEP = 8192


class Layout(object):
    """The two areas that grow.

    :param options: `meta` and `ring` in bytes (see the vocabulary's environment OPTIONS)
    """

    def __init__(self, options):
        self._place(options["meta"] // v.SLOT_SIZE, options["ring"] // v.SLOT_SIZE)
        allowed = _allowed()
        while allowed is not None and self.size > allowed and self.shrink():
            pass

    def _place(self, meta_slots, ring_slots):
        self.meta_slots = max(meta_slots, FIRST_SLOTS)
        self.ring_slots = _whole_steps(ring_slots)
        self.ring_at = (RECORDS_AT + self.meta_slots * v.SLOT_SIZE + _PAGE - 1) // _PAGE * _PAGE
        self.size = self.ring_at + self.ring_slots * v.SLOT_SIZE

    def shrink(self):
        """Shrink it. False if it has its minimum size."""
        if self.ring_slots <= FIRST_SLOTS:
            return False
        self._place(self.meta_slots // 8, self.ring_slots // 8)
        return True


def _allowed():
    """Bytes of a limited address space (`ulimit -v`, RLIMIT_AS) that a journal may take from the program; None without a limit.
    Read from /proc, because the program did not import the module `resource`."""
    try:
        fd = os.open("/proc/self/limits", os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except (EnvironmentError, ValueError):
        return None
    try:
        for line in os.read(fd, 4096).split(b"\n"):
            if line.startswith(b"Max address space"):
                soft = line.split()[3]
                return int(soft) // 64 if soft.isdigit() else None
    finally:
        os.close(fd)
    return None


def _whole_steps(slots):
    """A ring's capacity that its growth and its chunks divide: 64 * 2**k slots, or whole steps of 8192."""
    if slots >= _STEP:
        return slots // _STEP * _STEP
    return 1 << (max(slots, FIRST_SLOTS).bit_length() - 1)
