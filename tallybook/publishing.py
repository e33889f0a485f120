"""From data and notebooks to the site: execute what is stale, and let Sphinx build what changed.

A site that was built from the files as they are, and is whole, is not built again. That is known
from a stamp: sizes and times of all files of the book, the package and the site.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path

from tallybook.books import files
from tallybook.errors import LedgerError, Problem

_STAMP = "_build/.tallybook.json"
_PACKAGE = Path(__file__).parent
SETTINGS = {
    "nitpicky": True,
    "latex_individualpages": False,
}  # what Sphinx is told besides a book's


def site(book: Path) -> Path:
    """Where the site of a book is built."""
    return book / "_build" / "html"


def check_settings(book: Path) -> None:
    """Raises LedgerError where `_config.yml` holds no settings."""
    from tallybook import yamltext  # noqa: PLC0415

    config, problems = yamltext.read(book / "_config.yml", "_config.yml")
    if config is not None and not isinstance(config, dict):
        problems.append(Problem("_config.yml", 1, 1, "expected settings with their values"))
    if problems:
        raise LedgerError(problems)


def is_built(book: Path) -> bool:
    """Whether the site is what the files of today give, and nothing of it was changed."""
    try:
        stamp = json.loads((book / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(stamp == {"inputs": _inputs(book), "site": stats([site(book)])})


def build(book: Path, sphinx: Callable[[Path], bool]) -> bool:
    """Let Sphinx build the site, and keep in mind what from. Whether it succeeded."""
    (book / _STAMP).unlink(missing_ok=True)
    inputs = _inputs(book)  # before they are read: what is edited meanwhile is not built yet
    if not sphinx(book):
        return False
    stamp = {"inputs": inputs, "site": stats([site(book)])}
    (book / _STAMP).write_text(json.dumps(stamp), encoding="utf-8")
    return True


def with_sphinx(book: Path) -> bool:
    """Build with Jupyter Book's Sphinx; warnings are errors. Whether it succeeded."""
    from jupyter_book.sphinx import build_sphinx  # noqa: PLC0415  # imports all of Sphinx

    result = build_sphinx(
        book,
        site(book),
        path_config=book / "_config.yml",
        noconfig=True,
        confoverrides=dict(SETTINGS),  # which are taken out of it
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    if result != 0:
        # Sphinx would not read the pages again that it warned of, and be silent the next time.
        (book / "_build" / ".doctrees" / "environment.pickle").unlink(missing_ok=True)
    return bool(result == 0)


def _inputs(book: Path) -> str:
    """What the site is made from: the book, the package, Python and what is installed."""
    libraries = Path(sysconfig.get_path("purelib"))
    installed = sorted(path.name for path in libraries.glob("*.dist-info"))
    told = [sys.version, os.environ.get("SOURCE_DATE_EPOCH"), installed]
    return f"{stats([book, _PACKAGE])} {hashlib.sha256(repr(told).encode()).hexdigest()}"


def stats(folders: Iterable[Path]) -> str:
    """A digest of the names, sizes and times of all files in folders."""
    found = []
    for folder in map(str, folders):
        for entry in files(folder):
            stat = entry.stat()
            found.append(f"{entry.path.removeprefix(folder)} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
