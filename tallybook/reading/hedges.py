"""Reading numbers with the hedges, currencies and units printed around them."""

from __future__ import annotations

import re
from dataclasses import replace

from tallybook.reading.numerals import CURRENCY_SIGN, Numeral, find

_CURRENCIES = {"rmb": "RMB", "cny": "RMB", "yuan": "RMB", "renminbi": "RMB", "us$": "USD"}
_CURRENCIES |= {"usd": "USD", "usd$": "USD", "$": "USD", "dollar": "USD", "€": "EUR", "eur": "EUR"}
_CURRENCIES |= {"euro": "EUR", "£": "GBP", "gbp": "GBP", "pound": "GBP"}
CURRENCIES = frozenset(_CURRENCIES.values())
TIMES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades"})

# Letters as ASCII has them: else the dotless i and the long s count as the i and s of a word.
_CURRENCY_BEFORE = re.compile(rf"(?<![^\W_])(?a:({CURRENCY_SIGN}))\s?$", re.I)
_CURRENCY_AFTER = re.compile(
    r"\s?(?a:(rmb|cny|yuan|renminbi|usd|dollar|eur|euro|gbp|pound|€)s?)(?!\w)", re.I
)
_PERCENT = re.compile(r"[\s-]?(?:[%％٪]|(?a:percentage points?|per\s?cent)(?!\w))", re.I)
_OF_A_PERCENT = re.compile(
    r"\s+(?a:(?:of )?(?:an?|one)\s+(?:percentage point|per\s?cent))(?!\w)", re.I
)
_TIMES = re.compile(r"(?:\s+times|-?fold|\s?×)(?!\w)", re.I)
_MORE = re.compile(
    r"\s+(?:more|greater|higher|larger|bigger|faster|longer|fewer|less|lower)(?!\w)", re.I
)
# What grew "27 times" may have grown to 27 times or by 27 times as much.
_INCREASE = re.compile(r"\s+(?:increase|rise|growth|gain|jump)(?!\w)", re.I)
_INCREASED = re.compile(
    r"(?:increas|grow|jump|ris|multipl)\w*\s+(?:by\s+)?$|(?:rose|grew)\s+(?:by\s+)?$", re.I
)
_TIME = re.compile(
    r"[\s-]+(?a:(?:(?:business|working|calendar)\s+)?"
    r"(second|minute|hour|day|week|month|year|decade)s?)(?!\w)",
    re.I,
)

_SPACE = r"[\s\u00a0\u2009\u202f]+"
_MORE_WORDS = "more|greater|higher|larger|bigger|longer|better"
_LESS_WORDS = "less|fewer|lower|smaller|shorter"
_HEDGES = {
    "more than": rf"(?:{_MORE_WORDS}) than|over|above|exceed(?:s|ed|ing)?|in excess of|upwards? of"
    "|surpass(?:es|ed|ing)?|topp(?:ed|ing)|beyond|north of|>|＞",
    "less than": rf"(?:{_LESS_WORDS}) than|under|below|<|＜",
    "at least": rf"at least|at a minimum|(?:a )?minimum(?: of)?|(?:{_MORE_WORDS}) than or equal to"
    rf"|equal to or (?:{_MORE_WORDS}) than|≥|≧|>=",
    "up to": rf"up to|at (?:the )?most|as (?:many|much) as|(?:a )?maximum(?: of)?|≤|≦|<="
    rf"|(?:{_LESS_WORDS}) than or equal to|equal to or (?:{_LESS_WORDS}) than",
    "nearly": "nearly|almost|approach(?:es|ed|ing)?|nearing|just (?:under|below)|not quite"
    "|(?:just )?(?:short|shy) of",
    "on the order of": "(?:on|in|of) the order of",
    "about": r"about|around|roughly|approximately|approx\.?|circa|ca\.?|c\.|some|virtually"
    r"|close (?:to|on)|practically|(?:an )?estimated(?: at| to be| total of)?|est\."
    r"|in the (?:region|vicinity|neighbou?rhood) of|~|≈|～",
    "exact": "exactly|precisely",
}
_BOUNDS = dict(enumerate(_HEDGES))
_HEDGE = re.compile(
    r"(?<![^\W_])(?a:"
    + "|".join(f"(?P<b{number}>{_HEDGES[bound]})" for number, bound in _BOUNDS.items()).replace(
        " ", _SPACE
    )
    + r")\s*(?<!\w)(?P<article>an?\s+)?$",
    re.I,
)
# "no more than" and "did not exceed" state the opposite, and its end is included.
_NEGATION = re.compile(
    r"(?<![^\W_])(?:no|not|never|without|cannot|\w+n['’]t)(?:\s+(?:to|be|been))?\s+$", re.I
)
_NEGATED = {"more than": "up to", "less than": "at least", "nearly": "less than"}
_WITHIN = re.compile(
    r"(?<!\w)(?:within|inside)\s+(?:(?:just|only)\s+)?(?:(?:the\s+)?(?:last|past|next)\s+)?$", re.I
)
_NOT_ONE = re.compile(r"(?<!\w)(?:before|not|without)\s+(?:an?\s+)?$", re.I)
_NO_MAJORITY = re.compile(r"(?<!\w)(?:less\s+than|not|short\s+of|without)\s+an?\s+$", re.I)
_SPAN_OF_TIME = re.compile(r"\s+(?:period|span|stretch|time\s?frame)(?!\w)", re.I)
_HEDGE_AFTER = re.compile(
    rf"\s+or\s+(?a:(?P<more>{_MORE_WORDS}|above|over)|(?P<less>{_LESS_WORDS}|under|below)"
    r"|(?P<about>so|thereabouts))(?!\w)|,?\s+at (?:(?P<least>least)|(?P<most>most))(?!\w)"
    r"|(?P<approx>(?:,\s*|\s*\()approx(?:imately|\.)?)|(?P<plus>\+|-plus(?!\w))|(?P<odd>-odd(?!\w))",
    re.I,
)
_NOUN_OR_MORE = re.compile(
    r"(?:\s+[a-z]+){1,2}\s+or\s+(?:(?P<more>more)|less|fewer)(?=\s*(?:$|[.,;:)]))", re.I
)
_BOUND_AFTER = {
    "more": "at least", "plus": "at least", "least": "at least", "less": "up to", "most": "up to",
    "about": "about", "approx": "about", "odd": "about",
}  # fmt: skip
_WINDOW = 120  # characters before a number that its hedge is looked for in


def read(text: str) -> list[Numeral]:
    """Every numeral of a text, in order, with its unit and bound.

    >>> [(str(n.value), n.unit, n.bound) for n in read("Nearly 1,000 shops lost at least $4.3m.")]
    [('1000', '', 'nearly'), ('4300000', 'USD', 'at least')]
    """
    return [_with_hedge(text, _with_unit(text, numeral)) for numeral in find(text)]


def at_the_end(text: str) -> tuple[str, str] | None:
    """The hedge that a text ends with, and the bound that it would give the number after it.

    >>> at_the_end("They closed upwards of ")
    ('upwards of', 'more than')
    """
    hedge = _HEDGE.search(text[-_WINDOW:])
    if hedge is None:
        return None
    return " ".join(hedge[0].split()), _bound_of(hedge)


def at_the_start(text: str) -> tuple[str, str] | None:
    """The hedge that a text begins with, behind a number, and the bound that it would give it.

    >>> at_the_start(" or so of them")
    ('or so', 'about')
    """
    hedge = _HEDGE_AFTER.match(text)
    if hedge is None:
        return None
    return " ".join(hedge[0].split()), _BOUND_AFTER[str(hedge.lastgroup)]


def _with_unit(text: str, numeral: Numeral) -> Numeral:
    if numeral.is_ordinal:
        return numeral
    percent = _PERCENT.match(text, numeral.end)
    if numeral.unit == "fraction":
        percent = percent or _OF_A_PERCENT.match(text, numeral.end)
    if percent and numeral.unit in ("", "fraction"):
        return replace(numeral, unit="percent", text_end=percent.end(), is_year=False)
    if numeral.unit:
        return numeral
    before = _CURRENCY_BEFORE.search(text[max(0, numeral.start - 6) : numeral.start])
    if before:
        sign = re.sub(r"\s+", "", before[1])
        unit = _CURRENCIES.get(sign.lower(), sign.upper())
        start = numeral.start - len(before[0])
        return replace(numeral, unit=unit, text_start=start, is_year=False)
    if after := _TIMES.match(text, numeral.end):
        more = _MORE.match(text, after.end()) or _INCREASE.match(text, after.end())
        end = (more or after).end()
        before_it = text[max(0, numeral.start - 20) : numeral.start]
        as_much = re.match(r"\s+as\s", text[after.end() : after.end() + 4])
        more_too = more is not None or bool(_INCREASED.search(before_it) and not as_much)
        return replace(numeral, unit="times", text_end=end, says_more=more_too, is_year=False)
    if after := _CURRENCY_AFTER.match(text, numeral.end):
        unit = _CURRENCIES[after[1].lower()]
        return replace(numeral, unit=unit, text_end=after.end(), is_year=False)
    return _with_time(text, numeral)


def _with_time(text: str, numeral: Numeral) -> Numeral:
    if after := _TIME.match(text, numeral.end):
        unit = f"{after[1].lower()}s"
        return replace(numeral, unit=unit, text_end=after.end(), is_year=False)
    return numeral


def _with_hedge(text: str, numeral: Numeral) -> Numeral:
    if numeral.is_ordinal:
        return numeral
    left = max(0, numeral.text_start - _WINDOW)
    before = text[left : numeral.text_start]
    if numeral.is_magnitude:
        # "up to tens of thousands" is a magnitude of which nothing follows: a point, no interval.
        hedge = _hedge_before(text, before, numeral)
        start = left + hedge[0] if hedge else numeral.text_start
        return replace(numeral, is_magnitude=hedge is None, text_start=start)
    if numeral.bound != "exact":  # a majority, which only its negation can change
        short_of_it = _NO_MAJORITY.search(before)
        start = left + short_of_it.start() if short_of_it else numeral.text_start
        return replace(numeral, bound="up to" if short_of_it else numeral.bound, text_start=start)
    start_and_bound = _hedge_before(text, before, numeral)
    if start_and_bound:
        start, bound = left + start_and_bound[0], start_and_bound[1]
        return replace(numeral, bound=bound, text_start=start, is_year=False)
    return _with_hedge_after(text, numeral)


def _with_hedge_after(text: str, numeral: Numeral) -> Numeral:
    if after := _HEDGE_AFTER.match(text, numeral.text_end):
        bound = _BOUND_AFTER[str(after.lastgroup)]
        # "10+ years": the unit stands behind the hedge.
        unit = numeral.unit or _with_time(text, replace(numeral, end=after.end())).unit
        return replace(numeral, bound=bound, unit=unit, text_end=after.end(), is_year=False)
    if after := _NOUN_OR_MORE.match(text, numeral.text_end):
        bound = "at least" if after["more"] else "up to"
        return replace(numeral, bound=bound, text_end=after.end(), is_year=False)
    return numeral


def _hedge_before(text: str, before: str, numeral: Numeral) -> tuple[int, str] | None:
    """Where the hedge before a number starts, and the bound that it states."""
    hedge = _HEDGE.search(before)
    if hedge:
        bound = _bound_of(hedge)
        during = hedge["article"] and _SPAN_OF_TIME.match(text, numeral.text_end)
        if during and bound == "more than":
            return None  # "over a two-year period"
        negation = _NEGATION.search(before[: hedge.start()])
        if negation and bound in _NEGATED:
            return negation.start(), _NEGATED[bound]
        return hedge.start(), bound
    if numeral.unit in TIMES and (within := _WITHIN.search(before)):
        return within.start(), "up to"
    # "before a single sale", "without one complaint": none at all.
    if numeral.value == 1 and (not_one := _NOT_ONE.search(before)):
        return not_one.start(), "less than"
    return None


def _bound_of(hedge: re.Match[str]) -> str:
    return next(bound for number, bound in _BOUNDS.items() if hedge[f"b{number}"])
