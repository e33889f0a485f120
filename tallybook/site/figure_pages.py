"""How figures stand on the site: in pages with a link and a note, on a page of each, and as files.

A placeholder stands for a figure until it is known where each is explained. It becomes a link with
the number of its note, written with what describes it; the notes stand at the end of the page. The
pages of figures are collected when all others are written: one that was made from the same things
before, and still is there, is passed over. At the build's end the ledger's files are written, and
what belongs to figures that are no more is removed. Templates make the HTML; their own rule escapes
what comes from the data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from html import escape as escape_html
from operator import itemgetter
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sphinx.application import Sphinx

from tallybook.files import write
from tallybook.ledger import history
from tallybook.ledger.history import Step
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.phrases import when_alike
from tallybook.ledger.references import Reference
from tallybook.reading.numerals import has_numeral
from tallybook.site import cards, citations, data_package, downloads, figure_charts, figure_details
from tallybook.site.build_state import (
    BUILDS,
    contents_of,
    edition_of,
    known_page,
    page_of_anchor,
)
from tallybook.site.figure_charts import Shown
from tallybook.site.figure_details import FigureDetails
from tallybook.site.linked_data import LinkedData
from tallybook.site.publish import kept_in

Collected = tuple[str, dict[str, Any], str]
FOLDER = "stat"
_MADE = "tallybook-figures.json"
_INDEX = "All figures"
_INDEX_DESCRIBED = "Every figure of the book, stated or computed here, each with a page of its own"
MOST_PLACES, MOST_INPUTS = 2, 4  # that a note names before it counts the rest


def connect(app: Sphinx) -> None:
    """Add the placeholders, the pages of figures and the notes on them."""
    app.add_node(FigureReference, html=PLAIN)  # which a title keeps, where it is shown elsewhere
    app.add_node(LedgerText, html=(_open_text, _close_text), text=PLAIN, latex=PLAIN)
    app.add_node(FigureLink, html=(_open_link, _close_link), text=PLAIN, latex=PLAIN)
    app.connect("html-page-context", _add_notes)
    app.connect("html-collect-pages", _collect)


# Placeholders, links and notes


class FigureReference(nodes.Inline, nodes.TextElement):
    """A placeholder for a figure in prose or a table, by its id."""


class LedgerText(nodes.Inline, nodes.TextElement):
    """A text that the ledger has under the reference `of`, which its element carries.

    Where it is an element of its own, `tag` names it.
    """


def listed(ledger: Ledger, ids: Iterable[str], *, with_parties: bool = False) -> list[nodes.Node]:
    """Figures and events in one line, each with its label, and with its period where the label of
    another one is the same.
    """
    wanted = [*dict.fromkeys(ids)]
    periods = periods_where_alike(ledger, wanted)
    line: list[nodes.Node] = []
    for each in wanted:
        line += [nodes.Text("; ")] if line else []
        # A derived figure may be computed from the dates of events, which have no page.
        if each in ledger.events:
            line.append(reference(ledger.events[each].label, "event", each))
            continue
        line += named_around(ledger, each, figure_reference(ledger, each))
        if period := periods[each]:
            line += [nodes.Text(", "), ledger_text(Reference("period", each), period)]
        line += [nodes.Text(f" ({ledger.figure(each).party})")] if with_parties else []
    return line


def periods_where_alike(ledger: Ledger, ids: Iterable[str]) -> dict[str, str]:
    """The period of each figure whose label another one of these has too, "" of any other."""
    found = [ledger.figure(each) for each in ids if each not in ledger.events]
    periods = when_alike((figure.label, figure.period) for figure in found)
    return {figure.id: period for figure, period in zip(found, periods, strict=True)}


def named_around(ledger: Ledger, wanted: str, link: nodes.Node) -> list[nodes.Node]:
    """A figure's words, as this node has them, with its label as one phrase."""
    phrase: list[nodes.Node] = [link]
    before, behind = ledger.figure(wanted).around
    of = Reference("beside", wanted)
    if before:
        phrase = [ledger_text(of, before.strip()), nodes.Text(" "), link]
    return [*phrase, nodes.Text(" "), ledger_text(of, behind.strip())] if behind else phrase


def ledger_text(of: Reference, text: str, *, classes: Sequence[str] = ()) -> nodes.Node:
    """A text of the ledger, marked with its reference where it holds a numeral."""
    if not (classes or has_numeral(text)):
        return nodes.Text(text)
    # What a document prints, and what is counted, stays as it is: no dashes of two hyphens.
    return LedgerText("", text, of=str(of), classes=list(classes), support_smartquotes=False)


def _open_text(translator: Any, node: LedgerText) -> None:
    """Write the start of a marked text as HTML."""
    given = {"data-of": node["of"]}
    translator.body.append(translator.starttag(node, node.get("tag", "span"), "", **given))


def _close_text(translator: Any, node: LedgerText) -> None:
    """Write its end."""
    translator.body.append(f"</{node.get('tag', 'span')}>")


def _nothing(*_: Any) -> None:
    """Other formats show the text alone."""


PLAIN = (_nothing, _nothing)


def reference(text: str, kind: str, wanted: str) -> FigureReference:
    """The placeholder of a source, an item or a figure, by its id."""
    # A figure's link carries its reference itself.
    shown = nodes.Text(text) if kind == "figure" else ledger_text(Reference(kind, wanted), text)
    node = FigureReference("", "", shown, target=f"{kind}-{wanted}")
    node["classes"] += [f"tallybook-{kind}"]
    return node


def figure_reference(ledger: Ledger, wanted: str) -> FigureReference:
    """The placeholder of a figure: its words. Raises UnknownId."""
    figure = ledger.figure(wanted)
    node = reference(figure.words, "figure", wanted)
    if figure.is_derived:
        node["classes"] += ["tallybook-derived"]
    return node


class FigureLink(nodes.Inline, nodes.TextElement):
    """A link to a figure's page: its address, the figure, and the number of its note."""


def _open_link(translator: Any, node: FigureLink) -> None:
    given = {"href": node["refuri"], "data-note": str(node["number"])}
    given["aria-describedby"] = f"card-{node['figure']}"
    given["data-of"] = str(Reference("words", node["figure"]))
    translator.body.append(translator.starttag(node, "a", "", CLASS="reference", **given))


def _close_link(translator: Any, _: FigureLink) -> None:
    translator.body.append("</a>")


def notes_on(app: Sphinx, shown: Iterable[str], folded: Collection[str] = ()) -> str:
    """The notes on some figures in the order of their numbers, as they stand at a page's end.

    Paper has those on `folded` figures only where a fold is open.
    """
    build = BUILDS[app]
    ledger = build.ledger

    def named(wanted: str, period: str) -> Markup:
        if wanted in ledger.events:
            return Markup("the date of “{}”").format(ledger.events[wanted].label)
        figure = ledger.figure(wanted)
        when = Markup(", {}").format(marked("period", wanted, period)) if period else ""
        phrase = marked("named", wanted, figure.named)
        return Markup("{}{} ({})").format(phrase, when, figure.party)

    notes = [build.details[wanted] for wanted in shown]
    most = {"most_places": MOST_PLACES, "most_inputs": MOST_INPUTS}
    alike = partial(periods_where_alike, ledger)
    return rendered("notes.html", notes=notes, named=named, alike=alike, folded=folded, **most)


def _add_notes(
    app: Sphinx, _: str, __: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    links = sorted(doctree.findall(FigureLink), key=itemgetter("number")) if doctree else []
    if links:
        shown = dict.fromkeys(link["figure"] for link in links)
        folded = shown.keys() - {link["figure"] for link in links if not link["is_folded"]}
        context["body"] += notes_on(app, shown, folded)


# The pages of figures


def _collect(app: Sphinx) -> Iterator[Collected]:
    """The pages that are not yet as they are to be."""
    if app.builder.format != "html":
        return
    # Every page shows the contents. What was kept of another maker's pages is removed by now.
    contents = contents_of(app.env)
    stored = Path(app.doctreedir, _MADE)
    before = kept_in(stored)
    made = {}
    for page in _pages(app):
        name, context, _ = page
        made[name] = hashlib.sha256(f"{contents}\0{sorted(context.items())}".encode()).hexdigest()
        is_there = Path(app.outdir, f"{name}.html").is_file()
        if before.get(name) != made[name] or not is_there:
            yield page
    write(stored, json.dumps(made, indent=0))


def _pages(app: Sphinx) -> Iterator[Collected]:
    build = BUILDS[app]
    yield from pages_of(app, build.details)
    index = rendered("figures.html", all=build.details.values())
    linked = LinkedData(build.ledger, edition_of(app.config))
    context = {
        "title": _INDEX,
        "body": index,
        "tb_description": _INDEX_DESCRIBED,
        "tb_linked": Markup(linked.of_book()),  # noqa: S704  # likewise
        "tb_linked_of": str(Reference("linked-book")),
    }
    yield f"{FOLDER}/index", context, "page.html"
    for old, renamed in build.ledger.renamed.items():
        title = f"{old} is {renamed.new} now"
        context = {
            "title": title,
            "of": str(Reference("renamed", old)),
            "to": f"{renamed.new}.html",
            "whole": edition_of(app.config).address(build.ledger.figure(renamed.new)),
        }
        yield f"{FOLDER}/{old}", context, "redirect.html"


def pages_of(app: Sphinx, figures: Iterable[str]) -> Iterator[Collected]:
    """The pages of these figures, by name, with what their template is given."""
    figures = [*figures]
    charted = figure_charts.by_figure(app, figures)
    edition = edition_of(app.config)
    linked = LinkedData(BUILDS[app].ledger, edition)
    for wanted in figures:
        details = BUILDS[app].details[wanted]
        context = {
            "title": escape_html(details.figure.named),
            "body": _figure_page(app, wanted, charted.get(wanted)),
            "tb_description": described(details),
            "tb_of": str(Reference("described", wanted)),
            "tb_chart": charted[wanted].chart if wanted in charted else "",
            "tb_linked": Markup(linked.of_figure(details)),  # noqa: S704  # without any "<"
            "tb_linked_of": str(Reference("linked", wanted)),
            "tb_oembed": cards.address_of_oembed(edition, details.figure),
        }
        yield f"{FOLDER}/{wanted}", context, "page.html"


def _figure_page(app: Sphinx, wanted: str, chart: Shown | None) -> str:
    book, edition = BUILDS[app], edition_of(app.config)
    details = book.details[wanted]
    return rendered(
        "figure.html",
        details=details,
        all=book.details,
        ledger=book.ledger,
        edition=edition,
        anchor=partial(address_of_anchor, app, f"{FOLDER}/index"),
        page=lambda path: _page_that_shows(app, path, wanted),
        in_words=figure_details.in_words,
        alike=partial(periods_where_alike, book.ledger),
        run_names=figure_details.RUN_NAMES,
        told=_told,
        anchor_of=history.anchor,
        bibtex=citations.bibtex(citations.of_figure(edition, details.figure)),
        cited_as=citations.links(wanted),
        embed=cards.code(edition, details),
        most_inputs=MOST_INPUTS,
        chart=chart,
        drawings=Markup(chart.drawings if chart else ""),  # noqa: S704  # drawn here
        chart_page=_page_of_chart(app, chart) if chart else None,
        colour=book.ledger.colour_of(details.figure.party),
    )


def _told(step: Step) -> Markup:
    """The sentences on a change of a figure."""
    pieces = (
        marked(of.kind, of.id, text, place=of.place, field=of.field) if of else escape(text)
        for of, text in history.told(step)
    )
    return Markup("").join(pieces)


def address_of_anchor(app: Sphinx, seen_from: str, anchor: str) -> str:
    """The address, from a page, of the place that explains an anchor; "" where no page does."""
    page = page_of_anchor(app.env, anchor)
    if page is None or page not in app.env.found_docs:
        return ""
    return f"{app.builder.get_relative_uri(seen_from, page)}#{anchor}"


@dataclass(frozen=True)
class Target:
    """A place of the site by its title and its address, which is "" where there is none."""

    title: str
    address: str


def _page_of_chart(app: Sphinx, chart: Shown) -> Target:
    """The page of a chart, at the chart."""
    address = app.builder.get_relative_uri(f"{FOLDER}/index", chart.page)
    return Target(app.env.titles[chart.page].astext(), f"{address}#{chart.chart}")


def _page_that_shows(app: Sphinx, path: str, wanted: str) -> Target:
    """The page of a path in the book, at the place that shows the figure."""
    name = app.env.path2doc(str(Path(app.srcdir, path))) or ""
    if name not in app.env.titles:
        return Target(path, "")
    address = app.builder.get_relative_uri(f"{FOLDER}/index", name)
    is_cited = f"figure-{wanted}" in known_page(app.env, name).targets
    anchor = f"#cite-{wanted}" if is_cited else ""
    return Target(app.env.titles[name].astext(), f"{address}{anchor}")


# What is written at the end


def write_files(app: Sphinx) -> None:
    """Write the ledger as files, and remove the pages of figures that are no more."""
    book, out, edition = BUILDS[app], Path(app.outdir), edition_of(app.config)
    # Written where they differ, so that publishing takes the others over.
    data = out / data_package.FOLDER
    write(data / downloads.LEDGER, downloads.ledger_json(book.ledger, book.details))
    write(data / downloads.SCHEMA, downloads.ledger_schema())
    data_package.write_files(out, book.ledger, book.details, edition)
    kept = {f"{name}.html" for name in ("index", *book.details, *book.ledger.renamed)}
    for wanted, one in book.details.items():
        work = citations.of_figure(edition, one.figure)
        files = dict(citations.files_of(wanted, work))
        files |= cards.files_of(book.ledger, edition, one)
        for name, text in files.items():
            write(out / FOLDER / name, text)
        kept |= files.keys()
    _remove_others(out / FOLDER, kept)


def _remove_others(folder: Path, kept: Collection[str]) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):  # a folder behind what is in it
        if path.is_dir():
            with suppress(OSError):  # which is not empty
                path.rmdir()
        elif path.relative_to(folder).as_posix() not in kept:
            path.unlink()


# What the templates make


def described(details: FigureDetails) -> str:
    """A figure in one sentence, for those who show a link to its page."""
    figure = details.figure
    more = "" if details.statistic else " No document states it."
    return f"{figure.named}. {figure.said}{more}"


def marked(kind: str, wanted: str, text: object, **more: Any) -> Markup:
    """A text that the ledger has under a reference, marked with it where it holds a numeral."""
    escaped = escape(text)
    if not has_numeral(str(text)):
        return escaped
    return Markup('<span data-of="{}">{}</span>').format(Reference(kind, wanted, **more), escaped)


def rendered(name: str, **given: Any) -> str:
    """The HTML that a template makes of what it is given."""
    return _environment().get_template(name).render(**given).strip()


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=False,
    )
    # The name that templates have for it.
    made.globals |= {"of": marked, "reference": Reference}
    return made
