"""Tables on pages: rows of cells that hold text and references, marked as the homes of ids.

Each cell carries the name of its column; on a narrow page a row is a card, and shows these names.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment

from tallybook.ledger.ledger import Ledger
from tallybook.site import figure_pages
from tallybook.site.build_state import figure_reference, ledger_of, make_home, reference, said
from tallybook.site.html_input import html


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
    anchors = content.get("anchors") or [""] * len(rows)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph(text=column)) for column in columns))
    body = nodes.tbody()
    for anchor, row in zip(anchors, rows, strict=True):
        cells = (_cell(env, column, cell) for column, cell in zip(columns, row, strict=True))
        line = nodes.row("", *cells)
        if anchor and make_home(env, anchor):
            line["ids"] = [anchor]
        body += line
    group += [nodes.thead("", head), body]
    classes = ["tallybook-table", "colwidths-auto"]
    classes += ["tallybook-sortable"] if content.get("sortable") else []
    drawn = nodes.table("", group, classes=classes)
    note = nodes.paragraph(text=content.get("note", ""), classes=["tallybook-note"])
    shown: list[nodes.Element] = [drawn, note] if content.get("note") else [drawn]
    if content.get("sortable"):
        shown.insert(0, html(figure_pages.table_filter()))
    return shown


def _cell(env: BuildEnvironment, label: str, cell: dict[str, Any]) -> LabelledCell:
    ledger = ledger_of(env)
    if "figures" in cell:
        pieces: list[dict[str, str]] = []
        for wanted in cell["figures"]:
            pieces += [{"text": ", "}] if pieces else []
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
    return said(piece["of"], piece["text"]) if "of" in piece else nodes.Text(piece["text"])
