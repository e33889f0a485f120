"""What an author is told while Sphinx builds: with places of the author's own files.

Sphinx names a file in full and a notebook's cell by a line that no file has, for MyST-NB counts
lines of a notebook as ten thousand times the cell, plus the line. A filter of its warnings names
the page and its line, or the notebook and its cell, whichever command builds.
"""

from __future__ import annotations

import logging
import os
import re
import warnings
from typing import Any

import nbformat.warnings as of_nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.transforms import SphinxTransform
from sphinx.util.exceptions import save_traceback
from sphinx.util.logging import NAMESPACE, WarningLogRecordTranslator, WarningStreamHandler

_LINES_PER_CELL = 10_000
_LOCATION = re.compile(r"(?P<path>.*?)(?::(?P<line>\d+))?:?", re.DOTALL)
_HEAD = "the book is not built:\n"


def connect(app: Sphinx) -> None:
    """Have each warning name a place of the author's, without colours where nobody sees them."""
    app.add_transform(Lines)
    for handler in logging.getLogger(NAMESPACE).handlers:
        if isinstance(handler, WarningStreamHandler):
            are_before = [isinstance(each, WarningLogRecordTranslator) for each in handler.filters]
            # Before the filter that makes an error of a warning.
            handler.filters.insert(are_before.index(True) + 1, _Places(app))
    # Of ids, which readers see nowhere, with the path of a library.
    for kind in (of_nbformat.DuplicateCellId, of_nbformat.MissingIDFieldWarning):
        warnings.filterwarnings("ignore", category=kind)


class _Places(logging.Filter):
    """Gives each warning the place and the text that an author reads."""

    def __init__(self, app: Sphinx) -> None:
        super().__init__()
        self._root = f"{app.srcdir}/"
        self._is_coloured = app._warning.isatty() and "NO_COLOR" not in os.environ

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; none is held back."""
        text = str(record.msg) % record.args if record.args else str(record.msg)
        record.msg, record.args = text.replace(self._root, ""), ()
        location = str(getattr(record, "location", None) or "")
        found = _LOCATION.fullmatch(location.replace(self._root, ""))
        if location and found:
            record.location = place(found["path"], int(found["line"] or 0))
        if not self._is_coloured:
            record.color = ""
        return True


class Lines(SphinxTransform):
    """Gives each element without a line that of the last one before it, for messages."""

    default_priority = 5  # before Sphinx takes their lines from pictures without a raw source

    def apply(self, **_: Any) -> None:
        """Go through the elements of a page in their order."""
        source, line = self.document.get("source"), 0
        for element in self.document.findall(nodes.Element):
            if isinstance(element, nodes.image):
                element.rawsource = element.rawsource or element["uri"]
            if element.source not in (None, source):
                source, line = element.source, element.line or 0
            line = element.line or line
            element.source, element.line = source, line or None


def cell_of(line: int) -> int:
    """The cell that a line of MyST-NB's stands for, counted from 1; 0 for a line of a page.

    >>> cell_of(20_002), cell_of(17)
    (2, 0)
    """
    return line // _LINES_PER_CELL


def place(path: str, line: int | None) -> str:
    """Where something stands in a file of a book: its cell or line, as far as that is known.

    >>> place("notebooks/kettles.ipynb", 20_002), place("index.md", 4), place("index.md", None)
    ('notebooks/kettles.ipynb, cell 2', 'index.md:4', 'index.md')
    """
    if not line or (path.endswith(".ipynb") and not cell_of(line)):
        return path
    return f"{path}, cell {cell_of(line)}" if path.endswith(".ipynb") else f"{path}:{line}"


def of_error(error: BaseException) -> str:
    r"""What ended a build: the reason alone where it is worded for people, and for any other where
    its traceback is; to be called where the error is caught.

    >>> from sphinx.errors import ExtensionError
    >>> of_error(ExtensionError("the book is not built:\nindex.md:4: no statistic 'arests'"))
    "index.md:4: no statistic 'arests'"
    """
    cause = getattr(error, "orig_exc", None)
    text = str(error).removeprefix(_HEAD).strip()
    if text and cause is None and isinstance(error, SystemExit | SphinxError):
        return text
    # Sphinx itself would name the function that failed, by its address in memory.
    who = f"{getattr(error, 'modname', '')} failed: " if cause else ""
    what = cause or error
    return (
        f"{who}{type(what).__name__}: {what}\nThis is a mistake in what builds the book: report "
        f"it with the traceback in {save_traceback(None, error)}"
    )
