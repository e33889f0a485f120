"""The pages of figures, their notes, the downloads and the search of the small book's site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest

from tests.helpers.extra_pages import add, code, words
from tests.helpers.small_site import NOTEBOOK, build, page, spoil

STAT = "_build/html/stat"
CLOSED = "stores-closed-2017"


@pytest.fixture
def book(built_book):
    return built_book


def stamp(book: Path, name: str) -> int:
    return (book / STAT / name).stat().st_mtime_ns


def test_each_figure_stated_or_derived_has_a_page(built):
    names = {path.stem for path in (built / STAT).glob("*.html")}
    assert {CLOSED, "stores-per-plant", "index"} <= names
    assert (
        page(built, f"stat/{CLOSED}.html").h1.text.split()
        == "more than 1,000 stores closed".split()
    )


def test_a_page_of_a_figure_says_who_states_it_how_it_was_printed_and_what_it_allows(built):
    text = page(built, f"stat/{CLOSED}.html").article.text
    assert "Kettle Company says so for 2017: the company." in text
    assert "“more than 1,000 stores”" in text
    assert "above 1,000 stores; how far above is not said" in text


def test_card_title_heading_and_description_name_a_figure_alike(built):
    soup = page(built, "stat/share-handled-2017.html")
    name = "share of requests handled in time, within 24 hours: 97%"
    assert " ".join(soup.h1.text.split()) == name
    assert soup.title.text.startswith(name)
    assert soup.find("meta", attrs={"name": "description"})["content"].startswith(f"{name}. ")
    assert name in soup.select_one(".tb-citation").text


def test_what_is_not_stated_is_said_in_the_facts_alone(built):
    article = page(built, "stat/repair-plants.html").article
    assert "stated" not in article.select_one(".tb-lead").text
    facts = [each.get_text(strip=True) for each in article.select_one(".tb-facts")("dd")]
    assert facts.count("not stated") == 1


def test_what_the_sentence_around_says_stands_by_the_printed_words(built):
    text = page(built, "stat/repair-plants.html").find(id="as-printed").text
    assert "“Three plants”" in text
    assert "In our words: The company repairs kettles at these plants." in text


def test_the_derivation_links_both_ways(built):
    made = page(built, "stat/stores-per-plant.html").find(id="derivation")
    assert made.find("a", href=f"{CLOSED}.html")
    assert "The plants are those of the same company" in made.text
    used = page(built, f"stat/{CLOSED}.html").find(id="derivation")
    assert used.find("a", href="stores-per-plant.html")


def test_every_link_on_a_page_of_a_figure_leads_somewhere(built):
    for path in (built / STAT).glob("*.html"):
        for link in page(built, f"stat/{path.name}").article.find_all("a", href=True):
            target, _, anchor = link["href"].partition("#")
            found = path.parent / (target or path.name)
            assert found.is_file(), link["href"]
            assert not anchor or f'id="{anchor}"' in found.read_text(), link["href"]


def test_a_figure_on_a_page_is_described_by_its_note_which_has_its_number(built):
    soup = page(built, "index.html")
    for link in soup.find_all("a", class_="tallybook-figure"):
        note = soup.find(id=link["aria-describedby"])
        assert note.parent.find_all("li").index(note) + 1 == int(link["data-note"])
        assert "title" not in link.attrs
    assert "Computed here from" in soup.find(id="card-stores-per-plant").text


def test_notes_on_figures_in_folds_come_last_and_are_left_out_on_paper(built_book):
    table = "tallybook.table(ledger.figures(*ids), because='Both are').fold('In full')"
    ids = "ids = ['repair-plants', 'stores-closed-2017']"
    add(
        built_book,
        code(f"import tallybook\nledger = tallybook.load()\n{ids}\n{table}"),
        words("Kettle Company closed {stat}`stores-closed-2017` stores."),
    )
    result = build(built_book)
    assert result.returncode == 0, result.stdout + result.stderr
    article = page(built_book, "notebooks/extra.html").article
    notes = article.select(".tb-notes li")
    assert [note["id"] for note in notes] == ["card-stores-closed-2017", "card-repair-plants"]
    assert [note.get("class") for note in notes] == [None, ["tb-folded"]]
    cited = article.find(id="cite-stores-closed-2017")
    assert cited["data-note"] == "1"
    assert cited.find_parent("details") is None


def test_no_page_has_an_id_twice_or_anything_inline(built):
    for path in (built / STAT).glob("*.html"):
        text = path.read_text()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path.name
        data = r'<script type="application/ld\+json"[^>]*>[^<]*</script>'  # which runs nowhere
        text = re.sub(data, "", text)
        assert not re.search(r'\sstyle="|<style|\son\w+="|<script(?![^>]*src)', text), path.name


def test_each_figure_can_be_taken_away_with_the_ledger(built):
    whole = json.loads((built / "_build/html/data/ledger.json").read_text())
    assert CLOSED in {figure["id"] for figure in whole["statistics"]}
    links = page(built, f"stat/{CLOSED}.html").find(id="take-away").find_all("a", download=True)
    files = [f"../data/{name}" for name in ("ledger.json", "ledger.csv", "derived.csv")]
    files += [f"{CLOSED}.{ending}" for ending in ("bib", "ris", "csl.json")]
    assert [link["href"] for link in links] == files
    assert "stores-per-plant" in (built / "_build/html/data/derived.csv").read_text()


def test_the_search_page_names_its_index_and_no_other_page_loads_it(built):
    field = page(built, "search.html").find("input", id="tb-find")
    index = (built / "_build/html" / field["data-index"]).read_text()
    assert '"id": "stores-closed-2017"' in index
    assert index.startswith('"use strict";\nwindow.tallybookSearch = [')
    for path in (built / "_build/html").rglob("*.html"):
        assert "search-index.js" not in path.read_text() or path.name == "search.html"
    assert not (built / "_build/html/searchindex.js").exists()


def test_pages_of_figures_are_written_only_when_what_they_are_made_of_changes(book):
    before = {name: stamp(book, name) for name in (f"{CLOSED}.html", "repair-time-2016.html")}
    assert build(book).returncode == 0
    assert {name: stamp(book, name) for name in before} == before
    data = book / "data/statistics/kettles.yml"
    data.write_text(
        data.read_text().replace("- id: kettles-rec", "  note: Ours.\n- id: kettles-rec")
    )
    assert build(book).returncode == 0
    assert stamp(book, f"{CLOSED}.html") != before[f"{CLOSED}.html"]
    assert stamp(book, "repair-time-2016.html") == before["repair-time-2016.html"]


def test_a_renamed_figure_leaves_a_page_that_leads_to_its_own(book):
    (book / "data/renamed.yml").write_text("- {old: stores-a-plant, new: stores-per-plant}\n")
    assert build(book).returncode == 0
    leading = page(book, "stat/stores-a-plant.html")
    assert leading.find("meta", attrs={"http-equiv": "refresh"})["content"].endswith(
        "url=stores-per-plant.html"
    )
    assert leading.find("a", href="stores-per-plant.html")
    (book / "data/renamed.yml").unlink()
    assert build(book).returncode == 0
    assert not (book / STAT / "stores-a-plant.html").exists()


@pytest.mark.parametrize(
    ("renamed", "says"),
    [
        ("- {old: a, new: stores-per-plan}", "data/renamed.yml:1:17: no figure 'stores-per-plan'"),
        ("- {old: stores-per-plant, new: repair-plants}", "'stores-per-plant' is published still"),
    ],
)
def test_a_renaming_to_no_figure_ends_the_build(renamed, says, book):
    (book / "data/renamed.yml").write_text(f"{renamed}\n")
    result = build(book)
    assert result.returncode == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_an_old_id_on_a_page_ends_the_build_with_the_id_of_today(book):
    (book / "data/renamed.yml").write_text(f"- {{old: stores-shut, new: {CLOSED}}}\n")
    spoil(book, f"{{stat}}`{CLOSED}`", "{stat}`stores-shut`")
    result = build(book)
    assert result.returncode == 1
    assert f"{NOTEBOOK}, cell 1: no statistic 'stores-shut'. It is '{CLOSED}' now." in result.stderr


def test_script_in_the_data_is_text_on_every_page_that_shows_it(book):
    path = book / "data/measures.yml"
    path.write_text(path.read_text().replace("label: stores closed", "label: <script>x</script>"))
    assert build(book).returncode == 0
    for name in (f"stat/{CLOSED}.html", "stat/index.html", "index.html"):
        text = (book / "_build/html" / name).read_text()
        assert "<script>x" not in text
        assert "&lt;script&gt;x" in text


@pytest.mark.parametrize("wanted", ["../escape", "index", "a" * 90])
def test_an_id_that_is_no_file_name_ends_the_build_with_its_cell(wanted, book):
    notebook = nbformat.read(book / NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = cell.source.replace('"stores-per-plant"', f'"{wanted}"')
    nbformat.write(notebook, book / NOTEBOOK)
    result = build(book)
    assert result.returncode == 1
    assert re.search(rf"{NOTEBOOK}, cell \d+: .*cannot be published", result.stderr)


def test_the_files_of_a_figure_that_is_no_more_are_removed(book):
    # An earlier version wrote the figure's data beside its page.
    for name in ("gone.html", f"{CLOSED}.json"):
        (book / "_build/.aside/html/stat" / name).write_text("gone")
        (book / STAT / name).write_text("gone")
    assert build(book).returncode == 0
    assert not (book / STAT / "gone.html").exists()
    assert not (book / STAT / f"{CLOSED}.json").exists()
