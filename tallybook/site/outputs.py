"""What a notebook's outputs become on a page: charts, tables and derived figures.

MyST-NB hands over one mime type of an output at a time. A chart's specification is drawn anew, so
that the stored SVG is but a preview. Tables and derived figures become rows of cells that hold text
and references; their rows carry the anchors of what they explain. Each cell has the name of its
column; on a narrow page a row is a card, and shows these names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.environment import BuildEnvironment

from tallybook.errors import UnknownId
from tallybook.ledger import figures
from tallybook.ledger.ledger import Ledger
from tallybook.site import charts
from tallybook.site.build_state import (
    BOOKS,
    add_anchor,
    figure_reference,
    html,
    ledger_of,
    ledger_text,
    made,
    reference,
)
from tallybook.site.figure_pages import rendered
from tallybook.tables import mime


class Outputs:
    """What MyST-NB asks for the outputs of a notebook: charts, tables, derived figures."""

    mime_priority_overrides: ClassVar = [
        ("*", mime.DERIVED, 1),
        ("*", mime.TABLE, 1),
        ("*", mime.CHART, 1),
    ]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, _: bool) -> list[nodes.Element] | None:
        """The nodes of one output; None for what MyST-NB shows as it is."""
        env = renderer.renderer.sphinx_env
        if env is None or env.app not in BOOKS:  # the entry point is there without the extension
            return None
        cell = None if data.cell_index is None else data.cell_index + 1
        try:
            match data.mime_type:
                case mime.CHART:
                    return made(chart(env, data.content, cell))
                case mime.DERIVED:
                    return made(_derived(env, data.content))
                case mime.TABLE:
                    return made(table(env, data.content))
                case "text/html" | "image/svg+xml":
                    return []  # for JupyterLab; of a table or a chart, as `stored_outputs` has it
        except UnknownId as error:
            path = Path(env.doc2path(env.docname)).relative_to(env.srcdir)
            BOOKS[env.app].problems.append(f"{path}, cell {cell}: {error}")
            return []
        return None


def _derived(env: BuildEnvironment, content: list[dict[str, Any]]) -> list[nodes.Element]:
    rows = []
    reasons: dict[str, None] = {}
    for figure in map(figures.from_json, content):
        rows.append(
            [
                {"of": f"label:{figure.id}", "text": figure.label},
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


def chart(env: BuildEnvironment, spec: Any, cell: int | None) -> list[nodes.Element]:
    """The nodes of one chart; none, and a problem that ends the build, where it is not drawable."""
    drawn = charts.drawn(env, spec, cell)
    if drawn is None:
        return []
    return [html(drawn.above), *table(env, drawn.content), html(drawn.below)]


class LabelledCell(nodes.entry):
    """A cell of a table's body, with the name of its column as `label`."""


def open_cell(translator: Any, cell: LabelledCell) -> None:
    """Write the start of a cell as HTML."""
    translator.body.append(translator.starttag(cell, "td", "", **{"data-label": cell["label"]}))


def close_cell(translator: Any, _: LabelledCell) -> None:
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
                named = {"of": f"label:{wanted}", "text": ledger.figure(wanted).label}
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
    return ledger_text(piece["of"], piece["text"]) if "of" in piece else nodes.Text(piece["text"])
