"""Words for a derived figure claim no more than its interval; a stated one keeps its hedge."""

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.ledger.figures import (
    allowed_in_words,
    number_in_words,
    printed_words,
    quantity_in_words,
    unit_in_words,
)
from tallybook.ledger.phrases import UNBOUNDED
from tallybook.ledger.records import Statistic
from tallybook.ledger.single import single_figure
from tallybook.ledger.yaml import Plain
from tallybook.quantity.interval import EVERYTHING, INFINITY, Interval
from tallybook.quantity.quantity import Quantity
from tests.quantity.test_interval import ends, intervals, read
from tests.quantity.test_quantity import figure

sound = settings(derandomize=True, deadline=None, max_examples=200)
NUMBER = r"-?(?:RMB )?\d{1,3}(?:,\d{3})*(?:\.\d*[1-9])?(?: million| billion)?%?"
SCALES = {"million": 10**6, "billion": 10**9}
digits = st.integers(1, 6)


@st.composite
def quantities(draw):
    natural = draw(st.sampled_from([EVERYTHING, read("[0, inf)"), read("[0, 100]")]))
    open_too = Interval(natural.low, natural.high, low_closed=False, high_closed=False)
    interval = draw(intervals() | st.sampled_from([natural, open_too]) | ends.map(Interval.at))
    if interval.low < natural.low or interval.high > natural.high:
        natural = draw(st.sampled_from([EVERYTHING, interval]))
    point = interval.low if interval.is_point else draw(ends)
    known = interval if draw(st.integers(0, 5)) else None
    size = Fraction(10) ** draw(st.integers(-4, 11))
    unit = draw(st.sampled_from(["", "people", "percent", "RMB", "RMB per cases"]))
    return replace(Quantity(point, known, "", natural) * size, unit=unit)


def in_numbers(words):
    """The form of such words, and the numbers in them read back."""
    form = re.sub(NUMBER, "N", words)
    assert form in {
        UNBOUNDED,
        "N", "about N", "more than N", "at least N", "less than N", "at most N", "between N and N",
    }  # fmt: skip
    return form, [in_number(text) for text in re.findall(NUMBER, words)]


def in_number(text):
    scale = next((factor for word, factor in SCALES.items() if word in text), 1)
    return Fraction(re.sub(r"[^\d.-]", "", text)) * scale


def unit_of_last_digit(value, digits):
    """One unit of the last significant digit of a value; of zero, nothing."""
    places = -1
    while value and abs(value) >= Fraction(10) ** (places + 1):
        places += 1
    while value and abs(value) < Fraction(10) ** places:
        places -= 1
    return Fraction(10) ** (places - digits + 1) if value else Fraction(1, 10**99)


@sound
@given(quantities(), digits)
def test_words_claim_nothing_that_the_interval_does_not_prove(quantity, digits):
    form, shown = in_numbers(quantity_in_words(quantity, digits=digits))
    interval = quantity.interval
    if form == UNBOUNDED:
        assert quantity.known_ends == (None, None)
        assert interval is not None
    elif form == "about N":
        assert interval is None
    elif form == "between N and N":
        assert shown[0] <= interval.low <= interval.high <= shown[1]
    elif form in ("more than N", "at least N"):
        assert shown[0] <= interval.low
        assert form == "at least N" or shown[0] not in interval
    elif form in ("less than N", "at most N"):
        assert shown[0] >= interval.high
        assert form == "at most N" or shown[0] not in interval
    else:
        assert interval.is_point


@sound
@given(quantities(), digits)
def test_words_round_by_less_than_a_unit_of_the_last_digit(quantity, digits):
    form, shown = in_numbers(quantity_in_words(quantity, digits=digits))
    said = [quantity.point] if form in ("N", "about N") else quantity.known_ends
    exact = [value for value in said if value is not None]
    exact = [] if form == UNBOUNDED else exact
    for value, rounded in zip(exact, shown, strict=True):
        assert abs(value - rounded) < unit_of_last_digit(value, digits)


@sound
@given(quantities())
def test_only_a_figure_whose_error_is_unknown_is_worded_about(quantity):
    words = quantity_in_words(quantity)
    assert words.startswith("about ") == (quantity.interval is None)
    assert (words == UNBOUNDED) == (quantity.interval is not None and not quantity.is_bounded)


@sound
@given(quantities())
def test_known_ends_are_those_of_the_interval_and_no_limit_of_the_measure(quantity):
    low, high = quantity.known_ends
    interval, natural = quantity.interval, quantity.natural
    assert low is None or low == interval.low
    assert high is None or high == interval.high
    if interval is not None and not interval.is_point:
        assert (low is None) == (interval.low in (-INFINITY, natural.low))
        assert (high is None) == (interval.high in (INFINITY, natural.high))


@sound
@given(ends, digits)
def test_a_point_is_rounded_to_the_nearest_and_keeps_its_whole_digits(value, digits):
    value *= 1000
    words = quantity_in_words(Quantity.exactly(value), digits=digits)
    step = min(unit_of_last_digit(value, digits), 1)
    assert abs(in_number(words) - value) <= step / 2


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ("[1606, 1606]", "1,606"),
        ("[1/3, 1/3]", "0.33"),
        ("[2, 2]", "2"),
        ("[0, 0]", "0"),
        ("(47280, inf)", "more than 47,200"),
        ("(1000, inf)", "more than 1,000"),
        ("[1000, inf)", "at least 1,000"),
        ("[9999, inf)", "at least 9,990"),
        ("[0, 1000)", "less than 1,000"),
        ("[0, 1001)", "less than 1,010"),
        ("[0, 9991]", "at most 10,000"),
        ("[2221/1000, 2279/1000]", "between 2.22 and 2.28"),
        ("(2000, 3000)", "between 2,000 and 3,000"),
        ("(0, 1234567]", "at most 1,240,000"),
        ("[0, inf)", UNBOUNDED),
        (None, "about 1,000"),
    ],
)
def test_words_follow_from_the_interval_and_round_outwards(allowed, words):
    assert quantity_in_words(figure(allowed)) == words


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ("[42, 42]", "42%"),
        ("[83/2, 85/2]", "42%"),
        ("[82/2, 85/2]", "between 41% and 42.5%"),
        ("(976/10, 100]", "more than 97.6%"),
        ("[0, 1/30)", "less than 0.034%"),
        ("[0, 100]", UNBOUNDED),
    ],
)
def test_percent_keeps_its_sign(allowed, words):
    assert quantity_in_words(figure(allowed, "percent", natural=read("[0, 100]"))) == words


@pytest.mark.parametrize(
    ("allowed", "words"),
    [
        ("[4250000000, 4350000000]", "RMB 4.3 billion"),
        ("[4250000000, 4360000000]", "between RMB 4.25 billion and RMB 4.36 billion"),
        ("[348700000, 348700000]", "RMB 348.7 million"),
        ("(38000000, inf)", "more than RMB 38 million"),
        ("[0, 999999999]", "at most RMB 1 billion"),
        ("[0, 999000]", "at most RMB 999,000"),
        ("[999999, inf)", "at least RMB 999,000"),
        ("[0, 999999)", "less than RMB 1 million"),
        ("[2500/3, 2500/3]", "RMB 833"),
    ],
)
def test_money_is_said_in_millions_and_billions(allowed, words):
    assert quantity_in_words(figure(allowed, "RMB")) == words
    assert quantity_in_words(figure(allowed, "RMB per cases")) == words


@pytest.mark.parametrize(
    ("allowed", "unit", "words"),
    [
        ("[-1606, -1606]", "", "-1,606"),
        ("(-9991, -1001)", "", "between -10,000 and -1,000"),
        ("(-inf, -1001)", "", "less than -1,000"),
        ("[-1001, inf)", "", "at least -1,010"),
        ("[-15/2, 5/2]", "percent", "between -7.5% and 2.5%"),
        ("(-inf, -4340000000]", "RMB", "at most -RMB 4.34 billion"),
        ("(0, inf)", "", "more than 0"),
        ("(-inf, 0)", "", "less than 0"),
    ],
)
def test_negative_numbers_round_outwards_too(allowed, unit, words):
    assert quantity_in_words(figure(allowed, unit, natural=EVERYTHING)) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fraction(1234, 10**9), "0.00000123"),
        (Fraction(5, 10**13), "0.0000000000005"),
        (Fraction(123, 10**14), "0.00000000000123"),
        (Fraction(1, 3 * 10**20), "0.00000000000000000000333"),
    ],
)
def test_tiny_numbers_are_written_out(value, words):
    assert number_in_words(value) == words


@pytest.mark.parametrize(
    ("digits", "words"),
    [(1, "0.7"), (2, "0.67"), (6, "0.666667"), (12, "0.666666666667")],
)
def test_a_number_has_the_digits_asked_for(digits, words):
    assert number_in_words(Fraction(2, 3), digits=digits) == words


def test_more_digits_never_widen_what_is_said():
    quantity = figure("[22214/10000, 22786/10000]")
    assert quantity_in_words(quantity, digits=2) == "between 2.2 and 2.3"
    assert quantity_in_words(quantity, digits=4) == "between 2.221 and 2.279"
    assert quantity_in_words(quantity, digits=5) == quantity_in_words(quantity, digits=9)


def test_figures_pulling_apart_cannot_be_bounded():
    above, above_too = figure("(1000, inf)"), figure("(900, inf)")
    assert quantity_in_words(above - above_too) == UNBOUNDED
    assert quantity_in_words(above / above_too) == UNBOUNDED
    assert quantity_in_words(above + above_too) == "more than 1,900"


def test_a_limit_of_the_measure_is_not_said():
    share = figure("[40, 100]", "percent", natural=read("[0, 100]"))
    assert quantity_in_words(share) == "at least 40%"
    assert quantity_in_words(100 - share) == "at most 60%"


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("", "times"),
        ("percent", "percent"),
        ("RMB per cases", "RMB per case"),
        ("RMB per people", "RMB per person"),
        ("leads per facilities per years", "leads per facility per year"),
    ],
)
def test_a_unit_is_said_of_one_thing(unit, words):
    assert unit_in_words(unit) == words


def said(as_printed):
    """What a record shows whose citation prints these words."""
    citation = {"source": "report-2017", "section": "Preface", "as_printed": as_printed}
    numeral = single_figure(as_printed)
    statistic = {
        "id": "arrests-2017",
        "measure": "suspects-arrested",
        "value": Plain(numeral.value),
        "bound": numeral.bound,
        "period": "2017",
        "scope": "all platforms",
        "party": "Alibaba",
        "cited": [citation],
    }
    return printed_words(Statistic.model_validate(statistic))


@pytest.mark.parametrize(
    ("as_printed", "words"),
    [
        ("closure of nearly 1,000 offline manufacturing", "nearly 1,000"),
        ("over 1,000 arrests", "over 1,000"),
        ("Over 1,000 arrests", "over 1,000"),
        ("arrest of 1,606 suspects", "1,606"),
        ("Eighty (80) incidents", "80"),
        ("27 times more likely", "27 times more"),
        ("reported 1000s of sellers", "1000s"),
        ("total of RMB 4.3 billion", "RMB 4.3 billion"),
        ("more than RMB 38 million", "more than RMB 38 million"),
        ("US$4 billion in sales", "US$4 billion"),
        ("Three machine processors", "three"),
        ("two-year investigation", "two-year"),
        ("Hundreds of thousands of stores", "hundreds of thousands"),
        ("nearly two-thirds of requests", "nearly two-thirds"),
        ("a decline of 42 percent", "42 percent"),
        ("240,000 or more stores", "240,000 or more"),
        ("fell by -5% in a year", "-5%"),
        ("a majority of the cases", "majority"),
        ("in 2017, 13 offices", "13"),
    ],
)
def test_a_stated_figure_is_shown_as_its_party_printed_it(as_printed, words):
    assert said(as_printed) == words


def test_a_number_printed_twice_keeps_its_hedge():
    assert said("Over eighty (80) incidents") == "over 80"


def test_a_fraction_at_the_start_of_a_sentence_loses_its_capital():
    assert said("A third of the requests") == "a third"


@pytest.mark.parametrize(
    "hedge", ["", "over ", "Nearly ", "At least ", "up to ", "About ", "under "]
)
@pytest.mark.parametrize(
    "number",
    ["1,000", "RMB 4.3 billion", "42%", "42 percent", "two-thirds", "three times", "24 hours",
     "Eighty (80)", "RMB twelve (12)", "half", "27 times more"],
)  # fmt: skip
def test_the_words_shown_read_as_what_was_printed(hedge, number):
    printed, shown = (single_figure(text) for text in (hedge + number, said(hedge + number)))
    assert (shown.value, shown.bound, shown.unit) == (printed.value, printed.bound, printed.unit)
    assert shown.says_more == printed.says_more


def test_the_first_citation_gives_the_words():
    record = {
        "id": "arrests",
        "measure": "suspects-arrested",
        "value": Plain("1000"),
        "bound": "more than",
        "period": "unstated",
        "scope": "unstated",
        "party": "Alibaba",
        "cited": [
            {"source": "rebuttal", "section": "Results", "as_printed": "over 1,000 arrests"},
            {"source": "article", "section": "Results", "as_printed": "more than 1,000 arrests"},
        ],
    }
    assert printed_words(Statistic.model_validate(record)) == "over 1,000"


@pytest.mark.parametrize(
    ("interval", "unit", "words"),
    [
        (None, "people", "near it; how near is not said"),
        (Interval.at(Fraction(1606)), "people", "exactly 1,606 people"),
        (Interval.at(Fraction(1)), "people", "exactly 1 person"),
        (Interval.at(Fraction(1)), "email addresses", "exactly 1 email address"),
        (Interval.at(Fraction(1)), "purchases", "exactly 1 purchase"),
        (Interval.at(Fraction(2, 3)), "fraction", "66.7%, rounded"),
        (Interval.at(Fraction(1, 2)), "fraction", "exactly 50%"),
        (Interval(Fraction(5, 6), Fraction(17, 18)), "percent", "from 0.833% up to 0.945%"),
        (Interval.at(Fraction(13349)), "shops", "exactly 13,349 shops"),
        (Interval(Fraction("97.55"), Fraction("97.65")), "percent", "from 97.55% up to 97.65%"),
        (Interval.at(Fraction(803, 955)), "", "0.841, rounded"),
        (Interval.at(Fraction(1606, 23)), "percent", "69.8%, rounded"),
        (
            Interval(1000, INFINITY, False),
            "stores",
            "above 1,000 stores; how far above is not said",
        ),
        (Interval(1000, INFINITY), "stores", "from 1,000 stores; how far above is not said"),
        (Interval(-INFINITY, 5), "times", "up to 5 times; how far below is not said"),
        (Interval(Fraction("96.5"), Fraction("97.5")), "percent", "from 96.5% up to 97.5%"),
        (Interval(5, 6), "RMB per case", "from RMB 5 up to RMB 6 per case"),
        (Interval(), "people", "no bound follows from what is said"),
    ],
)
def test_what_a_quantity_allows_says_which_ends_belong_to_it(interval, unit, words):
    assert allowed_in_words(Quantity(Fraction(1), interval, unit)) == words


def test_an_end_where_the_measure_ends_anyway_is_none_of_the_statement():
    nearly = Interval(0, 1000, high_closed=False)
    shown = allowed_in_words(Quantity(Fraction(1000), nearly, "stores", natural=Interval(low=0)))
    assert shown == "below 1,000 stores; how far below is not said"


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        ("57.5", "58.5", "percent", "58%"),
        ("1.35", "1.45", "times", "1.4"),
        ("6.5", "7.5", "stores", "7"),
        ("2545000", "2555000", "RMB", "RMB 2.55 million"),
        ("-58.5", "-57.5", "percent", "-58%"),
        ("0.0235", "0.0245", "", "0.024"),
        # What is wider than a printed number's rounding keeps its ends.
        ("57.4", "58.5", "percent", "between 57.4% and 58.5%"),
        ("0.662", "0.998", "times", "between 0.66 and 1"),
        ("50000000", "150000000", "RMB", "between RMB 50 million and RMB 150 million"),
        ("1.5", "2.5", "years", "between 1.5 and 2.5"),
    ],
)
def test_one_number_stands_for_the_interval_that_it_is_read_as(low, high, unit, words):
    interval = Interval(Fraction(low), Fraction(high))
    assert quantity_in_words(Quantity(Fraction(low), interval, unit)) == words


def test_long_ends_are_rounded_outwards():
    interval = Interval(Fraction(10**9, 3 * 10**8), Fraction(10**9 + 1, 3 * 10**8))
    low, high = (
        Fraction(text)
        for text in allowed_in_words(Quantity(interval.low, interval, "times")).split()
        if text[0].isdigit()
    )
    assert low <= interval.low
    assert interval.high <= high
