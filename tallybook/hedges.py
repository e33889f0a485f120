"""Reading numbers with the hedges, currencies and units printed around them."""

from __future__ import annotations

import re
from dataclasses import replace

from tallybook.numerals import Numeral, find

_CURRENCIES = {"rmb": "RMB", "cny": "RMB", "yuan": "RMB", "renminbi": "RMB", "us$": "USD"}
_CURRENCIES |= {"usd": "USD", "$": "USD", "dollar": "USD", "€": "EUR", "eur": "EUR", "euro": "EUR"}
_CURRENCIES |= {"£": "GBP", "gbp": "GBP", "pound": "GBP", "¥": "¥"}
CURRENCIES = frozenset(_CURRENCIES.values())
TIMES = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades"})

_CURRENCY_BEFORE = re.compile(r"(?<![^\W_])(rmb|cny|usd|us\$|eur|gbp|\$|€|£|¥)\s?$", re.I)
_CURRENCY_AFTER = re.compile(
    r"\s?(rmb|cny|yuan|renminbi|usd|dollar|eur|euro|gbp|pound|€)s?(?!\w)", re.I
)
_PERCENT = re.compile(r"[\s-]?(?:[%％٪]|percentage points?(?!\w)|per\s?cent(?!\w))", re.I)
_TIMES = re.compile(r"(?:\s+times|-?fold|\s?×)(?!\w)", re.I)
_MORE = re.compile(
    r"\s+(?:more|greater|higher|larger|bigger|faster|longer|fewer|less|lower)(?!\w)", re.I
)
_TIME = re.compile(
    r"[\s-]+(?:(?:business|working|calendar)\s+)?"
    r"(second|minute|hour|day|week|month|year|decade)s?(?!\w)",
    re.I,
)

_HEDGES = {
    "more than": "more than|greater than|over|above|exceed(?:s|ed|ing)?|in excess of|upwards of"
    "|surpass(?:es|ed|ing)?|north of|>",
    "at least": "at least|no (?:fewer|less) than|not (?:fewer|less) than|a minimum of|≥",
    "nearly": "nearly|almost|approach(?:es|ed|ing)?|just under|just short of|not quite",
    "less than": "less than|fewer than|under|below|<",
    "up to": "up to|at most|(?:no|not) more than|not exceeding|as (?:many|much) as|a maximum of|≤",
    "on the order of": "(?:on|in|of) the order of",
    "about": r"about|around|roughly|approximately|approx\.?|circa|ca?\.|some|(?:an )?estimated"
    "|close to|in the region of|~|≈",
    "exact": "exactly|precisely",
}
_BOUNDS = dict(enumerate(_HEDGES))
# A negated hedge starts further left than the hedge inside it, so that the search meets it first.
_HEDGE = re.compile(
    r"(?<![^\W_])(?:"
    + "|".join(f"(?P<b{number}>{_HEDGES[bound]})" for number, bound in _BOUNDS.items())
    + r")\s*(?<!\w)(?:an?\s+)?$",
    re.I,
)
_WITHIN = re.compile(r"(?<!\w)within\s+$", re.I)
_BEFORE_ONE = re.compile(r"(?<!\w)before\s+(?:an?\s+)?$", re.I)
_HEDGE_AFTER = re.compile(r"\s+or\s+(more|fewer|less|so)(?!\w)|(\+|-plus(?!\w))", re.I)
_BOUND_AFTER = {"more": "at least", "fewer": "up to", "less": "up to", "so": "about"}
_LONGEST_HEDGE = 40


def read(text: str) -> list[Numeral]:
    """Every numeral of a text, in order, with its unit and bound."""
    return [_with_hedge(text, _with_unit(text, numeral)) for numeral in find(text)]


def _with_unit(text: str, numeral: Numeral) -> Numeral:
    if numeral.is_ordinal or numeral.unit:
        return numeral
    before = _CURRENCY_BEFORE.search(text[max(0, numeral.start - 5) : numeral.start])
    if before:
        start = numeral.start - len(before[0])
        unit = _CURRENCIES[before[1].lower()]
        return replace(numeral, unit=unit, text_start=start, is_year=False)
    if after := _PERCENT.match(text, numeral.end):
        return replace(numeral, unit="percent", text_end=after.end(), is_year=False)
    if after := _TIMES.match(text, numeral.end):
        more = _MORE.match(text, after.end())
        end = (more or after).end()
        more_too = more is not None
        return replace(numeral, unit="times", text_end=end, says_more=more_too, is_year=False)
    if after := _CURRENCY_AFTER.match(text, numeral.end):
        unit = _CURRENCIES[after[1].lower()]
        return replace(numeral, unit=unit, text_end=after.end(), is_year=False)
    if after := _TIME.match(text, numeral.end):
        unit = f"{after[1].lower()}s"
        return replace(numeral, unit=unit, text_end=after.end(), is_year=False)
    return numeral


def _with_hedge(text: str, numeral: Numeral) -> Numeral:
    if numeral.is_ordinal or numeral.bound != "exact":
        return numeral
    left = max(0, numeral.text_start - _LONGEST_HEDGE)
    before = text[left : numeral.text_start]
    hedge = _HEDGE.search(before)
    if hedge:
        bound = _BOUNDS[int(str(hedge.lastgroup)[1:])]
    elif numeral.unit in TIMES and (hedge := _WITHIN.search(before)):
        bound = "up to"
    elif numeral.value == 1 and (hedge := _BEFORE_ONE.search(before)):
        bound = "less than"
    if hedge:
        return replace(numeral, bound=bound, text_start=left + hedge.start(), is_year=False)
    if after := _HEDGE_AFTER.match(text, numeral.text_end):
        bound = _BOUND_AFTER[after[1].lower()] if after[1] else "at least"
        return replace(numeral, bound=bound, text_end=after.end(), is_year=False)
    return numeral
