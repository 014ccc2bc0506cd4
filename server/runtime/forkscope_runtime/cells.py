"""Cells: the current operation of each thread of this process, updated in place. A wait costs no event, and its cell survives SIGKILL."""

import sys

from . import vocabulary as v
from .belonging import Number
from .compat import MARKS, clocks, get_ident, has_gil, loaded
from .errors import report
from .ring import slot_struct
from .state import ALWAYS, runtime


def make_giver(offset, count, on_new_thread):
    """The cells of a journal by thread, and the function that assigns one to a thread without a cell.

    :param on_new_thread: called with the thread's ident when a thread gets a cell.
    """
    size = v.CELL_SIZE
    cells = {}  # ident -> [offset, busy]
    known = {}  # idents of threads that `threading` knew when they got a cell; used where frames of other threads must not be read
    free = list(range(offset + (count - 1) * size, offset - size, -size))

    def give(ident):
        """Assign a cell to a thread without one. When all cells are taken, cells of ended threads are reused."""
        if not free:
            collect_ended()
        try:
            cell = [free.pop(), False]
        except IndexError:
            cell = [0, True]  # none left: a cell that always looks busy is never written
        cells[ident] = cell
        if not has_gil() and ident in _threads():
            known[ident] = True
        on_new_thread(ident)
        return cell

    def collect_ended():
        if has_gil():
            alive = set(sys._current_frames())  # idents only: a frame that refers to itself keeps its callers' objects alive
            ended = [each for each in list(cells) if each not in alive]
        else:
            alive = _threads()
            ended = [each for each in list(known) if each not in alive]
        for ident in ended:
            known.pop(ident, None)
            at = cells.pop(ident, (0,))[0]
            if at:
                free.append(at)

    return cells, give


def _threads():
    """The threads that `threading` knows, by ident; empty if it is not loaded."""
    return getattr(loaded("threading"), "_active", {})


def make_cells(mapped, cells, give, here=ALWAYS):
    """The functions `enter` and `leave` over the cells of a mapping; see make_giver and belonging.py."""
    pack_into = slot_struct(v.CELL_FORMAT).pack_into
    at_op = v.CELL_AT_OP
    monotonic_ns = clocks.monotonic_ns
    marks, idle = MARKS, MARKS[0]
    still_here = here if type(here) is not Number else ALWAYS  # reading a number is expensive, and a fork by C code during an observed call is rare

    def enter(op, obj, loc, a=-1, b=0, t0=0):
        """This thread has entered an operation that may block, at t0. None if an outer operation is recorded already."""
        if not here[0]:
            runtime.forked()
            return runtime.enter(op, obj, loc, a, b, t0)
        ident = get_ident()
        cell = cells[ident] if ident in cells else give(ident)
        if cell[1]:
            return None
        cell[1] = True
        at = cell[0]
        pack_into(mapped, at, 0, loc, t0 or monotonic_ns(), ident, obj, a, b)
        mapped[at + at_op] = marks[op]
        return cell

    def leave(cell):
        """This thread has left the operation. Accepts None."""
        try:
            if cell is not None and still_here[0]:
                mapped[cell[0]] = idle
                cell[1] = False
        except Exception as error:  # here, because hooks call this where the program's own exception is on its way
            report(error, "leave")

    return enter, leave
