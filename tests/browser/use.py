"""Use all that a page has for a reader with scripts: each use gives a list of what did not work."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser import checks
from tests.browser.chromium import PATIENCE
from tests.browser.problem import Problem

_NARROW = 375
_LATER = PATIENCE
_NOWHERE = "qqqq"  # in no row of any table
_GROUND = "getComputedStyle(document.body).backgroundColor"
_LEFT_OF_TIP = "getComputedStyle(document.querySelector('.tb-tip')).left"


def everything(page: Page) -> list[Problem]:
    """Switch the mode, open what opens, sort, filter, explore each chart, and print."""
    return [problem for one in USES for problem in one(page)]


def mode(page: Page) -> list[Problem]:
    """Switch between dark and light, there and back."""
    grounds = [page.evaluate(_GROUND)]
    for _ in range(2):
        page.locator("button.tb-mode").click()
        grounds.append(page.evaluate(_GROUND))
    first, second, third = grounds
    good = first != second and first == third
    return [] if good else [Problem("button.tb-mode", f"grounds {grounds}", "another, and back")]


def lists(page: Page) -> list[Problem]:
    """Open and close the contents and the headings of a narrow page."""
    size = page.viewport_size
    page.set_viewport_size({"width": _NARROW, "height": size["height"]})
    problems = []
    for button in page.locator("button[popovertarget]:not(.tb-close):visible").all():
        opened = page.locator(f"#{button.get_attribute('popovertarget')}")
        button.click()
        if closed := _expected(opened, ":popover-open"):
            problems += closed
            continue
        opened.locator(".tb-close").click()
        problems += _expected(opened, ":not(:popover-open)")
    page.set_viewport_size(size)
    return problems


def notes(page: Page) -> list[Problem]:
    """Open and close the note on a figure."""
    if not checks.has_figures(page):
        return []
    return [*checks.open_card(page), *checks.card_outside(page), *checks.close_card(page)]


def tables(page: Page) -> list[Problem]:
    """Filter and sort each table that can be."""
    problems = []
    for field in page.locator(".tallybook-filter:visible").all():
        field.locator("input").fill(_NOWHERE)
        if field.locator("[role=status]").inner_text() != "0 rows":
            problems.append(Problem("a filter", "rows with what is nowhere", "0 rows"))
        field.locator("input").fill("")
    for head in page.locator(".tallybook-sortable thead th:visible").all():
        head.locator("button").click()
        problems += _expected(head, "[aria-sort=ascending]")
    return problems


def charts(page: Page) -> list[Problem]:
    """Explore each chart, look at a tip of it, and return to the drawing."""
    figures = page.locator("figure.tallybook-chart").all()
    return [problem for figure in figures for problem in _explore(page, figure)]


def _explore(page: Page, figure: Locator) -> list[Problem]:
    button = figure.locator("button.tb-explore")
    if not button.count():  # it has words only
        return []
    where = f"#{figure.get_attribute('id')}"
    button.click()
    try:
        figure.locator(".tb-live svg [tabindex]").first.focus(timeout=_LATER)
    except TookTooLong:
        said = figure.locator(".tb-status").inner_text()
        return [Problem(where, f"no mark to go to, and {said!r}", "an interactive chart")]
    tip = page.locator(".tb-tip")
    if not tip.is_visible() or not tip.inner_text() or page.evaluate(_LEFT_OF_TIP) == "auto":
        return [Problem(where, "no tip beside the mark that has the focus", "its words")]
    button.click()
    return _expected(figure, ":not(:has(.tb-live))")


def paper(page: Page) -> list[Problem]:
    """Print the page."""
    return [] if page.pdf().startswith(b"%PDF") else [Problem("page", "no PDF", "a PDF")]


def search(page: Page) -> list[Problem]:
    """Search on the search page for a number that is there."""
    page.locator("#tb-find").fill("1,606")
    try:
        page.locator("#tb-results li").first.wait_for(timeout=_LATER)
    except TookTooLong:
        said = page.locator("#tb-found").inner_text()
        return [Problem("#tb-results", f"nothing found, and {said!r}", "results")]
    return []


def _expected(element: Locator, selector: str) -> list[Problem]:
    if element.evaluate("(one, selector) => one.matches(selector)", selector):
        return []
    return [Problem(str(element), f"not {selector}", selector)]


USES: tuple[Callable[[Page], list[Problem]], ...] = (mode, lists, notes, tables, charts, paper)
