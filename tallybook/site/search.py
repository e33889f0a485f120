"""The site's own search: its page, and the index that is loaded when a reader searches.

It finds pages by their sections, figures, items, events and sources; a figure by its digits,
however they are typed, its measure, its words in the document, or its id. Sphinx's search drops
digits and does not see pages of extensions, so it is left out. The text of each page is kept when
it is read, section by section, and written with all records at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from tallybook.files import write
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.site.build_state import BUILDS, known_page, known_pages
from tallybook.site.figure_details import FigureDetails
from tallybook.site.figure_pages import Collected, address_of_anchor, rendered
from tallybook.site.marks import said
from tallybook.site.markup import MadeOfList

_SCALES = ((10**9, "billion"), (10**6, "million"))
_INDEX = "_static/search-index.js"
_ENGINE = "_static/minisearch.js"
_LEFT_OUT = (
    nodes.section, nodes.title, nodes.literal_block, nodes.raw, nodes.comment, nodes.table,
    MadeOfList,
)  # fmt: skip
_LINKS = (addnodes.pending_xref, addnodes.download_reference)


def connect(app: Sphinx) -> None:
    """Replace Sphinx's search by this one."""
    app.connect("builder-inited", _disable_sphinx_search)
    app.connect("doctree-read", _note_sections)
    app.connect("html-page-context", _add_script)
    app.connect("html-collect-pages", _page)


def _disable_sphinx_search(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]


def _add_script(app: Sphinx, name: str, *_: object) -> None:
    if name == "search":
        app.add_js_file("search.js", loading_method="defer")


def _page(_: Sphinx) -> Iterator[Collected]:
    body = rendered("search.html", index=_INDEX, engine=_ENGINE)
    yield "search", {"title": "Search", "body": body}, "page.html"


def _note_sections(app: Sphinx, doctree: nodes.document) -> None:
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        name = said(title) if title else ""
        text = "\n".join(" ".join(each.split()) for each in _texts(section))
        known_page(app.env).sections.append((name, section["ids"][0], text))


def _texts(node: nodes.Element) -> Iterator[str]:
    """The paragraphs of a section without those of the sections in it, of code and of outputs."""
    for child in node.children:
        if isinstance(child, nodes.paragraph | nodes.term):
            yield from _runs(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, _LEFT_OUT):
            yield from _texts(child)


def _runs(paragraph: nodes.Element) -> Iterator[str]:
    """The text of a paragraph, cut at links without a text of their own.

    These show the title of a page that is not yet read, or the name of a file.
    """
    run = nodes.paragraph()
    for child in paragraph.children:
        if isinstance(child, _LINKS) and not child.get("refexplicit"):
            yield said(run)
            run = nodes.paragraph()
        else:
            run += child.deepcopy()
    yield said(run)


def write_index(app: Sphinx) -> None:
    """Write the index of all that can be found."""
    build = BUILDS[app]
    address_of = partial(address_of_anchor, app, "search")
    found = records(build.ledger, build.details, _sections(app), address_of)
    write(Path(app.outdir) / _INDEX, as_script(found))


def _sections(app: Sphinx) -> Iterator[Section]:
    for name, known in sorted(known_pages(app.env).items()):
        page = app.env.titles[name].astext()
        address = app.builder.get_target_uri(name)
        for title, anchor, text in known.sections:
            yield Section(title, page, f"{address}#{anchor}", text)


@dataclass(frozen=True)
class Section:
    """A part of a page under one heading, with its text and its address from the site's root."""

    title: str
    page: str
    address: str
    text: str


def records(
    ledger: Ledger,
    details: Mapping[str, FigureDetails],
    sections: Iterable[Section],
    address_of: Callable[[str], str],
) -> Iterator[dict[str, str]]:
    """Everything that can be found: its kind, title, address, id, digits and text.

    `address_of` gives the address of an anchor such as "item-shorter-timelines", or
    "" where no page has it; what has no address is left out.
    """
    for one in details.values():
        yield _figure(one)
    for item in ledger.items.values():
        text = f"{item.party}, {item.period}. {item.text}"
        yield _record(item.kind, item.label, address_of(f"item-{item.id}"), item.id, text)
    for event in ledger.events.values():
        text = f"{event.date}, says {event.party}"
        yield _record("event", event.label, address_of(f"event-{event.id}"), event.id, text)
    for missing in ledger.missing.values():
        address = address_of(f"missing-{missing.id}")
        yield _record("not given", missing.label, address, missing.id, missing.because)
    for source in ledger.sources.values():
        text = f"{source.party}, {source.publisher}. {'; '.join(s.name for s in source.sections)}"
        yield _record("source", source.title, address_of(f"source-{source.id}"), source.id, text)
    for section in sections:
        parts = dict.fromkeys((section.page, section.title))
        title = ": ".join(part for part in parts if part)
        yield _record("page", title, section.address, "", section.text)


def as_script(found: Iterable[dict[str, str]]) -> str:
    """The records as a classic script that sets one global, which works without a server too."""
    data = json.dumps([one for one in found if one["address"]], ensure_ascii=False)
    data = data.replace("<", "\\u003c")  # which is never markup here, whatever reads it
    return f'"use strict";\nwindow.tallybookSearch = {data};\n'


def _record(
    kind: str, title: str, address: str, wanted: str, text: str, digits: str = ""
) -> dict[str, str]:
    return {
        "kind": kind, "title": title, "address": address, "id": wanted, "digits": digits,
        "text": text,
    }  # fmt: skip


def _figure(details: FigureDetails) -> dict[str, str]:
    figure, measure = details.figure, details.measure
    parts = [figure.party, figure.period, figure.scope, details.condition]
    parts += [f"“{place.as_printed}”, {place.section}" for place in details.places]
    parts += [measure.definition] if measure else []
    kind = "figure computed here" if figure.is_derived else "figure"
    text = "; ".join(part for part in parts if part)
    title, address = figure.named, f"stat/{figure.id}.html"
    digits = " ".join(dict.fromkeys(spellings(figure.quantity.point, figure.quantity.unit)))
    return _record(kind, title, address, figure.id, text, digits)


def spellings(value: Fraction, unit: str) -> Iterator[str]:
    """The ways to type a number of a unit.

    >>> list(spellings(Fraction(4_300_000), "cases"))
    ['4300000', '4,300,000', '4.3 million']
    """
    if value.denominator == 1:
        yield f"{int(value)}"
        yield f"{int(value):,}"
    else:
        yield plain(value) if "/" not in plain(value) else f"{float(value):.3g}"
    for size, word in _SCALES:
        if abs(value) >= size:
            yield f"{plain(value / size)} {word}"
    if unit.startswith("percent"):
        yield f"{plain(value)} percent"
