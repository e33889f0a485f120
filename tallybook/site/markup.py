"""Roles and directives: how pages take figures, texts and lists from the ledger.

A role leaves a placeholder with an id, or the ledger's text; a directive leaves a list of records
or links to files. Entries of sources, items and missing figures carry the anchors that explain
them. What both make is marked as the extension's own. A page that shows the commit is read again
when that is another one; no other page is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from tallybook.charts.svg import CannotBeDrawn
from tallybook.errors import BadReference, UnknownId
from tallybook.files import UNKNOWN, write
from tallybook.ledger import figures, history
from tallybook.ledger.figures import OURS
from tallybook.ledger.history import Step
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Item
from tallybook.ledger.references import Reference
from tallybook.site import citations, environment, machines, outputs, pages, provenance
from tallybook.site.build_state import (
    BUILDS,
    add_anchor,
    edition_of,
    known_page,
    ledger_of,
    place_of,
)
from tallybook.site.figure_pages import (
    PLAIN,
    FigureReference,
    LedgerText,
    figure_reference,
    ledger_text,
    listed,
    named_around,
    reference,
)
from tallybook.site.html_input import made
from tallybook.site.provenance import MadeOf
from tallybook.tables.table import period_in_words

ENTRY = "tallybook-entry"  # the class of an entry of a list of records


def connect(app: Sphinx) -> None:
    """Add the roles and directives."""
    for name, role in ROLES.items():
        app.add_role(name, PeriodRole() if name == "period" else LedgerRole(role))
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    app.add_node(MadeOfList, html=(_open, _close), text=PLAIN, latex=PLAIN)


class LedgerRole(SphinxRole):
    """A role whose text is an id; what the ledger has of it stands in its place."""

    def __init__(self, node: Callable[[Ledger, str], nodes.Node]) -> None:
        super().__init__()
        self._node = node

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Give the node; an id that the ledger does not have is a problem with its place."""
        try:
            node = self._made(ledger_of(self.env), self.text.strip())
        except (BadReference, UnknownId) as error:
            place = place_of(self.env, *self.get_source_info())
            BUILDS[self.env.app].problems.append(f"{place}: {error}")
            return made([nodes.inline(text=self.text)]), []
        self.set_source_info(node)
        return made([node]), []

    def _made(self, ledger: Ledger, wanted: str) -> nodes.Node:
        """What stands in the place of an id."""
        return self._node(ledger, wanted)


class PeriodRole(LedgerRole):
    """The period of a statistic, or the date of an event; a page first has a period in full."""

    def __init__(self) -> None:
        super().__init__(_period)

    def _made(self, ledger: Ledger, wanted: str) -> nodes.Node:
        said = self.env.temp_data.setdefault("tallybook_periods", set())
        short = period_in_words(ledger, wanted)
        if short in said:
            return _period(ledger, wanted)
        said.add(short)
        return _period(ledger, wanted, in_full=True)


def _period(ledger: Ledger, wanted: str, *, in_full: bool = False) -> nodes.Node:
    text = period_in_words(ledger, wanted, in_full=in_full)
    return ledger_text(Reference("period", wanted), text, classes=["tallybook-period"])


def _count(ledger: Ledger, wanted: str) -> nodes.Node:
    text = f"{ledger.count(wanted):,}"
    return ledger_text(Reference("count", field=wanted), text, classes=["tallybook-count"])


def _quote(ledger: Ledger, wanted: str) -> nodes.Node:
    """The printed words of a statistic or an event, in quotation marks, with their document."""
    record: Any = ledger.events.get(wanted) or ledger.statistic(wanted)
    cited = record.cited[0]
    run = ledger_text(Reference("printed", wanted, place=0), str(cited.as_printed))
    parts = [nodes.Text("“"), run, nodes.Text("” ("), _named(ledger, cited.source), nodes.Text(")")]
    return nodes.inline("", "", *parts)


class LedgerDirective(SphinxDirective):
    """A directive that leaves what `shown` gives, marked as the extension's own."""

    @property
    def ledger(self) -> Ledger:
        """The ledger, which notes what it is asked for the page."""
        return ledger_of(self.env)

    def run(self) -> list[nodes.Node]:
        """Give the nodes, marked."""
        return made(self.shown())

    def shown(self) -> list[nodes.Node]:
        """Give the nodes that stand in place of the directive."""
        raise NotImplementedError

    def refuse(self, message: object, line: int = 0) -> None:
        """Note a problem of the directive, or of that line of its content."""
        source, first = self.get_source_info()
        place = place_of(self.env, source, first + line)
        BUILDS[self.env.app].problems.append(f"{place}: {message}")


def _named(ledger: Ledger, wanted: str) -> FigureReference:
    """The placeholder of a source, as tables call it."""
    source = ledger.sources[wanted]
    return reference(source.short or source.title, "source", wanted)


class SourceList(LedgerDirective):
    """A list of the documents, each with its party, publisher, date and sections."""

    def shown(self) -> list[nodes.Node]:
        """Give the list; each entry has the anchor of its source."""
        entries = []
        for source in self.ledger.sources.values():
            known = f"speaks for {source.party}; published by {source.publisher}"
            shown: list[nodes.Node] = [nodes.Text(known)]
            if source.short:
                name = ledger_text(Reference("source", source.id), source.short)
                shown += [nodes.Text("; here called "), name]
            if source.published.first:
                date = ledger_text(Reference("published", source.id), str(source.published))
                shown += [nodes.Text("; published "), date]
            if source.address:
                link = nodes.reference("", "read it", refuri=source.address, internal=False)
                shown += [nodes.Text("; "), link]
            names = "; ".join(section.name for section in source.sections)
            title = ledger_text(Reference("source", source.id), source.title)
            entry = _entry(self.env, f"source-{source.id}", title, *shown)
            if source.published_from:
                entry += nodes.paragraph(text=f"When it was published: {source.published_from}")
            entry += nodes.paragraph(text=f"Its parts, as this book names them: {names}.")
            entries.append(entry)
        return [nodes.bullet_list("", *entries)]


class NameList(LedgerDirective):
    """The names and terms that readers may not know, each with what it is."""

    def shown(self) -> list[nodes.Node]:
        """Give the list, in the order of the alphabet; each entry has the anchor of its name."""
        entries = []
        for name in self.ledger.names.values():
            others = [each for each in name.also if each not in name.what]
            also = f" Also: {', '.join(others)}." if others else ""
            shown = (nodes.Text(name.name), nodes.Text(name.what), nodes.Text(also))
            entries.append(_entry(self.env, anchor_of_name(name.name), *shown))
        return [nodes.bullet_list("", *entries)]


def anchor_of_name(name: str) -> str:
    """The anchor of a name's entry.

    >>> anchor_of_name("The Order of the Lid")
    'name-the-order-of-the-lid'
    """
    return "name-" + re.sub(r"\W+", "-", name.lower()).strip("-")


class ItemList(LedgerDirective):
    """The items of one kind: what each says, who says it, and what it is tied to."""

    required_arguments = 1

    def shown(self) -> list[nodes.Node]:
        """Give the list; each entry has the anchor of its item."""
        try:
            kind = self.ledger.kind(self.arguments[0])
        except UnknownId as error:
            raise self.error(f"{error} The kinds stand in data/vocabulary.yml") from None
        items = [self.ledger.items[name] for name in self.ledger.of_kinds(kind.kind)]
        if not items:
            raise self.error(f"no item of the comparison is of kind {kind.kind!r}")
        return [nodes.bullet_list("", *map(self._item, items))]

    def _item(self, item: Item) -> nodes.list_item:
        entry = _entry(self.env, f"item-{item.id}", nodes.Text(item.label), nodes.Text(item.text))
        if item.statistics:
            rests_on = listed(self.ledger, item.statistics, with_parties=True)
            entry += nodes.paragraph("", "Rests on: ", *rests_on)
        for link in item.links:
            other = self.ledger.items[link.to]
            made = "as stated" if link.basis == "stated" else f"inferred by us: {link.because}"
            to_it = reference(other.label, "item", other.id)
            relation = link.relation.capitalize()
            entry += nodes.paragraph("", f"{relation} ", to_it, nodes.Text(f" ({made})"))
        return entry


def _entry(
    env: BuildEnvironment, anchor: str, name: nodes.Node, *text: nodes.Node
) -> nodes.list_item:
    is_first = add_anchor(env, anchor)
    line = nodes.paragraph("", "", nodes.strong("", "", name), nodes.Text(": "), *text)
    ids = [anchor] if is_first else []
    return nodes.list_item("", line, ids=ids, classes=[ENTRY])


class MissingList(LedgerDirective):
    """What the documents announce without giving it, and what stands in its place."""

    def shown(self) -> list[nodes.Node]:
        """Give the list; each entry has the anchor of its missing figure."""
        entries = []
        for missing in self.ledger.missing.values():
            shown = (nodes.Text(missing.label), nodes.Text(missing.because))
            entry = _entry(self.env, f"missing-{missing.id}", *shown)
            places = dict.fromkeys((c.source, c.section) for c in missing.cited)
            line = nodes.paragraph()
            for number, (source, section) in enumerate(places):
                line += nodes.Text("; " if number else "")
                line += [_named(self.ledger, source), nodes.Text(f", {section}")]
            entry += line
            entries.append(entry)
        return [nodes.bullet_list("", *entries)]


class ChangeList(LedgerDirective):
    """What changed of figures by the records of changes, the newest first, a list a day."""

    def shown(self) -> list[nodes.Node]:
        """Give the lists, each below its day; a figure leads to its page."""
        found = history.newest_first(self.ledger)
        if not found:
            return [nodes.paragraph(text="No change of a figure is recorded.")]
        shown: list[nodes.Node] = []
        if edition_of(self.config).base:
            link = _link_to_file(self.env, machines.FEED, "feed")
            shown.append(nodes.paragraph("", "These changes as a ", link, nodes.Text(" (Atom).")))
        for _, day in groupby(found, key=lambda step: step.date.text):
            steps = list(day)
            of = Reference("changed", steps[0].figure, place=steps[0].place)
            date = ledger_text(of, str(steps[0].date))
            shown.append(nodes.paragraph("", "", nodes.strong("", "", date)))
            shown.append(nodes.bullet_list("", *map(self._entry, steps)))
        return shown

    def _entry(self, step: Step) -> nodes.list_item:
        line = nodes.paragraph("", "", *self._named(step), nodes.Text(". "))
        line += [
            ledger_text(of, text) if of else nodes.Text(text) for of, text in history.told(step)
        ]
        return nodes.list_item("", line, classes=[ENTRY])

    def _named(self, step: Step) -> list[nodes.Node]:
        """The figure with a link to its page; one that is gone as it was called."""
        last = history.steps(self.ledger, step.figure)[-1]
        if last.what != "gone":
            link = figure_reference(self.ledger, step.figure)
            figure = self.ledger.figure(step.figure)
            who = OURS if figure.is_derived else f"says {figure.party}"
            return [*named_around(self.ledger, step.figure, link), nodes.Text(f", {who}")]
        shown = [
            ledger_text(Reference("was", last.figure, last.place, name), last.fields[name][0])
            for name in ("label", "words")
        ]
        return [shown[0], nodes.Text(": "), shown[1]]


class FigureList(LedgerDirective):
    """Some figures at large: each in its words, with who states it, of what, and its interval."""

    has_content = True

    def shown(self) -> list[nodes.Node]:
        """Give the list, in the order in which the content names the figures, an id a line."""
        entries = []
        for number, line in enumerate((line.strip() for line in self.content), start=1):
            try:
                entries += [self._entry(line)] if line else []
            except (BadReference, UnknownId) as error:
                self.refuse(error, number)
        return [nodes.bullet_list("", *entries, classes=["tb-figures"])]

    def _entry(self, wanted: str) -> nodes.list_item:
        figure = self.ledger.figure(wanted)
        hero = nodes.paragraph("", "", figure_reference(self.ledger, wanted), classes=["tb-large"])
        behind = figure.around[1].strip()
        texts = [("beside", behind) if behind else ("label", figure.label), ("said", figure.said)]
        texts += [("scope", figure.scope)] if figure.is_derived and figure.scope else []
        texts.append(("interval", figures.allowed_in_words(figure.quantity)))
        lines = (ledger_text(Reference(kind, wanted), text) for kind, text in texts)
        return nodes.list_item("", hero, *(nodes.paragraph("", "", line) for line in lines))


class StoredChart(LedgerDirective):
    """A chart of a notebook, once more: the first that shows the figure whose id is given."""

    required_arguments = 1

    def shown(self) -> list[nodes.Node]:
        """Give the chart as its notebook's own page has it."""
        (wanted,) = self.arguments
        spec, examined = pages.first_chart(BUILDS[self.env.app].ledger, wanted)
        # Also of those without the chart: one may have it the next time.
        for path in examined:
            self.env.note_dependency(str(path))
        if spec is None:
            self.refuse(f"no chart shows {wanted!r}")
            return []
        try:
            return [*outputs.chart(self.state.document, spec)]
        except CannotBeDrawn as error:
            self.refuse(f"the chart cannot be drawn: {error}")
            return []


def _link_to_file(env: BuildEnvironment, path: str, text: str) -> nodes.reference:
    """A link to a file that the build writes, by its path on the site."""
    folder, _, name = path.rpartition("/")
    relative = env.app.builder.get_relative_uri(env.docname, f"{folder}/x" if folder else "x")
    address = f"{relative.rpartition('/')[0]}/{name}".lstrip("/")
    return nodes.reference("", text, refuri=address, internal=True)


class BookCitation(LedgerDirective):
    """How to cite the book: in words, and as an entry for a bibliography."""

    def shown(self) -> list[nodes.Node]:
        """Give both; author, year and title are the book's settings."""
        edition = edition_of(self.config)
        before, title, after = edition.of_book().partition(edition.title)
        parts = (nodes.Text(before), nodes.emphasis(text=title), nodes.Text(after))
        cited = LedgerText(
            "", "", *parts, of=str(Reference("cite-book")), support_smartquotes=False
        )
        entry = LedgerText(
            "",
            citations.bibtex(citations.of_book(edition)),
            of=str(Reference("bibtex-book")),
            tag="pre",
            classes=["tb-bibtex"],
            support_smartquotes=False,
        )
        files = nodes.paragraph("", "As a file: ")
        for number, (called, path) in enumerate(citations.links(citations.BOOK)):
            files += nodes.Text(", " if number else "")
            files += _link_to_file(self.env, path, called)
        return [nodes.paragraph("", "", cited), entry, files]


class Downloads(LedgerDirective):
    """Links to the ledger as files that other programs read."""

    def shown(self) -> list[nodes.Node]:
        """Give the list."""
        files = {
            "ledger.csv": "All statistics as a table (CSV)",
            "derived.csv": "All figures that are computed here, as a table (CSV)",
            "ledger.json": "The whole ledger (JSON)",
            "datapackage.json": "All tables with their columns, types and keys (Data Package)",
        }
        entries = []
        for name, text in files.items():
            link = _link_to_file(self.env, f"data/{name}", text)
            entries.append(nodes.list_item("", nodes.paragraph("", "", link)))
        return [nodes.bullet_list("", *entries)]


class MadeOfList(nodes.General, nodes.Element):
    """The list, whose digests are no figures of the book's: its element says what they are of."""


def _open(translator: Any, _: MadeOfList) -> None:
    translator.body.append(f'<div class="tb-made-of" data-of="{Reference("made-of")}">\n')


def _close(translator: Any, _: MadeOfList) -> None:
    translator.body.append("</div>\n")


class MadeOfDirective(LedgerDirective):
    """The commit, tallybook, the lock and each document, and how strict the audit is."""

    def shown(self) -> list[nodes.Node]:
        """Give the list; what is not there is "unknown"."""
        found = provenance.made_of(self.ledger)
        known_page(self.env).made_of = found
        titles = {source.id: source.title for source in self.ledger.sources.values()}
        entries = [nodes.list_item("", line) for line in _lines(found, titles)]
        return [MadeOfList("", nodes.bullet_list("", *entries))]


def _lines(found: MadeOf, titles: dict[str, str]) -> Iterator[nodes.paragraph]:
    edited = " and uncommitted changes" if found.commit.is_edited else ""
    yield _line([nodes.Text("Commit")], found.commit.number, edited)
    yield _line([nodes.Text("tallybook")], found.version)
    yield _line(
        [nodes.Text("Libraries ("), nodes.literal(text=provenance.LOCK), nodes.Text(")")],
        found.lock,
    )
    for name, digest in found.documents.items():
        yield _line([reference(titles[name], "source", name)], digest)
    yield _audited(found.audit)


def _audited(mode: str) -> nodes.paragraph:
    name = nodes.literal(text=mode)
    return nodes.paragraph("", "Audit (", name, nodes.Text(f"): {provenance.AUDITED[mode]}"))


def _line(what: list[nodes.Node], digest: str, more: str = "") -> nodes.paragraph:
    is_known = digest not in ("", UNKNOWN)
    shown = nodes.literal(text=digest) if is_known else nodes.Text(UNKNOWN)
    return nodes.paragraph("", "", *what, nodes.Text(": "), shown, nodes.Text(more))


def write_files(app: Sphinx) -> None:
    """Write what the site is made of and built with, for programs."""
    ledger = BUILDS[app].ledger
    write(Path(app.outdir, provenance.MADE_OF), provenance.made_of(ledger).as_json())
    write(Path(app.outdir, provenance.BILL), environment.bill(ledger.root))


ROLES: dict[str, Callable[[Ledger, str], nodes.Node]] = {
    "stat": figure_reference,  # a figure in its words, with a link to its page
    "period": _period,  # the period of a statistic, or the date of an event
    "quote": _quote,  # the words that a document prints, as a quotation with its source
    "count": _count,  # how many records of a kind there are, or members of a statistic's list
    # The title of a document, with a link to the list of sources.
    "source": lambda ledger, id_: reference(ledger.source(id_).title, "source", id_),
    # The label of an item of the comparison, with a link to its text.
    "item": lambda ledger, id_: reference(ledger.item(id_).label, "item", id_),
    # What happened, with a link to where it is dated.
    "event": lambda ledger, id_: reference(ledger.event(id_).label, "event", id_),
    # What is announced and not given, with a link to the list of these.
    "missing": lambda ledger, id_: reference(ledger.missing_figure(id_).label, "missing", id_),
}

DIRECTIVES = {
    "ledger-sources": SourceList,
    "ledger-items": ItemList,
    "ledger-missing": MissingList,
    "ledger-names": NameList,
    "ledger-changes": ChangeList,
    "ledger-figures": FigureList,
    "ledger-chart": StoredChart,
    "book-citation": BookCitation,
    "data-downloads": Downloads,
    "made-of": MadeOfDirective,
}
