"""A ledger that is loaded again in one process: only edited files are read."""

import shutil
from pathlib import Path

import pytest

from tallybook.ledger import loading, yaml
from tallybook.notebooks.book import Book

KETTLES = Path(__file__).parents[1] / "books/kettles"
MEASURES, SOURCES = "data/measures.yml", "data/sources.yml"


@pytest.fixture
def root(tmp_path):
    return Path(shutil.copytree(KETTLES, tmp_path / "book"))


@pytest.fixture
def read(monkeypatch):
    """The files that were read."""
    shown = []
    own = yaml.read
    monkeypatch.setattr(yaml, "read", lambda path, name: shown.append(name) or own(path, name))
    return shown


def edit(root, name, old, new):
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_no_file_is_read_again_that_was_not_edited(root, read):
    known = {}
    before, _ = loading.inspect(root, known=known)
    read.clear()
    edit(root, MEASURES, "label: ", "label: edited ")
    after, problems = loading.inspect(root, known=known)
    assert (read, problems) == ([MEASURES], [])
    assert after == loading.inspect(root)[0]
    assert after.measures != before.measures
    assert all(after.statistics[name] is each for name, each in before.statistics.items())


def test_a_problem_of_a_file_that_was_not_edited_is_told_again(root):
    edit(root, MEASURES, "label: ", "labl: ")
    known = {}
    _, first = loading.inspect(root, known=known)
    edit(root, SOURCES, "title: ", "title: edited ")
    _, again = loading.inspect(root, known=known)
    assert first
    assert again == loading.inspect(root)[1]


def test_a_file_that_could_not_be_read_is_read_again(root, read):
    edit(root, MEASURES, "- id", "- 'id")
    known = {}
    loading.inspect(root, known=known)
    read.clear()
    loading.inspect(root, known=known)
    assert read == [MEASURES]


def test_a_book_that_is_renewed_reads_what_was_edited(root, read):
    book = Book(root)
    read.clear()
    edit(root, MEASURES, "label: ", "label: edited ")
    assert book.renewed().ledger.measures != book.ledger.measures
    assert read == [MEASURES]
