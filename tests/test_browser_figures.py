"""The pages of figures: one of each form in every state, and all once; and the other pages once."""

from __future__ import annotations

from itertools import product

import pytest

from tallybook import loading
from tests.browser import checks, keyboard, pages
from tests.browser.chromium import SCHEMES, WIDTHS, State, looking, scroll_through
from tests.browser.problem import none_of, stamped
from tests.conftest import ROOT

STATES = [State(width, scheme) for width, scheme in product(WIDTHS, SCHEMES)]
ONCE = State(width=375)


@pytest.mark.parametrize("form", pages.FORMS)
def test_a_page_of_each_form_keeps_the_budgets_in_every_state(form, site, browser, address):
    name = pages.of_form(form, loading.load(ROOT), site)
    lines = []
    for state in STATES:
        with looking(browser, state) as (page, heard):
            page.goto(address + name)
            scroll_through(page)
            problems = [*checks.shifts(page), *checks.everything(page), *checks.small_text(page)]
            lines += stamped(f"{name}, {state}", problems)
            lines += stamped(f"{name}, {state}, card open", checks.with_card(page))
            lines += stamped(f"{name}, {state}", heard)
    none_of(lines)


@pytest.mark.parametrize("form", pages.FORMS)
def test_a_page_of_each_form_is_used_by_keyboard_alone(form, site, browser, address):
    name = pages.of_form(form, loading.load(ROOT), site)
    with looking(browser, State()) as (page, _):
        page.goto(address + name)
        none_of(stamped(name, keyboard.through(page)))


def test_every_page_of_a_figure_keeps_the_budgets(site, browser, address):
    names = pages.of_figures(site)
    assert names, "the site has no pages of figures"
    none_of(once(browser, address, names))


def test_the_pages_that_are_neither_chapter_nor_figure_keep_the_budgets(site, browser, address):
    none_of(once(browser, address, pages.others(site, ROOT)))


def once(browser, address, names):
    with looking(browser, ONCE) as (page, heard):
        for name in names:
            page.goto(address + name)
            yield from stamped(f"{name}, {ONCE}", [*checks.everything(page), *heard])
            heard.clear()
