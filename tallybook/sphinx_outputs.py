"""What a notebook's outputs and the ledger's lists become on a page of the book.

MyST-NB hands over one mime type of an output at a time: of a chart its specification, which is
drawn anew, so that the stored SVG is but a preview; tables and derived figures become nodes with
references. Directives list the sources and the items of the
comparison. Rows and entries are marked as the homes of what they explain.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from tallybook import figures, mime, sphinx_charts
from tallybook.ledger import Ledger
from tallybook.records import Item
from tallybook.sphinx_book import figure_reference, ledger_of, make_home, reference
from tallybook.sphinx_tables import table


class SourceList(SphinxDirective):
    """A list of the documents, each with its party, publisher, date and sections."""

    def run(self) -> list[nodes.Node]:
        """Give the list; each entry is the home of its source."""
        ledger = ledger_of(self.env)
        entries = []
        for source in ledger.sources.values():
            facts = f"speaks for {source.party}; published by {source.publisher}"
            facts += f"; cited as {source.id}"
            dated = f"{facts}; {source.published}" if source.published.first else facts
            names = "; ".join(section.name for section in source.sections)
            entry = _entry(self.env, f"source-{source.id}", source.title, dated)
            entry += nodes.paragraph(text=f"Its parts, as this book names them: {names}.")
            entries.append(entry)
        return [nodes.bullet_list("", *entries)]


class ItemList(SphinxDirective):
    """The items of one kind: what each says, who says it, and what it is tied to."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the list; each entry is the home of its item."""
        ledger = ledger_of(self.env)
        items = [item for item in ledger.items.values() if item.kind == self.arguments[0]]
        if not items:
            raise self.error(f"no item of the comparison is of kind {self.arguments[0]!r}")
        return [nodes.bullet_list("", *(self._item(ledger, item) for item in items))]

    def _item(self, ledger: Ledger, item: Item) -> nodes.list_item:
        entry = _entry(self.env, f"item-{item.id}", item.label, item.text)
        if item.statistics:
            line = nodes.paragraph("", "Rests on: ")
            for number, wanted in enumerate(item.statistics):
                figure = ledger.figure(wanted)
                line += nodes.Text(f"{', ' if number else ''}{figure.label} ")
                line += figure_reference(ledger, wanted)
            entry += line
        for link in item.links:
            other = ledger.items[link.to]
            made = "as stated" if link.basis == "stated" else f"inferred by us: {link.because}"
            to_it = reference(other.label, "item", other.id)
            relation = link.relation.capitalize()
            entry += nodes.paragraph("", f"{relation} ", to_it, nodes.Text(f" ({made})"))
        return entry


def _entry(env: BuildEnvironment, anchor: str, name: str, text: str) -> nodes.list_item:
    is_home = make_home(env, anchor)
    line = nodes.paragraph("", "", nodes.strong(text=name), nodes.Text(f": {text}"))
    ids = [anchor] if is_home else []
    return nodes.list_item("", line, ids=ids, classes=["tallybook-entry"])


class MissingList(SphinxDirective):
    """What the documents announce without giving it, and what stands in its place."""

    def run(self) -> list[nodes.Node]:
        """Give the list; each entry is the home of its missing figure."""
        entries = []
        for missing in ledger_of(self.env).missing.values():
            entry = _entry(self.env, f"missing-{missing.id}", missing.label, missing.because)
            places = dict.fromkeys((c.source, c.section) for c in missing.cited)
            line = nodes.paragraph()
            for number, (source, section) in enumerate(places):
                line += nodes.Text("; " if number else "")
                line += [reference(source, "source", source), nodes.Text(f", {section}")]
            entry += line
            entries.append(entry)
        return [nodes.bullet_list("", *entries)]


DIRECTIVES = {
    "ledger-sources": SourceList,
    "ledger-items": ItemList,
    "ledger-missing": MissingList,
}


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
        match data.mime_type:
            case mime.CHART:
                cell = None if data.cell_index is None else data.cell_index + 1
                return sphinx_charts.block(env, data.content, cell)
            case mime.DERIVED:
                return _derived(env, data.content)
            case mime.TABLE:
                return table(env, data.content)
        return None


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
    return table(
        env,
        {
            "columns": ["Computed here", "Figure", "From"],
            "rows": rows,
            "anchors": [f"figure-{data['id']}" for data in content],
            "note": ". ".join(reasons),
        },
    )
