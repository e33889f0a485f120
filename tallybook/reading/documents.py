"""A document of any kind that is read, to its text: PDF, HTML, DOCX, Markdown or plain text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tallybook.errors import DocumentRefused, refused
from tallybook.reading.original import Original, has_words

LARGEST = 100_000_000  # bytes; a larger file is not even read
LONGEST = 16_000_000  # bytes of text, as many as the check of a book reads
_KINDS = {
    ".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html", ".docx": "docx",
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text",
}  # fmt: skip
_FIRST_HEADING = re.compile(r"^(?:#{1,6} +(.+?) *#*|(.+)\n=+ *)$", re.MULTILINE)


def expect(path: Path) -> None:
    """Refuse what is no document that can be read, before it is. Raises DocumentRefused.

    >>> expect(Path("tests/books/kettles/documents/report.txt"))
    >>> expect(Path("tests/books/kettles"))
    Traceback (most recent call last):
    tallybook.errors.DocumentRefused: tests/books/kettles is a folder; name a document in it
    """
    if re.match(r"https?:/", str(path)):
        raise DocumentRefused(
            f"{str(path).replace(':/', '://', 1)} is an address, and nothing is fetched from the "
            "web: save the document, add its file, and name the address with --address"
        )
    try:
        if not path.is_file():
            raise DocumentRefused(
                f"{path} is a folder; name a document in it" if path.is_dir()
                else f"there is no document {path}"
            )  # fmt: skip
        size = path.stat().st_size
    except OSError as error:
        raise DocumentRefused(refused(error)) from None
    _kind(path)
    if size == 0:
        raise DocumentRefused(f"{path} is empty: nothing was saved in it")
    if size > LARGEST:
        raise DocumentRefused(
            f"{path} has {size // 10**6:,} MB, and {LARGEST // 10**6} MB is the most that is "
            "read; take the part of it that your book is about"
        )


def content(path: Path) -> bytes:
    """What is in a file, which is none of another kind and not too large. Raises DocumentRefused.

    >>> content(Path("tests/books/kettles/documents/report.txt"))[:15]
    b'# Annual report'
    """
    expect(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise DocumentRefused(refused(error)) from None


def read(path: Path, raw: bytes) -> Original:
    """What a document of this name says. Raises DocumentRefused.

    >>> report = Path("tests/books/kettles/documents/report.txt")
    >>> read(report, content(report)).title
    'Annual report of the Kettle Company'
    """
    found = _READERS[_kind(path)](path.name, raw)
    if not has_words(found.text):
        raise DocumentRefused(f"{path.name} has no text; add a document that has")
    if (size := len(found.text.encode())) > LONGEST:
        raise DocumentRefused(
            f"{path.name} has {size // 10**6} MB of text, and {LONGEST // 10**6} MB is the most "
            "that is checked; take the part of it that your book is about"
        )
    return found


def _kind(path: Path) -> str:
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        raise DocumentRefused(
            f"{path.name} is of no kind that is read, which are PDF, HTML, DOCX, Markdown (.md) "
            "and text (.txt): save it as one of these"
        )
    return kind


def _plain(name: str, raw: bytes) -> Original:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentRefused(
            f"{name} is not UTF-8 at byte {error.start}; save it as UTF-8"
        ) from None
    if "\0" in text:
        raise DocumentRefused(f"{name} is no text; give it the ending of what it is")
    first = _FIRST_HEADING.search(text)
    title = next(filter(None, first.groups())) if first else text.strip().partition("\n")[0]
    return Original(text, title=title)


def _pdf(name: str, raw: bytes) -> Original:
    from tallybook.reading import pdf  # noqa: PLC0415

    return pdf.read(name, raw)


def _html(name: str, raw: bytes) -> Original:
    from tallybook.reading import web  # noqa: PLC0415

    return web.read(name, raw)


def _docx(name: str, raw: bytes) -> Original:
    from tallybook.reading import word  # noqa: PLC0415

    return word.read(name, raw)


_READERS: dict[str, Callable[[str, bytes], Original]] = {
    "pdf": _pdf, "html": _html, "docx": _docx, "markdown": _plain, "text": _plain,
}  # fmt: skip
