"""Builds that are whole, whatever happened to the ones before.

A mark stands beside the doctrees while a build is at work. Where it stands already, the folder to
build in is not as Sphinx left it, or another maker left it (another version of this package, a
build without its extension, other settings that every page shows), nothing that was kept is
trusted: every page is read and written again. A page is read again too where a file that it is
made of is not the one that was read: Sphinx compares times, and a clock that was set back, or an
edit while a page is read, would escape it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from weakref import WeakKeyDictionary

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase

from tallybook.files import PACKAGE, Snapshot, State, locked, write
from tallybook.site.build_state import PerPage
from tallybook.site.publish import UNFINISHED, aside

LOGGER = logging.getLogger(__name__)
_KEPT = "tallybook-*"  # beside the doctrees: what was made by whom and of what
_MAKER = "tallybook-maker"
_LIBRARIES = ("sphinx", "jinja2")
# Sphinx writes pages again where one of these is another, but reads none again.
_SHOWN_SETTINGS = (
    "html_title", "project", "author", "copyright", "language", "html_baseurl", "html_theme",
    "html_theme_options", "html_css_files", "html_js_files", "root_doc",
)  # fmt: skip
_STATES = PerPage("states")  # of the files that it was made of, by their paths


@dataclass
class _Build:
    is_afresh: bool
    alone: ExitStack
    files: Snapshot
    read: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)


_BUILDS: WeakKeyDictionary[Sphinx, _Build] = WeakKeyDictionary()


def connect(app: Sphinx) -> None:
    """Connect to the events of a Sphinx application, before and after everything else."""
    app.connect("builder-inited", _begin, priority=0)
    app.connect("env-get-outdated", _pages_to_read_again, priority=0)
    app.connect("env-before-read-docs", _mark)
    _STATES.connect(app)
    app.connect("env-updated", _note_states)
    app.connect("build-finished", _end, priority=1000)


def _begin(app: Sphinx) -> None:
    alone = ExitStack()
    # Jupyter Book's own command may build while `tallybook` does.
    alone.enter_context(locked(Path(app.srcdir), LOGGER.info))
    is_unfinished = Path(app.doctreedir, UNFINISHED).exists()
    is_foreign = app.builder.format == "html" and not Path(app.outdir, ".buildinfo").is_file()
    maker = _maker(app)
    is_afresh = is_unfinished or is_foreign or not _is_made_by(app, maker)
    _BUILDS[app] = _Build(is_afresh, alone, Snapshot(Path(app.srcdir)))
    if is_afresh:
        _clear(app)
    write(Path(app.doctreedir, _MAKER), maker)
    app.env.tallybook_maker = maker  # type: ignore[attr-defined]


def _is_made_by(app: Sphinx, maker: str) -> bool:
    """Whether what is there to build upon was left by this maker."""
    noted = Path(app.doctreedir, _MAKER)
    if not noted.is_file() or noted.read_text(encoding="utf-8") != maker:
        return False
    # A build without the extension leaves the note as it is, but an environment without the mark.
    # There is none after a build with warnings.
    is_ours = getattr(app.env, "tallybook_maker", "") == maker
    return is_ours or not Path(app.doctreedir, ENV_PICKLE_FILENAME).exists()


def _maker(app: Sphinx) -> str:
    """A digest of all that makes pages but their own sources: this package with its theme, two
    libraries, the book's own scripts and styles, and the settings that every page shows.
    """
    hashed = hashlib.sha256()
    settings = [getattr(app.config, name) for name in _SHOWN_SETTINGS]
    hashed.update(repr([*map(version, _LIBRARIES), *settings]).encode())
    for folder in (PACKAGE, *(Path(app.confdir, name) for name in app.config.html_static_path)):
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            if path.suffix != ".pyc":
                name = path.relative_to(folder).as_posix()
                hashed.update(name.encode() + b"\0" + path.read_bytes())
    return hashed.hexdigest()


def _clear(app: Sphinx) -> None:
    """Remove what is there to build upon; of a folder that is not ours, only what we keep."""
    for path in Path(app.doctreedir).glob(_KEPT):
        if path.name != UNFINISHED:  # until this build has ended
            path.unlink()
    out = Path(app.outdir)
    if out == aside(Path(app.srcdir)) and out.exists():
        shutil.rmtree(out)
        out.mkdir()


def _pages_to_read_again(
    app: Sphinx, env: BuildEnvironment, _: set[str], __: set[str], removed: set[str]
) -> list[str]:
    build = _BUILDS[app]
    build.removed = removed
    if build.is_afresh:
        return sorted(env.found_docs)
    known = _STATES.of(env)
    return [name for name in sorted(env.found_docs) if known.get(name) != _states_now(app, name)]


def _mark(app: Sphinx, _: BuildEnvironment, names: list[str]) -> None:
    _BUILDS[app].read.update(names)
    Path(app.doctreedir, UNFINISHED).touch()


def _states_now(app: Sphinx, docname: str) -> dict[str, State | None]:
    """The states, when this build began, of the files that a page was made of when it was read."""
    env = app.env
    made_from = (str(Path(app.srcdir, each)) for each in env.dependencies[docname])
    paths = [env.doc2path(docname), *made_from]
    return {path: _BUILDS[app].files.state(path) for path in sorted(paths)}


def _note_states(app: Sphinx, env: BuildEnvironment) -> None:
    for name in _BUILDS[app].read & env.found_docs:
        _STATES.of(env)[name] = _states_now(app, name)


def _end(app: Sphinx, exception: Exception | None) -> None:
    build = _BUILDS.pop(app, None)
    if build is None:  # it did not even begin
        return
    with build.alone:
        if exception and app.phase is not BuildPhase.READING:
            return  # something may be written by half
        if exception is None and app.builder.format == "html":
            _remove_leftovers(app, build.removed)
        if app.warningiserror and app._warncount:
            # Sphinx would not read the pages again that it warned of, and be silent the next time.
            Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
        Path(app.doctreedir, UNFINISHED).unlink(missing_ok=True)


def _remove_leftovers(app: Sphinx, removed: Iterable[str]) -> None:
    """Remove the pages that are no more, and the files that no page shows."""
    out, env = Path(app.outdir), app.env
    gone = [out / f"{name}.html" for name in removed]
    gone += [path for name in removed for path in (out / "_sources").glob(f"{name}.*")]
    for folder, kept in (("_images", env.images), ("_downloads", env.dlfiles)):
        shown = {out / folder / name for _, name in kept.values()}
        found = (path for path in (out / folder).rglob("*") if path.is_file())
        gone += [path for path in found if path not in shown]
    for path in gone:
        path.unlink(missing_ok=True)
