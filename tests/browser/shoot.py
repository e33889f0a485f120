"""Screenshots of whole pages of a built site, for people to look at.

`python -m tests.browser.shoot _build/html shots book/index.html --widths 375,1440`
"""

from __future__ import annotations

import argparse
from itertools import product
from pathlib import Path

from tests.browser import pages
from tests.browser.chromium import State, launched, looking, scroll_through
from tests.browser.server import serving

ROOT = Path(__file__).parent.parent.parent


def main() -> None:
    """Write a picture for each page, width and scheme; of all chapters where no page is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pages", nargs="*", default=pages.chapters(ROOT))
    parser.add_argument("--widths", default="375,768,1440")
    parser.add_argument("--schemes", default="light,dark")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    states = list(product(map(int, given.widths.split(",")), given.schemes.split(",")))
    with serving(given.site.resolve()) as address, launched() as browser:
        for name, (width, scheme) in product(given.pages, states):
            with looking(browser, State(width=width, scheme=scheme)) as (page, _):
                page.goto(address + name)
                scroll_through(page)
                stem = name.removesuffix(".html").replace("/", "-")
                path = given.folder / f"{stem}-{width}-{scheme}.png"
                page.screenshot(path=path, full_page=True)
                print(path)


if __name__ == "__main__":
    main()
