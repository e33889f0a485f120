"""Charts laid out for a page and a phone: as wide as they may be, each word in its room."""

from __future__ import annotations

import builtins
import re

import altair as alt
import pytest

from tallybook import charts
from tallybook.charts.check import faults
from tallybook.charts.guides import NARROW
from tallybook.charts.layout import WIDE, layout
from tallybook.charts.render import described
from tallybook.charts.svg import CannotBeDrawn, drawing
from tallybook.charts.theme import width, wrapped
from tallybook.charts.views import all_rows
from tallybook.notebooks import session
from tests.charts import ordinary
from tests.charts.forms import FORMS, LONG, spec
from tests.conftest import ROOT

ROOMS = (WIDE, NARROW)


def words_of(svg):
    return " ".join(" ".join(re.findall(r">([^<]+)</(?:text|tspan)>", svg)).split())


def wide(svg):
    return float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("room", ROOMS)
def test_a_drawing_is_at_most_as_wide_as_its_room(room, form, ledger):
    assert wide(drawing(layout(spec(form, ledger), room))) <= room


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("room", ROOMS)
def test_no_type_of_a_drawing_is_small(room, form, ledger):
    svg = drawing(layout(spec(form, ledger), room))
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)', svg)) >= 11


@pytest.mark.parametrize("form", FORMS)
def test_a_narrow_drawing_has_the_words_of_the_wide_one(form, ledger):
    made = spec(form, ledger)
    one, other = (words_of(drawing(layout(made, room))) for room in ROOMS)
    assert LONG in other
    ticks = re.compile(r"−?[\d,.]+(?: million)?|[A-Z][a-z]{2}")
    missing = {word for word in one.split() if not ticks.fullmatch(word)} - {*other.split()}
    assert missing == set()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("room", ROOMS)
def test_every_line_at_the_left_edge_has_its_room(room, form, ledger):
    made = layout(spec(form, ledger), room)
    rows = [row for rows in made["datasets"].values() for row in rows]
    for name in {name for row in rows for name in row if " in lines of " in name}:
        most = float(re.search(r"of (\d+) pixels", name)[1])
        assert most <= room
        for line in (line for row in rows for line in row.get(name, "").split("\n")):
            assert width(line, 13) <= most or " " not in line
    heading = made["title"]
    for line in (*heading["text"], *heading["subtitle"]):
        assert width(line, 13) <= room


@pytest.fixture(scope="module")
def of_real():
    """The real book, and each ordinary chart of it."""
    ledger = session.load(ROOT)
    return ledger, {name: chart.to_dict() for name, chart in ordinary.charts(ledger)}


@pytest.mark.parametrize("name", ordinary.CHARTS)
def test_a_chart_as_authors_write_them_is_accepted_and_fits_both_widths(name, of_real):
    ledger, specs = of_real
    made = described(specs[name])
    assert faults(made, ledger) == []
    for room in ROOMS:
        svg = drawing(layout(made, room))
        assert 150 < wide(svg) <= room
        assert float(re.search(r'<svg[^>]* height="([\d.]+)"', svg)[1]) > 60
        assert len(re.findall("<(?:path|line|rect|circle)", svg)) > 3
        assert {"What", "the", "parties"} <= {*words_of(svg).split()}
        assert min(float(size) for size in re.findall(r'font-size="([\d.]+)', svg)) >= 11


def test_words_beside_grouped_bars_have_room(of_real):
    _, specs = of_real
    made = layout(described(specs["grouped_bars_with_words"]), NARROW)
    most = max(row["value"] for row in all_rows(made))
    ends = [layer["encoding"]["x"]["scale"]["domain"][1] for layer in made["layer"]]
    assert min(ends) > 1.2 * most


@pytest.mark.parametrize("name", ["concat", "hconcat", "vconcat"])
def test_a_concatenation_of_nothing_has_no_columns(name):
    assert layout({name: []}, WIDE)[name] == []


def test_a_layout_changes_nothing_of_the_specification_that_it_is_made_of(ledger):
    made = spec("bars", ledger)
    before = str(made)
    assert layout(made, NARROW) != layout(made, WIDE)
    assert str(made) == before


@pytest.mark.parametrize("form", FORMS)
def test_no_layout_adds_floats_by_sum_which_gives_another_result_since_python_3_12(
    form, ledger, monkeypatch
):
    given = []
    add = builtins.sum

    def noted(values, /, start=0):
        given.append([*values])
        return add(given[-1], start)

    made = spec(form, ledger)
    monkeypatch.setattr(builtins, "sum", noted)
    layout(made, NARROW)
    assert given  # widths of words
    assert [values for values in given if any(isinstance(each, float) for each in values)] == []


def test_words_are_broken_between_words_and_never_within_one():
    assert wrapped("one two three", 10, 60) == ["one two", "three"]
    assert wrapped("incomprehensibilities", 10, 20) == ["incomprehensibilities"]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"mark": "bar", "usermeta": [], "datasets": []},
        {"mark": "bar", "encoding": {"x": 3}, "layer": [3]},
        {"mark": "bar", "encoding": []},
        {"layer": 3},
        {"facet": {"field": []}, "spec": {"mark": "bar"}, "data": {"values": [{"a": 1}]}},
        {"hconcat": [3]},
        {"mark": [], "title": 3},
        {"repeat": 3, "spec": {"mark": {}}},
    ],
)
def test_a_specification_that_is_none_is_refused_in_words_or_left_to_the_engine(spoilt):
    with pytest.raises(CannotBeDrawn) as refused:
        drawing({**layout(spoilt), "mark": "bra"})
    assert "\n" not in str(refused.value)


def bars(ledger, ids, **encoding):
    frame = ledger.frame(ids=ids)
    return alt.Chart(frame).mark_bar().encode(**{"x": "value:Q", "y": "id:N", **encoding})


def test_an_axis_ends_with_the_data_and_leaves_the_room_of_the_words_free(ledger):
    made = layout(spec("bars", ledger))
    (x,) = [
        each["encoding"]["x"] for each in made["layer"]
        if each["encoding"].get("x", {}).get("field") == "low"
    ]  # fmt: skip
    assert x["axis"]["values"][-1] <= 1200
    assert x["scale"]["domain"][1] > 1200


def test_an_axis_of_millions_says_so_and_others_keep_their_numbers(real):
    ids = [name for name in real.statistics if (real.frame(ids=[name])["value"] >= 1e6).all()][:1]
    assert "labelExpr" in layout(bars(real, ids).to_dict())["encoding"]["x"]["axis"]
    few = layout(bars(real, ["arrests-2017"]).to_dict())["encoding"]["x"]["axis"]
    assert "labelExpr" not in few


def test_an_axis_of_figures_is_named_by_their_unit_and_one_of_names_or_dates_is_not(ledger):
    made = layout(bars(ledger, ["stores-closed-2017"], color="start:T").to_dict())["encoding"]
    assert (made["x"]["title"], made["y"]["title"]) == ("stores", None)
    own = layout(bars(ledger, ["stores-closed-2017"], x=alt.X("value:Q", title="shops")).to_dict())
    assert own["encoding"]["x"]["title"] == "shops"


def test_layers_of_one_unit_have_the_title_that_one_of_them_gives(ledger):
    base = alt.Chart(ledger.frame(ids=["stores-closed-2017"]), title="Stores")
    for axis, named in ((alt.X, "x"), (alt.Y, "y")):
        marks = base.mark_bar().encode(axis("value:Q", title="Shops"))
        made = layout((marks + base.mark_point().encode(axis("value:Q"))).to_dict())
        assert {each["encoding"][named]["title"] for each in made["layer"]} == {"Shops"}


def test_a_party_has_its_colour_and_a_legend_only_where_there_are_several(real):
    one, two = (
        layout(bars(real, ids, color="party:N").to_dict(), colour_of=real.colour_of)["encoding"][
            "color"
        ]
        for ids in (["arrests-2017"], ["arrests-rebuttal", "arrests-tamebay"])
    )
    assert one["scale"]["range"] == ["var(--tb-orange, #b4511a)"]
    assert one["legend"] is None
    assert two["scale"]["domain"] == ["Alibaba", "Tamebay"]
    assert two["legend"]["columns"] >= 2


def test_the_reason_of_a_chart_stands_below_its_title(ledger):
    made = layout(bars(ledger, ["repair-plants"]).properties(usermeta={"because": "So"}).to_dict())
    assert made["title"]["subtitle"] == ["So"]
    with_own = charts.bars(
        ledger.frame(ids=["repair-plants"]), title="Plants", subtitle="Below", because="So"
    )
    assert layout(with_own.to_dict())["title"]["subtitle"] == ["Below.", "So."]


def test_what_stands_beside_each_other_stands_below_each_other_on_a_phone(of_real):
    made = of_real[1]["beside_each_other"]
    assert [layout(made, room)["columns"] for room in ROOMS] == [2, 1]


def test_facets_stand_beside_each_other_as_far_as_they_have_room(of_real):
    for name in ("facet_of_columns", "facet_channel", "facet_in_lines"):
        assert [layout(of_real[1][name], room)["columns"] for room in ROOMS] == [2, 1], name
    rows = layout(of_real[1]["facet_of_rows"])
    assert rows["facet"]["row"]["header"]["labelOrient"] == "top"


def test_long_names_of_an_axis_are_broken_into_lines_and_their_rows_are_higher(ledger):
    frame = ledger.frame(ids=dict.fromkeys(["repair-plants"], LONG))
    chart = alt.Chart(frame).mark_bar().encode(x="value:Q", y="label:N").to_dict()
    made = layout(chart, NARROW)
    assert "labelExpr" in made["encoding"]["y"]["axis"]
    assert made["height"]["step"] > layout(chart, WIDE)["height"]["step"]
    assert LONG in words_of(drawing(made))


def test_layers_that_share_an_axis_of_names_have_its_labels_alike(of_real):
    layers = layout(of_real[1]["axis_on_each_side"], NARROW)["layer"]
    one, other = (layer["encoding"]["x"]["axis"] for layer in layers)
    assert one["labelAngle"] == other["labelAngle"] == -90
