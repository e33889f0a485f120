"""What a chart puts into a notebook, and the look of every chart.

Importing this sets Altair's theme and renderer. The renderer checks the chart against the ledger,
and gives its specification, an SVG and text. Colours are CSS variables with fallbacks, so that one
SVG serves light, dark and print, and the only font is sans-serif, so that it does not depend on the
fonts of a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import altair as alt

from tallybook.charts.check import faults
from tallybook.charts.data import spoken
from tallybook.charts.layout import layout
from tallybook.charts.svg import CannotBeDrawn, cited_texts, drawing
from tallybook.charts.theme import ACCENT, LINE, QUIET, TEXT
from tallybook.errors import BadOutput
from tallybook.ledger.ledger import remembered
from tallybook.tables.table import CHART, WORDED


def render(spec: dict[str, Any], **_: object) -> dict[str, Any]:
    """What a chart puts into a notebook, by mime type: its specification, an SVG, and text.

    Altair calls this for each chart, as the renderer "tallybook". Raises BadOutput, with every
    fault and what to do, for a chart that shows what the ledger does not have.

    >>> import altair as alt, tallybook
    >>> frame = tallybook.load("tests/books/kettles").frame("kettles", measure="stores-closed")
    >>> chart = alt.Chart(frame, title="Stores").mark_bar().encode(x="value:Q", y="label:N")
    >>> sorted(render(chart.to_dict()))
    ['application/vnd.vegalite.v6+json', 'image/svg+xml', 'text/plain']
    """
    spec = described(spec)
    known = remembered()
    ledgers = [getattr(ledger, "original", ledger) for ledger in known]
    if not ledgers:
        raise BadOutput(
            "the chart cannot be checked: no ledger was loaded. Take its data from one: "
            "alt.Chart(ledger.frame(...))"
        )
    # A notebook may show rows of two books.
    found = [faults(spec, ledgers[0])]
    found += [faults(spec, each) for each in ledgers[1:]] if found[0] else []
    if all(found):
        told = "\n".join(f"- {fault}" for fault in found[0])
        raise BadOutput(f"the chart is not shown:\n{told}")
    # Of the book whose rows it shows; noted, for its colours are read of the ledger too.
    own = known[next(place for place, each in enumerate(found) if not each)]
    try:
        svg = drawing(layout(spec, colour_of=own.colour_of))
    except CannotBeDrawn as error:
        raise BadOutput(f"the chart cannot be drawn: {error}") from None
    return {CHART: spec, "image/svg+xml": svg, "text/plain": spec["description"]}


def described(spec: dict[str, Any]) -> dict[str, Any]:
    """A specification that says what it shows, and of which pieces its cited texts are made."""
    spec = dict(spec)
    told = {text: WORDED[text] for text in _texts(spec) if text in WORDED}
    told |= cited_texts(spec)  # which a chart has of its own
    if told:
        meta = dict(spec.get("usermeta") or {})
        spec["usermeta"] = {**meta, "tallybook": {"told": told}}
    if not spec.get("description"):
        spec["description"] = spoken(spec)
    return spec


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


@alt.theme.register("tallybook", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """The look of every chart."""
    config: Any = (
        {
            "background": "transparent",
            "font": "sans-serif",
            "view": {
                "stroke": None, "continuousWidth": 600, "continuousHeight": 260,
                "discreteWidth": 600, "discreteHeight": {"step": 28},
            },
            "title": {
                "anchor": "start", "frame": "bounds", "color": TEXT, "subtitleColor": QUIET,
                "fontSize": 16, "subtitleFontSize": 13, "subtitlePadding": 5,
                "fontWeight": 600, "offset": 14,
            },
            "axis": {
                "labelColor": TEXT, "titleColor": QUIET, "gridColor": LINE,
                "domainColor": LINE, "tickColor": LINE, "labelFontSize": 13,
                "titleFontSize": 12, "titleFontWeight": "normal", "labelFlush": True,
                "labelBound": 4,
            },
            "axisDiscrete": {"domain": False, "ticks": False, "grid": False, "labelPadding": 8},
            "header": {
                "labelColor": TEXT, "titleColor": QUIET, "labelFontSize": 13,
                "labelAnchor": "start", "labelFontWeight": 600, "labelLimit": 0,
                "titleFontWeight": "normal",
            },
            # Room for names in a font that is wider than the one that they are measured in.
            "legend": {
                "labelColor": TEXT, "titleColor": QUIET, "labelFontSize": 13, "labelLimit": 0,
                "columnPadding": 28, "orient": "bottom", "titleFontWeight": "normal",
                "layout": {"bottom": {"direction": "vertical", "anchor": "start"}},
            },
            "mark": {"color": ACCENT},
            "text": {"fontSize": 13, "color": TEXT},
            "rule": {"color": QUIET},
            # Points are translucent by default, and would show what is behind them.
            "point": {"filled": True, "opacity": 1, "size": 80},
            "line": {"strokeWidth": 2.5},
            "bar": {"cornerRadiusEnd": 1},
        }
    )  # fmt: skip
    return alt.theme.ThemeConfig(config=config)


alt.renderers.register("tallybook", render)
alt.renderers.enable("tallybook")
# What is too much for a page is said by the check, with what to do.
alt.data_transformers.enable("default", max_rows=None)
