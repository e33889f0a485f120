"""The tables of the ledger to take away: their columns, keys and rows, as CSV and as Parquet.

A column says what it holds and of which type, as the standard Table Schema has it. Parquet is made
of the CSV by these types, so that both say the same. Numbers are decimals, exact where they end and
to 17 digits where they do not; the JSON of the ledger has the fraction. A cell of text that a
spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, get_args

from tallybook.ledger import frames
from tallybook.ledger.fields import ID
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import level_in_words, plain
from tallybook.ledger.records import Measure, MeasureKind, Record, Source
from tallybook.quantity.interval import Bound
from tallybook.quantity.quantity import Quantity
from tallybook.site.figure_details import FigureDetails
from tallybook.tables.table import spreadsheet_safe

Details = Mapping[str, FigureDetails]
Cells = dict[str, str]
CSV, PARQUET = "csv", "parquet"
_DIGITS = 17  # by which a reader's float is the nearest there is
_UNSTATED = "not stated"  # of which level the interval beside a value is
_AN_ID = {"required": True, "pattern": f"^{ID.pattern}$"}
_SEVERAL = "; a semicolon between two"


@dataclass(frozen=True)
class Column:
    """A column: its name, its type, what it holds, and which cells it may have."""

    name: str
    type: str
    says: str
    constraints: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DataTable:
    """A table of the ledger: the name of its files, its columns, its keys and how rows are made.

    `key` are the columns by which a row is known; `to` are those that name a row of another table,
    with that table's name and its columns.
    """

    name: str
    file: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: Callable[[Ledger, Details], Iterator[Cells]]
    to: tuple[tuple[str, str, str], ...] = ()

    @property
    def paths(self) -> tuple[str, str]:
        """The names of its CSV and its Parquet file."""
        return f"{self.file}.{CSV}", f"{self.file}.{PARQUET}"

    def schema(self, ledger: Ledger) -> dict[str, Any]:
        """Its Table Schema, for a ledger: which parties there are is said there too."""
        fields = []
        for column in self.columns:
            constraints = dict(column.constraints)
            if column.name == "party":
                constraints["enum"] = [spreadsheet_safe(name) for name in ledger.parties]
            of = {"name": column.name, "type": column.type, "description": column.says}
            fields.append({**of, **({"constraints": constraints} if constraints else {})})
        found: dict[str, Any] = {"fields": fields, "primaryKey": [*self.key]}
        if self.to:
            found["foreignKeys"] = [
                {"fields": [own], "reference": {"resource": other, "fields": [theirs]}}
                for own, other, theirs in self.to
            ]
        return found


def as_csv(table: DataTable, ledger: Ledger, details: Details) -> str:
    """A table as CSV: a line of names, and one for each row.

    >>> import tallybook
    >>> as_csv(TABLES["measures"], tallybook.load("tests/books/kettles"), {}).splitlines()[1]
    'kettles-recalled,kettles recalled,total over a period,kettles,0,,Kettles called back.'
    """
    file = io.StringIO()
    names = [column.name for column in table.columns]
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    # An apostrophe before a minus sign would make text of a number.
    numbers = {column.name for column in table.columns if column.type == "number"}
    for row in table.rows(ledger, details):
        safe = {
            name: text if name in numbers else spreadsheet_safe(text) for name, text in row.items()
        }
        writer.writerow(safe)
    return file.getvalue()


def as_parquet(table: DataTable, text: str) -> bytes:
    """The same as Parquet, of the text of its CSV; an empty cell is null."""
    _, parquet = _libraries()
    # Without compression, whose bytes could depend on the processor.
    file = io.BytesIO()
    parquet.write_table(_typed(table, text), file, compression="none", use_dictionary=True)
    return file.getvalue()


def is_parquet_of(table: DataTable, text: str, content: bytes) -> bool:
    """Whether the bytes of a Parquet file say what the CSV says, whatever library wrote them."""
    if content == as_parquet(table, text):
        return True
    arrow, parquet = _libraries()
    try:
        found = parquet.ParquetFile(io.BytesIO(content)).read(use_threads=False)
    except (arrow.ArrowException, OSError):
        return False
    return bool(found.equals(_typed(table, text), check_metadata=True))


def _typed(table: DataTable, text: str) -> Any:
    """The cells of a CSV by the types of their columns."""
    from pyarrow import csv as arrow_csv  # noqa: PLC0415

    arrow, _ = _libraries()
    types = {
        "string": arrow.string(), "number": arrow.float64(), "integer": arrow.int64(),
        "boolean": arrow.bool_(), "date": arrow.date32(),
    }  # fmt: skip
    return arrow_csv.read_csv(
        io.BytesIO(text.encode()),
        # In this thread: a process with others should not fork.
        read_options=arrow_csv.ReadOptions(use_threads=False),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        convert_options=arrow_csv.ConvertOptions(
            column_types={column.name: types[column.type] for column in table.columns},
            null_values=[""],
            true_values=["True"],
            false_values=["False"],
            strings_can_be_null=True,
        ),
    )


def _libraries() -> tuple[Any, Any]:
    import pyarrow  # noqa: PLC0415  # a third of a second of import, where a table has changed
    import pyarrow.parquet  # noqa: PLC0415

    return pyarrow, pyarrow.parquet


def decimal(value: Fraction | None) -> str:
    """A number in decimal digits: all of them where they end, and else the first 17.

    >>> decimal(Fraction(43, 10)), decimal(Fraction(2, 3)), decimal(None)
    ('4.3', '0.66666666666666667', '')
    """
    text = "" if value is None else plain(value)
    if value is None or "/" not in text:
        return text
    with localcontext(prec=_DIGITS):
        return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def ends(quantity: Quantity) -> dict[str, Any] | None:
    """The ends of what is known of a figure, each with whether it is included.

    One where the measure ends anyway says nothing of the figure, and is None; of a figure of
    unknown error there are none.
    """
    if (interval := quantity.interval) is None:
        return None
    low, high = quantity.known_ends
    return {
        "low": low,
        "low_included": low is not None and interval.low_closed,
        "high": high,
        "high_included": high is not None and interval.high_closed,
    }


# Rows


def _stated(ledger: Ledger, details: Details) -> Iterator[Cells]:
    for each in details.values():
        if (statistic := each.statistic) is None:
            continue
        places = each.places
        yield {
            **_value(each),
            "bound": statistic.bound,
            "high_bound": statistic.high_bound or "",
            "level": level_in_words(statistic) or (_UNSTATED if each.level else ""),
            "measure": statistic.measure,
            "period": statistic.period.text,
            **_days(ledger, each),
            "scope": statistic.scope,
            "of": statistic.of or "",
            "compared_with": statistic.compared_with.text if statistic.compared_with else "",
            "condition": each.condition,
            "members": "; ".join(statistic.members or ()),
            "party": statistic.party,
            "sources": "; ".join(place.source for place in places),
            "sections": "; ".join(place.section for place in places),
            "as_printed": "; ".join(f"“{place.as_printed}”" for place in places),
            "note": statistic.note or "",
        }


def _computed(ledger: Ledger, details: Details) -> Iterator[Cells]:
    for each in details.values():
        if each.statistic is None:
            yield {
                **_value(each),
                **_days(ledger, each),
                "inputs": "; ".join(each.inputs),
                "reasons": "; ".join(each.reasons),
                "computed_in": each.published_by,
            }


def _value(details: FigureDetails) -> Cells:
    figure = details.figure
    is_range = details.statistic is not None and details.statistic.is_range
    known = ends(figure.quantity) or {}
    included = {name: known.get(name, "") for name in ("low_included", "high_included")}
    return {
        "id": figure.id,
        "label": figure.label,
        "words": figure.words,
        # The middle of a range is printed nowhere.
        "value": "" if is_range else decimal(figure.number),
        "unit": figure.quantity.unit,
        "low": decimal(known.get("low")),
        "high": decimal(known.get("high")),
        **{name: str(is_included) for name, is_included in included.items()},
        "interval": details.interval,
    }


def _days(ledger: Ledger, details: FigureDetails) -> Cells:
    row = frames.row(ledger, details.figure.id)
    days = {"start": row["start"], "end": row["end"]}
    return {name: day.isoformat() if day else "" for name, day in days.items()}


def _cited(ledger: Ledger, _: Details) -> Iterator[Cells]:
    for statistic in ledger.statistics.values():
        for number, one in enumerate(statistic.cited, 1):
            yield {
                "statistic": statistic.id,
                "number": str(number),
                "source": one.source,
                "section": one.section,
                "page": str(one.page or ""),
                "as_printed": one.as_printed,
                "period_as_printed": one.period_as_printed or "",
                "base_as_printed": one.base_as_printed or "",
                "condition_as_printed": one.condition_as_printed or "",
                "said_by": one.said_by or "",
                "says": one.says or "",
            }


def _measures(ledger: Ledger, _: Details) -> Iterator[Cells]:
    for one in ledger.measures.values():
        yield {
            **{name: getattr(one, name) for name in ("id", "label", "kind", "unit", "definition")},
            "floor": decimal(one.floor),
            "ceiling": decimal(one.ceiling),
        }


def _sources(ledger: Ledger, _: Details) -> Iterator[Cells]:
    for one in ledger.sources.values():
        names = ("id", "title", "party", "publisher", "text_sha256")
        yield {
            **{name: getattr(one, name) for name in names},
            "published": one.published.text,
            "address": one.address or "",
        }


# Columns


def _texts(*columns: tuple[str, str]) -> tuple[Column, ...]:
    return tuple(Column(name, "string", says) for name, says in columns)


def _of(model: type[Record], *names: str) -> tuple[Column, ...]:
    """Columns of texts that hold fields of a record, in the words of the field guide."""
    fields = model.model_fields
    return _texts(*((name, str(fields[name].description)) for name in names))


_IN_UNIT = "in its unit"
_OF_A_FIGURE = (
    Column("id", "string", "The id of the figure, which its page is named after.", _AN_ID),
    *_texts(
        ("label", "What it is a figure of."),
        ("words", "The figure as it is shown: as its party states it, or as it is computed."),
    ),
    Column("value", "number", f"The number, {_IN_UNIT}; a range has none."),
    Column("unit", "string", "The unit of value, low and high; none of a plain ratio."),
    Column("low", "number", f"The least that is known of it, {_IN_UNIT}; empty where nothing is."),
    Column("high", "number", f"The most that is known of it, {_IN_UNIT}; empty where nothing is."),
    Column("low_included", "boolean", "Whether it can be low itself."),
    Column("high_included", "boolean", "Whether it can be high itself."),
    Column("interval", "string", "What is known of it, in words."),
)
_PERIOD = (
    Column("start", "date", "The first day of its time; empty where that is open or not known."),
    Column("end", "date", "The last day of its time; likewise."),
)
_BOUNDS = {"enum": [*get_args(Bound)]}

_STATISTICS = DataTable(
    "statistics",
    "ledger",
    "The figures that documents state",
    (
        *_OF_A_FIGURE,
        Column("bound", "string", "How it is stated; exact is without a hedge.", _BOUNDS),
        Column("high_bound", "string", "The same of the upper end of a range.", _BOUNDS),
        *_texts(
            ("level", "Of which level the interval beside a value is, in percent or in words."),
            ("measure", "The id of what is counted."),
            ("period", "The time that it covers, as an EDTF date or interval, or unstated."),
        ),
        *_PERIOD,
        *_texts(
            ("scope", "What it covers otherwise."),
            ("of", "The base of a share or ratio."),
            ("compared_with", "The base period of a change, in EDTF."),
            ("condition", "The threshold or restriction that it holds under."),
            ("members", f"The list printed beside a count{_SEVERAL}."),
            ("party", "Who states it."),
            ("sources", f"The ids of the documents that state it{_SEVERAL}."),
            ("sections", f"The sections of these{_SEVERAL}."),
            ("as_printed", f"The words that bear it, in quotation marks{_SEVERAL}."),
            ("note", "What a reader must know of it."),
        ),
    ),
    ("id",),
    _stated,
    (("measure", "measures", "id"),),
)
_DERIVED = DataTable(
    "derived",
    "derived",
    "The figures that this book computes",
    (
        *_OF_A_FIGURE,
        *_PERIOD,
        *_texts(
            ("inputs", f"The ids of what it is computed from{_SEVERAL}."),
            ("reasons", f"Why these may be combined{_SEVERAL}."),
            ("computed_in", "The notebook that computes it."),
        ),
    ),
    ("id",),
    _computed,
)
_CITATIONS = DataTable(
    "citations",
    "citations",
    "Each place in a document that states a figure",
    (
        Column("statistic", "string", "The id of the figure.", _AN_ID),
        Column("number", "integer", "Which of its places it is.", {"required": True, "minimum": 1}),
        Column("source", "string", "The id of the document.", _AN_ID),
        Column("section", "string", "The section of the document."),
        Column("page", "integer", "The page, where the document has pages.", {"minimum": 1}),
        *_texts(
            ("as_printed", "The words that bear the figure."),
            ("period_as_printed", "The words that bear its time."),
            ("base_as_printed", "The words that bear what it is measured against."),
            ("condition_as_printed", "The words that bear its condition."),
            ("said_by", "The speaker, where it is not the document's own voice."),
            ("says", "What the sentence around says, in our words."),
        ),
    ),
    ("statistic", "number"),
    _cited,
    (("statistic", "statistics", "id"), ("source", "sources", "id")),
)
_MEASURES = DataTable(
    "measures",
    "measures",
    "What is counted",
    (
        Column("id", "string", "The id of the measure.", _AN_ID),
        *_of(Measure, "label"),
        Column("kind", "string", "What sort of figure it is.", {"enum": [*get_args(MeasureKind)]}),
        *_of(Measure, "unit"),
        Column("floor", "number", "The least that it can be; empty where there is none."),
        Column("ceiling", "number", "The most that it can be; empty where there is none."),
        *_of(Measure, "definition"),
    ),
    ("id",),
    _measures,
)
_SOURCES = DataTable(
    "sources",
    "sources",
    "The documents",
    (
        Column("id", "string", "The id of the document.", _AN_ID),
        *_of(Source, "title", "party", "publisher", "published", "address", "text_sha256"),
    ),
    ("id",),
    _sources,
)
TABLES = {each.name: each for each in (_STATISTICS, _DERIVED, _CITATIONS, _MEASURES, _SOURCES)}
