"""Journals that the accelerator creates: the first one of a process, and the journals of its forked children.

The Python objects of a journal (its ring and its cells) are created on first use, because most processes never exchange a message. After a
fork, each page that a child writes to is copied, and Python writes to every object that it reads.
"""

import sys

from .pristine_os import os
from . import vocabulary as v
from .cells import make_giver
from .folder import identity
from .json_text import encode
from .layout import BEGUN, CELLS_AT, FIRST_SLOTS, MARGIN, RECORDS_AT, Layout
from .ring import Ring
from .state import runtime

_MOST = 3000  # bytes of a "process" record; Python writes longer ones


def begin(first, forked, on_new_thread, otherwise):
    """Create this process's journal and write its record. False: Python must create it.

    :param first: fields of its "process" record
    :param forked, on_new_thread, otherwise: as for `inherit`
    """
    record = _prefix(first)
    return record is not None and inherit(Layout(runtime.options), forked, on_new_thread, otherwise) and runtime.writer.begin(record)


def inherit(layout, forked, on_new_thread, otherwise):
    """Prepare `runtime.writer.after_fork`, which creates the journals of forked children. False: it cannot.

    :param layout: of each
    :param forked: fields of a forked child's "process" record that are the same in all of them
    :param on_new_thread: as make_giver has it
    :param otherwise: creates a child's journal in Python; never raises
    """
    writer, payload = runtime.writer, runtime.options["payload"]
    record = _prefix(forked)
    if record is None:
        return False

    def rebuild():
        """The Python objects of the journal that the accelerator created last."""
        ring = Ring(writer.view(), os.fsdecode(writer.path()), layout.ring_at, layout.ring_slots, payload)
        cells, give = make_giver(CELLS_AT, v.DEFAULT_CELLS, on_new_thread)
        ring.follow(writer, lambda ident: cells[ident][0] if ident in cells else give(ident)[0])

    writer.inherit(
        runtime, os.fsencode(runtime.folder), record, layout.size, BEGUN, CELLS_AT, v.DEFAULT_CELLS, RECORDS_AT, layout.meta_slots,
        layout.ring_at, layout.ring_slots, FIRST_SLOTS - MARGIN, payload, sys.hexversion & 0xFFFFFFFF, *identity(runtime.folder) + (encode, rebuild, otherwise)
    )  # fmt: skip
    return True


def _prefix(fields):
    """The prefix of a record, which the accelerator completes; None if it is too long."""
    text = encode(fields)[:-1].encode("ascii")
    return text if len(text) <= _MOST else None
