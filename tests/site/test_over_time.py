"""What readers see of values of one year after the other, and of figures whose labels are alike."""

from __future__ import annotations

import json
import shutil

import nbformat
import pytest

from tests.helpers.small_site import BOOKS, NOTEBOOK, build, page, run_afresh
from tests.ledger.test_trends import STATISTICS, stores

PUBLISHED = """
both = ledger.quantity("stores-closed-2017").plus(
    ledger.quantity("stores-2018"), because="The years follow each other")
first, second = ledger.quantities("stores-closed-2017", "stores-2018")
tallybook.publish(ledger, {
    "both": ("stores closed from {period:stores-closed-2017} to {period:stores-2018}", both),
    "growth": ("growth of closures", second.over(first, because="The same measure")),
})"""


@pytest.fixture(scope="module")
def two_years(tmp_path_factory):
    book = tmp_path_factory.mktemp("years") / "kettles"
    shutil.copytree(BOOKS / "kettles", book)
    path = book / STATISTICS
    path.write_text(path.read_text() + stores("2018", "2018"))
    notebook = nbformat.read(book / NOTEBOOK, as_version=4)
    notebook.cells.insert(2, nbformat.v4.new_code_cell(PUBLISHED, id="both"))
    nbformat.write(notebook, book / NOTEBOOK)
    comparison = book / "data/comparison.yml"
    text = comparison.read_text()
    text = text.replace(
        "statistics: [repair-plants]",
        "statistics: [repair-plants, stores-closed-2017, stores-2018]",
    )
    assert "stores-2018" in text
    comparison.write_text(text)
    index = book / "index.md"
    index.write_text(f"{index.read_text()}\n\n```{{ledger-items}} reply\n```\n")
    result = run_afresh(book, "build")
    assert result.returncode == 0, result.stderr
    return book, result


def test_the_list_of_items_passes_the_audit_without_a_word_of_it(two_years):
    book, result = two_years
    assert "nobody is named" not in result.stdout + result.stderr
    text = page(book, "index.html").get_text()
    assert "more than 1,000 stores closed, 2017 (Kettle Company)" in text
    assert "more than 1,000 stores closed, 2018 (Kettle Company)" in text


def test_the_page_of_a_figure_has_its_series_and_no_pair_of_it(two_years):
    found = page(two_years[0], "stat/stores-2018.html")
    rows = [
        [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]
        for row in found.find(id="over-time").find_all("tr")[1:]
    ]
    assert rows[0][0] == "2017"
    assert rows[1][0] == "2018"
    assert rows[1][3] == "a change that cannot be bounded"
    assert found.find(id="others") is None


def test_a_published_label_has_the_periods_that_it_cites(two_years):
    found = page(two_years[0], "stat/both.html")
    assert "stores closed from 2017 to 2018" in found.find("h1").get_text()
    tree = found.find(id="derivation").get_text()
    assert "stores closed, 2017" in tree
    assert "stores closed, 2018" in tree


def test_a_ratio_that_nothing_bounds_says_so_on_page_card_table_and_download(two_years):
    book, _ = two_years
    words = "a number that cannot be bounded"
    assert words in page(book, "stat/growth.html").find("h1").get_text()
    assert words in page(book, "notebooks/kettles.html").get_text()
    line = next(
        line
        for line in (book / "_build/html/data/derived.csv").read_text().splitlines()
        if line.startswith("growth,")
    )
    assert f",{words},," in line  # and no value


def test_a_typed_year_is_no_piece_of_a_label(two_years, tmp_path):
    book = shutil.copytree(two_years[0], tmp_path / "kettles")
    notebook = json.loads((book / NOTEBOOK).read_text())
    text = json.dumps(notebook).replace("stores closed from 2017 to 2018", "12 stores closed")
    (book / NOTEBOOK).write_text(text)
    assert build(book).returncode == 0  # what was edited by hand is executed again
    assert "from 2017 to 2018" in page(book, "stat/both.html").find("h1").get_text()
