"""What counts as a save, and that no save is lost."""

from __future__ import annotations

import json
from concurrent.futures import Future

import nbformat
import pytest

from tallybook.notebooks import execute, runner
from tallybook.notebooks.book import Book
from tallybook.site.live.watch import Contents, Ended, Watcher
from tests.helpers.live_book import LEDGER
from tests.helpers.small_site import NOTEBOOK, spoil


@pytest.fixture
def contents(book):
    return Contents([book])


def test_a_file_that_says_something_else_is_changed_once(book, contents):
    (book / LEDGER).write_text((book / LEDGER).read_text() + "\n")
    assert contents.changed() == [book / LEDGER]
    assert contents.changed() == []


def test_a_file_that_is_there_no_more_is_changed_and_so_is_a_new_one(book, contents):
    (book / "index.md").rename(book / "first.md")
    assert contents.changed() == [book / "first.md", book / "index.md"]


def test_a_file_that_is_written_again_is_not_changed(book, contents):
    (book / LEDGER).write_bytes((book / LEDGER).read_bytes())
    assert contents.changed() == []


def test_what_is_built_or_hidden_does_not_count(book, contents):
    for name in ("_build/html/index.html", ".git/HEAD", "notebooks/.ipynb_checkpoints/a.ipynb"):
        (book / name).parent.mkdir(parents=True, exist_ok=True)
        (book / name).write_text("new")
    assert contents.changed() == []


def test_what_an_editor_notes_in_a_notebook_does_not_count(book, contents):
    stored = json.loads((book / NOTEBOOK).read_text())
    stored["metadata"]["kernelspec"]["display_name"] = "Another"
    stored["cells"][1]["metadata"]["collapsed"] = True
    (book / NOTEBOOK).write_text(json.dumps(stored))
    assert contents.changed() == []


def test_a_cell_of_a_notebook_counts(book, contents):
    spoil(book, "Stores closed", "Stores that closed")
    assert contents.changed() == [book / NOTEBOOK]


def test_what_is_known_is_not_changed(book, contents):
    spoil(book, "Stores closed", "Stores that closed")
    contents.note([book / NOTEBOOK])
    assert contents.changed() == []


def test_a_file_that_is_no_notebook_counts_by_its_bytes(book, contents):
    (book / NOTEBOOK).write_text("[]")
    assert contents.changed() == [book / NOTEBOOK]


@pytest.mark.parametrize("name", [LEDGER, "_toc.yml", "pages/new.md"])
def test_a_save_is_told_wherever_it_is(name, book):
    watcher = Watcher(book)
    watcher.begin()
    (book / name).parent.mkdir(exist_ok=True)
    (book / name).write_text("new")
    watcher.wait()
    watcher.stop()


@pytest.mark.parametrize("name", ["folder", "file"])
def test_a_save_behind_a_link_is_told(name, book):
    elsewhere = book.parent / "elsewhere"
    (book / "data").rename(elsewhere)
    (book / "data").symlink_to("../elsewhere")
    (book / "index.md").rename(book.parent / "first.md")
    (book / "index.md").symlink_to("../first.md")
    contents, watcher = Contents([book]), Watcher(book)
    watcher.begin()
    saved = {"folder": elsewhere / "measures.yml", "file": book.parent / "first.md"}[name]
    saved.write_text(f"{saved.read_text()}\n")
    watcher.wait()
    watcher.stop()
    assert [path.name for path in contents.changed()] in (["measures.yml"], ["index.md"])


def test_a_folder_that_is_new_is_watched(book):
    watcher = Watcher(book)
    watcher.begin()
    (book / "pages").mkdir()
    watcher.wait()
    (book / "pages/new.md").write_text("new")
    watcher.wait()
    watcher.stop()


def test_an_end_that_was_told_before_is_not_waited_for(book):
    watcher = Watcher(book)
    watcher.end()
    with pytest.raises(Ended):
        watcher.wait()


class Saving:
    """A pool in which the author saves while the first job is executed."""

    def __init__(self, book) -> None:
        self.book, self.jobs = book, 0

    def submit(self, job):
        result = Future()
        result.set_result(execute.execute(job))
        self.jobs += 1
        if self.jobs == 1:
            spoil(self.book, "Stores closed", "Stores that closed")
        return result

    def cells_begun(self):
        return ()


class Silent:
    """A watcher that says nothing."""

    begun = at_cell = done = tick = lambda *_: None


def test_what_is_saved_in_a_notebook_while_it_is_executed_is_kept_and_executed(book):
    pool = Saving(book)
    outcome = runner.run(Book(book), [book / NOTEBOOK], pool, Silent(), every=True)
    assert outcome.executed == {NOTEBOOK}
    assert pool.jobs == 2
    cell = nbformat.read(book / NOTEBOOK, as_version=4).cells[3]
    assert "Stores that closed" in cell.source
    assert "Stores that closed" in cell.outputs[0].data["text/plain"]
