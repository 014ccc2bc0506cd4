"""Object ids and the tag that an observed object carries.

An id (gid) is unique in the session: the uid of the process image that gave it, and a number. Forked children inherit the
tags as they are; what travels in a pickle carries none, and finds its channel by the kernel's identity.
"""

import weakref

from .pristine_os import os
from .compat import attribute
from .state import runtime

TAG = "_forkscope_gid"
_SHIFT = 20


def new_gid():
    """A new id, or 0 when this process has given a million of them."""
    if not runtime.here[0]:
        runtime.forked()
    make = runtime.next_object
    if make is None:
        return 0
    number = make()
    return (runtime.uid << _SHIFT) | number if number < (1 << _SHIFT) else 0


def set_id(obj, gid):
    """Let an object of the library's classes carry `gid`, whatever a class of the program's that derives from it does with attributes."""
    object.__setattr__(obj, TAG, gid)


def gid_of(obj):
    """The object's id, or 0."""
    return attribute(obj, TAG, 0)


_aside = {}  # id(object) -> (weak reference, gid): for objects whose attributes travel when they are pickled


def tag_aside(obj, gid):
    """Let `obj` have `gid` without an attribute: what multiprocessing pickles of it stays as it is."""
    number = id(obj)

    def forget(reference, _number=number):
        known = _aside.get(_number)
        if known is not None and known[0] is reference:
            del _aside[_number]

    try:
        _aside[number] = (weakref.ref(obj, forget), gid)
        return True
    except TypeError:
        return False


def gid_aside(obj):
    """The id that `tag_aside` gave, or 0."""
    known = _aside[id(obj)] if id(obj) in _aside else None
    return known[1] if known is not None and known[0]() is obj else 0


def forget_aside(obj):
    """Take the id away again; True when there was one."""
    return _aside.pop(id(obj), None) is not None


def key_of(connection):
    """The kernel's identity of the connection's descriptor, 'dev:ino'; '' where there is none (Windows)."""
    try:
        status = os.fstat(connection._handle)
    except (EnvironmentError, TypeError, ValueError):
        return ""
    return "%d:%d" % (status.st_dev, status.st_ino) if status.st_ino else ""


names = {}  # gid -> the user's name of a channel or of an end of one, for breakpoints by name; forked children inherit it
