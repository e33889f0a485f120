"""Reading dates and periods out of printed words.

`read` gives the one period that words print, as the EDTF texts that say the same: "Q3 2020" is
2020-07/2020-09. What a fiscal year or "2016–17" is, the words leave open: any twelve months that
begin and end in these years. Of a relative date ("last year") nothing is said but that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from tallybook.reading import english as words
from tallybook.reading.numeral import any_of
from tallybook.reading.numerals import find
from tallybook.reading.periods import UNSTATED, BadPeriod, Period, parse

_LONGEST = 40  # characters that are looked at beside a date
# With a capital, for "may" is a verb too.
_NAMES = [form for name in words.MONTHS for form in (name, f"{name[:3]}\\.?")] + ["Sept\\.?"]
_MONTH = "(?-i:" + "|".join(_NAMES + [name.upper() for name in _NAMES]) + ")"
_THIRDS = {"early": ("01", "04"), "mid": ("05", "08"), "late": ("09", "12")}  # of a year
_THIRDS |= {"middle": _THIRDS["mid"]}
_PARTS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "former": 1, "latter": 2, "last": -1}
_PARTS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": -1}
_MONTHS_OF = {"quarter": 3, "half": 6, "q": 3, "h": 6}
_YEAR = r"(?:1[5-9]|20)\d\d"
_RECENT = r"(?:19|20)\d\d"
_TH = r"(?:st|nd|rd|th)?"
# The dates of running text, for what a page may name.
_ONE_DATE = re.compile(
    r"(?<!\w)(?:(?P<third>mid|late|early)[\s-]+|the (?:end|beginning|start) of )?(?:"
    r"(?P<iso>\d{4}-\d\d(?:-\d\d)?)"
    r"|(?a:(?P<part>first|second|third|fourth|(?:former|latter)(?=[\s-]+half))"
    r"[\s-]+(?P<unit>half|quarter)|(?P<short>h[12]|q[1-4]))"
    rf"[\s-]+(?:of\s+)?(?P<part_year>{_RECENT})"
    rf"|(?P<day>\d{{1,2}}){_TH}\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>{_RECENT}))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}}){_TH}(?![\d,.]?\d)(?:,?\s+(?P<year2>{_RECENT}))?"
    rf"|(?P<month3>{_MONTH})(?:,?\s+(?:of\s+)?(?P<year3>{_RECENT}))?"
    rf"|(?P<year4>{_RECENT})"
    r")(?![\w%]|[-–—/.]\d{1,2}(?!\d))",
    re.IGNORECASE,
)
_TO_THE_PRESENT = re.compile(
    r"\s*(?:to|until|through|[-–—])\s*(?:the\s+)?(?:present|now|today|date)(?!\w)", re.I
)
_ONWARDS = re.compile(r"\s*(?:(?:and\s+)?(?:onwards?|on|later|after|thereafter)|\+)(?!\w)", re.I)
_AND_AFTER = re.compile(r"\s*(?:onwards?|and\s+(?:later|after|thereafter)|\+)(?!\w)", re.I)
_UNTIL = re.compile(
    r"(?:as\s+of|as\s+at|by|until|till|up\s+to|through|to)\s+(?:the end of\s+)?$", re.I
)
_SINCE = re.compile(r"(?:since|starting(?:\s+(?:in|from))?|beginning\s+in|as\s+from)\s+$", re.I)
_BEFORE = re.compile(r"(?:before|prior\s+to|earlier\s+than|pre-)\s*$", re.I)
_AFTER = re.compile(r"(?:after|later\s+than|post-)\s*$", re.I)
_FROM = re.compile(r"from\s+$", re.I)
_JOINED = re.compile(r"\s*(?:to|until|till|through|up to|[-–—])\s*(?:the\s+)?(?:end of\s+)?", re.I)
_AND = re.compile(r"\s*(?:,?\s*and|&|,)\s*(?:the\s+)?", re.I)
_TIE = re.compile(
    r"(?<!\w)(?:since|before|after|prior to|until|till|as of|as at|up to|half of|quarter of"
    rf"|(?:{any_of(words.UNITS_OF_TIME.split())})s?\s+(?:ended|ending|to))\s+(?:the\s+end\s+of\s+)?$",
    re.I,
)
_BETWEEN = re.compile(r"between\s+$", re.I)
_LENGTH_TO = re.compile(
    r"(?:(?P<number>[\w-]+)[\s-]+)?(?P<unit>(?:fiscal|financial|calendar|half)[\s-]+years?|years?"
    r"|half-years?|quarters?|months?|fortnights?|weeks?|days?)(?:\s+periods?)?\s+"
    r"(?:that\s+)?(?:ended|ending|end|to|through|until|up\s+to)\s+(?:on\s+)?(?:the\s+end\s+of\s+)?$",
    re.I,
)
_WEEK_OF = re.compile(r"week\s+(?:beginning|starting|commencing|of)\s+(?:on\s+)?$", re.I)
_RELATIVE = re.compile(
    r"(?<!\w)(?:(?:the\s+)?(?:last|this|past|previous|prior|next|current|preceding|following|same"
    r"|coming|latest|recent|intervening)\s+(?:[\w-]+\s+)?(?:fiscal\s+|calendar\s+|financial\s+)?"
    rf"(?:{any_of(words.UNITS_OF_TIME.split())}|quarter|season|{any_of(words.SEASONS)})s?"
    r"|year[\s-](?:on|over|to)[\s-](?:year|date)|month[\s-](?:on|over)[\s-]month"
    r"|quarter[\s-](?:on|over)[\s-]quarter|y-?o-?y|q-?o-?q|m-?o-?m|(?:a|one)\s+year\s+(?:earlier|ago|before)"
    r"|the\s+(?:year|month|week|quarter|day)\s+(?:before|earlier|after)|today|yesterday|now|currently"
    r"|at\s+present|to\s+date|so\s+far|recently|in\s+recent\s+(?:years|months|weeks)"
    rf"|(?:[\w-]+|\d+)\s+(?:{any_of(words.UNITS_OF_TIME.split())})s?\s+(?:ago|earlier|before|later))(?!\w)",
    re.I,
)


class _Months(NamedTuple):
    """So many whole months, of which only the years are known in which they begin and end."""

    length: int
    begin: int | None
    end: int | None
    needs_both: bool

    def allows(self, period: Period) -> bool:
        if period.first is None or period.last is None or period.months != self.length:
            return False
        begins, ends = period.first.year == self.begin, period.last.year == self.end
        if self.needs_both:
            return begins and ends
        return (begins or ends) and "-" in period.text

    def __str__(self) -> str:
        link = "and" if self.needs_both else "or"
        text = f"{self.length} months that begin in {self.begin} {link} end in {self.end}"
        if self.length % 12:
            return text
        begin = (self.end or 0) - self.length // 12
        return f"{text}, such as {begin}-10/{self.end}-09"


@dataclass(frozen=True, slots=True)
class PrintedPeriod:
    """Dates read out of printed words.

    `accepts` has the EDTF texts that say the same, with "????" for a year that is not printed;
    `months` what a fiscal year may be; `spans` says where in the words the dates stand.
    """

    accepts: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    has_year: bool
    months: tuple[_Months, ...] = ()

    def allows(self, period: Period) -> bool:
        """Whether a period is the printed one, as far as that has a year.

        >>> printed = read("by the end of August")
        >>> printed.allows(parse("../2017-08")), printed.allows(parse("2017-09"))
        (True, False)
        """
        text = period.text if self.has_year else re.sub(r"\d{4}", "????", period.text)
        return text in self.accepts or any(each.allows(period) for each in self.months)

    @property
    def described(self) -> str:
        """What it accepts, for a message."""
        return " or ".join([*sorted(self.accepts), *map(str, self.months)])


@dataclass(frozen=True, slots=True)
class _Date:
    """One printed date: the first and the last date in EDTF that it stands for, and what else."""

    start: int
    end: int
    first: str
    last: str
    also: frozenset[str] = field(default_factory=frozenset)
    months: tuple[_Months, ...] = ()
    is_fiscal: bool = False  # so that its ends are not those of the calendar


def read(printed: str) -> PrintedPeriod | None:
    """The one date or range of dates in printed words; None if there is none, or more.

    >>> read("from September 2016 to August 2017").accepts
    frozenset({'2016-09/2017-08'})
    """
    found = [*_dates(printed)]
    if not found:
        return _relative(printed)
    # Of three dates nobody knows which two are the ends.
    if len(found) > 2:
        return None
    before, after = printed[: found[0].start], printed[found[-1].end :]
    result = _one(found[0], before, after) if len(found) == 1 else _range(printed, *found)
    if result is None:
        return None
    accepts, months = result
    has_year = not any("????" in text for text in accepts)
    spans = tuple((each.start, each.end) for each in found)
    return PrintedPeriod(frozenset(accepts), spans, has_year, months)


def _relative(printed: str) -> PrintedPeriod | None:
    """A date that only says how it lies to another, which is kept as such."""
    if not _RELATIVE.search(printed):
        return None
    return PrintedPeriod(frozenset({UNSTATED}), (), has_year=True)


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
    ends = [(left + each.start, left + each.end) for each in _dates(text[left:right])]
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


Accepted = tuple[set[str], tuple[_Months, ...]]


def _one(found: _Date, before: str, after: str) -> Accepted | None:
    """What one date stands for, by the words before and behind it."""
    near = before[-_LONGEST:]
    if length := _LENGTH_TO.search(near):
        return _ended(found, length)
    if _WEEK_OF.search(near) and (day := _first_day(found.first)) and len(found.first) == 10:
        return {f"{day}/{day + timedelta(days=6)}"}, ()
    start, end = found.first, found.last
    if _TO_THE_PRESENT.match(after) or _AND_AFTER.match(after):
        return {f"{start}/.."}, ()
    if _FROM.search(near) and _ONWARDS.match(after):
        return {f"{start}/.."}, ()
    if _BEFORE.search(near):
        return _before(start)
    if _AFTER.search(near):
        return _after(end)
    if _SINCE.search(near):
        return {f"{start}/.."} | ({f"{start}/{end}"} if start != end else set()), ()
    accepts = {start if start == end else f"{start}/{end}", *found.also}
    if found.is_fiscal:
        accepts = {*found.also}
    if _UNTIL.search(near) and not found.months:
        accepts.add(f"../{end}")
    return accepts, found.months


def _before(start: str) -> Accepted | None:
    first = _first_day(start)
    if first is None:
        return None
    return {f"../{_as_precise(first - timedelta(days=1), start)}"}, ()


def _after(end: str) -> Accepted | None:
    last = _last_day(end)
    if last is None:
        return None
    return {f"{_as_precise(last + timedelta(days=1), end)}/.."}, ()


def _as_precise(day: date, text: str) -> str:
    return day.isoformat()[: len(text)]


def _first_day(text: str) -> date | None:
    with suppress(BadPeriod):  # 30 February
        return None if "?" in text else parse(text).first
    return None


def _last_day(text: str) -> date | None:
    with suppress(BadPeriod):
        return None if "?" in text else parse(text).last
    return None


def _ended(found: _Date, length: re.Match[str]) -> Accepted | None:
    """So many months, weeks or days that end with a date: "the year ended 31 March 2020"."""
    last = _last_day(found.last)
    count = _count(length["number"])
    unit = length["unit"].lower().removesuffix("s")
    if last is None:
        return None
    if unit in ("day", "week", "fortnight"):
        days = count * {"day": 1, "week": 7, "fortnight": 14}[unit]
        return {f"{last - timedelta(days=days - 1)}/{last}"}, ()
    months = count * {"quarter": 3, "month": 1}.get(unit, 6 if unit.startswith("half") else 12)
    total = last.year * 12 + last.month - months
    next_day = last + timedelta(days=1)
    begin = f"{total // 12}-{total % 12 + 1:02}"
    if next_day.day == 1:
        return {f"{begin}/{last:%Y-%m}", f"{begin}-01/{last}"}, ()
    # A year to 5 April begins on the 6th.
    first = f"{(total - 1) // 12}-{(total - 1) % 12 + 1:02}-{next_day.day:02}"
    return {f"{first}/{last}"}, ()


def _count(printed: str | None) -> int:
    """A number of months or weeks before "ended"; one, where the word before it is none."""
    numeral = next(find(printed or ""), None)
    is_number = numeral is not None and numeral.value.denominator == 1 and not numeral.is_ordinal
    return int(numeral.value) if is_number and numeral and 0 < numeral.value < 1000 else 1


def _range(printed: str, first: _Date, last: _Date) -> Accepted | None:
    before, joint = printed[: first.start], printed[first.end : last.start]
    # "June to August 2017": the year of the end is the year of both.
    if first.first.startswith("????"):
        year = last.last[:4]
        first = replace(first, first=year + first.first[4:], last=year + first.last[4:])
    is_adjacent = (_AND.fullmatch(joint) or joint == "/") and _follows(first, last)
    if not _is_joint(before, joint) and not is_adjacent:
        return None
    start, end = first.first, last.last
    if first.is_fiscal and first.months:
        return _fiscal_years(first.months[0], last)
    if start > end and "?" not in start + end:
        return None
    accepts = {f"{start}/{end}"}
    if len(start) == len(end) == len("2016") and "/" in joint and int(end) == int(start) + 1:
        return accepts, (_Months(12, int(start), int(end), needs_both=True),)
    return accepts, ()


def _fiscal_years(first: _Months, last: _Date) -> Accepted | None:
    """Several fiscal years: "fiscal years 2015 through 2018", "2013–14 to 2017–18"."""
    end = last.months[0].end if last.months else None
    if end is None and re.fullmatch(r"\d{4}", last.last):
        end = int(last.last)
    if end is None or first.end is None or end <= first.end:
        return None
    return set(), (_Months(12 * (end - first.end + 1), first.begin, end, first.needs_both),)


def _follows(first: _Date, last: _Date) -> bool:
    """Whether the second of two dates begins on the day after the first one's last."""
    if "?" in first.last + last.first or len(first.last) != len(last.first):
        return False
    end, start = _last_day(first.last), _first_day(last.first)
    return end is not None and start is not None and end + timedelta(days=1) == start


# Each way to print a date: where it matches first, nothing else is read


def _split(match: re.Match[str]) -> _Date | None:
    """A split year: "2016–17", "FY2019/20": a year that begins in one and ends in the next."""
    begin = int(match["begin"]) if len(match["begin"]) == 4 else 2000 + int(match["begin"])
    end = begin // 100 * 100 + int(match["end"][-2:])
    end += 100 if end < begin and end % 100 == 0 else 0
    is_fiscal = bool(match["fiscal"])
    if end != begin + 1:
        is_month = match["dash"] == "-" and int(match["end"]) <= 12
        if is_fiscal or is_month or end <= begin:
            return None
        return _Date(*match.span(), str(begin), str(end))
    months = (_Months(12, begin, end, needs_both=True),)
    also = frozenset({f"{begin}/{end}"})
    return _Date(*match.span(), str(begin), str(end), also, months, is_fiscal=True)


def _fiscal(match: re.Match[str]) -> _Date:
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    months = (_Months(12, year, year, needs_both=False),)
    return _Date(*match.span(), str(year), str(year), frozenset(), months, is_fiscal=True)


def _part_of_year(match: re.Match[str]) -> _Date | None:
    """A part of a year: "Q3 2020", "3Q22", "second half of fiscal 2019"."""
    given = {name: text for name, text in match.groupdict().items() if text}
    length = _MONTHS_OF[given["unit"].lower()]
    number = given["number"].lower()
    part = int(number) if number.isdigit() else _PARTS[number]
    count = 12 // length
    part = count if part == -1 else part
    last = part
    if until := given.get("until"):
        last = int(until) if until.isdigit() else _PARTS[until.lower()]
    if not 1 <= part <= last <= count:
        return None
    year = given["year"]
    year = year if len(year) == 4 else f"20{year}"
    start, end = f"{year}-{(part - 1) * length + 1:02}", f"{year}-{last * length:02}"
    if not given.get("fiscal"):
        return _Date(*match.span(), start, end)
    months = tuple(
        _Months((last - part + 1) * length, int(year) + of, int(year) + of, needs_both=False)
        for of in (-1, 0)
    )
    return _Date(*match.span(), start, end, frozenset(), months, is_fiscal=True)


def _first_months(match: re.Match[str]) -> _Date | None:
    length = _count(match["number"]) * (3 if match["unit"].lower().startswith("quarter") else 1)
    if not 1 <= length <= 12:
        return None
    year = match["year"]
    if match["which"].lower() == "first":
        return _Date(*match.span(), f"{year}-01", f"{year}-{length:02}")
    return _Date(*match.span(), f"{year}-{13 - length:02}", f"{year}-12")


def _decade(match: re.Match[str]) -> _Date:
    decade = match["decade"]
    first, last = f"{decade}0", f"{decade}9"
    also = frozenset() if match["third"] else frozenset({f"{decade}X"})
    return _Date(*match.span(), first, last, also)


def _century(match: re.Match[str]) -> _Date | None:
    numeral = next(find(match["number"]), None)
    if numeral is None or not 1 <= numeral.value <= 30:
        return None
    hundreds = int(numeral.value) - 1
    also = frozenset({f"{hundreds:02}00/{hundreds:02}99", f"{hundreds:02}XX"})
    return _Date(*match.span(), f"{hundreds:02}01", f"{hundreds + 1:02}00", also)


def _season(match: re.Match[str]) -> _Date:
    number, year = words.SEASONS[match["season"].lower()], match["year"]
    first = 3 * (number - 21) + 3
    start = f"{year}-{first:02}"
    end = f"{year}-{first + 2:02}" if first < 12 else f"{int(year) + 1}-02"
    also = frozenset({f"{year}-{number}"})
    if first == 12 and not match["next"]:
        also |= {f"{int(year) - 1}-12/{year}-02"}
    return _Date(*match.span(), start, end, also)


def _iso(match: re.Match[str]) -> _Date | None:
    year, month, day = (int(part) for part in match[0].split("-"))
    text = f"{year}-{month:02}-{day:02}"
    return _Date(*match.span(), text, text) if month <= 12 and day <= 31 else None


def _in_digits(match: re.Match[str]) -> _Date | None:
    """A day: "30.06.2021", "6/30/2017"; where both could be the month, either is accepted."""
    one, two, year = int(match["one"]), int(match["two"]), match["year"]
    found = [f"{year}-{m:02}-{d:02}" for d, m in ((one, two), (two, one)) if m <= 12 and d <= 31]
    if match["sign"] == ".":
        found = found[:1] if two <= 12 else []
    return _Date(*match.span(), found[0], found[0], frozenset(found)) if found else None


def _days(match: re.Match[str]) -> _Date:
    """Some days: "6–8 June 2017", "June 6–8, 2017"."""
    given = {name: text for name, text in match.groupdict().items() if text}
    day = f"{given.get('year', '????')}-{_month_number(given['month']):02}"
    return _Date(*match.span(), f"{day}-{int(given['one']):02}", f"{day}-{int(given['two']):02}")


def _end_of(match: re.Match[str]) -> _Date:
    """An end: "year-end 2019", "end-June 2020", "the end of 2019"."""
    year = match["year"]
    if match["month"]:
        text = f"{year}-{_month_number(match['month']):02}"
        last = parse(text).last
        return _Date(*match.span(), text, text, frozenset({str(last)}))
    return _Date(*match.span(), year, year, frozenset({f"{year}-12", f"{year}-12-31"}))


def _plain(match: re.Match[str]) -> _Date:
    first, last = _edtf_of(match)
    also: frozenset[str] = frozenset()
    if match["third"] and first != last:
        also = frozenset({first[:4]})
    return _Date(*match.span(), first, last, also)


_FISCAL = (
    r"fiscal(?:\s+years?)?|financial\s+years?|(?:academic|school|tax|reporting)\s+years?|FYs?|AY|SY"
)
_SPLIT_YEAR = (
    rf"(?:(?P<fiscal>{_FISCAL})\s?[-']?\s?)?(?P<begin>{_RECENT}|(?<=FY)\d\d)\s?(?P<dash>[-–/])\s?"
    r"(?P<end>\d\d)(?![\d/]|[-–.]\d)"
)
_WAYS: tuple[tuple[str, Callable[[re.Match[str]], _Date | None]], ...] = (
    (rf"{_YEAR}-\d\d?-\d\d?", _iso),
    (r"(?P<one>\d{1,2})(?P<sign>[./])(?P<two>\d{1,2})(?P=sign)(?P<year>" + _YEAR + ")", _in_digits),
    (
        r"(?P<unit>Q|H)(?P<number>[1-4])\s?\s?(?:(?:-|–|to|and|&)\s?\s?[QH](?P<until>[1-4]))?[\s/,-]?[\s/,-]?(?:of\s+)?"
        rf"(?P<fiscal>{_FISCAL})?[\s']?[\s']?(?P<year>{_RECENT}|\d\d(?!\d))",
        _part_of_year,
    ),
    (
        rf"(?P<number>[1-4])(?P<unit>Q|H)[\s'-]?[\s'-]?(?:of\s+)?(?P<fiscal>{_FISCAL})?[\s']?[\s']?"
        rf"(?P<year>{_RECENT}|\d\d(?!\d))",
        _part_of_year,
    ),
    (
        rf"(?P<fiscal>{_FISCAL})?\s?\s?(?P<year>{_RECENT})[\s-]?(?:(?P<unit>Q|H)(?P<number>[1-4]))",
        _part_of_year,
    ),
    (
        rf"(?P<number>{any_of(_PARTS)})(?:\s?\s?(?:-|–|to|and|&|through)\s?\s?(?:the\s+)?"
        rf"(?P<until>{any_of(_PARTS)}))?[\s-]+(?P<unit>half|quarter)(?:s|es)?[\s,-]?[\s,-]?(?:of\s+)?(?:the\s+)?"
        rf"(?P<fiscal>{_FISCAL})?\s?\s?(?:year\s+)?(?P<year>{_RECENT})",
        _part_of_year,
    ),
    (
        r"(?P<which>first|last|final)\s+(?P<number>[\w-]+)\s+(?P<unit>months|quarters)\s+(?:of\s+)?"
        rf"(?:the\s+year\s+)?(?P<year>{_RECENT})",
        _first_months,
    ),
    (
        rf"(?P<season>{any_of(words.SEASONS)})[\s,]+(?:of\s+|in\s+)?(?P<year>{_RECENT})"
        r"(?P<next>[-–/]\d\d(?!\d))?",
        _season,
    ),
    (_SPLIT_YEAR, _split),
    (rf"(?:{_FISCAL})[\s']?[\s']?(?:of\s+)?(?P<year>{_RECENT}|(?<=FY)\d\d|(?<=FY')\d\d)", _fiscal),
    (r"(?:(?P<third>early|mid|late)[\s-]+)?(?:the\s+)?(?P<decade>(?:1[5-9]|20)\d)0['’]?s", _decade),
    (
        rf"(?P<number>\d{{1,2}}(?:st|nd|rd|th)|(?:twenty-)?{any_of(words.ORDINALS)})[\s-]+century",
        _century,
    ),
    (
        rf"(?P<one>\d{{1,2}}){_TH}\s?(?:-|–|to|and)\s?(?P<two>\d{{1,2}}){_TH}\s+(?:of\s+)?"
        rf"(?P<month>{_MONTH})(?:,?\s+(?P<year>{_YEAR}))?",
        _days,
    ),
    (
        rf"(?P<month>{_MONTH})\s+(?P<one>\d{{1,2}}){_TH}\s?(?:-|–|to|and)\s?(?P<two>\d{{1,2}}){_TH}"
        rf"(?:,?\s+(?P<year>{_YEAR}))?",
        _days,
    ),
    (
        rf"(?:year[\s-]end|end[\s-](?:of[\s-])?|the\s+end\s+of\s+)\s?\s?(?P<month>{_MONTH}\s+)?(?P<year>{_YEAR})",
        _end_of,
    ),
    (
        _ONE_DATE.pattern.replace(_RECENT, _YEAR)
        .replace(r"\d{4}-", f"{_YEAR}-")
        .replace("mid|late|early", "mid|late|early|middle of"),
        _plain,
    ),
)


_READERS = [
    # Letters as ASCII has them: else the dotless i counts as an i.
    (re.compile(rf"(?<![\w.])(?a:{way})(?![\w%])", re.IGNORECASE), reader)
    for way, reader in _WAYS[:-1]
]
_READERS.append((re.compile(_WAYS[-1][0], re.IGNORECASE), _plain))


def _dates(text: str) -> list[_Date]:
    """Each printed date of a short text, in order; none overlaps another."""
    found: list[_Date] = []
    taken = bytearray(len(text))
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(taken[start:end]) and (one := reader(match)):
                taken[start:end] = b"x" * (end - start)
                found.append(one)
    return sorted(found, key=lambda each: each.start)


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
        first, last = _THIRDS[match["third"].lower().split()[0]]
        return f"{year}-{first}", f"{year}-{last}"
    text = year
    if month:
        text += f"-{_month_number(month):02}"
    if day:
        text += f"-{int(day):02}"
    return text, text


def _month_number(name: str) -> int:
    return 1 + [month[:3] for month in words.MONTHS].index(name.strip()[:3].capitalize())
