"""The documentation is held to what the project is."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, get_args, get_origin

import pytest
import yaml
from jsonschema import Draft202012Validator

import tallybook
from tallybook import charts
from tallybook.cli.main import cli
from tallybook.ledger import records, schemas
from tallybook.site.directives import DIRECTIVES
from tallybook.site.roles import ROLES
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "data/README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DATA = sorted((ROOT / "data").rglob("*.yml"))
RECORDS = [
    model
    for model in vars(records).values()
    if isinstance(model, type) and issubclass(model, records.Record) and model.model_fields
]


def test_the_readme_fits_on_a_hundred_lines():
    assert len(README.splitlines()) <= 100


def test_every_make_target_that_is_named_exists():
    named = set(re.findall(r"\bmake ([a-z]+)", README + CONTRIBUTING)) - {"nothing"}
    assert named <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_the_readme_names_every_command_and_no_other():
    assert set(re.findall(r"^tallybook ([a-z]+)", README, re.MULTILINE)) == set(cli.commands)


@pytest.mark.parametrize("command", cli.commands.values(), ids=lambda command: command.name)
def test_every_command_says_what_it_does(command):
    assert command.help


def test_contributing_names_what_notebooks_may_use_and_no_other():
    listed = re.search(r"`tallybook` has what a cell needs: (.*?)\. Charts", CONTRIBUTING, re.S)
    assert sorted(re.findall(r"`(\w+)`", listed[1])) == sorted(tallybook.__all__)
    assert all(getattr(tallybook, name) for name in tallybook.__all__)
    forms = re.search(r"Charts are in\s+`tallybook.charts`: (.*?)\.", CONTRIBUTING, re.S)
    assert all(hasattr(charts, name) for name in re.findall(r"`(\w+)`", forms[1]))


def test_contributing_names_every_role():
    assert set(re.findall(r"\{([a-z]+)\}`", CONTRIBUTING)) == set(ROLES)


def test_contributing_names_every_directive():
    table = re.search(r"\| directive.*?\n\n", CONTRIBUTING, re.S)[0]
    assert set(re.findall(r"`([a-z]+-[a-z]+)`", table)) == set(DIRECTIVES)


def test_the_record_that_contributing_shows_is_the_ledgers():
    shown = re.search(r"```yaml\n(.*?)```", CONTRIBUTING, re.S)[1]
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
    assert stored == schemas.texts()


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
        "test",
        "test-slow",
        "book",
        "reproduce",
    ]
