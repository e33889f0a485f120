"""Whatever the values inside intervals give, the result's interval holds, and hardly more."""

from fractions import Fraction
from operator import add, mul
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tallybook.quantity.interval import (
    EVERYTHING,
    INFINITY,
    Bound,
    DivisorSpansZero,
    ImpossibleInterval,
    Interval,
    ranged,
    stated,
)

sound = settings(derandomize=True, deadline=None, max_examples=200)
HAIR = Fraction(1, 10**9)
SHAPES = ("[]", "[)", "(]", "()", "[ inf", "( inf", "-inf ]", "-inf )", "-inf inf")

# Few values, so that ends often meet each other and zero.
ends = st.integers(-30, 30).map(lambda sixths: Fraction(sixths, 6))


def read(text):
    """The interval that `str` writes so: "(1000, inf)"."""
    low, high = (float(end) if "inf" in end else Fraction(end) for end in text[1:-1].split(", "))
    return Interval(low, high, text[0] == "[", text[-1] == "]")


@st.composite
def intervals(draw, shapes=SHAPES):
    shape, (low, high) = draw(st.sampled_from(shapes)), sorted((draw(ends), draw(ends)))
    low = -INFINITY if shape.startswith("-inf") else low
    high = INFINITY if shape.endswith(" inf") else high
    is_point = low == high
    return Interval(low, high, is_point or "[" in shape, is_point or "]" in shape)


@st.composite
def divisors(draw):
    interval = draw(intervals().filter(lambda interval: interval != Interval.at(Fraction(0))))
    return interval.meet(read("(0, inf)" if interval.high > 0 else "(-inf, 0)"))


@st.composite
def values_in(draw, interval):
    low = min(interval.high, 0) - 10**6 if interval.low == -INFINITY else interval.low
    high = max(interval.low, 0) + 10**6 if interval.high == INFINITY else interval.high
    share = draw(st.sampled_from([0, HAIR, Fraction(1, 5), Fraction(2, 3), 1 - HAIR, 1]))
    value = Fraction(low + (high - low) * share)
    return value if value in interval else Fraction(low + high) / 2


@st.composite
def samples(draw, of=None):
    """An interval and a value in it."""
    interval = draw(intervals() if of is None else of)
    return interval, draw(values_in(interval))


def closed_ends(interval):
    return [end for end in (interval.low, interval.high) if end in interval]


def almost_ends(interval):
    nudge = (interval.high - interval.low) * HAIR
    return interval.low + nudge, interval.high - nudge


@sound
@given(samples())
def test_an_interval_holds_the_negative_of_each_value_of_its_negative(sample):
    interval, value = sample
    negative = -interval
    assert -value in negative
    assert -negative == interval


@sound
@given(samples(), samples())
def test_a_sum_holds_the_sum_of_any_two_values(a, b):
    assert a[1] + b[1] in a[0] + b[0]
    assert a[0] + b[0] == b[0] + a[0]


@sound
@given(samples(), samples())
def test_a_product_holds_the_product_of_any_two_values(a, b):
    assert a[1] * b[1] in a[0] * b[0]
    assert a[0] * b[0] == b[0] * a[0]


@sound
@given(samples(), samples())
def test_a_difference_holds_the_difference_of_any_two_values(a, b):
    assert a[1] - b[1] in a[0] + -b[0]


@sound
@given(samples(), samples(divisors()))
def test_a_quotient_holds_the_quotient_of_any_two_values(a, b):
    assert a[1] / b[1] in a[0] * b[0].reciprocal()


@sound
@given(samples(divisors()))
def test_the_reciprocal_holds_one_over_each_value_and_nothing_more(sample):
    interval, value = sample
    assert 1 / value in interval.reciprocal()
    assert interval.reciprocal().reciprocal() == interval


@sound
@given(intervals())
def test_only_an_interval_with_zero_in_it_has_no_reciprocal(interval):
    if 0 in interval:
        with pytest.raises(DivisorSpansZero):
            interval.reciprocal()
    else:
        assert 0 not in interval.reciprocal()


@sound
@given(intervals(), intervals(), st.data())
def test_the_meet_holds_exactly_the_values_of_both(a, b, data):
    value = data.draw(values_in(a) | values_in(b) | ends)
    try:
        meet = a.meet(b)
    except ImpossibleInterval:
        assert not (value in a and value in b)
    else:
        assert (value in meet) == (value in a and value in b)


@sound
@given(intervals(), intervals(), st.data())
def test_the_hull_holds_the_values_of_either_and_has_its_ends_from_them(a, b, data):
    hull = a.hull(b)
    assert data.draw(values_in(a)) in hull
    assert data.draw(values_in(b)) in hull
    assert hull.low in (a.low, b.low)
    assert hull.high in (a.high, b.high)
    assert all(end in a or end in b for end in closed_ends(hull))


@sound
@given(samples())
def test_without_zero_an_interval_loses_zero_at_its_ends_and_no_other_value(sample):
    interval, value = sample
    assume(interval != Interval.at(Fraction(0)))
    left = interval.without_zero()
    assert value == 0 or value in left
    assert (left.low, left.high) == (interval.low, interval.high)
    assert 0 not in (left.low, left.high) or 0 not in left


@pytest.mark.parametrize("operation", [add, mul])
@sound
@given(a=intervals(SHAPES[:4]), b=intervals(SHAPES[:4]))
def test_no_end_lies_further_out_than_values_reach(operation, a, b):
    result = operation(a, b)
    reached = [operation(x, y) for x in almost_ends(a) for y in almost_ends(b)]
    assert 0 <= min(reached) - result.low < Fraction(1, 100)
    assert 0 <= result.high - max(reached) < Fraction(1, 100)


@pytest.mark.parametrize("operation", [add, mul])
@sound
@given(a=samples(), b=samples())
def test_a_closed_end_is_the_result_of_two_values(operation, a, b):
    (first, x), (second, y) = a, b
    zero = [Fraction(0)]
    attained = {
        operation(u, v)
        for u in [*closed_ends(first), *(zero if 0 in first else []), x]
        for v in [*closed_ends(second), *(zero if 0 in second else []), y]
    }
    assert attained >= set(closed_ends(operation(first, second)))


@pytest.mark.parametrize(
    ("a", "b", "total"),
    [
        ("(1000, inf)", "[500, 500]", "(1500, inf)"),
        ("(1000, inf)", "[0, 1000)", "(1000, inf)"),
        ("[0, 1000)", "[0, 700]", "[0, 1700)"),
        ("(1000, inf)", "(-inf, -900)", "(-inf, inf)"),
        ("(-inf, 5]", "[-5, 5]", "(-inf, 10]"),
        ("[85/2, 87/2]", "[1/2, 1/2]", "[43, 44]"),
    ],
)
def test_a_sum_has_the_ends_of_its_parts(a, b, total):
    assert str(read(a) + read(b)) == total


@pytest.mark.parametrize(
    ("a", "b", "product"),
    [
        ("(1000, inf)", "[2, 3)", "(2000, inf)"),
        ("[0, 1000)", "[2, 3]", "[0, 3000)"),
        ("(0, 1000)", "[0, 3]", "[0, 3000)"),
        ("(0, 2]", "(0, inf)", "(0, inf)"),
        ("[0, inf)", "(0, inf)", "[0, inf)"),
        ("[0, 0]", "(-inf, inf)", "[0, 0]"),
        ("(-2, 3]", "[-5, 4)", "[-15, 12)"),
        ("(-inf, -2]", "[3, 4]", "(-inf, -6]"),
        ("(-inf, 0)", "(0, 1)", "(-inf, 0)"),
        ("[-1, 1]", "(0, inf)", "(-inf, inf)"),
    ],
)
def test_a_product_has_open_ends_where_no_value_attains_them(a, b, product):
    assert str(read(a) * read(b)) == product


@pytest.mark.parametrize(
    ("a", "b", "quotient"),
    [
        ("(1000, inf)", "(0, 1000)", "(1, inf)"),
        ("(1000, inf)", "[500, 800]", "(5/4, inf)"),
        ("(1000, inf)", "(900, inf)", "(0, inf)"),
        ("[0, 1000)", "(500, inf)", "[0, 2)"),
        ("[1000, 2000]", "[5, 10)", "(100, 400]"),
        ("[6, 6]", "[-3, -2)", "(-3, -2]"),
    ],
)
def test_a_quotient_has_the_ends_of_its_parts(a, b, quotient):
    assert str(read(a) * read(b).reciprocal()) == quotient


@pytest.mark.parametrize(
    ("interval", "reciprocal"),
    [
        ("(0, 4]", "[1/4, inf)"),
        ("[4, inf)", "(0, 1/4]"),
        ("(-inf, -4)", "(-1/4, 0)"),
        ("[-2, 0)", "(-inf, -1/2]"),
        ("(2, 5]", "[1/5, 1/2)"),
    ],
)
def test_a_reciprocal_turns_the_ends_round(interval, reciprocal):
    assert str(read(interval).reciprocal()) == reciprocal


@pytest.mark.parametrize("interval", ["[0, 5]", "[-5, 0]", "(-1, 1)", "[0, 0]", "(-inf, inf)"])
def test_dividing_by_what_may_be_zero_is_refused(interval):
    with pytest.raises(DivisorSpansZero, match="may be zero"):
        read(interval).reciprocal()


@pytest.mark.parametrize("text", ["(5, 5)", "[5, 5)", "(5, 5]", "[6, 5]", "(inf, inf)"])
def test_an_interval_that_holds_no_value_cannot_be_made(text):
    with pytest.raises(ImpossibleInterval, match="no value lies in"):
        read(text)


def test_an_infinite_end_does_not_belong_to_an_interval():
    assert Interval(-INFINITY, INFINITY, low_closed=True, high_closed=True) == read("(-inf, inf)")
    assert str(Interval(Fraction(3), INFINITY)) == "[3, inf)"


def test_two_intervals_that_only_touch_meet_where_both_are_closed():
    assert read("[0, 5]").meet(read("[5, 9]")) == Interval.at(Fraction(5))
    with pytest.raises(ImpossibleInterval):
        read("[0, 5)").meet(read("[5, 9]"))


def test_a_hull_closes_an_end_that_either_closes():
    assert str(read("(1, 5)").hull(read("[1, 5]"))) == "[1, 5]"
    assert str(read("(1, 2)").hull(read("[7, inf)"))) == "(1, inf)"


def test_an_interval_of_whole_numbers_calculates_as_one_of_fractions():
    whole, exact = Interval(2, 4), read("[2, 4]")
    assert whole.reciprocal() == exact.reciprocal()
    assert whole.reciprocal() * read("[3, 3]") == read("[3/4, 3/2]")


def test_a_float_that_is_no_infinity_is_refused_as_an_end():
    with pytest.raises(TypeError):
        Interval(0.5, 2.5)


@pytest.mark.parametrize(
    ("bound", "allowed"),
    [
        ("exact", "[1000, 1000]"),
        ("more than", "(1000, inf)"),
        ("at least", "[1000, inf)"),
        ("nearly", "[0, 1000)"),
        ("less than", "[0, 1000)"),
        ("up to", "[0, 1000]"),
        ("on the order of", "[2000, inf)"),
    ],
)
def test_each_bound_allows_what_its_words_say(bound, allowed):
    assert str(stated(Fraction(1000), bound, natural=read("[0, inf)"))) == allowed


def test_about_says_nothing_of_its_error():
    assert stated(Fraction(1000), "about", natural=read("[0, inf)")) is None


bounds = st.sampled_from(get_args(Bound))


@sound
@given(
    bounds,
    st.integers(1, 10**9).map(Fraction),
    ends.map(abs),
    intervals(),
)
def test_a_statement_never_allows_what_its_measure_cannot_be(bound, value, half, natural):
    try:
        allowed = stated(value, bound, half_unit=half, natural=natural)
    except ImpossibleInterval:
        return
    assert allowed is None or allowed.meet(natural) == allowed


@sound
@given(st.decimals(-(10**6), 10**6, places=2), st.integers(0, 2))
def test_a_rounded_figure_allows_what_was_rounded_to_it(true, places):
    exact = Fraction(true)
    printed = Fraction(round(exact, places))
    half = Fraction(1, 2 * 10**places)
    assert exact in stated(printed, "exact", half_unit=half, natural=EVERYTHING)


@pytest.mark.parametrize(
    ("value", "half_unit", "allowed"),
    [
        ("42", "1/2", "[83/2, 85/2]"),
        ("97.6", "0.05", "[1951/20, 1953/20]"),
        ("4300000000", "50000000", "[4250000000, 4350000000]"),
        ("0", "1/2", "[0, 1/2]"),
        ("100", "1/2", "[199/2, 100]"),
    ],
)
def test_a_rounded_figure_reaches_half_a_unit_either_side_within_its_limits(
    value, half_unit, allowed
):
    natural = read("[0, 100]") if Fraction(value) <= 100 else EVERYTHING
    interval = stated(Fraction(value), "exact", half_unit=Fraction(half_unit), natural=natural)
    assert str(interval) == allowed


@pytest.mark.parametrize(
    ("words", "unit", "allowed"),
    [
        ("tens", 10, "[20, inf)"),
        ("dozens", 12, "[24, inf)"),
        ("thousands", 1000, "[2000, inf)"),
        ("hundreds of thousands", 10**5, "[200000, inf)"),
    ],
)
def test_a_magnitude_is_two_of_it_or_more_and_says_not_how_many_more(words, unit, allowed):
    interval = stated(Fraction(unit), "on the order of", natural=read("[0, inf)"))
    assert str(interval) == allowed, words


@pytest.mark.parametrize(
    ("value", "bound"),
    [
        (101, "exact"),
        (-1, "exact"),
        (100, "more than"),
        (101, "at least"),
        (0, "nearly"),
        (0, "less than"),
        (-1, "up to"),
        (100, "on the order of"),
    ],
)
def test_a_value_outside_floor_and_ceiling_is_impossible(value, bound):
    with pytest.raises(ImpossibleInterval):
        stated(Fraction(value), bound, natural=read("[0, 100]"))


def test_an_end_at_the_ceiling_narrows_to_the_ceiling_alone():
    assert stated(Fraction(100), "at least", natural=read("[0, 100]")).is_point
    assert stated(Fraction(0), "up to", natural=read("[0, 100]")).is_point


def test_an_end_at_infinity_is_never_closed():
    everything = Interval()
    assert not everything.low_closed
    assert not everything.high_closed
    assert Interval(low=Fraction(1)).low_closed


ends_of_ranges = st.lists(ends, min_size=2, max_size=2, unique=True).map(sorted)
bounds = st.sampled_from([*get_args(Bound)])


@sound
@given(ends_of_ranges, bounds, st.one_of(st.just(""), bounds), ends)
def test_a_range_allows_no_value_that_its_hedges_exclude_and_all_others(ends, bound, upper, value):
    low, high = ends
    allowed = ranged(low, high, bound, upper, natural=EVERYTHING)
    if allowed is None:
        assert bound in ("about", "on the order of")
        assert not upper
        return
    first, last = bound, upper or bound
    above = {"exact": value >= low, "at least": value >= low, "more than": value > low}
    below = {
        "exact": value <= high, "up to": value <= high, "less than": value < high,
        "nearly": value < high,
    }  # fmt: skip
    assert (value in allowed) == (above.get(first, True) and below.get(last, True))


@sound
@given(ends_of_ranges, ends_of_ranges, st.floats(0, 1), st.floats(0, 1))
def test_arithmetic_with_ranges_holds_what_their_values_give(one, other, share, other_share):
    first, second = (ranged(*each, "exact", natural=EVERYTHING) for each in (one, other))
    a = one[0] + Fraction(share) * (one[1] - one[0])
    b = other[0] + Fraction(other_share) * (other[1] - other[0])
    assert a + b in first + second
    assert a * b in first * second
    assert -a in -first


def test_a_range_outside_what_its_measure_allows_is_impossible():
    with pytest.raises(ImpossibleInterval):
        ranged(Fraction(120), Fraction(130), "exact", natural=Interval(0, 100))
