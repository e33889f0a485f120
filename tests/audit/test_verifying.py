"""`tallybook verify`: what a stranger finds out about a copy of a site."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tallybook.site import checksums
from tests.helpers import command_server
from tests.helpers.repository import commit

INDEX = "notebooks/kettles.html"
FIGURE = "stat/stores-closed-2017.html"


@pytest.fixture
def site(built, tmp_path) -> Path:
    """A copy of the small book's site, as a stranger has it."""
    return Path(shutil.copytree(built / "_build/html", tmp_path / "a copy"))


@pytest.fixture
def ledger(built, tmp_path) -> Path:
    """A copy of the small book's repository, without its site."""
    left_out = shutil.ignore_patterns("_build")
    return Path(shutil.copytree(built, tmp_path / "repository", ignore=left_out))


@pytest.fixture(autouse=True)
def _no_documents(monkeypatch):
    monkeypatch.delenv("TALLYBOOK_SOURCES", raising=False)  # by which CI names those of the book


def verify(*words: object) -> tuple[int, list[str], str]:
    """The exit code, the lines on what holds and what not, and the problems."""
    result = command_server.call("verify", *map(str, words))
    assert "Traceback" not in result.stderr
    return result.returncode, result.stdout.splitlines(), result.stderr


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_of_a_site_with_ledger_and_documents_all_is_verified(site, ledger):
    code, lines, problems = verify(site, "--ledger", ledger, "--sources", ledger / "documents")
    assert (code, problems) == (0, "")
    files, of_commit, made, audit, documents = lines
    count = sum(1 for path in site.rglob("*") if path.is_file()) - 1
    assert files.startswith(f"verified: the files: {count}, which are those that SHA256SUMS lists")
    assert of_commit == "not verified: the commit: that of the site is not known"
    assert made.startswith("verified: the lock and the digests of 1 document are those of")
    assert "Each comes from the ledger" in audit
    assert documents == (
        "verified: the documents: 1, of the digests that the ledger has, and with what it cites; "
        "each of their 15 numerals is accounted for"
    )


def test_without_ledger_and_documents_it_says_that_they_are_not_verified(site):
    code, lines, _ = verify(site)
    assert code == 0
    assert lines[-2:] == [
        "not verified: the audit: name the folder of the book's repository by --ledger",
        "not verified: the documents: name their folder by --sources",
    ]
    assert [line.partition(":")[0] for line in lines[:-2]] == ["verified", "verified"]


def test_the_list_of_digests_is_read_by_the_tool_of_that_name(site):
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=site, capture_output=True, check=False).returncode == 0
    replace(site / INDEX, "Kettles", "Lids")
    told = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert f"{INDEX}: FAILED" in told.stdout


def test_names_that_break_lines_are_written_as_that_tool_writes_them(tmp_path):
    for name in ("two\nlines", "a\\b", "plain", "ü ber"):
        (tmp_path / name).write_text(name)
    command = ["sha256sum", "plain", "two\nlines", "a\\b", "ü ber"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    text = checksums.as_text(checksums.digests(tmp_path))
    assert sorted(text.splitlines()) == sorted(told.splitlines())
    assert checksums.parsed(text) == (checksums.digests(tmp_path), [])


def test_what_was_changed_added_and_taken_away_is_named(site):
    replace(site / INDEX, "Kettles", "Lids")
    (site / "more.html").write_text("<p>More</p>")
    (site / FIGURE).unlink()
    code, lines, problems = verify(site)
    assert code == 1
    assert lines[0] == "wrong: the files: 3 problems"
    told = dict(line.split(": ", 1) for line in problems.splitlines())
    assert told["more.html"].startswith("added: SHA256SUMS does not list it")
    assert told[FIGURE].startswith("missing: SHA256SUMS lists it")
    assert told[INDEX].startswith("changed: expected the SHA-256 ")


@pytest.mark.parametrize("words", [[], ["--ledger"]])
def test_who_changes_a_figure_and_the_digests_too_is_found_out(words, site, ledger):
    replace(site / FIGURE, "more than 1,000", "more than 9,000")
    checksums.write_file(site)
    code, lines, problems = verify(site, *words, *([ledger] if words else []))
    assert code == 1
    assert lines[0].startswith("verified: the files")
    assert f"{FIGURE}:" in problems
    assert "9,000" in problems
    assert "remove _build" not in problems  # which is for its author


def test_who_changes_the_sites_own_ledger_too_is_found_out_by_the_books(site, ledger):
    for path in (*site.rglob("*.html"), site / "data/ledger.json"):
        text = path.read_text(encoding="utf-8").replace("more than 1,000", "more than 9,000")
        path.write_text(text, encoding="utf-8")
    checksums.write_file(site)
    assert verify(site)[0] == 0
    code, _, problems = verify(site, "--ledger", ledger)
    assert code == 1
    assert "data/ledger.json:" in problems


def test_documents_are_compared_without_the_ledger_too(site, ledger):
    code, lines, _ = verify(site, "--sources", ledger / "documents")
    assert code == 0
    assert lines[-1].startswith(
        "verified: the documents: 1, of the digests that made-of.json names"
    )
    data = json.loads((site / "data/ledger.json").read_text())
    data["statistics"][0]["cited"][0]["as_printed"] = "no such words"
    (site / "data/ledger.json").write_text(json.dumps(data))
    assert "'no such words' does not stand in 'report'" in verify(
        site, "--sources", ledger / "documents"
    )[2]  # fmt: skip


@pytest.mark.parametrize("words", [[], ["--ledger"]])
def test_a_document_that_was_changed_is_named(words, site, ledger):
    (ledger / "documents/report.txt").write_text("Another text.")
    given = [*words, *([ledger] if words else []), "--sources", ledger / "documents"]
    code, lines, problems = verify(site, *given)
    assert code == 1
    assert lines[-1].startswith("wrong: the documents: ")
    assert "report.txt" in problems
    assert "changed" in problems


def test_a_ledger_of_another_commit_or_with_other_documents_is_not_the_sites(site, ledger):
    number = commit(ledger)
    made = json.loads((site / "made-of.json").read_text())

    def said(**changed) -> tuple[int, str]:
        (site / "made-of.json").write_text(json.dumps(made | changed, indent=2) + "\n")
        checksums.write_file(site)
        code, lines, problems = verify(site, "--ledger", ledger)
        return code, "\n".join([*lines, problems])

    code, text = said(commit=number)
    assert code == 0
    assert f"verified: site and book are of the commit {number}" in text
    code, text = said(commit=40 * "a")
    assert code == 1
    assert f"the site is of {40 * 'a'}, the book in {ledger} of {number}" in text
    assert "changes that are not committed" in said(commit=number, uncommitted_changes=True)[1]
    code, text = said(commit=number, documents_sha256={"report": 64 * "b", "x": 64 * "c"})
    assert code == 1
    assert f"of 'x' the ledger has None, the site says {64 * 'c'}" in text
    assert said(commit=number, lock_sha256=64 * "d")[0] == 1
    code, text = said(commit=number, tallybook_sha256=64 * "e")
    assert code == 1
    assert f"it was made by tallybook 0.1.0 of {64 * 'e'}, and this is 0.1.0 of " in text


def test_a_ledger_that_cannot_be_read_is_said_after_the_files(site, ledger, tmp_path):
    replace(ledger / "data/statistics/kettles.yml", "value: 1000\n", "value: 1100\n")
    code, lines, problems = verify(site, "--ledger", ledger)
    assert code == 1
    assert lines[0].startswith("verified: the files")
    assert lines[1].startswith(f"wrong: the ledger in {ledger} cannot be read: ")
    assert "not verified: the audit: the ledger cannot be read" in lines
    assert "data/statistics/kettles.yml:" in problems
    code, lines, _ = verify(site, "--ledger", tmp_path / "nothing")
    assert code == 1
    assert "expected a folder with _config.yml" in lines[1]


def test_notebooks_that_were_not_executed_are_said(site, book):
    code, lines, _ = verify(site, "--ledger", book)
    assert code == 1
    assert "notebooks/kettles.ipynb is stale" in "\n".join(lines)


@pytest.mark.parametrize("given", ["no such folder", "file", "empty", "https://example.org/book"])
def test_what_is_no_site_is_refused_in_a_sentence(given, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    code, lines, problems = verify(given if ":" in given else tmp_path / given)
    assert code in (1, 2)
    assert lines == []
    assert "folder of a published site" in problems or "make a copy of the site" in problems


@pytest.mark.parametrize("words", [[], ["--ledger"]])
def test_a_folder_without_documents_is_named(words, site, ledger, tmp_path):
    given = [*words, *([ledger] if words else []), "--sources", tmp_path / "nothing"]
    code, lines, problems = verify(site, *given)
    assert code == 1
    assert lines[-1].startswith("wrong: the documents: ")
    assert "nothing" in problems


def test_what_is_not_there_is_not_called_verified(site, tmp_path):
    for path in site.rglob("*.html"):
        path.write_text("<p>Nothing here claims to be of a record.</p>")
    made = json.loads((site / "made-of.json").read_text())
    (site / "made-of.json").write_text(json.dumps(made | {"documents_sha256": {}}))
    checksums.write_file(site)
    code, lines, _ = verify(site, "--sources", tmp_path)
    assert code == 0
    assert lines[1:] == [
        "not verified: the figures: no page has one that says of which record it is",
        "not verified: the audit: name the folder of the book's repository by --ledger",
        "not verified: the documents: the site names none",
    ]


STRANGE = [
    b"", b"\0\xff\xfe", b"[]", b"[[]]", b'{"a": [1]}', b"null", b"<html><p data-of='words:",
    b"window.tallybookSearch = [1];", b"[" * 50_000,
]  # fmt: skip


@pytest.mark.parametrize("content", STRANGE, ids=lambda each: str(each[:12]))
def test_a_broken_site_ends_in_sentences(content, site, ledger):
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != "index.html":
            path.write_bytes(content)
    code, lines, problems = verify(site, "--ledger", ledger)
    assert code == 1
    assert any(line.startswith("wrong: ") for line in lines)
    assert problems


def test_a_list_that_leads_out_of_the_site_reads_nothing_there(site):
    (site / "SHA256SUMS").write_text(f"{64 * 'a'}  ../../../../etc/passwd\nnothing\n")
    code, _, problems = verify(site)
    assert code == 1
    assert "../../../../etc/passwd: missing: SHA256SUMS lists it" in problems
    assert "SHA256SUMS:2: expected the SHA-256 of a file and its name" in problems
