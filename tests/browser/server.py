"""A static host on loopback: it compresses, and allows no scripts or styles but those of files."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

POLICY = (
    # Vega compiles its expressions: eval is what Explore cannot do without yet.
    "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
)
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


class _Handler(SimpleHTTPRequestHandler):
    """Gives the files of a folder; for what is not there its 404.html."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *given: Any, policy: str, **named: Any) -> None:
        self.policy = policy
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
        if self.policy:
            self.send_header("Content-Security-Policy", self.policy)
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
def serving(folder: Path, *, policy: str = POLICY) -> Iterator[str]:
    """The address of a host for a folder, with a slash at its end."""
    with _Server(
        ("127.0.0.1", 0), partial(_Handler, directory=str(folder), policy=policy)
    ) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
