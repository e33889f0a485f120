"""The forms: how they draw bounds, what they refuse, and that an author may change them."""

from __future__ import annotations

import re
from fractions import Fraction

import altair as alt
import pytest

from tallybook import charts
from tallybook.charts.guides import NARROW
from tallybook.charts.layout import WIDE, layout
from tallybook.charts.render import render
from tallybook.charts.svg import drawing
from tallybook.errors import BadOutput
from tallybook.ledger import figures
from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import Quantity
from tests.charts.forms import FORMS, LONG, chart, spec


@pytest.fixture
def made(ledger):
    """A frame of one figure with these ends."""

    def make(interval, point=None, unit="plants"):
        point = Fraction(3) if point is None else point
        ledger.published["made"] = figures.derived("made", Quantity(point, interval, unit), "made")
        return ledger.frame(ids=["made"])

    return make


def marks(chart) -> list[dict]:
    """The marks that stand for figures, as Vega has drawn them: kind, places and opacity."""
    svg = drawing(layout(chart.to_dict()))
    return [
        dict(re.findall(r'([\w-]+)="([^"]*)"', each)) for each in re.findall("<line[^>]*>", svg)
    ]


def lengths(chart) -> dict[str, float]:
    """How long the full and the thin bars are."""
    found = {}
    for mark in marks(chart):
        if mark.get("stroke-width") in ("14", "4"):
            name = "thin" if mark["stroke-width"] == "4" else "full"
            found[name] = abs(float(mark.get("x2", 0)) - float(mark.get("x1", 0)))
    return found


@pytest.mark.parametrize(
    ("interval", "drawn"),
    [
        (Interval.at(3), {"full"}), (Interval(2, 4), {"full", "thin"}),
        (Interval(low=2), {"full"}), (Interval(high=4), {"thin"}), (None, {"thin"}),
        (Interval(), set()),
    ],
)  # fmt: skip
def test_a_bar_is_full_as_far_as_the_figure_is_certain(interval, drawn, made):
    assert {*lengths(charts.bars(made(interval), title="Made"))} == drawn


def test_a_thin_bar_reaches_as_far_as_the_figure_may(made):
    found = lengths(charts.bars(made(Interval(2, 4)), title="Made"))
    assert found["thin"] == pytest.approx(found["full"], rel=0.02)  # from 2 to 4, and from 0 to 2


@pytest.mark.parametrize(
    ("side", "number"),
    [("above", 0), ("below", 1), ("about", 2)],
)
def test_an_open_end_has_an_arrow_and_an_unknown_error_a_diamond(side, number, made):
    drawn = [
        drawing(layout(charts.bars(made(each), title="Made").to_dict()))
        for each in (Interval(low=2), Interval(high=4), None)
    ]
    paths = [set(re.findall(r'<path[^>]* d="([^"]+)"', svg)) for svg in drawn]
    closed = drawing(layout(charts.bars(made(Interval(2, 4)), title="Made").to_dict()))
    own = paths[number] - set(re.findall(r'<path[^>]* d="([^"]+)"', closed))
    assert own, side
    assert all(not own & other for n, other in enumerate(paths) if n != number)


@pytest.mark.parametrize("form", ["bars", "multiples", "glance"])
@pytest.mark.parametrize("interval", [None, Interval(), Interval.at(0), Interval(0, 0)])
def test_a_single_figure_of_any_kind_is_drawn(form, interval, made):
    frame = made(interval, point=Fraction(0))
    assert "image/svg+xml" in render(getattr(charts, form)(frame, title="None").to_dict())


@pytest.mark.parametrize("form", ["bars", "trend"])
def test_a_chart_of_mixed_units_is_refused(form, ledger):
    mixed = ledger.frame(ids=["stores-closed-2017", "kettles-recalled-2017"])
    with pytest.raises(BadOutput, match="units 'kettles' and 'stores' on one scale"):
        render(getattr(charts, form)(mixed, title="Mixed").to_dict())


def test_figures_at_a_glance_are_bars_where_they_may_stand_side_by_side(ledger):
    one = ledger.frame(ids=["share-handled-2017", "requests-decline-2017"])
    assert isinstance(charts.glance(one, title="x", because="They may"), alt.LayerChart)
    assert isinstance(charts.glance(one, title="x"), alt.ConcatChart)
    assert isinstance(charts.glance(ledger.frame("kettles"), title="x"), alt.ConcatChart)


def test_figures_at_a_glance_stand_in_as_many_columns_as_have_room(ledger):
    made = charts.glance(ledger.frame("kettles"), title="Kettles").to_dict()
    assert [layout(made, room)["columns"] for room in (WIDE, NARROW)] == [2, 1]


def test_a_change_that_falls_stands_left_of_zero(ledger):
    frame = ledger.frame(ids=["requests-decline-2017"])
    domains = [
        re.findall(r"'domain': \[(-?[\d.]+), (-?[\d.]+)\]", str(made.to_dict()))
        for made in (
            charts.changes(frame, falling=falling, title="Requests")
            for falling in (["requests-decline-2017"], [])
        )
    ]
    (fallen,), (risen,) = domains
    assert float(fallen[0]) < -42 < float(fallen[1]) == 0
    assert 0 == float(risen[0]) < 42 < float(risen[1])


def test_what_cannot_fall_is_named(ledger):
    with pytest.raises(BadOutput, match="other cannot fall: the frame has no such id"):
        charts.changes(ledger.frame(ids=["requests-decline-2017"]), falling=["other"], title="x")


def test_shares_are_of_a_hundred_percent_and_of_nothing_else(ledger):
    with pytest.raises(BadOutput, match=r"found plants: use charts\.bars"):
        charts.shares(ledger.frame(ids=["repair-plants"]), title="x")


def test_times_have_days_as_points_and_periods_as_bars_and_leave_out_what_has_none(ledger):
    ids = ["stores-closed-2017", "plant-opened", "repair-plants"]
    chart = charts.times(ledger.frame(ids=ids), title="When")
    shown = {row["id"] for rows in chart.to_dict()["datasets"].values() for row in rows}
    assert shown == {"stores-closed-2017", "plant-opened"}
    svg = drawing(layout(chart.to_dict()))
    assert "6 June 2017" in svg
    assert [mark for mark in marks(chart) if mark.get("stroke-width") == "14"]


@pytest.mark.parametrize("form", ["times", "trend"])
def test_a_time_axis_without_any_date_is_refused(form, ledger):
    with pytest.raises(BadOutput, match=r"dated|has a date"):
        getattr(charts, form)(ledger.frame(ids=["repair-plants"]), title="When")


def test_ties_are_drawn_with_their_basis(ledger):
    made = chart("ties", ledger).to_dict()
    (line,) = [row for rows in made["datasets"].values() for row in rows if row["level"] == "tie"]
    assert (line["basis"], line["relation"]) == ("stated", "replies to")


def test_ties_without_a_link_are_refused(ledger):
    with pytest.raises(BadOutput, match="there are no links to draw"):
        charts.ties(ledger.links("demand"), title="None")


def test_the_ties_of_the_real_book_stand_below_what_they_lead_to(real):
    made = charts.ties(real.links("ask", "response"), title="Ties").to_dict()
    rows = [row for rows in made["datasets"].values() for row in rows]
    hubs = [row["to"] for row in rows if row["level"] == "hub"]
    assert len(hubs) == len({*hubs})
    last = None
    for row in rows:
        last = row["to"] if row["level"] == "hub" else last
        assert row["to"] == last


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_a_chart_that_an_author_may_change(form, ledger):
    changed = chart(form, ledger).properties(title="Another title").to_dict()
    assert render(changed)["text/plain"].startswith("Another title. ")


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_frame_is_refused_by_each_form_in_words(form, ledger):
    frame = ledger.links("demand") if form == "ties" else ledger.frame(ids=[])
    with pytest.raises(BadOutput) as said:
        getattr(charts, form)(frame, title=LONG)
    assert "Traceback" not in str(said.value)
    assert len(str(said.value)) > 20


def test_a_form_that_went_leads_to_the_one_in_its_place():
    with pytest.raises(AttributeError, match=r"charts\.bars"):
        charts.how_many  # noqa: B018


def test_a_reason_for_figures_beside_each_other_is_shown(real):
    frame = real.frame(ids=["arrests-2017", "arrests-rebuttal"])
    with pytest.raises(BadOutput, match="not known to agree in period"):
        render(charts.bars(frame, title="Arrests").to_dict())
    made = charts.bars(frame, title="Arrests", because="Both are of the same work")
    assert "Both are of the same work" in render(made.to_dict())["image/svg+xml"]


def test_no_form_draws_what_the_chart_of_another_would(ledger):
    assert len({str(spec(form, ledger)["layer" if form != "glance" else "concat"])
                for form in FORMS if form != "multiples"}) == len(FORMS) - 1  # fmt: skip
