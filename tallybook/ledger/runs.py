"""The printed runs of records, each read once: its numerals, its figures and its period.

The same run is read for the value, the interval and the documents. What is kept is as much as a
ledger of fifty thousand records has.
"""

from __future__ import annotations

from functools import lru_cache

from tallybook.reading import amounts, dates, hedges
from tallybook.reading.amount import Amount
from tallybook.reading.dates import PrintedPeriod
from tallybook.reading.numeral import Numeral

_MOST = 2**16  # runs


@lru_cache(maxsize=_MOST)
def numerals(run: str) -> tuple[Numeral, ...]:
    """Every numeral of a run, with its unit and bound.

    >>> [(str(each.value), each.bound) for each in numerals("nearly 1,000 stores")]
    [('1000', 'nearly')]
    """
    return tuple(hedges.read(run))


def figures(run: str, names: tuple[str, ...] = ()) -> tuple[Amount, ...]:
    """Every figure of a run; `names` are those of the book, whose numbers are none.

    >>> [str(each.value) for each in figures("the 40 stores of Lids 24", ("Lids 24",))]
    ['40']
    """
    # Most runs have no name of the book in them, and are read once for any names.
    return _figures(run, tuple(name for name in names if name in run))


@lru_cache(maxsize=_MOST)
def _figures(run: str, names: tuple[str, ...]) -> tuple[Amount, ...]:
    kept = amounts.without_names(run, numerals(run), names)
    return tuple(amounts.joined(run, kept))


@lru_cache(maxsize=_MOST)
def period(run: str) -> PrintedPeriod | None:
    """The one date or range of dates of a run; None if there is none, or more.

    >>> period("from September 2016 to August 2017").accepts
    frozenset({'2016-09/2017-08'})
    """
    return dates.read(run)


def forget() -> None:
    """Keep nothing of the runs that were read, as a new process does."""
    for kept in (numerals, _figures, period):
        kept.cache_clear()
