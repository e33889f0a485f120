"""Every way to spoil a book: what the check says, all of it, and that it never falls over."""

from __future__ import annotations

import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tallybook.cli.main import cli
from tallybook.ledger import yaml as yaml_files
from tests.conftest import BOOKS
from tests.helpers.groups import but_first

SPOILED = yaml.safe_load((BOOKS / "spoiled.yml").read_text(encoding="utf-8"))
STATISTICS = "data/statistics/kettles.yml"


def test_the_small_book_holds(problems):
    assert problems() == []


@pytest.mark.parametrize("case", SPOILED, ids=lambda case: case["situation"])
def test_each_spoiled_book_gets_just_the_problems_that_it_has(case, edit, problems):
    edit(case["file"], case["old"], case["new"])
    assert problems() == case["says"]


@pytest.mark.parametrize("case", SPOILED, ids=lambda case: case["situation"])
def test_the_command_exits_with_one_and_says_the_same(case, edit, book):
    edit(case["file"], case["old"], case["new"])
    arguments = ["--book", str(book), "check", "--sources", str(book / "documents")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert all(line in result.output for line in case["says"])
    assert "Traceback" not in result.output


def test_all_problems_of_all_files_are_said_at_once(edit, problems):
    edit(STATISTICS, "value: 1000", "value: yes")
    edit("data/events.yml", '"2017-06-06"', '"2017-06-07"')
    edit("data/sources.yml", "party: Kettle Company", "partei: Kettle Company")
    assert [line.partition(":")[0] for line in problems()] == [
        "data/events.yml",
        "data/sources.yml",
        "data/sources.yml",
        STATISTICS,
    ]


def test_an_unreadable_file_does_not_make_problems_of_what_refers_to_it(edit, problems):
    edit("data/measures.yml", "- id: stores-closed", "- id: [stores-closed")
    assert [line.partition(":")[0] for line in problems()] == ["data/measures.yml"]


def test_a_record_that_does_not_hold_is_known_to_those_that_refer_to_it(edit, problems):
    edit("data/measures.yml", "kind: duration", "kind: endurance")
    assert len(problems()) == 1


def test_each_citation_is_read_also_where_another_has_no_number(edit, problems):
    second = "    - {source: report, section: Overview, as_printed: the company}\n"
    edit(
        STATISTICS,
        "      period_as_printed: In 2017\n",
        f"      period_as_printed: In 2017\n{second}",
    )
    assert problems() == [
        f"{STATISTICS}:13:55: statistic 'stores-closed-2017': \"the company\" has no number in it; "
        "cite the words that print it"
    ]


def test_a_run_that_leaves_the_hedge_out_is_found_in_the_document(edit, problems):
    edit(STATISTICS, "bound: more than", "bound: exact\n  rounded_to: none\n  rounded_because: No.")
    edit(STATISTICS, "as_printed: more than 1,000 stores", "as_printed: 1,000 stores")
    assert problems() == [
        f"{STATISTICS}:13:19: statistic 'stores-closed-2017': \"1,000 stores\" leaves words out: "
        'the document prints "more than 1,000", more than 1000; cite them'
    ]


def test_a_changed_document_is_refused_once_and_for_all_its_figures(edit, problems):
    edit("documents/report.txt", "1,000 stores", "1,001 stores")
    (problem,) = problems()
    assert problem.startswith("data/sources.yml:6:16: source 'report': ")
    assert "has changed since its figures were read" in problem


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"- id: caf\xe9\n", ":1:10: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        (b"- id: a\n  label: b\x00c\n", ":2:11: character U+0000 is not allowed in YAML; delete"),
        (b"", ":1:1: the file is empty; write [] where there are no records"),
        (b"# nothing\n", ":1:1: the file is empty; write [] where there are no records"),
        (b"[" * 5000, ":1:13: nested more than 12 levels deep"),
        (b"- &a [x]\n- [*a, *a]\n", ":1:3: &a: anchors and aliases are not read; repeat it"),
        (b"--- []\n--- []\n", ":2:1: a second YAML document begins here; keep one to a file"),
    ],
)
def test_bytes_that_are_no_ledger_are_refused_with_their_place(raw, says, book, problems):
    (book / "data/missing.yml").write_bytes(raw)
    assert problems()[0].startswith(f"data/missing.yml{says}")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(book, problems):
    path = book / STATISTICS
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert problems() == []


def test_an_alias_bomb_is_refused_before_it_grows(book, problems):
    layers = [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in pairwise("abcdefghi")]
    (book / "data/missing.yml").write_text("a: &a [x, x]\n" + "\n".join(layers))
    tracemalloc.start()
    assert "anchors and aliases are not read" in problems()[0]
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_file_of_a_hundred_megabytes_is_refused_without_being_read(book, problems):
    with (book / "data/missing.yml").open("wb") as file:
        file.truncate(100_000_000)
    says = "data/missing.yml: 100 MB: 16 MB is the most that is read; split the file"
    tracemalloc.start()
    assert problems() == [says]
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("most", but_first([10_000, yaml_files.MOST_NODES], "growth"))
def test_a_file_of_many_small_entries_is_refused_in_bounded_memory(
    most, book, problems, monkeypatch
):
    monkeypatch.setattr(yaml_files, "MOST_NODES", most)
    entries = yaml_files.LARGEST_FILE // 3 * most // 1_000_000
    (book / "data/missing.yml").write_bytes(b"- \n" * entries)
    tracemalloc.start()
    assert any(f"more than {most:,} entries by here; split the file" in p for p in problems())
    assert tracemalloc.get_traced_memory()[1] < 10_000_000 + 390 * most
    tracemalloc.stop()


@pytest.mark.parametrize("name", ["missing.yml", "sources.yml", "measures.yml"])
def test_a_file_that_is_left_out_is_the_same_as_an_empty_one(name, book, problems):
    (book / "data" / name).write_text("[]\n")
    with_an_empty_one = problems()
    (book / "data" / name).unlink()
    assert problems() == with_an_empty_one


def test_a_book_without_data_has_an_empty_ledger(tmp_path: Path):
    (tmp_path / "_config.yml").write_text("title: Nothing\n")
    (tmp_path / "_toc.yml").write_text("root: index\n")
    result = CliRunner().invoke(cli, ["--book", str(tmp_path), "check"])
    assert (result.exit_code, len(result.output.splitlines())) == (0, 1)
    assert CliRunner().invoke(cli, ["--book", str(tmp_path), "schema"]).exit_code == 0
    assert (tmp_path / "data/schema/sources.schema.json").is_file()


def test_a_folder_in_the_place_of_a_file_is_said_to_be_one(book, problems):
    (book / "data/missing.yml").unlink()
    (book / "data/missing.yml").mkdir()
    assert problems() == ["data/missing.yml: expected a YAML file here: is a folder"]


def test_a_file_of_a_name_that_nothing_reads_is_not_passed_over(book, problems):
    (book / "data/statistic.yml").write_text("[]\n")
    assert problems()[0].startswith("data/statistic.yml: no file of the ledger has this name.")


def test_a_missing_folder_of_documents_is_said_to_be_missing(book):
    arguments = ["--book", str(book), "check", "--sources", str(book / "elsewhere")]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1
    assert "elsewhere: expected the folder of the source documents here" in result.output


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_document_that_cannot_be_read_is_a_problem_of_its_source(content, book, problems):
    path = book / "documents/report.txt"
    path.unlink()
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    assert problems()[0].startswith("data/sources.yml:")


def test_no_book_at_all_is_said_in_one_line(tmp_path: Path):
    result = CliRunner().invoke(cli, ["--book", str(tmp_path), "check"])
    assert result.exit_code == 1
    said = str(result.exception or result.output)
    assert "expected a folder with _config.yml and _toc.yml" in said


def _with_each_key_twice(keys):
    return "".join(f"k{number}: 1\nk{number}: 2\n" for number in range(keys))


def test_a_key_that_stands_twice_is_told_with_the_line_of_the_first():
    tree, found = yaml_files.parse(_with_each_key_twice(3), "data/x.yml")
    assert [(p.line, p.message.split("line ")[1][0]) for p in found] == [
        (2, "1"),
        (4, "3"),
        (6, "5"),
    ]
    assert yaml_files.place(tree, ("k2",)) == (5, 5)
    assert yaml_files.place(tree, ("k2",), of_key=True) == (5, 1)


def test_keys_that_stand_twice_take_time_in_proportion_to_their_number():
    def cost(keys):
        text, began = _with_each_key_twice(keys), time.process_time()
        yaml_files.parse(text, "data/x.yml")
        return time.process_time() - began

    assert min(cost(16_000) for _ in range(2)) < 30 * min(cost(2_000) for _ in range(2))
