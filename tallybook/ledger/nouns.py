"""Nouns in the singular and the plural."""

from __future__ import annotations

import re

IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "lives": "life",
}  # fmt: skip
_ALIKE = frozenset("staff aircraft police personnel sheep fish data media series species".split())
_NO_PLURAL = frozenset(
    "business process access address loss across always perhaps less unless its this is was"
    " has does as plus minus gas bus crisis basis analysis status census virus bonus consensus"
    " focus yes us news series success progress stress illness wellness fitness happiness"
    " various previous serious numerous dangerous religious indigenous".split()
)
_PLURAL_IN_ES = re.compile(r"(?:ss|x|ch|sh)es$")


def singular(noun: str) -> str:
    """One of what a noun in the plural names.

    >>> singular("people"), singular("purchases"), singular("email addresses")
    ('person', 'purchase', 'email address')
    """
    if noun in IRREGULAR:
        return IRREGULAR[noun]
    if noun.endswith("ies"):
        return f"{noun.removesuffix('ies')}y"
    return noun.removesuffix("es") if _PLURAL_IN_ES.search(noun) else noun.removesuffix("s")


def is_plural(word: str) -> bool:
    """Whether a word looks like a noun in the plural.

    >>> is_plural("nurses"), is_plural("people"), is_plural("business"), is_plural("US")
    (True, True, False, False)
    """
    lower = word.lower()
    if lower in IRREGULAR or lower in _ALIKE:
        return True
    is_of_s = lower.endswith("s") and not lower.endswith(("ss", "'s", "’s", "ous"))
    return is_of_s and len(word) > 2 and not word.isupper() and lower not in _NO_PLURAL


def same(noun: str, other: str) -> bool:
    """Whether two nouns are one, in the singular or the plural.

    >>> same("birth", "births"), same("birth", "death")
    (True, False)
    """
    return singular(noun.casefold()) == singular(other.casefold())


def share(phrase: str, other: str) -> bool:
    """Whether two phrases have a noun in common.

    >>> share("live births", "births"), share("births", "deaths")
    (True, False)
    """
    one, two = ({singular(word) for word in each.casefold().split()} for each in (phrase, other))
    return bool(one & two)
