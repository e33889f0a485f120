"""The policy as it is written into pages and for hosts."""

from __future__ import annotations

import re

import pytest

from tallybook.site import policy
from tests.browser.server import said_by
from tests.helpers.small_site import page

ALLOWED = {"'self'", "'none'", "data:"}


def parsed(text: str) -> dict[str, list[str]]:
    """The sources of each directive of a policy."""
    return {name: sources for name, *sources in (part.split() for part in text.split(";"))}


def test_the_policy_allows_files_of_the_site_and_small_images_and_nothing_else():
    directives = parsed(policy.of_pages())
    assert {source for sources in directives.values() for source in sources} <= ALLOWED
    assert [name for name, sources in directives.items() if "data:" in sources] == ["img-src"]
    assert {"default-src", "script-src", "style-src", "base-uri", "form-action"} <= set(directives)


def test_a_host_says_what_pages_say_and_that_no_frame_may_show_them():
    ours = parsed(policy.of_pages())
    theirs = parsed(policy.headers()["Content-Security-Policy"])
    assert theirs == {**ours, "frame-ancestors": ["'none'"]}
    assert "frame-ancestors" not in ours


def test_every_page_has_the_policy_before_all_else_in_its_head(built):
    site = built / "_build/html"
    pages = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert {"index.html", "search.html", "404.html", "stat/index.html"} <= set(pages)
    for name in pages:
        first = page(built, name).head.find(True)
        assert first["http-equiv"] == "Content-Security-Policy", name
        assert first["content"] == policy.of_pages(), name
        head = (site / name).read_bytes()[:1024]  # where browsers look for it
        assert b'<meta charset="utf-8">' in head, name


def test_the_headers_file_is_as_netlify_and_cloudflare_pages_read_it(built):
    text = (built / "_build/html" / policy.HEADERS_FILE).read_text(encoding="utf-8")
    paths, *lines = text.splitlines()
    assert paths == "/*"
    assert all(re.fullmatch(r"  [A-Za-z-]+: \S.*\S", line) for line in lines)
    assert max(map(len, lines)) < 2000  # Cloudflare reads no longer ones
    assert said_by(built / "_build/html") == policy.headers()


@pytest.mark.parametrize("name", ["X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"])
def test_a_host_sends_what_a_page_cannot_say(name):
    assert policy.headers()[name]
