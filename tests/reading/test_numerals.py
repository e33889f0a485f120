"""Every number of a text is found once, and its value is the one that is printed."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.reading import numerals
from tests.helpers.groups import but_first
from tests.helpers.growth import grows_with_its_text

repeatable = settings(derandomize=True, deadline=None)

UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
PIECES = (
    "one", "two", "twelve", "twenty", "ninety", "hundred", "dozen", "thousand", "million", "and",
    "a", "half", "third", "quarters", "first", "twice", "tenfold", "hundreds", "thousands", "tens",
    "of", "majority", "single", "second", "1", "80", "2017", "1,606", "4.3", "0", "٤٢", "½", "(80)",
    " ", " ", " ", " ", "-", "\n", ",", ".", "/", "%", "k", "bn", "s", "th", "$", "\u2212", "x",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def values(text):
    return [numeral.value for numeral in numerals.find(text)]


def printed(text):
    return [text[numeral.start : numeral.end] for numeral in numerals.find(text)]


def only(text):
    (numeral,) = numerals.find(text)
    return numeral


def in_words(number, *, hyphen="-", link=" and "):
    """A cardinal as one writes it out: "two hundred thousand and three"."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        ten, unit = divmod(number, 10)
        return TENS[ten] + (hyphen + UNITS[unit] if unit else "")
    size, name = next(((s, n) for s, n in SCALES if number >= s), (100, "hundred"))
    many, rest = divmod(number, size)
    text = f"{in_words(many, hyphen=hyphen, link=link)} {name}"
    joint = link if size == 100 or rest < 100 else " "
    return text + (joint + in_words(rest, hyphen=hyphen, link=link) if rest else "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1606", "1606"),
        ("1,606", "1606"),
        ("1,234,567.89", "1234567.89"),
        ("97.6", "97.6"),
        ("0.5", "0.5"),
        ("0", "0"),
        ("007", "7"),
        ("٤٢", "42"),
        ("४२", "42"),
        ("１６０６", "1606"),
        ("½", "1/2"),
        ("⅔", "2/3"),
        ("⅐", "1/7"),
        ("三", "3"),
        ("1/3", "1/3"),
        ("2/3", "2/3"),
    ],
)
def test_digits_and_signs_of_any_script_have_their_value(text, value):
    assert only(text).value == Fraction(value)
    assert printed(f"of {text} sellers") == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("zero", 0),
        ("twelve", 12),
        ("twenty-one", 21),
        ("Twenty One", 21),
        ("hundred", 100),
        ("hundred and fifty", 150),
        ("twelve hundred and fifty", 1250),
        ("three hundred sixty-five", 365),
        ("four hundred and seventy-two", 472),
        ("two hundred thousand and three", 200_003),
        ("one hundred and one thousand", 101_000),
        ("one thousand million", 10**9),
        ("one hundred thousand million", 10**11),
        ("two trillion three hundred billion", 2_300 * 10**9),
        ("two dozen", 24),
        ("two and a half", Fraction(5, 2)),
        ("one and a half million", 1_500_000),
        ("single", 1),
    ],
)
def test_cardinals_in_words_have_their_value(text, value):
    assert only(text).value == value
    assert printed(f"of {text} sellers") == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [("a dozen", 12), ("a hundred", 100), ("a thousand", 1000), ("a million", 10**6)],
)
def test_an_article_stands_for_one(text, value):
    assert values(f"removed {text} listings") == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half", "1/2"),
        ("one half", "1/2"),
        ("a third", "1/3"),
        ("two-thirds", "2/3"),
        ("two-third", "2/3"),
        ("two thirds", "2/3"),
        ("a quarter", "1/4"),
        ("three quarters", "3/4"),
        ("three-quarters", "3/4"),
        ("four-fifths", "4/5"),
        ("nine-tenths", "9/10"),
        ("eleven-twelfths", "11/12"),
        ("one-twentieth", "1/20"),
        ("three-hundredths", "3/100"),
    ],
)
def test_fractions_in_words_have_their_value(text, value):
    numeral = only(f"nearly {text} of sellers")
    assert (numeral.value, numeral.unit) == (Fraction(value), "fraction")


@pytest.mark.parametrize("text", ["2½ years", "2 ½ years", "2 1/2 years", "2½"])
def test_a_whole_number_and_its_fraction_are_one_numeral(text):
    assert values(text) == [Fraction(5, 2)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("once", 1),
        ("twice", 2),
        ("double", 2),
        ("doubled", 2),
        ("tripled", 3),
        ("quadrupled", 4),
        ("twofold", 2),
        ("tenfold", 10),
        ("twentyfold", 20),
        ("hundredfold", 100),
        ("tripling", 3),
        ("trebled", 3),
        ("quadrupling", 4),
    ],
)
def test_multiples_in_words_have_their_value(text, value):
    numeral = only(f"sales {text} since")
    assert (numeral.value, numeral.unit) == (value, "times")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("dozens", 12),
        ("hundreds", 100),
        ("thousands", 1000),
        ("tens of thousands", 10**4),
        ("hundreds of thousands", 10**5),
        ("Hundreds of\nThousands", 10**5),
        ("tens of millions", 10**7),
        ("billions", 10**9),
        ("10s", 10),
        ("1000s", 1000),
        ("1000's", 1000),
        ("1,000s", 1000),
        ("10,000s", 10_000),
    ],
)
def test_magnitudes_are_one_unit_of_themselves_and_never_exact(text, value):
    numeral = only(f"reported {text} of sellers")
    assert (numeral.value, numeral.digit, numeral.is_magnitude) == (value, value, True)
    assert numeral.bound == "on the order of"


@pytest.mark.parametrize(
    "text",
    ["a few hundred", "several thousand", "a couple of hundred", "many thousand", "a few dozen",
     "multi-million"],
)  # fmt: skip
def test_an_unstated_number_of_hundreds_is_not_exactly_one_hundred(text):
    assert only(f"removed {text} listings").bound != "exact"


@pytest.mark.parametrize(
    ("text", "value", "digit"),
    [
        ("4.3 billion", "4300000000", 10**8),
        ("4.30 billion", "4300000000", 10**7),
        ("348.7-million", "348700000", 10**5),
        ("1 trillion", "1000000000000", 10**12),
        ("1,000 million", "1000000000", 10**6),
        ("3.5 hundred", "350", 10),
        ("300k", "300000", 1000),
        ("2.5m", "2500000", 10**5),
        ("2.5M", "2500000", 10**5),
        ("7 mn", "7000000", 10**6),
        ("30bn", "30000000000", 10**9),
        ("30 bn", "30000000000", 10**9),
        ("1.2tn", "1200000000000", 10**11),
    ],
)
def test_a_scale_behind_digits_multiplies_value_and_digit(text, value, digit):
    numeral = only(f"worth {text}.")
    assert (numeral.value, numeral.digit) == (Fraction(value), digit)
    assert printed(f"worth {text}.") == [text]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$4.3B", 4_300_000_000),
        ("£4.3b", 4_300_000_000),
        ("$4.3 bln", 4_300_000_000),
        ("$5 M", 5_000_000),
        ("$5MM", 5_000_000),
        ("5 mln", 5_000_000),
        ("$1.2trn", 1_200_000_000_000),
        ("$5million", 5_000_000),
        ("RMB4.3billion", 4_300_000_000),
    ],
)
def test_no_spelling_of_a_scale_is_dropped(text, value):
    assert values(f"worth {text} in all") == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half a million", 500_000),
        ("a quarter of a million", 250_000),
        ("quarter of a million", 250_000),
        ("half a dozen", 6),
        ("a million and a half", 1_500_000),
        ("a dozen and a half", 18),
    ],
)
def test_a_part_of_a_scale_word_is_taken_of_that_scale(text, value):
    assert values(f"counted {text} sellers") == [value]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("between one million and two million", [10**6, 2 * 10**6]),
        ("between five thousand and ten thousand", [5000, 10_000]),
        ("between five hundred thousand and one million", [500_000, 10**6]),
        ("between one hundred and two hundred", [100, 200]),
        ("one million-two million", [10**6, 2 * 10**6]),
        ("twenty - five", [20, 5]),
        ("a total of twenty\n\nFive cities", [20, 5]),
        ("one, two and three", [1, 2, 3]),
        ("two to three million", [2, 3 * 10**6]),
        ("in 2015, 2016 and 2017", [2015, 2016, 2017]),
        ("in 2015,2016,2017", [2015, 2016, 2017]),
    ],
)
def test_the_ends_of_a_range_and_the_members_of_a_list_are_not_added_up(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Eighty (80)", "Eighty(80)", "ten million (10,000,000)", "thirty-six (36)", "Eighty (٨٠)"],
)
def test_a_number_said_again_in_digits_is_one_numeral(text):
    assert printed(f"the {text} incidents") == [text]
    assert only(text).value == values(text.partition("(")[0])[0]


def test_other_digits_in_brackets_are_their_own_numeral():
    assert values("Eighty (81) incidents") == [80, 81]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B2B and C2C", ["2", "2"]),
        ("2.taobao.com", ["2"]),
        ("spm=a2o2l.8248579", ["2", "2", "8248579"]),
        ("COVID-19", ["19"]),
        ("H₂O", ["₂"]),
        ("world.taobao.com/1688", ["1688"]),
        ("2017-06-30", ["2017", "06", "30"]),
        ("6/30/2017", ["6", "30", "2017"]),
    ],
)
def test_digits_inside_names_addresses_and_dates_are_found(text, expected):
    assert printed(text) == expected
    assert all(value >= 0 for value in values(text))


@pytest.mark.parametrize(
    "text", ["someone often weighs a stone", "height", "attend", "bone", "none", "clone", "tent"]
)
def test_letters_of_another_word_are_no_number(text):
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("21st", 21),
        ("2ND", 2),
        ("3rd", 3),
        ("101st", 101),
        ("first", 1),
        ("Second", 2),
        ("twelfth", 12),
        ("twenty-first", 21),
        ("thirty-first", 31),
    ],
)
def test_ordinals_are_flagged(text, value):
    numeral = only(f"the {text} court")
    assert (numeral.value, numeral.is_ordinal) == (value, True)


@pytest.mark.parametrize(
    ("text", "is_part"),
    [
        ("a fifth stayed, others not", True),
        ("a tenth sank.", True),
        ("a third agree", True),
        ("a fifth stays at home", True),
        ("a tenth recently.", True),
        ("a tenth fell ill", True),
        ("a third list.", False),
        ("a third party", False),
        ("a third list was made", False),
        ("a fifth vessel in port", False),
        ("a fourth species.", False),
        ("a third seed", False),
        ("a fourth fall in sales", False),
    ],
)
def test_a_part_is_told_from_an_ordinal_by_the_verb_behind_it(text, is_part):
    assert only(text).is_ordinal is not is_part


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("on the list for a third-year running", "third", 3),
        ("named by a third party", "third", 3),
        ("in a fifth year", "fifth", 5),
        ("a tenth-grade class", "tenth", 10),
    ],
)
def test_a_third_of_a_row_is_an_ordinal_and_no_part(text, printed, value):
    numeral = only(text)
    assert (text[numeral.start : numeral.end], numeral.value) == (printed, value)
    assert numeral.is_ordinal


@pytest.mark.parametrize("text", ["up a third", "a third of the year", "a third more", "a third."])
def test_a_third_of_a_whole_is_a_part(text):
    assert values(text) == [Fraction(1, 3)]


@pytest.mark.parametrize("text", ["per second", "a second later", "each second", "every second"])
def test_a_second_of_time_is_no_ordinal(text):
    assert values(text) == []


@pytest.mark.parametrize("text", ["-5%", "\u22125%", "fell by -5%", "(-5%)", "\u20135%", "-$5"])
def test_a_minus_sign_belongs_to_its_number(text):
    assert values(text) == [-5]


@pytest.mark.parametrize("text", ["10-5", "Article-5", "chapter - 5", "2012\u20135", "- 5 arrests"])
def test_a_hyphen_or_dash_is_no_minus_sign(text):
    assert values(text)[-1] == 5


@pytest.mark.parametrize(
    ("text", "value"), [(".5 percent", Fraction(1, 2)), ("a fine of $.5 million", 500_000)]
)
def test_a_point_without_a_zero_before_it_is_a_decimal_point(text, value):
    assert values(text) == [value]


@pytest.mark.parametrize("text", ["No.5", "v.5", "up to now.5", "Article 4.2.5"])
def test_a_point_behind_a_word_or_between_section_numbers_is_none(text):
    assert values(text)[-1] == 5


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("In 2017,", [True]),
        ("1999", [True]),
        ("2016 and 2018", [True, True]),
        ("2,017", [False]),
        ("2017 million", [False]),
        ("1800", [False]),
        ("2100", [False]),
        ("12017", [False]),
        ("2017.5", [False]),
        ("two thousand and seventeen", [False]),
    ],
)
def test_four_digits_from_1900_to_2099_are_flagged_as_a_year(text, years):
    assert [numeral.is_year for numeral in numerals.find(text)] == years


@pytest.mark.parametrize("text", ["fiscal 2016/17", "2016/2017"])
def test_two_years_around_a_stroke_are_no_fraction(text):
    assert all(numeral.unit != "fraction" for numeral in numerals.find(text))


@pytest.mark.parametrize(
    ("text", "digit", "ends_in_zero"),
    [
        ("1,606", 1, False),
        ("240,000", 1, True),
        ("97.6", "1/10", False),
        ("97.0", "1/10", True),
        ("0", 1, True),
        ("100 million", 10**6, True),
        ("1 million", 10**6, False),
        ("300k", 1000, True),
        ("42k", 1000, False),
        ("eighty (80)", 1, True),
        ("eighty-one", 1, False),
        ("two hundred", 100, False),
        ("two hundred and three", 1, False),
        ("ten thousand", 1000, True),
        ("five thousand", 1000, False),
        ("one thousand million", 10**6, True),
        ("one and a half million", 500_000, False),
        ("two-thirds", "1/3", False),
        ("1/4", "1/4", False),
        ("½", "1/2", False),
    ],
)
def test_the_last_printed_digit_is_known(text, digit, ends_in_zero):
    numeral = only(text)
    assert (numeral.digit, numeral.ends_in_zero) == (Fraction(digit), ends_in_zero)


@settings(repeatable, max_examples=300)
@given(
    number=st.one_of(st.integers(0, 2000), st.integers(0, 10**15 - 1)),
    hyphen=st.sampled_from(["-", " "]),
    link=st.sampled_from([" and ", " "]),
)
def test_every_integer_written_out_is_read_back(number, hyphen, link):
    text = in_words(number, hyphen=hyphen, link=link)
    assert values(f"It says {text}.") == [number]
    assert printed(f"It says {text.upper()}.") == [text.upper()]


@repeatable
@given(number=st.integers(0, 10**15), decimals=st.from_regex(r"\A(\.[0-9]{1,4})?\Z"))
def test_every_grouped_or_plain_number_is_read_back(number, decimals):
    for text in (f"{number:,}{decimals}", f"{number}{decimals}"):
        assert values(f"({text})") == [Fraction(f"{number}{decimals}")]
        assert printed(f"({text})") == [text]


@settings(repeatable, max_examples=500)
@given(texts)
def test_numerals_stand_in_order_and_no_decimal_digit_is_passed_over(text):
    found = list(numerals.find(text))
    ends = [0, *(end for n in found for end in (n.start, n.end)), len(text)]
    assert ends == sorted(ends)
    assert all(n.start < n.end and (n.text_start, n.text_end) == (n.start, n.end) for n in found)
    inside = {place for n in found for place in range(n.start, n.end)}
    assert all(place in inside for place, char in enumerate(text) if char.isdecimal())


@pytest.mark.parametrize(
    "text",
    ["xⁿ", "Na⁺", "Ↄ", "两", "ſix thouſands", "5 mıllion", "twıce", "a thırd", "1/٠", "1/0"],
)
def test_no_character_stops_the_search(text):
    assert list(numerals.find(f"{text} and 1,606"))[-1].value == 1606


@pytest.mark.parametrize("unit", ["1", "1,000,000,", "٣", "1/", "thousand ", "hundreds of "])
def test_no_length_of_a_number_stops_the_search(unit):
    text = unit * (6000 // len(unit)) + " and 1,606"
    assert list(numerals.find(text))[-1].value == 1606


@pytest.mark.parametrize(
    "unit",
    but_first(
    ["one hundred and ", "twenty ", "one thousand ", "hundreds of ", "million ", "a third ",
     "1,", "1/", " ", "-", "\n", "ten (", "one and a half ", "half ", "1 "],
    "growth", quick=2),
)  # fmt: skip
@pytest.mark.parametrize(("before", "after"), but_first([("", ""), ("twenty", "x")], "growth"))
def test_a_long_text_takes_no_longer_than_its_length_allows(unit, before, after):
    assert grows_with_its_text(lambda text: list(numerals.find(text)), unit, ends=(before, after))
