"""Names of pages and files: any script, two of a name in two folders, and names that are taken."""

from __future__ import annotations

import json
import re
import shutil
import zlib
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from tallybook.audit.audit import audit
from tallybook.notebooks.book import Book
from tallybook.site import names
from tallybook.site.charts import chart_id
from tallybook.site.publish import Publication
from tests.helpers.small_site import BOOKS, build, page

ODD = "a#b & (c) 'd' %20+e Größe 北京 2017"
PAGE = """(sec1)=
# A page

(Sold in 2017)=
## More

The Kettle Company closed {{stat}}`stores-closed-2017` stores: [](sec1), {{doc}}`{odd}`,
{{download}}`../2017/kettles-2017.csv`, {{download}}`kettles-2017.csv`.

![A plot](../2017/kettles-2017.png) ![Another](kettles-2017.png)
"""
CONTENTS = """format: jb-book
root: index
chapters:
  - file: notebooks/kettles
  - file: "notebooks/more/kettles"
  - file: "notebooks/{odd}"
  - file: 2017 report/01_page
"""
PNG = (
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6364f8cf500f0003060180b2a8d7f40000000049454e44ae426082"
)


def written(book):
    """A book with names as books have them, and two of a name in two folders."""
    folders = [book / name for name in ("2017 report", "2017", "notebooks/more")]
    for number, folder in enumerate(folders):
        folder.mkdir()
        if number < 2:
            (folder / "kettles-2017.csv").write_text("own\n"[number:])
            (folder / "kettles-2017.png").write_bytes(bytes.fromhex(PNG) + bytes([number]))
    text = PAGE.format(odd=f"../notebooks/{ODD}")
    (folders[0] / "01_page.md").write_text(text, encoding="utf-8")
    (book / "_toc.yml").write_text(CONTENTS.format(odd=ODD), encoding="utf-8")
    for name, title in (("more/kettles", "Shops that are gone"), (ODD, "Stores that are gone")):
        notebook = nbformat.read(book / "notebooks/kettles.ipynb", as_version=4)
        chart = (
            "shops = ledger.frame(ids={'stores-closed-2017': 'Shops'})\n"
            f'charts.bars(shops, title="{title}")'
        )
        notebook.cells = [cell for cell in notebook.cells if "publish" not in cell.source][:2]
        notebook.cells += [nbformat.v4.new_code_cell(f"from tallybook import charts\n{chart}")]
        nbformat.write(notebook, book / f"notebooks/{name}.ipynb")


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("odd") / "kettles"))
    written(book)
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


def test_each_link_leads_to_its_file_whatever_its_name(odd):
    site = odd / "_build/html"
    for path in site.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for link in (each["href"] for each in soup.find_all(href=True)):
            if link == "data:,":  # a card has no icon
                continue
            target = unquote(urlsplit(link).path)
            # The page for what is not found may be shown at any address.
            folder = site if target.startswith("/") else path.parent
            assert (folder / target.lstrip("/")).exists(), (path.name, link)


def test_two_notebooks_of_a_name_have_a_chart_and_files_each(odd):
    for name, title in (("kettles", "Stores closed"), ("more/kettles", "Shops that are gone")):
        figure = page(odd, f"notebooks/{name}.html").find("figure", class_="tallybook-chart")
        assert figure.svg.title.text == title
        links = [a["href"] for a in figure.find_all("a", download=True)]
        assert len(links) == 4
        path = odd / "_build/html/notebooks" / Path(name).parent
        drawing, spec = (path / links[0]).read_text(), json.loads((path / links[3]).read_text())
        assert f"<title>{title}</title>" in drawing
        assert spec["title"]["text"] == title if isinstance(spec["title"], dict) else title


def test_downloads_and_pictures_of_a_name_are_two_files(odd):
    site = odd / "_build/html"
    assert {path.read_text() for path in site.glob("_downloads/*/*.csv")} == {"own\n", "wn\n"}
    assert len({path.read_bytes() for path in site.glob("_images/*.png")}) == 2


def test_files_of_another_notebooks_chart_are_a_fault(odd, tmp_path):
    book = Path(shutil.copytree(odd, tmp_path / "kettles"))
    folder = book / "_build/html/charts"
    for path in folder.glob("chart-more__kettles-1.*"):
        shutil.copyfile(path, folder / path.name.replace("more__kettles", "kettles"))
    faults = [str(each) for each in audit(book / "_build/html", Book(book)).faults]
    assert any("the files of 'chart-kettles-1' are not of this page's chart" in f for f in faults)


def test_a_numeral_that_is_no_name_is_found_in_the_inventory(odd, tmp_path):
    book = Path(shutil.copytree(odd, tmp_path / "kettles"))
    path = book / "_build/html/objects.inv"
    packed = path.read_bytes().split(b"\n", 4)
    text = zlib.decompress(packed[4]).decode()
    assert "2017%20report/01_page.html" in text
    head = b"\n".join(packed[:4]) + b"\n"
    added = "4013 std:label -1 index.html# 4013 kettles\nindex 97% std:doc -1 index.html Kettles\n"
    path.write_bytes(head + zlib.compress((text + added).encode()))
    faults = [str(each) for each in audit(book / "_build/html", Book(book)).faults]
    assert sorted({re.findall("'[^']+'", each)[0] for each in faults}) == ["'4013'", "'97'"]


PAGES = st.text(st.sampled_from("aA-_/.öo\u03085fx%2"), min_size=1, max_size=6)


@given(PAGES, PAGES, st.integers(1, 20), st.integers(1, 20))
def test_no_two_charts_have_an_id_in_common_on_any_file_system(one, other, first, second):
    ids = [chart_id(f"notebooks/{one}", first), chart_id(f"notebooks/{other}", second)]
    assert (ids[0] == ids[1]) == ((one, first) == (other, second))
    assert all(
        re.fullmatch(r"[a-z0-9_-]+", each) and normalize("NFC", each) == each for each in ids
    )


def test_charts_of_the_first_page_have_its_name_and_of_no_other_page():
    pages = ["book/index", "notebooks/index", "index", "more/index"]
    ids = [chart_id(page, 1, first="book/index") for page in pages]
    assert ids[0] == "chart-index-1"
    assert len(set(ids)) == len(pages)


def test_a_long_name_has_an_id_that_file_systems_take():
    long = "notebooks/" + "größe/" * 60
    ids = {chart_id(f"{long}{end}", 1) for end in ("a", "b")}
    assert len(ids) == 2
    assert all(len(each) < 220 for each in ids)


TAKEN = {
    "search": "search.md: the build itself writes search.html",
    "Search": "Search.md: the build itself writes search.html",
    "404": "404.md: the build itself writes 404.html",
    "genindex": "genindex.md: the build itself writes genindex.html",
    "stat/index": "stat/index.md: the build itself writes what is in stat/",
    "Stat/more": "Stat/more.md: the build itself writes what is in stat/",
    "charts/more": "charts/more.md: the build itself writes what is in charts/",
    "Index": "Index.md: on many file systems its page would be that of index.md",
    "gro\u0308ße": "gro\u0308ße.md: on many file systems its page would be that of größe.md",
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_page_whose_name_is_taken_is_refused(name):
    pages = {each: f"{each}.md" for each in ("index", "größe", "data/more", "notebooks/stat", name)}
    (said,) = names.of_pages(pages, "index")
    assert said.startswith(TAKEN[name])


def test_a_page_named_index_is_refused_where_another_one_is_the_first():
    (said,) = names.of_pages({"index": "index.md", "book/index": "book/index.md"}, "book/index")
    assert said.startswith("index.md: the build itself writes index.html, which is the")


def test_files_for_the_root_replace_none_of_the_site(tmp_path):
    for name in ("robots.txt", "_headers", "data/more.csv", "Data/ledger.csv", "index.html",
                 "stat/x.html", "_static/more.css", "search.html", "more.txt"):  # fmt: skip
        (tmp_path / "extra" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "extra" / name).touch()
    (tmp_path / "more.txt").touch()
    given = [tmp_path / "extra", tmp_path / "more.txt"]
    said = [*names.of_files(tmp_path, given, {"index.html": "index.md"})]
    assert [each.partition(":")[0] for each in said] == [
        "extra/Data/ledger.csv", "extra/_static/more.css", "extra/index.html",
        "extra/search.html", "extra/stat/x.html", "more.txt",
    ]  # fmt: skip


def test_all_that_the_build_would_replace_is_refused_at_once(book, edit):
    (book / "search.md").write_text("# Search\n")
    (book / "notebooks/kettles.md").write_text("# Kettles\n")
    headings = "## Item repair more\n\n## Cite stores closed 2017\n\n## Main\n"
    (book / "index.md").write_text(f"{(book / 'index.md').read_text()}\n{headings}")
    edit("_toc.yml", "chapters:\n", "chapters:\n  - file: search\n")
    result = build(book)
    assert result.returncode == 1
    assert "search.md: the build itself writes search.html: rename the file" in result.stderr
    assert (
        "notebooks/kettles.md: its page would be that of notebooks/kettles.ipynb" in result.stderr
    )
    assert "index.md:16: the build itself sets #item-repair-more on this page" in result.stderr
    assert "#cite-stores-closed-2017" in result.stderr
    assert "#main" not in result.stderr


@pytest.mark.parametrize("is_there", [True, False])
def test_a_site_that_is_a_link_stays_one(is_there, tmp_path):
    built, site, elsewhere = (tmp_path / name for name in ("built", "book/html", "public/html"))
    for folder in (built, site.parent, elsewhere if is_there else built):
        folder.mkdir(parents=True, exist_ok=True)
    site.symlink_to(elsewhere)
    for text in ("old", "new"):
        (built / "index.html").write_text(text)
        Publication(built, site, tmp_path / "kept.json").publish()
        assert site.is_symlink()
        assert (elsewhere / "index.html").read_text() == text
    assert [path.name for path in elsewhere.parent.iterdir()] == ["html"]
