"""The words of a computed figure say no bound and no closeness that its inputs do not give it."""

from __future__ import annotations

import re
from fractions import Fraction
from operator import add, mul, sub, truediv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.ledger.figures import Figure, allowed_in_words, bounds, derived, from_json, to_json
from tallybook.ledger.phrases import UNBOUNDED
from tallybook.notebooks.session import load
from tallybook.quantity.interval import EVERYTHING, INFINITY, Interval, stated
from tallybook.quantity.quantity import Quantity, share_from_ratio
from tallybook.tables.table import worded

thorough = settings(derandomize=True, deadline=None, max_examples=300)
OPERATIONS = [add, sub, mul, truediv]
# On which sides a statement leaves open how far it goes.
OPEN = {
    "exact": "", "about": "", "more than": "above", "at least": "above", "nearly": "below",
    "less than": "below", "up to": "below", "on the order of": "above",
}  # fmt: skip
FAR = Fraction(10) ** 15
COUNTS = Interval(low=0, low_closed=False)


def said(value, bound, natural=COUNTS):
    """A number as a document states it, to the last digit."""
    value = Fraction(value)
    interval = stated(value, bound, half_unit=Fraction(1, 2), natural=natural)
    return Quantity(value, interval, "", natural)


def extremes(value, bound):
    """Numbers that such a statement allows, as far out as it lets them be."""
    half = {"exact": Fraction(1, 2), "about": Fraction(1, 10)}.get(bound, Fraction(1, 10**6))
    above, below = value + half, value - half
    if bound == "on the order of":
        return 2 * value, FAR
    if OPEN[bound] == "above":
        return above, FAR
    return (Fraction(1, FAR), below) if OPEN[bound] == "below" else (below, above)


stated_numbers = st.tuples(st.integers(1, 9000), st.sampled_from([*OPEN]))


def shown(quantity) -> Figure:
    return derived("made", quantity, "made")


def numbers(words):
    return [Fraction(each.replace(",", "")) for each in re.findall(r"-?\d[\d,]*(?:\.\d+)?", words)]


def allows(words, value):
    """Whether words hold a value."""
    if words == UNBOUNDED or words.startswith("about "):
        return True
    first, last = numbers(words)[0], numbers(words)[-1]
    if words.startswith("between "):
        return first <= value <= last
    if words.startswith(("more than", "at least")):
        return value >= first
    if words.startswith(("less than", "at most")):
        return value <= first
    decimals = len(words.partition(".")[2])
    zeros = len(words) - len(words.rstrip("0")) if not decimals else 0
    return abs(value - first) <= Fraction(10) ** (zeros - decimals) / 2


@pytest.mark.parametrize("operation", OPERATIONS)
@thorough
@given(one=stated_numbers, other=stated_numbers)
def test_whatever_the_inputs_are_the_words_hold_the_result(operation, one, other):
    words = shown(operation(said(*one), said(*other))).words
    for a in extremes(*one):
        for b in extremes(*other):
            assert allows(words, operation(a, b)), (words, a, b)


@pytest.mark.parametrize("operation", OPERATIONS)
@thorough
@given(one=stated_numbers, other=stated_numbers)
def test_only_what_is_made_of_near_numbers_is_near_one(operation, one, other):
    words = shown(operation(said(*one), said(*other))).words
    is_near = not (OPEN[one[1]] or OPEN[other[1]])
    is_one_number = not words.startswith(("more", "less", "at ", "between")) and words != UNBOUNDED
    assert not is_one_number or is_near
    assert words.startswith("about ") == (is_near and "about" in (one[1], other[1]))
    assert not words.startswith("between ") or is_near


@pytest.mark.parametrize("operation", [add, sub])
@thorough
@given(one=stated_numbers, other=stated_numbers)
def test_the_floor_of_a_measure_is_no_bound_of_a_sum_or_difference(operation, one, other):
    with_floor = operation(said(*one), said(*other))
    without = operation(said(*one, EVERYTHING), said(*other, EVERYTHING))
    assert shown(with_floor).words == shown(without).words


@thorough
@given(st.lists(stated_numbers, min_size=2, max_size=4))
def test_a_sum_is_bounded_on_the_sides_on_which_all_of_its_parts_are(parts):
    result = said(*parts[0])
    for part in parts[1:]:
        result = result + said(*part)
    sides = {OPEN[bound] for _, bound in parts}
    is_about = any(bound == "about" for _, bound in parts)
    low, high = result.known_ends
    assert (low is not None) == (not is_about and "below" not in sides)
    assert (high is not None) == (not is_about and "above" not in sides)
    number = shown(result).number
    assert (number is None) == (result.interval is not None and low is None and high is None)
    if (low is None) != (high is None):
        assert number in (low, high)


def test_more_than_by_over_is_said_to_have_no_bound_wherever_it_is_worded():
    figure = shown(said(700_000, "more than") / said(6_000_000, "more than"))
    assert figure.words == "a number that cannot be bounded"
    assert figure.named == "made: a number that cannot be bounded"
    assert allowed_in_words(figure.quantity) == "no bound follows from what is said"
    assert figure.number is None


def test_a_sum_with_nearly_says_its_upper_end_alone():
    spent = said(12_400_000, "exact") + said(15_000_000, "nearly")
    assert shown(spent).words == "less than 27,500,000"
    assert allowed_in_words(spent).endswith("how far below is not said")


def test_a_share_of_an_unbounded_ratio_cannot_be_bounded():
    ratio = said(3, "more than") / said(2, "more than")
    assert shown(share_from_ratio(ratio)).words == UNBOUNDED
    assert shown(share_from_ratio(said(3, "more than"))).words == "more than 0.75"


def test_what_is_about_a_number_bounds_nothing_with_what_is_open():
    assert shown(said(700, "about") / said(6000, "more than")).words == UNBOUNDED
    assert shown(said(700, "about") / said(6000, "about")).words == "about 0.12"
    assert shown(100 - said(700, "about")).words == "about -600"


@thorough
@given(stated_numbers, stated_numbers)
def test_which_ends_are_said_is_kept_in_a_notebook(one, other):
    figure = shown(said(*one) + said(*other))
    again = from_json(to_json(figure))
    assert (again.words, again.quantity.known_ends) == (figure.words, figure.quantity.known_ends)


def test_an_interval_of_an_older_notebook_is_still_read():
    data = to_json(shown(said(3, "exact")))
    assert from_json({**data, "interval": data["interval"][:4]}).words == "between 2.5 and 3.5"
    assert Interval(0, INFINITY).high_said is False


@pytest.fixture(scope="module")
def water():
    return load(Path(__file__).parents[2] / "examples/water")


def test_money_has_the_sign_that_the_documents_print(water):
    first, second = water.quantities("mains-2023", "mains-2024")
    both = shown(first.plus(second, because="One after the other"))
    assert both.words == "less than $27.5 million"
    assert from_json(to_json(both)).words == both.words
    assert allowed_in_words(first) == "from $12.35 million up to $12.45 million"
    each_km = shown(first.over(Quantity.exactly(4, "km")))
    assert each_km.words == "$3.1 million"
    assert shown(first.over(first)).words == "between 0.991 and 1.01"


def test_other_signs_of_money_are_not_taken_for_one(water):
    (dollars,) = water.quantities("mains-2023")
    euros = Quantity(dollars.point, dollars.interval, "USD", sign="€")
    assert "$12.5 million" in shown(dollars + Quantity.exactly(1, "USD")).words
    assert shown(euros.plus(dollars, because="Made up")).words == (
        "between USD 24.7 million and USD 24.9 million"
    )
    with pytest.raises(ValueError, match="is no sign of a currency"):
        from_json({**to_json(shown(dollars)), "sign": "97% of $"})


def test_the_unit_of_a_measurement_is_said_once(water):
    assert water.figure("well-12").named == (
        "what the well gives in a day, in cubic metres a day: 4,200 to 4,600"
    )
    assert water.figure("burst-rate-2023").label == "bursts for each length of main"
    assert water.figure("bursts-2019").named == "447 bursts repaired"


def test_a_fiscal_year_is_called_as_it_is_printed(water):
    figure = water.figure("mains-2023")
    assert figure.period == "fiscal year 2022–23"
    assert "for fiscal year 2022–23 (July 2022 to June 2023)" in figure.said
    assert water.figure("lost-2022-fraction").period == "July 2021 to June 2022"
    assert water.figure("bursts-2019").period == "2019"
    assert worded(water, "In {period:mains-2023}") == "In fiscal year 2022–23"


def test_the_ends_of_a_computed_figure_have_no_more_digits_than_its_words():
    third = shown(said(1000, "more than") / said(3, "exact"))
    assert third.words == "more than 285"
    assert bounds(third) == ("285", "no upper end")


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        ("11.6", "11.8", "percentage points", "between 11.6 and 11.8 percentage points"),
        ("11.65", "11.75", "percentage points", "11.7 percentage points"),
        ("0.5", "1.5", "percentage points", "between 0.5 and 1.5 percentage points"),
        ("1", "1", "percentage points", "1 percentage point"),
        ("-1", "-1", "percentage points", "-1 percentage point"),
        ("0.5", "1", "percentage points", "between 0.5 and 1 percentage points"),
        ("80.216", "80.219", "percent", "between 80.216% and 80.219%"),
        ("1605.6", "1605.8", "stores", "between 1,605.6 and 1,605.8"),
        ("57.5", "58.5", "percent", "58%"),
    ],
)
def test_no_number_is_said_that_the_interval_leaves_out(low, high, unit, words):
    low, high = Fraction(low), Fraction(high)
    made = Quantity((low + high) / 2, Interval(low, high), unit)
    assert derived("made", made, "made").words == words


@given(st.fractions(-5000, 5000, max_denominator=999), st.fractions(0, 10, max_denominator=999))
@thorough
def test_the_one_number_that_is_said_lies_within_the_interval(low, width):
    words = shown(Quantity(low, Interval(low, low + width))).words
    if width and not words.startswith("between"):
        assert low <= numbers(words)[0] <= low + width
