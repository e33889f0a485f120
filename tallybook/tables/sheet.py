"""The columns of a data frame beside the ledger, and the table that both make.

A frame of `ledger.frame` keeps its ids through whatever pandas does with it. Its rows are compared
with the ledger, and shown in the ledger's words, each with its reference. A cell that is an id is
that figure. Texts of the author's stand as they are, without numerals; numbers of no record need a
reason, which stands below the table.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from tallybook.errors import BadOutput, UnknownId, nearest
from tallybook.ledger import frames
from tallybook.ledger.figures import bounds
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.reading.numerals import has_numeral
from tallybook.reading.periods import NO_PERIOD, parse
from tallybook.reading.statements import stating
from tallybook.tables.table import (
    WORDED,
    Cell,
    Piece,
    Table,
    figure_piece,
    from_ledger,
    given_reference,
    source_piece,
)

_LONGEST = 1000  # characters of a cell
_MOST_TOLD = 8  # faults
_DIGITS = 6  # significant ones of a number that is no figure
_EMPTY = "–"
_HEADS = {
    "id": "Figure", "label": "What", "words": "Figure", "value": "Figure", "low": "Lowest",
    "high": "Highest", "party": "Who says so", "to": "To", "to_label": "To",
}  # fmt: skip
# What is shown of a whole row, of which an author selected nothing.
_OF_FIGURES = ("label", "words", "party", "period", "scope")
_OF_LINKS = ("label", "relation", "to_label", "basis")
_WHOLE = {"words", "value", "start"}, {"to", "relation", "basis"}
_TOLD_BY = {"value": ("words",), "id": ("words", "value", "to_label"), "to": ("to_label",)}
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLAIN = re.compile(r"[a-z0-9_]+")  # a name as code has it
_KINDS = {
    "period": "periods", "label": "label", "scope": "scope", "words": "words", "interval": "level",
    "unit": "unit",
}  # fmt: skip
_OTHERWISE = (
    "keep the column id of ledger.frame(...), pivot with values='id', tallybook.publish what you "
    "computed and take it from ledger.frame(ids=[...]), or say where the numbers are from: "
    "tables.frame(frame, because='…')"
)
_CITE = "cite the figure with tallybook.worded, or say where it is from: because='…'"

Record = dict[str, Any]  # of a row, by the names of its columns; None where there is nothing


@dataclass
class Sheet:
    """Columns by their names, and what the ledger has of them.

    A merge may have put several figures into a row: `id_x` and `words_x` are of one, `id_y` and
    `words_y` of another. A column is of the ledger by its name, or because all its cells are as a
    figure of their row has them.
    """

    ledger: Ledger
    columns: Mapping[str, Sequence[Any]]
    because: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    given: list[dict[str, str]] = field(default_factory=list)
    _known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def table(self, columns: Sequence[str] | Mapping[str, str] | None) -> Table:
        """The table. Raises BadOutput with all that is wrong, and UnknownId."""
        if typed := self._typed_in(self.because):
            raise BadOutput(f"the reason types the numeral {typed!r}: say it without")
        shown = [*self._shown(columns)]
        for record in self._records:
            for suffix in self._suffixes:
                self.faults |= {fault: fault for fault in self._changes(record, suffix)}
        self._refuse_halves(shown)
        self._raise()
        heads = columns if isinstance(columns, Mapping) else {}
        titles = [self._head(name, heads.get(name, "")) for name in shown]
        rows = [[self._cell(record, name) for name in shown] for record in self._records]
        self._raise()
        if self.because and not self.given:
            raise BadOutput("because= is for numbers that are no figures, and there are none here")
        texts = [each["text"] for each in self.given]
        for place, piece in enumerate(self.given):
            piece["of"] = str(given_reference(self.because, texts, place))
        note = "" if rows else "Nothing fits what was asked for."
        if self.because:
            note = f"Numbers without a link are of no document of this book: {self.because}"
        return Table(titles or ["What"], rows, note=note, because=self.because)

    def _raise(self) -> None:
        told = [*self.faults.values()]
        more = [f"and {len(told) - _MOST_TOLD} more"] if len(told) > _MOST_TOLD else []
        if told:
            lines = "".join(f"\n- {each}" for each in [*told[:_MOST_TOLD], *more])
            raise BadOutput(f"the table is not shown:{lines}")

    # Which column is what

    @cached_property
    def _records(self) -> list[Record]:
        rows = zip(*self.columns.values(), strict=True)
        return [dict(zip(self.columns, row, strict=True)) for row in rows]

    @cached_property
    def _suffixes(self) -> dict[str, str]:
        """The columns of ids, each by what a merge put behind its name."""
        named = [name for name in self.columns if name == "id" or name.startswith("id_")]
        return {
            name[2:]: name
            for name in named
            if any(map(self._is_id, self.columns[name])) or (name == "id" and not self.because)
        }

    @cached_property
    def _of(self) -> dict[str, tuple[str, str]]:
        """What each column is of the ledger's, with its suffix: ("words", "_x")."""
        found: dict[str, tuple[str, str]] = {}
        for suffix in sorted(self._suffixes, key=len):
            for name in self.columns:
                base = name.removesuffix(suffix)
                if name.endswith(suffix) and base in (*frames.COLUMNS, *frames.LINKS):
                    found[name] = base, suffix
        others = (name for name in self.columns if name not in found)
        return found | {name: of for name in others if (of := self._renamed(name))}

    def _renamed(self, name: str) -> tuple[str, str] | None:
        """What a column with numbers is that has another name."""
        cells = [(record, record[name]) for record in self._records if record[name] is not None]
        if not any(_is_number(cell) or has_numeral(str(cell)) for _, cell in cells):
            return None
        for suffix, ids in self._suffixes.items():
            for base in frames.COLUMNS[1:]:
                known = [self._row(record[ids]).get(base) for record, _ in cells]
                pairs = zip(known, cells, strict=True)
                if all(v is not None and frames.is_same(c, v, base) for v, (_, c) in pairs):
                    return base, suffix
        return None

    def _shown(self, columns: Iterable[str] | None) -> Iterator[str]:
        """The names of the columns to show, each figure once."""
        wanted = self._first() if columns is None else [*columns]
        for name in wanted:
            if name not in self.columns:
                raise BadOutput(f"the frame has no column {name!r}.{nearest(name, self.columns)}")
        told = {self._of[name] for name in wanted if name in self._of}
        for name in wanted:
            base, suffix = self._of.get(name, ("", ""))
            if not any((other, suffix) in told for other in _TOLD_BY.get(base, ())):
                yield name

    def _first(self) -> list[str]:
        wanted = [*self.columns]
        for suffix in self._suffixes:
            names = {base: name for name, (base, end) in self._of.items() if end == suffix}
            for whole, few in zip(_WHOLE, (_OF_FIGURES, _OF_LINKS), strict=True):
                if whole <= names.keys():
                    others = [name for name in wanted if name not in names.values()]
                    wanted = [*(names[base] for base in few if base in names), *others]
        return wanted

    def _refuse_halves(self, shown: Sequence[str]) -> None:
        """Refuse one end of a range or an interval that stands without the other and the words."""
        for suffix, ids in self._suffixes.items():
            of_suffix = (of for name in shown if (of := self._of.get(name)) and of[1] == suffix)
            bases = {base for base, _ in of_suffix}
            if len(bases & {"low", "high"}) != 1 or bases & {"id", "words", "value"}:
                continue
            for wanted in (record[ids] for record in self._records):
                if interval := self._row(wanted).get("interval"):
                    self.faults[f"half of {wanted}"] = (
                        f"one end of {wanted!r} stands alone, and is half of its {interval}: show "
                        "words, or low and high"
                    )

    # What the ledger has

    @property
    def _original(self) -> Ledger:
        """The ledger that does not note what it is asked, for texts that may be ids."""
        return getattr(self.ledger, "original", self.ledger)

    def _is_id(self, value: Any) -> bool:
        if not isinstance(value, str) or not _ID.fullmatch(value):
            return False
        ledger = self._original
        known = (ledger.statistics, ledger.events, ledger.items)
        return any(value in each for each in known) or ledger.derived(value) is not None

    def _row(self, wanted: Any) -> dict[str, Any]:
        """What the ledger says of a figure or an event; nothing of what is neither."""
        if wanted not in self._known:
            is_one = self._is_id(wanted) and wanted not in self._original.items
            self._known[wanted] = dict(frames.row(self.ledger, wanted)) if is_one else {}
        return self._known[wanted]

    def _changes(self, record: Record, suffix: str) -> Iterator[str]:
        wanted = record[self._suffixes[suffix]]
        if wanted is None:
            return
        own = {base: record[name] for name, (base, end) in self._of.items() if end == suffix}
        own["id"] = str(wanted)
        try:
            if {"to", "relation"} <= own.keys():
                yield from frames.changes_of_link(own, self.ledger)
            elif not self._is_id(wanted):
                self.ledger.figure(str(wanted))
            elif known := self._row(wanted):
                yield from frames.changes(own, known)
        except UnknownId as error:
            yield f"{error} (If its column id is of something else, it needs another name.)"

    # Heads

    def _head(self, name: str, wanted: str) -> Piece:
        base, suffix = self._of.get(name, ("", ""))
        if name == f"{base}{suffix}":
            end = f", {suffix.strip('_ ')}" if suffix else ""
            own = f"{_HEADS.get(base, base.capitalize())}{end}"
        else:
            own = ", ".join(_HEADS.get(part, part) for part in name.split(", "))
            own = own.replace("_", " ").capitalize() if _PLAIN.fullmatch(own) else own
        text = wanted or own
        if not self._typed_in(text):
            return text
        for value in filter(self._is_id, _flat(self.columns[name])):
            for part in ("period", "scope", "label"):
                if self._row(value).get(part) == text:
                    return self._part(value, part)
        return self._own(text, f"the head {text!r}", "name the column without, columns={…: '…'}")

    # Cells

    def _cell(self, record: Record, name: str) -> Cell:
        value = record[name]
        base, suffix = self._of.get(name, ("", ""))
        wanted = record[self._suffixes[suffix]] if base else None
        if isinstance(value, list):
            return [self._line(each, record, name) for each in value] or _EMPTY
        if base in ("start", "end"):
            self.faults[name] = f"{name!r} has dates for axes, which no text has: show period"
        elif base == "source" and wanted:
            return [[source_piece(self.ledger, each)] for each in self._sources(wanted)]
        elif base == "label" and wanted and value == self._label(wanted):
            return self._named(wanted)
        elif base in ("to", "to_label") and record.get(f"to{suffix}"):
            return self._named(record[f"to{suffix}"])
        elif base == "id" or (base not in ("", "label") and self._row(wanted)):
            return self._piece(wanted, base) if wanted else _EMPTY
        else:
            line = self._line(value, record, name)
            return line[0] if len(line) == 1 else [line]
        return _EMPTY

    def _sources(self, wanted: str) -> list[str]:
        if wanted in self._original.items:
            cited = self.ledger.item(wanted).cited
            return [*dict.fromkeys(passage.source for passage in cited)]
        return frames.sources(self.ledger, wanted)

    def _label(self, wanted: str) -> str:
        items = self._original.items
        return items[wanted].label if wanted in items else str(self._row(wanted).get("label"))

    def _named(self, wanted: str) -> Piece:
        """An item or an event by its label, which is linked, or the label of a figure."""
        if wanted in self._original.items:
            return {"item": wanted, "text": self.ledger.item(wanted).label}
        if wanted in self._original.events:
            return {"event": wanted, "text": self.ledger.event(wanted).label}
        return self._part(wanted, "label")

    def _piece(self, wanted: str, base: str) -> Piece:
        """What the ledger has of a figure, an event or an item in one of its columns."""
        is_figure = bool(self._row(wanted)) and wanted not in self._original.events
        if base in ("id", "words", "value"):
            if is_figure:
                return figure_piece(self.ledger.figure(wanted))
            return self._part(wanted, "period") if self._row(wanted) else self._named(wanted)
        if base in ("low", "high"):
            if not is_figure:
                return _EMPTY
            text = bounds(self.ledger.figure(wanted))[base == "high"]
            return from_ledger(Reference(base, wanted), text)
        if base == "measure" and self._row(wanted)[base]:
            return self.ledger.measure(self._row(wanted)[base]).label
        return self._part(wanted, base)

    def _part(self, wanted: str, base: str) -> Piece:
        text = self._row(wanted)[base] or _EMPTY
        if text == NO_PERIOD:
            return _EMPTY
        return from_ledger(Reference(_KINDS[base], wanted), text) if base in _KINDS else text

    def _line(self, value: Any, record: Record, name: str) -> list[Piece]:
        """A cell of the author's as pieces: an id, a text, or what is of no record."""
        if value is None:
            return [_EMPTY]
        if self._is_id(value):
            return [self._piece(value, "id")]
        if value in WORDED:
            return WORDED[value]
        # Such as the index of a pivot, or a label that is a period.
        for each in _flat(record.values()) if self._typed_in(str(value)) else ():
            for base in ("label", "period", "scope"):
                if self._row(each).get(base) == value:
                    return [self._part(each, base)]
        if isinstance(value, str) and len(value) > _LONGEST:
            self.faults[name] = (
                f"a cell of {name!r} has {len(value):,} characters, and a table takes "
                f"{_LONGEST:,}: write it in a Markdown cell"
            )
        return [self._own(value, repr(name), _CITE if self._suffixes else _OTHERWISE)]

    def _own(self, value: Any, place: str, instead: str) -> Piece:
        text = _text(value)
        typed = text if _is_number(value) else self._typed_in(text)
        if not typed:
            return text or _EMPTY
        if self.because:
            self.given.append({"of": "", "text": text})
            return self.given[-1]
        if _is_number(value):
            found = f"{place} has numbers of no figure, such as {text}: {_OTHERWISE}"
        else:
            found = f"{place} types {typed!r} in {text[:80]!r}: {instead}"
        self.faults.setdefault(place, found)
        return text

    def _typed_in(self, text: str) -> str:
        """The first numeral of a text that states something; "" if there is none."""
        found = next(stating(text, self.ledger.known), None)
        return text[found.start : found.end] if found else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, numbers.Number) and not isinstance(value, bool)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """A value that is of no record, as a text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return str(parse(value.isoformat()))
    if isinstance(value, str):
        return " ".join(value.split())
    if value == int(value):
        return f"{int(value):,}"
    decimals = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))
    return f"{float(value):,.{decimals}f}".rstrip("0").rstrip(".")
