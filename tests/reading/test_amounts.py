"""What several numbers say together is read from the words between them, in any text."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.reading import amounts, hedges
from tests.helpers.groups import but_first
from tests.helpers.growth import grows_with_its_text

repeatable = settings(derandomize=True, deadline=None)
PIECES = (
    "5", "7", "30", "40%", "2017", "1,000", "two", "a third", "million", "bn", "$", "€", "Rs ",
    " to ", "–", "-", " and ", " or ", "between ", "from ", "rose ", "about ", "nearly ", "±", "(",
    ")", "[", "]", "95% CI ", "SE ", "per ", "100,000", " in ", " of ", "one", "third", "±",
    "percentage points", "kg", "m", "°C", "COVID-19", "Section ", " every ", "’", "'", ",", ".",
    " ", " ", " ", "x", "fold", "times", "e6", "× 10⁶", "lakh", "crore", "half",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
numbers = st.integers(0, 10**6)


def only(text):
    (amount,) = amounts.read(text)
    return amount


@repeatable
@given(numbers, st.integers(1, 10**6), st.sampled_from(["{}–{}", "{} to {}", "between {} and {}"]))
def test_the_ends_of_any_range_are_read_back(low, width, way):
    high = low + width
    amount = only(f"They saw {way.format(f'{low:,}', f'{high:,}')} kettles")
    if low < 1000 <= high and len(str(low)) == len(f"{high:,}".partition(",")[0]):
        return  # "70 to 80,000" leaves open what the ends are
    assert (amount.value, amount.low, amount.high) == (None, low, high)


@repeatable
@given(numbers, st.integers(1, 10**5), st.integers(1, 10**5), st.sampled_from([90, 95, 99]))
def test_the_interval_beside_any_value_is_read_back(value, below, above, level):
    text = f"{value:,} ({level}% CI {value - below:,} to {value + above:,})"
    if value < below:
        return
    amount = only(text)
    read = (amount.value, amount.low, amount.high, amount.level)
    assert read == (value, value - below, value + above, str(level))


@settings(repeatable, max_examples=500)
@given(texts)
def test_any_text_is_read_and_each_numeral_is_in_one_figure(text):
    found = amounts.read(text)
    spans = [span for each in found for span in each.spans]
    assert len(spans) == len(set(spans))
    kept = amounts.without_names(text, hedges.read(text))
    assert set(spans) == {(each.start, each.end) for each in kept}
    for each in found:
        assert (each.low is None) == (each.high is None)
        assert each.value is not None or each.low is not None
        in_order = each.low is None or each.low <= each.high or each.mistake
        assert in_order or each.low == -each.high


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rose from 30% to 40%", ["30", "40"]),
        ("fell from 120 to 90", ["120", "90"]),
        ("cut from five to three days", ["5", "3"]),
        ("1, 2 or 3 cases", ["1", "2", "3"]),
        ("fell 2.3% to 1,204", ["2.3", "1204"]),
        ("4 in 2019 and 6 in 2020", ["4", "2019", "6", "2020"]),
        ("between 2010 and 2015", ["2010", "2015"]),
        ("12–15 March", ["12", "15"]),
        ("a vote of 52–48", ["52", "48"]),
        ("2015–2018", ["2015", "2018"]),
        ("number one in 12 countries", ["1", "12"]),
        ("almost two-thirds (64%)", ["2/3", "64"]),
        ("2015 120 130 140", ["2015", "120", "130", "140"]),
    ],
)
def test_two_figures_are_not_taken_for_one(text, said):
    assert [each.value for each in amounts.read(text)] == [Fraction(each) for each in said]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("between 40 and 30", "higher end first"),
        ("30 minutes to 2 hours", "two units"),
        ("a third to 40%", "two units"),
        ("4.5 (95% CI 5.1 to 6.2)", "leaves its value out"),
    ],
)
def test_what_looks_like_one_figure_and_cannot_be_is_said(text, why):
    assert why in only(text).mistake


@pytest.mark.parametrize(
    "text",
    ["COVID-19", "Section 230", "G20", "CO2", "PM2.5", "H1N1", "Article 7(2)", "B2B", "10-K"],
)
def test_a_name_with_a_number_is_no_figure(text):
    assert amounts.read(f"In all, {text} was named") == []


def test_names_of_the_book_are_no_figures():
    text = "Studio 54 had 312 guests"
    assert [str(each.value) for each in amounts.read(text, ("Studio 54",))] == ["312"]


def test_3m_is_a_name_only_without_things_behind_it():
    assert [str(each.value) for each in amounts.read("3M people")] == ["3000000"]
    assert amounts.read("3M said") == []


@pytest.mark.parametrize("text", ["٣٠–40%", "１２ to ٢٠ kettles", "४२ (95% CI 40–٤٤)"])
def test_digits_of_mixed_scripts_are_read_as_their_values(text):
    amount = only(text)
    assert amount.low < amount.high


@pytest.mark.parametrize(
    "unit",
    but_first(
        ["between one and two ", "5 to ", "30–", "4.5 (95% CI ", "one in ", "1 of ", "± ",
         "per 1,000 ", "12 kg ", "(", "third of ", "two hundred and fifty thousand pounds "],
        "growth", quick=2,
    ),
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_its_length_allows(unit):
    assert grows_with_its_text(amounts.read, unit, ends=("", ""))


@pytest.mark.parametrize(
    ("text", "is_range"),
    [
        ("There were changes ranging from 0.4 to 1.2 percentage points.", True),
        ("Falls varied from 2% to 5%.", True),
        ("It fell from 2% to 5%.", False),
    ],
)
def test_changes_that_range_from_one_number_to_another_are_one_range(text, is_range):
    assert [each.is_range for each in amounts.read(text)] == ([True] if is_range else [False] * 2)


def test_a_number_in_a_cell_is_no_rate_of_what_stands_in_another():
    (number,) = amounts.read("| Lids | 7 |\n| Rent per week | low |")
    assert (number.per, number.after) == ("", " ")
