"""What is said of a figure: its interval in words, its places, what differs, what uses it."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest

from tallybook.ledger import figures
from tallybook.notebooks import session
from tallybook.site import downloads, figure_details, pages, search
from tallybook.site.citations import Edition, bibtex, of_figure
from tallybook.site.data_tables import TABLES, as_csv


@pytest.fixture
def known(ledger):
    quantity = ledger.quantity("stores-closed-2017").over(
        ledger.quantity("repair-plants"), because="One company."
    )
    ledger.published["stores-per-plant"] = figures.derived(
        "stores-per-plant", quantity, "stores closed per plant"
    )
    return figure_details.AllDetails(ledger, pages.read(ledger))


def test_a_stated_figure_has_its_places_and_the_runs_that_bear_it(known):
    (place,) = known["share-handled-2017"].places
    assert (place.as_printed, place.section) == ("97% were handled", "Overview")
    assert ("condition", "within 24 hours of arrival") in place.runs
    assert known["share-handled-2017"].condition == "within 24 hours"


def test_nothing_is_looked_for_but_what_is_asked_for(known, monkeypatch):
    asked = []
    make = figure_details._details

    def details(ledger, wanted, *given, **more):
        asked.append(wanted)
        return make(ledger, wanted, *given, **more)

    monkeypatch.setattr(figure_details, "_details", details)
    assert len(known) == 7
    assert "stores-per-plant" in known
    assert "no-figure" not in known
    assert asked == []
    assert known["repair-plants"] is known["repair-plants"]
    assert asked == ["repair-plants"]
    with pytest.raises(KeyError):
        known["no-figure"]


def test_what_is_our_reading_stands_with_its_reason(known):
    ((what, why),) = known["kettles-recalled-2017"].because
    assert what == "rounded to 10,000"
    assert "widest" in why


def test_a_derived_figure_names_what_it_is_from_and_that_names_it(known):
    assert known["stores-per-plant"].inputs == ("repair-plants", "stores-closed-2017")
    assert known["repair-plants"].derived == ("stores-per-plant",)


def test_the_items_and_pages_that_use_a_figure_are_found(known):
    assert [item.id for item in known["repair-plants"].items] == ["plants-repair"]
    assert "index.md" in known["stores-closed-2017"].shown_on


def test_figures_of_one_measure_are_shown_with_what_is_otherwise(book):
    text = (book / "data/statistics/kettles.yml").read_text().split("- id: kettles-recalled")[0]
    again = text.replace("stores-closed-2017", "stores-closed-group").replace(
        "the company", "the group"
    )
    (book / "data/statistics/group.yml").write_text(again)
    ledger = session.load(book)
    (other,) = figure_details.AllDetails(ledger, [])["stores-closed-2017"].others
    assert other.fields == (("covers", "the group"),)
    assert (other.found.about, other.found.intervals) == (("scope",), "the same")


def test_the_whole_ledger_is_data_with_a_row_a_statistic(ledger, known):
    data = json.loads(downloads.ledger_json(ledger, known))
    assert {one["id"] for one in data["statistics"]} == set(ledger.statistics)
    assert data["derived"][0]["interval"]["low"] == "1000/3"
    text = as_csv(TABLES["statistics"], ledger, known)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["id"] for row in rows] == list(ledger.statistics)


def test_no_text_in_the_csv_is_a_formula_to_a_spreadsheet(edit, book):
    edit("data/measures.yml", "label: stores closed", 'label: "=cmd()"')
    ledger = session.load(book)
    text = as_csv(TABLES["statistics"], ledger, figure_details.AllDetails(ledger, []))
    labels = {row["id"]: row["label"] for row in csv.DictReader(io.StringIO(text))}
    assert labels["stores-closed-2017"] == "'=cmd()"


@pytest.mark.parametrize(
    ("value", "unit", "spelled"),
    [
        (Fraction(1606), "people", {"1606", "1,606"}),
        (Fraction("4.3") * 10**9, "RMB", {"4300000000", "4,300,000,000", "4.3 billion"}),
        (Fraction(42), "percent", {"42", "42 percent"}),
    ],
)
def test_a_figure_is_found_by_each_way_to_type_it(value, unit, spelled):
    assert spelled <= set(search.spellings(value, unit))


def test_the_search_has_each_figure_by_digits_measure_and_id(ledger, known):
    found = {one["id"]: one for one in search.records(ledger, known, [], lambda _: "")}
    record = found["stores-closed-2017"]
    assert "1,000" in record["digits"]
    assert "stores closed" in record["title"]
    assert record["address"] == "stat/stores-closed-2017.html"
    assert found["stores-per-plant"]["kind"] == "figure computed here"


def test_what_no_page_tells_is_not_found(ledger, known):
    records = list(search.records(ledger, known, [], lambda _: ""))
    script = search.as_script(records)
    assert "plants-repair" in [one["id"] for one in records]
    assert '"id": "plants-repair"' not in script


def test_a_figure_is_cited_with_its_party_and_what_the_settings_say(known):
    edition = Edition(
        title="Kettles & Lids", author="A. Author", copyright="2026", base="https://a.test"
    )
    text = edition.in_text(known["stores-closed-2017"].figure)
    assert "as stated by Kettle Company" in text
    assert text.endswith("In: Kettles & Lids. https://a.test/stat/stores-closed-2017.html")
    assert r"Kettles \& Lids" in bibtex(of_figure(edition, known["stores-closed-2017"].figure))


def test_no_year_is_made_up_where_the_settings_name_none(known):
    edition = Edition(title="K", author="A", copyright="", base="")
    assert "year" not in bibtex(of_figure(edition, known["repair-plants"].figure))
