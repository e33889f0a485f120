"""What does not work on a page, or asks for what the policy refuses, is found by using it."""

from __future__ import annotations

import shutil

import pytest

from tests.browser import use
from tests.browser.chromium import REFUSED, State, looking
from tests.browser.server import said_by, serving
from tests.helpers.groups import but_first, slow

CHAPTER = "notebooks/kettles.html"
FIGURES = "stat/index.html"


@pytest.fixture
def found(built, browser, tmp_path):
    """What is found by using a page of the small book's site, with a text of a file replaced."""

    def find(page_of_it, one_use, name="", old="", new=""):
        site = shutil.copytree(built / "_build/html", tmp_path / "html")
        if name:
            text = (site / name).read_text()
            assert old in text
            (site / name).write_text(text.replace(old, new))
        headers = said_by(site)
        with serving(site, headers=headers) as address, looking(browser, State()) as (page, heard):
            page.goto(address + page_of_it)
            return "\n".join(map(str, [*one_use(page), *heard]))

    return find


@pytest.mark.parametrize("name", but_first([CHAPTER, FIGURES], "browser"))
def test_a_page_that_nobody_spoiled_works(name, found):
    assert found(name, use.everything) == ""


@slow("browser")
@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ast: true", "ast: false"),
        ("defaultStyle: false", "defaultStyle: true"),
        ("tooltip: onPoint", "tooltip: true"),
        ('live.className = "tb-live";', "live.setAttribute('style', 'color: red');"),
    ],
)
def test_a_script_of_charts_that_the_policy_refuses_is_found(old, new, found):
    assert REFUSED in found(CHAPTER, use.charts, "_static/charts.js", old, new)


@slow("browser")
@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize(
    ("used", "spoiled", "says"),
    [
        ((CHAPTER, use.mode), ("tallybook.js", "root.dataset.theme =", "root.x ="), "grounds"),
        ((CHAPTER, use.notes), ("cards.js", "card.hidden = false", ""), "no card"),
        ((CHAPTER, use.charts), ("vega.js", "vegaEmbed", "another"), "no mark to go to"),
        ((CHAPTER, use.charts), ("charts.js", "bubble.replaceChildren", "String"), "no tip"),
        ((FIGURES, use.tables), ("tables.js", "row.hidden =", "row.x ="), "0 rows"),
        ((FIGURES, use.tables), ("tables.js", '"aria-sort", down', '"x", down'), "aria-sort"),
    ],
)
def test_what_does_not_work_is_found(used, spoiled, says, found):
    name, old, new = spoiled
    assert says in found(*used, f"_static/{name}", old, new)


@slow("browser")
@pytest.mark.usefixtures("_impatient")
def test_a_list_that_does_not_open_is_found(found):
    assert "expected :popover-open" in found(CHAPTER, use.lists, CHAPTER, " popover ", " ")


@slow("browser")
@pytest.mark.usefixtures("_impatient")
def test_a_search_without_results_is_found(found):
    assert "nothing found" in found("search.html", use.search)
