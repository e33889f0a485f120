"""Every chapter in every state: width, scheme, at rest and with an open card."""

from __future__ import annotations

from itertools import product

import pytest

from tests.browser import checks, pages
from tests.browser.chromium import SCHEMES, WIDTHS, State, looking, scroll_through
from tests.browser.problem import none_of, stamped
from tests.conftest import ROOT

CHAPTERS = pages.chapters(ROOT)
STATES = [State(width, scheme) for width, scheme in product(WIDTHS, SCHEMES)]
PHONE = 375


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_keeps_the_budgets_in_every_state(chapter, state, browser, address):
    with looking(browser, state) as (page, heard):
        page.goto(address + chapter)
        scroll_through(page)
        problems = [*checks.shifts(page), *checks.everything(page)]
        if state.width >= PHONE:
            problems += checks.small_text(page)
        lines = stamped(f"{chapter}, {state}", problems)
        lines += stamped(f"{chapter}, {state}, card open", checks.with_card(page))
        none_of([*lines, *stamped(f"{chapter}, {state}", heard)])


def test_no_chapter_scrolls_sideways_at_four_hundred_percent(browser, address):
    state = State(width=320, height=256, scale=4)
    lines = []
    for chapter in CHAPTERS:
        with looking(browser, state) as (page, _):
            page.goto(address + chapter)
            lines += stamped(f"{chapter}, {state}", checks.sideways(page))
    none_of(lines)
