"""A chart of the links between the items of the comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, Literal

import altair as alt

from tallybook.chart_theme import QUIET, TEXT, titled
from tallybook.records import Item

Align = Literal["right", "center", "left"]
_ALIGN: tuple[Align, ...] = ("right", "center", "left")
_WIDTH, _ROW = 680, 18
_DOMAIN = (-1.15, 3.1)
_BESIDE = 0.72  # of the way between two columns, what half a label takes


def ties(
    first: Sequence[Item],
    between: Sequence[Item],
    last: Sequence[Item],
    *,
    title: str,
    subtitle: str = "",
) -> alt.LayerChart:
    """How items are tied: three columns, a full line for a stated tie, a broken one for ours."""
    columns = (first, _untangled(first, between, last), last)
    tallest = max(1, *(len(column) for column in columns))
    places: dict[str, tuple[int, float]] = {}
    for number, column in enumerate(columns):
        gap = tallest / max(len(column), 1)
        places |= {item.id: (number, (place + 0.5) * gap) for place, item in enumerate(column)}
    lines = _lines(columns, places)
    layers = [_rules(lines, tallest)]
    for number, column in enumerate(columns):
        rows = [
            {"id": item.id, "label": item.label, "x": number, "y": places[item.id][1]}
            for item in column
        ]
        layers.append(_labels(rows, _ALIGN[number]))
    said = "; ".join(f"{a['from']} {a['relation']} {a['to']}, {a['basis']}" for a in lines)
    chart = reduce(add, layers)
    sized = chart.properties(width=_WIDTH, height=_ROW * tallest)
    return titled(sized.properties(padding=4), title, [subtitle], said)


def _untangled(first: Sequence[Item], between: Sequence[Item], last: Sequence[Item]) -> list[Item]:
    """The items between in the order of what they are tied to, so that fewer lines cross."""
    at = {item.id: place / len(side) for side in (first, last) for place, item in enumerate(side)}
    tied: dict[str, list[float]] = {item.id: [] for item in between}
    for item in (*first, *between, *last):
        for link in item.links:
            if item.id in tied and link.to in at:
                tied[item.id].append(at[link.to])
            elif link.to in tied and item.id in at:
                tied[link.to].append(at[item.id])
    return sorted(between, key=lambda item: sum(tied[item.id]) / max(len(tied[item.id]), 1))


def _rules(lines: list[dict[str, Any]], tallest: int) -> Any:
    hidden = alt.Axis(grid=False, labels=False, ticks=False, domain=False, title=None)
    dashes = alt.Scale(domain=["stated", "inferred"], range=[[1, 0], [4, 3]])
    rules = alt.Chart(alt.InlineData(values=lines)).mark_rule(strokeWidth=1.2)
    return rules.encode(
        alt.X("x:Q", scale=alt.Scale(domain=list(_DOMAIN)), axis=hidden),
        alt.Y("y:Q", scale=alt.Scale(domain=[tallest, 0]), axis=hidden),
        alt.X2("x2:Q"),
        alt.Y2("y2:Q"),
        color=alt.value(QUIET),
        strokeDash=alt.StrokeDash(
            "basis:N", scale=dashes, legend=alt.Legend(orient="bottom", title=None)
        ),
    )


def _labels(rows: list[dict[str, Any]], align: Align) -> Any:
    shift = {"right": -4, "center": 0, "left": 4}[align]
    base = alt.Chart(alt.InlineData(values=rows)).encode(alt.X("x:Q"), alt.Y("y:Q"), text="label:N")
    return base.mark_text(align=align, dx=shift, fontSize=11 if not shift else 12, color=TEXT)


def _lines(
    columns: Sequence[Sequence[Item]], places: Mapping[str, tuple[int, float]]
) -> list[dict[str, Any]]:
    names = {item.id: item.label for column in columns for item in column}
    lines: list[dict[str, Any]] = []
    for item in (item for column in columns for item in column):
        x, y = places[item.id]
        for link in item.links:
            x2, y2 = places.get(link.to, (x, y))
            if x2 != x:
                # A line ends at the side of a label between, and not below it.
                x_end = x + _BESIDE * (x2 - x) if x == 1 else x
                x2_end = x2 + _BESIDE * (x - x2) if x2 == 1 else x2
                words = {"from": item.label, "to": names[link.to], "relation": link.relation}
                lines.append(
                    {"x": x_end, "y": y, "x2": x2_end, "y2": y2, **words, "basis": link.basis}
                )
    return lines
