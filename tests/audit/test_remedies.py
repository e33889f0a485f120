"""What is done about each kind of fault, in its message; and that it helps."""

from __future__ import annotations

import pytest

from tallybook.audit import html, remedies
from tallybook.audit.remedies import of_numeral
from tallybook.reading.statements import Known, stating
from tests.helpers.extra_pages import add, code, words
from tests.helpers.small_site import build, spoil

# What is typed, the numeral, and what the remedy names.
PROSE = [
    ("97% were handled", "97", "{stat}`its-id`, of a record"),
    ("Seven plants", "Seven", "{count}`its-id`"),
    ("It closed 2,015 stores in all", "2,015", "{stat}`its-id`, of a record"),
    ("In 2015 it closed", "2015", "{period}`its-id`"),
    ("on 5 May it closed", "5", "{period}`its-id`"),
    ("the 3rd list", "3", "in words"),
    ("one association", "one", 'write "a"'),
    ("a 5-star shop", "5", "data/names.yml"),
    ("the Studio 54 club", "54", "data/names.yml"),
    ("by 3M in spring", "3M", "data/names.yml"),
    ("as page 12 says", "12", "leave the page out"),
    ("it says “97% of stores”", "97", "{quote}`its-id`"),
    ("a third of them", "a third", "without a number"),
]
# Each fault, and the same once its remedy was followed.
FOLLOWED = {
    "{stat}`its-id`": ("97% of it", "{stat}`share-handled-2017` of it"),
    "{count}`its-id`": ("six figures", "{count}`statistics` figures"),
    "{period}`its-id`": ("in 2015", "in {period}`stores-closed-2017`"),
    "in words": ("the 3rd list", "the third list"),
    'write "a"': ("one association", "an association"),
    "data/names.yml": ("a 5-star shop", "a 6-star shop"),
    "{quote}`its-id`": ("“240,000 kettles”", "{quote}`kettles-recalled-2017`"),
    "```python": ("`range(24)`", "\n\n```python\nrange(24)\n```\n\n"),
}


@pytest.mark.parametrize(("text", "numeral", "said"), PROSE, ids=lambda each: str(each)[:24])
def test_the_remedy_fits_what_is_typed(text, numeral, said):
    assert next(text[each.start : each.end] for each in stating(text, Known())) == numeral
    assert said in of_numeral(html.TEXT, "page.md", numeral, text)


def test_settings_data_outputs_and_pictures_have_remedies_of_their_own():
    found = {
        of_numeral(html.TEXT, "_toc.yml", "97", "97 stores"),
        of_numeral(html.TEXT, "data/events.yml", "97", "97 stores"),
        *(of_numeral(kind, "a.ipynb", "97", "97 stores") for kind in remedies.OF_OUTPUTS),
    }
    assert len(found) == 9


def test_each_remedy_is_told_and_helps(built_book):
    names = built_book / "data/names.yml"
    names.write_text("- {name: 6-star, what: A badge.}\n", encoding="utf-8")
    typed = FOLLOWED
    page = "\n\n".join(f"The report: {wrong}." for wrong, _ in typed.values())
    contents = (built_book / "_toc.yml").read_text(encoding="utf-8")
    add(built_book, words("Said."), code("print(f\"{'27'} kettles\")"), page=page)
    told = build(built_book).stderr
    lines = [line.partition("”; ")[2] for line in told.splitlines()]
    for said in [*typed, "remove-output"]:
        assert any(said in line for line in lines), (said, told)

    (built_book / "_toc.yml").write_text(contents, encoding="utf-8")
    page = "\n\n".join(f"The report of the Kettle Company: {right}." for _, right in typed.values())
    hidden = code("print(f\"{'27'} kettles\")", "remove-output")
    add(built_book, words("Said."), hidden, page=page)
    result = build(built_book)
    assert result.returncode == 0, result.stderr


def test_a_typed_label_is_told_at_its_line_of_the_notebook(built_book):
    spoil(built_book, '"stores closed per plant"', '"stores closed per 3 plants"')
    told = build(built_book).stderr
    expected = "notebooks/kettles.ipynb, cell 3, line 3: 'stores-per-plant' types a numeral:"
    assert any(line.startswith(expected) for line in told.splitlines()), told
