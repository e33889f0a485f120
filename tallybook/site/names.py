"""Names that a page, a file or an id of a book may not have, since the site needs them itself.

Two pages of one name would be one file of the site, on some file systems also where they differ in
upper and lower case alone. A page that the build writes, such as the search, would take the place
of an author's; so would a file that is put at the root of the site take a page's. All of them are
refused with the file that is to be renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from unicodedata import normalize

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tallybook.charts.data import FOLDER as CHARTS
from tallybook.errors import NotebookFailed
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import staleness, stored
from tallybook.site.build_state import BUILDS, known_page, place_of
from tallybook.site.citations import BOOK, CFF, FORMATS
from tallybook.site.citations import FOLDER as CITED
from tallybook.site.data_package import FILES as DATA_FILES
from tallybook.site.data_package import FOLDER as DATA
from tallybook.site.downloads import LEDGER, SCHEMA
from tallybook.site.figure_pages import FOLDER as FIGURES
from tallybook.site.layout import WRITTEN
from tallybook.site.machines import FEED, SITEMAP
from tallybook.site.provenance import BILL, MADE_OF, SUMS

_PAGES = ("404", "genindex", "modindex", "py-modindex", "search")
_FOLDERS = (CHARTS, CITED, FIGURES, "_static", "_images", "_downloads", "_sources")
_FILES = (
    *(f"{DATA}/{name}" for name in (LEDGER, SCHEMA, *DATA_FILES)), MADE_OF, BILL, SUMS,
    "objects.inv", ".buildinfo", SITEMAP, FEED, CFF, *(f"{BOOK}.{ending}" for ending in FORMATS),
)  # fmt: skip


def connect(app: Sphinx) -> None:
    """Have the names of pages and files looked at before any page is read, ids when one is."""
    app.connect("env-get-outdated", _refuse_names)
    app.connect("doctree-read", _refuse_ids)


def _refuse_names(app: Sphinx, env: BuildEnvironment, *_: object) -> list[str]:
    build, root = BUILDS[app], Path(app.srcdir)
    pages = {name: _shown(env.doc2path(name), root) for name in sorted(env.found_docs)}
    build.problems += of_pages(pages, env.config.root_doc)
    build.problems += _of_second_files(env, pages, root)
    extra = [root / each for each in app.config.html_extra_path]
    build.problems += of_files(root, extra, {f"{name}.html": path for name, path in pages.items()})
    for folder in (root / each for each in app.config.html_static_path):
        for path in (folder / name for name in WRITTEN if (folder / name).exists()):
            build.problems.append(_refused(_shown(path, root), f"_static/{path.name}"))
    build.problems += _of_figures(build.ledger)
    return []


def of_pages(pages: dict[str, str], first: str) -> Iterator[str]:
    """Why pages cannot stand on the site, by their names on it and their files in the book.

    `first` is the name of the first page.

    >>> [*of_pages({"index": "index.md", "stat/more": "stat/more.md"}, "index")]
    ['stat/more.md: the build itself writes what is in stat/: rename the folder']
    >>> [*of_pages({"kettles": "kettles.md", "Kettles": "Kettles.md"}, "kettles")][0]
    'Kettles.md: on many file systems its page would be that of kettles.md: rename one of the two'
    """
    taken: dict[str, str] = {}
    for name, path in sorted(pages.items(), reverse=True):
        folded, folder = _folded(name), _folded(name).partition("/")[0]
        if folded in taken:
            yield (
                f"{path}: on many file systems its page would be that of {taken[folded]}: rename "
                "one of the two"
            )
        taken[folded] = path
        if "/" in name and folder in _FOLDERS:
            yield f"{path}: the build itself writes what is in {folder}/: rename the folder"
        elif folded in _PAGES:
            yield _refused(path, f"{folded}.html")
        elif folded == "index" and first != "index":
            yield (
                f"{path}: the build itself writes index.html, which is the first page, "
                f"{first}: rename the file, or make it the root in _toc.yml"
            )


def of_files(root: Path, given: Iterable[Path], pages: dict[str, str]) -> Iterator[str]:
    """Why files cannot be put at the root of the site, since they would replace another one.

    `given` are files, or folders whose content is meant; `pages` are the files of the book that
    pages are made of, by their paths on the site.
    """
    written = {_folded(name): f"the page of {path}" for name, path in pages.items()}
    own = {_folded(name): name for name in (*_FILES, *(f"{page}.html" for page in _PAGES))}
    for path, name in _put_at_root(given):
        folded, shown = _folded(name), _shown(path, root)
        if folded in own or folded == "index.html" not in written:
            yield _refused(shown, name)
        elif "/" in name and folded.partition("/")[0] in _FOLDERS:
            yield _refused(shown, f"what is in {name.partition('/')[0]}/")
        elif folded in written:
            yield f"{shown}: it would replace {written[folded]}: rename one of the two"
        written[folded] = shown


def _put_at_root(given: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for each in given:
        if each.is_dir():
            found = sorted(path for path in each.rglob("*") if path.is_file())
            yield from ((path, path.relative_to(each).as_posix()) for path in found)
        else:
            yield each, each.name


def _of_second_files(env: BuildEnvironment, pages: dict[str, str], root: Path) -> Iterator[str]:
    """Files of which Sphinx takes one for a page, and silently forgets the other."""
    for name, path in pages.items():
        for suffix in env.config.source_suffix:
            other = f"{name}{suffix}"
            if (
                other != path
                and (root / other).is_file()
                and other not in env.config.exclude_patterns
            ):
                yield (
                    f"{other}: its page would be that of {path}: rename one of the two, or name "
                    "the one that is meant in _toc.yml with its ending"
                )


def _of_figures(ledger: Ledger) -> Iterator[str]:
    """Ids whose page would be the index of all figures."""
    wanted = "index"
    what = f"the id {wanted!r} is taken: stat/{wanted}.html lists all figures. Choose another"
    for records, name in ((ledger.statistics, "id"), (ledger.renamed, "old")):
        if wanted in records:
            yield str(records[wanted].problem((name,), what))
    if wanted in ledger.published:
        for path in stored.paths(ledger.root):
            try:
                if wanted in staleness.published_ids(stored.load(path)):
                    yield f"{_shown(path, ledger.root)}: {what}"
            except NotebookFailed:  # which has ended the build by now
                continue


def _refuse_ids(app: Sphinx, doctree: nodes.document) -> None:
    """Headings and labels whose ids the build sets on the page itself."""
    page = known_page(app.env)
    figures = [each.removeprefix("figure-") for each in page.targets if each.startswith("figure-")]
    ours = {*page.charts, *(f"{kind}-{each}" for kind in ("cite", "card") for each in figures)}
    for node in doctree.findall(nodes.Element):
        is_ours = isinstance(node, nodes.list_item)  # of a list of records
        for each in () if is_ours else node["ids"]:
            if each in ours or each in page.anchors or each.startswith("tb-"):
                title = node.next_node(nodes.title) if isinstance(node, nodes.section) else None
                line = node.line or (title.line if title else None)
                BUILDS[app].problems.append(
                    f"{place_of(app.env, doctree.get('source'), line)}: the build itself sets "
                    f"#{each} on this page: choose another name"
                )


def _refused(path: str, written: str) -> str:
    return f"{path}: the build itself writes {written}: rename the file"


def _folded(name: str) -> str:
    return normalize("NFC", name).casefold()


def _shown(path: Path | str, root: Path) -> str:
    path = Path(path)
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
