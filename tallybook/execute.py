"""Executing notebooks in place, and knowing which stored outputs are older than what they show.

An executed notebook stores a digest of its code, of everything that the ledger says, and of the
modules and libraries that make its outputs; and a digest of the outputs, so that none is changed by
hand. Where either no longer fits, the notebook is stale.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from tallybook.errors import NotebookFailed, TallybookError
from tallybook.ledger import Ledger

# What decides how outputs look; modules that only pages, the check or the command use do not.
LIBRARIES = ("altair", "vl-convert-python")
_NOT_IN_NOTEBOOKS = (
    "__main__", "chart_data", "chart_files", "chart_narrow", "chart_sheet", "citing", "document",
    "downloads", "execute", "facts", "figure_pages", "forkserver", "kernels", "provisioner",
    "schemas", "search", "sources", "sphinx_",
)  # fmt: skip
SECONDS_PER_CELL = 120
# nbformat's own error, and what its converters raise over data of another shape.
_UNREADABLE = (
    nbformat.ValidationError, AttributeError, KeyError, OSError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip


def notebooks(book: Path) -> list[Path]:
    """Every notebook of a book, by name."""
    found = (book / "notebooks").rglob("*.ipynb")
    return sorted(
        path for path in found if path.is_file() and ".ipynb_checkpoints" not in path.parts
    )


def read(path: Path) -> Any:
    """A notebook. Raises NotebookFailed for a file that is none."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        notebook.metadata.get("tallybook", {}).get("digest")
        nbformat.writes(notebook).encode()
        return notebook
    except _UNREADABLE as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise NotebookFailed(f"{path}: no notebook can be read from it: {reason}") from None


def is_stale(notebook: Any, ledger: Ledger) -> bool:
    """Whether the code, the data, or what makes the outputs has changed since they were stored."""
    stored = notebook.metadata.get("tallybook", {})
    is_of_these = stored.get("digest") == digest(notebook, ledger)
    return not is_of_these or stored.get("outputs") != outputs_digest(notebook)


def digest(notebook: Any, ledger: Ledger) -> str:
    """A hash of all that the outputs of a notebook come from."""
    hashed = hashlib.sha256(ledger.digest.encode())
    for cell in notebook.cells:
        if cell.cell_type == "code":
            hashed.update(b"\0" + cell.source.encode())
    for library in LIBRARIES:
        hashed.update(f"\0{library} {version(library)}".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if not path.stem.startswith(_NOT_IN_NOTEBOOKS):
            hashed.update(b"\0" + path.read_bytes())
    return hashed.hexdigest()


def outputs_digest(notebook: Any) -> str:
    """A hash of the outputs, so that none is changed by hand."""
    outputs = [cell.get("outputs") for cell in notebook.cells]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()


def run(path: Path, ledger: Ledger) -> None:
    """Execute a notebook and write it back whole. Raises NotebookFailed; then the file stays."""
    from nbclient import NotebookClient  # noqa: PLC0415
    from nbclient.exceptions import (  # noqa: PLC0415
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=SECONDS_PER_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        extra_arguments=["--log-level=ERROR"],  # it warns of TCP, which never leaves this machine
    )
    try:
        client.execute()
    except CellExecutionError as error:
        raise NotebookFailed(_cell_message(path, notebook, error)) from None
    except CellTimeoutError:
        raise NotebookFailed(f"{path}: a cell ran for over {SECONDS_PER_CELL} s") from None
    except DeadKernelError:
        raise NotebookFailed(f"{path}: the kernel died while it ran") from None
    tidy(notebook)
    # Read again, for what is written and read back is split into lines and joined alike.
    notebook = nbformat.reads(nbformat.writes(notebook), as_version=4)
    digests = {"digest": digest(notebook, ledger), "outputs": outputs_digest(notebook)}
    notebook.metadata["tallybook"] = digests
    try:
        _write(path, nbformat.writes(notebook) + "\n")
    except OSError as error:
        raise NotebookFailed(f"{path}: cannot be written: {error.strerror}") from None


def tidy(notebook: Any) -> None:
    """Take out what changes from run to run or from machine to machine."""
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    count = 0
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(
            {name: cell.metadata[name] for name in ("tags",) if name in cell.metadata}
        )
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count


def _cell_message(path: Path, notebook: Any, error: Any) -> str:
    """Which cell, its code, and the error as a person wants to read it."""
    number, code = next(
        (number, cell.source)
        for number, cell in enumerate(notebook.cells, start=1)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    )
    shown = "\n".join(f"    {line}" for line in code.splitlines())
    name = "" if error.ename in _our_errors() else f"{error.ename}: "
    return f"{path.parent.name}/{path.name}, cell {number}: {name}{error.evalue}\n{shown}"


def _our_errors() -> Iterable[str]:
    found, pending = set(), [TallybookError]
    while pending:
        error = pending.pop()
        found.add(error.__name__)
        pending += error.__subclasses__()
    return found


def _write(path: Path, text: str) -> None:
    """Put a file in place at once, so that it is never there by half."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(path.stat().st_mode & 0o777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
