"""Charts of each measure: what stands together, and what sets it apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tallybook import charts
from tallybook.charts.check import faults
from tallybook.charts.data import rows
from tallybook.charts.render import described
from tallybook.errors import UnknownId


def with_a_second(ledger, **fields):
    """The ledger with one more figure of the stores closed, which differs in these fields."""
    first = ledger.statistic("stores-closed-2017")
    other = first.model_copy(update={"id": "stores-closed-again", **fields})
    subjects = {"kettles": [*ledger.subjects["kettles"], other.id]}
    return replace(ledger, statistics={**ledger.statistics, other.id: other}, subjects=subjects)


def of_stores(ledger):
    first, *_ = charts.by_measure(ledger, "kettles")
    return described(first.to_dict())


def labels(spec):
    return [row["label"] for row in rows(spec)]


def test_a_measure_with_several_figures_has_a_chart_and_the_others_one_together(ledger):
    told = [each.to_dict() for each in charts.by_measure(with_a_second(ledger), "kettles")]
    assert [len(rows(spec)) for spec in told] == [2, len(ledger.statistics) - 1]
    assert [faults(described(spec), with_a_second(ledger)) for spec in told] == [[], []]


@pytest.mark.parametrize(
    ("fields", "expected", "same"),
    [
        ({"party": "The Lid"}, ["Kettle Company", "The Lid"], "2017; the company"),
        ({"scope": "shops"}, ["The company", "Shops"], "2017"),
        ({"scope": "shops", "party": "The Lid"},
         ["Kettle Company; the company", "The Lid; shops"], "2017"),
        ({}, ["stores-closed-2017", "stores-closed-again"], "2017; the company"),
    ],
)  # fmt: skip
def test_a_label_says_what_differs_and_the_subtitle_what_does_not(fields, expected, same, ledger):
    spec = of_stores(with_a_second(ledger, **fields))
    assert [text.casefold() for text in labels(spec)] == [text.casefold() for text in expected]
    assert spec["title"]["subtitle"] == same


def test_a_title_names_the_measure_and_each_party_once(ledger):
    spec = of_stores(with_a_second(ledger, party="The Lid"))
    assert spec["title"]["text"] == "Stores closed, as stated by Kettle Company and The Lid"


def test_a_text_of_several_figures_is_of_the_figure_whose_row_it_labels(ledger):
    later = ledger.statistic("repair-time-2016").period
    two = with_a_second(ledger, period=later)
    told = of_stores(two)["usermeta"]["tallybook"]["told"]
    assert told["2017"] == [{"of": "period:stores-closed-2017", "text": "2017"}]
    assert told["2016"] == [{"of": "period:stores-closed-again", "text": "2016"}]


def test_a_figure_that_stands_alone_is_labelled_with_its_time_and_scope(ledger):
    (glance,) = charts.by_measure(ledger, "kettles")
    assert "Stores closed; 2017; the company" in labels(glance.to_dict())


def test_a_subject_that_is_not_there_is_named(ledger):
    with pytest.raises(UnknownId, match="kettle"):
        charts.by_measure(ledger, "kettle")
