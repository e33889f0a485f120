"""Shares, rates, ranks and ratios: "one in five", "3 per 1,000", "15th of 180", "ratio of 3:1"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tallybook.reading import english as words
from tallybook.reading import hedges, units
from tallybook.reading.amount import Amount, alone, gap_between, same_noun
from tallybook.reading.numeral import Numeral

_AFTER = 48  # characters behind a figure in which its unit is looked for
_WINDOW = 60
_ALL_BUT = re.compile(r"(?<!\w)all\s+but\s+(?:an?\s+|about\s+)?$", re.I)
_IN = re.compile(
    r"(?:\s+times)?\s+in\s+(?:every\s+)?(?:an?\s+)?|-in-(?:every-)?|\s+out\s+of\s+(?:every\s+)?(?:the\s+|an?\s+)?"
    r"|-out-of-(?:every-)?",
    re.I,
)
_OF = re.compile(r"\s+of\s+(?:the\s+|every\s+|all\s+|its\s+|their\s+)?(?:\w+['’]s?\s+)?", re.I)
_OPENED = re.compile(r"(?:\s+[a-z-]+){0,3}\s*[(\[,;]\s*(?:or\s+|n\s?=\s?)?", re.I)
_CLOSED_OF = re.compile(r"\s*[)\]]\s+(?:out\s+)?of\s+(?:the\s+|all\s+|its\s+)?", re.I)
_NONE_OF = re.compile(
    r"(?<!\w)(?:none|neither)\s+of\s+(?:the\s+|these\s+|those\s+|its\s+|their\s+|our\s+)?$", re.I
)
_RETURNS = re.compile(r"(?:-|\s)years?(?!s)(?=[-\s]+[a-z])", re.I)
_NUMBER_ONE = re.compile(r"(?:(?<!\w)(?:number|no\.?|rank(?:ed|s)?)\s|#)$", re.I)
_PER_NUMBER = re.compile(rf"(?:\s+[a-z-]+){{0,5}}\s+(?:{words.PER})\s+(?:an?\s+)?", re.I)
_CHANCE = re.compile(words.CHANCE, re.I)
_TH = re.compile(r"(?<=\d)(?:st|nd|rd|th)(?!\w)")
_LED_BY_PER = re.compile(rf"(?<!\w)(?<!as )(?:{words.PER})\s+$", re.I)
_EVERY = re.compile(r"\s+(?P<what>[a-z-]+(?:\s[a-z-]+)?)\s+every\s+", re.I)
_RANKED = re.compile(
    r"(?:st|nd|rd|th)?(?:[-\s]+(?:most\s+)?[a-z]+)?\s+(?:place\s+)?(?:(?:out\s+)?of|among)\s+(?:the\s+|all\s+)?",
    re.I,
)
_RATIO_BEFORE = re.compile(r"(?<!\w)ratios?\s+(?:of|is|was|:)?\s*(?:about\s+|nearly\s+)?$", re.I)
_SPLIT = re.compile(r"\s+(?:split|ratio|basis|mix|division|share|chance)", re.I)
_RATIO = re.compile(r"\s?:\s?|\s+to\s+|-to-", re.I)
_PER = re.compile(
    rf"(?<!\w)(?:{words.PER})\s+(?!cent(?!\w))(?:(?P<number>[\d,]+|an?)\s+)?(?P<noun>[a-z-]+[²³23]?)"
    # Behind a noun, "schools/colleges" are either.
    rf"|^(?:\s?/\s?(?P<slash>[a-z]+)(?!\w)|[\s-]+[a-z]+\s?/\s?(?P<of>{words.OF_EACH}"
    r"|(?:km|m|mi)[²2]|km|ha|yr|hr?|d|kg|MWh|kWh)(?!\w))",
    re.I,
)
_EACH = re.compile(
    r"^(?:\s+(?!(?:in|of|on|for|by|at|to|as|from|with|over|than|and|or|is|was|within)\s)[a-z-]+)?"
    rf"\s+(?:(?:{words.EACH})\s+(?P<noun>{words.OF_EACH})(?!\s+(?:earlier|ago|before|later|on|after|or|and)(?!\w))|(?P<yearly>annually|yearly"
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
_SENTENCE = re.compile(r"(?<!\bsq)(?<!\bcu)[.;:!?](?:\s|$)|[()\[\]|]")
_OF_UNIT = re.compile(r"^\s+of\s+")


def share(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A share: "one in five", "nine out of 10", "20 of 24".

    >>> text = "one in five"
    >>> str(share(text, hedges.read(text), 0)[0].value)
    '1/5'
    """
    above, below = numerals[at], numerals[at + 1]
    gap = gap_between(text, above, below)
    if gap is None or above.is_ordinal or below.is_ordinal:
        return None
    is_share, is_of = _IN.fullmatch(gap), _OF.fullmatch(gap)
    if is_share and (returns := _of_years(text, above, below)):
        return returns, at + 2
    # "nine times out of ten"
    is_times = above.unit == "times" and is_share and text[above.end : above.text_end].strip()
    is_of_times = below.unit == "times" and is_share and "out" in gap and above.unit == ""
    if (below.unit and not is_of_times) or (above.unit and not is_times):
        return None
    is_whole = above.value.denominator == below.value.denominator == 1
    if not (is_share or is_of) or not 0 <= above.value < below.value:
        return None
    before = text[max(0, above.text_start - 16) : above.text_start]
    if not is_whole and _CHANCE.search(before):
        return None  # "P=0.04 in 61 patients"
    if not is_whole:  # "7.2 out of 10" points
        scored = alone(above)._replace(others=(alone(above), alone(below)))
        spans = ((above.start, above.end), (below.start, below.end))
        return (scored._replace(spans=spans), at + 2) if is_share else None
    before = text[max(0, above.start - 16) : above.start]
    part, all_but = above.value / below.value, _ALL_BUT.search(before)
    if is_share and _NUMBER_ONE.search(before):
        return None  # "number one in 12 countries"
    if below.is_year and not hedges.is_of_things(text, below.end):
        return None  # "12 in 2016"
    spans = ((above.start, above.end), (below.start, below.end))
    rate = alone(above)._replace(spans=spans, per=str(below.value))
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
    count = alone(above)
    # The count alone, the whole alone, and the count cited with its whole.
    several = (count, count._replace(spans=spans), alone(below), *([rate] if is_share else []))
    return share._replace(others=several), at + 2


def _of_years(text: str, above: Numeral, below: Numeral) -> Amount | None:
    """How likely something is in a year: "a 1-in-100-year flood"."""
    is_period = _RETURNS.match(text, below.end)
    if above.value != 1 or above.unit or below.unit != "years" or not is_period:
        return None
    spans = ((above.start, above.end), (below.start, below.end))
    return alone(above)._replace(
        value=1 / below.value, digit=1 / below.value, unit="fraction", per="year", each=True,
        end=below.end, text_end=below.text_end, spans=spans, others=(),
    )  # fmt: skip


def none_of(text: str, numeral: Numeral) -> Amount | None:
    """The share and the count of none: "none of the 14 sites".

    >>> text = "none of the 14 sites"
    >>> found = none_of(text, *hedges.read(text))
    >>> str(found.value), found.unit
    ('0', 'fraction')
    """
    led = _NONE_OF.search(text[max(0, numeral.text_start - 32) : numeral.text_start])
    if not led or numeral.unit or numeral.is_ordinal or numeral.bound != "exact":
        return None
    count = alone(numeral)._replace(
        value=Fraction(0), text_start=numeral.text_start - len(led[0]), others=()
    )
    return count._replace(unit="fraction", digit=1 / numeral.value, others=(count,))


def counted(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A count with what share of the whole it is: "42 (21%) of 200 firms".

    >>> text = "42 (21%) of 200 firms"
    >>> found, _ = counted(text, hedges.read(text), 0)
    >>> str(found.value), [str(each.value) for each in found.others]
    ('42', ['21', '21/100'])
    """
    if at + 2 >= len(numerals):
        return None
    part, percent, whole = numerals[at : at + 3]
    gaps = gap_between(text, part, percent), gap_between(text, percent, whole)
    if None in gaps or percent.unit != hedges.PERCENT or part.unit or whole.unit:
        return None
    if not _OPENED.fullmatch(gaps[0] or "") or not _CLOSED_OF.fullmatch(gaps[1] or ""):
        return None
    if not whole.value or not _is_about(percent.value, percent.digit, part.value / whole.value):
        return None
    spans = tuple((each.start, each.end) for each in (part, percent, whole))
    count = alone(part)._replace(spans=spans, end=whole.end, text_end=whole.text_end, others=())
    share = count._replace(value=percent.value, unit=hedges.PERCENT, digit=percent.digit)
    fraction = count._replace(
        value=part.value / whole.value, unit="fraction", digit=1 / whole.value
    )
    return count._replace(others=(share, fraction)), at + 3


def with_percent(text: str, found: Sequence[Amount]) -> list[Amount]:
    """With a share and the same in percent as one figure: "43 of 51 (84%)", "84% (43/51)".

    >>> from tallybook.reading import amounts
    >>> [(str(each.value), each.unit) for each in amounts.read("84% (43/51)")]
    [('84', 'percent')]
    """
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        if last and {last.unit, amount.unit} == {"fraction", hedges.PERCENT}:
            percent, share = (last, amount) if last.unit == hedges.PERCENT else (amount, last)
            gap = text[last.text_end : amount.text_start]
            if _is_printed_twice(text, percent, share) and _OPENED.fullmatch(gap[-24:]):
                several = [
                    each._replace(
                        start=last.start, end=amount.end, text_start=last.text_start,
                        text_end=amount.text_end, spans=(*last.spans, *amount.spans),
                        after=last.after,
                    )
                    for each in (percent, share, *share.others)
                ]  # fmt: skip
                joined[-1] = several[0]._replace(others=tuple(several[1:]))
                continue
        joined.append(amount)
    return joined


def _is_printed_twice(text: str, percent: Amount, share: Amount) -> bool:
    """Whether a share of so many of so many is so many percent."""
    if percent.value is None or share.value is None or {percent.bound, share.bound} != {"exact"}:
        return False
    is_of_two = len(share.spans) == 2 or "/" in text[share.start : share.end]
    return is_of_two and _is_about(percent.value, percent.digit, share.value)


def _is_about(percent: Fraction, digit: Fraction, share: Fraction) -> bool:
    return abs(share * 100 - percent) <= digit


def rate(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A rate: "366.7 per 100,000", "one death every 4.4 seconds".

    >>> text = "366.7 per 100,000 people"
    >>> rate(text, hedges.read(text), 0)[0].per
    '100000 people'
    """
    first, second = numerals[at], numerals[at + 1]
    gap = gap_between(text, first, second)
    if gap is None or first.is_ordinal or second.is_ordinal:
        return None
    spans = ((first.start, first.end), (second.start, second.end))
    every = _EVERY.fullmatch(gap)
    if every and first.value == 1 and second.unit in hedges.TIMES:
        amount = alone(second)._replace(spans=spans, text_start=first.text_start, start=first.start)
        return amount._replace(per=every["what"], each=True), at + 2
    if not _PER_NUMBER.fullmatch(gap) or second.unit not in ("", "fraction"):
        return None
    amount = alone(first)._replace(spans=spans, end=second.end, text_end=second.end, others=())
    return amount._replace(per=_per(text, second), is_year=False), at + 2


def with_number_of_rate(
    text: str, amount: Amount, numerals: Sequence[Numeral], at: int
) -> tuple[Amount, int]:
    """With what a range or an interval is a rate of: "141 (129–154) per 100 000".

    >>> from tallybook.reading import amounts
    >>> (rate,) = amounts.read("141 (129–154) per 100 000")
    >>> str(rate.low), rate.per
    ('129', '100000')
    """
    if amount.low is None or amount.per or at >= len(numerals):
        return amount, at
    number = numerals[at]
    is_number = not number.is_ordinal and number.unit in ("", "fraction")
    if not is_number or not _PER_NUMBER.fullmatch(
        text[amount.text_end : number.text_start][:_WINDOW]
    ):
        return amount, at
    spans = (*amount.spans, (number.start, number.end))
    return amount._replace(
        per=_per(text, number), spans=spans, end=number.end, text_end=number.end,
        after=amount.after + text[amount.text_end : number.start].partition(" per ")[0],
    ), at + 1  # fmt: skip


def _per(text: str, number: Numeral) -> str:
    noun = _NOUN.match(text, number.end)
    return f"{number.value} {same_noun(noun[1]) if noun else ''}".strip()


def base_alone(text: str, numeral: Numeral) -> Amount | None:
    """What something is a rate of, which is no figure: "per 100 000".

    >>> text = "deaths per 100 000"
    >>> bool(base_alone(text, *hedges.read(text)).mistake)
    True
    """
    led = _LED_BY_PER.search(text[max(0, numeral.text_start - 24) : numeral.text_start])
    if not led or numeral.unit or numeral.is_ordinal or numeral.is_year:
        return None
    return alone(numeral)._replace(
        text_start=numeral.text_start - len(led[0]),
        mistake="is what a rate is of, and no figure; cite the rate with it",
    )


def rank(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A rank: "15th out of 180".

    >>> text = "15th out of 180"
    >>> str(rank(text, hedges.read(text), 0)[0].value)
    '15'
    """
    first, second = numerals[at], numerals[at + 1]
    gap = gap_between(text, first, second)
    is_rank = first.is_ordinal and not second.is_ordinal and not second.unit
    if gap is None or not is_rank or second.is_year or not _RANKED.fullmatch(gap):
        return None
    spans = ((first.start, first.end), (second.start, second.end))
    return alone(first)._replace(spans=spans, end=second.end), at + 2


def ratio(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A ratio: "a ratio of 3:1".

    >>> text = "a ratio of 3:1"
    >>> str(ratio(text, hedges.read(text), 0)[0].value)
    '3'
    """
    first, second = numerals[at], numerals[at + 1]
    gap = gap_between(text, first, second)
    if gap is None or first.unit or second.unit or not second.value:
        return None
    before = text[max(0, first.text_start - _WINDOW) : first.text_start]
    is_split = gap.strip() == ":" or (gap in ("-", "–") and _SPLIT.match(text, second.end))
    if first.value + second.value == 100 and is_split:
        spans = ((first.start, first.end), (second.start, second.end))
        amount = alone(first)._replace(
            value=first.value / second.value, spans=spans, end=second.end, unit="times",
            text_end=second.text_end,
        )  # fmt: skip
        part = amount._replace(value=first.value / 100, unit="fraction", others=())
        return amount._replace(others=(part,)), at + 2
    if not _RATIO.fullmatch(gap):
        return None
    if not _RATIO_BEFORE.search(before) and not (second.value == 1 < first.value):
        return None
    spans = ((first.start, first.end), (second.start, second.end))
    value = first.value / second.value
    amount = alone(first)._replace(value=value, spans=spans, end=second.end, unit="times")
    return amount._replace(text_end=second.text_end, others=()), at + 2


def with_rate(text: str, amount: Amount) -> Amount:
    """With the words behind it, and what it is a rate of.

    >>> from tallybook.reading.amount import alone
    >>> text = "$45 a barrel"
    >>> with_rate(text, alone(*hedges.read(text))).per
    'barrel'
    """
    after = amount.after + text[amount.text_end : amount.text_end + _AFTER]
    if amount.bound == "on the order of" or amount.is_magnitude:
        after = _OF_UNIT.sub(" ", after)  # "tens of billions of tonnes"
    stop = _SENTENCE.search(after)
    after = after[: stop.start()] if stop else after
    if amount.unit == hedges.PER_THOUSAND:
        return amount._replace(after=after, unit="", per="1000")
    if amount.per or amount.is_ordinal:
        th = _TH.match(text, amount.text_end) if amount.is_ordinal else None
        return amount._replace(after=after, text_end=th.end() if th else amount.text_end)
    others = tuple(
        each._replace(after=text[each.text_end : each.text_end + _AFTER]) for each in amount.others
    )
    per = _PER.search(after)
    if per and per["of"] and units.unknown(after.lstrip(" -")):
        per = None  # a sign as a whole: "mb/d"
    # What is behind another number or a comma is of something else.
    if per and not re.search(r"[\d$€£¥,]", after[: per.start()]):
        number = (per["number"] or "").replace(",", "")
        noun = same_noun(per["noun"] or per["slash"] or per["of"])
        text_of = f"{number} {noun}".strip() if number.isdigit() else noun
        return amount._replace(after=after, per=text_of, others=others)
    if each := _EACH.match(after):
        noun = each["noun"] or _ADVERBS[each["yearly"].lower()]
        return amount._replace(after=after, per=same_noun(noun), each=True, others=others)
    return amount._replace(after=after, others=others)
