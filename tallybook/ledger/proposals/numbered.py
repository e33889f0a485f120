"""Names that a number follows, such as "Well 12", "Line 4" and "Boeing 747"."""

from __future__ import annotations

import re

from tallybook.reading import english as words
from tallybook.reading import units
from tallybook.reading.numeral import Numeral

_LONGEST = 4  # digits
_WORD = re.compile(r"(?<![\w’'-])(?P<before>[\w’'.,:;!?()-]+ )?(?P<name>[A-Z][\w’'-]*[^\W\d_]) \Z")
# "Scope 1 and 2", "Wells 3, 4 and 12"
_ANOTHER = re.compile(
    r"(?<![\w-])(?P<name>[A-Z][a-z]+) \d{1,4}(?: ?(?:,|and|or|to|&|-|–) ?\d{1,4})*,?"
    r" (?:and|or|to|&) \Z"
)
_VERBS = (
    r"was|is|has|does|says|runs|carries|serves|ends|starts|begins|covers|applies|opens|closes|requires"
    r"|allows|gives|goes|shows|lies|stands|bans|sets|states|provides|connects|links|makes|takes"
)
_SMALL = r"as|its|this|across|plus|less|always|perhaps|towards|unless"
_TIES = r"and|or|in|of|on|at|to|for|from|by|with|the|an?"
_COUNTED = re.compile(
    rf"(?: (?!(?:{_VERBS}|{_SMALL}|{_TIES})(?!\w))[a-z-]+){{0,2}}"
    rf"[ -](?!(?:{_VERBS}|{_SMALL})(?!\w))"
    r"(?:[a-z-]+[^\Ws]s|people|men|women|children|staff|aircraft)(?!\w)"
)
_SEVERAL = re.compile(r" (?:were|are)(?!\w)")
_OF_PEOPLE = re.compile(r" (?:have|had|die|live|work|[a-z]+ed)(?!\w)")
_IN = frozenset("in at from to of for near across outside inside".split())
_NO_NAMES = frozenset(
    "about above after all almost among an another any approximately around as at before below"
    " between both but by each employees eur even every exactly few first for from gbp her here"
    " his however if in it its just last less many more most my nearly no not now of on only or"
    " our over perhaps receive rmb roughly second see since so some still such than that the"
    " their then there these they this those through to today top total under until us usd via"
    " was we when where while with within yet you your increased decreased rose fell".split()
)


def is_of_name(numeral: Numeral, before: str, after: str) -> bool:
    """Whether a whole number belongs to the name before it, and counts nothing.

    >>> from tallybook.reading import hedges
    >>> texts = ["Then Well 12 was shut.", "In Ohio 12 wells were shut."]
    >>> found = [(text, hedges.read(text)[0]) for text in texts]
    >>> [is_of_name(one, text[: one.start], text[one.end :]) for text, one in found]
    [True, False]
    """
    is_other = numeral.is_year or numeral.bound != "exact" or numeral.unit != ""
    if is_other or numeral.end - numeral.start > _LONGEST or re.match(r"[.,]\d|\s?%|:\d", after):
        return False
    if another := _ANOTHER.search(before):
        return another["name"] not in (*words.MONTHS, "Between", "From")
    found = _WORD.search(before)
    if not found or found["name"].lower() in _NO_NAMES or _is_month(found["name"]):
        return False
    # "in" is a word here, and no inch.
    unit = "" if re.match(r" in(?!\w)", after) else units.leading(after.lstrip(" -"))[0]
    if unit or _COUNTED.match(after) or _SEVERAL.match(after):
        return False
    is_in_it = (found["before"] or "").strip().lower() in _IN
    return not (is_in_it and _OF_PEOPLE.match(after))


def _is_month(word: str) -> bool:
    return any(word in (month, month[:3], f"{month[:3]}.", "Sept") for month in words.MONTHS)
