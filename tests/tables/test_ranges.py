"""Ranges and intervals of uncertainty in tables: told apart from each other, and always whole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction

import pytest

from tallybook import tables
from tallybook.errors import BadOutput
from tallybook.notebooks import session
from tallybook.tables import disagreements
from tests.conftest import BOOKS
from tests.helpers.added_figures import add_kinds

NUMBERS = ("value", "low", "high")


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """The ledger of the small book with a figure of each kind."""
    book = shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("kinds") / "kettles")
    add_kinds(book)
    return session.load(book)


@pytest.fixture
def pair(kinds):
    """How a figure and a copy of it, which differs in these fields, do not say the same."""

    def made(wanted, **fields):
        numbers = {n: Fraction(v) if n in NUMBERS else v for n, v in fields.items()}
        other = kinds.statistics[wanted].model_copy(update={"id": "other", **numbers})
        return disagreements.find(replace(kinds, statistics={**kinds.statistics, other.id: other}))

    return made


COULD, CANNOT = "could be the same number", "cannot be the same number"
WITHIN = "could be the same number, within the interval of uncertainty"
BEYOND = "apart by more than the interval of uncertainty"
LEFT_OPEN = "not known: their words leave it open"


@pytest.mark.parametrize(
    ("wanted", "other", "verdict"),
    [
        ("days", {"low": 6, "high": 9}, COULD),
        ("days", {"low": 7, "high": 9}, COULD),
        ("days", {"low": 8, "high": 9}, CANNOT),
        ("days", {"low": 7, "high": 9, "bound": "more than", "high_bound": "exact"}, CANNOT),
        ("days", {"low": 4, "high": 6, "bound": "exact", "high_bound": "nearly"}, COULD),
        ("days", {"low": 20, "high": 30, "bound": "up to"}, LEFT_OPEN),
        ("days", {"low": 1, "high": 2, "bound": "exact", "high_bound": "more than"}, LEFT_OPEN),
        ("days", {"low": 1, "high": 6, "bound": "exact", "high_bound": "more than"}, COULD),
        ("days", {"bound": "about"}, LEFT_OPEN),
        ("days", {"value": 6, "low": 5, "high": 7}, WITHIN),
        ("wait", {"value": 7, "low": 6, "high": 8}, WITHIN),
        ("wait", {"value": 9, "low": 8, "high": 10}, BEYOND),
        ("wait", {"value": 6, "low": "5.4", "high": "7.1"}, WITHIN),
        ("wait", {"level": "standard error"}, "the same number"),
    ],
    ids=str,
)  # fmt: skip
def test_two_ranges_or_intervals_are_compared_by_their_ends(wanted, other, verdict, pair):
    (found,) = pair(wanted, **other)
    assert found.verdict == verdict
    assert found.is_contradiction == (verdict in (CANNOT, BEYOND))


def test_the_same_range_said_twice_is_no_disagreement(pair):
    assert pair("days") == []


@pytest.mark.parametrize("wanted", ["days", "wait"])
@pytest.mark.parametrize("end", ["low", "high"])
def test_one_end_is_not_shown_without_the_other_or_the_words(end, wanted, kinds):
    frame = kinds.frame(ids=[wanted, "share-handled-2017"])
    with pytest.raises(BadOutput, match=f"one end of '{wanted}' stands alone"):
        tables.frame(frame[["id", "label", end]], columns=["label", end])
    for beside in ("words", "low", "high"):
        if beside != end:
            shown = frame[["id", "label", end, beside]]
            assert tables.frame(shown, columns=["label", end, beside])


def test_a_table_says_which_interval_stands_beside_a_value(kinds):
    shown = str(tables.frame(kinds.frame(ids=["wait"])[["id", "words", "interval"]]))
    assert shown.endswith("6.2 days (95% CI 5.4 to 7.1) | 95% interval")
