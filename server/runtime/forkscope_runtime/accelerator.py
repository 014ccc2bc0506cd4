"""The accelerator: the hot paths of ring, cells and locate in C, if the launcher has built it for this interpreter.

This module only loads it; server/runtime/native/build.py builds it. If anything fails, the runtime uses its pure Python code.
"""

import stat
import sys

from .pristine_os import os
from .compat import has_gil, implementation
from .state import runtime

_NAME = "forkscope_accelerator"
_OLDEST = (3, 8)
_module = None


def load(folder, sort_of, declare, flatten, reported):
    """Load the accelerator if the folder contains a matching one that only this user can have written. Returns whether it is loaded.

    :param sort_of, declare: as locate has them
    :param flatten: returns (bytes, whole size) of any bytes-like object
    :param reported: as errors.reported
    """
    global _module
    if not folder or not os.path.isabs(folder) or sys.version_info[:2] < _OLDEST or implementation() != "cpython":
        return False
    if not has_gil():  # to load a module that does not say otherwise would switch the interpreter's lock on
        return False
    try:
        import _imp  # what importlib is made of
        from _frozen_importlib import ModuleSpec

        path = os.path.join(folder, _NAME + _imp.extension_suffixes()[0])
        if not (_ours(folder, stat.S_ISDIR) and _ours(path, stat.S_ISREG)):
            return False
        _module = _imp.create_dynamic(ModuleSpec(_NAME, None, origin=path))
        sys.modules.pop(_NAME, None)
        runtime.writer = _module.Writer(sort_of, declare, flatten, reported)
        return True
    except Exception:
        return False


def _ours(path, is_kind):
    status = os.lstat(path)
    return is_kind(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def hook(op, original, slow, failed, after=None, through=None):
    """A callable in C for `original`'s plain case, or `slow`, the Python callable, if there is no accelerator.

    :param op: the vocabulary's kind: send, recv, put or get; 0: nothing is recorded, only stops are looked for
    :param failed: called with (self, error, flags, begun, gid, loc) when the original raises; with op 0 without the last two; None
        if nothing handles the failure
    :param after: called with (self, result, second argument, number of the receive's event) if something is armed when the call returns; returns the result to use
    :param through: the code of the library's send_bytes
    """
    if runtime.writer is None:
        return slow
    return _module.Hook(runtime.writer, op, original, slow, failed, after, through)


def call_base():
    """The base class of the wrappers of `os` functions. Its arguments: writer, name, original, wrapper in Python, and the set of threads whose next
    fork only executes another program. None if there is no accelerator."""
    return None if runtime.writer is None else _module.Call
