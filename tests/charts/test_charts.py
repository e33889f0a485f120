"""The two drawings of each form of chart, and the data that a chart brings along."""

from __future__ import annotations

import builtins
import csv
import io
import re
from xml.etree import ElementTree

import pytest

from tallybook import charts
from tallybook.charts import data
from tallybook.charts.data import rows
from tallybook.charts.narrow import narrow
from tallybook.charts.svg import CannotBeDrawn, drawing, simplify, with_ids
from tallybook.charts.theme import width, with_fallbacks, wrapped
from tallybook.ledger import figures
from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import Quantity
from tallybook.tables.table import spreadsheet_safe

FORMS = ("how_many", "within_what", "when", "side_by_side", "ties")
LONG = "Stores that were closed in the year, as the report of the company itself counts them"


def chart(form, ledger):
    """The specification of a chart of each form, with long words where it may have them."""
    stores = ledger.figure("stores-closed-2017")
    plants = ledger.figure("repair-plants")
    match form:
        case "how_many" | "within_what":
            drawn = getattr(charts, form)({LONG: stores}, title=LONG, subtitle=LONG)
        case "when":
            opened = {"Opened": ledger.events["plant-opened"]}
            drawn = charts.when({LONG: stores}, opened, title=LONG, subtitle=LONG)
        case "side_by_side":
            drawn = charts.side_by_side({LONG: (stores, plants)}, title=LONG, subtitle=LONG)
        case _:
            ask, answer = ledger.items.values()
            drawn = charts.ties([ask], [answer], [], title=LONG, subtitle=LONG)
    return drawn.to_dict()


def text_of(svg):
    return " ".join(re.findall(r">([^<]+)</(?:text|tspan)>", svg))


@pytest.mark.parametrize("form", FORMS)
def test_a_narrow_drawing_is_at_most_as_wide_as_a_phone(form, ledger):
    svg = drawing(narrow(chart(form, ledger)))
    assert float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1]) <= 288


@pytest.mark.parametrize("form", FORMS)
def test_a_wide_drawing_is_at_most_as_wide_as_the_text(form, ledger):
    svg = drawing(chart(form, ledger))
    assert float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1]) <= 700


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("laid_out", [dict, narrow])
def test_no_type_of_a_drawing_is_small(laid_out, form, ledger):
    svg = drawing(laid_out(chart(form, ledger)))
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)', svg)) >= 12


@pytest.mark.parametrize("form", FORMS)
def test_a_narrow_drawing_has_the_words_of_the_wide_one(form, ledger):
    spec = chart(form, ledger)
    shown = " ".join(text_of(drawing(narrow(spec))).split())
    assert LONG in shown
    for row in rows(spec):
        for name in ("words", "party") if form == "how_many" else ("pair", "relation"):
            wanted = row.get(name, "")
            assert wanted in shown or name in ("party", "relation")


@pytest.mark.parametrize("form", FORMS)
def test_every_line_of_a_narrow_drawing_has_its_room(form, ledger):
    for layer in narrow(chart(form, ledger))["layer"]:
        mark = layer["mark"]
        if mark["type"] == "text":
            for row in layer["data"]["values"]:
                bold = "fontWeight" in mark
                assert row["px"] + width(row["text"], mark["fontSize"], bold=bold) <= 288


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("laid_out", [dict, narrow])
def test_a_drawing_speaks_once_and_has_nothing_that_a_strict_page_refuses(laid_out, form, ledger):
    svg = drawing(laid_out(chart(form, ledger)))
    assert svg.count("<title>") == svg.count("<desc>") == svg.count('role="') == 1
    assert not re.search(
        r"\s(?:style|tabindex|class|on\w+|aria-\w+|href)=|<style|<script|<a\b", svg
    )


@pytest.mark.parametrize("form", FORMS)
def test_the_description_of_a_chart_does_not_repeat_its_title(form, ledger):
    svg = drawing(chart(form, ledger))
    assert re.search("<title>(.*?)</title>", svg)[1] == LONG
    assert not re.search("<desc>(.*?)</desc>", svg)[1].startswith(f"{LONG}. ")


def test_a_drawing_keeps_the_decimals_of_what_it_says():
    svg = ElementTree.fromstring('<svg><g><text x="1.23456">RMB 2.6789 million</text></g></svg>')
    simplify(svg)
    said = ElementTree.tostring(svg, encoding="unicode")
    assert said == '<svg><text x="1.2">RMB 2.6789 million</text></svg>'


def test_a_drawing_keeps_its_elements_apart_whatever_they_say():
    svg = ElementTree.fromstring('<svg><g a="x > y"><path d="M0,0h1v2h-1Z"/><g><b/></g></g></svg>')
    simplify(svg)
    assert ElementTree.tostring(svg, encoding="unicode") == '<svg><g a="x &gt; y"><b /></g></svg>'


def test_the_ids_of_a_drawing_and_what_refers_to_them_are_its_own():
    svg = with_ids('<clipPath id="clip1"/><g clip-path="url(#clip1)"/>', "chart-a-1-wide")
    assert svg == (
        '<clipPath id="chart-a-1-wide-clip1"/><g clip-path="url(#chart-a-1-wide-clip1)"/>'
    )


@pytest.mark.parametrize(
    ("interval", "sure", "high"),
    [(Interval(2, 4), 2, 4), (Interval(low=2), 2, 3), (Interval(high=4), 0, 4), (None, 0, 3)],
)
def test_a_bar_is_full_as_far_as_the_figure_is_certain(interval, sure, high, ledger):
    quantity = Quantity(ledger.quantity("repair-plants").point, interval, "plants")
    figure = figures.derived("made", quantity, "made")
    (row,) = rows(charts.how_many({"Made": figure}, title="Made").to_dict())
    assert (row["sure"], row["high"]) == (sure, high)


def test_a_tie_that_passes_the_column_between_has_a_lane_of_its_own(real):
    kinds = {kind: [i for i in real.items.values() if i.kind == kind] for kind in ("action", "ask")}
    asked = [item for item in real.items.values() if item.kind == "recommendation"]
    spec = charts.ties(asked, kinds["action"], kinds["ask"], title="Ties").to_dict()
    heights = [row["y"] for row in rows(spec) if row.get("column") == 1]
    passing = [row for row in rows(spec) if len(row.get("xs", ())) == 6]
    assert passing
    for row in passing:
        assert min(abs(row["ys"][2] - height) for height in heights) >= 12


@pytest.mark.parametrize("form", FORMS)
def test_no_chart_adds_floats_by_sum_which_gives_another_result_since_python_3_12(
    form, ledger, monkeypatch
):
    given = []
    add = builtins.sum

    def noted(values, /, start=0):
        given.append([*values])
        return add(given[-1], start)

    monkeypatch.setattr(builtins, "sum", noted)
    narrow(chart(form, ledger))
    assert given  # widths of words
    assert [values for values in given if any(isinstance(each, float) for each in values)] == []


def test_words_are_broken_between_words_and_never_within_one():
    assert wrapped("one two three", 10, 60) == ["one two", "three"]
    assert wrapped("incomprehensibilities", 10, 20) == ["incomprehensibilities"]


@pytest.mark.parametrize(
    ("spoilt", "says"),
    [
        ({}, "none of the forms of tallybook.charts"),
        ({"usermeta": {"tallybook": {"form": "pie"}}}, "none of the forms"),
        ({"usermeta": {"tallybook": {"form": "how_many"}}, "datasets": {"a": [{}]}}, "it lacks"),
        ({"usermeta": [], "datasets": []}, "none of the forms"),
        ({"usermeta": {"tallybook": {"form": "how_many", "unit": ""}}}, "how_many"),
    ],
)
def test_a_specification_of_no_form_is_refused_in_words(spoilt, says):
    with pytest.raises(CannotBeDrawn, match=says):
        narrow(spoilt)


@pytest.mark.parametrize("spec", [{"mark": "bra"}, {"$schema": "x"}, {"layer": 3}])
def test_a_specification_that_vega_refuses_is_refused_in_one_line(spec):
    with pytest.raises(CannotBeDrawn) as refused:
        drawing(spec)
    assert "\n" not in str(refused.value)


def test_the_rows_of_a_chart_are_exact_and_name_their_sources(ledger):
    spec = chart("how_many", ledger)
    (row,) = csv.DictReader(io.StringIO(data.as_csv(spec, ledger)))
    assert (row["low"], row["point"], row["high"]) == ("1000", "1000", "")
    assert (row["words"], row["sources"]) == ("more than 1,000", "report")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_text_of_a_download_is_taken_for_a_formula(sign):
    assert spreadsheet_safe(f"{sign}1+1") == f"'{sign}1+1"
    assert spreadsheet_safe("1+1") == "1+1"


def test_a_negative_number_of_a_download_stays_a_number(ledger):
    figure = figures.derived(
        "made", Quantity(-ledger.quantity("repair-plants").point, None, "plants"), "made"
    )
    ledger.published["made"] = figure
    spec = charts.within_what({"Made": figure}, title="Made").to_dict()
    (row,) = csv.DictReader(io.StringIO(data.as_csv(spec, ledger)))
    assert row["point"] == "-3"


def test_a_figure_that_the_ledger_does_not_have_is_named(ledger):
    spec = chart("how_many", ledger)
    rows(spec)[0]["id"] = "stores-close-2017"
    with pytest.raises(CannotBeDrawn, match=r"no statistic 'stores-close-2017'\. Did you mean"):
        data.data(spec, ledger)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("laid_out", [dict, narrow])
def test_an_explored_chart_says_bounds_party_and_source_at_its_marks(laid_out, form, ledger):
    spec = str(data.explored(laid_out(chart(form, ledger)), ledger))
    assert "'tooltip': {'field': 'tip'" in spec
    source = "Annual report of the Kettle Company"
    assert re.search(f"'tip': ['\"][^'\"]*{source}", spec)


def test_what_leaves_the_site_has_colours_and_no_variables(ledger):
    text = with_fallbacks(drawing(chart("how_many", ledger)))
    assert "var(" not in text
    assert "#2a2f36" in text


def test_pairs_without_any_date_are_drawn_without_times(ledger):
    plants = ledger.figure("repair-plants")
    spec = charts.side_by_side({"plants": (plants, plants)}, title="Pairs").to_dict()
    assert "no period stated" in drawing(narrow(spec))


def test_pairs_of_the_same_label_are_told_apart_in_both_drawings(ledger):
    stores = ledger.figure("stores-closed-2017")
    pairs = {"stores closed": (stores, stores)}
    spec = charts.side_by_side(pairs, title="Pairs").to_dict()
    assert len({row["label"] for row in rows(spec)}) == len(rows(spec))
    assert drawing(narrow(spec)).count("<text") >= 5


@pytest.mark.parametrize(
    ("title", "is_there"), [("Closed, says Kettle Company", False), ("Closed", True)]
)
def test_a_legend_names_the_only_party_where_the_heading_does_not(title, is_there, ledger):
    spec = charts.how_many({"Stores": ledger.figure("stores-closed-2017")}, title=title).to_dict()
    assert [
        ("Kettle Company" in text_of(drawing(each)).replace(title, ""))
        for each in (spec, narrow(spec))
    ] == [is_there] * 2


def test_an_axis_ends_with_the_data_and_leaves_the_room_of_the_words_free(ledger):
    stores = {"Stores": ledger.figure("stores-closed-2017")}
    bars = charts.how_many(stores, title="Stores").to_dict()["layer"][0]["encoding"]["x"]
    assert bars["axis"]["values"][-1] <= 1200
    assert bars["scale"]["domain"][1] > 1200


def test_a_note_that_the_wide_drawing_breaks_is_one_note_in_the_narrow_one(ledger):
    note = " ".join(["kettles of the company that were counted"] * 4)
    stores = {"Stores": ledger.figure("stores-closed-2017")}
    wide = charts.how_many(stores, title="Stores", subtitle=note).to_dict()
    assert len(wide["title"]["subtitle"]) == 2
    rows_of = (layer["data"]["values"] for layer in narrow(wide)["layer"])
    lines = [row["text"] for rows in rows_of for row in rows if "kettles" in row.get("text", "")]
    assert lines == [line for line in wrapped(note, 12, 274) if "kettles" in line]
