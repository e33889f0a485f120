"""A Sphinx extension that leaves out the pages and files of single figures, to tell their cost."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

_MADE_AT = ("html-collect-pages", "build-finished")


def setup(app: Sphinx) -> dict[str, bool]:
    """Take what makes them off its events. Raises ExtensionError where nothing is there to take."""
    listeners = [(event, one) for event in _MADE_AT for one in app.events.listeners[event]]
    ours = [one for _, one in listeners if one.handler.__module__ == "tallybook.site.figure_pages"]
    if len(ours) < len(_MADE_AT):
        raise ExtensionError("tallybook.site.figure_pages makes the pages of figures elsewhere now")
    for one in ours:
        app.disconnect(one.id)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
