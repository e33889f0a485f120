"""The built site of the small book, and what ends its build."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup

from tests.helpers.groups import but_first
from tests.helpers.small_site import NOTEBOOK, build, page, spoil


@pytest.fixture
def book(built_book):
    return built_book


@pytest.fixture
def index(built) -> BeautifulSoup:
    return page(built, "index.html")


def test_a_stated_figure_in_prose_keeps_its_hedge_and_leads_to_its_page(built, index):
    figure = index.find("a", class_="tallybook-figure")
    assert figure.text == "more than 1,000"
    assert page(built, figure["href"]).h1.text.startswith("more than 1,000")


def test_a_derived_figure_is_cited_from_another_page_in_the_words_of_its_interval(built, index):
    figure = index.find("a", class_="tallybook-derived")
    assert figure.text == "more than 333"
    assert "stores closed per plant" in page(built, figure["href"]).h1.text


def test_roles_give_periods_counts_sources_and_items(index):
    text = " ".join(index.find("section").text.split())
    assert "stores in 2017, says Annual report of the Kettle Company." in text
    assert "holds 6 figures" in text
    assert index.find("a", class_="tallybook-item")["href"] == "#item-repair-more"


def test_the_reason_for_combining_figures_stands_beside_the_result(built):
    text = page(built, "notebooks/kettles.html").text
    assert "The plants are those of the same company" in text


def test_every_link_on_the_site_leads_somewhere(built):
    for name in ("index.html", "notebooks/kettles.html"):
        for link in page(built, name).find("article").find_all("a", href=True):
            target, _, anchor = link["href"].partition("#")
            path = (built / "_build/html" / name).parent / (target or Path(name).name)
            assert path.exists(), link["href"]
            assert not anchor or f'id="{anchor}"' in path.read_text(), link["href"]


def test_the_chart_stands_in_the_page_itself_with_a_role_and_a_title(built):
    chart = page(built, "notebooks/kettles.html").find("figure", class_="tallybook-chart")
    assert chart.svg["role"] == "img"
    assert chart.svg.title.text == "Stores closed"


def test_a_chart_has_its_rows_in_words_too(built):
    chart = page(built, "notebooks/kettles.html").find("figure", class_="tallybook-chart")
    title = chart.find("title").text
    description = chart.find("desc").text
    assert description.startswith("Stores: more than 1,000, Kettle Company")
    assert title not in description


def test_no_page_loads_anything_from_another_host(built):
    for path in (built / "_build/html").rglob("*.html"):
        loaded = re.findall(
            r'(?:src|href)="(https?://[^"]+)"[^>]*(?:rel="stylesheet")?', path.read_text()
        )
        scripts = page(built, path.relative_to(built / "_build/html").as_posix()).find_all(
            ["script", "link", "img"]
        )
        addresses = [tag.get("src") or tag.get("href") or "" for tag in scripts]
        assert not [address for address in addresses if "//" in address], loaded


def test_the_site_is_not_built_from_a_notebook_older_than_the_data(book):
    path = book / "data/statistics/kettles.yml"
    path.write_text(path.read_text().replace("scope: the company", "scope: the firm"))
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(book)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert f"{NOTEBOOK} is stale: " in result.stderr
    assert "`kettles-recalled-2017`: scope the company → the firm" in result.stderr
    assert "To execute it: tallybook run" in result.stderr


def test_pages_that_cite_a_changed_figure_show_it_at_the_next_build(book):
    path = book / "data/measures.yml"
    path.write_text(path.read_text().replace("label: stores closed", "label: shops closed"))
    assert build(book).returncode == 0
    assert "shops closed" in page(book, "index.html").find(id="card-stores-closed-2017").text
    assert "shops closed" in page(book, "stat/stores-closed-2017.html").h1.text


def replaced(book: Path, name: str, old: str, new: str) -> None:
    path = book / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


KETTLES, INDEX = "data/statistics/kettles.yml", "index.md"
TABLES = "from tallybook import tables\ntables"
EDITS = {
    "the book's title": [[("_config.yml", "title: Kettles", "title: All kettles")]],
    "figures": [
        [
            (KETTLES, "value: 1000\n", "value: 2002\n"),
            (KETTLES, "more than 1,000 stores", "more than 2,002 stores"),
        ],
        [(KETTLES, "scope: the company", "scope: the whole company")],
    ],
    "words": [
        [("data/measures.yml", "label: stores closed", "label: shops closed")],
        [("data/comparison.yml", "label: ", "label: Newly ")],
        [("data/sources.yml", "title: Annual report", "title: Yearly report")],
        [(INDEX, "# ", "# More on ")],
    ],
    "the page of what others cite": [[(INDEX, "```{ledger-sources}\n```\n", "")]],
}


def files_of(site: Path) -> dict[str, bytes]:
    paths = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("name", but_first(EDITS, "rebuilding"))
def test_a_site_that_is_built_again_after_edits_is_a_new_one(name, book, tmp_path):
    for edits in EDITS[name]:
        for edit in edits:
            replaced(book, *edit)
        again = build(book)
    new = Path(shutil.copytree(book, tmp_path / "new", ignore=shutil.ignore_patterns("_build")))
    afresh = build(new)
    assert again.returncode == afresh.returncode
    said = afresh.stderr.replace(str(new), str(book))
    assert set(again.stderr.splitlines()) == set(said.splitlines())
    if afresh.returncode == 0:
        assert files_of(book / "_build/html") == files_of(new / "_build/html")


def test_a_page_that_is_taken_out_is_on_the_site_no_more(book):
    toc, before = book / "_toc.yml", files_of(book / "_build/html")
    without = toc.read_text()
    (book / "more.md").write_text("# More\n\n![a chart](more.png)\n")
    (book / "more.png").write_bytes(next((book / "_build/html/charts").glob("*.png")).read_bytes())
    toc.write_text(f"{without}  - file: more\n")
    assert build(book).returncode == 0
    assert {"more.html", "_images/more.png"} <= {*files_of(book / "_build/html")}
    toc.write_text(without)
    assert build(book).returncode == 0
    assert files_of(book / "_build/html") == before


def test_what_ended_a_build_ends_the_next_one_too(book):
    replaced(book, INDEX, "{item}`repair-more`", "{item}`repair-mor`")
    first, second = build(book), build(book)
    assert (first.returncode, second.returncode) == (1, 1)
    assert first.stderr == second.stderr


def test_a_page_of_the_site_that_was_changed_by_hand_is_made_anew(book):
    assert build(book).returncode == 0
    path = book / "_build/html/index.html"
    before = path.read_bytes()
    path.write_bytes(before + b"<p>97%</p>")
    assert build(book).returncode == 0
    assert path.read_bytes() == before


def test_unknown_ids_end_the_build_with_page_and_cell_and_the_nearest_id(book):
    spoil(book, "{stat}`stores-closed-2017`", "{stat}`stores-close-2017`")
    index = book / "index.md"
    index.write_text(index.read_text().replace("{item}`repair-more`", "{item}`repair-mor`"))
    result = build(book)
    assert result.returncode == 1
    assert f"{NOTEBOOK}, cell 1: no statistic 'stores-close-2017'. Did you mean" in result.stderr
    assert "index.md:3: no item 'repair-mor'. Did you mean 'repair-more'?" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_item_that_no_page_lists_ends_the_build_and_a_figure_need_not_be_listed(book):
    data = book / "data/statistics/kettles.yml"
    first, *rest = re.split(r"(?m)^(?=- id: )", data.read_text())[1:]
    data.write_text("".join(rest))
    (book / "data/statistics/stores.yml").write_text(first)
    index = book / "index.md"
    index.write_text(index.read_text().partition("```{ledger-items}")[0])
    result = build(book)
    assert result.returncode == 1
    assert "'repair-more' is cited, but no page says where it comes from" in result.stderr
    assert "stores-closed-2017" not in result.stderr


def test_an_output_that_was_changed_by_hand_ends_the_build_by_any_command(book):
    path = book / NOTEBOOK
    path.write_text(path.read_text().replace('"1000/3"', '"99999"'))
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(book)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert f"{NOTEBOOK} is stale: its outputs were changed since" in result.stderr


@pytest.mark.parametrize(
    ("text", "says"), [("", "is empty"), ("a: [", "not YAML"), ("- a", "settings")]
)
def test_settings_that_are_none_end_the_build_with_their_place(text, says, book):
    (book / "_config.yml").write_text(text)
    result = build(book)
    assert result.returncode == 1
    assert re.search(f"_config.yml:\\d+:\\d+: .*{says}", result.stderr)
    assert "Traceback" not in result.stderr


def test_a_problem_in_the_data_ends_the_build_with_its_place(book):
    path = book / "data/statistics/kettles.yml"
    path.write_text(path.read_text().replace("value: 1000", "value: 1001"))
    result = build(book)
    assert result.returncode == 1
    assert "data/statistics/kettles.yml:3:10: statistic 'stores-closed-2017'" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_id_that_two_notebooks_publish_ends_the_build(book):
    shutil.copy(book / NOTEBOOK, book / "notebooks/again.ipynb")
    result = build(book)
    assert result.returncode == 1
    assert "publishes 'stores-per-plant', which notebooks/again.ipynb has already" in result.stderr


def test_text_from_the_data_is_shown_as_text(book):
    path = book / "data/comparison.yml"
    path.write_text(path.read_text().replace("label: Repair more", "label: <script>x</script>"))
    assert build(book).returncode == 0
    assert "&lt;script&gt;x&lt;/script&gt;" in (book / "_build/html/index.html").read_text()


def test_a_changed_stylesheet_is_on_the_site_at_the_next_build(book):
    config = book / "_config.yml"
    given = "config: {html_static_path: [static], html_css_files: [own.css]}"
    config.write_text(config.read_text().replace("sphinx: {", f"sphinx: {{{given}, "))
    (book / "static").mkdir()
    for colour in ("red", "blue"):
        (book / "static/own.css").write_text(f"p {{ color: {colour} }}")
        result = build(book)
        assert result.returncode == 0, result.stderr
        assert colour in (book / "_build/html/_static/own.css").read_text()


def test_building_again_without_a_change_executes_nothing(book):
    result = build(book)
    assert result.returncode == 0
    assert "Nothing has changed" in result.stdout


def test_where_nothing_has_changed_the_command_imports_no_ledger(book):
    command = [sys.executable, "-X", "importtime", "-m", "tallybook.cli.main", "build"]
    result = subprocess.run(command, cwd=book, capture_output=True, text=True, check=True)
    assert "Nothing has changed" in result.stdout
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "tallybook.files" in imported
    assert not {name for name in imported if name.startswith("tallybook.ledger")}


HEDGES = {
    "more than": "stores-closed-2017",  # has it already: "more than more than 1,000"
    "nearly": "repair-plants",  # printed without a hedge
    "at least": "stores-per-plant",  # "more than 333": its end is not included
    "exactly": "stores-per-plant",
}


def test_prose_that_hedges_a_figure_by_itself_ends_the_build_with_each_place(book):
    path = book / "index.md"
    expected = []
    for hedge, wanted in HEDGES.items():
        path.write_text(f"{path.read_text()}\nIt is {hedge} {{stat}}`{wanted}` of them.\n")
        line = len(path.read_text().splitlines())
        expected.append(f"index.md:{line}: '{hedge}' before '{wanted}'")
    result = build(book)
    assert result.returncode == 1
    assert [each for each in expected if each not in result.stderr] == []
    assert "Traceback" not in result.stderr


def test_prose_may_call_exact_what_is_known_exactly(book):
    path = book / "index.md"
    path.write_text(f"{path.read_text()}\nExactly {{stat}}`repair-plants` plants.\n")
    assert build(book).returncode == 0


def test_a_missing_figure_and_an_event_lead_to_where_they_are_told(book):
    path = book / "index.md"
    cited = "{missing}`lids-made`, {event}`plant-opened`"
    notebook = nbformat.read(book / NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(f"{TABLES}.dated_events(ledger)"))
    nbformat.write(notebook, book / NOTEBOOK)
    path.write_text(f"{path.read_text()}\n{cited}\n\n```{{ledger-missing}}\n```\n")
    result = build(book)
    assert result.returncode == 0, result.stderr
    soup = page(book, "index.html")
    assert soup.find("a", class_="tallybook-missing")["href"] == "#missing-lids-made"
    target, _, anchor = soup.find("a", class_="tallybook-event")["href"].partition("#")
    assert "6 June 2017" in page(book, target).find(id=anchor).text


def test_what_is_explained_on_two_pages_leads_to_the_reader_s_own_page_first(book):
    (book / "again.md").write_text("# Again\n\n{source}`report`\n\n```{ledger-sources}\n```\n")
    toc = book / "_toc.yml"
    toc.write_text(toc.read_text() + "  - file: again\n")
    result = build(book)
    assert result.returncode == 0, result.stderr
    link = page(book, "again.html").find("a", class_="tallybook-source")
    assert link["href"] == "#source-report"


def test_a_table_that_asks_for_it_can_be_sorted_and_no_other(book):
    notebook = nbformat.read(book / NOTEBOOK, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(f"{TABLES}.all_statistics(ledger)"))
    nbformat.write(notebook, book / NOTEBOOK)
    assert build(book).returncode == 0
    tables = page(book, "notebooks/kettles.html").find_all("table", class_="tallybook-table")
    assert ["tallybook-sortable" in table["class"] for table in tables][-1] is True
    assert sum("tallybook-sortable" in table["class"] for table in tables) == 1


def test_a_conflict_that_git_left_in_a_page_ends_the_build(built_book):
    index = built_book / "index.md"
    whole = index.read_text()
    left = "<<<<<<< HEAD\nOld words.\n=======\nNew words.\n>>>>>>> branch\n"
    index.write_text(f"{whole}\n{left}")
    assert "index.md:16: two edits are left here by git: keep one" in build(built_book).stderr
    index.write_text(f"{whole}\n```text\n{left}```\n")
    result = build(built_book)
    assert result.returncode == 0, result.stderr


def test_a_build_of_which_half_was_deleted_is_whole_again(book):
    before = files_of(book / "_build/html")
    for name in (".aside/html/stat", ".aside/html/charts", "html"):
        shutil.rmtree(book / "_build" / name)
    result = build(book)
    assert result.returncode == 0, result.stderr
    assert files_of(book / "_build/html") == before
