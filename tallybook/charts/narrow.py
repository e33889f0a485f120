"""The narrow drawing of a chart: its specification laid out a second time, for a phone.

Each row's label stands above its mark in lines of its own, with the figure's words below it; ties
are listed under the item that they lead to. All of it comes from the stored specification. Every
line of words has its place in pixels, broken by its estimated width, so that nothing is cut
whatever the reader's font.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tallybook.charts.data import extent, rows
from tallybook.charts.svg import CannotBeDrawn, form, title
from tallybook.charts.theme import (
    ARROWS,
    DASHES,
    MILLIONS,
    OUTLINE,
    QUIET,
    SHAPES,
    SPAN,
    TEXT,
    decades,
    has_legend,
    party_scale,
    width,
    wrapped,
)

WIDTH = 280  # pixels: a phone of 320, less the margins of a page
LEFT, RIGHT = 10, WIDTH - 14  # between these lie the marks
SMALL = 12
_LOOKS = {
    "title": (15, True, TEXT),
    "note": (SMALL, False, QUIET),
    "label": (SMALL, False, TEXT),
    "words": (13, True, TEXT),
}
_PLACE = {"type": "quantitative", "scale": None, "axis": None}  # of a field in pixels
_POINT = {"type": "point", "filled": True}
_HALF = 122  # of the sheet, for the left of two drawings; the right one begins at _SECOND
_SECOND = 150
_TIE = ("from_id", "to_id", "from", "to", "relation", "basis")
_OPAQUE = {"opacity": {"value": 1}}  # points are translucent by default
Row = dict[str, Any]  # a row of the chart with its place on the sheet: y, px and such, in pixels


def narrow(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification of the same chart, 280 pixels wide.

    Raises CannotBeDrawn for a specification that none of the forms of `tallybook.charts` made, or
    that lacks what its form has.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> chart = charts.how_many({"Plants": ledger.figure("repair-plants")}, title="Plants")
    >>> narrow(chart.to_dict())["width"]
    280
    """
    name = str(form(spec).get("form", "")) if isinstance(spec, dict) else ""
    if name not in _FORMS:
        known = ", ".join(_FORMS)
        raise CannotBeDrawn(f"it is none of the forms of tallybook.charts: {known}")
    try:
        return _FORMS[name](spec)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CannotBeDrawn(f"it lacks what {name} has: {error}") from None


def _how_many(spec: dict[str, Any]) -> dict[str, Any]:
    sheet, found = _figures(spec)
    furthest = max(row["high"] for row in found)
    # An arrow takes some room beyond the greatest figure.
    x = _across(
        "sure", {"domain": [0, furthest * 1.08 or 1]}, title=form(spec)["unit"], **_labels(furthest)
    )
    colours = _by_party(found)
    zero, high = {"datum": 0}, {"field": "high"}
    sheet.mark(found, {"type": "bar", "height": 12}, x=x, x2=zero, color=colours)
    # An outline of no width would be drawn as a line.
    maybe = [row for row in found if row["high"] > row["sure"]]
    outline = {"type": "bar", "height": 11, **OUTLINE}
    sheet.mark(maybe, outline, x={**x, "field": "sure"}, x2=high, color=colours)
    _points(sheet, [row for row in found if row["side"] != "both"], x)
    return sheet.spec(spec, axis_room=44)


def _within_what(spec: dict[str, Any]) -> dict[str, Any]:
    sheet, found = _figures(spec)
    least, most = extent(found)
    unit = form(spec)["unit"]
    if form(spec).get("scale") == "log":
        values = decades(least, most)
        scale = {"type": "log", "domain": [values[0], values[-1]]}
        x = _across("low", scale, values=values, title=unit, **_labels(most))
    else:
        room = (most - least) * 0.1 or 1
        # From zero, unless all figures are far from it: there the lines would be dots.
        domain = [least - room if least > most / 2 else min(0, least), most + room]
        x = _across("low", {"domain": domain, "zero": False}, title=unit)
    _spans(sheet, found, x)
    return sheet.spec(spec, axis_room=44)


def _when(spec: dict[str, Any]) -> dict[str, Any]:
    sheet, found = _figures(spec)
    x = _across("from", {"type": "utc"}, format="%b %Y")
    colours = _by_party(found)
    _bars(sheet, found, x, "to", colours)
    days = [row for row in found if row["sharp"] == "yes"]
    sheet.mark(days, {**_POINT, "size": 80}, x=x, color=colours, **_OPAQUE)
    return sheet.spec(spec, axis_room=26)


def _side_by_side(spec: dict[str, Any]) -> dict[str, Any]:
    sheet, found = _begun(spec)
    _legend(sheet, spec, found)
    pair = ""
    for row in found:
        if row["pair"] != pair:
            pair = row["pair"]
            sheet.skip(8)
            sheet.write(pair, "label")
        sheet.write(row["words"], "words")
        sheet.write(row["time"], "note")
        row["y"] = sheet.skip(16)
    sheet.skip(6)
    least, most = extent(found)
    scale = {"domain": [min(0, least), most * 1.1], "range": [LEFT, _HALF]}
    _spans(sheet, found, _across("low", scale, title="against the upper of the pair", tickCount=2))
    # Times share the sheet, and its one axis; theirs stands in words at each row.
    dated = [row for row in found if row["dated"] == "yes"]
    days = [row[end] for row in dated for end in ("from", "to")]
    for row in dated:
        row["start"], row["end"] = (_between(row[end], days) for end in ("from", "to"))
    _bars(sheet, dated, {"field": "start", **_PLACE}, "end", _by_party(found))
    return sheet.spec(spec, axis_room=44)


def _ties(spec: dict[str, Any]) -> dict[str, Any]:
    sheet, found = _begun(spec)
    links = [{k: row[k] for k in _TIE} for row in found if "basis" in row]
    items = {row["id"]: row for row in found if "column" in row}
    stubs: list[Row] = []
    spines: list[Row] = []
    left = {id(link) for link in links}  # those that stand under no item yet
    hubs = [item for item in items.values() if item["column"] != 1]
    for hub in sorted(hubs, key=lambda item: int(item["column"])):
        ties = [link for link in links if hub["id"] in (link["from_id"], link["to_id"])]
        mine = [link for link in ties if id(link) in left]
        if ties and not mine:
            continue  # each of its ties stands under its other end
        left -= {id(link) for link in mine}
        sheet.skip(10)
        sheet.write(f"{hub['kind'].capitalize()}: {hub['label']}", "words")
        top = sheet.y
        for link in mine:
            other = link["to_id"] if link["from_id"] == hub["id"] else link["from_id"]
            stub = {**link, "px": 4, "px2": 22, "y": round(sheet.y + 10, 1)}
            stubs.append(stub)
            sheet.write(items[other]["label"], "label", indent=28)
            sheet.skip(2)
        if mine:
            spines.append({"px": 4, "y": top, "end": stubs[-1]["y"]})
        else:
            sheet.write("no tie", "note", indent=28)
    _brackets(sheet, stubs, spines)
    return sheet.spec(spec)


def _brackets(sheet: Sheet, stubs: list[Row], spines: list[Row]) -> None:
    """Lines from an item to those listed under it; and what the two kinds of line mean."""
    sheet.skip(10)
    for basis in ("stated", "inferred"):
        stubs.append({"px": 4, "px2": 22, "y": round(sheet.y + 10, 1), "basis": basis})
        sheet.write(basis, "note", indent=28)
    px = {"field": "px", **_PLACE}
    line = {"type": "rule", "strokeWidth": 1.4, "color": QUIET}
    dashed = {"field": "basis", "type": "nominal", "scale": DASHES, "legend": None}
    sheet.mark(stubs, line, x=px, x2={"field": "px2"}, strokeDash=dashed)
    sheet.mark(spines, {**line, "strokeWidth": 1}, x=px, y2={"field": "end"})


def _begun(spec: dict[str, Any]) -> tuple[Sheet, list[Row]]:
    """The title of a chart and the notes below it; and copies of its rows."""
    sheet = Sheet()
    sheet.write(title(spec), "title")
    for note in _notes(spec):
        sheet.write(note, "note")
    sheet.skip(8)
    return sheet, [{**row} for row in rows(spec)]


def _notes(spec: dict[str, Any]) -> list[str]:
    """The notes below a title; lines that the wide drawing broke one into are joined again."""
    heading = spec.get("title")
    lines = heading.get("subtitle", []) if isinstance(heading, dict) else []
    notes: list[str] = []
    for line in [lines] if isinstance(lines, str) else lines:
        if notes and line[:1].islower():
            notes[-1] += f" {line}"
        else:
            notes.append(line)
    return notes


def _legend(sheet: Sheet, spec: dict[str, Any], found: list[Row]) -> None:
    if has_legend([row["party"] for row in found], " ".join([title(spec), *_notes(spec)])):
        sheet.legend(found)


def _figures(spec: dict[str, Any]) -> tuple[Sheet, list[Row]]:
    """The head and the rows of a chart in which each row is one figure or event."""
    sheet, found = _begun(spec)
    _legend(sheet, spec, found)
    for row in found:
        sheet.skip(6)
        sheet.write(row["label"], "label")
        sheet.write(row["words"], "words")
        row["y"] = sheet.skip(20)
    sheet.skip(4)
    return sheet, found


def _spans(sheet: Sheet, found: list[Row], x: Row) -> None:
    """Lines from the low end of each figure to the high one, with its point."""
    sheet.mark(found, {"type": "rule", **SPAN}, x=x, x2={"field": "high"}, color=_by_party(found))
    _points(sheet, found, x)


def _points(sheet: Sheet, found: list[Row], x: Row) -> None:
    """What stands at the point of each figure, in the shape that its open side asks for."""
    shape = {"field": "side", "type": "nominal", "scale": SHAPES, "legend": None}
    at = {**x, "field": "point"}
    mark = {**_POINT, "size": 150}
    sheet.mark(found, mark, x=at, shape=shape, color=_by_party(found), **_OPAQUE)


def _bars(sheet: Sheet, found: list[Row], x: Row, last: str, colours: Row) -> None:
    """Bars of times; one with an open end is an outline with an arrow out of that end."""
    open_ended = [row for row in found if row["open"] != "no"]
    bar, to = {"type": "bar", "height": 9}, {"field": last}
    sheet.mark([r for r in found if r["open"] == "no"], bar, x=x, x2=to, color=colours)
    sheet.mark(open_ended, {**bar, **OUTLINE}, x=x, x2=to, color=colours)
    for end, at in (("from", x["field"]), ("to", last)):
        there = [row for row in open_ended if row["open"] in (end, "both")]
        mark = {**_POINT, "size": 100, "shape": ARROWS[end]}
        sheet.mark(there, mark, x={**x, "field": at}, color=colours, **_OPAQUE)


def _between(day: str, days: list[str]) -> float:
    """Where a day lies on the right half of the sheet, which is as wide as all these days."""
    at, start, end = (date.fromisoformat(each).toordinal() for each in (day, min(days), max(days)))
    return round(_SECOND + (RIGHT - _SECOND) * (at - start) / max(end - start, 1), 1)


@dataclass
class Sheet:
    """Words and marks from top to bottom; `y` is how far down the sheet is filled, in pixels."""

    y: float = 4
    words: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    layers: list[dict[str, Any]] = field(default_factory=list)

    def write(self, text: str, look: str, *, indent: float = 0) -> None:
        """Put words below what is there, in as many lines as they need."""
        size, bold, _ = _LOOKS[look]
        for line in wrapped(text, size, WIDTH - indent - 6, bold=bold):
            self.y += size + 4
            row = {"px": indent + 2, "y": round(self.y - 4, 1), "text": line}
            self.words.setdefault(look, []).append(row)

    def skip(self, pixels: float) -> float:
        """Leave a band free, and give its middle."""
        self.y += pixels
        return round(self.y - pixels / 2, 1)

    def mark(self, rows: list[dict[str, Any]], mark: dict[str, Any], **encoding: Any) -> None:
        """Add a layer of marks at the heights of their rows; none for no rows."""
        if rows:
            high = {"y": {"field": "y", **_PLACE}, **encoding}
            self.layers.append({"data": {"values": rows}, "mark": mark, "encoding": high})

    def legend(self, found: list[Row]) -> None:
        """The legend of the colours of these rows' parties, in as many lines as it takes."""
        self.skip(6)
        squares, x = [], 0.0
        self.y += SMALL + 6
        colours = _by_party(found)
        for party in colours["scale"]["domain"]:
            room = 30 + width(party, SMALL)
            if x and x + room > WIDTH:
                x, self.y = 0.0, self.y + SMALL + 6
            squares.append({"px": x + 7, "y": self.y - 8, "party": party})
            row = {"px": round(x + 18, 1), "y": self.y - 4, "text": party}
            self.words.setdefault("label", []).append(row)
            x += room
        mark = {"type": "point", "shape": "square", "filled": True, "size": 110, "opacity": 1}
        self.mark(squares, mark, x={"field": "px", **_PLACE}, color=colours)

    def spec(self, like: dict[str, Any], *, axis_room: float = 0) -> dict[str, Any]:
        """The specification, with the description and the settings of the one it stands for."""
        config = {k: v for k, v in like.get("config", {}).items() if k not in ("padding", "title")}
        meta = like["usermeta"]["tallybook"] | {"title": title(like)}
        kept = {name: like[name] for name in ("$schema", "description") if name in like}
        return kept | {
            "usermeta": {"tallybook": meta},
            "config": config | {"axis": config.get("axis", {}) | {"labelFontSize": SMALL}},
            # Vega would make room for axes at the cost of the words' places.
            "autosize": {"type": "none"},
            "width": WIDTH,
            "height": round(self.y + 4),
            "padding": {"left": 0, "right": 0, "top": 0, "bottom": axis_room},
            "layer": [*self.layers, *self._texts()],
        }

    def _texts(self) -> list[dict[str, Any]]:
        return [
            {
                "data": {"values": rows},
                "mark": {
                    "type": "text", "align": "left", "baseline": "alphabetic",
                    "fontSize": _LOOKS[look][0], "color": _LOOKS[look][2],
                    **({"fontWeight": 600} if _LOOKS[look][1] else {}),
                },
                "encoding": {
                    "x": {"field": "px", **_PLACE},
                    "y": {"field": "y", **_PLACE},
                    "text": {"field": "text", "type": "nominal"},
                },
            }
            for look, rows in self.words.items()
        ]  # fmt: skip


def _by_party(found: list[Row]) -> dict[str, Any]:
    """The encoding that gives each party of these rows its colour, without a legend."""
    scale = party_scale(row["party"] for row in found)
    return {"field": "party", "type": "nominal", "scale": scale, "legend": None}


def _across(at: str, scale: dict[str, Any], **axis: Any) -> dict[str, Any]:
    """The encoding of what lies between the sides: few ticks, whose labels fit."""
    shown = {
        "grid": False, "tickCount": 3, "labelFlush": True, "labelOverlap": "greedy",
        "labelBound": 8, "labelSeparation": 12, "titleFontSize": SMALL, "titleAnchor": "start",
        "title": None,
    } | axis  # fmt: skip
    inside = {"range": [LEFT, RIGHT], "nice": False}
    kind = "temporal" if scale.get("type") == "utc" else "quantitative"
    return {"field": at, "type": kind, "scale": inside | scale, "axis": shown}


def _labels(furthest: float) -> dict[str, str]:
    """What an axis up to this number needs for its labels: millions are written as such."""
    return {"labelExpr": MILLIONS} if furthest >= 10**6 else {}


_FORMS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "how_many": _how_many,
    "within_what": _within_what,
    "when": _when,
    "side_by_side": _side_by_side,
    "ties": _ties,
}
