"""Nothing of a site depends on where and when it is built, and it says what it is made of."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tallybook import files
from tallybook.site import provenance, publish
from tests.helpers.groups import slow
from tests.helpers.small_site import BOOKS, page
from tests.reproduction.__main__ import ELSEWHERE, HERE, build, contents, differences, report

GIT = "git -c user.name=Kettle -c user.email=kettle@example.org -c init.defaultBranch=main".split()
_TOLD = (
    "import datetime, locale, sys, time; print(datetime.date.today(), time.strftime('%Y'), "
    "time.tzname[0], locale.getpreferredencoding(), hash('kettle'), sum([0.1] * 10), sep='|')"
)
_DRAW = (
    "import hashlib, pathlib, sys; from tallybook.charts.drawings import Drawings; "
    "spec = {'data': {'values': [{'what': 'Hello', 'of': 1}]}, 'mark': 'bar', 'encoding': "
    "{'x': {'field': 'of'}, 'y': {'field': 'what'}}, 'config': {'font': 'monospace'}}; "
    "made = Drawings(pathlib.Path(sys.argv[1])); "
    "print(hashlib.sha256(made.drawing(spec).encode() + made.picture(spec)).hexdigest())"
)
_DRAW_AS_IT_COMES = (
    "import hashlib, vl_convert; print(hashlib.sha256(vl_convert.svg_to_png('<svg xmlns="
    '"http://www.w3.org/2000/svg" width="99" height="30" font-family="monospace"><text y="20">'
    "Hello</text></svg>')).hexdigest())"
)
# Fonts as no machine has them: what is to be of one width looks handwritten.
_FONTS = (
    "<fontconfig><dir>/dev/null</dir><alias><family>monospace</family><prefer><family>Caveat"
    "</family></prefer></alias></fontconfig>"
)


def git(book: Path, *arguments: str) -> str:
    ran = subprocess.run([*GIT, *arguments], cwd=book, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def committed(book: Path) -> str:
    git(book, "add", ".")
    git(book, "commit", "-q", "-m", "Kettles")
    return git(book, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def fonts(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    path.write_text(_FONTS)
    return str(path)


@pytest.fixture(scope="module")
def twice(tmp_path_factory, fonts) -> tuple[Path, Path]:
    """One commit of the small book, built in two circumstances: here, and elsewhere."""
    here = Path(shutil.copytree(BOOKS / "kettles", tmp_path_factory.mktemp("here") / "kettles"))
    (here / ".gitignore").write_text("_build/\n")
    git(here, "init", "-q")
    committed(here)
    there = tmp_path_factory.mktemp("there") / "Ein anderes Buch"
    git(here, "clone", "-q", str(here), str(there))
    for book, at in ((here, HERE), (there, replace(ELSEWHERE, fonts=fonts))):
        ran = build(book, at)
        assert ran.returncode == 0, ran.stderr
    return here, there


def sites(books: tuple[Path, Path]) -> tuple[Path, Path]:
    return publish.site(books[0]), publish.site(books[1])


@slow("reproduction")
def test_two_builds_of_one_commit_are_the_same_to_the_byte(twice):
    assert differences(*sites(twice)) == [], "\n".join(report(*sites(twice)))
    assert {"objects.inv", "made-of.json", "_static/social-card.png"} <= {
        *contents(sites(twice)[0])
    }


@slow("reproduction")
def test_executed_notebooks_are_the_same_to_the_byte(twice):
    one, other = (book / "notebooks" for book in twice)
    assert differences(one, other) == []
    assert b"image/svg+xml" in contents(one)["kettles.ipynb"]


def test_the_circumstances_of_the_two_builds_are_not_the_same():
    told = [
        subprocess.run(
            [sys.executable, "-c", _TOLD],
            env=at.environment(),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split("|")
        for at in (HERE, ELSEWHERE)
    ]
    assert all(one != other for one, other in zip(*told, strict=True)), told


@slow("reproduction")
def test_a_site_that_depends_on_the_day_is_found_and_reported(twice, tmp_path):
    books = [Path(shutil.copytree(book, tmp_path / book.name)) for book in twice]
    for book, at in zip(books, (HERE, ELSEWHERE), strict=True):
        index = book / "index.md"
        index.write_text(f"{index.read_text()}\nBuilt on {{sub-ref}}`today`.\n")
        settings = book / "_config.yml"  # a day by its name, for a numeral would be refused
        told = settings.read_text().replace("sphinx: {", "sphinx: {config: {today_fmt: '%A'}, ")
        settings.write_text(told)
        assert build(book, at).returncode == 0
    found = sites((books[0], books[1]))
    assert differences(*found) == ["SHA256SUMS", "_static/search-index.js", "index.html"]
    said = "\n".join(report(*found))
    assert "index.html" in said
    assert "Built on" in said


def drawn(code: str, fonts: str) -> str:
    at = replace(HERE, fonts=fonts)
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-c", code, folder]
        environment = at.environment()
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return ran.stdout


def test_drawings_and_pictures_are_the_same_whatever_fonts_a_machine_has(fonts):
    assert drawn(_DRAW, fonts) == drawn(_DRAW, "")


def test_fonts_of_a_machine_would_make_another_picture(fonts):
    assert drawn(_DRAW_AS_IT_COMES, fonts) != drawn(_DRAW_AS_IT_COMES, "")


@slow("reproduction")
def test_a_commit_alone_is_shown_by_the_next_build_and_costs_its_pages_alone(twice, tmp_path):
    book = Path(shutil.copytree(twice[0], tmp_path / "kettles"))
    (book / "more.txt").write_text("More.")
    build(book, HERE)  # all of it, for Sphinx trusts nothing that lay elsewhere
    before = contents(publish.site(book))
    assert json.loads(before["made-of.json"])["uncommitted_changes"] is True
    aside = {path: path.stat().st_mtime_ns for path in publish.aside(book).rglob("*.html")}
    number = committed(book)
    ran = build(book, HERE)
    assert "The book is built" in ran.stdout
    now = contents(publish.site(book))
    assert json.loads(now["made-of.json"])["commit"] == number
    changed = {n for n in now if now[n] != before.get(n)}
    assert changed == {"made-of.json", "index.html", "SHA256SUMS"}
    pages = [path for path, written in aside.items() if path.stat().st_mtime_ns != written]
    assert {path.name for path in pages} <= {"index.html", "404.html", "search.html"}
    assert "Nothing has changed" in build(book, HERE).stdout


@slow("reproduction")
def test_the_page_says_commit_lock_and_documents_in_an_element_that_is_marked(twice):
    (told,) = page(twice[0], "index.html").find_all(attrs={"data-of": "made-of:"})
    stored = json.loads(contents(publish.site(twice[0]))["made-of.json"])
    shown = [code.text for code in told.find_all("code")]
    made = [stored["commit"], stored["tallybook"], *stored["documents_sha256"].values()]
    assert [*made, stored["audit"]] == [text for text in shown if text != provenance.LOCK]
    assert "and uncommitted changes" in told.text


def test_a_book_outside_of_git_or_that_git_does_not_know_has_no_commit(book):
    assert files.commit(book).number == files.UNKNOWN
    git(book.parent, "init", "-q")
    (book.parent / "other.txt").write_text("other")
    git(book.parent, "add", "other.txt")
    git(book.parent, "commit", "-q", "-m", "other")
    assert files.commit(book).number == files.UNKNOWN


def test_of_a_checkout_of_another_user_the_commit_is_unknown(book, monkeypatch):
    git(book, "init", "-q")
    number = committed(book)
    assert files.commit(book).number == number
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git asks whose it is, and refuses
    assert files.commit(book) == files.Commit(files.UNKNOWN, is_edited=False)


def test_an_edited_or_a_new_file_is_an_uncommitted_change_and_a_built_one_is_not(book):
    git(book, "init", "-q")
    number = committed(book)
    (book / "_build").mkdir()
    (book / "_build/page.html").write_text("page")
    assert files.commit(book) == files.Commit(number, is_edited=False)
    (book / "index.md").write_text("# Other")
    assert files.commit(book) == files.Commit(number, is_edited=True)
    git(book, "checkout", "-q", "index.md")
    (book / "new.md").write_text("# New")
    assert files.commit(book).is_edited


@slow("reproduction")
def test_the_day_that_a_system_asks_for_changes_no_year_of_a_book(twice, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    book = Path(shutil.copytree(twice[0], tmp_path / "kettles"))
    assert build(book, HERE).returncode == 0
    assert differences(publish.site(book), publish.site(twice[0])) == []
