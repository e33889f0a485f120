"""Which numerals of a book's own text state something, and need a record."""

from __future__ import annotations

import pytest

from tallybook.reading.statements import Known, stating

KNOWN = Known(
    dates=frozenset({"2016-12-21", "2016-09", "2017", "2018"}),
    names=("Special 301", "3M"),
    printed=frozenset({"recalled 240,000 kettles", "97% were handled"}),
)
NOTHING = [
    "The first list, its second part and the twenty-first request",
    "third-party sellers, and a third party",
    "one of the lists, no one else, one another, each one",
    "one can see that this one is new, and that the earlier one was not",
    "In 2016, and by 2018",
    "the 2016 list and USTR's 2017 lists",
    "The Notorious Markets List, 2016–2018",
    "2016: asked",
    "(2017)",
    "mid-2017, late 2016, in the first half of 2017",
    "on 21 December 2016, December 21, 2016, and on 21 December",
    "from September 2016 to 2018",
    "Special 301 is a report, and 3M a company",
    "COVID-19, Section 301 tariffs, § 2320, 24/7, 9/11, iPhone 15, 3D printing, Boeing 737 jets",
    "G20, MP3 files, CO2, H5N1, F1, B2B, Windows 10, ISO 9001, Chapter 11, UTF-8, Type 2 diabetes",
    "on the one hand, one by one, a one-off, one-sided, one or the other, from one list to another",
    "zero tolerance, double-check, half-hearted, at once, once the list was out, once more",
    "https://example.org/2019/12/a-97.html, www.example.org/24, and <https://a.example/3?n=4#5>",
    'It prints “recalled 240,000 kettles,” it says, and "97% were handled".',
]
SOMETHING = {
    "In 2019": ["2019"],
    "on 22 December 2016": ["22", "2016"],
    "in June 2016": ["2016"],
    "2016 stores closed": ["2016"],
    "of 2017 stores": ["2017"],
    "closed 2016 stores": ["2016"],
    "more than 2016 lists": ["2016"],
    "2017% more": ["2017"],
    "RMB 2016": ["2016"],
    "USTR names one.": ["one"],
    "one association": ["one"],
    "one in five": ["one", "five"],
    "one of five": ["one", "five"],
    "the third-largest site": ["third"],
    "the second most popular": ["second"],
    "one third of them": ["one third"],
    "a third of them": ["a third"],
    "the 15th list": ["15"],
    "two lists, both twice": ["two", "twice"],
    "Special 302 lists, 4M": ["302", "4M"],
    "Special 3011": ["3011"],
    "Sales97 and 4K in sales": ["97", "4K"],
    "Group 12 plants": ["12"],
    "9/11 of them": ["9/11"],
    "Section 301 2,000 stores": ["2,000"],
    "once a year, one-third, one-year bans": ["once", "one-third", "one"],
    "https://97%": ["97"],
    "“240,000 kettles”": ["240,000"],
    "recalled 240,000 kettles": ["240,000"],
}


@pytest.mark.parametrize("text", NOTHING)
def test_ordinals_pronouns_known_dates_and_names_state_nothing(text):
    assert [text[each.start : each.end] for each in stating(text, KNOWN)] == []


@pytest.mark.parametrize("text", SOMETHING)
def test_counts_ranks_parts_and_other_dates_state_something(text):
    assert [text[each.start : each.end] for each in stating(text, KNOWN)] == SOMETHING[text]


def test_without_a_ledger_any_date_may_be_known_and_no_count():
    assert [*stating("In 2019, on 3 May")] == []
    assert [each.value for each in stating("2019 stores")] == [2019]


@pytest.mark.parametrize("name", ["Covid-19", "COVID-19", "Year 6", "Key Stage 2", "Key stage 2"])
def test_a_name_with_a_number_is_known_by_its_form(name):
    assert not [*stating(f"The {name} pupils of the school. {name} is a name.", Known())]


@pytest.mark.parametrize(
    "text",
    ["Under-16 pupils", "Top-10 lists", "Every year 6 stores close", "Each stage 2 stores closed",
     "Kettles-19", "Year 2019", "Year 6,000", "Kettle-19 of them", "Key stage 2%"],
)  # fmt: skip
def test_what_counts_is_no_name_for_its_capital(text):
    assert [*stating(text, Known())]
