"""Each date of a text, in every way in which documents print one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from tallybook.reading import english as words
from tallybook.reading.numeral import any_of
from tallybook.reading.numerals import find
from tallybook.reading.periods import Period, parse

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
ONE_DATE = re.compile(
    r"(?<!\w)(?:(?P<third>mid|late|early)[\s-]+|the (?:end|beginning|start) of )?(?:"
    r"(?P<iso>\d{4}-\d\d(?:-\d\d)?)"
    r"|(?a:(?P<part>first|second|third|fourth|(?:former|latter)(?=[\s-]+half))"
    r"[\s-]+(?P<unit>half|quarter)|(?P<short>h[12]|q[1-4]))"
    rf"[\s-]+(?:of\s+)?(?P<part_year>{_RECENT})"
    rf"|(?P<day>\d{{1,2}}){_TH}\s+(?:of\s+)?(?P<month>{_MONTH})(?:,?\s+(?P<year>{_RECENT}))?"
    rf"|(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}}){_TH}(?![\d,.]?\d)(?:,?\s+(?P<year2>{_RECENT}))?"
    rf"|(?P<month3>{_MONTH})(?:,?\s+(?:of\s+)?(?P<year3>{_RECENT}))?"
    rf"|(?P<year4>{_RECENT})"
    rf")(?![\w%]|[-–—/.]\d{{1,2}}(?!\d)(?!{_TH}\s+{_MONTH}))",
    re.IGNORECASE,
)
_THIRDS_OF_A_DECADE = {
    "early": ((0, 3), (0, 2), (0, 4)),
    "mid": ((4, 6), (3, 6), (3, 7)),
    "late": ((7, 9), (5, 9), (6, 9), (8, 9)),
}
_FISCAL = (
    r"fiscal(?:\s+years?)?|financial\s+years?|(?:academic|school|tax|reporting)\s+years?|FYs?|AY|SY"
)
_SPLIT_YEAR = (
    rf"(?:(?P<fiscal>{_FISCAL})\s?[-']?\s?)?(?P<begin>{_RECENT}|(?<=FY)\d\d)\s?(?P<dash>[-–/])\s?"
    rf"(?P<end>\d\d)(?![\d/]|[-–.]\d|{_TH}\s+{_MONTH})"
)


class Months(NamedTuple):
    """So many whole months, of which only the years are known in which they begin and end."""

    length: int
    begin: int | None
    end: int | None
    needs_both: bool

    def allows(self, period: Period) -> bool:
        """Whether a period is so many months that begin or end in these years.

        >>> Months(12, 2016, 2017, needs_both=True).allows(parse("2016-10/2017-09"))
        True
        """
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
class Date:
    """One printed date: the first and the last date in EDTF that it stands for, and what else."""

    start: int
    end: int
    first: str
    last: str
    also: frozenset[str] = field(default_factory=frozenset)
    months: tuple[Months, ...] = ()
    is_fiscal: bool = False  # so that its ends are not those of the calendar


def count_of(printed: str | None) -> int:
    """A number of months or weeks before "ended"; one, where the word before it is none.

    >>> count_of("twelve"), count_of("the")
    (12, 1)
    """
    numeral = next(find(printed or ""), None)
    is_number = numeral is not None and numeral.value.denominator == 1 and not numeral.is_ordinal
    return int(numeral.value) if is_number and numeral and 0 < numeral.value < 1000 else 1


def _split(match: re.Match[str]) -> Date | None:
    """A split year: "2016–17", "FY2019/20": a year that begins in one and ends in the next."""
    begin = int(match["begin"]) if len(match["begin"]) == 4 else 2000 + int(match["begin"])
    end = begin // 100 * 100 + int(match["end"][-2:])
    end += 100 if end < begin and end % 100 == 0 else 0
    is_fiscal = bool(match["fiscal"])
    if end != begin + 1:
        is_month = match["dash"] == "-" and int(match["end"]) <= 12
        if is_fiscal or is_month or end <= begin:
            return None
        return Date(*match.span(), str(begin), str(end))
    months = (Months(12, begin, end, needs_both=True),)
    also = frozenset({f"{begin}/{end}"})
    return Date(*match.span(), str(begin), str(end), also, months, is_fiscal=True)


def _fiscal(match: re.Match[str]) -> Date:
    year = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    months = (Months(12, year, year, needs_both=False),)
    return Date(*match.span(), str(year), str(year), frozenset(), months, is_fiscal=True)


def _part_of_year(match: re.Match[str]) -> Date | None:
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
        return Date(*match.span(), start, end)
    months = tuple(
        Months((last - part + 1) * length, int(year) + of, int(year) + of, needs_both=False)
        for of in (-1, 0)
    )
    return Date(*match.span(), start, end, frozenset(), months, is_fiscal=True)


def _first_months(match: re.Match[str]) -> Date | None:
    length = count_of(match["number"]) * (3 if match["unit"].lower().startswith("quarter") else 1)
    if not 1 <= length <= 12:
        return None
    year = match["year"]
    if match["which"].lower() == "first":
        return Date(*match.span(), f"{year}-01", f"{year}-{length:02}")
    return Date(*match.span(), f"{year}-{13 - length:02}", f"{year}-12")


def _decade(match: re.Match[str]) -> Date:
    """A decade, or a part of one, of which nobody says with which year it begins or ends."""
    decade, third = match["decade"], (match["third"] or "").lower()
    if not third:
        return Date(*match.span(), f"{decade}0", f"{decade}9", frozenset({f"{decade}X"}))
    (first, last), *others = _THIRDS_OF_A_DECADE[third]
    also = frozenset(f"{decade}{begin}/{decade}{end}" for begin, end in others)
    return Date(*match.span(), f"{decade}{first}", f"{decade}{last}", also)


def _quarter_by_month(match: re.Match[str]) -> Date | None:
    """A quarter or half by the month that it ends with: "the September quarter 2013"."""
    last, length = _month_number(match["month"]), _MONTHS_OF[match["unit"].lower()]
    if last % length and last % 3:
        return None
    year, first = int(match["year"]), last - length + 1
    begin = f"{year - 1}-{first + 12:02}" if first < 1 else f"{year}-{first:02}"
    return Date(*match.span(), begin, f"{year}-{last:02}")


def _week(match: re.Match[str]) -> Date | None:
    """A numbered week, as ISO 8601 counts them: "week 12 of 2021", "2021-W12"."""
    given = {name: text for name, text in match.groupdict().items() if text}
    year, number = int(given["year"]), int(given["number"])
    try:
        first = date.fromisocalendar(year, number, 1)
        last = date.fromisocalendar(year, int(given.get("until", number)), 7)
    except ValueError:
        return None
    return Date(*match.span(), str(first), str(last)) if first < last else None


def _century(match: re.Match[str]) -> Date | None:
    numeral = next(find(match["number"]), None)
    if numeral is None or not 1 <= numeral.value <= 30:
        return None
    hundreds = int(numeral.value) - 1
    also = frozenset({f"{hundreds:02}00/{hundreds:02}99", f"{hundreds:02}XX"})
    return Date(*match.span(), f"{hundreds:02}01", f"{hundreds + 1:02}00", also)


def _season(match: re.Match[str]) -> Date:
    number, year = words.SEASONS[match["season"].lower()], match["year"]
    first = 3 * (number - 21) + 3
    start = f"{year}-{first:02}"
    end = f"{year}-{first + 2:02}" if first < 12 else f"{int(year) + 1}-02"
    also = frozenset({f"{year}-{number}"})
    if first == 12 and not match["next"]:
        also |= {f"{int(year) - 1}-12/{year}-02"}
    return Date(*match.span(), start, end, also)


def _iso(match: re.Match[str]) -> Date | None:
    year, month, day = (int(part) for part in match[0].split("-"))
    text = f"{year}-{month:02}-{day:02}"
    return Date(*match.span(), text, text) if month <= 12 and day <= 31 else None


def _in_digits(match: re.Match[str]) -> Date | None:
    """A day: "30.06.2021", "6/30/2017"; where both could be the month, either is accepted."""
    one, two, year = int(match["one"]), int(match["two"]), match["year"]
    found = [f"{year}-{m:02}-{d:02}" for d, m in ((one, two), (two, one)) if m <= 12 and d <= 31]
    if match["sign"] == ".":
        found = found[:1] if two <= 12 else []
    return Date(*match.span(), found[0], found[0], frozenset(found)) if found else None


def _days(match: re.Match[str]) -> Date:
    """Some days: "6–8 June 2017", "June 6–8, 2017"."""
    given = {name: text for name, text in match.groupdict().items() if text}
    day = f"{given.get('year', '????')}-{_month_number(given['month']):02}"
    return Date(*match.span(), f"{day}-{int(given['one']):02}", f"{day}-{int(given['two']):02}")


def _end_of(match: re.Match[str]) -> Date:
    """An end: "year-end 2019", "end-June 2020", "the end of 2019"."""
    year = match["year"]
    if match["month"]:
        text = f"{year}-{_month_number(match['month']):02}"
        last = parse(text).last
        return Date(*match.span(), text, text, frozenset({str(last)}))
    return Date(*match.span(), year, year, frozenset({f"{year}-12", f"{year}-12-31"}))


def _plain(match: re.Match[str]) -> Date:
    first, last = edtf_of(match)
    also: frozenset[str] = frozenset()
    if match["third"] and first != last:
        also = frozenset({first[:4]})
    return Date(*match.span(), first, last, also)


def all_in(text: str) -> list[Date]:
    """Each printed date of a short text, in order; none overlaps another.

    >>> [(each.first, each.last) for each in all_in("Q3 2020 and May 2021")]
    [('2020-07', '2020-09'), ('2021-05', '2021-05')]
    """
    found: list[Date] = []
    taken = bytearray(len(text))
    openings = [opening.start() for opening in _OPENING.finditer(text)]
    for pattern, reader in _READERS:
        end = 0
        for start in openings:
            if start < end or not (match := pattern.match(text, start)):
                continue
            end = match.end()
            if not any(taken[start:end]) and (one := reader(match)):
                taken[start:end] = b"x" * (end - start)
                found.append(one)
    return sorted(found, key=lambda each: each.start)


def edtf_of(match: re.Match[str]) -> tuple[str, str]:
    """The first and last date, in EDTF, of one printed date.

    >>> edtf_of(ONE_DATE.search("in June 2017"))
    ('2017-06', '2017-06')
    """
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


_WAYS: tuple[tuple[str, Callable[[re.Match[str]], Date | None]], ...] = (
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
        rf"(?:(?P<fiscal>{_FISCAL})\s?\s?)?(?P<year>{_RECENT})[\s-]?(?P<unit>Q|H)(?P<number>[1-4])",
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
    (
        rf"(?P<month>{_MONTH})\s+(?P<unit>quarter|half)[\s,]+(?:of\s+|in\s+)?(?P<year>{_RECENT})",
        _quarter_by_month,
    ),
    (
        r"(?:ISO\s+|calendar\s+)?weeks?\s+(?P<number>\d{1,2})"
        rf"(?:\s?(?:-|–|to|and)\s?(?P<until>\d{{1,2}}))?[\s,]+(?:of\s+|in\s+)?(?P<year>{_RECENT})",
        _week,
    ),
    (rf"(?P<year>{_RECENT})-?W(?P<number>\d\d)(?:\s?[-–/]\s?W?(?P<until>\d\d))?", _week),
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
        ONE_DATE.pattern.replace(_RECENT, _YEAR)
        .replace(r"\d{4}-", f"{_YEAR}-")
        .replace("mid|late|early", "mid|late|early|middle of"),
        _plain,
    ),
)
# Where a date may begin: to look there alone takes a fifth of the time that all patterns take to
# look at each letter of a document.
_FIRST_WORDS = (
    *(word for word in (*_PARTS, *_THIRDS, *words.SEASONS, *words.ORDINALS) if word[0].isalpha()),
    *("fiscal", "financial", "academic", "school", "tax", "reporting", "fy", "ay", "sy"),
    *(r"the\s+(?:end|beginning|start|\d)", "year", "end", "iso", "calendar", "week", "twenty"),
)
_OPENING = re.compile(
    rf"(?<!\w)(?=\d|[QqHh][1-4]|{_MONTH}|"
    + "|".join(
        # By their first letter, which is soon compared.
        f"[{letter}{letter.upper()}]"
        f"(?i:{any_of(word[1:] for word in _FIRST_WORDS if word[0] == letter)})"
        for letter in sorted({word[0] for word in _FIRST_WORDS})
    )
    + ")"
)
_READERS = [
    # Letters as ASCII has them: else the dotless i counts as an i.
    (re.compile(rf"(?<![\w.])(?a:{way})(?![\w%])", re.IGNORECASE), reader)
    for way, reader in _WAYS[:-1]
]
_READERS.append((re.compile(_WAYS[-1][0], re.IGNORECASE), _plain))
