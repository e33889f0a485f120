"""What a notebook's outputs and the ledger's lists become on a page of the book.

MyST-NB hands over one mime type of an output at a time: an SVG stands in the page itself, tables
and derived figures become nodes with references. Directives list the sources and the items of the
comparison. Rows and entries are marked as the homes of what they explain.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from docutils import nodes
from sphinx.environment import BuildEnvironment

from tallybook import figures, mime
from tallybook.ledger import Ledger
from tallybook.sphinx_book import figure_reference, ledger_of, make_home, reference


class Outputs:
    """What MyST-NB asks for the outputs of a notebook: inline SVG, tables, derived figures."""

    mime_priority_overrides: ClassVar = [
        ("*", mime.DERIVED, 1),
        ("*", mime.TABLE, 1),
        ("*", "image/svg+xml", 2),
    ]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        """The nodes of one output; None for what MyST-NB shows as it is."""
        env = renderer.renderer.sphinx_env
        match data.mime_type:
            case "image/svg+xml" if not inline and _is_chart(data.content):
                return [nodes.raw("", _figure(data.content), format="html")]
            case mime.DERIVED:
                return _derived(env, data.content)
            case mime.TABLE:
                return _table(env, data.content)
            case mime.CHART:
                return []  # the page shows the SVG of the same chart
        return None


def _figure(svg: str) -> str:
    """A chart with its title, for where it is too wide to be seen at once, and with its words."""
    found = re.search(r"<title>(.*?)</title><desc>(.*?)</desc>", svg, re.DOTALL)
    title, said = found.groups() if found else ("", "")
    words = re.split(r"; (?!&)", said.removeprefix(f"{title}. "))
    rows = "".join(f"<li>{row}</li>" for row in words)
    return (
        f'<figure class="tallybook-chart"><figcaption>{title}</figcaption>'
        f'<div class="tallybook-drawn" tabindex="0" role="group">{svg}</div>'
        f"<details><summary>In words</summary><ul>{rows}</ul></details></figure>"
    )


def _is_chart(svg: str) -> bool:
    """Whether an SVG is one of our charts, which have a role and nothing that runs."""
    runs = re.search(r"<(?:script|foreignObject|iframe)|\son\w+\s*=|javascript:", svg, re.I)
    return svg.startswith('<svg role="img"') and not runs


def _derived(env: BuildEnvironment, content: list[dict[str, Any]]) -> list[nodes.Element]:
    rows = []
    reasons: dict[str, None] = {}
    for figure in map(figures.from_json, content):
        rows.append(
            [
                {"text": figure.label},
                {"text": figure.words},
                {"figures": sorted(figure.quantity.inputs)},
            ]
        )
        reasons |= dict.fromkeys(figure.quantity.reasons)
    return _table(
        env,
        {
            "columns": ["Computed here", "Figure", "From"],
            "rows": rows,
            "anchors": [f"figure-{data['id']}" for data in content],
            "note": ". ".join(reasons),
        },
    )


def _table(env: BuildEnvironment, content: dict[str, Any]) -> list[nodes.Element]:
    columns, rows = content["columns"], content["rows"]
    anchors = content.get("anchors") or [""] * len(rows)
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in columns), cols=len(columns))
    head = nodes.row("", *(_cell(env, {"text": column}) for column in columns))
    body = nodes.tbody()
    for anchor, row in zip(anchors, rows, strict=True):
        line = nodes.row("", *(_cell(env, cell) for cell in row))
        if anchor and make_home(env, anchor):
            line["ids"] = [anchor]
        body += line
    group += [nodes.thead("", head), body]
    classes = ["tallybook-table", "colwidths-auto"]
    classes += ["tallybook-sortable"] if content.get("sortable") else []
    table = nodes.table("", group, classes=classes)
    note = nodes.paragraph(text=content["note"], classes=["tallybook-note"])
    return [table, note] if content["note"] else [table]


def _cell(env: BuildEnvironment, cell: dict[str, Any]) -> nodes.entry:
    ledger = ledger_of(env)
    if "figures" in cell:
        pieces: list[dict[str, str]] = []
        for wanted in cell["figures"]:
            pieces += [{"text": ", "}] if pieces else []
            if wanted in ledger.events:
                pieces += [{"event": wanted, "text": ledger.events[wanted].label}]
            else:
                pieces += [{"figure": wanted}, {"text": f" {ledger.figure(wanted).label}"}]
        cell = {"lines": [pieces]}
    lines = cell.get("lines", [[cell]])
    paragraphs: list[nodes.paragraph] = []
    for line in lines:
        pieces_of_line = [_piece(ledger, piece) for piece in line]
        classes = ["tallybook-more"] if paragraphs else []
        paragraphs.append(nodes.paragraph("", "", *pieces_of_line, classes=classes))
    return nodes.entry("", *paragraphs)


def _piece(ledger: Ledger, piece: dict[str, str]) -> nodes.Node:
    if "figure" in piece:
        return figure_reference(ledger, piece["figure"])
    for kind in ("source", "item", "event", "missing"):
        if kind in piece:
            return reference(piece["text"], kind, piece[kind])
    return nodes.Text(piece["text"])
