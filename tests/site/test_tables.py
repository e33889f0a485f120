"""Tables of notebooks on pages: their texts, rows, and what stands in them for later."""

from __future__ import annotations

import pickle
import shutil

import pytest
from docutils import nodes

from tallybook.site.figure_pages import FigureReference
from tallybook.site.tables import TableRow
from tests.helpers.extra_pages import add, code, words
from tests.helpers.small_site import BOOKS, build, page

PAGE = "notebooks/extra.html"
START = code("from tallybook.tables.table import Table")
QUOTED = """The "Kettle" -- it's the 'club' ..."""
STORES, PLANTS, RECALLED, SHARE = (
    {"figure": wanted, "text": "its words"}
    for wanted in (
        "stores-closed-2017",
        "repair-plants",
        "kettles-recalled-2017",
        "share-handled-2017",
    )
)
REPORT = {"source": "report", "text": "the report"}
INSIDE = f'Table(("In it",), [[{RECALLED}]], note="It\'s inside").fold("More & more")'
CELLS = (
    START,
    code(f"Table(('What', 'Says'), [[{QUOTED!r}, [['\"', {STORES}, '\" stores']]]])"),
    words(f"Words.\n\n{QUOTED}"),
    code("Table(('<b> \"A\" & B',), [['<i>a@example.org</i>\\n']], title='<u>')"),
    code(f"Table(('What', 'Where'), [['a', {PLANTS}], [{REPORT}, []]], inside=[{INSIDE}, None])"),
    code(f"Table(('Last',), [[{SHARE}]])"),
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    book = shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("tables") / "kettles")
    add(book, *CELLS)
    result = build(book)
    assert result.returncode == 0, result.stdout + result.stderr
    return book


@pytest.fixture(scope="module")
def tables(shown):
    return page(shown, PAGE).main.select(".cell_output table")


def test_quotes_and_dashes_are_set_in_a_cell_as_in_prose(shown, tables):
    prose = page(shown, PAGE).main.find("p", string=lambda text: text and "Kettle" in text)
    assert tables[0].tbody.th.text == prose.text == "The “Kettle” – it’s the ‘club’ …"


def test_quotes_around_a_figure_open_and_close(tables):
    assert tables[0].tbody.td.text == "“more than 1,000” stores"


def test_what_a_cell_says_is_text_and_its_label_the_head_of_its_column(tables):
    assert tables[1].caption.find(class_="caption-text").text == "<u>"
    assert tables[1].thead.th.text == "<b> “A” & B"
    assert tables[1].tbody.th.text.strip() == "<i>a@example.org</i>"
    assert tables[1].tbody.th["data-label"] == '<b> "A" & B'
    assert not tables[1].select("b, i, u")


def test_a_row_heads_itself_and_a_table_opens_beneath_it(tables):
    first, opened, last = tables[2].tbody.find_all("tr", recursive=False)
    assert (first.th["scope"], first.td["data-label"]) == ("row", "Where")
    assert [each["class"] for each in (first, opened, last)] == [
        ["row-even"], ["tb-inside", "row-odd"], ["row-even"]
    ]  # fmt: skip
    assert opened.td["colspan"] == "2"
    assert opened.summary.text == "More & more"
    assert opened.find("p", class_="tallybook-note").text == "It’s inside"
    assert last.td.text == ""


def test_a_page_that_opens_with_a_table_is_described_by_its_first_paragraph(shown):
    assert page(shown, PAGE).find("meta", {"name": "description"})["content"] == "Words."


def test_a_figure_that_only_a_fold_shows_has_the_last_note(shown):
    links = page(shown, PAGE).main.select(".cell_output a.tallybook-figure")
    numbers = {each["id"].removeprefix("cite-"): each["data-note"] for each in links}
    assert numbers == {
        "stores-closed-2017": "1",
        "repair-plants": "2",
        "kettles-recalled-2017": "4",
        "share-handled-2017": "3",
    }


def test_a_page_keeps_one_node_of_a_row_and_its_references(shown):
    kept = shown / "_build/.aside/.doctrees/notebooks/extra.doctree"
    doctree = pickle.loads(kept.read_bytes())  # noqa: S301  # it was built here
    rows = [*doctree.findall(TableRow)]
    assert len(rows) == 2 + 2 + 3 + 2 + 2
    assert {type(each) for row in rows for each in row.children} == {FigureReference}
    assert not [*doctree.findall(nodes.entry)]


def test_a_cell_that_hedges_a_figure_by_itself_ends_the_build_with_its_place(built_book):
    add(built_book, START, code(f"Table(('What',), [[[['it is nearly ', {PLANTS}]]]])"))
    told = build(built_book).stderr
    assert "notebooks/extra.ipynb, cell 3: 'nearly' before 'repair-plants' is not what it" in told


def test_a_row_with_more_cells_than_heads_is_refused_with_its_cell(built_book):
    add(built_book, START, code("Table(('What',), [['a']], inside=[Table((), [['b']])])"))
    told = build(built_book).stderr
    assert "notebooks/extra.ipynb, cell 3: its table is none of tallybook's: ValueError" in told
    assert "Traceback" not in told
