"""Puts mutants before the checks, one at a time, several processes side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session
from tests.proof import audits
from tests.proof.mutant import Mutant, OfCell, OfChart, OfOutput, OfRecord
from tests.proof.of_charts import Charts
from tests.proof.of_outputs import Outputs
from tests.proof.record_checks import Documents, Records
from tests.proof.reruns import Difference, Reruns
from tests.proof.verdicts import CHECKS, Verdict


@dataclass
class Judge:
    """The checks of one book. Those that are not among `checks` are switched off."""

    ledger: Ledger
    folder: Path | None
    checks: tuple[str, ...] = CHECKS

    def __post_init__(self) -> None:
        self._records = Records(self.ledger)
        self._reruns = Reruns(self.ledger.root, self.ledger)
        self._outputs = Outputs(self.ledger)
        self._charts = Charts(self.ledger)
        with_documents = self.folder if "documents" in self.checks else None
        self._documents = Documents(self.ledger, with_documents) if with_documents else None

    def of(self, mutant: Mutant, *, all_checks: bool = True) -> Verdict:
        """What the checks say of a mutant; without `all_checks`, none is asked after a catch."""
        verdict = Verdict(mutant)
        if isinstance(mutant, OfRecord):
            self._judge_record(mutant, verdict, all_checks=all_checks)
        elif isinstance(mutant, OfCell):
            self._judge_cell(mutant, verdict)
        elif isinstance(mutant, OfChart):
            said = self._charts.said(mutant)
            verdict.said |= {check: said[check] for check in said if check in self.checks}
        elif isinstance(mutant, OfOutput) and "outputs" in self.checks:
            verdict.said["outputs"] = self._outputs.said(mutant)
        return verdict

    def _judge_record(self, mutant: OfRecord, verdict: Verdict, *, all_checks: bool) -> None:
        before = self._records.before(mutant)
        verdict.has = _filled_in(before._tree)
        ledger, messages = self._records.after(mutant)
        if "record" in self.checks:
            verdict.said["record"] = "".join(messages[:1])
        if ledger is None:
            return
        if self._documents:
            verdict.said["documents"] = "".join(self._documents.after(before, ledger)[:1])
        if "nbval" in self.checks and (all_checks or not verdict.first):
            _note(verdict, self._reruns.of_ledger(ledger, mutant.record))

    def _judge_cell(self, mutant: OfCell, verdict: Verdict) -> None:
        if "nbval" in self.checks and not mutant.is_prose:
            found = self._reruns.of_cell(mutant)
            _note(verdict, found)
            verdict.equivalent = found is None and self._reruns.is_equivalent(mutant)
        if "audit" in self.checks and mutant.typed:
            verdict.said["audit"] = audits.by_rule(mutant)


def _note(verdict: Verdict, difference: Difference | None) -> None:
    verdict.said["nbval"] = str(difference) if difference and difference.counts else ""
    verdict.apart = str(difference) if difference and not difference.counts else ""


def _filled_in(tree: Any) -> frozenset[str]:
    """The names of the fields of a record that are filled in, in its citations too."""
    cited = [name for citation in tree.get("cited", ()) for name in citation]
    return frozenset([*tree, *cited])


def verdicts(
    judge: Judge, mutants: Sequence[Mutant], *, jobs: int = 1, all_checks: bool = True
) -> Iterator[Verdict]:
    """The verdict on each mutant, in any order."""
    if jobs == 1:
        yield from (judge.of(mutant, all_checks=all_checks) for mutant in mutants)
        return
    _AT_WORK[:] = [judge, mutants, all_checks]
    with get_context("fork").Pool(jobs) as pool:
        yield from pool.imap_unordered(_judged, range(len(mutants)), chunksize=8)


_AT_WORK: list[Any] = []  # forked workers have it, so that nothing is sent but numbers


def _judged(number: int) -> Verdict:
    judge, mutants, all_checks = _AT_WORK
    return judge.of(mutants[number], all_checks=all_checks)  # type: ignore[no-any-return]


def of_book(root: Path, folder: Path | None, checks: tuple[str, ...] = CHECKS) -> Judge:
    """The checks of the book in a folder. Raises LedgerError."""
    return Judge(session.load(root), folder, checks)
