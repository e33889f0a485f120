"""Numbers in words: cardinals, ordinals, fractions, multiples and magnitudes."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from tallybook.reading import english as words
from tallybook.reading.digits import of_its_order, with_scale
from tallybook.reading.numeral import Numeral, any_of

_SMALL = words.NONE | words.DIGITS | words.TEENS | words.TENS
_AGES = {
    re.sub("x$", "xe", re.sub("y$", "ie", word)) + "s": number
    for word, number in (words.DIGITS | words.TEENS | words.TENS).items()
}
_AGE_LIMIT = re.compile(r"(?<!\w)(?:under|over)[-\s]$", re.I)
_BELOW_20 = words.DIGITS | words.TEENS
_MULTI = {f"multi{word}": value for word, value in words.SCALES.items()}
_END = r"(?![^\W_])"
_NEXT = re.compile(r"[-\s]+([A-Za-z]+)(?![^\W_])")
_REST = re.compile(r"\s+(?:(?a:and)\s+)?([A-Za-z]+)(?![^\W_])", re.I)
# "twenty-five thousand, three hundred", of whole hundreds alone: other numbers may be of a list.
_COMMA_REST = re.compile(
    rf",\s+(?=(?:a|{any_of(_BELOW_20 | words.TENS)})"
    r"(?:[-\s](?!and\b)[a-z]+){0,2}?[-\s]+hundred\b)"
    r"([A-Za-z]+)(?![^\W_])",
    re.I,
)
_TENS_UNIT = re.compile(r"[-\s]([A-Za-z]+)(?![^\W_])")
_AND_A_PART = re.compile(
    rf"[-\s]+and[-\s]+(?P<above>a|one|two|three|four|five)?[-\s]*(?P<part>half|{any_of(words.PARTS)})"
    rf"{_END}",
    re.I,
)
_POINT = re.compile(
    rf"(?:\s+point|-point(?=-))((?:[-\s]+(?:oh|{any_of(words.NONE | words.DIGITS)}))+){_END}", re.I
)
_MAGNITUDE = re.compile(rf"[-\s]+orders?[-\s]+of[-\s]+magnitude{_END}", re.I)
_OF_MAGNITUDE = re.compile(rf"\s+of\s+magnitude{_END}", re.I)
_FIGURES = re.compile(r"[-\s]figures?(?=[-\s]+[a-z])", re.I)
_A_DIGIT = re.compile(rf"[-\s]digits?{_END}", re.I)
_OF = re.compile(r"\s+of\s+([A-Za-z]+)(?![^\W_])")
_OF_SCORED = re.compile(r"\s+of\s+(?!the\b)[a-z]", re.I)
_PART_OF_LARGE = re.compile(rf"[-\s]+(?:of\s+)?an?[-\s]+({any_of(words.LARGE)}){_END}", re.I)
_COUPLE = re.compile(r"(?<!\w)an?\s$", re.I)
_COUPLE_OF = re.compile(rf"(?:\s+of)?\s+({any_of(words.LARGE)}){_END}|\s+of{_END}", re.I)
_SECOND_OF_TIME = re.compile(r"(?:\b(?:per|an?|each|every|one)|\d)[\s-]+$", re.I)
# "a third-year student", "a third party": an ordinal, where "a third of them" is a part.
_ORDINAL_NOUN = re.compile(
    rf"-[a-z]|\s+(?:{words.ORDINAL_ADJECTIVES}|{words.ORDINAL_NOUNS}){_END}"
    # What a verb of many would not stand before: "a fourth rise in", "a fifth term."
    rf"|\s+(?!(?:{words.BEHIND_A_PART}|{words.VERBS_OF_A_PART}){_END})[a-z]+\s*(?:$|[.,;:)]|\s+(?:{words.FUNCTION_WORDS})\s)",
    re.I,
)
# Plus or minus is no sign of a number.
_MINUS = re.compile(r"(?<!\w)(?<!or\s)(?<!/)(minus|negative)[-\s]+$", re.I)
_SIGNED = re.compile(
    rf"[-\s]*(?:%|degrees?|°|(?:{words.PERCENT}|{words.POINTS}|{words.ONLY_POINTS})(?!\w)"
    rf"|{any_of(words.SCALES)}(?!\w))",
    re.I,
)
_UNIT_AND_A_PART = re.compile(
    rf"\s+(?P<unit>(?:percentage\s+)?[a-z]+)\s+and\s+(?P<part>an?\s+half|an?\s+quarter"
    rf"|three[\s-]+quarters){_END}",
    re.I,
)
_EVERY_BEFORE = re.compile(r"(?<!\w)every\s$", re.I)
_ALPHA = re.compile(r"\s[a-z]")


def in_words(text: str, match: re.Match[str]) -> Numeral | None:
    """The numeral that begins with a word; None where none does.

    >>> str(in_words("two and a half", re.match("two", "two and a half")).value)
    '5/2'
    """
    read = _READERS.get(match[0].lower())
    if read is None:
        return None
    start, end = match.span()
    # Digits and other letters around belong to the word: "b2one", the long s.
    if (start and text[start - 1].isalnum()) or text[end : end + 1].isalnum():
        return None
    for reader in read:
        if numeral := reader(text, start, end, match[0].lower()):
            return _with_minus(text, numeral)
    return None


def _with_minus(text: str, numeral: Numeral) -> Numeral:
    """Take in the minus before a number in words: "minus two and a half percent"."""
    before = text[max(0, numeral.start - 12) : numeral.start]
    minus = _MINUS.search(before) if before[-1:].isspace() or before[-1:] == "-" else None
    if not minus or numeral.is_ordinal or numeral.is_magnitude:
        return numeral
    if minus[1].lower() == "negative" and not _SIGNED.match(text, numeral.end):
        return numeral  # "a negative two-year outlook"
    start = numeral.start - len(minus[0])
    return numeral._replace(start=start, value=-numeral.value)


def _next(text: str, at: int, pattern: re.Pattern[str] = _NEXT) -> tuple[str, int]:
    """The next word, in small letters, and where it ends; "" where no word follows."""
    match = pattern.match(text, at)
    return (match[1].lower(), match.end()) if match else ("", at)


def _below_100(text: str, end: int, word: str) -> tuple[int, int] | None:
    if word in words.TENS:
        unit, unit_end = _next(text, end, _TENS_UNIT)
        if unit in words.DIGITS:
            return words.TENS[word] + words.DIGITS[unit], unit_end
    return (_SMALL[word], end) if word in _SMALL else None


def _below_1000(text: str, end: int, word: str) -> tuple[int, int, int] | None:
    """The number, where it ends, and one unit of its last word."""
    count, digit = _below_100(text, end, word), 1
    if count is None and word not in words.HUNDREDS:
        return None
    if count is None:
        value, at, digit = words.HUNDREDS[word], end, words.HUNDREDS[word]
    else:
        value, at = count
        hundred, hundred_end = _next(text, at)
        if hundred not in words.HUNDREDS:
            return value, at, 1
        digit = words.HUNDREDS[hundred]
        value, at = value * digit, hundred_end
    rest, rest_end = _next(text, at, _REST)
    more = _below_100(text, rest_end, rest) if rest else None
    # What "and" adds must be the end: "one hundred and two hundred" names two numbers.
    if more and more[0] < digit and _next(text, more[1])[0] not in words.HUNDREDS:
        return value + more[0], more[1], 1
    return value, at, digit


def _cardinal(text: str, start: int, end: int, word: str) -> Numeral | None:
    value, limit, at, digit = 0, 10**18, start, 1
    while True:
        group = _below_1000(text, end, word)
        scale, scale_end = _next(text, group[1]) if group else (word, end)
        scale = words.INDIAN_PLURALS.get(scale, scale) if group else scale
        if scale in words.SCALES:
            factor = words.SCALES[scale]
            # "one thousand million"
            again, again_end = _next(text, scale_end, _REST)
            if scale == "thousand" and words.SCALES.get(again, 0) > factor:
                factor, scale_end = factor * words.SCALES[again], again_end
                digit_of_scale = words.SCALES[again]
            else:
                digit_of_scale = factor
            if factor >= limit:
                break
            value += (group[0] if group else 1) * factor
            limit, at, digit = digit_of_scale, scale_end, digit_of_scale
        elif group and group[0] < limit:
            value, at, digit = value + group[0], group[1], group[2]
            break
        else:
            break
        joint = _REST.match(text, at) or (_COMMA_REST.match(text, at) if digit >= 1000 else None)
        word, end = (joint[1].lower(), joint.end()) if joint else ("", at)
        if not (word in _SMALL or word in words.HUNDREDS) or not _continues(
            text, end, word, joint, limit
        ):
            break
    if at == start:
        return None
    round_ = value % (10 * digit) == 0
    numeral = Numeral(
        start, at, Fraction(value), Fraction(digit), ends_in_zero=round_, scale=Fraction(digit)
    )
    return _with_parts(text, numeral)


def _continues(text: str, end: int, word: str, joint: re.Match[str] | None, limit: int) -> bool:
    """Whether what follows a scale is more of the same number, and not another one."""
    group = _below_1000(text, end, word)
    if group is None or joint is None:
        return False
    scale, _ = _next(text, group[1])
    if scale not in words.LARGE:
        return group[0] < limit
    has_and = "and" in joint[0].lower().split()
    return scale in words.SCALES and words.SCALES[scale] < limit and not has_and


def _with_parts(text: str, numeral: Numeral) -> Numeral:
    """Take in what follows a number in words: a half, decimals, figures, orders of magnitude."""
    if part := _AND_A_PART.match(text, numeral.end):
        above = words.DIGITS.get((part["above"] or "a").lower(), 1)
        below = words.PARTS[part["part"].lower()]
        # Half of the last word: "two and a half" is half of one more, "a million and a half" of it.
        share = numeral.digit / below
        if part["above"] or part["part"].lower() == "half":
            more = numeral._replace(
                end=part.end(),
                value=numeral.value + above * share,
                digit=share,
                ends_in_zero=False,
            )
            return with_scale(text, more)
    if numeral.digit == 1 and (point := _POINT.match(text, numeral.end)):
        spoken = words.NONE | words.DIGITS | {"oh": 0, "nought": 0}
        decimals = "".join(str(spoken[each]) for each in point[1].lower().replace("-", " ").split())
        value = numeral.value + Fraction(int(decimals), 10 ** len(decimals))
        digit = Fraction(1, 10 ** len(decimals))
        return with_scale(text, numeral._replace(end=point.end(), value=value, digit=digit))
    if numeral.value <= 30 and (order := _MAGNITUDE.match(text, numeral.end)):
        value = Fraction(10) ** int(numeral.value)
        bound = "on the order of"
        return Numeral(numeral.start, order.end(), value, value, unit="times", bound=bound)
    if numeral.value <= 30 and (figures := _FIGURES.match(text, numeral.end)) and numeral.value:
        value = Fraction(10) ** int(numeral.value - 1)
        return Numeral(numeral.start, figures.end(), value, value, bound="at least")
    return numeral


def _plural(text: str, start: int, end: int, word: str) -> Numeral | None:
    if word == "scores" and not _OF_SCORED.match(text, end):
        return None
    value = Fraction(words.PLURALS[word])
    while True:
        following, following_end = _next(text, end, _OF)
        if following not in words.PLURALS:
            return of_its_order(start, end, value)
        value, end = value * words.PLURALS[following], following_end


def _ages(text: str, start: int, end: int, word: str) -> Numeral | None:
    """Ages by their limit: "the under-fives", "over-sixties"."""
    if not _AGE_LIMIT.search(text[max(0, start - 8) : start]):
        return None
    return Numeral(start, end, Fraction(_AGES[word]), unit="years")


def _vague(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    scale, scale_end = _next(text, end)
    if scale not in words.LARGE:
        return None
    return of_its_order(start, scale_end, Fraction(words.LARGE[scale]))


def _multi(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    return of_its_order(start, end, Fraction(_MULTI[word]))


def _couple(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    of = _COUPLE_OF.match(text, end)
    if not of or not _COUPLE.search(text[max(0, start - 3) : start]):
        return None
    one = Fraction(words.LARGE[of[1].lower()]) if of[1] else Fraction(1)
    return Numeral(start, of.end(), 2 * one, one, bound="about", scale=one)


def _one_and_a_part(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    """One of something and a part of it: "a mile and a half"."""
    found = _UNIT_AND_A_PART.match(text, end)
    if not found or found["unit"].lower() in words.LARGE | words.PARTS:
        return None
    name = found["part"].lower().split()[-1]
    below = words.PARTS[name.rpartition("-")[2]]
    above = 3 if name.endswith("quarters") else 1
    value = 1 + Fraction(above, below)
    return Numeral(start, found.end(), value, Fraction(1, below), own=f" {found['unit']}")


def _fraction(text: str, start: int, end: int, word: str) -> Numeral | None:
    """A fraction: "a third", "two-thirds", "half", "half a million", "a quarter of a million"."""
    above, part, part_end = 1, word, end
    if word in words.ARTICLES or word in _BELOW_20:
        above = _BELOW_20.get(word, 1)
        part, part_end = _next(text, end)
        if part not in words.PARTS:
            return None
    elif word == "quarter" and not _PART_OF_LARGE.match(text, end):
        return None
    if part in ("half", "quarter", "quarters") and (large := _PART_OF_LARGE.match(text, part_end)):
        one_part = Fraction(words.LARGE[large[1].lower()], words.PARTS[part])
        return Numeral(start, large.end(), one_part * above, one_part, scale=one_part)
    is_article = word in ("a", "an")
    if is_article and part in words.ORDINALS and _ORDINAL_NOUN.match(text, part_end):
        ordinal = Fraction(words.ORDINALS[part])
        return Numeral(part_end - len(part), part_end, ordinal, is_ordinal=True)
    one_part = Fraction(1, words.PARTS[part])
    numeral = Numeral(start, part_end, above * one_part, one_part, unit="fraction")
    return with_scale(text, numeral)


def _multiple(text: str, start: int, end: int, word: str) -> Numeral | None:
    if word in words.NUMBER_OF_DIGITS and (digits := _A_DIGIT.match(text, end)):
        power = words.NUMBER_OF_DIGITS[word]
        value, bound = Fraction(10) ** (power - 1), "at least"
        if power == 1:
            value, bound = Fraction(10), "less than"
        return Numeral(start, digits.end(), value, value, bound=bound)
    return Numeral(start, end, words.MULTIPLES[word], unit="times")


def _ordinal(text: str, start: int, end: int, word: str) -> Numeral | None:
    value = words.ORDINALS.get(word, 0)
    if word in words.TENS:
        last, last_end = _next(text, end, _TENS_UNIT)
        if not 0 < words.ORDINALS.get(last, 0) < 10:
            return None
        return Numeral(
            start, last_end, Fraction(words.TENS[word] + words.ORDINALS[last]), is_ordinal=True
        )
    if (
        value > 2
        and _EVERY_BEFORE.search(text[max(0, start - 8) : start])
        and _ALPHA.match(text, end)
    ):
        return Numeral(start, end, Fraction(1, value), Fraction(1, value), unit="fraction")
    if word == "second" and _SECOND_OF_TIME.search(text[max(0, start - 8) : start]):
        return None
    return Numeral(start, end, Fraction(value), is_ordinal=True)


def _single(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    if digits := _A_DIGIT.match(text, end):
        return Numeral(start, digits.end(), Fraction(10), Fraction(10), bound="less than")
    return Numeral(start, end, Fraction(1))


def _majority(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    return Numeral(start, end, Fraction(1, 2), unit="fraction", bound="more than")


def _point(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    """Decimals without a number before them: "point five per cent"."""
    spoken = _POINT.match(f" {text[start : end + 60]}")
    if not spoken or not _SIGNED.match(text, start + spoken.end() - 1):
        return None
    found = _with_parts(f"zero {text[start : end + 60]}", Numeral(0, 4, Fraction(0)))
    return found._replace(start=start, end=start + found.end - len("zero "))


def _order(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    """Ten times, for "an order of magnitude"."""
    of = _OF_MAGNITUDE.match(text, end)
    if not of:
        return None
    ten = Fraction(10)
    return Numeral(start, of.end(), ten, ten, unit="times", bound="on the order of")


def _readers() -> dict[str, list[Reader]]:
    """What reads a numeral from each word that may begin one, in the order in which it is tried."""
    found: dict[str, list[Reader]] = {}
    for several, reader in (
        (words.PLURALS, _plural),
        (_AGES, _ages),
        (words.VAGUE, _vague),
        (_MULTI, _multi),
        ({"couple"}, _couple),
        (words.ARTICLES, _one_and_a_part),
        ({*words.ARTICLES, *_BELOW_20, "half", "halves", "quarter"}, _fraction),
        ({*words.ORDINALS, *words.TENS}, _ordinal),
        ({*_SMALL, *words.LARGE}, _cardinal),
        (words.MULTIPLES, _multiple),
        ({"single"}, _single),
        ({"majority"}, _majority),
        ({"order"}, _order),
        ({"point"}, _point),
    ):
        for word in several:
            found.setdefault(word, []).append(reader)
    return found


Reader = Callable[[str, int, int, str], Numeral | None]
_READERS = _readers()
FIRST_WORDS = _READERS.keys()  # with which a number in words may begin
