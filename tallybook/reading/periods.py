"""Periods: EDTF dates and intervals of them, and reading both back out of printed words.

A plain ISO date is read with the standard library. edtf, whose import costs more than loading a
ledger does, is asked only for the rest of its notation ("2016~"); it accepts an interval that runs
backwards, and a day that does not exist within one, so intervals are taken apart here.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

UNSTATED = "unstated"
NO_PERIOD = "no period stated"  # the words for it
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_LONGEST = 40  # characters that are shown of a text, and looked at beside a date


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
    plain = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?[~?]?", text)
    # Seasons ("2017-21") and unspecified digits ("201X") have no words here.
    if not plain or int(plain[2] or 1) > 12:
        return text
    day = f"{int(plain[3])} " if plain[3] else ""
    month = f"{_MONTHS[int(plain[2]) - 1]} " if plain[2] else ""
    return f"{about}{day}{month}{plain[1]}"


# With a capital, for "may" is a verb too.
_NAMES = [form for name in _MONTHS for form in (name, f"{name[:3]}\\.?")] + ["Sept\\.?"]
_MONTH = "(?-i:" + "|".join(_NAMES + [name.upper() for name in _NAMES]) + ")"
_THIRDS = {"early": ("01", "04"), "mid": ("05", "08"), "late": ("09", "12")}  # of a year
_PARTS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "former": 1, "latter": 2}
_YEAR = r"(?:19|20)\d\d"
_ONE_DATE = re.compile(
    r"(?<!\w)(?:(?P<third>mid|late|early)[\s-]+|the (?:end|beginning|start) of )?(?:"
    r"(?P<iso>\d{4}-\d\d(?:-\d\d)?)"
    r"|(?a:(?P<part>first|second|third|fourth|(?:former|latter)(?=[\s-]+half))"
    r"[\s-]+(?P<unit>half|quarter)|(?P<short>h[12]|q[1-4]))"
    rf"[\s-]+(?:of\s+)?(?P<part_year>{_YEAR})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,.]?\d)(?:,?\s+(?P<year2>{_YEAR}))?"
    rf"|(?P<month3>{_MONTH})(?:,?\s+(?:of\s+)?(?P<year3>{_YEAR}))?"
    rf"|(?P<year4>{_YEAR})"
    r")(?![\w%]|[-–—/.]\d{1,2}(?!\d))",
    re.IGNORECASE,
)
# What makes a printed date the end of a range, or a part of the year it names, that is not read.
_BROKEN_BEFORE = re.compile(
    r"(?:(?:[hq]\d|\d[hq]?|half|quarter)\s*(?:and|to|through|[-–—/&.,])?"
    r"|(?:half|quarters?|months?|weeks?|days?)(?:\s+(?:of|in))?|before|after|prior to|no later than"
    r"|fiscal(?:\s+year)?|fy|spring|summer|autumn|fall|winter"
    r"|(?:year|quarter|months?)\s+(?:to|end(?:ed|ing)))\s*$",
    re.I,
)
_BROKEN_AFTER = re.compile(r"\s*(?:[hq]\d|[-–—/.]\s*\d)", re.I)
_UNTIL = re.compile(r"(?:as of|by|until|till|up to|through)\s+(?:the end of )?$", re.I)
_SINCE = re.compile(r"(?:since|starting)\s+$", re.I)
_TO_THE_PRESENT = re.compile(
    r"\s*(?:to|until|through|[-–—])\s*(?:the\s+)?(?:present|now|today|date)(?!\w)", re.I
)
_JOINED = re.compile(r"\s*(?:to|until|till|through|[-–—])\s*", re.I)
_TIE = re.compile(
    r"(?<!\w)(?:since|before|after|prior to|until|till|as of|up to|half of|quarter of)\s+"
    r"(?:the\s+end\s+of\s+)?$",
    re.I,
)
_BETWEEN = re.compile(r"between\s+$", re.I)


@dataclass(frozen=True, slots=True)
class PrintedPeriod:
    """Dates read out of printed words.

    `accepts` has the EDTF texts that say the same, with "????" for a year that is not printed;
    `spans` says where in the words the dates stand.
    """

    accepts: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    has_year: bool

    def allows(self, period: Period) -> bool:
        """Whether a period is the printed one, as far as that has a year.

        >>> printed = read("by the end of August")
        >>> printed.allows(parse("../2017-08")), printed.allows(parse("2017-09"))
        (True, False)
        """
        text = period.text if self.has_year else re.sub(r"\d{4}", "????", period.text)
        return text in self.accepts


def read(printed: str) -> PrintedPeriod | None:
    """The one date or range of dates in printed words; None if there is none, or more.

    >>> read("from September 2016 to August 2017").accepts
    frozenset({'2016-09/2017-08'})
    """
    found = list(_ONE_DATE.finditer(printed))
    # Of three dates nobody knows which two are the ends.
    if not 1 <= len(found) <= 2:
        return None
    before, after = printed[: found[0].start()], printed[found[-1].end() :]
    if _BROKEN_BEFORE.search(before[-_LONGEST:]) or _BROKEN_AFTER.match(after):
        return None
    dates = [_edtf_of(match) for match in found]
    accepts = _one(*dates[0], before, after) if len(dates) == 1 else _range(printed, found, dates)
    if not accepts:
        return None
    has_year = not any("????" in text for text in accepts)
    return PrintedPeriod(frozenset(accepts), tuple(match.span() for match in found), has_year)


def dates(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Each printed date of a text: where it stands, and what it is in EDTF.

    A part of a year is that year, and "????" stands for a year that is not printed.

    >>> list(dates("In late 2016, and on June 6"))
    [((3, 12), '2016'), ((21, 27), '????-06-06')]
    """
    for match in _ONE_DATE.finditer(text):
        first, last = _edtf_of(match)
        yield match.span(), first if first == last else first[: len("2016")]


def whole(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """The whole of a printed date that a part of a text belongs to, with the word that leads it.

    >>> text = "They paid since June 2017."
    >>> text[slice(*whole(text, (21, 25)))]
    'since June 2017'
    """
    # As far as a range of dates can reach: the text may be a whole document.
    left, right = max(0, span[0] - 60), span[1] + 60
    found = list(_ONE_DATE.finditer(text[left:right]))
    ends = [(left + match.start(), left + match.end()) for match in found]
    start, end = span
    for first, last in ends:
        if first < end and last > start:
            start, end = min(start, first), max(end, last)
    for first, last in reversed(ends):
        if last <= start and _is_joint(text[left:first], text[last:start]):
            start = first
    for first, last in ends:
        if first >= end and _is_joint(text[left:start], text[end:first]):
            end = last
    tie = _TIE.search(text[left:start])
    return (left + tie.start() if tie else start), end


def _is_joint(before: str, joint: str) -> bool:
    is_between = _BETWEEN.search(before) and joint.strip().lower() == "and"
    return bool(is_between or _JOINED.fullmatch(joint))


def _one(start: str, end: str, before: str, after: str) -> set[str]:
    if _TO_THE_PRESENT.match(after):
        return {f"{start}/.."}
    accepts = {start if start == end else f"{start}/{end}"}
    if _UNTIL.search(before[-_LONGEST:]):
        accepts.add(f"../{end}")
    elif _SINCE.search(before[-_LONGEST:]):
        accepts.add(f"{start}/..")
    return accepts


def _range(printed: str, found: list[re.Match[str]], dates: list[tuple[str, str]]) -> set[str]:
    first, last = found
    if not _is_joint(printed[: first.start()], printed[first.end() : last.start()]):
        return set()
    (start, _), (_, end) = dates
    # "June to August 2017": the year of the end is the year of both.
    if start.startswith("????"):
        start = end[:4] + start[4:]
    return {f"{start}/{end}"}


def _edtf_of(match: re.Match[str]) -> tuple[str, str]:
    """The first and last date, in EDTF, of one printed date."""
    if match["iso"]:
        return match["iso"], match["iso"]
    if year := match["part_year"]:
        short = (match["short"] or "").lower()
        length = 3 if (short or match["unit"].lower()).startswith("q") else 6
        end = length * (int(short[1]) if short else _PARTS[match["part"].lower()])
        return f"{year}-{end - length + 1:02}", f"{year}-{end:02}"
    year = match["year"] or match["year2"] or match["year3"] or match["year4"] or "????"
    month = match["month"] or match["month2"] or match["month3"]
    day = match["day"] or match["day2"]
    if match["third"] and not month:
        first, last = _THIRDS[match["third"].lower()]
        return f"{year}-{first}", f"{year}-{last}"
    text = year
    if month:
        text += f"-{_month_number(month):02}"
    if day:
        text += f"-{int(day):02}"
    return text, text


def _month_number(name: str) -> int:
    return 1 + [month[:3] for month in _MONTHS].index(name[:3].capitalize())
