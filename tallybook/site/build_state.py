"""What is known of a build, and what is trusted from one build to the next.

A mark stands beside the doctrees while a build is at work. Where it stands already, the folder to
build in is not as Sphinx left it, or another maker left it (another version of this package, a
build without its extension, other settings that every page shows), nothing that was kept is
trusted: every page is read and written again.

A page is read again too where a file that it is made of is not the one that was read: Sphinx
compares times, and a clock that was set back, or an edit while a page is read, would escape it. So
it is where the ledger would answer otherwise what the page asked of it, or where the page shows
what the site is made of, and that is something else now.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase

from tallybook.charts.drawings import Drawings
from tallybook.files import PACKAGE, Snapshot, State, is_left_out, locked, states_below, write
from tallybook.ledger import tracking
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Source
from tallybook.ledger.tracking import Reads, TrackedLedger, tracked
from tallybook.site import checksums, figure_details, messages, pages, provenance
from tallybook.site.citations import Edition
from tallybook.site.figure_details import FigureDetails
from tallybook.site.pages import Page
from tallybook.site.provenance import MadeOf
from tallybook.site.publish import UNFINISHED, aside, kept_in

LOGGER = logging.getLogger(__name__)
_KEPT = "tallybook-*"  # beside the doctrees: what was made by whom and of what
_MAKER = "tallybook-maker"
_LEFT = "tallybook-left.json"  # the files of the site when a build has ended
_LIBRARIES = ("sphinx", "jinja2", "pyarrow")
# Sphinx writes pages again where one of these is another, but reads none again.
_SHOWN_SETTINGS = (
    "html_title", "project", "author", "copyright", "release", "language", "html_baseurl",
    "html_theme", "html_theme_options", "html_css_files", "html_js_files", "root_doc",
    "html_secnumber_suffix", "bibtex_default_style", "bibtex_reference_style", "tallybook_licence",
)  # fmt: skip


# What is known of a build


@dataclass
class Build:
    """What one build knows: the ledger, with all derived figures, and what went wrong on pages.

    `tracked` is the ledger as each page asks it while it is read; `contents` are the parts of the
    table of contents, once all pages are read.
    """

    ledger: Ledger
    drawings: Drawings
    problems: list[str] = field(default_factory=list)
    tracked: dict[str, TrackedLedger] = field(default_factory=dict)
    contents: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def details(self) -> Mapping[str, FigureDetails]:
        """What is to be known of every figure, by its id."""
        return figure_details.AllDetails(self.ledger, self.listed)

    @cached_property
    def listed(self) -> list[Page]:
        """The pages of the book, in the order of its contents."""
        return pages.read(self.ledger)


BUILDS: WeakKeyDictionary[Sphinx, Build] = WeakKeyDictionary()
_LOOKED_AT: WeakKeyDictionary[Sphinx, frozenset[str]] = WeakKeyDictionary()


def look_at(app: Sphinx, names: Iterable[str]) -> None:
    """Have a build be one of these pages alone, of which nothing is kept."""
    _LOOKED_AT[app] = frozenset(names)


def made_pages(app: Sphinx, names: Iterable[str]) -> list[str]:
    """Those of some pages that a build makes: all, or those that are looked at."""
    return [name for name in names if app not in _LOOKED_AT or name in _LOOKED_AT[app]]


@dataclass
class KnownPage:
    """What is known of a page from when it is read until it is read again.

    `anchors` are those of what it explains, `targets` those of what it names. `charts` are the
    specifications of its charts by their ids, `sections` the titles, anchors and texts of its
    sections. The others tell whether it is to be read again: `reads` what it asked of the ledger,
    with the answers, `states` those of the files that it was made of, by their paths, and `made_of`
    what the site is made of, on a page that shows it.
    """

    anchors: set[str] = field(default_factory=set)
    targets: list[str] = field(default_factory=list)
    charts: dict[str, Any] = field(default_factory=dict)
    sections: list[tuple[str, str, str]] = field(default_factory=list)
    reads: dict[str, str] = field(default_factory=dict)
    states: dict[str, State | None] = field(default_factory=dict)
    made_of: MadeOf | None = None


def known_pages(env: BuildEnvironment) -> dict[str, KnownPage]:
    """What is known of all pages, by their names."""
    if not hasattr(env, "tallybook_pages"):
        env.tallybook_pages = {}  # type: ignore[attr-defined]
    found: dict[str, KnownPage] = env.tallybook_pages  # type: ignore[attr-defined]
    return found


def known_page(env: BuildEnvironment, docname: str = "") -> KnownPage:
    """What is known of a page; without a name, of the one that is being read."""
    return known_pages(env).setdefault(docname or env.docname, KnownPage())


def _forget(_: Sphinx, env: BuildEnvironment, docname: str) -> None:
    known_pages(env).pop(docname, None)


def _merge(_: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over what another process has read."""
    known_pages(env).update((name, known_page(other, name)) for name in docnames)


def ledger_of(env: BuildEnvironment) -> Ledger:
    """The ledger, derived figures included, for the page that is being read: what is asked of it
    is noted, so that the page is read again when the answer is another.
    """
    build = BUILDS[env.app]
    if env.docname not in build.tracked:
        build.tracked[env.docname] = tracked(build.ledger, Reads())
    return build.tracked[env.docname]


def add_anchor(env: BuildEnvironment, anchor: str) -> bool:
    """Add the anchor of what a page explains. Whether it is the first such on the page."""
    anchors = known_page(env).anchors
    is_first = anchor not in anchors
    anchors.add(anchor)
    return is_first


def page_of_anchor(env: BuildEnvironment, anchor: str, seen_from: str = "") -> str | None:
    """The page that has an anchor: the one that is seen, if it has, or the first by name."""
    # Several pages may list the same source; a reader stays on the page that is seen.
    found = [name for name, page in known_pages(env).items() if anchor in page.anchors]
    return seen_from if seen_from in found else min(found, default=None)


def contents_of(env: BuildEnvironment) -> str:
    """A digest of what every page shows: titles, numbers and order of all pages, and the frame."""
    titles = sorted((name, title.astext()) for name, title in env.titles.items())
    listed = json.dumps(env.config.external_site_map.as_json(), sort_keys=True)
    frame = sorted(env.config.tallybook_frame.items())
    numbers = sorted(env.toc_secnumbers.items())
    newest = newest_document(BUILDS[env.app].ledger)
    dated = newest and (newest.id, str(newest.published))
    shown = repr((titles, numbers, sorted(env.toctree_includes.items()), listed, frame, dated))
    return hashlib.sha256(shown.encode()).hexdigest()


def newest_document(ledger: Ledger) -> Source | None:
    """The source that was published last; None where no date of any is known."""
    ends = ((each.published.last, each.id) for each in ledger.sources.values())
    dated = [(last, wanted) for last, wanted in ends if last]
    return ledger.sources[max(dated)[1]] if dated else None


def references_of(env: BuildEnvironment) -> str:
    """A digest of what a page can have of others: the places that references lead to, with their
    titles and numbers, and the names of pictures, which are numbered where two are the same.
    """
    std = [each for each in env.domaindata["std"].values() if isinstance(each, dict)]
    slugs = [(name, found.get("myst_slugs")) for name, found in env.metadata.items()]
    places = [each.items() for each in (*std, env.toc_secnumbers, env.toc_fignumbers)]
    pictures = [(path, name) for path, (_, name) in env.images.items()]
    shown = [sorted(map(repr, each)) for each in (*places, slugs, pictures)]
    return hashlib.sha256(repr(shown).encode()).hexdigest()


def edition_of(config: Config) -> Edition:
    """What a citation says of the book, as its settings have it."""
    return Edition(
        title=config.html_title,
        author=config.author,
        copyright=config.copyright,
        base=config.html_baseurl or "",
        version=config.release,
        licence=config.tallybook_licence,
    )


def place_of(env: BuildEnvironment, source: str | None, line: int | None) -> str:
    """Where something stands, for a person: the page, and its line or its cell."""
    path = Path(source or env.doc2path(env.docname))
    shown = path.relative_to(env.srcdir) if path.is_relative_to(env.srcdir) else path
    return messages.place(shown.as_posix(), line)


# What is trusted from one build to the next


@dataclass
class _Trust:
    """What one build trusts: nothing where it `is_afresh`; `files` are as they were when it began.

    `alone` holds the lock of the book; `read` are pages.
    """

    is_afresh: bool
    alone: ExitStack
    files: Snapshot
    read: set[str] = field(default_factory=set)


_TRUST: WeakKeyDictionary[Sphinx, _Trust] = WeakKeyDictionary()


def connect(app: Sphinx) -> None:
    """Connect to the events of a Sphinx application, before and after everything else."""
    app.connect("builder-inited", _begin, priority=0)
    app.connect("env-get-outdated", _pages_to_read_again, priority=0)
    app.connect("env-before-read-docs", _mark)
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _note_states)
    app.connect("build-finished", _end, priority=1000)


def _begin(app: Sphinx) -> None:
    alone = ExitStack()
    # Jupyter Book's own command may build while `tallybook` does.
    alone.enter_context(locked(Path(app.srcdir), LOGGER.info))
    is_unfinished = Path(app.doctreedir, UNFINISHED).exists()
    if app in _LOOKED_AT:  # in a process that is ended where what makes the pages has changed
        _TRUST[app] = _Trust(is_unfinished, alone, Snapshot(Path(app.srcdir)))
        return
    is_foreign = app.builder.format == "html" and not Path(app.outdir, ".buildinfo").is_file()
    maker = _maker(app)
    is_afresh = is_unfinished or is_foreign or not _is_made_by(app, maker) or not _is_whole(app)
    _TRUST[app] = _Trust(is_afresh, alone, Snapshot(Path(app.srcdir)))
    if is_afresh:
        _clear(app)
    write(Path(app.doctreedir, _MAKER), maker)
    app.env.tallybook_maker = maker  # type: ignore[attr-defined]


def is_afresh(app: Sphinx) -> bool:
    """Whether this build trusts nothing of an earlier one."""
    return _TRUST[app].is_afresh


def forget(app: Sphinx) -> None:
    """Forget a build that is not to end."""
    if trust := _TRUST.pop(app, None):
        trust.alone.close()
    if build := BUILDS.pop(app, None):
        build.drawings.stop()


def _is_made_by(app: Sphinx, maker: str) -> bool:
    """Whether what is there to build upon was left by this maker."""
    noted = Path(app.doctreedir, _MAKER)
    if not noted.is_file() or noted.read_text(encoding="utf-8") != maker:
        return False
    # A build without the extension leaves the note as it is, but an environment without the mark.
    # There is none after a build with warnings.
    is_ours = getattr(app.env, "tallybook_maker", "") == maker
    return is_ours or not Path(app.doctreedir, ENV_PICKLE_FILENAME).exists()


def _is_whole(app: Sphinx) -> bool:
    """Whether all files are there that the last build has left, of which somebody may delete some.

    Sphinx itself would miss only the pages of documents.
    """
    there = states_below(Path(app.outdir))
    return all(name in there for name in kept_in(Path(app.doctreedir, _LEFT)))


def _maker(app: Sphinx) -> str:
    """A digest of all that makes the site but the sources of pages: this package with its theme,
    three libraries, what the book adds of its own (scripts, styles, files to copy, extensions of
    Sphinx), and the settings that every page shows.
    """
    hashed = hashlib.sha256()
    settings = [getattr(app.config, name, "") for name in _SHOWN_SETTINGS]
    hashed.update(repr([*map(version, _LIBRARIES), *settings]).encode())
    given = [*app.config.html_static_path, *app.config.html_extra_path]
    for folder in (PACKAGE, *(Path(app.confdir, name) for name in given)):
        for path in sorted(each for each in (folder, *folder.rglob("*")) if each.is_file()):
            if path.suffix != ".pyc":
                name = path.relative_to(folder).as_posix()
                hashed.update(name.encode() + b"\0" + path.read_bytes())
    for path in _own_modules(Path(app.srcdir)):
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _own_modules(book: Path) -> list[Path]:
    """The modules of a book that Sphinx has loaded: its extensions, and what these import."""
    loaded = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    found = {Path(each).resolve() for each in loaded if each}
    return sorted(
        path
        for path in found
        if path.is_relative_to(book)
        and path.is_file()
        and not any(is_left_out(each) for each in path.parents if each.is_relative_to(book))
    )


def _clear(app: Sphinx) -> None:
    """Remove what is there to build upon; of a folder that is not ours, only what we keep."""
    for path in Path(app.doctreedir).glob(_KEPT):
        if path.name != UNFINISHED:  # until this build has ended
            path.unlink()
    out = Path(app.outdir)
    if out == aside(Path(app.srcdir)) and out.exists():
        shutil.rmtree(out)
        out.mkdir()


def _pages_to_read_again(app: Sphinx, env: BuildEnvironment, *_: set[str]) -> list[str]:
    if is_afresh(app):
        return sorted(env.found_docs)
    ledger = BUILDS[app].ledger
    # The commit is no file that could be compared, and takes a while to ask for.
    is_shown = any(page.made_of for page in known_pages(env).values())
    made_of = provenance.made_of(ledger) if is_shown else None

    def is_trusted(docname: str) -> bool:
        page = known_page(env, docname)
        return (
            page.states == _states_now(app, docname)
            and not any(tracking.changes(page.reads, ledger))
            and page.made_of in (None, made_of)
        )

    return [name for name in made_pages(app, sorted(env.found_docs)) if not is_trusted(name)]


def _mark(app: Sphinx, _: BuildEnvironment, names: list[str]) -> None:
    _TRUST[app].read.update(names)
    Path(app.doctreedir, UNFINISHED).touch()


def _states_now(app: Sphinx, docname: str) -> dict[str, State | None]:
    """The states, when this build began, of the files that a page was made of when it was read."""
    env = app.env
    made_from = (str(Path(app.srcdir, each)) for each in env.dependencies[docname])
    paths = [env.doc2path(docname), *made_from]
    return {path: _TRUST[app].files.state(path) for path in sorted(paths)}


def _note_states(app: Sphinx, env: BuildEnvironment) -> None:
    for name in _TRUST[app].read & env.found_docs:
        known_page(env, name).states = _states_now(app, name)


def _end(app: Sphinx, exception: Exception | None) -> None:
    trust = _TRUST.pop(app, None)
    if trust is None:  # it did not even begin
        return
    with trust.alone:
        if exception and app.phase is not BuildPhase.READING:
            return  # something may be written by half
        if exception is None and app.builder.format == "html":
            checksums.write_file(Path(app.outdir))
            left = states_below(Path(app.outdir))
            write(Path(app.doctreedir, _LEFT), json.dumps(dict.fromkeys(sorted(left))))
        # Sphinx takes the first back where it is to go on after a warning.
        if (app.warningiserror or app.keep_going) and app._warncount:
            # Sphinx would not read the pages again that it warned of, and be silent the next time.
            Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
        Path(app.doctreedir, UNFINISHED).unlink(missing_ok=True)


def remove_leftovers(app: Sphinx) -> None:
    """Remove the pages that are no more, and the files that no page shows."""
    out, env, doctrees = Path(app.outdir), app.env, Path(app.doctreedir)
    # Sphinx keeps the doctree of a page for ever, and names a page that is gone to one build alone,
    # which may have failed.
    known = {path.relative_to(doctrees).with_suffix("") for path in doctrees.rglob("*.doctree")}
    removed = {path.as_posix() for path in known} - env.found_docs
    gone = [doctrees / f"{name}.doctree" for name in removed]
    gone += [out / f"{name}.html" for name in removed]
    more = ("", env.config.html_sourcelink_suffix)
    endings = [f"{end}{each}" for end in env.config.source_suffix for each in more]
    gone += [out / "_sources" / f"{name}{end}" for name in removed for end in endings]
    for folder, kept in (("_images", env.images), ("_downloads", env.dlfiles)):
        shown = {out / folder / name for _, name in kept.values()}
        found = (path for path in (out / folder).rglob("*") if path.is_file())
        gone += [path for path in found if path not in shown]
    for path in gone:
        path.unlink(missing_ok=True)
