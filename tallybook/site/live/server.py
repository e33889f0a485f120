"""The site of a book as its author looks at it: served on loopback, and loaded anew when built.

Pages are given with one script more than the files have; nothing is written. The script keeps a
socket open, which sends the number of the build that is served, and what is wrong. Only
requests that name this host are answered, so that no page of another one reads the book.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import html
import json
import mimetypes
import socket
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from tallybook.errors import PortTaken
from tallybook.files import states_below
from tallybook.site import policy

HOST = "127.0.0.1"
OWN = "/_live/"
# A page that is in the background may not be loaded for long; the build goes on then.
_SECONDS_TO_LOAD = 0.5
_FILES = Path(__file__).parent / "browser"
_HEAD = b"</head>"
_WAITING = (
    '<!DOCTYPE html><html lang="en"><head>{policy}<meta charset="utf-8">'
    "<title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
)
_FIRST = ("The book is being built", "This page is loaded anew when it is.")
_NO_PAGE = ("There is no such page", "The book has none at this address.")


@dataclass(frozen=True)
class State:
    """What open pages show: the problems of what was saved, how many pages are `to_go`, and whether
    all that was saved is published.
    """

    problems: list[str] = field(default_factory=list)
    to_go: int = 0
    is_whole: bool = False


class Server:
    """Serves a site from a thread of its own."""

    def __init__(self, site: Path, port: int) -> None:
        self._sockets = _bound_sockets(port)
        self.port: int = self._sockets[0].getsockname()[1]
        self._site = site
        self.state = State()  # that was sent to pages last
        # What is served instead of published files, by their names on the site.
        self.overlay: dict[str, bytes] = {}
        self._pages: set[_PageSocket] = set()
        self._loop: Future[asyncio.AbstractEventLoop] = Future()
        self._end: asyncio.Event | None = None
        self._opened = Event()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    @property
    def address(self) -> str:
        """The address of the site."""
        return f"http://{HOST}:{self.port}/"

    def begin(self) -> None:
        """Start to serve."""
        self._thread.start()
        self._loop.result()

    def open_pages(self) -> set[str]:
        """The names of the pages that are open in a browser, without their ending."""
        return {page.file.removesuffix(".html") for page in list(self._pages)}

    def notify(self, **changed: Any) -> None:
        """Send every open page the new state, and the version of it that is served."""
        self.state = replace(self.state, **changed)
        self._loop.result().call_soon_threadsafe(self._notify_all)

    def show(self, pages: dict[str, bytes]) -> None:
        """Serve these files in place of published ones, and wait a while for the open pages."""
        self.overlay = pages
        if any(page.file in pages for page in list(self._pages)):
            self._opened.clear()
            self.notify(problems=[])  # what was wrong before is mended, as far as these tell
            self._opened.wait(_SECONDS_TO_LOAD)  # the processors are the browser's for a moment

    def served(self, name: str) -> bytes | None:
        """A file of the site as it is served; None where there is none."""
        try:
            return self.overlay.get(name) or (self._site / name).read_bytes()
        except OSError:
            return None

    def version(self, name: str) -> str:
        """What is another as soon as a page is: its HTML, or a script, style or picture."""
        states = [states_below(self._site / folder) for folder in ("_static", "_images")]
        states[0].pop("search-index.js", None)  # another with each edit, and loaded when it is used
        shown = repr(states).encode() + (self.served(name) or b"")
        return hashlib.sha256(shown).hexdigest()

    def stop(self) -> None:
        """Stop serving, and close all connections."""
        if self._thread.is_alive() and self._end:
            self._loop.result().call_soon_threadsafe(self._end.set)
            self._thread.join(5)

    async def _serve(self) -> None:
        self._end = asyncio.Event()
        application = Application(
            [
                (f"{OWN}socket", _PageSocket),
                (f"{OWN}(.*)", _File, {"path": str(_FILES)}),
                (
                    "/(.*)",
                    _Page,
                    {"path": str(self._site), "default_filename": "index.html"},
                ),
            ],
            hosts={f"{name}:{self.port}" for name in (HOST, "localhost")},
            server=self,
            log_function=lambda _: None,
        )
        server = HTTPServer(application)
        server.add_sockets(self._sockets)
        self._loop.set_result(asyncio.get_running_loop())
        await self._end.wait()
        server.stop()
        await server.close_all_connections()

    def _notify_all(self) -> None:
        for page in list(self._pages):
            page.send()

    def add(self, page: _PageSocket) -> None:
        """Add an open page, and send it the state."""
        self._pages.add(page)
        self._opened.set()
        page.send()

    def remove(self, page: _PageSocket) -> None:
        """Remove a page that was closed."""
        self._pages.discard(page)


def _bound_sockets(port: int) -> list[socket.socket]:
    try:
        return bind_sockets(port, HOST)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        why = "is in use" if error.errno == errno.EADDRINUSE else "is not for everybody"
        raise PortTaken(f"port {port} {why}: name another with --port, or 0 for any") from None


class _LocalHandler(RequestHandler):
    """Answers what is meant for this server: by another name it may be meant for another site."""

    def prepare(self) -> None:
        if self.request.host not in self.settings["hosts"]:
            raise HTTPError(403, reason="not the name of this server")

    def set_default_headers(self) -> None:
        # Two builds may have the same second, in which a browser takes the file for unchanged.
        self.set_header("Cache-Control", "no-store")
        for name, value in policy.headers().items():  # what is refused to readers is refused here
            self.set_header(name, value)

    def compute_etag(self) -> None:
        """None: what is served may be another file each time."""


class _File(_LocalHandler, StaticFileHandler):
    """A file as it is now."""

    def should_return_304(self) -> bool:
        return False


class _Page(_File):
    """A file of the site; a page with the script that looks after it."""

    async def get(self, path: str, include_body: bool = True) -> None:
        server: Server = self.settings["server"]
        is_built = Path(self.root).is_dir()
        name = _file_at(path)
        content = server.overlay.get(name)
        found = self._found(path) if content is None else Path(name)
        if content is None and found and found.suffix != ".html":
            await super().get(path, include_body)
            return
        if found is None:
            # Before the first build every page is to come.
            self.set_status(404 if is_built else 503)
            found, content = Path("404.html"), self._instead(is_built=is_built)
        content = content if content is not None else found.read_bytes()
        if found.suffix == ".html":
            content = _with_script(content, server.version(name))
        kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
        self.set_header("Content-Type", kind + "; charset=utf-8" * kind.startswith("text/"))
        self.set_header("Content-Length", len(content))
        if include_body:
            self.write(content)

    def _found(self, path: str) -> Path | None:
        root = Path(self.root).resolve()
        wanted = Path(self.get_absolute_path(str(root), self.parse_url_path(path))).resolve()
        wanted = wanted / "index.html" if wanted.is_dir() else wanted
        return wanted if wanted.is_relative_to(root) and wanted.is_file() else None

    def _instead(self, *, is_built: bool) -> bytes:
        lost = Path(self.root, "404.html")
        if not is_built:
            return _page(*_FIRST)
        return lost.read_bytes() if lost.is_file() else _page(*_NO_PAGE)


def _file_at(path: str) -> str:
    return f"{path}index.html" if path.endswith("/") or not path else path


def _page(title: str, text: str) -> bytes:
    texts = {"title": html.escape(title), "text": html.escape(text), "policy": policy.tag()}
    return _WAITING.format(**texts).encode()


def _with_script(content: bytes, version: str) -> bytes:
    script = f'<script src="{OWN}live.js" data-version="{version}" defer></script>'.encode()
    return content.replace(_HEAD, script + _HEAD, 1)


class _PageSocket(WebSocketHandler):
    """The socket of an open page. Tornado refuses one that a page of another host opens."""

    def prepare(self) -> None:
        if self.request.host not in self.settings["hosts"]:
            raise HTTPError(403)

    def open(self, *_: str) -> None:
        self.file = _file_at(self.get_query_argument("page", "/").lstrip("/"))
        self.settings["server"].add(self)

    def on_message(self, message: str | bytes) -> None:
        """A page has nothing to say."""

    def on_close(self) -> None:
        self.settings["server"].remove(self)

    def send(self) -> None:
        """Send the state to the page, with the version of it that is served."""
        server: Server = self.settings["server"]
        told = asdict(server.state) | {"version": server.version(self.file)}
        try:
            self.write_message(json.dumps(told))
        except WebSocketClosedError:
            self.settings["server"].remove(self)
