"""The small book with an address, an author, a version and a licence, and its built site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.helpers.small_site import build

BASE = "https://kettles.example/a/book"
TITLE = "Kettles & <Lids>, 2016–2018"
CONFIG = """title: "Kettles & <Lids>, 2016–2018"
author: Ann & Bob, editors
copyright: "2024"
only_build_toc_files: true
execute: {execute_notebooks: "off"}
html: {use_multitoc_numbering: false, baseurl: "https://kettles.example/a/book/"}
sphinx:
  extra_extensions: [tallybook.sphinx_ext]
  config: {release: "1.2", tallybook_licence: CC-BY-4.0}
"""


@pytest.fixture(scope="session")
def addressed_book(_both, tmp_path_factory) -> Path:
    """The book, which no test changes."""
    _, kept = _both
    book = Path(shutil.copytree(kept, tmp_path_factory.mktemp("addressed") / "kettles"))
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book
