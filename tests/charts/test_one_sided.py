"""Which figures with an open end a chart draws by their number alone."""

from __future__ import annotations

import altair as alt
import pytest

from tallybook import charts
from tallybook.charts.data import one_sided, shown

OPEN, WHOLE = "stores-closed-2017", "repair-plants"


def bar(ledger, *, ids=(OPEN, WHOLE), mark="bar", **channels):
    return getattr(alt.Chart(ledger.frame(ids=ids)), f"mark_{mark}")().encode(**channels)


@pytest.mark.parametrize(
    "channels",
    [
        {"x": "value:Q", "y": "label:N"},
        {"x": "high:Q", "y": "label:N"},
        {"x": "sum(value):Q", "y": "party:N"},
        {"x": "value:Q", "tooltip": ["label:N", "words:N"]},  # which nobody sees
        {"x": "value:Q", "detail": "bound:N"},
        {"size": "value:Q", "y": "label:N"},
    ],
    ids=str,
)
def test_a_plain_number_of_a_figure_with_an_open_end_is_named(channels, ledger):
    assert one_sided(bar(ledger, **channels).to_dict(), ledger) == [OPEN]


@pytest.mark.parametrize(
    "channels",
    [
        {"x": "value:Q", "y": "words:N"},
        {"x": "value:Q", "row": "words:N"},
        {"x": "value:Q", "y": "label:N", "color": "bound:N"},
        {"x": "start:T", "y": "label:N"},
    ],
    ids=str,
)
def test_one_with_its_words_or_its_bound_or_without_a_number_is_not(channels, ledger):
    assert one_sided(bar(ledger, **channels).to_dict(), ledger) == []


def test_words_in_another_layer_are_words_in_the_chart(ledger):
    bars = bar(ledger, x="value:Q", y="label:N")
    together = bars + bar(ledger, mark="text", x="value:Q", y="label:N", text="words:N")
    assert one_sided(together.to_dict(), ledger) == []


def test_words_within_a_text_of_the_authors_count_as_whole_words_only(ledger):
    rows = ledger.frame(ids=[OPEN])
    words = rows["words"].iloc[0]
    for text, expected in ((f"Stores: {words}", []), (f"Stores: {words},000", [OPEN])):
        chart = alt.Chart(rows.assign(told=text)).mark_bar().encode(x="value:Q", y="told:N")
        assert one_sided(chart.to_dict(), ledger) == expected


@pytest.mark.parametrize("form", ["bars", "glance", "multiples", "trend"])
def test_the_forms_of_charts_say_of_each_number_what_its_party_says(form, ledger):
    drawn = getattr(charts, form)(ledger.frame(ids=[OPEN]), title="Stores").to_dict()
    assert one_sided(drawn, ledger) == []
    assert shown(drawn, ledger) == {OPEN}


def test_a_chart_of_times_does_not_show_what_a_figure_is(ledger):
    drawn = charts.times(ledger.frame(ids=[OPEN, "plant-opened"]), title="Times").to_dict()
    assert (one_sided(drawn, ledger), shown(drawn, ledger)) == ([], set())


def test_links_between_items_are_no_figures(ledger):
    drawn = charts.ties(ledger.links("demand", "reply"), title="Answers").to_dict()
    assert (one_sided(drawn, ledger), shown(drawn, ledger)) == ([], set())
