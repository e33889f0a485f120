"""What a stored specification may not have: addresses, pictures, data from elsewhere, orders.

The charts of this package have none of it. A specification is drawn while the book is built, and
again by a reader's browser: neither is to fetch, follow or make up what the notebook does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tallybook.charts.svg import CannotBeDrawn

_REFUSED = {
    "url": "it names an address: a chart has its data in itself",
    "href": "it leads to an address: a chart has no links",
    "signal": "it has a signal of its own",
    "params": "it has parameters",
    "selection": "it has parameters",
    "bind": "it has parameters",
    "sequence": "it makes up data: a chart shows figures",
    "graticule": "it makes up data: a chart shows figures",
    "sphere": "it makes up data: a chart shows figures",
    "lookup": "it looks up data: a chart has its data in itself",
    "embedOptions": "it has orders for what shows it",
}
_DATA = {"name", "values"}
_TRANSFORMS = {"filter", "flatten"}
_MARKS_REFUSED = {"image", "geoshape"}
_DEEPEST = 50


def refuse(spec: Any) -> None:
    """Raises CannotBeDrawn for a specification that has what no chart of this package has."""
    if not isinstance(spec, dict):
        raise CannotBeDrawn("it is no specification")
    for part in _parts(spec):
        mark = part.get("mark")
        kind = mark.get("type") if isinstance(mark, dict) else mark
        if isinstance(kind, str) and kind in _MARKS_REFUSED:
            raise CannotBeDrawn(f"it has marks of type {kind}: a chart has no pictures")
        _refuse_data(part)
        for name in part:
            if name in _REFUSED:
                raise CannotBeDrawn(f"{_REFUSED[name]} ({name!r})")


def _refuse_data(part: dict[str, Any]) -> None:
    data, transforms = part.get("data"), part.get("transform")
    if isinstance(data, dict) and (other := sorted(set(data) - _DATA)):
        raise CannotBeDrawn(f"its data have {other[0]!r}: a chart has its data in itself")
    for each in transforms if isinstance(transforms, list) else []:
        if not isinstance(each, dict) or not set(each) <= _TRANSFORMS:
            raise CannotBeDrawn("it transforms its data otherwise than by filter and flatten")


def _parts(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All mappings of a specification but the rows of its data."""
    waiting: list[tuple[Any, int]] = [(spec, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > _DEEPEST:
            raise CannotBeDrawn(f"it is nested more than {_DEEPEST} levels deep")
        if isinstance(part, dict):
            yield part
            inner = [each for name, each in part.items() if name not in ("datasets", "values")]
        else:
            inner = part if isinstance(part, list) else []
        waiting += [(each, depth + 1) for each in inner if isinstance(each, dict | list)]
