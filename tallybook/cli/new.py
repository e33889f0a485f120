"""A new book: the files of `template`, with its title, author and language.

The book is made in a temporary folder beside its place, or in it where that is there and empty, and
then renamed: it is there as a whole or not at all.
"""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from tallybook import files
from tallybook.errors import BookRefused, refused
from tallybook.ledger import records
from tallybook.reading import statements
from tallybook.reading.statements import Known

TEMPLATE = Path(__file__).parent / "template"
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[_-][A-Za-z]{2,8})?")
_HIDDEN = "dot-"  # a wheel leaves out files that git ignores, and a .gitignore would name them
_OTHERWISE = "About this book"
_MARKED = re.compile(r"([\\`*_{}\[\]<>#$&|~])")


def make(folder: Path, title: str, author: str, language: str = "en") -> Path:
    """A book that builds at once, in a folder that is not there yet or empty; that folder.

    Raises BookRefused, and leaves nothing behind then.

    >>> folder = Path(tempfile.mkdtemp()) / "lending"
    >>> sorted(path.name for path in make(folder, "Lending", "A. Reader").iterdir())[-3:]
    ['notebooks', 'requirements.txt', 'sources.md']
    """
    values = _values(title, author, language)
    folder = Path(folder).resolve()
    is_there = is_free(folder)
    try:
        with tempfile.TemporaryDirectory(
            dir=folder if is_there else folder.parent, prefix=".new-"
        ) as aside:
            book = Path(aside) / "book"
            for path in sorted(Path(each.path) for each in files.files(TEMPLATE)):
                name = path.relative_to(TEMPLATE).as_posix()
                files.write(book / _shown(name), _filled(path.read_text("utf-8"), values))
            if wheel := _wheel(_origin(metadata.distribution("tallybook"))):
                files.write(book / "wheels" / wheel.name, wheel.read_bytes())
            for name, schema in records.json_schemas().items():
                files.write(book / "data/schema" / name, schema)
            if is_there:
                _put_into(book, folder)
            else:
                book.rename(folder)
    except OSError as error:
        error.filename = str(folder)  # not the temporary one, which nobody knows
        raise BookRefused(refused(error)) from None
    return folder


def _put_into(book: Path, folder: Path) -> None:
    """Move all that a book has into a folder, or nothing of it."""
    moved: list[tuple[Path, Path]] = []
    try:
        for path in sorted(book.iterdir()):
            moved.append((path, path.rename(folder / path.name)))
    except BaseException:  # an interruption too
        for path, now in moved:
            now.rename(path)
        raise


def is_free(folder: Path) -> bool:
    """Whether the folder is there, and empty but for .git. Raises BookRefused for one in use.

    >>> is_free(Path("a-book"))
    False
    """
    folder = folder.resolve()
    try:
        if folder.is_dir():
            inside = sorted(path.name for path in folder.iterdir() if path.name != ".git")
            if inside:
                raise BookRefused(
                    f"{folder} is not empty: it has {inside[0]!r}. Name a folder that is not "
                    "there yet, or an empty one"
                )
            return True
        if folder.exists():
            raise BookRefused(f"{folder} is a file. Name a folder that is not there yet")
        if not folder.parent.is_dir():
            raise BookRefused(f"there is no folder {folder.parent} to make the book in")
    except OSError as error:
        raise BookRefused(refused(error)) from None
    return False


def _values(title: str, author: str, language: str) -> dict[str, str]:
    title, author = (" ".join(text.split()) for text in (title, author))
    if not title:
        raise BookRefused("expected a title of the book, found nothing")
    if not _LANGUAGE.fullmatch(language):
        raise BookRefused(
            f"expected the code of a language, such as en or pt_BR; found {language!r}"
        )
    tallybook = metadata.distribution("tallybook")
    return {
        "title": json.dumps(title, ensure_ascii=False),
        "author": json.dumps(author, ensure_ascii=False),
        "named": _MARKED.sub(r"\\\1", title),
        "heading": _heading(title),
        "language": json.dumps(language),
        "year": f'"{date.today().year}"',
        "requirement": _requirement(tallybook, _origin(tallybook)),
    }


def _requirement(tallybook: metadata.Distribution, origin: dict[str, Any]) -> str:
    """The line by which pip installs the tallybook that is installed here, with what to do."""
    if "vcs_info" in origin:
        return f"tallybook @ git+{origin['url']}@{origin['vcs_info']['commit_id']}"
    if not origin:
        return f"tallybook=={tallybook.version}"
    if not origin["url"].startswith("file:"):
        return f"tallybook @ {origin['url']}"
    wheel = f"./wheels/tallybook-{tallybook.version}-py3-none-any.whl"
    if _wheel(origin):
        return f"# It was installed from this wheel: keep it in the repository.\n{wheel}"
    return (
        "# It was installed from a folder of this machine. Put its wheel into wheels/, in that\n"
        "# folder by pip wheel --no-deps --wheel-dir BOOK/wheels . or name instead where others\n"
        "# find it: tallybook @ git+https://HOST/OWNER/REPOSITORY@TAG\n"
        f"{wheel}"
    )


def _origin(tallybook: metadata.Distribution) -> dict[str, Any]:
    """Where a distribution was installed from; empty of one from an index (PEP 610)."""
    found: dict[str, Any] = json.loads(tallybook.read_text("direct_url.json") or "{}")
    return found


def _wheel(origin: dict[str, Any]) -> Path | None:
    """The wheel on this machine from which tallybook was installed, while it is there."""
    path = Path(url2pathname(urlsplit(origin.get("url", "")).path))
    return path if path.suffix == ".whl" and path.is_file() else None


def _heading(title: str) -> str:
    """The heading of the first page: the title, where this has no numeral that states something."""
    return _OTHERWISE if any(statements.stating(title, Known())) else _MARKED.sub(r"\\\1", title)


def _shown(name: str) -> str:
    """The name in the book of a file of the template."""
    return f".{name.removeprefix(_HIDDEN)}" if name.startswith(_HIDDEN) else name


def _filled(text: str, values: dict[str, str]) -> str:
    # At once, so that a title may name a place of the template.
    return re.sub(rf"\{{({'|'.join(values)})\}}(?!`)", lambda found: values[found[1]], text)
