"""The pages of figures: one of each form in every state, and all once; and the other pages once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallybook.notebooks import session
from tests.browser import checks, keyboard, pages
from tests.browser.chromium import SCHEMES, WIDTHS, State, looking, scroll_through
from tests.browser.problem import none_of, stamped
from tests.browser.server import serving
from tests.conftest import ROOT
from tests.helpers.groups import but_first, slow
from tests.helpers.small_site import BOOKS, build

PARTS = 20
ONCE = State(width=375)


@pytest.fixture(scope="module")
def vague(tmp_path_factory) -> Iterator[str]:
    """The small book's site, served, with a figure whose error is unknown: the book has none."""
    book = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("vague") / "kettles"))
    data = book / "data/statistics/kettles.yml"
    text = data.read_text().replace("bound: more than", "bound: about", 1)
    data.write_text(text.replace("more than 1,000 stores", "about 1,000 stores", 1))
    result = build(book)
    assert result.returncode == 0, result.stderr
    with serving(book / "_build/html") as found:
        yield f"{found}stat/stores-closed-2017.html"


@pytest.fixture(params=but_first(pages.FORMS, "browser"))
def of_form(request, site, address) -> str:
    """The address of a page of a figure of each form."""
    if request.param == "no interval":
        return request.getfixturevalue("vague")
    return address + pages.of_form(request.param, session.load(ROOT), site)


@slow("browser")
def test_a_page_of_each_form_keeps_the_budgets_in_every_state(of_form, browser):
    lines = []
    for width in WIDTHS:
        light, dark = (State(width, scheme) for scheme in SCHEMES)
        with looking(browser, light) as (page, heard):
            page.goto(of_form)
            scroll_through(page)
            problems = [*checks.shifts(page), *checks.everything(page), *checks.small_text(page)]
            lines += stamped(f"{of_form}, {light}", [*problems, *checks.with_card(page)])
            page.emulate_media(color_scheme=dark.scheme)
            problems = [*checks.everything(page), *checks.with_card(page)]
            lines += stamped(f"{of_form}, {dark}", [*problems, *heard])
    none_of(lines)


def test_a_page_of_each_form_is_used_by_keyboard_alone(of_form, browser):
    with looking(browser, State()) as (page, _):
        page.goto(of_form)
        none_of(stamped(of_form, keyboard.through(page)))


@pytest.mark.parametrize("part", pages.parts(PARTS))
def test_every_page_of_a_figure_keeps_the_budgets(part, site, browser, address):
    names = pages.part(pages.of_figures(site), part, PARTS)
    assert names, "the site has no pages of figures"
    none_of(once(browser, address, names))


@slow("browser")
def test_the_pages_that_are_neither_chapter_nor_figure_keep_the_budgets(site, browser, address):
    none_of(once(browser, address, pages.others(site, ROOT)))


def once(browser, address, names):
    with looking(browser, ONCE) as (page, heard):
        for name in names:
            page.goto(address + name)
            yield from stamped(f"{name}, {ONCE}", [*checks.everything(page), *heard])
            heard.clear()
