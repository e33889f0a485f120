"""Sphinx that is prepared before a build, and restores the last good build after a bad one.

A build is by a new application, as any other is, and so gives what any other gives. What it does
before it looks at the book, half a second for the first and a quarter for others, is done while an
author writes. What a build with a warning leaves behind is replaced by what was there before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from copy import deepcopy
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

from jupyter_book.config import get_final_config
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx, builtin_extensions
from sphinx.config import Config
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tallybook.files import digest_of_states, state_of, write
from tallybook.site import messages, publish
from tallybook.site.policy import THEME

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

    def finish_and_build(self, when_written: Callable[[], None], *, has_assets: bool) -> None:
        """Do the rest of what an application does when it is made, and build.

        Where the site has its assets they are copied when the pages are written.
        """
        builder: Any = self.builder
        copy_assets = builder.copy_assets

        def copy_late(*_: Any) -> list[Any]:
            if not self._warncount:
                when_written()
            if has_assets:
                copy_assets()
            return []

        if has_assets:
            builder.copy_assets = lambda: None
        self.connect("html-collect-pages", copy_late, priority=0)
        self.events.emit("builder-inited")
        self.build()


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
        self._assets = ""

    def prepare(self) -> None:
        """Do what can be done before anything is saved. Raises where settings are wrong."""
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

    def build(self, when_written: Callable[[], None]) -> list[str]:
        """Build. Return the problems; if there are any, the site is that of the last good build.

        `when_written` is called when the pages of the book are written, and nothing is wrong yet;
        the pages of figures, files and search may still be those of before.
        """
        try:
            if self._prepared is None or self._settings != self._read_settings():
                self.prepare()
            problems = self._built(when_written)
        except (Exception, SystemExit) as error:  # Jupyter Book ends the process for bad settings
            problems = [*self._shown_warnings(), messages.of_error(error)]
        except BaseException:  # the work is ended in the middle of a build
            self._restore()
            raise
        self._discard()
        if problems:
            self._restore()
        return problems

    def _built(self, when_written: Callable[[], None]) -> list[str]:
        app = self._prepared
        if app is None:
            raise RuntimeError("Sphinx is not ready")
        folders = [each for each in app.config.html_static_path if not Path(each).is_absolute()]
        own = [path for path in (self._book / name for name in folders) if path.is_dir()]
        assets = digest_of_states([THEME, *own])
        app.finish_and_build(when_written, has_assets=assets == self._assets)
        self._assets = assets
        return self._shown_warnings() if app.statuscode else []

    def remember(self) -> None:
        """Remember the site as it is now, to restore it after a bad build."""
        found = [
            *self._doctrees.rglob("*.doctree"),
            self._doctrees / ENV_PICKLE_FILENAME,
            self._doctrees / "tallybook-figures.json",
            *self._pages(),
        ]
        self._kept = {path: path.read_bytes() for path in found if path.is_file()}

    def _pages(self) -> list[Path]:
        return list(self._site.rglob("*.html"))

    def _restore(self) -> None:
        for path, content in self._kept.items():
            write(path, content)
        for path in self._pages():
            if self._kept and path not in self._kept:
                path.unlink()
        if not self._kept:
            (self._doctrees / ENV_PICKLE_FILENAME).unlink(missing_ok=True)

    def _discard(self) -> None:
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
