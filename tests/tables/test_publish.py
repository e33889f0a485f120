"""What notebooks show: published figures and tables."""

from __future__ import annotations

import pytest

from tallybook.errors import BadOutput
from tallybook.ledger import figures
from tallybook.notebooks import session
from tallybook.quantity.quantity import ContextsDiffer, Quantity
from tallybook.tables import figures as figure_tables
from tallybook.tables import table as tables
from tallybook.tables.table import DERIVED, TABLE


@pytest.fixture
def shown(monkeypatch):
    found = []
    monkeypatch.setattr("IPython.display.display", found.append)
    return found


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


def test_a_subject_without_statistics_is_an_empty_table(book):
    (book / "data/statistics/lids.yml").write_text("[]\n")
    ledger = session.load(book)
    assert ledger.subject("lids") == []
    assert len(ledger.frame("lids")) == 0
    assert list(ledger.frame("lids").columns) == list(ledger.frame("kettles").columns)
    assert figure_tables.source_table(ledger, "lids").rows == []
    assert ledger.count("lids") == 0
