"""A document that is added is in the book as a whole, or the book is as it was."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil

import pytest
from click.testing import CliRunner

from tallybook import files
from tallybook.cli import main, new
from tallybook.errors import TallybookError
from tests.helpers import made_documents as made
from tests.helpers import small_site

SOURCES = "data/sources.yml"
REPORT = (
    "# Report on kettles\n\nIn 2024 it sold 12,400 kettles.\n\n## Repairs\n\nNearly 9 of them.\n"
)


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "Kettle Report 2024.md"
    path.write_text(REPORT)
    return path


@pytest.fixture
def add(book, monkeypatch):
    """Call the command for the small book; its exit code, and what it says."""
    monkeypatch.delenv("TALLYBOOK_SOURCES", raising=False)

    def call(path, *options: str, answers: str = "", party: str = "Kettle Company"):
        given = ["--party", party] if party else []
        arguments = ["--book", str(book), "add", str(path), *given, *options]
        result = CliRunner().invoke(main.cli, arguments, input=answers)
        if result.exception and not isinstance(result.exception, SystemExit):
            assert isinstance(result.exception, TallybookError), result.exception
            return 1, str(result.exception)
        return result.exit_code, result.output

    return call


def test_a_document_gets_its_text_and_its_record_behind_the_others(add, book, document):
    before = (book / SOURCES).read_text()
    code, output = add(document, "--address", "https://example.org/report")
    assert (code, output.splitlines()[0]) == (0, "2 sections, 3 numerals")
    digest = hashlib.sha256(REPORT.encode()).hexdigest()
    assert (book / SOURCES).read_text().replace(f'"{digest}"', digest) == before + (
        "\n- id: kettle-report-2024\n"
        "  title: Report on kettles\n"
        "  party: Kettle Company\n"
        "  publisher: Kettle Company\n"
        "  published: unstated\n"
        '  address: "https://example.org/report"\n'
        f"  text_sha256: {digest}\n"
        "  sections:\n"
        '    - {name: Report on kettles, opens: "# Report on kettles"}\n'
        '    - {name: Repairs, opens: "## Repairs"}\n'
    )
    assert (book / "documents/kettle-report-2024.txt").read_text() == REPORT


def test_the_check_reads_what_was_added_and_names_its_numerals_by_page(add, book, tmp_path):
    path = tmp_path / "pages.pdf"
    path.write_bytes(made.pdf([made.page("Three plants.", heading="Plants"), made.page("And 8.")]))
    code, output = add(path, "--id", "plants")
    assert (code, output.splitlines()[0]) == (0, "2 pages, 1 section, 2 numerals")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert f"original_sha256: {digest}" in (book / SOURCES).read_text().replace('"', "")
    checked = CliRunner().invoke(main.cli, ["--book", str(book), "check"])
    assert checked.output.splitlines()[:2] == [
        "plants.txt:4:1: neither claimed nor dismissed: … # Plants [Three] plants. And 8. … "
        "(Plants, page 1)",
        "plants.txt:5:6: neither claimed nor dismissed: … # Plants Three plants. And [8]. … "
        "(Plants, page 2)",
    ]


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (2, ""),
        (1, '"over 800 plants" stands on page 2; found page 1'),
    ],
)
def test_the_page_that_a_citation_names_is_checked_and_shown(page, said, add, book, tmp_path):
    path = tmp_path / "plants.pdf"
    path.write_bytes(made.pdf([made.page("None."), made.page("It has over 800 plants.")]))
    add(path)
    statistics = book / "data/statistics/kettles.yml"
    statistics.write_text(statistics.read_text() + f"""- id: plants-all
  measure: plants-that-repair
  value: 800
  bound: more than
  period: unstated
  scope: unstated
  party: Kettle Company
  cited:
    - source: plants
      section: It has over plants
      page: {page}
      as_printed: over 800 plants
      says: It says so.
""")  # fmt: skip
    arguments = ["--book", str(book), "check"]
    checked = CliRunner().invoke(main.cli, arguments, env={"TALLYBOOK_SOURCES": ""})
    assert ("found page" in checked.output) == bool(said)
    assert said in checked.output
    if not said:
        with (book / "index.md").open("a") as index:
            index.write("\nThe company has {stat}`plants-all` plants, it says.\n")
        built = small_site.build(book)
        assert built.returncode == 0, built.stderr
        shown = small_site.page(book, "stat/plants-all.html").select_one("figure figcaption")
        assert "It has over plants, page 2" in shown.get_text()
        table = small_site.page(book, "notebooks/kettles.html")
        assert "It has over plants, page 2" in table.get_text()


def test_a_page_of_a_text_without_pages_is_refused(edit, problems):
    edit(
        "data/statistics/kettles.yml",
        "as_printed: more than 1,000 stores",
        "page: 3\n      as_printed: more than 1,000 stores",
    )
    (problem,) = problems()
    assert problem.endswith("is in a text without pages; leave page out; found page 3")


def test_comments_layout_and_line_ends_of_the_file_stay(add, book, document):
    path = book / SOURCES
    text = "# Ours.\n  " + "  ".join(path.read_text().splitlines(keepends=True)) + "  # The end.\n"
    text = text.replace("\n", "\r\n")
    path.write_bytes(text.encode())
    assert add(document)[0] == 0
    after = path.read_bytes().decode()
    assert after.startswith(text.rstrip())
    assert "\r\n  - id: kettle-report-2024\r\n    title: Report on kettles\r\n" in after
    assert after.count("\n") == after.count("\r\n")


def test_the_first_record_takes_the_place_of_the_empty_list(add, book, document):
    path = book / SOURCES
    path.write_text("# Ours.\n[]  # none yet\n# The end.\n")
    assert add(document)[0] == 0
    assert path.read_text().startswith("# Ours.\n# The end.\n- id: kettle-report-2024\n")


def test_a_file_in_another_style_is_left_and_the_record_is_said(add, book, document):
    path = book / SOURCES
    path.write_text('[{id: report, title: "An annual report"}]\n')
    before = files.states_below(book)
    code, output = add(document)
    assert code == 1
    assert "enter this record by hand:\n- id: kettle-report-2024\n" in output
    assert files.states_below(book) == before


def test_an_own_title_date_and_publisher_count_and_what_the_document_says_else(add, book, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<meta property="og:site_name" content="Kettle: News"><title>Kettles</title>'
        '<meta property="article:published_time" content="2024-03-01"><p>Three plants.</p>'
    )
    assert add(page, "--title", "Yes")[0] == 0
    text = (book / SOURCES).read_text()
    assert '  title: "Yes"\n' in text
    assert '  publisher: "Kettle: News"\n  published: "2024-03-01"\n' in text


def test_a_terminal_is_asked_for_the_party(add, document, monkeypatch):
    assert "--party is missing" in add(document, party="")[1]
    monkeypatch.setattr(main, "_is_at_a_terminal", lambda: True)
    code, output = add(document, party="", answers="Kettle Club\n")
    assert (code, output.splitlines()[0]) == (0, "Whose side does it speak for: Kettle Club")


@pytest.mark.parametrize(
    ("spoil", "options", "said"),
    [
        ("again", [], "is there already: 'kettle-report-2024', at data/sources.yml:12"),
        ("renamed", [], "other.md is there already: 'kettle-report-2024'"),
        ("changed", [], "is a source already, at data/sources.yml:12, of another document"),
        ("other", ["--id", "report"], "'report' is a source already, at data/sources.yml:1,"),
        ("other", ["--id", "plant-opened"], "'plant-opened' is the id of another record"),
        ("other", ["--id", "No Id"], "--id: expected an id in kebab-case"),
        ("other", ["--published", "March"], "published: "),
        ("other", ["--address", "example.org"], "address: expected an address such as"),
        ("text there", ["--id", "mine"], "mine.txt is there already, and no record has it"),
        ("ledger", [], "not YAML"),
        ("empty", [], "has no text"),
    ],
)
def test_what_cannot_be_added_is_refused_and_changes_nothing(
    spoil, options, said, add, book, document
):
    other = document.with_name("other.md")
    other.write_text("# Other\n\nFive plants.\n")
    path = other
    match spoil:
        case "again" | "changed":
            add(document)
            path = document
            if spoil == "changed":
                document.write_text(REPORT + "And 5 more.\n")
        case "renamed":
            add(document)
            shutil.copy(document, other)
        case "text there":
            (book / "documents/mine.txt").write_text("Mine.")
        case "ledger":
            (book / SOURCES).write_text("- {id: [\n")
        case "empty":
            other.write_text("12\n")
    before = files.states_below(book)
    code, output = add(path, *options)
    assert (code, said in output) == (1, True), output
    assert "Traceback" not in output
    assert files.states_below(book) == before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing.pdf", "there is no document "),
        ("folder", "is a folder; name a document in it"),
        ("empty.pdf", "empty.pdf is empty: nothing was saved in it"),
        ("table.xlsx", "table.xlsx is of no kind that is read"),
        ("https://example.org/a.pdf", "https://example.org/a.pdf is an address"),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_before_a_missing_option(
    name, said, add, book, tmp_path
):
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "table.xlsx").write_text("12")
    before = files.states_below(book)
    code, output = add(name if ":" in name else tmp_path / name, party="")
    assert (code, said in output, "--party" in output) == (1, True, False), output
    assert files.states_below(book) == before


@pytest.mark.parametrize(
    ("party", "hint"),
    [("Kettle Compny", "Did you mean 'Kettle Company'?"), ("Lid: Guild", "It has Kettle C")],
)
def test_a_party_that_is_not_entered_is_refused_with_the_line_to_enter(
    party, hint, add, book, document
):
    before = files.states_below(book)
    code, output = add(document, party=party)
    assert (code, files.states_below(book)) == (1, before)
    assert f"no party '{party}' in data/parties.yml. {hint}" in output
    line = output.partition("on a line of its own: ")[2].strip()
    with (book / "data/parties.yml").open("a") as parties:
        parties.write(f"{line}\n")
    assert add(document, party=party)[0] == 0


def test_a_book_without_a_file_of_parties_takes_one_with_its_document(add, book, document):
    (book / "data/parties.yml").unlink()
    assert add(document, party="Lid Guild")[0] == 0


def test_parties_that_cannot_be_read_are_not_said_to_lack_one(add, book, document):
    (book / "data/parties.yml").write_text("- [")
    code, output = add(document)
    assert (code, "not YAML" in output, "no party" in output) == (1, True, False), output


def test_the_first_document_of_a_book_makes_its_file_of_sources(add, book, document):
    (book / SOURCES).unlink()
    assert add(document)[0] == 0
    assert (book / SOURCES).read_text().startswith("- id: kettle-report-2024\n")


def test_what_the_system_refuses_leaves_no_text_behind(add, book, document, monkeypatch):
    write = files.write

    def refuse(path, content):
        if path.name == "sources.yml":
            raise PermissionError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        write(path, content)

    monkeypatch.setattr(files, "write", refuse)
    before = files.states_below(book)
    code, output = add(document)
    assert (code, "Read-only file system" in output) == (1, True)
    assert files.states_below(book) == before


def test_a_text_that_an_interrupted_call_left_is_taken(add, book, document):
    (book / "documents/kettle-report-2024.txt").write_text(REPORT)
    assert add(document)[0] == 0


def test_a_new_book_takes_a_document_and_builds(tmp_path, document, monkeypatch):
    monkeypatch.delenv("TALLYBOOK_SOURCES", raising=False)
    book = new.make(tmp_path / "book", "Lending", "")
    called = small_site.run(book, "add", str(document), "--party", "Town library")
    assert called.returncode == 0, called.stderr
    built = small_site.build(book)
    assert built.returncode == 0, built.stderr
    assert "Report on kettles" in small_site.page(book, "sources.html").get_text()
