"""Charts of times: which time each figure covers, and how the figures of a pair differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import reduce
from operator import add
from typing import Any

import altair as alt

from tallybook.charts.figures import shape
from tallybook.charts.renderer import TOTAL, label_axis, titled
from tallybook.charts.rows import row_of
from tallybook.charts.text_width import wrapped
from tallybook.charts.theme import colour
from tallybook.ledger.figures import Figure
from tallybook.ledger.records import Event
from tallybook.quantity.quantity import UnitMismatch
from tallybook.reading.periods import UNSTATED, Period, parse

_EDGES, _GAP = 24, 20
# Arrows whose tips lie at the end that is open.
OPEN = {"from": "M1.6,-1L0,0L1.6,1Z", "to": "M-1.6,-1L0,0L-1.6,1Z"}
_HOW = "A bar: the time that a figure covers, or in which an event lies. A point: a day."
_HOW_OPEN = "An outline with an arrow: where it begins or ends is not said."


def when(
    figures: Mapping[str, Figure], events: Mapping[str, Event], *, title: str, subtitle: str = ""
) -> alt.LayerChart:
    """Which time each figure covers and when each event was: bars and points on one time axis.

    An end that is open, and a date less sharp than a day, are drawn as what they leave open: a bar
    with an arrow for its end, a bar as long as the date is wide. A figure without a stated time has
    no row.
    """
    dated = {name: window for name, f in figures.items() if (window := _window(f))}
    rows = [_time_row(name, figures[name], dated[name]) for name in dated]
    rows += [_time_row(name, event, event.date) for name, event in events.items()]
    known = [row[end] for row in rows for end in ("from", "to") if row[end]]
    if not known:
        raise UnitMismatch(f"nothing of {title!r} is dated")
    for row in rows:
        row["open"] = _open_end(row)
        row["from"], row["to"] = row["from"] or min(known), row["to"] or max(known)
    labels = [row["label"] for row in rows]
    axis, column = label_axis(labels)
    y = alt.Y("label:N", sort=labels, title=None, axis=axis)
    time = alt.X("from:T", title=None, scale=alt.Scale(type="utc"), axis=_months(ticks=6))
    base = alt.Chart(alt.InlineData(values=rows)).encode(y)
    base = base.properties(width=TOTAL - _EDGES - column, height=24 * len(rows))
    days = base.transform_filter("datum.sharp == 'yes'").mark_point(filled=True, size=80)
    days = days.encode(alt.X("from:T"), color=_colour_of(rows), opacity=alt.value(1))
    said = "; ".join(f"{row['label']}: {row['words']}, {row['party']}" for row in rows)
    how = [_HOW] + ([_HOW_OPEN] if any(row["open"] != "no" for row in rows) else [])
    chart: alt.LayerChart = reduce(add, [*_bars(base, rows, time), days])
    return titled(chart, title, [subtitle, *how], said, labels=[*figures, *events], form="when")


def side_by_side(
    pairs: Mapping[str, tuple[Figure, Figure]], *, title: str, subtitle: str = ""
) -> alt.HConcatChart:
    """Each pair of figures of one measure: what each allows, against the first, and its time.

    The first figure of a pair is drawn as one; the other as a multiple of it.
    """
    rows: list[dict[str, Any]] = []
    for name, pair in pairs.items():
        whole = float(pair[0].quantity.point) or 1.0
        for number, figure in enumerate(pair):
            # Rows of the same label would be one; a space without width tells them apart.
            row = row_of(f"{name} – {figure.words}{chr(0x200B) * number}", figure)
            row |= {end: row[end] / whole for end in ("low", "point", "high")}
            window = _window(figure)
            row |= {"pair": name, "time": figure.period, **_ends(window)}
            rows.append(row)
    known = [row[end] for row in rows for end in ("from", "to") if row[end]]
    for row in rows:
        is_dated = row["from"] or row["to"]
        row["dated"] = "yes" if is_dated else "no"
        row["open"] = _open_end(row) if is_dated else "no"
        row["from"] = row["from"] or (min(known) if is_dated else None)
        row["to"] = row["to"] or (max(known) if is_dated else None)
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
    spans = base.mark_rule(strokeWidth=6, strokeCap="round").encode(
        x, alt.X2("high:Q"), color=_colour_of(rows)
    )
    marks = base.mark_point(filled=True, size=140).encode(
        alt.X("point:Q"), shape=shape(), color=_colour_of(rows), opacity=alt.value(1)
    )
    time = alt.X(
        "from:T",
        title="time that it covers",
        scale=alt.Scale(type="utc"),
        axis=_months(ticks=2),
    )
    dated = base.transform_filter("datum.dated == 'yes'")
    dated = dated.encode(alt.Y("label:N", scale=shared, axis=None))
    times: alt.LayerChart = reduce(add, _bars(dated, rows, time))
    said = "; ".join(
        f"{row['pair']}: {row['words']}, {row['party']}, {row['time']}" for row in rows
    )
    chart = alt.hconcat((spans + marks).properties(**size), times.properties(**size), spacing=_GAP)
    how = [_HOW_OPEN] if any(row["open"] != "no" for row in rows) else []
    return titled(chart, title, [subtitle, *how], said, form="side_by_side")


def _bars(base: alt.Chart, rows: Sequence[Mapping[str, Any]], time: alt.X) -> list[Any]:
    """Bars of times; one with an open end is an outline with an arrow out of that end."""
    to, colours = alt.X2("to:T"), _colour_of(rows)
    shut = base.transform_filter("datum.open == 'no'").mark_bar(height=10)
    layers = [shut.encode(time, to, color=colours)]
    if any(row["open"] != "no" for row in rows):
        ajar = base.transform_filter("datum.open != 'no'")
        frames = ajar.mark_bar(height=9, filled=False, strokeWidth=1.5)
        layers.append(frames.encode(time, to, color=colours))
    found = {row["open"] for row in rows}
    return layers + [_arrow(base, rows, end) for end in OPEN if {end, "both"} & found]


def _months(*, ticks: int) -> alt.Axis:
    return alt.Axis(
        grid=True, format="%b %Y", tickCount=ticks, labelFlush=True, labelOverlap=True,
        labelBound=4,
    )  # fmt: skip


def _open_end(row: Mapping[str, Any]) -> str:
    """Which end of a time is not said: "from", "to", "both", or "no" end."""
    ends = [end for end in ("from", "to") if row[end] is None]
    return "both" if len(ends) == 2 else "".join(ends) or "no"


def _arrow(base: alt.Chart, rows: Sequence[Mapping[str, Any]], end: str) -> Any:
    """Arrows out of the bars that have no such end."""
    at_end = base.transform_filter(f"datum.open == '{end}' || datum.open == 'both'")
    arrows = at_end.mark_point(filled=True, size=100, shape=OPEN[end])
    x = alt.X(f"{end}:T")
    return arrows.encode(x, color=_colour_of(rows), opacity=alt.value(1))


def _window(figure: Figure) -> Period | None:
    """The time that a stated figure covers; None where none is stated."""
    times = {context.period for context in figure.quantity.contexts}
    if figure.is_derived or len(times) != 1 or UNSTATED in times:
        return None
    return parse(times.pop())


def _ends(period: Period | None) -> dict[str, str | None]:
    first = period.first if period else None
    last = period.last + timedelta(days=1) if period and period.last else None
    return {"from": _iso(first), "to": _iso(last)}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _time_row(label: str, shown: Figure | Event, period: Period) -> dict[str, Any]:
    row = {"id": shown.id, "label": label, "party": shown.party, "words": str(period)}
    is_a_day = isinstance(shown, Event) and period.first == period.last
    return row | {"sharp": "yes" if is_a_day else "no"} | _ends(period)


def _colour_of(rows: Sequence[Mapping[str, Any]]) -> alt.Color:
    parties = list(dict.fromkeys(row["party"] for row in rows))
    scale = alt.Scale(domain=parties, range=[colour(party) for party in parties])
    legend = alt.Legend(orient="bottom", title=None, symbolType="square")
    return alt.Color("party:N", scale=scale, legend=legend)
