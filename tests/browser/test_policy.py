"""All pages work under the policy, where they alone deliver it, where a host does, in a folder."""

from __future__ import annotations

import pytest

from tests.browser import pages, use
from tests.browser.chromium import REFUSED, State, looking
from tests.browser.problem import none_of, stamped
from tests.browser.server import said_by, serving
from tests.conftest import ROOT
from tests.helpers.groups import but_first, slow
from tests.helpers.small_site import build

CHAPTERS = pages.looked_at(ROOT)
WAYS = ("pages alone", "headers too", "folder")
PARTS = 8


@pytest.fixture(params=but_first(WAYS, "browser"))
def way(request, site):
    """The address of the site by one way to deliver it."""
    if request.param == "folder":
        yield f"{site.as_uri()}/"
    else:
        headers = {} if request.param == "pages alone" else said_by(site)
        with serving(site, headers=headers) as address:
            yield address


@pytest.fixture
def alone(site):
    """The address of the site where nothing but its pages delivers the policy."""
    with serving(site, headers={}) as address:
        yield address


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_all_of_a_chapter_works_under_the_policy(chapter, way, browser):
    with looking(browser, State()) as (page, heard):
        page.goto(way + chapter)
        none_of(stamped(way + chapter, [*use.everything(page), *heard]))


@slow("browser")
def test_the_search_and_the_table_of_all_figures_work_under_the_policy(way, browser):
    with looking(browser, State()) as (page, heard):
        page.goto(f"{way}search.html")
        found = [*use.search(page), *use.everything(page)]
        page.goto(f"{way}stat/index.html")
        none_of(stamped(way, [*found, *use.everything(page), *heard]))


@pytest.mark.parametrize("part", pages.parts(PARTS))
def test_no_page_of_the_site_asks_for_what_the_policy_refuses(part, site, alone, browser):
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    names = pages.part(found, part, PARTS)
    lines = []
    with looking(browser, State()) as (page, heard):
        for name in names:
            page.goto(alone + name)
            # An icon may be on its way still when the next page is opened.
            lines += stamped(name, (one for one in heard if REFUSED in one.found))
            heard.clear()
    assert names
    none_of(lines)


def test_the_root_of_the_site_is_the_first_page_under_the_policy(way, browser):
    with looking(browser, State()) as (page, heard):
        page.goto(f"{way}{pages.chapters(ROOT)[0]}")
        text = page.inner_text("main")
        page.goto(f"{way}index.html")
        assert page.inner_text("main") == text
        page.click("main a[href$='comparison.html']")
        page.wait_for_url(f"{way}notebooks/comparison.html")
        none_of(stamped(way, heard))


@slow("browser")
def test_an_old_address_leads_on_under_the_policy(built_book, browser):
    (built_book / "data/renamed.yml").write_text("- {old: stores-a-plant, new: stores-per-plant}\n")
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    with (
        serving(built_book / "_build/html", headers={}) as address,
        looking(browser, State()) as (page, heard),
    ):
        page.goto(f"{address}stat/stores-a-plant.html")
        page.wait_for_url(f"{address}stat/stores-per-plant.html")
        none_of(stamped(address, heard))
