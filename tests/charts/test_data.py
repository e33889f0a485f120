"""The rows of a chart as its table, its download and its tips say them: from the ledger, exact."""

from __future__ import annotations

import csv
import io
import json
import re

import altair as alt
import pytest

from tallybook import charts
from tallybook.charts import data
from tallybook.charts.layout import NARROW, WIDE, layout
from tallybook.charts.render import described
from tallybook.charts.svg import CannotBeDrawn
from tallybook.ledger import figures
from tallybook.quantity.quantity import Quantity
from tallybook.tables.table import spreadsheet_safe
from tests.charts import ordinary
from tests.charts.forms import FORMS, spec


def test_the_rows_of_a_chart_are_exact_and_name_their_sources(ledger):
    (row,) = csv.DictReader(io.StringIO(data.as_csv(spec("bars", ledger), ledger)))
    assert (row["low"], row["value"], row["high"]) == ("1000", "1000", "")
    assert (row["words"], row["source"]) == ("more than 1,000", "report")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_text_of_a_download_is_taken_for_a_formula(sign):
    assert spreadsheet_safe(f"{sign}1+1") == f"'{sign}1+1"
    assert spreadsheet_safe("1+1") == "1+1"


def test_a_negative_number_of_a_download_stays_a_number(ledger):
    quantity = Quantity(-ledger.quantity("repair-plants").point, None, "plants")
    ledger.published["made"] = figures.derived("made", quantity, "made")
    made = charts.bars(ledger.frame(ids=["made"]), title="Made").to_dict()
    (row,) = csv.DictReader(io.StringIO(data.as_csv(made, ledger)))
    assert row["value"] == "-3"


def test_a_figure_that_the_ledger_does_not_have_is_named(ledger):
    made = spec("bars", ledger)
    data.rows(made)[0]["id"] = "stores-close-2017"
    with pytest.raises(CannotBeDrawn, match=r"no statistic 'stores-close-2017'\. Did you mean"):
        data.data(made, ledger)


def test_a_chart_of_links_has_the_columns_of_links(ledger):
    made = spec("ties", ledger)
    (row,) = data.data(made, ledger)
    assert (row["relation"], row["basis"]) == ("replies to", "stated")
    assert data.as_csv(made, ledger).startswith("id,label,to,to_label,relation,basis")


def test_a_chart_says_its_title_and_each_of_its_figures_once(ledger):
    said = data.spoken(spec("multiples", ledger))
    assert said.count("more than 1,000;") == said.count("240,000;") == 1
    assert said.endswith("; all by Kettle Company.")


def test_a_long_description_names_the_first_figures_and_the_table(real):
    frame = real.frame(ids={name: name for name in real.statistics})
    said = data.spoken(alt.Chart(frame, title="All").mark_point().encode(x="start:T").to_dict())
    assert said.endswith("; and more, in its table.")
    assert 40 <= said.count("; ") < len(frame)


def test_a_description_tells_figures_of_one_label_apart_by_their_period(ledger):
    ids = ["stores-closed-2017", "repair-time-2016"]
    same = ledger.frame(ids=dict.fromkeys(ids, "Kettles"))
    chart = alt.Chart(same, title="All").mark_point().encode(x="start:T")
    assert "Kettles, 2017: more than 1,000; " in data.spoken(chart.to_dict())
    chart = alt.Chart(ledger.frame(ids=ids), title="All").mark_point().encode(x="start:T")
    assert "stores closed: more than 1,000; " in data.spoken(chart.to_dict())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("room", [WIDE, NARROW])
def test_an_explored_chart_says_bounds_party_and_source_at_its_marks(room, form, ledger):
    made = data.explored(layout(spec(form, ledger), room), ledger)
    if form == "glance":  # it has words only
        assert not data.is_explorable(spec(form, ledger))
        return
    assert "'tooltip': {'field': 'tip'" in str(made)
    (tip, *_) = [row["tip"] for row in data.all_rows(made)]
    names = [line.partition(": ")[0] for line in tip.split("\n")]
    if form == "ties":
        assert names == ["From", "Relation", "To", "Who says so"]
        return
    in_order = ["What", "Here", "How many", "At least", "At most", "Who says so", "When", "Where"]
    assert names == [name for name in in_order if name in names]
    assert {"What", "How many", "Who says so", "When", "Where"} <= {*names}


def named_in_tips(frame, ledger, **columns):
    chart = charts.bars(frame.assign(**columns)).to_dict()
    tips = [data.tip(row, ledger) for row in data.rows(chart) if row.get("id")]
    return {line for tip in tips for line in tip.split("\n")}


def test_a_tip_says_the_ledgers_label_the_authors_and_bounds_that_differ(ledger):
    frame = ledger.frame(ids=["stores-closed-2017"])
    assert "What: stores closed" in named_in_tips(frame, ledger)
    assert "At least: 1,000" in named_in_tips(frame, ledger)
    said = named_in_tips(frame, ledger, label=["Shops"])
    assert {"What: stores closed", "Here: Shops"} <= said
    exact = ledger.frame(ids=["repair-plants"])
    assert not [line for line in named_in_tips(exact, ledger) if line.startswith(("Here", "At "))]


def test_a_trend_has_no_thin_line_that_its_points_hide(ledger):
    thin = "Thin: as far as the figure may reach."
    frame = ledger.frame(ids=["kettles-recalled-2017", "stores-closed-2017"])
    assert thin in data.signs(charts.trend(frame, because="A test.").to_dict(), ledger)
    far = frame.assign(value=[240000.0, 1.0], low=[239999.0, 1.0], high=[240001.0, 1.0])
    shown = charts.trend(far, because="A test.").to_dict()
    assert thin not in data.signs(shown, ledger)


def test_signs_of_a_chart_are_told_where_it_has_them(ledger):
    def signs(*ids):
        return data.signs(charts.bars(ledger.frame(ids=ids)).to_dict(), ledger)

    arrow = "An arrow: how far it goes on is not said."
    assert signs("stores-closed-2017") == [arrow]
    assert signs("repair-plants") == []
    assert signs("kettles-recalled-2017") == ["Thin: as far as the figure may reach."]
    assert not data.signs(charts.glance(ledger.frame(ids=["stores-closed-2017"])).to_dict(), ledger)


def marked(part):
    if isinstance(part, dict) and {"mark", "encoding"} <= set(part):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from marked(each)


@pytest.mark.parametrize(
    "name", ["histogram", "box_plot", "heat_map", "texts_of_words", "sorted_bars"]
)
def test_what_vega_computes_says_nothing_and_nothing_speaks_by_itself(name, real):
    made = described(dict(ordinary.charts(real))[name].to_dict())
    shown = data.explored(layout(made), real)
    assert shown["config"]["aria"] is False
    for part in marked(shown):
        kind = part["mark"] if isinstance(part["mark"], str) else part["mark"]["type"]
        is_sum = name in ("histogram", "heat_map") or kind in ("boxplot", "text")
        expected = None if is_sum else {"field": "tip", "type": "nominal"}
        assert part["encoding"]["tooltip"] == expected
    assert data.is_explorable(made) == (name in ("texts_of_words", "sorted_bars"))


def test_a_figure_with_an_open_end_is_named_where_only_its_value_is_drawn(ledger):
    base = alt.Chart(ledger.frame(ids=["stores-closed-2017", "repair-plants"]))
    alone = base.mark_bar().encode(x="value:Q", y="id:N")
    assert data.one_sided(alone.to_dict(), ledger) == ["stores-closed-2017"]
    with_words = alone + base.mark_text().encode(x="value:Q", y="id:N", text="words:N")
    assert data.one_sided(with_words.to_dict(), ledger) == []


def test_the_table_and_the_download_have_every_row_of_an_ordinary_chart(real):
    for name, chart in ordinary.charts(real):
        made = chart.to_dict()
        rows = data.data(made, real)
        assert len(rows) == len([*csv.DictReader(io.StringIO(data.as_csv(made, real)))]), name
        assert {row["id"] for row in rows} == set(re.findall(r"'id': '([^']+)'", str(made))), name


def test_what_a_chart_says_is_the_same_when_a_notebook_has_stored_it(real):
    for name, chart in ordinary.charts(real):
        made = described(chart.to_dict())
        stored = json.loads(json.dumps(made, sort_keys=True))
        assert data.spoken(stored) == made["description"], name
