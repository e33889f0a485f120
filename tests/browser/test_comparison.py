"""How much of the comparison is seen at once."""

from __future__ import annotations

import pytest

from tests.browser.chromium import HEIGHT, State, looking

ROWS = ".tb-opening > tbody > tr:not(.tb-inside)"
ENDS = "rows => rows.map((row) => row.getBoundingClientRect().bottom + scrollY)"


def test_the_recommendations_fit_on_the_first_screen_and_all_rows_on_two(browser, address):
    with looking(browser, State(width=1440)) as (page, _):
        page.goto(f"{address}notebooks/comparison.html")
        ends = page.eval_on_selector_all(ROWS, ENDS)
        assert len(ends) == 10
        assert ends[2] < HEIGHT
        assert ends[-1] < 2 * HEIGHT


@pytest.mark.parametrize(("width", "most"), [(1440, 6_000), (375, 12_000)])
def test_the_page_is_short_while_its_rows_are_closed(width, most, browser, address):
    with looking(browser, State(width=width)) as (page, _):
        page.goto(f"{address}notebooks/comparison.html")
        assert page.evaluate("document.documentElement.scrollHeight") < most
