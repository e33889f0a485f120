"""Charts of times: which time each figure covers, and how the figures of a pair differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import altair as alt

from tallybook.chart_figures import WIDTH, row_of, shape
from tallybook.chart_theme import colour, titled
from tallybook.figures import Figure
from tallybook.periods import UNSTATED, Period, parse
from tallybook.quantity import UnitMismatch
from tallybook.records import Event


def when(
    figures: Mapping[str, Figure], events: Mapping[str, Event], *, title: str, subtitle: str = ""
) -> alt.LayerChart:
    """Which time each figure covers and when each event was: bars and points on one time axis.

    An end that is open, and a date less sharp than a day, are drawn as what they leave open: a bar
    without its end, a bar as long as the date is wide. A figure without a stated time has no row.
    """
    dated = {name: window for name, f in figures.items() if (window := _window(f))}
    rows = [_time_row(name, figures[name], dated[name]) for name in dated]
    rows += [_time_row(name, event, event.date) for name, event in events.items()]
    known = [row[end] for row in rows for end in ("from", "to") if row[end]]
    if not known:
        raise UnitMismatch(f"nothing of {title!r} is dated")
    for row in rows:
        row["open"] = "yes" if row["from"] is None or row["to"] is None else "no"
        row["from"], row["to"] = row["from"] or min(known), row["to"] or max(known)
    labels = [row["label"] for row in rows]
    y = alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(labelLimit=300, domain=False))
    time = alt.X("from:T", title=None, axis=alt.Axis(grid=True, format="%b %Y", labelAngle=-40))
    base = alt.Chart(alt.InlineData(values=rows)).encode(y)
    base = base.properties(width=WIDTH, height=22 * len(rows))
    bars = base.mark_bar(height=10, cornerRadius=2).encode(
        time, alt.X2("to:T"), color=_colour_of(rows), opacity=_faint("open", "yes")
    )
    points = base.transform_filter("datum.sharp == 'yes'").mark_point(filled=True, size=80)
    points = points.encode(alt.X("from:T"), color=_colour_of(rows), opacity=alt.value(1))
    said = "; ".join(f"{row['label']}: {row['words']}" for row in rows)
    how = "A bar: the time that a figure covers, or in which an event lies. A point: a day."
    return titled(bars + points, title, [subtitle, how], said)


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
        row["from"] = row["from"] or (min(known) if is_dated else None)
        row["to"] = row["to"] or (max(known) if is_dated else None)
    shared = alt.Scale(domain=[row["label"] for row in rows])
    y = alt.Y(
        "label:N",
        title=None,
        scale=shared,
        axis=alt.Axis(labelLimit=400, labelFontSize=12, domain=False),
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(y)
    x = alt.X("low:Q", title="against the first of the pair", scale=alt.Scale(zero=False))
    spans = base.mark_rule(strokeWidth=6, strokeCap="round").encode(
        x, alt.X2("high:Q"), color=_colour_of(rows)
    )
    marks = base.mark_point(filled=True, size=90, opacity=1).encode(
        alt.X("point:Q"), shape=shape(), color=_colour_of(rows)
    )
    times = base.transform_filter("datum.dated == 'yes'").mark_bar(height=10)
    times = times.encode(
        alt.X("from:T", title="time that it covers", axis=alt.Axis(format="%b %Y", labelAngle=-40)),
        alt.X2("to:T"),
        color=_colour_of(rows),
    )
    size = {"height": 24 * len(rows)}
    left = (spans + marks).properties(width=150, **size)
    right = times.encode(alt.Y("label:N", scale=shared, axis=None))
    said = "; ".join(f"{row['pair']}: {row['words']}, {row['time']}" for row in rows)
    heading = alt.TitleParams(title, subtitle=[subtitle] if subtitle else [])
    chart = alt.hconcat(left, right.properties(width=170, **size))
    return chart.properties(title=heading, description=f"{title}. {said}.")


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
    legend = alt.Legend(orient="bottom", title=None) if len(parties) > 1 else None
    return alt.Color("party:N", scale=scale, legend=legend)


def _faint(field: str, value: str) -> Any:
    return alt.condition(f"datum.{field} == '{value}'", alt.value(0.45), alt.value(1))
