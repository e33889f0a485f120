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
from typing import NamedTuple

from tallybook.reading import english as words
from tallybook.reading import hedges, names, units
from tallybook.reading.numerals import Numeral, any_of

Span = tuple[int, int]


class Amount(NamedTuple):
    """One figure as printed: a value, a range without a value, or a value with its interval.

    `bound` is the hedge of the value, or of a range as a whole; `high_bound` that of a range's
    upper end where it has one of its own. `level` is that of an interval, in percent, or the name
    of an error ("standard error"). `per` is what it is a rate of; `each` says that this was said by
    "a year", which may be left out. `spans` are the numerals that it is read from. `mistake` says
    why a text that looks like a figure cannot be read.
    """

    start: int
    end: int
    text_start: int
    text_end: int
    spans: tuple[Span, ...]
    value: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    bound: str = "exact"
    high_bound: str = ""
    level: str = ""
    unit: str = ""
    also: frozenset[str] = frozenset()
    per: str = ""
    each: bool = False
    after: str = ""
    digit: Fraction = Fraction(1)
    ends_in_zero: bool = False
    is_magnitude: bool = False
    is_ordinal: bool = False
    is_year: bool = False
    says_more: bool = False
    mistake: str = ""
    others: tuple[Amount, ...] = ()

    @property
    def is_range(self) -> bool:
        """Whether it has two ends and no value."""
        return self.value is None

    @property
    def says(self) -> tuple[object, ...]:
        """What it says, but for words behind it: two of the same are the same figure."""
        return (
            self.value,
            self.low,
            self.high,
            self.bound,
            self.high_bound,
            self.level,
            self.unit,
        )


_AFTER = 48  # characters behind a figure in which its unit is looked for
_WINDOW = 60
_MONTH = any_of([*words.MONTHS, *(f"{name[:3]}" for name in words.MONTHS), "Sept"])
_MONTH_BEFORE = re.compile(rf"(?<!\w){_MONTH}\.?\s+$")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\w)")
_DASH = re.compile(r"(\s?)[-–—‑−](\s?)")
_TO = re.compile(rf"-?\s+(?:{words.TO})\s+|-to-|\s*\.\.\.?\s*", re.I)
_AND, _OR = re.compile(r"\s+and\s+(?:an?\s+)?", re.I), re.compile(r"-?\s+or\s+", re.I)
_BUT = re.compile(r",?\s+(?:and|but)\s+(?:is\s+|are\s+)?", re.I)
_ALL_BUT = re.compile(r"(?<!\w)all\s+but\s+(?:an?\s+|about\s+)?$", re.I)
_BETWEEN = re.compile(r"(?<!\w)between\s+(?:an?\s+)?$", re.I)
_FROM = re.compile(r"(?<!\w)from\s+(?:an?\s+)?$", re.I)
_CHANGED = re.compile(rf"(?<!\w)(?:{words.CHANGES})(?!\w)[^.;]*$", re.I)
_LISTED = re.compile(rf"(?:\d|(?<!\w){any_of(words.DIGITS)})(?:\s[a-z]+)?,\s+$", re.I)
_OF_A_DATE = re.compile(r"\d\s?[-–/.]$")
_ON = re.compile(r"\s?[-–/]\d")
_PLUS_MINUS = re.compile(rf"\s*[,(\[]?\s*(?:{words.PLUS_OR_MINUS})\s*", re.I)
_PLUS_MINUS_BEFORE = re.compile(rf"(?:{words.PLUS_OR_MINUS})\s*$", re.I)
_MARGIN = re.compile(
    r"\s*[,;(\[]?\s*(?:with\s+)?(?:an?\s+|the\s+)?(?:sampling\s+|maximum\s+)?margin\s+of\s+"
    rf"(?:sampling\s+)?error\s*(?:of|is|was|:|=)?\s*(?:{words.PLUS_OR_MINUS})?\s*",
    re.I,
)
_ERROR = re.compile(
    r"\s*[,;(\[]\s*(?:"
    + "|".join(f"(?P<e{n}>{each})" for n, each in enumerate(words.ERRORS.values()))
    + r")\s*(?:of|[=:,])?\s*",
    re.I,
)
_MARK = (
    rf"(?:{words.INTERVALS})(?!\w)(?:\s*[(\[][A-Za-z]+[)\]])?\s*(?:of|from|is|was|[:=,])*\s*"
    r"[(\[]?\s*"
)
_LED = re.compile(r"\s*[(\[,;:]?\s*(?:with\s+|and\s+)?(?:an?\s+|the\s+)?(?:associated\s+)?$", re.I)
_LEVEL_OF = re.compile(rf"[\s-]*(?:{_MARK})(?:between\s+)?$")
_IS_LEVEL = re.compile(rf"[\s-]*(?:{words.INTERVALS})(?!\w)")
_MARKED = re.compile(rf"\s*[(\[,;]\s*(?:{_MARK})$")
_OPEN, _CLOSE = re.compile(r"\s*[(\[]\s*$"), re.compile(r"\s*[)\]]")
_CLOSED = re.compile(r"[^()\[\]]{0,16}[)\]]")
_COMMA = re.compile(r"\s*[,;]\s*|\s+and\s+", re.I)
_IN = re.compile(
    r"\s+in\s+(?:every\s+)?(?:an?\s+)?|-in-(?:every-)?|\s+out\s+of\s+(?:every\s+)?(?:the\s+|an?\s+)?"
    r"|-out-of-(?:every-)?",
    re.I,
)
_OF = re.compile(r"\s+of\s+(?:the\s+|every\s+|all\s+|its\s+|their\s+)?(?:\w+['’]s?\s+)?", re.I)
_NUMBER_ONE = re.compile(r"(?:(?<!\w)(?:number|no\.?|rank(?:ed|s)?)\s|#)$", re.I)
_AT_LEVEL = re.compile(r"\s*[,(]?\s*(?:at|with)\s+(?:an?|the)\s+$", re.I)
_PER_NUMBER = re.compile(rf"(?:\s+[a-z-]+){{0,3}}\s+(?:{words.PER})\s+(?:an?\s+)?", re.I)
_EVERY = re.compile(r"\s+(?P<what>[a-z-]+(?:\s[a-z-]+)?)\s+every\s+", re.I)
_RANKED = re.compile(
    r"(?:st|nd|rd|th)?(?:[-\s]+(?:most\s+)?[a-z]+)?\s+(?:place\s+)?(?:(?:out\s+)?of|among)\s+(?:the\s+|all\s+)?",
    re.I,
)
_RATIO_BEFORE = re.compile(r"(?<!\w)ratios?\s+(?:of|is|was|:)?\s*(?:about\s+|nearly\s+)?$", re.I)
_RATIO = re.compile(r"\s?:\s?|\s+to\s+|-to-", re.I)
_PER = re.compile(
    rf"(?<!\w)(?:{words.PER})\s+(?!cent(?!\w))(?:(?P<number>[\d,]+|an?)\s+)?(?P<noun>[a-z-]+[²³23]?)"
    r"|^\s?/\s?(?P<slash>[a-z]+)(?!\w)",
    re.I,
)
_EACH = re.compile(
    r"^(?:\s+(?!(?:in|of|on|for|by|at|to|as|from|with|over|than|and|or|is|was|within)\s)[a-z-]+)?"
    rf"\s+(?:(?:{words.EACH})\s+(?P<noun>{words.OF_EACH})|(?P<yearly>annually|yearly"
    r"|monthly|weekly|daily))(?!\w)",
    re.I,
)
_ADVERBS = {
    "annually": "year",
    "yearly": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
}
_NOUN = re.compile(r"\s+(?:live\s+)?([a-z-]+)(?!\w)", re.I)
_SENTENCE = re.compile(r"[.;:!?](?:\s|$)|[()\[\]]")


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
    found: list[Amount] = []
    at = 0
    while at < len(numerals):
        amount, at = _at(text, numerals, at)
        # "half of one percent": what its unit took in is of it.
        while at < len(numerals) and numerals[at].start < amount.text_end:
            amount = amount._replace(spans=(*amount.spans, (numerals[at].start, numerals[at].end)))
            at += 1
        amount, at = _with_level(text, amount, numerals, at)
        amount, at = _with_scale(text, amount, numerals, at)
        found.append(_with_rate(text, amount))
    return _with_shares_joined(text, found)


def _with_level(
    text: str, amount: Amount, numerals: Sequence[Numeral], at: int
) -> tuple[Amount, int]:
    """With the level that follows: "± 3 points at the 95% confidence level"."""
    if amount.low is None or amount.level or at == len(numerals):
        return amount, at
    level = numerals[at]
    gap = text[amount.text_end : level.text_start]
    end = _IS_LEVEL.match(text, level.text_end) if _AT_LEVEL.fullmatch(gap) else None
    if not end or not _is_level(text, level):
        return amount, at
    spans = (*amount.spans, (level.start, level.end))
    return amount._replace(level=_level(level), spans=spans, text_end=end.end()), at + 1


def _with_scale(
    text: str, amount: Amount, numerals: Sequence[Numeral], at: int
) -> tuple[Amount, int]:
    """With the scale behind an interval, which is of its value too: "2.4 (2.1–2.7) million"."""
    if amount.low is None or amount.value is None or at == len(numerals):
        return amount, at
    scale = numerals[at]
    printed = text[scale.start : scale.end].lower()
    if printed not in words.SCALES or not text[amount.text_end : scale.start].isspace():
        return amount, at
    value, low, high = (
        (each or Fraction(0)) * scale.value for each in (amount.value, amount.low, amount.high)
    )
    spans = (*amount.spans, (scale.start, scale.end))
    return amount._replace(
        value=value, low=low, high=high, spans=spans, end=scale.end, text_end=scale.text_end,
        digit=amount.digit * scale.value, unit=amount.unit or scale.unit,
        also=amount.also or scale.also,
    ), at + 1  # fmt: skip


def _with_shares_joined(text: str, found: list[Amount]) -> list[Amount]:
    """With shares as one range: "one in five to one in four"."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        if last and _are_shares(last, amount):
            gap = text[last.text_end : amount.text_start]
            before = text[max(0, last.text_start - _WINDOW) : last.text_start]
            joint = _joint(gap, before, comma=False) if len(gap) <= 16 else ""
            low, high = last.value or Fraction(0), amount.value or Fraction(0)
            if joint and low < high and not _is_of_two(before, joint, low, high):
                joined[-1] = last._replace(
                    value=None,
                    low=last.value,
                    high=amount.value,
                    end=amount.end,
                    text_end=amount.text_end,
                    spans=(*last.spans, *amount.spans),
                    others=(),
                    high_bound="" if amount.bound == "exact" else amount.bound,
                    after=amount.after,
                )
                continue
        joined.append(amount)
    return joined


def _are_shares(one: Amount, other: Amount) -> bool:
    return all(
        each.unit == "fraction" and each.others and each.low is None for each in (one, other)
    )


def _at(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int]:
    """The figure that begins with a numeral, and the numeral behind it."""
    for reader in _READERS if _may_be_joined(text, numerals, at) else ():
        if read_here := reader(text, numerals, at):
            return read_here
    first = numerals[at]
    if _PLUS_MINUS_BEFORE.search(text[max(0, first.text_start - 16) : first.text_start]):
        return _error_alone(text, first), at + 1
    return _alone(first), at + 1


def _may_be_joined(text: str, numerals: Sequence[Numeral], at: int) -> bool:
    """Whether something stands between a numeral and the next, and not too much of it."""
    if at + 1 == len(numerals):
        return False
    gap = _gap(text, numerals[at], numerals[at + 1])
    return bool(gap) and not str(gap).isspace()


def _alone(numeral: Numeral) -> Amount:
    amount = _from(numeral, numeral)
    if numeral.unscaled:
        amount = amount._replace(others=(_from(numeral.unscaled, numeral)._replace(unit="m"),))
    return amount


def _from(numeral: Numeral, place: Numeral) -> Amount:
    return Amount(
        place.start,
        place.end,
        place.text_start,
        place.text_end,
        ((place.start, place.end),),
        value=numeral.value,
        bound=place.bound,
        unit=numeral.unit,
        also=numeral.also,
        digit=numeral.digit,
        ends_in_zero=numeral.ends_in_zero,
        is_magnitude=place.is_magnitude,
        is_ordinal=numeral.is_ordinal,
        is_year=numeral.is_year,
        says_more=numeral.says_more,
    )


def _without_unit(gap: str) -> tuple[str, str]:
    """The text behind a number without the known unit that it begins with, and that unit."""
    inner = gap.lstrip(" -") if gap[:1] in (" ", "-") else gap
    if not inner[:1].isalpha() and inner[:1] not in ("°", "℃", "℉"):
        return gap, ""
    name, end = units.leading(inner)
    return (inner[end:], inner[:end]) if name else (gap, "")


def _unit(text: str, numeral: Numeral) -> str:
    """The unit of an end; "aged 6 to 59 months" prints none at the first."""
    is_age = numeral.unit == "years" and "y" not in text[numeral.end : numeral.text_end].lower()
    return "" if is_age else numeral.unit


def _gap(text: str, first: Numeral, second: Numeral) -> str | None:
    """The text between two numerals and what belongs to them; None where it is long."""
    between = second.text_start - first.text_end
    return text[first.text_end : second.text_start] if 0 <= between <= _WINDOW else None


# Ranges


def _range(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    amount = _range_of(text, numerals[at], numerals[at + 1])
    if amount is None:
        return None
    after = at + 2
    # "3.9 to 5.1 (95% CI)"
    if after < len(numerals) and _is_level(text, numerals[after]):
        gap = _gap(text, numerals[after - 1], numerals[after])
        if gap is not None and _OPEN.match(gap):
            end = _IS_LEVEL.match(text, numerals[after].text_end)
            close = _CLOSE.match(text, end.end()) if end else None
            if close:
                amount = amount._replace(
                    level=_level(numerals[after]),
                    text_end=close.end(),
                    spans=(*amount.spans, (numerals[after].start, numerals[after].end)),
                )
                return amount, after + 1
    return amount, after


def _range_of(text: str, low: Numeral, high: Numeral, *, comma: bool = False) -> Amount | None:
    """The range between two numerals, if the words between join them to one."""
    between = _gap(text, low, high)
    if between is None or len(between) > 24 or _is_no_end(low) or _is_no_end(high):
        return None
    gap, own = _without_unit(between)
    gap = gap.removesuffix("+")
    if _unit(text, low) and not low.also and not high.unit:
        return None  # "fell 2.3% to 1,204"
    before = text[max(0, low.text_start - _WINDOW) : low.text_start]
    # "At least 10 but no more than 20"
    both = low.bound in ("at least", "more than") and high.bound in ("up to", "less than", "nearly")
    joint = _joint(gap, before, comma=comma, looks_both_ways=both)
    if not joint or _is_of_a_date(text, low, high):
        return None
    inherits = low.scale == 1 and high.scale > 1 and low.value * high.scale < high.value
    of_low, of_high = _unit(text, low), _unit(text, high)
    least = low.value * high.scale if inherits and _same(of_low, of_high) else low.value
    mistake = ""
    if own and own != _without_unit(text[high.text_end : high.text_end + 16])[1]:
        mistake = f"has ends in two units; cite one end, with its unit {own}"
    elif not _same(of_low, of_high):
        if not _are_alike(of_low, of_high):
            return None
        mistake = f"has ends in two units ({of_low}, {of_high}); cite one end, or its own words"
    elif least > high.value:
        if joint != "and":
            return None
        mistake = "has its higher end first; it is no range"
    elif _is_of_two(before, joint, least, high.value):
        return None
    bound, high_bound = _bounds(low, high)
    return Amount(
        low.start,
        high.end,
        _start_of_range(before, low, joint),
        high.text_end,
        ((low.start, low.end), (high.start, high.end)),
        low=least,
        high=high.value,
        bound=bound,
        high_bound=high_bound,
        unit=of_high or of_low or high.unit or low.unit,
        also=high.also or low.also,
        digit=min(low.digit * (high.scale if inherits else 1), high.digit),
        says_more=high.says_more,
        mistake=mistake,
    )


def _bounds(low: Numeral, high: Numeral) -> tuple[str, str]:
    """The hedge of a range as a whole or of its lower end, and that of its upper end alone."""
    if high.bound == "exact":
        return low.bound, ""
    # "300 to 400 or so"
    is_of_both = high.text_start == high.start and high.bound == "about" and low.bound == "exact"
    return (high.bound, "") if is_of_both else (low.bound, high.bound)


def _is_of_two(before: str, joint: str, low: Fraction, high: Fraction) -> bool:
    """Whether two numbers are two figures: "rose from 30 to 40", "1, 2 or 3"."""
    if joint in ("to", "dash"):
        return bool(_FROM.search(before) and _CHANGED.search(before))
    return joint == "or" and bool(_LISTED.search(before) or high > 3 * low + 3)


def _start_of_range(before: str, low: Numeral, joint: str) -> int:
    """Where a range starts: "between" and "from" belong to the range that they begin."""
    led = _BETWEEN.search(before) if joint == "and" else _FROM.search(before)
    return low.text_start - (len(led[0]) if led else 0)


def _joint(gap: str, before: str, *, comma: bool, looks_both_ways: bool = False) -> str:
    dash = _DASH.fullmatch(gap)
    if dash and dash[1] == dash[2]:
        return "dash"
    if _TO.fullmatch(gap):
        return "to"
    if _AND.fullmatch(gap) and _BETWEEN.search(before):
        return "and"
    if _OR.fullmatch(gap):
        return "or"
    if looks_both_ways and _BUT.fullmatch(gap):
        return "and"
    return "comma" if comma and _COMMA.fullmatch(gap) else ""


def _is_no_end(numeral: Numeral) -> bool:
    return numeral.is_ordinal or numeral.is_year or numeral.is_magnitude


def _is_of_a_date(text: str, low: Numeral, high: Numeral) -> bool:
    before = text[max(0, low.start - 14) : low.start]
    return bool(
        _MONTH_BEFORE.search(before)
        or _OF_A_DATE.search(before)
        or _MONTH_AFTER.match(text, high.end)
        or _ON.match(text, high.end)
    )


def _same(unit: str, other: str) -> bool:
    return not unit or not other or unit == other


def _are_alike(unit: str, other: str) -> bool:
    return {unit, other} <= hedges.TIMES or {unit, other} <= {"percent", "fraction"}


# Intervals of uncertainty


def _interval(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A value with an interval beside it, marked as one or in brackets right behind it."""
    first = numerals[at]
    if _is_level(text, first) and (found := _behind_level(text, numerals, at)):
        return found
    if first.is_ordinal or first.is_year or at + 2 >= len(numerals):
        return None
    second = numerals[at + 1]
    between = _gap(text, first, second)
    if between is None:
        return None
    gap, own = _without_unit(between)
    if _is_level(text, second) and _LED.match(gap):
        if found := _behind_level(text, numerals, at + 1):
            amount = _beside(text, first, found[0], marked=True)
            return amount._replace(after=f" {own}" if own else ""), found[1]
        return None
    marked = _MARKED.match(gap) is not None
    if marked and second.unit == hedges.PERCENT and (found := _level_within(text, numerals, at)):
        return found
    if marked or _OPEN.match(gap):
        ends = _range_of(text, second, numerals[at + 2], comma=True)
        if ends and _CLOSED.match(text, ends.text_end):
            amount = _beside(text, first, ends, marked=marked)
            amount = amount._replace(after=f" {own}" if own else "")
            return (amount, at + 3) if marked or not amount.mistake else None
    return None


def _level_within(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A value whose interval has its level behind the mark: "1.2 (CI 95%: 1.0–1.4)"."""
    if at + 3 >= len(numerals):
        return None
    first, level, low, high = numerals[at : at + 4]
    if not re.fullmatch(r"\s*[:,=]?\s*", text[level.text_end : low.text_start]):
        return None
    ends = _range_of(text, low, high, comma=True)
    if ends is None:
        return None
    spans = ((level.start, level.end), *ends.spans)
    return _beside(
        text, first, ends._replace(level=_level(level), spans=spans), marked=True
    ), at + 4


def _behind_level(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """The interval whose level a numeral is: "95% CI 1.2–3.4"."""
    if at + 2 >= len(numerals):
        return None
    level, low, high = numerals[at : at + 3]
    start = low.text_start
    between = _BETWEEN.search(text[level.text_end : start])
    gap = text[level.text_end : start - (len(between[0]) if between else 0)]
    if len(gap) > _WINDOW or not _LEVEL_OF.fullmatch(gap):
        return None
    ends = _range_of(text, low, high, comma=True)
    if not ends:
        return None
    spans = ((level.start, level.end), *ends.spans)
    return ends._replace(
        level=_level(level), spans=spans, text_start=level.text_start, start=level.start
    ), at + 3


def _beside(text: str, first: Numeral, ends: Amount, *, marked: bool) -> Amount:
    """A value with these ends beside it."""
    amount = _alone(first)
    low, high = ends.low or Fraction(0), ends.high or Fraction(0)
    if first.scale > 1 and ends.digit < first.scale and high < first.value / 100:
        low, high = low * first.scale, high * first.scale  # "1.1 million (1.0–1.2)"
    unit, also = first.unit or ends.unit, first.also or ends.also
    mistake = ends.mistake
    if not mistake and not low <= first.value <= high:
        mistake = "has an interval that leaves its value out"
    if not marked and not _same(first.unit, ends.unit):
        mistake = "has an interval in another unit"
    close = _CLOSED.match(text, ends.text_end)
    is_open = {"(", "["} & set(text[first.text_end : ends.spans[-1][0]])
    end = close.end() if close and is_open else ends.text_end
    return amount._replace(
        low=low,
        high=high,
        level=ends.level,
        unit=unit,
        also=also,
        mistake=mistake,
        spans=(*amount.spans, *ends.spans),
        end=ends.end,
        text_end=end,
        others=(),
    )


def _error(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A value with an error: "1.1 ± 0.1", "12 (SE 0.4)", "52% (margin of error 3 points)"."""
    first, second = numerals[at], numerals[at + 1]
    between = _gap(text, first, second)
    if between is None or first.is_ordinal or second.is_ordinal:
        return None
    gap, own = _without_unit(between)
    named = _ERROR.fullmatch(gap)
    if not (named or _PLUS_MINUS.fullmatch(gap) or _MARGIN.fullmatch(gap)):
        return None
    inherits = first.scale == 1 and second.scale > 1
    value = first.value * (second.scale if inherits else 1)
    amount = _alone(first)._replace(value=value, others=())
    level = ""
    if named:
        level = list(words.ERRORS)[int(str(named.lastgroup)[1:])]
    close = _CLOSE.match(text, second.text_end) if set(gap) & set("([") else None
    end = close.end() if close else second.text_end
    return amount._replace(
        low=value - second.value,
        high=value + second.value,
        level=level,
        end=second.end,
        text_end=end,
        unit=first.unit or second.unit,
        also=first.also or second.also,
        spans=(*amount.spans, (second.start, second.end)),
        digit=min(first.digit * (second.scale if inherits else 1), second.digit),
        after=f" {own}" if own else "",
    ), at + 2


def _error_alone(text: str, numeral: Numeral) -> Amount:
    """An error without a value: "± 3 points", which goes as far down as up."""
    sign = _PLUS_MINUS_BEFORE.search(text[max(0, numeral.text_start - 16) : numeral.text_start])
    start = numeral.text_start - (len(sign[0]) if sign else 0)
    return _alone(numeral)._replace(
        value=None,
        low=-numeral.value,
        high=numeral.value,
        text_start=start,
        others=(),
    )


def _is_level(text: str, numeral: Numeral) -> bool:
    is_share = numeral.unit == hedges.PERCENT and numeral.value > 0
    return is_share and _IS_LEVEL.match(text, numeral.text_end) is not None


def _level(numeral: Numeral) -> str:
    value = numeral.value
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):g}"


# Shares, rates, ranks


def _share(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A share: "one in five", "nine out of 10", "20 of 24"."""
    above, below = numerals[at], numerals[at + 1]
    gap = _gap(text, above, below)
    if gap is None or above.is_ordinal or above.unit or below.unit or below.is_ordinal:
        return None
    is_share, is_of = _IN.fullmatch(gap), _OF.fullmatch(gap)
    is_whole = above.value.denominator == below.value.denominator == 1
    if not (is_share or is_of) or not 0 < above.value < below.value:
        return None
    if not is_whole:  # "7.2 out of 10" points
        scored = _alone(above)._replace(others=(_alone(above), _alone(below)))
        spans = ((above.start, above.end), (below.start, below.end))
        return (scored._replace(spans=spans), at + 2) if is_share else None
    before = text[max(0, above.start - 16) : above.start]
    part, all_but = above.value / below.value, _ALL_BUT.search(before)
    if is_share and _NUMBER_ONE.search(before):
        return None  # "number one in 12 countries"
    if below.is_year and not hedges.is_of_things(text, below.end):
        return None  # "12 in 2016"
    spans = ((above.start, above.end), (below.start, below.end))
    rate = _alone(above)._replace(spans=spans, per=str(below.value))
    share = Amount(
        above.start,
        below.end,
        above.text_start,
        below.end,
        spans,
        value=1 - part if all_but else part,
        bound=above.bound,
        unit="fraction",
        digit=1 / below.value,
    )
    count = _alone(above)
    # The count alone, the whole alone, and the count cited with its whole.
    several = (count, count._replace(spans=spans), _alone(below), *([rate] if is_share else []))
    return share._replace(others=several), at + 2


def _rate(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A rate: "366.7 per 100,000", "one death every 4.4 seconds"."""
    first, second = numerals[at], numerals[at + 1]
    gap = _gap(text, first, second)
    if gap is None or first.is_ordinal or second.is_ordinal:
        return None
    spans = ((first.start, first.end), (second.start, second.end))
    every = _EVERY.fullmatch(gap)
    if every and first.value == 1 and second.unit in hedges.TIMES:
        amount = _alone(second)._replace(
            spans=spans, text_start=first.text_start, start=first.start
        )
        return amount._replace(per=every["what"], each=True), at + 2
    if not _PER_NUMBER.fullmatch(gap) or second.unit not in ("", "fraction"):
        return None
    noun = _NOUN.match(text, second.end)
    per = f"{second.value} {_person(noun[1]) if noun else ''}".strip()
    amount = _alone(first)._replace(spans=spans, end=second.end, text_end=second.end, others=())
    return amount._replace(per=per, is_year=False), at + 2


def _rank(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A rank: "15th out of 180"."""
    first, second = numerals[at], numerals[at + 1]
    gap = _gap(text, first, second)
    is_rank = first.is_ordinal and not second.is_ordinal and not second.unit
    if gap is None or not is_rank or second.is_year or not _RANKED.fullmatch(gap):
        return None
    spans = ((first.start, first.end), (second.start, second.end))
    return _alone(first)._replace(spans=spans, end=second.end), at + 2


def _ratio(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A ratio: "a ratio of 3:1"."""
    first, second = numerals[at], numerals[at + 1]
    gap = _gap(text, first, second)
    if gap is None or first.unit or second.unit or not second.value or not _RATIO.fullmatch(gap):
        return None
    before = text[max(0, first.text_start - _WINDOW) : first.text_start]
    if not _RATIO_BEFORE.search(before) and not (second.value == 1 < first.value):
        return None
    spans = ((first.start, first.end), (second.start, second.end))
    value = first.value / second.value
    amount = _alone(first)._replace(value=value, spans=spans, end=second.end, unit="times")
    return amount._replace(text_end=second.text_end, others=()), at + 2


_READERS = (_interval, _error, _rate, _rank, _ratio, _range, _share)


def _with_rate(text: str, amount: Amount) -> Amount:
    """With the words behind it, and what it is a rate of."""
    after = amount.after + text[amount.text_end : amount.text_end + _AFTER]
    stop = _SENTENCE.search(after)
    after = after[: stop.start()] if stop else after
    if amount.unit == hedges.PER_THOUSAND:
        return amount._replace(after=after, unit="", per="1000")
    if amount.per or amount.is_ordinal:
        return amount._replace(after=after)
    others = tuple(
        each._replace(after=text[each.text_end : each.text_end + _AFTER]) for each in amount.others
    )
    per = _PER.search(after)
    # What is behind another number or a comma is of something else.
    if per and not re.search(r"[\d$€£¥,]", after[: per.start()]):
        number = (per["number"] or "").replace(",", "")
        noun = _person(per["noun"] or per["slash"])
        text_of = f"{number} {noun}".strip() if number.isdigit() else noun
        return amount._replace(after=after, per=text_of, others=others)
    if each := _EACH.match(after):
        noun = each["noun"] or _ADVERBS[each["yearly"].lower()]
        return amount._replace(after=after, per=_person(noun), each=True, others=others)
    return amount._replace(after=after, others=others)


def _person(noun: str) -> str:
    """One noun of those that mean the same: inhabitants, residents, people."""
    low = noun.lower()
    if low in words.NO_NOUN:
        return ""
    return words.SAME_RATE.get(low, low)


# Quantifiers


@cache
def _quantifiers() -> list[tuple[re.Pattern[str], words.Quantifier]]:
    several = [
        (each, said)
        for pattern, said in words.QUANTIFIERS.items()
        for each in hedges.phrases(pattern)
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
            yield _with_rate(text, _alone(numeral))
