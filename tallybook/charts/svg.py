"""A specification drawn as an SVG that may stand in a page.

A screen reader finds one image: its marks lose their own roles and labels. The SVG has nothing that
runs or takes focus and no style attribute, and its coordinates are rounded to what can be seen.
"""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tallybook.charts import vega
from tallybook.ledger.references import Reference

_SPACE = "http://www.w3.org/2000/svg"
# What makes a drawing heavy, or speak twice; of paths, those that draw nothing.
_SUPERFLUOUS = ("role", "tabindex", "pointer-events", "class", "style", "version")
_DEFAULTS = {
    "opacity": "1", "fill-opacity": "1", "stroke-opacity": "1", "stroke-miterlimit": "10",
    "transform": "translate(0,0)",
}  # fmt: skip
# What a drawing is made of; all else that a specification may bring in could run or lead away.
_KINDS = frozenset(
    "svg g path rect line circle text tspan title desc defs clipPath linearGradient stop".split()
)
_WITHIN = re.compile(r"url\(#[\w-]+\)")
_NOTHING = re.compile(r"(?:M0,0h[\d.]+v[\d.]+h-[\d.]+Z)?")


class CannotBeDrawn(ValueError):
    """A specification that no chart can be drawn from; the message says why."""


def drawing(spec: dict[str, Any]) -> str:
    """The SVG of a specification, with its title and description. Raises CannotBeDrawn."""
    try:
        svg = vega.svg(json.dumps(spec), version(spec))
    except ValueError as error:
        # The engine's words, and behind them where in its own code it stopped.
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        lines = [line for line in lines if not line.startswith("at ")]
        raise CannotBeDrawn(lines[-1][:200] if lines else "it is no chart") from None
    root = ElementTree.fromstring(svg)  # noqa: S314  # drawn here, and not from anywhere
    _, _, wide, high = root.attrib["viewBox"].split()
    simplify(root)
    _refuse_active(root)
    # Without Vega's own attributes, which name its classes.
    root.attrib = {"role": "img", "width": wide, "height": high, "viewBox": f"0 0 {wide} {high}"}
    for place, (name, text) in enumerate({"title": title(spec), "desc": description(spec)}.items()):
        spoken = ElementTree.Element(f"{{{_SPACE}}}{name}")
        spoken.text = text
        root.insert(place, spoken)
    # Without a prefix: pages of HTML know none.
    ElementTree.register_namespace("", _SPACE)
    return _numbered(ElementTree.tostring(root, encoding="unicode").replace(" />", "/>"))


def _numbered(svg: str) -> str:
    """A drawing with its ids numbered from one: the engine counts on from drawing to drawing."""
    found = dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg))
    for number, name in enumerate(found, start=1):
        short = f"{name.rstrip('0123456789')}-{number}"
        svg = svg.replace(f'id="{name}"', f'id="{short}"').replace(
            f"url(#{name})", f"url(#{short})"
        )
    return svg


def _refuse_active(root: Element) -> None:
    for element in root.iter():
        kind = element.tag.removeprefix(f"{{{_SPACE}}}")
        if kind not in _KINDS:
            raise CannotBeDrawn(f"its drawing has <{kind[:40]}>: a chart has shapes and text only")
        for name, value in element.attrib.items():
            is_elsewhere = "url(" in value and not _WITHIN.fullmatch(value)
            if is_elsewhere or ":" in name or "}" in name or name.startswith(("on", "href")):
                raise CannotBeDrawn(f"its drawing has {name[-40:]}={value[:40]!r}: it leads away")


def simplify(element: Element) -> None:
    """Remove what nobody sees or hears: roles of marks, empty groups and paths, far decimals."""
    is_tick = {"role-axis-label", "role-legend-label"} & {*element.attrib.get("class", "").split()}
    for name, value in list(element.attrib.items()):
        if name in _SUPERFLUOUS or name.startswith("aria-") or _DEFAULTS.get(name) == value:
            del element.attrib[name]
        else:
            element.attrib[name] = _rounded(value)
    if is_tick:
        # The audit takes numbers here for those of an axis or a legend.
        element.attrib["data-of"] = str(Reference("ticks"))
    kept: list[Element] = []
    for inner in element:
        simplify(inner)
        kind = inner.tag.removeprefix(f"{{{_SPACE}}}")
        if kind == "path" and _draws_nothing(inner):
            continue
        if kind == "text" and inner.attrib.get("opacity") == "0":
            continue  # a tick whose label has no room
        if kind in ("g", "defs") and not len(inner):
            continue
        kept += list(inner) if kind == "g" and not inner.attrib else [inner]
    element[:] = kept


def _draws_nothing(path: Element) -> bool:
    """Whether a path has no shape, or is the frame around an area, which has no colour."""
    has_colour = {"fill", "stroke"} & set(path.attrib)
    return not path.get("d") or (not has_colour and bool(_NOTHING.fullmatch(path.get("d", ""))))


def _rounded(value: str) -> str:
    # A drawing at this size shows no more than tenths of a pixel.
    value = re.sub(r"-?\d+\.\d{2,}(?:e-?\d+)?", lambda found: f"{float(found[0]):.1f}", value)
    return re.sub(r"(?<![\d.])(-?\d+)\.0(?![\d.])", r"\1", value)


def with_ids(svg: str, prefix: str) -> str:
    """The same drawing with ids, and references to them, of its own."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    return re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)


def title(spec: dict[str, Any]) -> str:
    """The title of a chart."""
    heading = spec.get("title", "")
    text = heading.get("text", "") if isinstance(heading, dict) else heading
    return " ".join(text) if isinstance(text, list) else str(text)


def cited_texts(spec: dict[str, Any]) -> dict[str, Any]:
    """The texts of a chart that cite figures, each with its pieces, as `worded` made them."""
    meta = spec.get("usermeta")
    ours = meta.get("tallybook") if isinstance(meta, dict) else None
    told = ours.get("told") if isinstance(ours, dict) else None
    return told if isinstance(told, dict) else {}


def description(spec: dict[str, Any]) -> str:
    """The description of a chart row by row, without its title."""
    return str(spec.get("description", "")).removeprefix(f"{title(spec)}. ")


def version(spec: dict[str, Any]) -> str | None:
    """The version of Vega-Lite that a specification is written for."""
    found = re.search(r"/v(\d+\.\d+)[\d.]*\.json$", str(spec.get("$schema", "")))
    return found[1] if found else None
