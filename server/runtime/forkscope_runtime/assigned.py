"""The variable or attribute that a value under construction is first assigned to, read from the caller's bytecode.

`tasks = Queue()` names the queue "tasks"; `here, there = Pipe()` names both ends; a function that returns what it made passes
the question on to its caller. Nothing is run and no source file is read.
"""

import sys

from .locate import user_frame

_tables = []


def _opcodes():
    """(opname list, inline cache sizes by name or number, whether arguments are 2-byte units), once."""
    if not _tables:
        import opcode

        caches = getattr(opcode, "_inline_cache_entries", ())
        if isinstance(caches, dict):  # 3.13 and newer: by name
            sizes = [caches.get(name, 0) for name in opcode.opname]
        else:
            sizes = list(caches) or [0] * 256
        _tables.append((opcode.opname, sizes, opcode.HAVE_ARGUMENT))
    return _tables[0]


def assigned_name(frame):
    """Name(s) for what `frame` (or the first user frame outwards) is about to get back: str, tuple of str, or None."""
    frame = user_frame(frame)
    for _ in range(8):
        if frame is None:
            return None
        found = _follow(frame)
        if found != "return":
            return found
        frame = user_frame(frame.f_back)
    return None


def _instructions(code, start):
    """(name, argument) of the instructions after the one at byte offset `start`."""
    names, caches, with_argument = _opcodes()
    raw = bytearray(code.co_code)
    if sys.version_info < (3, 6):
        for each in _instructions_of_python2(names, raw, start, with_argument):
            yield each
        return
    at = start + 2
    if start < len(raw):
        at += 2 * (caches[raw[start]] if raw[start] < len(caches) else 0)
    extended = 0
    for _ in range(16):
        while at < len(raw) and names[raw[at]] == "CACHE":
            at += 2
        if at + 1 >= len(raw):
            return
        name = names[raw[at]]
        argument = raw[at + 1] | extended
        step = 2 + 2 * (caches[raw[at]] if raw[at] < len(caches) else 0)
        if name == "EXTENDED_ARG":
            extended = argument << 8
        else:
            extended = 0
            yield name, argument
        at += step


def _instructions_of_python2(names, raw, at, with_argument):
    """One byte, or three where there is an argument."""
    for number in range(17):
        if at >= len(raw):
            return
        has_argument = raw[at] >= with_argument
        if number > 0:  # the first is the call itself
            yield names[raw[at]], raw[at + 1] | raw[at + 2] << 8 if has_argument else 0
        at += 3 if has_argument else 1


def _follow(frame):
    code = frame.f_code
    wanted = 1
    found = []
    for name, argument in _instructions(code, frame.f_lasti):
        if name == "UNPACK_SEQUENCE" and not found:
            wanted = argument
        elif name in ("STORE_NAME", "STORE_GLOBAL", "STORE_ATTR"):
            found.append(_at(code.co_names, argument))
        elif name == "STORE_FAST":
            found.append(_local(code, argument))
        elif name == "STORE_DEREF":
            found.append(_cell(code, argument))
        elif name in ("STORE_FAST_STORE_FAST",):  # 3.13: two in one, the first in the high half
            found += [_local(code, argument >> 4), _local(code, argument & 15)]
        elif name in ("STORE_FAST_LOAD_FAST",):
            found.append(_local(code, argument >> 4))
        elif name == "RETURN_VALUE" and not found:
            return "return"
        elif name in ("DUP_TOP", "COPY", "NOP", "RESUME", "BEFORE_WITH", "SETUP_WITH", "SWAP") or name.startswith("LOAD_"):
            continue  # loads the target of an attribute, or keeps a copy for a second assignment
        else:
            break
        if len(found) >= wanted:
            break
    found = [each for each in found[:wanted] if each is not None]
    if not found:
        return None
    return found[0] if wanted == 1 else tuple(found)


def _at(table, index):
    return table[index] if index < len(table) else None


def _local(code, index):
    """3.11 and newer number locals, cells and free variables in one row; parameters that are cells count once."""
    names = code.co_varnames
    if index < len(names):
        return names[index]
    return _at(_row(code), index)


def _row(code):
    return code.co_varnames + tuple(n for n in code.co_cellvars if n not in code.co_varnames) + code.co_freevars


def _cell(code, index):
    if sys.version_info >= (3, 11):
        return _at(_row(code), index)
    return _at(code.co_cellvars + code.co_freevars, index)
