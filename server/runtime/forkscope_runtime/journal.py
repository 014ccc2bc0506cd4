"""One process image's journal: header, cells, records, ring. See "The journal" in docs/architecture.md."""

import struct
import sys

from .pristine_os import os
from . import mapping
from . import vocabulary as v
from .compat import clocks
from .layout import BEGUN, CELLS_AT, FIRST_SLOTS, RECORDS_AT, Layout
from .records import Records
from .ring import Ring


class Journal:
    """A new journal file in the session folder.

    :param options: `payload`, `ring`, `meta` in bytes (see the vocabulary's environment OPTIONS)
    :raises OSError: no space for the first blocks, or the folder is not writable
    """

    def __init__(self, folder, uid, parent_uid, options):
        pid = os.getpid()
        self.path = os.path.join(folder, "%d-%08x%s" % (pid, uid, v.JOURNAL_SUFFIX))
        self.layout = layout = Layout(options)
        while True:
            try:
                mapped = mapping.create(self.path, layout.size, ((0, BEGUN), (layout.ring_at, FIRST_SLOTS * v.SLOT_SIZE)))
                break
            except (EnvironmentError, ValueError, OverflowError):
                # A full disk, or a limit on file size or address space: a smaller journal is better than none.
                if not layout.shrink():
                    raise
        self.mapped = mapped
        # All but the magic, which is written last; in the order of the vocabulary's fields.
        struct.pack_into(
            v.HEADER_FORMAT, mapped, 0, b"", v.VOCABULARY_VERSION, v.SLOT_SIZE, pid, getattr(os, "getppid", int)(), uid, parent_uid,
            clocks.monotonic_ns(), clocks.time_ns(), CELLS_AT, v.DEFAULT_CELLS, v.CELL_SIZE, RECORDS_AT, layout.meta_slots, layout.ring_at, layout.ring_slots,
            0, 0, 0, v.STATE_RECORDING, sys.hexversion & 0xFFFFFFFF, 0,
        )  # fmt: skip
        self.records = Records(mapped, self.path, RECORDS_AT, layout.meta_slots)
        self.ring = Ring(mapped, self.path, layout.ring_at, layout.ring_slots, options["payload"])
        mapped[0:8] = v.HEADER_MAGIC_BYTES.encode("ascii")

    def end(self):
        """Mark in the header that the process is about to exit normally."""
        struct.pack_into("<Q", self.mapped, v.HEADER_AT_ENDED_MONO, clocks.monotonic_ns())
        struct.pack_into("<I", self.mapped, v.HEADER_AT_STATE, v.STATE_ENDED)
