"""What Chromium prints of the small book and of this one, as a reader of the PDF has it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest

from tallybook.site import pdf
from tests.browser.fixtures import NO_CHROMIUM
from tests.helpers import groups

LARGEST = 5_000_000  # bytes
pytestmark = groups.slow("browser")


@pytest.fixture(scope="module", params=["small", "real"])
def printed(request) -> Path:
    """The PDF of a whole book."""
    if not shutil.which("chromium"):
        pytest.skip(NO_CHROMIUM)
    name = "built" if request.param == "small" else "site"
    found = request.getfixturevalue(name)
    book = found if request.param == "small" else found.parent.parent
    return pdf.make(book)


@pytest.fixture(scope="module")
def reader(printed) -> pypdf.PdfReader:
    """The same, read."""
    return pypdf.PdfReader(printed)


def structure(element: Any) -> Iterator[dict[str, Any]]:
    """The elements below one of the structure that screen readers follow."""
    found = element.get_object()
    if isinstance(found, list):
        for each in found:
            yield from structure(each)
    elif isinstance(found, dict):
        if "/S" in found:
            yield found
        yield from structure(found["/K"]) if "/K" in found else ()


def links(reader: pypdf.PdfReader) -> Iterator[Any]:
    """The links of a PDF."""
    for page in reader.pages:
        for each in page.get("/Annots", []):
            if each.get_object()["/Subtype"] == "/Link":
                yield each.get_object()


def test_it_is_tagged_and_says_its_title_and_language(reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Kettles" in reader.metadata.title or "Asked" in reader.metadata.title
    elements = list(structure(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/P", "/L", "/Link", "/Table", "/TH", "/Figure"} <= {
        each["/S"] for each in elements
    }
    assert all(each.get("/Alt") for each in elements if each["/S"] == "/Figure")


def test_its_links_lead_somewhere(reader):
    there, inner = reader.named_destinations, 0
    for link in links(reader):
        if "/Dest" in link:
            assert link["/Dest"] in there
            inner += 1
        else:
            assert link["/A"]["/URI"].startswith(("https://", "http://", "mailto:"))
    assert inner > 10


def test_the_contents_name_the_sheets_on_which_the_chapters_begin(reader):
    text = reader.pages[0].extract_text()
    told = [int(each) for each in re.findall(r" (\d+)$", text.partition("Contents")[2], re.M)]
    begin = [
        reader.get_destination_page_number(each) + 1
        for each in reader.outline
        if not isinstance(each, list)
    ][1:]
    assert told == begin
    for number in begin:
        assert reader.pages[number - 1].extract_text().startswith(f"{number}\n")


def test_charts_are_drawn_and_the_file_is_light(printed, reader):
    assert not any(page.images for page in reader.pages)
    assert printed.stat().st_size < LARGEST


def test_no_sheet_is_empty(reader):
    assert all(len(page.extract_text()) > 100 for page in reader.pages)


def test_it_is_the_same_when_it_is_printed_again(printed):
    book = printed.parents[1]
    again = pdf.make(book, out=printed.with_name("again.pdf")).read_bytes()
    now = re.compile(rb"Date \(D:\d+")  # of the clock, in a book that has no commit
    assert now.sub(b"", again) == now.sub(b"", printed.read_bytes())
