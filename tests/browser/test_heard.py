"""What who listens to a page is told of it."""

from __future__ import annotations

import pytest

from tests.browser import heard
from tests.browser.chromium import State, looking
from tests.helpers.groups import slow

pytestmark = slow("browser")


@pytest.mark.parametrize("name", heard.PAGES)
def test_a_page_is_heard_as_it_is_written_down(browser, address, name):
    tree = heard.snapshot(browser, f"{address}{name}.html")
    assert not heard.faults(tree)
    kept = heard.path_of(name).read_text(encoding="utf-8")
    assert heard.outline(tree) == kept, f"If it is to be heard so: {heard.RENEW}"


def test_a_figure_is_described_by_its_note_alone(browser, address):
    with looking(browser, State()) as (page, _):
        page.goto(f"{address}notebooks/lawsuits.html")
        figure = page.locator("article a.tallybook-figure").first
        before = page.locator("main").aria_snapshot()
        figure.focus()
        page.locator(".tb-card:not([hidden])").wait_for()
        after = page.locator("main").aria_snapshot()
        assert after.replace(" [active]", "") == before.replace(" [active]", "")
        note = page.locator(f"#{figure.get_attribute('aria-describedby')}")
        assert figure.inner_text() in note.text_content()


def test_what_is_bad_to_hear_is_found(browser):
    html = """<h1>Lids<a href="#a">#</a></h1><p><a href="#b"></a><a href="#c">↑</a>
    <button></button><ul aria-label="Parts"><li>Parts</ul><table><tr><th>A<td>1</table>"""
    with looking(browser, State()) as (page, _):
        page.set_content(html)
        found = heard.faults(page.locator("body").aria_snapshot())
    for part in ("heading 'Lids#'", "link without a name", "link '↑'", "button without", "table"):
        assert any(part in each for each in found), (part, found)
