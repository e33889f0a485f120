"""Which printed dates are a figure's own, and what is said of others."""

from __future__ import annotations

import pytest

from tallybook.ledger.document import Document
from tallybook.ledger.own_dates import OwnDates

TABLE = """The first count was in 2009.

| | 2011 | 2012 |
| --- | --- | --- |
| Sleepers | 2,181 | 2,309 |
| Beds | 40 | 50 |
In 2017 the total of sleepers was 4,751. That was up 617 from the 2016 total of 4,134.
"""
YEARS = "In 2009:\n\n| Year | Beds | Rate |\n| 2011 | 40 | 7% |\n| 2012 | 50 | 8% |\n"
GROUPS = "| | Beds | Rooms |\n| 2011 | | |\n| York | 40 | 7 |\n| 2012 | | |\n| York | 50 | 8 |\n"
TWO_HEADS = "| | 2011 | | 2012 | |\n| | N | % | N | % |\n| Beds | 40 | 7 | 50 | 8 |\n"
NO_DATE = "Beds in 2011\n\n| | Beds | Rooms |\n| York | 40 | 7 |\n"
CUT = "| 2011 | 2012 |\n| York | 40 | 7 |\n"
NOTED = "| | 2011 (n=40) | 2012 (n=45) | Change |\n| York | 12 | 13 | 1 |\n"


def mistake(text: str, figure: str, words: str) -> str:
    own = OwnDates(Document("report", text, {}))
    (place, *_) = own.document.find(figure, (0, len(text)))
    found = own.document.find(words, (0, len(text)))
    assert found
    return own.nearest(place, found)[1]


@pytest.mark.parametrize(
    ("text", "figure", "words"),
    [
        (TABLE, "2,181", "2011"),
        (TABLE, "50", "2012"),
        (TABLE, "4,751", "In 2017"),
        (TABLE, "617", "In 2017"),
        (TABLE, "4,134", "2016"),
        (YEARS, "8%", "2012"),
        (GROUPS, "50", "2012"),
        (GROUPS, "7", "2011"),
        (TWO_HEADS, "8", "2012"),
        (NO_DATE, "40", "in 2011"),
        (CUT, "40", "2012"),  # which of the columns it is, nothing tells
        (NOTED, "13", "2012"),
        ("In 2018 it sold 40 lids, up from 31 in 2017.", "31", "in 2017"),
        ("It sold 34 lids in 2021 and 31 in 2022.", "31", "in 2022"),
        ("It sold 34 and 31 lids in 2021 and 2022.", "34", "in 2021"),
        ("In 2019 it shut 40 shops that opened in 2016.", "40", "In 2019"),
        ("In 2019 it did well. It sold 40 lids, up from 31 in 2016.", "40", "In 2019"),
        ("In 2019 it did well. It sold 40 lids (31 in 2016).", "40", "In 2019"),
        ("In 2019 it did well. By the 2016 rules it sold 40 lids.", "40", "In 2019"),
        ("In 2019 it did well. They met on 4 May 2016. It sold 40 lids.", "40", "In 2019"),
        ("# Year 2019\n\nIt did well.\n\nIt sold 40 lids.", "40", "2019"),
    ],
)
def test_the_date_of_a_figure_is_taken(text, figure, words):
    assert mistake(text, figure, words) == ""


@pytest.mark.parametrize(
    ("text", "figure", "words", "said"),
    [
        (TABLE, "2,181", "2012", 'in another column than "2,181": at the head of its column'),
        (TABLE, "2,309", "2011", 'stands "2012"'),
        (TABLE, "2,309", "in 2009", 'stands "2012"'),
        (TABLE, "4,751", "2016", '"2016" stands behind the sentence of "4,751", in which stands'),
        (TABLE, "4,134", "In 2017", '"In 2017" stands before the sentence of "4,134", in which'),
        (YEARS, "50", "2011", 'in another row than "50": in its row stands "2012"'),
        (YEARS, "40", "In 2009", 'in its row stands "2011"'),
        (GROUPS, "50", "2011", 'stands "2012"'),
        (TWO_HEADS, "8", "2011", 'at the head of its column stands "2012"'),
        (NOTED, "13", "2011", 'at the head of its column stands "2012"'),
        (NOTED, "1", "2011", "no date in its row"),
        ("It sold 34 lids in 2021 and 31 in 2022.", "31", "in 2021", 'beside which stands "2022"'),
        ("In 2021 sales were 34, after 31 in 2020.", "34", "2020", 'beside which stands "2021"'),
        ("Of the 2016 total of 40, 5 left by 2017.", "40", "2017", 'beside which stands "2016"'),
        ("It sold 40 lids. In 2019 it met.", "40", "In 2019", "cite words in it or before it"),
        ("In 2018 it met. In 2019 it grew. It sold 4 lids.", "4", "In 2018", 'stands "2019", in a'),
        ("In 2018 it met.\n\n# 2019\n\nIt sold 4 lids.", "4", "In 2018", '"2019", in the heading'),
    ],
)
def test_another_date_is_refused_with_the_one_that_is_the_figures(text, figure, words, said):
    assert said in mistake(text, figure, words)


def test_of_the_same_words_those_of_the_figure_are_meant():
    text = "It sold 40 lids in 2011, and more.\n\n| 2011 | 2012 |\n| 50 | 60 |\n"
    own = OwnDates(Document("report", text, {}))
    ((start, end),) = own.document.find("50", (0, len(text)))
    found = own.document.find("2011", (0, len(text)))
    assert own.nearest((start, end), found) == (found[1], "")
