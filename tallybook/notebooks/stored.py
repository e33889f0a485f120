"""The notebooks of a book as files, and the outputs that they store.

`load` gives a stored notebook as plain data, to look at. `read` gives one to execute, validated.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from tallybook import files
from tallybook.errors import NotebookFailed, refused
from tallybook.ledger import figures
from tallybook.ledger.fields import id_mistake
from tallybook.ledger.figures import Figure
from tallybook.notebooks import recorder
from tallybook.tables.table import DERIVED

Notebook = dict[str, Any]
_PARSED: dict[Path, tuple[bytes, Notebook]] = {}  # by the digest of a file's bytes
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")  # escaped: half of a character
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_LINE_END = re.compile(r"\r\n?")
_LANGUAGES = {"ir": "R", "julia": "Julia"}  # by the beginning of a kernel's name
_KERNEL: dict[str, dict[str, Any]] = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What editors and runs write into metadata by themselves, and write otherwise in the next run, at
# the next save, or on another machine. All else is the author's, and stays.
_OF_A_RUN: dict[tuple[str, ...], str] = {
    ("tallybook",): "the record, which is written anew",
    ("widgets",): "the state of widgets, under names that are drawn anew in each run",
    ("signature",): "what Jupyter signed, with a key of that machine",
    ("orig_nbformat",): "what the format was when it was opened",
    ("language_info", "version"): "the Python of that machine",
    ("interpreter",): "where VS Code found Python",
    ("vscode", "interpreter"): "where VS Code found Python",
    ("colab", "authorship_tag"): "Colab's mark of a save",
    ("papermill", "start_time"): "a time",
    ("papermill", "end_time"): "a time",
    ("papermill", "duration"): "a time",
    ("papermill", "environment_variables"): "of that machine",
    ("papermill", "exception"): "what became of that run",
}
_OF_A_RUN_OF_A_CELL: dict[tuple[str, ...], str] = {
    ("tallybook-begun",): "that this run executed the cell",
    ("ExecuteTime",): "times, of an extension of Jupyter",
    ("execution", "iopub.execute_input"): "a time, of JupyterLab",
    ("execution", "iopub.status.busy"): "a time, of JupyterLab",
    ("execution", "iopub.status.idle"): "a time, of JupyterLab",
    ("execution", "shell.execute_reply"): "a time, of JupyterLab",
    ("execution", "shell.execute_reply.started"): "a time, of JupyterLab",
    ("execution_start",): "a time, of Deepnote",
    ("execution_millis",): "a time, of Deepnote",
    ("deepnote_to_be_reexecuted",): "whether Deepnote takes it for stale",
    ("executionInfo",): "times and the person, of Colab",
    ("outputId",): "Colab's name of an output",
    ("colab", "outputId"): "Colab's name of an output",
    ("colab", "base_uri"): "where Colab ran",
    ("colab", "elapsed"): "a time, of Colab",
    ("colab", "height"): "how high an output was in a browser",
    ("colab", "referenced_widgets"): "names of widgets, drawn anew in each run",
    ("papermill", "start_time"): "a time",
    ("papermill", "end_time"): "a time",
    ("papermill", "duration"): "a time",
    ("papermill", "exception"): "what became of that run",
    ("papermill", "status"): "what became of that run",
    ("pycharm", "is_executing"): "whether it ran at that moment",
    ("trusted",): "what Jupyter on that machine believes",
}


def paths(book: Path) -> list[Path]:
    """Return the notebooks of a book, in the order of their names; linked ones too."""
    folder = book / "notebooks"
    found = (Path(each.path) for each in files.files(folder)) if folder.is_dir() else ()
    return sorted(path for path in found if path.suffix == ".ipynb" and path.is_file())


def load(path: Path) -> Notebook:
    """Return a stored notebook, each of its texts as one string; it must not be changed.

    A file is parsed once in a process, and again when its bytes differ. Raises NotebookFailed.

    >>> notebook = load(Path("tests/books/kettles/notebooks/kettles.ipynb"))
    >>> notebook["cells"][1]["source"].splitlines()[-1]
    'ledger = tallybook.load()'
    """
    try:
        raw = path.read_bytes()
        digest = hashlib.sha256(raw).digest()
        if path not in _PARSED or _PARSED[path][0] != digest:
            _PARSED[path] = digest, _parsed(raw)
    except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable(path, error) from None
    return _PARSED[path][1]


def _parsed(raw: bytes) -> Notebook:
    """A notebook of any version as plain data; its cells have ids, and texts end lines alike."""
    text = raw.decode("utf-8-sig")  # some editors begin a file with a byte-order mark
    data = json.loads(text)
    # Encoding refuses half of a character without its other half, which no file can hold.
    if _SURROGATE.search(text):
        json.dumps(data, ensure_ascii=False).encode()
    notebook = joined(_of_version_4(data))
    _name_cells(notebook)
    notebook["metadata"].get("tallybook", {}).get("reads")  # raises where it is no mapping
    return notebook


def _of_version_4(data: Any) -> Any:
    if data.get("nbformat", 4) >= 4:
        return data
    import nbformat  # noqa: PLC0415  # a tenth of a second, for few

    newer = json.loads(nbformat.writes(nbformat.reads(json.dumps(data), as_version=4)))
    for cell in newer["cells"]:
        del cell["id"]  # nbformat draws one by chance
    return newer


def _name_cells(notebook: Notebook) -> None:
    """Give an id to each cell that has none, none of its own, or none that the format takes."""
    taken: set[str] = set()
    for number, cell in enumerate(notebook["cells"], start=1):
        name = cell.get("id")
        if not isinstance(name, str) or not _ID.fullmatch(name) or name in taken:
            cell["id"] = f"cell-{number}"
        taken.add(cell["id"])


def joined(notebook: Any) -> Notebook:
    """Join each text of a notebook that is stored as lines, in place, and return the notebook."""
    for cell in notebook["cells"]:
        cell["source"] = _LINE_END.sub("\n", _joined(cell["source"]))
        for output in cell.get("outputs", ()):
            if "text" in output:
                output["text"] = _joined(output["text"])
            for kind, content in output.get("data", {}).items():
                output["data"][kind] = _joined(content)
    return dict(notebook)


def read(path: Path) -> Any:
    """Return a notebook to execute: validated, and without any output. Raises NotebookFailed."""
    import nbformat  # noqa: PLC0415  # a tenth of a second, for what is executed alone

    try:
        notebook = _parsed(path.read_bytes())
        _clear(notebook)
        notebook["nbformat_minor"] = max(5, notebook["nbformat_minor"])
        found = nbformat.from_dict(notebook)
        nbformat.validate(found)
        nbformat.writes(found).encode()
    except Exception as error:  # nbformat mends older formats, and meets there whatever there is
        raise _unreadable(path, error) from None
    if language := _other_language(notebook["metadata"]):
        raise NotebookFailed(
            f"{path}: its language is {language}, and tallybook executes Python alone. Choose a "
            "Python kernel for it (kernelspec and language_info in its metadata), or take it out "
            "of notebooks/"
        )
    return found


def _clear(notebook: Notebook) -> None:
    """Take out all outputs: a cell that is passed over, or has no code, would keep its old ones."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        else:
            cell.pop("outputs", None)
            cell.pop("execution_count", None)


def _other_language(metadata: dict[str, Any]) -> str:
    """The language of a notebook that is not in Python; nothing of one in Python."""
    kernel = metadata.get("kernelspec", {})
    of_kernel = kernel.get("language") or _LANGUAGES.get(kernel.get("name", "").split("-")[0])
    for named in (of_kernel, metadata.get("language_info", {}).get("name")):
        if named and not re.match("i?python", str(named), re.IGNORECASE):
            return str(named)
    return ""


def _unreadable(path: Path, error: Exception) -> NotebookFailed:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    if isinstance(error, UnicodeDecodeError):
        reason = f"it is not in UTF-8: save it so ({error.reason} at byte {error.start})"
    return NotebookFailed(f"{path}: no notebook can be read from it: {reason}")


def _joined(text: Any) -> Any:
    are_lines = isinstance(text, list) and all(isinstance(line, str) for line in text)
    return "".join(text) if are_lines else text


def outputs(notebook: Notebook) -> Iterator[tuple[int, dict[str, Any]]]:
    """Return every output of a notebook, with the number of its cell, counted from 1."""
    for number, cell in enumerate(notebook["cells"], start=1):
        for output in cell.get("outputs", ()):
            yield number, output


def outputs_digest(notebook: Notebook) -> str:
    """Return a digest of all outputs and of whose they are, by which any by hand is noticed."""
    found = [[cell["id"], cell["outputs"]] for cell in notebook["cells"] if cell.get("outputs")]
    return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def published(notebook: Notebook) -> list[Figure]:
    """Return the derived figures in a notebook's outputs.

    Raises ValueError where one cannot be read.
    """
    data = [output.get("data", {}).get(DERIVED) for _, output in outputs(notebook)]
    try:
        found = [figures.from_json(each) for some in data if some for each in some]
    except (ArithmeticError, AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__} {error}") from None
    for figure in found:
        if mistake := id_mistake(figure.id):
            raise ValueError(mistake)
    return found


def derived(book: Path) -> dict[str, Figure]:
    """Return the derived figures that the notebooks of a book hold, by their ids.

    Those of the notebook that runs in this process are left out, for it derives them anew. A
    notebook that cannot be read holds none: `Book.reasons` names it.
    """
    found: dict[str, Figure] = {}
    # A notebook that asks for one figure reads that one, and not the files of all the others.
    with recorder.paused():
        for path in paths(book):
            if path.relative_to(book).as_posix() != recorder.notebook():
                with suppress(NotebookFailed, ValueError):
                    found |= {figure.id: figure for figure in published(load(path))}
    return found


def tidy(notebook: Any) -> None:
    """Remove from a notebook, in place, what differs from run to run or between machines.

    >>> cell = {"cell_type": "raw", "metadata": {"tags": ["intro"], "ExecuteTime": {"start": 1}}}
    >>> notebook = {"metadata": {"title": "Kettles", "signature": "c0ffee"}, "cells": [cell]}
    >>> tidy(notebook)
    >>> notebook["metadata"]["title"], "signature" in notebook["metadata"], cell["metadata"]
    ('Kettles', False, {'tags': ['intro']})
    """
    _leave_out(_OF_A_RUN, notebook["metadata"])
    for name, said in _KERNEL.items():
        notebook["metadata"].setdefault(name, dict(said))
    # Of "!command" and "%magic" the lexer for plain Python knows nothing, and Sphinx warns of them.
    notebook["metadata"]["language_info"].setdefault("pygments_lexer", "ipython3")
    count = 0
    for cell in notebook["cells"]:
        is_executed = "tallybook-begun" in cell["metadata"]
        _leave_out(_OF_A_RUN_OF_A_CELL, cell["metadata"])
        if cell["cell_type"] == "code":
            count += is_executed
            cell["execution_count"] = count if is_executed else None
            cell["outputs"] = [*_merged(cell["outputs"])]


def _leave_out(known: Iterable[tuple[str, ...]], metadata: Any) -> None:
    for *above, name in known:
        inside = metadata.get(above[0]) if above else metadata
        if isinstance(inside, dict) and name in inside:
            del inside[name]
            if above and not inside:
                del metadata[above[0]]


def _merged(found: Iterable[Any]) -> Iterator[Any]:
    """Join printed text that follows printed text: how it is split depends on when it arrives."""
    before: Any = None
    for output in found:
        is_stream = output["output_type"] == "stream"
        if is_stream and before and before.get("name") == output["name"]:
            before["text"] += output["text"]
            continue
        if before:
            yield before
        before = output
    if before:
        yield before


def write(path: Path, text: str) -> None:
    """Put a notebook's text in place. Raises NotebookFailed."""
    try:
        files.write(path, text)
    except OSError as error:
        raise NotebookFailed(refused(error)) from None
