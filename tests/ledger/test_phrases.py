"""How a figure's words and its label become one phrase, and who is said to say it."""

from __future__ import annotations

import pytest

from tallybook.ledger import phrases
from tallybook.notebooks import session


def named(words: str, label: str, unit: str, **more: bool) -> str:
    before, behind = phrases.around(words, label, unit, **more)
    return f"{before}{words}{behind}"


@pytest.mark.parametrize(
    ("words", "label", "unit", "expected"),
    [
        ("1,606", "suspects arrested", "people", "1,606 suspects arrested"),
        ("nearly two", "stores closed", "stores", "nearly two stores closed"),
        # one of them
        ("one", "trade associations that reported", "associations",
         "one trade association that reported"),
        ("one", "plants that repair", "plants", "plants that repair: one"),
        ("single", "shops which were closed", "shops", "shops which were closed: a single"),
        ("1", "kettles recalled", "kettles", "1 kettle recalled"),
        ("more than 1", "boxes, in all", "boxes", "more than 1 box, in all"),
        ("single", "places to register", "places", "a single place to register"),
        ("second", "lists in a row", "lists", "a second list in a row"),
        ("1", "people injured", "people", "1 person injured"),
        ("101", "kettles recalled", "kettles", "101 kettles recalled"),
        ("twenty-one", "kettles recalled", "kettles", "twenty-one kettles recalled"),
        ("between 0 and 1", "kettles a day", "kettles", "between 0 and 1 kettles a day"),
        # magnitudes
        ("hundreds of thousands", "merchants banned", "merchants",
         "hundreds of thousands of merchants banned"),
        ("1000s", "sellers reported", "sellers", "1000s of sellers reported"),
        ("one million", "kettles sold", "kettles", "one million kettles sold"),
        # shares, sums and lengths are no number of what the label begins with
        ("97%", "requests handled in time", "percent", "requests handled in time: 97%"),
        ("almost two-thirds", "brands from abroad", "fraction",
         "brands from abroad: almost two-thirds"),
        ("majority", "notices answered", "fraction", "notices answered: a majority"),
        ("RMB 4.3 billion", "value of the cases", "RMB", "value of the cases: RMB 4.3 billion"),
        ("27 times more", "own removals", "times", "own removals: 27 times more"),
        ("within 24 hours", "limits of a repair", "hours", "limits of a repair: within 24 hours"),
        ("nearly 700", "length of an email", "words", "length of an email: nearly 700"),
        ("13", "Alibaba's different totals", "figures", "Alibaba's different totals: 13"),
        ("two-year", "length of a suit", "years", "a two-year length of a suit"),
        ("eight year", "absence from it", "years", "an eight year absence from it"),
        ("134", "days from suit to verdict", "days", "134 days from suit to verdict"),
        ("0.84", "arrests per lead", "people per leads", "0.84 arrests per lead"),
        ("13%", "of all, not taken down", "percent", "13% of all, not taken down"),
    ],
)  # fmt: skip
def test_words_and_label_are_one_phrase(words, label, unit, expected):
    assert named(words, label, unit) == expected


def test_a_change_is_named_by_its_label_also_in_percent():
    assert named("11%", "increase in sales", "percent", is_change=True) == "11% increase in sales"


def test_every_figure_of_the_real_book_is_named_without_a_plural_of_one(real):
    names = [real.figure(wanted).named for wanted in real.statistics]
    assert "hundreds of thousands of merchants banned" in " ".join(names)
    for name in names:
        assert not name.startswith(("one trade associations", "single", "majority"))


def test_what_is_not_stated_is_left_out_of_the_sentences(edit, book):
    edit("data/statistics/kettles.yml", "scope: the company", "scope: unstated")
    figure = session.load(book).figure("stores-closed-2017")
    assert figure.said == "Kettle Company says so for 2017."


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("closures-rebuttal", "Alibaba says so: results of leads that Alibaba provided."),
        ("listed-for-copyright-2017",
         "World Trademark Review says so for 2017. It is a share of websites on the list."),
        ("takedown-requests-decline-2017", "Alibaba says so for 2017. It compares with 2016."),
        ("takedown-requests-decline-2017-preface",
         "Alibaba says so for 2017. It compares with a year that is not named."),
        ("marketsafe-removals-2017-09", "Alibaba says so (up to September 2017)."),
    ],
)  # fmt: skip
def test_who_says_it_for_when_and_against_what(wanted, said, real):
    assert real.figure(wanted).said == said
