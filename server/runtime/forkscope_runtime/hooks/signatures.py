"""Whether a wrapper accepts all arguments of the function that it replaces.

A newer version of Python may have added an argument to the function. The function is then not wrapped and not observed, because a valid
call of the program must never fail because of the runtime.
"""

import sys

from ..errors import note

_ANY_ARGUMENTS, _ANY_NAMES = 0x04, 0x08  # the flags of *args and **named in a code object


def fits(wrapper, original):
    """Also True for C functions, whose parameters are unknown before a call."""
    ours, theirs = getattr(wrapper, "__code__", None), getattr(original, "__code__", None)
    if ours is None or theirs is None:
        return True
    any_arguments, any_names = ours.co_flags & _ANY_ARGUMENTS, ours.co_flags & _ANY_NAMES
    if any_arguments and any_names:
        return True
    if theirs.co_flags & _ANY_ARGUMENTS > any_arguments or theirs.co_flags & _ANY_NAMES > any_names:
        return False
    if theirs.co_argcount > ours.co_argcount and not any_arguments:
        return False
    if any_names or original.__name__.startswith("_"):  # the library calls its private functions by position
        return True
    wanted = _names(theirs)
    return _names(ours)[: len(wanted)] == wanted


def _names(code):
    """The names of the parameters that a call may pass by name."""
    return code.co_varnames[: code.co_argcount + getattr(code, "co_kwonlyargcount", 0)]


def renamed(code, name):
    """A copy of the code object under another name."""
    if hasattr(code, "replace"):  # 3.8 and newer
        return code.replace(co_name=name)
    fields = ["argcount", "nlocals", "stacksize", "flags", "code", "consts", "names", "varnames", "filename", "name", "firstlineno", "lnotab", "freevars", "cellvars"]
    if hasattr(code, "co_kwonlyargcount"):
        fields.insert(1, "kwonlyargcount")
    return type(code)(*[name if each == "name" else getattr(code, "co_" + each) for each in fields])


def leave_alone(original):
    """Record, once, that a function is not observed because its signature is unknown."""
    name = getattr(original, "__qualname__", original.__name__)
    note("version", "%s of Python %d.%d.%d is not as Forkscope knows it, and is left alone" % ((name,) + sys.version_info[:3]))
