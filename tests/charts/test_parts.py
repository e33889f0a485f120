"""How parts of a chart take their room: side by side, below each other, and along a time axis."""

import re

import pandas as pd
import pytest

from tallybook import charts
from tallybook.charts.layout import NARROW, WIDE, layout
from tallybook.charts.svg import drawing
from tallybook.charts.theme import party_scale


def axis_of_times(days, room):
    rows = [{"start": first, "end": last} for first, last in days]
    x = {"x": {"field": "start", "type": "temporal"}, "x2": {"field": "end"}}
    made = layout({"data": {"values": rows}, "mark": "bar", "encoding": x}, room)
    axis = made["encoding"]["x"]["axis"]
    return axis["tickCount"]["interval"], axis["tickCount"]["step"], axis["format"]


@pytest.mark.parametrize(
    ("days", "room", "ticks"),
    [
        ([("2017-02-01", "2017-07-20")], WIDE, ("month", 1, "%b %Y")),
        ([("2017-02-01", "2017-07-20")], NARROW, ("month", 2, "%b %Y")),
        ([("2016-12-01", "2018-01-31")], NARROW, ("month", 6, "%b %Y")),
        ([("2012-01-01", "2018-01-31")], WIDE, ("year", 1, "%Y")),
        ([("2016-01-01", "2016-12-31"), ("2017-01-01", "2017-12-31")], WIDE, ("year", 1, "%Y")),
    ],
)
def test_no_two_ticks_of_a_time_axis_have_the_same_label(days, room, ticks):
    assert axis_of_times(days, room) == ticks


def test_figures_at_a_glance_fill_the_width_of_a_phone_so_that_their_title_is_not_cut(ledger):
    chart = charts.glance(ledger.frame("kettles"), title="Kettles that were recalled in the year")
    made = layout(chart.to_dict(), NARROW)
    assert made["columns"] == 1
    assert {part["width"] for part in made["concat"]} == {NARROW - 16}
    assert 280 < float(re.search(r'width="([\d.]+)"', drawing(made))[1]) <= NARROW


def test_small_bars_have_axes_of_their_own_and_stand_in_the_order_of_the_frame(ledger):
    frame = ledger.frame("kettles").iloc[:2].assign(what=["Z", "A"])
    made = layout(charts.multiples(frame, by="what", because="Both are of one year").to_dict())
    assert made["facet"]["sort"] == ["Z", "A"]
    scales = [layer["encoding"]["x"].get("scale", {}) for layer in made["spec"]["layer"]]
    assert not any("domain" in scale for scale in scales)
    assert any(scale.get("rangeMax", 0) > 0 for scale in scales)


def test_dates_of_events_at_a_glance_are_large_and_no_bars(ledger):
    opened = pd.concat([ledger.frame(ids=["plant-opened"])] * 2)
    assert len(charts.glance(opened, title="Plants").to_dict()["concat"]) == 2


def test_rows_are_as_high_as_the_lines_of_their_names_which_have_room_in_any_font():
    rows = [{"id": "a", "what": "Stores that were closed in the year, as the report says"}]
    y = {"field": "what", "type": "nominal"}
    spec = {"data": {"values": rows}, "mark": "bar", "encoding": {"y": y}}
    wide, narrow = layout(spec, WIDE), layout(spec, NARROW)
    assert narrow["height"]["step"] > wide["height"]["step"] > 28
    assert 100 < narrow["encoding"]["y"]["axis"]["minExtent"] < NARROW / 2


def test_ticks_whose_labels_would_touch_on_a_phone_are_left_out():
    rows = [{"id": "a", "value": 2_670_000.0, "words": "RMB 2.67 million", "unit": "RMB"}]
    x = {"field": "value", "type": "quantitative"}
    words = {"mark": {"type": "text", "align": "left"}, "encoding": {"text": {"field": "words"}}}
    spec = {"data": {"values": rows}, "encoding": {"x": x}, "layer": [{"mark": "bar"}, words]}
    axes = [layout(spec, room)["encoding"]["x"]["axis"] for room in (NARROW, WIDE)]
    assert len(axes[0]["values"]) < len(axes[1]["values"])


def test_a_party_has_its_colour_in_all_parts_of_a_chart():
    rows = [{"id": "a", "party": "Lid Guild"}], [{"id": "b", "party": "Kettle Club"}]
    colours = {"Lid Guild": "teal", "Kettle Club": "pink"}
    color = {"field": "party", "type": "nominal"}
    parts = [
        {"data": {"values": each}, "mark": "point", "encoding": {"color": dict(color)}}
        for each in rows
    ]
    made = layout({"layer": parts}, colour_of=colours.__getitem__)["layer"]
    scale = party_scale(["Lid Guild", "Kettle Club"], colours.__getitem__)
    assert [part["encoding"]["color"]["scale"] for part in made] == [scale, scale]
