"""The run, the period and the measure that are proposed for a figure."""

from __future__ import annotations

import pytest

from tallybook.ledger.document import Document
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.own_dates import OwnDates
from tallybook.ledger.passages import Passages
from tallybook.ledger.proposals.dismissing import reasons
from tallybook.ledger.proposals.measuring import measure_of


def passages_of(text: str) -> Passages:
    return Passages(Document("report", text, {"Report": (0, len(text))}))


def figure_of(passages: Passages, printed: str):
    at = passages.document.text.index(printed)
    (figure,) = passages.document.figures_at((at, at + len(printed)))
    return figure


@pytest.mark.parametrize(
    ("text", "printed", "run"),
    [
        ("We trained more than 40 nurses in 2019.", "40", "We trained more than 40 nurses"),
        ("Costs were 5 euros, and 12 shops shut.", "12", "and 12 shops"),
        ("In short (and rarely) about 12 %, he said.", "12", "about 12 %"),
        ("See “over 30 lids” of them.", "30", 'See "over 30 lids"'),
    ],
)  # fmt: skip
def test_a_run_has_the_hedge_and_the_noun_and_no_other_figure(text, printed, run):
    passages = passages_of(text)
    assert next(passages.runs(figure_of(passages, printed)))[0] == run


def test_numbers_do_not_count_against_the_words_of_a_run():
    passages = passages_of(
        "There were 18.2 bursts per 100 km of mains (95% CI 16.9 to 19.6) in all."
    )
    runs = [run for run, _, _ in passages.runs(passages.document.figures[0])]
    assert "18.2 bursts per 100 km of mains (95% CI 16.9 to 19.6)" in runs


def test_a_run_that_stands_twice_is_told_by_its_occurrence():
    passages = passages_of("12 shops. 12 shops.")
    second = passages.document.figures[1]
    assert ("12 shops", "Report", 2) in passages.runs(second)


@pytest.mark.parametrize(
    ("text", "printed", "period"),
    [
        ("In 2018 it had 30 shops, compared with 20 in 2016.", "30", ("2018", "In 2018")),
        ("Sales were 34 tonnes in 2021 and 31 tonnes in 2022.", "31", ("2022", "in 2022")),
        ("In 2019 we grew. Shops sold 12 lids.", "12", ("2019", "In 2019")),
        ("It rose to 12 lids, up from 3 in 2016.\n\nOthers sold 7 lids.", "7", None),
        ("On 4 May 2019 we met. Shops sold 12 lids.", "12", None),
        ("In fiscal year 2019 it sold 12 lids, and 8 since 2016.", "12", None),
        (
            "In the twelve months ended 31 March 2020 it sold 12 lids.",
            "12 lids",
            ("2019-04/2020-03", "the twelve months ended 31 March 2020"),
        ),
    ],
)
def test_a_period_is_that_of_the_figures_own_date(text, printed, period):
    passages = passages_of(text)
    found = passages.period(figure_of(passages, printed), "total over a period")
    assert (found and (found["period"], found["period_as_printed"])) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("# What we make for\n\nIn fiscal year 2022–23 it sold 12 lids.", "In fiscal year 2022–23"),
        ("In 2023 it sold 12 lids, as in 2022.", "In 2023"),
        ("It sold 12 lids in 2023, twice as many as in 2022.", "in 2023"),
        ("Sales in 2022 were 12 lids higher than in 2019.", "in 2022"),
        ("In 2022 it sold 12 lids more than in the same month of 2021.", "In 2022"),
        ("In 2023 it sold 12 lids, below the 2019 level.", "In 2023"),
        ("In 2023 it sold 3 lids, compared to 5 in 2022, or 12 boxes.", "In 2023"),
        ("It sold 12 lids, the fewest since 2010.", None),
        ("In 2023 it sold 40 lids, up from 12 lids.", None),
        ("In 2023 it sold 40 lids, up from 12 in 2022.", "in 2022"),
        ("Among people over 65 it rose from 61 in 2022/23 to 12 in 2023/24.", "in 2023/24"),
        ("It cost €30 in 2024, down from €12 in the same quarter of 2023.", None),
        ("Sales were 30 lids in 2023, compared to 20 in 2022. Costs were 12 euros.", "in 2023"),
        ("By 2030 it will close. It sold 12 lids.", None),
        ("In 2023 it sold lids. The year before it sold 12 lids.", None),
        ("In Sept. 2023 it sold 12 lids.", "In Sept. 2023"),
    ],
)  # fmt: skip
def test_a_date_that_is_compared_with_is_not_the_figures_own(text, period):
    passages = passages_of(text)
    found = passages.period(figure_of(passages, "12"), "total over a period")
    assert (found and found["period_as_printed"]) == period


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("It was 8% - a rise from 7% in 2010-11.", {"8%": None, "7%": "2010/2011"}),
        ("It fell from 9% in 2017-18 to 8% in 2018-19 despite the target of 10% of lids.",
         {"9%": "2017/2018", "8%": "2018/2019", "10%": None}),
        ("It was 8% in 2003 and 9% the previous year.", {"8%": "2003", "9%": None}),
        ("The target was set in 2012, last year it was 9%.", {"9%": None}),
        ("It is the lowest since 1997-98 (when it was 9%) and 4% of the peak seen in 1995-96.",
         {"9%": "1997/1998", "4%": None}),
        ("Made in 2001, it was first shown in 1988 when 8% had one.", {"8%": "1988"}),
        ("Some 33% of people born in 1990 had a lid.", {"33%": None}),
        ("Between 2010 and 2013 the share rose to 9%.", {"9%": None}),
        ("It was 14.2 in 2012, 15.1 in 2013 and 16.3 in 2014.",
         {"14.2": "2012", "15.1": "2013", "16.3": "2014"}),
        ("It was 5.2 tonnes (2012) and 5.9 tonnes (2013).", {"5.2": "2012", "5.9": "2013"}),
        ("Some 34 shops and 12 stalls opened in 2021.", {"34": "2021", "12": "2021"}),
        ("The scheme of 1999 now covers 74% of homes.", {"74%": None}),
        ("In 2015 it was 92%, down from 93%.", {"92%": "2015", "93%": None}),
        ("In the decade to 2015 it was 9%.", {"9%": None}),
        ("It was 8% in 2015, while in 2016, after the ban of 2014, 9% had it.",
         {"8%": "2015", "9%": None}),
    ],
)  # fmt: skip
def test_a_date_that_the_grammar_does_not_tie_to_a_figure_is_not_its_period(text, periods):
    passages = passages_of(text)
    found = {each: passages.period(figure_of(passages, each), "share") for each in periods}
    assert {each: period and period["period"] for each, period in found.items()} == periods


def test_the_dates_beside_a_figure_without_a_period_are_named():
    passages = passages_of("The target of 2012 was met, last year it was 9%.")
    assert passages.dates_beside(figure_of(passages, "9")) == ["2012", "last year"]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("A fiscal year runs from July to June. In FY2023 it sold 12 lids.", "2022-07/2023-06"),
        ("Our fiscal year begins on 1 October. In FY2023 it sold 12 lids.", "2022-10/2023-09"),
        ("For the year ended 31 March 2023 it slept. In fiscal 2024 it sold 12 lids.",
         "2023-04/2024-03"),
        ("The financial year ends on June 30. In Q2 of fiscal 2023 it sold 12 lids.",
         "2022-10/2022-12"),
        ("In fiscal year 2022–23 it sold 12 lids.", "2022/2023"),
    ],
)  # fmt: skip
def test_a_fiscal_year_has_the_months_that_the_document_says(text, period):
    passages = passages_of(text)
    found = passages.period(figure_of(passages, "12"), "total over a period")
    assert found["period"] == period
    assert ("period_because" in found) == ("-" in period)


def test_a_date_without_a_year_takes_the_last_one_and_says_so():
    passages = passages_of("The report of 2017. On June 6 it sold 12 lids.")
    found = passages.period(figure_of(passages, "12"), "total over a period")
    assert (found["period"], found["period_from"]) == ("2017-06-06", "context")


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("It cost $3 million.", "3 million", ("total over a period", "USD")),
        ("Deaths were 3.4 per 1,000 births.", "3.4", ("rate", "deaths per 1000 births")),
        ("Sales rose by 12%.", "12", ("change", "percent")),
        ("Some 12% of shops closed.", "12", ("share", "percent")),
        ("It lasted 3 weeks.", "3", ("duration", "weeks")),
        ("They sold 34 kg of tea.", "34", ("level at a date", "kg")),
        ("In all 34 boats were repaired.", "34", ("total over a period", "boats")),
    ],
)
def test_a_new_measure_has_the_kind_and_unit_of_its_figure(text, printed, expected):
    passages = passages_of(text)
    measure, new = measure_of(
        Ledger(root=None), passages, figure_of(passages, printed), frozenset()
    )
    assert new.startswith(f"- id: {measure.id}\n")
    assert (measure.kind, measure.unit) == expected


NAME, DATE = "part of a name or address", "date that belongs to no figure"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Well 12 was out of use.", 12),
        ("## Well 12\n\nIt was shut.", 12),
        ("The old Well 12 gives little.", 12),
        ("See Line 4, which is short.", 4),
        ("It met in Room 101.", 101),
        ("Bus Line 12 carried few.", 12),
        ("The Gateway 17 conference was held.", 17),
        ("Wells 3 and 12 were shut.", 12),
        ("Wards 3 and 4 had few.", 4),
    ],
)
def test_the_number_of_a_name_is_dismissed_as_one(text, number):
    passages = passages_of(text)
    found = reasons(passages)
    by_value = {passages.document.numerals[at].value: reason for at, reason in found.items()}
    assert by_value[number] == NAME


@pytest.mark.parametrize(
    "text",
    [
        "In Ohio 12 wells were shut.", "In Ohio 12 died.", "Another 12 were shut.",
        "Some 12 of them.", "Amtrak 12 percent.", "Overall 12 new wells opened.",
        "Costs rose\n12 times.", "Of 12 km", "A total of\n12 wells.",
        "Made up\n12% of them.", "Eastham | 12 | 14",
    ],
)  # fmt: skip
def test_what_counts_behind_a_word_with_a_capital_is_no_name(text):
    assert 0 not in reasons(passages_of(text))


@pytest.mark.parametrize(
    "text", ["And in 2024 less was lost.", "Since 2019 sales fell.", "By 2030 it grows as well."]
)  # fmt: skip
def test_a_year_is_never_a_value(text):
    assert [*reasons(passages_of(text)).values()] == [DATE]


def test_the_lines_of_a_table_of_contents_end_with_pages():
    passages = passages_of("Boats\t4\nCrews\t9\nPiers and quays\t9\nMoney\t12\n\nWe have 30 boats.")
    assert {*reasons(passages).values()} == {"page or list number"}
    assert len(reasons(passages)) == 4


def test_four_digits_are_a_year_where_thousands_have_commas():
    with_commas = passages_of("The 2016 shops report lists 1,204 shops.")
    without = passages_of("The firm has 2016 shops.")
    assert list(reasons(with_commas).values()) == ["date that belongs to no figure"]
    assert reasons(without) == {}


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("It is measured at one, two and five years.", ["one", "two", "five"]),
        ("Some 92% of pupils aged five had one lid.", ["five"]),
        ("Of people over 65, 40% had it.", ["65"]),
        ("Those aged 16 to 64 were asked.", ["16", "64"]),
        ("By age 5 it was 90%.", ["5"]),
        ("Lids for 2-year-olds cost more.", ["2"]),
        ("It lasted two years.", []),
        ("The youngest was aged 5.", []),
        ("Waiting stood at 5 weeks.", []),
        ("Of workers over 40% left.", []),
    ],
)
def test_an_age_that_says_who_is_meant_is_dismissed(text, ages):
    passages = passages_of(text)
    found = [at for at, why in reasons(passages).items() if why == "part of a definition"]
    numerals = [passages.document.numerals[at] for at in sorted(found)]
    assert [text[each.start : each.end] for each in numerals] == ages


def test_the_day_in_a_heading_is_a_date_and_no_number_of_a_list():
    assert {*reasons(passages_of("### 13 September 2018\n\nIt sold lids.")).values()} == {DATE}


@pytest.mark.parametrize(("text", "is_figure"), [("Done once.", False), ("Once a year.", True)])
def test_once_is_a_figure_only_as_a_rate(text, is_figure):
    assert (0 not in reasons(passages_of(text))) is is_figure


IN_TABLES = """
| | 2011 | 2012 |
| --- | --- | --- |
| Sleepers | 2,181 | 2,309 |
| Share of women (%) | 12 | 14 |

| Region | Numerical change | % change |
| London | 446 | 7% |

| Year | Number of people | Rate per 1,000 | Cost (£ million) |
| 2015 | 57,740 | 2.5 | 34 |
"""


@pytest.mark.parametrize(
    ("printed", "label", "kind", "unit", "period"),
    [
        ("2,181", "sleepers", "total over a period", "sleepers", "2011"),
        ("2,309", "sleepers", "total over a period", "sleepers", "2012"),
        ("14", "share of women", "share", "%", "2012"),
        ("446", "numerical change, London", "change", "number", None),
        ("7%", "change, London", "change", "percent", None),
        ("57,740", "number of people", "total over a period", "people", "2015"),
        ("2.5", "rate", "rate", "number per 1000", "2015"),
        ("34", "cost", "total over a period", "£ million", "2015"),
    ],
)
def test_a_figure_of_a_table_is_named_and_dated_by_its_row_and_column(
    printed, label, kind, unit, period
):
    own = OwnDates(Document("report", IN_TABLES, {"Report": (0, len(IN_TABLES))}))
    figure = figure_of(own.passages, printed)
    measure, _ = measure_of(Ledger(root=None), own.passages, figure, set())
    assert (measure.label, measure.kind, measure.unit) == (label, kind, unit)
    date = own.of_cell(figure.start)
    assert (date and own.document.text[slice(*date)]) == period


def test_what_a_head_says_its_column_is_in_is_dismissed():
    passages = passages_of(IN_TABLES)
    found = [each for each, why in reasons(passages).items() if why == "part of a definition"]
    assert [passages.document.numerals[each].value for each in found] == [1000, 10**6]


@pytest.mark.parametrize(
    "number",
    ["0303 444 3867", "+44 20 7946 0000", "020 7946 0000", "(202) 555-0143", "202-555-0143"],
)
def test_a_telephone_number_is_dismissed_as_an_address(number):
    passages = passages_of(f"Call us on {number}, or sell 40 lids.")
    found = reasons(passages)
    of_call = passages.document.overlapping((11, 11 + len(number)))
    assert {found.get(each) for each in of_call} == {"part of a name or address"}
    assert len(found) == len(of_call)


def test_the_lines_below_the_word_contents_end_with_pages():
    passages = passages_of("Contents\nIntroduction 2\nSleepers 3\n\nMethod 12\n\nWe had 9 beds.\n")
    assert reasons(passages) == dict.fromkeys(range(3), "page or list number")
