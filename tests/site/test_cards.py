"""Other sites can show a figure: as a card in a frame, as a picture, by oEmbed."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from tallybook.audit.audit import audit
from tallybook.notebooks.book import Book
from tallybook.notebooks.session import load
from tests.helpers.addressed import BASE
from tests.helpers.small_site import build, page

CLOSED = "stores-closed-2017"
SVG = "{http://www.w3.org/2000/svg}"


def card(book: Path, figure: str = CLOSED) -> BeautifulSoup:
    return page(book, f"stat/{figure}/card.html")


def picture(book: Path, figure: str = CLOSED) -> ElementTree.Element:
    path = book / f"_build/html/stat/{figure}/card.svg"
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))


def words_of(root: ElementTree.Element) -> str:
    return " ".join(each.text for each in root.iter(f"{SVG}text"))


def test_a_card_says_who_when_how_exactly_and_leads_to_the_figure(built):
    found = card(built)
    assert found.h1.text == "more than 1,000 stores closed"
    said, exactly, of = (each.text for each in found.main.find_all("p"))
    assert said == "Kettle Company says so for 2017: the company."
    assert exactly == "What its words allow: above 1,000 stores; how far above is not said."
    assert of == "Where it is printed Kettles"
    to = found.main.a["href"]
    assert (built / f"_build/html/stat/{CLOSED}" / to).resolve().name == f"{CLOSED}.html"


def test_each_figure_has_a_card_and_its_picture_says_the_same(built):
    ledger = load(built)
    for figure in (*ledger.statistics, "stores-per-plant"):
        told = [each.text for each in card(built, figure).main.find_all(["h1", "p"])]
        root = picture(built, figure)
        for part in told[:3]:
            assert part in words_of(root), figure
        assert root.find(f"{SVG}title").text == told[0]
    assert "Computed in this book." in card(built, "stores-per-plant").text


def test_the_words_of_a_picture_stay_within_it(addressed_book):
    for path in (addressed_book / "_build/html/stat").glob("*/card.svg"):
        root = picture(addressed_book, path.parent.name)
        height = int(root.get("height"))
        lines = [int(each.get("y")) for each in root.iter(f"{SVG}text")]
        assert lines == sorted(set(lines))
        assert 0 < lines[0] < lines[-1] < height - 10


def test_a_card_and_its_picture_load_nothing_of_others_and_run_nothing(addressed_book):
    for path in (addressed_book / "_build/html/stat").glob("*/card.*"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script|\son\w+=|<style|\sstyle=|javascript:", text)
        assert not re.search(r'(?:src|xlink:href)="', text)
    (sheet,) = card(addressed_book).find_all("link", rel="stylesheet")
    folder = addressed_book / f"_build/html/stat/{CLOSED}"
    assert (folder / sheet["href"]).resolve() == (
        addressed_book / "_build/html/_static/card.css"
    ).resolve()


def test_the_page_of_a_figure_says_how_to_embed_it(addressed_book):
    found = page(addressed_book, f"stat/{CLOSED}.html")
    shown = found.find("pre", attrs={"data-of": f"embed:{CLOSED}"}).text
    code = BeautifulSoup(shown, "html.parser")
    assert code.iframe["src"] == f"{BASE}/stat/{CLOSED}/card.html"
    assert code.img["src"] == f"{BASE}/stat/{CLOSED}/card.svg"
    assert code.a["href"] == f"{BASE}/stat/{CLOSED}.html"
    assert code.iframe["title"] == "more than 1,000 stores closed"
    assert code.iframe["height"] == picture(addressed_book).get("height")
    assert "Kettle Company says so for 2017" in code.img["alt"]


def test_oembed_is_found_from_the_page_and_gives_the_same_frame(addressed_book):
    found = page(addressed_book, f"stat/{CLOSED}.html")
    link = found.head.find("link", type="application/json+oembed")
    assert link["href"] == f"{BASE}/stat/{CLOSED}/oembed.json"
    path = addressed_book / "_build/html" / link["href"].removeprefix(f"{BASE}/")
    data = json.loads(path.read_text(encoding="utf-8"))
    assert (data["version"], data["type"]) == ("1.0", "rich")
    assert data["author_name"] == "Kettle Company"
    shown = found.find("pre", attrs={"data-of": f"embed:{CLOSED}"}).text
    assert shown.startswith(data["html"])
    frame = BeautifulSoup(data["html"], "html.parser").iframe
    assert (str(data["width"]), str(data["height"])) == (frame["width"], frame["height"])


def test_without_an_address_there_is_a_card_and_no_code(built):
    found = page(built, f"stat/{CLOSED}.html")
    assert found.find("link", type="application/json+oembed") is None
    assert not (built / f"_build/html/stat/{CLOSED}/oembed.json").exists()
    section = found.find(id="embed").find_next_sibling("p")
    for link in section.find_all("a"):
        assert (built / "_build/html/stat" / link["href"]).is_file()
    assert found.find("pre", attrs={"data-of": f"embed:{CLOSED}"}) is None


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (f"{CLOSED}/card.html", "1,000", "1,001"),
        (f"{CLOSED}/card.html", "says so", "denies it"),
        (f"{CLOSED}/card.svg", "1,000", "1,001"),
        (f"{CLOSED}/card.svg", "2017", "2018"),
        (f"{CLOSED}/oembed.json", '"height": 1', '"height": 2'),
        (f"{CLOSED}.html", "&lt;iframe", "&lt;iframe 5"),
    ],
)
def test_the_audit_makes_a_card_anew_and_compares(name, old, new, addressed_book, tmp_path):
    site = Path(shutil.copytree(addressed_book / "_build/html", tmp_path / "html"))
    path = site / "stat" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    faults = audit(site, Book(addressed_book)).faults
    assert [fault.path for fault in faults if name in fault.path]


def test_a_card_of_no_figure_is_looked_at_as_a_page(addressed_book, tmp_path):
    site = Path(shutil.copytree(addressed_book / "_build/html", tmp_path / "html"))
    (site / "stat/invented").mkdir()
    (site / "stat/invented/card.html").write_text("<h1>9<b>7</b>% of stores</h1>")
    faults = audit(site, Book(addressed_book)).faults
    assert "stat/invented/card.html" in [fault.path for fault in faults]


def test_the_card_of_a_figure_that_is_gone_is_removed_with_its_folder(built_book):
    folder = built_book / "_build/html/stat/requests-decline-2017"
    assert (folder / "card.html").is_file()
    path = built_book / "data/renamed.yml"
    path.write_text("- {old: requests-decline-2017, new: requests-fell-2017}\n")
    data = built_book / "data/statistics/kettles.yml"
    data.write_text(data.read_text().replace("requests-decline-2017", "requests-fell-2017"))
    for name in ("comparison.yml", "changes.yml"):
        if (other := built_book / "data" / name).is_file():
            other.write_text(
                other.read_text().replace("requests-decline-2017", "requests-fell-2017")
            )
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert not folder.exists()
    assert (built_book / "_build/html/stat/requests-fell-2017/card.html").is_file()
