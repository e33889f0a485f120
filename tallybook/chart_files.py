"""The files of a chart beside the pages: to take along, and for the script that explores it."""

from __future__ import annotations

import copy
import json
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

from tallybook.books import write
from tallybook.chart_colours import with_fallbacks
from tallybook.chart_data import as_csv, tip
from tallybook.chart_narrow import narrow
from tallybook.chart_svg import version
from tallybook.ledger import Ledger

FOLDER, BUNDLE = "charts", "vega.js"
KINDS = {".svg": "SVG", ".png": "PNG", ".csv": "CSV", ".vl.json": "Vega-Lite"}
_SCALE = 2


def write_files(folder: Path, chart: str, spec: dict[str, Any], drawn: str, ledger: Ledger) -> None:
    """Write the drawing, picture, data, specification and script of one chart."""
    import vl_convert  # noqa: PLC0415  # starts a JavaScript engine

    # Where a file goes, no stylesheet follows: what is a variable on the page is its colour here.
    plain = with_fallbacks(json.dumps(spec, ensure_ascii=False, indent=1))
    white = json.loads(plain)
    white["config"] = white.get("config", {}) | {"background": "#ffffff"}
    png = vl_convert.vegalite_to_png(json.dumps(white), vl_version=version(spec), scale=_SCALE)
    write(folder / f"{chart}.svg", with_fallbacks(drawn))
    write(folder / f"{chart}.png", png)
    write(folder / f"{chart}.csv", as_csv(spec, ledger))
    write(folder / f"{chart}.vl.json", plain + "\n")
    write(folder / f"{chart}.js", script(chart, spec, ledger))


def script(chart: str, spec: dict[str, Any], ledger: Ledger) -> str:
    """A script that hands over both specifications, for pages opened as files cannot fetch."""
    both = {"wide": explored(spec, ledger), "narrow": explored(narrow(spec), ledger)}
    # "<" is never markup here, whatever reads it.
    text = json.dumps(both, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f'(window.tallybookCharts = window.tallybookCharts || {{}})["{chart}"] = {text};\n'


def explored(spec: dict[str, Any], ledger: Ledger) -> dict[str, Any]:
    """The specification whose marks say their words, bounds, party, period and source."""
    spec = copy.deepcopy(spec)
    _add_tips(spec, ledger)
    return spec


def write_bundle(path: Path) -> None:
    """Write Vega, Vega-Lite and Vega-Embed as one script, unless this version of it is there."""
    import vl_convert  # noqa: PLC0415

    head = f"// Vega, Vega-Lite and Vega-Embed, from vl-convert {version_of('vl-convert-python')}\n"
    if path.exists():
        with path.open(encoding="utf-8") as file:
            if file.readline() == head:
                return
    bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its stub wants a snippet
    # Its names would meet those of other scripts; what it hands over it puts on the window itself.
    write(path, f"{head}(() => {{\n{bundle}\n}})();\n")


def _add_tips(part: Any, ledger: Ledger) -> None:
    if isinstance(part, list):
        for each in part:
            _add_tips(each, ledger)
    if not isinstance(part, dict):
        return
    if "from_id" in part or {"id", "party"} <= set(part):
        part["tip"] = tip(part, ledger)
        return
    mark = part.get("mark")
    if mark and (mark.get("type") if isinstance(mark, dict) else mark) != "text":
        part.setdefault("encoding", {})["tooltip"] = {"field": "tip", "type": "nominal"}
    for each in part.values():
        _add_tips(each, ledger)
