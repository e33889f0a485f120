"""What the settings of a book put around its pages, and that nothing else is put there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tallybook.errors import BadSettings
from tallybook.notebooks import settings
from tallybook.notebooks.settings import Settings
from tallybook.site import frame, repository
from tallybook.site.citations import Edition, bibtex, of_book
from tests.helpers.small_site import build, page, run

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
CONFIG = """title: "Kettles, 2016–2018"
author: Ann
copyright: "2024"
logo: pictures/logo.svg
only_build_toc_files: true
execute: {execute_notebooks: "off"}
html:
  use_multitoc_numbering: false
  home_page_in_navbar: false
  favicon: pictures/icon.png
  announcement: This is a <em>draft</em>
  extra_footer: <p>Funded by nobody</p>
  use_repository_button: true
  use_issues_button: true
  use_edit_page_button: true
  baseurl: https://kettles.example
repository: {url: "https://github.com/ann/kettles", branch: main, path_to_book: book}
launch_buttons: {binderhub_url: "https://mybinder.org", notebook_interface: jupyterlab}
sphinx:
  extra_extensions: [tallybook.sphinx_ext]
  config: {html_theme_options: {use_download_button: false}}
"""
CONTENTS = """format: jb-book
root: index
chapters:
- {file: notebooks/kettles, title: Another title}
- {url: "https://example.org", title: Elsewhere}
"""
FOREIGN = ("Jupyter Book", "executablebooks", "2023")


@pytest.fixture(scope="module")
def dressed(built, tmp_path_factory) -> Path:
    """The small book with all that its settings can put around pages."""
    book = Path(shutil.copytree(built, tmp_path_factory.mktemp("framed") / "kettles"))
    (book / "pictures").mkdir()
    (book / "pictures/logo.svg").write_text(LOGO)
    (book / "pictures/icon.png").write_bytes(b"\x89PNG")
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    (book / "_toc.yml").write_text(CONTENTS)
    result = build(book)
    assert result.returncode == 0, result.stderr
    return book


@pytest.mark.parametrize("name", ["index.html", "stat/index.html", "search.html", "404.html"])
def test_every_page_has_logo_icon_announcement_and_footer(name, dressed):
    soup = page(dressed, name)
    logo = soup.select_one(".tb-brand img")
    assert logo["alt"] == "Kettles, 2016–2018"
    assert logo["src"].endswith("_static/book-logo.svg")
    assert soup.select_one("link[rel=icon]")["href"].endswith("_static/book-icon.png")
    assert str(soup.select_one(".tb-announcement em")) == "<em>draft</em>"
    assert soup.select_one("footer .tb-extra").get_text(strip=True) == "Funded by nobody"
    assert not soup.select(".tb-home")
    assert not soup.select("a[href*=_sources]")


def test_pictures_of_the_book_are_on_the_site(dressed):
    static = dressed / "_build/html/_static"
    assert (static / "book-logo.svg").read_text() == LOGO
    assert (static / "book-icon.png").read_bytes() == b"\x89PNG"


def test_a_page_leads_to_its_source_and_a_notebook_to_where_it_runs(dressed):
    def links(name):
        return {each.text: each["href"] for each in page(dressed, name).select(".tb-elsewhere a")}

    repository_of_book = "https://github.com/ann/kettles"
    of_index = {
        "Suggest an edit": f"{repository_of_book}/edit/main/book/index.md",
        "Report an error": f"{repository_of_book}/issues/new?title=Issue%20on%20page%20/index.html",
        "Repository": repository_of_book,
    }
    assert links("index.html") == of_index
    assert links("notebooks/kettles.html")["Open in Binder"] == (
        "https://mybinder.org/v2/gh/ann/kettles/main?urlpath=lab/tree/book/notebooks/kettles.ipynb"
    )
    assert set(links("stat/index.html")) == {"Report an error", "Repository"}


def test_the_contents_have_the_titles_and_links_that_they_are_given(dressed):
    for name in ("index.html", "stat/stores-closed-2017.html"):
        entries = page(dressed, name).find(id="tb-contents")("a")
        assert [each.text for each in entries] == ["Another title", "Elsewhere"]
        assert entries[1]["href"] == "https://example.org"


def test_the_book_is_cited_as_its_settings_have_it(dressed):
    page_of_figure = page(dressed, "stat/stores-closed-2017.html")
    assert page_of_figure.footer.p.text == "Kettles, 2016–2018. Ann, 2024."
    assert page_of_figure.select_one(".tb-citation").text.startswith("Ann (2024): “")
    assert "author = {{Ann}}" in page_of_figure.select_one(".tb-bibtex").text


def test_nothing_of_jupyter_books_defaults_is_on_a_page_of_a_book_that_says_less(built):
    cited = page(built, "stat/stores-closed-2017.html")
    assert cited.footer.p.text == "Kettles."
    assert cited.select_one(".tb-citation").text.startswith("“more than 1,000")
    assert "author" not in cited.select_one(".tb-bibtex").text
    assert "year" not in cited.select_one(".tb-bibtex").text
    for path in (built / "_build/html").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not [each for each in FOREIGN if each in text], path


def test_with_an_address_links_and_citations_are_whole_and_nothing_is_warned_of(dressed):
    figure = page(dressed, "stat/stores-closed-2017.html")
    whole = "https://kettles.example/stat/stores-closed-2017.html"
    assert figure.find("a", string=whole)["href"] == whole
    assert f"url = {{{whole}}}" in figure.select_one(".tb-bibtex").text
    assert "@misc{kettles-2016-2018:stores-closed-2017," in figure.select_one(".tb-bibtex").text
    assert figure.find("link", rel="canonical")["href"] == whole
    assert figure.select_one(".tb-on-paper a")["href"] == whole
    assert "no address" not in figure.text
    assert frame.without_address(dressed) is None


def test_without_an_address_nothing_names_one_and_the_page_says_so(built):
    figure = page(built, "stat/stores-closed-2017.html")
    assert "The site has no address yet" in figure.article.text
    assert "Permanent link" not in figure.article.text
    assert "url" not in figure.select_one(".tb-bibtex").text
    assert figure.find("link", rel="canonical") is None


def test_a_build_warns_once_of_no_address_and_paper_has_a_date(built_book):
    sources = built_book / "data/sources.yml"
    dated = 'published: "2018-01-12"'
    sources.write_text(sources.read_text().replace("published: unstated", dated))
    result = build(built_book)
    assert result.returncode == 0, result.stderr
    assert result.stderr.count("_config.yml: warning: html.baseurl is missing") == 1
    for name in ("index.html", "stat/stores-closed-2017.html"):
        shown = page(built_book, name).select_one(".tb-foot .tb-on-paper")
        assert shown.text.strip() == "The newest document is of 12 January 2018."


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Asked, Answered: Lists", "asked-answered"),
        ("Élan vital", "elan-vital"),
        ("漢字", "book"),
        ("a " * 40, "-".join("a" * 20)),
        ("x" * 60, "x" * 40),
    ],
)
def test_the_key_of_a_citation_is_short_and_of_plain_letters(title, key):
    assert Edition(title=title, author="", copyright="", base="").key == key


def test_a_citation_leaves_out_what_the_settings_leave_out():
    bare = Edition(title="Kettles & co", author="", copyright="", base="")
    assert bare.colophon() == "Kettles & co."
    assert bare.of_book() == "Kettles & co."
    assert bibtex(of_book(bare)) == "@book{kettles-co,\n  title = {Kettles \\& co},\n}"
    whole = Edition(title="Kettles", author="Ann", copyright="2021, 2024", base="https://k.example")
    assert whole.of_book() == "Ann, Kettles, 2021, 2024. https://k.example"
    assert "year = {2024}" in bibtex(of_book(whole))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("html: {announcement: '<b>x'}", "html.announcement: <b> has no end: write </b>"),
        ("html: {extra_footer: 'x</div>'}", "html.extra_footer: </div> ends no element"),
        ("html: {extra_footer: '<script>x</script>'}", "html.extra_footer: <script> is not taken"),
        ("html: {announcement: 'https://example.org/x'}", "is fetched by a script"),
        ("logo: bad.svg", "logo: bad.svg has 'script', which runs: save it as a plain SVG"),
        ("html: {favicon: on.svg}", "html.favicon: on.svg has 'onload', which runs"),
    ],
)
def test_what_would_run_or_spoil_pages_is_a_problem_of_the_settings(typed, message, book):
    (book / "bad.svg").write_text("<svg><script>x</script></svg>")
    (book / "on.svg").write_text("<svg onload='x'/>")
    config = book / "_config.yml"
    own = config.read_text().replace("html: {use_multitoc_numbering: false}\n", "")
    config.write_text(f"{own}{typed}\n")
    (found,) = frame.problems(book)
    assert str(found).startswith("_config.yml:5: ")
    assert message in found.message
    with pytest.raises(BadSettings):
        frame.check(book)


@pytest.mark.parametrize("command", ["build", "run"])
def test_a_command_says_all_that_is_wrong_with_settings_and_contents(command, book):
    (book / "_config.yml").write_text("title: K\nautor: A\ncopyright: 2024\n")
    (book / "_toc.yml").write_text("format: jb-book\nroot: indx\n")
    result = run(book, command)
    assert result.returncode == 1
    for line in (
        "_config.yml:2: autor: no setting of Jupyter Book. Did you mean 'author'?",
        "_config.yml:3: copyright: expected text, found 2024: quote it",
        "_toc.yml:2: root: no page 'indx' in the book. Did you mean 'index'?",
        "5 problems in the settings.",
    ):
        assert line in result.stderr.splitlines()
    assert "Traceback" not in result.stderr


def test_jupyter_book_itself_ends_with_the_same_problems(built_book, jupyter_book):
    config = built_book / "_config.yml"
    more = "config: {html_theme_options: {show_toc_level: 2}, nitpik: 1}"
    config.write_text(config.read_text().replace("sphinx: {", f"sphinx: {{{more}, "))
    said = jupyter_book(built_book)
    assert "_config.yml:5: sphinx.config.html_theme_options.show_toc_level: not taken" in said
    assert "_config.yml:5: sphinx.config.nitpik: no setting of Sphinx or of an extension." in said
    assert "Did you mean 'nitpicky'?" in said


@pytest.fixture
def jupyter_book():
    """Build by Jupyter Book's own command, and return what it says."""
    code = "import sys, jupyter_book.cli.main; jupyter_book.cli.main.main()"

    def build_by_it(book: Path) -> str:
        command = [sys.executable, "-c", code, "build", str(book)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        assert result.returncode == 1
        return result.stdout + result.stderr

    return build_by_it


@pytest.mark.parametrize(
    ("host", "name", "href"),
    [
        ("gitlab.com", "Suggest an edit", "https://gitlab.com/a/b/-/edit/main/x.ipynb"),
        (
            "gitlab.com",
            "Open in Binder",
            "https://binder.example/v2/gl/a%2Fb/main?urlpath=tree/x.ipynb",
        ),
        (
            "bitbucket.org",
            "Suggest an edit",
            "https://bitbucket.org/a/b/src/main/x.ipynb?mode=edit",
        ),
        ("github.com", "Open in Colab", "https://colab.example/github/a/b/blob/main/x.ipynb"),
        (
            "github.com",
            "Open in Deepnote",
            "https://deepnote.example/launch?url=https%3A%2F%2Fgithub.com%2Fa%2Fb%2Fblob%2Fmain"
            "%2Fx.ipynb",
        ),
        (
            "github.com",
            "Open in JupyterHub",
            "https://hub.example/hub/user-redirect/git-pull?repo=https%3A//github.com/a/b"
            "&urlpath=tree/b/x.ipynb&branch=main",
        ),
    ],
)
def test_links_are_the_addresses_of_each_host(host, name, href):
    given = frame.values(Settings(None)) | {
        "repository.url": f"https://{host}/a/b.git",
        "repository.branch": "main",
        "provider": host.partition(".")[0],
        "html.use_edit_page_button": True,
        "launch_buttons.binderhub_url": "https://binder.example/",
        "launch_buttons.jupyterhub_url": "https://hub.example",
        "launch_buttons.colab_url": "https://colab.example",
        "launch_buttons.deepnote_url": "https://deepnote.example",
    }
    found = {each["text"]: each["href"] for each in repository.links(given, "x", "x.ipynb")}
    assert found[name] == href
    assert "Open in Binder" not in str(repository.links(given, "x", "x.md"))


def test_the_repository_of_a_self_hosted_service_is_known_by_its_name_or_the_settings(book):
    (book / "_config.yml").write_text("repository: {url: 'https://gitlab.company.example/a/b'}\n")
    assert settings.read(book).provider == "gitlab"
    (book / "_config.yml").write_text("repository: {url: 'https://git.example/a/b'}\n")
    assert settings.read(book).provider == ""
