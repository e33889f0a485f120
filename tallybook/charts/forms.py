"""Charts of figures: how many, within what limits, of which time, and how those of a pair differ.

Each takes figures by the labels of their rows, never numbers, and draws a bound as a bound: one
that is only known to be above or below a value ends in an arrow, and so does a time whose
beginning or end is not stated.

Importing this sets Altair's theme and renderer, for the charts of ties too. The renderer gives the
whole specification, an SVG and text; colours are CSS variables with fallbacks, so that one SVG
serves light, dark and print, and the only font is sans-serif, so that it does not depend on the
fonts of a machine.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add
from typing import Any, Literal, TypeVar

import altair as alt

from tallybook.charts.data import (
    FigureRow,
    Open,
    PairRow,
    Time,
    TimeRow,
    YesNo,
    extent,
    row_of,
    time_of,
)
from tallybook.charts.svg import drawing
from tallybook.charts.theme import (
    ARROWS,
    LINE,
    MILLIONS,
    OUTLINE,
    QUIET,
    SHAPES,
    SPAN,
    TEXT,
    decades,
    has_legend,
    party_scale,
    round_numbers,
    width,
    wrapped,
)
from tallybook.ledger.figures import Figure, unit_in_words
from tallybook.ledger.records import Event
from tallybook.quantity.quantity import UnitMismatch, require_reason
from tallybook.reading.periods import UNSTATED, Period, parse
from tallybook.tables.table import CHART, pieces_of

TOTAL = 700  # pixels from edge to edge; a page shows it at that width or somewhat less
_EDGE = 8  # what a title leaves free at a side
_EDGES, _GAP = 24, 20  # what a drawing leaves free at its left and right, and between two
_ROW = 34  # pixels from one row to the next
_LOG_FROM = 50  # times from the least to the greatest, above which a linear axis hides the least
_HOW_SHARP = "A point is a day."
_HOW_OPEN = "An outline with an arrow: where it begins or ends is not said."

Drawn = TypeVar("Drawn", alt.LayerChart, alt.HConcatChart)


def how_many(
    figures: Mapping[str, Figure], *, title: str, subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """A bar chart of how many of one thing each figure says, by the label of its row.

    A bar is full as far as the figure is certain, an outline as far as it is possible, and ends in
    an arrow where a side is open. Raises UnitMismatch for figures of several units or none at all,
    ContextsDiffer where they differ in period, scope, base or condition and no reason is given;
    the reason, `because`, is shown.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> stores = {"Stores": ledger.figure("stores-closed-2017")}
    >>> charts.how_many(stores, title="Stores closed").to_dict()["description"]
    'Stores closed. Stores: more than 1,000, Kettle Company.'
    """
    unit = _one_unit(figures, because)
    rows = [row_of(label, figure) for label, figure in figures.items()]
    base, plot = _base(rows, _ROW)
    colours = _colour(rows, title, subtitle, because)
    most = max(row["high"] for row in rows)
    furthest = max(row["high"] / (1 - _room(row["words"], plot)) for row in rows)
    # Rounded to a nice end, the scale would leave less room for the words than was counted on.
    scale = alt.Scale(domain=[0, furthest], nice=False)
    # Vega-Lite stacks bars of the same label unless it is told not to.
    # Where there are but words, beside the last mark, the axis has neither numbers nor a line.
    axis = _number_axis(furthest, values=round_numbers(0, most, furthest), domain=False)
    end = alt.X("sure:Q", title=unit, stack=None, scale=scale, axis=axis)
    bars = base.mark_bar(height=16).encode(end, color=colours)
    maybe = base.transform_filter("datum.high > datum.sure").mark_bar(height=15, **OUTLINE)
    maybe = maybe.encode(alt.X("sure:Q"), alt.X2("high:Q"), color=colours)
    arrows = _figures(base.transform_filter("datum.side != 'both'"), colours, size=200)
    chart: alt.LayerChart = bars + maybe + arrows + _words(base, "left", "high:Q")
    form = {"form": "how_many", "unit": unit}
    return titled(chart, title, (subtitle, because), _description(rows), labels=figures, **form)


def within_what(
    figures: Mapping[str, Figure], *, title: str, subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """A chart of the limits of each figure: a line from end to end, an arrow where one is open.

    The axis is logarithmic where the greatest figure is more than 50 times the least. Raises as
    `how_many` does.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> time = {"Repairs": ledger.figure("repair-time-2016")}
    >>> charts.within_what(time, title="Time").to_dict()["usermeta"]["tallybook"]
    {'form': 'within_what', 'unit': 'weeks', 'scale': 'linear'}
    """
    unit = _one_unit(figures, because)
    rows = [row_of(label, figure) for label, figure in figures.items()]
    points = [figure.quantity.point for figure in figures.values()]
    wide = min(points) > 0 and max(points) > _LOG_FROM * min(points)
    least, most = extent(rows)
    middle = math.sqrt(min(points) * max(points)) if wide else max(0.0, float(max(points)) / 2)
    scale = alt.Scale(type="log" if wide else "linear", zero=not wide, nice=True)
    shown: dict[str, Any] = {}
    if not wide and least > most / 2:
        # Lines need no zero, and far from it there is but a gap; the words go behind them.
        middle, room = most, (most - least or most) * 0.7
        scale = alt.Scale(domain=[least, most + room], zero=False, nice=True)
        shown = {"values": round_numbers(least, most, most), "domain": False}
    elif wide:
        shown = {"values": decades(least, most)}
    axis = _number_axis(most, is_log=wide, **shown)
    base, _ = _base(rows, _ROW)
    colours = _colour(rows, title, subtitle, because)
    spans = _spans(base, alt.X("low:Q", title=unit, scale=scale, axis=axis), colours)
    # Words stand on the side of the mark where there is more room.
    after = _words(base.transform_filter(f"datum.point <= {float(middle)}"), "left", "high:Q")
    before = _words(base.transform_filter(f"datum.point > {float(middle)}"), "right", "low:Q")
    chart: alt.LayerChart = spans + _figures(base, colours, size=180) + (after + before)
    form = {"form": "within_what", "unit": unit, "scale": "log" if wide else "linear"}
    return titled(chart, title, (subtitle, because), _description(rows), labels=figures, **form)


def when(
    figures: Mapping[str, Figure], events: Mapping[str, Event], *, title: str, subtitle: str = ""
) -> alt.LayerChart:
    """A chart of the time that each figure covers and the date of each event, on one time axis.

    A day is a point, any other time a bar from its first to its last day, with an arrow for an end
    that is not stated. A figure without a stated time has no row. Raises UnitMismatch where nothing
    is dated.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> opened = {"Opened": ledger.events["plant-opened"]}
    >>> charts.when({}, opened, title="Plants").to_dict()["description"]
    'Plants. Opened: 6 June 2017, Kettle Company.'
    """
    windows = {name: window for name, f in figures.items() if (window := _window(f))}
    rows = [_time_row(name, figures[name], window) for name, window in windows.items()]
    rows += [_time_row(name, event, event.date) for name, event in events.items()]
    if not any(row["from"] or row["to"] for row in rows):  # an axis of no date has no ends
        raise UnitMismatch(f"nothing of {title!r} is dated")
    _end_open_times(rows)
    base, _ = _base(rows, 24)
    colours = _colour(rows, title, subtitle)
    days = _points(base.transform_filter("datum.sharp == 'yes'"), "from:T", colours, size=80)
    chart: alt.LayerChart = reduce(add, [*_bars(base, rows, _time(None, 6), colours), days])
    sharp = [_HOW_SHARP] if any(row["sharp"] == "yes" for row in rows) else []
    lines = [subtitle, *sharp, *_how_open(rows)]
    labels = [*figures, *events]
    return titled(chart, title, lines, _description(rows), labels=labels, form="when")


def side_by_side(
    pairs: Mapping[str, tuple[Figure, Figure]], *, title: str, subtitle: str = ""
) -> alt.HConcatChart:
    """A chart of pairs of figures of one measure: the limits of each, and the time that it covers.

    `pairs` has two figures by the label of their measure, as `tables.nearest_pairs` gives them.
    Numbers are multiples of the first figure of their pair.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> stores = ledger.figure("stores-closed-2017")
    >>> chart = charts.side_by_side({"stores": (stores, stores)}, title="Stores")
    >>> chart.to_dict()["usermeta"]["tallybook"]
    {'form': 'side_by_side'}
    """
    rows = [
        _pair_row(name, number, figure, first)
        for name, (first, second) in pairs.items()
        for number, figure in enumerate((first, second))
    ]
    _end_open_times([row for row in rows if row["dated"] == "yes"])
    labels = [row["label"] for row in rows]
    shared = alt.Scale(domain=labels)
    axis, column = _label_axis(labels, size=12, most=290)
    half = (TOTAL - _EDGES - column - _GAP - 6) // 2
    most = max(len(wrapped(label, 12, 290)) for label in labels)
    size = {"width": half, "height": max(30, 15 * most + 6) * len(rows)}
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.Y("label:N", title=None, scale=shared, axis=axis)
    )
    x = alt.X(
        "low:Q",
        title="against the upper of the pair",
        scale=alt.Scale(zero=False),
        axis=alt.Axis(tickCount=4, labelFlush=True, labelBound=4),
    )
    colours = _colour(rows, title, subtitle)
    limits = _spans(base, x, colours) + _figures(base, colours, size=140)
    dated = base.transform_filter("datum.dated == 'yes'")
    dated = dated.encode(alt.Y("label:N", scale=shared, axis=None))
    bars = _bars(dated, rows, _time("time that it covers", 2), colours)
    times: alt.LayerChart = reduce(add, bars)
    description = "; ".join(
        f"{row['pair']}: {row['words']}, {row['party']}, {row['time']}" for row in rows
    )
    chart = alt.hconcat(limits.properties(**size), times.properties(**size), spacing=_GAP)
    return titled(chart, title, [subtitle, *_how_open(rows)], description, form="side_by_side")


def titled(
    chart: Drawn,
    title: str,
    lines: Sequence[str],
    description: str,
    *,
    labels: Iterable[str] = (),
    **form: str,
) -> Drawn:
    """A chart with its heading, its description for those who do not see it, and its form.

    The form stands in `usermeta`, and with it the pieces of each text that `worded` made.
    """
    # Vega breaks no title: a long one would be cut at the edge.
    room = TOTAL - 2 * _EDGE
    shown = [part for line in lines if line for part in wrapped(line, 13, room)]
    first, *others = wrapped(title, 16, room, bold=True)
    heading = alt.TitleParams([first, *others] if others else first)
    if shown:
        heading.subtitle = shown
    cited = pieces_of([title, *lines, *labels])
    meta = {"tallybook": {**form, "told": cited} if cited else form}
    return chart.properties(title=heading, description=f"{title}. {description}.", usermeta=meta)


def render(spec: dict[str, Any], **_: object) -> dict[str, Any]:
    """What a chart puts into a notebook, by mime type: its specification, an SVG, and text.

    Altair calls this for each chart, as the renderer "tallybook".

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> chart = charts.how_many({"Plants": ledger.figure("repair-plants")}, title="Plants")
    >>> sorted(charts.render(chart.to_dict()))
    ['application/vnd.vegalite.v6+json', 'image/svg+xml', 'text/plain']
    """
    text = str(spec.get("description", ""))
    return {CHART: spec, "image/svg+xml": drawing(spec), "text/plain": text}


def _room(words: str, plot: int) -> float:
    """The share of the plot that words take beside a bar."""
    # A quarter is left for the bar, however long its words are.
    return min((26 + width(words, 13)) / plot, 0.75)


def _one_unit(figures: Mapping[str, Figure], because: str) -> str:
    units = sorted({figure.quantity.unit for figure in figures.values()})
    if len(units) != 1:
        found = " and ".join(repr(unit) for unit in units) or "none"
        names = ", ".join(figure.id for figure in figures.values())
        raise UnitMismatch(f"a chart needs figures of one unit, found {found} in {names}")
    require_reason([figure.quantity for figure in figures.values()], because)
    return unit_in_words(units[0])


def _base(rows: Sequence[FigureRow] | Sequence[TimeRow], step: int) -> tuple[alt.Chart, int]:
    """The rows, `step` pixels apart, and how many pixels are left beside their labels."""
    labels = [row["label"] for row in rows]
    axis, column = _label_axis(labels, size=13, most=270)
    plot = TOTAL - _EDGES - column
    y = alt.Y("label:N", sort=labels, title=None, axis=axis)
    chart = alt.Chart(alt.InlineData(values=rows)).encode(y)
    return chart.properties(width=plot, height=step * len(rows)), plot


def _spans(base: alt.Chart, x: alt.X, colours: alt.Color) -> Any:
    """Lines from the low end of each figure to the high one."""
    return base.mark_rule(**SPAN).encode(x, alt.X2("high:Q"), color=colours)


def _figures(base: alt.Chart, colours: alt.Color, *, size: int) -> Any:
    """An arrow for a figure that is open on a side, a diamond for one whose error is unknown."""
    shape = alt.Shape("side:N", scale=alt.Scale(**SHAPES), legend=None)
    return _points(base, "point:Q", colours, size=size).encode(shape=shape)


def _points(base: alt.Chart, at: str, colours: alt.Color, **mark: Any) -> Any:
    # Points are translucent by default, and would show the bar through themselves.
    marks = base.mark_point(filled=True, **mark)
    return marks.encode(alt.X(at), color=colours, opacity=alt.value(1))


def _words(base: alt.Chart, align: Literal["left", "right"], at: str) -> Any:
    """The words of each figure beside its mark."""
    texts = base.mark_text(align=align, dx=18 if align == "left" else -18, color=TEXT)
    return texts.encode(alt.X(at), text=alt.Text("words:N"))


def _description(rows: Iterable[FigureRow | TimeRow]) -> str:
    return "; ".join(f"{row['label']}: {row['words']}, {row['party']}" for row in rows)


def _bars(
    base: alt.Chart, rows: Sequence[TimeRow] | Sequence[PairRow], time: alt.X, colours: alt.Color
) -> list[Any]:
    """Bars of times; one with an open end is an outline with an arrow out of that end."""
    to = alt.X2("to:T")
    found = {row["open"] for row in rows}
    closed = base.transform_filter("datum.open == 'no'").mark_bar(height=10)
    layers = [closed.encode(time, to, color=colours)]
    if found != {"no"}:
        frames = base.transform_filter("datum.open != 'no'").mark_bar(height=9, **OUTLINE)
        layers.append(frames.encode(time, to, color=colours))
    for end, shape in ARROWS.items():
        if {end, "both"} & found:
            out = base.transform_filter(f"datum.open == '{end}' || datum.open == 'both'")
            layers.append(_points(out, f"{end}:T", colours, size=100, shape=shape))
    return layers


def _how_open(rows: Sequence[TimeRow] | Sequence[PairRow]) -> list[str]:
    return [_HOW_OPEN] if any(row["open"] != "no" for row in rows) else []


def _time(title: str | None, ticks: int) -> alt.X:
    axis = alt.Axis(
        grid=True, format="%b %Y", tickCount=ticks, labelFlush=True, labelOverlap=True,
        labelBound=4, labelSeparation=12,
    )  # fmt: skip
    # In UTC: in the time zone of the machine that draws, a day could begin on the one before.
    return alt.X("from:T", title=title, scale=alt.Scale(type="utc"), axis=axis)


def _end_open_times(rows: Sequence[TimeRow] | Sequence[PairRow]) -> None:
    """Say which ends of each time are not stated, and draw it as far as the other rows go."""
    known = [day for row in rows for day in (row["from"], row["to"]) if day]
    for row in rows:
        row["open"] = _open_end(row)
        row["from"], row["to"] = row["from"] or min(known), row["to"] or max(known)


def _open_end(row: Time) -> Open:
    """Which end of a time is not stated: "from", "to", "both", or "no" end."""
    if row["from"] is None:
        return "both" if row["to"] is None else "from"
    return "to" if row["to"] is None else "no"


def _window(figure: Figure) -> Period | None:
    """The time that a stated figure covers; None where none is stated."""
    times = {context.period for context in figure.quantity.contexts}
    # What is computed may be of several times, and none is its own.
    if figure.is_derived or len(times) != 1 or UNSTATED in times:
        return None
    return replace(parse(times.pop()), words=figure.period)


def _pair_row(name: str, number: int, figure: Figure, first: Figure) -> PairRow:
    # Rows of the same label would be one; a space without width tells them apart.
    row = row_of(f"{name} – {figure.words}{chr(0x200B) * number}", figure)
    whole = float(first.quantity.point) or 1.0  # of zero there are no multiples
    time = time_of(_window(figure))
    return {
        **row,
        "point": row["point"] / whole,
        "low": row["low"] / whole,
        "high": row["high"] / whole,
        "pair": name,
        "time": figure.period,
        **time,
        "dated": _yes_no(any(time.values())),
        "open": "no",
    }


def _yes_no(is_so: bool) -> YesNo:
    return "yes" if is_so else "no"


def _time_row(label: str, shown: Figure | Event, period: Period) -> TimeRow:
    return {
        "id": shown.id,
        "label": label,
        "party": shown.party,
        "words": str(period),
        "sharp": _yes_no(isinstance(shown, Event) and period.first == period.last),
        **time_of(period),
        "open": "no",
    }


def _colour(rows: Sequence[FigureRow | TimeRow], *heading: str) -> alt.Color:
    parties = [row["party"] for row in rows]
    scale = alt.Scale(**party_scale(parties))
    legend = alt.Legend(orient="bottom", title=None, symbolType="square")
    shown = has_legend(parties, " ".join(heading))
    return alt.Color("party:N", scale=scale, legend=legend if shown else None)


def _label_axis(labels: Sequence[str], *, size: int, most: float) -> tuple[Any, int]:
    """The axis of the rows, in a column that their labels need, and the column's width.

    A label that is too long is broken into lines.
    """
    lines = {label: wrapped(label, size, most) for label in labels}
    column = round(max(width(line, size) for broken in lines.values() for line in broken)) + 10
    axis: dict[str, Any] = {
        "domain": False, "labelLimit": 0, "labelFontSize": size, "minExtent": column,
        "maxExtent": column, "ticks": False, "labelPadding": 8,
    }  # fmt: skip
    if any(len(broken) > 1 for broken in lines.values()):
        # An axis draws a list as lines; its own limit would cut words with an ellipsis.
        axis["labelExpr"] = f"({json.dumps(lines)})[datum.label]"
    return alt.Axis(**axis), column


def _number_axis(furthest: float, *, is_log: bool = False, **given: Any) -> alt.Axis:
    """The axis of the figures; millions are written as such."""
    axis: dict[str, Any] = {"grid": True, "tickCount": 5, "labelFlush": True, "labelBound": 4}
    if furthest >= 10**6:
        # A long label at the very end would reach beyond the drawing.
        at_end = "" if is_log else f"datum.value > {0.93 * furthest} ? '' : "
        axis["labelExpr"] = f"{at_end}{MILLIONS}"
    return alt.Axis(**axis, **given)


@alt.theme.register("tallybook", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """The look of every chart."""
    return alt.theme.ThemeConfig(
        config={
            "background": "transparent",
            "font": "sans-serif",
            "view": {"stroke": None},
            "padding": {"left": 4, "right": 12, "top": 4, "bottom": 4},
            "title": {
                "anchor": "start", "frame": "bounds", "color": TEXT, "subtitleColor": QUIET,
                "fontSize": 16, "subtitleFontSize": 13, "subtitlePadding": 5,
                "fontWeight": 600, "offset": 14,
            },
            "axis": {
                "labelColor": TEXT, "titleColor": QUIET, "gridColor": LINE,
                "domainColor": LINE, "tickColor": LINE, "labelFontSize": 13,
                "titleFontSize": 12, "titleFontWeight": "normal",
            },
            # Room for names in a font that is wider than the one that they are measured in.
            "legend": {
                "labelColor": TEXT, "labelFontSize": 13, "labelLimit": 0, "columnPadding": 28,
            },
            "text": {"fontSize": 13},
        }
    )  # fmt: skip


alt.renderers.enable("tallybook")
