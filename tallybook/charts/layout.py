"""A chart laid out at a width: the same specification for a page and for a phone.

Titles and the texts at the left edge are broken into lines, axes leave room for the words beside
their marks, and what stands side by side stands below each other where there is no room. Widths of
words are estimated, so that nothing is cut whatever the reader's font. Nothing here imports Altair.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tallybook.charts import guides, typed
from tallybook.charts.guides import LINE, NARROW, TEXT, Layer
from tallybook.charts.svg import CannotBeDrawn
from tallybook.charts.theme import party_scale, round_numbers, width, wrapped
from tallybook.charts.views import CONCATS, FACETS, DataRow, Spec, all_rows, is_number, rows_of
from tallybook.ledger import frames
from tallybook.ledger.vocabulary import NEUTRAL

WIDE = 700  # pixels from edge to edge of the text of a page; a phone's are NARROW
_EDGES = 16  # what a drawing leaves free at its left and right
_LEAST = 70  # pixels below which a part of a chart shows nothing
_STEP = 28  # pixels from one name of an upright axis to the next
_SPACING = 20  # pixels between parts


def _neutral(_: str) -> str:
    return NEUTRAL


def layout(
    spec: Mapping[str, Any], room: int = WIDE, *, colour_of: Callable[[str], str] = _neutral
) -> Spec:
    """A copy of a specification that is laid out at a width in pixels. Raises CannotBeDrawn.

    `colour_of` gives the colour of a party, as `Ledger.colour_of` does; left out, all have one.

    >>> made = layout({"mark": "bar", "title": "Kettles that were recalled in the year"}, 200)
    >>> made["width"], made["title"]["text"]
    (184, ['Kettles that were', 'recalled in the year'])
    """
    try:
        made = _with_facets_outside(copy.deepcopy(dict(spec)))
        _heading(made, room - _EDGES)
        datasets = made.get("datasets") or {}
        _of_parties(made, colour_of)
        if "mark" in made or "layer" in made:
            made.setdefault("autosize", {"type": "fit-x", "contains": "padding"})
            every = [*_layers(made, {}, (), datasets)]
            extent = guides.beside(every, room - _EDGES)
            _view(made, every, room - _EDGES, room - _EDGES - extent)
            made["width"] = room - _EDGES  # which the axis is part of
            if "title" in made and not extent:
                made["title"]["frame"] = "group"  # its texts begin where those of the rows do
        else:
            axis = _composed(made, room - _EDGES, (), datasets)
            if "title" in made and not axis:
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
    because = typed.reason(spec)
    notes += [because] if because and because not in notes else []
    if not text and not notes:
        return
    given["text"] = wrapped(text, size, room, bold=True)
    if len(notes) > 1:  # one below the other, they are read as sentences
        notes = [note if note[-1:] in ".!?:;,)" else f"{note}." for note in notes]
    broken = [part for note in notes for part in wrapped(note, TEXT, room)]
    if broken:
        given["subtitle"] = broken
    spec["title"] = given


def _joined(text: Any) -> str:
    return " ".join(text) if isinstance(text, list) else str(text or "")


def _with_facets_outside(part: Spec) -> Spec:
    """The same chart with its facets around its marks, as they are laid out."""
    for name in CONCATS:
        if name in part:
            part[name] = [_with_facets_outside(each) for each in part[name]]
    encoding = part.get("encoding") or {}
    given = {name: encoding[name] for name in FACETS if isinstance(encoding.get(name), dict)}
    if not given or not {"mark", "layer"} & set(part):
        return part
    inside = {name: part.pop(name) for name in _INSIDE if name in part}
    inside["encoding"] = {name: each for name, each in encoding.items() if name not in given}
    facet = given.pop("facet", None) or given
    for name in ("columns", "spacing"):
        if name in facet:
            part[name] = facet.pop(name)
    return {**part, "facet": facet, "spec": inside}


_INSIDE = ("mark", "layer", "encoding", "width", "height", "params", "view")


def _composed(
    part: Spec, room: float, rows: Sequence[DataRow], datasets: Mapping[str, Any]
) -> float:
    """Lay out the parts of a chart; the pixels that an axis takes at their left."""
    rows = rows_of(part["data"], datasets) if part.get("data") else rows
    for name in CONCATS:
        if name in part:
            return _concat(part, name, room, rows, datasets)
    inner = part.get("spec")
    if not isinstance(inner, dict):
        return 0
    columns, every = 1, [*_layers(inner, {}, rows, datasets)]
    has_own = _resolved(part, "y") == "independent" or "repeat" in part
    if isinstance(part.get("facet"), dict):
        facet = part["facet"]
        if "column" in facet and "row" not in facet:  # those that do not fit stand below
            part["facet"] = facet = facet["column"]
        shared = 0 if has_own else guides.beside(every, room)
        least = _least(inner, every if has_own else ())
        columns = _facet(part, facet, least, room - shared, rows)
    elif isinstance(part.get("repeat"), list):
        columns = _fitting(part, _least(inner, every), len(part["repeat"]), room)
    elif isinstance(part.get("repeat"), dict):
        columns = len(part["repeat"].get("column") or [""])
    spacing = _pixels(part, "spacing", _SPACING) * (columns - 1)
    axes = guides.beside(every, room / columns) * (columns if has_own else 1)
    is_apart = _resolved(part, "x") == "independent"
    plot = (room - spacing - axes) / columns
    _inside(inner, room / columns, plot, rows, datasets, is_apart)
    return axes


def _facet(part: Spec, facet: Spec, least: float, room: float, rows: Sequence[DataRow]) -> int:
    """Give facets their names, and say how many stand side by side."""
    if "field" in facet:
        values = {row.get(str(facet["field"])) for row in rows}
        columns = _fitting(part, least, len(values), room)
        guides.header(facet, rows, room / columns - _SPACING, is_row=False)
        return columns
    column = facet.get("column")
    values = {row.get(str(column.get("field"))) for row in rows} if column else {""}
    columns = max(len(values), 1)
    for name, given in facet.items():
        is_row = name == "row"
        guides.header(given, rows, room if is_row else room / columns, is_row=is_row)
    return columns


def _least(inner: Spec, every: Sequence[Layer]) -> float:
    """The pixels that a part needs, with the axis that it has of its own."""
    given = inner.get("width")
    plot = given if isinstance(given, int) else 2 * _LEAST
    return plot + guides.beside(every, plot)


def _fitting(part: Spec, least: float, count: int, room: float) -> int:
    """How many parts stand side by side: as many as have room."""
    spacing = _pixels(part, "spacing", _SPACING)
    fitting = int((room + spacing) // (least + spacing))
    part["columns"] = max(1, min(part.get("columns") or 100, fitting, count or 1))
    return int(part["columns"])


def _concat(
    part: Spec, name: str, room: float, rows: Sequence[DataRow], datasets: Mapping[str, Any]
) -> float:
    inside = part[name]
    if not inside:
        return 0
    columns = len(inside) if name == "hconcat" else 1
    if name == "concat":
        columns = min(part.get("columns") or len(inside), len(inside))
    spacing = _pixels(part, "spacing", _SPACING)
    views = [[*_layers(inner, {}, rows, datasets)] for inner in inside]
    least = max(map(_least, inside, views), default=0)
    while columns > 1 and (room - spacing * (columns - 1)) / columns < least:
        columns -= 1
    if name != "vconcat":
        part["concat"] = part.pop(name)
        # Four stand better in two rows of two than in one of three and one of one.
        columns = math.ceil(len(inside) / math.ceil(len(inside) / columns))
        part["columns"] = columns
    each = (room - spacing * (columns - 1)) / columns
    # What stands below each other begins at the same place, behind the widest axis.
    axes = max((guides.beside(every, each) for every in views), default=0)
    for inner in inside:
        _inside(inner, each, each - axes, rows, datasets)
    return axes


def _inside(
    part: Spec, room: float, plot: float, rows: Sequence[DataRow], datasets: Mapping[str, Any],
    is_apart: bool = False,
) -> None:  # fmt: skip
    """Lay out a part of a chart, whose axes take their room beside its marks."""
    if part.get("title"):
        _heading(part, room)
    if "mark" not in part and "layer" not in part:
        _composed(part, room, rows, datasets)
        return
    part.pop("width", None)  # which says what it needs at least
    every = [*_layers(part, {}, rows, datasets)]
    _view(part, every, room, max(plot, _LEAST), is_apart=is_apart)


def _view(
    part: Spec, every: Sequence[Layer], room: float, plot: float, *, is_apart: bool = False
) -> None:
    """Lay out a view with marks of one or several layers: `room` is its width with its axis."""
    given = part.get("width")
    plot = min(int(plot), given) if isinstance(given, int) else int(plot)
    part["width"] = plot
    _texts(part, every, plot)
    _, lines = guides.upright(every, room)
    if lines > 1 and "height" not in part:
        part["height"] = {"step": max(_STEP, round(lines * TEXT * LINE) + 8)}
    guides.lay_out(every, room, plot)
    _room_for_words(every, plot, is_apart)


def _layers(
    part: Spec, above: dict[str, Any], rows: Sequence[DataRow], datasets: Mapping[str, Any]
) -> Iterator[Layer]:
    """Each layer with a mark: its encoding with what it inherits, itself, and its rows."""
    rows = rows_of(part["data"], datasets) if part.get("data") else rows
    encoding = part.get("encoding") or {}
    if "mark" in part:
        yield {**above, **encoding}, part, rows
    for inner in part.get("layer", ()):
        yield from _layers(inner, {**above, **encoding}, rows, datasets)


def _encodings(part: Spec) -> Iterator[dict[str, Any]]:
    yield part.get("encoding") or {}
    for inner in _inner(part):
        yield from _encodings(inner)


def _inner(part: Spec) -> Iterator[Spec]:
    """The parts of a part: its layers, what stands beside each other, what is repeated."""
    yield from (each for name in ("layer", *CONCATS) for each in part.get(name, ()))
    if isinstance(part.get("spec"), dict):
        yield part["spec"]


def _of_parties(spec: Spec, colour_of: Callable[[str], str]) -> None:
    """Give parties their colours, in all parts alike; there is no legend for one party."""
    of_parties = [
        given
        for encoding in _encodings(spec)
        for given in guides.coloured(encoding, ("color", "fill", "stroke"))
        if given["field"] == "party"
    ]
    rows = all_rows(spec)
    parties = [*dict.fromkeys(str(row["party"]) for row in rows if "party" in row)]
    for given in of_parties:
        given.setdefault("scale", party_scale(parties, colour_of))
        if len(parties) == 1:
            given.setdefault("legend", None)


# Text at the left edge


def _texts(part: Spec, every: Sequence[Layer], plot: float) -> None:
    """Break the texts that begin at a place in pixels, and make room for their lines."""
    most = 1
    for encoding, layer, rows in every:
        mark = layer["mark"]
        if not isinstance(mark, dict) or mark.get("type") != "text":
            continue
        at, text = encoding.get("x"), encoding.get("text")
        if not isinstance(at, dict) or not isinstance(at.get("value"), int | float):
            continue
        if not isinstance(text, dict) or "field" not in text:
            continue
        size = mark.get("fontSize", TEXT)
        room = plot - at["value"] - mark.get("dx", 0)
        bold = str(mark.get("fontWeight", "")) in ("bold", "600", "700")
        lines = {
            shown: wrapped(shown, size, room, bold=bold)
            for shown in {str(row.get(text["field"]) or "") for row in rows}
        }
        most = max([most, *map(len, lines.values())])
        if any(len(broken) > 1 for broken in lines.values()):
            is_above = mark.get("baseline") == "line-top"  # its last line is next to a mark below
            mark |= {"lineBreak": "\n", "lineHeight": round(size * LINE)}
            broken = f"{text['field']} in lines of {round(room)} pixels"
            for row in rows:
                own = lines[str(row.get(text["field"]) or "")]
                # A browser moves on by a line only if something is in it: a space of no width.
                empty = ["\u200b"] * (max(map(len, lines.values())) - len(own)) if is_above else []
                row[broken] = "\n".join([*empty, *own])
            layer["encoding"] = {**layer.get("encoding", {}), "text": {**text, "field": broken}}
    height = part.get("height")
    more = round((most - 1) * TEXT * LINE)
    if more and isinstance(height, dict) and "step" in height:
        part["height"] = {**height, "step": height["step"] + more}
    elif more and isinstance(height, int):
        part["height"] = height + more


# Words beside marks


def _room_for_words(every: Sequence[Layer], plot: float, is_apart: bool) -> None:
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
    if (
        not wanted
        or _stacks(every)
        or any("domain" in scale or scale.get("type") == "log" for scale in scales)
    ):
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
        if is_number(row.get(name))
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
    longest = max(width("0.5 million" if is_in_millions else f"{t:,g}", TEXT) for t in ticks)
    while len(ticks) > 2 and (ticks[1] - ticks[0]) * scale < longest + 10:
        ticks = ticks[::2]
    return ticks


def _furthest(wanted: list[Any], least: float, most: float, plot: float) -> float:
    furthest = most
    for encoding, layer, rows in wanted:
        if layer["mark"].get("align") not in ("left", None):
            continue
        for row in rows:
            ends = [row.get(n) for n in ("high", "value") if is_number(row.get(n))]
            if ends:
                share = min(_taken(encoding, layer, row) / plot, 0.75)
                furthest = max(furthest, least + (max(map(float, ends)) - least) / (1 - share))
    return math.nextafter(furthest, math.inf) if furthest == least else furthest


def _taken(encoding: Mapping[str, Any], layer: Spec, row: DataRow) -> float:
    """The pixels that the words beside the mark of a row take."""
    mark = layer["mark"]
    size = mark.get("fontSize", TEXT)
    bold = str(mark.get("fontWeight", "")) in ("bold", "600", "700")
    words = width(str(row.get(encoding["text"].get("field")) or ""), size, bold=bold)
    return float(words + mark.get("dx", 0) + 12)


def _stacks(every: Sequence[Layer]) -> bool:
    """Whether bars may stand on each other, as far as nobody knows before they are drawn."""
    for encoding, layer, rows in every:
        mark = layer["mark"].get("type") if isinstance(layer["mark"], dict) else layer["mark"]
        given = encoding.get("x")
        if mark not in ("bar", "area") or "x2" in encoding or not isinstance(given, dict):
            continue
        beside = [str((encoding.get(name) or {}).get("field")) for name in ("y", "yOffset")]
        places = {tuple(row.get(field) for field in beside) for row in rows}
        if given.get("stack", "zero") and len(places) < len(rows):
            return True
    return False


def _resolved(part: Spec, channel: str) -> str:
    resolve = part.get("resolve") or {}
    found = [(resolve.get(name) or {}).get(channel) for name in ("scale", "axis")]
    return "independent" if "independent" in found else "shared"


def _pixels(part: Spec, name: str, otherwise: int) -> int:
    given = part.get(name)
    return given if isinstance(given, int) else otherwise
