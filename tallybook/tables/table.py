"""Tables as notebooks show them, and texts that cite the ledger.

A cell keeps the ids of what it shows. A notebook stores the table as data of its own mime type,
from which a page makes links and references, and as HTML and text for JupyterLab and GitHub.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from tallybook.errors import BadOutput, UnknownId
from tallybook.ledger import figures, phrases
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Mention
from tallybook.ledger.references import Reference
from tallybook.reading.numerals import has_numeral
from tallybook.reading.periods import NO_PERIOD
from tallybook.reading.statements import stating

# The mime types of what notebooks store. JupyterLab draws charts by its own type for Vega-Lite.
TABLE = "application/vnd.tallybook.table+json"
DERIVED = "application/vnd.tallybook.derived+json"
CHART = "application/vnd.vegalite.v6+json"
PICTURE = "application/vnd.tallybook.picture+json"  # beside the picture itself

Piece = str | dict[str, str]  # text, or what it names or is of, with its text
Lines = list[list[Piece]]
Cell = Piece | Lines

CITED = re.compile(r"\{([^{}]*)\}")
# Spreadsheets take a text for a formula, and execute it, also behind white space and with the wide
# signs of East Asian scripts.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True)
class Table:
    """A table of a notebook, whose cells keep the ids of what they show.

    A cell is a piece, or lines of pieces. A piece is text, or names what it shows:
    {"figure": id, "text": words}, or says where in the ledger its text is from:
    {"of": "period:recalls-2017", "text": "2017"}. `anchors` has for each row the target of
    references that it is, such as "figure-recalls-2017", or "". `note` stands below, `title` above.
    `inside` has for each row a table that opens beneath it, or None. A table that is `folded` is
    closed on its page, and this text opens it. `because` says where its numbers are from that are
    of no record; `note` repeats it.

    >>> print(Table(("What", "Figure"), [["recalls", {"figure": "recalls-2017", "text": "1,606"}]]))
    What | Figure
    recalls | 1,606
    """

    columns: Sequence[Piece]
    rows: Sequence[Sequence[Cell]]
    anchors: Sequence[str] = ()
    note: str = ""
    is_sortable: bool = False
    title: str = ""
    inside: Sequence[Table | None] = ()
    folded: str = ""
    because: str = ""

    def fold(self, name: str) -> Table:
        """The same table, closed on its page; `name` says what opens.

        >>> Table(("What",), [["recalls"]]).fold("All of them").folded
        'All of them'
        """
        return replace(self, folded=name)

    def __str__(self) -> str:
        lines = [" | ".join(row) for row in [self._heads(), *self._texts()]]
        return "\n".join(each for each in (str(self.title), *lines, self.note) if each)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {TABLE: self.as_data(), "text/html": self._html(), "text/plain": str(self)}

    def as_data(self) -> dict[str, Any]:
        """The table as a notebook stores it."""
        data: dict[str, Any] = {
            "columns": list(self.columns),
            "rows": [[_as_data(cell) for cell in row] for row in self.rows],
            "anchors": list(self.anchors),
            "note": self.note,
            "sortable": self.is_sortable,
        }
        if self.title:
            pieces = self.title.pieces if isinstance(self.title, Worded) else [self.title]
            data["title"] = [piece(each) for each in pieces]
        if self.inside:
            data["inside"] = [each and each.as_data() for each in self.inside]
        if self.folded:
            data["folded"] = self.folded
        if self.because:
            data["because"] = self.because
        return data

    def _heads(self) -> list[str]:
        return [piece(column)["text"] for column in self.columns]

    def _texts(self) -> list[list[str]]:
        return [[_text(_as_data(cell)) for cell in row] for row in self.rows]

    def _html(self) -> str:
        def line(tag: str, cells: Sequence[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(line("td", row) for row in self._texts())
        note = f"<p>{escape(self.note)}</p>" if self.note else ""
        title = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        head = f"<thead>{line('th', self._heads())}</thead>"
        return f"<table>{title}{head}<tbody>{body}</tbody></table>{note}"


@dataclass(frozen=True)
class Tables:
    """Tables that one cell of a notebook shows, one after the other."""

    tables: Sequence[Table]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self.tables))

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        html = "".join(each._html() for each in self.tables)
        data = {"tables": [each.as_data() for each in self.tables]}
        return {TABLE: data, "text/html": html, "text/plain": str(self)}


def from_ledger(of: Reference, text: str) -> Piece:
    """A text of the ledger, with the reference that it comes from where it holds a numeral.

    >>> from_ledger(Reference("period", "recalls-2017"), "2017")
    {'of': 'period:recalls-2017', 'text': '2017'}
    >>> from_ledger(Reference("scope", "recalls-2017"), "the shops")
    'the shops'
    """
    return {"of": str(of), "text": text} if has_numeral(text) else text


def from_figure(figure: Figure, name: str) -> Piece:
    """A field of a figure, "label", "period" or "scope", as a piece of a table; "" if not stated.

    >>> import tallybook
    >>> from_figure(tallybook.load("tests/books/kettles").figure("repair-plants"), "period")
    ''
    """
    text = getattr(figure, name)
    return "" if text == NO_PERIOD else from_ledger(Reference(name, figure.id), text)


def about(figure: Figure) -> list[Piece]:
    """The period and scope of a figure as pieces of one line, without what is not stated."""
    stated = [each for each in (from_figure(figure, n) for n in ("period", "scope")) if each]
    return [stated[0], "; ", stated[1]] if len(stated) == 2 else stated


def figure_piece(figure: Figure) -> Piece:
    """The words of a figure, by which a page links the figure."""
    return {"figure": figure.id, "text": figure.words}


def source_piece(ledger: Ledger, wanted: str) -> Piece:
    """What tables call a source, with its id, by which a page links it."""
    source = ledger.sources[wanted]
    return {"source": wanted, "text": source.short or source.title}


def sources_of(ledger: Ledger, cited: Iterable[Mention]) -> Lines:
    """The sources of some citations, a line for each."""
    return [[source_piece(ledger, name)] for name in dict.fromkeys(each.source for each in cited)]


def _as_data(cell: Cell) -> dict[str, Any]:
    if isinstance(cell, list):
        return {"lines": [[piece(each) for each in line] for line in cell]}
    return piece(cell)


def piece(shown: Piece) -> dict[str, str]:
    """A piece as a notebook stores it.

    >>> piece("recalls")
    {'text': 'recalls'}
    """
    return shown if isinstance(shown, dict) else {"text": shown}


def _text(cell: dict[str, Any]) -> str:
    lines = cell.get("lines", [[cell]])
    return "; ".join("".join(each["text"] for each in line) for line in lines)


# The pieces of every text that `worded` made: a chart keeps the text alone.
WORDED: dict[str, list[Piece]] = {}


class Worded(str):
    """A text that knows which of its pieces were typed, and which come from the ledger."""

    __slots__ = ("pieces",)
    pieces: list[Piece]


def worded(ledger: Ledger, text: str) -> Worded:
    """A text with figures of the ledger, for the title of a chart or the label of its row.

    "{recalls-2017}" stands for a figure's words, "{period:recalls-2017}" for a period or date,
    "{scope:recalls-2017}", "{condition:…}" and "{label:…}" for what else its record says, and
    "{count:asks}" for a count. Raises UnknownId for what the ledger does not have, BadOutput for a
    numeral that is typed.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> tallybook.worded(ledger, "The company recalled {kettles-recalled-2017} kettles")
    'The company recalled 240,000 kettles'
    """
    ways = _ways(ledger)
    pieces: list[Piece] = []
    for number, part in enumerate(CITED.split(text)):
        if number % 2 == 0:
            if any(stating(part, ledger.known)):
                raise BadOutput(f"{part!r} types a numeral: cite its figure, such as {{its-id}}")
            pieces += [part] if part else []
            continue
        kind, _, wanted = part.rpartition(":")
        if (kind or "words") not in ways:
            expected = "{id}, {period:id}, {scope:id}, {condition:id}, {label:id} or {count:asks}"
            raise BadOutput(f"{{{part}}} cites nothing: expected {expected}")
        # The text before the reference, so that an unknown id is said to be unknown.
        found = ways[kind or "words"](wanted)
        is_count = kind == "count"
        of = Reference("count", field=wanted) if is_count else Reference(kind or "words", wanted)
        pieces.append(from_ledger(of, found))
    shown = told(pieces)
    WORDED[str(shown)] = pieces
    return shown


def _ways(ledger: Ledger) -> dict[str, Callable[[str], str]]:
    """How each kind of citation becomes a text."""
    return {
        "words": lambda wanted: ledger.figure(wanted).words,
        "period": lambda wanted: period_in_words(ledger, wanted),
        "count": lambda wanted: f"{ledger.count(wanted):,}",
        "label": lambda wanted: ledger.figure(wanted).label,
        "scope": lambda wanted: ledger.figure(wanted).scope,
        "condition": lambda wanted: ", ".join(
            figures.condition_in_words(ledger.statistic(wanted).condition)
        ),
        "source": lambda wanted: ledger.source(wanted).short or ledger.source(wanted).title,
        "id": lambda wanted: ledger.figure(wanted).id,
    }


def period_in_words(ledger: Ledger, wanted: str, *, in_full: bool = False) -> str:
    """The period of a statistic, or the date of an event, in words. Raises UnknownId.

    >>> import tallybook
    >>> period_in_words(tallybook.load("tests/books/kettles"), "plant-opened")
    '6 June 2017'
    """
    time = ledger.period(wanted)
    if wanted in ledger.events:
        return str(time)
    return phrases.period(ledger.statistics[wanted], in_full=in_full)


def told(pieces: list[Piece]) -> Worded:
    """One text of several pieces, which it knows.

    >>> told([from_ledger(Reference("period", "recalls-2017"), "2017"), "; the shops"])
    '2017; the shops'
    """
    shown = Worded("".join(each if isinstance(each, str) else each["text"] for each in pieces))
    shown.pieces = pieces
    return shown


def given(data: Any) -> dict[str, str]:
    """The texts of a stored table that no record states, by their references.

    None of one without a reason, or whose texts are not those that it was made of.

    >>> reference = given_reference("A count of our own", ["12"], 0)
    >>> cell = {"of": str(reference), "text": "12"}
    >>> stored = {"columns": ["Pages"], "rows": [[cell]], "because": "A count of our own"}
    >>> list(given(stored).values()), given({**stored, "because": ""})
    (['12'], {})
    """
    because = data.get("because")
    cells = [*data["columns"], *(cell for row in data["rows"] for cell in row)]
    parts = [cell for cell in cells if isinstance(cell, dict)]
    pieces = [each for cell in parts for line in cell.get("lines", [[cell]]) for each in line]
    texts = [e["text"] for e in pieces if str(e.get("of", "")).startswith("given:")]
    if not because:
        return {}
    return {str(given_reference(because, texts, n)): text for n, text in enumerate(texts)}


def given_reference(because: str, texts: Sequence[str], place: int) -> Reference:
    """The reference of one of the texts of a table for which its author gives this reason."""
    content = json.dumps([because, *texts])
    return Reference("given", field=hashlib.sha256(content.encode()).hexdigest()[:16], place=place)


def is_worded(ledger: Ledger, text: str, pieces: Any) -> bool:
    """Whether `worded` makes this text of these pieces, as a chart has stored them.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> is_worded(ledger, "97%", ["97%"])
    False
    """
    try:
        parts = [each if isinstance(each, str) else each["text"] for each in pieces]
        return "".join(parts) == text and all(_is_piece(ledger, each) for each in pieces)
    except (UnknownId, KeyError, TypeError, ValueError, AttributeError):  # it may hold anything
        return False


def _is_piece(ledger: Ledger, piece: Piece) -> bool:
    if isinstance(piece, str):
        return not any(stating(piece, ledger.known))
    of = Reference.parse(piece["of"])
    found = _ways(ledger)[of.kind](of.field if of.kind == "count" else of.id)
    return piece == from_ledger(of, found)


def spreadsheet_safe(text: str) -> str:
    """A text that no spreadsheet executes as a formula: an apostrophe stands before such a one.

    >>> spreadsheet_safe("=1+1")
    "'=1+1"
    >>> spreadsheet_safe("recalls")
    'recalls'
    """
    return f"'{text}" if _FORMULA.match(text) else text
