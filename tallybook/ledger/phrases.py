"""Phrases and sentences about a figure: its words with its label, and who says it of what.

Words and labels are typed apart, "1,606" and "kettles recalled". Where a label begins with what is
counted, they are one noun phrase, which takes its form from the words: "hundreds of thousands of
stores closed", "one trade association". Any other label comes first: "value of the cases: RMB
4.3 billion". Of a share too, for "two-thirds of kettles from abroad" says something else than that
two-thirds of the kettles are from abroad.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tallybook.ledger.nouns import IRREGULAR, singular
from tallybook.ledger.records import Measure, Statistic
from tallybook.quantity.quantity import PLACES, POINTS
from tallybook.reading import units
from tallybook.reading.hedges import CURRENCIES, TIMES
from tallybook.reading.periods import UNSTATED, Period, parse

UNBOUNDED = "a number that cannot be bounded"  # the words of what may be anything
# What is left of a label before it says more about what it counts.
_MORE = re.compile(
    r",|\b(?:above|after|against|among|at|before|below|between|by|during|for|from|in|into|not|of|on|"
    r"over|per|that|through|to|under|until|which|who|whose|with|within|without)\b"
)
_OWNED = re.compile(r"(?:the|its|their|all|\S+s?['’]s?)\s", re.I)  # no number stands before it
_NO_PLURAL = re.compile(r"(?:ss|us|is|['’]s)$")
_UNCOUNTED = CURRENCIES | {"percent", "fraction", "times", "", POINTS, *PLACES}
# A clause whose verb is another of one; "reported" is of one and of many.
_CLAUSE = re.compile(r"\s(?:that|which|who)\s(?!\w+ed\b)")
_ONE = re.compile(r"(?:^|\s)(?:an?|one|single|sole|1)$")
_ORDINAL = re.compile(r"(?:first|second|third|[a-z]+th|\d(?:st|nd|rd|th))$")
_IN_PLURAL = re.compile(r"(?:\ds|tens|dozens|scores|hundreds|thousands|(?:m|b|tr)illions)$")
_TIME = "|".join(sorted(name.removesuffix("s") for name in TIMES))
_AS_ADJECTIVE = re.compile(rf"(?<!\bone)(?<!\b1)[\s-](?:{_TIME})$")
_A_YEAR = 12  # months
_FISCAL_YEAR = re.compile(
    r"(?:\b(?:fiscal|financial|tax|budget)[ -]year |\bFY ?)\d{2,4}(?: ?[-–/] ?\d{2,4})?(?!\d)", re.I
)
_ACROSS_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d ?[-–/] ?\d{2}(?:\d\d)?(?!\d)")
_AN = re.compile(r"8|1[18]\b|eight|eleven")


def around(words: str, label: str, unit: str, *, is_change: bool = False) -> tuple[str, str]:
    """What stands before and behind the words of a figure, so that its label joins them.

    >>> around("hundreds of thousands", "stores closed", "stores")
    ('', ' of stores closed')
    >>> around("single", "places to register", "places")
    ('a ', ' place to register')
    >>> around("97%", "requests handled in time", "percent")
    ('requests handled in time: ', '')
    """
    article = "a " if words in ("single", "sole", "majority") else ""
    if words == UNBOUNDED:
        return f"{label}: ", ""
    if is_change or label.startswith("of "):
        return article, f" {label}"
    if unit in TIMES and _AS_ADJECTIVE.search(words):
        return ("an " if _AN.match(words) else "a "), f" {label}"  # a "four year" absence
    base, _, per = unit.partition(" per ")
    is_counted = base not in _UNCOUNTED
    # "18 bursts per 100 km of mains", and what `with_unit` has said the unit of, stand behind it.
    is_rate = " per " in words or (bool(per) and label.endswith((f", per {per}", f", in {unit}")))
    is_counted = is_counted and not is_rate and (unit in TIMES or not units.leading(unit)[0])
    has_unit = unit in TIMES and not words[-1:].isdigit()
    noun = _counted(label)
    if not is_counted or has_unit or noun is None:
        return f"{label}: {article}", ""
    if _IN_PLURAL.search(words):
        return "", f" of {label}"
    is_ordinal = _ORDINAL.search(words)
    if is_ordinal or (_ONE.search(words) and not words.startswith("between ")):
        if _CLAUSE.match(label, noun.end()):  # one plant that "repairs"
            return f"{label}: {article}", ""
        label = f"{label[: noun.start()]}{singular(noun[0])}{label[noun.end() :]}"
    return "a " if is_ordinal else article, f" {label}"


def with_unit(label: str, words: str, unit: str, shown: str) -> str:
    """A label that says in what a figure is measured, where neither it nor the words do.

    `shown` is what the unit is called. What is counted needs no unit, nor does money or a share.

    >>> with_unit("what a well gives", "4,200", "litres a day", "litres a day")
    'what a well gives, in litres a day'
    >>> with_unit("stores closed", "4,200", "stores", "stores")
    'stores closed'
    >>> with_unit("bursts of mains", "12", "bursts per 100 km", "bursts per 100 km")
    'bursts of mains, per 100 km'
    """
    base, _, per = shown.partition(" per ")
    is_counted = bool(per) and not units.leading(base)[0]
    is_said = _said_words(per if is_counted else unit) <= _said_words(f"{label} {words}")
    if is_said or not _is_measured(unit):
        return label
    return f"{label}, per {per}" if is_counted else f"{label}, in {shown}"


def _is_measured(unit: str) -> bool:
    """Whether a unit is of a measurement or a rate, and not what is counted, nor a span of time."""
    return " per " in unit or (unit not in TIMES and bool(units.leading(unit)[0]))


def _said_words(text: str) -> set[str]:
    found = re.findall(r"[^\W_]+", text.casefold())
    return {word.removesuffix("s") for word in found} - {"per", "a", "an", "of", "in", "the"}


def _counted(label: str) -> re.Match[str] | None:
    """The noun in the plural that a label begins with, or nearly begins; None where there is none.

    It is the last before the label says more of it: "associations" in "trade associations that
    reported".
    """
    more = _MORE.search(label)
    head = label[: more.start()] if more else label
    if _OWNED.match(head):
        return None
    found = [each for each in re.finditer(r"[^\s,;()]+", head) if _is_plural(each[0])]
    return found[-1] if found else None


def _is_plural(word: str) -> bool:
    return word in IRREGULAR or (word.endswith("s") and not _NO_PLURAL.search(word))


def when_alike(shown: Iterable[tuple[str, str]]) -> list[str]:
    """The period to say with each label and period of a list, "" where the label is enough.

    It is not where another has the same label and another period.

    >>> when_alike([("stores closed", "2016"), ("stores closed", "2017"), ("lids", "2017")])
    ['2016', '2017', '']
    """
    pairs = list(shown)
    times: dict[str, set[str]] = {}
    for label, period in pairs:
        times.setdefault(label, set()).add(period)
    return [period if len(times[label]) > 1 else "" for label, period in pairs]


def said(statistic: Statistic, measure: Measure) -> Iterator[str]:
    """Who says a figure, for when, of what, against what; nothing of what is not stated.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> closed = ledger.statistic("stores-closed-2017")
    >>> list(said(closed, ledger.measures[closed.measure]))
    ['Kettle Company says so for 2017: the company.']
    """
    what = "" if statistic.scope == UNSTATED else f": {statistic.scope}"
    yield f"{statistic.party} says so{_when(statistic)}{what}."
    of = statistic.of if statistic.of != UNSTATED else None
    if of and measure.kind == "share":
        yield f"It is a share of {of}."
    elif of:
        yield f"It is measured against {of}."
    against = statistic.compared_with
    if against and (against.words or against.text != UNSTATED):
        yield f"It compares with {against}."


def period(statistic: Statistic, *, in_full: bool = False) -> str:
    """The period of a statistic in words: a year across two years as the document calls it.

    In full, the months that it is stand behind it in brackets.

    >>> import tallybook
    >>> ledger = tallybook.load("examples/water")
    >>> period(ledger.statistic("mains-2023"))
    'fiscal year 2022–23'
    >>> period(ledger.statistic("mains-2023"), in_full=True)
    'fiscal year 2022–23 (July 2022 to June 2023)'
    """
    months, time = str(statistic.period), statistic.period
    if time.words or not (time.months == _A_YEAR or time.is_two_years):
        return months
    name = _printed_year(statistic)
    if not name:
        return months
    return f"{name} ({months})" if in_full and not time.is_two_years else name


def _printed_year(statistic: Statistic) -> str:
    """What the document calls a fiscal year or a year across two years; "" where it does not."""
    runs = [cited.period_as_printed or "" for cited in statistic.cited]
    if named := next(filter(None, map(_FISCAL_YEAR.search, runs)), None):
        return named[0] if named[0].startswith("FY") else f"{named[0][0].lower()}{named[0][1:]}"
    years = [found for found in map(_ACROSS_YEARS.findall, runs) if len(found) == 1]
    first = str(statistic.period.first or "")[:4]
    return next((name for (name,) in years if name.startswith(first)), "")


def season(statistic: Statistic) -> Period:
    """The period by which a statistic has its place in a series.

    Of "2012-13" for which a record has two years, nobody knows the months: it is taken for twelve
    from the middle of the one year to that of the other, so that 2013-14 follows it.

    >>> import tallybook
    >>> str(season(tallybook.load("tests/books/kettles").statistic("stores-closed-2017")))
    '2017'
    """
    time = statistic.period
    is_printed = any(cited.period_as_printed for cited in statistic.cited)
    if not time.is_two_years or (is_printed and not _printed_year(statistic)):
        return time
    begin, end = time.text.split("/")
    return parse(f"{begin}-07/{end}-06")


def _when(statistic: Statistic) -> str:
    """A period as it follows "says so"; one that is no plain date stands in brackets."""
    time = statistic.period
    if not time.words and time.text == UNSTATED:
        return ""
    is_open = time.text.startswith("..") or time.text.endswith("..")
    return f" ({time})" if time.words or is_open else f" for {period(statistic, in_full=True)}"
