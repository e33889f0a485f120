"""Reading dates and periods out of printed words.

`read` gives the one period that words print, as the EDTF texts that say the same: "Q3 2020" is
2020-07/2020-09. What a fiscal year or "2016–17" is, the words leave open: any twelve months that
begin and end in these years. Of a relative date ("last year") nothing is said but that it is one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from tallybook.reading import english as words
from tallybook.reading.numeral import any_of
from tallybook.reading.periods import UNSTATED, BadPeriod, Period, parse
from tallybook.reading.printed_dates import ONE_DATE, Date, Months, all_in, count_of, edtf_of

_LONGEST = 40  # characters that are looked at beside a date
# With a capital, for "may" is a verb too.
_NAMES = [form for name in words.MONTHS for form in (name, f"{name[:3]}\\.?")] + ["Sept\\.?"]
_MONTH = "(?-i:" + "|".join(_NAMES + [name.upper() for name in _NAMES]) + ")"
_RECENT = r"(?:19|20)\d\d"
_TH = r"(?:st|nd|rd|th)?"
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
    r"(?<!\w)(?:since|before|after|prior to|until|till|as of|as at|(?:up )?to and including|up to"
    r"|half of|quarter of|(?:year[\s-]to[\s-]date|YTD)(?: (?:through|to|at|as of|in))?"
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
_YEAR_TO_DATE = re.compile(
    r"(?:year[\s-]to[\s-]date|\bYTD)[\s,]*(?:(?:through|to|at|as\s+of|in|ended|ending)\s+)?"
    r"(?:the\s+end\s+of\s+)?$",
    re.I,
)
_YEAR_TO_DATE_AFTER = re.compile(r"\s*(?:year[\s-]to[\s-]date|YTD)(?!\w)", re.I)
_UP_TO_AND_INCLUDING = re.compile(r"(?:up\s+)?to\s+and\s+including\s+$", re.I)
RELATIVE = re.compile(
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
Accepted = tuple[set[str], tuple[Months, ...]]


@dataclass(frozen=True, slots=True)
class PrintedPeriod:
    """Dates read out of printed words.

    `accepts` has the EDTF texts that say the same, with "????" for a year that is not printed;
    `months` what a fiscal year may be; `spans` says where in the words the dates stand.
    """

    accepts: frozenset[str]
    spans: tuple[tuple[int, int], ...]
    has_year: bool
    months: tuple[Months, ...] = ()

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
        # In quotes: "2010/.." would run into the full stop behind it.
        return " or ".join(
            [*(f'"{text}"' for text in sorted(self.accepts)), *map(str, self.months)]
        )


def read(printed: str) -> PrintedPeriod | None:
    """The one date or range of dates in printed words; None if there is none, or more.

    >>> read("from September 2016 to August 2017").accepts
    frozenset({'2016-09/2017-08'})
    """
    found = [*all_in(printed)]
    if not found:
        return _relative(printed)
    # Of three dates nobody knows which two are the ends.
    if len(found) > 2:
        return None
    before, after = printed[: found[0].start], printed[found[-1].end :]
    if _YEAR_TO_DATE.search(before) or _YEAR_TO_DATE_AFTER.match(after):
        result = _year_to_date(found[0]) if len(found) == 1 else None
    else:
        result = _one(found[0], before, after) if len(found) == 1 else _range(printed, *found)
    if result is None:
        return None
    accepts, months = result
    has_year = not any("????" in text for text in accepts)
    spans = tuple((each.start, each.end) for each in found)
    return PrintedPeriod(frozenset(accepts), spans, has_year, months)


def _relative(printed: str) -> PrintedPeriod | None:
    """A date that only says how it lies to another, which is kept as such."""
    if not RELATIVE.search(printed):
        return None
    return PrintedPeriod(frozenset({UNSTATED}), (), has_year=True)


def dates(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Each printed date of a text: where it stands, and what it is in EDTF.

    A part of a year is that year, and "????" stands for a year that is not printed.

    >>> list(dates("In late 2016, and on June 6"))
    [((3, 12), '2016'), ((21, 27), '????-06-06')]
    """
    for match in ONE_DATE.finditer(text):
        first, last = edtf_of(match)
        yield match.span(), first if first == last else first[: len("2016")]


def whole(text: str, span: tuple[int, int], found: Sequence[Date]) -> tuple[int, int]:
    """The whole of a printed date that a part of a text belongs to, with the word that leads it.

    `found` are all dates of the text.

    >>> text = "They paid since June 2017."
    >>> text[slice(*whole(text, (21, 25), all_in(text)))]
    'since June 2017'
    """
    # As far as a range of dates can reach: the text may be a whole document.
    left, right = max(0, span[0] - 60), span[1] + 60
    near = found[bisect_left(found, left, key=lambda each: each.start) :]
    ends = [(each.start, each.end) for each in takewhile(lambda each: each.end <= right, near)]
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
    to_date = _YEAR_TO_DATE_AFTER.match(text, end)
    return (left + tie.start() if tie else start), (to_date.end() if to_date else end)


def _is_joint(before: str, joint: str) -> bool:
    is_between = _BETWEEN.search(before) and joint.strip().lower() == "and"
    return bool(is_between or _JOINED.fullmatch(joint))


def _one(found: Date, before: str, after: str) -> Accepted | None:
    """What one date stands for, by the words before and behind it."""
    near = before[-_LONGEST:]
    if length := _LENGTH_TO.search(near):
        return _ended(found, length)
    if _WEEK_OF.search(near) and (day := _first_day(found.first)) and len(found.first) == 10:
        return {f"{day}/{day + timedelta(days=6)}"}, ()
    start, end = found.first, found.last
    if _is_open(near, after):
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
    if _UP_TO_AND_INCLUDING.search(near):
        accepts = {f"../{end}"}
    elif _UNTIL.search(near) and not found.months:
        accepts.add(f"../{end}")
    return accepts, found.months


def _is_open(before: str, after: str) -> bool:
    """Whether a date begins a period without an end: "2019 to date", "from 2015 onwards"."""
    if _TO_THE_PRESENT.match(after) or _AND_AFTER.match(after):
        return True
    return bool(_FROM.search(before) and _ONWARDS.match(after))


def _year_to_date(found: Date) -> Accepted | None:
    """A year up to one of its months or days; None where nothing says how far it had got."""
    end, last = found.last, _last_day(found.last)
    if last is None or len(end) == len("2016"):
        return None
    accepts = {f"{last.year}-01-01/{last}"}
    return accepts | ({f"{last.year}-01/{last:%Y-%m}"} if _is_of_a_month(last) else set()), ()


def _is_of_a_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


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


def _ended(found: Date, length: re.Match[str]) -> Accepted | None:
    """So many months, weeks or days that end with a date: "the year ended 31 March 2020"."""
    last = _last_day(found.last)
    count = count_of(length["number"])
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


def _range(printed: str, first: Date, last: Date) -> Accepted | None:
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
        return accepts, (Months(12, int(start), int(end), needs_both=True),)
    return accepts, ()


def _fiscal_years(first: Months, last: Date) -> Accepted | None:
    """Several fiscal years: "fiscal years 2015 through 2018", "2013–14 to 2017–18"."""
    end = last.months[0].end if last.months else None
    if end is None and re.fullmatch(r"\d{4}", last.last):
        end = int(last.last)
    if end is None or first.end is None or end <= first.end:
        return None
    return set(), (Months(12 * (end - first.end + 1), first.begin, end, first.needs_both),)


def _follows(first: Date, last: Date) -> bool:
    """Whether the second of two dates begins on the day after the first one's last."""
    if "?" in first.last + last.first or len(first.last) != len(last.first):
        return False
    end, start = _last_day(first.last), _first_day(last.first)
    return end is not None and start is not None and end + timedelta(days=1) == start
