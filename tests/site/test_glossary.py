"""The page of names and terms, and where else the site has them."""

from __future__ import annotations

import json

from tests.helpers.small_site import build, page

NAMES = """
- name: WTO
  what: The World Teapot Order.
  also: [World Teapot Order, teapot guild]
- {name: <b>Lid & Co, what: A maker of lids.}
- {name: aluminium, what: A metal.}
"""


def test_a_page_lists_the_names_with_what_they_are_and_the_search_leads_there(built_book):
    (built_book / "data/names.yml").write_text(NAMES)
    path = built_book / "index.md"
    path.write_text(path.read_text() + "\n```{ledger-names}\n```\n")
    result = build(built_book)
    assert result.returncode == 0, result.stderr

    entries = page(built_book, "index.html").select("li[id^=name-]")
    assert [entry["id"] for entry in entries] == ["name-b-lid-co", "name-aluminium", "name-wto"]
    assert entries[0].strong.text == "<b>Lid & Co"
    shown = " ".join(entries[2].text.split())
    assert shown == "WTO: The World Teapot Order. Also: teapot guild."

    site = built_book / "_build/html"
    script = (site / "_static/search-index.js").read_text(encoding="utf-8")
    index = json.loads(script.partition("tallybookSearch = ")[2].strip().rstrip(";"))
    found = {one["title"]: one for one in index if one["kind"] == "name"}
    assert found["WTO"]["address"] == "index.html#name-wto"
    assert not [one for one in index if one["kind"] == "page" and "teapot" in one["text"]]
    names = (site / "_static/names.js").read_text(encoding="utf-8")
    assert '["WTO", "World Teapot Order", "teapot guild"]' in names
    assert json.loads((site / "data/ledger.json").read_text())["names"][2]["name"] == "WTO"

    (built_book / "data/names.yml").write_text(NAMES.replace("A metal", "A light metal"))
    assert build(built_book).returncode == 0
    assert "A light metal" in page(built_book, "index.html").text


def test_a_book_without_names_has_an_empty_list_of_them(built):
    script = (built / "_build/html/_static/names.js").read_text(encoding="utf-8")
    assert script == '"use strict";\nwindow.tallybookNames = [];\n'
