"""The book of this repository: its data, its notebooks and its pages."""

from __future__ import annotations

import ast
import json
import re
import tomllib

import lxml.html
import nbformat
import pytest

from tallybook.ledger import coverage
from tallybook.ledger.fields import ID
from tallybook.ledger.records import Record
from tallybook.notebooks import session, settings, staleness, stored
from tallybook.reading.statements import Known, stating
from tallybook.site import citations, frame, pages
from tallybook.tables.table import CHART
from tests.conftest import ROOT

NOTEBOOKS = stored.paths(ROOT)
PAGES = sorted((ROOT / "book").glob("*.md"))
ROLE = re.compile(r"\{[a-z-]+\}`[^`]*`|\]\([^)]*\)|^```.*$", re.MULTILINE)
LISTED = re.compile(r"^```\{ledger-(?:figures|chart)\}.*?^```", re.MULTILINE | re.DOTALL)  # ids
OURS = ("label", "definition", "text", "because", "note", "scope", "of", "in_words", "says")


@pytest.fixture(scope="module")
def ledger():
    return session.load(ROOT)


def cells(path, kind: str):
    found = nbformat.read(path, as_version=4).cells
    return [(n, cell.source) for n, cell in enumerate(found, 1) if cell.cell_type == kind]


def numerals_in(text: str, known: Known | None = None) -> list[str]:
    # A sign for what is cited, so that what is before does not seem to belong to what is behind.
    plain = ROLE.sub("\ufffc", LISTED.sub(" ", text))
    return [plain[max(0, n.start - 30) : n.end + 10] for n in stating(plain, known)]


def test_every_figure_stands_in_its_document_as_recorded(ledger, documents):
    accounts, problems = coverage.check(ledger, documents)
    assert [str(problem) for problem in problems] == []
    assert [str(problem) for problem in coverage.outdated(ledger, accounts)] == []


def test_no_numeral_of_a_document_is_left_over(ledger, documents):
    accounts, _ = coverage.check(ledger, documents)
    assert set(accounts) == set(ledger.sources)
    left_over = [str(problem) for account in accounts.values() for problem in account.left_over()]
    assert left_over == []


def runs_of(text: str) -> set[tuple[str, ...]]:
    """Each ten words in a row of a text."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return set(zip(*(words[n:] for n in range(10)), strict=False))


def texts_of(part: object) -> str:
    """The texts of a notebook without JSON's marks, of which "\\n" would part two words."""
    inner = part.values() if isinstance(part, dict) else part
    return "\n".join(map(texts_of, inner)) if isinstance(part, dict | list) else str(part)


@pytest.fixture
def printed(documents):
    """Each ten words in a row of the documents."""
    return set().union(*(runs_of(path.read_text()) for path in documents.glob("*.txt")))


def test_no_ten_words_in_a_row_are_a_documents(printed):
    texts = [*PAGES, *ROOT.glob("*.md"), *ROOT.glob("data/**/*.yml")]
    found = {path.name: path.read_text() for path in texts}
    found |= {path.name: texts_of(json.loads(path.read_text())) for path in NOTEBOOKS}
    copied = {name: runs_of(text) & printed for name, text in found.items()}
    assert {name: runs for name, runs in copied.items() if runs} == {}


def test_nor_are_they_where_a_page_shows_its_figures(printed, site):
    copied = {}
    for path in [site / "index.html", *site.glob("book/*.html"), *site.glob("notebooks/*.html")]:
        article = lxml.html.parse(path).getroot().xpath("//article")[0]
        # Tables and notes set printed words beside each other.
        prose = "self::p or self::li", "not(ancestor::table or ancestor::section[@hidden])"
        for element in article.xpath(f".//*[({prose[0]}) and {prose[1]}]"):
            if runs := runs_of(element.text_content()) & printed:
                copied[path.name] = runs
    assert copied == {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_stored_outputs_are_of_this_code_and_these_data(path, ledger):
    today = staleness.Today(ledger)
    assert staleness.all_reasons(today, [path]) == {path: []}


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=lambda path: path.stem)
def test_pages_type_no_numeral(path, ledger):
    texts = [text for _, text in cells(path, "markdown")] if path in NOTEBOOKS else []
    texts = texts or [path.read_text(encoding="utf-8")]
    typed = [found for text in texts for found in numerals_in(text, ledger.known)]
    assert typed == [], f"{path.name} types numerals: cite them by {{stat}}, or say it without"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_text_in_code_types_a_numeral(path, ledger):
    tree = ast.parse("\n".join(code for _, code in cells(path, "code")))
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    said = [text for text in texts if isinstance(text, str) and not ID.fullmatch(text.strip("-"))]
    # What stands in braces is cited by its id: tallybook.worded.
    cited = [re.sub(r"\{[^{}]*\}", "\ufffc", text) for text in said]
    typed = [found for text in cited for found in numerals_in(text, ledger.known)]
    assert typed == [], f"{path.name} types numerals in titles or reasons: say it without"


def own_words(record):
    """Each text of ours in a record and in the records inside it, with the field that holds it."""
    for name, value in record:
        if isinstance(value, str) and (name in OURS or name.endswith("_because")):
            yield name, value
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, Record):
                yield from own_words(inner)


def test_our_own_words_in_the_data_spell_no_numbers(ledger):
    typed = {
        (getattr(record, "id", str(record)), field): numerals_in(text, ledger.known)
        for record in ledger.records()
        for field, text in own_words(record)
    }
    assert {place: found for place, found in typed.items() if found} == {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short_folded_and_without_functions(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 12, cell.source
            # What is published before a chart is in the chart, with its data and its own page.
            also = ["remove-output"] if "tallybook.publish(" in cell.source else []
            assert cell.metadata.get("tags") in (["hide-input"], ["hide-input", *also]), cell.source
            assert not re.search(r"\b(?:def|lambda)\b|\bopen\(|;\s*$", cell.source), cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_import_the_package_and_what_its_charts_are_made_of(path):
    code = "\n".join(source for _, source in cells(path, "code"))
    imported = re.findall(r"^\s*(?:import|from)\s+(\w+)", code, re.MULTILINE)
    assert {"tallybook"} <= {*imported} <= {"tallybook", "altair", "pandas"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_name_the_kernel_that_opens_anywhere_and_hold_no_machine(path):
    notebook = nbformat.read(path, as_version=4)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info", "tallybook"}
    assert str(ROOT) not in path.read_text(encoding="utf-8")
    assert len(notebook.cells) <= 45


OTHERS = ("comparison", "ledger", "measures", "measures-law", "measures-list", "coverage")
CHAPTERS = [path for path in NOTEBOOKS if path.stem not in OTHERS]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_chapter_opens_with_three_to_seven_main_points(path):
    text = "\n\n".join(source for _, source in cells(path, "markdown"))
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings[0] == "Main points"
    points = re.search(r"^## Main points\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)[1]
    assert 3 <= len(re.findall(r"^- ", points, re.MULTILINE)) <= 7


def test_every_derived_figure_is_published_once(ledger):
    ids = re.findall(
        r'^\s+"([a-z0-9-]+)": \("',
        "\n".join(code for path in NOTEBOOKS for _, code in cells(path, "code")),
        re.MULTILINE,
    )
    assert len(ids) == len(set(ids)) > 0
    assert not [name for name in ids if ledger.has(name)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_no_chapter_has_more_than_its_figures_at_a_glance_and_three_charts(path):
    outputs = [
        output
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", ())
        if CHART in output.get("data", {})
    ]
    assert len(outputs) <= 4


def test_every_record_is_used_on_a_page_that_says_something_of_it(ledger):
    measures = {"measures", "measures-law", "measures-list"}
    lists = {"ledger", "coverage", "disagreements", "sources"} | measures
    shown = {
        wanted
        for page in pages.read(ledger)
        if page.path.rpartition("/")[2].partition(".")[0] not in lists
        for wanted in page.shown
    }
    records = {**ledger.statistics, **ledger.events, **ledger.items, **ledger.missing}
    assert sorted(set(records) - shown) == []


def test_every_page_of_the_book_is_in_the_table_of_contents(ledger):
    listed = {page.path for page in pages.read(ledger)}
    there = {path.relative_to(ROOT).as_posix() for path in [*NOTEBOOKS, *PAGES]}
    assert there == listed


def test_the_repository_is_cited_as_the_settings_of_the_book_say():
    edition = frame.edition(settings.read(ROOT))
    assert (ROOT / "CITATION.cff").read_text(encoding="utf-8") == citations.cff(edition)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert edition.version == project["version"]
