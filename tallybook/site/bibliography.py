"""The entries of a book's .bib files, each with its number in their order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment


def read(root: Path, names: Iterable[str], encoding: str = "utf-8-sig") -> dict[str, Any]:
    """Return the entries of .bib files by their keys; a file that cannot be read has none.

    >>> read(Path("nowhere"), ["references.bib"])
    {}
    """
    found: dict[str, Any] = {}
    for name in names:
        try:
            typed = (root / name).read_text(encoding=encoding)
        except (OSError, UnicodeError):  # of which the build tells
            continue
        for key, entry in _entries(typed).items():
            found.setdefault(key, entry)
    return found


@lru_cache(maxsize=20)  # files, which each page asks for
def _entries(typed: str) -> dict[str, Any]:
    from pybtex.database import parse_string  # noqa: PLC0415  # most books have no bibliography
    from pybtex.exceptions import PybtexError  # noqa: PLC0415

    try:
        data: Any = parse_string(typed, bib_format="bibtex")
    except PybtexError:  # of which the build tells too
        return {}
    return dict(data.entries.items())


def text(entry: Any) -> str:
    """Return all that the fields of an entry say, its persons included, as LaTeX has it and plain.

    >>> from pybtex.database import Entry
    >>> text(Entry("article", {"pages": "12--34"}))
    '12--34 12–34'
    """
    from pybtex.richtext import Text  # noqa: PLC0415

    persons = [str(each) for those in entry.persons.values() for each in those]
    typed = " ".join([*entry.fields.values(), *persons])
    return f"{typed} {Text.from_latex(typed)}" if typed else ""


def year(entry: Any) -> str:
    """Return the year of an entry, or ""."""
    found = re.search(r"\d{4}", str(entry.fields.get("year") or entry.fields.get("date") or ""))
    return found[0] if found else ""


def numbers(env: BuildEnvironment) -> dict[str, int]:
    """Return the number of each entry of a book, from 0, by its key."""
    names = getattr(env.config, "bibtex_bibfiles", None) or ()
    encoding = getattr(env.config, "bibtex_encoding", "utf-8-sig")
    known = read(Path(env.srcdir), names, encoding) if names else {}
    return {key: number for number, key in enumerate(known)}
