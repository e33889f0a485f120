"""Whether JSON-LD is by the vocabulary of schema.org: its types, their properties, their values.

The vocabulary stands in tests/site/standards/schema-org.json. Stricter than schema.org, which takes
a text for anything: here a text is none where a thing, a number, a date or an address is wanted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_VOCABULARY = json.loads(
    (Path(__file__).parents[1] / "site/standards/schema-org.json").read_text(encoding="utf-8")
)
_CLASSES: dict[str, list[str]] = _VOCABULARY["classes"]
_PROPERTIES: dict[str, tuple[list[str], list[str]]] = _VOCABULARY["properties"]
_TEXTS = {
    "Text": r"(?s).*\S.*",
    "URL": r"(https?://|\.\./)[^\s<>]+",
    "Date": r"\d{4}(-\d\d(-\d\d)?)?",
}


def mistakes(node: Any, where: str = "") -> Iterator[str]:
    """What is wrong with a thing and with the things in it, each with its place."""
    kind = node.get("@type")
    if kind not in _CLASSES:
        yield f"{where}: {kind!r} is no type"
        return
    for name, value in node.items():
        if name in ("@type", "@context", "@id"):
            continue
        at = f"{where}/{name}"
        if name not in _PROPERTIES:
            yield f"{at}: no such property"
            continue
        domains, ranges = _PROPERTIES[name]
        if not set(domains) & set(_above(kind)):
            yield f"{at}: no property of {kind}"
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                yield from mistakes(each, at)
                if not set(ranges) & set(_above(each.get("@type", ""))):
                    yield f"{at}: {each.get('@type')} is none of {ranges}"
            elif not _is_value(each, ranges):
                yield f"{at}: {each!r} is none of {ranges}"


def _above(kind: str) -> Iterator[str]:
    """A type, and all that it is one of."""
    yield kind
    for each in _CLASSES.get(kind, ()):
        yield from _above(each)


def _is_value(value: Any, ranges: list[str]) -> bool:
    if isinstance(value, bool):
        return "Boolean" in ranges
    if isinstance(value, int | float):
        return "Number" in ranges
    return isinstance(value, str) and any(
        re.fullmatch(pattern, value) for name, pattern in _TEXTS.items() if name in ranges
    )
