"""Every chapter in every state: width, scheme, at rest and with an open card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.browser import checks, pages
from tests.browser.chromium import SCHEMES, WIDTHS, State, looking, scroll_through
from tests.browser.problem import none_of, stamped
from tests.conftest import ROOT
from tests.helpers.groups import but_first, slow

CHAPTERS = pages.looked_at(ROOT)
PHONE = 375


@pytest.mark.parametrize("width", but_first(WIDTHS, "browser"))
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_keeps_the_budgets_in_every_state(chapter, width, browser, address):
    opened = State(width)
    with looking(browser, opened) as (page, heard):
        page.goto(address + chapter)
        scroll_through(page)
        lines = stamped(f"{chapter}, {opened}", checks.shifts(page))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            state = f"{chapter}, {replace(opened, scheme=scheme)}"
            lines += stamped(state, checks.everything(page))
            if width >= PHONE:
                lines += stamped(state, checks.small_text(page))
            lines += stamped(f"{state}, card open", checks.with_card(page))
        none_of([*lines, *stamped(f"{chapter}, {opened}", heard)])


_TOPS = """() => [...document.querySelectorAll("main figure, main table, main h2")]
  .map((each) => Math.round(each.getBoundingClientRect().top))"""


@pytest.mark.parametrize("chapter", [CHAPTERS[0], "notebooks/measures.html"])
def test_scripts_that_come_late_move_nothing(chapter, browser, address):
    def tops(without: str) -> list[int]:
        with looking(browser, State(PHONE)) as (page, _):
            page.route(without, lambda route: route.abort())
            page.goto(address + chapter)
            return page.evaluate(_TOPS)

    assert tops(without="**/_static/*.js*") == tops(without="none") != []


@slow("browser")
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_chapter_scrolls_sideways_at_four_hundred_percent(chapter, browser, address):
    state = State(width=320, height=256, scale=4)
    with looking(browser, state) as (page, _):
        page.goto(address + chapter)
        none_of(stamped(f"{chapter}, {state}", checks.sideways(page)))
