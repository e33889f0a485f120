"""How charts draw the bounds of figures: bars, pale and thin, lines with stops, arrows.

A bar is full as far as a figure is certain and thin as far as it is possible; an arrow leads on
where an end is open, and a diamond marks a figure whose error is unknown. A bar whose bounds are
too close to be told apart ends at its number. A range that is stated is pale from its lower end to
its upper one, and of a value with an interval beside it the bar ends at the value, with a line
through the interval.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from tallybook.charts.theme import SHAPES, TEXT

BAR = 14  # pixels: of a bar
UP = 2 + BAR // 2  # from the lower edge of a row to the middle of its bar
THIN = 4  # pixels: of a bar as far as it is possible
_LINE = 2  # pixels: of an interval that is printed beside a value
_PALE = 0.5  # the opacity of a range that is stated
_SLIVER = 1 / 80  # of an axis: bounds closer than this are not seen as two
OPEN_LOW, OPEN_HIGH = "!isValid(datum.low)", "!isValid(datum.high)"
SIDE = (
    "isValid(datum.low) ? (isValid(datum.high) ? 'both' : 'above') : "
    "(isValid(datum.high) ? 'below' : 'about')"
)
# Of a change to the left of zero, where what is open above leads on to the left.
TURNED = (
    "isValid(datum.low) ? (isValid(datum.high) ? 'both' : 'below') : "
    "(isValid(datum.high) ? 'above' : 'about')"
)
# Where the number of a figure stands: of a range with one end, there.
AT = (
    "(datum.interval != 'range' ? datum.value : isValid(datum.high) ? datum.high : "
    "isValid(datum.low) ? datum.low : datum.value)"
)
_IS_RANGE, _ONE_END = "datum.interval == 'range'", f"{OPEN_LOW} != {OPEN_HIGH}"
_ARROWS_AT = {
    "value": f"!({_IS_RANGE} && {_ONE_END})",
    "low": f"{_IS_RANGE} && {OPEN_HIGH} && !{OPEN_LOW}",
    "high": f"{_IS_RANGE} && {OPEN_LOW} && !{OPEN_HIGH}",
}
TO = f"(isValid(datum.high) ? datum.high : {AT})"
_ARE_APART = "(datum.ends == 'apart' || datum.ends == 'range')"
HAS_SURE = f"isValid(datum.low) && {_ARE_APART}"
_ACROSS, _UPWARDS = "M0,-1L0,1", "M-1,0L1,0"  # of a stop at the end of a line
# On an upright axis what is above leads up.
UPRIGHT = {
    "domain": SHAPES["domain"],
    "range": ["circle", "triangle-up", "triangle-down", "diamond"],
}


def bar(marks: alt.Chart, thick: int = BAR, **look: Any) -> Any:
    """The bar of each row, so thick, in the middle of the room below its label."""
    # A thick line and no bar: it stands at the lower edge of its row, however long the label is.
    # Clipped, for Vega takes its ends to be as far out as it is thick, and would move the chart in.
    return marks.mark_rule(strokeWidth=thick, yOffset=-UP, clip=True, **look)


def reach(frame: pd.DataFrame) -> float:
    """How far the figures of a frame reach; 0 for none."""
    return float(frame[["value", "high"]].max().max()) if len(frame) else 0.0


def told_apart(frame: pd.DataFrame, axis: float) -> pd.DataFrame:
    """A frame that says of each figure whether its bounds are "apart" on an axis so long.

    Those that are printed are a "range", or an "interval" beside the value.
    """
    width_of_ends = frame["high"] - frame["low"]  # NaN where an end is open
    close = width_of_ends < axis * _SLIVER
    ends = close.map({True: "close", False: "apart"})
    are_printed = ~close & width_of_ends.notna() & (frame["interval"] != "")
    names = frame["interval"].where(frame["interval"] == "range", "interval")
    return frame.assign(ends=ends.mask(are_printed, names))


def bounded(marks: alt.Chart, **x: Any) -> list[alt.Chart]:
    """Bars that are full as far as a figure is certain, and thin as far as it is possible.

    With an arrow for a figure that is open on a side, and a diamond where the error is unknown;
    with a line through an interval that is printed beside it, and pale in a range.
    """
    has_losses = any(marks.data["value"] < 0)
    apart = marks.transform_filter("datum.ends == 'apart'")
    reached = apart.transform_calculate(to=TO, since="isValid(datum.low) ? datum.low : 0")
    thin = bar(reached.transform_filter("datum.to > datum.since"), THIN)
    sure = bar(marks.transform_filter(f"{HAS_SURE} && datum.low >= 0"))
    below_zero = marks.transform_filter(f"{_ARE_APART} && isValid(datum.high) && datum.high < 0")
    number = bar(marks.transform_filter("datum.ends == 'close' || datum.ends == 'interval'"))
    open_ended = marks.transform_filter(f"{OPEN_LOW} || {OPEN_HIGH}")
    open_ended = open_ended.transform_calculate(side=SIDE)
    ends = [arrows(open_ended).encode(alt.X("value:Q", **x))]
    if any(marks.data["interval"] == "range"):
        ends = [
            arrows(open_ended.transform_filter(which)).encode(alt.X(f"{name}:Q", **x))
            for name, which in _ARROWS_AT.items()
        ]
    return [
        thin.encode(alt.X("to:Q", **x), x2=alt.X2("since:Q")),
        sure.encode(alt.X("low:Q", **x), x2=alt.X2Datum(0)),
        *([bar(below_zero).encode(alt.X("high:Q", **x), x2=alt.X2Datum(0))] if has_losses else []),
        number.encode(alt.X("value:Q", **x), x2=alt.X2Datum(0)),
        *printed_ends(marks, marks),
        *ends,
    ]


def printed_ends(given: alt.Chart, marks: alt.Chart) -> list[Any]:
    """A pale bar through a range, and a line through an interval beside a value, each with stops.

    Nothing where `given`, whose frame tells what there is, has none of them.
    """
    layers: list[Any] = []
    kinds = {*given.data["ends"]}
    if "range" in kinds:
        of_ranges = marks.transform_filter("datum.ends == 'range'")
        pale = bar(of_ranges, opacity=_PALE).encode(alt.X("low:Q"), x2=alt.X2("high:Q"))
        layers += [pale, *(_stop(of_ranges, end) for end in ("low:Q", "high:Q"))]
    if "interval" in kinds:
        beside = marks.transform_filter("datum.ends == 'interval'")
        line = bar(beside, _LINE).encode(
            alt.X("low:Q"), x2=alt.X2("high:Q"), color=alt.ColorValue(TEXT)
        )
        stops = (
            _stop(beside, end).encode(color=alt.ColorValue(TEXT)) for end in ("low:Q", "high:Q")
        )
        layers += [line, *stops]
    return layers


def _stop(marks: alt.Chart, end: str) -> Any:
    point = marks.mark_point(
        shape=_ACROSS, filled=False, strokeWidth=_LINE, size=(BAR - 2) ** 2, yOffset=-UP
    )
    return point.encode(alt.X(end))


def upright_ends(base: alt.Chart) -> list[Any]:
    """The same for points over time, in the colour of their line."""
    layers: list[Any] = []
    for kind, look in (
        ("range", {"strokeWidth": BAR, "opacity": _PALE}),
        ("interval", {"strokeWidth": _LINE}),
    ):
        if kind in {*base.data["ends"]}:
            of_kind = base.transform_filter(f"datum.ends == '{kind}'")
            layers.append(of_kind.mark_rule(**look).encode(alt.Y("low:Q"), y2=alt.Y2("high:Q")))
            stop = of_kind.mark_point(shape=_UPWARDS, filled=False, strokeWidth=_LINE, size=BAR**2)
            layers += [stop.encode(alt.Y(end)) for end in ("low:Q", "high:Q")]
    return layers


def arrows(marks: alt.Chart, side: str = "side") -> Any:
    """An arrow where an end is open and a diamond where the error is unknown, by a column."""
    shape = alt.Shape(f"{side}:N", scale=alt.Scale(**SHAPES), legend=None)
    return marks.mark_point(size=180, yOffset=-UP).encode(shape)


def words(marks: alt.Chart, column: str = "words") -> list[Any]:
    """The words of each figure behind its bar, and behind its arrow where it has one."""
    return [
        marks.transform_filter(which)
        .transform_calculate(to=f"max(0, {TO})")  # behind zero, from which the bar of a loss begins
        .mark_text(align="left", dx=dx, yOffset=-UP, fontWeight=600, baseline="middle")
        .encode(alt.X("to:Q"), alt.Text(f"{column}:N"), color=alt.ColorValue(TEXT))
        for which, dx in ((f"!({OPEN_HIGH})", 8), (OPEN_HIGH, 18))
    ]
