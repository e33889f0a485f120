"""A value with what is uncertain about it: "4.5 (95% UI 3.9 to 5.1)", "1.1 ± 0.1", "12 (SE 2)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from tallybook.reading import english as words
from tallybook.reading import hedges, ranges
from tallybook.reading.amount import Amount, alone, gap_between, same, without_unit
from tallybook.reading.numeral import Numeral

_WINDOW = 60
_BETWEEN = re.compile(r"(?<!\w)between\s+(?:an?\s+)?$", re.I)
_PLUS_MINUS = re.compile(rf"\s*[,(\[]?\s*(?:{words.PLUS_OR_MINUS})\s*", re.I)
_PLUS_MINUS_BEFORE = re.compile(rf"(?:{words.PLUS_OR_MINUS})\s*$", re.I)
_MARGIN = re.compile(
    r"\s*[,;(\[]?\s*(?:with\s+)?(?:an?\s+|the\s+)?(?:sampling\s+|maximum\s+)?margin\s+of\s+"
    rf"(?:sampling\s+)?error\s*(?:of|is|was|:|=)?\s*(?:{words.PLUS_OR_MINUS})?\s*",
    re.I,
)
_NAMED_ERRORS = "|".join(f"(?P<e{n}>{each})" for n, each in enumerate(words.ERRORS.values()))
_ERROR = re.compile(
    r"(?:\s*[,;(\[]\s*(?:with\s+)?(?:an?\s+|the\s+)?|\s+(?:with|and)\s+(?:an?\s+|the\s+)?)(?:"
    + _NAMED_ERRORS
    + r")(?:\s+of\s+the\s+mean)?\s*(?:of|is|was|[=:,])?\s*",
    re.I,
)
_ERROR_BEHIND = re.compile(
    r"\s*\(?(?:" + _NAMED_ERRORS + r")(?![\w])",
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
_NOUNS = re.compile(r"(?:\s+[a-z][a-z-]*){1,5}(?=\s*[(\[,;])", re.I)
_OPEN, _CLOSE = re.compile(r"\s*[(\[]\s*$"), re.compile(r"\s*[)\]]")
_CLOSED = re.compile(r"[^()\[\];\d]{0,16}[)\]]")
# "(0.55 to 0.99; P=0.04)": what stands behind is a figure of its own.
_ENDED = re.compile(r"\s*;|\s*,(?=\s*[A-Za-z]+\s*[=<>])")
_RATE_BEHIND = re.compile(rf"\s+(?:{words.PER})\s", re.I)
_AT_LEVEL = re.compile(r"\s*[,(]?\s*(?:at|with)\s+(?:an?|the)\s+$", re.I)


def interval(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A value with an interval beside it, marked as one or in brackets right behind it.

    >>> text = "4.5 (95% UI 3.9 to 5.1)"
    >>> found = interval(text, hedges.read(text), 0)
    >>> str(found[0].low), found[0].level, found[1]
    ('39/10', '95', 4)
    """
    first = numerals[at]
    if is_level(text, first) and (found := _behind_level(text, numerals, at)):
        return found
    if first.is_ordinal or first.is_year or at + 2 >= len(numerals):
        return None
    second = numerals[at + 1]
    between = gap_between(text, first, second)
    if between is None:
        return None
    gap, own = without_unit(between)
    nouns = _NOUNS.match(gap)
    if nouns and not own:
        gap, own = gap[nouns.end() :], nouns[0].strip()
    found = None
    if is_level(text, second) and _LED.match(gap):
        if behind := _behind_level(text, numerals, at + 1):
            found = _beside(text, first, behind[0], marked=True), behind[1]
    elif (marked := _MARKED.match(gap) is not None) or _OPEN.match(gap):
        found = _level_within(text, numerals, at) if marked else None
        found = found or _in_brackets(text, numerals, at, marked=marked)
        # "12 plants (3–5)" may count other things; "88 deaths (74–103) per 1000 births" does not.
        if found and nouns and not marked and not _RATE_BEHIND.match(text, found[0].text_end):
            return None
    # "in 12 studies (95% CI 0.4–0.9)": the interval is of something else.
    if not found or (nouns and found[0].mistake):
        return None
    return found[0]._replace(after=f" {own}" if own else ""), found[1]


def _in_brackets(
    text: str, numerals: Sequence[Numeral], at: int, *, marked: bool
) -> tuple[Amount, int] | None:
    """A value with its ends in brackets: "14 (9–21)", "14 (IQR 9–21)"."""
    first, second, third = numerals[at : at + 3]
    ends = ranges.range_of(text, second, third, comma=True)
    if not ends:
        return None
    if not (_CLOSED.match(text, ends.text_end) or _ENDED.match(text, ends.text_end)):
        return None
    amount = _beside(text, first, ends, marked=marked)
    return (amount, at + 3) if marked or not amount.mistake else None


def with_interval(
    text: str, amount: Amount, numerals: Sequence[Numeral], at: int
) -> tuple[Amount, int]:
    """With the interval behind a rate: "77 per 100 000 (95% UI 72–83)".

    >>> from tallybook.reading import amounts
    >>> (rate,) = amounts.read("77 per 100 000 (95% UI 72–83)")
    >>> str(rate.low), rate.per
    ('72', '100000')
    """
    if amount.value is None or amount.low is not None or not amount.per or at >= len(numerals):
        return amount, at
    nouns = _NOUNS.match(text, amount.text_end)  # "88 per 1000 live births (74–103)"
    whole = Numeral(
        amount.start, amount.end, amount.value, amount.digit, amount.unit, amount.bound,
        amount.text_start, nouns.end() if nouns else amount.text_end,
    )  # fmt: skip
    several = [whole, *numerals[at : at + 4]]
    found = interval(text, several, 0) or error(text, several, 0)
    if not found:
        return amount, at
    spans = (*amount.spans, *found[0].spans[1:])
    return found[0]._replace(per=amount.per, spans=spans, after=""), at + found[1] - 1


def _level_within(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A value whose interval has its level behind the mark: "1.2 (CI 95%: 1.0–1.4)"."""
    if at + 3 >= len(numerals):
        return None
    first, level, low, high = numerals[at : at + 4]
    if level.unit != hedges.PERCENT:
        return None
    if not re.fullmatch(r"\s*[:,=]?\s*", text[level.text_end : low.text_start]):
        return None
    ends = ranges.range_of(text, low, high, comma=True)
    if ends is None:
        return None
    spans = ((level.start, level.end), *ends.spans)
    return _beside(
        text, first, ends._replace(level=level_of(level), spans=spans), marked=True
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
    ends = ranges.range_of(text, low, high, comma=True)
    if not ends:
        return None
    spans = ((level.start, level.end), *ends.spans)
    return ends._replace(
        level=level_of(level), spans=spans, text_start=level.text_start, start=level.start
    ), at + 3


def _beside(text: str, first: Numeral, ends: Amount, *, marked: bool) -> Amount:
    """A value with these ends beside it."""
    amount = alone(first)
    low, high = ends.low or Fraction(0), ends.high or Fraction(0)
    if first.scale > 1 and ends.digit < first.scale and high < first.value / 100:
        low, high = low * first.scale, high * first.scale  # "1.1 million (1.0–1.2)"
    unit, also = first.unit or ends.unit, first.also or ends.also
    mistake = ends.mistake
    if not mistake and not low <= first.value <= high:
        mistake = "has an interval that leaves its value out"
    if not marked and not same(first.unit, ends.unit):
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


def with_level(
    text: str, amount: Amount, numerals: Sequence[Numeral], at: int
) -> tuple[Amount, int]:
    """With the level that follows: "± 3 points at the 95% confidence level".

    >>> text = "12 ± 3 at the 95% confidence level"
    >>> numerals = hedges.read(text)
    >>> with_level(text, *error(text, numerals, 0)[:1], numerals, 2)[0].level
    '95'
    """
    if amount.low is None or amount.level or at == len(numerals):
        return amount, at
    level = numerals[at]
    gap = text[amount.text_end : level.text_start]
    end = _IS_LEVEL.match(text, level.text_end) if _AT_LEVEL.fullmatch(gap) else None
    if not end or not is_level(text, level):
        return amount, at
    spans = (*amount.spans, (level.start, level.end))
    return amount._replace(level=level_of(level), spans=spans, text_end=end.end()), at + 1


def with_scale(
    text: str, amount: Amount, numerals: Sequence[Numeral], at: int
) -> tuple[Amount, int]:
    """With the scale behind an interval, which is of its value too: "2.4 (2.1–2.7) million".

    >>> text = "2.4 (2.1–2.7) million"
    >>> numerals = hedges.read(text)
    >>> amount, at = interval(text, numerals, 0)
    >>> str(with_scale(text, amount, numerals, at)[0].value)
    '2400000'
    """
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


def with_unit(text: str, amount: Amount) -> Amount:
    """With the unit behind an interval, which is of its value too: "14 (9–21) days".

    >>> text = "14 (9–21) days"
    >>> amount, _ = interval(text, hedges.read(text), 0)
    >>> with_unit(text, amount).unit
    'days'
    """
    if amount.low is None or amount.value is None or amount.unit or amount.after:
        return amount
    at = amount.text_end
    if text[at - 1 : at] not in (")", "]"):
        return amount
    read = hedges.with_unit_behind(text, Numeral(at, at, amount.value, text_start=at, text_end=at))
    return amount._replace(unit=read.unit, also=read.also, text_end=read.text_end)


def error(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A value with an error: "1.1 ± 0.1", "12 (SE 0.4)", "52% (margin of error 3 points)".

    >>> text = "12 (SE 2)"
    >>> amount, _ = error(text, hedges.read(text), 0)
    >>> str(amount.low), amount.level
    ('10', 'standard error')
    """
    first, second = numerals[at], numerals[at + 1]
    between = gap_between(text, first, second)
    if between is None or first.is_ordinal or second.is_ordinal:
        return None
    gap, own = without_unit(between)
    named = _ERROR.fullmatch(gap)
    if not (named or _PLUS_MINUS.fullmatch(gap) or _MARGIN.fullmatch(gap)):
        return None
    inherits = first.scale == 1 and second.scale > 1
    value = first.value * (second.scale if inherits else 1)
    is_relative = not named and _is_relative(first, second, own)
    spread = second.value * value / 100 if is_relative else second.value
    amount = alone(first)._replace(value=value, others=())
    level = ""
    if named:
        level = list(words.ERRORS)[int(str(named.lastgroup)[1:])]
    elif behind := _ERROR_BEHIND.match(text, second.text_end):
        level = list(words.ERRORS)[int(str(behind.lastgroup)[1:])]
    close = _CLOSE.match(text, second.text_end) if set(gap) & set("([") else None
    end = close.end() if close else second.text_end
    return amount._replace(
        low=value - spread,
        high=value + spread,
        level=level,
        end=second.end,
        text_end=end,
        unit=first.unit or ("" if is_relative else second.unit),
        also=first.also or second.also,
        spans=(*amount.spans, (second.start, second.end)),
        digit=min(first.digit * (second.scale if inherits else 1), second.digit),
        after=f" {own}" if own else "",
    ), at + 2


def _is_relative(first: Numeral, second: Numeral, own: str) -> bool:
    """Whether an error is a part of its value: "8,400 tonnes ± 5%", but not "52 ± 3%"."""
    if second.unit != hedges.PERCENT or first.unit in ("fraction", hedges.PERCENT):
        return False
    return bool(own or first.unit) or first.value > 100


def error_alone(text: str, numeral: Numeral) -> Amount:
    """An error without a value: "± 3 points", which goes as far down as up.

    >>> text = "± 3 points"
    >>> str(error_alone(text, *hedges.read(text)).low)
    '-3'
    """
    sign = _PLUS_MINUS_BEFORE.search(text[max(0, numeral.text_start - 16) : numeral.text_start])
    start = numeral.text_start - (len(sign[0]) if sign else 0)
    return alone(numeral)._replace(
        value=None,
        low=-numeral.value,
        high=numeral.value,
        text_start=start,
        others=(),
    )


def joined_range(text: str, numerals: Sequence[Numeral], at: int) -> tuple[Amount, int] | None:
    """A range and where it ends, with a level behind it: "3.9 to 5.1 (95% CI)".

    >>> text = "3.9 to 5.1 (95% CI)"
    >>> joined_range(text, hedges.read(text), 0)[0].level
    '95'
    """
    amount = ranges.range_of(text, numerals[at], numerals[at + 1])
    if amount is None:
        return None
    after = at + 2
    # "3.9 to 5.1 (95% CI)"
    if after < len(numerals) and is_level(text, numerals[after]):
        gap = gap_between(text, numerals[after - 1], numerals[after])
        if gap is not None and _OPEN.match(gap):
            end = _IS_LEVEL.match(text, numerals[after].text_end)
            close = _CLOSE.match(text, end.end()) if end else None
            if close:
                amount = amount._replace(
                    level=level_of(numerals[after]),
                    text_end=close.end(),
                    spans=(*amount.spans, (numerals[after].start, numerals[after].end)),
                )
                return amount, after + 1
    return amount, after


def is_level(text: str, numeral: Numeral) -> bool:
    """Whether a percentage is the level of an interval: "95% CI".

    >>> text = "95% CI"
    >>> is_level(text, *hedges.read(text))
    True
    """
    is_share = numeral.unit == hedges.PERCENT and numeral.value > 0
    return is_share and _IS_LEVEL.match(text, numeral.text_end) is not None


def level_of(numeral: Numeral) -> str:
    """The level of an interval, in percent, as one types it.

    >>> level_of(*hedges.read("99.9% CI"))
    '99.9'
    """
    value = numeral.value
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):g}"
