"""Executing one notebook in a kernel of its own, and saying what went wrong as a person reads it.

A job holds all that it needs and gives back text, so that it may run in any process, on any
machine that has the book's files.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook.errors import NotebookFailed, TallybookError
from tallybook.files import PACKAGE
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import environment, staleness, stored
from tallybook.notebooks.kernel_server import NAME as KERNEL
from tallybook.snapshot import Snapshot

SECONDS_PER_CELL = 120
_OBSERVING = "__import__('tallybook.notebooks.recorder', fromlist=['report'])"
_BEGIN = _OBSERVING + ".begin({root!r}, {name!r})"
_REPORT = f"{_OBSERVING}.report()"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Job:
    """A notebook to execute: the book's folder, the notebook's path in it, and how."""

    root: str
    name: str
    kernel: str = KERNEL
    seconds: int = SECONDS_PER_CELL


@dataclass(frozen=True)
class Result:
    """What became of a job: the notebook's new text, or what is to be said of its failure.

    `of` is a digest of the file that was executed.
    """

    name: str
    text: str = ""
    failure: str = ""
    of: str = ""


def execute(job: Job, progress: Progress | None = None) -> Result:
    """Execute a notebook; the file stays as it is. `progress` is told of each cell and of how many.

    What is wrong with the notebook or its kernel is said in the result.
    """
    path, began = Path(job.root, job.name), Snapshot(Path(job.root), PACKAGE)
    of = staleness.digest_of(path)
    try:
        notebook = stored.read(path)
        noted = _executed(notebook, job, progress)
    except NotebookFailed as error:
        return Result(job.name, failure=str(error), of=of)
    return Result(job.name, text=_stored(notebook, noted, job, began), of=of)


def _executed(notebook: Any, job: Job, progress: Progress | None) -> dict[str, Any]:
    """Execute the cells of a notebook; what its kernel noted meanwhile. Raises NotebookFailed."""
    from nbclient.exceptions import (  # noqa: PLC0415
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    try:
        client = _client(notebook, job, progress)
        with client.setup_kernel():
            client.reset_execution_trackers()
            _ask(client, _BEGIN.format(root=job.root, name=job.name))
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
            return dict(json.loads(ast.literal_eval(_ask(client, "", _REPORT))))
    except CellExecutionError as error:
        raise NotebookFailed(_cell_message(job.name, notebook, error)) from None
    except CellTimeoutError:
        place = _cell_in_progress(job.name, notebook)
        raise NotebookFailed(f"{place}: it ran for over {job.seconds} s, and was ended") from None
    except (DeadKernelError, RuntimeError) as error:
        place = _cell_in_progress(job.name, notebook)
        said = "" if isinstance(error, DeadKernelError) else f" ({error})"
        raise NotebookFailed(
            f"{place}: the kernel died while it ran{said}. Memory that ran out, a crash in a "
            "library, or os._exit may be the cause"
        ) from None


def _client(notebook: Any, job: Job, progress: Progress | None) -> Any:
    from jupyter_client.manager import AsyncKernelManager  # noqa: PLC0415
    from nbclient import NotebookClient  # noqa: PLC0415

    from tallybook.notebooks import kernels  # noqa: PLC0415

    codes = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]

    def at_cell(cell: Any, cell_index: int) -> None:
        cell.metadata["tallybook-begun"] = True
        if progress and cell_index in codes:
            progress(job.name, codes.index(cell_index) + 1, len(codes))

    is_warm = job.kernel == KERNEL
    return NotebookClient(
        notebook,
        kernel_name=job.kernel,  # or the one that the notebook names would be taken
        kernel_manager_class=kernels.Manager if is_warm else AsyncKernelManager,
        timeout=job.seconds,
        resources={"metadata": {"path": str(Path(job.root, job.name).parent)}},
        record_timing=False,
        shutdown_kernel="immediate",
        on_cell_start=at_cell,
        extra_arguments=[] if is_warm else ["--log-level=ERROR"],  # the kernelspec has its own
    )


def _ask(client: Any, code: str, expression: str = "") -> str:
    """Run code that is no cell's in the kernel, and give an expression's text."""
    asked = {"asked": expression} if expression else {}
    message = client.kc.execute(
        code, silent=not expression, store_history=False, user_expressions=asked
    )
    reply = client.wait_for_reply(message)
    content = reply["content"] if reply else {}
    if content.get("status") != "ok":
        raise RuntimeError(content.get("evalue", "no reply"))
    if not expression:
        return ""
    return str(content["user_expressions"]["asked"]["data"]["text/plain"])


def _stored(notebook: Any, noted: dict[str, Any], job: Job, began: Snapshot) -> str:
    """The notebook as it is written, with the record of what its outputs come from.

    What was edited since it began may have been read before or after: that is never fresh.
    """
    import nbformat  # noqa: PLC0415

    stored.tidy(notebook)
    plain = json.loads(nbformat.writes(nbformat.from_dict(notebook)))
    modules, distributions = environment.split(noted["modules"])
    noted = noted | {"modules": modules, "distributions": distributions}
    today = staleness.Today(Ledger(Path(job.root)), since=began)
    plain["metadata"]["tallybook"] = staleness.origin(stored.joined(plain), noted, today)
    return f"{nbformat.writes(nbformat.from_dict(plain))}\n"


def _cell_in_progress(name: str, notebook: Any) -> str:
    begun = [n for n, c in enumerate(notebook.cells, 1) if c.metadata.get("tallybook-begun")]
    return f"{name}, cell {begun[-1]}" if begun else name


def _cell_message(name: str, notebook: Any, error: Any) -> str:
    """Which cell, its code, and the error as a person wants to read it."""
    number, code = next(
        (number, cell.source)
        for number, cell in enumerate(notebook.cells, start=1)
        if any(output.output_type == "error" for output in cell.get("outputs", ()))
    )
    shown = "\n".join(f"    {line}" for line in code.splitlines())
    kind = "" if error.ename in _our_errors() else f"{error.ename}: "
    return f"{name}, cell {number}: {kind}{error.evalue}\n{shown}"


def _our_errors() -> Iterable[str]:
    found, pending = set(), [TallybookError]
    while pending:
        error = pending.pop()
        found.add(error.__name__)
        pending += error.__subclasses__()
    return found
