"""The charts of the book: a few forms, named for the question that they answer.

Each takes figures by the labels of their rows, never numbers, and draws a bound as a bound: one
that is only known to be above or below a value ends in an arrow. Importing this sets Altair's theme
and renderer. The renderer gives the whole specification, an SVG and text; colours are CSS variables
with fallbacks, so that one SVG serves light, dark and print, and the only font is sans-serif, so
that it does not depend on the fonts of a machine.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import altair as alt

from tallybook.figures import Figure
from tallybook.quantity import UnitMismatch, require_reason
from tallybook.wording import unit_in_words

SPECIFICATION = "application/vnd.vegalite.v6+json"
WIDTH, ROW = 520, 34
_TEXT = "var(--tb-text, #2a2f36)"
_QUIET = "var(--tb-quiet, #5b6470)"
_LINE = "var(--tb-line, #d5d9de)"
_PARTIES = {
    "Alibaba": "#b4511a",
    "USTR": "#1f5fa8",
    "Tamebay": "#7a3e9d",
    "World Trademark Review": "#0c7265",
    "computed here": "#4a5563",
}
_SHAPES = {"above": "triangle-right", "below": "triangle-left", "about": "diamond"}
_VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
_LOG_FROM = 50  # times from the least to the greatest, above which a linear axis hides the least


def how_many(
    figures: Mapping[str, Figure], *, title: str, subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """How many of one thing each figure says: bars from zero, one-sided ones with an arrow.

    Raises UnitMismatch for figures of several units or none at all, ContextsDiffer where they
    differ in period, scope, base or condition and no reason is given; the reason is shown.
    """
    unit = _one_unit(figures, because)
    base = _base(figures)
    furthest = max(float(f.quantity.point) / (1 - _room(f.words)) for f in figures.values())
    scale = alt.Scale(domain=[0, furthest], nice=False)
    axis = alt.Axis(grid=True, tickCount=6)
    end = alt.X("point:Q", title=unit, stack=None, scale=scale, axis=axis)
    bars = base.mark_bar(height=16).encode(end, color=_colour(figures), opacity=_opacity())
    arrows = base.transform_filter("datum.side != 'both'").mark_point(
        filled=True, size=130, opacity=1
    )
    arrows = arrows.encode(alt.X("point:Q"), shape=_shape(), color=_colour(figures))
    words = base.mark_text(align="left", dx=12, color=_TEXT).encode(
        alt.X("point:Q"), text=alt.Text("words:N")
    )
    return _titled(bars + arrows + words, figures, title, subtitle, because)


def within_what(
    figures: Mapping[str, Figure], *, title: str, subtitle: str = "", because: str = ""
) -> alt.LayerChart:
    """Within what limits each figure lies: a line from end to end, an arrow where one is open.

    The axis is logarithmic where the figures differ widely. Raises as `how_many` does.
    """
    unit = _one_unit(figures, because)
    points = [figure.quantity.point for figure in figures.values() if figure.quantity.point > 0]
    wide = len(points) == len(figures) and max(points) > _LOG_FROM * min(points)
    scale = alt.Scale(type="log" if wide else "linear", zero=not wide, nice=True)
    middle = math.sqrt(min(points) * max(points)) if wide else max(points, default=0) / 2
    x = alt.X("low:Q", title=unit, scale=scale, axis=alt.Axis(grid=True, tickCount=5))
    base = _base(figures)
    spans = base.mark_rule(strokeWidth=6, strokeCap="round").encode(
        x, alt.X2("high:Q"), color=_colour(figures)
    )
    marks = base.mark_point(filled=True, size=130, opacity=1).encode(
        alt.X("point:Q"), shape=_shape(), color=_colour(figures)
    )
    after = base.transform_filter(f"datum.point <= {float(middle)}")
    after = after.mark_text(align="left", dx=14, color=_TEXT)
    before = base.transform_filter(f"datum.point > {float(middle)}")
    before = before.mark_text(align="right", dx=-14, color=_TEXT)
    words = after.encode(alt.X("high:Q"), text=alt.Text("words:N")) + before.encode(
        alt.X("low:Q"), text=alt.Text("words:N")
    )
    return _titled(spans + marks + words, figures, title, subtitle, because)


def _room(words: str) -> float:
    """The share of the width that words take beside a bar, at some seven pixels a letter."""
    return min((24 + 7 * len(words)) / WIDTH, 0.6)


def _one_unit(figures: Mapping[str, Figure], because: str) -> str:
    units = sorted({figure.quantity.unit for figure in figures.values()})
    if len(units) != 1:
        found = " and ".join(repr(unit) for unit in units) or "none"
        names = ", ".join(figure.id for figure in figures.values())
        raise UnitMismatch(f"a chart needs figures of one unit, found {found} in {names}")
    require_reason([figure.quantity for figure in figures.values()], because)
    return unit_in_words(units[0])


def _base(figures: Mapping[str, Figure]) -> alt.Chart:
    rows = [_row(label, figure) for label, figure in figures.items()]
    y = alt.Y(
        "label:N", sort=list(figures), title=None, axis=alt.Axis(labelLimit=260, domain=False)
    )
    size = {"width": WIDTH, "height": ROW * len(rows)}
    return alt.Chart(alt.InlineData(values=rows)).encode(y).properties(**size)


def _row(label: str, figure: Figure) -> dict[str, Any]:
    quantity = figure.quantity
    low, high = quantity.known_ends
    has_low, has_high = low is not None, high is not None
    side = {(True, True): "both", (True, False): "above", (False, True): "below"}
    return {
        "id": figure.id,
        "label": label,
        "party": figure.party,
        "words": figure.words,
        "point": float(quantity.point),
        "low": float(quantity.point if low is None else low),
        "high": float(quantity.point if high is None else high),
        "side": side.get((has_low, has_high), "about"),
    }


def _colour(figures: Mapping[str, Figure]) -> alt.Color:
    parties = list(dict.fromkeys(figure.party for figure in figures.values()))
    colours = [f"var(--tb-{_slug(p)}, {_PARTIES.get(p, '#4a5563')})" for p in parties]
    legend = alt.Legend(orient="bottom", title=None) if len(parties) > 1 else None
    return alt.Color("party:N", scale=alt.Scale(domain=parties, range=colours), legend=legend)


def _slug(party: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", party.lower()).strip("-")


def _shape() -> alt.Shape:
    sides = {"both": "circle", **_SHAPES}
    scale = alt.Scale(domain=list(sides), range=list(sides.values()))
    return alt.Shape("side:N", scale=scale, legend=None)


def _opacity() -> Any:
    return alt.condition("datum.side == 'both'", alt.value(1), alt.value(0.45))


def _titled(
    chart: alt.LayerChart, figures: Mapping[str, Figure], title: str, subtitle: str, because: str
) -> alt.LayerChart:
    said = "; ".join(f"{label}: {f.words}, {f.party}" for label, f in figures.items())
    lines = [line for line in (subtitle, because) if line]
    heading = alt.TitleParams(title, subtitle=lines) if lines else alt.TitleParams(title)
    return chart.properties(title=heading, description=f"{title}. {said}.")


@alt.theme.register("tallybook", enable=True)
def theme() -> alt.theme.ThemeConfig:
    """The look of every chart."""
    return alt.theme.ThemeConfig(
        config={
            "background": "transparent",
            "font": "sans-serif",
            "view": {"stroke": None},
            "padding": {"left": 4, "right": 70, "top": 4, "bottom": 4},
            "title": {
                "anchor": "start", "frame": "group", "color": _TEXT, "subtitleColor": _QUIET,
                "fontSize": 16, "subtitleFontSize": 13, "fontWeight": 600, "offset": 14,
            },
            "axis": {
                "labelColor": _TEXT, "titleColor": _QUIET, "gridColor": _LINE,
                "domainColor": _LINE, "tickColor": _LINE, "labelFontSize": 13,
                "titleFontSize": 12, "titleFontWeight": "normal",
            },
            "legend": {"labelColor": _TEXT, "labelFontSize": 13},
            "text": {"fontSize": 13},
        }
    )  # fmt: skip


def render(spec: dict[str, Any], **_: object) -> dict[str, Any]:
    """What a chart puts into a notebook: its specification, an SVG that speaks, and text."""
    import vl_convert  # noqa: PLC0415  # starts a JavaScript engine

    svg = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=_VEGA_LITE)
    heading = spec.get("title", "")
    title = str(heading.get("text", "")) if isinstance(heading, dict) else str(heading)
    description = str(spec.get("description", title))
    spoken = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    svg = re.sub(r"<svg([^>]*)>", lambda tag: f'<svg role="img"{tag[1]}>{spoken}', svg, count=1)
    return {SPECIFICATION: spec, "image/svg+xml": svg, "text/plain": description}


alt.renderers.enable("tallybook")
