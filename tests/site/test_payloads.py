"""Text from YAML and from cells stands on pages as text, whatever it looks like."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from tallybook.tables.table import spreadsheet_safe
from tests.helpers.small_site import BOOKS, NOTEBOOK, build

PAYLOAD = (
    "<script>alert(x)</script>\"><img src=x onerror=alert(x)>'</title></style>]]>{{x*x}}${x*x}"
    "&lt;pwn>--><svg/onload=x></script>javascript:alert(x)`[x](javascript:x)\\"
)
FIELDS = frozenset(
    "title party publisher section name label definition unit scope of in_words note text because"
    " rounded_because members said_by".split()
)
MARKED = re.compile(r"javascript:alert\(x\)")


def spoiled(value: object, key: str = "") -> object:
    """The data of a YAML file with the payload behind each free text."""
    match value:
        case dict():
            return {name: spoiled(each, name) for name, each in value.items()}
        case list():
            return [spoiled(each, key) for each in value]
        case str() if key in FIELDS and value not in ("unstated", "weeks", "percent", "hours"):
            return value + PAYLOAD
        case str() if key == "as_printed":
            return value + PAYLOAD.replace(" ", "/").replace("(1)", "").replace("7*7", "x").replace(
                "003", ""
            )
    return value


@pytest.fixture(scope="module")
def payloads(tmp_path_factory) -> Path:
    """The small book, each of whose free texts ends in the payload, and its site."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("payloads") / "kettles"))
    for path in book.glob("data/**/*.yml"):
        data = spoiled(yaml.safe_load(path.read_text(encoding="utf-8")))
        quoted = yaml.safe_dump(data, allow_unicode=True, default_style='"', width=10**6)
        path.write_text(re.sub(r'!!int "(\d+)"', r"\1", quoted), encoding="utf-8")
    _spoil_notebook(book / NOTEBOOK)
    config = book / "_config.yml"
    settings = yaml.safe_load(config.read_text()) | {"title": PAYLOAD, "author": PAYLOAD}
    config.write_text(yaml.safe_dump(settings | {"copyright": PAYLOAD}))
    lists = "```{ledger-missing}\n```\n\n```{ledger-items} reply\n```\n\n```{book-citation}\n```\n"
    (book / "index.md").write_text(
        f"{(book / 'index.md').read_text()}\n{lists}\n## {{item}}`repair-more`\n"
    )
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


def _spoil_notebook(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for text in ("stores closed per plant", "Stores closed", "the same company"):
            cell.source = cell.source.replace(f'{text}"', f'{text}" + {PAYLOAD!r}')
        cell.source = cell.source.replace('"Stores"', f'"Stores" + {PAYLOAD!r}')
    nbformat.write(notebook, path)


def pages(book: Path) -> dict[str, BeautifulSoup]:
    site = book / "_build/html"
    paths = sorted(site.rglob("*.html"))
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_bytes(), "lxml")
        for path in paths
    }


def forms(soup: BeautifulSoup) -> Counter[str]:
    """How often each element with its attributes stands on a page."""
    return Counter(f"{tag.name} {sorted(tag.attrs)}" for tag in soup.find_all(True))


def test_no_page_has_an_element_or_attribute_more_for_what_its_texts_say(payloads, built):
    harmless = pages(built)
    found = pages(payloads)
    assert sorted(found) == sorted(harmless)
    for name in found.keys() - {"index.html", "search.html"}:
        more = set(forms(found[name])) - set(forms(harmless[name]))
        # A longer title of a chart stands in lines.
        assert not [form for form in more if not form.startswith(("text ", "tspan "))], name


def test_no_page_has_anything_that_runs(payloads):
    for name, soup in pages(payloads).items():
        assert not soup.select("img[src=x], svg[onload], pwn, [onerror]"), name
        run = [
            each for each in soup.find_all("script") if each.get("type") != "application/ld+json"
        ]
        assert all(not script.get_text(strip=True) for script in run), name
        links = [tag[at] for at in ("href", "src") for tag in soup.find_all(attrs={at: True})]
        assert not [link for link in links if "javascript:" in link.lower()], name


def test_the_texts_stand_on_the_pages_as_they_are(payloads):
    found = pages(payloads)
    for name in ("index.html", NOTEBOOK.replace("ipynb", "html"), "stat/stores-closed-2017.html"):
        text = found[name].get_text()
        assert text.count(PAYLOAD) >= 3, name
        assert PAYLOAD in found[name].title.get_text()


def test_a_cited_text_in_a_heading_is_text_in_the_contents_too(payloads):
    headings = pages(payloads)["index.html"].select_one("#tb-headings").get_text()
    assert PAYLOAD.partition('"')[0] in headings


def test_drawings_have_shapes_and_texts_only(payloads):
    known = {"svg", "g", "path", "rect", "line", "text", "tspan", "title", "desc", "defs",
             "clipPath", "linearGradient", "stop", "circle"}  # fmt: skip
    for path in (payloads / "_build/html").rglob("*.svg"):
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
        assert tags <= known, path


def test_data_files_hold_the_texts_as_they_are(payloads):
    site = payloads / "_build/html"
    for path in (*site.glob("data/*.json"), *site.glob("charts/*.json")):
        json.loads(path.read_text(encoding="utf-8"))
    data = json.loads((site / "data/ledger.json").read_text(encoding="utf-8"))
    assert data["sources"][0]["title"].endswith(PAYLOAD)
    with (site / "data/ledger.csv").open(newline="", encoding="utf-8") as file:
        assert all(
            row["label"].endswith(PAYLOAD) or PAYLOAD in row["label"]
            for row in csv.DictReader(file)
        )


def test_scripts_hold_texts_that_end_no_script(payloads):
    site = payloads / "_build/html"
    for path in (site / "_static/search-index.js", *(site / "charts").glob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert MARKED.search(text)
        assert not re.search(r"</script|<!--|<script|\u2028|\u2029", text), path


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", " =", "\n+"]
)
def test_no_cell_of_a_spreadsheet_begins_as_a_formula(start):
    assert spreadsheet_safe(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    ("escape", "code"),
    [
        ("\\u202e", "U+202E"), ("\\u2066", "U+2066"), ("\\u200b", "U+200B"), ("\\u200e", "U+200E"),
        ("\\ufeff", "U+FEFF"), ("\\u2028", "U+2028"), ("\\x07", "U+0007"), ("\\x7f", "U+007F"),
        ("\\u061c", "U+061C"), ("\\U000e0041", "U+E0041"), ("\\ue000", "U+E000"),
    ],
)  # fmt: skip
def test_a_character_that_no_one_sees_is_refused_with_its_place(escape, code, problems, edit):
    edit("data/missing.yml", "How many lids", f'"How {escape} many lids')
    edit("data/missing.yml", "are made\n", 'are made"\n')
    assert problems()[0].startswith(f"data/missing.yml:2:10: character {code} is not allowed")
