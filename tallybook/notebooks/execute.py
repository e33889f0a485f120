"""Executing one notebook in a kernel of its own, with an error message that a person can act on.

A job holds all that is needed and a result holds text, so that a job may run in any process, on
any machine that has the book's files.
"""

from __future__ import annotations

import ast
import json
import math
import re
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
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # the colours of a terminal
_FILE_OF_CELL = re.compile(r"\((?:\d+\.py|<[^>]*>), line")  # which no author knows
_MOST_LINES, _LONGEST_LINE = 8, 300  # of an error; Altair lists each name that it knows
_INSTEAD = {
    "StdinNotImplementedError": "nobody is there to answer input(): write the value into the cell",
    "SystemExit": "a notebook is executed to its end: leave sys.exit out",
}
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Job:
    """A notebook to execute: the book's folder, and the notebook's path in it.

    Each of its cells may run for so many seconds, which may be infinity.
    """

    root: str
    name: str
    seconds: float = SECONDS_PER_CELL


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
        return Result(job.name, failure=str(error).replace(f"{job.root}/", ""), of=of)
    return Result(job.name, text=_stored(notebook, report, job, began), of=of)


class _CellFailed(Exception):
    """A cell that Jupyter takes for executed, and that is not: what happened."""


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
        why = _why_it_failed(_begun_last(notebook)[1], error.ename, error.evalue)
    except _CellFailed as error:
        why = f"{error}{_code_of(_begun_last(notebook)[1])}"
    except CellTimeoutError:
        why = (
            f"it ran for over {job.seconds:g} s, and was ended. How many seconds a cell may run is "
            "set in _config.yml, by timeout under execute"
        )
    except (DeadKernelError, RuntimeError) as error:
        cause = "" if isinstance(error, DeadKernelError) else f" ({error})"
        why = (
            f"the kernel died while it ran{cause}. Memory that ran out, a crash in a library, or "
            "os._exit may be the cause"
        )
    number, _ = _begun_last(notebook)
    raise NotebookFailed(f"{job.name}{f', cell {number}' if number else ''}: {why}")


def _why_it_failed(cell: Any, kind: str, message: str) -> str:
    """Of which kind the error of a cell is, and what it says; then the cell's code."""
    found = [each for each in cell.outputs if each["output_type"] == "error"]
    if found:  # the reply has no error of a result that could not be displayed
        kind, message = found[-1]["ename"], found[-1]["evalue"]
    is_ours = hasattr(errors, kind)
    message = message if is_ours else _shortened(message)
    why = ": ".join(text for text in ("" if is_ours else kind, message) if text)
    if kind in _INSTEAD:
        why += f" ({_INSTEAD[kind]})"
    if "raises-exception" in cell.metadata.get("tags", ()):
        why += " (its tag raises-exception is not taken: no page shows an error as a result)"
    printed = "" if found else _printed_last(cell, besides=why)
    return f"{why}{printed}{_code_of(cell)}"


def _shortened(message: str) -> str:
    """A message, or its first paragraph where the whole is long."""
    whole = _FILE_OF_CELL.sub("(line", _ANSI.sub("", message)).strip()
    lines = whole.splitlines()
    if len(lines) > _MOST_LINES:
        lines = [*whole.split("\n\n")[0].splitlines()[:_MOST_LINES], "…"]
    cut = (line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines)
    return "\n".join(cut)


def _printed_last(cell: Any, besides: str) -> str:
    """What a cell printed last, which may be an error that is shown in another way than usual."""
    texts = [each["text"] for each in cell.outputs if each["output_type"] == "stream"]
    lines = [line for line in _ANSI.sub("", "".join(texts)).splitlines() if line.strip()]
    last = [line[:_LONGEST_LINE] for line in lines[-_MOST_LINES:] if line not in besides]
    return "".join(f"\n    it printed: {line}" for line in last)


def _code_of(cell: Any) -> str:
    return "".join(f"\n    {line}" for line in cell.source.splitlines())


def _client(notebook: Any, job: Job, progress: Progress | None) -> Any:
    from nbclient import NotebookClient  # noqa: PLC0415
    from nbclient.exceptions import CellExecutionError  # noqa: PLC0415

    from tallybook.notebooks import kernels  # noqa: PLC0415

    codes = [n for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]

    def at_cell(cell: Any, cell_index: int) -> None:  # noqa: ARG001
        if progress and cell_index in codes:
            progress(job.name, codes.index(cell_index) + 1, len(codes))

    def before_cell(cell: Any, cell_index: int) -> None:  # noqa: ARG001
        cell.metadata["tallybook-begun"] = True  # `stored.tidy` takes it out

    def after_cell(cell: Any, cell_index: int, execute_reply: Any) -> None:  # noqa: ARG001
        content = execute_reply["content"]
        if any(each.get("source") == "ask_exit" for each in content.get("payload", ())):
            raise _CellFailed("it ended its kernel: leave exit() and quit() out")
        if content["status"] == "ok" and any(e["output_type"] == "error" for e in cell.outputs):
            raise CellExecutionError("", "", "")  # as of what `display` could not show

    return NotebookClient(
        notebook,
        kernel_name=KERNEL,  # or nbclient takes the one that the notebook names
        kernel_manager_class=kernels.Manager,
        timeout=job.seconds if math.isfinite(job.seconds) else None,
        force_raise_errors=True,  # whatever its tags are: no page shows an error as a result
        resources={"metadata": {"path": str(Path(job.root, job.name).parent)}},
        record_timing=False,
        shutdown_kernel="immediate",
        on_cell_start=at_cell,
        on_cell_execute=before_cell,  # not of one that is empty or tagged skip-execution
        on_cell_executed=after_cell,
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


def _begun_last(notebook: Any) -> tuple[int, Any]:
    """The number of the cell that was begun last, and the cell; 0 and None where none was."""
    for number, cell in reversed([*enumerate(notebook.cells, start=1)]):
        if cell.metadata.get("tallybook-begun"):
            return number, cell
    return 0, None
