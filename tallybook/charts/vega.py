"""vl-convert draws Vega-Lite charts, in this process or in one for all: the drawing process.

It draws with the fonts that it brings and no others, so that a chart looks the same everywhere.

vl-convert takes 0.4 s to start and then 0.02 s a chart. The server of kernels therefore keeps one
process that draws for all others; an environment variable names the folder of its socket. Where
there is none, or it does not answer, the chart is drawn in this process: the bytes are the same,
and so are the errors.
"""

from __future__ import annotations

import json
import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

SERVER = "TALLYBOOK_SERVER"  # names the folder of a running server, to its kernels too
SOCKET = "drawings"
_SECONDS = 60
_FONTS = Path(__file__).with_name("fonts.conf")
_SETTING = "FONTCONFIG_FILE"
_SMALLEST_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><text>.</text></svg>'
_SMALLEST_CHART = {
    "mark": "bar", "data": {"values": [{"of": 1}]}, "encoding": {"x": {"field": "of"}},
}  # fmt: skip


def name() -> str:
    """Return the name of the drawing library with its version, as `vl-convert 1.8.0`."""
    return f"vl-convert {version('vl-convert-python')}"


def identity() -> str:
    """Return all that a drawing depends on besides the chart: the library and its fonts."""
    return f"{name()} {_FONTS.read_text(encoding='utf-8')}"


def has_drawing_process() -> bool:
    """Return whether a drawing process serves this process."""
    return SERVER in os.environ


def svg(spec: str, vega_lite: str | None) -> str:
    """Return the SVG of a Vega-Lite specification.

    `spec` is the specification as JSON, `vega_lite` the version that it is written for ("6.4"), or
    None for vl-convert's own. Raises ValueError, with vl-convert's words, for what it refuses.

    >>> spec = '{"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a"}}}'
    >>> svg(spec, None)[:4]
    '<svg'
    """
    # The record of a notebook has to name vl-convert also where another process draws.
    import vl_convert  # noqa: F401, PLC0415

    if folder := os.environ.get(SERVER):
        with suppress(OSError, EOFError):  # EOFError: the drawing process ended meanwhile
            drawn, refusal = _requested(Path(folder) / SOCKET, spec, vega_lite)
            if refusal is not None:
                raise ValueError(refusal)
            if drawn is not None:
                return drawn
    return _drawn(spec, vega_lite)


def _requested(address: Path, *chart: str | None) -> tuple[str | None, str | None]:
    """Ask the drawing process: the SVG, or why it is refused, or neither if drawing broke."""
    with socket.socket(socket.AF_UNIX) as peer:
        limit(peer, _SECONDS)
        peer.connect(str(address))
        with Connection(peer.detach()) as connection:
            connection.send(chart)
            drawn, refusal = connection.recv()
    return drawn, refusal


def serve(listener: socket.socket) -> None:
    """Be the drawing process: draw chart after chart until the process that forked it ends."""
    # On its first chart vl-convert starts threads, and a process with threads must not fork: this
    # process is forked before that, and does nothing but draw.
    parent = os.pidfd_open(os.getppid())
    _drawn(json.dumps(_SMALLEST_CHART), None)
    while parent not in wait([listener, parent]):
        peer, _ = listener.accept()
        limit(peer, _SECONDS)
        with suppress(OSError, EOFError), Connection(peer.detach()) as connection:
            connection.send(_answer(*connection.recv()))


def _answer(spec: str, vega_lite: str | None) -> tuple[str | None, str | None]:
    try:
        return _drawn(spec, vega_lite), None
    except ValueError as error:
        return None, str(error)
    except Exception:  # the process that asked draws it itself, and meets the same error
        return None, None


def limit(peer: socket.socket, seconds: int) -> None:
    """Let every read and write of a socket end after some seconds with BlockingIOError.

    `socket.settimeout` would make its descriptor non-blocking, which `Connection` cannot use.
    """
    for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        peer.setsockopt(socket.SOL_SOCKET, direction, struct.pack("ll", seconds, 0))


def _drawn(spec: str, vega_lite: str | None) -> str:
    # No address is fetched from: a chart has its data in itself.
    drawn: str = converter().vegalite_to_svg(spec, vl_version=vega_lite, allowed_base_urls=[])
    return drawn


@cache
def converter() -> Any:
    """Return the module `vl_convert`, which has looked for fonts and found only its own.

    A JavaScript engine with threads starts with the first chart that it is given.
    """
    import vl_convert  # noqa: PLC0415  # it has threads from its first use on

    with _without_fonts_of_the_machine():
        vl_convert.svg_to_png(_SMALLEST_SVG)  # it looks for fonts once, when it first draws
    return vl_convert


@contextmanager
def _without_fonts_of_the_machine() -> Iterator[None]:
    before = os.environ.get(_SETTING)
    os.environ[_SETTING] = str(_FONTS)
    try:
        yield
    finally:
        del os.environ[_SETTING]
        if before is not None:
            os.environ[_SETTING] = before
