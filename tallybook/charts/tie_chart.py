"""A chart of the links between the items of the comparison.

Places are pixels, from estimated widths of the labels, so that a line ends at a label and no line
runs through one: a tie that passes the column between has a lane of its own there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import altair as alt

from tallybook.charts.data import ItemRow, TieRow
from tallybook.charts.forms import TOTAL, titled
from tallybook.charts.theme import DASHES, QUIET, TEXT, width, wrapped
from tallybook.ledger.records import Item

_SIZE, _LINE, _ROW, _LANE = 12, 15, 20, 14  # pixels: of type, and from line to line
_WIDTH = TOTAL - 12
_MOST_BESIDE, _MOST_BETWEEN, _MOST_OF_TWO, _GAP = 150, 230, 260, 6
Key = str | tuple[str, str]  # an item; or the lane of a tie through the middle, by both ends
Align = Literal["right", "center", "left"]
_ALIGN: tuple[Align, ...] = ("right", "center", "left")
_ABOVE = _LINE / 2  # what each further line moves the first one up
_PLAIN = alt.Axis(grid=False, labels=False, ticks=False, domain=False, title=None)


@dataclass(frozen=True)
class Place:
    """Where an item, or the lane of a tie, stands: its column, its height, its lines."""

    column: int
    y: float
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        """The pixels that its longest line takes."""
        return max((width(line, _SIZE) for line in self.lines), default=0)


def ties(
    first: Sequence[Item],
    between: Sequence[Item],
    last: Sequence[Item],
    *,
    title: str,
    subtitle: str = "",
) -> alt.LayerChart:
    """A chart of the links between items in two or three columns.

    A line is full for a link that a document states, and broken for one that is inferred. `between`
    may be empty: the chart has two columns then, and the last is put in the order in which fewer
    lines cross.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> response, ask = ledger.items.values()
    >>> charts.ties([ask], [response], [], title="Answers").to_dict()["description"]
    'Answers. Plants repair answers Repair more, stated.'
    """
    every = [*first, *between, *last]
    items = {item.id: item for item in every}
    columns: list[list[Key]] = [[item.id for item in side] for side in (first, between, last)]
    column_of = {key: number for number, column in enumerate(columns) for key in column}
    links = _links(every, column_of)
    # With a middle column both outer ones keep their order: it alone is sorted.
    if between:
        ends = [(link["from_id"], link["to_id"]) for link in links]
        columns[1] += [(a, b) for a, b in ends if abs(column_of[a] - column_of[b]) > 1]
        columns[1] = _untangled(columns[1], [columns[0], columns[2]], links)
    else:
        columns[2] = _untangled(columns[2], [columns[0]], links)
    places, height = _places(columns, items)
    lines: list[TieRow] = []
    for link in links:
        across, down = _way(link, places)
        lines.append({**link, "xs": across, "ys": down})
    left, right = _edges(places)
    xs = [right[0] - _GAP, _WIDTH / 2, left[2] + _GAP]
    shown: list[ItemRow] = [
        {
            "id": item.id,
            "label": item.label,
            "kind": item.kind,
            "x": xs[place.column],
            "column": place.column,
            "drawn": "\n".join(place.lines),
            "y": place.y - _ABOVE * (len(place.lines) - 1),
        }
        for item in (*first, *between, *(items[str(key)] for key in columns[2]))
        for place in [places[item.id]]
    ]
    chart: Any = alt.layer(_rules(lines, height), *(_labels(shown, column) for column in range(3)))
    chart = chart.properties(width=_WIDTH, height=height)
    description = "; ".join(f"{a['from']} {a['relation']} {a['to']}, {a['basis']}" for a in lines)
    sized: alt.LayerChart = chart.properties(padding=4)
    return titled(sized, title, [subtitle], description, form="ties")


def _links(items: Sequence[Item], columns: Mapping[Key, int]) -> list[TieRow]:
    """The ties between items of different columns, without their ways."""
    names = {item.id: item.label for item in items}
    return [
        {
            "from_id": item.id, "to_id": link.to, "from": item.label, "to": names[link.to],
            "relation": link.relation, "basis": link.basis, "tie": f"{item.id} {link.to}",
            "xs": [], "ys": [],
        }
        for item in items
        for link in item.links
        if columns.get(link.to, columns[item.id]) != columns[item.id]
    ]  # fmt: skip


def _untangled(
    column: Sequence[Key], beside: Sequence[Sequence[Key]], links: Sequence[TieRow]
) -> list[Key]:
    """A column in the order of what it is linked to, so that fewer lines cross."""
    at = {key: Fraction(place, len(other)) for other in beside for place, key in enumerate(other)}
    linked: dict[Key, list[Fraction]] = {}
    for link in links:
        ends = link["from_id"], link["to_id"]
        for one, other in (ends, ends[::-1]):
            if other in at:
                linked.setdefault(one, []).append(at[other])

    def height(key: Key) -> Fraction:
        found = linked.get(key, ()) if isinstance(key, str) else [at[end] for end in key]
        return sum(found, Fraction()) / max(len(found), 1)

    return sorted(column, key=height)


def _places(
    columns: Sequence[Sequence[Key]], items: Mapping[str, Item]
) -> tuple[dict[Key, Place], float]:
    """The place of each item and each lane; and the whole height."""
    most = _MOST_BESIDE if columns[1] else _MOST_OF_TWO
    lines: dict[Key, tuple[str, ...]] = {
        key: tuple(wrapped(items[key].label, _SIZE, room)) if isinstance(key, str) else ()
        for column, room in zip(columns, (most, _MOST_BETWEEN, most), strict=True)
        for key in column
    }
    needed = [sum(_room(lines[key]) for key in column) for column in columns]
    height = max(*needed, _ROW)
    places: dict[Key, Place] = {}
    for number, column in enumerate(columns):
        spare = (height - needed[number]) / max(len(column), 1)
        y = 0.0
        for key in column:
            room = _room(lines[key]) + spare
            places[key] = Place(number, round(y + room / 2, 1), lines[key])
            y += room
    return places, height


def _room(lines: tuple[str, ...]) -> int:
    return _ROW + _LINE * (len(lines) - 1) if lines else _LANE


def _way(link: TieRow, places: Mapping[Key, Place]) -> tuple[list[float], list[float]]:
    """The points through which a line runs: level where it leaves a label or passes a column."""
    ends = sorted((places[link["from_id"]], places[link["to_id"]]), key=lambda place: place.column)
    left, right = _edges(places)
    xs: list[float] = []
    ys: list[float] = []
    for place, is_start in zip(ends, (True, False), strict=True):
        if place.column == 1:
            at_label = _WIDTH / 2 + (place.width / 2 + 4) * (1 if is_start else -1)
            inner = right[1] if is_start else left[1]
        else:
            at_label = right[0] if place.column == 0 else left[2]
            inner = at_label + (_GAP if place.column == 0 else -_GAP)
        xs += [at_label, inner] if is_start else [inner, at_label]
        ys += [place.y, place.y]
    if lane := places.get((link["from_id"], link["to_id"])):
        xs[2:2], ys[2:2] = [left[1], right[1]], [lane.y, lane.y]
    return [round(x, 1) for x in xs], ys


def _edges(places: Mapping[Key, Place]) -> tuple[list[float], list[float]]:
    """The left and right edges of the three columns."""
    widest = [max((p.width for p in places.values() if p.column == n), default=0) for n in range(3)]
    half = widest[1] / 2 + 6
    left = [0, _WIDTH / 2 - half, _WIDTH - widest[2] - 6]
    return left, [widest[0] + 6, _WIDTH / 2 + half, _WIDTH]


def _rules(lines: list[TieRow], height: float) -> Any:
    legend = alt.Legend(orient="bottom", title=None, symbolStrokeColor=QUIET)
    rules = alt.Chart(alt.InlineData(values=lines)).transform_flatten(["xs", "ys"])
    return rules.mark_line(strokeWidth=1.3, interpolate="monotone", color=QUIET).encode(
        alt.X("xs:Q", scale=alt.Scale(domain=[0, _WIDTH], nice=False), axis=_PLAIN),
        alt.Y("ys:Q", scale=alt.Scale(domain=[height, 0], nice=False), axis=_PLAIN),
        detail="tie:N",
        strokeDash=alt.StrokeDash("basis:N", scale=alt.Scale(**DASHES), legend=legend),
    )


def _labels(shown: list[ItemRow], column: int) -> Any:
    rows = [row for row in shown if row["column"] == column]
    base = alt.Chart(alt.InlineData(values=rows)).encode(alt.X("x:Q"), alt.Y("y:Q"), text="drawn:N")
    return base.mark_text(
        align=_ALIGN[column], baseline="middle", lineBreak="\n", fontSize=_SIZE, color=TEXT
    )
