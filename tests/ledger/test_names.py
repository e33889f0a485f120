"""Names and terms that readers may not know."""

from __future__ import annotations

import pytest

from tallybook.notebooks import session
from tallybook.reading import statements
from tallybook.reading.statements import stating

NAMES = "data/names.yml"


def test_a_book_without_the_file_has_no_names(ledger, problems):
    assert problems() == []
    assert ledger.names == {}


def test_names_are_in_the_order_of_the_alphabet_each_with_all_its_spellings(book, problems):
    (book / NAMES).write_text(
        "- {name: WTO, what: A guild of lids., also: [World Teapot Order]}\n"
        "- {name: aluminium, what: A metal.}\n"
    )
    assert problems() == []
    names = session.load(book).names
    assert [*names] == ["aluminium", "WTO"]
    assert names["WTO"].spellings == ["WTO", "World Teapot Order"]


@pytest.mark.parametrize(
    "name",
    [
        "3M",
        "7-Eleven",
        "Double 11",
        "Special 301",
        "G20",
        "three-strike rule",
        "Special 301 report",
    ],
)
def test_a_name_may_hold_a_number(name, book, problems):
    (book / NAMES).write_text(f"- {{name: {name}, what: A name.}}\n")
    assert problems() == []


@pytest.mark.parametrize(
    "name",
    [
        "2017", "1,606", "seven", "97%", "more than 1,606", "RMB 4.3 billion", "24 hours",
        "two thirds", "the first", "2017-18", "300M", "1990s", "the 7th", "½", "1,606 arrests",
        "over 1,000 shops", "two thirds of brands",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["name", "also"])
def test_a_name_that_is_a_number_is_refused_with_its_place(field, name, book, problems):
    given = f'name: "{name}", also: []' if field == "name" else f'name: KC, also: ["{name}"]'
    (book / NAMES).write_text(f"- {{what: A name., {given}}}\n")
    (problem,) = problems()
    assert problem.startswith(f"{NAMES}:1:")
    assert f"{field}: '{name}' is a number, or counts with one, and no name" in problem


def test_a_year_without_quotes_is_no_name_either(book, problems):
    (book / NAMES).write_text("- {name: 2017, what: A year.}\n")
    assert "is a number, or counts with one, and no name" in problems()[0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {name: WTO, what: A.}\n- {name: wto, what: B.}\n", ":2:10: 'wto' stands at"),
        ("- {name: WTO, what: A., also: [Guild, guild]}\n", ":1:39: 'guild' stands at"),
        ("- {name: A, what: A., also: [B]}\n- {name: B, what: B.}\n", ":2:10: 'B' stands at"),
        ("- {name: A, what: A., also: [C]}\n- {name: B, what: B., also: [C]}\n", ":2:30: 'C' st"),
        ("- {name: WTO}\n", ":1:3: the field 'what' is missing: What it is"),
        ("- {name: WTO, what: A., aslo: [B]}\n", ":1:25: unknown field 'aslo'. Did you mean"),
        ("- {name: '—', what: A.}\n", ":1:10: name: expected a name with letters, found '—'"),
        ("- {name: '', what: A.}\n", ":1:10: name: expected text, found nothing"),
        ("- {name: WTO, what: A., also: B}\n", ":1:31: also: expected a list, found 'B'"),
        ("name: WTO\n", ":1:1: expected a list of records, found a mapping"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_name_is_said_with_its_place(text, says, book, problems):
    (book / NAMES).write_text(text)
    (problem,) = problems()
    assert problem.startswith(f"{NAMES}{says}")


def test_what_only_begins_like_a_number_is_a_name():
    assert not statements.is_no_name("Nine West")
    assert not statements.is_no_name("OnePlus")
    assert not statements.is_no_name("")


def test_a_number_in_a_name_needs_no_record_but_stands_in_no_other_text(book):
    (book / NAMES).write_text("- {name: Double 11, what: A day., also: [the 11 Sale, Lid day]}\n")
    known = session.load(book).known
    assert known.names == ("Double 11", "the 11 Sale")
    texts = ("On Double 11 lids are cheap.", "On double 11 lids.", "All 11 lids.", "Double 110")
    assert [bool([*stating(text, known)]) for text in texts] == [False, True, True, True]
