"""SECURITY.md promises nothing that has no test."""

from __future__ import annotations

import re

import pytest

from tallybook.cli.main import cli
from tests.conftest import ROOT

TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
PROMISES = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| **")]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def is_here(named: str) -> bool:
    tool, _, what = named.partition(" ")
    if tool == "python":
        return named == "python -m benchmarks fuzz" and (ROOT / "benchmarks/fuzz.py").is_file()
    if tool == "make":
        return bool(re.search(rf"^{what}:", MAKEFILE, re.MULTILINE))
    if tool == "tallybook":
        return what.split()[0] in cli.commands
    return (ROOT / named).is_file()


@pytest.mark.parametrize("tests", [tests for _, tests in PROMISES])
def test_each_promise_names_what_tests_it_and_it_is_there(tests):
    named = re.findall(r"`(.*?)`", tests)
    assert any(each.startswith("tests/") for each in named)
    assert all(is_here(each) for each in named)


def test_there_are_promises():
    assert len(PROMISES) == 8


def test_who_finds_a_vulnerability_is_told_where_to_say_it_and_of_no_address_that_is_not_there():
    assert "*Security*, *Report a vulnerability*" in TEXT
    assert "@" not in TEXT
    assert (ROOT / ".github/workflows/advisories.yml").is_file()
    assert len(TEXT.splitlines()) <= 45
