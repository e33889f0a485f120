"""A sheet of a given width on which a narrow drawing is laid out from top to bottom.

Every line of words has its place in pixels, broken by its estimated width, so that nothing is cut
whatever the reader's font; marks are added as layers that share the height.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tallybook.charts.svg import title
from tallybook.charts.text_width import MILLIONS, width, wrapped
from tallybook.charts.theme import QUIET, TEXT, colour

WIDTH = 280
LEFT, RIGHT = 10, WIDTH - 14  # between these lie the marks
SMALL = 12
_LOOKS = {
    "title": (15, True, TEXT),
    "note": (SMALL, False, QUIET),
    "label": (SMALL, False, TEXT),
    "words": (13, True, TEXT),
}
_UP = {"type": "quantitative", "scale": None, "axis": None}


@dataclass
class Sheet:
    """Words and marks from top to bottom; `y` is how far down the sheet is filled."""

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

    def head(self, finding: str, notes: list[str]) -> None:
        """The finding and what is said of it."""
        self.write(finding, "title")
        for note in notes:
            self.write(note, "note")
        self.skip(8)

    def mark(self, rows: list[dict[str, Any]], mark: dict[str, Any], **encoding: Any) -> None:
        """Add a layer of marks at the heights of their rows; none for no rows."""
        if rows:
            high = {"y": {"field": "y", **_UP}, **encoding}
            self.layers.append({"data": {"values": rows}, "mark": mark, "encoding": high})

    def legend(self, parties: list[str]) -> None:
        """Which colour is whose, in as many lines as it takes: who speaks is never left open."""
        self.skip(6)
        squares, x = [], 0.0
        self.y += SMALL + 6
        for party in parties:
            room = 30 + width(party, SMALL)
            if x and x + room > WIDTH:
                x, self.y = 0.0, self.y + SMALL + 6
            squares.append({"px": x + 7, "y": self.y - 8, "party": party})
            row = {"px": round(x + 18, 1), "y": self.y - 4, "text": party}
            self.words.setdefault("label", []).append(row)
            x += room
        mark = {"type": "point", "shape": "square", "filled": True, "size": 110, "opacity": 1}
        self.mark(squares, mark, x={"field": "px", **_UP}, color=by_party(parties))

    def spec(self, like: dict[str, Any], *, axis_room: float = 0) -> dict[str, Any]:
        """The specification, with the description and the settings of the one it stands for."""
        config = {k: v for k, v in like.get("config", {}).items() if k not in ("padding", "title")}
        told = like["usermeta"]["tallybook"] | {"title": title(like)}
        kept = {name: like[name] for name in ("$schema", "description") if name in like}
        return kept | {
            "usermeta": {"tallybook": told},
            "config": config | {"axis": config.get("axis", {}) | {"labelFontSize": SMALL}},
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
                    "x": {"field": "px", **_UP},
                    "y": {"field": "y", **_UP},
                    "text": {"field": "text", "type": "nominal"},
                },
            }
            for look, rows in self.words.items()
        ]  # fmt: skip


def by_party(parties: list[str]) -> dict[str, Any]:
    """The encoding that gives each party its colour, without a legend."""
    scale = {"domain": parties, "range": [colour(party) for party in parties]}
    return {"field": "party", "type": "nominal", "scale": scale, "legend": None}


def across(at: str, scale: dict[str, Any], **axis: Any) -> dict[str, Any]:
    """The encoding of what lies between the sides: few ticks, whose labels fit."""
    shown = {
        "grid": False, "tickCount": 3, "labelFlush": True, "labelOverlap": "greedy",
        "labelBound": 8, "titleFontSize": SMALL, "titleAnchor": "start", "title": None,
    } | axis  # fmt: skip
    inside = {"range": [LEFT, RIGHT], "nice": False}
    kind = "temporal" if scale.get("type") == "utc" else "quantitative"
    return {"field": at, "type": kind, "scale": inside | scale, "axis": shown}


def number_labels(furthest: float) -> dict[str, str]:
    """What an axis of such numbers needs said of its labels."""
    return {"labelExpr": MILLIONS} if furthest >= 10**6 else {}
