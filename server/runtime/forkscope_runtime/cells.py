"""Cells: what each thread of this process is in right now, in place, so that a wait costs no event and survives SIGKILL."""

from . import vocabulary as v
from .compat import MARKS, get_ident, monotonic_ns
from .guard import swallow
from .ring import slot_struct


def make_giver(offset, count, on_new_thread):
    """The cells of a journal by thread, and the function that gives one to a thread that has none.

    :param on_new_thread: called with the thread's ident when a thread gets a cell.
    """
    size = v.CELL_SIZE
    cells = {}  # ident -> [offset, busy]
    free = list(range(offset + (count - 1) * size, offset - size, -size))

    def give(ident):
        """A cell for a thread that has none; those of ended threads are given again when all are taken."""
        if not free:
            collect_ended()
        cell = [free.pop(), False] if free else [0, True]  # none left: looks busy for ever, so it is never written
        cells[ident] = cell
        on_new_thread(ident)
        return cell

    def collect_ended():
        import sys

        alive = set(sys._current_frames())  # idents only: a frame that holds itself keeps alive what its callers hold
        for ident in [each for each in cells if each not in alive]:
            at, _ = cells.pop(ident)
            if at:
                free.append(at)

    return cells, give


def make_cells(mapped, cells, give):
    """The functions `enter` and `leave` over the cells of a mapping; see make_giver."""
    pack_into = slot_struct("<BB2xIQQQqq").pack_into
    at_op = v.CELL_AT_OP
    marks, idle = MARKS, MARKS[0]

    def enter(op, obj, loc, a=-1, b=0, t0=0):
        """This thread is in an operation that may block, since t0. None when an outer one is recorded already."""
        ident = get_ident()
        cell = cells.get(ident)
        if cell is None:
            cell = give(ident)
        if cell[1]:
            return None
        cell[1] = True
        at = cell[0]
        pack_into(mapped, at, 0, 0, loc, t0 or monotonic_ns(), ident, obj, a, b)
        mapped[at + at_op] = marks[op]
        return cell

    def leave(cell):
        """It no longer is. Accepts None."""
        try:
            if cell is not None:
                mapped[cell[0]] = idle
                cell[1] = False
        except Exception as error:  # here, because hooks call this where the program's own exception is on its way
            swallow(error, "leave")

    return enter, leave
