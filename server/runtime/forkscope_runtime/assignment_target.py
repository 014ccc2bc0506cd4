"""The variable or attribute that a value under construction is first assigned to, read from the caller's bytecode.

`tasks = Queue()` names the queue "tasks"; `here, there = Pipe()` names both ends; `red, blue = Lock(), Lock()` names each. If a
function returns the value, its caller's bytecode decides. This module runs no code of the program and reads no source file.
"""

import sys

from . import libraries
from .locate import user_frame

_tables = []
# Number of instructions read after a call: `a, b, c = Lock(), Lock(), Lock()` has some between the first call and its name.
FARTHEST = 40


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
    """Name(s) for the value that `frame` (or the first user frame outwards) is about to receive: str, tuple of str, or None."""
    frame = user_frame(frame)
    for _ in range(8):
        if frame is None:
            return None
        own = libraries.assigned_name(frame.f_code.co_filename)
        if own is not None:
            return own
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
    for _ in range(FARTHEST):
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
    for number in range(FARTHEST + 1):
        if at >= len(raw):
            return
        has_argument = raw[at] >= with_argument
        if number > 0:  # the first is the call itself
            yield names[raw[at]], raw[at + 1] | raw[at + 2] << 8 if has_argument else 0
        at += 3 if has_argument else 1


class _Stack(object):
    """Symbolic operand stack; `VALUE` marks the result of the pending call."""

    def __init__(self):
        self.items = [VALUE]
        self.awaits = False

    def need(self, number):
        self.items[:0] = [None] * (number - len(self.items))

    def pop(self, number=1):
        """Pop `number` items and return the topmost."""
        self.need(number)
        top = self.items[-1] if number else None
        del self.items[len(self.items) - number :]
        return top

    def push(self, *items):
        self.items.extend(items)

    def swap(self, number):
        self.need(number)
        self.items[-1], self.items[-number] = self.items[-number], self.items[-1]

    def rotate(self, number):
        """Move the topmost item below `number - 1` others."""
        self.need(number)
        self.items.insert(len(self.items) - number, self.items.pop())

    def copy(self, number):
        self.need(number)
        self.items.append(self.items[-number])


VALUE = "value"
ENTER = "enter"  # the __enter__ of the item above it
AWAITED = "awaited"  # the awaitable that `async with` awaits for the value
_ROTATIONS = {"ROT_TWO": 2, "ROT_THREE": 3, "ROT_FOUR": 4}
_NOTHING = ("NOP", "RESUME", "PRECALL", "KW_NAMES", "CACHE", "NOT_TAKEN")
# Items that a call pops besides its arguments: the function, a self or NULL, the keyword names.
_CALLS = {"CALL_FUNCTION": 1, "CALL_FUNCTION_KW": 2, "CALL_METHOD": 2, "CALL": 2, "CALL_KW": 3}


def _follow(frame):
    """Simulates the frame's next instructions on a symbolic stack until the value has a name or another use."""
    code = frame.f_code
    stack = _Stack()
    wanted = 1
    found = []

    def store(value, name):
        if value == VALUE or isinstance(value, int):
            found.append(name)

    for name, argument in _instructions(code, frame.f_lasti):
        if name == "UNPACK_SEQUENCE":
            value = stack.pop()
            if isinstance(value, tuple) and len(value) == argument:
                stack.push(*reversed(value))
            elif value == VALUE:
                wanted = argument
                stack.push(*reversed(range(argument)))  # its parts
            elif value is None:
                stack.push(*([None] * argument))
            else:
                break
        elif name in ("STORE_NAME", "STORE_GLOBAL"):
            store(stack.pop(), _at(code.co_names, argument))
        elif name == "STORE_ATTR":
            stack.pop()
            store(stack.pop(), _at(code.co_names, argument))
        elif name == "STORE_FAST":
            store(stack.pop(), _local(code, argument))
        elif name == "STORE_DEREF":
            store(stack.pop(), _cell(code, argument))
        elif name == "STORE_FAST_STORE_FAST":  # 3.13: two instructions in one; the first operand is in the high half
            store(stack.pop(), _local(code, argument >> 4))
            store(stack.pop(), _local(code, argument & 15))
        elif name == "STORE_FAST_LOAD_FAST":
            store(stack.pop(), _local(code, argument >> 4))
            stack.push(None)
        elif name == "RETURN_VALUE":
            return "return" if not found and stack.pop() == VALUE else None
        elif not _moves(stack, name, argument):
            break
        if len(found) >= wanted:
            break
    found = [each for each in found[:wanted] if each is not None]
    if not found:
        return None
    return found[0] if wanted == 1 else tuple(found)


def _moves(stack, name, argument):
    """Apply this instruction to the stack, if it may occur between a call and its name."""
    if name in _NOTHING:
        return True
    if name in _AWAITS or stack.awaits:
        return _awaits(stack, name)
    if name in _ROTATIONS:
        stack.rotate(_ROTATIONS[name])
    elif name == "SWAP":
        stack.swap(argument)
    elif name in ("DUP_TOP", "COPY"):
        stack.copy(argument if name == "COPY" else 1)
    elif name in ("BEFORE_WITH", "SETUP_WITH"):
        value = stack.pop()
        stack.push(None, value)  # `with` is assumed to bind the value that the call returned
    elif name == "BEFORE_ASYNC_WITH":
        value = stack.pop()
        stack.push(None, AWAITED if value == VALUE else None)
    elif name == "LOAD_SPECIAL" and argument < 2:  # 3.14 and newer: a `with` looks up both methods and calls `__enter__` at once
        value = stack.pop()
        stack.push(*((None, None) if argument else (ENTER, value)))
    elif name == "CALL" and argument == 0 and stack.items[-2:-1] == [ENTER]:
        stack.push(stack.pop(2))
    elif name in ("BUILD_TUPLE", "BUILD_LIST"):
        stack.need(argument)
        items = tuple(stack.items[len(stack.items) - argument :])
        stack.pop(argument)
        stack.push(items)
    elif name in _CALLS:
        if name == "CALL_FUNCTION" and sys.version_info < (3, 6):
            argument = (argument & 255) + 2 * (argument >> 8)
        return _replaced(stack, argument + _CALLS[name], 1)
    elif name == "PUSH_NULL":
        stack.push(None)
    elif name in ("LOAD_METHOD", "LOOKUP_METHOD"):
        return _replaced(stack, 1, 2)
    elif name == "LOAD_ATTR":
        return _replaced(stack, 1, 2 if sys.version_info >= (3, 12) and argument & 1 else 1)
    elif name == "LOAD_GLOBAL":
        stack.push(*([None] * (2 if sys.version_info >= (3, 11) and argument & 1 else 1)))
    elif name.startswith(("LOAD_FAST_LOAD_FAST", "LOAD_FAST_BORROW_LOAD_FAST_BORROW")):
        stack.push(None, None)
    elif name.startswith(("LOAD_FAST", "LOAD_CONST", "LOAD_COMMON_CONSTANT", "LOAD_NAME", "LOAD_DEREF", "LOAD_CLOSURE", "LOAD_SMALL_INT")):
        stack.push(None)
    else:
        return False
    return True


def _awaits(stack, name):
    """Apply one of the instructions that await in `async with`, from GET_AWAITABLE to the one before the value's name."""
    if name == "GET_AWAITABLE":
        return stack.items[-1:] == [AWAITED]
    if name in ("SEND", "YIELD_FROM"):
        stack.pop()
        if stack.items[-1:] != [AWAITED]:
            return False
        stack.items[-1] = VALUE
        stack.awaits = name == "SEND"  # a loop of some instructions more
        return True
    if name == "JUMP_BACKWARD_NO_INTERRUPT":
        stack.awaits = False
        return True
    return name in ("YIELD_VALUE", "END_SEND", "SETUP_ASYNC_WITH")


_AWAITS = ("GET_AWAITABLE", "SEND", "YIELD_FROM", "END_SEND", "SETUP_ASYNC_WITH")


def _replaced(stack, taken, given):
    """False if it consumes the value itself."""
    stack.need(taken)
    if any(each is not None for each in stack.items[len(stack.items) - taken :]):
        return False
    stack.pop(taken)
    stack.push(*([None] * given))
    return True


def _at(table, index):
    return table[index] if index < len(table) else None


def _local(code, index):
    """3.11 and newer number locals, cells and free variables consecutively; a parameter that is a cell counts once."""
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
