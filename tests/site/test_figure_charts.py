"""The chart on the page of a figure: which one, as its own page has it, and never an old one."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tallybook.audit.audit import Auditor
from tallybook.audit.references import ledger_texts
from tallybook.notebooks.book import Book
from tallybook.site import figure_charts, publish
from tests.helpers.small_site import build, page, spoil

ALONE = 'charts.bars(stores, title="Stores closed")'
TOGETHER = """charts.glance(ledger.frame(ids={
    "stores-closed-2017": "Closed", "repair-plants": "Plants", "stores-per-plant": "By plant",
    "share-handled-2017": "Handled"}), title="What is counted")"""
FIGURE, DERIVED = "stat/stores-closed-2017.html", "stat/stores-per-plant.html"


@pytest.fixture(scope="module")
def charted(_both, tmp_path_factory) -> Path:
    """The small book with a chart of several figures, which no test changes."""
    book = Path(shutil.copytree(_both[1], tmp_path_factory.mktemp("charted") / "kettles"))
    spoil(book, ALONE, TOGETHER)
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.fixture
def figure(charted):
    return page(charted, FIGURE).find("figure", class_="tallybook-chart")


def contents(book: Path) -> dict[str, str]:
    """The pages of all figures."""
    return {path.name: path.read_text() for path in (publish.site(book) / "stat").glob("*.html")}


def test_the_page_of_a_figure_shows_it_among_others_with_a_way_to_the_chart_itself(charted, figure):
    assert figure["id"] == "chart-kettles-1"
    assert figure.figcaption.text == (
        "This figure, called “Closed” here and underlined, beside figures of other measures. "
        "The chart is from Kettles, with its data and downloads."
    )
    assert figure.a["href"] == "../notebooks/kettles.html#chart-kettles-1"
    of_chart = page(charted, "notebooks/kettles.html").find(id="chart-kettles-1")
    for name in ("tb-wide", "tb-narrow"):
        ours, theirs = (each.find(class_=name).svg for each in (figure, of_chart))
        for own in ours.find_all(class_="tb-own"):
            del own["class"]
        assert str(ours) == str(theirs)
        assert ours["role"] == "img"
        assert "Closed: more than 1,000" in ours.desc.text


def test_the_page_of_a_computed_figure_says_that_it_stands_beside_what_it_is_computed_from(charted):
    caption = page(charted, DERIVED).find("figure", class_="tallybook-chart").figcaption.text
    assert "called “By plant” here and underlined, beside what it is computed from." in caption


def test_no_page_has_an_id_twice_or_what_only_the_page_of_the_chart_has(charted):
    for path in (publish.site(charted) / "stat").glob("*.html"):
        found = page(charted, f"stat/{path.name}")
        ids = [tag["id"] for tag in found.find_all(id=True)]
        assert len(ids) == len(set(ids)), path
        assert not found.select(".tb-explore, .tb-downloads, .tb-data")


def test_a_figure_that_stands_in_no_chart_or_alone_in_one_has_none(charted, built):
    assert (
        page(charted, "stat/repair-time-2016.html").find("figure", class_="tallybook-chart") is None
    )
    assert page(built, FIGURE).find("figure", class_="tallybook-chart") is None


def test_an_edit_of_a_chart_writes_the_pages_of_its_figures_again_and_no_others(charted, tmp_path):
    book = Path(shutil.copytree(charted, tmp_path / "kettles"))
    before = contents(book)
    spoil(book, '"What is counted"', '"What the company counts"')
    assert build(book).returncode == 0
    after = contents(book)
    changed = {name for name in after if after[name] != before[name]}
    shown = {Path(FIGURE).name, Path(DERIVED).name, "repair-plants.html", "share-handled-2017.html"}
    assert changed == shown
    shutil.rmtree(publish.site(book).parent)
    assert build(book).returncode == 0
    assert contents(book) == after


def test_a_chart_that_is_gone_is_gone_from_the_pages_of_its_figures(charted, tmp_path):
    book = Path(shutil.copytree(charted, tmp_path / "kettles"))
    spoil(book, TOGETHER, ALONE)
    assert build(book).returncode == 0
    assert not [name for name, text in contents(book).items() if "tallybook-chart" in text]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r">more than 1,000<", ">97%<"),  # of the figure, in the drawing
        (r">Closed ", ">Opened "),  # of no numeral, but not as the chart's own page has it
        (r'id="chart-kettles-1"', 'id="chart-kettles-2"'),
        (r'id="chart-kettles-1"', 'id="chart-index-1"'),
        (r">What is counted<", ">What is 12 times counted<"),
    ],
)
def test_a_drawing_that_is_not_as_the_chart_has_it_is_a_fault(old, new, charted):
    auditor = Auditor(publish.site(charted), ledger_texts(Book(charted)))
    html = (publish.site(charted) / FIGURE).read_text()
    auditor.page(FIGURE, html)
    assert auditor.found.faults == []
    spoilt, number = re.subn(old, new, html, count=1)
    assert number == 1
    auditor.page(FIGURE, spoilt)
    assert auditor.found.faults


def test_the_chart_of_other_figures_on_the_page_of_a_figure_is_a_fault(charted):
    auditor = Auditor(publish.site(charted), ledger_texts(Book(charted)))
    drawn = str(page(charted, FIGURE).find("figure", class_="tallybook-chart"))
    auditor.page("stat/repair-time-2016.html", f"<article>{drawn}</article>")
    assert any("are not of this page's chart" in str(each) for each in auditor.found.faults)


def test_a_figure_is_marked_only_where_its_label_or_its_words_stand_once():
    drawing = (
        "<svg><text x='1'>Lids, 2017</text><text>12</text><text>Pots</text><text>12</text></svg>"
    )
    own, is_marked = figure_charts._own_marked(drawing, "Lids", "12")
    assert (is_marked, own.count("tb-own")) == (True, 1)
    assert "<text class=\"tb-own\" x='1'>Lids, 2017" in own
    assert figure_charts._own_marked(drawing, "Kettles", "12") == (drawing, False)
    assert figure_charts._own_marked("<svg/>", "Lids", "12") == ("<svg/>", False)
