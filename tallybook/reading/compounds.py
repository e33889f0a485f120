"""One figure in two units, or with its sign in words: "3 years 4 months", "4 degrees below zero".

A compound is the sum of its parts in the smaller unit. In the larger one it is another reading of
the same figure, as "1.5 years" is of "one year and six months".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tallybook.reading import currencies, hedges, units
from tallybook.reading.amount import Amount, alone, gap_between, without_unit
from tallybook.reading.numeral import Numeral

# How many of the second make one of the first; none where that depends on the year.
_SMALLER: dict[tuple[str, str], int] = {
    ("ten_years", "year"): 10, ("year", "month"): 12, ("week", "day"): 7, ("day", "hour"): 24,
    ("hour", "minute"): 60, ("minute", "second"): 60, ("year", "week"): 0, ("year", "day"): 0,
    ("month", "week"): 0, ("month", "day"): 0, ("foot", "inch"): 12, ("yard", "foot"): 3,
    ("mile", "yard"): 1760, ("pound", "ounce"): 16,
    ("metric_ton", "kilogram"): 1000, ("kilometer", "meter"): 1000, ("meter", "centimeter"): 100,
    ("kilogram", "gram"): 1000,
}  # fmt: skip
_TIMES = {"year": "years", "month": "months", "week": "weeks", "day": "days", "hour": "hours",
          "minute": "minutes", "second": "seconds", "ten_years": "decades"}  # fmt: skip
_NAMES = {plural: name for name, plural in _TIMES.items()}
_JOINT = re.compile(r"\s*,?\s*(?:and\s+|&\s*)?", re.I)
_INCHES = re.compile(
    r"\s?(?:in|ins|″|\")\.?(?!\w|\s+(?!(?:tall|long|high|wide|deep|of)(?!\w))[\w$€£])"
)
_CENTS = re.compile(r"\s?(?:cents?|pence|p|¢|paise|kopecks?|centimes?)(?!\w)")
_RESPECTIVELY = re.compile(r"[^.;]{0,60}\brespectively\b", re.I)
_DEGREES = re.compile(r"(?:\s+degrees?)?(?:\s+(?:Celsius|Fahrenheit|centigrade))?\s+", re.I)
_ONE_AND = re.compile(r"(?<!\w)an?\s+(?P<unit>[a-z]+)\s+and\s+$", re.I)
_NO_FACTOR = "has a time in two units of which neither makes up the other; cite one part"
_BETWEEN = re.compile(r"(?<!\w)between\s+$", re.I)


def compound(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A length, weight, time or sum of money in two units or three, and where it ends.

    >>> text = "3 years and 4 months"
    >>> found, _ = compound(text, hedges.read(text), 0)
    >>> str(found.value), found.unit, str(found.others[0].value), found.others[0].unit
    ('40', 'months', '10/3', 'years')
    """
    first, end = numerals[at], at + 1
    if first.is_ordinal or first.value.denominator != 1:
        return None
    if _BETWEEN.search(text[max(0, first.text_start - 12) : first.text_start]):
        return None
    if money := _with_cents(text, first, numerals[end]):
        return money, end + 1
    if more := _and_a_part(text, first, numerals[end]):
        return more, end + 1
    large, _ = _unit_behind(text, first, numerals[end])
    value, name, mistake = first.value, large, ""
    parts = [(1, large)]
    while end < len(numerals) and (
        small := _next_part(text, numerals[end - 1], numerals[end], name)
    ):
        factor = _SMALLER[(name, small)]
        if not factor:
            mistake = _NO_FACTOR
        elif numerals[end].value >= factor:
            break
        value, name = value * (factor or 1) + numerals[end].value, small
        parts = [(each * (factor or 1), unit) for each, unit in parts] + [(1, small)]
        end += 1
    last = numerals[end - 1]
    if end == at + 1 or _RESPECTIVELY.match(text, last.text_end):
        return None
    text_end = _end_of_unit(text, last)
    whole = alone(first)._replace(
        value=value, end=last.end, text_end=text_end, digit=last.digit, others=(), is_year=False,
        spans=tuple((each.start, each.end) for each in numerals[at:end]), mistake=mistake,
        ends_in_zero=False,
    )  # fmt: skip
    several = [_in(whole, Fraction(value, by), unit, by) for by, unit in reversed(parts)]
    return several[0]._replace(others=tuple(several[1:])), end


def _and_a_part(text: str, first: Numeral, part: Numeral) -> Amount | None:
    """So many of something and a part of one: "2 years and a half"."""
    between = gap_between(text, first, part)
    if part.unit != "fraction" or part.bound != "exact" or between is None:
        return None
    is_part = re.fullmatch(r"a\s+half|a\s+quarter|three\s+quarters", text[part.start : part.end])
    noun = re.fullmatch(r"(?P<noun>\s+[a-z]+)?\s+and\s+", between)
    is_of = re.match(r"\s+(?:of|in|the)\s", text[part.end :][:6])
    if not is_part or not noun or is_of or not (first.unit or noun["noun"]):
        return None
    return alone(first)._replace(
        value=first.value + part.value, digit=part.digit, end=part.end, text_end=part.text_end,
        spans=((first.start, first.end), (part.start, part.end)), after=noun["noun"] or "",
        ends_in_zero=False, is_year=False, others=(),
    )  # fmt: skip


def after_one(text: str, numeral: Numeral) -> Amount | None:
    """A time that begins with one in a word: "an hour and 45 minutes".

    >>> text = "an hour and 45 minutes"
    >>> found = after_one(text, *hedges.read(text))
    >>> str(found.value), found.unit
    ('105', 'minutes')
    """
    led = _ONE_AND.search(text[max(0, numeral.start - 24) : numeral.start])
    small = _NAMES.get(numeral.unit)
    factor = _SMALLER.get((led["unit"].lower(), str(small))) if led and small else None
    if not led or factor is None or (factor and numeral.value >= factor):
        return None
    value = factor + numeral.value
    whole = alone(numeral)._replace(
        value=value, text_start=numeral.start - len(led[0]), bound="exact",
        mistake="" if factor else _NO_FACTOR, others=(),
    )  # fmt: skip
    if hedge := hedges.at_the_end(text[: whole.text_start]):
        return whole._replace(bound=hedge[1])
    if not factor:
        return whole
    return whole._replace(
        others=(_in(whole, Fraction(value, factor), led["unit"].lower(), factor),)
    )


def _in(whole: Amount, value: Fraction, name: str, by: int) -> Amount:
    time = _TIMES.get(name, "")
    after = "" if time else f" {units.printed(name)}"
    return whole._replace(value=value, unit=time, after=after, digit=whole.digit / by)


def _next_part(text: str, first: Numeral, second: Numeral, large: str) -> str:
    """The unit of a number that goes on with a compound; or ""."""
    between = gap_between(text, first, second)
    if between is None or not large or second.is_ordinal or second.bound != "exact":
        return ""
    gap = between[len(between) - len(without_unit(between)[0]) :] if not first.unit else between
    if not _JOINT.fullmatch(gap):
        return ""
    small = _NAMES.get(second.unit) or units.leading(text[second.end :].lstrip(" -")[:24])[0]
    if large == "foot" and not small and _INCHES.match(text, second.end):
        small = "inch"
    return small if (large, small) in _SMALLER else ""


def _unit_behind(text: str, first: Numeral, second: Numeral) -> tuple[str, str]:
    """The known unit between two numerals, by its name, and as it is printed."""
    if first.unit:
        return _NAMES.get(first.unit, ""), ""
    own = without_unit(gap_between(text, first, second) or "")[1]
    return units.leading(own)[0], own


def _end_of_unit(text: str, numeral: Numeral) -> int:
    if numeral.unit:
        return numeral.text_end
    if inches := _INCHES.match(text, numeral.end):
        return inches.end()
    behind = text[numeral.end :][:24]
    inner = behind.lstrip(" -")
    return numeral.end + len(behind) - len(inner) + units.leading(inner)[1]


def _with_cents(text: str, first: Numeral, second: Numeral) -> Amount | None:
    """A sum with hundredths in words: "two dollars and fifty cents"."""
    gap = gap_between(text, first, second)
    cents = _CENTS.match(text, second.end)
    if gap is None or not first.also or not cents or not _JOINT.fullmatch(gap):
        return None
    if not first.also & currencies.codes(first.unit) or not second.value < 100:
        return None
    hundredth = Fraction(1, 100)
    return alone(first)._replace(
        value=first.value + second.value * hundredth, digit=hundredth, end=second.end,
        text_end=cents.end(), spans=((first.start, first.end), (second.start, second.end)),
        ends_in_zero=False,
    )  # fmt: skip


def below_zero(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A temperature by how far it lies from zero: "4 degrees below zero".

    >>> text = "4 degrees below zero"
    >>> found, _ = below_zero(text, hedges.read(text), 0)
    >>> str(found.value), found.after
    ('-4', ' degrees')
    """
    first, zero = numerals[at], numerals[at + 1]
    gap = gap_between(text, first, zero)
    if zero.value or gap is None or zero.bound not in ("less than", "more than"):
        return None
    rest, own = without_unit(gap)
    if first.unit or first.is_ordinal or not _DEGREES.fullmatch(rest):
        return None
    sign = -1 if zero.bound == "less than" else 1
    return alone(first)._replace(
        value=sign * first.value, end=zero.end, text_end=zero.text_end, others=(),
        spans=((first.start, first.end), (zero.start, zero.end)),
        after=f" {own}" if own else rest.rstrip(),
    ), at + 2  # fmt: skip
