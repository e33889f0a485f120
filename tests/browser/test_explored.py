"""Charts that are explored: their expressions are interpreted, and give what compiled ones give."""

from __future__ import annotations

import shutil

import pytest

from tests.browser.chromium import State, looking
from tests.browser.problem import none_of, stamped
from tests.helpers.groups import slow

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
    found.push({ ast, compiled, drawn: place.innerHTML, tips, scene: view.scenegraph().toJSON() });
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
                assert one["tips"], chart
                assert {**one, "ast": True} == other, f"{chart}, {form}"
        none_of(stamped("interpreted charts", heard))
