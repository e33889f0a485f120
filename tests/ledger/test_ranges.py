"""Ranges, intervals and units: what a record says of them is what is printed, and all of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from operator import add, mul, sub

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.ledger import figures, loading, tracking
from tallybook.ledger.ledger import Ledger
from tests.conftest import BOOKS
from tests.helpers.added_figures import add_figure


@pytest.fixture
def record(book, problems):
    """Add a figure to the small book; what the check then says of it."""

    def add(sentence, run, fields, *, unit="people"):
        add_figure(book, sentence, run, fields, unit=unit)
        return [problem.partition("statistic 'added': ")[2] or problem for problem in problems()]

    return add


def loaded(book) -> Ledger:
    return loading.inspect(book)[0]


@pytest.mark.parametrize(
    ("sentence", "fields", "unit", "interval", "words"),
    [
        ("They saw 30–40% fewer.", {"low": 30, "high": 40, "bound": "exact"}, "percent",
         "[30, 40]", "30–40%"),
        ("Between 5 and 7 days passed.", {"low": 5, "high": 7, "bound": "exact"}, "days",
         "[5, 7]", "between 5 and 7 days"),
        ("It cost up to $3–4 million.", {"low": 3000000, "high": 4000000, "bound": "up to"}, "USD",
         "[0, 4000000]", "up to $3–4 million"),
        ("They met some 60 to 70 buyers.", {"low": 60, "high": 70, "bound": "about"}, "buyers",
         "None", "some 60 to 70"),
        ("It took 3 to nearly 9 hours.",
         {"low": 3, "high": 9, "bound": "exact", "high_bound": "nearly"}, "hours",
         "[3, 9)", "3 to nearly 9 hours"),
        ("At 4.5 (95% UI 3.9 to 5.1) now.",
         {"value": 4.5, "low": 3.9, "high": 5.1, "level": 95, "bound": "exact"}, "deaths",
         "[39/10, 51/10]", "4.5 (95% UI 3.9 to 5.1)"),
        ("At 0.81 (95% CI, 0.62 to 0.97; P=0.03) now.",
         {"value": 0.81, "low": 0.62, "high": 0.97, "level": 95, "bound": "exact"}, "hazard ratio",
         "[31/50, 97/100]", "0.81 (95% CI, 0.62 to 0.97)"),
        ("At 16 (11–23) days now.", {"value": 16, "low": 11, "high": 23, "bound": "exact"}, "days",
         "[11, 23]", "16 (11–23) days"),
        ("The 15th list is theirs.", {"value": 15, "bound": "exact"}, "place", "[15, 15]", "15th"),
        ("A loss of 12 ± 0.5 kg.",
         {"value": 12, "low": 11.5, "high": 12.5, "bound": "exact"}, "kg",
         "[23/2, 25/2]", "12 ± 0.5"),
    ],
)  # fmt: skip
def test_a_range_or_an_interval_is_recorded_shown_and_reckoned_with(  # noqa: PLR0917
    sentence, fields, unit, interval, words, record, book
):
    assert record(sentence, sentence.rstrip("."), fields, unit=unit) == []
    ledger = loaded(book)
    assert str(ledger.quantity("added").interval) == interval
    assert ledger.figure("added").words == words
    bound = ledger.frame("kettles").set_index("id").loc["added", "bound"]
    assert bound == fields["bound"] or ("value" not in fields and bound != "exact")


@pytest.mark.parametrize(
    ("sentence", "run", "value", "unit"),
    [
        ("They saw 30–40% fewer.", "40% fewer", 40, "percent"),
        ("They saw 30–40% fewer.", "saw 30", 30, "people"),
        ("Between 5 and 7 days passed.", "7 days", 7, "days"),
        ("At 4.5 (95% UI 3.9 to 5.1) now.", "At 4.5", 4.5, "deaths"),
        ("At 4.5 (95% UI 3.9 to 5.1) now.", "to 5.1", 5.1, "deaths"),
        ("It was 12 per 1,000 births.", "was 12", 12, "people"),
        ("They weighed 34 kg of lids.", "weighed 34", 34, "people"),
        ("The share was 41%.", "was 41", 41, "people"),
        ("It lay at minus 3 to plus 5 percent.", "plus 5 percent", 5, "percent"),
        ("They have between 40 and just over 55 lids.", "between 40", 40, "lids"),
        ("It was 133 (121–146) per 100 000 here.", "was 133", 133, "people"),
        ("It was 133 (121–146) per 100 000 here.", "100 000 here", 100000, "people"),
        ("Sales of 3兆 2,000億円 were made.", "Sales of 3兆", 3 * 10**12, "people"),
    ],
)
def test_half_of_a_figure_is_refused_against_the_document(sentence, run, value, unit, record):
    (problem, *_) = [p for p in record(sentence, run, {"value": value, "bound": "exact"}, unit=unit)
                     if "round figure" not in p and "neither claimed" not in p]  # fmt: skip
    assert "leaves words out: the document prints" in problem or "cuts a number in two" in problem


def test_one_of_two_limits_is_refused_against_the_document(record):
    sentence = "They have not fewer than 4 nor more than 8 lids."
    found = record(sentence, "more than 8 lids", {"value": 8, "bound": "more than"}, unit="lids")
    assert any("leaves words out: the document prints" in problem for problem in found)


def test_an_ordinal_in_the_noun_of_a_rate_is_no_figure_of_it(record):
    sentence = "It was 204 first-time owners per million people."
    given = {"value": 204, "bound": "exact"}
    found = record(sentence, sentence[7:-1], given, unit="owners per million people")
    assert [problem for problem in found if "neither claimed" not in problem] == []


def test_what_a_run_leaves_out_behind_its_figure_is_shown(record):
    given = {"value": 24, "low": 19, "high": 29, "bound": "exact"}
    found = record("It is 24 ± 5 Gt a year now.", "24 ± 5 Gt", given, unit="Gt")
    assert any('the document prints "24 ± 5 Gt a year"' in problem for problem in found)


def test_the_base_of_a_rate_is_no_figure(record):
    given = {"value": 100000, "bound": "exact", "rounded_to": "none", "rounded_because": "a base"}
    found = record("The base is per 100,000 people.", "100,000 people", given)
    assert any("is what a rate is of, and no figure" in problem for problem in found)


def test_a_probability_inside_brackets_is_cited_alone(record):
    sentence = "It was 0.81 (95% CI, 0.62 to 0.97; P=0.03)."
    assert [
        problem
        for problem in record(sentence, "P=0.03", {"value": 0.03, "bound": "exact"}, unit="P")
        if "neither claimed" not in problem
    ] == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"low": 40, "high": 30}, "low 40 is above high 30; write the lower end first"),
        ({"low": 30, "high": 30}, "low 30 is not below high 30; write the lower end first"),
        ({"low": 30}, "low needs high too: a range or an interval has two ends"),
        ({}, "the field 'value' is missing; a figure has a value, a range low and high"),
        ({"value": 50, "low": 30, "high": 40}, "from 30 to 40 leaves its value 50 out"),
        ({"value": 35, "level": 95}, "level is that of an interval: add low and high"),
        ({"value": 35, "low": 30, "high": 40, "high_bound": "nearly"}, "only a range has"),
        ({"low": 30, "high": 40, "level": 101}, "above 0 and below 100"),
    ],
)  # fmt: skip
def test_ends_that_cannot_stand_together_are_refused(fields, says, record):
    given = {**fields, "bound": "exact"}
    found = record("They saw 30–40% fewer.", "30–40% fewer", given, unit="percent")
    assert any(says in problem for problem in found)
    assert len([problem for problem in found if "neither claimed" not in problem]) == 1


@pytest.mark.parametrize(
    ("sentence", "fields", "unit", "says"),
    [
        ("They saw 30–40% fewer.", {"value": 40}, "percent", "a range has low and high"),
        ("They saw 40% fewer.", {"low": 30, "high": 40}, "percent", "or cite both ends"),
        ("They weighed 12 kg of lids.", {"value": 12}, "tonnes", "12 kg are 0.012 tonnes"),
        ("They weighed 12 kg of lids.", {"value": 12}, "lids", "prints kg"),
        ("It was 9 MtCO2e.", {"value": 9}, "GtCO2e", "prints MtCO2e"),
        ("It waited 30 minutes to 2 hours.", {"low": 30, "high": 120}, "minutes",
         "has ends in two units (minutes, hours)"),
        ("Between 40 and 30 came.", {"low": 30, "high": 40}, "people", "has its higher end first"),
        ("It was 4.5 (95% CI 5.1 to 6.2).", {"value": 4.5, "low": 5.1, "high": 6.2}, "deaths",
         "leaves its value"),
        ("It was 4.5 (95% CI 4.1 to 6.2).",
         {"value": 4.5, "low": 4.1, "high": 6.2, "level": 90}, "deaths", "level 90 is not what"),
        ("It rose by 3 percentage points.", {"value": 3}, "percent", "prints percentage points"),
        ("It rose from 30% to 40%.", {"low": 30, "high": 40}, "percent", "has 2 numbers in it"),
        ("COVID-19 closed it.", {"value": 19}, "plants", "has a number only in a name"),
        ("They paid $4 million.", {"value": 4000000}, "EUR", "prints USD"),
    ],
)  # fmt: skip
def test_what_is_printed_otherwise_is_refused_with_what_it_says(
    sentence, fields, unit, says, record
):
    given = {**fields, "bound": "exact"}
    assert any(says in p for p in record(sentence, sentence.rstrip("."), given, unit=unit))


def test_the_unit_says_which_of_two_figures_is_meant(record, book):
    sentence = "2016 lids came in 12 boxes."
    found = record(sentence, sentence.rstrip("."), {"value": 2016, "bound": "exact"}, unit="lids")
    assert all("neither claimed nor dismissed: …ids came in [12]" in problem for problem in found)
    assert figures.printed_words(loaded(book).statistic("added"), "lids") == "2016"


def test_a_sign_that_several_currencies_share_is_no_unit_of_a_measure(record):
    found = record(
        "It cost ¥5 million.", "¥5 million", {"value": 5000000, "bound": "exact"}, unit="¥"
    )
    assert any("is the sign of several currencies (CNY, JPY)" in problem for problem in found)


def test_names_of_the_book_hold_no_figure(book, record):
    (book / "data/names.yml").write_text("- {name: Forum 12, what: A meeting of kettle makers.}\n")
    found = record("Forum 12 had 342 guests.", "Forum 12 had 342 guests",
                   {"value": 342, "bound": "exact"}, unit="guests")  # fmt: skip
    assert found == []


def test_a_quantity_counts_as_read_only_what_it_rests_on(book):
    reads = tracking.Reads()
    tracking.tracked(loaded(book), reads).frame(ids=["stores-closed-2017"])
    read = reads["statistics stores-closed-2017"]
    assert {"value", "low", "bound", "period"} <= read
    assert not {"note", "members", "period_because", "cited.0.says"} & read


SMALL = loading.inspect(BOOKS / "kettles")[0]
sound = settings(derandomize=True, deadline=None, max_examples=100)
numbers = st.integers(-12, 12).map(lambda halves: Fraction(halves, 2))
ends = st.lists(numbers, min_size=2, max_size=2, unique=True).map(sorted)
above, below = ("exact", "at least", "more than"), ("exact", "up to", "less than", "nearly")


@st.composite
def recorded(draw):
    """A quantity of a range or of a value with an interval, and a value that its words allow."""
    low, high = draw(ends)
    first, last = draw(st.sampled_from(above)), draw(st.sampled_from([None, *below[1:]]))
    true = low + (high - low) * Fraction(draw(st.integers(1, 9)), 10)
    fields = {"value": None, "low": low, "high": high, "bound": first, "high_bound": last}
    if draw(st.booleans()):
        fields |= {"value": draw(st.sampled_from([low, true, high])), "bound": "exact"}
        fields |= {"high_bound": None, "level": Fraction(95)}
    statistic = SMALL.statistics["stores-closed-2017"].model_copy(update=fields)
    floor = draw(st.sampled_from([None, min(low, Fraction(0))]))
    measure = SMALL.measures["stores-closed"].model_copy(update={"floor": floor})
    ledger = replace(SMALL, statistics={statistic.id: statistic}, measures={measure.id: measure})
    return ledger.quantity(statistic.id), true


@sound
@given(recorded())
def test_what_a_record_of_a_range_or_an_interval_allows_holds_what_its_words_do(one):
    quantity, true = one
    assert true in quantity.interval
    assert quantity.interval.meet(quantity.natural) == quantity.interval
    low, high = quantity.known_ends
    assert low is None or low <= true
    assert high is None or high >= true
    # An end that is not known is one that no word limits.
    assert low is not None or quantity.interval.low == -figures.INFINITY
    words = figures.allowed_in_words(quantity)
    assert ("not said" in words) == (None in (low, high))


@pytest.mark.parametrize("operation", [add, sub, mul])
@sound
@given(a=recorded(), b=recorded())
def test_what_is_computed_of_ranges_and_intervals_holds_the_result_of_their_values(operation, a, b):
    (one, x), (other, y) = a, b
    result = operation(one, other)
    assert operation(x, y) in result.interval
    low, high = result.known_ends
    assert low is None or low <= operation(x, y)
    assert high is None or high >= operation(x, y)
