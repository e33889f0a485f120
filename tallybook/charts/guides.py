"""Axes, legends and headers of a chart that is laid out: room for their words, in lines.

Vega leaves the room that words take in its own font. A reader's may be wider, so that each axis is
told what its labels take at most.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tallybook.charts.theme import MILLIONS, width, wrapped
from tallybook.charts.views import DataRow, Spec
from tallybook.ledger import frames

TEXT = 13  # the size of text, where nothing else is said
LINE = 1.25  # the height of a line of text, by its size
NARROW = 320  # pixels of a plot in which an axis has few ticks
Layer = tuple[dict[str, Any], Spec, Sequence[DataRow]]  # its encoding, itself, and its rows
_LONGEST = 0.4  # of the width, for the names of an upright axis
_BESIDE = 12  # pixels between names and marks
_TITLED = 22  # pixels of an upright title
_PER_TIME = 72  # pixels that a month takes as the label of a tick, with room around it
_INWARD = _PER_TIME // 2 - 6  # how far within its axis the first and the last date lie
_YEAR = 12
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)  # between the ticks of an axis of times
_WITH_LEGEND = ("color", "fill", "stroke", "shape", "strokeDash", "size", "opacity")


def is_named(given: Mapping[str, Any]) -> bool:
    """Whether a channel has a name for each value."""
    return given.get("type") in ("nominal", "ordinal") and "timeUnit" not in given


def upright(every: Sequence[Layer], room: float) -> tuple[float, int]:
    """The pixels that the labels of an upright axis take at most, and in how many lines."""
    longest, most = 0.0, 1
    for encoding, _, rows in every:
        given = encoding.get("y")
        if not isinstance(given, dict) or "value" in given or _has_none(given, "axis"):
            continue
        if is_named(given):
            lines = _lines(_names(every, "y", given), room * _LONGEST)
        else:
            lines = {"": [_longest_number(given, rows)]}
        broken = [line for each in lines.values() for line in each]
        longest = max([longest, *(width(line, TEXT) for line in broken)])
        most = max([most, *map(len, lines.values())])
    return longest, most


def beside(every: Sequence[Layer], room: float) -> float:
    """The pixels that an upright axis takes beside the marks, with its title."""
    longest, _ = upright(every, room)
    given = [e["y"] for e, _, _ in every if isinstance(e.get("y"), dict) and "value" not in e["y"]]
    title = 0 if all(map(is_named, given)) else _TITLED
    return longest + _BESIDE + title if longest else 0


def lay_out(every: Sequence[Layer], room: float, plot: float) -> None:
    """Lay out the axes and legends of a view: `room` is its width with the axis, `plot` without."""
    for encoding, _, rows in every:
        for each in coloured(encoding, _WITH_LEGEND):
            _legend(each, rows, plot)
    extent, _ = upright(every, room)
    for encoding, _, rows in every:
        for channel in ("x", "y"):
            given = encoding.get(channel)
            if isinstance(given, dict) and not _has_none(given, "axis") and "value" not in given:
                _title(channel, given, every, rows)
                if is_named(given) and isinstance(given.get("field"), str):
                    _of_names(channel, given, every, room if channel == "y" else plot)
                else:
                    _of_numbers(channel, given, every, rows, plot)
                if channel == "y" and isinstance(given.get("axis", {}), dict):
                    given["axis"] = {"minExtent": round(extent) + 6, **(given.get("axis") or {})}


def header(given: dict[str, Any], rows: Sequence[DataRow], room: float, *, is_row: bool) -> None:
    """The names of facets above them, in lines."""
    own = given.get("header")
    if not isinstance(own, dict):
        own = {}
    names = {str(row.get(str(given.get("field")))) for row in rows}
    lines = _lines(names, room)
    made: dict[str, Any] = {
        "title": given.get("title"),
        **({"labelOrient": "top"} if is_row else {}),
    }
    if any(len(each) > 1 for each in lines.values()) and not given.get("timeUnit"):
        made["labelExpr"] = f"({json.dumps(lines)})[datum.label]"
    given["header"] = {**made, **own}


# Legends


def coloured(encoding: dict[str, Any], channels: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The definitions of some channels that have a legend, those of a condition too."""
    for channel in channels:
        given = encoding.get(channel)
        conditions = given.get("condition") if isinstance(given, dict) else None
        for each in (given, *(conditions if isinstance(conditions, list) else [conditions])):
            if isinstance(each, dict) and isinstance(each.get("field"), str):
                yield each


def _legend(given: dict[str, Any], rows: Sequence[DataRow], room: float) -> None:
    """Make a legend fit."""
    if not is_named(given):
        if given.get("legend", {}) is not None and "timeUnit" not in given:
            unit = {"title": _unit(rows)} if given["field"] in frames.NUMBERS else {}
            legend = {**unit, "columns": max(1, int(room // 90))}
            given["legend"] = {**legend, **(given.get("legend") or {})}
        return
    names = (given.get("scale") or {}).get("domain")
    if not isinstance(names, list):
        names = [*dict.fromkeys(str(row.get(given["field"], "")) for row in rows)]
    if given.get("legend", {}) is not None:
        longest = max((width(str(name), TEXT) for name in names), default=0) + 50
        legend = {"title": None, "columns": max(1, int(room // longest))}
        given["legend"] = {**legend, **(given.get("legend") or {})}


# Axes


def _title(
    channel: str, given: dict[str, Any], every: Sequence[Layer], rows: Sequence[DataRow]
) -> None:
    """Name the unit at an axis of figures; names and dates need no title.

    Layers of one unit share an axis as a rule: what one of them calls it is its title.
    """
    axis = given.get("axis") or {}
    if "title" in given or "title" in axis or not isinstance(given.get("field"), str):
        return
    if is_named(given) or given["field"] in frames.DATES:
        given["title"] = None
    elif given["field"] in frames.NUMBERS:
        unit = _unit([row for _, _, each in every for row in each] if channel == "x" else rows)
        given["title"] = unit
        for encoding, _, others in every:
            other = encoding.get(channel)
            if isinstance(other, dict) and other.get("title") and _unit(others) == unit:
                given["title"] = other["title"]


def _unit(rows: Sequence[DataRow]) -> str | None:
    """The unit of figures; None where there are several."""
    units = {str(row["unit"]) for row in rows if row.get("unit")}
    return units.pop() if len(units) == 1 else None


def _of_names(channel: str, given: dict[str, Any], every: Sequence[Layer], room: float) -> None:
    """An axis of names, each in lines where it is too long for one."""
    axis = given.get("axis") or {}
    if "labelExpr" in axis:
        return
    names = _names(every, channel, given)
    space = room * _LONGEST if channel == "y" else room / max(len(names), 1) - 8
    made: dict[str, Any] = {"labelLimit": 0}
    lines = _lines(names, max(space, 1))
    longest = max((width(line, TEXT) for each in lines.values() for line in each), default=0)
    if channel == "x" and (longest > space or axis.get("labelAngle")):
        # They are upright, and reach down as far as the longest is wide.
        longest = max((width(name, TEXT) for name in names), default=0)
        given["axis"] = {**made, "labelAngle": -90, "minExtent": round(longest) + 6, **axis}
        return
    if channel == "x":
        made["labelAngle"] = 0
    if any(len(broken) > 1 for broken in lines.values()):
        made["labelExpr"] = f"({json.dumps(lines)})[datum.label]"
    given["axis"] = {**made, **axis}


def _of_numbers(
    channel: str, given: dict[str, Any], every: Sequence[Layer], rows: Sequence[DataRow],
    plot: float,
) -> None:  # fmt: skip
    """An axis with few ticks, apart from each other, and with millions in words."""
    axis = given.get("axis") or {}
    # Ticks of times are where their labels have room.
    made: dict[str, Any] = {} if given.get("type") == "temporal" else {"labelSeparation": 10}
    is_formatted = given.get("type") != "quantitative" or {"format", "labelExpr"} & set(axis)
    if not is_formatted and _most(given, rows) >= 10**6:
        made["labelExpr"] = MILLIONS
    if given.get("aggregate") == "count":
        made["tickMinStep"] = 1
    if channel == "x" and not given.get("bin"):
        made["tickCount"] = 4 if plot < NARROW else 7
    if channel == "x" and given.get("type") == "temporal" and "timeUnit" not in given:
        made |= _ticks_of_times(_dates(every), plot)
        # Labels are as far within the axis as they reach to the left and the right of their tick.
        given["scale"] = {"padding": _INWARD, **(given.get("scale") or {})}
    given["axis"] = {**made, **axis}


def _dates(every: Sequence[Layer]) -> list[tuple[str, str]]:
    """What an axis of times shows: the columns "start" and "end" with their days, as 2017-12-31."""
    return [
        (name, str(row[name])[:10])
        for encoding, _, rows in every
        for name in {str((encoding.get(each) or {}).get("field")) for each in ("x", "x2")}
        for row in rows
        if name in frames.DATES and row.get(name)
    ]


def _ticks_of_times(dates: Sequence[tuple[str, str]], plot: float) -> dict[str, Any]:
    """The ticks of an axis of times: each has room for its label, and no two have the same."""
    if not dates:
        return {}
    months = sorted(_YEAR * int(day[:4]) + int(day[5:7]) for _, day in dates)
    first, last = months[0], months[-1]
    ends = {(name, day[5:7]) for name, day in dates}
    is_in_years = ends <= {("start", "01"), ("end", "12")}
    steps = [s for s in _MONTHS if not is_in_years or s >= _YEAR]
    room = plot - 2 * _INWARD
    step = next((s for s in steps if (last - first) / s <= room / _PER_TIME), steps[-1])
    # A label that is moved to stay inside would touch the next one.
    shared = {"labelFlush": False, **({"labelFontSize": TEXT - 1} if plot < NARROW else {})}
    if step < _YEAR:
        return {"tickCount": {"interval": "month", "step": step}, "format": "%b %Y", **shared}
    return {"tickCount": {"interval": "year", "step": step // _YEAR}, "format": "%Y", **shared}


def _most(given: Mapping[str, Any], rows: Sequence[DataRow]) -> float:
    field = str(given.get("field"))
    numbers = [row.get(field, row.get("value")) for row in rows]
    return max((abs(n) for n in numbers if isinstance(n, int | float)), default=0)


def _longest_number(given: Mapping[str, Any], rows: Sequence[DataRow]) -> str:
    most = _most(given, rows)
    return "0,000 million" if most >= 10**6 else f"{10 * most:,.0f}"  # a sum may be longer


def _names(every: Sequence[Layer], channel: str, given: Mapping[str, Any]) -> list[str]:
    """The names that an axis has, those of the layers too that share it."""
    found: dict[str, None] = {}
    for encoding, _, rows in every:
        own = encoding.get(channel)
        if isinstance(own, dict) and own.get("field") == given.get("field"):
            field = str(own.get("field"))
            found |= dict.fromkeys(str(row[field]) for row in rows if row.get(field) is not None)
    return [*found]


def _lines(names: Sequence[str] | set[str], room: float) -> dict[str, list[str]]:
    return {name: wrapped(name, TEXT, room) for name in sorted(names)}


def _has_none(given: Mapping[str, Any], guide: str) -> bool:
    return guide in given and given[guide] is None
