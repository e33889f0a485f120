"""Each dependency that is declared is used, and each import is declared."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.repository.locked import ENVIRONMENTS, EXTRAS, LOCKS, PROJECT, locked_for, names_needed

RUNTIME = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
OPTIONAL = {
    extra: {canonicalize_name(Requirement(line).name) for line in lines}
    for extra, lines in EXTRAS.items()
}
# What not every book needs: the distributions of each module that only an extra brings.
IN_EXTRAS = {"distributed": "distributed", "docx": "python-docx", "pypdf": "pypdf"}
DECLARED = RUNTIME.union(*OPTIONAL.values())
BACKEND = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
OURS = {"tallybook", "tests", "benchmarks"}
DISTRIBUTIONS = {
    module: {canonicalize_name(name) for name in names}
    for module, names in metadata.packages_distributions().items()
}
# Looked up by name by another tool: where, and the words that need it.
BY_NAME = {
    "editables": ("Makefile", "--no-build-isolation -e ."),  # hatchling's, for such installations
    "hatchling": ("pyproject.toml", 'build-backend = "hatchling.build"'),
    "nbval": ("pyproject.toml", '"--nbval"'),
    "pytest-xdist": ("pyproject.toml", '"-n", "auto"'),
}

# Imports each module of the package, and lets none import the modules that are named.
IMPORTING = """
import pkgutil, sys
import tallybook
sys.modules |= dict.fromkeys(sys.argv[1:])
found = [each.name for each in pkgutil.walk_packages(tallybook.__path__, "tallybook.")]
for name in found:
    __import__(name)
print(len(found))
"""


@cache
def code(top: str) -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / top).rglob("*.py")))


@cache
def imports(trees: tuple[ast.Module, ...]) -> set[str]:
    """The top modules that some code imports, except the standard library's and ours."""
    found = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - OURS


def undeclared(trees: tuple[ast.Module, ...], declared: set[str]) -> set[str]:
    return {name for name in imports(trees) if not DISTRIBUTIONS.get(name, set()) & declared}


@cache
def called() -> frozenset[str]:
    """What the Makefile runs, and what our code has at the head of a command or after a slash."""
    heads = set(re.findall(r"\$\(BIN\)/([\w-]+)", (ROOT / "Makefile").read_text("utf-8")))
    for node in (node for top in OURS for tree in code(top) for node in ast.walk(tree)):
        match node:
            case ast.List(elts=[ast.Constant(value=str(head)), _, *_]):
                heads.add(head)
            case ast.Tuple(elts=[ast.Constant(value=str(head)), _, *_]):
                heads.add(head)
            case ast.BinOp(op=ast.Div(), right=ast.Constant(value=str(head))):
                heads.add(head)
    return frozenset(heads)


def commands(name: str) -> set[str]:
    """The commands that a distribution installs."""
    return {path.name for path in metadata.files(name) or () if path.parent.name == "bin"}


def is_extension(name: str) -> bool:
    """Whether our code has Sphinx load a module of a distribution."""
    loaded = [
        module.value
        for node in (node for tree in code("tallybook") for node in ast.walk(tree))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setup_extension"
        for module in node.args
    ]
    return any(name in DISTRIBUTIONS.get(module.split(".")[0], ()) for module in loaded)


def is_stubs(name: str) -> bool:
    """Whether it has the types of a distribution that is used."""
    of = re.sub(r"^types-|-stubs$", "", name)
    return of != name and is_used(of)


def is_used(name: str) -> bool:
    """Whether we use a distribution: the package itself, if those who install it are given it."""
    tops = {"tallybook"} if name in RUNTIME else OURS
    modules = set().union(*(imports(code(top)) for top in tops))
    if any(name in DISTRIBUTIONS.get(module, ()) for module in modules):
        return True
    if name in BY_NAME:
        file, words = BY_NAME[name]
        return words in (ROOT / file).read_text(encoding="utf-8")
    return bool(commands(name) & called()) or is_extension(name) or is_stubs(name)


@pytest.mark.parametrize("name", sorted(DECLARED))
def test_every_dependency_is_used(name):
    assert is_used(name)


def test_every_import_of_the_package_is_declared_for_those_who_install_it():
    assert undeclared(code("tallybook"), RUNTIME) == IN_EXTRAS.keys()
    assert OPTIONAL["cluster"] | OPTIONAL["documents"] == {*IN_EXTRAS.values()}


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_the_books_lock_has_all_that_the_package_imports_and_that_installs_it(python):
    locked = locked_for(python, "requirements.txt").keys()
    assert undeclared(code("tallybook"), set(locked)) == IN_EXTRAS.keys()
    assert names_needed(python) | OPTIONAL["build"] <= locked
    assert {canonicalize_name(line) for line in BACKEND} <= locked


def test_every_module_of_the_package_is_imported_where_the_books_lock_alone_is_installed():
    refused = {
        module
        for module, names in DISTRIBUTIONS.items()
        if names <= {pin.name for pin in LOCKS["requirements-dev.txt"]}
    }
    assert {"pytest", "hypothesis", "distributed", "pypdf", "docx"} <= refused
    command = [sys.executable, "-c", IMPORTING, *sorted(refused)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 50


@pytest.mark.parametrize("top", ["tests", "benchmarks"])
def test_every_import_of_the_tests_and_benchmarks_is_declared(top):
    assert not undeclared(code(top), DECLARED)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_notebooks_import_what_the_package_brings(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert not undeclared(tuple(map(ast.parse, sources)), RUNTIME)


def test_what_is_only_a_dependency_of_a_dependency_counts_as_undeclared():
    assert undeclared((ast.parse("import attrs, click\nfrom yarl import URL"),), DECLARED) == {
        "attrs",
        "yarl",
    }


@pytest.mark.parametrize("name", ["yarl", "coverage", "stevedore", "sphinx-copybutton"])
def test_what_nothing_names_counts_as_unused(name):
    assert not is_used(name)


def test_nothing_is_declared_both_for_all_and_for_some():
    assert not RUNTIME & (OPTIONAL["build"] | OPTIONAL["dev"])
    assert not OPTIONAL["build"] & OPTIONAL["dev"]
    assert {*IN_EXTRAS.values()} <= OPTIONAL["dev"]
