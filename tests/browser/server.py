"""A static host on loopback: it compresses, and sends the headers that the package says."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from tallybook.site import policy

LEVEL = 6  # of gzip, what hosts use
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".ipynb": "application/json",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
PACKED = (".png", ".ico", ".woff2")  # already compressed


def said_by(site: Path, path: str = "index.html") -> dict[str, str]:
    """The headers that the file of a site says for a path, as a host reads it.

    Each path has to be of one rule alone: hosts differ in what becomes of a header that is named
    twice.
    """
    found = [
        dict(line.strip().split(": ", 1) for line in lines)
        for rule, lines in rules_of(site).items()
        if re.fullmatch(re.sub(r":\w+", "[^/]+", rule).replace("*", ".*"), f"/{path}")
    ]
    assert len(found) == 1, path
    return found[0]


def rules_of(site: Path) -> dict[str, list[str]]:
    """The rules of a site's file of headers: paths, each with its lines."""
    rules: dict[str, list[str]] = {}
    for line in (site / policy.HEADERS_FILE).read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            rules[line] = []
        else:
            rules[[*rules][-1]].append(line)
    return rules


class _Handler(SimpleHTTPRequestHandler):
    """Gives the files of a folder; for what is not there its 404.html."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *given: Any, headers: Mapping[str, str], **named: Any) -> None:
        self.own_headers = headers
        super().__init__(*given, **named)

    def do_GET(self) -> None:  # the name that http.server calls
        path = Path(self.directory) / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        status = 200 if path.is_file() else 404
        path = path if path.is_file() else Path(self.directory) / "404.html"
        packed = path.suffix in PACKED
        body = _body(path, path.stat().st_mtime_ns, packed=packed) if path.is_file() else b""
        self.send_response(status)
        self.send_header("Content-Type", TYPES.get(path.suffix, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        for name, value in self.own_headers.items():
            self.send_header(name, value)
        if body and not packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@cache
def _body(path: Path, _changed: int, *, packed: bool) -> bytes:
    found = path.read_bytes()
    return found if packed else gzip.compress(found, LEVEL, mtime=0)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """A browser that closes a connection is no error."""


@contextmanager
def serving(folder: Path, *, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a host for a folder, with a slash at its end.

    It sends the headers of the package's policy, or others, where these are given.
    """
    sent = policy.headers() if headers is None else headers
    handler = partial(_Handler, directory=str(folder), headers=sent)
    with _Server(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
