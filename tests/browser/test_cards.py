"""A card of a figure is shown by another site whose policy allows that frame and nothing else."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest

from tallybook.site import policy
from tests.browser.chromium import State, looking
from tests.browser.server import serving
from tests.helpers.groups import but_first

FIGURE = "stat/stores-closed-2017"
IS_DRAWN = "() => { const one = document.images[0]; return one.complete && one.naturalWidth; }"


@contextmanager
def embedding(folder, body: str, site: str):
    """The address of a page of another site, under the strictest policy that shows the card."""
    text = f'<!DOCTYPE html><html lang="en"><head><title>x</title></head><body>{body}</body></html>'
    (folder / "index.html").write_text(text)
    strict = f"default-src 'none'; frame-src {site}; img-src {site}; base-uri 'none'"
    with serving(folder, headers={"Content-Security-Policy": strict}) as address:
        yield address


@pytest.mark.parametrize("scheme", but_first(["light", "dark"], "browser"))
def test_a_card_is_shown_in_a_frame_under_a_strict_policy(scheme, built, browser, tmp_path):
    site = built / "_build/html"
    with serving(site, headers=policy.headers_of_cards()) as ours:
        height = re.search(r'height="(\d+)"', (site / f"{FIGURE}/card.svg").read_text())[1]
        source = f"{ours}{FIGURE}/card.html"
        body = f'<iframe src="{source}" width="480" height="{height}" title="x"></iframe>'
        with (
            embedding(tmp_path, body, ours) as other,
            looking(browser, State(scheme=scheme)) as (page, heard),
        ):
            page.goto(other, wait_until="networkidle")
            card = page.frames[1]
            assert card.get_by_role("heading").inner_text() == "more than 1,000 stores closed"
            style = "e => [getComputedStyle(e).fontFamily, getComputedStyle(e).borderTopWidth]"
            font, border = card.locator("body").evaluate(style)
            assert "system-ui" in font  # of its own stylesheet
            assert border == "1px"
            # All of it is seen, in the size that the code to embed it names.
            is_whole = "e => e.scrollHeight <= e.clientHeight && e.scrollWidth <= e.clientWidth"
            assert card.locator("html").evaluate(is_whole)
            assert [str(each) for each in heard if "favicon" not in str(each)] == []
            with page.context.expect_page() as opened:
                card.get_by_role("link").click()
            assert opened.value.url == f"{ours}{FIGURE}.html"


def test_the_picture_of_a_card_is_shown_as_an_image(built, browser, tmp_path):
    with serving(built / "_build/html", headers=policy.headers_of_cards()) as ours:
        body = f'<img src="{ours}{FIGURE}/card.svg" alt="x">'
        with (
            embedding(tmp_path, body, ours) as other,
            looking(browser, State()) as (page, heard),
        ):
            page.goto(other, wait_until="networkidle")
            page.wait_for_function(IS_DRAWN)
            assert page.locator("img").bounding_box()["width"] == 480
            assert [str(each) for each in heard if "favicon" not in str(each)] == []


def test_what_a_page_says_to_programs_is_refused_by_no_policy(built, browser):
    with (
        serving(built / "_build/html") as ours,
        looking(browser, State()) as (page, heard),
    ):
        page.goto(f"{ours}{FIGURE}.html", wait_until="networkidle")
        assert page.locator('script[type="application/ld+json"]').count() == 1
        assert heard == []
