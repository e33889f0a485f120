"""From data and notebooks to the site: execute what is stale, let Sphinx build, publish.

Sphinx builds in a folder aside, which is kept from one build to the next. What it has built is
published in place of the old site at once, when it is whole and was accepted. A site that was
built from the files as they are is not built again. That is known from a stamp: sizes and times of
all files of the book, the package and the site, and the commit.

What is published is a folder of its own, which is made beside the old one and exchanged with it.
It shares no file with the folder that is built in, so that a build never changes what is published;
what has not changed it takes over from the old one, as a link.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tallybook.errors import SiteRefused
from tallybook.files import (
    PACKAGE,
    commit,
    digest_of_states,
    rings,
    states_below,
    sweep,
    version,
    write,
)

if TYPE_CHECKING:
    from tallybook.notebooks.book import Book

UNFINISHED = "tallybook-unfinished"  # beside the doctrees: what is there is not to be trusted
_STAMP = "_build/.tallybook.json"
_ROUNDS = 3
_CHANGED_AGAIN = (
    "files of the book were changed again and again while it was built; the site is the old one. "
    "Build it when they stay as they are"
)
_RING = "a link that leads back to a folder in which it lies: take it out of the book"
NOT_PUBLISHED = {".buildinfo"}  # what Sphinx keeps for itself, of paths and settings
# Of Linux's renameat2, for which Python has no function.
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
# What a system answers that cannot exchange, or cannot link: there is another way then.
_NO_EXCHANGE = (errno.ENOSYS, errno.EINVAL, errno.EPERM, errno.EOPNOTSUPP)
_NO_LINK = (errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV)
State = list[int]  # of a file, as JSON has it
SETTINGS = {
    "nitpicky": True,
    "latex_individualpages": False,
}  # for Sphinx, besides the book's own


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


def kept_in(path: Path) -> dict[str, Any]:
    """What an earlier build has kept in a file of JSON; nothing where it cannot be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_built(root: Path) -> bool:
    """Whether the published site was built from the files as they are, and is unchanged."""
    stamp = kept_in(root / _STAMP)
    return (
        bool(stamp)
        and site(root).is_dir()
        and stamp
        == {
            "inputs": _inputs(root, digest_of_states([root])),
            "site": digest_of_states([site(root)]),
        }
    )


def build(
    book: Book,
    sphinx: Callable[[Path], bool],
    *,
    prepare: Callable[[Book], Book] = lambda book: book,
    problems: Callable[[Path, Book], list[str]] = lambda *_: [],
) -> bool:
    """Let Sphinx build the site aside, and publish it. Return whether Sphinx succeeded.

    `prepare` gives the book with its notebooks executed. Where files of the book change meanwhile
    it is prepared and built again. `problems` is given the folder with the whole site before it is
    published, and says what is wrong with it. Raises SiteRefused, and OSError; what is published is
    the old site then.
    """
    root = book.root
    if found := rings(root):
        raise SiteRefused("\n".join(f"{each}: {_RING}" for each in found))
    sweep(root)
    for _ in range(_ROUNDS):
        book = prepare(book.renewed())
        inputs = _inputs(root, book.state)  # as they were before they were read
        with book.handed_on():
            if not sphinx(root):
                return False
        if inputs == _inputs(root, digest_of_states([root])):
            break
    else:
        raise SiteRefused(_CHANGED_AGAIN)
    if found := problems(aside(root), book):
        raise SiteRefused("\n".join(found))
    publication(root).publish()
    write(root / _STAMP, json.dumps({"inputs": inputs, "site": digest_of_states([site(root)])}))
    return True


def with_sphinx(book: Path) -> bool:
    """Build aside with Jupyter Book's Sphinx; warnings are errors. Whether it succeeded.

    Raises OSError.
    """
    from jupyter_book import sphinx  # noqa: PLC0415  # imports all of Sphinx

    tell = sphinx.handle_exception
    sphinx.handle_exception = _say
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
    if isinstance(result, KeyboardInterrupt):
        raise result
    if cause := _of_the_system(result):
        raise cause
    return bool(result == 0)


def added(root: Path) -> None:
    """Take what was put into the published site for a part of it, until the next build."""
    stamp = kept_in(root / _STAMP) | {"site": digest_of_states([site(root)])}
    write(root / _STAMP, json.dumps(stamp))


def _say(_: object, __: object, error: BaseException, stream: TextIO) -> None:
    """Say in words what ended Sphinx; of an error of the system the command does."""
    from tallybook.site import messages  # noqa: PLC0415

    if _of_the_system(error) is None and not isinstance(error, KeyboardInterrupt):
        print(messages.of_error(error), file=stream)


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
        commit(root),
        version(),
        sys.version,
        os.environ.get("SOURCE_DATE_EPOCH"),
        installed,
    ]
    of_others = hashlib.sha256(repr(others).encode()).hexdigest()
    return f"{of_book} {digest_of_states([PACKAGE])} {of_others}"


class Publication:
    """A folder `built` as it is published at `site`; `kept` is a file to remember that by."""

    def __init__(self, built: Path, site: Path, kept: Path) -> None:
        # Where the site is a link, folders are exchanged where it leads to, and the link stays.
        self._built, self._site, self._kept = built, site.resolve(), kept
        self._next = self._site.with_name(f".{self._site.name}-next")
        self._old = self._site.with_name(f".{self._site.name}-old")

    def changed(self) -> list[str]:
        """The files of the built folder that are not published as they are."""
        published, known = _states(self._site), kept_in(self._kept)
        found = _states(self._built).items()
        return [name for name, state in found if known.get(name) != [state, published.get(name)]]

    def publish(self) -> None:
        """Publish what is built, at once. Raises OSError, and the old site stays published."""
        self.recover()
        states, changed = _states(self._built), set(self.changed())
        if changed or set(states) != set(_states(self._site)):
            self._make_next(states, changed)
            self._exchange()
        published = _states(self._site)
        known = {name: [state, published[name]] for name, state in states.items()}
        write(self._kept, json.dumps(known))
        shutil.rmtree(self._next, ignore_errors=True)

    def recover(self) -> None:
        """Finish or undo what a process left that was ended while it published. Raises OSError."""
        if self._old.exists() and not self._site.exists():
            self._old.rename(self._site)
        for left in (self._next, self._old):
            if left.exists():
                shutil.rmtree(left)

    def _make_next(self, states: dict[str, State], changed: set[str]) -> None:
        made: set[Path] = set()
        for name in states:
            path = self._next / name
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            if name in changed and not self._is_same(name):
                shutil.copyfile(self._built / name, path)
            else:
                _link(self._site / name, path)

    def _is_same(self, name: str) -> bool:
        """Whether a file that was written again says what is published."""
        one, other = self._built / name, self._site / name
        if not other.is_file() or one.stat().st_size != other.stat().st_size:
            return False
        return one.read_bytes() == other.read_bytes()

    def _exchange(self) -> None:
        if not self._site.exists():
            self._next.rename(self._site)
        elif not _exchanged(self._next, self._site):
            # For a moment there is none; one that is ended in it is recovered by the next.
            self._site.rename(self._old)
            self._next.rename(self._site)
            shutil.rmtree(self._old)


def _states(folder: Path) -> dict[str, State]:
    """The state of each file that is published, by its path in the folder."""
    found = states_below(folder).items()
    return {name: list(now) for name, now in found if name not in NOT_PUBLISHED}


def _link(there: Path, path: Path) -> None:
    try:
        os.link(there, path)
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
        shutil.copy2(there, path)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system has exchanged two folders at once; not every one can. Raises OSError."""
    import ctypes  # noqa: PLC0415  # what has nothing to publish is quicker without

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    paths = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if rename(*paths, _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))
