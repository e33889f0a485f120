"""A period is one stretch of days, and printed dates are read as no other than they say."""

import time
from calendar import monthrange
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallybook.reading.dates import read, whole
from tallybook.reading.periods import BadPeriod, parse
from tallybook.reading.printed_dates import _OPENING, _READERS, all_in
from tests.helpers.groups import but_first
from tests.helpers.growth import grows_with_its_text

repeatable = settings(derandomize=True, deadline=None)
dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
EDTF = "0123456789-/.~?%XYSE[]{}, :TZ+"
PIECES = (
    "2016", "2017", "1999", "17", "6", "30", "1,910", "June", "May", "may", "Sept.", "December",
    "first", "second", "half", "quarter", "Q3", "H1", "of", "the", "the end of ", "mid", "late",
    "as of", "since", "before", "by", "and", "to", "until", "through", "th", "2017-06",
    "2017-06-30", " ", " ", " ", " ", "-", "–", "/", ",", "%", "\n",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


def accepts(printed):
    reading = read(printed)
    return sorted(reading.accepts) if reading else None


@pytest.mark.parametrize(
    ("text", "first", "last", "months"),
    [
        ("2017", "2017-01-01", "2017-12-31", 12),
        ("2017-06", "2017-06-01", "2017-06-30", 1),
        ("2016-02", "2016-02-01", "2016-02-29", 1),
        ("2017-06-30", "2017-06-30", "2017-06-30", None),
        ("2016-02-29", "2016-02-29", "2016-02-29", None),
        ("2016-09/2017-08", "2016-09-01", "2017-08-31", 12),
        ("2016/2018", "2016-01-01", "2018-12-31", 36),
        ("2017-05/2017-11", "2017-05-01", "2017-11-30", 7),
        ("2016/2017-06-30", "2016-01-01", "2017-06-30", 18),
        ("2017-01-02/2017-12-31", "2017-01-02", "2017-12-31", None),
        ("2017-01-01/2017-12-30", "2017-01-01", "2017-12-30", None),
        ("2017/2017", "2017-01-01", "2017-12-31", 12),
        ("../2017-08", None, "2017-08-31", None),
        ("2012/..", "2012-01-01", None, None),
        ("unstated", None, None, None),
        ("2016~", "2016-01-01", "2016-12-31", 12),
        ("2016?", "2016-01-01", "2016-12-31", 12),
        ("2016~/2017-06", "2016-01-01", "2017-06-30", 18),
        ("2017-21", "2017-03-01", "2017-05-31", 3),
        ("2017-23", "2017-09-01", "2017-11-30", 3),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(text, first, last, months):
    period = parse(text)
    expected = [date.fromisoformat(day) if day else None for day in (first, last)]
    assert [period.first, period.last] == expected
    assert (period.months, period.text) == (months, text)


@pytest.mark.parametrize(
    "text",
    [
        "2017-08/2016-09", "2017/2016", "2017-06-30/2017-06-29", "2017-06/2016~",
        "2017-02-29", "2017-02-01/2017-02-29", "2017-02-29/2018", "2017-02-29/..", "2017-04-31",
        "2017-13", "2017-13-01", "2017-00", "2017-06-00", "2017-00-15", "0000",
        "../..", "..", "/", "../", "/..", "/2017", "2017/", "", " ",
        "2016/2017/2018", "2016/../2017", "../../2017", "2017//2018", "...",
        "２０１７", "２０１７-０６", "٢٠١٧", "２０１７/2018",
        "99999", "Y170000002", "-0500", "1" * 41, "9" * 100_000, "2017/" * 9000,
        "17", "201", "2017-6", "2017-6-5", "06/2017", "30/06/2017", "June 2017", "20170630",
        "Unstated", "unknown", "none", "2016..2017", "2016-2018", "2016–2018", "2017Q3",
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(text):
    with pytest.raises(BadPeriod) as refusal:
        parse(text)
    assert len(str(refusal.value)) < 300


def test_a_backwards_interval_is_called_backwards():
    with pytest.raises(BadPeriod, match="runs backwards"):
        parse("2017-08/2016-09")


def test_a_huge_exponent_is_refused_and_not_computed():
    start = time.process_time()
    with pytest.raises(BadPeriod):
        parse("Y1E6000000")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2017", "2017"),
        ("2017-06", "June 2017"),
        ("2017-06-06", "6 June 2017"),
        ("2016-09/2017-08", "September 2016 to August 2017"),
        ("../2017-08", "up to August 2017"),
        ("2012/..", "from 2012"),
        ("2016-12-31/2017-01", "31 December 2016 to January 2017"),
        ("2016~", "about 2016"),
        ("2016-06~/2017", "about June 2016 to 2017"),
        ("unstated", "no period stated"),
    ],
)
def test_a_period_is_said_in_words(text, words):
    assert str(parse(text)) == words


@repeatable
@given(dates, dates)
def test_every_pair_of_dates_in_order_is_an_interval(one, other):
    first, last = sorted((one, other))
    period = parse(f"{first}/{last}")
    assert (period.first, period.last) == (first, last)
    if first < last:
        with pytest.raises(BadPeriod):
            parse(f"{last}/{first}")


@repeatable
@given(dates, st.integers(1, 60))
def test_whole_calendar_months_are_counted(day, count):
    years, month = divmod(day.month + count - 2, 12)
    last = f"{day.year + years}-{month + 1:02}"
    by_day = f"{last}-{monthrange(day.year + years, month + 1)[1]}"
    assert parse(f"{day:%Y-%m}/{last}").months == count
    assert parse(f"{day:%Y-%m}-01/{by_day}").months == count


@settings(repeatable, max_examples=300)
@given(st.one_of(st.text(), st.text(EDTF, max_size=12)))
def test_any_text_is_a_period_or_is_refused(text):
    try:
        period = parse(text)
    except BadPeriod:
        return
    assert period.first is None or period.last is None or period.first <= period.last
    assert str(period)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("In 2017", ["2017"]),
        ("Throughout 2017", ["2017"]),
        ("was a 2017 cooperation", ["2017"]),
        ("Alibaba's 2017 support", ["2017"]),
        ("mid-2017", ["2017", "2017-05/2017-08"]),
        ("In late 2016", ["2016", "2016-09/2016-12"]),
        ("since early 2018", ["2018-01/..", "2018-01/2018-04"]),
        ("June 2017", ["2017-06"]),
        ("in May 2017", ["2017-05"]),
        ("In August of 2017", ["2017-08"]),
        ("June, 2017", ["2017-06"]),
        ("Sept. 2017", ["2017-09"]),
        ("Sept 2017", ["2017-09"]),
        ("Dec 2017", ["2017-12"]),
        ("On June 6, 2017", ["2017-06-06"]),
        ("June 6th, 2017", ["2017-06-06"]),
        ("6 June 2017", ["2017-06-06"]),
        ("the 6th of June, 2017", ["2017-06-06"]),
        ("2017-06-30", ["2017-06-30"]),
        ("2017-06", ["2017-06"]),
        ("On July 14", ["????-07-14"]),
        ("14 July", ["????-07-14"]),
        ("in November", ["????-11"]),
        ("JUNE 2017", ["2017-06"]),
        ("On JUNE 6, 2017", ["2017-06-06"]),
    ],
)
def test_one_printed_date_is_read(printed, expected):
    assert accepts(printed) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Between September 2016 and August 2017", "2016-09/2017-08"),
        ("the 12 months between September 2016 and August 2017", "2016-09/2017-08"),
        ("from May to November 2017", "2017-05/2017-11"),
        ("May–November 2017", "2017-05/2017-11"),
        ("2016–2018", "2016/2018"),
        ("2016-2018", "2016/2018"),
        ("2016 to 2018", "2016/2018"),
        ("from mid-2016 through June 2017", "2016-05/2017-06"),
        ("from May 5 to May 7, 2017", "2017-05-05/2017-05-07"),
        ("the second half of 2017", "2017-07/2017-12"),
        ("first-half 2017", "2017-01/2017-06"),
        ("in the latter half of 2017", "2017-07/2017-12"),
        ("the former half of 2017", "2017-01/2017-06"),
        ("H1 2017", "2017-01/2017-06"),
        ("H2 of 2017", "2017-07/2017-12"),
        ("Q3 2017", "2017-07/2017-09"),
        ("the first quarter of 2017", "2017-01/2017-03"),
        ("fourth-quarter 2017", "2017-10/2017-12"),
    ],
)
def test_a_printed_range_is_read_from_end_to_end(printed, expected):
    assert accepts(printed) == [expected]


@pytest.mark.parametrize(
    ("printed", "period"),
    [
        ("As of September 2017", "../2017-09"),
        ("As of September 2017", "2017-09"),
        ("by the end of 2017", "../2017"),
        ("until June 6, 2017", "../2017-06-06"),
        ("up to August 2017", "../2017-08"),
        ("since 2012", "2012/.."),
        ("Since June 2017", "2017-06/.."),
        ("On July 14", "2017-07-14"),
        ("On July 14", "2018-07-14"),
        ("from May to November", "2017-05/2017-11"),
        ("Q3 2017", "2017-07/2017-09"),
    ],
)
def test_a_record_may_say_what_is_printed(printed, period):
    assert read(printed).allows(parse(period))


@pytest.mark.parametrize(
    ("printed", "period"),
    [
        ("As of September 2017", "../2017-08"),
        ("As of September 2017", "2017-09/.."),
        ("September 2017", "../2017-09"),
        ("In 2017", "unstated"),
        ("In 2017", "2017-06"),
        ("In 2017", "2016~/2017"),
        ("June 2017", "2017"),
        ("June 2017", "2016-06"),
        ("since 2012", "../2012"),
        ("On July 14", "2017-07-15"),
        ("On July 14", "2017-07"),
        ("On July 14", "unstated"),
        ("from May to November", "2016-05/2017-12"),
        ("before 2017", "2017"),
        ("after 2017", "2017"),
        ("from 2012 to the present", "2012"),
        ("2012–present", "2012"),
        ("2016–18", "2016"),
        ("2016/17", "2016"),
        ("the second 2017 review", "2017-07/2017-12"),
        ("6–8 June 2017", "2017-06-08"),
        ("June 6-8", "2017-06-06"),
        ("Q1–Q3 2017", "2017-07/2017-09"),
        ("Q1 and Q2 2017", "2017-04/2017-06"),
        ("In June 1,910 leads", "2017-06-01"),
        ("In June 2.5 million", "2017-06-02"),
        ("in March 2015 and July 2017", "2015-03/2017-07"),
    ],
)
def test_a_record_may_not_say_what_is_not_printed(printed, period):
    reading = read(printed)
    assert reading is None or not reading.allows(parse(period))


@pytest.mark.parametrize(
    "printed",
    [
        "3Q 2017", "2017 Q3", "Q3/2017", "1H 2017", "the last quarter of 2017", "JUNE 2017",
        "the first nine months of 2017", "the first three quarters of 2017", "6/30/2017",
        "30.06.2017", "2017-6-30", "2017/06", "the third quarter of fiscal 2017",
    ],
)  # fmt: skip
def test_a_part_of_a_year_is_never_read_as_the_year(printed):
    reading = read(printed)
    assert reading is None or not reading.allows(parse("2017"))


@pytest.mark.parametrize(
    "printed",
    [
        "", "no date", "12 months", "sellers may appeal", "they may",
        "12017 sellers", "2,017 sellers", "2017% more", "marching in", "Juneau", "Mayor",
        "In 2016 and then in 2017", "2017 compared with 2016", "2015, 2016 and 2017",
        "from 5 in 2016 to 8 in 2017",
    ],
)  # fmt: skip
def test_no_date_and_unrelated_dates_are_not_read(printed):
    assert read(printed) is None


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("In 2017, after", ["2017"]),
        ("On July 14", ["July 14"]),
        ("from May to November 2017", ["May", "November 2017"]),
        ("As of the end of June 2017", ["the end of June 2017"]),
    ],
)
def test_the_spans_are_the_dates_as_printed(printed, expected):
    assert [printed[start:end] for start, end in read(printed).spans] == expected


@pytest.mark.parametrize(
    ("text", "part", "expected"),
    [
        ("On June 6, 2017, the", "2017", "June 6, 2017"),
        ("from May to November 2017", "November 2017", "May to November 2017"),
        ("since June 2017 only", "June 2017", "since June 2017"),
        ("between 2015 and 2017 it", "2017", "2015 and 2017"),
        ("compared with 2016, in 2017.", "2017", "2017"),
    ],
)
def test_a_part_of_a_printed_date_belongs_to_the_whole(text, part, expected):
    start = text.index(part)
    first, last = whole(text, (start, start + len(part)), all_in(text))
    assert text[first:last] == expected


PARTS_OF_DATES = st.sampled_from(
    "2017 1999 17 3 6/30/2017 2016–17 2016-04-05 1990s 19th Q3 h2 3Q22 FY FY19 June MAY Sept. mid"
    " late early middle the of end beginning year-end year first second third fourth last final 1st"
    " half quarter quarters months fiscal financial academic school tax reporting years calendar"
    " ISO week weeks W12 2021W12 spring autumn winter twenty-first twentieth century to and – - /"
    " , . through 2019/20 ٣ EARLY The former latter in".split()
)


@given(st.lists(PARTS_OF_DATES, max_size=9), st.sampled_from(" -"))
@settings(repeatable, max_examples=1000)
def test_no_date_begins_elsewhere_than_dates_are_looked_for(parts, joint):
    text = joint.join(parts)
    openings = {opening.start() for opening in _OPENING.finditer(text)}
    for pattern, _ in _READERS:
        assert {match.start() for match in pattern.finditer(text)} <= openings


@pytest.mark.parametrize("printed", ["On July 14", "in November", "from May to November"])
def test_a_date_without_its_year_says_so(printed):
    assert not read(printed).has_year
    assert read(f"{printed}, 2017").has_year


@repeatable
@given(dates, st.sampled_from(["{m} {d}, {y}", "{m} {d} {y}", "{d} {m} {y}", "{d} {a} {y}"]))
def test_every_printed_day_is_read_back(day, form):
    month = MONTHS[day.month - 1]
    short = month if month == "May" else f"{month[:3]}."
    printed = form.format(m=month, a=short, d=day.day, y=day.year)
    assert accepts(f"On {printed} it") == [day.isoformat()]
    assert read(printed).allows(parse(day.isoformat()))


@repeatable
@given(dates, dates, st.sampled_from(["between {} and {}", "from {} to {}", "{}–{}"]))
def test_every_printed_range_of_months_is_read_back(one, other, form):
    first, last = sorted((one, other))
    words = [f"{MONTHS[day.month - 1]} {day.year}" for day in (first, last)]
    assert accepts(form.format(*words)) == [f"{first:%Y-%m}/{last:%Y-%m}"]


@settings(repeatable, max_examples=500)
@given(texts)
def test_any_text_is_read_or_is_none(printed):
    reading = read(printed)
    assert reading is None or (reading.accepts and 1 <= len(reading.spans) <= 2)
    for start, end in reading.spans if reading else ():
        assert 0 <= start < end <= len(printed)


@pytest.mark.parametrize("printed", ["firſt half of 2017", "fırst half of 2017", "20١٧", "June ٦"])
def test_no_letter_or_digit_stops_the_reading(printed):
    reading = read(printed)
    assert reading is None or not reading.allows(parse("2016"))


@pytest.mark.parametrize(
    "unit",
    but_first(
    ["mid ", "the end of ", "by ", "first half ", "June ", "June 6 ", "6 ", "2017-", " ", "\n",
     "1", "Q1 ", "2017 and "],
    "growth", quick=2),
)  # fmt: skip
@pytest.mark.parametrize(
    ("before", "after"), but_first([("", ""), ("by", "2017"), ("first", "x 2017")], "growth")
)
def test_a_long_text_takes_no_longer_than_its_length_allows(unit, before, after):
    assert grows_with_its_text(read, unit, ends=(before, after))


@pytest.mark.parametrize(
    ("printed", "periods"),
    [
        ("fiscal year 2021", ["2020-10/2021-09", "2021-04/2022-03"]),
        ("FY2018/19", ["2018-07/2019-06", "2018/2019"]),
        ("FY22", ["2021-10/2022-09"]),
        ("the 2014–15 season", ["2014/2015", "2014-08/2015-07"]),
        ("tax year 2019-20", ["2019-04-06/2020-04-05", "2019/2020"][1:]),
        ("fiscal years 2011 through 2014", ["2010-10/2014-09"]),
        ("2012–13 to 2015–16", ["2012-04/2016-03"]),
        ("year ended 30 June 2019", ["2018-07/2019-06", "2018-07-01/2019-06-30"]),
        ("the year to 5 April 2018", ["2017-04-06/2018-04-05"]),
        ("three months ended 31 May 2020", ["2020-03/2020-05"]),
        ("week ending 12 July 2020", ["2020-07-06/2020-07-12"]),
        ("week beginning 6 July 2020", ["2020-07-06/2020-07-12"]),
        ("in the 12 months to May 2021", ["2020-06/2021-05"]),
        ("3Q22", ["2022-07/2022-09"]),
        ("2Q 2019", ["2019-04/2019-06"]),
        ("2021Q4", ["2021-10/2021-12"]),
        ("the last quarter of 2016", ["2016-10/2016-12"]),
        ("Q1–Q3 2018", ["2018-01/2018-09"]),
        ("the first and second quarters of 2018", ["2018-01/2018-06"]),
        ("first nine months of 2018", ["2018-01/2018-09"]),
        ("spring 2018", ["2018-21", "2018-03/2018-05"]),
        ("winter of 2018-19", ["2018-24", "2018-12/2019-02"]),
        ("the 1980s", ["198X", "1980/1989"]),
        ("the nineteenth century", ["18XX", "1801/1900"]),
        ("from 2013 onwards", ["2013/.."]),
        ("2013 and later", ["2013/.."]),
        ("before March 2015", ["../2015-02"]),
        ("prior to 2015", ["../2014"]),
        ("after 2011", ["2012/.."]),
        ("31/12/2018", ["2018-12-31"]),
        ("3-7 May 2018", ["2018-05-03/2018-05-07"]),
        ("May 3–7, 2018", ["2018-05-03/2018-05-07"]),
        ("year-end 2018", ["2018-12-31", "2018-12", "2018"]),
        ("in 2018 and 2019", ["2018/2019"]),
        ("the September quarter 2016", ["2016-07/2016-09"]),
        ("June half 2016", ["2016-01/2016-06"]),
        ("week 9 of 2020", ["2020-02-24/2020-03-01"]),
        ("weeks 9–10, 2020", ["2020-02-24/2020-03-08"]),
        ("2020-W09", ["2020-02-24/2020-03-01"]),
        ("year to date through May 2018", ["2018-01/2018-05"]),
        ("YTD 15 May 2018", ["2018-01-01/2018-05-15"]),
        ("up to and including 2014", ["../2014"]),
        ("1 Apr. 2016–31 Mar. 2017", ["2016-04-01/2017-03-31"]),
        ("the late 1970s", ["1977/1979", "1975/1979"]),
        ("the mid-1970s", ["1974/1976"]),
        ("last year", ["unstated"]),
        ("year on year", ["unstated"]),
        ("three years earlier", ["unstated"]),
    ],
)
def test_periods_of_any_kind_of_report_are_read(printed, periods):
    reading = read(printed)
    assert all(reading.allows(parse(period)) for period in periods)


@pytest.mark.parametrize(
    ("printed", "period"),
    [
        ("fiscal year 2021", "2021"),
        ("fiscal year 2021", "2019-04/2020-03"),
        ("2014–15", "2014"),
        ("2014–15", "2014-12/2015-12"),
        ("2011-12", "2011-12"),
        ("week ending 12 July 2020", "2020-07-12"),
        ("summer of 2018", "2018"),
        ("since 2015", "2015"),
        ("from 2015 onwards", "2015"),
        ("before 2015", "../2015"),
        ("after 2015", "2015/.."),
        ("year ended 30 June 2019", "2019"),
        ("the 1980s", "1980"),
        ("the late 1980s", "1980/1989"),
        ("week 9 of 2020", "2020"),
        ("year to date through May 2018", "2018-05"),
        ("up to and including 2014", "2014"),
        ("last year", "2017"),
    ],
)
def test_a_period_is_no_other_than_its_words_say(printed, period):
    assert not read(printed).allows(parse(period))


@pytest.mark.parametrize("printed", ["before 30 February 2020", "0000-09", "9999-12-31", "Q9 2020"])
def test_a_date_that_does_not_exist_is_none(printed):
    reading = read(printed)
    assert reading is None or reading.accepts


@pytest.mark.parametrize("printed", ["2018 YTD", "year-to-date 2018", "week 54 of 2018"])
def test_a_year_that_had_got_nobody_says_how_far_is_no_period(printed):
    reading = read(printed)
    assert reading is None or not reading.allows(parse("2018/2018"))


def test_a_quarter_in_digits_takes_no_space_before_it():
    assert read(" 2019Q4").spans == ((1, 7),)
