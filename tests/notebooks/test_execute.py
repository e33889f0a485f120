"""Executing one notebook, and what is said where that fails."""

from __future__ import annotations

import json

import nbformat
import pytest

from tallybook.charts import vega
from tallybook.errors import NotebookFailed
from tallybook.notebooks import stored
from tallybook.notebooks.execute import Job, execute
from tests.helpers.small_site import NOTEBOOK


@pytest.fixture
def path(book):
    return book / NOTEBOOK


@pytest.fixture
def job(book):
    return Job(str(book), NOTEBOOK)


def code(path, number: int, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[number - 1].source = source
    nbformat.write(notebook, path)


def text_of(job) -> str:
    result = execute(job)
    assert result.failure == ""
    return result.text


def test_executing_twice_gives_the_same_bytes(job):
    assert text_of(job) == text_of(job)


def test_a_warm_kernel_gives_the_bytes_of_an_ordinary_one(job, monkeypatch):
    warm = text_of(job)
    monkeypatch.setenv(vega.SERVER, "nowhere")  # without a server a kernel is an ordinary one
    assert text_of(job) == warm


def test_the_file_stays_as_it_is_and_the_text_names_the_kernel_that_opens_anywhere(job, path):
    before = path.read_bytes()
    assert json.loads(text_of(job))["metadata"]["kernelspec"]["name"] == "python3"
    assert path.read_bytes() == before


def test_it_is_told_which_cell_of_how_many_is_executed(job):
    told = []
    execute(job, lambda *each: told.append(each))
    assert told == [(NOTEBOOK, number, 4) for number in (1, 2, 3, 4)]


def test_cells_without_ids_get_ids_that_stay(job, path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.pop("id", None)
    notebook.nbformat_minor = 4
    nbformat.write(notebook, path)
    cells = json.loads(text_of(job))["cells"]
    assert [cell["id"] for cell in cells] == [f"cell-{number}" for number in range(1, 6)]


def test_what_is_printed_at_once_stands_at_once(job, path):
    code(path, 3, "for number in range(50):\n    print(number, flush=True)")
    (output,) = json.loads(text_of(job))["cells"][2]["outputs"]
    assert "".join(output["text"]).split() == [str(number) for number in range(50)]


@pytest.mark.parametrize(
    ("warned", "shown"),
    [(r"invalid escape sequence '\d'", False), ('"is" with a literal', True)],
)
def test_what_only_newer_pythons_say_of_odd_literals_is_no_output(warned, shown, job, path):
    code(path, 3, f"import warnings\nwarnings.warn_explicit({warned!r}, SyntaxWarning, 'cell', 1)")
    outputs = json.loads(text_of(job))["cells"][2]["outputs"]
    assert [output["name"] for output in outputs] == ["stderr"] * shown


def test_a_failing_cell_is_named_with_its_code(job, path):
    code(path, 3, 'ledger.quantity("stores-close-2017")')
    assert execute(job).failure == (
        "notebooks/kettles.ipynb, cell 3: no statistic 'stores-close-2017'. Did you mean "
        "'stores-closed-2017'?\n    ledger.quantity(\"stores-close-2017\")"
    )


def test_an_error_that_is_not_ours_is_named_by_its_type(job, path):
    code(path, 3, "1 / 0")
    assert "cell 3: ZeroDivisionError: division by zero" in execute(job).failure


@pytest.mark.parametrize("how", ["os._exit(3)", "os.kill(os.getpid(), 9)"])
def test_a_kernel_that_dies_is_said_to_have_died(how, job, path):
    code(path, 3, f"import os\n\n{how}")
    assert "kettles.ipynb, cell 3: the kernel died while it ran" in execute(job).failure


def test_a_cell_that_never_ends_is_ended(job, path, monkeypatch):
    monkeypatch.setattr("tallybook.notebooks.execute.SECONDS_PER_CELL", 2)
    code(path, 2, "while True: pass")  # the first with code: no other can take so long
    assert "cell 2: it ran for over 2 s" in execute(job).failure


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "[" * 200_000])
def test_a_file_that_is_no_notebook_is_refused(content, job, path):
    path.write_text(content)
    assert "no notebook can be read from it" in execute(job).failure
    with pytest.raises(NotebookFailed, match="no notebook can be read from it"):
        stored.load(path)
