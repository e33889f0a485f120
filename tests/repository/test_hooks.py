"""What git calls before a commit is what `make` calls."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import yaml

from tallybook.cli.main import cli
from tests.conftest import ROOT

CONFIG = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
HOOKS = {hook["id"]: hook for repo in CONFIG["repos"] for hook in repo["hooks"]}
MADE = re.findall(r"^\t\$\(BIN\)/(.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
TRACKED = [
    path.relative_to(ROOT).as_posix()
    for folder in ("data", "book", "notebooks", "tallybook")
    for path in (ROOT / folder).rglob("*")
]


def command(hook: str) -> str:
    return HOOKS[hook]["entry"].removeprefix(".venv/bin/")


def test_no_hook_fetches_code_of_its_own():
    assert {repo["repo"] for repo in CONFIG["repos"]} == {"local"}
    assert {hook["language"] for hook in HOOKS.values()} == {"system"}


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hook_calls_a_command_that_there_is(hook):
    assert HOOKS[hook]["entry"].startswith(".venv/bin/")
    tool, *arguments = command(hook).split()
    assert (Path(sys.executable).parent / tool).exists()
    assert tool != "tallybook" or arguments[0] in cli.commands


def test_each_hook_but_the_status_is_called_by_make_too():
    assert {command(hook) for hook in HOOKS} - set(MADE) == {"tallybook status"}


def test_what_make_test_checks_without_running_is_checked_before_a_commit():
    tools = {"ruff check .", "ruff format --check .", "mypy", "tallybook check"}
    assert tools <= set(MADE)
    assert tools <= {command(hook) for hook in HOOKS}


@pytest.mark.parametrize("hook", [hook for hook in HOOKS if "files" in HOOKS[hook]])
def test_each_pattern_of_a_hook_meets_files_that_there_are(hook):
    assert [path for path in TRACKED if re.search(HOOKS[hook]["files"], path)]


def test_no_hook_is_given_file_names_that_its_command_does_not_want():
    assert not [hook for hook in HOOKS if HOOKS[hook]["pass_filenames"]]


def test_an_edit_of_the_ledger_or_a_notebook_calls_for_both_checks():
    for path in (
        "data/statistics/refunds.yml",
        "notebooks/refunds.ipynb",
        "tallybook/quantity/interval.py",
    ):
        assert path in TRACKED
        for hook in ("tallybook-check", "tallybook-status"):
            assert re.search(HOOKS[hook]["files"], path)
