"""What several numbers of a text say together: ranges, intervals, shares, rates and ranks.

"30 to 40 %" is one figure and no two, and so are "4.5 (95% UI 3.9 to 5.1)", "one in five", "3 per
1,000" and "15th of 180". `read` goes over the numerals of a text once, and takes as many of them
together as the words between them join. Where a text leaves open what is meant ("20 of 24", which
may be 20 or five sixths), the other readings stand in `others`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import pairwise

from tallybook.reading import compounds, hedges, intervals, names, ranges, shares, units
from tallybook.reading import english as words
from tallybook.reading.amount import Amount, Span, alone, gap_between
from tallybook.reading.numeral import Numeral
from tallybook.reading.patterns import phrases

_THREE_BEHIND_A_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_OF_A_NOUN = re.compile(r"[-\s][a-z]+", re.I)
_PLUS_MINUS_BEFORE = re.compile(rf"(?:{words.PLUS_OR_MINUS})\s*$", re.I)


def read(text: str, known: tuple[str, ...] = ()) -> list[Amount]:
    """Every figure of a text, in order; `known` are names of the book, whose numbers are none.

    >>> [(str(a.low), str(a.high), a.unit) for a in read("30–40% of G20 members")]
    [('30', '40', 'percent')]
    """
    return joined(text, without_names(text, hedges.read(text), known))


def without_names(
    text: str, numerals: Sequence[Numeral], known: tuple[str, ...] = ()
) -> list[Numeral]:
    """The numerals of a text that are in no name.

    >>> text = "COVID-19 killed 5,512"
    >>> [str(each.value) for each in without_names(text, hedges.read(text))]
    ['5512']
    """
    spans = names.spans(text, known) if numerals else []
    if not spans:
        return [*numerals]
    kept, at = [], 0
    for each in numerals:
        while at < len(spans) and spans[at][1] <= each.start:
            at += 1
        if at == len(spans) or not (spans[at][0] <= each.start and each.end <= spans[at][1]):
            kept.append(each)
    return kept


def joined(text: str, numerals: Sequence[Numeral]) -> list[Amount]:
    """The figures that the numerals of a text state, each numeral in one of them.

    >>> text = "between five and seven cases"
    >>> [(str(each.low), str(each.high)) for each in joined(text, hedges.read(text))]
    [('5', '7')]
    """
    nouns, numerals = _without_ordinals_of_nouns(text, numerals)
    found: list[Amount] = []
    at = 0
    while at < len(numerals):
        amount, at = _at(text, numerals, at)
        # "half of one percent": what its unit took in is of it.
        while at < len(numerals) and numerals[at].start < amount.text_end:
            amount = amount._replace(spans=(*amount.spans, (numerals[at].start, numerals[at].end)))
            at += 1
        amount, at = intervals.with_interval(text, amount, numerals, at)
        amount, at = intervals.with_level(text, amount, numerals, at)
        amount, at = intervals.with_scale(text, amount, numerals, at)
        amount = intervals.with_unit(text, amount)
        amount, at = shares.with_number_of_rate(text, amount, numerals, at)
        found.append(_with_doubt(text, shares.with_rate(text, amount)))
    found = ranges.with_shares_joined(text, shares.with_percent(text, found))
    return sorted([*found, *nouns], key=lambda each: each.start) if nouns else found


def _without_ordinals_of_nouns(
    text: str, numerals: Sequence[Numeral]
) -> tuple[list[Amount], Sequence[Numeral]]:
    """The ordinals that are part of what is counted, and the other numerals.

    In "312 first-time applicants per million people" nothing is the first of anything.
    """
    nouns = [
        each
        for before, each in pairwise(numerals)
        if each.is_ordinal
        and not before.is_ordinal
        and text[before.text_end : each.start].isspace()
        and _OF_A_NOUN.match(text, each.end)
    ]
    if not nouns:
        return [], numerals
    return [alone(each) for each in nouns], [each for each in numerals if each not in nouns]


_READERS = (
    compounds.below_zero,
    compounds.compound,
    intervals.interval,
    intervals.error,
    shares.counted,
    shares.rate,
    shares.rank,
    shares.ratio,
    intervals.joined_range,
    shares.share,
)
_READERS_OF_ONE = (
    compounds.after_one,
    ranges.of_digits,
    ranges.of_a_decade,
    ranges.one_or_more,
    shares.none_of,
    shares.base_alone,
)


def _with_doubt(text: str, amount: Amount) -> Amount:
    """Refuse what may be thousands: the point of "30.000 people" may stand between groups."""
    if amount.mistake or amount.per or amount.unit == hedges.PERCENT or "." not in text:
        return amount
    for start, end in amount.spans:
        printed = text[start:end]
        if not _THREE_BEHIND_A_POINT.fullmatch(printed):
            continue
        is_money, things = bool(amount.also), hedges.is_of_things(text, amount.text_end)
        measured = units.leading(amount.after.lstrip(" -"))[0]
        if (
            (printed.endswith("000") and amount.value != 1)
            or is_money
            or (things and not measured and not amount.unit)
        ):
            whole = printed.replace(".", "")
            return amount._replace(
                mistake=f"may be {printed} or {whole}: the point may stand between groups of"
                " digits, and nothing says which; cite another place that prints it"
            )
    return amount


def _at(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int]:
    """The figure that begins with a numeral, and the numeral behind it."""
    for reader in _READERS if _may_be_joined(text, numerals, at) else ():
        if read_here := reader(text, numerals, at):
            return read_here
    first = numerals[at]
    for read_alone in _READERS_OF_ONE:
        if amount := read_alone(text, first):
            return amount, at + 1
    if _PLUS_MINUS_BEFORE.search(text[max(0, first.text_start - 16) : first.text_start]):
        return intervals.error_alone(text, first), at + 1
    return alone(first), at + 1


def _may_be_joined(text: str, numerals: Sequence[Numeral], at: int) -> bool:
    """Whether something stands between a numeral and the next, and not too much of it."""
    if at + 1 == len(numerals):
        return False
    gap = gap_between(text, numerals[at], numerals[at + 1])
    is_blank = not gap or gap.isspace()
    # "3 years 4 months", "12 below zero"; a row of a table joins nothing.
    return gap is not None and (
        not is_blank or (gap != "" and (numerals[at].unit != "" or not numerals[at + 1].value))
    )


@cache
def _quantifiers() -> list[tuple[re.Pattern[str], words.Quantifier]]:
    several = [
        (each, said) for pattern, said in words.QUANTIFIERS.items() for each in phrases(pattern)
    ]
    several.sort(key=lambda each: len(each[0]), reverse=True)
    return [
        (re.compile(rf"(?<!\w){re.escape(each)}(?!\w)".replace(r"\ ", r"\s+"), re.I), said)
        for each, said in several
    ]


def quantifiers(text: str) -> Iterator[Amount]:
    """What a text says how many of without a numeral: "no deaths", "both", "virtually all".

    >>> [(str(each.value), each.bound) for each in quantifiers("virtually all of them")]
    [('1', 'about')]
    """
    taken: list[Span] = []
    for pattern, (unit, value, bound) in _quantifiers():
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < b and a < end for a, b in taken):
                continue
            taken.append((start, end))
            numeral = Numeral(
                start, end, Fraction(value), unit=unit, bound=bound, text_start=start, text_end=end
            )
            numeral = hedges.with_hedge(text, numeral) if bound == "exact" else numeral
            yield shares.with_rate(text, alone(numeral))
