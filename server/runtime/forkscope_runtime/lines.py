"""Line breakpoints: this process joins the line debugger (debugpy), when whoever debugs the session has one.

Each Python process does so by itself at its start, so that it does not matter who started it and how: spawn, subprocess, a shell in
between, fork and exec. A forked child is followed by debugpy's own hook of fork. debugpy would also change the command lines
of children so that they load it: that is switched off, as they load it anyway and their command lines stay the user's.
"""

import json
import os
import sys

from . import vocabulary as v
from .guard import finish

_QUIET = "PYDEVD_DISABLE_FILE_VALIDATION"  # else debugpy warns on stderr about frozen modules


def join(folder, argv):
    """Connect to the line debugger that the session's folder names, and wait until it has set its breakpoints. Never raises."""
    path = os.path.join(folder, v.FILE_LINES)
    if not os.path.exists(path):
        return
    if any("multiprocessing.resource_tracker" in each or "pydevd" in each for each in argv):
        return  # nothing of the user's runs there; or debugpy has come along by itself
    before = os.environ.get(_QUIET)
    try:
        with open(path, "rb") as file:
            wanted = json.loads(file.read().decode("utf-8"))
        _connect(wanted)
    except Exception as error:
        finish(error, "lines")
    finally:
        if before is None:
            os.environ.pop(_QUIET, None)


def _connect(wanted):
    import socket

    address = ("127.0.0.1", wanted["port"])
    # debugpy complains on stderr where nobody listens; the program's stderr is its own.
    socket.create_connection(address, 5).close()
    os.environ[_QUIET] = "1"
    sys.path.insert(0, wanted["home"])
    try:
        import debugpy
        from debugpy.server import api  # noqa: F401  brings pydevd into reach

        _leave_command_lines()
    finally:
        if wanted["home"] in sys.path:
            sys.path.remove(wanted["home"])
    debugpy.connect(address, access_token=wanted["token"])


def _leave_command_lines():
    try:
        from _pydev_bundle import pydev_monkey

        for name in ("patch_args", "patch_arg_str_win"):
            if hasattr(pydev_monkey, name):
                setattr(pydev_monkey, name, lambda args, *more, **named: args)
    except ImportError:
        pass  # a debugpy that is built another way: it changes command lines, and its children are found by that
