"""What two numbers say together as the ends of a range: "30 to 40 %", "between five and seven"."""

from __future__ import annotations

import re
from fractions import Fraction

from tallybook.reading import english as words
from tallybook.reading import hedges, units
from tallybook.reading.amount import Amount, alone, gap_between, same, unit_of, without_unit
from tallybook.reading.numeral import Numeral, any_of

_WINDOW = 60
_MONTH = any_of([*words.MONTHS, *(f"{name[:3]}" for name in words.MONTHS), "Sept"])
_MONTH_BEFORE = re.compile(rf"(?<!\w){_MONTH}\.?\s+$")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\w)")
_DASH = re.compile(r"(\s?)[-‐‑‒–—―−－~∼～〜⁓](\s?)")
_TO = re.compile(rf"-?\s+(?:{words.TO})\s+|-to-|\s*(?:\.\.\.?|…)\s*", re.I)
_ONE_OR = re.compile(r"(?<!\w)(?:an?|one)\s+(?P<noun>[a-z]+)\s+or\s+$", re.I)
_ENDS = re.compile(
    r"\s*(?:$|[.,;:)])|\s+(?:of|in|at|on|for|to|from|after|before|later|ago|and|per|each)\s", re.I
)
# "At least 10 but no more than 20"
_LEAST, _MOST = ("at least", "more than"), ("up to", "less than", "nearly")
_MAY_BE_CUT_SHORT = "may begin with thousands or with ones; cite one end"
_DIGITS = re.compile(r"[-\s]digits?$", re.I)
_PART_OF_DIGITS = re.compile(r"(?<!\w)(low|mid|high)(?:[-\s]+to[-\s]+(mid|high))?[-\s]+$", re.I)
_AND, _OR = re.compile(r"\s+and\s+(?:an?\s+)?", re.I), re.compile(r"-?\s+or\s+", re.I)
_BUT = re.compile(
    r"(?P<noun>(?:\s+[a-z]+){0,2}?),?\s+(?:and|but|nor)\s+(?:is\s+|are\s+|to\s+be\s+|be\s+)?",
    re.I,
)
_NOTHING_BEHIND = re.compile(r"\s*(?:$|[.,;:)])")
_NEGATED = re.compile(rf"(?:{words.NEGATIONS})\s", re.I)
# Adverbs before a hedge or an end, which state nothing of their own, and a sign in words.
_BEFORE_END = re.compile(
    r"\+$|(?<=\s)(?:(?:plus|(?:just|only|even|well|far|slightly|marginally|comfortably"
    r"|an?\s+(?:little|bit))(?=\s+$))\s+)$",
    re.I,
)
_OF_AGE = r"(?:the\s+)?ages?\s+(?:of\s+)?"
_BETWEEN = re.compile(rf"(?<!\w)between\s+(?:an?\s+|{_OF_AGE})?$", re.I)
_FROM = re.compile(rf"(?<!\w)from\s+(?:an?\s+|{_OF_AGE})?$", re.I)
_CHANGED = re.compile(rf"(?<!\w)(?:{words.CHANGES})(?!\w)[^.;]*$", re.I)
_RANGING = re.compile(r"(?<!\w)(?:rang|vary|vari)\w*\s+$", re.I)
_LISTED = re.compile(rf"(?:\d|(?<!\w){any_of(words.DIGITS)})(?:\s[a-z]+)?,\s+$", re.I)
_OF_A_DATE = re.compile(r"\d\s?[-–/.]$")
_ON = re.compile(r"\s?[-–/]\d")
_COMMA = re.compile(r"\s*[,;]\s*|\s+and\s+", re.I)


def range_of(text: str, low: Numeral, high: Numeral, *, comma: bool = False) -> Amount | None:
    """The range between two numerals, if the words between join them to one.

    >>> text = "between five and seven"
    >>> found = range_of(text, *hedges.read(text))
    >>> str(found.low), str(found.high)
    ('5', '7')
    """
    between = gap_between(text, low, high)
    if between is None or len(between) > 24 or _is_no_end(low) or _is_no_end(high):
        return None
    if (low.is_year or high.is_year) and not _is_no_year(text, low, high, between):
        return None
    gap, own = without_unit(between)
    low, high = _lower_first(text, low, high, gap)
    gap = _BEFORE_END.sub("", gap)
    if unit_of(text, low) and not low.also and not high.unit:
        return None  # "fell 2.3% to 1,204"
    before = text[max(0, low.text_start - _WINDOW) : low.text_start]
    joint, high = _with_hedges(text, (low, high), gap, _joint(gap, before, comma=comma))
    if not joint or _is_of_a_date(text, low, high) or (low.value == high.value and not comma):
        return None
    inherits = low.scale == 1 and high.scale > 1 and low.value * high.scale < high.value
    of_low, of_high = unit_of(text, low), unit_of(text, high)
    least = low.value * high.scale if inherits and same(of_low, of_high) else low.value
    least, mistake = _with_thousands(text, low, high, least)
    if of_two := _of_two_units(text, high, own, (of_low, of_high)):
        if not same(of_low, of_high) and not _are_alike(of_low, of_high):
            return None
        mistake = of_two
    elif least > high.value or _is_of_two(before, joint, least, high.value):
        if least <= high.value or (joint != "and" and least >= 0):
            return None
        if least < 0:  # "−4 to −10 °C"
            least, high = high.value, high._replace(value=least)
        else:
            mistake = "has its higher end first; it is no range"
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


def _of_two_units(text: str, high: Numeral, own: str, of_both: tuple[str, str]) -> str:
    """Why the ends of a range are in two units; or ""."""
    if own and own != without_unit(text[high.text_end : high.text_end + 16])[1]:
        return f"has ends in two units; cite one end, with its unit {own}"
    if not same(*of_both):
        return f"has ends in two units ({', '.join(of_both)}); cite one end, or its own words"
    return ""


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
        led = _FROM.search(before)
        # "Changes ranging from 0.4 to 1.2"
        return bool(led and _CHANGED.search(before) and not _RANGING.search(before[: led.start()]))
    return joint == "or" and bool(_LISTED.search(before) or high > 3 * low + 3)


def _start_of_range(before: str, low: Numeral, joint: str) -> int:
    """Where a range starts: "between" and "from" belong to the range that they begin."""
    led = _BETWEEN.search(before) if joint == "and" else _FROM.search(before)
    return low.text_start - (len(led[0]) if led else 0)


def _is_hedged_twice(text: str, gap: str, high: Numeral) -> bool:
    """Whether what joins two limits does so: "at least 10 but no more than 20".

    A noun behind the first stands behind the second too, or nothing does: "not fewer than 5
    directors nor more than 9".
    """
    but = _BUT.fullmatch(gap)
    if not but or not but["noun"]:
        return but is not None
    behind = text[high.text_end : high.text_end + 40].lower()
    return behind.startswith(but["noun"].lower()) or bool(_NOTHING_BEHIND.match(behind))


def _lower_first(text: str, low: Numeral, high: Numeral, gap: str) -> tuple[Numeral, Numeral]:
    """Two limits with the lower one first, wherever it stands: "no more than 9 nor less than 5"."""
    is_turned = low.bound in ("up to", "less than") and high.bound in _LEAST
    is_less = high.value < low.value and high.scale == low.scale
    if not (is_turned and is_less and _is_hedged_twice(text, gap, high)):
        return low, high
    return (
        low._replace(value=high.value, bound=high.bound, digit=high.digit),
        high._replace(value=low.value, bound=low.bound, digit=low.digit),
    )


def _with_hedges(
    text: str, ends: tuple[Numeral, Numeral], gap: str, joint: str
) -> tuple[str, Numeral]:
    """What joins two limits, their hedges looked at, and the upper one.

    One "not" is of both in "not less than 5 or more than 9"; without it, what is meant lies
    outside, and there are two figures.
    """
    low, high = ends
    if low.bound in _LEAST and high.bound in _MOST:
        return joint or ("and" if _is_hedged_twice(text, gap, high) else ""), high
    if joint != "or" or not {low.bound, high.bound} <= {*_LEAST, *_MOST}:
        return joint, high
    if low.bound == "at least" and _NEGATED.match(text, low.text_start):
        return "or", high._replace(bound="up to")
    return "", high


def _joint(gap: str, before: str, *, comma: bool) -> str:
    dash = _DASH.fullmatch(gap)
    if dash and dash[1] == dash[2]:
        return "dash"
    if _TO.fullmatch(gap):
        return "to"
    if _AND.fullmatch(gap) and _BETWEEN.search(before):
        return "and"
    if _OR.fullmatch(gap):
        return "or"
    return "comma" if comma and _COMMA.fullmatch(gap) else ""


def _is_no_end(numeral: Numeral) -> bool:
    return numeral.is_ordinal or numeral.is_magnitude


def _is_no_year(text: str, low: Numeral, high: Numeral, gap: str) -> bool:
    """Whether four digits beside another end are no year: "2000–2500 m", "2000–3,400 people"."""
    measured = units.leading(text[high.end : high.end + 24].lstrip())[0]
    if low.value >= high.value or (low.is_year and high.is_year):
        return bool(measured) and low.value < high.value
    has_comma = "," in text[low.start : high.end]
    is_counted = has_comma or measured or hedges.is_of_things(text, high.end)
    return bool(_DASH.fullmatch(gap) and is_counted)


def _with_thousands(
    text: str, low: Numeral, high: Numeral, least: Fraction
) -> tuple[Fraction, str]:
    """The lower end with its thousands, which "70–80,000" leaves out; or why nobody can say."""
    leading, comma, _ = text[high.start : high.end].partition(",")
    printed = text[low.start : low.end]
    is_alike = printed.isdigit() and leading.isdigit() and len(printed) == len(leading)
    if not comma or not is_alike or not 0 < int(printed) < int(leading):
        return least, ""
    is_near = len(printed) > 1 and 2 * int(printed) >= int(leading)
    if is_near and _DASH.fullmatch(text[low.end : high.start]):
        return low.value * 1000, ""
    return least, _MAY_BE_CUT_SHORT


def _is_of_a_date(text: str, low: Numeral, high: Numeral) -> bool:
    before = text[max(0, low.start - 14) : low.start]
    return bool(
        _MONTH_BEFORE.search(before)
        or _OF_A_DATE.search(before)
        or _MONTH_AFTER.match(text, high.end)
        or _ON.match(text, high.end)
    )


def _are_alike(unit: str, other: str) -> bool:
    return {unit, other} <= hedges.TIMES or {unit, other} <= {"percent", "fraction"}


def one_or_more(text: str, numeral: Numeral) -> Amount | None:
    """The range that begins with an article: "a day or two".

    >>> text = "a day or two"
    >>> found = one_or_more(text, *hedges.read(text))
    >>> str(found.low), str(found.high), found.unit
    ('1', '2', 'days')
    """
    led = _ONE_OR.search(text[max(0, numeral.start - 32) : numeral.start])
    is_small = numeral.value in (2, 3) and not numeral.unit and numeral.bound == "exact"
    if not led or not is_small or not _ENDS.match(text, numeral.end):
        return None
    noun = led["noun"].lower()
    time = f"{noun}s" if f"{noun}s" in hedges.TIMES else ""
    return alone(numeral)._replace(
        value=None, low=Fraction(1), high=numeral.value,
        unit=time, after="" if time else f" {noun}",
        text_start=numeral.start - len(led[0]),
    )  # fmt: skip


def of_a_decade(text: str, numeral: Numeral) -> Amount | None:
    """The ages or degrees of a decade: "in their 30s", which are 30 to 39.

    >>> text = "in their 30s"
    >>> found = of_a_decade(text, *hedges.read(text))
    >>> str(found.low), str(found.high), found.unit
    ('30', '39', 'years')
    """
    if numeral.is_magnitude or numeral.bound != "exact":
        return None
    is_ten = numeral.value % 10 == 0 and 10 <= numeral.value <= 90
    printed = text[numeral.start : numeral.end + 2]
    if not is_ten or not re.fullmatch(r"\d\ds(?:[^\w].*)?", printed, re.S) or numeral.unit:
        return None
    before = text[max(0, numeral.start - 24) : numeral.start]
    is_part = re.search(r"(?<!\w)(?:early|mid|middle|late|low|high)[-\s]+$", before, re.I)
    is_age = re.search(r"(?<!\w)(?:his|her|their|your|my|our)\s+(?:\w+[-\s]+)?$", before, re.I)
    return alone(numeral)._replace(
        value=None, low=numeral.value, high=numeral.value + 9, unit="years" if is_age else "",
        text_end=numeral.end + 1,
        mistake="is a part of a decade, of which nobody says where it begins" if is_part else "",
    )  # fmt: skip


def of_digits(text: str, numeral: Numeral) -> Amount | None:
    """A part of the numbers of one digit, or what none agree about: "high-single-digit growth".

    >>> text = "mid-single-digit growth"
    >>> found = of_digits(text, *hedges.read(text))
    >>> str(found.low), str(found.high)
    ('4', '6')
    """
    if not _DIGITS.search(text[numeral.start : numeral.end]):
        return None
    led = _PART_OF_DIGITS.search(text[max(0, numeral.start - 24) : numeral.start])
    if not led:
        return None
    parts = {"low": (1, 3), "mid": (4, 6), "high": (7, 9)}
    (low, _), (_, high) = parts[led[1].lower()], parts[(led[2] or led[1]).lower()]
    is_single = text[numeral.start : numeral.end].lower().startswith("single")
    return alone(numeral)._replace(
        value=None, low=Fraction(low), high=Fraction(high), bound="exact", digit=Fraction(1),
        text_start=numeral.start - len(led[0]),
        mistake="" if is_single else "is a part of the numbers of two digits; cite a number",
    )  # fmt: skip


def with_shares_joined(text: str, found: list[Amount]) -> list[Amount]:
    """With shares as one range: "one in five to one in four".

    >>> from tallybook.reading import amounts
    >>> [str(each.high) for each in amounts.read("one in five to one in four")]
    ['1/4']
    """
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
