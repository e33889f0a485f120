"""A Sphinx extension that leaves out the pages and files of single figures, to tell their cost."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tallybook.site import figure_pages

_MADE_AT = "html-collect-pages"


def setup(app: Sphinx) -> dict[str, bool]:
    """Leave out what makes them. Raises ExtensionError where there is nothing to leave out."""
    listeners = app.events.listeners[_MADE_AT]
    ours = [one for one in listeners if one.handler.__module__ == figure_pages.__name__]
    if not ours or not hasattr(figure_pages, "write_files"):
        raise ExtensionError(f"{figure_pages.__name__} makes the pages of figures elsewhere now")
    for one in ours:
        app.disconnect(one.id)
    figure_pages.write_files = lambda _: None
    return {"parallel_read_safe": True, "parallel_write_safe": True}
