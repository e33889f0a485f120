"""Ranges, intervals of uncertainty, rates and places in charts."""

from __future__ import annotations

import csv
import io
import re
import shutil

import altair as alt
import pandas as pd
import pytest

from tallybook import charts
from tallybook.charts import data
from tallybook.charts.check import faults
from tallybook.charts.layout import layout
from tallybook.charts.render import described
from tallybook.charts.svg import drawing
from tallybook.errors import BadOutput
from tallybook.notebooks import session
from tests.conftest import BOOKS
from tests.helpers.added_figures import add_kinds

PALE = 0.5
WHY = "They are of one company"


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """The ledger of the small book with a figure of each kind."""
    book = shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("kinds") / "kettles")
    add_kinds(book)
    return session.load(book)


def lines(chart) -> list[dict[str, str]]:
    """The lines of a drawing, each with where it runs from and to."""
    svg = drawing(layout(described(chart.to_dict())))
    return [
        dict(re.findall(r'([\w-]+)="([^"]*)"', each)) for each in re.findall("<line[^>]*>", svg)
    ]


def drawn(chart) -> dict[str, float]:
    """How long each sort of line is."""
    found = {}
    for line in lines(chart):
        pale = "pale" if float(line.get("opacity", 1)) == PALE else ""
        name = pale or {"14": "full", "4": "thin", "2": "line"}.get(line.get("stroke-width", ""))
        length = abs(float(line.get("x2", 0)) - float(line.get("x1", 0)))
        if name and length > 1:
            found[name] = length
    return found


@pytest.mark.parametrize("form", ["bars", "shares", "multiples"])
@pytest.mark.parametrize(
    ("wanted", "signs"),
    [("cut", {"full", "pale"}), ("saved", {"full", "line"}), ("share-handled-2017", {"full"})],
)
def test_a_range_an_interval_and_a_rounded_figure_are_drawn_each_in_its_way(
    form, wanted, signs, kinds
):
    chart = getattr(charts, form)(kinds.frame(ids=[wanted]), title="Kettles")
    whole = {"full"} if form == "shares" else set()  # the bar of the whole
    assert {*drawn(chart)} == signs | whole
    assert faults(described(chart.to_dict()), kinds) == []


def test_a_range_is_pale_from_its_lower_end_to_its_upper_one(kinds):
    found = drawn(charts.bars(kinds.frame(ids=["days"]), title="Days"))
    assert found["pale"] / found["full"] == pytest.approx(2 / 5, rel=0.02)


def test_a_line_runs_through_an_interval_and_the_bar_ends_at_the_value(kinds):
    found = drawn(charts.bars(kinds.frame(ids=["wait"]), title="Days"))
    assert found["line"] / found["full"] == pytest.approx((7.1 - 5.4) / 6.2, rel=0.02)


def test_a_range_below_zero_is_full_from_zero_to_its_nearer_end(kinds):
    found = drawn(charts.bars(kinds.frame(ids=["loss"]), title="Points"))
    assert found["pale"] / found["full"] == pytest.approx(2 / 3, rel=0.02)
    around_zero = charts.bars(kinds.frame(ids=["either"]), title="Points")
    assert {*drawn(around_zero)} == {"pale"}


def test_below_a_chart_it_is_said_what_its_signs_mean(kinds):
    pale, line = "Pale: the range that is stated.", "A line with stops: the interval beside it."
    for ids, expected in (
        (["days", "wait"], [pale, line]), (["wait"], [line]), (["late"], [pale]),
        (["share-handled-2017"], []), (["back"], ["A diamond: how near it is, is not said."]),
    ):  # fmt: skip
        spec = charts.bars(kinds.frame(ids=ids), title="x", because=WHY).to_dict()
        assert data.signs(spec, kinds) == expected


def test_a_range_with_one_end_is_thin_up_to_that(kinds):
    one_end = drawn(charts.bars(kinds.frame(ids=["delay"]), title="Days"))
    assert {*one_end} == {"thin"}
    both = charts.bars(kinds.frame(ids=["delay", "soon"]), title="Days", because=WHY)
    assert drawn(both)["thin"] / drawn(both)["pale"] == pytest.approx(4 / 2, rel=0.02)


@pytest.mark.parametrize(("wanted", "sign"), [("cut", "pale"), ("saved", "line")])
def test_a_change_that_falls_has_its_range_and_its_interval_to_the_left(wanted, sign, kinds):
    frame = kinds.frame(ids=[wanted])
    up, down = (drawn(charts.changes(frame, falling=f, title="x")) for f in ([], [wanted]))
    assert up[sign] == pytest.approx(down[sign], rel=0.02)
    assert {*up} == {*down} == {"full", sign}


def test_points_over_time_have_their_intervals_and_no_point_in_the_middle_of_a_range(kinds):
    frame = kinds.frame(ids=["days", "wait"])
    frame = frame.assign(start=pd.to_datetime(["2016-01-01", "2017-01-01"]))
    spec = layout(described(charts.trend(frame, title="Days").to_dict()))
    svg = drawing(spec)
    assert svg.count('opacity="0.5"') == 1
    circles = [layer for layer in spec["layer"] if "shape" in layer["encoding"]]
    assert any("datum.ends != 'range'" in str(layer["transform"]) for layer in circles)


@pytest.mark.parametrize("form", ["bars", "changes", "shares", "trend", "multiples"])
def test_no_bar_and_no_line_is_drawn_of_a_place_in_an_order(form, kinds):
    frame = kinds.frame(ids=["place"]).assign(start=pd.Timestamp("2017-01-01"))
    with pytest.raises(BadOutput, match=r"place: a place in an order is no amount.*glance"):
        getattr(charts, form)(frame, title="Places")


def test_places_are_words_at_a_glance_and_in_the_chart_of_a_measure(kinds):
    first = kinds.statistics["place"]
    again = first.model_copy(update={"id": "place-again", "scope": "the shops"})
    both = kinds.__class__(**{
        **{name: getattr(kinds, name) for name in ("root", "sources", "measures", "events")},
        "statistics": {**kinds.statistics, again.id: again},
        "subjects": {"kettles": [first.id, again.id]},
    })  # fmt: skip
    frame = both.frame(ids=[first.id, again.id])
    assert "concat" in charts.glance(frame, title="Places", because=WHY).to_dict()
    (chart,) = charts.by_measure(both, "kettles")
    assert "concat" in chart.to_dict()
    assert faults(described(chart.to_dict()), both) == []


@pytest.mark.parametrize(
    ("mark", "channels", "is_amount"),
    [
        ("bar", {"x": "value:Q", "y": "label:N"}, True),
        ("arc", {"theta": "value:Q"}, True),
        ("point", {"x": "mean(value):Q", "y": "label:N"}, True),
        ("circle", {"size": "value:Q", "y": "label:N"}, True),
        ("point", {"x": "value:Q", "y": "label:N"}, False),
        ("bar", {"x": "start:T", "y": "label:N"}, False),
        ("text", {"text": "words:N", "y": "label:N"}, False),
    ],
    ids=str,
)
def test_an_authors_chart_of_places_draws_no_amounts(mark, channels, is_amount, kinds):
    base = alt.Chart(kinds.frame(ids=["place"]), title="Places")
    found = faults(described(getattr(base, f"mark_{mark}")().encode(**channels).to_dict()), kinds)
    assert any("a place in an order" in fault for fault in found) == is_amount


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("days", "Range, as stated: 5 to 7"),
        ("wait", "95% interval: 5.4 to 7.1"),
        ("saved", "Standard error: 21% to 27%"),
        ("soon", "Range, as stated: 0 to 2"),
        ("delay", "At least: no lower end\nAt most: 4"),
        ("rate", "At least: 12.45\nAt most: 12.55"),
    ],
)
def test_a_tip_says_what_the_ends_of_a_figure_are(wanted, said, kinds):
    assert said in data.tip({"id": wanted}, kinds)


def test_the_download_of_a_chart_names_intervals_and_has_no_middle_of_a_range(kinds):
    spec = charts.bars(kinds.frame(ids=["days", "wait"]), title="x", because=WHY).to_dict()
    days, wait = csv.DictReader(io.StringIO(data.as_csv(spec, kinds)))
    assert (days["value"], days["low"], days["high"], days["interval"]) == ("", "5", "7", "range")
    assert (wait["value"], wait["low"], wait["interval"]) == ("6.2", "5.4", "95% interval")


def test_a_range_of_which_an_author_draws_a_number_alone_is_named(kinds):
    base = alt.Chart(kinds.frame(ids=["days", "wait"])).encode(x="value:Q", y="label:N")
    assert data.one_sided(base.mark_bar().to_dict(), kinds) == ["days"]
    named = base.mark_bar() + base.mark_text().encode(text="words:N")
    assert data.one_sided(named.to_dict(), kinds) == []


def test_the_unit_of_a_rate_stands_at_its_axis_with_its_number(kinds):
    spec = described(charts.bars(kinds.frame(ids=["rate"]), title="Faults").to_dict())
    assert faults(spec, kinds) == []
    assert "faults per 1,000 kettles" in drawing(layout(spec))


def test_long_words_stand_above_a_small_bar_and_short_ones_beside_it(kinds):
    for wanted, is_above in (("days", False), ("wait", True)):
        frame = kinds.frame(ids=[wanted])
        spec = charts.multiples(frame, title="Days").to_dict()
        (row,) = data.rows(spec)
        assert (row["words"] in row["stated"]) == is_above
