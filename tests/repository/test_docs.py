"""The documentation is held to what the project is."""

from __future__ import annotations

import json
import re
import shutil
from importlib import import_module
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from jsonschema import Draft202012Validator

import tallybook
from tallybook import charts, tables
from tallybook.cli.main import cli
from tallybook.ledger import records
from tallybook.notebooks import contents, known_settings
from tallybook.site.markup import DIRECTIVES, ROLES
from tests.conftest import ROOT
from tests.helpers import command_reference, small_site
from tests.helpers.groups import slow

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FIGURES = (ROOT / "docs/add-a-figure.md").read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs/reference.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs/commands.md").read_text(encoding="utf-8")
JUPYTER_BOOK = (ROOT / "docs/jupyter-book.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "data/README.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "tallybook"
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "data/README.md")
}
GUIDES = {
    name: text
    for name, text in DOCUMENTS.items()
    if name in {"README.md", "CONTRIBUTING.md", "SECURITY.md"} or name.startswith("docs/")
}
# What a guide names in these is there, but for a file that a book needs only once an id changes.
FOLDERS = (
    "tests", "tallybook", "benchmarks", "data", "notebooks", "book", "docs", ".github", "site",
    "charts", "ledger", "audit", "cli", "reading", "quantity", "tables",
)  # fmt: skip
OPTIONAL = frozenset({"data/renamed.yml", "data/changes.yml"})
DATA = sorted((ROOT / "data").rglob("*.yml"))
RECORDS = [
    model
    for model in vars(records).values()
    if isinstance(model, type) and issubclass(model, records.Record) and model.model_fields
]


def test_the_readme_fits_on_a_hundred_lines():
    assert len(README.splitlines()) <= 100


def test_contributing_fits_on_ninety_lines():
    assert len(CONTRIBUTING.splitlines()) <= 90


@pytest.mark.parametrize("name", GUIDES)
def test_the_lines_of_a_guide_are_no_longer_than_120_characters_but_in_tables(name):
    lines = [line for line in GUIDES[name].splitlines() if not line.startswith("|")]
    assert not [line for line in lines if len(line) > 120]


def targets(text: str) -> set[str]:
    """The targets of make that a text names, in code or in a block of commands."""
    return set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE))


def commands(text: str) -> set[str]:
    """The commands of tallybook that a text names, in code or in a block of commands."""
    return set(re.findall(r"(?:`|^)tallybook ([a-z]+)", text, re.MULTILINE))


def modules(text: str) -> set[str]:
    """The modules that a text has Python run."""
    return set(re.findall(r"python -m ([\w.]+)", text))


def paths(text: str) -> set[str]:
    """The files and folders of the repository that a text names in code, except patterns."""
    found = set(re.findall(r"`([\w./-]+/[\w./-]*|\w[\w-]*\.(?:txt|toml|yml|md))`", text))
    return {path for path in found if path.split("/")[0] in FOLDERS or "/" not in path}


def links(text: str) -> list[str]:
    """The relative links of a text."""
    return [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]


def anchors(text: str) -> set[str]:
    """The anchors of a text's headings, as the repository's host makes them."""
    for included in re.findall(r"^```\{include\} \.\./(.+)$", text, re.MULTILINE):
        text += DOCUMENTS[included]
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", GUIDES)
def test_every_make_target_that_is_named_exists(name):
    assert targets(GUIDES[name]) <= set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_that_is_named_exists(name):
    assert commands(GUIDES[name]) <= set(cli.commands)


@pytest.mark.parametrize("name", GUIDES)
def test_every_module_that_python_is_told_to_run_can_be_run(name):
    for module in modules(GUIDES[name]):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").is_file() or (path / "__main__.py").is_file(), module


# The book of the tutorial is made in a test of its own.
@pytest.mark.parametrize("name", sorted({*GUIDES} - {"docs/tutorial.md"}))
def test_every_path_that_is_named_exists(name):
    # The architecture names what is in the package by its path there, and the guides to books what
    # a new book has.
    is_ours = name == "docs/architecture.md" or not name.startswith("docs/")
    roots = [ROOT, PACKAGE if is_ours else PACKAGE / "cli/template"]
    named = paths(GUIDES[name]) - OPTIONAL
    assert not {path for path in named if not any((root / path).exists() for root in roots)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_relative_link_leads_to_a_file_and_a_heading(name):
    for link in links(DOCUMENTS[name]):
        path, _, heading = link.partition("#")
        target = (ROOT / name).parent / path if path else ROOT / name
        assert target.exists(), link
        assert not heading or heading in anchors(target.read_text(encoding="utf-8")), link


def test_the_documentation_is_found_from_the_readme():
    linked = {link.partition("#")[0] for link in links(README)}
    assert "docs/index.md" in linked
    assert {"CONTRIBUTING.md", "SECURITY.md", "LICENSES.md", "data/README.md"} <= linked


def test_each_page_of_the_documentation_is_in_its_contents_and_in_its_index():
    contents = yaml.safe_load((ROOT / "docs/_toc.yml").read_text())
    listed = [each["file"] for part in contents["parts"] for each in part["chapters"]]
    pages = {path.stem for path in ROOT.glob("docs/*.md")} - {"index"}
    assert sorted(listed) == sorted(pages)
    assert {f"{name}.md" for name in pages} <= set(links(DOCUMENTS["docs/index.md"]))


def test_the_page_on_the_commands_is_what_their_help_says():
    assert command_reference.reference() == COMMANDS, "python -m tests.helpers.command_reference"


@slow("reproduction")
def test_the_documentation_is_built_as_a_book_without_a_warning(tmp_path):
    for path in ("docs", "data"):
        left_out = shutil.ignore_patterns("_build", "*.yml") if path == "data" else None
        shutil.copytree(ROOT / path, tmp_path / path, ignore=left_out)
    shutil.rmtree(tmp_path / "docs/_build", ignore_errors=True)
    built = small_site.build(tmp_path / "docs")
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    guide = small_site.page(tmp_path / "docs", "field-guide.html")
    assert guide.select_one("#party-parties-yml")


def packages_not_named(text: str) -> set[str]:
    packages = {path.parent.name for path in (ROOT / "tallybook").glob("*/__init__.py")}
    return {name for name in packages if not re.search(rf"\b{name}\b", text)}


def modules_not_listed(text: str) -> set[str]:
    """The modules of the package that are not in their package's row of the table, and no other is.

    The row of `ledger/` begins with its name, and has `loading.py` for `ledger/loading.py`.
    """
    found = set()
    for folder in {path.parent for path in PACKAGE.rglob("*.py")}:
        name = "tallybook" if folder == PACKAGE else folder.relative_to(PACKAGE).as_posix()
        row = re.search(rf"^\| `{name}/` \|(.*)$", text, re.MULTILINE)
        listed = set(re.findall(r"`(\w+\.py)`:", row[1])) if row else set()
        there = {path.name for path in folder.glob("*.py")}
        there -= set() if folder == PACKAGE else {"__init__.py"}
        found |= {f"{name}/{each}" for each in listed ^ there}
    return found


def names_not_there(text: str) -> set[str]:
    """The functions, classes and constants that a text has in parentheses behind a module of the
    package, and that the module does not define: "`errors.py` (`Problem`, `no_such_name`)".
    """
    found = set()
    for file, listed in re.findall(r"`([\w/]+\.py)`\s+\(((?:`\w+`(?:,\s+)?)+)\)", text):
        path = PACKAGE / file if (PACKAGE / file).exists() else ROOT / file
        code = path.read_text(encoding="utf-8") if path.exists() else ""
        for name in re.findall(r"\w+", listed):
            defined = rf"^\s*(?:(?:async )?def|class) {name}\b|^{name}(?:: [^=\n]+)? \|?= "
            if not re.search(defined, code, re.MULTILINE):
                found.add(f"{file}: {name}")
    return found


def modules_not_there(text: str) -> set[str]:
    """The modules that a text names as files or with dots, and that the repository does not have.

    With dots, the last name may be that of a function or class of the module.
    """
    files = set(re.findall(r"[\w/]*\w\.py\b", text))
    dotted = set(re.findall(r"\b(?:tallybook|tests|benchmarks)(?:\.\w+)+", text)) - files
    return {path for path in files if not list(ROOT.glob(path)) and not of_the_package(path)} | {
        name
        for name in dotted
        if not name.endswith(".py") and not (is_module(name) or is_module(name.rpartition(".")[0]))
    }


def of_the_package(path: str) -> bool:
    return bool(list((ROOT / "tallybook").glob(path if "/" in path else f"**/{path}")))


def is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def test_the_architecture_names_every_package_and_no_module_that_is_not_there():
    assert not packages_not_named(ARCHITECTURE)
    assert not modules_not_there(ARCHITECTURE)


def test_the_architecture_lists_every_module_in_the_row_of_its_package():
    assert not modules_not_listed(ARCHITECTURE)


def test_every_name_that_the_architecture_has_of_a_module_is_defined_there():
    assert len(re.findall(r"`[\w/]+\.py`\s\(", ARCHITECTURE)) > 50
    assert not names_not_there(ARCHITECTURE)


def test_a_package_that_is_not_named_and_a_module_that_is_not_there_are_found():
    assert "cli" in packages_not_named("`site/`, and `tallybook.ledger.yaml`")
    assert not {"site", "ledger"} & packages_not_named("`site/`, and `tallybook.ledger.yaml`")
    there = (
        "`tallybook/errors.py`, `ledger/loading.py`, errors.py, `tallybook.files`, `tallybook.load`"
    )
    assert not modules_not_there(there)
    gone = {"ledger/no.py", "no.py", "tallybook.ledger.no.Such", "tallybook/no.py"}
    assert modules_not_there(" ".join(gone)) == gone


def test_a_module_that_is_not_listed_and_a_name_that_is_not_defined_are_found():
    row = "| `quantity/` | `quantity.py`: …<br>`no.py`: … |"
    assert {"quantity/interval.py", "quantity/no.py"} <= modules_not_listed(row)
    assert "quantity/quantity.py" not in modules_not_listed(row)
    assert not names_not_there("`errors.py` (`Problem`, `nearest`), `files.py` (`State`)")
    gone = {"errors.py: no_such_name", "files.py: path"}  # a variable in its functions
    assert names_not_there("`errors.py` (`no_such_name`), `files.py` (`path`)") == gone


def test_the_reference_names_what_notebooks_may_use_and_no_other():
    listed = re.search(r"`tallybook` has what a cell needs: (.*?)\. Charts", REFERENCE, re.S)
    assert sorted(re.findall(r"`(\w+)`", listed[1])) == sorted(tallybook.__all__)
    assert all(getattr(tallybook, name) for name in tallybook.__all__)
    ready = re.search(r"what\s+`tallybook.charts` has ready: (.*?)\.", REFERENCE, re.S)
    assert sorted(re.findall(r"`(\w+)`", ready[1])) == sorted(charts.__all__)
    shown = re.search(r"Tables are in\s+`tallybook.tables`: (.*?)\.", REFERENCE, re.S)
    assert sorted(re.findall(r"`(\w+)`", shown[1])) == sorted(tables.__all__)
    assert all(hasattr(tables, name) for name in tables.__all__)


def test_a_name_that_left_the_top_of_the_package_says_where_it_is():
    with pytest.raises(AttributeError, match=r"is tallybook\.tables\.statements_under now"):
        _ = tallybook.answers
    for name, place in tallybook._MOVED.items():
        assert not hasattr(tallybook, name)
        module, _, now = f"tallybook.{place}".rpartition(".")
        assert callable(getattr(import_module(module), now))


def test_tallybook_itself_has_ten_names():
    assert len(tallybook.__all__) == 10


def test_the_reference_names_every_role():
    assert set(re.findall(r"\{([a-z]+)\}`", REFERENCE)) == set(ROLES)


def test_the_reference_names_every_directive():
    table = re.search(r"\| directive.*?\n\n", REFERENCE, re.S)[0]
    assert set(re.findall(r"`([a-z]+-[a-z]+)`", table)) == set(DIRECTIVES)


def test_the_page_on_jupyter_book_has_each_setting_with_what_becomes_of_it():
    rows = re.findall(
        r"^\| `([^`]+)` \| ([^|]+) \| (works|refused) \| (.*) \|$", JUPYTER_BOOK, re.M
    )
    assert sorted((name, kind, text) for name, _, kind, text in rows) == sorted(
        (each.name, "works" if each.effect else "refused", each.effect or each.refused)
        for each in known_settings.SETTINGS
    )


def test_the_page_on_jupyter_book_names_every_option_of_the_contents():
    section = re.search(r"## Table of contents\n(.*?)\n## ", JUPYTER_BOOK, re.S)[1]
    named = set(re.findall(r"`(\w+)`", section))
    keys = {key for lists in contents.FORMATS.values() for keys in lists for key in keys}
    assert {*contents.OPTIONS, *keys, "file", "glob", "url", "title", "options", "meta"} <= named


def test_the_record_that_the_guide_to_figures_shows_is_the_ledgers():
    shown = re.search(r"```yaml\n(.*?)```", FIGURES, re.S)[1]
    (record,) = yaml.safe_load(re.sub(r"^   ", "", shown, flags=re.MULTILINE))
    real = yaml.safe_load((ROOT / "data/statistics/law-enforcement.yml").read_text())
    assert record in real


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_the_field_guide_has_each_field_with_its_rule_and_two_examples(model):
    heading = rf"## {model.__name__}: .*\n\n{re.escape(model.__doc__)}\n\n.*\n.*\n((?:\|.*\n?)+)"
    table = re.search(heading, GUIDE)
    assert table, f"no section on {model.__name__}"
    rows = [line.strip("| ").split(" | ") for line in table[1].splitlines()]
    assert [(row[0].strip("`"), row[1]) for row in rows] == [
        (name, rule(info)) for name, info in model.model_fields.items()
    ]
    assert all(len(row) == 4 and row[2] != row[3] for row in rows)


def rule(info: Any) -> str:
    choices = choices_of(info.annotation)
    listed = f" One of: {'; '.join(choices)}." if len(choices) > 1 else ""
    return f"{info.description}{listed}{'' if info.is_required() else ' Optional.'}"


def choices_of(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return [choice for part in get_args(annotation) for choice in choices_of(part)]


def test_the_schemas_are_those_of_the_records():
    stored = {path.name: path.read_text() for path in (ROOT / "data/schema").glob("*.json")}
    assert stored == records.json_schemas()


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.stem)
def test_every_data_file_names_its_schema_and_keeps_to_it(path):
    modeline = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", modeline)
    schema = json.loads((path.parent / named[1]).read_text())
    errors = Draft202012Validator(schema).iter_errors(yaml.safe_load(path.read_text()))
    assert [error.message for error in errors] == []


def test_ci_runs_what_the_readme_names():
    script = (ROOT / ".ci/run").read_text()
    assert re.findall(r"^make (\S+)", script, re.MULTILINE) == [
        "book",
        "test",
        "test-slow",
        "reproduce",
        "other-python",
    ]
