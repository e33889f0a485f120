"""What a chart becomes on a page: two drawings, its data as a table, and files to take along.

The stored specification is drawn twice while the page is read, wide and narrow; a stylesheet shows
one of the two. A chart that cannot be drawn ends the build with page and cell. When the pages
stand, each chart's files are written beside them, where its specification or a figure of it has
changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tallybook.charts import data
from tallybook.charts.data import BUNDLE, FOLDER, KINDS, as_csv, explored
from tallybook.charts.drawings import Drawings, Spec
from tallybook.charts.narrow import narrow
from tallybook.charts.svg import CannotBeDrawn, form, with_ids
from tallybook.charts.theme import with_fallbacks
from tallybook.files import write
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.site.build_state import BUILDS, known_page, known_pages, ledger_of
from tallybook.site.publish import kept_in
from tallybook.tables.table import Piece, piece

_SIGNS = {**{sign: sign for sign in f"{ascii_lowercase}{digits}-"}, "/": "__"}
_LONGEST = 150  # characters that an id has of its page's name


def drawn(env: BuildEnvironment, spec: Any) -> tuple[str, dict[str, Any], list[str], str]:
    """A chart as its page shows it: the HTML above the table of its data, that table as notebooks
    store one, the ids of its sources, and the HTML below. Raises CannotBeDrawn.
    """
    of_page = known_page(env).charts
    chart = chart_id(env.docname, len(of_page) + 1, first=env.config.root_doc)
    drawings = _drawings(BUILDS[env.app].drawings, spec, chart)
    rows = data.data(spec, ledger_of(env))
    of_page[chart] = spec
    above = (
        f'<figure class="tallybook-chart" id="{chart}">{drawings}'
        '<details class="tb-data"><summary>Data</summary>'
    )
    below = f"{_controls(chart, env.docname)}</figure>"
    cited = {name for row in rows for name in row["sources"].split("; ")}
    sources = [name for name in ledger_of(env).sources if name in cited]
    return above, _content(spec, rows, env), sources, below


def chart_id(page: str, number: int, *, first: str = "index") -> str:
    """The id of a chart, and the name of its files, by its page and its number there.

    No two pages have one in common, whatever stands in their names, on any file system. `first` is
    the first page of the book: its charts have its name alone, as those of notebooks.

    >>> chart_id("notebooks/test-buys", 1), chart_id("notebooks/more/test-buys", 1)
    ('chart-test-buys-1', 'chart-more__test-buys-1')
    >>> chart_id("notebooks/01_Größe", 2)
    'chart-01_5f_47r_c3_b6_c3_9fe-2'
    """
    home = first.rpartition("/")[2]
    name = page.removeprefix("notebooks/") if page.startswith("notebooks/") else f"/{page}"
    if page == first:
        name = home
    elif name == home:
        name = f"/{page}"
    # What is neither kept nor a slash is two hexadecimal digits a byte, so that none is ambiguous.
    signs = (chr(byte) for byte in name.encode())
    known = "".join(_SIGNS.get(sign, f"_{ord(sign):02x}") for sign in signs)
    if len(known) > _LONGEST:  # file systems allow no longer names
        known = f"{known[:_LONGEST]}_x{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    return f"chart-{known}-{number}"


def _drawings(drawings: Drawings, spec: Any, chart: str) -> str:
    small = narrow(spec)  # of charts that are not ours it knows best what is wrong
    each = {"wide": with_ids(drawings.drawing(spec), f"{chart}-wide")}
    each["narrow"] = with_ids(drawings.drawing(small), f"{chart}-narrow")
    return "".join(f'<div class="tb-{name}">{svg}</div>' for name, svg in each.items())


def _controls(chart: str, docname: str) -> str:
    """The line below a chart; its button is of no use without a script, and hidden until then."""
    root = "../" * docname.count("/")
    links = " ".join(
        f'<a href="{root}{FOLDER}/{chart}{suffix}" download>{name}</a>'
        for suffix, name in KINDS.items()
    )
    button = '<button type="button" class="tb-explore" hidden>Explore</button>'
    return (
        f'<div class="tb-controls"><p class="tb-downloads">Download {links}</p>{button}'
        f'<p class="tb-status" role="status"></p></div>'
    )


def _content(
    spec: dict[str, Any], rows: list[data.DataRow], env: BuildEnvironment
) -> dict[str, Any]:
    """The data as a table: of figures with their bounds, or of ties with their basis."""
    if form(spec)["form"] == "ties":
        cells = [
            [
                {"item": row["from_id"], "text": row["from"]},
                {"text": row["relation"]},
                {"item": row["to_id"], "text": row["to"]},
                {"text": row["basis"]},
            ]
            for row in rows
        ]
        return {"columns": ["From", "Relation", "To", "Basis"], "rows": cells}
    labels = form(spec).get("told", {})
    head = ["What", "Figure", "Lowest", "Highest", "Stated by", "Period"]
    return {"columns": head, "rows": [list(_cells(row, labels, env)) for row in rows]}


def _cells(
    row: data.DataRow, labels: dict[str, Any], env: BuildEnvironment
) -> Iterator[dict[str, Any]]:
    ledger = ledger_of(env)
    yield {"lines": [[piece(each) for each in labels.get(row["label"], [_label(row)])]]}
    if row["id"] in ledger.events:
        yield {"event": row["id"], "text": ledger.events[row["id"]].label}
        yield from ({"text": "–"}, {"text": "–"})
    else:
        yield {"figure": row["id"]}
        ends = zip(("low", "high"), data.bounds(ledger.figure(row["id"])), strict=True)
        yield from ({"of": str(Reference(name, row["id"])), "text": end} for name, end in ends)
    yield {"text": row["party"]}
    yield {"of": str(Reference("periods", row["id"])), "text": row["period"] or "–"}


def _label(row: data.DataRow) -> Piece:
    """The label of a row, which may be its figure's own period or words."""
    for kind, name in (("periods", "period"), ("words", "words")):
        if row["label"] == row[name]:
            return {"of": str(Reference(kind, row["id"])), "text": row["label"]}
    return row["label"]


def drawn_from(specs: list[Any]) -> Iterator[tuple[Spec, str]]:
    """Return what pages and downloads show of charts: each specification with "svg" or "png"."""
    drawn = []
    for spec in specs:
        with suppress(CannotBeDrawn):  # which is said where it is to be shown
            small = narrow(spec)
            drawn.append(spec)
            yield spec, "svg"
            yield small, "svg"
    yield from ((spec, "png") for spec in drawn)


def write_files(app: Sphinx) -> None:
    """Write the files of each chart that has changed, and remove those of charts that are gone."""
    site, kept = Path(app.outdir), Path(app.doctreedir, "tallybook-charts.json")
    known, digests = kept_in(kept), {}
    ledger, drawings = BUILDS[app].ledger, BUILDS[app].drawings
    specs = {c: spec for page in known_pages(app.env).values() for c, spec in page.charts.items()}
    for chart, spec in specs.items():
        of = json.dumps([spec, explored(spec, ledger)], sort_keys=True)
        of += as_csv(spec, ledger)
        digests[chart] = hashlib.sha256(of.encode()).hexdigest()
        are_there = all((site / FOLDER / f"{chart}{end}").exists() for end in (*KINDS, ".js"))
        if known.get(chart) != digests[chart] or not are_there:
            _write_chart(site / FOLDER, chart, spec, drawings, ledger)
    for path in (site / FOLDER).glob("chart-*"):
        if path.name.partition(".")[0] not in digests:
            path.unlink()
    if digests:
        write(site / "_static" / BUNDLE, drawings.bundle())
    # Drawings of specifications that are no more are removed.
    drawings.close([*specs.values(), *map(narrow, specs.values())])
    write(kept, json.dumps(digests, indent=1))


def _write_chart(folder: Path, chart: str, spec: Spec, drawings: Drawings, ledger: Ledger) -> None:
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
