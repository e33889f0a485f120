"""Proof by mutation, over a sample: `make prove` makes every mutant."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random

import nbformat
import pytest

from tallybook.ledger import coverage, loading
from tallybook.ledger.records import FIELDS_OF_LEDGER
from tallybook.notebooks import kernel_server, session
from tallybook.notebooks import stored as notebooks
from tests.conftest import ROOT
from tests.helpers.groups import slow
from tests.proof import of_charts, of_ledger, of_notebooks, of_outputs, report
from tests.proof.judge import Judge, verdicts
from tests.proof.mutant import Mutant, OfCell, flow, sampled
from tests.proof.record_checks import Documents, Records
from tests.proof.reruns import FAILS
from tests.proof.verdicts import CHECKS, Explanation, Verdict, explanations, wrong

SEED = 2018
FOLDER = os.environ.get("TALLYBOOK_SOURCES", "")
DOCUMENTS = ROOT / FOLDER if FOLDER else None


@pytest.fixture(scope="module")
def ledger():
    return session.load(ROOT)


@pytest.fixture(scope="module")
def records(ledger):
    return of_ledger.mutants(ledger)


@pytest.fixture(scope="module")
def cells(ledger):
    return of_notebooks.mutants(ledger)


def some(mutants, of_each: int, seed: int = SEED):
    return sampled(mutants, of_each, Random(seed))  # noqa: S311  # a sample, and no secret


def complaints(judge: Judge, mutants) -> list[str]:
    judged = [*verdicts(judge, mutants, all_checks=False)]
    return [*wrong(judged, explanations(), every=False)]


def test_the_record_alone_catches_a_wrong_value_bound_period_base_or_condition(ledger, records):
    judge = Judge(ledger, None, checks=("record",))
    caught = {"value", "bound", "condition.value", "condition.bound", "condition.unit"}
    chosen = some([m for m in records if m.kind == "statistic" and m.field in caught], 60)
    assert {mutant.field for mutant in chosen} == caught
    assert [str(v.mutant) for v in verdicts(judge, chosen) if v.first != "record"] == []


def test_a_figure_that_is_invented_with_its_words_is_caught_by_the_documents(
    ledger, records, documents
):
    judge = Judge(ledger, documents, checks=("record", "documents"))
    chosen = some([m for m in records if m.field.endswith("and its words")], 6)
    judged = [*verdicts(judge, chosen)]
    assert [str(verdict.mutant) for verdict in judged if not verdict.first] == []
    assert Counter(verdict.first for verdict in judged)["documents"] > len(judged) / 2


@slow("proof")
def test_no_mutant_of_the_sample_survives_without_a_reason(ledger, records, cells):
    alone = [m for m in records if DOCUMENTS or not m.field.endswith("and its words")]
    chosen = [*some(alone, 2), *some(cells, 2)]
    assert complaints(Judge(ledger, DOCUMENTS), chosen) == []


@pytest.mark.parametrize("check", ["record", "nbval", "audit"])
def test_a_check_that_is_switched_off_leaves_survivors(check, ledger, records, cells):
    kinds = {
        "record": [m for m in records if m.field == "value"],
        "nbval": [m for m in cells if m.field == "swapped figure"],
        "audit": [m for m in cells if m.is_prose],
    }
    chosen = some(kinds[check], 3)
    others = Judge(ledger, None, tuple(other for other in CHECKS if other != check))
    assert complaints(Judge(ledger, None), chosen) == []
    assert complaints(others, chosen) != []


@pytest.fixture(scope="module")
def outputs(ledger):
    with kernel_server.warm():
        yield [*of_outputs.mutants(ledger)]


def test_every_kind_of_an_output_that_no_execution_has_made_is_caught(ledger, outputs):
    judge = Judge(ledger, None, checks=("outputs",))
    short = [m for m in outputs if m.kind == "output" or m.record == "test-buys"]
    chosen = some(short, 2)
    kinds = {"text", *of_outputs.BY_HAND, *of_outputs.PASSED_OVER}
    assert {mutant.field for mutant in chosen} == kinds
    assert [str(v.mutant) for v in verdicts(judge, chosen) if v.first != "outputs"] == []


def test_another_datum_of_any_chart_is_caught_a_number_or_an_id_by_the_audit_alone(ledger):
    chosen = [*of_charts.mutants(ledger)]
    assert {mutant.field for mutant in chosen} >= {"value", "low", "high", "id", "label", "order"}
    audited = {"value", "low", "high", "id"}
    for check, fields in (("audit", audited), ("nbval", {m.field for m in chosen})):
        judged = verdicts(Judge(ledger, None, (check,)), [m for m in chosen if m.field in fields])
        assert [str(verdict.mutant) for verdict in judged if verdict.first != check] == []


@slow("proof")
def test_every_output_that_no_execution_has_made_is_caught(ledger, outputs):
    judge = Judge(ledger, None, checks=("outputs",))
    assert [str(v.mutant) for v in verdicts(judge, outputs) if v.first != "outputs"] == []


def test_an_output_that_is_as_it_was_is_said_to_be_so(ledger, outputs):
    """The check says nothing of no change, and names what an execution would keep."""
    check = of_outputs.Outputs(ledger)
    nothing = {field: lambda *_: None for field in of_outputs.BY_HAND}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_outputs, "BY_HAND", nothing)
        patch.setattr(
            of_outputs, "PASSED_OVER", {"kept by words": lambda cell: cell.update(source="1")}
        )  # which is executed anew
        chosen = [m for m in outputs if m.record == "test-buys" and m.field in nothing][:3]
        chosen += [m for m in outputs if m.record == "test-buys" and m.field == "kept by words"][:1]
        assert [check.said(mutant) for mutant in chosen] == [""] * 4


def test_the_check_of_one_record_says_what_the_check_of_all_files_says(ledger, records, tmp_path):
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    (tmp_path / "notebooks").mkdir()
    one_by_one = Records(ledger)
    for mutant in some(records, 1)[::2]:
        before = one_by_one.before(mutant)
        path = data.parent / before._path
        text = path.read_text(encoding="utf-8")
        others = getattr(ledger, FIELDS_OF_LEDGER[type(before)]).values()
        entries = [r._tree for r in others if r._path == before._path and r is not before]
        path.write_text("\n".join(f"- {flow(tree)}" for tree in [*entries, mutant.entry(before)]))
        said = {problem.message for problem in loading.inspect(tmp_path)[1]}
        path.write_text(text, encoding="utf-8")
        alone = set(one_by_one.after(mutant)[1])
        assert bool(said) == bool(alone), mutant
        assert alone == said or mutant.kind == "source", mutant


def test_the_check_of_one_record_against_the_documents_is_that_of_the_ledger(
    ledger, records, documents
):
    one_by_one, at_once = Records(ledger), Documents(ledger, documents)
    for mutant in some(records, 1, seed=SEED + 1)[::3]:
        changed, _ = one_by_one.after(mutant)
        if changed is not None:
            accounts, problems = coverage.check(changed, documents)
            problems += [*coverage.outdated(changed, accounts)]
            problems += [each for account in accounts.values() for each in account.left_over()]
            said = {problem.message for problem in problems}
            assert set(at_once.after(one_by_one.before(mutant), changed)) == said, mutant


def nbval(root: Path, name: str) -> list[int]:
    """The numbers, among the cells with code, of those that fail under pytest --nbval."""
    asked = "-m pytest --nbval --nbval-kernel-name tallybook -q -rf -o addopts= -p no:xdist".split()
    asked += ["-p", "no:cacheprovider", f"notebooks/{name}.ipynb"]
    command = [sys.executable, *asked]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    failed = [line for line in result.stdout.splitlines() if line.startswith("FAILED")]
    return [int(line.split("::Cell ")[1].split(" ")[0]) for line in failed]


@slow("proof")
def test_the_verdict_is_that_of_pytest_with_nbval(ledger, cells, tmp_path):
    """Of a mutant that shows something else, and of one that fails."""
    judge = Judge(ledger, None)
    short = [m for m in cells if m.record == "test-buys" and not m.is_prose]
    judged = [(m, judge.of(m).said["nbval"]) for m in some(short, 6)]
    fails = next(pair for pair in judged if FAILS in pair[1])
    differs = next(pair for pair in judged if "mismatch" in pair[1])
    for name in ("data", "notebooks"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    for mutant, said in (fails, differs):
        put_in_place(tmp_path, mutant)
        code = [n for n, cell in enumerate(cells_of("test-buys"), 1) if cell == "code"]
        first = code.index(int(said.split("cell ")[1].split(":")[0]))
        assert nbval(tmp_path, "test-buys")[0] == first, mutant


def cells_of(name: str) -> list[str]:
    return [c["cell_type"] for c in notebooks.load(ROOT / f"notebooks/{name}.ipynb")["cells"]]


def put_in_place(root: Path, mutant: OfCell) -> None:
    notebook = nbformat.read(ROOT / f"notebooks/{mutant.record}.ipynb", as_version=4)
    notebook.cells[mutant.cell - 1].source = mutant.source
    nbformat.write(notebook, root / f"notebooks/{mutant.record}.ipynb")


def test_every_mutant_says_something_else_and_each_is_another(ledger, records, cells):
    one_by_one = Records(ledger)
    chosen = some(records, 10)
    same = [m for m in chosen if m.entry(one_by_one.before(m)) == one_by_one.before(m)._tree]
    assert same == []
    assert len({str(m) for m in records}) == len(records)
    names = {mutant.record for mutant in cells}
    stored = {name: notebooks.load(ROOT / f"notebooks/{name}.ipynb") for name in names}
    assert [m for m in cells if stored[m.record]["cells"][m.cell - 1]["source"] == m.source] == []


def test_every_statistic_is_wrong_once_in_each_field_that_it_has(ledger, records):
    wrong_in = {(m.record, m.field) for m in records if m.kind == "statistic"}
    fields = ("value", "bound", "period", "scope", "of", "compared_with", "condition")
    for statistic in ledger.statistics.values():
        assert {(statistic.id, field) for field in fields} <= wrong_in


@slow("proof")
def test_a_sum_the_other_way_round_is_said_to_be_equivalent(ledger, cells):
    judge = Judge(ledger, None)
    swapped = [m for m in cells if m.field == "order of operands" and " + " in m.was]
    judged = [judge.of(mutant) for mutant in swapped]
    assert any(verdict.equivalent for verdict in judged)
    assert "equivalent" in "".join(report.survivors(judged, []))


SURVIVOR = Verdict(Mutant("statistic", "arrests", "scope", "here", "there"))
REASON = Explanation("statistic", "arrests", "scope", "It is in our words.")


def test_a_survivor_needs_a_reason_and_a_reason_a_survivor():
    assert [*wrong([SURVIVOR], [REASON], every=True)] == []
    assert "nothing says why" in "".join(wrong([SURVIVOR], [], every=True))
    assert "explains no survivor; take it out" in "".join(wrong([], [REASON], every=True))
    assert [*wrong([], [REASON], every=False)] == []


def test_a_reason_for_what_is_not_printed_holds_only_where_the_record_says_so():
    unprinted = Explanation("statistic", "*", "scope", "From context.", only_with="period_from")
    assert not unprinted.explains(SURVIVOR)
    told = Verdict(SURVIVOR.mutant, has=frozenset({"period_from"}))
    assert unprinted.explains(told)
    printed = Explanation("statistic", "*", "scope", "In words.", only_without="period_from")
    assert not printed.explains(told)


def test_a_catch_by_a_list_of_the_ledger_is_told_apart_and_does_not_count():
    listed = Verdict(SURVIVOR.mutant, said={"nbval": ""}, apart="ledger, cell 3: mismatch")
    assert listed.survived
    assert report.counts([listed])["statistic", "scope"]["apart"] == 1
