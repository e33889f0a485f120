"""Charts of figures: how many, within what limits, of which time, and how those of a pair differ.

Each takes figures by the labels of their rows, never numbers, and draws a bound as a bound: one
that is only known to be above or below a value ends in an arrow, and so does a time whose
beginning or end is not stated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any

import altair as alt

from tallybook.charts.data import Open, PairRow, TimeRow, YesNo, row_of
from tallybook.charts.renderer import TOTAL, label_axis, number_axis, titled
from tallybook.charts.theme import ARROWS, SHAPES, TEXT, colour, decades, width, wrapped
from tallybook.ledger.figures import Figure, unit_in_words
from tallybook.ledger.records import Event
from tallybook.quantity.quantity import UnitMismatch, require_reason
from tallybook.reading.periods import UNSTATED, Period, parse

_ROW = 34  # pixels from one row to the next
_EDGES, _GAP = 24, 20  # what a drawing leaves free at its left and right, and between two
_LOG_FROM = 50  # times from the least to the greatest, above which a linear axis hides the least
_HOW = "A bar: the time that a figure covers, or in which an event lies. A point: a day."
_HOW_OPEN = "An outline with an arrow: where it begins or ends is not said."


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
    base, plot = _base(figures)
    colours = _colour(figure.party for figure in figures.values())
    rows = {label: row_of(label, figure) for label, figure in figures.items()}
    furthest = max(row["high"] / (1 - _room(row["words"], plot)) for row in rows.values())
    # Rounded to a nice end, the scale would leave less room for the words than was counted on.
    scale = alt.Scale(domain=[0, furthest], nice=False)
    axis = number_axis(furthest)
    # Vega-Lite stacks bars of the same label unless it is told not to.
    end = alt.X("sure:Q", title=unit, stack=None, scale=scale, axis=axis)
    bars = base.mark_bar(height=16).encode(end, color=colours)
    maybe = base.transform_filter("datum.high > datum.sure").mark_bar(
        height=15, filled=False, strokeWidth=1.5
    )
    maybe = maybe.encode(
        alt.X("sure:Q"),
        alt.X2("high:Q"),
        color=colours,
    )
    arrows = base.transform_filter("datum.side != 'both'").mark_point(filled=True, size=200)
    # Points are translucent by default, and would show the bar through themselves.
    arrows = arrows.encode(
        alt.X("point:Q"),
        shape=_shape(),
        color=colours,
        opacity=alt.value(1),
    )
    words = base.mark_text(align="left", dx=18, color=TEXT).encode(
        alt.X("high:Q"), text=alt.Text("words:N")
    )
    chart: alt.LayerChart = bars + maybe + arrows + words
    form = {"form": "how_many", "unit": unit}
    return titled(chart, title, (subtitle, because), _description(figures), labels=figures, **form)


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
    colours = _colour(figure.party for figure in figures.values())
    spans = base.mark_rule(strokeWidth=6, strokeCap="round").encode(
        x, alt.X2("high:Q"), color=colours
    )
    marks = base.mark_point(filled=True, size=180).encode(
        alt.X("point:Q"),
        shape=_shape(),
        color=colours,
        opacity=alt.value(1),
    )
    # Words stand on the side of the mark where there is more room.
    after = base.transform_filter(f"datum.point <= {float(middle)}")
    after = after.mark_text(align="left", dx=18, color=TEXT)
    before = base.transform_filter(f"datum.point > {float(middle)}")
    before = before.mark_text(align="right", dx=-18, color=TEXT)
    words = after.encode(alt.X("high:Q"), text=alt.Text("words:N")) + before.encode(
        alt.X("low:Q"), text=alt.Text("words:N")
    )
    form = {"form": "within_what", "unit": unit, "scale": "log" if wide else "linear"}
    chart: alt.LayerChart = spans + marks + words
    return titled(chart, title, (subtitle, because), _description(figures), labels=figures, **form)


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
    dated = {name: window for name, f in figures.items() if (window := _window(f))}
    rows = [_time_row(name, figures[name], dated[name]) for name in dated]
    rows += [_time_row(name, event, event.date) for name, event in events.items()]
    known = _known_ends(rows)
    if not known:  # an axis of no date has no ends
        raise UnitMismatch(f"nothing of {title!r} is dated")
    for row in rows:
        row["open"] = _open_end(row)
        row["from"], row["to"] = row["from"] or min(known), row["to"] or max(known)
    labels = [row["label"] for row in rows]
    axis, column = label_axis(labels)
    y = alt.Y("label:N", sort=labels, title=None, axis=axis)
    # In UTC: in the time zone of the machine that draws, a day could begin on the one before.
    time = alt.X("from:T", title=None, scale=alt.Scale(type="utc"), axis=_months(ticks=6))
    base = alt.Chart(alt.InlineData(values=rows)).encode(y)
    base = base.properties(width=TOTAL - _EDGES - column, height=24 * len(rows))
    colours = _colour(row["party"] for row in rows)
    days = base.transform_filter("datum.sharp == 'yes'").mark_point(filled=True, size=80)
    days = days.encode(alt.X("from:T"), color=colours, opacity=alt.value(1))
    description = "; ".join(f"{row['label']}: {row['words']}, {row['party']}" for row in rows)
    how = [_HOW] + ([_HOW_OPEN] if any(row["open"] != "no" for row in rows) else [])
    chart: alt.LayerChart = reduce(add, [*_bars(base, rows, time, colours), days])
    return titled(
        chart, title, [subtitle, *how], description, labels=[*figures, *events], form="when"
    )


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
    rows = _pair_rows(pairs)
    shared = alt.Scale(domain=[row["label"] for row in rows])
    axis, column = label_axis([row["label"] for row in rows], size=12, most=290)
    half = (TOTAL - _EDGES - column - _GAP - 6) // 2
    most = max(len(wrapped(row["label"], 12, 290)) for row in rows)
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
    colours = _colour(row["party"] for row in rows)
    spans = base.mark_rule(strokeWidth=6, strokeCap="round").encode(
        x, alt.X2("high:Q"), color=colours
    )
    marks = base.mark_point(filled=True, size=140).encode(
        alt.X("point:Q"),
        shape=_shape(),
        color=colours,
        opacity=alt.value(1),
    )
    time = alt.X(
        "from:T",
        title="time that it covers",
        scale=alt.Scale(type="utc"),
        axis=_months(ticks=2),
    )
    dated = base.transform_filter("datum.dated == 'yes'")
    dated = dated.encode(alt.Y("label:N", scale=shared, axis=None))
    times: alt.LayerChart = reduce(add, _bars(dated, rows, time, colours))
    description = "; ".join(
        f"{row['pair']}: {row['words']}, {row['party']}, {row['time']}" for row in rows
    )
    chart = alt.hconcat((spans + marks).properties(**size), times.properties(**size), spacing=_GAP)
    how = [_HOW_OPEN] if any(row["open"] != "no" for row in rows) else []
    return titled(chart, title, [subtitle, *how], description, form="side_by_side")


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


def _base(figures: Mapping[str, Figure]) -> tuple[alt.Chart, int]:
    """The rows, and how many pixels are left beside their labels."""
    rows = [row_of(label, figure) for label, figure in figures.items()]
    axis, column = label_axis(list(figures))
    plot = TOTAL - _EDGES - column
    y = alt.Y("label:N", sort=list(figures), title=None, axis=axis)
    chart = alt.Chart(alt.InlineData(values=rows)).encode(y)
    return chart.properties(width=plot, height=_ROW * len(rows)), plot


def _shape() -> alt.Shape:
    """An arrow for a figure that is open on a side, a diamond for one whose error is unknown."""
    scale = alt.Scale(domain=list(SHAPES), range=list(SHAPES.values()))
    return alt.Shape("side:N", scale=scale, legend=None)


def _description(figures: Mapping[str, Figure]) -> str:
    return "; ".join(f"{label}: {f.words}, {f.party}" for label, f in figures.items())


def _bars(
    base: alt.Chart, rows: Sequence[TimeRow] | Sequence[PairRow], time: alt.X, colours: alt.Color
) -> list[Any]:
    """Bars of times; one with an open end is an outline with an arrow out of that end."""
    to = alt.X2("to:T")
    closed = base.transform_filter("datum.open == 'no'").mark_bar(height=10)
    layers = [closed.encode(time, to, color=colours)]
    if any(row["open"] != "no" for row in rows):
        outlines = base.transform_filter("datum.open != 'no'")
        frames = outlines.mark_bar(height=9, filled=False, strokeWidth=1.5)
        layers.append(frames.encode(time, to, color=colours))
    found = {row["open"] for row in rows}
    return layers + [_arrow(base, end, colours) for end in ARROWS if {end, "both"} & found]


def _months(*, ticks: int) -> alt.Axis:
    return alt.Axis(
        grid=True, format="%b %Y", tickCount=ticks, labelFlush=True, labelOverlap=True,
        labelBound=4,
    )  # fmt: skip


def _open_end(row: Mapping[str, Any]) -> Open:
    """Which end of a time is not stated: "from", "to", "both", or "no" end."""
    if row["from"] is None:
        return "both" if row["to"] is None else "from"
    return "to" if row["to"] is None else "no"


def _arrow(base: alt.Chart, end: str, colours: alt.Color) -> Any:
    """Arrows out of the bars that have no such end."""
    at_end = base.transform_filter(f"datum.open == '{end}' || datum.open == 'both'")
    arrows = at_end.mark_point(filled=True, size=100, shape=ARROWS[end])
    return arrows.encode(alt.X(f"{end}:T"), color=colours, opacity=alt.value(1))


def _window(figure: Figure) -> Period | None:
    """The time that a stated figure covers; None where none is stated."""
    times = {context.period for context in figure.quantity.contexts}
    # What is computed may be of several times, and none is its own.
    if figure.is_derived or len(times) != 1 or UNSTATED in times:
        return None
    return parse(times.pop())


def _pair_rows(pairs: Mapping[str, tuple[Figure, Figure]]) -> list[PairRow]:
    rows = [
        _pair_row(name, number, figure, first)
        for name, (first, second) in pairs.items()
        for number, figure in enumerate((first, second))
    ]
    known = _known_ends(rows)
    for row in rows:
        if row["dated"] == "yes":
            row["from"], row["to"] = row["from"] or min(known), row["to"] or max(known)
    return rows


def _pair_row(name: str, number: int, figure: Figure, first: Figure) -> PairRow:
    # Rows of the same label would be one; a space without width tells them apart.
    row = row_of(f"{name} – {figure.words}{chr(0x200B) * number}", figure)
    whole = float(first.quantity.point) or 1.0  # of zero there are no multiples
    times = _ends(_window(figure))
    is_dated = any(times.values())
    return {
        **row,
        "point": row["point"] / whole,
        "low": row["low"] / whole,
        "high": row["high"] / whole,
        "pair": name,
        "time": figure.period,
        "from": times["from"],
        "to": times["to"],
        "dated": _yes_no(is_dated),
        "open": _open_end(times) if is_dated else "no",
    }


def _known_ends(rows: Sequence[TimeRow] | Sequence[PairRow]) -> list[str]:
    return [day for row in rows for day in (row["from"], row["to"]) if day]


def _yes_no(is_so: bool) -> YesNo:
    return "yes" if is_so else "no"


def _ends(period: Period | None) -> dict[str, str | None]:
    first = period.first if period else None
    # A bar ends where the next day begins.
    last = period.last + timedelta(days=1) if period and period.last else None
    return {"from": _iso(first), "to": _iso(last)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _time_row(label: str, shown: Figure | Event, period: Period) -> TimeRow:
    ends = _ends(period)
    return {
        "id": shown.id,
        "label": label,
        "party": shown.party,
        "words": str(period),
        "sharp": _yes_no(isinstance(shown, Event) and period.first == period.last),
        "from": ends["from"],
        "to": ends["to"],
    }


def _colour(parties: Iterable[str]) -> alt.Color:
    shown = list(dict.fromkeys(parties))
    scale = alt.Scale(domain=shown, range=[colour(party) for party in shown])
    legend = alt.Legend(orient="bottom", title=None, symbolType="square")
    return alt.Color("party:N", scale=scale, legend=legend)
