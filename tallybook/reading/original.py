"""What is taken from a document: its text, in which pages, headings and tables are marked.

A page begins behind a form feed, which is white space to whoever reads the text, and no number. A
heading has the signs of Markdown before it, and a row of a table a bar around each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tallybook.errors import DocumentRefused

PAGE = "\f"
SOFT_HYPHEN = "\xad"  # where a word may be broken, and is not
_DEEPEST = 6
# What printing joins for its looks; superscript digits stay, for "10²" is no 102.
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_POWERS = {"2": "²", "3": "³"}
_LENGTH = re.compile(r"(?<![^\W\d_])[kcdm]?m$")
MARK = re.compile(r"\d{1,3}|[*†‡]+")  # of a footnote, where it is raised
_NEVER_SEEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b\u2060\ufeff]")


@dataclass(frozen=True)
class Original:
    """A document as it was read: its text, and what it says of itself ("" where it does not).

    `published` is an EDTF date; `notes` are sentences for who takes the document in.
    """

    text: str
    title: str = ""
    publisher: str = ""
    published: str = ""
    address: str = ""
    notes: tuple[str, ...] = ()


def heading(level: int, words: str) -> str:
    r"""A heading as a line of a text.

    >>> heading(2, " Repairs\n in towns ")
    '## Repairs in towns'
    """
    return f"{'#' * min(max(level, 1), _DEEPEST)} {' '.join(words.split())}"


def row(cells: Iterable[str]) -> str:
    """A row of a table as a line of a text.

    >>> row(["2023", " 11,250 "])
    '| 2023 | 11,250 |'
    """
    return f"| {' | '.join(' '.join(cell.split()) for cell in cells)} |"


def footnote(mark: str) -> str:
    """The mark of a footnote, apart from the number that it may stand behind.

    >>> "11,250" + footnote("1")
    '11,250[^1]'
    """
    return f"[^{mark}]"


def raised(mark: str, before: str) -> str:
    """What stands small and raised behind some words: the mark of a footnote, or an area's power.

    >>> raised("2", "9 towns"), raised("2", "9 km")
    ('[^2]', '²')
    """
    is_power = mark in _POWERS and _LENGTH.search(before)
    return _POWERS[mark] if is_power else footnote(mark)


def cleaned(text: str) -> str:
    r"""A text without ligatures and without characters that nobody sees.

    >>> cleaned("of\ufb01ces")
    'offices'
    """
    return _NEVER_SEEN.sub("", text.translate(_LIGATURES))


def has_words(text: str) -> bool:
    """Whether a text says anything.

    >>> has_words("12 … |"), has_words("12 kettles")
    (False, True)
    """
    return bool(re.search(r"[^\W\d_]{2}", text))


def missing_library(name: str, library: str) -> DocumentRefused:
    """What is said where the library that reads a document is not installed.

    >>> print(missing_library("report.pdf", "pypdf"))
    report.pdf is read by pypdf, which is not installed: pip install 'tallybook[documents]'
    """
    return DocumentRefused(
        f"{name} is read by {library}, which is not installed: pip install 'tallybook[documents]'"
    )
