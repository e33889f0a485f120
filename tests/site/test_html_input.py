"""What an author types puts nothing on a page that only the extension may write."""

from __future__ import annotations

import re
import subprocess
import time
from contextlib import suppress

import pytest

from tallybook.site.html_input import LONGEST, NotTaken, checked, is_safe
from tests.helpers.small_site import build, page

# A piece of a page, and what is said of it.
REFUSED = {
    '<span data-of="x">97%</span>': "<span> is not taken in a page",
    '<b data-of="stores-closed-2017">97%</b>': "the attribute data-of of <b> is not taken",
    '<b class="tb-large">x</b>': "the attribute class of <b> is not taken",
    "<time>97%</time>": "<time> is not taken",
    "<p onclick=x>\nx\n</p>": "the attribute onclick of <p> is not taken",
    "<img src=x onerror=alert(x)>": "a picture is `![what it shows](path)`",
    "<a href='java&#9;script:x'>y</a>": "the address 'java\\tscript:x' is not taken",
    "x </article>": "<article> is not taken",
    "<details title='\n\n*x*\n\n'>": "a tag has no end",
    "<!DOCTYPE html>": "<! is not taken in a page",
    "```{raw} html\n<script>alert(x)</script>\n```": "<script> is not taken",
    "```{raw} latex html\n<svg onload=x></svg>\n```": "<svg> is not taken",
    "```{eval-rst}\n.. raw:: html\n\n   <iframe></iframe>\n```": "<iframe> is not taken",
    "```{eval-rst}\n`x <javascript:alert(x)>`_\n```": "the address 'javascript:alert(x)' is not",
    "{download}`x <javascript://%0aalert(x)>`": "the address 'javascript://%0aalert(x)' is not",
    "```{card} T\n:link: javascript:alert(2)\nx\n```": "the address 'javascript:alert(2)' is not",
    "```{figure} https://example.org/x.png\n```": "the picture 'https://example.org/x.png' is not",
    "![x](ftp://example.org/y.png)": "the picture 'ftp://example.org/y.png' is not the book's",
    "{octicon}`report`": "pages have no icons",
    "```{admonition} T\n:class: tb-notes\nx\n```": "the class 'tb-notes' is the theme's own",
    "```{div} tallybook-figure\nx\n```": "the class 'tallybook-figure' is the theme's own",
    "```{dropdown} T\n:class-title: tb-a\nx\n```": "the class 'tb-a' is the theme's own",
    "[x]{.tb-b}": "the class 'tb-b' is the theme's own",
    "{.tb-c}\nx": "the class 'tb-c' is the theme's own",
    "```{rst-class} tb-d\n```\nx": "the class 'tb-d' is the theme's own",
}
TAKEN = """\
Some <b>bold</b>, H<sub>x</sub>O and <a href="https://example.org/?a=b:c">a link</a>, {{ x*x }},
a hard  \nbreak, <!-- a note to oneself --> [x](javascript:alert(x)) and <javascript:alert(x)>.

<details><summary>More</summary>

Some *Markdown*, {stat}`stores-closed-2017` stores.

</details>

```{raw} latex
<script>alert(x)</script>
```
"""


@pytest.fixture(scope="module")
def refused(built, tmp_path_factory) -> tuple[str, dict[str, int]]:
    """What the build of a page says that has all that is refused, and the line of each."""
    book = tmp_path_factory.mktemp("refused") / "kettles"
    subprocess.run(["cp", "-a", built, book], check=True)
    text, lines = "# Kettles\n", {}
    for number, piece in enumerate(REFUSED):
        text += f"\n## Part {number}\n\n"
        lines[piece] = text.count("\n") + 1
        text += f"{piece}\n"
    (book / "index.md").write_text(text, encoding="utf-8")
    config = book / "_config.yml"
    extensions = "[attrs_inline, attrs_block, colon_fence]"
    config.write_text(f"{config.read_text()}parse: {{myst_enable_extensions: {extensions}}}\n")
    result = build(book)
    assert result.returncode == 1
    return result.stderr, lines


@pytest.mark.parametrize("piece", REFUSED)
def test_what_only_the_extension_may_write_ends_the_build_with_its_place(piece, refused):
    said, lines = refused
    until = lines[piece] + piece.count("\n")
    places = [f"index.md:{line}: " for line in range(lines[piece] - 2, until + 1)]
    found = [line for line in said.splitlines() if REFUSED[piece] in line]
    assert [line for line in found if line.startswith(tuple(places))], (places, said)


def test_all_that_is_refused_is_said_without_a_traceback(refused):
    assert "Traceback" not in refused[0]


def test_plain_html_is_taken_and_jinja_is_text(built_book):
    index = built_book / "index.md"
    index.write_text(f"{index.read_text()}\n{TAKEN}", encoding="utf-8")
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    article = page(built_book, "index.html").article
    assert "bold, HxO and a link, {{ x*x }}" in " ".join(article.text.split())
    assert article.select_one("b").text == "bold"
    assert article.select_one("details .tallybook-figure").text == "more than 1,000"
    assert not article.select("script, [href^='javascript:']")
    assert "oneself" not in str(article)


def test_a_page_cannot_send_its_reader_elsewhere(built_book):
    index = built_book / "index.md"
    meta = "```{eval-rst}\n.. meta::\n   :http-equiv=refresh: 0;url=https://example.org\n```\n"
    index.write_text(f"{index.read_text()}\n{meta}", encoding="utf-8")
    result = build(built_book)
    assert result.returncode == 1
    assert "a page gives its readers' programs no orders: leave http-equiv out" in result.stderr


@pytest.mark.parametrize("setting", ["html_context: {a: b}", "templates_path: [x]"])
def test_a_setting_that_would_write_around_the_pages_is_refused(setting, book):
    config = book / "_config.yml"
    extensions = "extra_extensions: [tallybook.sphinx_ext]"
    config.write_text(
        config.read_text().replace(extensions, f"{extensions}, config: {{{setting}}}")
    )
    result = build(book)
    assert result.returncode == 1
    name = setting.partition(":")[0]
    assert f"_config.yml:5: sphinx.config.{name}: not taken: write a page" in result.stderr


def test_a_page_cannot_bring_jinja_back_by_its_own_settings(built_book):
    front = "---\nmyst: {enable_extensions: [substitution]}\n---\n"
    index = built_book / "index.md"
    index.write_text(front + index.read_text() + "\n{{ x*x }}\n")
    result = build(built_book)
    assert result.returncode == 1
    assert "index.md:1: enable_extensions is not taken in a page" in result.stderr


def test_a_link_in_the_contents_that_leads_elsewhere_is_refused(built_book):
    with (built_book / "_toc.yml").open("a") as contents:
        contents.write("  - {url: 'javascript://x', title: x}\n")
    result = build(built_book)
    assert result.returncode == 1
    assert "javascript://x" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("<b>", "<b>"), ("</b>", "</b>"), ("<br/>", "<br>"), ("<TD COLSPAN=2>", '<td colspan="2">'),
        ("<ul><li>a &amp; b</li></ul>", "<ul><li>a &amp; b</li></ul>"), ("a < b", "a &lt; b"),
        ("<pre>a\n  b</pre>", "<pre>a\n  b</pre>"), ("<p>x<!-- y --></p>", "<p>x</p>"),
        ("<a href=x title='&quot;<i>'>", ""), ("<a title='&quot;&lt;'>", '<a title="&quot;&lt;">'),
        ("&lt;b&gt;", "&lt;b&gt;"),
        # What releases of Python's own parser read differently.
        ("<!-- x --!>y", "y"), ("<!-->y", "y"), ("<!--->y", "y"), ("<!-- x -- > y -->z", "z"),
        ("</b x='>'>y", "</b>y"), ("<a href=x/>", '<a href="x/">'), ("<b / />", "<b>"),
        ("<a href='?a=1&copy=2'>", '<a href="?a=1&amp;copy=2">'),
    ],
)  # fmt: skip
def test_html_that_pages_take_is_written_as_it_was_read(typed, written):
    if written:
        assert checked(typed) == checked(written) == written
    else:
        with pytest.raises(NotTaken, match="a tag has no end before the next one"):
            checked(typed)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org", True), ("page.html#a:b", True), ("?x:y", True), ("#", True),
        ("//example.org", True), ("mailto:a@b.c", True), ("JavaScript:x", False),
        ("java\nscript:x", False), (" \x01javascript:x", False), ("data:text/html,x", False),
        ("vbscript:x", False), ("file:///etc/passwd", False), ("blob:x", False),
    ],
)  # fmt: skip
def test_an_address_is_safe_by_its_scheme(address, safe):
    assert is_safe(address) is safe


@pytest.mark.parametrize(
    "typed",
    ["<<![CDATA[[>x", "<![if", "<!]", "<!x", "<?", "\ud800", "</", "</ b>", "<b =x>", "<b 'x'>"],
)
def test_html_that_no_parser_knows_is_refused(typed):
    with pytest.raises(NotTaken):
        checked(typed)


@pytest.mark.parametrize("piece", ["<b ", "<!--", "<<", "<b>", "&#", "</b <"])
def test_html_is_read_in_time_however_it_is_broken(piece):
    started = time.process_time()
    with pytest.raises(NotTaken, match=r"more than 20,000 characters|a tag has no end"):
        checked(piece * 100_000)
    with suppress(NotTaken):
        checked(piece * (LONGEST // len(piece)))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("<p style=x>", "style of <p>"), ("<p id=x>", "id of <p>"), ("<p class=x>", "class of <p>"),
        ("<p data-of=x>", "data-of of <p>"), ("<script>alert(x)</script>", "<script>"),
        ("<svg><a href=x>y</a></svg>", "<svg>"), ("</main>", "<main>"), ("<iframe src=x>", "<ifr"),
        ("<a/href='javascript:alert(x)'>", "the address 'javascript:alert"), ("<style>", "<style>"),
        ("<a href='java&#9;script:x'>", "the address"), ("<b onclick=x>", "onclick of <b>"),
    ],
)  # fmt: skip
def test_nothing_that_runs_or_is_the_extension_s_is_taken(typed, says):
    with pytest.raises(NotTaken, match=re.escape(says)):
        checked(typed)
