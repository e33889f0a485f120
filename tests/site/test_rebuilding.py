"""What other programs, settings or versions left to build upon is never trusted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tallybook.files import PACKAGE
from tallybook.site import publish
from tests.helpers.small_site import TALLYBOOK, build, page

EXTENSION = "extra_extensions: [tallybook.sphinx_ext]"
SPHINX = "import sys; from pathlib import Path; from tallybook.site import publish; "
SPHINX += "publish.with_sphinx(Path(sys.argv[1]))"
ROLE = """
from docutils import nodes


def setup(app):
    app.add_role("mine", lambda _, __, text, *___, **____: ([nodes.Text("old " + text)], []))
"""
JUPYTER_BOOK = "import jupyter_book.cli.main; jupyter_book.cli.main.main()"


def without_extension(book, *command: str) -> None:
    """Run a program of Python on the book while its settings do not name the extension."""
    config = book / "_config.yml"
    settings = config.read_text()
    assert EXTENSION in settings
    config.write_text(settings.replace(EXTENSION, "extra_extensions: []"))
    subprocess.run([sys.executable, "-c", *command], capture_output=True, check=False)
    config.write_text(settings)


def test_what_sphinx_built_without_the_extension_is_built_anew(built_book):
    code = (
        "import sys, pathlib, tallybook.site.publish as p; p.with_sphinx(pathlib.Path(sys.argv[1]))"
    )
    without_extension(built_book, code, str(built_book))
    assert (publish.aside(built_book) / "searchindex.js").exists()
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert not (publish.aside(built_book) / "searchindex.js").exists()


def test_what_jupyter_book_published_is_replaced_whole(built_book):
    without_extension(built_book, JUPYTER_BOOK, "build", str(built_book))
    assert (publish.site(built_book) / "searchindex.js").exists()
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert not (publish.site(built_book) / "searchindex.js").exists()


@pytest.mark.parametrize("base", ["https://example.org/kettles", ""])
def test_another_address_of_the_site_is_on_every_page_that_has_it(base, built_book):
    index, config = built_book / "index.md", built_book / "_config.yml"
    index.write_text(f"{index.read_text()}\n```{{book-citation}}\n```\n")
    settings = config.read_text()
    html = "html: {"
    config.write_text(settings.replace(html, f"{html}baseurl: 'https://example.com/', "))
    assert build(built_book).returncode == 0
    config.write_text(settings.replace(html, f"{html}baseurl: '{base}', "))
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    for path in publish.site(built_book).rglob("*.html"):
        assert "example.com" not in path.read_text(encoding="utf-8"), path
    cited = page(built_book, "index.html").select_one("[data-of='cite-book:']").text
    assert cited.endswith(base)


def test_what_another_version_of_the_package_built_is_built_anew(built_book, tmp_path):
    other = shutil.copytree(PACKAGE, tmp_path / "other" / PACKAGE.name)
    (other / "site/policy.py").open("a").write("\n\n_OTHER_VERSION = True\n")
    there = {**os.environ, "PYTHONPATH": str(other.parent)}
    (built_book / "index.md").open("a").write("\nMore.\n")
    command = [*TALLYBOOK, "--book", str(built_book), "build"]
    # From there, since Python looks into the working folder first.
    assert subprocess.run(command, env=there, cwd=other.parent, check=False).returncode == 0
    (publish.aside(built_book) / "of-another-version.txt").write_text("97%")
    assert build(built_book).returncode == 0
    assert not (publish.aside(built_book) / "of-another-version.txt").exists()
    assert not (publish.site(built_book) / "of-another-version.txt").exists()


def test_a_build_that_failed_by_a_warning_fails_again(built_book):
    index = built_book / "index.md"
    whole = index.read_text()
    index.write_text(f"{whole}\n[there](nowhere.md)\n\n```python\n?!\n```\n")
    for attempt in ("first", "second"):
        result = build(built_book)
        assert result.returncode == 1, attempt
        assert "nowhere" in result.stderr
        assert "Lexing" in result.stderr
    index.write_text(whole)
    assert build(built_book).returncode == 0


def test_what_the_book_adds_to_sphinx_and_to_the_site_is_made_anew(built_book):
    config, extension = built_book / "_config.yml", built_book / "_ext/mine.py"
    extra = built_book / "extra/robots.txt"
    for path, text in ((extension, ROLE), (extra, "Disallow: /old/")):
        path.parent.mkdir()
        path.write_text(text)
    settings = config.read_text().replace("sphinx: {", "sphinx: {local_extensions: {mine: _ext}, ")
    config.write_text(
        settings.replace("sphinx: {", "sphinx: {config: {html_extra_path: [extra]}, ")
    )
    (built_book / "index.md").open("a").write("\n{mine}`kettle`\n")
    assert build(built_book).returncode == 0
    for path in (extension, extra):
        path.write_text(path.read_text().replace("old", "new"))
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert "new kettle" in page(built_book, "index.html").text
    assert "new" in (publish.site(built_book) / "robots.txt").read_text()
    extra.unlink()
    (extra.parent / "humans.txt").write_text("We sold 42 kettles.")
    assert "humans.txt:1: '42' comes from no record" in build(built_book).stderr


def test_a_reference_says_what_its_place_is_called_now(built_book):
    (built_book / "_toc.yml").open("a").write("  - file: places\n")
    places = built_book / "places.md"
    places.write_text("# Places\n\n(deep)=\n## Old heading\n\nText.\n")
    (built_book / "index.md").open("a").write("\nSee {ref}`deep`.\n")
    assert build(built_book).returncode == 0
    assert "See Old heading." in page(built_book, "index.html").text
    places.write_text(places.read_text().replace("Old", "New"))
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert "See New heading." in page(built_book, "index.html").text
    places.write_text(places.read_text().replace("(deep)", "(deeper)"))
    assert "undefined label: 'deep'" in build(built_book).stderr


def test_a_site_that_was_removed_is_built_again(built_book):
    shutil.rmtree(publish.site(built_book))
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert page(built_book, "index.html").h1


def test_a_site_of_another_version_of_tallybook_is_not_taken_for_the_same(built_book, monkeypatch):
    assert publish.is_built(built_book)
    monkeypatch.setattr(publish, "version", lambda: "99.1")
    assert not publish.is_built(built_book)


def test_of_a_page_that_is_removed_while_a_build_fails_nothing_is_left(built_book):
    contents, index, more = (built_book / each for each in ("_toc.yml", "index.md", "more.md"))
    listed, whole = contents.read_text(), index.read_text()
    contents.write_text(f"{listed}  - file: more\n")
    more.write_text("# More\n")
    assert build(built_book).returncode == 0
    more.unlink()
    contents.write_text(listed)
    index.write_text(f"{whole}\n{{count}}`nothing`\n")
    assert build(built_book).returncode == 1
    index.write_text(whole)
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert [each for each in publish.site(built_book).rglob("*more*") if each.is_file()] == []
