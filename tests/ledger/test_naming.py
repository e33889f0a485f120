"""The labels of new measures: the document's own nouns, such as an author would keep."""

from __future__ import annotations

import pytest

from tallybook.ledger.document import Document
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.passages import Passages
from tallybook.ledger.proposals.measuring import measure_of


def measure_in(text: str, printed: str):
    """The measure that is made for a figure of a text."""
    document = Document("report", text, {"Report": (0, len(text))})
    at = document.text.index(printed)
    (figure,) = document.figures_at((at, at + len(printed)))
    return measure_of(Ledger(root=None), Passages(document), figure, frozenset())[0]


@pytest.mark.parametrize(
    ("text", "printed", "label"),
    [
        ("Life expectancy at birth was 81.4 years in 2023.", "81.4", "life expectancy at birth"),
        (
            "Life expectancy was 81 years in 2023, up from 80 years in 2021.",
            "80",
            "life expectancy",
        ),
        ("In 2023 it repaired between 150 and 180 boats a day.", "150", "boats repaired"),
        ("Prevalence of asthma was 71 per 1,000 people.", "71", "prevalence of asthma"),
        ("Nurses worked an average of 38.5 hours a week.", "38.5", "hours worked by nurses"),
        ("Fees came to 312 in 2023. Vacancies halved to 140.", "140", "vacancies"),
        ("The firm closed 312 shops, compared with 1,045 in 2022.", "1,045", "shops closed"),
        ("It lists nearly 40 infringing product listings.", "40", "infringing product listings"),
        ("Around 300 people die each year.", "300", "people"),
        ("Over 3,000 U.S. small businesses use it.", "3,000", "U.S. small businesses"),
        ("Alas 12 rights holder conferences met.", "12", "rights holder conferences"),
        ("It drew 60 new charging stations.", "60", "new charging stations"),
        ("Emissions were 112.5 million tonnes of CO2 equivalent.", "112.5", "emissions"),
    ],
)
def test_a_count_or_level_is_named_by_what_is_counted(text, printed, label):
    assert measure_in(text, printed).label == label


@pytest.mark.parametrize(
    ("text", "printed", "label"),
    [
        ("Revenue for the year ended June 30, 2023 was $842 million.", "842", "revenue"),
        ("Revenue was $842 million, compared to $791 million in 2022.", "791", "revenue"),
        ("The agency spent $12 million on new mains in 2023.", "12", "spent on new mains"),
        ("About $27 million have been spent on mains.", "27", "spent on mains"),
        ("Nearly $15 million went into new mains in 2023.", "15", "what went into new mains"),
        ("The account closed with a loss of $1.3 million.", "1.3", "loss"),
        ("Repairs cost $12 million in 2023.", "12", "cost of repairs"),
        ("It paid penalties totaling $46 million.", "46", "penalties"),
    ],
)
def test_money_is_named_by_what_it_is_or_went_to(text, printed, label):
    measure = measure_in(text, printed)
    assert (measure.label, measure.unit) == (label, "USD")


@pytest.mark.parametrize(
    ("text", "printed", "label", "kind"),
    [
        ("Some 12% of shops closed.", "12", "share of shops", "share"),
        ("Motorcyclists made up 20% of deaths.", "20", "share of deaths", "share"),
        ("Flu vaccination rose from 61% to 66%.", "66", "flu vaccination", "share"),
        ("Margins rose to 38%.", "38", "share of margins", "share"),
        ("Gross margin improved by 12% in all.", "12", "change in gross margin", "change"),
        ("In 2022 cycle traffic was 25% higher.", "25", "change in cycle traffic", "change"),
        ("It had 30 patients, about 9% more than in 2022.", "9", "change in patients", "change"),
        ("Revenue was $8 million, an increase of 6.5%.", "6.5", "change in revenue", "change"),
        ("It took down 28 times more listings.", "28", "change in listings", "change"),
        ("Delays cost 9 lives. Waits were 25 minutes longer.", "25", "change in waits", "change"),
        ("It employed 54 people, of whom about 60% are nurses.", "60", "share of people employed",
         "share"),
    ],
)  # fmt: skip
def test_a_share_is_a_level_and_a_change_is_of_something(text, printed, label, kind):
    measure = measure_in(text, printed)
    assert (measure.label, measure.kind) == (label, kind)


def test_a_name_keeps_its_capital_and_a_first_word_does_not():
    text = "The town of Harrow lost. Harrow spent $3 million. Budget deficits were $4 million."
    assert measure_in(text, "3 million").label == "spent by Harrow"
    assert measure_in(text, "4 million").label == "budget deficits"


def test_a_column_is_named_by_its_head_without_what_stands_in_brackets():
    text = "| Year | Children vaccinated (all) |\n| --- | --- |\n| 2021 | 4,310 |\n"
    measure = measure_in(text, "4,310")
    assert (measure.label, measure.unit) == ("children vaccinated", "children")


@pytest.mark.parametrize("verb", ["By May 2023 it had sold", "As of May 2023 it has closed"])
def test_what_had_been_done_by_a_date_is_a_running_total(verb):
    measure = measure_in(f"{verb} 40 shops.", "40")
    expected = "running total to a date" if "closed" in verb else "total over a period"
    assert measure.kind == expected


def test_what_a_name_with_a_number_in_brackets_counts_is_what_the_first_of_the_list_does():
    text = "The most calls came from London (240), South-East (188) and Wales (75)."
    found = [measure_in(text, printed) for printed in ("240", "188", "75")]
    assert [(each.label, each.unit) for each in found] == [("calls", "calls")] * 3


def test_a_verb_is_no_noun_that_a_share_is_of():
    label = measure_in("It is the 95% recommended by the council.", "95").label
    assert "recommend" not in label
