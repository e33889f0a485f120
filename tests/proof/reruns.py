"""The third check: notebooks executed anew, and compared with what they store as nbval does it.

Cells run in this process and not in a kernel. What is compared, nbval's own code compares: its
`compare_outputs`, with the fields that it leaves out. A drawing (SVG) is left out on both sides,
for it is made of the specification beside it, which is compared. `tests/proof/test_proof.py` holds
that the verdict is that of `pytest --nbval`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd
from nbval.plugin import IPyNbCell

from tallybook.ledger import tracking
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import FIELDS_OF_LEDGER
from tallybook.notebooks import stored as notebooks
from tallybook.tables.table import CHART
from tests.helpers import rebuilding
from tests.helpers.rebuilding import Code
from tests.proof.mutant import OfCell

# What these show is the ledger as it stands, so that they differ whatever is wrong with it.
APART = {"ledger", "coverage", "measures", "measures-law", "measures-list"}
_LISTS_PAIRS = "disagreements"  # all of them; its chart has those that somebody chose
FAILS = "fails with"
_TABLE_OF_SOURCES = "tallybook.source_table("
_DRAWN = "image/svg+xml"
# What nbval leaves out without --nbval-sanitize-with and --nbval-nbdime.
_LEFT_OUT = (
    "metadata", "traceback", "prompt_number", "output_type", "name", "execution_count",
    "application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """What nbval finds first in a notebook, and whether it counts as a catch."""

    notebook: str
    cell: int
    why: str
    counts: bool

    def __str__(self) -> str:
        return f"{self.notebook}, cell {self.cell}: {self.why}"


class _Compared(IPyNbCell):  # type: ignore[misc]
    """nbval's comparison of outputs, without a test and its kernel around it."""

    def format_output_compare(self, key: str, *_: Any) -> None:
        """Name the field that differs; nbval's own text needs a session of pytest."""
        self.comparison_traceback.append(f"mismatch {key!r}")


def comparison() -> Any:
    """nbval's comparison of outputs, as the notebooks of this book are compared."""
    compared = object.__new__(_Compared)
    compared.parent = SimpleNamespace(skip_compare=_LEFT_OUT, sanitize_patterns={})
    compared.colors = SimpleNamespace(OKBLUE="", FAIL="", ENDC="")
    return compared


class Reruns:
    """The notebooks of a book, to be executed with another ledger, or with another cell in one."""

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self._ledger = ledger
        self._compared = comparison()
        self._reads: dict[str, Mapping[str, str]] = {}
        self._code: dict[str, dict[int, Code]] = {}
        self._stored: dict[str, dict[int, list[Any]]] = {}
        self._length: dict[str, int] = {}
        self._apart: dict[str, set[int]] = {}
        self._derived: dict[str, dict[str, Any]] = {}
        self._names: dict[str, dict[str, Any]] = {}
        for path in notebooks.paths(root):
            self._keep(path.stem, notebooks.load(path))

    def _keep(self, name: str, notebook: notebooks.Notebook) -> None:
        code = {n: c for n, c in enumerate(notebook["cells"], 1) if c["cell_type"] == "code"}
        self._reads[name] = notebook["metadata"]["tallybook"]["reads"]
        self._code[name] = {n: rebuilding.of_source(c["source"], name) for n, c in code.items()}
        self._stored[name] = {
            n: [as_output(output["data"]) for output in cell["outputs"]] for n, cell in code.items()
        }
        self._apart[name] = {n for n, c in code.items() if _TABLE_OF_SOURCES in c["source"]}
        if name == _LISTS_PAIRS:
            outputs = {n: cell["outputs"] for n, cell in code.items()}
            self._apart[name] = {n for n, of_cell in outputs.items() if CHART not in str(of_cell)}
        self._length[name] = len(str(self._stored[name]))
        self._derived[name] = {figure.id: figure for figure in notebooks.published(notebook)}

    def of_ledger(self, ledger: Ledger, record: str) -> Difference | None:
        """What nbval finds with a ledger in which one record is another; what counts is first."""
        found = []
        concerned = self.concerned(ledger, record)
        # The long ones, which take the longest to execute, only where no other shows it.
        for name in sorted(concerned, key=lambda name: (name in APART, self._length[name])):
            found += [self._first(name, ledger, {}, {})]
            if found[-1] and (found[-1].counts or name in APART):
                return found[-1]
        return next((difference for difference in found if difference), None)

    def concerned(self, ledger: Ledger, record: str) -> list[str]:
        """The notebooks that `staleness` names for what they read, in which a record is another.

        What is read of any other record is as it was.
        """
        found = []
        for name, told in self._reads.items():
            asked = {question: told[question] for question in told if _may_differ(question, record)}
            if any(tracking.changes(asked, ledger)):
                found.append(name)
        return found

    def of_cell(self, mutant: OfCell) -> Difference | None:
        """What nbval finds in a notebook with another cell, executed but not stored."""
        return self._first(mutant.record, self._ledger, self._changed(mutant), {})

    def is_equivalent(self, mutant: OfCell) -> bool:
        """Whether all that the notebook shows, and all that its code names, is what it was."""
        after: dict[str, Any] = {}
        if self._first(mutant.record, self._ledger, self._changed(mutant), after):
            return False
        before = self._named(mutant.record)
        return all(name in after and _is_same(after[name], value) for name, value in before.items())

    def _named(self, name: str) -> dict[str, Any]:
        """What the code of a notebook names, and names again when it is executed again.

        The ledger and what is used up, such as a `zip`, is another each time.
        """
        if name not in self._names:
            once: dict[str, Any] = {}
            twice: dict[str, Any] = {}
            for names in (once, twice):
                self._first(name, self._ledger, {}, names)
            again = {each: value for each, value in once.items() if not each.startswith("_")}
            self._names[name] = {e: v for e, v in again.items() if _is_same(twice[e], v)}
        return self._names[name]

    def _changed(self, mutant: OfCell) -> dict[int, Code]:
        return {mutant.cell: rebuilding.of_source(mutant.source, mutant.record)}

    def _first(
        self, name: str, ledger: Ledger, changed: dict[int, Code], names: dict[str, Any]
    ) -> Difference | None:
        found = None
        for difference in self._differences(name, ledger, changed, names):
            found = found or difference
            if difference.counts:
                return difference
        return found

    def _differences(
        self, name: str, ledger: Ledger, changed: dict[int, Code], names: dict[str, Any]
    ) -> Iterator[Difference]:
        others = {
            wanted: figure
            for other, figures in self._derived.items()
            if other != name
            for wanted, figure in figures.items()
        }
        code = {**self._code[name], **changed}
        stored = self._stored[name]
        cells = rebuilding.run(code.values(), replace(ledger, elsewhere=lambda: others), names)
        for number in code:
            counts = name not in APART and number not in self._apart[name]
            try:
                shown = [as_output(bundle) for bundle in next(cells)]
            except Exception as error:  # a cell that fails fails its test
                why = f"{FAILS} {type(error).__name__}: {error}"
                yield Difference(name, number, why, name not in APART)
                return
            if not self._compared.compare_outputs(shown, stored[number]):
                why = self._compared.comparison_traceback[0]
                yield Difference(name, number, why, counts)


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(other, pd.DataFrame):
        return bool(other.equals(one))
    try:
        return bool(one == other)
    except ValueError:  # a frame somewhere within it, which compares cell by cell
        return repr(one) == repr(other)


def _may_differ(question: str, record: str) -> bool:
    table, _, wanted = question.partition(" ")
    return wanted in ("", record) or table not in (*FIELDS_OF_LEDGER.values(), "derived")


def as_output(data: Mapping[str, Any]) -> Any:
    """An output that shows these, as nbval compares it."""
    kept = {kind: content for kind, content in data.items() if kind != _DRAWN}
    return nbformat.from_dict({"output_type": "display_data", "metadata": {}, "data": kept})
