"""What readers type is found, the best first, by the search's own scripts in a browser."""

from __future__ import annotations

import shutil

import pytest

from tallybook.notebooks import session
from tallybook.site import figure_details, search
from tallybook.site.policy import THEME
from tallybook.site.search import Section
from tests.browser.chromium import State, looking
from tests.browser.server import serving
from tests.helpers.groups import slow

SCRIPTS = ("minisearch.js", "words.js", "names.js", "search-index.js", "search.js")
NAMES = """
- name: WTO
  what: The World Teapot Order, a guild.
  also: [World Teapot Order, guild of teapots]
- name: Kettle day
  what: A day on which kettles are repaired.
"""
TEXTS = {
    "Repairs": "What a plant repairs. The World Teapot Order asked for it.",
    "Lids": "Teapot lids were tested by police; a policy followed. Airbags are none.",
    "Bags": "Air bags of tea, and the air. Bags are many. Taking down a kettle.",
}


@pytest.fixture
def found(book, browser, tmp_path):
    """The kinds and titles that are found for a text, in their order, in a small index."""
    (book / "data/names.yml").write_text(NAMES)
    ledger = session.load(book)
    details = figure_details.AllDetails(ledger, [])
    pages = [Section(title, title, f"{title}.html#x", text) for title, text in TEXTS.items()]
    records = search.records(ledger, details, pages, lambda anchor: f"x.html#{anchor}")
    for name in ("minisearch.js", "words.js", "search.js"):
        shutil.copy(THEME / "static" / name, tmp_path)
    (tmp_path / "names.js").write_text(search.names_script(ledger))
    (tmp_path / "search-index.js").write_text(search.as_script(records))
    scripts = "".join(f'<script src="{name}"></script>' for name in SCRIPTS)
    (tmp_path / "page.html").write_text(f'<!doctype html><meta charset="utf-8">{scripts}')
    page = browser.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    page.evaluate("window.engine = searchEngine()")
    ask = "text => found(window.engine, text)[0].map((one) => `${one.kind}: ${one.title}`)"
    yield lambda text: page.evaluate(ask, text)
    page.close()


@pytest.mark.parametrize(
    "text", ["WTO", "wto", "World Teapot Order", "guild of teapots", "guilds of teapots"]
)
def test_a_name_is_found_by_each_of_its_spellings_and_so_is_what_has_any(text, found):
    results = found(text)
    assert results[0] == "name: WTO"
    assert "page: Repairs" in results


@pytest.mark.parametrize("text", ["airbag", "airbags", "air-bag", "air bag", "Air Bags"])
def test_a_word_is_found_where_it_is_written_as_two_or_in_its_plural(text, found):
    assert set(found(text)) == {"page: Lids", "page: Bags"}


def test_two_words_that_a_stop_parts_are_not_taken_for_one(found):
    assert "page: Bags" not in found("theair")
    assert "page: Bags" not in found("airbagsofatea")


@pytest.mark.parametrize("text", ["repair", "repairs", "repaired", "repairing"])
def test_endings_make_no_difference_and_a_page_stands_before_figures(text, found):
    assert found(text)[0] == "page: Repairs"
    assert "figure: three plants that repair" in found(text)


def test_a_whole_word_is_not_taken_for_the_start_of_another(found):
    assert found("police") == ["page: Lids"]
    assert found("policies") == ["page: Lids"]
    assert found("polices") == ["page: Lids"]


@pytest.mark.parametrize("text", ["1,000", "1000", "more than 1,000 stores"])
def test_a_figure_is_found_first_by_its_number(text, found):
    assert found(text)[0] == "figure: more than 1,000 stores closed"


def test_a_word_that_is_mistyped_is_found_where_nothing_has_it_as_typed(found):
    assert found("ketle") == found("kettle") != []


def test_where_nothing_has_all_words_what_has_any_is_found(found):
    assert found("lids xylophone")


def test_behind_a_few_with_all_words_come_those_with_some(found):
    results = found("repairs teapot")
    assert results[0] == "page: Repairs"
    assert {"page: Lids", "figure: three plants that repair"} <= set(results)


def test_what_is_besides_in_a_question_is_not_looked_for(found):
    assert found("what is the WTO") == found("WTO")
    assert found("the") == []


def test_a_filter_knows_names_and_endings(built, browser, tmp_path):
    site = shutil.copytree(built / "_build/html", tmp_path / "html")
    names = 'window.tallybookNames = [["KR", "kettle recall", "kettles recalled"]];'
    (site / "_static/names.js").write_text(names)
    with serving(site) as address, looking(browser, State()) as (page, heard):
        page.goto(f"{address}stat/index.html")
        field = page.locator(".tallybook-filter").first
        for text, count in (("KR", "1 row"), ("no such", "0 rows"), ("recalls", "1 row")):
            field.locator("input").fill(text)
            # The names are loaded when the field is used first.
            field.locator("[role=status]", has_text=count).wait_for()
        assert heard == []


@pytest.fixture(scope="module")
def searched(address, browser):
    """The kind and title of each result that the search page of this book shows for a text."""
    page = browser.new_page()

    def search_for(text):
        page.goto(f"{address}search.html")
        page.locator("#tb-find").fill(text)
        page.locator("#tb-results li").first.wait_for()
        entries = page.locator("#tb-results li").all()[:10]
        return [
            (each.locator(".tb-kind").inner_text(), each.locator("a").inner_text())
            for each in entries
        ]

    yield search_for
    page.close()


@slow("browser")
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("1,606", "1,606 suspects arrested"), ("1606", "1,606 suspects arrested"),
        ("arrests", "1,606 suspects arrested"), ("arrested", "1,606 suspects arrested"),
        ("1,400", "more than 1,400 participants in the Good Faith programme"),
        ("197,000", "more than 197,000 listings removed on requests through MarketSafe"),
        ("4.3 billion", "value of the cases: RMB 4.3 billion"),
        ("240,000", "240,000 stores closed, on suspicion of selling illicit goods"),
        ("SME", "SME"), ("SMEs", "SME"), ("IACC", "IACC"), ("AACA", "AACA"),
        ("International AntiCounterfeiting Coalition", "IACC"), ("DHgate", "DHgate"),
        ("Michael Evans", "Michael Evans"), ("airbag", "Wider ban on air bags"),
        ("air-bags", "Wider ban on air bags"),
        ("refund", "Refunds"), ("lawsuits", "Lawsuits"), ("takedowns", "Takedown requests"),
    ],
)  # fmt: skip
def test_what_readers_type_brings_first(text, first, searched):
    assert searched(text)[0][1] == first


@slow("browser")
@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("refund", "figure", "29% decline in the rate of refunds"),
        ("goalposts", "response", "Alibaba: new asks move the goalposts"),
        ("Good Faith", "page", "The Good Faith programme"),
        ("SMEs", "page", "Small businesses and rights holders"),
        ("court", "page", "Lawsuits"), ("penalty", "page", "Test purchases and penalties"),
        ("fake", "name", "Counterfeit"), ("mystery shopping", "name", "Test buy"),
        ("97%", "figure", "takedown requests handled in time, within 24 hours: 97%"),
    ],
)  # fmt: skip
def test_what_readers_type_has_among_the_first_three(text, kind, title, searched):
    assert (kind, title) in searched(text)[:3]


@slow("browser")
@pytest.mark.parametrize("text", ["arrests", "refund", "takedown", "test buys"])
def test_what_is_computed_stands_behind_chapters_and_stated_figures(text, searched):
    kinds = [kind for kind, _ in searched(text)]
    assert "figure computed here" not in kinds[:4]
