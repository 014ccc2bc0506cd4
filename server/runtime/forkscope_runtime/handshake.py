"""Mutual authentication of this process and the debugger: each proves that it knows the session's secret, and neither sends it.

A socket's address proves nothing: after the debugger is gone, another process may listen there. Before the other side has proven itself, this
process sends it nothing else and obeys nothing from it. The other side is server/engine/os/handshake.ts, which documents the lines.
"""

import _socket
import binascii
import hashlib
import hmac
import time

from .compat import random_bytes

PATIENCE = 5.0  # seconds for all of it
_ANSWER = 32 + 1 + 64 + 1  # bytes: a number, a space, a proof, the line's end
_now = getattr(time, "monotonic", time.time)


class Stranger(Exception):
    """The listener is not the debugger of this session, or does not answer in time."""


def prove(channel, word):
    """Authenticate both sides over a connected socket. The socket has no timeout afterwards.

    :raises Stranger: the other side did not prove itself
    :raises EnvironmentError: the connection broke
    """
    word = word.encode("ascii")
    mine = binascii.hexlify(random_bytes(16))
    channel.sendall(b"forkscope " + mine + b"\n")
    answer = _receive(channel, _now() + PATIENCE)
    theirs, proof = answer[:32], answer[33:97]
    if not _same(proof, _proof(word, b"debugger", mine, theirs)):
        raise Stranger("who listens there does not know the session's word")
    channel.settimeout(None)
    channel.sendall(_proof(word, b"process", mine, theirs) + b"\n")


def _receive(channel, until):
    """The other side's one line, in however many pieces it arrives."""
    answer = b""
    while len(answer) < _ANSWER:
        left = until - _now()
        if left <= 0:
            raise Stranger("who listens there does not answer")
        channel.settimeout(left)
        try:
            chunk = channel.recv(_ANSWER - len(answer))
        except _socket.timeout:
            raise Stranger("who listens there does not answer")
        if not chunk:
            raise Stranger("who listens there hung up")
        answer += chunk
    return answer


def _proof(word, side, mine, theirs):
    text = b" ".join((side, mine, theirs))
    return hmac.new(word, text, hashlib.sha256).hexdigest().encode("ascii")


def _same(left, right):
    """Compare in constant time."""
    return hmac.compare_digest(left, right)
