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
from tallybook.charts.check import faults
from tallybook.charts.data import BUNDLE, FOLDER, KINDS, as_csv, explored
from tallybook.charts.drawings import Drawings, Spec
from tallybook.charts.guides import NARROW
from tallybook.charts.layout import WIDE, layout
from tallybook.charts.svg import CannotBeDrawn, cited_texts, with_ids
from tallybook.charts.theme import with_fallbacks
from tallybook.files import write
from tallybook.ledger import frames
from tallybook.ledger.figures import bounds
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.site.build_state import BUILDS, known_page, known_pages, ledger_of
from tallybook.site.publish import kept_in
from tallybook.tables.table import Piece, from_ledger, piece

ROOMS = {"wide": WIDE, "narrow": NARROW}
_SIGNS = {**{sign: sign for sign in f"{ascii_lowercase}{digits}-"}, "/": "__"}
# By the text of a specification: the colours that were asked for, and what was laid out.
_LAID_OUT: dict[str, tuple[dict[str, str], dict[str, Spec]]] = {}
_MOST_LAID_OUT = 1000
_LONGEST = 150  # characters that an id has of its page's name


def drawn(env: BuildEnvironment, spec: Any) -> tuple[str, dict[str, Any], list[str], str]:
    """A chart as its page shows it: the HTML above the table of its data, that table as notebooks
    store one, the ids of its sources, and the HTML below. Raises CannotBeDrawn.
    """
    of_page = known_page(env).charts
    chart = chart_id(env.docname, len(of_page) + 1, first=env.config.root_doc)
    drawings = drawings_of(BUILDS[env.app].drawings, spec, chart, ledger_of(env))
    if found := faults(spec, ledger_of(env)):
        raise CannotBeDrawn("; ".join(found))
    rows = data.data(spec, ledger_of(env))
    of_page[chart] = spec
    above = (
        f'<figure class="tallybook-chart" id="{chart}">{drawings}'
        '<details class="tb-data"><summary>Data</summary>'
    )
    below = f"{_controls(chart, env.docname, is_explorable=data.is_explorable(spec))}</figure>"
    cited = {name for row in rows for name in row["source"].split("; ")}
    sources = [name for name in ledger_of(env).sources if name in cited]
    return above, _content(spec, rows, env), sources, below


def chart_id(page: str, number: int | str, *, first: str = "index") -> str:
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


def drawings_of(drawings: Drawings, spec: Any, chart: str, ledger: Ledger) -> str:
    """The HTML of a chart's drawings, wide and narrow. Raises CannotBeDrawn."""
    each = {
        name: with_ids(drawings.drawing(each), f"{chart}-{name}")
        for name, each in laid_out(spec, ledger).items()
    }
    return "".join(f'<div class="tb-{name}">{svg}</div>' for name, svg in each.items())


def laid_out(spec: Any, ledger: Ledger) -> dict[str, Spec]:
    """A chart at each width, its parties in the colours of the book. It must not be changed.

    It is laid out once in a process, and again where a colour is another. Raises CannotBeDrawn.
    """
    text = json.dumps(spec, sort_keys=True)
    colours, found = _LAID_OUT.get(text, ({}, {}))
    if not found or any(ledger.colour_of(name) != colour for name, colour in colours.items()):
        asked: dict[str, str] = {}

        def colour_of(party: str) -> str:
            return asked.setdefault(party, ledger.colour_of(party))

        found = {name: layout(spec, room, colour_of=colour_of) for name, room in ROOMS.items()}
        if len(_LAID_OUT) >= _MOST_LAID_OUT:
            _LAID_OUT.clear()
        _LAID_OUT[text] = asked, found
    return found


def _controls(chart: str, docname: str, *, is_explorable: bool) -> str:
    """The line below a chart; its button is of no use without a script, and hidden until then."""
    root = "../" * docname.count("/")
    links = " ".join(
        f'<a href="{root}{FOLDER}/{chart}{suffix}" download>{name}</a>'
        for suffix, name in KINDS.items()
    )
    button = (
        '<button type="button" class="tb-explore" hidden>Explore</button>'
        '<p class="tb-status" role="status"></p>'
    )
    return (
        f'<div class="tb-controls"><p class="tb-downloads">Download {links}</p>'
        f"{button if is_explorable else ''}</div>"
    )


def _content(
    spec: dict[str, Any], rows: list[dict[str, str]], env: BuildEnvironment
) -> dict[str, Any]:
    """The data as a table: of figures with their bounds, or of links with their basis."""
    if data.columns(spec) == frames.LINKS:
        cells = [
            [
                {"item": row["id"], "text": row["label"]},
                {"text": row["relation"]},
                {"item": row["to"], "text": row["to_label"]},
                {"text": row["basis"]},
            ]
            for row in rows
        ]
        return {"columns": ["From", "Relation", "To", "Basis"], "rows": cells}
    head = ["What", "Figure", "Lowest", "Highest", "Stated by", "Period"]
    return {"columns": head, "rows": [list(_cells(row, spec, env)) for row in rows]}


def _cells(row: dict[str, str], spec: Spec, env: BuildEnvironment) -> Iterator[dict[str, Any]]:
    ledger = ledger_of(env)
    wanted = row["id"]
    yield {"lines": [label_of(row, spec, ledger)]}
    if wanted in ledger.events:
        yield {"event": wanted, "text": ledger.events[wanted].label}
        yield from ({"text": "–"}, {"text": "–"})
    else:
        yield {"figure": wanted}
        ends = zip(("low", "high"), bounds(ledger.figure(wanted)), strict=True)
        yield from ({"of": str(Reference(name, wanted)), "text": end} for name, end in ends)
    yield {"text": row["party"]}
    yield {"of": str(Reference("periods", wanted)), "text": row["period"] or "–"}


def label_of(row: dict[str, str], spec: Spec, ledger: Ledger) -> list[dict[str, str]]:
    """The pieces of the label of a row of `data.data`: those that are the ledger's say so."""
    told = cited_texts(spec)
    return [piece(each) for each in told.get(row["label"], [_label(row, ledger)])]


def _label(row: dict[str, str], ledger: Ledger) -> Piece:
    """The label of a row, which may be the ledger's, or its figure's own period or words."""
    if row["id"] not in ledger.events and row["label"] == ledger.figure(row["id"]).label:
        return from_ledger(Reference("label", row["id"]), row["label"])
    for kind, name in (("periods", "period"), ("words", "words")):
        if row["label"] == row[name]:
            return {"of": str(Reference(kind, row["id"])), "text": row["label"]}
    return row["label"]


def drawn_from(specs: list[Any], ledger: Ledger) -> Iterator[tuple[Spec, str]]:
    """Return what pages and downloads show of charts: each specification with "svg" or "png"."""
    drawn = []
    for spec in specs:
        with suppress(CannotBeDrawn):  # which is said where it is to be shown
            each = laid_out(spec, ledger)
            drawn.append(each["wide"])
            yield from ((one, "svg") for one in each.values())
    yield from ((spec, "png") for spec in drawn)


def write_files(app: Sphinx) -> None:
    """Write the files of each chart that has changed, and remove those of charts that are gone."""
    site, kept = Path(app.outdir), Path(app.doctreedir, "tallybook-charts.json")
    known, digests = kept_in(kept), {}
    ledger, drawings = BUILDS[app].ledger, BUILDS[app].drawings
    specs = {c: spec for page in known_pages(app.env).values() for c, spec in page.charts.items()}
    for chart, spec in specs.items():
        of = script(chart, spec, ledger) + as_csv(spec, ledger)
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
    drawings.close(each for spec in specs.values() for each in laid_out(spec, ledger).values())
    write(kept, json.dumps(digests, indent=1))


def _write_chart(folder: Path, chart: str, spec: Spec, drawings: Drawings, ledger: Ledger) -> None:
    """Write the drawing, picture, data, specification and script of one chart."""
    # Where a file goes, no stylesheet follows: what is a variable on the page is its colour here.
    plain = with_fallbacks(json.dumps(spec, ensure_ascii=False, indent=1))
    wide = laid_out(spec, ledger)["wide"]
    write(folder / f"{chart}.svg", with_fallbacks(drawings.drawing(wide)))
    write(folder / f"{chart}.png", drawings.picture(wide))
    write(folder / f"{chart}.csv", as_csv(spec, ledger))
    write(folder / f"{chart}.vl.json", plain + "\n")
    write(folder / f"{chart}.js", script(chart, spec, ledger))


def script(chart: str, spec: Spec, ledger: Ledger) -> str:
    """A script that hands over both specifications, for pages opened as files cannot fetch."""
    both = {name: explored(each, ledger) for name, each in laid_out(spec, ledger).items()}
    # "<" is never markup here, whatever reads it.
    text = json.dumps(both, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    return f'(window.tallybookCharts = window.tallybookCharts || {{}})["{chart}"] = {text};\n'
