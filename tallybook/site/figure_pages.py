"""The page of a figure, the index of all of them, and the notes on the figures of a page, as HTML.

What comes from the data is escaped by the templates' own rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from tallybook.ledger.ledger import Ledger
from tallybook.reading.numerals import has_numeral
from tallybook.site.citing import Edition
from tallybook.site.figure_details import Facts

MOST_PLACES, MOST_INPUTS = 2, 4  # that a note names


@dataclass(frozen=True)
class Target:
    """A place of the site by its title and its address, which is "" where there is none."""

    title: str
    address: str


@dataclass(frozen=True)
class Site:
    """What the pages of figures are made from.

    `home` gives the address of what an anchor such as "source-wtr-2018" is the home of, or "";
    `page` the page of a path in the book, at the place that shows the figure of the given id. Both
    are as seen from the folder of the figures' pages.
    """

    ledger: Ledger
    facts: Mapping[str, Facts]
    edition: Edition
    home: Callable[[str], str]
    page: Callable[[str, str], Target]


def figure_page(site: Site, wanted: str) -> str:
    """The page of one figure."""
    facts = site.facts[wanted]
    party = re.sub(r"[^a-z0-9]+", "-", facts.figure.party.lower()).strip("-")
    return (
        _template("figure.html")
        .render(
            facts=facts,
            all=site.facts,
            ledger=site.ledger,
            edition=site.edition,
            home=site.home,
            page=lambda path: site.page(path, wanted),
            party_class=f"tb-party-{party}",
            permanent=site.edition.address(facts.figure) if site.edition.base else f"{wanted}.html",
        )
        .strip()
    )


def described(facts: Facts) -> str:
    """A figure in one sentence, for those who show a link to its page."""
    figure = facts.figure
    if facts.statistic:
        said = f"{figure.party} states: {figure.words} {figure.label}; {figure.period}"
        return f"{said}; {figure.scope}."
    return f"{figure.words} {figure.label}: computed here from {len(facts.inputs)} stated figures."


def index_page(site: Site) -> str:
    """The page with all figures in one table."""
    return _template("figures.html").render(all=site.facts.values()).strip()


def table_filter() -> str:
    """The field that filters the rows of the table behind it, once a script shows it."""
    return _template("filter.html").render().strip()


def notes(ledger: Ledger, shown: Iterable[Facts]) -> str:
    """The notes on the figures of a page, in the order of their numbers."""

    def named(wanted: str) -> Markup:
        if wanted in ledger.events:
            return Markup("the date of: {}").format(ledger.events[wanted].label)
        figure = ledger.figure(wanted)
        words, label = (marked(n, wanted, getattr(figure, n)) for n in ("words", "label"))
        return Markup("{} {} ({})").format(words, label, figure.party)

    most = {"most_places": MOST_PLACES, "most_inputs": MOST_INPUTS}
    return _template("notes.html").render(notes=list(shown), named=named, **most).strip()


def marked(kind: str, wanted: str, text: object) -> Markup:
    """A text that the ledger has under a reference, marked with it where it holds a numeral."""
    said = escape(text)
    if not has_numeral(str(text)):
        return said
    return Markup('<span data-of="{}:{}">{}</span>').format(kind, wanted, said)


def search_page(*, index: str, engine: str) -> str:
    """The page that searches; the files with the index and the engine are loaded on a search."""
    return _template("search.html").render(index=index, engine=engine).strip()


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
    made.globals["of"] = marked
    return made


def _template(name: str) -> Template:
    return _environment().get_template(name)
