"""The inward audit: each numeral of a document claimed, dismissed or listed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tallybook.cli.main import cli
from tallybook.ledger import coverage, loading
from tests.helpers.added_figures import add_figure

STATISTICS = "data/statistics/kettles.yml"
DISMISSED = "data/dismissed.yml"
PAGE_9 = """- source: report
  section: Repairs
  run: Page 9
  times: 1
  reason: page or list number
"""


@pytest.fixture
def account(book):
    def read():
        ledger, _ = loading.inspect(book)
        accounts, _ = coverage.check(ledger, book / "documents")
        return accounts["report"]

    return read


def left_over(account) -> list[str]:
    return [str(problem) for problem in account().left_over()]


def test_every_numeral_of_the_small_document_is_accounted_for(account):
    assert left_over(account) == []
    assert (account().total, len(account().claimed), len(account().dismissed)) == (15, 13, 2)


def test_a_numeral_without_record_or_dismissal_is_listed_with_place_and_words(edit, account):
    edit(DISMISSED, PAGE_9, "")
    assert left_over(account) == [
        "report.txt:14:6: neither claimed nor dismissed: …the plant in Bea opened. "
        "Page [9] … (Repairs)"
    ]


def test_a_long_run_does_not_claim_the_numbers_that_it_runs_over(edit, account):
    edit(STATISTICS, "as_printed: 97% were handled", "as_printed: 97% were handled within 24 hours")
    edit(STATISTICS, "      condition_as_printed: within 24 hours of arrival\n", "")
    edit(STATISTICS, "  condition: {value: 24, unit: hours, bound: up to}\n", "")
    assert any("[24]" in line for line in left_over(account))


def test_the_account_of_a_document_is_stored_and_held(book, edit, problems):
    arguments = ["--book", str(book), "check", "--sources", str(book / "documents")]
    assert CliRunner().invoke(cli, [*arguments, "--save"]).exit_code == 0
    assert "numerals: 15\n  claimed: 13\n  dismissed: 2" in (book / "data/audit.yml").read_text()
    assert problems() == []
    edit("data/audit.yml", "claimed: 13", "claimed: 12")
    (problem,) = problems()
    assert problem.startswith("data/audit.yml:3:3: 'report' has 15, 13, 2, 0 numerals in all")
    assert "--save writes it anew" in problem


@pytest.mark.parametrize("spoil", ["folder", "record"])
def test_nothing_is_stored_while_something_is_wrong(spoil, book, edit):
    stored = (book / "data/audit.yml").read_text()
    folder = book / ("nowhere" if spoil == "folder" else "documents")
    if spoil == "record":
        edit(STATISTICS, "value: 1000", "value: 1001")
    result = CliRunner().invoke(
        cli, ["--book", str(book), "check", "--sources", str(folder), "--save"]
    )
    assert (result.exit_code, (book / "data/audit.yml").read_text()) == (1, stored)
    assert "Nothing is stored until they are mended." in result.output


def test_what_no_document_was_asked_is_not_stored(book):
    (book / "documents").rename(book / "elsewhere")
    result = CliRunner().invoke(
        cli, ["--book", str(book), "check", "--save"], env={"TALLYBOOK_SOURCES": ""}
    )
    assert (result.exit_code, "name --sources" in result.output) == (2, True)


def test_an_item_claims_its_printed_period_and_nothing_else(edit, account, problems):
    edit(STATISTICS, "      period_as_printed: in 2016\n", "")
    edit(STATISTICS, 'period: "2016"', "period: unstated")
    assert any("[2016]" in line for line in left_over(account))
    item = "{source: report, section: Repairs}"
    passage = "as_printed: Repairs took nearly two weeks, period_as_printed: in 2016"
    edit("data/comparison.yml", item, f"{item[:-1]}, {passage}}}")
    edit("data/comparison.yml", "period: unstated", 'period: "2016"')
    assert problems() == []
    assert left_over(account) == []
    edit(STATISTICS, "as_printed: nearly two weeks", "as_printed: Three plants")
    assert any("[two]" in line for line in left_over(account))


def test_a_figure_that_is_read_from_context_claims_no_date(edit, account):
    edit(STATISTICS, "      period_as_printed: in 2016\n", "")
    edit(
        STATISTICS, 'period: "2016"', 'period: "2016"\n  period_from: context\n  period_because: x'
    )
    assert any("[2016]" in line for line in left_over(account))


def test_the_base_of_a_change_claims_its_year(account):
    text = account().document
    claimed = [text.numerals[n] for n in account().claimed]
    assert sum(text.text[n.start : n.end] == "2016" for n in claimed) == 2


def test_the_nearest_date_is_the_one_that_is_claimed(account):
    document = account().document
    dates = [n for n in account().claimed if document.numerals[n].is_year]
    places = {document.line_and_column(document.numerals[n].start)[0] for n in dates}
    assert places == {3, 9, 12}


def test_the_date_of_another_sentence_is_refused(edit, problems):
    edit(STATISTICS, 'period: "2016"', 'period: "2017"')
    edit(STATISTICS, "period_as_printed: in 2016", "period_as_printed: in 2017")
    (problem,) = problems()
    assert problem.startswith(f"{STATISTICS}:54:26: statistic 'repair-time-2016'")
    said = '"in 2017" stands behind the sentence of "two", in which stands "2016": cite that'
    assert said in problem


def test_white_space_and_the_form_of_quotes_do_not_matter(account):
    document = account().document
    assert len(document.find("97%  were\nhandled", (0, len(document.text)))) == 1
    assert len(document.find("makes ‘lids’", (0, len(document.text)))) == 0
    assert len(document.find('makes "lids"', (0, len(document.text)))) == 1


def test_a_run_stands_only_as_whole_words(account):
    document = account().document
    assert document.find("kettle", (0, len(document.text))) == []
    assert len(document.find("kettles", (0, len(document.text)))) == 2


@pytest.mark.parametrize("words", ["Annual", "24 hours", "Repairs took", "Ada", "Page 9"])
def test_line_and_column_lead_back_to_the_file(words, account):
    document = account().document
    ((start, _), *_) = document.find(words, (0, len(document.text)))
    line, column = document.line_and_column(start)
    assert document.original.splitlines()[line - 1][column - 1 :].startswith(words)


def test_a_numeral_that_is_claimed_needs_no_dismissal(edit, problems):
    edit(DISMISSED, "run: Page 9", "run: In 2017")
    assert any("stands 0 times" in line for line in problems())


def test_the_check_exits_with_one_while_numerals_are_left_over(edit, book):
    edit(DISMISSED, PAGE_9, "")
    arguments = ["--book", str(book), "check", "--sources", str(book / "documents")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert "1 numeral left over: claim or dismiss each." in result.output
    (book / "documents").rename(book / "elsewhere")
    without = CliRunner().invoke(cli, arguments[:3], env={"TALLYBOOK_SOURCES": ""})
    assert without.exit_code == 0


def test_the_books_own_documents_are_checked_where_no_others_are_named(edit, book):
    edit(DISMISSED, PAGE_9, "")
    arguments = ["--book", str(book), "check"]
    result = CliRunner().invoke(cli, arguments, env={"TALLYBOOK_SOURCES": ""})
    assert result.exit_code == 1
    assert "report.txt:14:6: neither claimed nor dismissed: …the plant in Bea opened. Page [9]" in (
        result.output
    )
    only = CliRunner().invoke(cli, [*arguments, "--ledger-only"], env={"TALLYBOOK_SOURCES": ""})
    assert only.exit_code == 0


def test_the_summary_counts_records_citations_and_numerals(book):
    arguments = ["--book", str(book), "check", "--sources", str(book / "documents")]
    result = CliRunner().invoke(cli, arguments)
    head, row = result.output.splitlines()
    assert " ".join(head.split()) == (
        "source records citations numerals claimed dismissed left over"
    )
    assert row.split() == ["report", "10", "10", "15", "13", "2", "0"]


def test_an_occurrence_says_which_of_two_places_is_meant(edit, problems):
    edit("data/missing.yml", """as_printed: 'makes "lids"'""", "as_printed: in, occurrence: 2")
    assert problems() == []


def test_the_first_letter_of_a_section_is_in_it(ledger, book):
    texts, _ = coverage.read(ledger, book / "documents")
    text = texts["report"]
    for name, (start, end) in text.sections.items():
        assert [text.section_at(start), text.section_at(end - 1)] == [name, name]


@pytest.mark.parametrize("cut", ["lid", "ids", "240,000 kettle", "ore than 1,000"])
def test_a_run_that_begins_or_ends_within_a_word_is_not_found(cut, ledger, book):
    texts, _ = coverage.read(ledger, book / "documents")
    text = texts["report"]
    assert cut in text.text
    assert text.find(cut, (0, len(text.text))) == []


def test_the_words_of_a_period_in_the_figures_own_sentence_are_meant(book, edit, account):
    sentence = "So it was in 2018.\n\nSome 30 lids of all the kettles were mended in 2018."
    add_figure(book, sentence, "Some 30 lids", {"value": 30, "bound": "about"}, unit="lids")
    edit(STATISTICS, "period: unstated", 'period: "2018"')
    cited = 'as_printed: "Some 30 lids"'
    edit(STATISTICS, cited, f"{cited}\n      period_as_printed: in 2018")
    # The one in the paragraph before is nearer to the figure, and is left over.
    assert [each.partition(": neither")[0] for each in left_over(account)] == ["report.txt:14:14"]
