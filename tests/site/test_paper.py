"""The pages of the site as one document for paper, and what is said where none can be printed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest
from bs4 import BeautifulSoup

from tallybook.errors import NotPrinted, UnknownId
from tallybook.site import pdf
from tallybook.site.citations import Edition
from tallybook.site.paper import Entry, Paper, _take_out_what_is_for_screens
from tests.helpers import small_site

PAGES = ("index.html", "notebooks/kettles.html")
BASE = "https://example.org/kettles"


def paper(book: Path, base: str = "") -> Paper:
    """The site of a book as a document for paper."""
    return Paper(book / "_build/html", "index", Edition("Kettles", "A. B.", "2024", base, "2"))


def document(book: Path, base: str = "") -> BeautifulSoup:
    """The whole book as a document for paper."""
    return BeautifulSoup(paper(book, base).document(), "html.parser")


def ids(page: BeautifulSoup) -> list[str]:
    """Every id of a page, in order."""
    return [each["id"] for each in page.find_all(id=True)]


def stated(page: BeautifulSoup) -> set[tuple[str, str]]:
    """What a page claims of the ledger, and the words for it."""
    return {(each["data-of"], each.get_text()) for each in page.find_all(attrs={"data-of": True})}


def test_the_pages_come_in_the_order_of_the_contents(built):
    found = paper(built).contents
    assert [each.name for each in found] == ["index", "notebooks/kettles"]
    chapters = document(built).select(".tb-chapter")
    assert [each["id"] for each in chapters] == ["index", "notebooks/kettles"]


def test_each_id_is_there_once_and_each_link_within_the_document_leads_to_one(built):
    page = document(built)
    found = ids(page)
    assert len(found) == len(set(found))
    inner = [a["href"] for a in page.find_all("a", href=True) if a["href"].startswith("#")]
    assert len(inner) > len(PAGES)
    assert {unquote(each[1:]) for each in inner} <= set(found)


def test_drawings_take_their_own_parts_by_the_new_ids(built):
    page = document(built)
    used = {
        unquote(value[5:-1])
        for svg in page.find_all("svg")
        for each in svg.find_all(True)
        for value in each.attrs.values()
        if isinstance(value, str) and value.startswith("url(#")
    }
    assert used <= set(ids(page))


def test_nothing_is_said_that_no_page_says(built):
    of_pages = set().union(*(stated(small_site.page(built, name)) for name in PAGES))
    found = stated(document(built))
    assert found
    assert found <= of_pages


def test_a_figure_leads_to_the_note_of_its_number(built):
    page = document(built)
    links = page.select("article a.tallybook-figure[data-note]")
    assert links
    for link in links:
        note = page.find(id=unquote(link["href"][1:]))
        assert note.parent.find_all("li").index(note) + 1 == int(link["data-note"])
        assert link.get_text() in note.get_text()


def test_what_is_shut_on_the_site_is_named_and_left_out(built):
    page = document(built)
    assert not page.find_all("details", open=False)
    assert not page.select(".tb-narrow, .tb-controls, .headerlink")
    assert len(page.select("svg[role=img]")) == len(page.select(".tb-wide"))


def test_what_an_author_folds_is_opened_and_notes_keep_their_numbers():
    article = lxml.html.fromstring(
        """<article><details><summary>More</summary>
        <a aria-describedby="card-b">two</a></details>
        <details class="tb-fold"><summary>All lids</summary><a aria-describedby="card-a">one</a>
        </details><section class="tb-notes"><ol><li id="card-a">one</li><li id="card-b">two</li>
        </ol></section></article>"""
    )
    _take_out_what_is_for_screens(article)
    assert [each.get("open") for each in article.iter("details")] == [""]
    assert [(each.get("value"), each.text) for each in article.iter("li")] == [("2", "two")]
    assert "On the site: All lids" in article.text_content()


def test_a_drawing_says_its_title_and_what_it_shows(built):
    drawing = document(built).select_one("svg[role=img]")
    title, shown = drawing.title.get_text(), drawing.desc.get_text()
    assert drawing["aria-label"] == f"{title}. {shown}"


def test_files_of_the_site_are_linked_where_its_address_is_known(built):
    assert not document(built).select('a[href^="https://example.org"]')
    links = {a["href"] for a in document(built, BASE).select('a[href^="https://example.org"]')}
    assert BASE in links
    assert all(each == BASE or (built / "_build/html" / each[len(BASE) + 1 :]).is_file()
               for each in links)  # fmt: skip


def test_styles_and_pictures_are_loaded_from_the_site(built):
    page = document(built)
    styles = [link["href"] for link in page.find_all("link", rel="stylesheet")]
    assert styles
    for address in [*styles, *(image["src"] for image in page.find_all("img"))]:
        assert Path(unquote(address.removeprefix("file://"))).is_file()


def test_a_page_alone_has_no_contents_and_ends_with_the_books_own_line(built):
    one = paper(built)
    page = BeautifulSoup(one.document(one.entry("kettles")), "html.parser")
    assert page.title.get_text() == f"{one.entry('kettles').title} – Kettles"
    assert not page.select(".tb-list")
    assert [each["id"] for each in page.select(".tb-chapter")] == ["notebooks/kettles"]
    assert "Kettles" in page.footer.get_text()


def test_the_contents_name_the_sheets_that_they_are_given(built):
    text = paper(built).document(numbers={"index": 2, "notebooks/kettles": 31})
    entries = BeautifulSoup(text, "html.parser").select(".tb-list li")
    assert [each.b.get_text() for each in entries] == ["2", "31"]


def test_an_unknown_page_is_refused_with_the_nearest(built):
    with pytest.raises(UnknownId, match=r"no page 'ketles'\. Did you mean 'kettles'\?"):
        paper(built).entry("ketles")


def test_a_name_of_two_pages_is_refused(built, monkeypatch):
    one = paper(built)
    both = [Entry("a/lids", "Lids"), Entry("b/lids", "Other lids")]
    monkeypatch.setattr(Paper, "contents", both)
    assert one.entry("a/lids") == both[0]
    with pytest.raises(UnknownId, match="no single page 'lids'"):
        one.entry("lids")


def test_a_book_without_a_site_and_a_stale_site_are_not_printed(book, built_book):
    with pytest.raises(NotPrinted, match="no site yet"):
        pdf.make(book)
    with (built_book / "index.md").open("a") as page:
        page.write("\nMore.\n")
    with pytest.raises(NotPrinted, match="not of the files as they are"):
        pdf.make(built_book)


def test_the_command_says_in_a_line_why_nothing_is_printed(book):
    result = small_site.run(book, "pdf")
    assert result.returncode == 1
    assert result.stderr == f"tallybook: {pdf._NO_SITE}\n"
    assert small_site.run(book, "pdf", "one", "two").returncode == 2


def test_without_chromium_nothing_is_printed(built_book, monkeypatch):
    monkeypatch.setattr(pdf, "NAMES", ("no-such-browser",))
    with pytest.raises(NotPrinted, match="printed by Chromium"):
        pdf.make(built_book)


@pytest.mark.parametrize("does", ["echo it broke >&2; exit 1", "echo it broke >&2"])
def test_a_browser_that_fails_leaves_the_file_that_was_there(built_book, monkeypatch, does):
    browser = built_book.parent / "browser"
    browser.write_text(f"#!/bin/sh\n{does}\n")
    browser.chmod(0o755)
    monkeypatch.setattr(pdf, "NAMES", (str(browser),))
    out = built_book / "_build/old.pdf"
    out.write_bytes(b"old")
    with pytest.raises(NotPrinted, match="has not printed: it broke"):
        pdf.make(built_book, out=out)
    assert out.read_bytes() == b"old"
    assert not [path for path in out.parent.iterdir() if path.suffix == ".tmp"]


def test_an_edition_is_of_the_time_that_is_given_or_of_its_commit(book, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert pdf.moment(book) == datetime(1970, 1, 2, tzinfo=UTC)
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert pdf.moment(book) is None


def test_what_is_put_into_the_site_stays_until_the_next_build(built_book, monkeypatch):
    monkeypatch.setattr(pdf, "_book", lambda *_: b"%PDF-")
    monkeypatch.setattr(pdf, "NAMES", ("sh",))
    inside = built_book / "_build/html/book.pdf"
    assert pdf.make(built_book, out=inside) == inside
    assert "Nothing has changed" in small_site.build(built_book).stdout
    with (built_book / "index.md").open("a") as page:
        page.write("\nMore.\n")
    assert small_site.build(built_book).returncode == 0
    assert not inside.exists()
