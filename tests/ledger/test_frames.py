"""Figures as data frames: a row each, which says what the ledger says."""

from __future__ import annotations

import pandas as pd
import pytest

from tallybook.errors import UnknownId
from tallybook.ledger import figures, frames
from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import Quantity


def test_a_row_says_all_that_the_ledger_says_of_a_figure(ledger):
    (row,) = ledger.frame(ids=["stores-closed-2017"]).to_dict("records")
    assert tuple(row) == frames.COLUMNS
    assert (row["label"], row["words"]) == ("stores closed", "more than 1,000")
    assert (row["value"], row["low"], pd.isna(row["high"])) == (1000.0, 1000.0, True)
    assert (row["bound"], row["unit"], row["measure"]) == ("more than", "stores", "stores-closed")
    assert (row["party"], row["scope"], row["source"]) == (
        "Kettle Company", "the company", "report",
    )  # fmt: skip
    assert (row["period"], str(row["start"].date()), str(row["end"].date())) == (
        "2017", "2017-01-01", "2017-12-31",
    )  # fmt: skip


def test_a_period_that_is_not_stated_has_no_dates(ledger):
    frame = ledger.frame(ids=["repair-plants"])
    assert frame["start"].isna().all()
    assert frame["period"][0] == "no period stated"


def test_an_event_is_a_row_without_a_number(ledger):
    (row,) = ledger.frame(ids=["plant-opened"]).to_dict("records")
    assert pd.isna(row["value"])
    assert (row["words"], row["start"], row["end"]) == (
        "6 June 2017",
        *[pd.Timestamp(2017, 6, 6)] * 2,
    )


def test_a_derived_figure_has_the_documents_of_what_it_is_computed_from(ledger):
    rate = ledger.quantity("stores-closed-2017") / 2
    ledger.published["half"] = figures.derived("half", rate, "half of the stores")
    (row,) = ledger.frame(ids=["half"]).to_dict("records")
    assert (row["words"], row["bound"], row["measure"]) == ("more than 500", "more than", "")
    assert (row["source"], row["period"], row["party"]) == ("report", "2017", "computed here")


@pytest.mark.parametrize(
    ("interval", "bound"),
    [
        (Interval(2, 4), "between"), (Interval.at(3), "exact"), (Interval(low=2), "more than"),
        (Interval(high=4), "less than"), (None, "about"),
    ],
)  # fmt: skip
def test_the_bound_of_a_derived_figure_is_what_its_ends_make_it(interval, bound, ledger):
    quantity = Quantity(ledger.quantity("repair-plants").point, interval, "things")
    ledger.published["made"] = figures.derived("made", quantity, "made")
    assert ledger.frame(ids=["made"])["bound"][0] == bound


def test_a_frame_has_the_ids_in_the_order_wanted_and_the_labels_given(ledger):
    ids = {"repair-plants": "Plants", "stores-closed-2017": "Stores"}
    frame = ledger.frame(ids=ids)
    assert dict(zip(frame["id"], frame["label"], strict=True)) == ids


def test_a_frame_is_of_all_that_fits_what_is_given(ledger):
    assert {*ledger.frame("kettles")["id"]} == {*ledger.statistics}
    assert [*ledger.frame(measure="stores-closed")["id"]] == ["stores-closed-2017"]
    assert len(ledger.frame(party="Kettle Company", source="report")) == len(ledger.statistics)


def test_an_empty_frame_has_the_columns_and_types_of_a_full_one(ledger):
    full, empty = ledger.frame("kettles"), ledger.frame("kettles")[:0]
    none = ledger.frame(ids=[])
    assert [*none.columns] == [*full.columns]
    assert (none.dtypes == empty.dtypes).all()


@pytest.mark.parametrize(
    "asked",
    [{"ids": ["stores-close-2017"]}, {"measure": "stores"}, {"source": "reports"},
     {"subject": "kettle"}],
)  # fmt: skip
def test_what_the_ledger_does_not_have_is_named(asked, ledger):
    with pytest.raises(UnknownId):
        ledger.frame(**asked)


def test_links_are_rows_from_one_item_to_another(ledger):
    (row,) = ledger.links("demand", "reply").to_dict("records")
    assert tuple(row) == frames.LINKS
    assert (row["id"], row["to"]) == ("plants-repair", "repair-more")
    assert (row["relation"], row["basis"]) == ("replies to", "stated")


def test_numbers_of_a_frame_are_those_that_a_chart_is_compared_with(real):
    frame = real.frame(ids=[*real.statistics])
    for row in frame.to_dict("records"):
        known = frames.row(real, row["id"])
        assert all(
            pd.isna(row[n]) if known[n] is None else row[n] == known[n] for n in frames.NUMBERS
        )
