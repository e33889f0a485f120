"""What is proposed for a document holds when it is entered as it stands, and enters nothing."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tallybook.cli import main
from tallybook.ledger import loading

REVIEW = """# Review of the ferries

## 1. Traffic

In 2023 the ferries carried more than 4.2 million passengers, up 12% from 2022.[^1] Between 30 and
40 percent of the boats burned oil. Waiting times fell to 3.5 hours (95% CI 3.1 to 3.9).

1. New piers cost $14 million.
2. Crews grew to 180 people.

## Safety

See note 4 of page 12. The first fire, on 4 May 2023, injured 7 people. As of 31 December 2023, the
company employed 845 people. In fiscal year 2021 it had 3 boats.

| Year | Boats |
| 2021 | 1,020 |
| 2022 | 1,150 |

In 2022, 80.0 per cent of the crews were trained.

Call +49 40 123 456. See www.ferries.example/2023/line today.
The company employed 845 people on 31 December 2023.

[^1]: Figures are of the company.
"""


@pytest.fixture
def call(book, monkeypatch):
    """Call a command for the small book; its exit code, and what it says."""
    monkeypatch.delenv("TALLYBOOK_SOURCES", raising=False)

    def called(*arguments: str):
        result = CliRunner().invoke(main.cli, ["--book", str(book), *arguments])
        return result.exit_code, result.output, result.exception

    return called


@pytest.fixture
def review(book, call, tmp_path):
    path = tmp_path / "review.md"
    path.write_text(REVIEW)
    assert call("add", str(path), "--party", "Kettle Company")[0] == 0
    return book


@pytest.fixture
def proposed(review, call, tmp_path):  # noqa: ARG001  # the source is there then
    path = tmp_path / "proposed.yml"
    code, said, _ = call("propose", "review", "--output", str(path))
    assert code == 0, said
    return path.read_text()


@pytest.fixture
def entered(review, call, proposed, tmp_path):
    """The book in which all of the proposal is entered as it stands."""
    assert proposed
    code, said, error = call("enter", str(tmp_path / "proposed.yml"))
    assert code == 0, (said, error)
    return review


def test_what_is_proposed_holds_as_it_stands_and_leaves_no_numeral_over(entered, call):  # noqa: ARG001
    code, said, _ = call("check")
    assert code == 0, said


def test_figures_are_read_with_bound_interval_unit_and_period(entered):
    ledger, _ = loading.inspect(entered)
    found = {
        each.cited[0].as_printed: each
        for each in ledger.statistics.values()
        if each.cited[0].source == "review"
    }
    carried = found["the ferries carried more than 4.2 million passengers"]
    assert (carried.value, carried.bound, carried.period.text) == (4200000, "more than", "2023")
    waiting = found["times fell to 3.5 hours (95% CI 3.1 to 3.9)"]
    assert (str(waiting.low), str(waiting.high), waiting.level) == ("31/10", "39/10", 95)
    burned = found["Between 30 and 40 percent"]
    assert (burned.value, burned.low, burned.high) == (None, 30, 40)
    assert ledger.measures[burned.measure].kind == "share"
    assert found["1,020"].period.text == "2021"
    assert ledger.measures[found["1,020"].measure].label == "boats"
    assert ledger.measures[found["New piers cost $14 million"].measure].unit == "USD"


def test_a_zero_behind_the_point_is_no_rounding_to_tens(entered):
    ledger, _ = loading.inspect(entered)
    rounded = {str(each.value): each.rounded_to for each in ledger.statistics.values()}
    assert (str(rounded["80"]), rounded["180"]) == ("1/10", 10)


def test_a_figure_that_stands_twice_is_one_statistic_with_two_citations(entered):
    ledger, _ = loading.inspect(entered)
    employed = [each for each in ledger.statistics.values() if each.value == 845]
    assert [len(each.cited) for each in employed] == [2]


def test_what_counts_nothing_is_dismissed_with_its_reason(entered):
    ledger, _ = loading.inspect(entered)
    found = {each.run: each.reason for each in ledger.dismissals if each.source == "review"}
    assert found["1. New"] == found["note 4"] == "page or list number"
    assert found["See www.ferries.example/2023/line"] == "part of a name or address"
    assert found["The first"] == "pronoun or ordinal that counts nothing"
    assert found["year 2021"] == "date that belongs to no figure"


def test_a_measure_that_the_ledger_has_is_taken(call, tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text("In 2018 the company recalled 1,250 kettles.")
    call("add", str(path), "--party", "Kettle Company")
    _, said, _ = call("propose", "notice")
    assert "measure: kettles-recalled\n" in said
    assert "measures:\n" not in said


def test_a_figure_of_a_text_with_pages_has_its_page(call, tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text("A notice of some pages.\fIn 2018 it had 12 shops.")
    call("add", str(path), "--party", "Kettle Company")
    _, said, _ = call("propose", "notice")
    assert "as_printed: it had 12 shops\n      page: 2\n" in said


def test_what_the_ledger_states_already_is_one_more_citation(book, call, tmp_path):
    path = book / "data/statistics/kettles.yml"
    path.write_text(path.read_text().replace("scope: the company", "scope: unstated"))
    path = tmp_path / "notice.txt"
    path.write_text("In 2017 it closed more than 1,000 stores.")
    call("add", str(path), "--party", "Kettle Company")
    _, said, _ = call("propose", "notice")
    assert "says the same as 'stores-closed-2017': add there the citation {source: notice" in said


def test_nothing_is_entered_and_a_file_that_is_there_stays(review, call, tmp_path):
    before = {path: path.read_bytes() for path in (review / "data").rglob("*.yml")}
    path = tmp_path / "proposed.yml"
    path.write_text("mine")
    _, _, error = call("propose", "review", "--output", str(path))
    assert "proposed.yml is there already: name another file" in str(error)
    assert path.read_text() == "mine"
    assert {path: path.read_bytes() for path in (review / "data").rglob("*.yml")} == before


def test_where_no_record_holds_the_place_is_said_with_the_reason(call, tmp_path):
    path = tmp_path / "notice.txt"
    path.write_text("The notice. Of them 30.000 people came.")
    call("add", str(path), "--party", "Kettle Company")
    _, said, _ = call("propose", "notice")
    assert "# notice.txt:1:21: " in said
    assert "may be 30.000 or 30000" in said


def test_an_unknown_source_is_named_with_the_nearest(call):
    _, _, error = call("propose", "repport")
    assert str(error) == "no source 'repport'. Did you mean 'report'?"


def test_a_source_without_its_document_says_where_it_is_expected(book, call):
    (book / "documents/report.txt").unlink()
    _, _, error = call("propose", "report")
    assert str(error).startswith("the document of 'report' is not at hand: expected ")
    assert str(error).endswith("documents/report.txt; name its folder with --sources")


def test_a_document_that_has_changed_is_not_read(book, call):
    (book / "documents/report.txt").write_text("Other words.")
    _, _, error = call("propose", "report")
    assert "has changed since its figures were read" in str(error)


def test_nothing_left_to_propose_is_said(call):
    code, said, _ = call("propose", "report")
    assert (code, said) == (
        0,
        "Each numeral of 'report' is claimed or dismissed; nothing is proposed.\n",
    )


def test_ids_that_another_proposal_has_for_something_else_are_not_proposed(review, call):
    other = """# Proposed for letter. Look over each record.
measures:
- id: boats
  label: boats
  kind: level at a date
  unit: percent
- nonsense
statistics:
- id: passengers-2023
dismissed: none
"""
    (review / "letter.yml").write_text(other)
    (review / "broken.yml").write_text("# Proposed for none.\n- [")
    code, said, _ = call("propose", "review")
    assert code == 0, said
    assert "- id: boats-2\n" in said
    assert "- id: boats\n" not in said
