"""The site's own search: its page, and the index that is loaded when a reader searches.

It finds pages by their sections, figures, items, events, sources and names; a figure by its digits,
however they are typed, its measure, its words in the document, or its id. What a reader types for a
name finds what has any of its spellings (`also` in names.yml); how words are compared and results
ranked stands in search.js. Sphinx's search drops digits and does not see pages of extensions, so it
is left out. The text of each page is kept when
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
from tallybook.ledger.records import Event, Item, Statistic
from tallybook.reading.periods import NO_PERIOD
from tallybook.site.build_state import BUILDS, known_page, known_pages
from tallybook.site.figure_details import FigureDetails
from tallybook.site.figure_pages import Collected, address_of_anchor, rendered
from tallybook.site.marks import said
from tallybook.site.markup import ENTRY, MadeOfList, anchor_of_name

# The kinds of what is found, as readers see them, where the ledger has another word.
FIGURES = ("figure", "figure computed here")
PAGES = ("page", "part of a page")
_UNKNOWN = ("", NO_PERIOD)
_SCALES = ((10**9, "billion"), (10**6, "million"))
_INDEX = "_static/search-index.js"
NAMES = "_static/names.js"
_ENGINE = "_static/minisearch.js"
_LEFT_OUT = (
    nodes.section, nodes.title, nodes.literal_block, nodes.raw, nodes.comment, nodes.table,
    MadeOfList,
)  # fmt: skip
Found = dict[str, str]
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
    """The paragraphs of a section without those of the sections in it, of code and of outputs.

    Nor those of lists of records, which are found by themselves.
    """
    for child in node.children:
        if isinstance(child, nodes.paragraph | nodes.term):
            yield from _runs(child)
        elif isinstance(child, nodes.Element) and not isinstance(child, _LEFT_OUT):
            yield from _texts(child) if ENTRY not in child.get("classes", ()) else ()


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
    write(Path(app.outdir) / NAMES, names_script(build.ledger))


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
) -> Iterator[Found]:
    """Everything that can be found: its kind, title, address and text, and what it is found by.

    `id` is that of a record, `digits` are the ways to type a figure's number, `pages` is how many
    pages show a figure. `address_of` gives the address of an anchor such as
    "item-repair-more", or "" where no page has it; what has no address is left out.
    """
    for one in details.values():
        yield _figure(one, details)
    for item in ledger.items.values():
        # Most texts name who speaks.
        who = "" if item.text.startswith(item.party) else item.party
        known = _whose(who, str(item.period))
        text = _sentences(f"{known}: {item.text}" if known else item.text, _printed(item))
        address = address_of(f"item-{item.id}")
        yield _record(ledger.kinds[item.kind].singular, item.label, address, item.id, text)
    for event in ledger.events.values():
        text = _sentences(f"{event.date}, says {event.party}", _printed(event))
        yield _record("event", event.label, address_of(f"event-{event.id}"), event.id, text)
    for missing in ledger.missing.values():
        address, text = address_of(f"missing-{missing.id}"), _sentences(missing.because)
        yield _record("not in our copies", missing.label, address, missing.id, text)
    for source in ledger.sources.values():
        known = _whose(source.publisher, str(source.published))
        text = _sentences(f"Published by {known}")
        yield _record("document", source.title, address_of(f"source-{source.id}"), source.id, text)
    for name in ledger.names.values():
        text = _sentences(name.what, f"Also: {', '.join(name.also)}" if name.also else "")
        yield _record("name", name.name, address_of(anchor_of_name(name.name)), "", text)
    for section in sections:
        is_page = section.title in ("", section.page)
        title = section.page if is_page else f"{section.page}: {section.title}"
        yield _record(PAGES[not is_page], title, section.address, "", section.text)


def as_script(found: Iterable[Found]) -> str:
    """The records as a classic script that sets one global, which works without a server too."""
    return _script("tallybookSearch", [one for one in found if one["address"]])


def names_script(ledger: Ledger) -> str:
    """The spellings of each name, by which the search and the filters of tables know it."""
    return _script("tallybookNames", [name.spellings for name in ledger.names.values()])


def _script(name: str, data: object) -> str:
    text = json.dumps(data, ensure_ascii=False)
    text = text.replace("<", "\\u003c")  # which is never markup here, whatever reads it
    return f'"use strict";\nwindow.{name} = {text};\n'


def _record(kind: str, title: str, address: str, wanted: str, text: str, **more: str) -> Found:
    found = {"kind": kind, "title": title, "address": address, "id": wanted, "text": text}
    return {**found, "digits": "", "pages": "", **more}


def _figure(details: FigureDetails, others: Mapping[str, FigureDetails]) -> Found:
    figure, statistic = details.figure, details.statistic
    if statistic:
        meant = details.measure.definition if details.measure else ""
        said = dict.fromkeys(place.says for place in details.places)
        who = _whose(figure.party, figure.period, figure.scope, details.condition)
        listed = f"Listed: {', '.join(statistic.members)}" if statistic.members else ""
        text = _sentences(who, _printed(statistic), listed, *said, meant)
    else:
        inputs = [others[each].figure.label for each in details.inputs if each in others]
        text = _sentences(f"From {', and '.join(inputs)}" if inputs else "", *details.reasons)
    title, address = figure.named, f"stat/{figure.id}.html"
    # Of a range its ends are typed, for its middle is printed nowhere.
    is_range = statistic is not None and statistic.is_range
    numbers = (statistic.low, statistic.high) if statistic and is_range else (figure.number,)
    known = (number for number in numbers if number is not None)
    typed = (each for number in known for each in spellings(number, figure.quantity.unit))
    digits = " ".join(dict.fromkeys(typed))
    pages = str(len(details.shown_on))
    return _record(
        FIGURES[figure.is_derived], title, address, figure.id, text, digits=digits, pages=pages
    )


def _whose(*known: str) -> str:
    """Who says something, of when and of what; what is not known is left out."""
    parts = [part for each in known for part in each.split("; ")]
    return ", ".join(part for part in parts if part not in _UNKNOWN)


def _printed(record: Statistic | Event | Item) -> str:
    """The documents' own words for it, with the speaker where the document names one."""
    runs = dict.fromkeys(
        f"“{each.as_printed}”" + (f" ({each.said_by})" if each.said_by else "")
        for each in record.cited
        if each.as_printed
    )
    return f"In print: {'; '.join(runs)}" if runs else ""


def _sentences(*said: str) -> str:
    return " ".join(each if each[-1] in ".?!" else f"{each}." for each in said if each)


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
