"""The hedge, currency and unit around a number are read as printed, and only where they belong."""

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.quantity.interval import Bound
from tallybook.reading import hedges
from tests.helpers.groups import but_first
from tests.helpers.growth import grows_with_its_text

repeatable = settings(derandomize=True, deadline=None)

HEDGES = {
    "more than": [
        "more than", "greater than", "over", "above", "exceed", "exceeds", "exceeded", "exceeding",
        "in excess of", "upwards of", "surpass", "surpassed", "surpassing", "north of", ">",
        "well over", "just over", "slightly more than",
    ],
    "at least": [
        "at least", "no fewer than", "no less than", "not fewer than", "not less than",
        "a minimum of", "≥",
    ],
    "nearly": [
        "nearly", "almost", "approach", "approached", "approaching", "just under", "just short of",
        "not quite",
    ],
    "less than": ["less than", "fewer than", "under", "below", "<", "slightly less than"],
    "up to": [
        "up to", "at most", "no more than", "not more than", "not exceeding", "as many as",
        "as much as", "a maximum of", "≤",
    ],
    "on the order of": ["on the order of", "in the order of", "of the order of"],
    "about": [
        "about", "around", "roughly", "approximately", "approx", "approx.", "circa", "ca.", "c.",
        "some", "estimated", "an estimated", "close to", "in the region of", "~", "≈",
    ],
    "exact": ["exactly", "precisely", "only", "just", "the", "a total of", "these"],
}  # fmt: skip
# What these say is as plain as what the others say.
MORE_HEDGES = {
    "more than": ["upward of", "higher than", "larger than", "longer than", "topped", "＞"],
    "at least": [
        "minimum of", "at a minimum", ">=", "≧", "greater than or equal to",
        "equal to or greater than",
    ],
    "nearly": ["nearing", "just shy of"],
    "less than": ["lower than", "smaller than", "shorter than", "＜"],
    "up to": ["maximum of", "at the most", "<=", "≦", "less than or equal to"],
    "about": ["estimated at", "in the vicinity of", "in the neighborhood of", "～"],
}  # fmt: skip
NEGATED = {
    "up to": [
        "no greater than", "not greater than", "not over", "not above", "no higher than",
        "no longer than", "never more than", "did not exceed", "may not exceed", "not to exceed",
        "never exceeded", "without exceeding", "isn't more than",
    ],
    "at least": ["not under", "not below", "no lower than", "never fewer than", "never less than"],
}  # fmt: skip
FIGURES = (
    ("1,000", 1000, ""),
    ("RMB 4.3 billion", 4_300_000_000, "RMB"),
    ("$30bn", 30_000_000_000, "USD"),
    ("US$ 5 million", 5_000_000, "USD"),
    ("-5%", -5, "percent"),
    ("50 percent", 50, "percent"),
    ("two-thirds", Fraction(2, 3), "fraction"),
    ("a third", Fraction(1, 3), "fraction"),
    ("27 times", 27, "times"),
    ("24 hours", 24, "hours"),
    ("a dozen", 12, ""),
    ("a two-year", 2, "years"),
    ("Eighty (80)", 80, ""),
)
PIECES = (
    "more", "than", "no", "not", "at least", "over", "a", "an", "about", "within", "before",
    "up to", "or more", "or so", "some", "~", ">", "RMB", "US$", "$", "€", "yuan", "dollars",
    "percent", "per cent", "%", "times", "fold", "-fold", "greater", "hours", "year", "business",
    "1", "5", "2017", "1,000", "two", "half", "a third", "million", "thousands", "majority", "+",
    "-plus", " ", " ", " ", " ", "-", "\n", ",",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def rows(table):
    return [(hedge, bound) for bound, several in table.items() for hedge in several]


def only(text):
    (numeral,) = hedges.read(text)
    return numeral


@pytest.mark.parametrize(("hedge", "bound"), rows(HEDGES))
def test_a_hedge_is_its_bound(hedge, bound):
    for text in (f"{hedge} 1,606", f"In all, {hedge} 1,606 suspects", f"{hedge.title()} 1,606"):
        assert (only(text).value, only(text).bound) == (1606, bound)


@pytest.mark.parametrize(("hedge", "bound"), rows(MORE_HEDGES))
def test_a_plain_hedge_does_not_read_as_something_else(hedge, bound):
    assert only(f"it was {hedge} 5 percent").bound == bound


@pytest.mark.parametrize(("hedge", "bound"), rows(NEGATED))
def test_a_negated_hedge_is_not_the_hedge_inside_it(hedge, bound):
    assert only(f"it was {hedge} 5 percent").bound == bound


@pytest.mark.parametrize(
    ("hedge", "bound"),
    [
        ("more than", "more than"),
        ("in excess of", "more than"),
        ("up to", "up to"),
        ("at least", "at least"),
        ("no more than", "up to"),
        ("not less than", "at least"),
        ("just under", "nearly"),
    ],
)
def test_white_space_of_any_kind_leaves_a_hedge_as_it_is(hedge, bound):
    spaces = ("\n", "\u00a0", "  ", " \n ")
    read = {only(hedge.replace(" ", space) + f"{space}1,606").bound for space in spaces}
    assert read == {bound}


@pytest.mark.parametrize(
    ("before", "misread"), [("not less than", "less than"), ("moreover", "more than")]
)
def test_a_hedge_far_before_its_number_is_whole_or_not_read(before, misread):
    for spaces in range(20, 50):
        assert only(f"{before}{' ' * spaces}5").bound != misread


@pytest.mark.parametrize(
    ("hedge", "bound"), [row for row in rows(HEDGES) if row[1] != "exact"] + [("exactly", "exact")]
)
def test_a_hedge_reaches_over_currency_sign_and_article_to_its_figure(hedge, bound):
    for figure, value, unit in FIGURES:
        text = f"It paid {hedge} {figure} for it"
        numeral = only(text)
        assert (numeral.value, numeral.unit, numeral.bound) == (value, unit, bound)
        covered, _, rest = text[numeral.text_start : numeral.text_end].partition(figure)
        assert f" {hedge} ".endswith(f" {covered}")
        assert covered
        assert not rest


@pytest.mark.parametrize(
    "currency", ["HK$", "A$", "JPY ", "₹", "Rs ", "CHF ", "US $", "USD $", "￥"]
)
def test_a_currency_that_is_not_known_does_not_hide_the_hedge(currency):
    assert only(f"over {currency}5 million").bound == "more than"
    assert only(f"no more than {currency}5 million").bound == "up to"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("1,000+", "at least"),
        ("$5 million+", "at least"),
        ("50%+", "at least"),
        ("10k-plus", "at least"),
        ("ten or more", "at least"),
        ("RMB 5 million or more", "at least"),
        ("10 years or more", "at least"),
        ("10 or fewer", "up to"),
        ("24 hours or less", "up to"),
        ("a dozen or so", "about"),
        ("10 or above", "at least"),
        ("10 or over", "at least"),
        ("10 percent or greater", "at least"),
        ("10 percent or higher", "at least"),
        ("10 or under", "up to"),
        ("10 percent or below", "up to"),
        ("300-odd", "about"),
        ("300 or thereabouts", "about"),
    ],
)
def test_a_hedge_behind_its_number_is_its_bound(text, bound):
    numeral = only(f"{text} listings")
    assert numeral.bound == bound
    assert text.endswith(f"{text} listings"[numeral.text_start : numeral.text_end])


@pytest.mark.parametrize("text", ["10+ years", "10-plus years", "10 or more years"])
def test_a_unit_is_read_past_the_hedge_behind_a_number(text):
    numeral = only(text)
    assert (numeral.value, numeral.bound, numeral.unit) == (10, "at least", "years")


@pytest.mark.parametrize(
    ("text", "bound", "unit", "value"),
    [
        ("within 24 hours", "up to", "hours", 24),
        ("some within the last six months", "up to", "months", 6),
        ("within the next 2 years", "up to", "years", 2),
        ("Within one business day", "up to", "days", 1),
        ("within five (5) days", "up to", "days", 5),
        ("within about 24 hours", "about", "hours", 24),
        ("in under 24 hours", "less than", "hours", 24),
        ("before a single sale", "less than", "", 1),
        ("before one sale", "less than", "", 1),
        ("before two sales", "exact", "", 2),
        ("within 5 provinces", "exact", "", 5),
    ],
)
def test_within_a_time_and_before_a_first_are_bounds(text, bound, unit, value):
    numeral = only(text)
    assert (numeral.bound, numeral.unit, numeral.value) == (bound, unit, value)


@pytest.mark.parametrize(
    "text", ["within 24 hours", "Within one day", "before a single", "over $5"]
)
def test_the_text_of_a_numeral_starts_at_its_hedge(text):
    numeral = only(f"and {text} sales")
    assert f"and {text} sales"[numeral.text_start : numeral.text_end] == text


@pytest.mark.parametrize(
    "text", ["not a single complaint", "not one complaint", "without a single"]
)
def test_none_at_all_is_not_exactly_one(text):
    assert [(n.value, n.bound) for n in hedges.read(text)] != [(1, "exact")]


@pytest.mark.parametrize(
    "text",
    [
        "over the 12 months between",
        "over the past 12 months",
        "over a 12-month period",
        "over a two-year period",
        "some, 200",
        "some of the 200",
        "and over, 200",
        "moreover 200",
        "handsome 200",
        "up to now, 200",
        "about it: 200",
        "more than he said. 200",
        "at least in 200",
        "almost all of 200",
    ],
)
def test_words_that_only_stand_near_are_no_hedge(text):
    assert only(text).bound == "exact"


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("RMB 4.3 billion", 4_300_000_000, "RMB"),
        ("RMB4.3 billion", 4_300_000_000, "RMB"),
        ("Rmb4.3bn", 4_300_000_000, "RMB"),
        ("CNY 5", 5, "RMB"),
        ("5 yuan", 5, "RMB"),
        ("100 million renminbi", 100_000_000, "RMB"),
        ("US$5", 5, "USD"),
        ("USD 5", 5, "USD"),
        ("$2.5m", 2_500_000, "USD"),
        ("one dollar", 1, "USD"),
        ("5 million dollars", 5_000_000, "USD"),
        ("€5", 5, "EUR"),
        ("5€", 5, "EUR"),
        ("5 million euros", 5_000_000, "EUR"),
        ("£5", 5, "GBP"),
        ("¥5", 5, "¥"),
        ("RMB 2017", 2017, "RMB"),
    ],
)
def test_a_currency_before_or_after_is_the_unit(text, value, unit):
    numeral = only(f"a fine of {text}.")
    assert (numeral.value, numeral.unit, numeral.bound) == (value, unit, "exact")
    assert f"a fine of {text}."[numeral.text_start : numeral.text_end] == text
    assert not numeral.is_year


@pytest.mark.parametrize("currency", ["HK$", "A$", "NT$", "C$", "S$"])
def test_dollars_of_elsewhere_are_not_american(currency):
    assert only(f"{currency}5 million").unit != "USD"
    assert only(f"5 million {currency[:-1]} dollars").unit != "USD"


@pytest.mark.parametrize("text", ["-$5 million", "minus $5 million", "-RMB 5 million"])
def test_a_minus_before_a_currency_is_not_dropped(text):
    assert only(f"a result of {text}").value == -5_000_000


@pytest.mark.parametrize(
    "text",
    [
        "42%", "42 %", "42％", "42٪", "४२%", "42 percent", "42-percent", "42 per cent",
        "42 PERCENT", "forty-two percent", "42 pct", "forty-two (42) percent",
    ],
)  # fmt: skip
def test_percent_in_any_spelling_is_the_unit(text):
    numeral = only(f"a {text} share")
    assert (numeral.value, numeral.unit) == (42, "percent")
    assert f"a {text} share"[numeral.text_start : numeral.text_end] == text


@pytest.mark.parametrize("text", ["42 percentile", "42 percentages", "42 perch", "42 times2"])
def test_a_longer_word_is_not_the_unit_it_starts_with(text):
    assert hedges.read(text)[0].unit == ""


@pytest.mark.parametrize(
    "text", ["half a percent", "half a per cent", "1/2 percent", "½%", "½ percent", "0.5%"]
)
def test_half_a_percent_is_not_one_half(text):
    numeral = only(f"fell by {text}")
    share = numeral.value / 100 if numeral.unit == "percent" else numeral.value
    assert share == Fraction(1, 200)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("three times", 3),
        ("3 times", 3),
        ("2.5 times", Fraction(5, 2)),
        ("two and a half times", Fraction(5, 2)),
        ("10-fold", 10),
        ("10fold", 10),
        ("ten-fold", 10),
        ("tenfold", 10),
        ("3×", 3),
        ("twice", 2),
    ],
)
def test_times_and_fold_are_the_unit(text, value):
    numeral = only(f"rose {text} as fast")
    assert (numeral.value, numeral.unit, numeral.says_more) == (value, "times", False)


@pytest.mark.parametrize(
    "text",
    ["27 times more", "27 times greater than", "27 times higher", "27 times larger", "27 × more",
     "27-fold more", "27 times faster", "over 27 times more"],
)  # fmt: skip
def test_times_more_says_that_it_has_two_readings(text):
    numeral = only(f"is {text} than before")
    assert (numeral.value, numeral.unit, numeral.says_more) == (27, "times", True)


@pytest.mark.parametrize("text", ["27 times as many", "27 times the level", "27 times moreover"])
def test_times_without_more_has_one_reading(text):
    assert not only(text).says_more


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("two-year investigation", 2, "years"),
        ("a two year investigation", 2, "years"),
        ("six months", 6, "months"),
        ("12-month", 12, "months"),
        ("3 business days", 3, "days"),
        ("three working days", 3, "days"),
        ("30 calendar days", 30, "days"),
        ("one day", 1, "days"),
        ("24-hour", 24, "hours"),
        ("10 seconds", 10, "seconds"),
        ("one minute", 1, "minutes"),
        ("6 weeks", 6, "weeks"),
        ("two decades", 2, "decades"),
        ("five (5) years", 5, "years"),
        ("one and a half years", Fraction(3, 2), "years"),
        ("12 monthly reports", 12, ""),
        ("three daytime raids", 3, ""),
    ],
)
def test_durations_have_their_unit(text, value, unit):
    numeral = only(text)
    assert (numeral.value, numeral.unit, numeral.bound) == (value, unit, "exact")


@pytest.mark.parametrize(
    "text",
    ["up to tens of thousands", "more than hundreds", "fewer than dozens", "over several hundred"],
)
def test_a_magnitude_with_a_hedge_is_no_magnitude_to_reckon_with(text):
    numeral = only(f"{text} of sellers")
    assert (numeral.bound, numeral.is_magnitude) == ("on the order of", False)
    assert f"{text} of sellers"[numeral.text_start : numeral.text_end] == text


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("1,000 arrests or more", "at least"), ("1,000 at least", "at least"),
        ("1,000 at most", "up to"), ("1,000 (approx.)", "about"), ("virtually 1,000", "about"),
        ("a minimum 1,000", "at least"), ("within just 24 hours", "up to"),
    ],
)  # fmt: skip
def test_a_hedge_in_other_places_is_read_too(text, bound):
    assert only(text).bound == bound


@pytest.mark.parametrize("text", ["increased 27 times", "a 27-fold increase", "grew by 27 times"])
def test_what_grew_so_many_times_has_both_readings(text):
    assert only(text).says_more


@pytest.mark.parametrize("text", ["a majority", "the vast majority", "an overwhelming majority"])
def test_a_majority_is_more_than_half(text):
    numeral = only(f"{text} of sellers")
    assert (numeral.value, numeral.unit) == (Fraction(1, 2), "fraction")
    assert numeral.bound == "more than"


@pytest.mark.parametrize("text", ["less than a majority", "not a majority", "short of a majority"])
def test_less_than_a_majority_is_not_more_than_half(text):
    assert [n.bound for n in hedges.read(text)] != ["more than"]


@pytest.mark.parametrize("text", ["the first 2 courts", "over 21st century", "about first"])
def test_an_ordinal_has_neither_unit_nor_hedge(text):
    ordinal = hedges.read(text)[0]
    assert (ordinal.is_ordinal, ordinal.unit, ordinal.bound) == (True, "", "exact")


def test_each_number_of_a_sentence_keeps_its_own_hedge():
    text = "In 2017, over 1,000 arrests, nearly 700 officers and RMB 46.8 million or more"
    expected = [("exact", ""), ("more than", ""), ("nearly", ""), ("at least", "RMB")]
    assert [(n.bound, n.unit) for n in hedges.read(text)] == expected


@settings(repeatable, max_examples=500)
@given(texts)
def test_any_text_is_read_within_its_ends(text):
    for numeral in hedges.read(text):
        ends = [0, numeral.text_start, numeral.start, numeral.end, numeral.text_end, len(text)]
        assert ends == sorted(ends)
        assert numeral.bound in get_args(Bound)


@pytest.mark.parametrize("text", ["uſd 5", "5 dollarſ", "5 ſeconds", "eſtimated 5"])
def test_no_letter_stops_the_reading(text):
    assert only(text).value == 5


@pytest.mark.parametrize(
    "unit",
    but_first(
    ["no more than ", "over ", "not ", " ", "\n", "1 ", "$1 ", "5 or ", "1 times ", "within ",
     "1 business ", "about a "],
    "growth", quick=2),
)  # fmt: skip
@pytest.mark.parametrize(("before", "after"), but_first([("", "5"), ("up to", "hours")], "growth"))
def test_a_long_text_takes_no_longer_than_its_length_allows(unit, before, after):
    assert grows_with_its_text(hedges.read, unit, ends=(before, after))


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("Coverage has passed 90 per cent.", "more than"),
        ("It passed 90 in 2018.", "more than"),
        ("Sales crossed $5 million.", "more than"),
        ("It broke the 90 per cent mark.", "more than"),
        ("It has broken the 3,000 barrier.", "more than"),
        ("It broke through 90%.", "more than"),
        ("The share went past 90%.", "more than"),
        ("Traffic breached 12 million visits.", "more than"),
        ("The house passed 12 laws.", "exact"),
        ("It passed two major bills.", "exact"),
        ("They crossed 5 borders.", "exact"),
        ("He passed $5 million to them.", "exact"),
        ("It passed three days in port.", "exact"),
        ("It broke the 12 lids.", "exact"),
        ("It fell to a low of 79.9 per cent.", "exact"),
        ("It fell to a record low of 79.9 per cent.", "exact"),
        ("It reached a high of 90%.", "exact"),
        ("It had a peak of 90%.", "exact"),
    ],
)
def test_what_passes_a_mark_is_more_and_a_low_or_high_is_the_value_itself(text, bound):
    assert hedges.read(text)[0].bound == bound
