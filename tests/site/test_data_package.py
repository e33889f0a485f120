"""The tables of a book as a Data Package, its JSON with a schema, and a stranger who uses both."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from tallybook.audit.files import Files
from tallybook.audit.references import LedgerTexts, ledger_texts
from tallybook.notebooks import settings
from tallybook.notebooks.book import Book
from tallybook.site import data_package, downloads
from tallybook.site.citations import Edition
from tallybook.site.data_tables import TABLES, as_csv, as_parquet, decimal, is_parquet_of
from tests.helpers.groups import slow
from tests.helpers.small_site import build

ROOT = Path(__file__).parents[2]
PROFILE = Path(__file__).parent / "standards/datapackage-2.0.json"
DATA = "_build/html/data"
# The small book, and this one.
BOTH = pytest.mark.parametrize("is_real", [False, pytest.param(True, marks=slow("records"))])


@pytest.fixture(scope="module")
def book_texts(built) -> LedgerTexts:
    """What the pages of the small book may show."""
    return ledger_texts(Book(built))


def validated(folder: Path) -> list[str]:
    """What frictionless says of a package: its faults, and how many rows it has read."""
    command = [
        sys.executable,
        "-m",
        "tests.helpers.frictionless_report",
        folder / data_package.NAME,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return [line for line in result.stdout.splitlines() if line]


def package(folder: Path) -> dict:
    return json.loads((folder / data_package.NAME).read_text(encoding="utf-8"))


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_frictionless_finds_the_package_valid_and_reads_each_row(built):
    files = [path for table in TABLES.values() for path in table.paths]
    count = 2 * sum(len(rows(built / DATA, name[:-4])) for name in files if name.endswith(".csv"))
    assert validated(built / DATA) == [f"{count} rows"]
    assert count >= 40


@slow("records")
def test_frictionless_finds_the_package_of_this_book_valid(site):
    *faults, count = validated(site / "data")
    assert faults == []
    assert int(count.split()[0]) > 800


def test_frictionless_finds_what_is_wrong_with_a_package(built, tmp_path):
    folder = Path(shutil.copytree(built / DATA, tmp_path / "data"))
    path = folder / "ledger.csv"
    text = path.read_text()
    path.write_text(text.replace(",stores-closed,", ",shops-closed,").replace(",1000,s", ",1e,s"))
    found = "\n".join(validated(folder))
    for what in ("Hash Count Error", "ForeignKey Error", "Type Error"):
        assert what in found


def test_the_description_is_of_the_second_version_of_the_standard(built):
    profile = json.loads(PROFILE.read_text())
    described = package(built / DATA)
    jsonschema.Draft7Validator(profile).validate(described)
    assert described["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    del described["resources"][0]["path"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(profile).validate(described)


def test_it_says_whose_the_data_are_and_under_which_licence(ledger):
    files = dict.fromkeys(data_package.FILES, b"")
    edition = Edition("Kettles", "A. B.", "2024", "https://a.example/k/", "1.2", "CC-BY-4.0")
    found = json.loads(data_package.described(ledger, edition, files))
    assert found["licenses"] == [
        {"name": "CC-BY-4.0", "path": "https://spdx.org/licenses/CC-BY-4.0.html"}
    ]
    assert found["id"] == "https://a.example/k/data/datapackage.json"
    assert (found["homepage"], found["version"]) == ("https://a.example/k/", "1.2")
    assert found["contributors"] == [{"title": "A. B.", "roles": ["author"]}]
    jsonschema.Draft7Validator(json.loads(PROFILE.read_text())).validate(found)
    own = Edition("Kettles", "", "", "", licence="https://a.example/licence")
    found = json.loads(data_package.described(ledger, own, files))
    assert found["licenses"] == [{"path": "https://a.example/licence"}]
    assert not {"id", "homepage", "version", "contributors"} & set(found)


@pytest.mark.parametrize(
    ("licence", "is_taken"),
    [("CC0-1.0", True), ("https://a.example/l", True), ("CC BY 4.0", False), ("ours", True)],
)
def test_a_licence_is_an_id_or_an_address(licence, is_taken, book):
    from tallybook.site import frame  # noqa: PLC0415

    path = book / "_config.yml"
    given = f"sphinx: {{config: {{tallybook_licence: {licence}}}, "
    path.write_text(path.read_text().replace("sphinx: {", given))
    found = [str(each) for each in frame.problems(book)]
    assert [line for line in found if "SPDX" in line] == ([] if is_taken else found)
    assert settings.read(book).get("sphinx.config.tallybook_licence") == licence


@pytest.mark.parametrize("name", TABLES)
def test_parquet_says_what_the_csv_says_and_is_the_same_each_time(name, built, book_texts):
    table = TABLES[name]
    text = as_csv(table, book_texts.ledger, book_texts.details)
    content = (built / DATA / table.paths[1]).read_bytes()
    assert content == as_parquet(table, text)
    assert is_parquet_of(table, text, content)
    for other in (content[:-1], b"", as_parquet(table, text.splitlines()[0] + "\n")):
        assert not is_parquet_of(table, text, other)


def test_an_invented_cell_of_parquet_is_found(built_book, book_texts):
    site = built_book / "_build/html"
    table, files = TABLES["statistics"], Files(site, book_texts, {})
    name = f"data/{table.paths[1]}"
    assert list(files.examine(name)) == []
    text = as_csv(table, book_texts.ledger, book_texts.details)
    assert ",240000," in text
    (site / name).write_bytes(as_parquet(table, text.replace(",240000,", ",240001,")))
    assert list(files.examine(name)) == [(1, "it does not say what the ledger gives as CSV")]


def test_parquet_is_written_where_its_rows_have_changed_and_nowhere_else(built_book):
    def states() -> dict[str, tuple[int, bytes]]:
        found = (built_book / DATA).glob("*.parquet")
        return {path.stem: (path.stat().st_mtime_ns, path.read_bytes()) for path in found}

    before = states()
    path = built_book / "data/statistics/kettles.yml"
    text = path.read_text()
    path.write_text(text.replace("- id: kettles-rec", "  note: Ours.\n- id: kettles-rec"))
    assert build(built_book).returncode == 0
    after = states()
    assert [name for name in after if after[name] != before[name]] == ["ledger"]


def test_numbers_are_decimals_that_a_float_reads_back():
    for value in (Fraction(2, 3), Fraction(-803, 955), Fraction(1, 30000), Fraction(10**9, 7)):
        text = decimal(value)
        assert re.fullmatch(r"-?\d+\.\d+", text)
        assert float(text) == float(value)
    assert decimal(Fraction(123456789012345678901)) == "123456789012345678901"


# JSON


def errors_of(data: dict) -> list[str]:
    schema = json.loads(downloads.ledger_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    found = jsonschema.Draft202012Validator(schema).iter_errors(data)
    return [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in found]


@BOTH
def test_the_json_of_a_site_is_valid_by_the_schema_beside_it(is_real, built, request):
    folder = request.getfixturevalue("site") / "data" if is_real else built / DATA
    data = json.loads((folder / downloads.LEDGER).read_text())
    assert (folder / data["$schema"]).read_text() == downloads.ledger_schema()
    assert errors_of(data) == []
    assert data["derived"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda data: data["statistics"][0].update(value=1606), "statistics/0/value"),
        (lambda data: data["statistics"][0].update(bound="over"), "statistics/0/bound"),
        (lambda data: data["statistics"][0].update(more=""), "statistics/0"),
        (lambda data: data["derived"][0].pop("inputs"), "derived/0"),
        (lambda data: data["derived"][0]["interval"].update(low="many"), "derived/0/interval"),
        (lambda data: data["sources"][0].pop("title"), "sources/0"),
        (lambda data: data.pop("measures"), ""),
    ],
)
def test_the_schema_refuses_what_no_ledger_says(change, where, built):
    data = json.loads((built / DATA / downloads.LEDGER).read_text())
    change(data)
    (error,) = errors_of(data)
    assert error.startswith(f"{where}: ")


# A stranger


def script(ids: list[str]) -> str:
    """The example of the page on publishing, for some figures: ten lines, and pandas alone."""
    text = (ROOT / "docs/publish.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(found.splitlines()) <= 10
    assert set(re.findall(r"^(?:import|from) (\w+)", found, re.MULTILINE)) <= {"json", "pandas"}
    changed, count = re.subn(r"^ids = .*$", f"ids = {ids}", found, flags=re.MULTILINE)
    assert count == 1
    return changed


def a_chart_of_figures(site: Path) -> list[dict[str, str]]:
    """The rows of the longest chart that shows figures alone, which have a value each."""
    stated = {row["id"] for name in ("ledger", "derived") for row in rows(site / "data", name)}
    charts = (rows(site / "charts", path.stem) for path in (site / "charts").glob("*.csv"))
    of_figures = [
        found
        for found in charts
        if all(row.get("value") and row["id"] in stated and not row["interval"] for row in found)
    ]
    return max(of_figures, key=lambda found: (len(found), str(found)))


@BOTH
def test_ten_lines_of_pandas_reproduce_a_chart_from_the_package(is_real, built, tmp_path, request):
    of_book = request.getfixturevalue("site") if is_real else built / "_build/html"
    expected = a_chart_of_figures(of_book)
    shutil.copytree(of_book / "data", tmp_path / "data")
    command = [sys.executable, "-c", script([row["id"] for row in expected])]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    found = rows(tmp_path, "chart")
    for name in ("id", "words", "unit", "value", "low", "high", "start", "end"):
        assert [same(row[name]) for row in found] == [same(row[name]) for row in expected], name


def same(cell: str) -> str | float:
    """A cell as it is compared: a number is one, however it is written."""
    is_number = re.fullmatch(r"-?\d+([./]\d+)?", cell)
    return float(Fraction(cell)) if is_number else cell
