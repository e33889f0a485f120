"""What an author has saved: the files of a book, or of this package, whose content has changed.

A file is read when the system reports a change. What counts is its content, of a notebook what
is in its cells: one that JupyterLab saves as it was is not changed, and neither is a file that is
written again by the build.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread

import watchfiles

from tallybook.errors import NotebookFailed
from tallybook.files import PACKAGE, State, files, is_left_out, links, state_of
from tallybook.notebooks import stored

Found = dict[str, tuple[State | None, str]]
_STEP = 20  # milliseconds without a save after which a series of them is at its end
_SERIES = 400  # milliseconds after which it is taken as it is


class Ended(BaseException):
    """The work is to end. A KeyboardInterrupt would be Python's own reason to end by a signal."""


class Contents:
    """A digest of each file of some folders, which is taken anew where size or time differ."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = list(folders)
        self._found: Found = {}
        self.changed()

    def changed(self) -> list[Path]:
        """The files whose content has changed since this was last called, or that are gone."""
        before = self._found
        self._found = dict(self._look(before))
        names = sorted({*before, *self._found})
        return [Path(n) for n in names if _digest_in(before, n) != _digest_in(self._found, n)]

    def note(self, paths: Iterable[Path]) -> None:
        """Note the content of some files, so that it is no change."""
        for path in paths:
            self._found[str(path)] = state_of(path), _digest(path)

    def _look(self, before: Found) -> Iterator[tuple[str, tuple[State | None, str]]]:
        for entry in (entry for folder in self._folders for entry in files(folder)):
            try:
                now, known = state_of(entry), before.get(entry.path)
                is_same = known is not None and known[0] == now
                digest = known[1] if known and is_same else _digest(Path(entry.path))
            except OSError:  # it is gone since, or cannot be read: its reader will say so
                continue
            yield entry.path, (now, digest)


def _digest_in(found: Found, name: str) -> str:
    return found[name][1] if name in found else ""


def _digest(path: Path) -> str:
    content = path.read_bytes()
    if path.suffix == ".ipynb":
        # Of what is no notebook its bytes are compared.
        with suppress(NotebookFailed, AttributeError, KeyError, TypeError):
            content = json.dumps(_content(stored.load(path)), sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def _content(notebook: stored.Notebook) -> list[object]:
    """What pages and execution take from a notebook, without what an editor puts there."""
    cells = [
        [cell["cell_type"], cell["source"], _settings_of(cell["metadata"]), cell.get("outputs")]
        for cell in notebook["cells"]
    ]
    return [*cells, _settings_of(notebook["metadata"])]


def _settings_of(metadata: dict[str, object]) -> list[object]:
    # Editors keep the state of their windows in the others.
    return [metadata.get(name) for name in ("tags", "mystnb", "tallybook")]


class Watcher:
    """Waits until something of a book or of this package is saved."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._events: SimpleQueue[None] = SimpleQueue()
        self._is_ended = False
        self._ends: list[Event] = []
        self._deep: list[Path] = []
        self._shallow: list[Path] = []

    def begin(self) -> None:
        """Start to watch."""
        self._watch_folders()

    def wait(self) -> None:
        """Wait until something is saved, or was since this was last asked.

        Raises Ended once `end` was called.
        """
        self._events.get()
        self.has_heard()

    def has_heard(self) -> bool:
        """Whether something may have been saved since this, or `wait`, was last asked.

        Raises Ended once `end` was called.
        """
        has_heard = False
        with suppress(Empty):
            while True:
                self._events.get_nowait()
                has_heard = True
        if self._is_ended:
            raise Ended
        if self._places() != (self._deep, self._shallow):
            self._watch_folders()
        return has_heard

    def end(self) -> None:
        """End whoever waits, now or later."""
        self._is_ended = True
        self._events.put(None)

    def stop(self) -> None:
        """Stop watching."""
        for end in self._ends:
            end.set()

    def _watch_folders(self) -> None:
        for end in self._ends:
            end.set()
        self._ends.clear()
        self._deep, self._shallow = self._places()
        self._watch([*self._deep, PACKAGE], is_deep=True)
        self._watch(self._shallow, is_deep=False)

    def _places(self) -> tuple[list[Path], list[Path]]:
        """The folders that are watched in depth, and those of which only the files are."""
        # The book itself is not watched in depth: its environments hold thousands of folders.
        own = [each for each in self._book.iterdir() if each.is_dir() and not is_left_out(each)]
        linked = [Path(target) for target in links(self._book)]
        folders = [path for path in linked if path.is_dir()]
        around = {path.parent for path in linked if path.parent.is_dir() and path not in folders}
        return sorted({*own, *folders}), sorted({self._book, *around})

    def _watch(self, folders: list[Path], *, is_deep: bool) -> None:
        logging.getLogger("watchfiles").setLevel(logging.WARNING)
        end = Event()
        self._ends.append(end)
        Thread(
            target=self._listen, args=(folders, end), kwargs={"is_deep": is_deep}, daemon=True
        ).start()

    def _listen(self, folders: list[Path], end: Event, *, is_deep: bool) -> None:
        heard = watchfiles.watch(
            *folders,
            watch_filter=_is_watched,
            debounce=_SERIES,
            step=_STEP,
            stop_event=end,
            recursive=is_deep,
            raise_interrupt=False,
        )
        for _ in heard:
            self._events.put(None)


def _is_watched(_: watchfiles.Change, name: str) -> bool:
    parts = Path(name).parts
    return "__pycache__" not in parts and not parts[-1].startswith(".") and parts[-1] != "_build"
