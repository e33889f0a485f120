"""How the package hangs together, and how the command speaks."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "tallybook"
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
    for path in PACKAGE.rglob("*.py")
}


def tallybook(*arguments: str, cwd=ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tallybook.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd)


@cache
def imports_of(module: str) -> frozenset[str]:
    found = set()
    tree = ast.parse(MODULES[module].read_text())
    # What only names a type is not imported when the module is.
    for_types = [
        n
        for n in ast.walk(tree)
        if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.unparse(n.test)
    ]
    unused = {id(inner) for each in for_types for inner in ast.walk(each)}
    for node in (node for node in ast.walk(tree) if id(node) not in unused):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


@cache
def ours(module: str) -> frozenset[str]:
    prefix = "tallybook."
    names = {name.removeprefix(prefix) for name in imports_of(module) if name.startswith(prefix)}
    return frozenset(names & set(MODULES))


def reaches(module: str) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        others = ours(waiting.pop()) - found
        found |= others
        waiting += others
    return found


@pytest.mark.parametrize(
    "module", sorted(name for name in MODULES if not name.endswith("__init__"))
)
def test_imports_go_one_way(module):
    assert module not in reaches(module)


def test_importing_the_package_imports_no_other():
    code = (
        "import sys; before = set(sys.modules); import tallybook; print(set(sys.modules) - before)"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True)
    for heavy in ("altair", "sphinx", "pandas", "pydantic", "yaml", "edtf"):
        assert f"'{heavy}'" not in loaded


def test_only_charts_import_altair_and_only_the_site_imports_sphinx():
    altair = {name for name in MODULES if any(i.startswith("altair") for i in imports_of(name))}
    sphinx = {name for name in MODULES if any(i.startswith("sphinx") for i in imports_of(name))}
    assert all(name.startswith("charts.") for name in altair)
    assert all(name.startswith("site.") for name in sphinx)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_functions_keep_their_measure(module):
    text = MODULES[module].read_text()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


@pytest.mark.parametrize("arguments", [["chek"], ["check", "--source", "x"], ["run", "--every"]])
def test_a_mistyped_command_is_refused_with_a_usage_line(arguments):
    result = tallybook(*arguments)
    assert result.returncode == 2
    assert "Error: No such" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["check", "run", "build", "live", "schema"])
def test_help_needs_no_book_and_everything_else_says_so(command, tmp_path):
    assert tallybook(command, "--help", cwd=tmp_path).returncode == 0
    result = tallybook(command, cwd=tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("tallybook: no book in ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("folder", ["nosuch", "README.md", "x" * 5000])
def test_a_folder_that_is_no_book_is_not_taken_for_the_one_around_it(folder):
    result = tallybook("--book", folder, "check")
    assert result.returncode == 1
    assert result.stderr.startswith("tallybook: ")
    assert len(result.stderr) < 500


def test_a_notebook_that_is_not_there_is_said_to_be_missing(book):
    result = tallybook("--book", str(book), "run", str(book / "notebooks/no.ipynb"))
    assert result.returncode == 1
    assert "no notebook of the book in" in result.stderr


@pytest.mark.parametrize("command", ["run", "build", "schema"])
def test_a_ledger_with_problems_is_refused_in_lines_and_not_in_a_traceback(command, book):
    path = book / "data/statistics/kettles.yml"
    path.write_text(path.read_text().replace("value: 1000", "value: 1001"))
    result = tallybook("--book", str(book), command)
    assert "Traceback" not in result.stderr
    assert (result.returncode == 0) == (command == "schema")
