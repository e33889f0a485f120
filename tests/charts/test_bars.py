"""Where bars begin and end, and where their labels stand."""

import re

import pytest

from tallybook import charts
from tallybook.charts.check import faults
from tallybook.charts.layout import NARROW, layout
from tallybook.charts.svg import drawing
from tallybook.errors import BadOutput
from tallybook.notebooks import session

LONG = "Stores that were closed in the year, as the report of the company itself counts them"


def rows(chart):
    return [row for data in chart.to_dict()["datasets"].values() for row in data]


@pytest.mark.parametrize(
    ("wanted", "ends"), [("share-handled-2017", "close"), ("stores-closed-2017", "apart")]
)
def test_bounds_that_nobody_can_tell_apart_are_one_end(wanted, ends, ledger):
    assert {row["ends"] for row in rows(charts.bars(ledger.frame(ids=[wanted])))} == {ends}


def test_the_axis_of_changes_ends_near_the_furthest_of_them(ledger):
    wanted = "requests-decline-2017"
    spec = charts.changes(ledger.frame(ids=[wanted]), falling=[wanted]).to_dict()
    scales = [layer["encoding"].get("x", {}).get("scale", {}) for layer in spec["layer"]]
    (least, most) = next(scale["domain"] for scale in scales if "domain" in scale)
    furthest = ledger.frame(ids=[wanted])["high"][0]
    assert -1.1 * furthest <= least <= -furthest
    assert most == 0


def test_changes_say_their_direction_beside_their_label(ledger):
    wanted = "requests-decline-2017"
    (row,) = rows(charts.changes(ledger.frame(ids={wanted: "Requests"}), falling=[wanted]))
    assert row["change"] == f"Requests: down {row['words']}"


def test_what_is_no_change_is_refused_as_one_with_its_kind(ledger):
    with pytest.raises(BadOutput, match="'stores-closed-2017' is a total over a period"):
        charts.changes(ledger.frame(ids=["stores-closed-2017"]))


@pytest.mark.parametrize("form", [charts.bars, charts.glance, charts.shares])
def test_figures_of_one_label_are_told_apart_by_their_period(form, ledger):
    ids = ["share-handled-2017", "requests-decline-2017"]
    frame = ledger.frame(ids=dict.fromkeys(ids, "Requests")).assign(period=["2016", "2017"])
    chart = form(frame, because="Both are of the company")
    told = {row.get("share", row.get("what", "")) for row in rows(chart)}
    assert {text.partition(":")[0] for text in told} == {"Requests, 2016", "Requests, 2017"}
    alone = rows(form(ledger.frame(ids={ids[0]: "Requests"})))
    assert "2017" not in {row.get("share", row.get("what")) for row in alone}.pop()


def test_a_trend_prints_words_that_are_a_plain_number(edit, book):
    record = 'value: {}\n  bound: {}\n  period: "2017"'
    records = "data/statistics/kettles.yml"
    edit(records, record.format(1000, "more than"), record.format(371, "exact"))
    edit(records, "more than 1,000 stores", "371 stores")
    ledger = session.load(book)
    chart = charts.trend(ledger.frame(ids=["stores-closed-2017"]), title="Stores closed")
    assert "371" in {row["above"] for row in rows(chart)}
    assert faults(chart.to_dict(), ledger) == []


def test_figures_at_a_glance_are_bars_only_if_they_may_stand_on_one_axis(ledger):
    frame = ledger.frame(ids=["share-handled-2017", "requests-decline-2017"])
    assert "concat" in charts.glance(frame, title="Kettles").to_dict()
    assert "layer" in charts.glance(frame, title="Kettles", because="Of one year").to_dict()


def test_a_label_of_one_line_stands_at_its_bar_beside_longer_ones(ledger):
    ids = {"share-handled-2017": "Handled", "requests-decline-2017": LONG}
    chart = charts.shares(ledger.frame(ids=ids), because="Both are of one year")
    svg = drawing(layout(chart.to_dict(), NARROW))
    label = next(text for text in re.findall(r"<text.*?</text>", svg) if "Handled" in text)
    # A line with nothing in it takes no room in a browser.
    assert "<tspan/>" not in label
    assert label.count("<tspan") > 2
