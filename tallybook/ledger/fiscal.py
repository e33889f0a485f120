"""The months of fiscal years, where a document says when these end."""

from __future__ import annotations

import re

from tallybook.reading import english as words
from tallybook.reading.dates import PrintedPeriod
from tallybook.reading.periods import parse

_MONTH = "(?P<month>" + "|".join([*words.MONTHS, *(name[:3] for name in words.MONTHS)]) + ")"
_MONTHS_BY_NAME = {name[:3].lower(): number + 1 for number, name in enumerate(words.MONTHS)}
_FISCAL = re.compile(r"(?<!\w)(?:fiscal|financial|FY)", re.I)
_YEAR_OF_MONTHS = r"(?:fiscal|financial)\s+years?\s+"
_DAY_OF_MONTH = r"(?:on\s+)?(?:the\s+)?(?:last\s+(?:day|\w+day)\s+(?:of|in)\s+)?(?:\d{1,2}\s+)?"
_FISCAL_YEARS = (
    re.compile(
        rf"{_YEAR_OF_MONTHS}[^.]{{0,30}}?from\s+(?:\d{{1,2}}\s+)?\w+\s+(?:\d{{1,2}},?\s+)?"
        rf"(?:to|through|until)\s+(?:the\s+end\s+of\s+)?(?:\d{{1,2}}\s+)?{_MONTH}",
        re.I,
    ),
    re.compile(rf"{_YEAR_OF_MONTHS}(?:ends|ended|ending)\s+{_DAY_OF_MONTH}{_MONTH}", re.I),
    re.compile(
        rf"{_YEAR_OF_MONTHS}(?P<begins>begins|starts|began)\s+{_DAY_OF_MONTH}{_MONTH}", re.I
    ),
    re.compile(
        rf"(?<!\w)for\s+the\s+(?:financial\s+)?years?\s+ended\s+{_DAY_OF_MONTH}{_MONTH}", re.I
    ),
)
_PART = re.compile(
    r"(?:(?:in|for|during|the)\s+)*(?:Q(?P<number>[1-4])|(?P<word>first|second|third|fourth|last)"
    r"[\s-]+(?:half|quarter))(?!\w)",
    re.I,
)
_NUMBERS = {
    "1": 1, "2": 2, "3": 3, "4": 4, "first": 1, "second": 2, "third": 3, "fourth": 4,
}  # fmt: skip


def last_month(text: str) -> int | None:
    """The month in which a fiscal year ends, where a text says one; None elsewhere.

    >>> last_month("Our fiscal year runs from July to June."), last_month("In fiscal 2022")
    (6, None)
    """
    for pattern in _FISCAL_YEARS if _FISCAL.search(text) else ():
        if found := pattern.search(text):
            month = _MONTHS_BY_NAME[found["month"][:3].lower()]
            return (month - 2) % 12 + 1 if "begins" in found.groupdict() else month
    return None


def months(reading: PrintedPeriod, printed: str, last: int) -> str | None:
    """The months of a printed fiscal year, or of a part of one, by its last month; None of others.

    >>> from tallybook.reading import dates
    >>> months(dates.read("in fiscal 2023"), "in fiscal 2023", 6)
    '2022-07/2023-06'
    """
    allowed = reading.months[-1]
    part = _PART.match(printed)
    number = _NUMBERS.get((part["number"] or part["word"]).lower()) if part else 1
    is_part = allowed.length < 12
    if allowed.end is None or not number or allowed.length > 12 or is_part != bool(part):
        return None
    # Counted in months: the fiscal year begins behind the last month of the one before.
    first = (allowed.end - 1) * 12 + last + (number - 1) * allowed.length
    end = first + allowed.length - 1
    made = f"{first // 12}-{first % 12 + 1:02}/{end // 12}-{end % 12 + 1:02}"
    return made if any(each.allows(parse(made)) for each in reading.months) else None
