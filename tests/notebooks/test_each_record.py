"""Each record of the real ledger, edited: status names the notebooks whose outputs differ.

Here a sample of the edits; `python -m tests.notebooks.each_record` makes all of them.
"""

from __future__ import annotations

import json
from random import Random

import pytest

from tallybook.notebooks import session
from tests.conftest import ROOT
from tests.helpers import rebuilding
from tests.helpers.groups import but_first, slow
from tests.helpers.record_edits import edits
from tests.notebooks.each_record import Trial, Verdict, stale, wrong

SAMPLE = {
    "source": 1, "measure": 2, "statistic": 4, "event": 1, "item": 2, "missing figure": 1,
    "dismissal": 1, "audit": 1,
}  # fmt: skip
SEED = 2018


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return Trial(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def every():
    return edits(session.load(ROOT))


def of_kind(every, kind: str) -> list:
    found = [edit for edit in every if edit.kind == kind]
    Random(SEED).shuffle(found)  # noqa: S311  # a sample, and no secret
    return found


def test_notebooks_rebuilt_from_the_unchanged_ledger_show_what_is_stored():
    ledger = session.load(ROOT)
    assert stale(ledger) == {}
    rebuilt, stored = rebuilding.Cells(ROOT).rebuilt(ledger), rebuilding.stored(ROOT)
    assert [name for name in stored if rebuilt[name] != stored[name]] == []


def test_every_record_has_an_edit(every):
    edited = {(edit.kind, edit.record) for edit in every}
    records = [*session.load(ROOT).records()]
    assert len(edited) == len(records)
    assert {kind for kind, _ in edited} >= set(SAMPLE)


@pytest.mark.parametrize(
    ("kind", "number"), but_first([("statistic", 1), *SAMPLE.items()], "records")
)
def test_status_names_what_differs_after_an_edit_of_a(kind, number, trial, every):
    verdicts = (trial.of(edit) for edit in of_kind(every, kind))
    held = (verdict for verdict in verdicts if not verdict.refused)
    judged = [next(held) for _ in range(number)]
    assert [line for verdict in judged for line in wrong(verdict)] == []


@slow("records")
def test_a_reader_that_is_not_named_is_found_out(tmp_path, every):
    forgetful = Trial(tmp_path)
    path = tmp_path / "notebooks/coverage.ipynb"
    notebook = json.loads(path.read_text())
    assert notebook["metadata"]["tallybook"]["reads"].pop("audits")
    path.write_text(json.dumps(notebook))
    verdict = forgetful.of(of_kind(every, "audit")[0])
    assert verdict.missed == {"coverage.ipynb"}
    assert "shows something else and is not named" in wrong(verdict)[0]


def test_what_is_named_for_nothing_needs_a_reason(every):
    edit = of_kind(every, "audit")[0]
    line = f"{edit}: a.ipynb shows the same and is named: ['why']"
    assert wrong(Verdict(edit, {"a.ipynb": ["why"]}, set())) == [line]
