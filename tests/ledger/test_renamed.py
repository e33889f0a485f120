"""Ids that a figure had before."""

from __future__ import annotations

import pytest

from tallybook.errors import UnknownId
from tallybook.notebooks import session

RENAMED = "data/renamed.yml"
GOOD = "- {old: stores-shut-2017, new: stores-closed-2017}\n"


def test_a_book_without_the_file_holds(problems):
    assert problems() == []


@pytest.mark.parametrize("new", ["stores-closed-2017", "stores-per-plant"])
def test_a_figure_may_have_had_another_id_stated_or_derived(new, book, problems):
    (book / RENAMED).write_text(f"- {{old: stores-shut-2017, new: {new}}}\n")
    assert problems() == []
    assert session.load(book).renamed["stores-shut-2017"].new == new


def test_an_old_id_is_refused_with_the_id_of_today(book):
    (book / RENAMED).write_text(GOOD)
    ledger = session.load(book)
    with pytest.raises(UnknownId) as error:
        ledger.figure("stores-shut-2017")
    assert str(error.value) == "no statistic 'stores-shut-2017'. It is 'stores-closed-2017' now."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {old: ../up, new: stores-closed-2017}\n", ":1:9: old: expected an id in"),
        ("- {old: repair-plants, new: stores-closed-2017}\n", ":1:9: 'repair-plants'"),
        ("- {old: a, new: repair-more}\n", ":1:17: 'repair-more' is no figure"),
        (GOOD + "- {old: a, new: stores-shut-2017}\n", ":2:17: 'stores-shut-2017' was"),
        (GOOD + GOOD, ":2:9: 'stores-shut-2017' was renamed to"),
        ("- {old: a, new: b, why: c}\n", ":1:20: unknown field 'why'"),
    ],
)
def test_a_renaming_that_leads_nowhere_is_refused_with_its_place(text, says, book, problems):
    (book / RENAMED).write_text(text)
    (problem,) = problems()
    assert problem.startswith(f"{RENAMED}{says}")


def test_a_record_that_names_an_old_id_is_told_the_new_one(edit, book, problems):
    (book / RENAMED).write_text(GOOD)
    edit("data/comparison.yml", "statistics: [", "statistics: [stores-shut-2017, ")
    assert any("It is 'stores-closed-2017' now." in problem for problem in problems())
