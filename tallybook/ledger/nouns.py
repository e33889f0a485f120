"""Nouns in the singular and the plural."""

from __future__ import annotations

import re

IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "lives": "life",
}  # fmt: skip
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
