"""Numbers in digits: their grouping, powers, fractions, signs and scales."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

from tallybook.reading import eastern
from tallybook.reading import english as words
from tallybook.reading.numeral import Numeral, any_of

# Superscripts, vulgar fractions, enclosed and CJK numbers: numeric, yet no digits to `\d`.
_VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
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
_MM = re.compile(r"\s?MM(?=\s+[a-z]|\s*$|[.,;)])")
_LENGTH = re.compile(
    r"[\s-]+(?:long|wide|high|tall|deep|thick|above|below|away|apart|race|sprint|freestyle|relay|hurdles)(?!\w)",
    re.I,
)
_SHARE_BEHIND = re.compile(
    rf"\s?(?:%|(?:{words.PERCENT}|{words.POINTS}|{words.BASIS_POINTS}|{words.ONLY_POINTS})(?!\w))",
    re.I,
)
_COUNTS = re.compile(r"\s+[a-z]{2,}|\s*$|[.,;)]")
_BELOW = re.compile(r"[/⁄](\d{1,3}(?:,\d{3})+|\d{1,9})(?![\d/]|,\d)")
_TH = re.compile(rf"(?a:st|nd|rd|th){_END}", re.I)
_PLURAL = re.compile(rf"'?s{_END}")
_MIXED = re.compile(
    rf"[\s-]?(?P<sign>[{_VULGAR}])|[\s-](?P<above>\d{{1,2}})/(?P<below>\d{{1,2}})(?!\d)"
)
_MINUS_BEFORE = re.compile(
    r"(?:(?:^|[\s([])(?:[-\u2212\u2013]|(?<![\d%]\s)\u2212\s)|(?<!\w)(?<!or\s)(?:minus|negative)\s)$",
    re.I,
)
_MINUS_WITHIN = re.compile(r"([$€£¥₹￥₩₪₫₱₦₴₺₽฿])\s?[-\u2212\u2013]$")
_LOSS_BEFORE = re.compile(
    rf"(?<!\w){any_of(words.LOSSES.split())}(?:\s+[a-z]+){{0,3}}\s*:?\s*$", re.I
)
_LONGEST = 300  # digits; no document prints a number that long, but an address may


def in_digits(text: str, start: int) -> Numeral | None:
    """The number in digits that begins at a place; None where none does.

    >>> str(in_digits("4.3 billion", 0).value)
    '4300000000'
    """
    match = _DIGITS.match(text, start)
    if match is None:  # the point that ends a sentence, right before a digit
        match = _DIGITS.match(text, start + 1)
    if match is None:
        return None
    start, end = match.span()
    printed = _ascii(match[0])
    value, digit = number_and_digit(printed)
    is_year = re.fullmatch(r"(?:19|20)\d\d", printed) is not None
    numeral = Numeral(start, end, value, digit, ends_in_zero=printed[-1] == "0", is_year=is_year)
    # 2/3 is a fraction; 2017/18, 1/2/2017 and a path's 3/4/5 are none.
    below = _BELOW.match(text, end) if text[end : end + 1] in ("/", "⁄") else None
    if (
        below
        and printed.replace(",", "").isdigit()
        and not is_year
        and text[start - 1 : start] != "/"
    ):
        parts = int(_ascii(below[1]).replace(",", ""))
        if value == parts == 50:  # "a 50/50 chance"
            parts = 100
        if parts:
            one_part = Fraction(1, parts)
            return Numeral(start, below.end(), value * one_part, one_part, unit="fraction")
    if _TH.match(text, end):
        return numeral._replace(is_ordinal=True)
    plural = _PLURAL.match(text, end)
    # "10s" and "1,000s" are magnitudes, "1990s" and "30s" decades or ages.
    if plural and re.fullmatch("10+", printed.replace(",", "")):
        return of_its_order(start, plural.end(), value)
    return _negative(text, with_scale(text, _mixed(text, _powered(text, numeral))))


def of_its_order(start: int, end: int, value: Fraction) -> Numeral:
    """A magnitude, which says on what order of it something is: "10s", "thousands".

    >>> of_its_order(0, 9, Fraction(1000)).bound
    'on the order of'
    """
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
        return with_scale(text, around)
    scaled = with_scale(text, around)
    if scaled.end > end or _SHARE_BEHIND.match(text, end):
        return scaled
    return numeral


def with_scale(text: str, numeral: Numeral) -> Numeral:
    """Take in the scale that follows: "4.3 billion", "30m", and in sums of money "$4.3B".

    >>> str(with_scale("30 lakh", Numeral(0, 2, Fraction(30))).value)
    '3000000'
    """
    following = text[numeral.end : numeral.end + 1]
    if not following or not (following.isalpha() or following in "- \u00a0\u2009\u202f\t\n\r"):
        return numeral
    if eastern_scale := eastern.scale_behind(text, numeral.start, numeral.end):
        return _with_eastern_scale(text, multiplied(numeral, eastern_scale[1], eastern_scale[0]))
    if after := _SCALE_WORD.match(text, numeral.end):
        first = words.LARGE[after[1].lower()]
        scaled = multiplied(numeral, after.end(), Fraction(first))
        # "3.6 lakh crore"
        more = _SCALE_WORD.match(text, scaled.end)
        second = words.LARGE[more[1].lower()] if more else 0
        return (
            multiplied(scaled, more.end(), Fraction(second)) if more and second > first else scaled
        )
    if millions := _MM.match(text, numeral.end):
        return multiplied(numeral, millions.end(), Fraction(10**6))
    before = text[max(0, numeral.start - 6) : numeral.start].removesuffix("-")
    is_money = _CURRENCY_BEFORE.search(before)
    if is_money and (after := _SCALE_OF_MONEY.match(text, numeral.end)):
        return multiplied(numeral, after.end(), Fraction(words.SCALE_SIGNS[after["sign"].lower()]))
    after = _SCALE_SIGN.match(text, numeral.end)
    if not after:
        return numeral
    if after["sign"]:
        sign = after["sign"].lower()
        end = after.end() if sign in ("mio", "mrd", "cr") else after.end("sign")
        return multiplied(numeral, end, Fraction(words.SCALE_SIGNS[sign]))
    sign = after["near"]
    is_name = numeral.start > 0 and text[numeral.start - 1].isalpha()  # "B2B"
    if is_name or sign == "b" or (sign == "B" and not _COUNTS.match(text, after.end())):
        return numeral
    scaled = multiplied(numeral, after.end(), Fraction(words.SCALE_SIGNS[sign.lower()]))
    if sign == "m" and _LENGTH.match(text, after.end()):
        return numeral
    return scaled._replace(unscaled=numeral) if sign == "m" else scaled


def _with_eastern_scale(text: str, numeral: Numeral) -> Numeral:
    """Take in what follows in smaller scales: "3兆2,000億"."""
    while more := eastern.rest_behind(text, numeral.end, numeral.digit, _whole_digits):
        value, digit, end = more
        numeral = numeral._replace(value=numeral.value + value, digit=digit, scale=digit, end=end)
    return numeral._replace(ends_in_zero=numeral.value % (10 * numeral.digit) == 0)


def _whole_digits(text: str, at: int) -> tuple[Fraction, int] | None:
    match = _DIGITS.match(text, at)
    return (number_and_digit(match[0])[0], match.end()) if match else None


def multiplied(numeral: Numeral, end: int, factor: Fraction) -> Numeral:
    """A number with a scale behind it, which ends at a place.

    >>> str(multiplied(Numeral(0, 1, Fraction(4)), 9, Fraction(10**6)).digit)
    '1000000'
    """
    value, digit = numeral.value * factor, numeral.digit * factor
    scale = numeral.scale * factor
    unit = "" if numeral.unit == "fraction" else numeral.unit
    return numeral._replace(
        end=end, value=value, digit=digit, scale=scale, unit=unit, is_year=False
    )


def in_a_sign(match: re.Match[str]) -> Numeral | None:
    """The number of one sign of Unicode: "½", "④".

    >>> str(in_a_sign(re.match(".", "½")).value)
    '1/2'
    """
    number = unicodedata.numeric(match[0], None)
    if number is None:
        return None
    value = Fraction(number).limit_denominator(1000)
    if value.denominator == 1:
        return Numeral(*match.span(), value)
    return Numeral(*match.span(), value, Fraction(1, value.denominator), unit="fraction")


def number_and_digit(printed: str) -> tuple[Fraction, Fraction]:
    """The value of digits with any grouping, and one unit of the last of them.

    >>> number_and_digit("1,204.5")
    (Fraction(2409, 2), Fraction(1, 10))
    """
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
