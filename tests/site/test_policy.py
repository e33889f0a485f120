"""The policy as it is written into pages and for hosts."""

from __future__ import annotations

import re

import pytest

from tallybook.site import policy
from tests.browser.server import rules_of, said_by
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
    site = built / "_build/html"
    rules = rules_of(site)
    assert all(re.fullmatch(r"/(:?\w+/|:\w+|\w+/)*(:\w+|\*)?", path) for path in rules)
    assert len(rules) < 100  # and lines of 2000 signs: Cloudflare reads no more
    for line in (line for lines in rules.values() for line in lines):
        assert re.fullmatch(r"  [A-Za-z-]+: \S.*\S", line)
        assert len(line) < 2000


def test_each_file_of_a_site_has_its_headers_and_a_card_alone_may_be_framed(built):
    site = built / "_build/html"
    names = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    cards = {name for name in names if re.fullmatch(r"stat/[\w-]+/card\.(html|svg)", name)}
    assert len(cards) == 14
    for name in {*names, "", "stat/"} - {policy.HEADERS_FILE}:
        expected = policy.headers_of_cards() if name in cards else policy.headers()
        assert said_by(site, name) == expected, name
    sent = policy.headers_of_cards()
    assert "X-Frame-Options" not in sent
    assert sent["Content-Security-Policy"] == policy.of_pages()
    assert {**policy.headers(), **sent}.keys() - sent.keys() == {"X-Frame-Options"}


@pytest.mark.parametrize("name", ["X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"])
def test_a_host_sends_what_a_page_cannot_say(name):
    assert policy.headers()[name]
