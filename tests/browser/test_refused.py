"""What the policy refuses in a page, whoever delivers it; without one, the same faults do harm."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic

import pytest

from tallybook.site import policy
from tests.browser.chromium import PATIENCE, State, looking
from tests.browser.server import serving
from tests.helpers.groups import but_first, slow

COLOUR = "rgb(1, 2, 3)"
SEEDED = {
    "an inline script": ("<script>spoil()</script>", "inline refused by script-src-elem"),
    "an inline handler": (
        '<img alt="" src="data:," onerror="spoil()">',
        "inline refused by script-src-attr",
    ),
    "a style element": (
        f"<style>body {{ color: {COLOUR} }}</style>",
        "inline refused by style-src-elem",
    ),
    "a style attribute": (
        f'<p style="color: {COLOUR}">x</p>',
        "inline refused by style-src-attr",
    ),
    "a script of another host": (
        '<script src="https://example.org/x.js"></script>',
        "https://example.org/x.js refused by script-src-elem",
    ),
    "an image of another host": (
        '<img alt="" src="https://example.org/x.png">',
        "https://example.org/x.png refused by img-src",
    ),
    "a page in a frame": ('<iframe src="own.html"></iframe>', "refused by frame-src"),
    "a base": ('<base href="https://example.org/">', "refused by base-uri"),
    "eval": ("<p id=eval></p>", "eval refused by script-src"),
}
OWN = """"use strict";
function spoil() { document.documentElement.dataset.spoiled = "yes"; }
addEventListener("DOMContentLoaded", () => {
  if (document.getElementById("eval")) new Function("spoil()")();
});
"""
IS_SPOILED = """(colour) => document.documentElement.dataset.spoiled === "yes"
  || document.baseURI !== location.href
  || [...document.querySelectorAll("*")].some((one) => getComputedStyle(one).color === colour)
"""


@contextmanager
def delivered(by, folder, body):
    """The address of a small page with a fault in it; "nothing" delivers it without a policy."""
    tag = policy.tag() if by in ("page", "folder") else ""
    text = f'<!DOCTYPE html><html lang="en"><head>{tag}<meta charset="utf-8"><title>x</title>'
    text += f'<link rel="icon" href="data:,"><script src="own.js"></script></head><body>{body}'
    (folder / "index.html").write_text(f"{text}</body></html>")
    (folder / "own.js").write_text(OWN)
    if by == "folder":
        yield (folder / "index.html").as_uri()
    else:
        with serving(folder, headers=None if by == "headers" else {}) as address:
            yield address


@pytest.mark.parametrize("by", but_first(["page", "headers", "folder"], "browser"))
@pytest.mark.parametrize("fault", but_first(SEEDED, "browser"))
def test_a_fault_in_a_page_is_refused_and_heard(fault, by, browser, tmp_path):
    body, says = SEEDED[fault]
    with delivered(by, tmp_path, body) as address, looking(browser, State()) as (page, heard):
        page.goto(address)
        end = monotonic() + PATIENCE / 1000
        while says not in "\n".join(map(str, heard)) and monotonic() < end:
            page.wait_for_timeout(50)
        assert says in "\n".join(map(str, heard))
        assert not page.evaluate(IS_SPOILED, COLOUR)


@slow("browser")
@pytest.mark.parametrize(
    "fault", ["an inline script", "an inline handler", "a style element", "a base", "eval"]
)
def test_without_a_policy_a_fault_does_its_harm(fault, browser, tmp_path):
    body, _ = SEEDED[fault]
    with delivered("nothing", tmp_path, body) as address, looking(browser, State()) as (page, _):
        page.goto(address)
        page.wait_for_function(IS_SPOILED, arg=COLOUR)


@slow("browser")
@pytest.mark.parametrize(("headers", "shown"), [(None, 0), ({}, 1)])
def test_a_host_that_sends_the_headers_lets_no_other_frame_its_pages(
    headers, shown, browser, tmp_path
):
    (tmp_path / "framed").mkdir()
    (tmp_path / "framed/index.html").write_text("<!DOCTYPE html><title>x</title><p>Kettles")
    with serving(tmp_path / "framed", headers=headers) as ours:
        frame = f'<!DOCTYPE html><title>x</title><iframe src="{ours}"></iframe>'
        (tmp_path / "index.html").write_text(frame)
        with serving(tmp_path, headers={}) as other, looking(browser, State()) as (page, _):
            page.goto(other, wait_until="networkidle")
            assert page.frames[1].get_by_text("Kettles").count() == shown
