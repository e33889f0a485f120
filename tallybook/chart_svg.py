"""A specification drawn as an SVG that may stand in a page.

The drawing speaks as one image: its marks lose their own roles and labels, it has nothing that
runs or takes focus, no style attribute, and of each coordinate only what can be seen.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

# What makes a drawing heavy, or speak twice.
_SUPERFLUOUS = (
    r' (?:role|aria-\w+|tabindex|pointer-events|class|style|xmlns:xlink|version)="[^"]*"',
    r' (?:opacity|fill-opacity|stroke-opacity)="1"',
    r' stroke-miterlimit="10"',
    r' transform="translate\(0,0\)"',
    r'<path d="M0,0h0v0h0Z"/>',
    r'<path d=""[^>]*/>',
    r'<path d="M0,0h[\d.]+v[\d.]+h-[\d.]+Z"/>',
    r"<defs></defs>|<defs/>",
)


class CannotBeDrawn(ValueError):
    """A specification that is none, or that its own rules refuse."""


def drawing(spec: dict[str, Any]) -> str:
    """The SVG of a specification, with its title and description. Raises CannotBeDrawn."""
    import vl_convert  # noqa: PLC0415  # starts a JavaScript engine

    try:
        svg: str = vl_convert.vegalite_to_svg(json.dumps(spec), vl_version=version(spec))
    except ValueError as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise CannotBeDrawn(lines[-1][:200] if lines else "it is no chart") from None
    inside = lean(re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", svg, flags=re.DOTALL))
    wide, high = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()  # type: ignore[union-attr]
    spoken = f"<title>{escape(title(spec))}</title><desc>{escape(description(spec))}</desc>"
    return (
        f'<svg role="img" xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}">{spoken}{inside}</svg>'
    )


def lean(svg: str) -> str:
    """Without what no one sees or hears: the labels of marks, empty paths, far decimals."""
    # Numbers in tags alone: those between them are what the chart says.
    svg = re.sub(r"<[^>]+>", lambda tag: _rounded(tag[0]), svg)
    for pattern in _SUPERFLUOUS:
        svg = re.sub(pattern, "", svg)
    before = ""
    while before != svg:
        before = svg
        svg = re.sub(r"<g[^>]*></g>|<g[^>]*/>", "", svg)
        svg = re.sub(r"<g>((?:(?!</?g\b).)*)</g>", r"\1", svg)
    return svg


def _rounded(tag: str) -> str:
    # A drawing at this size shows no more than tenths of a pixel.
    tag = re.sub(r"-?\d+\.\d{2,}(?:e-?\d+)?", lambda found: f"{float(found[0]):.1f}", tag)
    return re.sub(r"(?<![\d.])(-?\d+)\.0(?![\d.])", r"\1", tag)


def with_ids(svg: str, prefix: str) -> str:
    """The same drawing with ids, and references to them, of its own."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)


def title(spec: dict[str, Any]) -> str:
    """The finding that a chart states."""
    if told := form(spec).get("title"):
        return str(told)
    heading = spec.get("title", "")
    text = heading.get("text", "") if isinstance(heading, dict) else heading
    return " ".join(text) if isinstance(text, list) else str(text)


def form(spec: dict[str, Any]) -> dict[str, Any]:
    """What a chart of ours tells of itself: its form, its unit, its scale; nothing for others."""
    meta = spec.get("usermeta")
    told = meta.get("tallybook") if isinstance(meta, dict) else None
    return told if isinstance(told, dict) else {}


def rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """All rows that a chart has as its data."""
    found = spec.get("datasets")
    return [row for data in found.values() for row in data] if isinstance(found, dict) else []


def description(spec: dict[str, Any]) -> str:
    """What a chart says row by row, without its title."""
    return str(spec.get("description", "")).removeprefix(f"{title(spec)}. ")


def version(spec: dict[str, Any]) -> str | None:
    """The version of Vega-Lite that a specification is written for."""
    found = re.search(r"/v(\d+\.\d+)[\d.]*\.json$", str(spec.get("$schema", "")))
    return found[1] if found else None
