"""Proposals are gone through at the terminal; what is answered is in the book at once."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from tallybook.cli import main
from tallybook.ledger import loading

NOTE = "# A note\n\nIn 2024 it lent 1,250 lids, and in 2025 it lost 30 spoons. See page 7.\n"


@pytest.fixture
def add(book, tmp_path, monkeypatch):
    """Add a note to the small book."""
    monkeypatch.delenv("TALLYBOOK_SOURCES", raising=False)
    path = tmp_path / "note.md"
    path.write_text(NOTE)
    arguments = ["--book", str(book), "add", str(path), "--party", "Kettle Company"]
    assert CliRunner().invoke(main.cli, arguments).exit_code == 0
    return book


@pytest.fixture
def session(add, monkeypatch):
    """Go through the proposals for the note with some answers; exit code and what is said."""
    monkeypatch.setattr(main, "_is_at_a_terminal", lambda: True)

    def called(*answers: str):
        arguments = ["--book", str(add), "propose", "note", "--interactive"]
        given = "".join(f"{answer}\n" for answer in answers)
        result = CliRunner().invoke(main.cli, arguments, input=given)
        assert isinstance(result.exception, SystemExit | None), result.exception
        return result.exit_code, result.output

    return called


@pytest.fixture
def editor(monkeypatch):
    """Have $EDITOR make some changes; the texts that it was given."""
    given, changes = [], []

    def edit(text, extension):
        assert extension == ".yml"
        given.append(text)
        old, new = changes[len(given) - 1]
        assert old in text
        return text.replace(old, new, 1)

    monkeypatch.setattr(click, "edit", edit)
    return given, changes


def of_note(book):
    """What the ledger has of the note: values and dismissed runs, and no problem."""
    ledger, problems = loading.inspect(book)
    assert problems == []
    values = [str(s.value) for s in ledger.statistics.values() if s.cited[0].source == "note"]
    return values, [d.run for d in ledger.dismissals if d.source == "note"]


def test_what_is_accepted_is_in_the_files_and_all_of_it_leaves_nothing(add, session):
    code, said = session("accept", "", "a", "a")
    assert code == 0, said
    assert of_note(add) == (["1250", "30"], ["page 7."])
    assert (add / "data/statistics/note.yml").is_file()
    assert said.endswith("2 statistics and 1 dismissal entered, 0 skipped.\n")
    code, said = session()
    assert said == "Each numeral of 'note' is claimed or dismissed; nothing is proposed.\n"


def test_the_sentence_is_shown_with_the_figure_marked_and_the_record_in_short(session):
    _, said = session("stop")
    assert "1 of 2 · A note\n  In 2024 it lent [1,250] lids, and in 2025" in said
    assert "    measure   lids lent (new: total over a period, in lids)\n" in said
    assert "    value     exact 1250\n" in said
    assert '    period    2024, of "In 2024"\n' in said
    assert "    run       it lent 1,250 lids\n" in said


def test_one_goes_on_where_one_stopped(add, session):
    code, said = session("a", "other", "t")
    assert code == 0
    assert "To go on, call tallybook propose note --interactive again." in said
    assert of_note(add) == (["1250"], [])
    _, said = session("a", "", "s")
    assert "1 of 1 · A note\n  In 2024 it lent 1,250 lids, and in 2025 it lost [30]" in said
    assert of_note(add) == (["1250", "30"], [])


@pytest.mark.parametrize("answers", [("a", ""), ("a",), ()])
def test_an_interruption_loses_nothing_and_says_how_to_go_on(add, session, answers):
    code, said = session(*answers)  # the input ends, as with Ctrl-D and Ctrl-C
    assert code == 130
    assert "To go on, call tallybook propose note --interactive again." in said
    assert of_note(add)[0] == ["1250"] * (len(answers) == 2)


def test_a_figure_is_dismissed_with_one_of_the_reasons(add, session):
    code, said = session("s", "d", "9", "0", "d", "5", "t")
    assert code == 0, said
    assert "5 unrelated teaser" in said
    ledger, _ = loading.inspect(add)
    found = [(d.run, d.reason) for d in ledger.dismissals if d.source == "note"]
    assert found == [("lost 30", "unrelated teaser")]


def test_what_is_edited_is_entered_as_edited(add, session, editor):
    given, changes = editor
    changes.append(("scope: unstated", "scope: the library"))
    code, said = session("e", "", "t")
    assert code == 0, said
    assert given[0].startswith("subject: note\n")
    assert "scope: the library" in (add / "data/statistics/note.yml").read_text()


def test_what_check_would_refuse_is_refused_and_asked_again(add, session, editor):
    given, changes = editor
    changes += [("value: 1250", "value: 1251"), ("value: 1251", "value: 1250")]
    code, said = session("e", "", "e", "t")
    assert code == 0, said
    assert "proposal:12:10: " in said, said
    assert "value 1251 is not what" in said
    assert given[1].count("value: 1251") == 1  # what was typed is not lost
    assert of_note(add)[0] == ["1250"]


@pytest.mark.usefixtures("session")
def test_a_measure_is_entered_with_the_first_statistic_that_has_it(add):
    path = add / "documents/more.md"
    path.write_text("# More\n\nIt had 12 lids in 2024. It had 14 lids in 2025.\n")
    arguments = ["--book", str(add), "add", str(path), "--party", "Kettle Company", "--id", "more"]
    assert CliRunner().invoke(main.cli, arguments).exit_code == 0
    arguments = ["--book", str(add), "propose", "more", "--interactive"]
    result = CliRunner().invoke(main.cli, arguments, input="s\na\n\n")
    assert result.exit_code == 0, result.output
    ledger, problems = loading.inspect(add)
    assert (problems, [*ledger.measures].count("lids")) == ([], 1)


def test_all_dismissals_are_taken_at_once(add, session):
    code, said = session("s", "s", "all")
    assert code == 0, said
    assert of_note(add) == ([], ["page 7."])


def test_an_unknown_answer_is_asked_again(session):
    _, said = session("yes", "t")
    assert "'yes' is none of these." in said


def test_without_a_terminal_it_says_so(add):
    arguments = ["--book", str(add), "propose", "note", "--interactive"]
    result = CliRunner().invoke(main.cli, arguments)
    assert result.exit_code == 2
    assert "--interactive asks at a terminal, and there is none here" in result.output
    result = CliRunner().invoke(main.cli, [*arguments, "--output", "x.yml"])
    assert "leave --output out" in result.output
