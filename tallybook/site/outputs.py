"""What a notebook's outputs become on a page of the book.

MyST-NB hands over one mime type of an output at a time: of a chart its specification, which is
drawn anew, so that the stored SVG is but a preview; tables and derived figures become nodes with
references.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.environment import BuildEnvironment

from tallybook.errors import UnknownId
from tallybook.ledger import figures
from tallybook.site import charts
from tallybook.site.build_state import BOOKS
from tallybook.site.html_input import made
from tallybook.site.tables import table
from tallybook.tables import table as stored_table


class Outputs:
    """What MyST-NB asks for the outputs of a notebook: charts, tables, derived figures."""

    mime_priority_overrides: ClassVar = [
        ("*", stored_table.DERIVED, 1),
        ("*", stored_table.TABLE, 1),
        ("*", stored_table.CHART, 1),
    ]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, _: bool) -> list[nodes.Element] | None:
        """The nodes of one output; None for what MyST-NB shows as it is."""
        env = renderer.renderer.sphinx_env
        cell = None if data.cell_index is None else data.cell_index + 1
        try:
            match data.mime_type:
                case stored_table.CHART:
                    return made(charts.block(env, data.content, cell))
                case stored_table.DERIVED:
                    return made(_derived(env, data.content))
                case stored_table.TABLE:
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
