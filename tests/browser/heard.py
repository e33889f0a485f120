"""What a screen reader is given of a page, and what of it is bad to hear.

`python -m tests.browser.heard` writes down, in `tests/browser/heard`, what it is given of some
pages of the site in `_build/html`: which regions, headings, tables, charts and controls there are,
with their names. Digits are `0`, so that another value of a figure is no other page.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from playwright.sync_api import Browser

from tests.browser.chromium import State, launched, looking
from tests.browser.server import serving

KEPT = Path(__file__).parent / "heard"
SITE = Path(__file__).parents[2] / "_build/html"
PAGES = ("index", "notebooks/comparison", "notebooks/lawsuits", "stat/arrests-2017")
RENEW = "tallybook build && python -m tests.browser.heard"
# What is written down; text, links and cells are looked at, and left out.
_KEPT = set(
    """banner navigation main contentinfo search searchbox heading table caption columnheader figure
    img group button status region""".split()
)
_NAMED = {"link", "button", "heading", "table", "img", "navigation", "searchbox", "columnheader"}
_LINE = re.compile(r'^(\w+)(?: "((?:[^"\\]|\\.)*)")?((?: \[[^\]]*\])*)')


def snapshot(browser: Browser, address: str) -> str:
    """The tree of a page for screen readers, as Playwright has it."""
    with looking(browser, State()) as (page, _):
        page.goto(address)
        return page.locator("body").aria_snapshot()


def nodes(tree: str) -> list[tuple[int, str, str, str]]:
    """The depth, role, name and state of each element of a tree."""
    found: list[tuple[int, str, str, str]] = []
    pending = [(0, each) for each in reversed(yaml.safe_load(tree))]
    while pending:
        depth, item = pending.pop()
        key, below = next(iter(item.items())) if isinstance(item, dict) else (item, None)
        if match := _LINE.match(str(key)):
            found.append((depth, match[1], match[2] or "", match[3]))
        if isinstance(below, list):
            pending += [(depth + 1, each) for each in reversed(below)]
    return found


def outline(tree: str) -> str:
    """The elements that shape a page, one a line, by role and name."""
    lines = []
    for _, role, name, state in nodes(tree):
        if role in _KEPT:
            said = f" {re.sub(r'[0-9][0-9,.]*', '0', name)}" if name else ""
            lines.append(f"{role}{state}{said}")
    return "\n".join([*lines, ""])


def faults(tree: str) -> list[str]:
    """What of a page is bad to hear."""
    found = nodes(tree)
    bad = [f"{role} without a name" for _, role, name, _ in found if role in _NAMED and not name]
    bad += [f"{role} {name!r}: a sign is no name" for _, role, name, _ in found
            if role in _NAMED and name and not any(map(str.isalnum, name))]  # fmt: skip
    bad += [f"heading {name!r} ends with the sign of its link" for _, role, name, _ in found
            if role in ("heading", "table") and name.endswith("#")]  # fmt: skip
    return bad


def path_of(name: str) -> Path:
    """Where it is written down what is heard of a page."""
    return KEPT / f"{name.replace('/', '-')}.txt"


def main() -> None:
    """Write down what is heard of each page."""
    KEPT.mkdir(exist_ok=True)
    with serving(SITE) as address, launched() as browser:
        for name in PAGES:
            tree = snapshot(browser, f"{address}{name}.html")
            path_of(name).write_text(outline(tree), encoding="utf-8")
            print("\n".join(f"{name}: {fault}" for fault in faults(tree)) or f"{name}: written")


if __name__ == "__main__":
    main()
