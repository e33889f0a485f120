"""The page by keyboard alone: Tab through all of it, and use what has the focus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser import checks
from tests.browser.chromium import PATIENCE
from tests.browser.problem import Problem

_LATER = PATIENCE
_MOST_FAILURES = 3  # of one kind: waiting for each of hundreds would take minutes
_MARGIN = 8  # px around an element, where its outline is
_MOST_MORE = 200  # stops that appear on the way, in cards and explored charts

_FOCUSED_SORT = "document.activeElement.closest('th').getAttribute('aria-sort')"
_FOCUSED_CHART = "document.activeElement.closest('figure') || document"
_COUNT_OF_MARKS = f"({_FOCUSED_CHART}).querySelectorAll('.marks').length"
_IS_OPEN = "document.activeElement.closest('details').open"


def through(page: Page, *, operate: bool = True) -> list[Problem]:
    """Press Tab from the start to the end of the page; open and use what can be."""
    problems: list[Problem] = []
    seen: set[str] = set()
    failed: Counter[str] = Counter()
    for stop in _stops(page):
        problems += _shown(page, stop, seen)
        use = _USES.get(stop["kind"])
        if operate and use and failed[stop["kind"]] < _MOST_FAILURES:
            new = use(page, stop)
            failed[stop["kind"]] += len(new)
            problems += new
    return problems + [Problem(*row) for row in checks.probe(page, "unreached")]


def explore(page: Page) -> list[Problem]:
    """Press Enter on the first button that turns a chart into one to explore, if there is one."""
    button = page.locator("button.tb-explore:visible").first
    if not button.count():
        return []
    button.focus()
    return _use_explore(page, {"where": "the first button to explore"})


def _stops(page: Page) -> Iterator[dict[str, Any]]:
    most = checks.probe(page, "beginFocus") + _MOST_MORE
    first = None
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = checks.probe(page, "focus")
        if stop is None or stop["where"] == first:
            return
        first = first or stop["where"]
        yield stop


def _shown(page: Page, stop: dict[str, Any], seen: set[str]) -> list[Problem]:
    """Whether one sees what has the focus: by its style, and once for each sort by its pixels."""
    problems = []
    if stop["covered"]:
        problems.append(
            Problem(stop["where"], "focus on what is covered or off screen", "in sight")
        )
    if stop["indication"] == "faint outline":
        problems.append(Problem(stop["where"], "an outline below 3:1", "one that is seen"))
    is_new = stop["alike"] not in seen
    seen.add(stop["alike"])
    if (is_new or not stop["indication"]) and not _changes_pixels(page, stop["box"]):
        problems.append(Problem(stop["where"], "no sign of the focus", "an outline or the like"))
    return problems


def _changes_pixels(page: Page, box: list[float]) -> bool:
    page.keyboard.press("Escape")
    left, top, width, height = box
    size = page.viewport_size
    x, y = max(0, left - _MARGIN), max(0, top - _MARGIN)
    right = min(size["width"], left + width + _MARGIN)
    bottom = min(size["height"], top + height + _MARGIN)
    if right <= x or bottom <= y:
        return False
    clip = {"x": x, "y": y, "width": right - x, "height": bottom - y}
    page.evaluate("window.tallybookHad = document.activeElement")
    focused = page.screenshot(clip=clip)
    page.evaluate("window.tallybookHad.blur()")
    without = page.screenshot(clip=clip)
    page.evaluate("window.tallybookHad.focus({ preventScroll: true })")
    return focused != without


def _use_figure(page: Page, stop: dict[str, Any]) -> list[Problem]:
    where = stop["where"]
    if not stop["cards"] and _wait(page, checks.sees_cards(is_open=True), _LATER):
        return [Problem(where, "no card on focus", "an open card")]
    page.keyboard.press("Escape")
    if checks.probe(page, "cards") and _wait(page, checks.sees_cards(is_open=False), _LATER):
        return [Problem(where, "a card that Escape leaves open", "none")]
    if not page.evaluate("document.activeElement.matches('a.tallybook-figure')"):
        return [Problem(where, "Escape takes the focus away", "focus on the figure")]
    return []


def _use_details(page: Page, stop: dict[str, Any]) -> list[Problem]:
    """Leaves it open, so that the next Tab goes into it."""
    was_open = page.evaluate(_IS_OPEN)
    page.keyboard.press("Enter")
    problems = []
    if page.evaluate(_IS_OPEN) == was_open:
        problems.append(Problem(stop["where"], "no change by Enter", "opened"))
    if was_open:
        page.keyboard.press("Enter")
    return problems


def _use_sort(page: Page, stop: dict[str, Any]) -> list[Problem]:
    orders = []
    for _ in range(2):
        page.keyboard.press("Enter")
        orders.append(page.evaluate(_FOCUSED_SORT))
    if None in orders or len(set(orders)) == 1:
        return [Problem(stop["where"], f"aria-sort {orders} by Enter", "one order, then the other")]
    return []


def _use_explore(page: Page, stop: dict[str, Any]) -> list[Problem]:
    before = page.evaluate(_COUNT_OF_MARKS)
    figure = page.evaluate_handle(_FOCUSED_CHART)
    page.keyboard.press("Enter")
    try:
        page.wait_for_function(
            "([figure, n]) => figure.querySelectorAll('.marks').length > n",
            arg=[figure, before],
            timeout=_LATER,
        )
    except TookTooLong:
        return [Problem(stop["where"], "nothing new by Enter", "a chart to explore")]
    if page.evaluate("document.activeElement === document.body"):
        return [Problem(stop["where"], "Enter takes the focus away", "focus in the chart")]
    # The focus is at the first mark now.
    figure.evaluate("figure => figure.querySelector('.tb-explore').focus()")
    page.keyboard.press("Enter")
    if page.evaluate(_COUNT_OF_MARKS) != before:
        return [Problem(stop["where"], "a chart that stays", "the drawing again by Enter")]
    return []


def _wait(page: Page, function: str, timeout: int) -> bool:
    """Whether it took too long."""
    try:
        page.wait_for_function(function, timeout=timeout)
    except TookTooLong:
        return True
    return False


_USES: dict[str, Callable[[Page, dict[str, Any]], list[Problem]]] = {
    "figure": _use_figure,
    "details": _use_details,
    "sort": _use_sort,
    "explore": _use_explore,
}
