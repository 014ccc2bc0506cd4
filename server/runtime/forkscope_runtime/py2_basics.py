"""Python 2: the clock, locks and text functions that later versions provide. The names match compat.py."""

import itertools
import os
import struct
import sys
import time
from thread import allocate_lock, get_ident  # noqa: F401


def _monotonic_offset():
    """Nanoseconds from the system-wide monotonic clock to the wall clock; 0 if unknown.

    Python 2 has no monotonic clock. Calling the C library for each event would release the GIL twice per event, and so change when
    the program's threads run. It is called once per interpreter, and forked children inherit the result.
    """
    known = "_ctypes" in sys.modules
    try:
        import _ctypes

        function = _ctypes.dlsym(_ctypes.dlopen(None, 0), "clock_gettime")
        best = None
        for _ in range(5):
            room = b"\0" * struct.calcsize("ll")
            before = time.time()
            if _ctypes.call_cdeclfunction(function, (1, room)) != 0:  # 1: CLOCK_MONOTONIC
                return 0
            after = time.time()
            seconds, nanoseconds = struct.unpack("ll", room)
            offset = int((before + after) / 2 * 1e9) - (seconds * 1000000000 + nanoseconds)
            if best is None or after - before < best[0]:
                best = (after - before, offset)
        return best[1]
    except Exception:  # no usable C library: the wall clock is the only clock that all processes of this version share
        return 0
    finally:
        if not known:
            sys.modules.pop("_ctypes", None)


def _clock(offset, now=time.time):
    def monotonic_ns():
        return int(now() * 1e9) - offset

    return monotonic_ns


monotonic_ns = _clock(_monotonic_offset())
time_ns = _clock(0)


def random_bytes(size):
    """Like os.urandom, which in this version leaves its descriptor open and so would change the program's descriptor numbers."""
    try:
        fd = os.open("/dev/urandom", os.O_RDONLY)
    except OSError:
        return os.urandom(size)
    try:
        return os.read(fd, size)
    finally:
        os.close(fd)


def get_native_id():
    """Unknown in this version."""
    return None


def count_from(number):
    """See compat.py."""
    return itertools.count(number).next


def utf8(text):
    """Any text or bytes as unicode."""
    return text.decode("utf-8", "replace") if isinstance(text, str) else text


class RLock(object):
    """A reentrant lock with a timeout; the runtime cannot import the one of `threading`."""

    def __init__(self):
        self._lock = allocate_lock()
        self._owner = None
        self._count = 0

    def acquire(self, blocking=True, timeout=-1):
        me = get_ident()
        if self._owner == me:
            self._count += 1
            return True
        end = time.time() + timeout
        while not self._lock.acquire(0):
            if not blocking or (timeout >= 0 and time.time() >= end):
                return False
            time.sleep(0.0005)
        self._owner = me
        self._count = 1
        return True

    def release(self):
        self._count -= 1
        if self._count == 0:
            self._owner = None
            self._lock.release()
