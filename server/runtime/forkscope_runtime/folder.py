"""Whether the session folder is still the one that our launcher created.

Other users can see the name of a folder in a shared temporary folder, and can create one of the same name once it is gone. Its
content decides where this process pauses and what it evaluates, so it must belong to this process's user alone.
"""

import errno
import stat

from .pristine_os import os

_seen = {}  # path -> (device, inode): a forked child inherits it


def identity(path):
    """(device, inode) of a folder that was ours."""
    return _seen[path]


def why_lost(path):
    """Why a program that this process starts could not record: 'other-user', 'no-folder' (a chroot, or it is gone); '' if it can."""
    if ours(path):
        return ""
    try:
        os.lstat(path)
    except OSError as error:
        if error.errno == errno.ENOENT:
            return "no-folder"
    return "other-user"


def ours(path):
    """Whether it is the same folder as before (not a link), owned by the effective user and writable by no other."""
    if not hasattr(os, "geteuid"):
        return True  # on Windows the folder's inherited access list controls access
    try:
        found = os.lstat(path)
    except OSError:
        return False
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        return False
    return _seen.setdefault(path, (found.st_dev, found.st_ino)) == (found.st_dev, found.st_ino)
