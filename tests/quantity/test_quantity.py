"""A figure computed from figures never says more than they do."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from operator import add, mul, sub, truediv

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tallybook.quantity.interval import EVERYTHING, DivisorSpansZero, ImpossibleInterval, Interval
from tallybook.quantity.quantity import (
    PLACES,
    Context,
    ContextsDiffer,
    Quantity,
    QuantityError,
    UnitMismatch,
    as_percent,
    as_ratio,
    days_between,
    indexed,
    ratio_of_changes,
    require_reason,
    share_from_ratio,
    total,
)
from tests.quantity.test_interval import divisors, ends, intervals, read, values_in

sound = settings(derandomize=True, deadline=None, max_examples=100)
plain_numbers = st.integers(-9, 9) | ends
not_negative = read("[0, inf)")


def figure(allowed, unit="people", *, natural=not_negative, name="", **context):
    """A quantity of an interval as `str` writes it; None for "about 1,000"."""
    interval = read(allowed) if allowed else None
    known = [interval.high, interval.low] if interval else [Fraction(1000)]
    point = next((end for end in known if isinstance(end, Fraction)), Fraction(1))
    inputs = frozenset({name} if name else ())
    contexts = frozenset({Context(**context)} if context else ())
    return Quantity(point, interval, unit, natural, inputs, contexts)


@st.composite
def figures(draw, unit="RMB", *, within=EVERYTHING, of=None, unknown=True):
    """A quantity and a true value that it allows."""
    natural = draw((intervals() if of is None else of).map(_within(within)).filter(bool))
    interval = draw(intervals().map(_within(natural))) or natural
    point, value = draw(values_in(interval)), draw(values_in(interval))
    known = not unknown or draw(st.integers(0, 4))
    return Quantity(point, interval if known else None, unit, natural), value


def _within(limits):
    def met(interval):
        try:
            return interval.meet(limits)
        except ImpossibleInterval:
            return None

    return met


def assert_allowed(value, result):
    assert value in result.natural
    if result.interval is not None:
        assert value in result.interval
        assert result.interval.meet(result.natural) == result.interval


def is_about(first, second):
    """Whether what is made of both is near a number, and nobody can say how near."""
    return None in (first.interval, second.interval) and first.is_near and second.is_near


@pytest.mark.parametrize("operation", [add, sub, mul])
@sound
@given(a=figures(), b=figures())
def test_a_result_allows_the_result_of_the_true_values(operation, a, b):
    (first, x), (second, y) = a, b
    result = operation(first, second)
    assert_allowed(operation(x, y), result)
    assert result.point == operation(first.point, second.point)
    assert (result.interval is None) == is_about(first, second)


@pytest.mark.parametrize("operation", [add, sub, mul, truediv])
@pytest.mark.parametrize("unit", PLACES)
@sound
@given(place=figures(of=divisors()), other=figures(of=divisors()) | st.integers(1, 9))
def test_nothing_is_calculated_with_a_place_in_an_order(operation, unit, place, other):
    ranked = replace(place[0], unit=unit)
    with pytest.raises(UnitMismatch, match=f"is a {unit} in an order.*no amount"):
        operation(ranked, other if isinstance(other, int) else other[0])
    with pytest.raises(UnitMismatch, match="in an order"):
        operation(other if isinstance(other, int) else replace(other[0], unit=unit), ranked)


@sound
@given(figures(), figures(of=divisors()))
def test_a_quotient_allows_the_quotient_of_the_true_values(a, b):
    (first, x), (second, y) = a, b
    result = first / second
    assert_allowed(x / y, result)
    assert result.point == first.point / second.point
    assert (result.interval is None) == is_about(first, 1 / second)


@sound
@given(figures(), figures())
def test_a_divisor_is_refused_exactly_when_it_may_be_zero(a, b):
    (first, x), (second, y) = a, b
    if second.point == 0 or (second.interval and 0 in second.interval):
        with pytest.raises(DivisorSpansZero, match="it may be zero"):
            first / second
    elif y != 0:
        assert_allowed(x / y, first / second)


@pytest.mark.parametrize("operation", [add, sub, mul, truediv])
@sound
@given(a=figures(), number=plain_numbers)
def test_a_plain_number_may_stand_on_the_right(operation, a, number):
    quantity, value = a
    assume(operation is not truediv or number != 0)
    assert_allowed(operation(value, Fraction(number)), operation(quantity, number))
    assert operation(quantity, number).unit == "RMB"


@pytest.mark.parametrize("operation", [add, sub, mul])
@sound
@given(a=figures(), number=plain_numbers)
def test_a_plain_number_may_stand_on_the_left(operation, a, number):
    quantity, value = a
    assert_allowed(operation(Fraction(number), value), operation(number, quantity))
    assert operation(number, quantity).unit == "RMB"


@sound
@given(figures(of=divisors()), plain_numbers)
def test_a_plain_number_may_be_divided_by_a_figure(a, number):
    quantity, value = a
    assert_allowed(Fraction(number) / value, number / quantity)
    assert (number / quantity).unit == "per RMB"


@sound
@given(figures())
def test_the_negative_of_a_figure_allows_the_negative_of_its_value(a):
    quantity, value = a
    assert_allowed(-value, -quantity)
    negative = -quantity
    assert -negative == quantity


@sound
@given(figures("percent"), figures())
def test_percent_multiplies_and_divides_as_hundredths(a, b):
    (share, x), (whole, y) = a, b
    assert_allowed(x / 100 * y, share * whole)
    assert_allowed(x / 100 * y, whole * share)
    assert (share * whole).unit == "RMB"
    assume(share.point != 0 and x != 0 and not (share.interval and 0 in share.interval))
    assert_allowed(y / (x / 100), whole / share)


@sound
@given(st.lists(figures(), min_size=1, max_size=4))
def test_a_total_allows_the_sum_of_the_true_values(parts):
    quantities, values = zip(*parts, strict=True)
    assert_allowed(sum(values), total(quantities))
    assert total(quantities).point == sum(quantity.point for quantity in quantities)


@sound
@given(figures("percent"))
def test_an_index_allows_what_a_hundred_truly_became(change):
    quantity, value = change
    assert_allowed(100 - value, indexed(quantity, falling=True))
    assert_allowed(100 + value, indexed(quantity, falling=False))
    assert indexed(quantity, falling=True).unit == "percent"


@sound
@given(st.tuples(*[st.integers(1, 50)] * 4), st.tuples(*[st.integers(0, 3)] * 2))
def test_a_ratio_of_changes_allows_what_the_counts_behind_it_give(counts, errors):
    above, below, above_before, below_before = map(Fraction, counts)
    now = [above / above_before * 100, below / below_before * 100]
    growth, decline = (
        Quantity(change, Interval(change - error, change + error), "percent")
        for change, error in zip([now[0] - 100, 100 - now[1]], errors, strict=True)
    )
    index = indexed(decline, falling=True)
    assume(0 not in index.interval)
    became = ratio_of_changes(indexed(growth, falling=False), index)
    assert_allowed(100 * (above / below) / (above_before / below_before), became)
    assert became.unit == "percent"


@sound
@given(figures("times", within=not_negative), st.integers(1, 9))
def test_a_share_from_a_ratio_allows_the_share_of_the_two_counts(ratio, below):
    quantity, value = ratio
    above = value * below
    share = share_from_ratio(quantity)
    assert_allowed(above / (above + below), share)
    assert share.point == quantity.point / (1 + quantity.point)


@sound
@given(figures("percent"))
def test_percent_and_ratio_are_one_figure_in_two_units(share):
    quantity, value = share
    assert_allowed(value / 100, as_ratio(quantity))
    assert as_percent(as_ratio(quantity)) == quantity
    assert as_percent(quantity) == quantity


@sound
@given(st.tuples(*[st.integers(0, 900)] * 2), st.tuples(*[st.integers(0, 400)] * 2), st.data())
def test_days_between_allow_every_pair_of_days(starts, lengths, data):
    def day(number):
        return date(2016, 1, 1) + timedelta(days=number)

    first, second = ((start, start + length) for start, length in zip(starts, lengths, strict=True))
    true = data.draw(st.integers(*second)) - data.draw(st.integers(*first))
    days = days_between((day(first[0]), day(first[1])), (day(second[0]), day(second[1])))
    assert_allowed(Fraction(true), days)
    assert days.interval == Interval(Fraction(second[0] - first[1]), Fraction(second[1] - first[0]))
    assert days.unit == "days"


def test_days_between_two_known_days_are_exact():
    sixth, tenth = date(2017, 6, 6), date(2017, 6, 10)
    days = days_between((sixth, sixth), (tenth, tenth))
    assert (days.point, days.interval) == (4, Interval.at(Fraction(4)))


@pytest.mark.parametrize(
    ("calculation", "allowed"),
    [
        (lambda: figure("(1000, inf)") + figure("[0, 500)"), "(1000, inf)"),
        (lambda: figure("[0, 1000)") + figure("[20, 20]"), "[20, 1020)"),
        (lambda: figure("(1000, inf)") - figure("[0, 1000)"), "(0, inf)"),
        (lambda: figure("(1000, inf)") / figure("(0, 1000)"), "(1, inf)"),
        (lambda: figure("[0, 1000)") / figure("(500, inf)"), "[0, 2)"),
        (lambda: 100 - figure("[83/2, 85/2]", "percent"), "[115/2, 117/2]"),
        (lambda: 2 * figure("(1000, inf)"), "(2000, inf)"),
        (lambda: Fraction(1, 2) * figure("[0, 3)"), "[0, 3/2)"),
        (lambda: 1 / figure("(0, 4]"), "[1/4, inf)"),
        (lambda: share_from_ratio(figure("[27, 28)", "times")), "[27/28, 28/29)"),
        (lambda: share_from_ratio(figure("(27, inf)", "times")), "(27/28, 1)"),
        (lambda: share_from_ratio(figure("[0, 1)", "times")), "[0, 1/2)"),
        (lambda: share_from_ratio(figure("(-1, 1]", "", natural=EVERYTHING)), "[0, 1/2]"),
        (lambda: as_percent(figure("(1/2, 1]", "fraction")), "(50, 100]"),
        (lambda: as_ratio(figure("(50, 100]", "percent")), "(1/2, 1]"),
    ],
)
def test_a_result_has_exactly_the_ends_that_its_figures_allow(calculation, allowed):
    assert str(calculation().interval) == allowed


def test_shares_and_indexes_keep_the_limits_of_their_measures():
    share = figure("[40, 44]", "percent", natural=read("[0, 100]"))
    assert str(indexed(share, falling=True).natural) == "[0, 100]"
    assert str(indexed(share, falling=False).natural) == "[100, 200]"
    assert str(as_ratio(share).natural) == "[0, 1]"
    assert str(share_from_ratio(figure("[2, 3]", "times")).natural) == "[0, 1)"


def test_limits_of_a_quotient_leave_out_a_divisor_of_zero():
    counted = figure("[5, 6]", natural=not_negative)
    assert str((1 / counted).natural) == "(0, inf)"
    assert (1 / figure("[5, 6]", natural=read("[-9, 9]"))).natural == EVERYTHING


@pytest.mark.parametrize(
    ("a", "b"), [("(1000, inf)", "(900, inf)"), ("(-inf, 1000)", "(-inf, 900]")]
)
def test_two_one_sided_figures_pulling_apart_give_no_bound(a, b):
    first, second = (figure(text, natural=EVERYTHING) for text in (a, b))
    assert not (first - second).is_bounded
    assert (first + second).is_bounded


def test_two_counts_that_are_only_above_give_no_difference():
    difference = figure("(1000, inf)") - figure("(900, inf)")
    assert difference.point == 100
    assert not difference.is_bounded


def test_a_quotient_of_two_figures_that_are_only_above_gives_no_bound():
    quotient = figure("(1000, inf)") / figure("(900, inf)")
    assert quotient.point == Fraction(10, 9)
    assert not quotient.is_bounded


def test_a_bound_that_is_only_the_limit_of_the_measure_is_none():
    assert not figure("[0, inf)").is_bounded
    assert not (figure("[0, inf)") * 3).is_bounded
    assert figure("[0, 700)").is_bounded


@pytest.mark.parametrize(
    "calculation",
    [
        lambda about: about + figure("[3, 4]"),
        lambda about: figure("[3, 4]") - about,
        lambda about: about * 2,
        lambda about: 2 / about,
        lambda about: -about,
        lambda about: total([figure("[1, 1]"), about, figure("[2, 2]")]),
        lambda about: as_percent(about / figure("[2, 3]")),
        lambda about: share_from_ratio(about / figure("[2, 3]")),
        lambda about: indexed(as_percent(about / about), falling=True),
    ],
)
def test_an_unknown_error_stays_unknown(calculation):
    result = calculation(figure(None))
    assert result.interval is None
    assert not result.is_bounded


def test_an_unknown_error_can_still_be_no_divisor_of_zero():
    nothing = Quantity(Fraction(0), None, "people", not_negative)
    with pytest.raises(DivisorSpansZero):
        figure("[3, 4]") / nothing


def test_a_divisor_that_may_be_zero_is_named():
    nearly = figure("[0, 1000)", name="closures-rebuttal")
    with pytest.raises(DivisorSpansZero, match="cannot divide by closures-rebuttal"):
        figure("(1000, inf)") / nearly


@pytest.mark.parametrize("operation", [add, sub, mul, truediv])
def test_a_float_is_refused_on_either_side(operation):
    with pytest.raises(TypeError, match="is a float"):
        operation(figure("[3, 4]"), 0.5)
    with pytest.raises(TypeError, match="is a float"):
        operation(0.5, figure("[3, 4]"))


def test_a_float_is_not_taken_for_a_number_that_is_known():
    with pytest.raises(TypeError, match="is a float"):
        Quantity.exactly(4.3)


def test_a_known_number_is_exactly_itself():
    three = Quantity.exactly(3, "days")
    assert (three.interval, three.natural) == (read("[3, 3]"), read("[3, 3]"))
    assert three.names == "3"


@pytest.mark.parametrize(
    ("a", "b"),
    [("RMB", "USD"), ("RMB", ""), ("percent", "fraction"), ("percent", ""), ("", "people")],
)
def test_unlike_units_neither_add_nor_subtract(a, b):
    first, second = figure("[3, 4]", a, name="one"), figure("[1, 2]", b, name="other")
    with pytest.raises(UnitMismatch, match=r"one in .* and other in"):
        first + second
    with pytest.raises(UnitMismatch, match="cannot be added or subtracted"):
        first - second
    with pytest.raises(UnitMismatch):
        total([first, second])


@pytest.mark.parametrize("unit", ["fraction", "times", ""])
def test_plain_ratios_add_whatever_they_are_called(unit):
    assert (figure("[3, 4]", unit) + figure("[1, 2]", "")).interval == read("[4, 6]")


@pytest.mark.parametrize(
    "calculation",
    [
        lambda: as_percent(figure("[3, 4]", "RMB")),
        lambda: as_percent(1 / figure("[3, 4]", "RMB")),
        lambda: indexed(figure("[3, 4]", "times"), falling=True),
        lambda: indexed(figure("[3, 4]", "people"), falling=False),
        lambda: share_from_ratio(figure("[3, 4]", "percent")),
        lambda: share_from_ratio(figure("[3, 4]", "people")),
        lambda: ratio_of_changes(figure("[3, 4]", "RMB"), figure("[3, 4]", "people")),
    ],
)
def test_a_calculation_refuses_a_unit_that_it_makes_no_sense_of(calculation):
    with pytest.raises(UnitMismatch):
        calculation()


def test_a_share_of_a_negative_ratio_is_refused():
    with pytest.raises(QuantityError, match="not negative"):
        share_from_ratio(figure("[-3, -2]", "times", natural=EVERYTHING))


RMB, CASES, YEARS, SHARE = (figure("[6, 8]", unit) for unit in ("RMB", "cases", "years", "percent"))


@pytest.mark.parametrize(
    ("result", "unit"),
    [
        (RMB / CASES, "RMB per cases"),
        (RMB / CASES / YEARS, "RMB per cases per years"),
        (RMB / CASES * CASES, "RMB"),
        (CASES * (RMB / CASES), "RMB"),
        (RMB / (RMB / CASES), "cases"),
        ((RMB / CASES) / (RMB / CASES), ""),
        (RMB / RMB, ""),
        (1 / CASES, "per cases"),
        (1 / CASES * CASES, ""),
        (1 / (RMB / CASES), "cases per RMB"),
        (SHARE * RMB / CASES, "RMB per cases"),
        (RMB / SHARE, "RMB"),
        (SHARE / SHARE, ""),
        (SHARE / YEARS, "per years"),
    ],
)
def test_units_of_rates_cancel(result, unit):
    assert result.unit == unit


def test_a_product_of_two_units_cancels_with_either():
    product = RMB * CASES
    assert (product / CASES).unit == "RMB"
    assert (product / RMB).unit == "cases"


def test_a_reciprocal_divided_further_keeps_its_units_apart():
    assert (1 / RMB / CASES).unit == "per RMB per cases"
    assert (1 / RMB / CASES * CASES).unit == "per RMB"


def test_rates_of_rates_cancel_each_year_once():
    speed, gain = RMB / YEARS, RMB / YEARS / YEARS
    assert (speed / gain).unit == "years"
    assert (gain * YEARS).unit == "RMB per years"


def test_a_rate_allows_the_rate_of_the_true_values():
    rate = figure("[4250, 4350]", "RMB") / figure("[16, 17)", "cases")
    assert str(rate.interval) == "(250, 2175/8]"
    assert str((rate * figure("[10, 10]", "cases")).interval) == "(2500, 10875/4]"


ALL_2017 = {"period": "2017", "scope": "all"}


@pytest.mark.parametrize(
    ("context", "fields"),
    [
        ({"period": "2016", "scope": "all"}, "period"),
        ({"period": "2017", "scope": "Taobao"}, "scope"),
        ({"period": "2016", "scope": "Taobao"}, "period and scope"),
        ({**ALL_2017, "base": "2015"}, "base"),
        ({**ALL_2017, "condition": "within 24 hours"}, "condition"),
        ({"period": "unstated", "scope": "all"}, "period"),
    ],
)
@pytest.mark.parametrize("operation", [add, sub, mul, truediv])
def test_figures_of_different_context_need_a_reason(operation, context, fields):
    a = figure("[3, 4]", name="one", **ALL_2017)
    b = figure("[1, 2]", name="other", **context)
    message = f"one and other are not known to agree in {fields}\\."
    with pytest.raises(ContextsDiffer, match=message):
        operation(a, b)


def test_an_unstated_period_is_not_known_to_equal_another_unstated_one():
    a = figure("[3, 4]", name="one", period="unstated")
    b = figure("[1, 2]", name="other", period="unstated")
    with pytest.raises(ContextsDiffer, match="period"):
        a + b
    with pytest.raises(ContextsDiffer, match="period"):
        require_reason([a, b], "")
    require_reason([a, b], "one sentence states both")


def test_figures_of_one_context_need_no_reason():
    a, b = (figure("[3, 4]", name=name, **ALL_2017) for name in ("one", "other"))
    assert (a + b).inputs == {"one", "other"}
    assert (a / b).reasons == ()
    assert (a * b).contexts == {Context(**ALL_2017)}


@pytest.mark.parametrize("verb", ["plus", "minus", "times", "over"])
def test_a_reason_is_kept_through_all_that_follows(verb):
    a = figure("[3, 4]", name="one", period="2016")
    b = figure("[1, 2]", name="other", period="2017")
    result = getattr(a, verb)(b, because="both are counts of the same list")
    later = 3 * (-(result / 7))
    assert later.reasons == ("both are counts of the same list",)
    assert later.inputs == {"one", "other"}
    assert {context.period for context in later.contexts} == {"2016", "2017"}


def test_each_reason_is_kept_once_and_in_order():
    a, b, c = (figure("[3, 4]", name=year, period=year) for year in ("2015", "2016", "2017"))
    one = total([a, b, c], because="years follow")
    assert one.reasons == ("years follow",)
    assert one.over(a.plus(b, because="early"), because="late").reasons == (
        "years follow",
        "early",
        "late",
    )


def test_a_total_and_a_ratio_of_changes_ask_for_a_reason_too():
    a, b = (figure("[3, 4]", "percent", name=y, period=y) for y in ("2016", "2017"))
    for calculation in (
        lambda **why: total([a, b], **why),
        lambda **why: ratio_of_changes(a, b, **why),
    ):
        with pytest.raises(ContextsDiffer):
            calculation()
        assert calculation(because="two years of one list").reasons == ("two years of one list",)


def test_a_figure_needs_no_reason_against_itself_or_what_came_of_it():
    a = figure("[3, 4]", name="one", period="unstated")
    b = figure("[1, 2]", name="other", period="2017")
    both = a.plus(b, because="one sentence states both")
    assert (a - a).reasons == ()
    assert ((100 - a) / a).inputs == {"one"}
    assert (a / both).reasons == both.reasons == (both / a).reasons


def test_a_figure_that_shares_only_some_of_its_inputs_needs_a_reason():
    a, b, c = (figure("[3, 4]", name=name, period="unstated") for name in ("a", "b", "c"))
    first, second = a.plus(b, because="stated together"), a.plus(c, because="stated together")
    with pytest.raises(ContextsDiffer, match="a, b and a, c"):
        first / second


def test_a_plain_number_has_no_context_to_differ_in():
    a = figure("[3, 4]", name="one", period="unstated")
    assert (100 - a).inputs == (a / 2).inputs == {"one"}
    assert days_between((date(2017, 1, 1),) * 2, (date(2017, 1, 2),) * 2).contexts == frozenset()


def test_an_end_at_infinity_is_not_known_whatever_the_measure_allows():
    below = Quantity(Fraction(5), Interval(high=Fraction(5)), natural=Interval(Fraction(-9)))
    assert below.known_ends == (None, Fraction(5))
    above = Quantity(Fraction(5), Interval(Fraction(5)), natural=Interval(high=Fraction(9)))
    assert above.known_ends == (Fraction(5), None)


@pytest.mark.parametrize(
    ("made", "unit", "point"),
    [
        (lambda a, b: b - a, "percentage points", "117/10"),
        (lambda a, b: a - b, "percentage points", "-117/10"),
        (lambda a, _: 100 - a, "percent", "99/5"),
        (lambda a, _: Quantity.exactly(100, "percent").minus(a), "percent", "99/5"),
        (lambda a, _: indexed(a, falling=True) - 100, "percent", "-401/5"),
        (lambda a, b: a + (b - a), "percent", "919/10"),
        (lambda a, b: (b - a) + a, "percent", "919/10"),
        (lambda a, b: b - (b - a), "percent", "401/5"),
        (lambda a, b: (b - a) + (b - a), "percentage points", "117/5"),
        (lambda a, b: as_percent((b - a) / a), "percent", "5850/401"),
        (lambda a, b: (b - a) * Quantity.exactly(1000, "people"), "people", "117"),
        (lambda a, b: as_percent(as_percent(b) - as_percent(a)), "percentage points", "117/10"),
    ],
)
def test_two_shares_differ_by_percentage_points(made, unit, point):
    context = Context("2001", "children")
    a, b = (
        replace(Quantity.exactly(Fraction(value), "percent"), inputs=frozenset({name}),
                contexts=frozenset({context}))
        for name, value in (("a", "80.2"), ("b", "91.9"))
    )  # fmt: skip
    found = made(a, b)
    assert (found.unit, str(found.point)) == (unit, point)


def test_two_fractions_differ_by_percentage_points_and_a_whole_less_one_is_a_fraction():
    third, half = (Quantity.exactly(Fraction(1, n), "fraction") for n in (3, 2))
    assert (half - third).unit == "percentage points"
    assert (half - third).point == Fraction(100, 6)
    assert (1 - third).unit == "fraction"
    assert Quantity.exactly(1, "fraction").minus(third).unit == "fraction"
