"""What pages take on paper."""

from __future__ import annotations

import re

from tests.browser.chromium import State, looking


def sheets(page):
    """How many sheets of A4 a page takes, printed as it stands."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_the_comparison_prints_on_two_sheets_and_what_is_opened_is_printed_too(browser, address):
    with looking(browser, State()) as (page, _):
        page.goto(f"{address}notebooks/comparison.html")
        assert sheets(page) == 2
        page.locator(".tb-inside summary").first.click()
        assert sheets(page) > 2


def test_text_is_as_wide_as_tables_on_paper(browser, address):
    with looking(browser, State(width=700)) as (page, _):
        page.emulate_media(media="print")
        page.goto(f"{address}notebooks/comparison.html")
        text, table = (
            page.locator(each).first.bounding_box()["width"]
            for each in ("article section > p", "table.tallybook-table")
        )
        assert abs(text - table) < 1
