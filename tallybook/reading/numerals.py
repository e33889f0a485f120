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
from functools import lru_cache


def _numbered(words: str, *, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


_UNITS = _numbered("one two three four five six seven eight nine", start=1)
_TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", start=10
)
_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
_SMALL = {"zero": 0} | _UNITS | _TEENS | _TENS
_HUNDREDS = {"hundred": 100, "dozen": 12}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_LARGE = _HUNDREDS | _SCALES
_SCALE_SIGNS = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9}
_SCALE_SIGNS |= {"bn": 10**9, "bln": 10**9, "tn": 10**12, "trn": 10**12}
_PLURALS = {f"{word}s": value for word, value in _LARGE.items()} | {"tens": 10}
_FIRST_ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", start=1
)
_ORDINALS = _FIRST_ORDINALS | {f"{word}th": n for word, n in _TEENS.items() if n > 12}
_ORDINALS |= {f"{word[:-1]}ieth": value for word, value in _TENS.items()}
_ORDINALS |= {f"{word}th": value for word, value in _LARGE.items() if word != "dozen"}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
_PARTS |= {f"{word}{s}": n for word, n in _ORDINALS.items() if n > 2 for s in ("", "s")}
_MULTIPLES = {"once": 1, "twice": 2, "thrice": 3} | {
    f"{stem}{ending}": n
    for stem, n in (("doubl", 2), ("tripl", 3), ("trebl", 3), ("quadrupl", 4), ("quintupl", 5))
    for ending in ("e", "ed", "es", "ing")
}
_MULTIPLES |= {f"{word}fold": value for word, value in (_SMALL | _LARGE).items()}

# Superscripts, vulgar fractions, enclosed and CJK numbers: numeric, yet no digits to `\d`.
_VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
_SIGNS = (
    "\u00b2\u00b3\u00b9\u2070-\u2089\u215f-\u2188\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3007\u3021-\u3029\u3220-\u3229\u3280-\u3289一二三四五六七八九十百千万亿兆零" + _VULGAR
)
_DIGIT_OR_SIGN, _LETTERS = re.compile(rf"[\d{_SIGNS}]"), re.compile("[a-zA-Z]+")
_WORDS = frozenset(
    {*_SMALL, *_LARGE, *_PLURALS, *_ORDINALS, *_PARTS, *_MULTIPLES, "single", "majority"}
)


def _any_of(words: dict[str, int]) -> str:
    """A pattern for any of these words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


_START, _END = r"(?<![^\W_])", r"(?![^\W_])"
_BELOW_100 = (
    rf"(?:{_any_of(_TENS)}(?:[-\s]{_any_of(_UNITS)})?|{_any_of(_TEENS)}|{_any_of(_UNITS)}|zero)"
)
# What "and" adds must be the end: "one hundred and two hundred" names two numbers.
_AND_MORE = rf"\s+(?:and\s+)?{_BELOW_100}{_END}(?![-\s]+{_any_of(_HUNDREDS)}{_END})"
_BELOW_1000 = rf"(?:(?:{_BELOW_100}[-\s])?{_any_of(_HUNDREDS)}(?:{_AND_MORE})?|{_BELOW_100})"


def _cardinals() -> str:
    """Cardinals as a pattern in which scales only descend, but for "thousand million"."""
    rest = rf"\s+(?:and\s+)?{_BELOW_1000}{_END}(?![-\s]+{_any_of(_LARGE)}{_END})"
    larger = ""
    for scale in _SCALES:
        count = rf"(?:{_BELOW_1000}[-\s]+)?"
        if scale != "thousand":
            count += r"(?:thousand\s+)?"
        follows = f"(?:\\s+(?:{larger})|{rest})?" if larger else f"(?:{rest})?"
        this = rf"{count}{scale}{_END}{follows}"
        larger = f"{this}|{larger}" if larger else this
    return f"(?:{larger}|{_BELOW_1000})"


CURRENCY_SIGN = (
    r"usd?\s?\$|(?:hk|au?|ca?|nt|sg?|nz)?\$|[€£¥₹￥]"
    r"|rmb|cny|usd|eur|gbp|jpy|chf|hkd|aud|cad|sgd|twd|krw|inr|rs\.?"
)
# The first alternative that matches is taken, so "half a million" must precede "half".
_NUMERAL = re.compile(
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
    rf"|(?P<sign>[{_SIGNS}])"
    # Letters as ASCII has them: else the dotless i and the long s count as the i and s of a word.
    rf"|{_START}(?a:"
    rf"(?P<magnitude>{_any_of(_PLURALS)}(?:\s+of\s+{_any_of(_PLURALS)})*)"
    rf"|(?P<some>(?:few|several|many|couple(?:\s+of)?|multi)[-\s]+{_any_of(_LARGE)})"
    rf"|(?P<part>(?:(?:an?|one)\s+)?(?:half|quarter)\s+(?:of\s+)?an?\s+{_any_of(_LARGE)})"
    rf"|(?P<fraction>(?:an?|{_any_of(_UNITS | _TEENS)})[-\s]+{_any_of(_PARTS)}|half|halves)"
    rf"|(?P<ordinal>(?:{_any_of(_TENS)}[-\s])?{_any_of(_ORDINALS)})"
    rf"|(?P<cardinal>{_cardinals()})"
    rf"|(?P<multiple>{_any_of(_MULTIPLES)})"
    r"|(?P<single>single)"
    r"|(?P<majority>majority)"
    rf"){_END}",
    re.IGNORECASE,
)
_SCALE_AFTER = re.compile(
    rf"(?a:[-\s]*(?P<word>{_any_of(_LARGE)})|(?P<sign>k|mm?|\s?(?:mn|mln|bn|bln|tn|trn))){_END}",
    re.I,
)
_SCALE_OF_MONEY = re.compile(rf"\s?(?P<sign>(?a:mm?|b)){_END}(?P<word>)", re.I)
_BELOW = re.compile(r"/(\d{1,9})(?![\d/])")
_TH = re.compile(rf"(?a:st|nd|rd|th){_END}", re.I)
_PLURAL = re.compile(rf"'?s{_END}")
_AND_A_HALF = re.compile(rf"\s+and\s+(?:a|one)[-\s]+half{_END}", re.I)
_MIXED = re.compile(rf"\s?(?P<sign>[{_VULGAR}])|\s(?P<above>\d{{1,2}})/(?P<below>\d{{1,2}})(?!\d)")
_AGAIN_IN_DIGITS = re.compile(r"\s*\((\d[\d,]*)\)")
_CURRENCY_BEFORE = re.compile(rf"(?<![^\W_])(?a:{CURRENCY_SIGN})\s?$", re.I)
_MINUS_BEFORE = re.compile(r"(?:(?:^|[\s(])[-\u2212\u2013]|(?<!\w)minus\s)$", re.I)
_SECOND_OF_TIME = re.compile(r"(?:\b(?:per|an?|each|every|one)|\d)[\s-]+$", re.I)
# "a third-year student", "a third party": an ordinal, where "a third of them" is a part.
_ORDINAL_NOUN = re.compile(
    r"-[a-z]|\s+(?:year|time|party|person|day|week|month|round|edition|strike|instance|case"
    rf"|offen[cs]e|anniversary){_END}",
    re.I,
)
_LONGEST = 300  # digits; no document prints a number that long, but an address may


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
    """Every numeral of a text, in order; none overlaps another.

    >>> [str(numeral.value) for numeral in find("1,606 arrests, two thirds of them in 4.3 years")]
    ['1606', '2/3', '43/10']
    """
    at = 0
    # Not finditer, because a reader may take in more than its match: a scale, a half, a fraction.
    while match := _NUMERAL.search(text, at):
        numeral = _READERS[str(match.lastgroup)](match)
        # "One hundred (100)" is one number, printed twice.
        again = _AGAIN_IN_DIGITS.match(text, numeral.end) if numeral else None
        if numeral and again and _number(again[1])[0] == numeral.value:
            numeral = replace(numeral, end=again.end())
        at = max(match.end(), numeral.end if numeral else 0)
        if numeral:
            yield replace(numeral, text_start=numeral.start, text_end=numeral.end)


@lru_cache(maxsize=50_000)
def has_numeral(text: str) -> bool:
    """Whether a text holds a numeral.

    >>> has_numeral("a dozen shops"), has_numeral("many shops")
    (True, False)
    """
    # Most texts of a page have none; that is known from their words, long before from the pattern.
    is_worth_reading = _DIGIT_OR_SIGN.search(text) or not _WORDS.isdisjoint(
        word.lower() for word in _LETTERS.findall(text)
    )
    return bool(is_worth_reading) and next(find(text), None) is not None


def _digits(match: re.Match[str]) -> Numeral:
    text, (start, end) = match.string, match.span()
    printed = _ascii(match[0])
    value, digit = _number(printed)
    is_year = re.fullmatch(r"(?:19|20)\d\d", printed) is not None
    numeral = Numeral(start, end, value, digit, ends_in_zero=printed[-1] == "0", is_year=is_year)
    # 2/3 is a fraction; 2017/18, 1/2/2017 and a path's 3/4/5 are none.
    below = _BELOW.match(text, end)
    if below and printed.isdigit() and not is_year and text[start - 1 : start] != "/":
        parts = int(_ascii(below[1]))
        if parts:
            one_part = Fraction(1, parts)
            return Numeral(start, below.end(), value * one_part, one_part, unit="fraction")
    if _TH.match(text, end):
        return replace(numeral, is_ordinal=True)
    plural = _PLURAL.match(text, end)
    # "10s" and "1,000s" are magnitudes, "1990s" and "30s" decades or ages.
    if plural and re.fullmatch("10+", printed.replace(",", "")):
        return _of_its_order(start, plural.end(), value)
    return _negative(text, _scaled(text, _mixed(text, numeral)))


def _of_its_order(start: int, end: int, value: Fraction) -> Numeral:
    bound = "on the order of"
    return Numeral(start, end, value, value, bound=bound, is_magnitude=True)


def _mixed(text: str, numeral: Numeral) -> Numeral:
    """Take in a fraction that follows a whole number: "2½", "2 1/2"."""
    after = _MIXED.match(text, numeral.end)
    # "2017 1/2" is a year and a fraction, and "4.3 1/2" no number at all.
    if not after or numeral.is_year or numeral.digit != 1:
        return numeral
    if after["sign"]:
        # The table of Unicode has floats: 1/3 comes back as the nearest simple fraction.
        part = Fraction(unicodedata.numeric(after["sign"])).limit_denominator(1000)
    else:
        above, below = int(_ascii(after["above"])), int(_ascii(after["below"]))
        if above >= below:
            return numeral
        part = Fraction(above, below)
    digit = Fraction(1, part.denominator)
    return Numeral(numeral.start, after.end(), numeral.value + part, digit)


def _negative(text: str, numeral: Numeral) -> Numeral:
    before = text[max(0, numeral.start - 14) : numeral.start]
    currency = _CURRENCY_BEFORE.search(before)
    minus = _MINUS_BEFORE.search(before[: currency.start()] if currency else before)
    if not minus:
        return numeral
    start = numeral.start if currency else numeral.start - (len(minus[0].lstrip(" (\t\n")))
    return replace(numeral, start=start, value=-numeral.value)


def _scaled(text: str, numeral: Numeral) -> Numeral:
    """Take in the scale that follows: "4.3 billion", "30m", and in sums of money "$4.3B"."""
    after = _SCALE_AFTER.match(text, numeral.end)
    # Metres and bytes have the same letters, so "m" and "B" count only for sums of money.
    if not after and _CURRENCY_BEFORE.search(text[max(0, numeral.start - 6) : numeral.start]):
        after = _SCALE_OF_MONEY.match(text, numeral.end)
    if not after:
        return numeral
    word, sign = (after["word"] or "").lower(), (after["sign"] or "").strip().lower()
    factor = _LARGE[word] if word else _SCALE_SIGNS[sign]
    value, digit = numeral.value * factor, numeral.digit * factor
    return replace(numeral, end=after.end(), value=value, digit=digit, is_year=False)


def _sign(match: re.Match[str]) -> Numeral | None:
    number = unicodedata.numeric(match[0], None)
    if number is None:
        return None
    value = Fraction(number).limit_denominator(1000)
    if value.denominator == 1:
        return Numeral(*match.span(), value)
    return Numeral(*match.span(), value, Fraction(1, value.denominator), unit="fraction")


def _magnitude(match: re.Match[str]) -> Numeral:
    value = Fraction(1)
    for word in re.split(r"\s+of\s+", match[0].lower()):
        value *= _PLURALS[word]
    return _of_its_order(*match.span(), value)


def _some(match: re.Match[str]) -> Numeral:
    scale = re.split(r"[-\s]+", match[0].lower())[-1]
    return _of_its_order(*match.span(), Fraction(_LARGE[scale]))


def _part(match: re.Match[str]) -> Numeral:
    *before, scale = match[0].lower().split()
    one_part = Fraction(_LARGE[scale], 2 if "half" in before else 4)
    return Numeral(*match.span(), one_part, one_part)


def _fraction(match: re.Match[str]) -> Numeral | None:
    above, _, part = re.sub(r"[-\s]+", " ", match[0].lower()).rpartition(" ")
    if (
        above in ("a", "an")
        and part in _ORDINALS
        and _ORDINAL_NOUN.match(match.string, match.end())
    ):
        start = match.end() - len(part)
        return Numeral(start, match.end(), Fraction(_ORDINALS[part]), is_ordinal=True)
    one_part = Fraction(1, _PARTS[part])
    value = (_UNITS | _TEENS).get(above, 1) * one_part
    return _scaled(match.string, Numeral(*match.span(), value, one_part, unit="fraction"))


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
    # Half of the last word: "two and a half" is half of one more, "a million and a half" of that.
    half_digit = numeral.digit / 2
    more = Numeral(match.start(), half.end(), numeral.value + half_digit, half_digit)
    return _scaled(match.string, more)


def _multiple(match: re.Match[str]) -> Numeral:
    return Numeral(*match.span(), Fraction(_MULTIPLES[match[0].lower()]), unit="times")


def _ordinal(match: re.Match[str]) -> Numeral | None:
    word = match[0].lower()
    if word == "second" and _SECOND_OF_TIME.search(
        match.string[max(0, match.start() - 8) : match.start()]
    ):
        return None
    value = sum((_TENS | _ORDINALS)[part] for part in re.split(r"[-\s]", word))
    return Numeral(*match.span(), Fraction(value), is_ordinal=True)


def _single(match: re.Match[str]) -> Numeral:
    return Numeral(*match.span(), Fraction(1))


def _majority(match: re.Match[str]) -> Numeral:
    return Numeral(*match.span(), Fraction(1, 2), unit="fraction", bound="more than")


_READERS = {
    "digits": _digits,
    "sign": _sign,
    "magnitude": _magnitude,
    "some": _some,
    "part": _part,
    "fraction": _fraction,
    "cardinal": _cardinal,
    "multiple": _multiple,
    "ordinal": _ordinal,
    "single": _single,
    "majority": _majority,
}


def _number(printed: str) -> tuple[Fraction, Fraction]:
    digits = _ascii(printed).replace(",", "")[:_LONGEST]
    return Fraction(digits), Fraction(1, 10 ** len(digits.partition(".")[2]))


def _ascii(digits: str) -> str:
    if digits.isascii():
        return digits
    return "".join(c if c in ",." else str(unicodedata.digit(c)) for c in digits)
