"""Journals of forked children that the accelerator makes: see native/forks.h for why.

The parent prepares once what is the same in all of them. The objects that look after a journal's ring and cells are made
in the child when it first needs them; most children that only calculate never do.
"""

import os

from . import vocabulary as v
from .cells import make_giver
from .folder import identity
from .json_text import encode
from .ring import FIRST_SLOTS, MARGIN, Ring
from .state import rt

_MOST = 3000  # bytes of a process's command line and versions: longer ones are written by Python, child by child


def in_child(journal, described, on_new_thread, otherwise):
    """What a forked child is to call: the accelerator's function, or `otherwise` where that cannot be.

    :param journal: of this process
    :param described: fields of a child's "process" record that are the same in all of them
    :param on_new_thread: as make_giver has it
    :param otherwise: makes a child's journal in Python; raises nothing
    """
    writer = rt.writer
    prefix = encode(described)[:-1].encode("ascii")
    if len(prefix) > _MOST:
        return otherwise
    ring = journal.ring
    offset, slots, payload, cells_at = ring.offset, ring.slots, ring.payload, journal.cells_at

    def rebuild():
        """The part in Python of the journal of this child."""
        heir = Ring(writer.view(), os.fsdecode(writer.path()), offset, slots, payload)
        cells, give = make_giver(cells_at, v.DEFAULT_CELLS, on_new_thread)
        heir.follow(writer, lambda ident: cells[ident][0] if ident in cells else give(ident)[0])

    writer.inherit(
        rt, os.fsencode(rt.folder), b"\0" * 8 + journal.mapped[8 : v.HEADER_SIZE] + b"\0" * (journal.begun - v.HEADER_SIZE), prefix,
        len(journal.mapped), journal.records.offset, journal.records.slots, offset, slots, FIRST_SLOTS - MARGIN,
        *identity(rt.folder) + (rebuild, otherwise)
    )  # fmt: skip
    return writer.after_fork
