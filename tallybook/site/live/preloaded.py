"""Sphinx that is prepared before a build, and restores the last good build after a bad one.

A build is by a new application, as any other is, and so gives what any other gives. What it does
before it looks at the book, half a second for the first and a quarter for others, is done while an
author writes. What a build with a warning leaves behind is replaced by what was there before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from contextlib import ExitStack
from copy import deepcopy
from importlib import import_module
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_book.config import get_final_config
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx, builtin_extensions
from sphinx.config import Config
from sphinx.environment import CONFIG_OK
from sphinx.util import logging
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tallybook.files import state_of, write
from tallybook.site import messages, publish
from tallybook.site.build_state import BUILDS, forget, is_afresh, look_at
from tallybook.site.figure_pages import FOLDER, pages_of

_TEMPLATES = ("page.html", "layout.html")
_EXTENSIONS = ("myst_nb.sphinx_ext", "sphinx_book_theme", "tallybook.sphinx_ext")


def import_all() -> None:
    """Import what a build needs, which takes as long as executing a notebook."""
    for name in (*builtin_extensions, *_EXTENSIONS):
        import_module(name)


class _PreparedSphinx(Sphinx):
    """A Sphinx application that has done what does not depend on the book's pages and data."""

    def _init_builder(self) -> None:
        self.builder.init()

    def finish_and_build(self, tell: Callable[[int], None]) -> None:
        """Do the rest of what an application does when it is made, and build.

        `tell` is called as the build goes on, with how many pages are to go. What it raises ends
        the build, if it is no Exception.
        """
        to_go = 0

        def count(names: Collection[str]) -> None:
            nonlocal to_go
            to_go = len(names)
            tell(to_go)

        def written(*_: object) -> None:
            nonlocal to_go
            to_go = max(to_go - 1, 0)
            tell(to_go)

        builder: Any = self.builder
        prepare_writing = builder.prepare_writing

        def prepare(names: Collection[str]) -> None:
            count(names)
            prepare_writing(names)

        builder.prepare_writing = prepare
        self.connect("env-before-read-docs", lambda _, __, names: count(names))
        self.connect("source-read", lambda *_: tell(to_go))
        self.connect("html-page-context", written)
        self.events.emit("builder-inited")
        self.build()

    def pages(self, wanted: Collection[str], folder: Path) -> dict[str, bytes]:
        """Those of the wanted pages that have changed, by their files on the site.

        Everything is written into the folder, and what was kept of the last build stays as it is.
        There are none where more has changed than pages can be made from without the others: the
        settings, or which pages there are.
        """
        look_at(self, wanted)
        self.events.emit("builder-inited")
        builder: Any = self.builder
        env = self.env
        env.find_files(self.config, builder)
        added, changed, removed = env.get_outdated_files(False)
        for names in self.events.emit("env-get-outdated", env, added, changed, removed):
            changed.update(names)
        if is_afresh(self) or added or removed or env.config_status != CONFIG_OK:
            return {}
        (folder / "_static").symlink_to(Path(self.outdir, "_static"))  # pages name their digests
        self.outdir = builder.outdir = builder.doctreedir = type(builder.outdir)(folder)
        read = sorted(changed & set(wanted))
        self.events.emit("env-before-read-docs", env, read)
        with logging.pending_warnings():
            builder._read_serial(read)
        also = {name for names in self.events.emit("env-updated", env) for name in names or ()}
        shown = sorted({*read, *also} & set(wanted) & env.found_docs)
        builder.prepare_writing(set(shown))
        builder._write_serial(shown)
        builder.copy_image_files()
        figures = [name.removeprefix(f"{FOLDER}/") for name in wanted if name.startswith(FOLDER)]
        for page in pages_of(self, [name for name in figures if name in BUILDS[self].details]):
            builder.handle_page(*page)
        built = folder / "_static"
        written = [
            path for path in folder.rglob("*") if path.is_file() and built not in path.parents
        ]
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in written}
        return {name: found[name] for name in found if not name.endswith(".doctree")}


class PreloadedSphinx:
    """The Sphinx of one book, prepared for one build after another. It is for one thread."""

    def __init__(self, book: Path) -> None:
        self._book = book
        self._site = publish.aside(book)
        self._doctrees = publish.doctrees(book)
        self._open = ExitStack()
        self._prepared: _PreparedSphinx | None = None
        self._warnings = StringIO()
        self._defaults = deepcopy(Config.config_values)
        self._settings = b""
        self._kept: dict[Path, bytes] = {}

    def _prepare(self) -> None:
        self._discard()
        self._settings = self._read_settings()
        self._warnings = StringIO()
        # Extensions add to default lists of settings, which Sphinx has once in a process.
        Config.config_values = deepcopy(self._defaults)
        settings, _ = get_final_config(
            user_yaml=self._book / "_config.yml",
            cli_config=deepcopy(publish.SETTINGS),
            sourcedir=self._book,
        )
        self._open.enter_context(patch_docutils(None))
        self._open.enter_context(docutils_namespace())
        self._prepared = _PreparedSphinx(
            srcdir=self._book,
            confdir=None,
            outdir=self._site,
            doctreedir=self._doctrees,
            buildername="html",
            confoverrides=settings,
            status=None,
            warning=self._warnings,
            warningiserror=True,
            keep_going=True,
            parallel=1,
        )
        for name in _TEMPLATES:
            self._prepared.builder.templates.environment.get_template(name)  # compiles it
        contents = json.dumps(self._prepared.config.external_site_map.as_json())
        if self._prepared.config["use_multitoc_numbering"] and '"numbered": true' in contents:
            self._prepared.setup_extension("sphinx_multitoc_numbering")

    def preview(self, wanted: Collection[str]) -> dict[str, bytes]:
        """Those of the wanted pages that have changed, by their files on the site.

        They are what a build would give, of the book that was handed on, and nothing of it is kept.
        Where something is wrong there are none, and the build says what.
        """
        try:
            with TemporaryDirectory() as folder:
                app = self.make_ready()
                found = app.pages(wanted, Path(folder))
                return {} if app._warncount else found
        except (Exception, SystemExit):
            return {}
        finally:
            self._discard()
            self._finish()

    def build(self, tell: Callable[[int], None]) -> list[str]:
        """Build. Return the problems; if there are any, the site is that of the last good build.

        `tell` is called as it goes on, with how many pages are to go.
        """
        try:
            problems = self._built(tell)
        except (Exception, SystemExit) as error:  # Jupyter Book ends the process for bad settings
            problems = [*self._shown_warnings(), messages.of_error(error)]
        except BaseException:  # the work is ended in the middle of a build
            self._discard()
            self._restore()
            raise
        self._discard()
        if problems:
            self._restore()
        return problems

    def make_ready(self) -> _PreparedSphinx:
        """Do what can be done before anything is saved, unless it is done. Raises where settings
        are wrong.
        """
        if self._prepared is None or self._settings != self._read_settings():
            self._prepare()
        if self._prepared is None:
            raise RuntimeError("Sphinx is not ready")
        return self._prepared

    def _built(self, tell: Callable[[int], None]) -> list[str]:
        app = self.make_ready()
        app.finish_and_build(tell)
        return self._shown_warnings() if app.statuscode else []

    def remember(self) -> None:
        """Remember the site as it is now, to restore it after a bad build or one that is given up.

        What an earlier process has left half-built is not remembered.
        """
        if (self._doctrees / publish.UNFINISHED).exists():
            return
        found = [
            *self._doctrees.rglob("*.doctree"),
            self._doctrees / ENV_PICKLE_FILENAME,
            self._doctrees / "tallybook-figures.json",
            *self._pages(),
        ]
        self._kept = {path: path.read_bytes() for path in found if path.is_file()}

    def _pages(self) -> list[Path]:
        return list(self._site.rglob("*.html"))

    def _finish(self) -> None:
        """What is kept is whole, whatever was begun since."""
        (self._doctrees / publish.UNFINISHED).unlink(missing_ok=True)

    def _restore(self) -> None:
        for path, content in self._kept.items():
            write(path, content)
        for path in self._pages():
            if self._kept and path not in self._kept:
                path.unlink()
        if not self._kept:
            (self._doctrees / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
        self._finish()

    def _discard(self) -> None:
        if self._prepared:
            forget(self._prepared)
        self._prepared = None
        self._open.close()

    def _read_settings(self) -> bytes:
        """What it was prepared for: the settings, and the state of the last build."""
        known = self._doctrees / ENV_PICKLE_FILENAME
        read = [(self._book / name).read_bytes() for name in ("_config.yml", "_toc.yml")]
        return b"\0".join([*read, repr(state_of(known)).encode()])

    def _shown_warnings(self) -> list[str]:
        """The warnings, a line each."""
        lines = self._warnings.getvalue().splitlines()
        return list(dict.fromkeys(line for line in lines if line.strip()))
