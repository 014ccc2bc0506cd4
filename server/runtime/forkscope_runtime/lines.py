"""Line breakpoints: this process connects to the line debugger (debugpy), if the session has one.

Each Python process connects by itself at its start, so it does not matter how it was started: spawn, subprocess, a shell in between, fork
and exec. debugpy's own fork hook follows forked children. debugpy would also change the command lines of children so that they load it. The
runtime turns that off: they load it anyway, and their command lines stay the user's.
"""

import json
import sys

from .pristine_os import os
from . import held_signals
from . import vocabulary as v
from .errors import report, report_external

_QUIET = "PYDEVD_DISABLE_FILE_VALIDATION"  # without it debugpy warns on stderr about frozen modules


def join(folder, argv):
    """Connect to the line debugger named in the session's folder, and wait until it has set its breakpoints. Never raises."""
    path = os.path.join(folder, v.FILE_LINES)
    if not os.path.exists(path):
        return
    if any("multiprocessing.resource_tracker" in each or "pydevd" in each for each in argv):
        return  # no user code runs there; or debugpy is loaded already
    before, held = os.environ.get(_QUIET), held_signals.hold()
    try:
        with open(path, "rb") as file:
            wanted = json.loads(file.read().decode("utf-8"))
        _connect(wanted)
    except Exception as error:
        report_external(error, "lines")
    finally:
        if before is None:
            os.environ.pop(_QUIET, None)
        held_signals.release(held)


def _connect(wanted):
    address = ("127.0.0.1", wanted["port"])
    call = _caller(address, wanted["word"])
    # Connect before debugpy is loaded: debugpy must never talk to a listener that is not this session's debugger.
    ready = [call()]
    os.environ[_QUIET] = "1"
    sys.path.insert(0, wanted["home"])
    try:
        import debugpy
        from debugpy.server import api  # noqa: F401  brings pydevd into reach

        _leave_command_lines()
        _connect_by(address, call, ready)
        debugpy.connect(address)
        from . import debugger

        debugger.complete()
    finally:
        if wanted["home"] in sys.path:
            sys.path.remove(wanted["home"])
        while ready:
            ready.pop().close()


def _caller(address, word):
    """A function that connects to the debugger of this session, and to no other listener at its address."""
    from socket import AF_INET, SOCK_STREAM, socket  # bound now: the program may replace them later

    from . import handshake

    def call():
        channel = socket(AF_INET, SOCK_STREAM)
        try:
            channel.settimeout(handshake.PATIENCE)
            channel.connect(address)
            handshake.prove(channel, word)
        except BaseException:
            channel.close()
            raise
        return channel

    return call


def _connect_by(address, call, ready):
    """Make debugpy connect to `address` through `call`, using the sockets in `ready` first: now, and again in each forked child.

    :raises ImportError: this debugpy connects in another way. Its peer could not be verified, so it is not used
    """
    import pydevd

    connect, follow = getattr(pydevd, "start_client", None), getattr(pydevd, "settrace_forked", None)
    if connect is None or follow is None:
        raise ImportError("this version of debugpy connects in a way that Forkscope does not know")

    def start_client(host, port):
        if (host, port) != address:
            return connect(host, port)
        return ready.pop() if ready else call()

    def settrace_forked(setup_tracing=True):
        """In a forked child. If the debugger is gone, the child continues without it; otherwise `os.fork` would raise our error."""
        held = held_signals.hold()
        try:
            if setup_tracing:
                try:
                    ready.append(call())
                except Exception as error:
                    report_external(error, "lines")
                    setup_tracing = False
            follow(setup_tracing=setup_tracing)
            if setup_tracing:
                _complete_child()
        finally:
            held_signals.release(held)

    pydevd.start_client = start_client
    pydevd.settrace_forked = settrace_forked


def _complete_child():
    from . import debugger

    try:
        debugger.follow_events()
    except Exception as error:
        report(error, "debugger")


def _leave_command_lines():
    try:
        from _pydev_bundle import pydev_monkey

        for name in ("patch_args", "patch_arg_str_win"):
            if hasattr(pydev_monkey, name):
                setattr(pydev_monkey, name, lambda args, *more, **named: args)
    except ImportError:
        pass  # a debugpy with another structure: it changes command lines, and finds its children that way
