"""Version differences that many modules need. Differences that concern one module only are in a py2_*.py beside it."""

import sys

PY2 = sys.version_info[0] == 2

if PY2:
    from .py2_basics import RLock, count_from, get_ident, get_native_id, monotonic_ns, random_bytes, time_ns, utf8

    MARKS = tuple([chr(number) for number in range(256)])
    integers = (int, long)  # noqa: F821
    plain_types = (int, long, float, complex, str, unicode, type(None), type)  # noqa: F821
else:
    from _thread import RLock, get_ident
    from os import urandom as random_bytes

    # What is written to one byte of a mapping: an int here, a str of one character in Python 2.
    MARKS = tuple(range(256))
    integers = (int,)
    plain_types = (int, float, complex, str, bytes, type(None), type)

    try:
        from _thread import get_native_id
    except ImportError:  # before 3.8

        def get_native_id():
            """The kernel's id of this thread, where this version knows it."""
            return None

    try:
        from time import monotonic_ns, time_ns
    except ImportError:  # before 3.7
        from time import monotonic, time

        def monotonic_ns(monotonic=monotonic):
            """The system-wide monotonic clock; a float holds its nanoseconds for the first hundred days after a boot."""
            return int(monotonic() * 1e9)

        def time_ns(time=time):
            """The wall clock."""
            return int(time() * 1e9)

    def count_from(number):
        """A function that returns number, number + 1, ...: each call is one atomic call in C if there is a GIL."""
        import itertools

        count = itertools.count(number).__next__
        return count if has_gil() else one_at_a_time(count)

    def one_at_a_time(function):
        """For builds without a GIL. A signal handler that interrupts a call gets a number of its own."""
        lock = RLock()

        def locked():
            with lock:
                return function()

        return locked

    def utf8(text):
        """Any text or bytes as text that can be encoded."""
        if isinstance(text, bytes):
            return text.decode("utf-8", "replace")
        return text.encode("utf-8", "replace").decode("utf-8")


class Locks(object):
    """Locks by name, created on first use: eventlet searches for existing locks and warns about any that it cannot replace."""

    def __init__(self):
        self._locks = {}

    def acquire(self, name, patience):
        """Take the lock and return it; None if its holder kept it for that long."""
        locks = self._locks
        lock = locks[name] if name in locks else locks.setdefault(name, RLock())
        return lock if lock.acquire(True, patience) else None

    def renew(self, name):
        """Replace a lock whose holder may never resume."""
        self._locks[name] = RLock()


class LateLock(object):
    """A lock that is created when it is first taken."""

    def __init__(self):
        self._made = {}

    def acquire(self, blocking, timeout):
        made = self._made
        return (made[0] if 0 in made else made.setdefault(0, RLock())).acquire(blocking, timeout)

    def release(self):
        self._made[0].release()


def has_gil():
    """Whether this is a build in which threads run one at a time. Where they need not, it does not count whether they do:
    while an extension module is loaded, the interpreter's lock may be on for a moment."""
    return "free-threading build" not in sys.version


class clocks(object):
    """Attributes of an object, not of a module: freezegun searches all modules for the clocks of `time` and replaces them."""

    monotonic_ns = staticmethod(monotonic_ns)
    time_ns = staticmethod(time_ns)


del monotonic_ns, time_ns


def loaded(name):
    """The module of that name if the program has imported it, else None. Without `get`: see locate.user_line."""
    try:
        return sys.modules[name]
    except KeyError:
        return None


def iter_unpack(form, data):
    """struct.iter_unpack, which came with 3.4."""
    import struct

    if hasattr(struct, "iter_unpack"):
        return struct.iter_unpack(form, data)
    compiled = struct.Struct(form)
    return (compiled.unpack_from(data, at) for at in range(0, len(data), compiled.size))


def pack_into(form, into, at, *values):
    """struct.pack_into, for rare uses: a process that only starts and exits does not import the module."""
    import struct

    struct.pack_into(form, into, at, *values)


def implementation():
    """'cpython', 'pypy', ..."""
    return sys.implementation.name if hasattr(sys, "implementation") else "cpython"


def switches_anywhere():
    """Whether threads can switch within a statement that calls nothing: PyPy, and builds without a GIL."""
    return implementation() == "pypy" or not has_gil()


def switches_between_lines():
    """Whether threads can switch between any two instructions. Since 3.10 they switch only after calls and at a loop's backward jump."""
    return sys.version_info < (3, 10)


def attribute(thing, name, default=None):
    """An attribute of an object, read without `__getattr__`, which would run the program's code."""
    try:
        return object.__getattribute__(thing, name)
    except AttributeError:
        return default


def plain_text(value):
    """A name as text, without running code of the program."""
    kind = type(value)
    if kind is str or kind is type(u""):
        return value
    if issubclass(kind, str):
        return str.__str__(value)
    return str(value) if kind in plain_types else "<%s>" % kind.__name__


_LONGEST = (1 << 63) - 1  # what a field of the journal holds


def nanoseconds(timeout):
    """A timeout in ns, as the journal has it; -1: none. A value that is not a plain number, or is out of range, becomes the longest timeout."""
    if timeout is None:
        return -1
    kind = type(timeout)
    if kind is not float and kind is not int:
        if issubclass(kind, float):  # numpy's
            timeout = float.__float__(timeout)
        elif issubclass(kind, integers):
            timeout = int.__int__(timeout) if issubclass(kind, int) else timeout
        else:
            return _LONGEST
    if timeout < 9e9:
        return int(timeout * 1e9) if timeout > 0 else 0
    return _LONGEST


def qualified_name(thing):
    """__qualname__, or the nearest equivalent before 3.3."""
    return getattr(thing, "__qualname__", None) or thing.__name__


def traceback_of(error):
    """The traceback of the exception that is being handled."""
    return error.__traceback__ if hasattr(error, "__traceback__") else sys.exc_info()[2]


def to_bytes(data):
    """Bytes of any bytes-like object."""
    return data.tobytes() if PY2 and isinstance(data, memoryview) else bytes(data)
