"""Messages over a socket between processes of one machine: a length, then that many bytes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Sequence

_LENGTH = struct.Struct("!I")
_MOST_DESCRIPTORS = 2


def send(peer: socket.socket, content: bytes, descriptors: Sequence[int] = ()) -> None:
    """Send a message whole, and with it copies of open descriptors. Raises OSError."""
    head = _LENGTH.pack(len(content))
    if descriptors:
        socket.send_fds(peer, [head], descriptors)
    else:
        peer.sendall(head)
    peer.sendall(content)


def receive(peer: socket.socket) -> tuple[bytes, list[int]]:
    """The next message, and the descriptors that came with it, which are the caller's to close.

    Raises OSError where the other side ends before the message does.
    """
    head, descriptors, _, _ = socket.recv_fds(peer, _LENGTH.size, _MOST_DESCRIPTORS)
    head += _exactly(peer, _LENGTH.size - len(head))
    (length,) = _LENGTH.unpack(head)
    return _exactly(peer, length), descriptors


def _exactly(peer: socket.socket, size: int) -> bytes:
    content = bytearray()
    while len(content) < size:
        part = peer.recv(size - len(content))
        if not part:
            raise ConnectionResetError("the other side ended within a message")
        content += part
    return bytes(content)
