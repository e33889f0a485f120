"""What stands below a chart whose bare numbers have an end that is not known."""

from __future__ import annotations

from tests.helpers.small_site import build, page, spoil

PRINTED = 'charts.bars(stores, title="Stores closed")'
PLAIN = """import altair as alt
alt.Chart(ledger.frame(ids=["stores-closed-2017"]), title="Stores closed").mark_bar().encode(
    x="value:Q", y="party:N")"""


def lines(book):
    found = page(book, "notebooks/kettles.html").find("figure", class_="tallybook-chart")
    return [line.text for line in found.find_all("p", class_="tb-chart-sources")]


def test_the_signs_of_a_chart_are_told_below_it(built_book):
    found = page(built_book, "notebooks/kettles.html").find("figure", class_="tallybook-chart")
    told = found.find("p", class_="tb-chart-signs").text
    assert told == "An arrow: how far it goes on is not said."


def test_a_plain_bar_of_more_than_a_number_is_followed_by_the_figures_words(built_book):
    assert [line[:5] for line in lines(built_book)] == ["From "]
    spoil(built_book, PRINTED, PLAIN)
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    first, _ = lines(built_book)
    assert first == "An end is not known of: more than 1,000 stores closed"
    found = page(built_book, "notebooks/kettles.html")
    link = found.find("p", class_="tb-chart-sources").find("a", class_="tallybook-figure")
    assert link["href"].endswith("stat/stores-closed-2017.html")
