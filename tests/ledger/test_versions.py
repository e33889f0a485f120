"""What is another in a second version of a book's records."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from tallybook.ledger import figures, versions
from tallybook.quantity.quantity import Quantity
from tests.conftest import BOOKS

STATISTICS = "data/statistics/kettles.yml"


@pytest.fixture
def compare(book):
    """All differences from the small book to the book as a test has edited it."""
    before = BOOKS / "kettles"

    def differences(derived=({}, {}), unread=({}, {})):
        first, second = (
            versions.read(root, name, {"notebooks/kettles.ipynb": figures_of}, missing)
            for root, name, figures_of, missing in zip(
                (before, book), ("old", "new"), derived, unread, strict=True
            )
        )
        return versions.differences(first, second)

    return differences


def told(found) -> list[str]:
    return [f"{each.what} {each.kind} {each.id}" for each in found.changes]


def ratio(number: int, *inputs: str):
    quantity = replace(Quantity.exactly(number, "stores"), inputs=frozenset(inputs))
    return figures.derived("stores-per-plant", quantity, "stores")


def test_nothing_has_changed_where_nothing_was_edited(compare):
    assert compare() == versions.Differences(())


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("value: 1000\n", "value: 1100\n", ("value", "1000", "1100")),
        ("bound: more than", "bound: at least", ("bound", "more than", "at least")),
        ('period: "2017"', 'period: "2018"', ("period", "2017", "2018")),
        ("scope: the company", "scope: its shops", ("scope", "the company", "its shops")),
        ("party: Kettle Company", "party: A guild", ("party", "Kettle Company", "A guild")),
        ("section: Overview", "section: Repairs", ("cited 1: section", "Overview", "Repairs")),
        ("source: report", "source: other", ("cited 1: source", "report", "other")),
        ("measure: stores-closed", "measure: shops", ("measure", "stores-closed", "shops")),
        (
            "as_printed: more than 1,000 stores",
            "as_printed: over 1,000 stores",
            ("cited 1: as_printed", "more than 1,000 stores", "over 1,000 stores"),
        ),
        ("  bound: more than", "  bound: more than\n  note: A.", ("note", "", "A.")),
    ],
)
def test_each_field_that_differs_is_told_with_both_texts(old, new, field, compare, edit):
    edit(STATISTICS, old, new)
    (change,) = compare().changes
    assert (change.what, change.kind, change.id) == ("changed", "statistic", "stores-closed-2017")
    assert change.fields[0] == field


def test_the_words_and_what_they_allow_are_told_beside_the_fields(compare, edit):
    edit(STATISTICS, "bound: more than", "bound: at least")
    edit(STATISTICS, "as_printed: more than 1,000", "as_printed: at least 1,000")
    (change,) = compare().changes
    assert (change.old, change.new) == ("more than 1,000", "at least 1,000")
    assert change.fields[-1][0] == "allows"
    assert change.fields[-1][2].startswith("from 1,000 stores")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: 97", "value: 97.0"),
        ("section: Overview", "section:   'Overview'"),
        ("scope: the company\n", "scope: the\n    company\n"),
        ("value: 97", "value: 97  # a comment"),
    ],
)
def test_what_is_only_typed_otherwise_has_not_changed(old, new, compare, edit):
    edit(STATISTICS, old, new)
    assert told(compare()) == []


def test_records_in_another_order_or_file_have_not_changed(book, compare):
    text = (book / STATISTICS).read_text()
    first, *others = text.split("- id: ")[1:]
    (book / STATISTICS).write_text("".join(f"- id: {each}" for each in others))
    (book / "data/statistics/more.yml").write_text(f"- id: {first}")
    assert told(compare()) == []


def test_a_citation_that_moved_is_not_told_and_one_that_is_new_is(compare, edit):
    more = "- source: report\n      section: Repairs\n      as_printed: 1,000 stores\n    "
    edit(STATISTICS, "- source: report", f"{more}- source: report")
    (change,) = compare().changes
    names = [name for name, _, _ in change.fields if name.startswith("cited")]
    assert names == ["cited 1: source", "cited 1: section", "cited 1: as_printed"]
    assert all(old == "" for name, old, _ in change.fields if name.startswith("cited"))


def test_figures_are_added_and_gone(compare, edit):
    edit(STATISTICS, "id: repair-plants", "id: plants-of-repair")
    found = compare()
    assert told(found) == ["added statistic plants-of-repair", "gone statistic repair-plants"]
    assert found.changes[1].old == "three"


def test_a_renamed_figure_is_one_change_in_both_directions(book, edit):
    edit(STATISTICS, "id: stores-closed-2017", "id: stores-shut-2017")
    (book / "data/renamed.yml").write_text("- {old: stores-closed-2017, new: stores-shut-2017}\n")
    old, new = (versions.read(root, "", {}) for root in (BOOKS / "kettles", book))
    (there,) = versions.differences(old, new).changes
    assert (there.what, there.was, there.id) == (
        "renamed", "stores-closed-2017", "stores-shut-2017",
    )  # fmt: skip
    (back,) = versions.differences(new, old).changes
    assert (back.what, back.was, back.id) == ("renamed", there.id, there.was)


def test_a_figure_that_leads_to_one_that_was_there_is_gone(book, compare):
    text = (book / STATISTICS).read_text()
    start = text.index("- id: repair-plants")
    (book / STATISTICS).write_text(text[:start])
    (book / "data/renamed.yml").write_text("- {old: repair-plants, new: stores-closed-2017}\n")
    (change,) = compare().changes
    assert (change.what, change.id, change.into) == ("gone", "repair-plants", "stores-closed-2017")


def test_a_computed_figure_moves_with_what_it_is_computed_from(compare, edit):
    edit(STATISTICS, "value: 1000\n", "value: 1100\n")
    found = compare(derived=([ratio(4, "stores-closed-2017")], [ratio(5, "stores-closed-2017")]))
    moved = found.changes[1]
    assert (moved.kind, moved.old, moved.new) == ("computed figure", "4", "5")
    assert moved.through == ("stores-closed-2017",)
    assert found.stayed == ()


def test_a_computed_figure_that_stayed_is_named_only_where_its_inputs_count_otherwise(
    compare, edit
):
    same = ([ratio(4, "stores-closed-2017")],) * 2
    edit(STATISTICS, "  bound: more than", "  note: A.\n  bound: more than")
    assert compare(derived=same).stayed == ()
    edit(STATISTICS, "value: 1000\n", "value: 1100\n")
    assert compare(derived=same).stayed == ("stores-per-plant",)


def test_an_interval_that_is_added_counts_for_what_is_computed(compare, edit):
    same = ([ratio(4, "stores-closed-2017")],) * 2
    edit(STATISTICS, "  bound: more than", "  low: 900\n  high: 1100\n  bound: more than")
    assert compare(derived=same).stayed == ("stores-per-plant",)


def test_a_changed_measure_is_told_with_its_statistics_only_where_these_change(compare, edit):
    edit("data/measures.yml", "definition: Stores", "definition: All stores")
    (change,) = compare().changes
    assert (change.kind, change.fields[0][0]) == ("measure", "definition")


def test_records_of_an_older_schema_are_compared_as_typed_and_named(compare, edit):
    edit(STATISTICS, "scope: the company", "platforms: the company")
    found = compare()
    (change,) = found.changes
    assert change.fields[:2] == (("scope", "the company", ""), ("platforms", "", "the company"))
    assert found.notes == (
        "new: 1 record not as this version of tallybook has them, compared as typed: "
        "stores-closed-2017",
    )


@pytest.mark.parametrize("text", ["- id: [\n", "a: b\n", ""])
def test_a_file_that_cannot_be_read_makes_nothing_gone(text, book, compare):
    (book / STATISTICS).write_text(text)
    found = compare()
    assert found.changes == ()
    assert found.notes[0].startswith(f"new: {STATISTICS}")
    assert found.notes[0].endswith("Its records are not compared")


def test_a_record_without_an_id_is_said_to_be_left_out(compare, edit):
    edit(STATISTICS, "- id: repair-plants\n  measure", "- measure")
    found = compare()
    assert found.notes[0] == f"new: {STATISTICS}: statistic 6 has no id, and is not compared"


def test_a_notebook_that_is_not_executed_makes_no_computed_figure_gone(compare):
    unread = {"notebooks/kettles.ipynb": "not executed"}
    found = compare(derived=([ratio(4)], []), unread=({}, unread))
    assert found.changes == ()
    assert found.notes == ("new: not executed: notebooks/kettles.ipynb",)


def test_a_version_without_data_of_a_kind_is_read(book, tmp_path):
    (tmp_path / "empty/data").mkdir(parents=True)
    old = versions.read(tmp_path / "empty", "old", {})
    new = versions.read(book, "new", {})
    assert {each.what for each in versions.differences(old, new).changes} == {"added"}
    shutil.rmtree(book / "data/statistics")
    assert not any(kind == "statistic" for kind, _ in versions.read(book, "new", {}).entries)
