"""A book that is worked on: `tallybook live` in a process of its own, and what its pages hear."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import psutil
from tornado.websocket import websocket_connect

from tallybook.charts import vega

SECONDS = 120
LEDGER = "data/statistics/kettles.yml"


class Live:
    """The process, its address and its book."""

    def __init__(self, book: Path, process: subprocess.Popen[str]) -> None:
        self.book = book
        self.process = process
        self.said: list[str] = []
        self._lines: SimpleQueue[str] = SimpleQueue()
        Thread(target=self._read, daemon=True).start()
        self.address = self.wait_for(r"http://127\.0\.0\.1:\d+/")
        self.port = urlsplit(self.address).port

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.said.append(line)
            self._lines.put(line)

    def wait_for(self, pattern: str) -> str:
        """What the command says next that is like this."""
        end = monotonic() + SECONDS
        while monotonic() < end:
            try:
                line = self._lines.get(timeout=max(0, end - monotonic()))
            except Empty:
                break
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError(f"{pattern} was not said:\n{''.join(self.said)}")

    def get(self, path: str = "", host: str = "") -> tuple[int, str]:
        """Status and text of what is served at a path."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        connection.request("GET", f"/{path}", headers={"Host": host} if host else {})
        answer = connection.getresponse()
        found = answer.status, answer.read().decode()
        connection.close()
        return found

    def file(self, path: str) -> str:
        """What a built file holds."""
        return (self.book / "_build/html" / path).read_text(encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Save a file with another text."""
        path = self.book / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def family(self) -> list[psutil.Process]:
        """The process and all that it has started."""
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]


@contextmanager
def working(book: Path, path: Path | None = None, *, is_alone: bool = False) -> Iterator[Live]:
    """The command, until this is left; with a path, that of the package in this folder.

    One that `is_alone` has a server of kernels of its own, as an author's has.
    """
    given = {n: text for n, text in os.environ.items() if n != vega.SERVER or not is_alone}
    process = subprocess.Popen(
        [
            sys.executable,
            "-u",
            "-m",
            "tallybook.cli.main",
            "--book",
            str(book),
            "live",
            "--port",
            "0",
        ],
        env=given | ({"PYTHONPATH": str(path)} if path else {}),
        cwd=book,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Live(book, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=SECONDS)


class Heard:
    """What an open page hears."""

    def __init__(self, port: int, page: str = "") -> None:
        self.states: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._thread = Thread(target=lambda: asyncio.run(self._listen(port, page)), daemon=True)
        self._thread.start()

    async def _listen(self, port: int, page: str) -> None:
        socket = await websocket_connect(f"ws://127.0.0.1:{port}/_live/socket?page=/{page}")
        while message := await socket.read_message():
            self.states.put(json.loads(message))

    def forget(self) -> None:
        """Forget what was heard up to now."""
        while not self.states.empty():
            self.states.get()

    def next(self, seconds: float = SECONDS) -> dict[str, Any] | None:
        """What is heard next, or nothing after so long."""
        try:
            return self.states.get(timeout=seconds)
        except Empty:
            return None

    def until(self, holds: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The next state for which something holds."""
        seen = []
        while state := self.next():
            seen.append(state)
            if holds(state):
                return state
        raise AssertionError(f"never heard; only {seen}")

    def whole(self) -> dict[str, Any]:
        """The next good state."""
        return self.until(lambda s: s["is_whole"] and not s["problems"])

    def problems(self) -> str:
        """What is wrong, the next time that something is."""
        return "\n".join(self.until(lambda state: state["problems"])["problems"])
