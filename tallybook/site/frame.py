"""What a book's settings put around its pages, and all that is wrong with the settings.

The frame is kept in a setting of Sphinx, `tallybook_frame`, by the names of `_config.yml`, so that
pages are written again where it changes. No value is there that the book has not set itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tallybook.errors import BadSettings, Problem, nearest
from tallybook.notebooks import contents, settings, settings_check
from tallybook.notebooks.settings import Settings
from tallybook.site.citations import Edition

if TYPE_CHECKING:
    from sphinx.config import Config

_TYPED = ("html.announcement", "html.extra_footer")
PICTURES = {"logo": "book-logo", "html.favicon": "book-icon"}  # with their names on the site
THEME_OPTIONS = "sphinx.config.html_theme_options"
_FRAME = (
    *_TYPED, *PICTURES, "html.home_page_in_navbar", "html.use_repository_button",
    "html.use_issues_button", "html.use_edit_page_button", "repository.url", "repository.branch",
    "repository.path_to_book", "launch_buttons.notebook_interface", "launch_buttons.binderhub_url",
    "launch_buttons.jupyterhub_url", "launch_buttons.colab_url", "launch_buttons.deepnote_url",
    f"{THEME_OPTIONS}.use_source_button", f"{THEME_OPTIONS}.use_download_button",
)  # fmt: skip
_BY_SCRIPT = "an address is fetched by a script, which pages do not load: write the text itself"
_WITHOUT_ADDRESS = (
    "warning: html.baseurl is missing, so that permanent links and citations of figures name no "
    "address, and there is no sitemap, no feed and no picture for shared links. Once you know "
    "where the site will be, write below html: its whole address, such as baseurl: "
    "https://example.org/book"
)
_RUNS = re.compile(
    r"<\s*(?:[\w-]+:)?(script|foreignObject|iframe|handler|set|animate\w*)\b"
    r"|\s(on\w+)\s*=|(javascript\s*:)|(<!ENTITY)|<\?(xml-stylesheet)",
    re.IGNORECASE,
)


def problems(root: Path) -> list[Problem]:
    """All that is wrong with the settings of a book, and with its table of contents.

    >>> problems(Path("tests/books/kettles"))
    []
    """
    found = settings_check.problems(root)
    given = settings.read(root)
    for name in _TYPED:
        typed = given.get(name)
        if isinstance(typed, str) and (mistake := _mistake(name, typed)):
            found.append(given.problem(name, mistake))
    for name in PICTURES:
        if mistake := _active_in(root, given.get(name)):
            found.append(given.problem(name, mistake))
    return sorted({*found, *contents.problems(root)})


def check(root: Path) -> None:
    """Raises BadSettings where anything is wrong with the settings of a book, or its contents."""
    if found := problems(root):
        raise BadSettings(found)


def without_address(root: Path) -> Problem | None:
    """A warning for the author of a book whose settings do not say where it is published.

    >>> print(without_address(Path("tests/books/kettles")))  # doctest: +ELLIPSIS
    _config.yml: warning: html.baseurl is missing, ...
    """
    return None if settings.read(root).base else Problem(settings.FILE, 0, 0, _WITHOUT_ADDRESS)


def _mistake(name: str, typed: str) -> str:
    """What is wrong with the HTML of a setting."""
    from tallybook.site import html_input  # noqa: PLC0415  # imports Sphinx

    if name == "html.announcement" and re.match(r"\s*https?://\S+\s*$", typed):
        return _BY_SCRIPT
    try:
        html_input.whole(typed)
    except html_input.NotTaken as error:
        return str(error)
    return ""


def _active_in(root: Path, path: Any) -> str:
    """What runs in an SVG of the book; a picture on a page would not, but the file on its own."""
    if not isinstance(path, str) or not path.lower().endswith(".svg"):
        return ""
    if not settings_check.is_within(root, path):
        return ""
    found = _RUNS.search((root / path).read_text(encoding="utf-8", errors="replace"))
    what = next(filter(None, found.groups())) if found else ""
    return f"{path} has {what!r}, which runs: save it as a plain SVG" if found else ""


def edition(given: Settings) -> Edition:
    """What a citation says of a book, by its own settings and no others.

    >>> edition(settings.read(Path("tests/books/kettles")))
    Edition(title='Kettles', author='', copyright='', base='', version='', licence='')
    """
    title, author, copyright_line = (str(given.get(n)) for n in ("title", "author", "copyright"))
    version = str(given.get("sphinx.config.release"))
    licence = str(given.get("sphinx.config.tallybook_licence"))
    return Edition(title, author, copyright_line, given.base, version, licence)


def values(given: Settings) -> dict[str, Any]:
    """The settings that the frame of pages is made of, by their names; of those that are set."""
    found = {name: given.get(name) for name in _FRAME}
    return {**found, "provider": given.provider, "copyright": edition(given).copyright}


def apply(config: Config, given: Settings) -> None:
    """Put the book's own settings in place of Jupyter Book's defaults."""
    of_book = edition(given)
    config.html_title, config.author = of_book.title, of_book.author
    config.copyright, config.html_baseurl = of_book.copyright, of_book.base
    config.project = str(given.get("project", of_book.title))
    config.nb_execution_mode = "off"
    config.tallybook_frame = values(given)
    # The pictures are copied by other names, and the options are the frame's.
    config.html_logo = config.html_favicon = ""
    config.html_theme_options = {}
    double = given.get("parse.myst_dmath_double_inline", None)
    if double is not None:
        config.myst_dmath_double_inline = double


def unknown(config: Config, given: Settings) -> Iterator[Problem]:
    """The settings for Sphinx that neither it nor an extension has."""
    known = [each.name for each in config]
    below = given.get("sphinx.config", {})
    for name in below if isinstance(below, dict) else ():
        if name not in known:
            hint = nearest(name, known) or " Leave it out."
            message = f"no setting of Sphinx or of an extension.{hint}"
            yield given.problem(f"sphinx.config.{name}", message)


def picture(frame: dict[str, Any], name: str) -> str:
    """The name on the site of a picture that a setting names; empty where it names none.

    >>> picture({"logo": "images/Logo.SVG"}, "logo")
    'book-logo.svg'
    """
    path = frame.get(name)
    return f"{PICTURES[name]}{Path(path).suffix.lower()}" if path else ""


def write_pictures(root: Path, frame: dict[str, Any], folder: Path) -> Iterable[str]:
    """Write the pictures that settings name into a folder; return their names there."""
    for name in PICTURES:
        if written := picture(frame, name):
            content = (root / frame[name]).read_bytes()
            path = folder / written
            if not path.is_file() or path.read_bytes() != content:
                path.write_bytes(content)
            yield written
