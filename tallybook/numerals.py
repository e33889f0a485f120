"""Finding every number of an English text, and reading its value.

`find` takes runs of digits in any script, also inside names and addresses, and cardinals,
fractions, multiples, magnitudes and ordinals in words. What counts something and what does not
("the first court", "one another") is for people to say: nothing that may be a number is passed
over here. The hedges and units printed around a number are read in `hedges`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction


def _numbered(words: str, *, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


_UNITS = _numbered("one two three four five six seven eight nine", start=1)
_TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", start=10
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
_SMALL = {"zero": 0} | _UNITS | _TEENS | _TENS
_HUNDREDS = {"hundred": 100, "dozen": 12}
_SCALES = {f"{prefix}illion": 10 ** (3 * n) for n, prefix in enumerate(("m", "b", "tr"), start=2)}
_SCALES["thousand"] = 1000
_SCALE_SIGNS = {"k": 10**3, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12}
_PLURALS = {f"{word}s": value for word, value in (_HUNDREDS | _SCALES).items()} | {"tens": 10}
_ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", start=1
)
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_PARTS |= {f"{word}{s}": n for word, n in _ORDINALS.items() if n > 2 for s in ("", "s")}
_MULTIPLES = {"once": 1, "twice": 2, "thrice": 3, "double": 2, "doubled": 2, "doubles": 2}
_MULTIPLES |= {"doubling": 2, "triple": 3, "tripled": 3, "quadruple": 4, "quadrupled": 4}
_MULTIPLES |= {f"{word}fold": value for word, value in _SMALL.items()}


def _any(words: dict[str, int]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_BELOW_100 = rf"(?:{_any(_TENS)}(?:[\s-]+{_any(_UNITS)})?|{_any(_TEENS)}|{_any(_UNITS)}|zero)"
_BELOW_1000 = (
    rf"(?:(?:{_BELOW_100}[\s-]+)?{_any(_HUNDREDS)}(?:\s+(?:and\s+)?{_BELOW_100})?|{_BELOW_100})"
)
_THOUSANDS = rf"(?:(?:{_BELOW_1000}[\s-]+)?{_any(_SCALES)})"
_CARDINAL = rf"(?:{_THOUSANDS}(?:[\s-]+(?:and\s+)?(?:{_THOUSANDS}|{_BELOW_1000}))*|{_BELOW_1000})"
# Superscripts, vulgar fractions, enclosed and CJK numbers: numeric, yet no digits to `\d`.
_SIGNS = (
    "\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u2189\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3007\u3021-\u3029\u3220-\u3229\u3280-\u3289一二三四五六七八九十百千万亿兆零两"
)
_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_NUMERAL = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"|(?P<sign>[{_SIGNS}])"
    rf"|{_START}(?:"
    rf"(?P<magnitude>{_any(_PLURALS)}(?:\s+of\s+{_any(_PLURALS)})*)"
    rf"|(?P<fraction>(?:an?|{_any(_UNITS)})[\s-]+{_any(_PARTS)}|half|halves)"
    rf"|(?P<cardinal>{_CARDINAL})"
    rf"|(?P<multiple>{_any(_MULTIPLES)})"
    rf"|(?P<ordinal>{_any(_ORDINALS)})"
    r"|(?P<single>single)"
    r"|(?P<majority>majority)"
    rf"){_END}",
    re.IGNORECASE,
)
_SCALE_AFTER = re.compile(
    rf"(?:[\s-]+(?P<word>{_any(_HUNDREDS | _SCALES)})|(?P<sign>[km]|\s?(?:mn|bn|tn))){_END}", re.I
)
_AND_A_HALF = re.compile(rf"\s+and\s+(?:a|one)[\s-]+half{_END}", re.I)
_AGAIN_IN_DIGITS = re.compile(r"\s*\((\d[\d,]*)\)")
_MINUS_BEFORE = re.compile(r"(?:^|[\s(])[-\u2212]$")
_SECOND_OF_TIME = re.compile(r"(?:\b(?:per|an?|each|every|one)|\d)[\s-]+$", re.I)


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number as printed, from `start` to `end` in its text.

    `digit` is one unit of the last printed digit. A magnitude ("hundreds of thousands") has one
    unit of itself as its value. The rest is read from the words around: the `unit` printed beside
    it ("" for none), the `bound` that its hedge states, and where the text that belongs to it,
    hedge, currency and sign included, starts and ends.
    """

    start: int
    end: int
    value: Fraction
    digit: Fraction = Fraction(1)
    unit: str = ""
    bound: str = "exact"
    text_start: int = 0
    text_end: int = 0
    ends_in_zero: bool = False
    is_magnitude: bool = False
    is_ordinal: bool = False
    is_year: bool = False
    says_more: bool = False  # "27 times more than", which is said of 27 and of 28 times


def find(text: str) -> Iterator[Numeral]:
    """Every numeral of a text, in order; none overlaps another."""
    at = 0
    while match := _NUMERAL.search(text, at):
        numeral = _READERS[str(match.lastgroup)](match)
        again = _AGAIN_IN_DIGITS.match(text, numeral.end) if numeral else None
        if numeral and again and _number(again[1])[0] == numeral.value:
            numeral = replace(numeral, end=again.end())
        at = max(match.end(), numeral.end if numeral else 0)
        if numeral:
            yield replace(numeral, text_start=numeral.start, text_end=numeral.end)


def _digits(match: re.Match[str]) -> Numeral:
    text, (start, end) = match.string, match.span()
    printed = _ascii(match[0])
    value, digit = _number(printed)
    numeral = Numeral(start, end, value, digit, ends_in_zero=printed[-1] == "0")
    below = re.compile(r"/(\d+)(?![\d/])").match(text, end)
    if below and printed.isdigit() and text[start - 1 : start] != "/" and int(_ascii(below[1])):
        one_part = Fraction(1, int(_ascii(below[1])))
        return Numeral(start, below.end(), int(printed) * one_part, one_part, unit="fraction")
    if re.compile(rf"(?:st|nd|rd|th){_END}", re.I).match(text, end):
        return replace(numeral, is_ordinal=True)
    plural = re.compile(rf"'?s{_END}").match(text, end)
    if plural and re.fullmatch("10+", printed):
        bound = "on the order of"
        return Numeral(start, plural.end(), value, value, bound=bound, is_magnitude=True)
    if _MINUS_BEFORE.search(text[max(0, start - 2) : start]):
        numeral = replace(numeral, start=start - 1, value=-value)
    is_year = re.fullmatch(r"(?:19|20)\d\d", printed) is not None
    return _scaled(text, replace(numeral, is_year=is_year))


def _scaled(text: str, numeral: Numeral) -> Numeral:
    after = _SCALE_AFTER.match(text, numeral.end)
    if not after:
        return numeral
    word, sign = (after["word"] or "").lower(), (after["sign"] or "").strip().lower()
    factor = (_HUNDREDS | _SCALES)[word] if word else _SCALE_SIGNS[sign]
    value, digit = numeral.value * factor, numeral.digit * factor
    return replace(numeral, end=after.end(), value=value, digit=digit, is_year=False)


def _sign(match: re.Match[str]) -> Numeral:
    value = Fraction(unicodedata.numeric(match[0])).limit_denominator(1000)
    return Numeral(*match.span(), value, unit="" if value.denominator == 1 else "fraction")


def _magnitude(match: re.Match[str]) -> Numeral:
    value = Fraction(1)
    for word in re.split(r"\s+of\s+", match[0].lower()):
        value *= _PLURALS[word]
    return Numeral(*match.span(), value, value, bound="on the order of", is_magnitude=True)


def _fraction(match: re.Match[str]) -> Numeral:
    above, _, part = match[0].lower().replace("-", " ").rpartition(" ")
    one_part = Fraction(1, _PARTS[part])
    value = _UNITS.get(above.strip(), 1) * one_part
    return Numeral(*match.span(), value, one_part, unit="fraction")


def _cardinal(match: re.Match[str]) -> Numeral:
    closed, open_, digit = 0, 0, 1  # what a scale word has closed, and what is still open
    for word in re.findall(r"\w+", match[0].lower()):
        digit = 1
        if word in _SMALL:
            open_ += _SMALL[word]
        elif word in _HUNDREDS:
            digit = _HUNDREDS[word]
            open_ = (open_ or 1) * digit
        elif word in _SCALES:
            digit = _SCALES[word]
            is_more_of_the_closed = closed and not open_  # "one thousand million"
            closed = closed * digit if is_more_of_the_closed else closed + (open_ or 1) * digit
            open_ = 0
    value = closed + open_
    round_ = (Fraction(value) / digit) % 10 == 0
    numeral = Numeral(*match.span(), Fraction(value), Fraction(digit), ends_in_zero=round_)
    half = _AND_A_HALF.match(match.string, numeral.end)
    if not half:
        return numeral
    value_and_half, digit_of_half = numeral.value + Fraction(1, 2), Fraction(1, 2)
    return _scaled(match.string, Numeral(match.start(), half.end(), value_and_half, digit_of_half))


def _multiple(match: re.Match[str]) -> Numeral:
    return Numeral(*match.span(), Fraction(_MULTIPLES[match[0].lower()]), unit="times")


def _ordinal(match: re.Match[str]) -> Numeral | None:
    word = match[0].lower()
    if word == "second" and _SECOND_OF_TIME.search(
        match.string[max(0, match.start() - 8) : match.start()]
    ):
        return None
    return Numeral(*match.span(), Fraction(_ORDINALS[word]), is_ordinal=True)


def _single(match: re.Match[str]) -> Numeral:
    return Numeral(*match.span(), Fraction(1))


def _majority(match: re.Match[str]) -> Numeral:
    return Numeral(*match.span(), Fraction(1, 2), unit="fraction", bound="more than")


_READERS = {
    "digits": _digits,
    "sign": _sign,
    "magnitude": _magnitude,
    "fraction": _fraction,
    "cardinal": _cardinal,
    "multiple": _multiple,
    "ordinal": _ordinal,
    "single": _single,
    "majority": _majority,
}


def _number(printed: str) -> tuple[Fraction, Fraction]:
    digits = _ascii(printed).replace(",", "")
    return Fraction(digits), Fraction(1, 10 ** len(digits.partition(".")[2]))


def _ascii(digits: str) -> str:
    if digits.isascii():
        return digits
    return "".join(c if c in ",." else str(unicodedata.digit(c)) for c in digits)
