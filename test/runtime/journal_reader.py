"""Reads journals in plain Python, for the tests: a second reader, independent of the server's."""

import glob
import json
import os
import struct
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "server", "runtime"))

from forkscope_runtime import vocabulary as v  # noqa: E402

KINDS = {getattr(v, name): name[len("KIND_") :] for name in dir(v) if name.startswith("KIND_")}
OUTCOMES = {getattr(v, name): name[len("OUTCOME_") :] for name in dir(v) if name.startswith("OUTCOME_")}


class Event:
    """One published slot of the ring."""

    def __init__(self, fields, journal):
        (kind, outcome, self.flags, self.seq, self.t0, self.t1, self.thread, self.obj, self.loc, self.size, self.a, self.b, self.data) = fields
        self.kind = KINDS.get(kind, str(kind))
        self.outcome = OUTCOMES.get(outcome, str(outcome))
        self.journal = journal
        self.ext = []

    @property
    def line(self):
        return self.journal.line(self.loc)

    @property
    def payload(self):
        return (self.data + b"".join(self.ext))[: self.size]

    def __repr__(self):
        return "<%s %s %s size=%d a=%d b=%d line=%s>" % (self.kind, self.outcome, hex(self.obj), self.size, self.a, self.b, self.line)


class Unfinished(Exception):
    """A journal whose process was killed while creating it."""


class Journal:
    """One file: header fields, records (dicts), events in order of seq, busy thread slots."""

    def __init__(self, path):
        with open(path, "rb") as file:
            header = file.read(v.HEADER_SIZE)
            if header[:8] != v.HEADER_MAGIC_BYTES.encode():
                raise Unfinished(path)
            self.pid, self.ppid, self.uid, self.parent_uid = struct.unpack_from("<IIII", header, v.HEADER_AT_PID)
            self.created = struct.unpack_from("<Q", header, v.HEADER_AT_CREATED_MONO)[0]
            self.state = struct.unpack_from("<I", header, v.HEADER_AT_STATE)[0]
            self.floor = struct.unpack_from("<Q", header, v.HEADER_AT_RING_FLOOR)[0]
            self.ring_dropped = struct.unpack_from("<Q", header, v.HEADER_AT_RING_DROPPED)[0]
            self.meta_dropped = struct.unpack_from("<Q", header, v.HEADER_AT_META_DROPPED)[0]
            self.ring_slots = struct.unpack_from("<Q", header, v.HEADER_AT_RING_SLOTS)[0]
            cells_at = struct.unpack_from("<Q", header, v.HEADER_AT_CELLS_OFFSET)[0]
            cell_count, cell_size = struct.unpack_from("<II", header, v.HEADER_AT_CELL_COUNT)
            file.seek(cells_at)
            raw = file.read(cell_count * cell_size)
            self.cells = [fields for fields in struct.iter_unpack(v.CELL_FORMAT, raw) if fields[0]]
            file.seek(struct.unpack_from("<Q", header, v.HEADER_AT_META_OFFSET)[0])
            self.records = list(self._read_records(file))
            file.seek(struct.unpack_from("<Q", header, v.HEADER_AT_RING_OFFSET)[0])
            self.events = list(self._read_events(file))
        self.locations = {each["id"]: each for each in self.records if each["type"] == "loc"}
        self.parent = None

    def _read_records(self, file):
        parts = {}
        while True:
            slot = file.read(v.SLOT_SIZE)
            if len(slot) < v.SLOT_SIZE or slot[0] == 0:
                return
            kind, length, seq, record, index, data = struct.unpack(v.META_FORMAT, slot)
            parts.setdefault(record, []).append(data[:length])
            if kind == v.META_KIND_LAST:
                yield json.loads(b"".join(parts.pop(record)).decode("utf-8"))

    def _read_events(self, file):
        found, owners = [], {}
        misses = 0
        while misses < 64 and len(found) < self.ring_slots * 2:
            slot = file.read(v.SLOT_SIZE)
            if len(slot) < v.SLOT_SIZE:
                break
            if slot[0] == 0:
                misses += 1
                continue
            if slot[0] == v.KIND_EXT:
                _, index, length, _, owner, data = struct.unpack(v.EXT_FORMAT, slot)
                owners.setdefault(owner, []).append((index, data[:length]))
                continue
            found.append(Event(struct.unpack(v.SLOT_FORMAT, slot), self))
        for event in found:
            event.ext = [data for _, data in sorted(owners.get(event.seq, []))]
        return sorted(found, key=lambda event: event.seq)

    def line(self, loc):
        """(file's base name, line, function) of a location id, also searching the parents."""
        if loc == 0:
            return None
        found = self.locations.get(loc)
        if found is None:
            return self.parent.line(loc) if self.parent is not None else ("?", loc, "?")
        return (os.path.basename(found["file"]), found["line"], found["func"])

    def of(self, type):
        """Records of one type."""
        return [each for each in self.records if each["type"] == type]


def read_session(folder):
    """All journals of a session folder, each linked to its parent; ordered by start."""
    journals = []
    for path in glob.glob(os.path.join(folder, "*" + v.JOURNAL_SUFFIX)):
        try:
            journals.append(Journal(path))
        except Unfinished:
            pass
    by_uid = {each.uid: each for each in journals}
    for each in journals:
        each.parent = by_uid.get(each.parent_uid)
    return sorted(journals, key=lambda each: each.records[0]["t"] if each.records else 0)


if __name__ == "__main__":
    for journal in read_session(sys.argv[1]):
        print("== pid", journal.pid, "uid %x" % journal.uid, "parent %x" % journal.parent_uid, "state", journal.state, "cells", journal.cells)
        for record in journal.records:
            print("  ", record)
        for event in journal.events:
            print("  ", event)
