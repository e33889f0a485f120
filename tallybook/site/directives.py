"""Directives that put lists of the ledger's records on a page, and what a reader can take away.

Entries of sources, items and missing figures are marked as the homes of what they explain.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from tallybook.errors import UnknownId
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Item
from tallybook.site import charts, figure_details, pages
from tallybook.site.build_state import (
    BOOKS,
    Said,
    edition_of,
    figure_reference,
    ledger_of,
    make_home,
    place_of,
    reference,
    said,
)
from tallybook.site.made_of import MadeOfDirective


class SourceList(SphinxDirective):
    """A list of the documents, each with its party, publisher, date and sections."""

    def run(self) -> list[nodes.Node]:
        """Give the list; each entry is the home of its source."""
        ledger = ledger_of(self.env)
        entries = []
        for source in ledger.sources.values():
            known = f"speaks for {source.party}; published by {source.publisher}; cited as "
            shown = [nodes.Text(known), said(f"source:{source.id}", source.id)]
            if source.published.first:
                date = said(f"published:{source.id}", str(source.published))
                shown += [nodes.Text("; "), date]
            names = "; ".join(section.name for section in source.sections)
            title = said(f"source:{source.id}", source.title)
            entry = _entry(self.env, f"source-{source.id}", title, *shown)
            entry += nodes.paragraph(text=f"Its parts, as this book names them: {names}.")
            entries.append(entry)
        return [nodes.bullet_list("", *entries)]


class ItemList(SphinxDirective):
    """The items of one kind: what each says, who says it, and what it is tied to."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the list; each entry is the home of its item."""
        ledger = ledger_of(self.env)
        items = [ledger.items[name] for name in ledger.of_kinds(self.arguments[0])]
        if not items:
            raise self.error(f"no item of the comparison is of kind {self.arguments[0]!r}")
        return [nodes.bullet_list("", *(self._item(ledger, item) for item in items))]

    def _item(self, ledger: Ledger, item: Item) -> nodes.list_item:
        entry = _entry(self.env, f"item-{item.id}", nodes.Text(item.label), nodes.Text(item.text))
        if item.statistics:
            line = nodes.paragraph("", "Rests on: ")
            for number, wanted in enumerate(item.statistics):
                figure = ledger.figure(wanted)
                line += nodes.Text(", " if number else "")
                line += [said(f"label:{wanted}", figure.label), nodes.Text(" ")]
                line += figure_reference(ledger, wanted)
            entry += line
        for link in item.links:
            other = ledger.items[link.to]
            made = "as stated" if link.basis == "stated" else f"inferred by us: {link.because}"
            to_it = reference(other.label, "item", other.id)
            relation = link.relation.capitalize()
            entry += nodes.paragraph("", f"{relation} ", to_it, nodes.Text(f" ({made})"))
        return entry


def _entry(
    env: BuildEnvironment, anchor: str, name: nodes.Node, *text: nodes.Node
) -> nodes.list_item:
    is_home = make_home(env, anchor)
    line = nodes.paragraph("", "", nodes.strong("", "", name), nodes.Text(": "), *text)
    ids = [anchor] if is_home else []
    return nodes.list_item("", line, ids=ids, classes=["tallybook-entry"])


class MissingList(SphinxDirective):
    """What the documents announce without giving it, and what stands in its place."""

    def run(self) -> list[nodes.Node]:
        """Give the list; each entry is the home of its missing figure."""
        entries = []
        for missing in ledger_of(self.env).missing.values():
            shown = (nodes.Text(missing.label), nodes.Text(missing.because))
            entry = _entry(self.env, f"missing-{missing.id}", *shown)
            places = dict.fromkeys((c.source, c.section) for c in missing.cited)
            line = nodes.paragraph()
            for number, (source, section) in enumerate(places):
                line += nodes.Text("; " if number else "")
                line += [reference(source, "source", source), nodes.Text(f", {section}")]
            entry += line
            entries.append(entry)
        return [nodes.bullet_list("", *entries)]


class FigureList(SphinxDirective):
    """Some figures at large: each in its words, with who states it, of what, and its interval."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Give the list, in the order in which the content names the figures, an id a line."""
        book = BOOKS[self.env.app]
        entries = []
        for number, line in enumerate(line.strip() for line in self.content):
            try:
                entries += [self._entry(ledger_of(self.env), line)] if line else []
            except UnknownId as error:
                source, first = self.get_source_info()
                place = place_of(self.env, source, first + number + 1)
                book.problems.append(f"{place}: {error}")
        return [nodes.bullet_list("", *entries, classes=["tb-figures"])]

    def _entry(self, ledger: Ledger, wanted: str) -> nodes.list_item:
        figure = ledger.figure(wanted)
        quantity = figure.quantity
        hero = nodes.paragraph("", "", figure_reference(ledger, wanted), classes=["tb-large"])
        label = said(f"label:{wanted}", figure.label)
        when: list[nodes.Node] = []
        for name in ("period", "scope"):
            if text := getattr(figure, name):
                when += [nodes.Text("; ")] if when else []
                when.append(said(f"{name}:{wanted}", text))
        allowed = figure_details.interval_in_words(quantity.interval, quantity.unit)
        lines = [[label, nodes.Text(f", {figure.party}")], when]
        lines.append([said(f"interval:{wanted}", allowed)])
        shown = [nodes.paragraph("", "", *line) for line in lines if line]
        return nodes.list_item("", hero, *shown)


class StoredChart(SphinxDirective):
    """A chart of a notebook, once more: the first that shows the figure whose id is given."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the chart as its notebook's own page has it."""
        (wanted,) = self.arguments
        spec, examined = pages.first_chart(BOOKS[self.env.app].ledger, wanted)
        for path in examined:
            self.env.note_dependency(str(path))
        if spec is None:
            place = place_of(self.env, *self.get_source_info())
            BOOKS[self.env.app].problems.append(f"{place}: no chart shows {wanted!r}")
            return []
        return [*charts.block(self.env, spec, None)]


class BookCitation(SphinxDirective):
    """How to cite the book: in words, and as an entry for a bibliography."""

    def run(self) -> list[nodes.Node]:
        """Give both; author, year and title are the book's settings."""
        config = self.config
        edition = edition_of(config)
        before, title, after = edition.of_book(config.copyright).partition(edition.title)
        parts = (nodes.Text(before), nodes.emphasis(text=title), nodes.Text(after))
        words = nodes.paragraph(
            "", "", Said("", "", *parts, of="cite-book:", support_smartquotes=False)
        )
        entry = Said("", edition.bibtex_of_book(config.copyright), of="bibtex-book:", tag="pre")
        entry["support_smartquotes"] = False
        entry["classes"] += ["tb-bibtex"]
        return [words, entry]


class Downloads(SphinxDirective):
    """Links to the ledger as files that other programs read."""

    def run(self) -> list[nodes.Node]:
        """Give the list."""
        relative = self.env.app.builder.get_relative_uri(self.env.docname, "data/x")
        folder = relative.rpartition("/")[0]
        files = {
            "ledger.csv": "All statistics as a table (CSV)",
            "derived.csv": "All figures that are computed here, as a table (CSV)",
            "ledger.json": "The whole ledger (JSON)",
        }
        entries = []
        for name, text in files.items():
            link = nodes.reference("", text, refuri=f"{folder}/{name}", internal=True)
            entries.append(nodes.list_item("", nodes.paragraph("", "", link)))
        return [nodes.bullet_list("", *entries)]


DIRECTIVES = {
    "ledger-sources": SourceList,
    "ledger-items": ItemList,
    "ledger-missing": MissingList,
    "ledger-figures": FigureList,
    "ledger-chart": StoredChart,
    "book-citation": BookCitation,
    "data-downloads": Downloads,
    "made-of": MadeOfDirective,
}
