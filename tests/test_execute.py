"""Executing notebooks in place, and knowing which are stale."""

from __future__ import annotations

import re

import nbformat
import pytest

from tallybook import execute, loading
from tallybook.errors import NotebookFailed


@pytest.fixture
def path(book):
    return book / "notebooks/kettles.ipynb"


@pytest.fixture
def run(book, path):
    def execute_it():
        execute.run(path, loading.load(book))
        return path.read_bytes()

    return execute_it


def code(path, number: int, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[number - 1].source = source
    nbformat.write(notebook, path)


def is_stale(book, path) -> bool:
    return execute.is_stale(execute.read(path), loading.load(book))


def test_running_twice_gives_the_same_bytes(run):
    assert run() == run()


def test_a_notebook_is_fresh_after_its_run_and_names_python3(run, book, path):
    assert is_stale(book, path)
    run()
    assert not is_stale(book, path)
    assert execute.read(path).metadata.kernelspec.name == "python3"


def test_an_edit_of_a_cell_makes_it_stale_and_one_of_prose_does_not(run, book, path):
    run()
    code(path, 1, "# Other kettles")
    assert not is_stale(book, path)
    code(path, 5, 'tallybook.source_table(ledger, "kettles") ')
    assert is_stale(book, path)


def test_an_edit_of_a_record_makes_it_stale_and_a_comment_does_not(run, book, path, edit):
    run()
    edit("data/statistics/kettles.yml", "- id: stores", "# a comment\n- id: stores")
    assert not is_stale(book, path)
    edit("data/statistics/kettles.yml", "rounded_to: 10000", "rounded_to: none")
    assert is_stale(book, path)


def test_the_order_of_records_does_not_matter_but_their_subject_does(run, book, path):
    run()
    data = book / "data/statistics/kettles.yml"
    first, *rest = re.split(r"(?m)^(?=- id: )", data.read_text())[1:]
    data.write_text("".join([*rest, first]))
    assert not is_stale(book, path)
    data.write_text("".join(rest))
    (book / "data/statistics/stores.yml").write_text(first)
    assert is_stale(book, path)


def test_a_failing_cell_is_named_with_its_code_and_the_old_file_stays(run, path):
    run()
    code(path, 3, 'ledger.quantity("stores-close-2017")')
    before = path.read_bytes()
    with pytest.raises(NotebookFailed) as error:
        run()
    assert str(error.value) == (
        "notebooks/kettles.ipynb, cell 3: no statistic 'stores-close-2017'. Did you mean "
        "'stores-closed-2017'?\n    ledger.quantity(\"stores-close-2017\")"
    )
    assert path.read_bytes() == before


def test_an_error_that_is_not_ours_is_named_by_its_type(run, path):
    code(path, 3, "1 / 0")
    with pytest.raises(NotebookFailed, match="cell 3: ZeroDivisionError: division by zero"):
        run()


def test_a_kernel_that_dies_is_said_to_have_died(run, path):
    code(path, 3, "import os\n\nos._exit(3)")
    with pytest.raises(NotebookFailed, match="the kernel died"):
        run()


def test_a_cell_that_never_ends_is_ended(run, path, monkeypatch):
    monkeypatch.setattr(execute, "SECONDS_PER_CELL", 2)
    code(path, 3, "import time\n\ntime.sleep(60)")
    with pytest.raises(NotebookFailed, match="a cell ran for over 2 s"):
        run()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "[" * 200_000])
def test_a_file_that_is_no_notebook_is_refused(content, path):
    path.write_text(content)
    with pytest.raises(NotebookFailed, match="no notebook can be read from it"):
        execute.read(path)
