"""What must hold of a page in any state: each check takes a page and gives a list of problems."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.chromium import PATIENCE
from tests.browser.problem import Problem

NODE_MODULES = Path(__file__).parent.parent / "node_modules"
PROBES = Path(__file__).with_name("probes.js")
SMALLEST_TEXT = 11  # px
MOST_SHIFT = 0.01
FIGURE = "main a.tallybook-figure:visible"
_LATER = PATIENCE

_RUN_AXE = """async (within) => {
  const found = await axe.run(within || document, { resultTypes: ["violations"] });
  return found.violations.flatMap((rule) => rule.nodes.map((node) =>
    [node.target.flat().join(" "), `${rule.id} (${rule.impact}): ${rule.help}`,
     (node.any[0] || node.all[0] || node.none[0] || { message: "no violation" }).message]));
}"""


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def probe(page: Page, name: str, *arguments: object) -> Any:
    """What a function of `probes.js` gives in the page."""
    _ask(page)
    call = "([name, given]) => window.tallybookProbes[name](...given)"
    return page.evaluate(call, [name, arguments])


def _ask(page: Page) -> None:
    """Put the probes into the page, once."""
    if not page.evaluate("'tallybookProbes' in window"):
        page.evaluate(f"() => {{ {_text(PROBES)} }}")


def _problems(page: Page, name: str, *arguments: object) -> list[Problem]:
    return [Problem(*row) for row in probe(page, name, *arguments)]


def sideways(page: Page) -> list[Problem]:
    """Parts of the page that are wider than its window, or cut off at its side."""
    return _problems(page, "sideways")


def duplicate_ids(page: Page) -> list[Problem]:
    """Ids that several elements have, once scripts have run."""
    return _problems(page, "duplicateIds")


def hidden(page: Page) -> list[Problem]:
    """Tables that are not shown, and charts of which not exactly one drawing is."""
    return _problems(page, "hidden")


def cut_text(page: Page) -> list[Problem]:
    """Text of charts outside of its drawing."""
    return _problems(page, "cutText")


def small_text(page: Page, least: float = SMALLEST_TEXT) -> list[Problem]:
    """Text of charts that is smaller on the screen than so many pixels."""
    return _problems(page, "smallText", least)


def low_contrast(page: Page) -> list[Problem]:
    """Text of charts below 4.5:1 and marks below 3:1 against what they are painted on."""
    return _problems(page, "lowContrast")


def shifts(page: Page, most: float = MOST_SHIFT) -> list[Problem]:
    """What moved by itself since the page was opened, if that is too much."""
    return _problems(page, "shifts", most)


def card_outside(page: Page) -> list[Problem]:
    """An open card that is not wholly in the window."""
    return _problems(page, "cardOutside")


def axe(page: Page, within: str | None = None) -> list[Problem]:
    """Violations of axe-core's own rules, all of them, of any impact."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_text(NODE_MODULES / "axe-core" / "axe.min.js"))
    return [Problem(*row) for row in page.evaluate(_RUN_AXE, within)]


def everything(page: Page) -> list[Problem]:
    """All that must hold of a page at rest, at any width and in either scheme."""
    checks = (axe, sideways, duplicate_ids, hidden, cut_text, low_contrast)
    return [problem for check in checks for problem in check(page)]


def has_figures(page: Page) -> bool:
    """Whether a figure in prose leads to a page of its own."""
    return page.locator(FIGURE).count() > 0


def open_card(page: Page) -> list[Problem]:
    """Opens the card of the first figure by giving it the focus."""
    _ask(page)
    page.evaluate("document.activeElement.blur()")  # what has the focus already gets it no more
    page.locator(FIGURE).first.focus()
    return _wait_for(page, is_open=True, by="focus")


def close_card(page: Page) -> list[Problem]:
    """Closes it with Escape."""
    page.keyboard.press("Escape")
    return _wait_for(page, is_open=False, by="Escape")


def with_card(page: Page, *, within: str | None = ".tb-card") -> list[Problem]:
    """What is wrong once the card of the first figure is open, if there is a figure.

    The rest of the page is as it was: axe looks at the card alone, or `within` what is named.
    """
    if not has_figures(page):
        return []
    problems = open_card(page)
    if not problems:
        problems = [*card_outside(page), *axe(page, within), *sideways(page), *duplicate_ids(page)]
    return problems + close_card(page)


def card_by_hover(page: Page) -> list[Problem]:
    """Whether the pointer opens a card, and leaving closes it."""
    _ask(page)
    page.locator(FIGURE).first.hover()
    problems = _wait_for(page, is_open=True, by="hover")
    page.mouse.move(1, 1)
    return problems or _wait_for(page, is_open=False, by="leaving it")


def card_by_tap(page: Page) -> list[Problem]:
    """Whether a tap opens a card and stays on the page."""
    _ask(page)
    address = page.url
    page.locator(FIGURE).first.tap()
    problems = _wait_for(page, is_open=True, by="tap")
    if page.url != address:
        problems.append(Problem(FIGURE, f"a tap that leads to {page.url}", "a card"))
    return problems


def sees_cards(*, is_open: bool) -> str:
    """A function of the page that tells whether a card is open, or none is."""
    wanted = "> 0" if is_open else "=== 0"
    return f"() => window.tallybookProbes?.cards().length {wanted}"


def _wait_for(page: Page, *, is_open: bool, by: str) -> list[Problem]:
    try:
        page.wait_for_function(sees_cards(is_open=is_open), timeout=_LATER)
    except TookTooLong:
        found, wanted = ("no card", "an open card") if is_open else ("a card still open", "none")
        return [Problem(FIGURE, f"{found} by {by}", wanted)]
    return []
