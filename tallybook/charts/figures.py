"""Charts of figures: how many, and within what limits.

Each takes figures by the labels of their rows, never numbers, and draws a bound as a bound: one
that is only known to be above or below a value ends in an arrow.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt

from tallybook.charts.renderer import TOTAL, label_axis, number_axis, titled
from tallybook.charts.rows import row_of
from tallybook.charts.text_width import decades, width
from tallybook.charts.theme import TEXT, colour
from tallybook.ledger.figures import Figure, unit_in_words
from tallybook.quantity.quantity import UnitMismatch, require_reason

ROW = 34
_EDGES = 24  # what the drawing leaves free at its left and right
# A stop and an arrow away from it, where the figure goes on; a diamond without a known error.
ABOVE = "M-.2,-1L.2,-1L.2,-.2L.9,-.2L.9,-.9L1.9,0L.9,.9L.9,.2L.2,.2L.2,1L-.2,1Z"
BELOW = "M.2,-1L-.2,-1L-.2,-.2L-.9,-.2L-.9,-.9L-1.9,0L-.9,.9L-.9,.2L-.2,.2L-.2,1L.2,1Z"
SHAPES = {"both": "circle", "above": ABOVE, "below": BELOW, "about": "diamond"}
_LOG_FROM = 50  # times from the least to the greatest, above which a linear axis hides the least


def how_many(
    figures: Mapping[str, Figure], *, title: str, subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """How many of one thing each figure says: full bars for what is certain, outlines for what
    is possible, and an arrow where a side is open.

    Raises UnitMismatch for figures of several units or none at all, ContextsDiffer where they
    differ in period, scope, base or condition and no reason is given; the reason is shown.
    """
    unit = _one_unit(figures, because)
    base, plot = _base(figures)
    rows = {label: row_of(label, figure) for label, figure in figures.items()}
    furthest = max(row["high"] / (1 - _room(row["words"], plot)) for row in rows.values())
    scale = alt.Scale(domain=[0, furthest], nice=False)
    axis = number_axis(furthest)
    end = alt.X("sure:Q", title=unit, stack=None, scale=scale, axis=axis)
    bars = base.mark_bar(height=16).encode(end, color=_colour(figures))
    maybe = base.transform_filter("datum.high > datum.sure").mark_bar(
        height=15, filled=False, strokeWidth=1.5
    )
    maybe = maybe.encode(alt.X("sure:Q"), alt.X2("high:Q"), color=_colour(figures))
    arrows = base.transform_filter("datum.side != 'both'").mark_point(filled=True, size=200)
    arrows = arrows.encode(
        alt.X("point:Q"), shape=shape(), color=_colour(figures), opacity=alt.value(1)
    )
    words = base.mark_text(align="left", dx=18, color=TEXT).encode(
        alt.X("high:Q"), text=alt.Text("words:N")
    )
    chart: alt.LayerChart = bars + maybe + arrows + words
    form = {"form": "how_many", "unit": unit}
    return titled(chart, title, (subtitle, because), _said(figures), labels=figures, **form)


def within_what(
    figures: Mapping[str, Figure], *, title: str, subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """Within what limits each figure lies: a line from end to end, an arrow where one is open.

    The axis is logarithmic where the figures differ widely. Raises as `how_many` does.
    """
    unit = _one_unit(figures, because)
    points = [figure.quantity.point for figure in figures.values() if figure.quantity.point > 0]
    wide = len(points) == len(figures) and max(points) > _LOG_FROM * min(points)
    ends = [end for f in figures.values() for end in (row_of("", f)["low"], row_of("", f)["high"])]
    middle = math.sqrt(min(points) * max(points)) if wide else max(points, default=0) / 2
    scale = alt.Scale(type="log" if wide else "linear", zero=not wide, nice=True)
    if not wide and min(ends) > max(ends) / 2:
        # Lines need no zero, and far from it there is but a gap; the words go behind them.
        middle, room = max(ends), (max(ends) - min(ends) or max(ends)) * 0.7
        scale = alt.Scale(domain=[min(ends), max(ends) + room], zero=False, nice=True)
    x = alt.X(
        "low:Q",
        title=unit,
        scale=scale,
        axis=number_axis(max(ends), values=decades(min(ends), max(ends)) if wide else None),
    )
    base, _ = _base(figures)
    spans = base.mark_rule(strokeWidth=6, strokeCap="round").encode(
        x, alt.X2("high:Q"), color=_colour(figures)
    )
    marks = base.mark_point(filled=True, size=180).encode(
        alt.X("point:Q"), shape=shape(), color=_colour(figures), opacity=alt.value(1)
    )
    after = base.transform_filter(f"datum.point <= {float(middle)}")
    after = after.mark_text(align="left", dx=18, color=TEXT)
    before = base.transform_filter(f"datum.point > {float(middle)}")
    before = before.mark_text(align="right", dx=-18, color=TEXT)
    words = after.encode(alt.X("high:Q"), text=alt.Text("words:N")) + before.encode(
        alt.X("low:Q"), text=alt.Text("words:N")
    )
    form = {"form": "within_what", "unit": unit, "scale": "log" if wide else "linear"}
    chart: alt.LayerChart = spans + marks + words
    return titled(chart, title, (subtitle, because), _said(figures), labels=figures, **form)


def _room(words: str, plot: int) -> float:
    """The share of the plot that words take beside a bar."""
    return min((26 + width(words, 13)) / plot, 0.75)


def _one_unit(figures: Mapping[str, Figure], because: str) -> str:
    units = sorted({figure.quantity.unit for figure in figures.values()})
    if len(units) != 1:
        found = " and ".join(repr(unit) for unit in units) or "none"
        names = ", ".join(figure.id for figure in figures.values())
        raise UnitMismatch(f"a chart needs figures of one unit, found {found} in {names}")
    require_reason([figure.quantity for figure in figures.values()], because)
    return unit_in_words(units[0])


def _base(figures: Mapping[str, Figure]) -> tuple[alt.Chart, int]:
    """The rows, and how many pixels are left beside their labels."""
    rows = [row_of(label, figure) for label, figure in figures.items()]
    axis, column = label_axis(list(figures))
    plot = TOTAL - _EDGES - column
    y = alt.Y("label:N", sort=list(figures), title=None, axis=axis)
    chart = alt.Chart(alt.InlineData(values=rows)).encode(y)
    return chart.properties(width=plot, height=ROW * len(rows)), plot


def _colour(figures: Mapping[str, Figure]) -> alt.Color:
    parties = list(dict.fromkeys(figure.party for figure in figures.values()))
    colours = [colour(party) for party in parties]
    legend = alt.Legend(orient="bottom", title=None, symbolType="square")
    return alt.Color("party:N", scale=alt.Scale(domain=parties, range=colours), legend=legend)


def shape() -> alt.Shape:
    """An arrow for a figure that is open on a side, a diamond for one whose error is unknown."""
    scale = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    return alt.Shape("side:N", scale=scale, legend=None)


def _said(figures: Mapping[str, Figure]) -> str:
    return "; ".join(f"{label}: {f.words}, {f.party}" for label, f in figures.items())
