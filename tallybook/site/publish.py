"""From data and notebooks to the site: execute what is stale, let Sphinx build, publish.

Sphinx builds in a folder aside, which is kept from one build to the next. What it has built is
published in place of the old site at once, when it is whole and was accepted. A site that was
built from the files as they are is not built again. That is known from a stamp: sizes and times of
all files of the book, the package and the site, and the commit.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

from tallybook.errors import LedgerError, Problem, SiteRefused
from tallybook.files import PACKAGE, digest_of_states, sweep, write
from tallybook.notebooks.book import Book, handed_on
from tallybook.site import provenance
from tallybook.site.publication import Publication

UNFINISHED = "tallybook-unfinished"  # beside the doctrees: what is there is not to be trusted
_DRAWINGS = "drawings"
_STAMP = "_build/.tallybook.json"
_ROUNDS = 3
_RESTLESS = (
    "files of the book were changed again and again while it was built; the site is the old one. "
    "Build it when they stay as they are"
)
SETTINGS = {
    "nitpicky": True,
    "latex_individualpages": False,
}  # what Sphinx is told besides a book's


def site(book: Path) -> Path:
    """Where the site of a book is published."""
    return book / "_build" / "html"


def aside(book: Path) -> Path:
    """Where Sphinx builds the site of a book, before it is published."""
    return book / "_build" / ".aside" / "html"


def doctrees(book: Path) -> Path:
    """Where Sphinx keeps what it knows of the pages aside."""
    return aside(book).parent / ".doctrees"


def publication(book: Path) -> Publication:
    """What is built aside, as it is published."""
    return Publication(aside(book), site(book), aside(book).parent / "published.json")


def check_settings(book: Path) -> None:
    """Raises LedgerError where `_config.yml` holds no settings."""
    from tallybook.ledger import yaml  # noqa: PLC0415

    config, problems = yaml.read(book / "_config.yml", "_config.yml")
    if config is not None and not isinstance(config, dict):
        problems.append(Problem("_config.yml", 1, 1, "expected settings with their values"))
    if problems:
        raise LedgerError(problems)


def is_built(root: Path) -> bool:
    """Whether the site is what the files of today give, and nothing of it was changed."""
    try:
        stamp = json.loads((root / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    now = {
        "inputs": _inputs(root, digest_of_states([root])),
        "site": digest_of_states([site(root)]),
    }
    return bool(stamp == now)


def build(
    book: Book,
    sphinx: Callable[[Path], bool],
    *,
    prepare: Callable[[Book], Book] = lambda book: book,
    problems: Callable[[Path, Book], list[str]] = lambda *_: [],
) -> bool:
    """Let Sphinx build the site aside, and publish it. Whether Sphinx succeeded.

    `prepare` gives the book with its notebooks executed. Where files of the book change meanwhile
    it is prepared and built again. `problems` is given the folder with the whole site before it is
    published, and says what is wrong with it. Raises SiteRefused, and OSError; what is published is
    the old site then.
    """
    root = book.root
    sweep(root)
    for _ in range(_ROUNDS):
        book = prepare(book.renewed())
        inputs = _inputs(root, book.state)  # as they were before they were read
        with handed_on(book):
            if not sphinx(root):
                return False
        if inputs == _inputs(root, digest_of_states([root])):
            break
    else:
        raise SiteRefused(_RESTLESS)
    if found := problems(aside(root), book):
        raise SiteRefused("\n".join(found))
    publication(root).publish()
    write(root / _STAMP, json.dumps({"inputs": inputs, "site": digest_of_states([site(root)])}))
    return True


def with_sphinx(book: Path) -> bool:
    """Build aside with Jupyter Book's Sphinx; warnings are errors. Whether it succeeded.

    Raises OSError.
    """
    clear_unfinished(book)
    from jupyter_book import sphinx  # noqa: PLC0415  # imports all of Sphinx

    tell = sphinx.handle_exception
    sphinx.handle_exception = _telling(tell)
    try:
        result = sphinx.build_sphinx(
            book,
            aside(book),
            path_config=book / "_config.yml",
            noconfig=True,
            confoverrides=dict(SETTINGS),  # which are taken out of it
            warningiserror=True,
            keep_going=True,
            quiet=True,
        )
    finally:
        sphinx.handle_exception = tell
    if cause := _of_the_system(result):
        raise cause
    return bool(result == 0)


def clear_unfinished(book: Path) -> bool:
    """Remove what a build left aside that was ended while it wrote. Whether there was any."""
    kept = doctrees(book)
    if not (kept / UNFINISHED).exists():
        return False
    if aside(book).exists():
        shutil.rmtree(aside(book))
    for path in kept.iterdir():
        if path.is_dir() and path.name != _DRAWINGS:  # each of which is whole, or not there
            shutil.rmtree(path)
        elif path.is_file() and path.name != UNFINISHED:
            path.unlink()
    (kept / UNFINISHED).unlink()
    return True


def _telling(tell: Callable[..., None]) -> Callable[..., None]:
    """Say what ended Sphinx as it does, but for what the system refused: that is no bug."""

    def say(app: object, args: object, error: BaseException, *others: object) -> None:
        if _of_the_system(error) is None:
            tell(app, args, error, *others)

    return say


def _of_the_system(error: object) -> OSError | None:
    while isinstance(error, Exception):
        if isinstance(error, OSError):
            return error
        error = error.__cause__
    return None


def _inputs(root: Path, of_book: str) -> str:
    """What the site is made from: the book, the package, Python and what is installed."""
    libraries = Path(sysconfig.get_path("purelib"))
    installed = sorted(path.name for path in libraries.glob("*.dist-info"))
    others = [
        provenance.commit(root),
        sys.version,
        os.environ.get("SOURCE_DATE_EPOCH"),
        installed,
    ]
    of_others = hashlib.sha256(repr(others).encode()).hexdigest()
    return f"{of_book} {digest_of_states([PACKAGE])} {of_others}"
