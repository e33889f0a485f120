"""The files of a book as a revision has them."""

from __future__ import annotations

import shutil

import pytest

from tallybook.errors import NoRevision
from tallybook.ledger.revisions import unpacked
from tests.helpers.repository import commit, git

STATISTICS = "data/statistics/kettles.yml"


def refused(book, name: str = "HEAD") -> str:
    with pytest.raises(NoRevision) as error, unpacked(book, name):
        pass
    return str(error.value)


def test_a_revision_has_the_bytes_of_then_and_the_work_tree_stays(book, edit):
    before = (book / STATISTICS).read_bytes()
    number = commit(book, "first")
    edit(STATISTICS, "value: 1000", "value: 1100")
    edited = (book / STATISTICS).read_bytes()
    with unpacked(book, "first") as revision:
        assert (revision.root / STATISTICS).read_bytes() == before
        assert revision.commit == number
    assert not revision.root.exists()
    assert (book / STATISTICS).read_bytes() == edited


def test_names_with_umlauts_spaces_and_line_ends_are_read(book):
    names = ["data/statistics/über uns.yml", "data/statistics/two\nlines.yml"]
    for name in names:
        (book / name).write_text("[]\r\n", newline="")
    commit(book)
    with unpacked(book, "HEAD") as revision:
        assert all((revision.root / name).read_bytes() == b"[]\r\n" for name in names)


def test_no_filter_of_the_repository_is_run(book):
    (book / ".gitattributes").write_text("*.yml filter=shout\ndata export-ignore\n")
    commit(book)
    git(book, "config", "filter.shout.smudge", "tr a-z A-Z")
    with unpacked(book, "HEAD") as revision:
        assert (revision.root / STATISTICS).read_bytes() == (book / STATISTICS).read_bytes()


def test_of_a_book_in_a_subfolder_its_own_files_are_read(book, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/other.yml").write_text("[]\n")
    commit(tmp_path)
    with unpacked(book, "HEAD") as revision:
        assert (revision.root / STATISTICS).is_file()
        assert not (revision.root / "data/other.yml").exists()


def test_a_link_is_named_and_not_followed(book):
    (book / "data/more.yml").symlink_to("/etc/passwd")
    commit(book)
    with unpacked(book, "HEAD") as revision:
        assert revision.links == ("data/more.yml",)
        assert not (revision.root / "data/more.yml").exists()


@pytest.mark.parametrize("name", ["v9", "", "--all", "HEAD~7", "HEAD:data", "x" * 500])
def test_a_revision_that_does_not_exist_is_refused_in_a_sentence(name, book):
    commit(book)
    said = refused(book, name)
    assert said.startswith(f"no revision {name[:80]!r} in the repository of {book}")
    assert "\n" not in said


def test_two_revisions_in_one_word_are_refused_with_what_to_write(book):
    commit(book, "first")
    assert refused(book, "first..HEAD").endswith(": two revisions are parted by a space")


def test_a_shallow_clone_says_how_to_deepen_it(book, tmp_path):
    commit(book, "first")
    commit(book, "second")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{book}", str(clone))
    assert "this clone is shallow and may lack it; fetch it whole" in refused(clone, "HEAD~1")


def test_a_folder_that_is_no_repository_is_refused_in_a_sentence(book):
    assert refused(book) == (
        f"{book}: fatal: not a git repository (or any of the parent directories): .git"
    )


def test_a_repository_without_a_commit_is_refused(book):
    git(book, "init", "--quiet")
    assert refused(book).startswith("no revision 'HEAD'")


def test_without_git_it_is_said_that_there_is_none(book, monkeypatch, tmp_path):
    commit(book)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(book) == "git is not installed, or not found: versions are kept by git"


def test_a_revision_in_which_the_book_was_not_there_is_refused(book, tmp_path):
    (tmp_path / "README.md").write_text("A book.\n")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "README.md")
    git(tmp_path, "commit", "--quiet", "-m", "first")
    assert refused(book).startswith("HEAD has no book in kettles/: expected data/")


def test_a_hooks_environment_leads_to_no_other_repository(book, tmp_path, monkeypatch):
    commit(book)
    other = shutil.copytree(book, tmp_path / "other", ignore=shutil.ignore_patterns(".git"))
    number = commit(other)
    monkeypatch.setenv("GIT_DIR", str(book / ".git"))
    with unpacked(other, "HEAD") as revision:
        assert revision.commit == number
