"""Data frames as tables: what pandas has is taken over in Python's own types.

What becomes of it is for `sheet.py` to say, which compares it with the ledger.
"""

from __future__ import annotations

import numbers
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tallybook.errors import BadOutput, UnknownId, counted
from tallybook.ledger.ledger import remembered
from tallybook.tables.sheet import Sheet
from tallybook.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd

    from tallybook.ledger.ledger import Ledger

_MOST_ROWS, _MOST_COLUMNS = 500, 32
_YEARS = range(1500, 2101)
_CELL = "a cell is a text, a number, a date, or a list of texts or ids"
_INSTEAD = {
    "Styler": "a page has a look of its own: show the frame without a style",
    "DataFrameGroupBy": "it has groups, and no rows: take its first(), or show each group",
    "SeriesGroupBy": "it has groups, and no rows: take its first(), or show each group",
}


def frame(
    frame: pd.DataFrame | pd.Series[Any],
    *,
    because: str = "",
    columns: Sequence[str] | Mapping[str, str] | None = None,
) -> Table:
    """A data frame as a table, in which each figure is linked.

    `columns` names those to show, in their order; a mapping gives their heads too. Of a whole frame
    of `ledger.frame` those are shown that readers need first. An index is shown if it has a name or
    texts. `because` says where numbers are from that are no figures of the ledger; it stands below
    the table. Raises BadOutput for what the ledger does not have, with what to do.

    >>> import tallybook
    >>> from tallybook import tables
    >>> kettles = tallybook.load("tests/books/kettles").frame("kettles", measure="stores-closed")
    >>> print(tables.frame(kettles))
    What | Figure | Who says so | Period | Scope
    stores closed | more than 1,000 | Kettle Company | 2017 | the company
    >>> print(tables.frame(kettles, columns={"words": "Stores", "low": "At least"}))
    Stores | At least
    more than 1,000 | 1,000
    """
    found = _columns(frame)
    ledgers = remembered()
    if not ledgers:
        raise BadOutput(
            "the table cannot be checked: no ledger was loaded. Write ledger = tallybook.load()"
        )
    failures: list[BadOutput | UnknownId] = []
    for ledger in _with_ids_of(found, ledgers):  # a notebook may show rows of two books
        try:
            return Sheet(ledger, found, because).table(columns)
        except (BadOutput, UnknownId) as error:
            failures.append(error)
    raise failures[0]


def _with_ids_of(columns: Mapping[str, Sequence[Any]], ledgers: Sequence[Ledger]) -> list[Ledger]:
    """The ledgers that have most ids of the frame; to any other its ids would be mere texts."""
    texts = {each for column in columns.values() for each in column if isinstance(each, str)}

    def of_it(ledger: Ledger) -> int:
        asked = getattr(ledger, "original", ledger)  # what is looked for is no use of a record
        known = asked.statistics.keys() | asked.events.keys() | asked.items.keys()
        return len(texts & known) + sum(1 for text in texts - known if asked.derived(text))

    had = [of_it(ledger) for ledger in ledgers]
    return [one for one, count in zip(ledgers, had, strict=True) if count == max(had)]


def _columns(shown: Any) -> dict[str, list[Any]]:
    """The columns of a frame by their names, those of its index first."""
    import pandas as pd  # noqa: PLC0415  # imported by whoever made the frame

    if isinstance(shown, pd.Series):
        is_row = shown.index.nlevels == 1 and "id" in shown.index
        shown = shown.to_frame().T if is_row else shown.to_frame(shown.name or "Value")
    if not isinstance(shown, pd.DataFrame):
        kind = type(shown).__name__
        instead = _INSTEAD.get(kind, "expected a data frame, or a series with ids")
        raise BadOutput(f"a {kind} is no table: {instead}")
    if len(shown) > _MOST_ROWS or len(shown.columns) > _MOST_COLUMNS:
        raise BadOutput(
            f"the table has {counted(len(shown), 'row')} and "
            f"{counted(len(shown.columns), 'column')}, and a page takes {_MOST_ROWS} and "
            f"{_MOST_COLUMNS}: filter the frame, take its head(…), or select columns"
        )
    named = [*zip(_names(shown.columns), (shown.iloc[:, n] for n in range(len(shown.columns))),
                  strict=True)]  # fmt: skip
    taken = {name for name, _ in named}
    named = [*((name, each) for name, each in _of_index(shown.index) if name not in taken), *named]
    names = [name for name, _ in named]
    if doubled := [name for name in names if names.count(name) > 1]:
        raise BadOutput(f"the table has two columns {doubled[0]!r}: rename one of them")
    return {name: _years([_value(value, name) for value in content]) for name, content in named}


def _of_index(index: Any) -> Iterator[tuple[str, Any]]:
    """The levels of an index that say something; one of numbers without a name counts rows."""
    for number in range(index.nlevels):
        level = index.get_level_values(number)
        if level.name is not None or (len(level) and level.inferred_type != "integer"):
            yield "Row" if level.name is None else _name(level.name), level


def _names(columns: Any) -> list[str]:
    """The names of columns as texts; of several levels, those that tell columns apart."""
    levels = [columns.get_level_values(number) for number in range(columns.nlevels)]
    apart = [level for level in levels if level.nunique() > 1] or levels[-1:]
    parts = zip(*apart, strict=True)
    return [", ".join(_name(each) for each in part if each != "") or "–" for part in parts]


def _name(given: Any) -> str:
    value = _years([_value(given, "the heads")])[0]
    if value is None or not str(value).strip():
        raise BadOutput("a column of the table has no name: name it, frame.columns = [...]")
    return str(value)


def _value(value: Any, name: str) -> Any:
    """A value in Python's own types; None where there is none."""
    import pandas as pd  # noqa: PLC0415

    if isinstance(value, list | tuple) and not any(isinstance(e, list | tuple) for e in value):
        return [_value(each, name) for each in value]
    if not pd.api.types.is_scalar(value):
        raise BadOutput(f"a cell of {name!r} is a {type(value).__name__}: {_CELL}")
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp | datetime):
        is_day = value.time().isoformat() == "00:00:00"
        return value.date() if is_day else value.isoformat(sep=" ")
    if isinstance(value, pd.Period | pd.Timedelta | pd.Interval):
        return str(value)
    value = value.item() if hasattr(value, "item") else value  # of numpy
    if not isinstance(value, str | date | bool | numbers.Real | Decimal):
        raise BadOutput(f"a cell of {name!r} is a {type(value).__name__}: {_CELL}")
    if not isinstance(value, str | date) and value in (float("inf"), float("-inf")):
        raise BadOutput(f"a cell of {name!r} is infinite: leave its row out")
    return value


def _years(values: list[Any]) -> list[Any]:
    """Whole numbers that are years, all of them, as texts: no comma belongs into a year."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) and value in _YEARS for value in known):
        return [None if value is None else str(int(value)) for value in values]
    return values
