"""Charts that reports need again and again: functions that make an Altair chart of a frame.

Each takes a frame of `ledger.frame(...)`, or one that pandas made of its rows, and gives an Altair
chart, which an author may change as any other. A bound is drawn as a bound (`bounds`). Places in
an order are no amounts: only words show them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import altair as alt
import pandas as pd

from tallybook.charts import (
    bounds,
    render,  # noqa: F401  # the look of charts, and the check of each
)
from tallybook.charts.theme import ARROWS, DASHES, LINE, QUIET, width
from tallybook.errors import BadOutput
from tallybook.ledger.ledger import remembered
from tallybook.ledger.phrases import when_alike
from tallybook.quantity.quantity import PLACES

Drawn = TypeVar("Drawn", alt.LayerChart, alt.FacetChart, alt.ConcatChart)
_STEP = 44  # pixels from one bar to the next, with its label above it
# Pixels: the type of a figure at a glance, the width of its cell, and of one for long words.
_BIG, _LESS, _LEAST = 24, 20, 16
_CELL, _WIDE_CELL = 210, 280
# Pixels: the width of a small panel, the type of its words, and the most that they take in it.
_PANEL, _TYPE, _BESIDE = 200, 13, 130


def bars(
    frame: pd.DataFrame, *, title: str = "", subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """Bars of figures of one unit, from zero, each below its label and before its words.

    `because` says why figures of different period, scope, base or condition may stand side by side;
    it is shown. Raises BadOutput for a frame without figures.

    >>> import tallybook
    >>> from tallybook import charts
    >>> stores = tallybook.load("tests/books/kettles").frame(ids=["stores-closed-2017"])
    >>> charts.bars(stores, title="Stores closed").to_dict()["title"]
    'Stores closed'
    """
    base = _amounts(bounds.told_apart(_named(frame), bounds.reach(frame)))
    marks = base.encode(_at_the_lower_edge(), color=_colour())
    axis = alt.Axis(grid=False)  # it would run through the labels
    layers = [_labels(base, "what"), *bounds.bounded(marks, axis=axis), *bounds.words(marks)]
    return _headed(layers, title, subtitle, because)


def changes(
    frame: pd.DataFrame, *, falling: Iterable[str] = (), title: str = "", subtitle: str = "",
    because: str = "",
) -> alt.LayerChart:  # fmt: skip
    """Changes against a base, to the left of zero where the id is among `falling`.

    A record says "42%" of a decline: the number alone does not tell its direction. Raises
    BadOutput for an id that is not in the frame, for a figure whose measure is no change, and for
    a frame without figures.

    >>> import tallybook
    >>> from tallybook import charts
    >>> down = tallybook.load("tests/books/kettles").frame(ids=["requests-decline-2017"])
    >>> chart = charts.changes(down, falling=["requests-decline-2017"], title="Requests")
    >>> chart.to_dict()["title"]
    'Requests'
    """
    _amounts(frame)
    fallen = {*falling}
    if missing := fallen - {*frame["id"]}:
        raise BadOutput(f"{', '.join(sorted(missing))} cannot fall: the frame has no such id")
    for name in frame["id"]:
        if (kind := _kind(name)) not in ("change", ""):
            raise BadOutput(
                f"{name!r} is a {kind} and no change: draw it with charts.bars, or compute a change"
            )
    way = ["down" if name in fallen else "up" for name in frame["id"]]
    told = _named(frame)["what"]
    signed = frame.assign(way=way, change=told + ": " + way + " " + frame["words"])
    down, up = (bounds.reach(signed[signed["way"] == each]) for each in ("down", "up"))
    base = _rows(bounds.told_apart(signed, down + up))
    sign = "(datum.way == 'down' ? 0 - {0} : {0})"
    marks = base.encode(_at_the_lower_edge(), color=_colour()).transform_calculate(
        sure=sign.format(f"({bounds.HAS_SURE} ? datum.low : {bounds.AT})"),
        most=sign.format(
            f"(datum.ends == 'apart' ? {bounds.TO} : {bounds.HAS_SURE} ? datum.low : {bounds.AT})"
        ),
        turned=f"datum.way == 'down' ? ({bounds.TURNED}) : ({bounds.SIDE})",
    )
    unit = "".join(dict.fromkeys(frame["unit"])) or None
    # An arrow at the end of the longest bar has room.
    scale = alt.Scale(domain=[-1.08 * down, 1.08 * up], nice=False)
    across = alt.X("sure:Q", title=unit, scale=scale, axis=alt.Axis(grid=False, tickCount=5))
    bar = bounds.bar(marks).encode(across, x2=alt.X2Datum(0))
    thin = bounds.bar(marks, bounds.THIN).encode(alt.X("sure:Q"), x2=alt.X2("most:Q"))
    arrows = bounds.arrows(
        marks.transform_filter(f"{bounds.OPEN_LOW} || {bounds.OPEN_HIGH}"), "turned"
    )
    # At each bar and no further up, where the labels are.
    zero = base.encode(_at_the_lower_edge()).mark_point(
        shape="M0,-1L0,1", filled=False, strokeWidth=1, size=(bounds.BAR + 6) ** 2,
        yOffset=-bounds.UP, color=QUIET,
    ).encode(x=alt.XDatum(0))  # fmt: skip
    signed_ends = {"low": sign.format("datum.low"), "high": sign.format("datum.high")}
    printed = bounds.printed_ends(marks, marks.transform_calculate(**signed_ends))
    layers = [_labels(base, "change"), thin, bar, *printed, arrows.encode(alt.X("most:Q")), zero]
    return _headed(layers, title, subtitle, because)


def shares(
    frame: pd.DataFrame, *, title: str = "", subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """Shares of a whole, each as far as it fills a bar of a hundred percent.

    Figures are in percent, or all are fractions. Raises BadOutput for other units.

    >>> import tallybook
    >>> from tallybook import charts
    >>> handled = tallybook.load("tests/books/kettles").frame(ids=["share-handled-2017"])
    >>> charts.shares(handled, title="Handled in time").to_dict()["title"]
    'Handled in time'
    """
    _amounts(frame)
    wholes = {"percent": 100, "fraction": 1}
    units = {*frame["unit"]}
    if len(units) != 1 or not units <= set(wholes):
        found = ", ".join(sorted(units)) or "no figures"
        raise BadOutput(f"shares are in percent, or all fractions; found {found}: use charts.bars")
    whole = wholes[units.pop()]
    shown = frame.assign(share=_named(frame)["what"] + ": " + frame["words"])
    base = _rows(bounds.told_apart(shown, whole))
    marks = base.encode(_at_the_lower_edge(), color=_colour())
    across = alt.Scale(domain=[0, whole], nice=False)
    track = bounds.bar(base.encode(_at_the_lower_edge()), color=LINE)
    track = track.encode(alt.X(datum=0, axis=None), x2=alt.X2Datum(whole))
    layers = [_labels(base, "share"), track, *bounds.bounded(marks, scale=across, axis=None)]
    return _headed(layers, title, subtitle, because)


def trend(
    frame: pd.DataFrame, *, by: str = "party", title: str = "", subtitle: str = "",
    because: str = "",
) -> alt.LayerChart:  # fmt: skip
    """Figures of one unit over time, a line for each value of the column `by`, with their bounds.

    A point stands at the first day of its period; the last of each line has its words, or all of
    them where there is one line. Raises BadOutput where nothing is dated.

    >>> import tallybook
    >>> from tallybook import charts
    >>> stores = tallybook.load("tests/books/kettles").frame(ids=["stores-closed-2017"])
    >>> len(charts.trend(stores, title="Stores closed").to_dict()["layer"])
    5
    """
    dated = frame[frame["start"].notna()].sort_values("start", kind="stable")
    if dated.empty:
        raise BadOutput("nothing of the frame has a date, and a trend needs a period: charts.bars")
    # A line is named at its end, the lower half of the lines below it, so that names keep apart.
    last = dated.groupby(by, sort=False).tail(1).sort_values("value", kind="stable")
    is_one = len(last) == 1
    lower = {*last["id"].head(len(last) // 2)}
    shown = dated if is_one else last
    _amounts(dated)
    lowest, highest = dated[["low", "value"]].min().min(), dated[["high", "value"]].max().max()
    # Twice, for the point of a figure hides what is near it.
    named = bounds.told_apart(dated, 2 * float(highest - lowest)).assign(
        above=dated["words"].where(dated["id"].isin({*shown["id"]} - lower), ""),
        below=dated["words"].where(dated["id"].isin(lower), ""),
    )
    base = alt.Chart(named).encode(alt.X("start:T", title=None), color=_colour(by))
    line = base.mark_line().encode(alt.Y("value:Q"))
    ends = base.transform_filter(
        "isValid(datum.low) && isValid(datum.high) && datum.ends == 'apart'"
    )
    ends = ends.mark_rule(strokeWidth=bounds.THIN).encode(alt.Y("low:Q"), y2=alt.Y2("high:Q"))
    # The middle of a range is no number that anyone states.
    told = base.transform_filter("datum.ends != 'range'")
    points = told.transform_calculate(side=bounds.SIDE).mark_point().encode(
        alt.Y("value:Q"), alt.Shape("side:N", scale=alt.Scale(**bounds.UPRIGHT), legend=None)
    )  # fmt: skip
    words = [
        base.transform_calculate(value=f"datum.ends == 'apart' ? datum.value : datum.{end}")
        .mark_text(dy=dy, fontWeight=600)
        .encode(alt.Y("value:Q"), alt.Text(f"{column}:N"))
        for column, dy, end in (("above", -14, "high"), ("below", 16, "low"))
    ]
    chart: Any = alt.layer(ends, *bounds.upright_ends(base), line, points, *words)
    titled: alt.LayerChart = _titled(chart, title, subtitle, because)
    return titled


def multiples(
    frame: pd.DataFrame, *, by: str = "label", columns: int = 3, title: str = "",
    subtitle: str = "", because: str = "",
) -> alt.FacetChart:  # fmt: skip
    """Small bars for each value of the column `by`, each with an axis of its own.

    Above a bar stand its party and period; where `by` is another column than the label, the label;
    and its words, where they are too long to stand beside it.

    >>> import tallybook
    >>> from tallybook import charts
    >>> frame = tallybook.load("tests/books/kettles").frame("kettles")
    >>> charts.multiples(frame, title="Kettles").to_dict()["columns"]
    3
    """
    _amounts(frame)
    told = frame["party"] + ", " + frame["period"] if by == "label" else frame["label"]
    fit = frame["words"].map(lambda words: width(words, _TYPE, bold=True) < _BESIDE)
    named = frame.assign(
        stated=told + (": " + frame["words"]).mask(fit, ""), beside=frame["words"].where(fit, "")
    )
    parts = [
        bounds.told_apart(part, bounds.reach(part)) for _, part in named.groupby(by, sort=False)
    ]
    base = _rows(pd.concat(parts or [named]))
    marks = base.encode(_at_the_lower_edge(), color=_colour())
    drawn = [
        _labels(base, "stated"),
        *bounds.bounded(marks, axis=None),
        *bounds.words(marks, "beside"),
    ]
    layers = alt.layer(*drawn, width=_PANEL, height={"step": _STEP})
    order = [*dict.fromkeys(frame[by])]
    head = alt.Facet(f"{by}:N", sort=order, title=None, header=alt.Header(labelPadding=0))
    facets: alt.FacetChart = layers.facet(head, columns=columns)
    facets = facets.resolve_scale(x="independent", y="independent")
    return _titled(facets, title, subtitle, because)


def glance(
    frame: pd.DataFrame, *, title: str = "", subtitle: str = "", because: str = ""
) -> alt.ConcatChart | alt.LayerChart:
    """Figures at a glance: big numbers with their labels.

    They are bars where all have one unit and `because` says why they may stand on one axis; places
    in an order never are.

    >>> import tallybook
    >>> from tallybook import charts
    >>> frame = tallybook.load("tests/books/kettles").frame("kettles")
    >>> len(charts.glance(frame, title="Kettles").to_dict()["concat"]) == len(frame)
    True
    """
    _rows(frame)
    is_of_one = len({*frame["unit"]}) == 1 and len(frame) > 1 and frame["value"].notna().all()
    if because and is_of_one and not _ranks(frame):
        return bars(frame, title=title, subtitle=subtitle, because=because)
    longest = max((width(words, 1, bold=True) for words in frame["words"]), default=1)
    fitting = int(_CELL / longest)
    size = min(_BIG, fitting if fitting >= _LESS else max(int(_WIDE_CELL / longest), _LEAST))
    named = {party for party in frame["party"] if party in f"{title} {subtitle}"}
    cells = []
    for _, row in _named(frame).iterrows():
        # A heading that names a party names that of all figures but those said to be of others.
        what = row["what"] if named == {row["party"]} else f"{row['what']} – {row['party']}"
        base = alt.Chart(pd.DataFrame([row]).assign(what=what))
        number = base.mark_text(align="left", baseline="top", fontSize=size, fontWeight=600)
        number = number.encode(
            alt.Text("words:N"), _colour().legend(None), x=alt.XValue(0), y=alt.YValue(0)
        )
        below = base.mark_text(align="left", baseline="top", color=QUIET)
        below = below.encode(alt.Text("what:N"), x=alt.XValue(0), y=alt.YValue(size + 8))
        cell = max(_CELL, round(longest * size) + 4)
        cells.append(alt.layer(number, below, width=cell, height=size + 30))
    columns = 2 if len(cells) == 4 else 3
    together = alt.concat(*cells, columns=columns, spacing=14, bounds="flush")
    return _titled(together, title, subtitle, because)


def times(frame: pd.DataFrame, *, title: str = "", subtitle: str = "") -> alt.LayerChart:
    """The times that figures cover and the dates of events, on one time axis, in rows.

    A day is a point, any other time a bar from its first to its last day; one with an end that is
    not stated is thin, with an arrow. What has no time at all has no row. Raises BadOutput where
    nothing is dated.

    >>> import tallybook
    >>> from tallybook import charts
    >>> opened = tallybook.load("tests/books/kettles").frame(ids=["plant-opened"])
    >>> charts.times(opened, title="Plants").to_dict()["title"]
    'Plants'
    """
    dated = frame[frame["start"].notna() | frame["end"].notna()]
    if dated.empty:
        raise BadOutput(f"nothing of {title!r} is dated: choose figures with a period, or events")
    named = dated.assign(when=[f"{row.label}, {row.period}" for row in dated.itertuples()])
    base = _rows(named)
    marks = base.encode(_at_the_lower_edge(), color=_colour())
    across = alt.X("start:T", title=None, axis=alt.Axis(grid=True))
    whole = "isValid(datum.start) && isValid(datum.end)"
    day = f"{whole} && datum.start == datum.end"
    span = bounds.bar(marks.transform_filter(f"{whole} && datum.start != datum.end"))
    layers: list[Any] = [
        _labels(base, "when", dy=6),
        span.encode(across, x2="end:T"),
        marks.transform_filter(day).mark_point(size=90, yOffset=-bounds.UP).encode(across),
    ]
    for end, other, edge in (("start", "end", 0), ("end", "start", "width")):
        if dated[end].isna().any():
            open_ended = marks.transform_filter(f"!isValid(datum.{end})")
            thin = bounds.bar(open_ended, bounds.THIN)
            thin = thin.encode(alt.X(f"{other}:T"), x2=alt.X2Value(edge))
            shape = ARROWS["from" if end == "start" else "to"]
            arrow = open_ended.mark_point(size=100, shape=shape, yOffset=-bounds.UP)
            layers += [thin, arrow.encode(x=alt.XValue(edge))]
    return _headed(layers, title, subtitle, "", step=40)


def ties(links: pd.DataFrame, *, title: str = "", subtitle: str = "") -> alt.LayerChart:
    """Links between statements, listed below the statement that they lead to.

    `links` is a frame of `ledger.links(...)`. A line is full for a link that a document states, and
    broken for one that is inferred. On a page, what one points at lights up wherever it stands.
    Raises BadOutput for a frame without links.

    >>> import tallybook
    >>> from tallybook import charts
    >>> links = tallybook.load("tests/books/kettles").links("demand", "reply")
    >>> charts.ties(links, title="Replies").to_dict()["title"]
    'Replies'
    """
    if links.empty:
        raise BadOutput(
            "there are no links to draw: ledger.links(kind, other) has those of two kinds"
        )
    parts = []
    for hub, rows_of_hub in links.groupby("to", sort=False):
        head = rows_of_hub.iloc[[0]].assign(row=f"{hub} itself", level="hub")
        rest = rows_of_hub.assign(row=f"{hub} " + rows_of_hub["id"], level="tie")
        parts += [head, rest]
    rows = pd.concat(parts)
    order = alt.Scale(domain=[*rows["row"]], paddingInner=0, paddingOuter=0)
    at = alt.Y("row:N", bandPosition=0, sort=None, axis=None, scale=order)
    base = alt.Chart(rows).encode(at)
    pointed = alt.selection_point(fields=["id"], on="pointerover", clear="pointerout")
    lit = alt.condition(pointed, alt.value(1), alt.value(0.25))
    hubs = base.transform_filter("datum.level == 'hub'").mark_text(
        align="left", baseline="top", fontWeight=600, dy=6
    )
    tied = base.transform_filter("datum.level == 'tie'")
    labels = tied.mark_text(align="left", baseline="top", dy=6).encode(opacity=lit)
    legend = alt.Legend(title=None, symbolStrokeColor=QUIET, symbolType="stroke")
    dash = alt.StrokeDash("basis:N", scale=alt.Scale(**DASHES), legend=legend)
    lines = tied.mark_rule(strokeWidth=1.6, yOffset=_MIDDLE).encode(
        dash, x=alt.XValue(2), x2=alt.X2Value(22), opacity=lit
    )
    layers = [
        hubs.encode(alt.Text("to_label:N"), x=alt.XValue(0)),
        lines.add_params(pointed),
        labels.encode(alt.Text("label:N"), x=alt.XValue(28)),
    ]
    return _headed(layers, title, subtitle, "", step=24)


_PLAIN = alt.Scale(paddingInner=0, paddingOuter=0)
_MIDDLE = 12  # of a row's first line of text


def _rows(frame: pd.DataFrame) -> alt.Chart:
    if frame.empty:
        raise BadOutput("the frame is empty, so that there is nothing to draw: look at its filter")
    return alt.Chart(frame)


def _amounts(frame: pd.DataFrame) -> alt.Chart:
    """The chart of a frame without places in an order, which no length stands for."""
    if ranks := _ranks(frame):
        raise BadOutput(
            f"{', '.join(ranks)}: a place in an order is no amount, so that no bar or line shows "
            "it: charts.glance shows its words"
        )
    return _rows(frame)


def _ranks(frame: pd.DataFrame) -> list[str]:
    return [*frame["id"][frame["unit"].isin(PLACES)]]


def _at_the_lower_edge() -> alt.Y:
    return alt.Y("id:N", bandPosition=1, sort=None, axis=None, scale=_PLAIN)


def _kind(wanted: str) -> str:
    """The kind of the measure of a stated figure, such as "change"; empty for what is computed."""
    for ledger in remembered():
        if statistic := ledger.statistics.get(wanted):
            return str(ledger.measures[statistic.measure].kind)
    return ""


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame with `what` each row is: its label, and its period where labels are alike."""
    periods = when_alike(zip(frame["label"], frame["period"], strict=True))
    told = zip(frame["label"], periods, strict=True)
    return frame.assign(what=[", ".join(filter(None, each)) for each in told])


def _labels(base: alt.Chart, column: str, dy: int = 9) -> Any:
    """The label of each row, nearer to its bar than to the one above."""
    at = alt.Y("id:N", bandPosition=0, sort=None, axis=None, scale=_PLAIN)
    text = base.mark_text(align="left", baseline="line-top", dy=dy)
    return text.encode(at, alt.Text(f"{column}:N"), x=alt.XValue(0))


def _colour(by: str = "party") -> alt.Color:
    return alt.Color(f"{by}:N")


def _headed(
    layers: list[Any], title: str, subtitle: str, because: str, step: int = _STEP
) -> alt.LayerChart:
    chart: Any = alt.layer(*layers, height=alt.Step(step))
    titled: alt.LayerChart = _titled(chart, title, subtitle, because)
    return titled


def _titled(chart: Drawn, title: str, subtitle: str, because: str) -> Drawn:
    """A new chart with its title, set in place: Altair's `properties` would copy every layer."""
    if title or subtitle:
        chart.title = alt.TitleParams(title, subtitle=subtitle) if subtitle else title
    if because:
        chart.usermeta = {"because": because}
    return chart
