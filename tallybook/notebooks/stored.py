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
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
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
            _PARSED[path] = digest, _parsed(raw.decode("utf-8"))
    except (AttributeError, KeyError, OSError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable(path, error) from None
    return _PARSED[path][1]


def _parsed(text: str) -> Notebook:
    data = json.loads(text)
    # Encoding refuses half of a character without its other half, which no file can hold.
    if _SURROGATE.search(text):
        json.dumps(data, ensure_ascii=False).encode()
    notebook = joined(data)
    notebook["metadata"].get("tallybook", {}).get("reads")  # raises where it is no mapping
    return notebook


def joined(notebook: Any) -> Notebook:
    """Join each text of a notebook that is stored as lines, in place, and return the notebook."""
    for cell in notebook["cells"]:
        cell["source"] = _joined(cell["source"])
        for output in cell.get("outputs", ()):
            if "text" in output:
                output["text"] = _joined(output["text"])
            for kind, content in output.get("data", {}).items():
                output["data"][kind] = _joined(content)
    return dict(notebook)


def read(path: Path) -> Any:
    """Return a notebook to execute, validated. Raises NotebookFailed."""
    import nbformat  # noqa: PLC0415  # a tenth of a second, for what is executed alone

    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        nbformat.writes(notebook).encode()
    except Exception as error:  # nbformat mends older formats, and meets there whatever there is
        raise _unreadable(path, error) from None
    return notebook


def _unreadable(path: Path, error: Exception) -> NotebookFailed:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
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
    """Return a digest of all outputs, by which a change by hand is noticed."""
    found = [cell.get("outputs") for cell in notebook["cells"]]
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
    """Remove from a notebook, in place, what differs from run to run or between machines."""
    notebook["metadata"] = _KERNEL
    taken: set[str] = set()
    count = 0
    for number, cell in enumerate(notebook["cells"], start=1):
        kept = {name: cell["metadata"][name] for name in ("tags",) if name in cell["metadata"]}
        cell["metadata"] = kept
        if cell.get("id", "") in ("", *taken):
            cell["id"] = f"cell-{number}"
        taken.add(cell["id"])
        if cell["cell_type"] == "code":
            count += 1
            cell["execution_count"] = count
            cell["outputs"] = [*_merged(cell["outputs"])]
    notebook["nbformat_minor"] = max(5, notebook["nbformat_minor"])


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
