"""Object ids and the tag that an observed object carries.

An id (gid) is unique in the session: it combines the uid of the process image that assigned it with a number. Forked children inherit
the tags. Pickled objects carry none; the server finds their channel by the kernel's identity.
"""

import weakref

from .pristine_os import os
from .compat import attribute
from .state import runtime

TAG = "_forkscope_gid"
_SHIFT = 20


def new_gid():
    """A new id, or 0 once this process has assigned a million of them."""
    if not runtime.here[0]:
        runtime.forked()
    make = runtime.next_object
    if make is None:
        return 0
    number = make()
    return (runtime.uid << _SHIFT) | number if number < (1 << _SHIFT) else 0


def set_id(obj, gid):
    """Tag an object of a library class with `gid`, bypassing any `__setattr__` of a subclass in the program."""
    object.__setattr__(obj, TAG, gid)


def gid_of(obj):
    """The object's id, or 0."""
    return attribute(obj, TAG, 0)


_aside = {}  # id(object) -> (weak reference, gid): for objects whose attributes would be pickled with them


def tag_aside(obj, gid):
    """Assign `gid` to `obj` without an attribute, so that its pickle is unchanged."""
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
    """The id that `tag_aside` assigned, or 0."""
    known = _aside[id(obj)] if id(obj) in _aside else None
    return known[1] if known is not None and known[0]() is obj else 0


def forget_aside(obj):
    """Remove the id; returns whether there was one."""
    return _aside.pop(id(obj), None) is not None


def key_of(connection):
    """The kernel's identity of the connection's descriptor, 'dev:ino'; '' where there is none (Windows)."""
    try:
        status = os.fstat(connection._handle)
    except (EnvironmentError, TypeError, ValueError):
        return ""
    return "%d:%d" % (status.st_dev, status.st_ino) if status.st_ino else ""


names = {}  # gid -> the user's name of a channel or of an end of one, for breakpoints by name; forked children inherit it
