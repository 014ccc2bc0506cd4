"""Connections of Listener and Client, and of sockets: records what identifies both ends of one connection.

The runtime sends nothing for this. The server matches the ends by data that both sides have anyway: the first challenge of
multiprocessing's authentication, which is random; the inode that the kernel names as a Unix socket's peer; the addresses of
both sides of a TCP connection. If none of these is known, the other end is unknown.
"""

import sys

from ..pristine_os import os
from ..compat import PY2, attribute, utf8
from ..errors import isolated
from ..identity import set_id
from ..state import runtime
from .os_calls import mimic

MUTED = -1  # the tag of a connection during its authentication, whose messages are not the user's
_WORD = "_forkscope_word"
_CHALLENGE = b"#CHALLENGE#"
_LONGEST_CHALLENGE = 256
_WORD_BYTES = 8
_FILE_TYPE, _SOCKET = 0o170000, 0o140000


def install(connection, declare):
    """Patch the functions through which connections meet. `declare(connection, frame, kind)` records an endpoint."""
    for name in ("answer_challenge", "deliver_challenge"):
        setattr(connection, name, _muting(getattr(connection, name)))
    connection.Client = _meeting(connection.Client, declare)
    connection.Listener.accept = _meeting(connection.Listener.accept, declare)


def _meeting(original, declare):
    frame = sys._getframe

    def meet(*args, **named):
        connection = original(*args, **named)
        if hasattr(connection, "_readable"):
            declare(connection, frame(1), "socket")
        return connection

    return mimic(meet, original)


_hold = isolated(set_id)


def _muting(original):
    def challenge(*args, **named):
        connection = args[0] if args else named.get("connection")
        # Managers with xmlrpclib use a wrapper of the library.
        connection = attribute(connection, "_conn", connection)
        known = attribute(connection, "_forkscope_gid")
        if known is None:  # the program's own object
            return original(*args, **named)
        before = attribute(connection, _WORD)
        _hold(connection, MUTED)
        try:
            return original(*args, **named)
        finally:
            _hold(connection, known)
            if before is None and known > 0:
                _tell(connection, known)

    return mimic(challenge, original)


@isolated
def _tell(connection, gid):
    """A manager's server authenticates its clients after accepting them."""
    word = attribute(connection, _WORD)
    if word is not None:
        runtime.record("challenge", id=gid, word=word)


@isolated
def note_authentication(connection, data):
    """Note bytes that cross a muted connection. The first challenge is equal on both sides and unique to the connection."""
    if attribute(connection, _WORD) is not None or len(data) > _LONGEST_CHALLENGE:
        return
    text = data.tobytes() if isinstance(data, memoryview) else bytes(data)
    if text.startswith(_CHALLENGE) and len(text) >= len(_CHALLENGE) + 2 * _WORD_BYTES:
        object.__setattr__(connection, _WORD, "".join(["%02x" % byte for byte in bytearray(text[-_WORD_BYTES:])]))


def identity_of(connection):
    """What identifies the other end of this connection, as fields of its record; empty if nothing is known."""
    found = {}
    word = attribute(connection, _WORD)
    if word is not None:
        found["word"] = word
    try:
        status = os.fstat(connection._handle)
    except (EnvironmentError, TypeError, ValueError):
        return found  # a named pipe of Windows
    if status.st_mode & _FILE_TYPE == _SOCKET:
        local, remote = _addresses(connection)
        if isinstance(local, tuple) and isinstance(remote, tuple):
            found["local"], found["remote"] = _address(local), _address(remote)
        elif word is None:
            peer = _peer_of(status.st_ino)
            if peer:
                found["peer"] = "%d:%d" % (status.st_dev, peer)
    return found


def _addresses(connection):
    """Names of both sides of a socket, as the kernel has them."""
    import _socket  # not `socket`, whose class the program may have replaced

    try:
        family = getattr(_socket, "AF_UNIX", _socket.AF_INET)
        if PY2:
            probe = _socket.fromfd(connection._handle, family, _socket.SOCK_STREAM)
        else:
            probe = _socket.socket(family, _socket.SOCK_STREAM, 0, os.dup(connection._handle))
        try:
            if _socket.getdefaulttimeout() is not None:
                probe.setblocking(True)  # creating the socket object made the shared descriptor non-blocking
            return probe.getsockname(), probe.getpeername()
        finally:
            probe.close()
    except (EnvironmentError, ValueError, _socket.error):
        return None, None


def _address(name):
    """Host and port. An IPv4-mapped address of an IPv6 socket becomes the IPv4 address that the peer itself reports."""
    host = utf8(name[0])
    if host.lower().startswith("::ffff:") and "." in host:
        host = host[7:]
    return "%s:%s" % (host, name[1])


_DIAG_BY_FAMILY, _SHOW_PEER, _PEER = 20, 4, 2  # of Linux: sock_diag(7)


def _peer_of(inode):
    """The inode of a Unix socket's peer; 0 if the kernel does not report it, or the peer is closed or not accepted yet."""
    if not sys.platform.startswith("linux"):
        return 0
    import _socket
    import struct

    try:
        kernel = _socket.socket(_socket.AF_NETLINK, _socket.SOCK_DGRAM, 4)
    except (EnvironmentError, AttributeError, ValueError, _socket.error):
        return 0
    try:
        ask = struct.pack("=BBHIIIII", _socket.AF_UNIX, 0, 0, 0xFFFFFFFF, inode, _SHOW_PEER, 0xFFFFFFFF, 0xFFFFFFFF)
        kernel.setblocking(False)  # the answer is available once the request is accepted, or never
        kernel.send(struct.pack("=IHHII", 16 + len(ask), _DIAG_BY_FAMILY, 1, 1, 0) + ask)
        return _peer_in(kernel.recv(1024), struct.unpack_from)
    except (EnvironmentError, ValueError, struct.error, _socket.error):
        return 0
    finally:
        kernel.close()


def _peer_in(answer, unpack):
    length, kind = unpack("=IH", answer)
    if kind != _DIAG_BY_FAMILY:
        return 0
    at = 32  # behind the headers of the message and of the socket
    while at + 8 <= min(length, len(answer)):
        size, attribute_kind = unpack("=HH", answer, at)
        if attribute_kind == _PEER:
            return unpack("=I", answer, at + 4)[0]
        at += max(4, (size + 3) & ~3)
    return 0
