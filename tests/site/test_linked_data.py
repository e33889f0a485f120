"""What pages say to programs in the words of schema.org is by its vocabulary, and the ledger's."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tallybook.audit.audit import audit
from tallybook.notebooks.book import Book
from tests.helpers.addressed import BASE, TITLE
from tests.helpers.schema_org import mistakes
from tests.helpers.small_site import page

CLOSED = "stat/stores-closed-2017.html"


def said_by(book: Path, name: str) -> dict:
    """What a page says to programs."""
    (found,) = page(book, name).find_all("script", type="application/ld+json")
    return json.loads(found.string)


def names(book: Path) -> list[str]:
    return sorted(f"stat/{path.name}" for path in (book / "_build/html/stat").glob("*.html"))


def test_all_that_pages_say_is_by_the_vocabulary_of_schema_org(built, addressed_book):
    for book in (built, addressed_book):
        assert len(names(book)) == 8
        for name in names(book):
            assert list(mistakes(said_by(book, name))) == [], name


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data["about"].update({"@type": "Observed"}), "/about: 'Observed'"),
        (lambda data: data.update(minValue=1000), "/minValue: no property of Claim"),
        (lambda data: data["about"].update(minValue="1,000"), "/about/minValue: '1,000'"),
        (lambda data: data["about"].update(citation="it"), "/about/citation: no property of Obs"),
        (lambda data: data.update(author="Kettle Company"), "/author: 'Kettle Company'"),
        (lambda data: data.update(license="CC BY"), "/license: 'CC BY'"),
        (lambda data: data["about"].update(observationDate="in 2017"), "/about/observationDate"),
        (lambda data: data.update(licence=BASE), "/licence: no such property"),
        (lambda data: data.update(publisher=data["about"]), "/publisher: Observation is none of"),
    ],
)
def test_what_is_not_by_the_vocabulary_is_found(change, where, addressed_book):
    data = said_by(addressed_book, CLOSED)
    change(data)
    found = next(mistakes(data))
    assert found.startswith(where)


def test_a_stated_figure_is_the_claim_of_its_party_with_what_is_known_of_it(addressed_book):
    data = said_by(addressed_book, CLOSED)
    assert data["@type"] == "Claim"
    assert data["author"] == {"@type": "Organization", "name": "Kettle Company"}
    assert data["url"] == f"{BASE}/{CLOSED}"
    assert data["temporalCoverage"] == "2017-01-01/2017-12-31"
    assert [each["name"] for each in data["citation"]] == ["Annual report of the Kettle Company"]
    assert (data["version"], data["isPartOf"]["name"]) == ("1.2", TITLE)
    about = data["about"]
    assert (about["minValue"], about["unitText"]) == (1000, "stores")
    # "More than 1,000" is near no value and has no upper end.
    assert not {"value", "maxValue"} & set(about)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ("share-handled-2017", {"value": 97, "minValue": 96.5, "maxValue": 97.5}),
        ("repair-time-2016", {"maxValue": 2}),
        ("repair-plants", {"value": 3, "minValue": 3, "maxValue": 3}),
    ],
)
def test_a_value_and_the_ends_that_are_known_are_said_and_no_others(figure, expected, built):
    about = said_by(built, f"stat/{figure}.html")["about"]
    assert {name: about[name] for name in about if name.lower().endswith("value")} == expected


def test_a_computed_figure_is_based_on_others_and_is_nobodys_claim(addressed_book):
    data = said_by(addressed_book, "stat/stores-per-plant.html")
    assert data["@type"] == "CreativeWork"
    assert data["author"]["name"] == "Ann & Bob, editors"
    assert {each["identifier"] for each in data["isBasedOn"]} == {
        "repair-plants",
        "stores-closed-2017",
    }
    assert "citation" not in data


def test_the_index_of_figures_describes_the_data_set_with_its_files(addressed_book, built):
    data = said_by(addressed_book, "stat/index.html")
    assert data["@type"] == "Dataset"
    assert data["license"] == "https://spdx.org/licenses/CC-BY-4.0.html"
    assert data["temporalCoverage"] == "2016-01-01/2017-12-31"
    assert len(data["description"]) > 50
    for each in data["distribution"]:
        assert each["contentUrl"].startswith(f"{BASE}/data/")
        assert (addressed_book / "_build/html/data" / each["name"]).is_file()
    assert any(each["name"] == "ledger.parquet" for each in data["distribution"])
    # Without an address of the site, addresses are those of files beside it.
    without = json.dumps(said_by(built, "stat/index.html")["distribution"])
    assert "../data/ledger.csv" in without
    assert "http" not in without


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (CLOSED, '"minValue": 1000', '"minValue": 1001'),
        (CLOSED, '"minValue": 1000', '"value": 1000, "minValue": 1000'),
        (CLOSED, "2017-12-31", "2018-12-31"),
        (CLOSED, '"@type": "Claim"', '"@type": "Fact"'),
        (CLOSED, 'data-of="linked:stores-closed-2017"', 'data-of="linked:repair-plants"'),
        (CLOSED, ' data-of="linked:stores-closed-2017"', ""),
        ("stat/index.html", "2016-01-01/", "2015-01-01/"),
    ],
)
def test_the_audit_finds_what_the_ledger_does_not_say(name, old, new, built_book):
    path = built_book / "_build/html" / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert audit(built_book / "_build/html", Book(built_book)).faults


def test_no_name_can_end_the_element_or_run(addressed_book):
    for name in names(addressed_book):
        text = (addressed_book / "_build/html" / name).read_text()
        (inner,) = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', text)
        assert not set("<>&") & set(inner)
        assert json.loads(inner)
