"""Finding every number of a text, and reading its value.

`find` takes runs of digits in any script and grouping, also inside names and addresses, and
cardinals, fractions, multiples, magnitudes and ordinals in words. What counts something and what
does not ("the first court", "one another") is for people to say: nothing that may be a number is
passed over here. The hedges and units printed around a number are read in `hedges`, and what
several numbers say together ("30 to 40", "one in five") in `amounts`.

The time that it takes grows with the text: each place is looked at once, and a number in words is
read from its first word to its last, one word at a time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from tallybook.reading import english as words

# Superscripts, vulgar fractions, enclosed and CJK numbers: numeric, yet no digits to `\d`.
_VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
_SIGNS = (
    "\u00b2\u00b3\u00b9\u2070-\u2089\u215f-\u2188\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3007\u3021-\u3029\u3220-\u3229\u3280-\u3289一二三四五六七八九十百千万亿兆零" + _VULGAR
)
_SMALL = words.NONE | words.DIGITS | words.TEENS | words.TENS
_BELOW_20 = words.DIGITS | words.TEENS
_MULTI = {f"multi{word}": value for word, value in words.SCALES.items()}


def any_of(several: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first.

    >>> any_of(["ten", "tenth"])
    '(?:tenth|ten)'
    """
    return "(?:" + "|".join(sorted(several, key=len, reverse=True)) + ")"


_END = r"(?![^\W_])"
_GAP = " \u00a0\u2009\u202f'\u2019"  # between groups of three digits
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
# A comma with one or two digits behind it is a decimal comma only before one of these.
_MEASURED = (
    rf"(?=\s?(?:[%‰€£°]|(?i:{words.PERCENT}|{words.POINTS}"
    rf"|{any_of(words.SCALES)}|{any_of(words.SCALE_SIGNS)}"
    r"|tonnes?|tons?|kg|km|ha|hectares?|euros?|litres?|met(?:er|re)s?|times|degrees?)(?!\w)))"
)
_GROUPED = (
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d{1,2}(?:,\d\d)+,\d{3}(?![\d,])(?:\.\d+)?"  # lakhs and crores
    r"|\d{1,3}(?:\.\d{3})+,\d+(?![\d.])|\d{1,3}(?:\.\d{3}){2,}(?![\d.,])"
    # Not what a row of a table has between its other numbers.
    rf"|(?<!\d[ ])(?<![\d.,])\d{{1,3}}(?P<gap>[{_GAP}])\d{{3}}(?:(?P=gap)\d{{3}})*"
    r"(?:[.,]\d+)?(?!(?:[.,' ]|['\u2019])?\d)"
    r"|\d{1,3}(?:·\d{3}){2,}(?!\d)|\d+·\d+"
)
_DIGITS = re.compile(
    rf"(?:{_GROUPED}|(?<![\d,.])\d{{1,3}},\d{{1,2}}(?![\d,.]){_MEASURED}|\d+(?:\.\d+)?"
    r"|(?<![\w.])\.\d+)"
)
_EXPONENT = re.compile(
    r"\s?[×x]\s?10(?:\^?\s?(?P<plain>[-−]?\d{1,2})(?!\d)|(?P<high>[⁻−]?[⁰¹²³⁴-⁹]{1,2}))"
    r"|(?P<e>[eE])(?P<letter>[+-]?\d{1,2})(?!\w|\.\d)"
)
_POWER_OF_TEN = re.compile(r"(?P<high>[⁻−]?[⁰¹²³⁴-⁹]{1,2})|\^(?P<plain>-?\d{1,2})(?!\d)")
_TOKEN = re.compile(rf"(?P<digit>\.?\d)|(?P<sign>[{_SIGNS}])|(?P<word>[A-Za-z]+)")

_SPACES = r"\s*"
_CURRENCY = r"(?:[$€£¥₹￥₩₪₫₱₦₴₺₽฿]|(?a:rmb|cny|rs\.?|(?-i:[A-Z]{3}|R)))"
_CURRENCY_BEFORE = re.compile(rf"(?:(?<![^\W_])|(?<=[A-Z$])){_CURRENCY}\s?$", re.I)
_SCALE_WORD = re.compile(rf"[-\s]*((?a:{any_of(words.LARGE)})){_END}", re.I)
# Millimetres, bytes and tonnes have the same letters as some of the scales.
_NEAR = frozenset({"k", "m", "mm", "b", "t", "tr", "mil", "bil"})
_SCALE_SIGN = re.compile(
    rf"(?P<near>(?a:k|m|b)){_END}"
    rf"|\s?(?P<sign>(?a:{any_of(words.SCALE_SIGNS.keys() - _NEAR)})){_END}\.?",
    re.I,
)
_SCALE_OF_MONEY = re.compile(rf"\s?(?P<sign>(?a:mm?|b|t|tr|mil|bil)){_END}", re.I)
_COUNTS = re.compile(r"\s+[a-z]{2,}|\s*$|[.,;)]")
_BELOW = re.compile(r"/(\d{1,9})(?![\d/])")
_TH = re.compile(rf"(?a:st|nd|rd|th){_END}", re.I)
_PLURAL = re.compile(rf"'?s{_END}")
_MIXED = re.compile(
    rf"[\s-]?(?P<sign>[{_VULGAR}])|[\s-](?P<above>\d{{1,2}})/(?P<below>\d{{1,2}})(?!\d)"
)
_AGAIN = re.compile(r"\s*\((\d[\d,]*|[a-z]+(?:[-\s][a-z]+){0,6})\)", re.I)
_MINUS_BEFORE = re.compile(
    r"(?:(?:^|[\s([])(?:[-\u2212\u2013]|\u2212\s)|(?<!\w)(?<!or\s)(?:minus|negative)\s)$", re.I
)
_MINUS_WITHIN = re.compile(r"([$€£¥₹￥₩₪₫₱₦₴₺₽฿])\s?[-\u2212\u2013]$")
_LOSS_BEFORE = re.compile(
    rf"(?<!\w){any_of(words.LOSSES.split())}(?:\s+[a-z]+){{0,3}}\s*:?\s*$", re.I
)
_NEXT = re.compile(r"[-\s]+([A-Za-z]+)(?![^\W_])")
_REST = re.compile(r"\s+(?:(?a:and)\s+)?([A-Za-z]+)(?![^\W_])", re.I)
_TENS_UNIT = re.compile(r"[-\s]([A-Za-z]+)(?![^\W_])")
_AND_A_PART = re.compile(
    rf"[-\s]+and[-\s]+(?P<above>a|one|two|three|four|five)?[-\s]*(?P<part>half|{any_of(words.PARTS)})"
    rf"{_END}",
    re.I,
)
_POINT = re.compile(
    rf"\s+point((?:\s+(?:oh|nought|{any_of(words.NONE | words.DIGITS)}))+){_END}", re.I
)
_MAGNITUDE = re.compile(rf"[-\s]+orders?[-\s]+of[-\s]+magnitude{_END}", re.I)
_OF_MAGNITUDE = re.compile(rf"\s+of\s+magnitude{_END}", re.I)
_FIGURES = re.compile(r"[-\s]figures?(?=[-\s]+[a-z])", re.I)
_A_DIGIT = re.compile(rf"[-\s]digits?{_END}", re.I)
_OF = re.compile(r"\s+of\s+([A-Za-z]+)(?![^\W_])")
_OF_SCORED = re.compile(r"\s+of\s+(?!the\b)[a-z]", re.I)
_PART_OF_LARGE = re.compile(rf"[-\s]+(?:of\s+)?an?\s+({any_of(words.LARGE)}){_END}", re.I)
_COUPLE = re.compile(r"(?<!\w)an?\s$", re.I)
_COUPLE_OF = re.compile(
    rf"\s+of(?:\s+({any_of(words.LARGE)}))?{_END}|\s+({any_of(words.LARGE)}){_END}", re.I
)
_SECOND_OF_TIME = re.compile(r"(?:\b(?:per|an?|each|every|one)|\d)[\s-]+$", re.I)
# "a third-year student", "a third party": an ordinal, where "a third of them" is a part.
_ORDINAL_NOUN = re.compile(
    r"-[a-z]|\s+(?:year|time|party|person|day|week|month|round|edition|strike|instance|case"
    rf"|offen[cs]e|anniversary|country|state|term|quarter|generation|wave|attempt){_END}",
    re.I,
)
_EVERY_BEFORE, _ALPHA = re.compile(r"(?<!\w)every\s$", re.I), re.compile(r"\s[a-z]")
_LONGEST = 300  # digits; no document prints a number that long, but an address may


class Numeral(NamedTuple):
    """One number as printed, from `start` to `end` in its text.

    `digit` is one unit of the last printed digit, and `scale` what a scale behind it multiplied it
    by. A magnitude ("hundreds of thousands") has one unit of itself as its value. The rest is read
    from the words around: the `unit` printed beside it ("" for none) and what else its sign may
    stand for (`also`), the `bound` that its hedge states, and where the text that belongs to it,
    hedge, currency and sign included, starts and ends. `unscaled` is the other reading of "400m",
    which is of metres.
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
    scale: Fraction = Fraction(1)
    also: frozenset[str] = frozenset()
    unscaled: Numeral | None = None


def find(text: str) -> Iterator[Numeral]:
    """Every numeral of a text, in order; none overlaps another.

    >>> [str(numeral.value) for numeral in find("1,606 arrests, two thirds of them in 4.3 years")]
    ['1606', '2/3', '43/10']
    """
    at = 0
    # Not finditer, because a reader may take in more than its match: a scale, a half, a fraction.
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["word"]:
            numeral = _in_words(text, match)
        elif match["digit"]:
            numeral = _in_digits(text, match.start())
        else:
            numeral = _sign(match)
        if numeral is None:
            continue
        numeral = _printed_twice(text, numeral)
        at = max(at, numeral.end)
        yield numeral._replace(text_start=numeral.start, text_end=numeral.end)


def _printed_twice(text: str, numeral: Numeral) -> Numeral:
    """Take in the same number in brackets: "one hundred (100)", "5 (five)"."""
    if text[numeral.end : numeral.end + 2].strip()[:1] != "(":
        return numeral
    again = _AGAIN.match(text, numeral.end)
    if not again:
        return numeral
    if again[1][0].isdecimal():
        value = _number(again[1])[0]
    else:
        first = re.match("[A-Za-z]+", again[1])
        read = _in_words(again[1], first) if first else None
        if read is None or read.end != len(again[1]):
            return numeral
        value = read.value
    return numeral._replace(end=again.end()) if value == numeral.value else numeral


@lru_cache(maxsize=50_000)
def has_numeral(text: str) -> bool:
    """Whether a text holds a numeral.

    >>> has_numeral("a dozen shops"), has_numeral("many shops")
    (True, False)
    """
    return next(find(text), None) is not None


# Digits


def _in_digits(text: str, start: int) -> Numeral | None:
    match = _DIGITS.match(text, start)
    if match is None:  # the point that ends a sentence, right before a digit
        match = _DIGITS.match(text, start + 1)
    if match is None:
        return None
    start, end = match.span()
    printed = _ascii(match[0])
    value, digit = _number(printed)
    is_year = re.fullmatch(r"(?:19|20)\d\d", printed) is not None
    numeral = Numeral(start, end, value, digit, ends_in_zero=printed[-1] == "0", is_year=is_year)
    # 2/3 is a fraction; 2017/18, 1/2/2017 and a path's 3/4/5 are none.
    below = _BELOW.match(text, end) if text[end : end + 1] == "/" else None
    if below and printed.isdigit() and not is_year and text[start - 1 : start] != "/":
        parts = int(_ascii(below[1]))
        if parts:
            one_part = Fraction(1, parts)
            return Numeral(start, below.end(), value * one_part, one_part, unit="fraction")
    if _TH.match(text, end):
        return numeral._replace(is_ordinal=True)
    plural = _PLURAL.match(text, end)
    # "10s" and "1,000s" are magnitudes, "1990s" and "30s" decades or ages.
    if plural and re.fullmatch("10+", printed.replace(",", "")):
        return _of_its_order(start, plural.end(), value)
    return _negative(text, _scaled(text, _mixed(text, _powered(text, numeral))))


def _of_its_order(start: int, end: int, value: Fraction) -> Numeral:
    bound = "on the order of"
    return Numeral(start, end, value, value, bound=bound, is_magnitude=True)


def _powered(text: str, numeral: Numeral) -> Numeral:
    """Take in a power of ten: "1.2 × 10⁶", "1.2e6", "10⁶"."""
    after = _EXPONENT.match(text, numeral.end)
    own = _POWER_OF_TEN.match(text, numeral.end) if numeral.value == 10 and not after else None
    found = after or own
    if not found or (after and after["e"] and text[numeral.start - 1 : numeral.start].isalnum()):
        return numeral
    printed = found["high"] or found["plain"] or (after["letter"] if after else "")
    power = int(_ascii(printed.translate(_SUPERSCRIPTS)))
    factor = Fraction(10) ** (power - 1 if own else power)
    value, digit = numeral.value * factor, numeral.digit * factor
    return numeral._replace(end=found.end(), value=value, digit=digit, scale=factor, is_year=False)


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
    if before.endswith("(") and text[numeral.end : numeral.end + 1] == ")":
        return _in_brackets(text, numeral)
    if within := _MINUS_WITHIN.search(before):
        start = numeral.start - (len(within[0]) - len(within[1]))
        return numeral._replace(start=start, value=-numeral.value)
    currency = _CURRENCY_BEFORE.search(before)
    minus = _MINUS_BEFORE.search(before[: currency.start()] if currency else before)
    if not minus:
        return numeral
    start = numeral.start if currency else numeral.start - (len(minus[0].lstrip(" ([\t\n")))
    return numeral._replace(start=start, value=-numeral.value)


def _in_brackets(text: str, numeral: Numeral) -> Numeral:
    """A number in brackets is negative where its unit stands outside, or a loss is spoken of."""
    start, end = numeral.start - 1, numeral.end + 1
    around = numeral._replace(start=start, end=end, value=-numeral.value)
    before = text[max(0, start - 60) : start]
    if _CURRENCY_BEFORE.search(before[-6:]) or _LOSS_BEFORE.search(before):
        return _scaled(text, around)
    scaled = _scaled(text, around)
    if scaled.end > end or re.match(rf"\s?(?:%|(?:{words.PERCENT})(?!\w))", text[end : end + 12]):
        return scaled
    return numeral


def _scaled(text: str, numeral: Numeral) -> Numeral:
    """Take in the scale that follows: "4.3 billion", "30m", and in sums of money "$4.3B"."""
    following = text[numeral.end : numeral.end + 1]
    if not following or not (following.isalpha() or following in "- \u00a0\u2009\u202f\t\n\r"):
        return numeral
    if after := _SCALE_WORD.match(text, numeral.end):
        first = words.LARGE[after[1].lower()]
        scaled = _times(numeral, after.end(), Fraction(first))
        # "3.6 lakh crore"
        more = _SCALE_WORD.match(text, scaled.end)
        second = words.LARGE[more[1].lower()] if more else 0
        return _times(scaled, more.end(), Fraction(second)) if more and second > first else scaled
    before = text[max(0, numeral.start - 6) : numeral.start].removesuffix("-")
    is_money = _CURRENCY_BEFORE.search(before)
    if is_money and (after := _SCALE_OF_MONEY.match(text, numeral.end)):
        return _times(numeral, after.end(), Fraction(words.SCALE_SIGNS[after["sign"].lower()]))
    after = _SCALE_SIGN.match(text, numeral.end)
    if not after:
        return numeral
    if after["sign"]:
        sign = after["sign"].lower()
        end = after.end() if sign in ("mio", "mrd", "cr") else after.end("sign")
        return _times(numeral, end, Fraction(words.SCALE_SIGNS[sign]))
    sign = after["near"]
    is_name = numeral.start > 0 and text[numeral.start - 1].isalpha()  # "B2B"
    if is_name or sign == "b" or (sign == "B" and not _COUNTS.match(text, after.end())):
        return numeral
    scaled = _times(numeral, after.end(), Fraction(words.SCALE_SIGNS[sign.lower()]))
    return scaled._replace(unscaled=numeral) if sign == "m" else scaled


def _times(numeral: Numeral, end: int, factor: Fraction) -> Numeral:
    value, digit = numeral.value * factor, numeral.digit * factor
    scale = numeral.scale * factor
    unit = "" if numeral.unit == "fraction" else numeral.unit
    return numeral._replace(
        end=end, value=value, digit=digit, scale=scale, unit=unit, is_year=False
    )


def _sign(match: re.Match[str]) -> Numeral | None:
    number = unicodedata.numeric(match[0], None)
    if number is None:
        return None
    value = Fraction(number).limit_denominator(1000)
    if value.denominator == 1:
        return Numeral(*match.span(), value)
    return Numeral(*match.span(), value, Fraction(1, value.denominator), unit="fraction")


# Words


def _in_words(text: str, match: re.Match[str]) -> Numeral | None:
    """The numeral that begins with a word; None where none does."""
    read = _READERS.get(match[0].lower())
    if read is None:
        return None
    start, end = match.span()
    # Digits and other letters around belong to the word: "b2one", the long s.
    if (start and text[start - 1].isalnum()) or text[end : end + 1].isalnum():
        return None
    for reader in read:
        if numeral := reader(text, start, end, match[0].lower()):
            return numeral
    return None


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
        joint = _REST.match(text, at)
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
            return _scaled(text, more)
    if numeral.digit == 1 and (point := _POINT.match(text, numeral.end)):
        spoken = words.NONE | words.DIGITS | {"oh": 0, "nought": 0}
        decimals = "".join(str(spoken[each]) for each in point[1].lower().split())
        value = numeral.value + Fraction(int(decimals), 10 ** len(decimals))
        digit = Fraction(1, 10 ** len(decimals))
        return _scaled(text, numeral._replace(end=point.end(), value=value, digit=digit))
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
            return _of_its_order(start, end, value)
        value, end = value * words.PLURALS[following], following_end


def _vague(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    scale, scale_end = _next(text, end)
    if scale not in words.LARGE:
        return None
    return _of_its_order(start, scale_end, Fraction(words.LARGE[scale]))


def _multi(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    return _of_its_order(start, end, Fraction(_MULTI[word]))


def _couple(text: str, start: int, end: int, word: str) -> Numeral | None:  # noqa: ARG001
    of = _COUPLE_OF.match(text, end)
    if of and (scale := of[1] or of[2]):
        return _of_its_order(start, of.end(), Fraction(words.LARGE[scale.lower()]))
    if not of or not _COUPLE.search(text[max(0, start - 3) : start]):
        return None
    return Numeral(start, of.end(), Fraction(2), bound="about")


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
    return _scaled(text, numeral)


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
        (words.VAGUE, _vague),
        (_MULTI, _multi),
        ({"couple"}, _couple),
        ({*words.ARTICLES, *_BELOW_20, "half", "halves", "quarter"}, _fraction),
        ({*words.ORDINALS, *words.TENS}, _ordinal),
        ({*_SMALL, *words.LARGE}, _cardinal),
        (words.MULTIPLES, _multiple),
        ({"single"}, _single),
        ({"majority"}, _majority),
        ({"order"}, _order),
    ):
        for word in several:
            found.setdefault(word, []).append(reader)
    return found


Reader = Callable[[str, int, int, str], Numeral | None]
_READERS = _readers()


def _number(printed: str) -> tuple[Fraction, Fraction]:
    """The value of digits with any grouping, and one unit of the last of them."""
    digits = _ascii(printed)[: _LONGEST + _LONGEST // 3]
    for gap in (*_GAP,):
        digits = digits.replace(gap, "")
    if digits.count("·") == 1:
        digits = digits.replace("·", ".")
    digits = digits.replace("·", "")
    comma, point = digits.rfind(","), digits.rfind(".")
    is_decimal_comma = comma > point >= 0 or (
        comma >= 0 and point < 0 and len(digits) - comma in (2, 3)
    )
    if is_decimal_comma or (
        point < 0 and comma >= 0 and digits.count(",") == 1 and len(digits) - comma != 4
    ):
        digits = digits.replace(".", "").replace(",", ".")
    elif digits.count(".") > 1:
        digits = digits.replace(".", "")
    digits = digits.replace(",", "")[:_LONGEST]
    return Fraction(digits), Fraction(1, 10 ** len(digits.partition(".")[2]))


def _ascii(digits: str) -> str:
    if digits.isascii():
        return digits
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in digits)
