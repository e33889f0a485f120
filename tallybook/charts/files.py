"""The files of a chart beside the pages: to take along, and for the script that explores it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from tallybook.charts.data import as_csv, tip
from tallybook.charts.drawings import Drawings, Spec
from tallybook.charts.narrow import narrow
from tallybook.charts.theme import with_fallbacks
from tallybook.files import write
from tallybook.ledger.ledger import Ledger

FOLDER, BUNDLE = "charts", "vega.js"
KINDS = {".svg": "SVG", ".png": "PNG", ".csv": "CSV", ".vl.json": "Vega-Lite"}


def write_files(folder: Path, chart: str, spec: Spec, drawings: Drawings, ledger: Ledger) -> None:
    """Write the drawing, picture, data, specification and script of one chart."""
    # Where a file goes, no stylesheet follows: what is a variable on the page is its colour here.
    plain = with_fallbacks(json.dumps(spec, ensure_ascii=False, indent=1))
    write(folder / f"{chart}.svg", with_fallbacks(drawings.drawing(spec)))
    write(folder / f"{chart}.png", drawings.picture(spec))
    write(folder / f"{chart}.csv", as_csv(spec, ledger))
    write(folder / f"{chart}.vl.json", plain + "\n")
    write(folder / f"{chart}.js", script(chart, spec, ledger))


def script(chart: str, spec: Spec, ledger: Ledger) -> str:
    """A script that hands over both specifications, for pages opened as files cannot fetch."""
    both = {"wide": explored(spec, ledger), "narrow": explored(narrow(spec), ledger)}
    # "<" is never markup here, whatever reads it.
    text = json.dumps(both, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f'(window.tallybookCharts = window.tallybookCharts || {{}})["{chart}"] = {text};\n'


def explored(spec: Spec, ledger: Ledger) -> Spec:
    """The specification whose marks say their words, bounds, party, period and source."""
    spec = copy.deepcopy(spec)
    _add_tips(spec, ledger)
    return spec


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
