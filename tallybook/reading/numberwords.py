"""The words that numbers are written in, and the patterns that they make."""

from __future__ import annotations

import re


def _numbered(words: str, *, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(words.split())}


UNITS = _numbered("one two three four five six seven eight nine", start=1)
TEENS = _numbered(
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen", start=10
)
TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10)
SMALL = {"zero": 0} | UNITS | TEENS | TENS
HUNDREDS = {"hundred": 100, "dozen": 12}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
LARGE = HUNDREDS | SCALES
SCALE_SIGNS = {"k": 10**3, "m": 10**6, "mm": 10**6, "mn": 10**6, "mln": 10**6, "b": 10**9}
SCALE_SIGNS |= {"bn": 10**9, "bln": 10**9, "tn": 10**12, "trn": 10**12}
PLURALS = {f"{word}s": value for word, value in LARGE.items()} | {"tens": 10}
_FIRST_ORDINALS = _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth", start=1
)
ORDINALS = _FIRST_ORDINALS | {f"{word}th": n for word, n in TEENS.items() if n > 12}
ORDINALS |= {f"{word[:-1]}ieth": value for word, value in TENS.items()}
ORDINALS |= {f"{word}th": value for word, value in LARGE.items() if word != "dozen"}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4}
PARTS |= {f"{word}{s}": n for word, n in ORDINALS.items() if n > 2 for s in ("", "s")}
MULTIPLES = {"once": 1, "twice": 2, "thrice": 3} | {
    f"{stem}{ending}": n
    for stem, n in (("doubl", 2), ("tripl", 3), ("trebl", 3), ("quadrupl", 4), ("quintupl", 5))
    for ending in ("e", "ed", "es", "ing")
}
MULTIPLES |= {f"{word}fold": value for word, value in (SMALL | LARGE).items()}

# Superscripts, vulgar fractions, enclosed and CJK numbers: numeric, yet no digits to `\\d`.
VULGAR = "\u00bc-\u00be\u2150-\u215e\u2189"
SIGNS = (
    "\u00b2\u00b3\u00b9\u2070-\u2089\u215f-\u2188\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\u3007\u3021-\u3029\u3220-\u3229\u3280-\u3289一二三四五六七八九十百千万亿兆零" + VULGAR
)
_DIGIT_OR_SIGN, _LETTERS = re.compile(rf"[\d{SIGNS}]"), re.compile("[a-zA-Z]+")
_WORDS = frozenset({*SMALL, *LARGE, *PLURALS, *ORDINALS, *PARTS, *MULTIPLES, "single", "majority"})


def may_hold(text: str) -> bool:
    """Whether a text may hold a numeral: each has a digit, a sign or a word of numbers."""
    if _DIGIT_OR_SIGN.search(text):
        return True
    return not _WORDS.isdisjoint(map(str.lower, _LETTERS.findall(text)))


def any_of(words: dict[str, int]) -> str:
    """A pattern for any of these words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


START, END = r"(?<![^\W_])", r"(?![^\W_])"
_BELOW_100 = rf"(?:{any_of(TENS)}(?:[-\s]{any_of(UNITS)})?|{any_of(TEENS)}|{any_of(UNITS)}|zero)"
# What "and" adds must be the end: "one hundred and two hundred" names two numbers.
_AND_MORE = rf"\s+(?:and\s+)?{_BELOW_100}{END}(?![-\s]+{any_of(HUNDREDS)}{END})"
_BELOW_1000 = rf"(?:(?:{_BELOW_100}[-\s])?{any_of(HUNDREDS)}(?:{_AND_MORE})?|{_BELOW_100})"


def cardinals() -> str:
    """Cardinals as a pattern in which scales only descend, but for "thousand million"."""
    rest = rf"\s+(?:and\s+)?{_BELOW_1000}{END}(?![-\s]+{any_of(LARGE)}{END})"
    larger = ""
    for scale in SCALES:
        count = (
            rf"(?:{_BELOW_1000}[-\s]+)?(?:thousand\s+)?"
            if scale != "thousand"
            else (rf"(?:{_BELOW_1000}[-\s]+)?")
        )
        follows = f"(?:\\s+(?:{larger})|{rest})?" if larger else f"(?:{rest})?"
        this = rf"{count}{scale}{END}{follows}"
        larger = f"{this}|{larger}" if larger else this
    return f"(?:{larger}|{_BELOW_1000})"
