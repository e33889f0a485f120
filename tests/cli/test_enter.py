"""An edited proposal is entered as a whole, or not at all; what is wrong is told by its lines."""

from __future__ import annotations

import errno

import pytest
from click.testing import CliRunner

from tallybook import files
from tallybook.cli import main
from tallybook.ledger import loading

NOTE = "# A note\n\nIn 2024 it lent 1,250 lids.\n\nIn 2025 it lent 1,300 lids. See page 7.\n"


@pytest.fixture
def call(book, monkeypatch):
    """Call a command for the small book; its exit code, and all that it says."""
    monkeypatch.delenv("TALLYBOOK_SOURCES", raising=False)

    def called(*arguments: str):
        result = CliRunner().invoke(main.cli, ["--book", str(book), *arguments])
        return result.exit_code, result.output

    return called


@pytest.fixture
def proposal(call, tmp_path):
    """A proposal for a note of two statistics of one new measure, and a dismissal."""
    note, path = tmp_path / "note.md", tmp_path / "p.yml"
    note.write_text(NOTE)
    assert call("add", str(note), "--party", "Kettle Company")[0] == 0
    assert call("propose", "note", "--output", str(path))[0] == 0
    return path


def data_of(book):
    return {path: path.read_bytes() for path in (book / "data").rglob("*.yml")}


def edited(path, *changes):
    text = path.read_text()
    for old, new in changes:
        assert old in text, f"{old!r} is not in\n{text}"
        text = text.replace(old, new, 1)
    path.write_text(text)
    return text


def test_records_stand_behind_those_of_the_files_whose_layout_stays(book, call, proposal):
    before = data_of(book)
    code, said = call("enter", str(proposal))
    assert (code, said) == (
        0,
        "1 measure, 2 statistics, 1 dismissal entered into data/measures.yml, "
        "data/statistics/note.yml, data/dismissed.yml.\n",
    )
    after = data_of(book)
    assert after.keys() - before.keys() == {book / "data/statistics/note.yml"}
    assert all(after[path].startswith(before[path].rstrip()) for path in before)
    assert call("check")[0] == 0


def test_what_the_author_typed_is_entered_with_comments_and_as_typed(book, call, proposal):
    edited(
        proposal,
        ("subject: note", "subject: lending"),
        ("scope: unstated", 'scope: "the library"  # its own word'),
        ("- id: lids-lent-2024", "# ours\n- id: lids-lent-2024"),
    )
    assert call("enter", str(proposal))[0] == 0
    text = (book / "data/statistics/lending.yml").read_text()
    assert 'scope: "the library"  # its own word\n' in text
    assert "# ours\n- id: lids-lent-2024\n" in text
    assert text.startswith("# yaml-language-server") == (book / "data/schema").is_dir()


def test_records_keep_the_indentation_and_line_ends_of_their_file(book, call, proposal):
    path = book / "data/measures.yml"
    typed = path.read_text().replace("\n", "\n  ").rstrip()
    path.write_bytes(f"  {typed}\n".replace("\n", "\r\n").encode())
    assert call("enter", str(proposal))[0] == 0
    raw = path.read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert b"\r\n  - id: lids-lent\r\n" in raw


def test_a_book_with_empty_files_gets_records_in_the_place_of_none(book, call, proposal):
    path = book / "data/dismissed.yml"
    path.write_text("# Nothing yet\n[]\n")
    before = loading.inspect(book)[1]
    assert call("enter", str(proposal))[0] == 0
    assert path.read_text().startswith("# Nothing yet\n- source: note\n")
    assert before == loading.inspect(book)[1] == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("value: 1250", "value: 1251")], ["value 1251 is not what"]),
        ([("value: 1250", "vaule: 1250")], ["unknown field 'vaule'. Did you mean 'value'?"]),
        ([("party: Kettle Company", "party: Kettel Company")], ["Did you mean 'Kettle Company'"]),
        ([("measures:\n", "mesures:\n")], ["no part 'mesures'", "Did you mean 'measures'?"]),
        ([("- id: lids-lent-2025", "- id: lids-lent-2024")], ["is taken already, at", "p.yml:"]),
        ([("- id: lids-lent-2025", "- id: repairs")], ["the id 'repairs' is taken already"]),
        ([("  cited:\n", "")], ["not YAML"]),
        ([("  bound: exact\n", "")], ["the field 'bound' is missing"]),
        ([("subject: note\n", "")], ["subject: expected the name of a file"]),
        ([("subject: note\n", "subject: My Note\n")], ["subject: expected an id in kebab-case"]),
        ([("times: 1", "times: 3")], ["stands once in", "not 3"]),
        ([("measures:\n", "measures: none\nstatistic:\n")], ["no part 'statistic'", "found text"]),
        ([("value: 1250", "value: 1251"), ("value: 1300", "value: 3100"), ("times: 1", "times: 4")],
         ["1251", "3100", "not 4"]),
    ],
)  # fmt: skip
def test_nonsense_is_told_by_its_lines_all_at_once_and_enters_nothing(
    book, call, proposal, changes, said
):
    if "repairs" in str(changes):
        path = book / "data/measures.yml"
        taken = "- {id: repairs, label: repairs, kind: duration, unit: days, definition: Days.}\n"
        path.write_text(f"{path.read_text()}\n{taken}")
    text = edited(proposal, *changes)
    before = data_of(book)
    code, told = call("enter", str(proposal))
    assert code == 1
    assert all(each in told for each in said), told
    assert data_of(book) == before
    lines = [line for line in told.splitlines() if line.startswith(str(proposal))]
    assert len(lines) >= max(len(changes) - ("found text" in said), 1)
    numbers = {int(line.removeprefix(str(proposal)).split(":")[1]) for line in lines}
    assert numbers <= {*range(1, text.count("\n") + 1)}
    assert told.splitlines()[-1].endswith("nothing is entered.")


def test_a_problem_has_the_line_of_the_proposal(call, proposal):
    text = edited(proposal, ("value: 1300", "value: 3100"))
    line = text.splitlines().index("  value: 3100") + 1
    assert f"{proposal}:{line}:10: " in call("enter", str(proposal))[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("- id: lids\n", "expected parts by their names: subject, measures, statistics or"),
        ("measures:\ndismissed: []\n", "there is no record in it to enter"),
        ("measures: [{id: lids}]\n", "each record of which begins with a dash on its own line"),
        ("measures:\n- lids\n", "expected a measure with its fields, found 'lids'"),
        ("measures:\n- id: a\n id: b\n", "not YAML"),
        ("measures:\n- id: a\nmeasures:\n- id: b\n", "the key 'measures' stands here again"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_proposal_is_refused(book, call, tmp_path, text, said):
    path = tmp_path / "p.yml"
    path.write_text(text)
    before = data_of(book)
    code, told = call("enter", str(path))
    assert (code, said in told, data_of(book)) == (1, True, before), told


def test_a_proposal_is_not_entered_twice(book, call, proposal):
    call("enter", str(proposal))
    before = data_of(book)
    code, told = call("enter", str(proposal))
    assert code == 1
    assert "the id 'lids-lent-2024' is taken already, at data/statistics/note.yml:" in told
    assert data_of(book) == before


def test_problems_that_the_book_has_already_do_not_stand_in_the_way(book, call, proposal, edit):
    edit("data/statistics/kettles.yml", "value: 1000", "value: 1001")
    assert loading.inspect(book)[1]
    assert call("enter", str(proposal))[0] == 0


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_where_a_file_cannot_be_written_the_others_are_as_before(
    book, call, proposal, monkeypatch, error
):
    before, write = data_of(book), files.write

    def fail(path, content):
        if path.name == "dismissed.yml" and content != before[path]:
            raise error
        write(path, content)

    monkeypatch.setattr(files, "write", fail)
    assert call("enter", str(proposal))[0] != 0
    assert data_of(book) == before


def test_a_missing_proposal_is_said(call):
    code, told = call("enter", "nowhere.yml")
    assert code == 1
    assert "nowhere.yml: expected a YAML file here: missing" in told
