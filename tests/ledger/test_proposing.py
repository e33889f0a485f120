"""The run, the period and the measure that are proposed for a figure."""

from __future__ import annotations

import pytest

from tallybook.ledger.coverage import Document
from tallybook.ledger.dismissing import reasons
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.measuring import measure_of
from tallybook.ledger.passages import Passages


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
        ("Costs were 5 euros, and 12 shops shut.", "12", "and 12 shops shut"),
        ("In short (and rarely) about 12 %, he said.", "12", "about 12 %"),
        ("See “over 30 lids” of them.", "30", 'See "over 30 lids"'),
    ],
)  # fmt: skip
def test_a_run_has_the_hedge_and_the_noun_and_no_other_figure(text, printed, run):
    passages = passages_of(text)
    assert next(passages.runs(figure_of(passages, printed)))[0] == run


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


def test_four_digits_are_a_year_where_thousands_have_commas():
    with_commas = passages_of("The 2016 shops report lists 1,204 shops.")
    without = passages_of("The firm has 2016 shops.")
    assert list(reasons(with_commas).values()) == ["date that belongs to no figure"]
    assert reasons(without) == {}
