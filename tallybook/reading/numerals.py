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
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache

from tallybook.reading import english as words
from tallybook.reading.digits import in_a_sign, in_digits, multiplied, number_and_digit
from tallybook.reading.numeral import Numeral, any_of
from tallybook.reading.spelled import FIRST_WORDS, in_words

# Superscripts, vulgar fractions, enclosed and CJK numbers: numeric, yet no digits to `\d`.
_VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
_SIGNS = (
    "\u00b2\u00b3\u00b9\u2070-\u2089\u215f-\u2188\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3007\u3021-\u3029\u3220-\u3229\u3280-\u3289一二三四五六七八九十百千万亿兆零" + _VULGAR
)
_TOKEN = re.compile(rf"(?P<digit>\.?\d)|(?P<sign>[{_SIGNS}])|(?P<word>[A-Za-z]+)")
_ODD = re.compile(rf"[-\s](?:odd|some)[-\s]+({any_of(words.LARGE)})(?![^\W_])", re.I)
_AGAIN = re.compile(r"\s*\((\d[\d,]*|[a-z]+(?:[-\s][a-z]+){0,6})\)", re.I)


def find(text: str) -> Iterator[Numeral]:
    """Every numeral of a text, in order; none overlaps another.

    >>> [str(numeral.value) for numeral in find("1,606 recalls, two thirds of them in 4.3 years")]
    ['1606', '2/3', '43/10']
    """
    at = 0
    # Not finditer, because a reader may take in more than its match: a scale, a half, a fraction.
    while match := _TOKEN.search(text, at):
        at = match.end()
        if match["word"]:
            # Most words begin no number: they are passed over here, which spares a call for each.
            if match["word"].lower() not in FIRST_WORDS:
                continue
            numeral = in_words(text, match)
        elif match["digit"]:
            numeral = in_digits(text, match.start())
        else:
            numeral = in_a_sign(match)
        if numeral is None:
            continue
        numeral = _printed_twice(text, _with_odd_scale(text, numeral))
        at = max(at, numeral.end)
        yield numeral._replace(text_start=numeral.start, text_end=numeral.end)


def _with_odd_scale(text: str, numeral: Numeral) -> Numeral:
    """Take in a scale behind a hedge of its own: "20-odd thousand"."""
    if text[numeral.end : numeral.end + 1] not in ("-", " "):
        return numeral
    odd = _ODD.match(text, numeral.end)
    if not odd or numeral.is_ordinal or numeral.unit:
        return numeral
    factor = Fraction(words.LARGE[odd[1].lower()])
    return multiplied(numeral, odd.end(), factor)._replace(bound="about")


def _printed_twice(text: str, numeral: Numeral) -> Numeral:
    """Take in the same number in brackets: "one hundred (100)", "5 (five)"."""
    if text[numeral.end : numeral.end + 2].strip()[:1] != "(":
        return numeral
    again = _AGAIN.match(text, numeral.end)
    if not again:
        return numeral
    if again[1][0].isdecimal():
        value = number_and_digit(again[1])[0]
    else:
        first = re.match("[A-Za-z]+", again[1])
        read = in_words(again[1], first) if first else None
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
