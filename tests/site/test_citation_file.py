"""CITATION.cff keeps the schema of its format, whatever the settings of a book say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from tallybook.site import citations
from tallybook.site.citations import Edition
from tests.conftest import ROOT

SCHEMA = json.loads(
    (ROOT / "tests/helpers/schemas/cff-1.2.0.json").read_text(encoding="utf-8")
)  # fmt: skip


def faults(text: str) -> list[str]:
    """What is wrong with a CITATION.cff by the schema of version 1.2.0."""
    return [each.message for each in Draft7Validator(SCHEMA).iter_errors(yaml.safe_load(text))]


def test_the_repositorys_own_file_is_valid():
    assert faults(Path(ROOT, "CITATION.cff").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    ["Kettles", "yes", "2016", "1.10", "2024-01-31", "a: b # c", '"<Lids>" & \\n', "über — 水",
     "- one", "null", "{x}", "two\u2028lines", "a\x7fb\x85c", "\ufeffKettles"],
)  # fmt: skip
def test_titles_authors_and_versions_stand_in_it_as_they_are(text):
    made = citations.cff(Edition(text, text, "2024", "https://kettles.example/book", text))
    assert faults(made) == []
    found = yaml.safe_load(made)
    assert [found["title"], found["version"], found["authors"]] == [text, text, [{"name": text}]]


def test_without_version_and_address_it_is_valid_and_without_title_or_author_there_is_none():
    assert faults(citations.cff(Edition("Kettles", "Ann", "", ""))) == []
    assert citations.cff(Edition("Kettles", "", "", "")) == ""
    assert citations.cff(Edition("", "Ann", "", "")) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [("authors:", "writers:"), ('"1.2.0"', '"1.1"'), ("type: ", "kind: "), ('"Ann"', '""')],
)
def test_a_file_that_is_not_valid_is_found(old, new):
    text = citations.cff(Edition("Kettles", "Ann", "", "https://kettles.example"))
    assert old in text
    assert faults(text.replace(old, new))
