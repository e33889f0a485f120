"""Drawing by one process for all: vl-convert takes 0.4 s to start, and then 0.02 s a chart.

The server of kernels keeps such a process, the drawer, and an environment variable names the folder
of its socket. Where there is none, or it does not answer, the drawing is made in this process; the
bytes are the same, and so are the errors.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
from pathlib import Path

from tallybook.charts import messages, vega

SERVER = "TALLYBOOK_SERVER"  # names the folder of a running server, to its kernels too
SOCKET = "drawings"
_SECONDS = 60
_FIRST = {"mark": "bar", "data": {"values": [{"of": 1}]}, "encoding": {"x": {"field": "of"}}}


def is_there() -> bool:
    """Whether there is a drawer that serves this process."""
    return SERVER in os.environ


def svg(spec: str, version: str | None) -> str:
    """What vl-convert draws of a specification in JSON. Raises ValueError as vl-convert does."""
    import vl_convert  # noqa: F401, PLC0415  # what is drawn comes from it, whoever draws

    return _made(spec, version)


def _made(spec: str, version: str | None) -> str:
    if folder := os.environ.get(SERVER):
        with contextlib.suppress(OSError):
            made, refusal = _asked(Path(folder) / SOCKET, spec, version)
            if refusal is not None:
                raise ValueError(refusal)
            if made is not None:
                return made
    return _drawn(spec, version)


def serve(listener: socket.socket) -> None:
    """Draw what is asked for, one after another, until the process that forked this one ends."""
    parent = os.pidfd_open(os.getppid())
    _drawn(json.dumps(_FIRST), None)
    while True:
        ready, _, _ = select.select([listener.fileno(), parent], [], [])
        if parent in ready:
            return
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(_SECONDS)
            try:
                _answer(peer)
            except OSError:
                continue


def _asked(address: Path, *wanted: str | None) -> tuple[str | None, str | None]:
    """What is wanted, or what it is refused with, or neither where something else broke."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(_SECONDS)
        peer.connect(str(address))
        messages.send(peer, json.dumps(wanted).encode())
        made, refusal = json.loads(messages.receive(peer)[0])
    return made, refusal


def _answer(peer: socket.socket) -> None:
    wanted = json.loads(messages.receive(peer)[0])
    answer: tuple[str | None, str | None]
    try:
        answer = _drawn(*wanted), None
    except ValueError as error:
        answer = None, str(error)
    except Exception:  # whoever asked will try it, and meet it there
        answer = None, None
    messages.send(peer, json.dumps(answer).encode())


def _drawn(spec: str, version: str | None) -> str:
    # No address is fetched from: a chart has its data in itself.
    svg: str = vega.converter().vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])
    return svg
