"""Sections of an added document have names without numerals, and openings that stand once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallybook.ledger import coverage, yaml
from tallybook.ledger.document import Document
from tallybook.ledger.records import Source
from tallybook.ledger.sections import sections
from tallybook.reading import statements
from tallybook.reading.statements import Known


def names(text):
    return [name for name, _ in sections(text)]


def divided(text):
    """The document that a source with these sections is read as, and the problems."""
    parts = [{"name": name, "opens": opens} for name, opens in sections(text)]
    source = Source(
        id="report", title="R", party="P", publisher="P", published="unstated",
        text_sha256="0" * 64, sections=parts,
    )  # fmt: skip
    document = Document("report", text, {})
    source._tree, source._path = yaml.Mapping(0), "data/sources.yml"
    return document, [*coverage._divide(document, source)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Report\n\nText.\n\n## Sales\n\nMore.", ["Report", "Sales"]),
        ("Before.\n\n# Sales\n\nMore.", ["Beginning", "Sales"]),
        ("Report\n======\n\nText.\n\nSales\n-----\n\nMore.", ["Report", "Sales"]),
        ("No heading at all.", ["Text"]),
        ("Ada and Bea make lids. Ada and Bea make lids. No others do.", ["Text"]),
        ("Word", ["Text"]),
        ("Word word word", ["Text"]),
        ("# 3.1 Sales in 2024\n\nText.\n\n# 12\n\nMore.", ["Sales", "Part"]),
        ("# **Bold** [link](x.md) [^2]\n\nText.", ["Bold link"]),
        ("# Ada\n\na.\n\n## Notes\n\nb.\n\n# Bea\n\nc.\n\n## Notes\n\nd.",
         ["Ada", "Notes", "Bea", "Notes, Bea"]),
        ("# Notes\n\na.\n\n# Notes\n\nb.\n\n# Notes\n\nc.",
         ["Notes", "Notes, second", "Notes, third"]),
        ("# Sales\n\n```\n# no heading\n```\n\n# End\n\nOver.", ["Sales", "End"]),
        ("- item\n---\n\n| a |\n---\n\ntext", ["Text"]),
    ],
)  # fmt: skip
def test_headings_open_sections(text, expected):
    assert names(text) == expected


def test_without_headings_each_page_is_a_section_that_its_first_words_name():
    text = "In 2024 it sold kettles, says Ada.\n\fThree plants repair them.\n\f\n\fNo more."
    assert sections(text) == [
        ("In it sold kettles", "In 2024 it sold kettles,"),
        ("plants repair them", "Three plants repair them."),
        ("No more", "No more."),
    ]


def test_a_heading_that_is_repeated_opens_by_the_words_behind_it():
    text = "# Sales\n\nOne town.\n\n# Sales\n\nTwo towns."
    assert [run for _, run in sections(text)] == ["# Sales One", "# Sales"]


def test_a_heading_that_no_run_tells_apart_leaves_its_text_to_the_section_before():
    same = "## Sales\n\n" + "a b c d e f g h i.\n\n"
    text = f"# Report\n\n{same}{same}"
    assert names(text) == ["Report"]
    assert divided(text)[1] == []


WORDS = st.sampled_from(
    "# Sales,## Sales,### 2. Sales,Sales,it sold 12 kettles.,\f,Ada,---,=====,“Ada” said,  ,one"
    .split(",")
)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=40))
def test_whatever_a_text_is_its_openings_are_found_and_its_names_are_unique(lines):
    text = "\n".join(lines)
    found = sections(text)
    assert len({name for name, _ in found}) == len(found)
    assert not any(any(statements.stating(name, Known())) for name, _ in found)
    if found:
        document, problems = divided(text)
        assert problems == []
        assert [*document.sections] == [name for name, _ in found]
