"""How every chart looks, and what it puts into a notebook.

Importing this sets Altair's theme. The renderer gives the whole specification, an SVG and text;
colours are CSS variables with fallbacks, so that one SVG serves light, dark and print, and the only
font is sans-serif, so that it does not depend on the fonts of a machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import altair as alt

from tallybook.charts.svg import drawing
from tallybook.charts.theme import LINE, MILLIONS, QUIET, TEXT, width, wrapped
from tallybook.tables.table import CHART, pieces_of

TOTAL = 700  # pixels from edge to edge; a page shows it at that width or somewhat less
LABEL, _EDGE = 13, 8
_MOST = 270  # of a label, before it is broken

Drawn = TypeVar("Drawn", alt.LayerChart, alt.HConcatChart)


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


def label_axis(labels: Sequence[str], *, size: int = LABEL, most: float = _MOST) -> tuple[Any, int]:
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


def number_axis(furthest: float, *, values: Sequence[float] | None = None) -> alt.Axis:
    """The axis of the figures; millions are written as such."""
    axis: dict[str, Any] = {"grid": True, "tickCount": 5, "labelFlush": True, "labelBound": 4}
    if values:
        axis["values"] = values
    if furthest >= 10**6:
        # A long label at the very end would reach beyond the drawing.
        at_end = f"datum.value > {0.93 * furthest} ? '' : "
        axis["labelExpr"] = MILLIONS if values else f"{at_end}{MILLIONS}"
    return alt.Axis(**axis)


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
            "legend": {"labelColor": TEXT, "labelFontSize": 13, "labelLimit": 0},
            "text": {"fontSize": 13},
        }
    )  # fmt: skip


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


alt.renderers.enable("tallybook")
