"""References: what a text of the site stands for, such as "words:recalls-2017".

Whatever the package takes from a record is written into an element with `data-of` (or a piece of a
table with "of") and its reference. The audit of the site reads it back, and compares the text with
what the ledger has there.
"""

from __future__ import annotations

from dataclasses import dataclass

from tallybook.errors import BadReference, nearest
from tallybook.ledger.fields import id_mistake, shown

# The kinds of what belongs to a figure, an event, a source or another record.
_OF_A_RECORD = (
    "words label scope period periods published condition compared interval level unit kind low "
    "high rounding listed source item event missing id described address cite bibtex renamed named "
    "beside said linked embed"
).split()
# How a reference of each kind is written. Those without an id are of the book or of a drawing.
KINDS = {
    **{kind: f"{kind}:{{id}}" for kind in _OF_A_RECORD},
    # of one of its citations, of another figure beside it, or of the dismissals for a reason
    "printed": "printed:{id}:{place}",
    "page": "page:{id}:{place}",
    "run": "run:{field}:{id}:{place}",
    "there": "there:{field}:{id}:{other}",
    # of a figure of a series: its change since another one
    "since": "since:{id}:{other}",
    # of one of its changes: what a field was and what it became, and the day
    "was": "was:{field}:{id}:{place}",
    "became": "became:{field}:{id}:{place}",
    "changed": "changed:{id}:{place}",
    "dismissed": "dismissed:{id}:{field}",
    # counts: of what a word names ("measures"), or of what belongs to a record
    "count": "count:{field}",
    "count:citing": "count:citing:{id}",
    "count:dismissed": "count:dismissed:{id}:{field}",
    "count:audited": "count:audited:{id}:{field}",
    "count:more-places": "count:more-places:{id}",
    "count:more-inputs": "count:more-inputs:{id}",
    # of the book
    "title": "title:",
    "book": "book:",
    "colophon": "colophon:",
    "cite-book": "cite-book:",
    "bibtex-book": "bibtex-book:",
    "linked-book": "linked-book:",
    "made-of": "made-of:",
    # what Sphinx sets: a number of a footnote, heading, figure, …; entries of .bib files by number
    "mark": "mark:{field}",
    "entry": "entry:{place}",
    "cited": "cited:{place}",
    "key": "key:{place}",
    # what no record states, and an author gives a reason for: of a table, by its digest
    "given": "given:{field}:{place}",
    # of an axis of a drawing
    "ticks": "ticks",
}
_LONGEST_PLACE = 8  # digits; int() of a text with thousands of them takes seconds


@dataclass(frozen=True)
class Reference:
    """What a text stands for: a kind of `KINDS`, and what the kind needs.

    `id` is of a record or a derived figure, `place` the number of one of its citations from 0,
    `other` the id of a second figure. `field` is the name of a field, what is counted, or the
    reason for which numerals are dismissed. `str` gives the reference as it stands in the site.

    Raises BadReference where a part is missing, is not the kind's, or cannot be what it has to be.

    >>> str(Reference("printed", "recalls-2017", place=0))
    'printed:recalls-2017:0'
    """

    kind: str
    id: str = ""
    place: int | None = None
    field: str = ""
    other: str = ""

    def __post_init__(self) -> None:
        if mistake := self._mistake():
            raise BadReference(f"a reference of kind {shown(self.kind)}: {mistake}")

    def __str__(self) -> str:
        """The reference as the site has it."""
        return KINDS[self.kind].format(
            id=self.id, place=self.place, field=self.field, other=self.other
        )

    @classmethod
    def parse(cls, text: str) -> Reference:
        """The reference that a text of the site is, so that `str` gives the same text again.

        Raises BadReference for any other text. Whether the ledger has the id is not asked.

        >>> Reference.parse("run:period:recalls-2017:0")
        Reference(kind='run', id='recalls-2017', place=0, field='period', other='')
        >>> Reference.parse("run:x")
        Traceback (most recent call last):
        ...
        tallybook.errors.BadReference: 'run:x' is no reference: expected run:{field}:{id}:{place}
        """
        given = text.split(":")
        # "count:dismissed" counts what a word names, and "count:dismissed:…" is a kind of its own.
        longer = ":".join(given[:2])
        kind = longer if longer in KINDS and len(given) > 2 else given[0]
        if kind not in KINDS:
            hint = nearest(kind, KINDS)
            raise BadReference(f"{shown(text)} is no reference: no kind {shown(kind)}.{hint}")
        form = KINDS[kind].split(":")
        parts = {name: part for name, part in zip(form, given, strict=False) if name != part}
        if len(form) != len(given) or not all(name.startswith("{") for name in parts):
            raise BadReference(f"{shown(text)} is no reference: expected {KINDS[kind]}")
        place = parts.pop("{place}", None)
        number = None if place is None else _number(place, text)
        return cls(kind, place=number, **{name.strip("{}"): part for name, part in parts.items()})

    def _mistake(self) -> str:
        """What is wrong with its parts; or ""."""
        form = KINDS.get(self.kind)
        if form is None:
            return "there is no such kind"
        given = {"id": self.id, "place": self.place, "field": self.field, "other": self.other}
        for name, part in given.items():
            is_given = part not in ("", None)
            if is_given != (f"{{{name}}}" in form):
                found = f"found {name} {shown(str(part))}" if is_given else f"found no {name}"
                return f"expected {form}, {found}"
            if is_given and name in ("id", "other") and (mistake := id_mistake(str(part))):
                return mistake
        if self.place is not None and not 0 <= self.place < 10**_LONGEST_PLACE:
            return f"expected a place from 0, of at most {_LONGEST_PLACE} digits"
        if ":" in self.field:
            return f"expected {form} with a field that has no colon, found {shown(self.field)}"
        return ""


def _number(text: str, reference: str) -> int:
    """The number of a citation; one that `str` would write otherwise, such as "01", is none."""
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_PLACE and str(int(text)) == text:
        return int(text)
    expected = "expected the number of a citation, counted from 0"
    raise BadReference(f"{shown(reference)} is no reference: {expected}; found {shown(text)}")
