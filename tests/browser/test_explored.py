"""Charts that are explored: each mark is named, by pointer, key and finger; and every drawing fits.

Their expressions are interpreted, and give what compiled ones give.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.browser.chromium import State, looking
from tests.browser.problem import none_of, stamped
from tests.browser.server import serving
from tests.helpers.groups import slow
from tests.helpers.small_site import BOOKS, build, spoil

pytestmark = slow("browser")

BOTH_WAYS = """async ([chart, form]) => {
  const found = [];
  for (const ast of [false, true]) {
    compiled = 0;
    const place = document.body.appendChild(document.createElement("div"));
    const options = { actions: false, ast, defaultStyle: false, mode: "vega-lite",
      renderer: "svg", tooltip: () => {} };
    const { view } = await vegaEmbed(place, tallybookCharts[chart][form], options);
    await view.runAsync();
    const tips = [...place.querySelectorAll("svg *")].map((mark) => mark.__data__)
      .flat().map((item) => item?.tooltip).filter(Boolean);
    const drawn = place.innerHTML.replace(/clip[0-9]+/g, "clip"); // which are counted on
    found.push({ ast, compiled, drawn, tips, scene: view.scenegraph().toJSON() });
    view.finalize();
    place.remove();
  }
  return found;
}"""
COUNT_COMPILED = """"use strict";
let compiled = 0;
window.Function = new Proxy(Function, {
  apply(real, self, given) { compiled += 1; return Reflect.apply(real, self, given); },
  construct(real, given) { compiled += 1; return Reflect.construct(real, given); },
});
"""


@pytest.fixture(scope="module")
def bare(site, tmp_path_factory):
    """A page without a policy that has the scripts of all charts, and the names of the charts."""
    folder = tmp_path_factory.mktemp("bare")
    paths = [site / "_static/vega.js", *sorted((site / "charts").glob("*.js"))]
    for path in paths:
        shutil.copy(path, folder)
    (folder / "count.js").write_text(COUNT_COMPILED)
    names = ["count.js", *(path.name for path in paths)]
    scripts = "".join(f'<script src="{name}"></script>' for name in names)
    (folder / "index.html").write_text(f"<!DOCTYPE html><title>x</title><body>{scripts}</body>")
    return (folder / "index.html").as_uri(), [path.stem for path in paths[1:]]


def test_every_chart_is_the_same_interpreted_as_compiled(bare, site, browser):
    address, charts = bare
    drawn = {path.stem for path in (site / "charts").glob("*.svg")}
    assert set(charts) == drawn
    with looking(browser, State()) as (page, heard):
        page.goto(address)
        for chart in charts:
            for form in ("wide", "narrow"):
                one, other = page.evaluate(BOTH_WAYS, [chart, form])
                assert (one.pop("compiled") > 0, other.pop("compiled")) == (True, 0), chart
                script = (site / f"charts/{chart}.js").read_text()
                assert bool(one["tips"]) == ('"tooltip":{"field":"tip"' in script), chart
                assert {**one, "ast": True} == other, f"{chart}, {form}"
        none_of(stamped("interpreted charts", heard))


OUTSIDE = """() => [...document.querySelectorAll(".tallybook-chart svg")].flatMap((svg) => {
  const room = svg.getBoundingClientRect();
  if (!room.width) return [];
  return [...svg.querySelectorAll("text")].filter((text) => {
    const box = text.getBoundingClientRect();
    return box.width && (box.left < room.left - 1 || box.right > room.right + 1
      || box.top < room.top - 2 || box.bottom > room.bottom + 2);
  }).map((text) => `${svg.closest("figure").id}: ${text.textContent}`);
})"""
SMALL = """() => [...document.querySelectorAll(".tallybook-chart svg text")].filter((text) => {
  const box = text.getBoundingClientRect();
  const scale = text.ownerSVGElement.getScreenCTM().a;
  return box.width && parseFloat(getComputedStyle(text).fontSize) * scale < 10.99;
}).map((text) => text.textContent)"""


def pages_with_charts(site: Path) -> list[str]:
    paths = site.rglob("*.html")
    shown = (path for path in paths if '<figure class="tallybook-chart"' in path.read_text("utf-8"))
    return sorted(path.relative_to(site).as_posix() for path in shown)


@pytest.mark.parametrize("width", [320, 375, 1440])
def test_every_word_of_every_drawing_is_within_it_and_large_enough(width, site, address, browser):
    with looking(browser, State(width=width)) as (page, _):
        for name in pages_with_charts(site):
            page.goto(f"{address}{name}")
            assert page.evaluate(OUTSIDE) == [], name
            assert page.evaluate(SMALL) == [], name


def names_of_tip(page) -> list[str]:
    """What the lines of the tip are called, such as "Who says so"."""
    if not page.locator(".tb-tip").is_visible():
        return []
    return [each.inner_text().rstrip(": ") for each in page.locator(".tb-tip b").all()]


def explored(figure):
    figure.locator("button.tb-explore").click()
    live = figure.locator(".tb-live")
    live.locator("[tabindex='0']").first.wait_for(state="attached")
    return live


def test_every_chart_with_a_button_names_its_marks_in_lines_and_leads_on_by_tab(
    site, address, browser
):
    with looking(browser, State()) as (page, heard):
        for name in pages_with_charts(site):
            page.goto(f"{address}{name}")
            for figure in page.locator("figure.tallybook-chart").all():
                if figure.locator("button.tb-explore").count():
                    is_explored(page, figure)
                else:
                    assert not figure.locator(".tb-status").count()
        none_of(stamped("explored charts", heard))


def is_explored(page, figure) -> None:
    where = figure.get_attribute("id")
    live = explored(figure)
    assert {"Who says so"} < {*names_of_tip(page)}, where
    assert {*names_of_tip(page)} & {"What", "From"}, where
    assert page.evaluate("document.activeElement.getAttribute('role')") == "img"
    stops = live.locator("[tabindex='0']").count()
    said = page.locator(".tb-tip").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator(".tb-tip").is_visible(), where
    page.keyboard.press("Tab")
    assert (
        page.locator(".tb-tip").is_visible() and page.locator(".tb-tip").inner_text() != said
    ) == (stops > 1), where
    figure.locator("button.tb-explore").click()
    assert not figure.locator(".tb-live").count()


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The small book with a chart of ties and some of an author's own, served."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("ties") / "kettles"))
    spoil(
        book,
        'charts.bars(stores, title="Stores closed")',
        'charts.ties(ledger.links("demand", "reply"), title="Answers")',
    )
    more = (
        "import altair as alt\nalt.Chart(stores, title='Words').mark_text().encode(text='words:N')"
    )
    spoil(book, 'tallybook.source_table(ledger, "kettles")', more)
    index = book / "index.md"
    index.write_text(f"{index.read_text()}\n```{{ledger-items}} reply\n```\n")
    result = build(book)
    assert result.returncode == 0, result.stderr
    with serving(book / "_build/html") as address:
        yield f"{address}notebooks/kettles.html"


def test_what_one_points_at_lights_up_where_it_is_tied(small, browser):
    opacities = "[...document.querySelectorAll('.tb-live svg line')].map((l) => l.__data__.opacity)"
    with looking(browser, State()) as (page, heard):
        page.goto(small)
        live = explored(page.locator("figure.tallybook-chart").first)
        page.keyboard.press("Escape")
        mark = live.locator("[tabindex='0']").first
        mark.hover(force=True)
        assert page.evaluate(opacities) == [1]
        assert names_of_tip(page)[0] == "From"
        page.mouse.move(2, 2)
        assert names_of_tip(page) == []
        none_of(stamped("ties", heard))


def test_a_mark_is_named_where_a_finger_touches_it(small, browser):
    with looking(browser, State(width=375, touch=True)) as (page, _):
        page.goto(small)
        live = explored(page.locator("figure.tallybook-chart").first)
        page.keyboard.press("Escape")
        live.locator("[tabindex='0']").first.tap(force=True)
        assert names_of_tip(page)[:2] == ["From", "Relation"]


def test_there_is_no_button_where_nothing_would_happen(small, browser):
    with looking(browser, State()) as (page, _):
        page.goto(small)
        ties, words = page.locator("figure.tallybook-chart").all()
        assert (ties.locator("button").count(), words.locator("button").count()) == (1, 0)
