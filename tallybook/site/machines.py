"""What programs that visit a site find there: its pages, a feed of changed figures, citations.

What has to name whole addresses (sitemap, feed) is there only where the settings say the site's.
Each file is made of the ledger, the settings and the names of pages, so that the audit can make it
again and compare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from sphinx.application import Sphinx

from tallybook.files import write
from tallybook.ledger import history
from tallybook.ledger.history import Step
from tallybook.ledger.ledger import Ledger
from tallybook.site import cards, citations
from tallybook.site.build_state import BUILDS, edition_of
from tallybook.site.citations import Edition

ROBOTS, SITEMAP, FEED = "robots.txt", "sitemap.xml", "feed.xml"
# Pages that nobody looks for: of wrong addresses, and to search from.
UNLISTED = ("404.html", "search.html", "genindex.html")
_XML = '<?xml version="1.0" encoding="utf-8"?>'
_PAGES = "http://www.sitemaps.org/schemas/sitemap/0.9"
_ATOM = "http://www.w3.org/2005/Atom"


def robots(edition: Edition) -> str:
    """The file by which robots are let in, and told of the sitemap."""
    lines = ["User-agent: *", "Allow: /"]
    lines += [f"Sitemap: {edition.at(SITEMAP)}"] if edition.base else []
    return "\n".join([*lines, ""])


def sitemap(names: Iterable[str], ledger: Ledger, edition: Edition, first: str) -> str:
    """The addresses of all pages, by their files on the site; "" where the site has no address.

    Pages that lead on, from an old id or from the site's root to the first page, are left out, and
    so are cards.
    """
    if not edition.base:
        return ""
    left_out = {*UNLISTED, *(f"stat/{old}.html" for old in ledger.renamed)}
    left_out |= {cards.path(wanted) for wanted in (*ledger.statistics, *ledger.published)}
    left_out |= {"index.html"} if first != "index" else set()
    found = (edition.at(quote(name)) for name in sorted(names) if name not in left_out)
    entries = [f"<url><loc>{escape(address)}</loc></url>" for address in found]
    return "\n".join([_XML, f'<urlset xmlns="{_PAGES}">', *entries, "</urlset>", ""])


def feed(ledger: Ledger, edition: Edition, language: str) -> str:
    """The changes of figures as an Atom feed, the newest first.

    "" where the site has no address, or no change is recorded.
    """
    steps = history.newest_first(ledger)
    if not (edition.base and steps):
        return ""
    home, own = edition.at(""), edition.at(FEED)
    head = [
        f"<id>{escape(own)}</id>",
        f"<title>{escape(edition.title)}: changed figures</title>",
        f"<updated>{_moment(steps[0])}</updated>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(own)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(home)}/>',
        f"<author><name>{escape(edition.author or edition.title)}</name></author>",
    ]
    entries = (line for step in steps for line in _entry(step, ledger, edition))
    opened = f'<feed xmlns="{_ATOM}" xml:lang={quoteattr(language)}>'
    return "\n".join([_XML, opened, *head, *entries, "</feed>", ""])


def _entry(step: Step, ledger: Ledger, edition: Edition) -> Iterator[str]:
    """One change; that of a figure that is gone leads to the index of all figures."""
    own = f"{edition.at(f'stat/{step.figure}.html')}#{history.anchor(step)}"
    last = history.steps(ledger, step.figure)[-1]
    is_gone = last.what == "gone"
    if is_gone:
        named = history.called(last)
    else:
        figure = ledger.figure(step.figure)
        named = f"{figure.named} ({figure.party})"
    to = edition.at("stat/index.html") if is_gone else own
    text = "".join(text for _, text in history.told(step))
    yield "<entry>"
    yield f"<id>{escape(own)}</id>"
    yield f"<title>{escape(named)}</title>"
    yield f"<updated>{_moment(step)}</updated>"
    yield f'<link rel="alternate" type="text/html" href={quoteattr(to)}/>'
    yield f'<summary type="text">{escape(text)}</summary>'
    yield "</entry>"


def _moment(step: Step) -> str:
    # A record has a day; a feed wants a moment.
    return f"{step.date.text}T00:00:00Z"


def cited_pages(titles: dict[str, str], edition: Edition, first: str) -> dict[str, str]:
    """The files by which the book and its pages are cited, by their paths on the site."""
    found = dict(citations.files_of(citations.BOOK, citations.of_book(edition)))
    for name, title in titles.items():
        if name != first:
            work = citations.of_page(edition, name, title)
            found |= citations.files_of(citations.name_of_page(name, first), work)
    if whole := citations.cff(edition):
        found[citations.CFF] = whole
    return found


def write_files(app: Sphinx) -> None:
    """Write all of these, and remove those of pages that are no more."""
    out, edition, ledger = Path(app.outdir), edition_of(app.config), BUILDS[app].ledger
    first = app.config.root_doc
    names = [path.relative_to(out).as_posix() for path in out.rglob("*.html")]
    titles = {name: app.env.titles[name].astext() for name in app.env.found_docs}
    made = {
        ROBOTS: robots(edition),
        SITEMAP: sitemap(names, ledger, edition, first),
        FEED: feed(ledger, edition, app.config.language or "en"),
        **cited_pages(titles, edition, first),
    }
    given = _given(app)
    for name, text in made.items():
        if text and name not in given:
            write(out / name, text)
    _remove_others(out, {name for name, text in made.items() if text} | given)


def _given(app: Sphinx) -> set[str]:
    """The file for robots, where a book brings one of its own."""
    paths = [Path(app.confdir, each) for each in app.config.html_extra_path]
    has_own = any(path.name == ROBOTS or (path / ROBOTS).is_file() for path in paths)
    return {ROBOTS} if has_own else set()


def _remove_others(out: Path, kept: Collection[str]) -> None:
    for name in (SITEMAP, FEED, citations.CFF):
        if name not in kept:
            (out / name).unlink(missing_ok=True)
    folder = out / citations.FOLDER
    for path in folder.rglob("*") if folder.is_dir() else ():
        if path.is_file() and path.relative_to(out).as_posix() not in kept:
            path.unlink()
