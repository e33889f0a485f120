"""Numerals that a formula states, as MathML has it.

What names no amount is none: an exponent, an index, the limits of a sum, the degree of a root, and
the 1 of `1 - p`, `n - 1` or `1/n`. These are small, and stand at something that has no number
itself. Each other digit is a numeral, and so is a number in words.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from tallybook.reading.numerals import find

# Which children of an element are set small beside, above or below its first.
_SCRIPTS = {
    "msup": (1,), "msub": (1,), "msubsup": (1, 2), "mroot": (1,),
    "munder": (1,), "mover": (1,), "munderover": (1, 2),
}  # fmt: skip
_IN_SCRIPTS = set("+-−±=,()/<>≤≥∈→∞′'*⋯…")  # beside letters
_ADDED = set("+-−")
_BEGINS, _ENDS = set("=(,/≈≤≥<>[{"), set("=),/≈≤≥<>]}")
_ALLOWED = "\ufffc"  # stands for an allowed digit, so that nothing joins over it


def stated(formula: Any) -> list[str]:
    """Return the numerals that a formula states. It is an element of MathML, of any tree.

    >>> from xml.etree.ElementTree import fromstring
    >>> stated(fromstring("<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mn>97</mn></math>"))
    ['97']
    """
    allowed = set(_allowed(formula))
    pieces = ["" if each in allowed else each.text or "" for each in _elements(formula)]
    found = [piece for piece in pieces if any(sign.isnumeric() for sign in piece)]
    words = [_ALLOWED if each in allowed else each.text or "" for each in _elements(formula)]
    for text in ("".join(words), " ".join(words)):
        numerals = (text[each.start : each.end] for each in find(text))
        found += [each for each in numerals if not any(sign.isnumeric() for sign in each)]
    return list(dict.fromkeys(each.strip() for each in found))


def _allowed(formula: Any) -> Iterator[Any]:
    """The elements with digits that name no amount."""
    for element in _elements(formula):
        children = list(element)
        places = _SCRIPTS.get(_name(element), ())
        if places and len(children) > max(places):
            for place in places:
                is_beside = _name(element).startswith("ms")
                yield from _in_script(children[0], children[place], most=2 if is_beside else 1)
        if _name(element) == "mfrac" and len(children) == 2 and _is_one(children[0]):
            yield from children[:1] if _is_plain(children[1], set(_allowed(children[1]))) else ()
        for before, one, after in zip(
            [None, *children], children, [*children[1:], None], strict=False
        ):
            if _is_one(one) and (_is_added(children, one, before, after)):
                yield one


def _in_script(base: Any, script: Any, *, most: int) -> Iterator[Any]:
    """The digits of a script: few of them, beside letters and signs, at what has no number."""
    said = _text(base)
    is_letter = len(said) == 1 and said.isalpha()
    if not said or any(sign.isnumeric() for sign in said) or _has(base, "mtext"):
        return
    digits = [each for each in _elements(script) if _name(each) == "mn"]
    others = [
        (each.text or "").strip() for each in _elements(script) if _name(each) in ("mi", "mo")
    ]
    is_simple = all((len(o) == 1 and o.isalpha()) or set(o) <= _IN_SCRIPTS for o in others)
    most = most if is_letter and len(digits) == 1 else 1
    is_short = all((d.text or "").isascii() and len(d.text or "") <= most for d in digits)
    if is_simple and is_short and not _has(script, "mtext"):
        yield from digits


def _is_added(children: list[Any], one: Any, before: Any, after: Any) -> bool:
    """Whether a 1 is added to, or taken from, what has no number: `1 - p`, `n - 1`."""
    at = children.index(one)
    if _sign(after) in _ADDED and at + 2 < len(children):
        return (before is None or _sign(before) in _BEGINS) and _is_plain(children[at + 2])
    if _sign(before) in _ADDED and at >= 2:
        return (after is None or _sign(after) in _ENDS) and _is_plain(children[at - 2])
    return False


def _is_plain(element: Any, but: Container[Any] = ()) -> bool:
    """Whether an element has letters, no digits but some, and no words."""
    said = "".join((each.text or "").strip() for each in _elements(element) if each not in but)
    has_letter = any(sign.isalpha() for sign in said) or said == ")"
    return has_letter and not any(sign.isnumeric() for sign in said) and not _has(element, "mtext")


def _is_one(element: Any) -> bool:
    return _name(element) == "mn" and (element.text or "").strip() == "1"


def _sign(element: Any) -> str:
    is_sign = element is not None and _name(element) == "mo"
    return (element.text or "").strip() if is_sign else ""


def _has(element: Any, name: str) -> bool:
    return any(_name(each) == name for each in _elements(element))


def _text(element: Any) -> str:
    return "".join((each.text or "").strip() for each in _elements(element))


def _elements(element: Any) -> Iterator[Any]:
    return (each for each in element.iter() if isinstance(each.tag, str))


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
