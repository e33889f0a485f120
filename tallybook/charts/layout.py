"""A chart laid out at a width: the same specification for a page and for a phone.

Titles and the texts at the left edge are broken into lines, axes leave room for the words beside
their marks, and what stands side by side stands below each other where there is no room. Widths of
words are estimated, so that nothing is cut whatever the reader's font. Nothing here imports Altair.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tallybook.charts.svg import CannotBeDrawn
from tallybook.charts.theme import MILLIONS, party_scale, round_numbers, width, wrapped
from tallybook.charts.views import CONCATS, DataRow, Spec, rows_of, views
from tallybook.ledger import frames

WIDE, NARROW = 700, 320  # pixels from edge to edge: of the text of a page, and of a phone's
_EDGES = 16  # what a drawing leaves free at its left and right
_LINE = 1.25  # the height of a line of text, by its size
_TEXT = 13  # the size of text, where nothing else is said
_TICKS = 60  # pixels that the numbers of an upright axis take, with its title
_PER_TIME = 66  # pixels that a month takes as the label of a tick, with room around it
_YEAR = 12
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)  # between the ticks of an axis of times
_LEAST = 120  # pixels below which a part of a chart shows nothing
_LONGEST = 0.4  # of the width, for the names of an upright axis


def layout(spec: Mapping[str, Any], room: int = WIDE) -> Spec:
    """A copy of a specification that is laid out at a width in pixels. Raises CannotBeDrawn.

    >>> made = layout({"mark": "bar", "title": "Kettles that were recalled in the year"}, 200)
    >>> made["width"], made["title"]["text"]
    (184, ['Kettles that were', 'recalled in the year'])
    """
    try:
        made = copy.deepcopy(dict(spec))
        _heading(made, room - _EDGES)
        datasets = made.get("datasets") or {}
        _of_parties(made)
        if "mark" in made or "layer" in made:
            made.setdefault("autosize", {"type": "fit-x", "contains": "padding"})
            _view(made, room - _EDGES, (), datasets)
            if "title" in made and not _beside(made, ()):
                made["title"]["frame"] = "group"  # its texts begin where those of the rows do
        else:
            _composed(made, room - _EDGES, (), datasets)
            if "title" in made and not _beside(made, ()):
                made["title"]["frame"] = "group"
        _padding(made)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotBeDrawn(f"it is not as Altair writes a chart: {error!r}") from None
    return made


def _padding(spec: Spec) -> None:
    config = spec.setdefault("config", {})
    config["padding"] = {"left": 4, "right": 12, "top": 4, "bottom": 4}


def _heading(spec: Spec, room: float) -> None:
    """The title and what stands below it, in lines; the reason of the chart is the last of them."""
    title = spec.get("title")
    given = dict(title) if isinstance(title, dict) else {"text": title or ""}
    size = float(given.setdefault("fontSize", 16 if room > NARROW else 15))
    text = _joined(given.get("text"))
    lines = given.get("subtitle") or []
    notes = [lines] if isinstance(lines, str) else list(lines)
    meta = spec.get("usermeta")
    because = meta.get("because") if isinstance(meta, dict) else ""
    notes += [because] if because and because not in notes else []
    if not text and not notes:
        return
    given["text"] = wrapped(text, size, room, bold=True)
    broken = [part for note in notes for part in wrapped(note, _TEXT, room)]
    if broken:
        given["subtitle"] = broken
    spec["title"] = given


def _joined(text: Any) -> str:
    return " ".join(text) if isinstance(text, list) else str(text or "")


def _composed(
    part: Spec, room: float, rows: Sequence[DataRow], datasets: Mapping[str, Any]
) -> None:
    rows = rows_of(part["data"], datasets) if part.get("data") else rows
    for name in CONCATS:
        if name in part:
            _concat(part, name, room, rows, datasets)
            return
    inner = part.get("spec")
    if not isinstance(inner, dict):
        return
    if "facet" in part and "field" in part["facet"]:
        least, spacing = _pixels(inner, "width", 200), _pixels(part, "spacing", 20)
        most = part.get("columns") or 100
        values = {row.get(part["facet"]["field"]) for row in rows}
        fitting = int((room + spacing) // (least + spacing))
        columns = max(1, min(most, fitting, len(values) or 1))
        part["columns"] = columns
        _inside(inner, (room - spacing * (columns - 1)) / columns, rows, datasets, _apart(part))
    elif "facet" in part and "column" in part["facet"]:
        values = {row.get(part["facet"]["column"].get("field")) for row in rows}
        _inside(inner, (room - 20 * len(values)) / max(len(values), 1), rows, datasets)
    else:
        _inside(inner, room, rows, datasets)


def _concat(
    part: Spec, name: str, room: float, rows: Sequence[DataRow], datasets: Mapping[str, Any]
) -> None:
    inside = part[name]
    columns = len(inside) if name == "hconcat" else 1
    if name == "concat":
        columns = min(part.get("columns") or len(inside), len(inside))
    spacing = _pixels(part, "spacing", 20)
    given = [each["width"] for each in inside if isinstance(each.get("width"), int)]
    least = min(max(given, default=2 * _LEAST), room)
    while columns > 1 and (room - spacing * (columns - 1)) / columns < least:
        columns -= 1
    if name != "vconcat":
        part["concat"] = part.pop(name)
        # Four stand better in two rows of two than in one of three and one of one.
        columns = math.ceil(len(inside) / math.ceil(len(inside) / columns))
        part["columns"] = columns
    for inner in inside:
        _inside(inner, (room - spacing * (columns - 1)) / columns, rows, datasets)


def _apart(part: Spec) -> bool:
    """Whether each of the parts has a scale of its own from left to right."""
    return bool(((part.get("resolve") or {}).get("scale") or {}).get("x") == "independent")


def _inside(
    part: Spec, room: float, rows: Sequence[DataRow], datasets: Mapping[str, Any],
    is_apart: bool = False,
) -> None:  # fmt: skip
    """Lay out a part of a chart, whose axes take their room beside its marks."""
    _heading(part, room) if part.get("title") else None
    if "mark" not in part and "layer" not in part:
        _composed(part, room, rows, datasets)
        return
    rows = rows_of(part["data"], datasets) if part.get("data") else rows
    part.pop("width", None)  # which says what it needs at least
    _view(part, max(room - _beside(part, rows), _LEAST), rows, datasets, is_apart)


def _beside(part: Spec, rows: Sequence[DataRow], longest: float = 150) -> float:
    """The pixels that an upright axis takes beside the marks."""
    found = (e["y"] for e in _encodings(part) if isinstance(e.get("y"), dict))
    given = next((each for each in found if "value" not in each), None)
    if given is None or ("axis" in given and given["axis"] is None):
        return 0
    if _is_named(given):
        names = [str(row.get(given.get("field"), "")) for row in rows]
        return min(max((width(name, _TEXT) for name in names), default=0), longest) + 12
    return _TICKS


def _view(
    part: Spec, room: float, rows: Sequence[DataRow], datasets: Mapping[str, Any],
    is_apart: bool = False,
) -> None:  # fmt: skip
    """Lay out a view with marks of one or several layers in `room` pixels."""
    given = part.get("width")
    part["width"] = min(int(room), given) if isinstance(given, int) else int(room)
    rows = rows_of(part["data"], datasets) if part.get("data") else rows
    every = [*_layers(part, {}, rows, datasets)]
    plot = part["width"]
    _texts(part, every, plot)
    for encoding, _, found in every:
        _colours(encoding, found, room)
    # The width of a part of a chart is that of its marks; that of a whole chart has its axes in it.
    beside = _beside(part, rows, plot * _LONGEST) if "autosize" in part else 0
    all_rows = [row for _, _, found in every for row in found]
    for encoding, _, found in every:
        _axes(encoding, found, plot)
        _times(encoding, all_rows, plot - beside)
        _rows_for_names(part, encoding, found)
    _room_for_words(every, plot - beside, is_apart)


def _layers(
    part: Spec, above: dict[str, Any], rows: Sequence[DataRow], datasets: Mapping[str, Any]
) -> Iterable[tuple[dict[str, Any], Spec, Sequence[DataRow]]]:
    """Each layer with a mark: its encoding with what it inherits, itself, and its rows."""
    rows = rows_of(part["data"], datasets) if part.get("data") else rows
    encoding = part.get("encoding") or {}
    if "mark" in part:
        yield {**above, **encoding}, part, rows
    for inner in part.get("layer", ()):
        yield from _layers(inner, {**above, **encoding}, rows, datasets)


def _encodings(part: Spec) -> Iterable[dict[str, Any]]:
    yield part.get("encoding") or {}
    for inner in _inner(part):
        yield from _encodings(inner)


def _inner(part: Spec) -> Iterable[Spec]:
    """The parts of a part: its layers, what stands beside each other, what is repeated."""
    yield from (each for name in ("layer", *CONCATS) for each in part.get(name, ()))
    if isinstance(part.get("spec"), dict):
        yield part["spec"]


# Text at the left edge


def _texts(part: Spec, every: list[Any], plot: float) -> None:
    """Break the texts that begin at a place in pixels, and make room for their lines."""
    most = 1
    for encoding, layer, rows in every:
        mark = layer["mark"]
        if not isinstance(mark, dict) or mark.get("type") != "text":
            continue
        at, text = encoding.get("x"), encoding.get("text")
        is_left = isinstance(at, dict) and isinstance(at.get("value"), int | float)
        if not is_left or not isinstance(text, dict) or "field" not in text:
            continue
        size = mark.get("fontSize", _TEXT)
        room = plot - at["value"] - mark.get("dx", 0)
        bold = str(mark.get("fontWeight", "")) in ("bold", "600", "700")
        lines = {
            shown: wrapped(shown, size, room, bold=bold)
            for shown in {str(row.get(text["field"]) or "") for row in rows}
        }
        most = max([most, *map(len, lines.values())])
        if any(len(broken) > 1 for broken in lines.values()):
            is_above = mark.get("baseline") == "line-top"  # its last line is next to a mark below
            mark |= {"lineBreak": "\n", "lineHeight": round(size * _LINE)}
            broken = f"{text['field']} in lines of {round(room)} pixels"
            for row in rows:
                own = lines[str(row.get(text["field"]) or "")]
                # A browser moves on by a line only if something is in it: a space of no width.
                empty = ["\u200b"] * (max(map(len, lines.values())) - len(own)) if is_above else []
                row[broken] = "\n".join([*empty, *own])
            layer["encoding"] = {**layer.get("encoding", {}), "text": {**text, "field": broken}}
    height = part.get("height")
    more = round((most - 1) * _TEXT * _LINE)
    if more and isinstance(height, dict) and "step" in height:
        part["height"] = {**height, "step": height["step"] + more}
    elif more and isinstance(height, int):
        part["height"] = height + more


# Axes and legends


def _is_named(given: Mapping[str, Any]) -> bool:
    return given.get("type") in ("nominal", "ordinal") and "timeUnit" not in given


def _of_parties(spec: Spec) -> None:
    """Give parties their colours, in all parts alike; there is no legend for one party."""
    of_parties = [
        given
        for encoding in _encodings(spec)
        for channel in ("color", "fill", "stroke")
        if isinstance(given := encoding.get(channel), dict) and given.get("field") == "party"
    ]
    rows = (row for view in views(spec) for row in view.rows)
    parties = [*dict.fromkeys(str(row["party"]) for row in rows if "party" in row)]
    for given in of_parties:
        given.setdefault("scale", party_scale(parties))
        if len(parties) == 1:
            given.setdefault("legend", None)


def _colours(encoding: dict[str, Any], rows: Sequence[DataRow], room: float) -> None:
    """Make a legend fit."""
    for channel in ("color", "fill", "stroke", "shape", "strokeDash"):
        given = encoding.get(channel)
        if not isinstance(given, dict) or "field" not in given or not _is_named(given):
            continue
        names = (given.get("scale") or {}).get("domain")
        if not isinstance(names, list):
            names = [*dict.fromkeys(str(row.get(given["field"], "")) for row in rows)]
        if given.get("legend", {}) is not None:
            longest = max((width(str(name), _TEXT) for name in names), default=0) + 50
            legend = {"columns": max(1, int(room // longest)), **(given.get("legend") or {})}
            given["legend"] = {"title": None, **legend}


def _axes(encoding: dict[str, Any], rows: Sequence[DataRow], plot: float) -> None:
    for channel in ("x", "y"):
        given = encoding.get(channel)
        if not isinstance(given, dict) or ("axis" in given and given["axis"] is None):
            continue
        axis = given.get("axis") or {}
        if given.get("field") in frames.NUMBERS and "title" not in given and "title" not in axis:
            units = dict.fromkeys(str(row["unit"]) for row in rows if row.get("unit"))
            given["title"] = ", ".join(units) or None
        if _is_named(given) and "field" in given:
            given["axis"] = _named_axis(channel, given, axis, rows, plot)
            given.setdefault("title", None)
        elif given.get("type") == "quantitative" and "format" not in axis:
            numbers = [row.get(str(given.get("field"))) for row in rows]
            most = max((abs(n) for n in numbers if isinstance(n, int | float)), default=0)
            if most >= 10**6 and "labelExpr" not in axis:
                given["axis"] = {**axis, "labelExpr": MILLIONS}
        if channel == "x" and plot < NARROW and given.get("type") == "quantitative":
            given["axis"] = {"tickCount": 4, **(given.get("axis") or {})}


def _times(encoding: dict[str, Any], rows: Sequence[DataRow], plot: float) -> None:
    """Put the ticks of an axis of times where they have room; in all layers the same."""
    given = encoding.get("x")
    if not isinstance(given, dict) or given.get("type") != "temporal" or "timeUnit" in given:
        return
    if given.get("axis", {}) is not None:
        given["axis"] = {**_ticks_of_times(rows, plot), **(given.get("axis") or {})}


def _ticks_of_times(rows: Sequence[DataRow], plot: float) -> dict[str, Any]:
    """The ticks of an axis of times: each has room for its label, and no two have the same."""
    months = sorted(str(row[n])[:7] for row in rows for n in frames.DATES if row.get(n))
    if not months:
        return {}
    first, last = (_YEAR * int(month[:4]) + int(month[5:]) for month in (months[0], months[-1]))
    ends = {(name, str(row[name])[5:7]) for row in rows for name in frames.DATES if row.get(name)}
    is_in_years = ends <= {("start", "01"), ("end", "12")}
    steps = [s for s in _MONTHS if not is_in_years or s >= _YEAR]
    step = next((s for s in steps if (last - first) / s <= plot / _PER_TIME), steps[-1])
    # A label that is moved to stay inside would touch the next one.
    shared = {"labelFlush": False, **({"labelFontSize": _TEXT - 1} if plot < NARROW else {})}
    if step < _YEAR:
        return {"tickCount": {"interval": "month", "step": step}, "format": "%b %Y", **shared}
    return {"tickCount": {"interval": "year", "step": step // _YEAR}, "format": "%Y", **shared}


def _named_axis(
    channel: str, given: dict[str, Any], axis: dict[str, Any], rows: Sequence[DataRow], plot: float
) -> dict[str, Any]:
    """An axis of names, each in lines where it is too long for one."""
    if "labelExpr" in axis:
        return axis
    names = [*dict.fromkeys(str(row[given["field"]]) for row in rows if row.get(given["field"]))]
    room = plot * _LONGEST if channel == "y" else plot / max(len(names), 1) - 8
    fits = all(width(word, _TEXT) <= max(room, 1) for name in names for word in name.split())
    lines = {name: wrapped(name, _TEXT, max(room, 1)) for name in names}
    made = {"labelLimit": 0, **axis}
    if channel == "y":
        # Vega measures in a font that may be narrower than the reader's.
        longest = max(
            (width(line, _TEXT) for broken in lines.values() for line in broken), default=0
        )
        made.setdefault("minExtent", math.ceil(longest) + 8)
    if channel == "x":
        if not fits:
            return made
        made = {"labelAngle": 0, **made}
    if any(len(broken) > 1 for broken in lines.values()):
        made["labelExpr"] = f"({json.dumps(lines)})[datum.label]"
    return made


def _rows_for_names(part: Spec, encoding: Mapping[str, Any], rows: Sequence[DataRow]) -> None:
    """Make each row as high as the lines of its name on an upright axis."""
    given = encoding.get("y")
    if not isinstance(given, dict) or not _is_named(given):
        return
    if "labelExpr" not in (given.get("axis") or {}):
        return
    names = {str(row.get(given["field"])) for row in rows}
    lines = max(len(wrapped(name, _TEXT, part["width"] * _LONGEST)) for name in names)
    height = part.get("height", {"step": 0})
    if isinstance(height, dict) and "step" in height:
        part["height"] = {"step": max(height["step"], round(lines * _TEXT * _LINE) + 10)}


# Words beside marks


def _room_for_words(every: list[Any], plot: float, is_apart: bool) -> None:
    """End an axis so far behind the data that the words beside a mark stay inside.

    Where each part has a scale of its own, none is known here, and it ends before the edge instead.
    """
    wanted = [
        (encoding, layer, rows)
        for encoding, layer, rows in every
        if isinstance(layer["mark"], dict)
        and layer["mark"].get("type") == "text"
        and isinstance(encoding.get("text"), dict)
        and isinstance(encoding.get("x"), dict)
        and encoding["x"].get("type") == "quantitative"
        and "field" in encoding["x"]
    ]
    scaled = [e["x"] for e, _, _ in every if isinstance(e.get("x"), dict) and "field" in e["x"]]
    scales = [given.get("scale") or {} for given in scaled]
    if not wanted or any("domain" in scale or scale.get("type") == "log" for scale in scales):
        return
    if is_apart:
        taken = max(
            (_taken(encoding, layer, row) for encoding, layer, rows in wanted for row in rows),
            default=0,
        )
        for given in scaled:
            end = round(max(plot - taken, plot / 4))
            given["scale"] = {**(given.get("scale") or {}), "rangeMax": end, "nice": False}
        return
    numbers = [
        float(row[name])
        for _, _, rows in every
        for row in rows
        for name in frames.NUMBERS
        if _is_number(row.get(name))
    ]
    if not numbers:
        return
    is_from_zero = all(scale.get("zero", True) is not False for scale in scales)
    least, most = min(numbers), max(numbers)
    if is_from_zero:
        least, most = min(least, 0.0), max(most, 0.0)
    furthest = _furthest(wanted, least, most, plot)
    ticks = round_numbers(least, most, furthest)
    if all(number.is_integer() for number in numbers):  # there is no half of a kettle
        ticks = [tick for tick in ticks if tick.is_integer()]
    ticks = _with_room(ticks, plot / (furthest - least))
    for given in scaled:
        given["scale"] = {**(given.get("scale") or {}), "domain": [least, furthest], "nice": False}
        axis = given.get("axis", {})
        if axis is not None:
            given["axis"] = {"values": ticks, "format": ",~f", **axis}


def _with_room(ticks: list[float], scale: float) -> list[float]:
    """These ticks, or every other one and so on, so that their labels do not touch."""
    is_in_millions = ticks[-1] >= 10**6
    longest = max(width("0.5 million" if is_in_millions else f"{t:,g}", _TEXT) for t in ticks)
    while len(ticks) > 2 and (ticks[1] - ticks[0]) * scale < longest + 10:
        ticks = ticks[::2]
    return ticks


def _furthest(wanted: list[Any], least: float, most: float, plot: float) -> float:
    furthest = most
    for encoding, layer, rows in wanted:
        if layer["mark"].get("align") not in ("left", None):
            continue
        for row in rows:
            ends = [row.get(n) for n in ("high", "value") if _is_number(row.get(n))]
            if ends:
                share = min(_taken(encoding, layer, row) / plot, 0.75)
                furthest = max(furthest, least + (max(map(float, ends)) - least) / (1 - share))
    return math.nextafter(furthest, math.inf) if furthest == least else furthest


def _taken(encoding: Mapping[str, Any], layer: Spec, row: DataRow) -> float:
    """The pixels that the words beside the mark of a row take."""
    mark = layer["mark"]
    size = mark.get("fontSize", _TEXT)
    bold = str(mark.get("fontWeight", "")) in ("bold", "600", "700")
    words = width(str(row.get(encoding["text"].get("field")) or ""), size, bold=bold)
    return float(words + mark.get("dx", 0) + 12)


def _pixels(part: Spec, name: str, otherwise: int) -> int:
    given = part.get(name)
    return given if isinstance(given, int) else otherwise


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
