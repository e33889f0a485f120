"""Where a book is, and which files it has."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from tallybook.errors import BookNotFound

_LEFT_OUT = ("_build", "__pycache__", "node_modules")


def find_book(folder: Path | None = None) -> Path:
    """The book in `folder`; without one, the nearest book from the working folder upwards."""
    try:
        start = (folder or Path.cwd()).resolve()
        for place in (start,) if folder else (start, *start.parents):
            if (place / "_config.yml").is_file() and (place / "data").is_dir():
                return place
    except (OSError, RuntimeError) as error:
        raise BookNotFound(f"{str(folder)[:80]!r} is no folder: {error}"[:200]) from None
    where = f"in {start}" if folder else f"in {start} or above"
    raise BookNotFound(f"no book {where}: expected a folder with _config.yml and data/")


def files(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """The files of a book: none that is hidden, built, or of an environment for programs."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name[0] == ".":
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield entry
            elif entry.name not in _LEFT_OUT and not Path(entry.path, "pyvenv.cfg").exists():
                yield from files(entry.path)
