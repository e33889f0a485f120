"""Executing one notebook in a kernel of its own, with an error message that a person can act on.

A job holds all that is needed and a result holds text, so that a job may run in any process, on
any machine that has the book's files.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook import errors, files
from tallybook.errors import NotebookFailed
from tallybook.files import PACKAGE, Snapshot, digest_of
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import staleness, stored
from tallybook.notebooks.kernel_server import NAME as KERNEL

SECONDS_PER_CELL = 120
# As an expression: an import statement would leave a name among the notebook's.
_RECORDER = "__import__('tallybook.notebooks.recorder', fromlist=['report'])"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Job:
    """A notebook to execute: the book's folder, and the notebook's path in it."""

    root: str
    name: str


@dataclass(frozen=True)
class Result:
    """What became of a job: the notebook's new text, or the message of its failure.

    `of` is a digest of the file that was executed, so that a save in the meantime is noticed.
    """

    name: str
    text: str = ""
    failure: str = ""
    of: str = ""


def execute(job: Job, progress: Progress | None = None) -> Result:
    """Execute a notebook and return its new text; the file stays as it is.

    `progress` is called at each cell with code: the notebook's name, the cell's number, how many
    there are. A failure of the notebook or its kernel is in the result, not raised.
    """
    path, began = Path(job.root, job.name), Snapshot(Path(job.root), PACKAGE)
    of = digest_of(path)
    try:
        notebook = stored.read(path)
        report = _executed(notebook, job, progress)
    except NotebookFailed as error:
        return Result(job.name, failure=str(error), of=of)
    return Result(job.name, text=_stored(notebook, report, job, began), of=of)


def _executed(notebook: Any, job: Job, progress: Progress | None) -> dict[str, Any]:
    """Execute the cells of a notebook; the recorder's report. Raises NotebookFailed."""
    from nbclient.exceptions import (  # noqa: PLC0415
        CellExecutionError,
        CellTimeoutError,
        DeadKernelError,
    )

    try:
        client = _client(notebook, job, progress)
        with client.setup_kernel():
            client.reset_execution_trackers()
            links = files.links(job.root)
            _evaluate(client, f"{_RECORDER}.begin({job.root!r}, {job.name!r}, {links!r})")
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
            return dict(json.loads(ast.literal_eval(_evaluate(client, f"{_RECORDER}.report()"))))
    except CellExecutionError as error:
        kind = "" if hasattr(errors, error.ename) else f"{error.ename}: "
        shown = "".join(f"\n    {line}" for line in _begun_last(notebook)[1].splitlines())
        why = f"{kind}{error.evalue}{shown}"
    except CellTimeoutError:
        why = f"it ran for over {SECONDS_PER_CELL} s, and was ended"
    except (DeadKernelError, RuntimeError) as error:
        cause = "" if isinstance(error, DeadKernelError) else f" ({error})"
        why = (
            f"the kernel died while it ran{cause}. Memory that ran out, a crash in a library, or "
            "os._exit may be the cause"
        )
    raise NotebookFailed(f"{job.name}{_begun_last(notebook)[0]}: {why}")


def _client(notebook: Any, job: Job, progress: Progress | None) -> Any:
    from nbclient import NotebookClient  # noqa: PLC0415

    from tallybook.notebooks import kernels  # noqa: PLC0415

    codes = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]

    def at_cell(cell: Any, cell_index: int) -> None:
        cell.metadata["tallybook-begun"] = True  # `stored.tidy` takes it out
        if progress and cell_index in codes:
            progress(job.name, codes.index(cell_index) + 1, len(codes))

    return NotebookClient(
        notebook,
        kernel_name=KERNEL,  # or nbclient takes the one that the notebook names
        kernel_manager_class=kernels.Manager,
        timeout=SECONDS_PER_CELL,
        resources={"metadata": {"path": str(Path(job.root, job.name).parent)}},
        record_timing=False,
        shutdown_kernel="immediate",
        on_cell_start=at_cell,
    )


def _evaluate(client: Any, expression: str) -> str:
    """Return the text of an expression's value in the kernel. Raises RuntimeError."""
    message = client.kc.execute("", store_history=False, user_expressions={"wanted": expression})
    reply = client.wait_for_reply(message)
    content = reply["content"] if reply else {}
    answer = content.get("user_expressions", {}).get("wanted", content)
    if answer.get("status") != "ok":
        raise RuntimeError(answer.get("evalue", "no reply"))
    return str(answer["data"]["text/plain"])


def _stored(notebook: Any, report: dict[str, Any], job: Job, began: Snapshot) -> str:
    """The notebook as it is written, with the record of what its outputs come from."""
    import nbformat  # noqa: PLC0415

    stored.tidy(notebook)
    plain = json.loads(nbformat.writes(nbformat.from_dict(notebook)))
    today = staleness.Today(Ledger(Path(job.root)), since=began)
    plain["metadata"]["tallybook"] = staleness.origin(stored.joined(plain), report, today)
    return f"{nbformat.writes(nbformat.from_dict(plain))}\n"


def _begun_last(notebook: Any) -> tuple[str, str]:
    """Which cell was begun last, as ", cell 3", and its code; "" where none was."""
    for number, cell in reversed([*enumerate(notebook.cells, start=1)]):
        if cell.metadata.get("tallybook-begun"):
            return f", cell {number}", cell.source
    return "", ""
