"""Periods: EDTF dates and intervals of them. `dates` reads them out of printed words.

A plain ISO date is read with the standard library. edtf, whose import costs more than loading a
ledger does, is asked only for the rest of its notation ("2016~"); it accepts an interval that runs
backwards, and a day that does not exist within one, so intervals are taken apart here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from tallybook.reading.english import MONTHS, SEASONS

UNSTATED = "unstated"
NO_PERIOD = "no period stated"  # the words for it
_A_YEAR = 12  # months
_LONGEST = 40  # characters that are shown of a text


_SEASONS = {number: name for name, number in reversed(SEASONS.items())}


class BadPeriod(ValueError):  # which pydantic reports as a mistake in the field
    """A text is no date, or an interval that runs backwards."""


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days from `first` to `last`; None for an end that is open or not stated.

    `words` are those of a document that puts the time as no date can: "in the last year".
    """

    text: str
    first: date | None = None
    last: date | None = None
    words: str = ""

    @property
    def months(self) -> int | None:
        """The number of calendar months, or None of a period that is not of whole months."""
        if self.first is None or self.last is None or self.first.day != 1:
            return None
        if self.last.day != monthrange(self.last.year, self.last.month)[1]:
            return None
        years = self.last.year - self.first.year
        return 12 * years + self.last.month - self.first.month + 1

    @property
    def ends(self) -> tuple[str, ...]:
        """The dates, in EDTF, that it begins and ends with; without those that are not there.

        >>> parse("2016-09/2017-08").ends, parse("../2017-08").ends, parse("unstated").ends
        (('2016-09', '2017-08'), ('2017-08',), ())
        """
        return tuple(end for end in self.text.split("/") if end not in ("..", UNSTATED))

    @property
    def short_names(self) -> tuple[str, ...]:
        """The ways to name a span of whole years by its first year and the end of its last.

        None of a year of the calendar, nor where a name would be read as a month ("2008-12").

        >>> parse("2012-04/2013-03").short_names, parse("2008/2012").short_names
        (('2012-13', '2012–13', '2012/13'), ('2008–12', '2008/12'))
        """
        if self.first is None or self.last is None or (self.months or 1) % _A_YEAR:
            return ()
        begin, end = self.first.year, self.last.year
        is_month = end != begin + 1 and end % 100 <= _A_YEAR
        dashes = "" if begin == end else "–/" if is_month else "-–/"
        return tuple(f"{begin}{dash}{end % 100:02}" for dash in dashes)

    @property
    def is_two_years(self) -> bool:
        """Whether only two years that follow each other are named, as in "2012/2013".

        >>> parse("2012/2013").is_two_years, parse("2012-04/2013-03").is_two_years
        (True, False)
        """
        years = self.text.split("/")
        if len(years) != 2 or not all(re.fullmatch(r"\d{4}", year, re.ASCII) for year in years):
            return False
        return int(years[1]) == int(years[0]) + 1

    def overlaps(self, other: Period) -> bool:
        """Whether two periods have a day in common; unstated ones overlap each other and no other.

        An open end reaches as far as the other does.

        >>> parse("2016-09/2017-08").overlaps(parse("2017"))
        True
        """
        if UNSTATED in (self.text, other.text):
            return self.text == other.text
        starts = [day for day in (self.first, other.first) if day]
        ends = [day for day in (self.last, other.last) if day]
        return not starts or not ends or max(starts) <= min(ends)

    def __str__(self) -> str:
        """The period in words.

        >>> str(parse("2016-09/2017-08"))
        'September 2016 to August 2017'
        """
        if self.words:
            return self.words
        if self.text == UNSTATED:
            return NO_PERIOD
        start, _, end = self.text.partition("/")
        if not end:
            return _date_in_words(start)
        if start == "..":
            return f"up to {_date_in_words(end)}"
        if end == "..":
            return f"from {_date_in_words(start)}"
        return f"{_date_in_words(start)} to {_date_in_words(end)}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Period:
    """The period that an EDTF text or "unstated" names. Raises BadPeriod.

    >>> period = parse("2016-09/2017-08")
    >>> period.first, period.last, period.months
    (datetime.date(2016, 9, 1), datetime.date(2017, 8, 31), 12)
    """
    if text == UNSTATED:
        return Period(text)
    start, slash, end = text.partition("/")
    if "/" in end:
        raise _no_date(text)
    first = None if start == ".." and slash else _days(start)[0]
    last = None if end == ".." else _days(end if slash else start)[1]
    if first is None and last is None:
        raise BadPeriod(f"{text!r} is open at both ends; write {UNSTATED!r}")
    if first and last and first > last:
        raise BadPeriod(f"{text!r} runs backwards")
    return Period(text, first, last)


def _days(text: str) -> tuple[date, date]:
    plain = re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[123]\d))?)?", text, re.ASCII)
    if not plain:
        return _days_by_edtf(text)
    year, month, day = (int(part) if part else 0 for part in plain.groups())
    try:
        first = date(year, month or 1, day or 1)
        last_month = month or 12
        last = date(year, last_month, day or monthrange(year, last_month)[1])
    except ValueError as error:
        raise BadPeriod(f"{text!r} is no date: {error}") from None
    return first, last


def _days_by_edtf(text: str) -> tuple[date, date]:
    from edtf import EDTFParseException, parse_edtf  # noqa: PLC0415

    # edtf also reads exponents, which it computes, and a month or day of 00, which it drops.
    if not re.fullmatch(r"[\dX]{4}(?:-(?!00)[\dX]{2}){0,2}[~?%]?", text, re.ASCII):
        raise _no_date(text)
    try:
        parsed = parse_edtf(text)
        return date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])
    # The parser has no error of its own for a date that it reads and cannot compute.
    except (EDTFParseException, TypeError, ValueError, AttributeError, OverflowError):
        raise _no_date(text) from None


def _no_date(text: str) -> BadPeriod:
    return BadPeriod(
        f"{text[:_LONGEST]!r} is no date; write one as 2017, 2017-06 or 2017-06-30, an interval "
        f"as 2016-09/2017-08, an open one as ../2017-08, or {UNSTATED!r}"
    )


def _date_in_words(text: str) -> str:
    about = "about " if text.endswith("~") else ""
    if decade := re.fullmatch(r"(\d{3})X", text):
        return f"the {decade[1]}0s"
    plain = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?[~?]?", text)
    if plain and int(plain[2] or 1) in _SEASONS:
        return f"{about}{_SEASONS[int(plain[2])]} {plain[1]}"
    # Other unspecified digits ("2017-XX") have no words here.
    if not plain or int(plain[2] or 1) > 12:
        return text
    day = f"{int(plain[3])} " if plain[3] else ""
    month = f"{MONTHS[int(plain[2]) - 1]} " if plain[2] else ""
    return f"{about}{day}{month}{plain[1]}"
