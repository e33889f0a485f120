"""Notebooks as editors store them: what is read, and what stays when they are stored anew."""

from __future__ import annotations

import json
import warnings

import pytest

from tallybook.errors import NotebookFailed
from tallybook.notebooks import stored

CODE = {"cell_type": "code", "metadata": {}, "execution_count": 3, "outputs": [], "source": "1"}
WORDS = {"cell_type": "markdown", "metadata": {}, "source": "# Kettles"}
OLDER = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old", "signature": "sha256:0"},
    "worksheets": [
        {
            "metadata": {},
            "cells": [
                {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Old"]},
                {"cell_type": "code", "collapsed": False, "language": "python", "metadata": {},
                 "input": ["1"], "outputs": [], "prompt_number": 1},
            ],
        }
    ],
}  # fmt: skip
AUTHORS = {
    "title": "Kettles",
    "authors": [{"name": "Ann"}],
    "jupytext": {"formats": "ipynb,md:myst"},
    "kernelspec": {"display_name": "My Python", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3", "nbconvert_exporter": "x"},
    "celltoolbar": "Slideshow",
    "colab": {"provenance": []},
    "my own": {"key": [1, 2]},
}
AUTHORS_OF_A_CELL = {
    "tags": ["hide-input", "chapter"],
    "slideshow": {"slide_type": "slide"},
    "mystnb": {"image": {"alt": "A kettle"}},
    "jupyter": {"source_hidden": True},
    "id": "Xy1",
    "my own": 1,
}


def written(path, *cells, metadata=None, minor=4, encoding="utf-8"):
    notebook = {
        "cells": cells, "metadata": metadata or {}, "nbformat": 4, "nbformat_minor": minor,
    }  # fmt: skip
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding=encoding)
    return path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "one.ipynb"


def tidied(notebook) -> dict:
    stored.tidy(notebook)
    return notebook


def test_what_the_author_put_into_metadata_stays(path):
    written(path, {**WORDS, "metadata": AUTHORS_OF_A_CELL}, metadata=AUTHORS)
    notebook = tidied(stored.read(path))
    assert notebook.metadata == AUTHORS
    assert notebook.cells[0].metadata == AUTHORS_OF_A_CELL


def test_what_differs_from_run_to_run_is_left_out(path):
    of_a_run = {
        "language_info": {**AUTHORS["language_info"], "version": "3.9.1"},
        "colab": {**AUTHORS["colab"], "authorship_tag": "ABX9"},
        "vscode": {"interpreter": {"hash": "31f2"}},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
        "papermill": {"duration": 1.5},
        "signature": "c0ffee",
    }
    of_a_cell = {
        "execution": {"iopub.status.busy": "2017-04-03T10:00:00Z"},
        "ExecuteTime": {"end_time": "2017-04-03"},
        "executionInfo": {"elapsed": 12, "user": {"displayName": "Ann"}},
        "outputId": "0a1b",
        "pycharm": {"is_executing": False},
        "trusted": True,
    }
    cell = {**CODE, "metadata": {**AUTHORS_OF_A_CELL, **of_a_cell}}
    notebook = tidied(stored.read(written(path, cell, metadata={**AUTHORS, **of_a_run})))
    assert notebook.metadata == AUTHORS
    assert notebook.cells[0].metadata == AUTHORS_OF_A_CELL


def test_a_notebook_that_names_no_kernel_gets_the_one_that_opens_anywhere(path):
    notebook = tidied(stored.read(written(path, CODE)))
    assert notebook.metadata["kernelspec"]["name"] == "python3"


def test_line_ends_of_any_system_are_read_as_one(path):
    written(path, {**CODE, "source": "a\r\nb\rc\n"}, {**WORDS, "source": ["# A\r\n", "\r\n", "b"]})
    assert [cell["source"] for cell in stored.load(path)["cells"]] == ["a\nb\nc\n", "# A\n\nb"]
    assert stored.read(path).cells[0].source == "a\nb\nc\n"


def test_a_byte_order_mark_is_passed_over(path):
    written(path, CODE, encoding="utf-8-sig")
    assert stored.load(path)["cells"][0]["source"] == stored.read(path).cells[0].source == "1"


def test_another_encoding_is_refused_with_what_to_do(path):
    written(path, CODE, encoding="utf-16")
    with pytest.raises(NotebookFailed, match=r"one.ipynb: .*it is not in UTF-8: save it so"):
        stored.read(path)


@pytest.mark.parametrize("minor", range(6))
def test_every_minor_version_is_read(minor, path):
    notebook = stored.read(
        written(path, {**CODE, "id": "one"} if minor == 5 else CODE, minor=minor)
    )
    assert (notebook.cells[0].source, notebook.nbformat_minor) == ("1", 5)


def test_version_3_is_read_and_its_cells_get_the_same_ids_each_time(path):
    path.write_text(json.dumps(OLDER))
    cells = stored.read(path).cells
    assert [(cell.id, cell.source) for cell in cells] == [("cell-1", "# Old"), ("cell-2", "1")]
    assert [cell["id"] for cell in stored.load(path)["cells"]] == ["cell-1", "cell-2"]


def test_ids_that_are_missing_double_or_none_are_mended_without_a_warning(path):
    given = ["same", "same", "two words", "", None, "fine"]
    cells = [{**WORDS, "id": name} if name is not None else WORDS for name in given]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = stored.read(written(path, *cells, minor=5)).cells
    assert [cell.id for cell in found] == ["same", "cell-2", "cell-3", "cell-4", "cell-5", "fine"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        {"language_info": {"name": "R"}},
        {"kernelspec": {"name": "ir", "display_name": "ours"}},
    ],
)
def test_another_language_is_refused_with_what_to_do(metadata, path):
    with pytest.raises(NotebookFailed, match=r"its language is R, .* Choose a Python kernel"):
        stored.read(written(path, CODE, metadata=metadata))


@pytest.mark.parametrize("name", ["python3117jvsc74a57bd0", "conda-env-mine-py", "xpython"])
def test_python_under_any_name_of_its_kernel_is_taken(name, path):
    kernel = {"name": name, "display_name": "mine", "language": "python"}
    assert stored.read(written(path, CODE, metadata={"kernelspec": kernel})).cells


def test_what_is_read_to_be_executed_has_no_output(path):
    old = {"output_type": "stream", "name": "stdout", "text": ["old"]}
    written(path, {**CODE, "outputs": [old]}, {**WORDS, "outputs": [old], "execution_count": 2})
    first, second = stored.read(path).cells
    assert (first.outputs, first.execution_count) == ([], None)
    assert not {"outputs", "execution_count"} & set(second)
