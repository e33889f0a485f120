"""What a notebook's outputs become on a page, and which outputs end the build.

Before any page is read, `mistakes` looks at each output: text is shown as text, pictures of points
as pictures, and of all that could say more than it shows (HTML, SVG, scripts, Markdown, formulas)
only what this package wrote: tables, charts and derived figures. The HTML and the SVG beside these
are for JupyterLab, and no page shows them.

MyST-NB hands over one mime type of an output at a time. A chart's specification is drawn anew, so
that the stored SVG is but a preview. Tables and derived figures become rows of cells that hold text
and references; their rows carry the anchors of what they explain. Each cell has the name of its
column; on a narrow page a row is a card, and shows these names.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

from tallybook.charts.svg import CannotBeDrawn
from tallybook.errors import BadReference, UnknownId
from tallybook.ledger import figures
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.notebooks import stored
from tallybook.site import charts
from tallybook.site.build_state import (
    BUILDS,
    add_anchor,
    ledger_of,
)
from tallybook.site.figure_pages import figure_reference, ledger_text, reference, rendered
from tallybook.site.html_input import html, made
from tallybook.tables import table as stored_table
from tallybook.tables.table import CHART, DERIVED, TABLE

_PICTURES = {"image/png": b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_KNOWN = {CHART, DERIVED, TABLE, "text/plain", *_PICTURES}
_BESIDE = {"text/html": TABLE, "image/svg+xml": CHART}  # never shown themselves
# ESC is no control character here: it begins the colours of a terminal, which pages show.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NAMES = {CHART: "chart", DERIVED: "derived figure", TABLE: "table"}
# What code that expects a table, a chart or a figure raises of other data.
NOT_OURS = (ArithmeticError, AttributeError, KeyError, TypeError, ValueError)


def connect(app: Sphinx) -> None:
    """Have the outputs of all notebooks looked at, and charts drawn; after the book is opened."""
    app.add_node(LabelledCell, html=(_open_cell, _close_cell))
    app.connect("config-inited", _prefer_ours)
    app.connect("builder-inited", _check_outputs)


def _prefer_ours(_: Sphinx, config: Config) -> None:
    """Have MyST-NB hand over what is ours of an output; no other book in this environment does."""
    ours = [("*", kind, 1) for kind in (DERIVED, TABLE, CHART)]
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *ours]


def _check_outputs(app: Sphinx) -> None:
    """Begin to draw charts. Raises ExtensionError for outputs that the pages cannot show."""
    build = BUILDS[app]
    specs, problems = [], []
    for path in stored.paths(build.ledger.root):
        shown = path.relative_to(build.ledger.root).as_posix()
        for number, output in stored.outputs(stored.load(path)):
            found = [*mistakes(output)]
            problems += [f"{shown}, cell {number}: {mistake}" for mistake in found]
            spec = output.get("data", {}).get(CHART)
            specs += [spec] if spec is not None and not found else []
    if problems:  # before MyST-NB meets these outputs
        raise ExtensionError("the book is not built:\n" + "\n".join(problems))
    if app.builder.format == "html":
        build.drawings.begin(charts.drawn_from(specs))


def mistakes(output: dict[str, Any]) -> Iterator[str]:
    r"""Return why pages cannot show an output, as sentences that say what to do; none if they can.

    >>> [*mistakes({"data": {"text/plain": "42"}})]
    []
    >>> [*mistakes({"text": "a\x00b"})]
    ['its text has the character U+0000; print it without']
    """
    data = output.get("data", {})
    for kind in sorted(set(data) - _KNOWN - {k for k, own in _BESIDE.items() if own in data}):
        yield (
            f"its output is of an unknown kind, {kind}: show it with tallybook.table or a chart of "
            "tallybook.charts, or print it"
        )
    if output.get("output_type") == "error":
        yield "it failed when it was executed; mend it, and execute it with tallybook run"
    for text in (output.get("text"), data.get("text/plain")):
        if text is not None and (mistake := _text_mistake(text)):
            yield f"its text {mistake}"
    for kind, start in _PICTURES.items():
        if kind in data and not _begins(data[kind], start):
            yield f"its picture is no {kind}; tallybook run --all makes it anew"


def _text_mistake(text: Any) -> str:
    if not isinstance(text, str):
        return "is no text; tallybook run --all makes it anew"
    bad = _CONTROL.search(text)
    return f"has the character U+{ord(bad[0]):04X}; print it without" if bad else ""


def _begins(content: Any, start: bytes) -> bool:
    try:
        return b64decode("".join(content.split()), validate=True).startswith(start)
    except (AttributeError, NoBase64, ValueError):
        return False


class Outputs:
    """What MyST-NB asks for the outputs of a notebook: charts, tables, derived figures."""

    @staticmethod
    def handle_mime(renderer: Any, data: Any, _: bool) -> list[nodes.Element] | None:
        """The nodes of one output; None for what MyST-NB shows as it is."""
        env = renderer.renderer.sphinx_env
        if env is None or env.app not in BUILDS:  # the entry point is there without the extension
            return None
        try:
            match data.mime_type:
                case stored_table.CHART:
                    return made(chart(env, data.content))
                case stored_table.DERIVED:
                    return made(_derived(env, data.content))
                case stored_table.TABLE:
                    return made(_table(env, data.content))
                case "text/html" | "image/svg+xml":
                    return []  # for JupyterLab; `mistakes` has found a table or a chart beside it
        except (BadReference, UnknownId) as error:
            mistake = str(error)
        except CannotBeDrawn as error:
            mistake = f"the chart cannot be drawn: {error}"
        except NOT_OURS as error:  # of a notebook that was written by hand or by another version
            kind = _NAMES[data.mime_type]
            mistake = (
                f"its {kind} is none of tallybook's: {type(error).__name__}: {error}; "
                "tallybook run --all makes it anew"
            )
        else:
            return None
        path = Path(env.doc2path(env.docname)).relative_to(env.srcdir)
        cell = None if data.cell_index is None else data.cell_index + 1
        BUILDS[env.app].problems.append(f"{path}, cell {cell}: {mistake}")
        return []


def _table(env: BuildEnvironment, content: Any) -> list[nodes.Element]:
    # What Sphinx would stumble over much later, with a traceback and without a place.
    if not content["columns"] or not all(isinstance(e, str) for e in content.get("anchors", ())):
        raise ValueError("a table has columns, and its anchors are texts")
    return table(env, content)


def _derived(env: BuildEnvironment, content: list[dict[str, Any]]) -> list[nodes.Element]:
    rows = []
    reasons: dict[str, None] = {}
    for figure in map(figures.from_json, content):
        rows.append(
            [
                {"of": str(Reference("label", figure.id)), "text": figure.label},
                {"figure": figure.id},
                {"figures": sorted(figure.quantity.inputs)},
            ]
        )
        reasons |= dict.fromkeys(figure.quantity.reasons)
    return table(
        env,
        {
            "columns": ["Computed here", "Figure", "From"],
            "rows": rows,
            "anchors": [f"figure-{data['id']}" for data in content],
            "note": ". ".join(reasons),
        },
    )


def chart(env: BuildEnvironment, spec: Any) -> list[nodes.Element]:
    """The nodes of one chart. Raises CannotBeDrawn."""
    above, content, below = charts.drawn(env, spec)
    return [html(above), *table(env, content), html(below)]


class LabelledCell(nodes.entry):
    """A cell of a table's body, with the name of its column as `label`."""


def _open_cell(translator: Any, cell: LabelledCell) -> None:
    """Write the start of a cell as HTML."""
    translator.body.append(translator.starttag(cell, "td", "", **{"data-label": cell["label"]}))


def _close_cell(translator: Any, _: LabelledCell) -> None:
    """Write its end."""
    translator.body.append("</td>\n")


def table(env: BuildEnvironment, content: dict[str, Any]) -> list[nodes.Element]:
    """A table with its columns, rows, anchors and note, as notebooks store them."""
    columns, rows = content["columns"], content["rows"]
    # Most tables explain nothing: their rows have no anchors.
    anchors = content.get("anchors") or [""] * len(rows)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph(text=column)) for column in columns))
    body = nodes.tbody()
    for anchor, row in zip(anchors, rows, strict=True):
        cells = (_cell(env, column, cell) for column, cell in zip(columns, row, strict=True))
        line = nodes.row("", *cells)
        if anchor and add_anchor(env, anchor):
            line["ids"] = [anchor]
        body += line
    group += [nodes.thead("", head), body]
    classes = ["tallybook-table", "colwidths-auto"]
    classes += ["tallybook-sortable"] if content.get("sortable") else []
    drawn = nodes.table("", group, classes=classes)
    note = nodes.paragraph(text=content.get("note", ""), classes=["tallybook-note"])
    shown: list[nodes.Element] = [drawn, note] if content.get("note") else [drawn]
    if content.get("sortable"):
        shown.insert(0, html(rendered("filter.html")))
    return shown


def _cell(env: BuildEnvironment, label: str, cell: dict[str, Any]) -> LabelledCell:
    ledger = ledger_of(env)
    if "figures" in cell:
        pieces: list[dict[str, str]] = []
        for wanted in cell["figures"]:
            pieces += [{"text": ", "}] if pieces else []
            # A derived figure may be computed from the dates of events, which have no page.
            if wanted in ledger.events:
                pieces += [{"event": wanted, "text": ledger.events[wanted].label}]
            else:
                named = {"of": str(Reference("label", wanted)), "text": ledger.figure(wanted).label}
                pieces += [{"figure": wanted}, {"text": " "}, named]
        cell = {"lines": [pieces]}
    lines = cell.get("lines", [[cell]])
    paragraphs: list[nodes.paragraph] = []
    for line in lines:
        pieces_of_line = [_piece(ledger, piece) for piece in line]
        classes = ["tallybook-more"] if paragraphs else []
        paragraphs.append(nodes.paragraph("", "", *pieces_of_line, classes=classes))
    return LabelledCell("", *paragraphs, label=label)


def _piece(ledger: Ledger, piece: dict[str, str]) -> nodes.Node:
    if "figure" in piece:
        return figure_reference(ledger, piece["figure"])
    for kind in ("source", "item", "event", "missing"):
        if kind in piece:
            return reference(piece["text"], kind, piece[kind])
    if "of" in piece:
        return ledger_text(Reference.parse(piece["of"]), piece["text"])
    return nodes.Text(piece["text"])
