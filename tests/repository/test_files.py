"""A file counts as changed where its size or time is another, whichever way the clock went."""

from __future__ import annotations

import os

import pytest

from tallybook import files


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("One.")
    return path


def set_back(path, seconds):
    time = path.stat().st_mtime - seconds
    os.utime(path, (time, time))


def test_a_file_that_is_written_as_it_was_keeps_its_state(page):
    set_back(page, 10)
    before = files.state_of(page)
    files.write(page, "One.")
    assert files.state_of(page) == before
    files.write(page, "Two.")
    assert files.state_of(page) != before


def test_there_is_no_state_of_a_file_that_is_not_there(tmp_path):
    assert files.state_of(tmp_path / "none") is None


def test_states_are_of_hidden_files_too_and_digests_of_states_are_not(tmp_path, page):
    digest = files.digest_of_states([tmp_path])
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/.hidden").write_text("")
    assert set(files.states_below(tmp_path)) == {"page.md", "deep/.hidden"}
    assert files.digest_of_states([tmp_path]) == digest
    set_back(page, 10)
    assert files.digest_of_states([tmp_path]) != digest


def test_an_older_time_is_an_edit_since_a_snapshot(tmp_path, page):
    snapshot = files.Snapshot(tmp_path)
    assert not snapshot.is_changed(page)
    set_back(page, 10)
    assert snapshot.is_changed(page)
    assert files.digest_of(page, since=snapshot) == files.EDITED


def test_a_file_outside_a_snapshot_is_judged_by_its_time(tmp_path, page):
    inside = tmp_path / "inside"
    inside.mkdir()
    set_back(page, 10)
    snapshot = files.Snapshot(inside)
    assert not snapshot.is_changed(page)
    os.utime(page)
    assert snapshot.is_changed(page)
    set_back(page, -3600)
    assert not snapshot.is_changed(page)


def test_a_folder_has_the_digest_of_its_names(tmp_path, page):
    digest = files.digest_of(tmp_path)
    page.write_text("Two.")
    assert files.digest_of(tmp_path) == digest
    page.rename(tmp_path / "other.md")
    assert files.digest_of(tmp_path) != digest
    assert files.digest_of(tmp_path / "none") == files.ABSENT


@pytest.fixture
def linked(tmp_path):
    """A book whose links lead out of it, back into it, and to nothing."""
    book, elsewhere = tmp_path / "book", tmp_path / "elsewhere"
    for folder in (book / "notebooks", book / "_build/html", elsewhere / "deep"):
        folder.mkdir(parents=True)
    for path in (elsewhere / "deep/x.yml", elsewhere / "one.md", book / "_build/html/index.html"):
        path.write_text("one")
    to = {
        "data": elsewhere, "notebooks/page.md": elsewhere / "one.md", "missing.md": "nowhere",
        "loop": "loop", "notebooks/up": "..", "site": "_build/html", "start.html":
        "_build/html/index.html",
    }  # fmt: skip
    for name, target in to.items():
        (book / name).symlink_to(target)
    return book


def test_files_behind_links_are_the_books_but_for_what_is_built_and_rings(linked):
    found = {os.path.relpath(each.path, linked) for each in files.files(linked)}
    behind = {"data/deep/x.yml", "data/one.md", "notebooks/page.md"}
    assert found == {*behind, "missing.md", "loop"}
    assert files.rings(linked) == ["notebooks/up"]
    assert files.links(linked)[str(linked.parent / "elsewhere")] == "data"


def test_two_folders_that_are_linked_in_each_other_are_a_ring(tmp_path):
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / one).mkdir()
        (tmp_path / one / "link").symlink_to(tmp_path / other)
    assert files.rings(tmp_path) == ["a/link/link", "b/link/link"]
    assert not [*files.files(tmp_path)]


@pytest.mark.parametrize("name", ["deep/x.yml", "one.md"])
def test_a_change_behind_a_link_is_a_change(name, linked):
    digest, snapshot = files.digest_of_states([linked]), files.Snapshot(linked)
    set_back(linked.parent / "elsewhere" / name, 10)
    assert files.digest_of_states([linked]) != digest
    assert snapshot.is_changed(linked / "data" / name)


def test_a_site_that_is_linked_into_its_book_is_none_of_its_files(linked):
    (linked / "public").mkdir()
    (linked / "public/index.html").touch()
    assert (linked / "public/index.html").name in {each.name for each in files.files(linked)}
    (linked / "_build/html/index.html").unlink()
    (linked / "_build/html").rmdir()
    (linked / "_build/html").symlink_to("../public")
    assert "index.html" not in {each.name for each in files.files(linked)}


def test_a_link_stays_one_and_its_file_is_written(linked):
    files.write(linked / "notebooks/page.md", "two")
    assert (linked / "notebooks/page.md").is_symlink()
    assert (linked.parent / "elsewhere/one.md").read_text() == "two"
    left = linked.parent / "elsewhere/.one-abcdefgh.tmp"
    left.touch()
    files.sweep(linked)
    assert not left.exists()
