"""Where a book is, which files it has, and how one is written."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from tallybook.errors import BookNotFound

PACKAGE = Path(__file__).parent  # this package, with its theme and templates
_LEFT_OUT = ("_build", "__pycache__", "node_modules")
_WRITTEN_IN = ("data", "notebooks")
_TEMPORARY = re.compile(r"\..+-[a-z0-9_]{8}\.tmp")  # as `write` names them


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
            elif not is_left_out(Path(entry.path)):
                yield from files(entry.path)


def is_left_out(folder: Path) -> bool:
    """Whether a folder of a book is hidden, built, or an environment for programs."""
    is_named = folder.name[0] == "." or folder.name in _LEFT_OUT
    return is_named or (folder / "pyvenv.cfg").exists()


def stats(folders: Iterable[Path]) -> str:
    """A digest of the names, sizes and times of all files in folders."""
    found = []
    for folder in map(str, folders):
        for entry in files(folder):
            stat = entry.stat()
            found.append(f"{entry.path.removeprefix(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


def write(path: Path, content: str | bytes) -> None:
    """Put a file in place at once, so that it is never there by half; a mode that it has stays.

    Where it says the same already it stays as it is. Raises OSError, which names the file.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.is_file() and path.read_bytes() == data:
        return
    try:
        _write(path, data)
    except OSError as error:
        error.filename = str(path)  # not the temporary one, which nobody knows
        raise


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def sweep(book: Path) -> None:
    """Remove what a process left in a book that was ended while it wrote. Raises OSError."""
    for path in (each for name in _WRITTEN_IN for each in (book / name).rglob(".*.tmp")):
        if _TEMPORARY.fullmatch(path.name):
            path.unlink(missing_ok=True)
