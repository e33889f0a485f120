"""A new book builds at once, and is made as a whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import re
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from tallybook import files
from tallybook.cli import main, new
from tallybook.ledger import loading, records
from tests.conftest import ROOT
from tests.helpers import small_site

OPTIONS = ["--title", "Lending", "--author", "A. Reader"]
ODD = 'Städte: a "study" of {author}, #1 *2024*'


def call(folder: Path, *options: str, answers: str = "") -> tuple[int, str]:
    result = CliRunner().invoke(main.cli, ["new", str(folder), *options], input=answers)
    if result.exception and not isinstance(result.exception, SystemExit):
        return 1, str(result.exception)
    return result.exit_code, result.output


def test_a_book_with_an_odd_title_in_a_folder_with_spaces_builds_outside_git(tmp_path):
    book = new.make(tmp_path / "my first book", ODD, "Ann O'Nym", "de")
    built = small_site.build(book)
    assert built.returncode == 0, built.stderr
    page = small_site.page(book, "notebooks/library.html")
    assert page.select(".tallybook-chart svg")
    assert page.html["lang"] == "de"
    citing = small_site.page(book, "sources.html")
    assert ODD in citing.get_text()
    checked = small_site.run(book, "check", "--sources", str(book / "documents"))
    assert checked.returncode == 0, checked.stdout


def test_every_file_of_the_ledger_is_there_and_holds(tmp_path):
    book = new.make(tmp_path / "book", "Lending", "")
    there = {path.name for path in (book / "data").glob("*.yml")}
    assert there == {name for name in records.FILES if "*" not in name}
    assert loading.inspect(book)[1] == []
    for path in (book / "data").rglob("*.yml"):
        modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n# ", path.read_text())
        assert (path.parent / modeline[1]).is_file(), path


def test_the_commented_examples_are_records_that_hold(tmp_path):
    book = new.make(tmp_path / "book", "Lending", "")
    for path in (book / "data").glob("*.yml"):
        text = path.read_text()
        if text.endswith("\n[]\n") and "# - " in text:
            examples = re.sub(r"^# (?=- |  )", "", text.removesuffix("[]\n"), flags=re.MULTILINE)
            path.write_text(examples)
    assert loading.inspect(book)[1] == []


@pytest.mark.parametrize(
    ("origin", "line"),
    [
        ("", "tallybook=={version}"),
        (
            '{"url": "https://example.org/t", "vcs_info": {"vcs": "git", "commit_id": "12ab"}}',
            "tallybook @ git+https://example.org/t@12ab",
        ),
        (
            '{"url": "https://example.org/t.whl", "archive_info": {}}',
            "tallybook @ https://example.org/t.whl",
        ),
        (
            '{"url": "file:///home/ada/t", "dir_info": {"editable": true}}',
            "./wheels/tallybook-{version}-py3-none-any.whl",
        ),
    ],
)
def test_the_tallybook_that_made_it_is_pinned_to_where_it_came_from(
    origin, line, tmp_path, monkeypatch
):
    installed = metadata.distribution("tallybook")
    monkeypatch.setattr(type(installed), "read_text", lambda *_: origin)
    monkeypatch.setattr(type(installed), "version", "1.2")
    book = new.make(tmp_path / "book", "Lending", "")
    text = (book / "requirements.txt").read_text()
    pinned = [each for each in text.splitlines() if not each.startswith("#")]
    assert pinned == [line.format(version="1.2")]
    assert "ada" not in text  # nobody else's business


def test_the_wheel_that_it_was_installed_from_is_in_the_book(tmp_path, monkeypatch):
    wheel = tmp_path / "my files/tallybook-1.2-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.write_text("a wheel")
    installed = metadata.distribution("tallybook")
    origin = json.dumps({"url": wheel.as_uri(), "archive_info": {}})
    monkeypatch.setattr(type(installed), "read_text", lambda *_: origin)
    monkeypatch.setattr(type(installed), "version", "1.2")
    book = new.make(tmp_path / "book", "Lending", "")
    pinned = (book / "requirements.txt").read_text().splitlines()[-1]
    assert (book / pinned).read_text() == "a wheel"


def test_its_workflow_is_pinned_as_ours_is_and_calls_the_commands_of_its_readme(tmp_path):
    book = new.make(tmp_path / "book", "Lending", "")
    flow = yaml.safe_load((book / ".github/workflows/book.yml").read_text())
    ours = "".join(path.read_text() for path in (ROOT / ".github/workflows").glob("*.yml"))
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    assert all(step["uses"] in ours for step in steps if "uses" in step)
    readme = (book / "README.md").read_text()
    commands = [step["run"] for step in steps if step.get("run", "").startswith("tallybook ")]
    assert commands == re.findall(r"^(tallybook \w+)  ", readme, re.MULTILINE)
    assert flow["permissions"] == {}
    assert flow["jobs"]["build"]["permissions"] == {"contents": "read"}


def test_a_terminal_is_asked_for_what_no_option_gives(tmp_path, monkeypatch):
    monkeypatch.setattr(main, "_is_at_a_terminal", lambda: True)
    code, output = call(tmp_path / "book", "--title", "Lending", answers="A. Reader\n\n")
    assert code == 0
    assert output.startswith("Author: A. Reader\nLanguage [en]: \nThe book is in ")
    settings = yaml.safe_load((tmp_path / "book/_config.yml").read_text())
    assert (settings["title"], settings["author"]) == ("Lending", "A. Reader")


def test_without_a_terminal_the_missing_option_is_named(tmp_path):
    code, output = call(tmp_path / "book", "--title", "Lending")
    assert code == 2
    assert "--author is missing, and there is no terminal to ask at" in output
    assert not (tmp_path / "book").exists()


def test_an_empty_folder_is_taken_and_one_that_git_has_just_made(tmp_path):
    (tmp_path / "book/.git").mkdir(parents=True)
    assert call(tmp_path / "book", *OPTIONS)[0] == 0
    names = {path.name for path in (tmp_path / "book").iterdir()}
    assert {".git", ".github", ".gitignore", "_config.yml", "data"} <= names
    assert not [name for name in names if name.startswith(".new-")]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("full", "is not empty: it has 'page.md'"),
        ("page", "is a file"),
        ("no/where", "there is no folder"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_folder_that_cannot_be_taken_is_refused_in_a_sentence(place, said, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/page.md").write_text("mine")
    (tmp_path / "page").write_text("mine")
    before = files.states_below(tmp_path)
    code, output = call(tmp_path / place, *OPTIONS)
    assert code == 1
    assert said in output
    assert len(output.splitlines()) == 1
    assert files.states_below(tmp_path) == before


def test_a_folder_in_use_is_refused_before_a_missing_option(tmp_path, monkeypatch):
    (tmp_path / "page.md").write_text("mine")
    monkeypatch.chdir(tmp_path)
    code, output = call(Path())
    assert (code, "is not empty: it has 'page.md'" in output) == (1, True), output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--title", " ", "--author", "A"], "expected a title"),
        ([*OPTIONS, "--language", "English"], "the code of a language, such as en"),
    ],
)
def test_a_title_or_a_language_that_is_none_is_refused(options, said, tmp_path):
    code, output = call(tmp_path / "book", *options)
    assert (code, said in output) == (1, True)
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("fails_at", ["_config.yml", "sources.md"])
def test_what_the_system_refuses_leaves_nothing_behind(is_there, fails_at, tmp_path, monkeypatch):
    folder = tmp_path / "book"
    if is_there:
        folder.mkdir()
    write = files.write

    def refuse(path, content):
        if path.name == fails_at:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        write(path, content)

    monkeypatch.setattr(files, "write", refuse)
    code, output = call(folder, *OPTIONS)
    assert code == 1
    assert output == f"{folder}: Permission denied. See to it that you may read and write there, " \
        "and try again"  # fmt: skip
    assert [*tmp_path.rglob("*")] == ([folder] if is_there else [])


def test_a_folder_into_which_not_all_can_be_moved_stays_empty(tmp_path, monkeypatch):
    rename = Path.rename

    def refuse(path, target):
        if path.name == "data":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    assert call(tmp_path, *OPTIONS)[0] == 1
    assert not any(tmp_path.iterdir())
