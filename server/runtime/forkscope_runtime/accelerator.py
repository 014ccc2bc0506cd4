"""The accelerator: the hot paths of ring, cells and locate in C, where somebody has built it for this interpreter.

It is only loaded here, never built: the launcher does that (server/runtime/native/build.py). Whatever goes wrong, the pure Python serves.
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
    """Load the accelerator when the folder has one that fits and that only this user can have put there. True when it is there.

    :param sort_of, declare: as locate has them
    :param flatten: answers (bytes, whole size) of any bytes-like object
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
    """A callable in C for `original`'s plain case, or `slow`, the one in Python, where there is no accelerator.

    :param op: the vocabulary's kind: send, recv, put or get; 0: nothing is recorded, only stops are looked for
    :param failed: called with (self, error, flags, begun, gid, loc) when the original raises; with op 0 without the last two, and None where
        nobody asks
    :param after: called with (self, result, second argument, number of the receive's event) when something is armed at the end; answers what to return
    :param through: the code of the library's send_bytes
    """
    if runtime.writer is None:
        return slow
    return _module.Hook(runtime.writer, op, original, slow, failed, after, through)


def call_base():
    """The base class of what stands in for functions of `os`: made with (writer, name, original, wrapper in Python, set of the threads whose next fork
    only executes another program). None where there is no accelerator."""
    return None if runtime.writer is None else _module.Call
