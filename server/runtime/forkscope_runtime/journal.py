"""One process image's journal: header, cells, records, ring. See "The journal" in docs/architecture.md."""

import os
import struct
import sys

from . import mapping, ring as ring_module
from . import vocabulary as v
from .compat import monotonic_ns, time_ns
from .records import FIRST_SLOTS as FIRST_RECORDS
from .records import Records
from .ring import Ring

_PAGE = 4096


def _whole_steps(slots):
    """A ring's capacity that its growth and its chunks divide: 64 * 2**k slots, or whole steps of 8192."""
    if slots >= 8192:
        return slots // 8192 * 8192
    return 1 << (max(slots, ring_module.FIRST_SLOTS).bit_length() - 1)


class Journal:
    """A new journal file in the session folder.

    :param options: `payload`, `ring`, `meta` in bytes (see the vocabulary's environment OPTIONS)
    :raises OSError: when there is no room for the first blocks, or the folder cannot be written
    """

    def __init__(self, folder, uid, parent_uid, options):
        pid = os.getpid()
        cells_at = v.HEADER_SIZE
        meta_at = cells_at + v.DEFAULT_CELLS * v.CELL_SIZE
        meta_slots = max(options["meta"] // v.SLOT_SIZE, FIRST_RECORDS)
        ring_slots = _whole_steps(options["ring"] // v.SLOT_SIZE)
        self.path = os.path.join(folder, "%d-%08x%s" % (pid, uid, v.JOURNAL_SUFFIX))
        while True:
            ring_at = (meta_at + meta_slots * v.SLOT_SIZE + _PAGE - 1) // _PAGE * _PAGE
            try:
                begun = (0, meta_at + min(FIRST_RECORDS, meta_slots) * v.SLOT_SIZE), (ring_at, ring_module.FIRST_SLOTS * v.SLOT_SIZE)
                mapped = mapping.create(self.path, ring_at + ring_slots * v.SLOT_SIZE, begun)
                break
            except (EnvironmentError, ValueError, OverflowError):
                # A full disk, or a limit on the size of files or of the address space: less is better than nothing.
                if ring_slots <= ring_module.FIRST_SLOTS:
                    raise
                ring_slots = _whole_steps(ring_slots // 8)
                meta_slots = max(meta_slots // 8, FIRST_RECORDS)
        self.mapped = mapped
        # All but the magic, which is written last; in the order of the vocabulary's fields.
        struct.pack_into(
            v.HEADER_FORMAT, mapped, 0, b"", v.VOCABULARY_VERSION, v.SLOT_SIZE, pid, getattr(os, "getppid", int)(), uid, parent_uid,
            monotonic_ns(), time_ns(), cells_at, v.DEFAULT_CELLS, v.CELL_SIZE, meta_at, meta_slots, ring_at, ring_slots,
            0, 0, 0, v.STATE_RECORDING, sys.hexversion & 0xFFFFFFFF, 0,
        )  # fmt: skip
        self.cells_at = cells_at
        self.begun = begun[0][1]  # bytes from the start that are on the disk
        self.records = Records(mapped, self.path, meta_at, meta_slots)
        self.ring = Ring(mapped, self.path, ring_at, ring_slots, options["payload"])
        mapped[0:8] = v.HEADER_MAGIC_BYTES.encode("ascii")

    def end(self):
        """Note in the header that the process is about to end by itself."""
        struct.pack_into("<Q", self.mapped, v.HEADER_AT_ENDED_MONO, monotonic_ns())
        struct.pack_into("<I", self.mapped, v.HEADER_AT_STATE, v.STATE_ENDED)
