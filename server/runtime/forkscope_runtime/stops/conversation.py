"""A stopped thread's talk with the debugger: JSON lines over a socket of the session, until it may go on."""

import json
import sys
import threading

from ..pristine_os import os
from .. import handshake
from ..locate import user_line
from ..state import runtime
from . import plan, values

_MOST = 1 << 26  # bytes of one command: more is not from our debugger


class Gone(Exception):
    """The debugger is not there (any more)."""


def converse(operation, reason):
    """Tell the debugger and obey until it lets go. Answers its last word: {step, drop, twice, delay, value}.

    :raises Gone: the program goes on as if nothing had been armed
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
    """Commands as they come; ends when the debugger closes."""
    pending = b""
    while len(pending) < _MOST:
        chunk = channel.recv(65536)
        if not chunk:
            return
        pending += chunk
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            yield json.loads(line.decode("utf-8"))
