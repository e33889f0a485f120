"""What a chart may show: tricks that would print or draw what no record has, and bad input."""

from __future__ import annotations

import copy

import altair as alt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tallybook
from tallybook import charts
from tallybook.charts import render
from tallybook.charts.check import faults
from tallybook.charts.expressions import typed_in
from tallybook.errors import BadOutput
from tallybook.notebooks import session
from tests.helpers.small_site import NOTEBOOK, build, spoil

KETTLES = "tests/books/kettles"
LEDGER = session.load(KETTLES)
X = {"field": "value", "type": "quantitative"}
Y = {"field": "label", "type": "nominal"}
ROWS = alt.Chart(LEDGER.frame(ids=["stores-closed-2017"])).mark_bar().to_dict()
ROW = next(iter(ROWS["datasets"].values()))[0]
OPENED = {**ROW, "id": "plant-opened"}


def spec(mark="bar", *, rows=(ROW,), transform=(), more=None, **encoding):
    """A chart of the stores closed, with a mark, channels and whatever else it is given."""
    made = {
        "data": {"name": "rows"}, "datasets": {"rows": copy.deepcopy([*rows])}, "mark": mark,
        "encoding": {"x": X, "y": Y, **encoding}, **(more or {}),
    }  # fmt: skip
    return {**made, "transform": [*transform]} if transform else made


def whole(**parts):
    """A chart of several parts with one set of rows."""
    return {"data": {"name": "rows"}, "datasets": {"rows": [copy.deepcopy(ROW)]}, **parts}


def part(*given, **encoding):
    """A part of a chart that has its rows from the whole."""
    made = spec(*given, **encoding)
    return {"mark": made["mark"], "encoding": made["encoding"]}


def text(**given):
    return spec("text", text=given)


def named(**columns):
    """A row of the stores closed with columns of an author's own."""
    return {**ROW, **columns}


def test_a_chart_of_the_ledgers_own_rows_has_no_fault():
    assert faults(spec(), LEDGER) == []
    assert faults(spec("text", text={"field": "words", "type": "nominal"}), LEDGER) == []


CALCULATED = [{"calculate": "'1,234'", "as": "made"}]
FOLDED = [{"fold": ["value", "low"], "as": ["made", "number"]}]
PRINTS = {
    "a typed text": text(value="1,234"),
    "a typed number": text(value=1234),
    "a text of a condition": text(condition={"test": "true", "value": "1,234"}, value=""),
    "a text of a selection": text(condition={"param": "p", "value": "1,234"}, value=""),
    "a text of one of many conditions": text(
        condition=[{"test": "false", "value": "none"}, {"test": "true", "value": "1,234"}]
    ),
    "a datum as text": text(datum=1234),
    "an end of a scale as text": text(datum=100),
    "a datum in words": text(datum="1,234"),
    "an expression as text": text(value={"expr": "'1' + '234'"}),
    "an expression as datum": text(datum={"expr": "1234"}),
    "a signal as text": text(value={"signal": "1234"}),
    "a figure's number as text": text(**X),
    "a figure's number without a type": text(field="value"),
    "a formatted number": text(**X, format=",.0f"),
    "a sum as text": text(aggregate="sum", field="value", type="quantitative"),
    "a count as text": text(aggregate="count"),
    "a bin as text": text(field="value", bin=True, type="ordinal"),
    "a date as text": text(field="start", type="temporal", format="%Y"),
    "a year of a date as text": text(field="start", timeUnit="year", type="ordinal"),
    "the text of a mark": spec({"type": "text", "text": "1,234"}),
    "the text of a mark by an expression": spec({"type": "text", "text": {"expr": "1234"}}),
    "what a text ends in": spec({"type": "text", "limit": 3, "ellipsis": "1,234"}),
    "the text of all marks": spec("text", more={"config": {"text": {"text": "1,234"}}}),
    "the text of a style": spec("text", more={"config": {"style": {"text": {"text": "1,234"}}}}),
    "a tooltip that is typed": spec({"type": "bar", "tooltip": "1,234"}),
    "a tooltip of the data": spec({"type": "bar", "tooltip": {"content": "data"}}),
    "a tooltip of all marks": spec(more={"config": {"mark": {"tooltip": True}}}),
    "a tooltip of a number": spec(tooltip=X),
    "one of several tooltips": spec(tooltip=[Y, {"aggregate": "mean", "field": "value"}]),
    "a title": spec(more={"title": "1,234 stores"}),
    "a title in lines": spec(more={"title": ["1,", "234 stores"]}),
    "a title of a number": spec(more={"title": 1234}),
    "a title by an expression": spec(more={"title": {"text": {"expr": "1234"}}}),
    "a title with an encoding": spec(more={"title": {"text": "a", "encoding": {"b": 1}}}),
    "a subtitle": spec(more={"title": {"text": "a", "subtitle": ["1,234 stores"]}}),
    "a title in words": spec(more={"title": "Twelve stores"}),
    "a title of an axis": spec(x={**X, "title": "1,234"}),
    "a title of an axis, inside": spec(x={**X, "axis": {"title": "1,234"}}),
    "a title of a legend": spec(color={**Y, "legend": {"title": "1,234"}}),
    "a title of a header": spec(row={**Y, "header": {"title": "1,234"}}),
    "labels by an expression": spec(x={**X, "axis": {"labelExpr": "'1,234'"}}),
    "labels of a legend": spec(color={**X, "legend": {"labelExpr": "'1,234'"}}),
    "labels of a header": spec(row={**Y, "header": {"labelExpr": "'1,234'"}}),
    "labels of all axes": spec(more={"config": {"axis": {"labelExpr": "'1,234'"}}}),
    "labels in lines that say more": spec(
        y={**Y, "axis": {"labelExpr": '({"stores": ["1,234"]})[datum.label]'}}
    ),
    "an axis with an encoding": spec(
        x={**X, "axis": {"encoding": {"labels": {"update": {"text": {"value": "a"}}}}}}
    ),
    "a single tick": spec(x={**X, "axis": {"values": [1234]}}),
    "ticks at odd places": spec(x={**X, "axis": {"values": [0, 617, 1234]}}),
    "two ticks one apart": spec(x={**X, "axis": {"values": [1234, 1235]}}),
    "ticks by an expression": spec(x={**X, "axis": {"values": {"expr": "[1234]"}}}),
    "ticks of a legend": spec(color={**X, "legend": {"values": [1234]}}),
    "names at ticks": spec(y={**Y, "axis": {"values": ["1,234"]}}),
    "a name in a domain": spec(y={**Y, "scale": {"domain": ["stores closed", "1,234 more"]}}),
    "a number in a domain of names": spec(y={**Y, "scale": {"domain": [1234]}}),
    "a name of a legend": spec(color={"datum": "1,234 stores"}),
    "a name of an axis": spec(y={"datum": "1,234", "type": "nominal"}),
    "a number as a name": spec(y={"datum": 100, "type": "nominal"}),
    "thresholds": spec(color={**X, "scale": {"type": "threshold", "domain": [1234]}}),
    "the steps of bins": spec(x={**X, "bin": {"step": 617}}),
    "the ends of bins": spec(x={**X, "bin": {"extent": [0, 1234]}}),
    "the anchor of bins": spec(x={**X, "bin": {"anchor": 617}}),
    "a format that fills": spec(x={**X, "axis": {"format": "9>6d"}}),
    "a format of times that types": spec(
        x={"field": "start", "type": "temporal", "axis": {"format": "1234 %Y"}}
    ),
    "a format of times in words": spec(
        x={"field": "start", "type": "temporal", "axis": {"format": "%Y, twelve stores"}}
    ),
    "a format of all": spec(more={"config": {"numberFormat": "9>6d"}}),
    "a type of format": spec(x={**X, "axis": {"formatType": "mine", "format": ""}}),
    "digits of another language": spec(
        more={"config": {"locale": {"number": {"numerals": [*"9876543210"]}}}}
    ),
    "numbers on an axis of names": spec(y={**X, "type": "nominal"}),
    "numbers in order on an axis": spec(y={**X, "type": "ordinal"}),
    "numbers in a legend of names": spec(color={**X, "type": "nominal"}),
    "numbers in a legend without a type": spec(color={"field": "value"}),
    "numbers above facets": spec(row={**X, "type": "ordinal"}),
    "what is computed, as a name": spec(
        y={"field": "made", "type": "nominal"}, transform=CALCULATED
    ),
    "what is computed, as a text": spec(
        "text", text={"field": "made"}, transform=[{"calculate": "format(datum.value, '')",
        "as": "made"}]
    ),
    "what is computed in place of words": spec(
        "text", text={"field": "words"}, transform=[{"calculate": "'1,234'", "as": "words"}]
    ),
    "what is computed in place of a key": spec(
        "text", text={"field": "made"}, transform=[*FOLDED, *CALCULATED]
    ),
    "the numbers of a fold": spec("text", text={"field": "number"}, transform=FOLDED),
    "a fold without names": spec("text", text={"field": "value"},
                                 transform=[{"fold": ["low", "value"]}]),
    "names of columns by a fold": spec(
        "text", rows=[named(**{"1,234": ""})], text={"field": "key"},
        transform=[{"fold": ["1,234"], "as": ["key", "number"]}],
    ),
    "what is pivoted in place of words": spec(
        "text", rows=[named(by="words")], text={"field": "words"},
        transform=[{"pivot": "by", "value": "value"}],
    ),
    "what is pivoted": spec(
        "text", rows=[named(by="mine")], text={"field": "mine"},
        transform=[{"pivot": "by", "value": "value"}],
    ),
    "the words of another row": spec(
        "text", text={"field": "words"}, transform=[{
            "lookup": "party",
            "from": {"data": {"name": "rows"}, "key": "party", "fields": ["words"]},
        }],
    ),
    "the words of another row by another name": spec(
        "text", text={"field": "made"}, transform=[{
            "lookup": "party", "as": ["made"],
            "from": {"data": {"name": "rows"}, "key": "party", "fields": ["words"]},
        }],
    ),
    "the words of the row before": spec(
        "text", text={"field": "words"},
        transform=[{"window": [{"op": "lag", "field": "words", "as": "words"}]}],
    ),
    "the first words of a group": spec(
        "text", text={"field": "words"}, transform=[
            {"aggregate": [{"op": "min", "field": "words", "as": "words"}], "groupby": []}
        ],
    ),
    "parts of a list": spec("text", rows=[named(many=["1,234"])], text={"field": "many"},
                            transform=[{"flatten": ["many"]}]),
    "a field within a field": spec("text", rows=[named(a={"b": "1,234"})], text={"field": "a.b"}),
    "a place within a field": spec("text", rows=[named(a=["1,234"])], text={"field": "a[0]"}),
    "a field with a point in its name": spec(
        "text", rows=[named(**{"a.b": "1,234"})], text={"field": "a\\.b"}
    ),
    "a column of texts": spec("text", rows=[named(mine="1,234")], text={"field": "mine"}),
    "a column of numbers": spec("text", rows=[named(mine=1234)], text={"field": "mine"}),
    "a label": spec(rows=[named(label="1,234 stores")]),
    "a label that nothing shows": spec("point", rows=[named(label="1,234")], y={"value": 5}),
    "words without an id": spec("text", rows=[{"words": "1,234"}], text={"field": "words"}, x=Y),
    "words of an item": spec("text", rows=[{"id": "plants-repair", "words": "1,234"}],
                             text={"field": "words"}, x=Y),
    "the name of a column at an axis": spec(rows=[named(**{"1,234 shops": "a"})],
                                            y={"field": "1,234 shops", "type": "nominal"}),
    "the name of a column that is computed": spec(
        x={"field": "1,234 shops", "type": "quantitative"},
        transform=[{"calculate": "datum.value", "as": "1,234 shops"}],
    ),
    "a description": spec(more={"description": "1,234 stores"}),
    "a description of a mark": spec({"type": "bar", "description": "1,234 stores"}),
    "a description by a channel": spec(description=X),
    "a reason": spec(more={"usermeta": {"because": "There were 1,234"}}),
    "the options of an input": spec(
        more={"params": [{"name": "p", "bind": {"input": "select", "options": ["1,234"]}}]}
    ),
    "the name of an input": spec(
        more={"params": [{"name": "p", "bind": {"input": "checkbox", "name": "1,234"}}]}
    ),
    "a slider": spec(more={"params": [{"name": "p", "bind": {"input": "range", "max": 9}}]}),
    "options of the embedding": spec(
        more={"usermeta": {"embedOptions": {"patch": [{"op": "add"}]}}}
    ),
    "a text that says that it cites": spec(
        more={
            "title": "1,234 stores",
            "usermeta": {"tallybook": {"told": {"1,234 stores": ["1,234 stores"]}}},
        }
    ),
    "a text that cites another": spec(
        more={
            "title": "1,234",
            "usermeta": {"tallybook": {"told": {
                "1,234": [{"of": "words:stores-closed-2017", "text": "1,234"}]
            }}},
        }
    ),
    "a layer": {**spec(), "layer": [{"mark": "text", "encoding": {"text": {"value": "1,234"}}}]},
    "a part of a concatenation": whole(hconcat=[part(), part("text", text={"value": "1,234"})]),
    "a facet": whole(facet={"row": Y}, spec=part("text", text={"value": "1,234"})),
    "the title of a facet": whole(facet={"row": {**Y, "title": "1,234"}}, spec=part()),
    "a repeated text": whole(
        repeat=["value", "low"], spec=part("text", text={"field": {"repeat": "repeat"}})
    ),
    "a repeat in layers": whole(
        repeat={"layer": ["value", "low"]}, spec=part("text", text={"field": {"repeat": "layer"}})
    ),
    "a repeat in rows": whole(
        repeat={"row": ["value"], "column": ["low"]},
        spec=part("text", text={"field": {"repeat": "column"}}),
    ),
    "data that are text": spec("text", more={"datasets": {"rows": "words\n1,234"}}),
    "data that are bare numbers": spec("text", text={"field": "data"},
                                       more={"data": {"values": [1234]}}),
    "data with a format": spec(more={"data": {"name": "rows", "format": {"property": "a"}}}),
    "data of another part": spec("text", more={"data": {"name": "others"}}),
}  # fmt: skip


@pytest.mark.parametrize("trick", PRINTS)
def test_no_trick_prints_a_number_that_is_typed_or_computed(trick):
    assert faults(PRINTS[trick], LEDGER)


def computed(expression, **encoding):
    x = {"field": "made", "type": "quantitative"}
    made = [{"calculate": expression, "as": "made"}]
    return spec(x=x, transform=made, **encoding)


LINK = LEDGER.links("demand", "reply").to_dict("records")[0]
DRAWS = {
    "a number that was changed": spec(rows=[named(value=1234)]),
    "an end that was changed": spec(rows=[named(low=1234)]),
    "a number of one's own": spec(rows=[named(mine=1234)], x={**X, "field": "mine"}),
    "a sum of one's own": spec(rows=[named(mine=1234)], x={**X, "field": "mine",
                                                          "aggregate": "sum"}),
    "bins of one's own": spec(rows=[named(mine=1234)], x={**X, "field": "mine", "bin": True}),
    "a size of one's own": spec(rows=[named(mine=1234)], size={**X, "field": "mine"}),
    "a number as text": spec(rows=[named(mine="1234")], x={**X, "field": "mine"}),
    "a computed one of one's own": spec(
        rows=[named(mine=1234)], x={**X, "field": "made"},
        transform=[{"calculate": "datum.mine", "as": "made"}],
    ),
    "a computed one of a text": spec(
        rows=[named(mine="1234")], x={**X, "field": "made"},
        transform=[{"calculate": "datum['mine'] * 1", "as": "made"}],
    ),
    "a fold of one's own": spec(rows=[named(mine=1234)], x={**X, "field": "number"},
                                transform=[{"fold": ["mine"], "as": ["name", "number"]}]),
    "a sum of one's own by a transform": spec(
        rows=[named(mine=1234)], x={**X, "field": "made"},
        transform=[{"joinaggregate": [{"op": "sum", "field": "mine", "as": "made"}]}],
    ),
    "a list of numbers": spec(rows=[named(mine=[1234])], x={**X, "field": "mine"},
                              transform=[{"flatten": ["mine"]}]),
    "a row without an id": spec(rows=[{"value": 1000.0, "label": "a"}]),
    "a date without an id": spec(rows=[{"start": "2016-01-01", "label": "a"}],
                                 x={"field": "start", "type": "temporal"}),
    "a number of a link": spec(rows=[{**LINK, "value": 1234}]),
    "a number of an item": spec(rows=[{"id": "plants-repair", "label": "a", "value": 1234}]),
    "a number of an event": spec(rows=[{"id": "plant-opened", "label": "a", "value": 1234}]),
    "a date of one's own": spec(rows=[named(mine="2016-05-05")],
                                x={"field": "mine", "type": "temporal"}),
    "a place": spec(x={"datum": 1234}),
    "a place by its end": spec(x2={"datum": 1234}),
    "a place by a date": spec(x={"datum": {"year": 1999, "month": 5, "date": 5}}),
    "a place by a date as text": spec(x={"datum": "1999-05-05", "type": "temporal"}),
    "a place in words": spec(x={"datum": "1234", "type": "quantitative"}),
    "a number that is typed": computed("1234"),
    "a number with an exponent": computed("datum.value * 1e3"),
    "a number to the base of sixteen": computed("0x4d2 + datum.value"),
    "a number without a zero": computed("datum.value * .5"),
    "a double": computed("datum.value * 2"),
    "a number as a text": computed("'12' + '34'"),
    "a number made of ends": computed("100 - 1 - 1"),
    "a number made of ends and a figure": computed("datum.value - 100"),
    "a length": computed("length('aaaa')"),
    "a length of a text": computed("datum.label.length"),
    "a root": computed("sqrt(100)"),
    "a constant": computed("datum.value * PI"),
    "a parameter": computed("datum.value * p"),
    "a list": computed("[1, 1][0]"),
    "a function of texts": computed("toNumber(datum.label)"),
    "what is imputed": spec(x={**X, "impute": {"value": 1234}}),
    "what a transform imputes": spec(
        transform=[{"impute": "value", "key": "label", "value": 1234}]
    ),
    "a sequence": spec(more={"data": {"sequence": {"start": 0, "stop": 9, "as": "value"}}}),
    "a number as a date": spec(x={**X, "type": "temporal"}),
    "a date as a number": spec(x={"field": "start", "type": "quantitative"}),
}  # fmt: skip


@pytest.mark.parametrize("trick", DRAWS)
def test_no_trick_draws_a_number_that_is_no_figures(trick):
    assert faults(DRAWS[trick], LEDGER)


ELSEWHERE = {
    "data": spec(more={"data": {"url": "https://example.org/rows.csv"}}),
    "rows of a lookup": spec(transform=[{"lookup": "id", "from": {
        "data": {"url": "rows.csv"}, "key": "id", "fields": ["x"]}}]),
    "an image": spec({"type": "image", "url": "data:image/png;base64,AAAA"}),
    "an image by a channel": spec("image", url={"value": "https://example.org/a.png"}),
    "a link": spec({"type": "bar", "href": "https://example.org"}),
    "a link by a channel": spec(href={"field": "source", "type": "nominal"}),
    "a link of all marks": spec(more={"config": {"bar": {"href": "https://example.org"}}}),
    "chance": computed("random() * datum.value"),
    "the time": computed("now()"),
    "a choice by chance": spec(transform=[{"filter": "random() > 0"}]),
    "a sample": spec(transform=[{"sample": 10}]),
    "a parameter by chance": spec(more={"params": [{"name": "p", "expr": "random()"}]}),
}  # fmt: skip


@pytest.mark.parametrize("what", ELSEWHERE)
def test_nothing_comes_from_elsewhere_or_by_chance(what):
    assert faults(ELSEWHERE[what], LEDGER)


@given(st.integers(2, 10**9).filter(lambda n: n not in (100, 1000, 2017)))
def test_any_typed_number_is_found_wherever_a_text_is_shown(number):
    shown = f"{number:,}"
    for made in (text(value=shown), spec(more={"title": f"There were {shown}"}),
                 spec(y={**Y, "title": shown}), spec(color={"datum": shown})):  # fmt: skip
        assert faults(made, LEDGER)
    assert typed_in(f"datum.value * {number}") == str(number)


@pytest.mark.parametrize(
    "calculation",
    [
        "datum.value", "datum['value'] - datum.low", "100 - datum.value", "datum.value / 100",
        "100 * datum.value / datum.total", "isValid(datum.high) ? datum.high : datum.value",
        "datum.way == 'down' ? 0 - datum.value : datum.value", "max(0, datum.low)",
        "datum.period == '2017' ? 'now' : 'then'", "year(datum.start)", "round(datum.value)",
        "datum.party + ', ' + datum.scope",
    ],
)  # fmt: skip
def test_a_calculation_of_figures_types_no_number(calculation):
    assert typed_in(calculation) == ""


# Bad input, as an author meets it: each in one sentence, with what to write instead


def refused(chart) -> str:
    """What the renderer says of a chart that it refuses, which is one fault."""
    with pytest.raises(BadOutput) as said:
        render.render(chart.to_dict())
    first, *lines = str(said.value).splitlines()
    assert first == "the chart is not shown:"
    (fault,) = lines
    return fault.removeprefix("- ")


@pytest.fixture
def frame(ledger):
    return ledger.frame("kettles", measure="stores-closed")


def bars(frame, **encoding):
    return alt.Chart(frame).mark_bar().encode(**{"x": "value:Q", "y": "label:N", **encoding})


def test_a_value_that_was_changed_is_named_with_what_the_ledger_has(frame):
    said = refused(bars(frame.assign(value=frame["value"] * 2)))
    assert said.startswith("the row of 'stores-closed-2017' has 2000")
    assert "the ledger has 1000.0: keep the rows of ledger.frame(...) as they are" in said


def test_an_id_that_is_gone_is_named_with_the_nearest(frame, ledger):
    said = "; ".join(faults(bars(frame.assign(id="stores-close-2017")).to_dict(), ledger))
    assert "no statistic 'stores-close-2017'. Did you mean 'stores-closed-2017'" in said
    assert "execute the notebook with the id that it has now" in said


def test_rows_that_have_lost_their_ids_are_named(frame, ledger):
    said = "; ".join(faults(bars(frame.drop(columns="id")).to_dict(), ledger))
    assert said.startswith("a row of its data has numbers and no id: ")
    assert "tallybook.publish" in said


@pytest.mark.parametrize(
    "chart",
    [
        bars,
        lambda rows: charts.bars(rows, title="Mixed"),
        lambda rows: bars(rows.rename(columns={"value": "v"}), x="v:Q"),
        lambda rows: bars(rows, x="made:Q").transform_calculate(made="datum.value"),
        lambda rows: alt.layer(*(bars(rows.iloc[[n]]) for n in range(2))),
        lambda rows: bars(rows, x="label:N", y="label:N", size="value:Q"),
        lambda rows: bars(rows, x="sum(value):Q"),
    ],
)
def test_units_are_not_mixed_on_one_scale(chart, ledger):
    mixed = ledger.frame(ids=["stores-closed-2017", "kettles-recalled-2017"])
    said = refused(chart(mixed))
    assert "has figures of the units 'kettles' and 'stores' on one scale: " in said
    assert "filter the frame to one unit in pandas, or facet by unit" in said


def test_units_have_scales_of_their_own_in_facets_and_concatenations(ledger):
    mixed = ledger.frame(ids=["stores-closed-2017", "kettles-recalled-2017"])
    faceted = bars(mixed).facet("unit:N").resolve_scale(x="independent")
    beside = alt.hconcat(bars(mixed.iloc[[0]]), bars(mixed.iloc[[1]]))
    dual = alt.layer(bars(mixed.iloc[[0]]), bars(mixed.iloc[[1]])).resolve_scale(x="independent")
    for chart in (faceted, beside, dual):
        assert faults(chart.to_dict(), ledger) == []


def test_figures_of_different_base_need_a_reason(ledger):
    two = ledger.frame(ids=["share-handled-2017", "requests-decline-2017"])
    said = refused(bars(two))
    assert said.startswith("x has figures that are not known to agree in ")
    assert "chart.properties(usermeta={'because': '…'})" in said
    reason = bars(two).properties(usermeta={"because": "The report states both"})
    assert faults(reason.to_dict(), ledger) == []


@pytest.mark.parametrize(
    ("encoding", "says"),
    [
        ({"text": "value:Q"}, "text='value' prints value as Vega formats it: write words:N"),
        ({"tooltip": "value:Q"}, "tooltip='value' prints value as Vega formats it: write words:N"),
        ({"color": "value:N"}, "color='value' prints value as Vega formats it: write value:Q"),
        ({"row": "value:O"}, "row='value' prints value as Vega formats it: write words:N"),
        ({"text": "sum(value):Q"}, "text='sum(value)' prints what Vega computes"),
        ({"text": "count()"}, "text='count()' prints what Vega computes"),
        ({"y": alt.Y("value:O", bin=True)}, "y='value' prints what Vega computes"),
        ({"text": "start:T"}, "text='start' prints a date as Vega formats it: write period:N"),
        ({"x": "words:Q"}, "x='words' is text, and no number or date: write :N"),
        ({"x": "value:T"}, "x='value' is a number, and no date: write start:T"),
        ({"x": "valeu:Q"}, "x='valeu' is no column of its data: it has id, label, words"),
        ({"href": "source:N"}, "href"),
    ],
)
def test_a_channel_is_named_with_what_to_write_instead(encoding, says, frame):
    chart = bars(frame, **encoding)
    assert says in "; ".join(faults(chart.to_dict(), LEDGER))


def test_a_channel_of_a_layer_is_named_with_its_layer(frame):
    printed = bars(frame).mark_text().encode(text="value:Q")
    assert refused(bars(frame) + printed).startswith("text='value' (layer 2) prints value")


def test_numbers_that_a_transform_makes_text_are_not_printed(frame):
    made = bars(frame, text="t:N").mark_text().transform_calculate(t="format(datum.value, ',')")
    said = refused(made)
    assert said.startswith("text='t' prints what Vega computes, which nobody can trace: ")
    assert "take its words from ledger.frame(ids=[...])" in said


def test_ten_thousand_rows_are_too_many(frame):
    many = pd.concat([frame] * 10_000)
    said = refused(bars(many))
    assert said == (
        "it has 10,000 rows of data, and a page takes 5,000: filter the frame, or publish what "
        "sums it up"
    )


def test_an_empty_frame_is_refused_by_a_chart_and_by_each_form(frame):
    said = refused(bars(frame[:0]))
    assert said == "its frame is empty, so that nothing would be drawn: look at its filter"
    for form in (charts.bars, charts.glance, charts.shares, charts.trend, charts.times):
        with pytest.raises(BadOutput):
            form(frame[:0], title="None")


def test_a_chart_before_any_frame_is_told_where_to_take_one(monkeypatch):
    monkeypatch.setattr("tallybook.ledger.ledger._REMEMBERED", {})
    with pytest.raises(BadOutput, match=r"alt.Chart\(ledger.frame\(...\)\)"):
        render.render(spec())


def test_every_fault_of_a_chart_is_told_at_once_and_each_once(frame):
    chart = bars(frame, text="value:Q", tooltip="value:Q").mark_text()
    with pytest.raises(BadOutput) as said:
        render.render((chart + chart).to_dict())
    lines = str(said.value).splitlines()[1:]
    assert len(lines) == len(set(lines)) == 4
    assert all(len(line) < 400 for line in lines)


def test_a_chart_that_is_refused_ends_the_build_with_notebook_and_cell(book):
    spoil(
        book,
        'charts.bars(stores, title="Stores closed")',
        "import altair as alt\nalt.Chart(stores).mark_text().encode(x='value:Q', text='value:Q')",
    )
    result = build(book)
    assert result.returncode == 1
    assert f"{NOTEBOOK}, cell 4" in result.stderr
    assert "text='value' prints value as Vega formats it: write words:N" in result.stderr
    assert "Traceback" not in result.stderr


def test_cited_texts_stand_in_titles_labels_and_reasons(ledger, frame):
    title = tallybook.worded(ledger, "{kettles-recalled-2017} kettles were recalled")
    chart = bars(frame.assign(label=str(title))).properties(
        title=str(title), usermeta={"because": str(title)}
    )
    assert "image/svg+xml" in render.render(chart.to_dict())
