"""The frame of the pages of the small book's site, and the pages that belong to it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from sphinx.config import Config

from tallybook.site import code, layout
from tests.helpers.small_site import NOTEBOOK, build, page

PAGES = ("index.html", "notebooks/kettles.html", "stat/index.html", "search.html", "404.html")
ROOT = "https://example.org/kettles/"
OWN_HEADERS = "/*\n  Strict-Transport-Security: max-age=86400\n"
CURRENT = {"aria-current": "page"}


@pytest.fixture
def book(built_book):
    return built_book


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_our_own_files_and_no_other(name, built):
    soup = page(built, name)
    found = [tag.get("src") or tag.get("href") for tag in soup.head(["script", "link"])]
    loaded = [address for address in found if address]
    files = {address.split("?")[0].rpartition("/")[2] for address in loaded}
    extra = {"search.js", "kettles.html", "index.html"}
    ours = {"tallybook.css", "mode.js", "tallybook.js", "tables.js", "cards.js", "charts.js"}
    assert ours <= files <= ours | {"favicon.svg"} | extra


@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_is_inline(name, built):
    soup = page(built, name)
    inline = [tag for tag in soup("script") if not tag.get("src")]
    assert all(tag["type"] == "application/ld+json" for tag in inline)  # which no browser runs
    assert not soup("style")
    assert not [tag for tag in soup(True) if {"style", "onclick"} & set(tag.attrs)]


def test_of_the_parent_themes_nothing_is_left_beside_the_pages(built):
    names = {path.name for path in (built / "_build/html/_static").iterdir()}
    assert not names & {"scripts", "styles", "vendor", "basic.css", "doctools.js"}
    assert {"tallybook.css", "social-card.png", "vega.js"} <= names


def test_the_contents_mark_the_page_that_is_open(built):
    (here,) = page(built, "notebooks/kettles.html").find(id="tb-contents")("a", attrs=CURRENT)
    assert here.text == page(built, "notebooks/kettles.html").title.text.split(" – ")[0]


@pytest.mark.parametrize("name", ["index.html", "notebooks/kettles.html", "stat/index.html"])
def test_every_page_has_a_title_and_a_description_of_its_own(name, built):
    soup = page(built, name)
    assert soup.title.text
    assert len(soup("meta", attrs={"name": "description"})) == 1
    assert soup.find("meta", property="og:title")["content"] in soup.title.text + soup.h1.text


def test_the_page_for_wrong_addresses_leads_on_from_wherever_it_is_shown(built):
    soup = page(built, "404.html")
    addresses = [tag.get("href") or tag.get("src") for tag in soup(["a", "link", "script"])]
    assert all(re.match(r"/|#", address) for address in addresses if address)


def test_each_cell_names_its_column_for_narrow_pages(built):
    for table in page(built, "notebooks/kettles.html")("table", class_="tallybook-table"):
        heads = [head.get_text(strip=True) for head in table.thead("th")]
        for row in table.tbody("tr"):
            assert [cell["data-label"] for cell in row(["th", "td"])] == heads


@pytest.fixture(scope="module")
def dressed(built, tmp_path_factory):
    """The small book with a stylesheet and an address of its own, headings and folded code."""
    book = Path(shutil.copytree(built, tmp_path_factory.mktemp("dressed") / "kettles"))
    given = "html_static_path: [static], html_css_files: [own.css], html_extra_path: [extra], "
    given += f"html_baseurl: '{ROOT}'"
    config = book / "_config.yml"
    config.write_text(config.read_text().replace("sphinx: {", f"sphinx: {{config: {{{given}}}, "))
    (book / "static").mkdir()
    (book / "static/own.css").write_text("p { color: red }")
    (book / "extra").mkdir()
    (book / "extra/_headers").write_text(OWN_HEADERS)
    index = book / "index.md"
    index.write_text(
        f"{index.read_text()}\n## What was asked\n\nRepairs.\n\n## What came\n\nFew.\n"
    )
    notebook = nbformat.read(book / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.metadata["tags"] = ["hide-input"]
    nbformat.write(notebook, book / NOTEBOOK)
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


def test_a_file_that_the_settings_name_is_kept_and_loaded(dressed):
    assert (dressed / "_build/html/_static/own.css").is_file()
    assert "own.css" in str(page(dressed, "index.html").head)


def test_headers_that_the_book_brings_itself_are_kept(dressed):
    assert (dressed / "_build/html/_headers").read_text() == OWN_HEADERS


def test_the_headings_of_a_page_are_listed_beside_it(dressed):
    soup = page(dressed, "index.html")
    listed = [link["href"].removeprefix("#") for link in soup.find(id="tb-headings")("a")]
    assert listed == ["what-was-asked", "what-came"]
    assert [heading.parent["id"] for heading in soup.article("h2")] == listed


def test_code_is_folded_under_the_name_that_it_shows(dressed):
    (fold,) = page(dressed, "notebooks/kettles.html")("details", class_="tb-code")
    assert fold.summary.text == code.NAME
    assert not fold.summary.attrs


def test_the_address_of_the_site_gives_links_for_those_who_share_a_page(dressed):
    head = page(dressed, "notebooks/kettles.html").head
    assert head.find("meta", property="og:url")["content"] == f"{ROOT}notebooks/kettles.html"
    assert head.find("meta", property="og:image")["content"] == f"{ROOT}charts/chart-kettles-1.png"
    first = page(dressed, "index.html").head.find("meta", property="og:image")
    assert first["content"] == f"{ROOT}_static/social-card.png"
    assert head.find("link", rel="canonical")["href"] == f"{ROOT}notebooks/kettles.html"


def test_a_build_without_a_change_writes_no_page(dressed):
    before = (dressed / "_build/html/index.html").stat().st_mtime_ns
    assert build(dressed).returncode == 0
    assert (dressed / "_build/html/index.html").stat().st_mtime_ns == before


def test_a_books_own_settings_hold_before_ours_and_those_of_extensions():
    config = Config({}, {"notfound_urls_prefix": "/book/", "numfig": False})
    for name in ("html_theme", "notfound_urls_prefix", "notfound_context"):
        config.add(name, None, "env", ())
    config.add("html_baseurl", "", "html", ())
    config.add("tallybook_frame", {"copyright": "2021"}, "", ())
    config.numfig = True  # as sphinx-jupyterbook-latex has it
    layout._set_defaults(None, config)
    layout._restore_given(None, config)
    assert config.notfound_urls_prefix == "/book/"
    assert config.numfig is False
    assert config.copyright == "2021"
    assert "Page not found" in config.notfound_context["body"]
