"""What notebooks show: published figures, tables, charts."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tallybook import charts
from tallybook.errors import BadOutput
from tallybook.ledger import figures
from tallybook.notebooks import session
from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import ContextsDiffer, Quantity, UnitMismatch
from tallybook.tables import figures as figure_tables
from tallybook.tables import table as tables
from tallybook.tables.table import DERIVED, TABLE


@pytest.fixture
def shown(monkeypatch):
    found = []
    monkeypatch.setattr("IPython.display.display", found.append)
    return found


@pytest.fixture
def rendered(ledger):
    figure = ledger.figure("stores-closed-2017")
    chart = charts.how_many({"Stores": figure}, title="Stores <closed>", subtitle="as stated")
    return charts.render(chart.to_dict())


def test_a_published_figure_can_be_read_back_exactly(ledger, shown):
    rate = ledger.quantity("repair-time-2016") / 7
    figure_tables.publish(ledger, {"repair-rate": ("weeks a day", rate)})
    (data,) = shown[0]._repr_mimebundle_()[DERIVED]
    again = figures.from_json(data)
    assert (again.quantity.point, again.quantity.interval) == (rate.point, rate.interval)
    assert (again.id, again.words) == ("repair-rate", "less than 0.29")
    assert again.quantity.inputs == {"repair-time-2016"}


def test_a_figure_without_an_interval_is_published_as_about(ledger, shown):
    figure_tables.publish(
        ledger, {"some": ("some", Quantity(ledger.quantity("repair-plants").point, None))}
    )
    (data,) = shown[0]._repr_mimebundle_()[DERIVED]
    assert figures.from_json(data).words == "about 3"


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        ("repair-plants", "the id is taken already"),
        ("plant-opened", "the id is taken already"),
        ("Repair Plants", "expected an id in kebab-case"),
        ("../escape", "expected an id in kebab-case"),
    ],
)
def test_an_id_that_is_taken_or_none_is_not_published(wanted, says, ledger, shown):
    with pytest.raises(BadOutput, match=says):
        figure_tables.publish(ledger, {wanted: ("label", ledger.quantity("repair-plants"))})
    assert shown == []


@pytest.mark.usefixtures("shown")
def test_an_id_is_published_once(ledger):
    plants = ledger.quantity("repair-plants")
    figure_tables.publish(ledger, {"plants-again": ("plants", plants)})
    with pytest.raises(BadOutput, match="taken already"):
        figure_tables.publish(ledger, {"plants-again": ("plants", plants)})


def test_figures_of_different_period_stand_side_by_side_only_for_a_reason(ledger):
    two = ledger.figures("stores-closed-2017", "repair-time-2016")
    with pytest.raises(ContextsDiffer, match="are not known to agree in period"):
        figure_tables.table(two)
    assert figure_tables.table(two, because="They are examples").note == "They are examples"


def test_a_table_escapes_what_the_data_say():
    table = tables.Table(("<b>",), [["<script>alert(1)</script>"]], note="<i>")
    html = table._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_source_table_has_each_statistic_with_its_words_and_section(ledger):
    data = figure_tables.source_table(ledger, "kettles")._repr_mimebundle_()[TABLE]
    assert data["anchors"] == [f"figure-{one.id}" for one in ledger.subject("kettles")]
    assert data["rows"][data["anchors"].index("figure-stores-closed-2017")][-2:] == [
        {
            "lines": [
                [
                    {"text": "“"},
                    {"of": "printed:stores-closed-2017:0", "text": "more than 1,000 stores"},
                    {"text": "”"},
                ]
            ]
        },
        {"lines": [[{"source": "report", "text": "report"}, {"text": ", Overview"}]]},
    ]


def test_a_list_stands_beside_its_count(ledger):
    (row,) = figure_tables.counts_with_members(ledger, ["repair-plants"]).rows
    assert [row[1]["text"], row[2]["text"], row[3]] == ["three", "3", "Ada, Bea, Cid"]
    assert row[2]["of"] == "listed:repair-plants"


def test_the_svg_of_a_chart_speaks_and_asks_no_other_host(rendered):
    svg = rendered["image/svg+xml"]
    assert re.match(r'<svg [^>]*role="img"', svg)
    assert "<title>Stores &lt;closed&gt;</title>" in svg
    assert "Stores: more than 1,000, Kettle Company" in svg
    assert set(re.findall(r"https?://[^/\"]+", svg)) == {"http://www.w3.org"}


def test_the_bundle_has_the_specification_under_a_name_that_notebooks_may_hold(rendered):
    assert set(rendered) == {"application/vnd.vegalite.v6+json", "image/svg+xml", "text/plain"}


def test_colours_are_variables_with_fallbacks(rendered):
    assert "var(--tb-text, #2a2f36)" in rendered["image/svg+xml"]


def test_a_one_sided_bar_ends_in_an_arrow(ledger):
    chart = charts.how_many({"Stores": ledger.figure("stores-closed-2017")}, title="Stores")
    ((row,),) = chart.to_dict()["datasets"].values()
    assert (row["side"], row["point"]) == ("above", 1000.0)
    assert chart.to_dict()["layer"][2]["transform"] == [{"filter": "datum.side != 'both'"}]


@pytest.mark.parametrize("form", [charts.how_many, charts.within_what])
def test_a_chart_of_mixed_units_is_refused(form, ledger):
    mixed = {name: ledger.figure(name) for name in ("stores-closed-2017", "kettles-recalled-2017")}
    with pytest.raises(UnitMismatch, match="found 'kettles' and 'stores'"):
        form(mixed, title="Mixed")


@pytest.mark.parametrize("form", [charts.how_many, charts.within_what])
def test_a_chart_of_nothing_is_refused(form):
    with pytest.raises(UnitMismatch, match="found none"):
        form({}, title="Nothing")


@pytest.mark.parametrize("form", [charts.how_many, charts.within_what])
@pytest.mark.parametrize("interval", [None, Interval(), Interval.at(0), Interval(0, 0)])
def test_a_single_figure_of_any_kind_is_drawn(form, interval, ledger):
    quantity = Quantity(ledger.quantity("repair-plants").point * 0, interval, "plants")
    figure = figures.derived("none", quantity, "none")
    assert "image/svg+xml" in charts.render(form({"None": figure}, title="None").to_dict())


def test_a_chart_is_the_same_in_another_process(book):
    code = (
        "import sys, tallybook; from tallybook import charts; ledger = tallybook.load(sys.argv[1]);"
        "c = charts.how_many({'S': ledger.figure('stores-closed-2017')}, title='S');"
        "print(charts.render(c.to_dict()))"
    )
    run = [subprocess.check_output([sys.executable, "-c", code, book]) for _ in range(2)]
    assert run[0] == run[1]


def test_a_subject_without_statistics_is_an_empty_table(book):
    (book / "data/statistics/lids.yml").write_text("[]\n")
    ledger = session.load(book)
    assert ledger.subject("lids") == []
    assert len(ledger.frame("lids")) == 0
    assert list(ledger.frame("lids").columns) == list(ledger.frame("kettles").columns)
    assert figure_tables.source_table(ledger, "lids").rows == []
    assert ledger.count("lids") == 0
