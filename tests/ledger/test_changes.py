"""Records of what changed of figures."""

from __future__ import annotations

import pytest

from tallybook.ledger import consistency, figures, history
from tallybook.notebooks import session
from tallybook.quantity.quantity import Quantity

CHANGES = "data/changes.yml"
GOOD = """
- figure: stores-closed-2017
  date: "2026-05-31"
  what: changed
  was: {words: "nearly 1,000", period: "2016"}
  because: It was misread.
"""
LATER = """
- figure: stores-closed-2017
  date: "2026-06-01"
  what: changed
  was: {words: "about 1,000"}
  because: It was misread again.
"""


@pytest.fixture
def changes(book, problems):
    """What the check says of records of changes."""

    def write(text: str) -> list[str]:
        (book / CHANGES).write_text(text)
        return problems()

    return write


@pytest.fixture
def wrong(book):
    """What is said of records of changes once derived figures are known."""

    def write(text: str) -> list[str]:
        (book / CHANGES).write_text(text)
        ledger = session.load(book)
        per_plant = figures.derived("stores-per-plant", Quantity.exactly(3), "stores a plant")
        ledger.published["stores-per-plant"] = per_plant
        return [str(each) for each in consistency.wrong_changes(ledger)]

    return write


def test_a_book_without_the_file_has_no_changes(ledger, problems):
    assert problems() == []
    assert ledger.changes == []


def test_a_change_has_what_was_and_what_the_figure_says_today(book, changes):
    assert changes(GOOD) == []
    (step,) = history.steps(session.load(book), "stores-closed-2017")
    assert step.fields == {
        "words": ("nearly 1,000", "more than 1,000"),
        "period": ("2016", "2017"),
    }


def test_what_an_earlier_change_led_to_is_what_the_next_one_has(book, changes):
    assert changes(LATER + GOOD) == []
    first, second = history.steps(session.load(book), "stores-closed-2017")
    assert first.fields["words"] == ("nearly 1,000", "about 1,000")
    assert first.fields["period"] == ("2016", "2017")
    assert second.fields == {"words": ("about 1,000", "more than 1,000")}
    newest = history.newest_first(session.load(book))
    assert [str(step.date) for step in newest] == ["1 June 2026", "31 May 2026"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('date: "2026-05-31"', 'date: "2026-05"', ":3:9: expected the day of the change, such as"),
        ('date: "2026-05-31"', 'date: "2026"', ":3:9: expected the day of the change, such as"),
        ("what: changed", "what: edited", ":4:9: change: "),
        ("because: It was misread.", 'because: ""', ":6:12: because: expected text, found noth"),
        ('words: "nearly 1,000"', "wrods: 1", ":5:9: unknown field 'wrods'. Did you mean 'words'"),
        ('{words: "nearly 1,000", period: "2016"}', "{}", ":5:8: what said the figure before?"),
        ("what: changed", "what: added", ":5:8: a figure that is added said nothing before"),
        ("what: changed", "what: renamed", ":5:8: a renaming says the old id: add id to was"),
        ("what: changed", "what: gone", ":5:8: a figure that is gone has its label and words"),
        ('words: "nearly 1,000"', "id: shut", ":5:8: an id is of a figure that is renamed, and"),
        ("  because: It was misread.", "  why: A.", ":2:3: the field 'because' is missing: Why"),
    ],
)  # fmt: skip
def test_a_wrong_record_of_a_change_is_refused_with_its_place(old, new, says, changes):
    assert old in GOOD
    found = changes(GOOD.replace(old, new))
    assert any(each.startswith(f"{CHANGES}{says.replace('change: ', 'what: ')}") for each in found)


def test_a_renaming_needs_its_record_in_renamed(book, changes):
    text = (
        "- {figure: stores-closed-2017, date: '2026-05-31', what: renamed, because: It is longer,"
        " was: {id: shut}}\n"
    )
    (problem,) = changes(text)
    assert "no renaming of 'shut' to 'stores-closed-2017' in data/renamed.yml" in problem
    (book / "data/renamed.yml").write_text("- {old: shut, new: stores-closed-2017}\n")
    assert changes(text) == []
    (problem,) = changes(GOOD.replace("figure: stores-closed-2017", "figure: shut"))
    assert problem.endswith("'shut' is 'stores-closed-2017' now: name that")


def test_a_change_of_no_figure_is_refused_unless_the_figure_is_gone(wrong):
    text = GOOD.replace("stores-closed-2017", "stores-closed-2018")
    (problem,) = wrong(text)
    assert problem.startswith(f"{CHANGES}:2:11: no figure 'stores-closed-2018'. Did you mean")
    gone = LATER.replace("stores-closed-2017", "stores-closed-2018").replace("changed", "gone")
    gone = gone.replace('{words: "about 1,000"}', '{words: "about 1,000", label: stores}')
    assert wrong(text + gone) == []


def test_a_figure_that_is_there_is_not_gone(wrong):
    text = LATER.replace("what: changed", "what: gone").replace("{words:", "{label: a, words:")
    (problem,) = wrong(text)
    assert problem.startswith(f"{CHANGES}:4:9: 'stores-closed-2017' is said to be gone")


@pytest.mark.parametrize("name", ["stores-closed-2017", "stores-per-plant"])
def test_what_a_figure_says_still_is_no_change(name, wrong):
    words = "more than 1,000" if name == "stores-closed-2017" else "3"
    text = LATER.replace("about 1,000", words).replace("stores-closed-2017", name)
    (problem,) = wrong(text)
    assert problem.startswith(f"{CHANGES}:5:16: words is '{words}' after the change as well")


def test_a_figure_without_a_scope_says_nothing_there(book, edit):
    edit("data/statistics/kettles.yml", "scope: the company", "scope: unstated")
    assert history.seen(session.load(book), "stores-closed-2017")["scope"] == "nothing"
