"""What an audit found: how many numerals of which sort, of how many figures, and what is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tallybook.errors import counted

# What each kind of reference is, for the account; those that are not named here are of figures.
SORT_OF = {
    **dict.fromkeys(("period", "periods", "published", "compared"), "times"),
    **dict.fromkeys(("source", "item", "event", "missing", "dismissed"), "sources"),
    **dict.fromkeys(("book", "colophon", "cite-book", "bibtex-book", "door"), "citations"),
    **dict.fromkeys(("cite", "bibtex", "address"), "citations"),
    **dict.fromkeys(("count", "id"), "structure"),
    "code": "code",
}
_CALLED = {
    "times": "in dates and periods",
    "sources": "in names of sources and items, and runs of documents",
    "citations": "in citations and titles",
    "structure": "counts and ids",
    "ticks": "at axes",
    "code": "in code",
}
SORTS = ("figures", *_CALLED)


@dataclass(frozen=True, order=True)
class Fault:
    """A numeral that no record accounts for, or a text that is not what it claims to be."""

    path: str
    line: int
    what: str
    column: int = 0

    def __str__(self) -> str:
        """The place, and what stands there."""
        column = f":{self.column}" if self.column else ""
        return f"{self.path}:{self.line}{column}: {self.what}"


@dataclass
class Account:
    """What an audit found: numerals by sort, the figures that they are of, and what is wrong.

    `faults` are of numerals; `wording` is of the words beside figures, which heuristics look at.
    """

    numerals: Counter[str] = field(default_factory=Counter)
    figures: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    wording: list[Fault] = field(default_factory=list)
    pages: int = 0
    files: int = 0

    @property
    def total(self) -> int:
        """How many numerals there are, with those that nothing accounts for."""
        return sum(self.numerals.values())


def in_words(account: Account) -> str:
    """An account in lines: how many numerals there are, and what each sort of them is."""
    accounted = account.numerals
    lines = [
        f"{account.total:,} numerals on {counted(account.pages, 'page')}: "
        f"{accounted['figures']:,} of {len(account.figures):,} figures, "
        + ", ".join(f"{accounted[sort]:,} {_CALLED[sort]}" for sort in SORTS if sort in _CALLED)
    ]
    wrong = [*account.faults, *account.wording]
    beside = f"Each comes from the ledger, also in {counted(account.files, 'file')} beside them."
    lines.append(f"{counted(len(wrong), 'fault')}." if wrong else beside)
    return "\n".join(lines)
