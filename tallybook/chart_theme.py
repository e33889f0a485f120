"""How every chart looks, and what it puts into a notebook.

Importing this sets Altair's theme. The renderer gives the whole specification, an SVG and text;
colours are CSS variables with fallbacks, so that one SVG serves light, dark and print, and the only
font is sans-serif, so that it does not depend on the fonts of a machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

import altair as alt

from tallybook.mime import CHART

TEXT = "var(--tb-text, #2a2f36)"
QUIET = "var(--tb-quiet, #5b6470)"
LINE = "var(--tb-line, #d5d9de)"
_PARTIES = {
    "Alibaba": "#b4511a",
    "USTR": "#1f5fa8",
    "Tamebay": "#7a3e9d",
    "World Trademark Review": "#0c7265",
    "computed here": "#4a5563",
}
_VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def colour(party: str) -> str:
    """The colour of a party, the same in every chart."""
    slug = re.sub(r"[^a-z0-9]+", "-", party.lower()).strip("-")
    return f"var(--tb-{slug}, {_PARTIES.get(party, '#4a5563')})"


def titled(chart: alt.LayerChart, title: str, lines: Iterable[str], said: str) -> alt.LayerChart:
    """A chart with its heading, and with what it says for those who do not see it."""
    shown = [line for line in lines if line]
    heading = alt.TitleParams(title, subtitle=shown) if shown else alt.TitleParams(title)
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
                "anchor": "start", "frame": "group", "color": TEXT, "subtitleColor": QUIET,
                "fontSize": 16, "subtitleFontSize": 13, "fontWeight": 600, "offset": 14,
            },
            "axis": {
                "labelColor": TEXT, "titleColor": QUIET, "gridColor": LINE,
                "domainColor": LINE, "tickColor": LINE, "labelFontSize": 13,
                "titleFontSize": 12, "titleFontWeight": "normal",
            },
            "legend": {"labelColor": TEXT, "labelFontSize": 13},
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
    return {CHART: spec, "image/svg+xml": svg, "text/plain": description}
