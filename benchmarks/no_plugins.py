"""A Sphinx extension for the stock twin: MyST-NB shows outputs as if tallybook were not installed.

Its entry point would be asked for our charts and tables, and fail without our extension.
"""

from __future__ import annotations

from myst_nb.core import render
from sphinx.application import Sphinx


def setup(_: Sphinx) -> dict[str, bool]:
    """Hide the renderers that installed packages offer."""
    render.load_mime_renders = lambda: []
    return {"parallel_read_safe": True, "parallel_write_safe": True}
