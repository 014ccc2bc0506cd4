"""A paused thread's dialog with the debugger: JSON lines over a socket of the session, until it is resumed."""

import json
import sys
import threading

from ..pristine_os import os
from .. import handshake
from ..locate import user_line
from ..state import runtime
from . import plan, values

_MOST = 1 << 26  # bytes of one command; a longer one is not from our debugger


class Gone(Exception):
    """The debugger is missing or has disconnected."""


def converse(operation, reason):
    """Report the pause and execute commands until the debugger resumes the thread. Returns its last message: {step, drop, twice, delay, value}.

    :raises Gone: the program continues as if nothing were armed
    """
    path, word = plan.secret()
    channel = _connect(path)
    try:
        handshake.prove(channel, word)
        seen = values.Seen(operation)
        _send(channel, _introduction(operation, reason, seen))
        for command in _lines(channel):
            if command.get("do") == "resume":
                return _last_word(command, seen)
            _send(channel, seen.answer(command))
        raise Gone
    except (EnvironmentError, handshake.Stranger):
        raise Gone
    finally:
        channel.close()


def _connect(path):
    import _socket

    if not path or not hasattr(_socket, "AF_UNIX"):
        raise Gone
    channel = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    try:
        channel.connect(path)
    except EnvironmentError:
        channel.close()
        raise Gone
    return channel


def _introduction(operation, reason, seen):
    thread = threading.current_thread() if "threading" in sys.modules else None
    return {
        "type": "stop", "pid": os.getpid(), "uid": runtime.uid, "thread": getattr(thread, "name", ""),
        "reason": reason, "op": operation.op, "kind": operation.kind, "phase": operation.phase, "gid": operation.gid,
        "keys": list(operation.keys()), "name": operation.name, "error": operation.error, "text": operation.text,
        "loc": user_line(operation.frame), "frames": seen.frames(), "message": seen.message(),
    }  # fmt: skip


def _last_word(command, seen):
    told = dict(command)
    told.pop("value", None)
    if seen.replaced:
        told["value"] = seen.value
    return told


def _send(channel, what):
    channel.sendall(json.dumps(what).encode("utf-8") + b"\n")


def _lines(channel):
    """Yields commands as they arrive; ends when the debugger closes the connection."""
    pending = b""
    while len(pending) < _MOST:
        chunk = channel.recv(65536)
        if not chunk:
            return
        pending += chunk
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            yield json.loads(line.decode("utf-8"))
