"""What Sphinx says of a page is said with the author's places, and without colours for a file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tallybook.site import messages

PAGE = "# Page\n\n[words](lost.md)\n\n![words](lost.png)\n\n```{image} gone.png\n```\n"
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "metadata": {}, "source": "# Extra"},
        {"cell_type": "markdown", "metadata": {}, "source": "Text.\n\n![words](lost.png)"},
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,  # whose cells have ids
}


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def warnings_of(book: Path, stream: io.StringIO) -> list[str]:
    """What Sphinx warns of while it builds a page and a notebook."""
    (book / "index.md").write_text(f"{PAGE}\n```{{toctree}}\nextra\n```\n")
    (book / "extra.ipynb").write_text(json.dumps(NOTEBOOK))
    settings = {"extensions": ["myst_nb"], "nb_execution_mode": "off"}
    with patch_docutils(None), docutils_namespace():
        app = Sphinx(
            book, None, book / "o", book / "d", "html", settings, status=None, warning=stream
        )
        messages.connect(app)
        app.build()
    return [line for line in stream.getvalue().splitlines() if "WARNING" in line]


@pytest.fixture
def book(tmp_path):
    return tmp_path.resolve()


def test_a_warning_names_the_page_and_line_or_the_notebook_and_cell(book):
    told = warnings_of(book, io.StringIO())
    starts = [line.partition(": WARNING")[0] for line in told]
    assert sorted(starts) == ["extra.ipynb, cell 2", "index.md:3", "index.md:5", "index.md:7"]
    assert not any("\x1b" in line or str(book) in line for line in told)


def test_a_warning_has_a_colour_where_somebody_sees_it(book, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert all("\x1b[" in line for line in warnings_of(book, _Terminal()))


def test_what_only_concerns_ids_of_cells_is_not_said(book, recwarn):
    warnings_of(book, io.StringIO())
    assert not [each for each in recwarn if "nbformat" in type(each.message).__module__]


def test_what_fails_in_an_extension_is_said_as_what_it_is():
    cause = TypeError("no text")
    text = f"Handler {warnings_of!r} for event 'x' threw an exception"
    try:
        raise ExtensionError(text, cause, "their.extension") from cause
    except ExtensionError as error:
        told = messages.of_error(error)
    assert told.startswith("their.extension failed: TypeError: no text\n")
    assert "0x" not in told
    assert "no text" in Path(told.rpartition(" in ")[2]).read_text()
