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
