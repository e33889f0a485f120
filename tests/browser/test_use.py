"""Every chapter by keyboard, without scripts, without a network, and what it transfers."""

from __future__ import annotations

import pytest

from tests.browser import checks, keyboard, pages, weight
from tests.browser.chromium import State, looking
from tests.browser.problem import none_of, stamped
from tests.conftest import ROOT
from tests.helpers.groups import slow

CHAPTERS = pages.looked_at(ROOT)
CHART = "figure.tallybook-chart"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_is_used_by_keyboard_alone(chapter, browser, address):
    with looking(browser, State()) as (page, heard):
        page.goto(address + chapter)
        none_of(stamped(chapter, [*keyboard.through(page), *heard]))


@slow("browser")
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_narrow_chapter_is_reached_by_keyboard_alone(chapter, browser, address):
    state = State(width=320)
    with looking(browser, state) as (page, _):
        page.goto(address + chapter)
        none_of(stamped(f"{chapter}, {state}", keyboard.through(page, operate=False)))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_tap_opens_the_card_of_a_figure(chapter, browser, address):
    with looking(browser, State(width=375, touch=True)) as (page, _):
        page.goto(address + chapter)
        if checks.has_figures(page):
            none_of(stamped(chapter, checks.card_by_tap(page)))


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_charts_and_tables_are_there_without_scripts(chapter, width, browser, address):
    state = State(width=width, scripts=False)
    with looking(browser, state) as (page, heard):
        page.goto(address + chapter)
        problems = [*checks.hidden(page), *checks.sideways(page), *heard]
        none_of(stamped(f"{chapter}, {state}", problems))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_works_when_the_network_is_closed_after_it_was_opened(chapter, browser, address):
    with looking(browser, State()) as (page, heard):
        with page.expect_event("requestfinished", lambda request: "favicon" in request.url):
            page.goto(address + chapter)
        page.context.set_offline(True)
        problems = checks.hidden(page)
        if checks.has_figures(page):
            problems += checks.card_by_hover(page)
        none_of(stamped(f"{chapter}, network closed", [*problems, *heard]))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_works_from_a_folder(chapter, site, browser):
    with looking(browser, State()) as (page, heard):
        page.goto((site / chapter).as_uri())
        problems = [*checks.hidden(page), *keyboard.explore(page)]
        if checks.has_figures(page):
            problems += [*checks.open_card(page), *checks.card_outside(page)]
        none_of(stamped(f"{chapter}, from a folder", [*problems, *heard]))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_with_a_chart_transfers_little(chapter, browser, address):
    with looking(browser, State()) as (page, _):  # at every width it is the same files
        problems = weight.too_much(page, address + chapter)
        if page.locator(CHART).count():
            none_of(stamped(chapter, problems))


def test_the_landing_page_transfers_least(browser, address):
    with looking(browser, State()) as (page, _):
        most = weight.MOST_BYTES_OF_LANDING
        none_of(stamped("landing page", weight.too_much(page, address, most=most)))
