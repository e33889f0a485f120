"""Every mutant of what notebooks store: outputs that no execution of the notebook has made.

An output is typed into, doubled, taken out, or stands in another cell. Or it is an old one, in a
cell that an execution passes over. The first are before the check that a build asks first, whether
a notebook is stale; the others are executed, and must be gone then.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import staleness, stored
from tallybook.notebooks.execute import Job, execute
from tests.proof.mutant import OfOutput

TYPED = "4000"
Cells = list[dict[str, Any]]
_OLD = {"output_type": "stream", "name": "stdout", "text": TYPED}


def mutants(ledger: Ledger) -> Iterator[OfOutput]:
    """Every mutant of what every notebook stores, in order."""
    for path in stored.paths(ledger.root):
        for number, cell in enumerate(stored.load(path)["cells"], start=1):
            for at, output in enumerate(cell.get("outputs", ())):
                for kind in output.get("data", {"text": ""}):
                    yield OfOutput("output", path.stem, "text", kind, TYPED, number, at)
                for field in BY_HAND:
                    yield OfOutput("output", path.stem, field, str(at), "by hand", number, at)
            for field in PASSED_OVER if cell["cell_type"] == "code" else ():
                yield OfOutput("execution", path.stem, field, "executed", "old output", number)


def changed(cells: Cells, mutant: OfOutput) -> None:
    """Make the change by hand in the cells of a notebook."""
    cell = cells[mutant.cell - 1]
    output = cell["outputs"][mutant.output]
    if mutant.field != "text":
        BY_HAND[mutant.field](cells, cell, output)
    elif "data" in output:
        output["data"][mutant.was] = _typed_into(output["data"][mutant.was])
    else:
        output["text"] = _typed_into(output["text"])


def _typed_into(content: Any) -> Any:
    if isinstance(content, dict):
        return {**content, "typed": TYPED}
    return [*content, TYPED] if isinstance(content, list) else f"{content} {TYPED}"


def _in_another(cell_type: str, source: str, cells: Cells, cell: Any, output: Any) -> None:
    """Put an output into another cell, which stands before the one that has it."""
    added = {"cell_type": cell_type, "id": "by-hand", "metadata": {}, "source": source}
    cells.insert(cells.index(cell), {**added, "outputs": [output]})


def _moved(cells: Cells, cell: Any, output: Any) -> None:
    cell["outputs"].remove(output)
    others = [other for other in cells if other["cell_type"] == "code" and other is not cell]
    others[0]["outputs"].append(output)


BY_HAND: dict[str, Callable[[Cells, Any, Any], None]] = {
    "metadata": lambda _, __, output: output.update(metadata={"typed": TYPED}),
    "doubled": lambda _, cell, output: cell["outputs"].append(output),
    "taken out": lambda _, cell, output: cell["outputs"].remove(output),
    "in another cell": _moved,
    "in an added cell": lambda *given: _in_another("code", "", *given),
    "in added words": lambda *given: _in_another("markdown", "Words.", *given),
    "in an added raw cell": lambda *given: _in_another("raw", "Words.", *given),
    "of an emptied cell": lambda _, cell, __: cell.update(source=""),
    "of a skipped cell": lambda _, cell, __: cell["metadata"].update(tags=["skip-execution"]),
}
PASSED_OVER: dict[str, Callable[[Any], None]] = {
    "kept by an emptied cell": lambda cell: cell.update(source=""),
    "kept by a blank cell": lambda cell: cell.update(source="\n"),
    "kept by a skipped cell": lambda cell: cell["metadata"].update(tags=["skip-execution"]),
    "kept by words": lambda cell: cell.update(cell_type="markdown"),
    "kept by a raw cell": lambda cell: cell.update(cell_type="raw"),
}


class Outputs:
    """Whether an output that no execution has made is noticed, or is gone with the next one."""

    def __init__(self, ledger: Ledger) -> None:
        self._root = ledger.root
        self._today = staleness.Today(ledger)
        self._reasons = cache(self._of_stored)
        self._executed = cache(self._with_old_outputs)

    def said(self, mutant: OfOutput) -> str:
        """What is said of it, if anything."""
        if mutant.kind == "execution":
            after = self._executed(mutant.record, mutant.field)[mutant.cell - 1]
            return "" if after.get("outputs") else "gone when it was executed"
        notebook = copy.deepcopy(stored.load(self._path(mutant.record)))
        changed(notebook["cells"], mutant)
        why = staleness.reasons(notebook, self._today)
        return next((each for each in why if each not in self._reasons(mutant.record)), "")

    def _path(self, name: str) -> Path:
        return self._root / f"notebooks/{name}.ipynb"

    def _of_stored(self, name: str) -> list[str]:
        return staleness.reasons(stored.load(self._path(name)), self._today)

    def _with_old_outputs(self, name: str, field: str) -> Cells:
        """The cells of a notebook after an execution that passed over each, with an old output."""
        notebook = copy.deepcopy(stored.load(self._path(name)))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [_OLD]
                PASSED_OVER[field](cell)
        with TemporaryDirectory() as folder:
            Path(folder, "one.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
            result = execute(Job(folder, "one.ipynb"))
        if result.failure:
            raise RuntimeError(result.failure)
        cells: Cells = json.loads(result.text)["cells"]
        return cells
