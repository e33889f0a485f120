"""Executing one notebook, and what is said where that fails."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from math import inf
from pathlib import Path

import nbformat
import pytest

from tallybook.charts import vega
from tallybook.errors import NotebookFailed
from tallybook.notebooks import kernel_server, stored
from tallybook.notebooks.execute import Job, execute
from tests.helpers.small_site import BOOKS, NOTEBOOK


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


def test_a_cell_that_never_ends_is_ended(job, path):
    code(path, 2, "while True: pass")  # the first with code: no other can take so long
    failure = execute(replace(job, seconds=2)).failure
    assert "cell 2: it ran for over 2 s" in failure
    assert "set in _config.yml, by timeout under execute" in failure


def test_a_cell_may_run_for_ever_where_the_settings_have_no_limit(job):
    assert text_of(replace(job, seconds=inf))


OLD = nbformat.v4.new_output("stream", text="old")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cell: cell.update(source=""),
        lambda cell: cell.update(source=" \n"),
        lambda cell: cell.metadata.update(tags=["skip-execution"]),
        lambda cell: cell.update(cell_type="markdown"),
        lambda cell: cell.update(cell_type="raw"),
    ],
    ids=["emptied", "blank", "skipped", "words", "raw"],
)
def test_a_cell_that_is_not_executed_keeps_no_output(spoil, job, path):
    notebook = nbformat.read(path, as_version=4)
    cell = notebook.cells[2]
    cell.update(outputs=[OLD], execution_count=7)
    spoil(cell)
    path.write_text(json.dumps(notebook))
    stored_cell = json.loads(text_of(job))["cells"][2]
    assert stored_cell.get("outputs", []) == []
    assert stored_cell.get("execution_count") is None
    assert stored_cell["metadata"] == cell.metadata


def test_cells_are_numbered_as_they_are_executed(job, path):
    code(path, 3, "")
    cells = json.loads(text_of(job))["cells"]
    assert [cell.get("execution_count") for cell in cells] == [None, 1, None, 2, 3]


CHART = "import altair, pandas\nchart = altair.Chart(pandas.DataFrame({'a': range(%s)}))\n"
HANDLER = (
    "def quiet(*_, **__): print('my own words')\nget_ipython().set_custom_exc((Exception,), quiet)"
)
ERRORS = {
    "class A:\n    def _repr_html_(self): raise ValueError('no HTML')\nA()": "ValueError: no HTML",
    "class A:\n    def __repr__(self): raise ValueError('no text')\ndisplay(A())\n1": (
        "ValueError: no text"
    ),
    f"{CHART % 1}chart.mark_bar().encode(x=altair.X('a', type='nominall'))": (
        "SchemaValidationError: 'nominall' is an invalid value for `type`."
    ),
    f"{CHART % 6000}chart.mark_bar()": (
        "MaxRowsError: The number of rows in your dataset (6000) is greater than the maximum "
        "allowed (5000).\n…\n"
    ),
    "raise ExceptionGroup('all', [KeyError('this one')])": (
        "ExceptionGroup: all (1 sub-exception)\n"
    ),
    "import rich.traceback\nrich.traceback.install()\n1 / 0": (
        "ZeroDivisionError: division by zero"
    ),
    f"{HANDLER}\n1 / 0": "ZeroDivisionError: division by zero",
    "import sys\nsys.exit()": "SystemExit (a notebook is executed to its end: leave sys.exit out)",
    "exit()": "it ended its kernel: leave exit() and quit() out",
    "raise KeyboardInterrupt": "KeyboardInterrupt\n",
    "raise StopIteration": "StopIteration\n",
    "input()": "(nobody is there to answer input(): write the value into the cell)",
    "x =": "SyntaxError: invalid syntax (line 1)",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What is said of a cell, by its code; all are executed side by side."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("errors") / "kettles"))
    jobs = {}
    for number, source in enumerate(ERRORS):
        cells = [nbformat.v4.new_markdown_cell("# One"), nbformat.v4.new_code_cell(source)]
        name = f"notebooks/error-{number}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), book / name)
        jobs[source] = Job(str(book), name)
    with kernel_server.warm():
        return {source: execute(job).failure for source, job in jobs.items()}


@pytest.mark.parametrize("source", ERRORS)
def test_an_error_is_told_with_its_cell_kind_and_message(source, said):
    place, _, why = said[source].partition(", cell 2: ")
    assert place.startswith("notebooks/error-")
    assert ERRORS[source] in why
    assert "NoneType" not in why
    assert why.endswith(f"\n    {source.splitlines()[-1]}")


def test_what_was_printed_in_place_of_an_error_is_told(said):
    grouped, handled = (next(s for s in ERRORS if word in s) for word in ("Group", "quiet"))
    assert "it printed:     | KeyError: 'this one'\n" in said[grouped]
    assert "it printed: my own words\n" in said[handled]


def test_an_error_of_a_cell_with_a_tag_for_errors_is_none_the_less_one(job, path):
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].update(source="1 / 0", metadata={"tags": ["raises-exception"]})
    nbformat.write(notebook, path)
    assert "cell 3: ZeroDivisionError: division by zero (its tag raises-ex" in execute(job).failure


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', "[" * 200_000])
def test_a_file_that_is_no_notebook_is_refused(content, job, path):
    path.write_text(content)
    assert "no notebook can be read from it" in execute(job).failure
    with pytest.raises(NotebookFailed, match="no notebook can be read from it"):
        stored.load(path)
