"""Another Python of this machine is found, or said to be missing."""

from __future__ import annotations

import sys

import pytest

from tests.repository.locked import PROJECT, PYTHONS
from tests.reproduction import other_python

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
OTHERS = [version for version in reversed(PYTHONS) if version != HERE]


def python(folder, version: str, says: str) -> str:
    """A program that answers for a Python of this version; its path."""
    path = folder / f"bin/python{version}"
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{tmp_path / 'first/bin'}:{tmp_path / 'second/bin'}")
    return tmp_path


def test_the_newest_other_python_is_taken_from_the_path_or_from_pyenv(on_the_path):
    newest, older = OTHERS
    named = python(on_the_path / "second", older, older)
    installed = python(on_the_path / f"versions/{newest}.1", newest, newest)
    python(on_the_path / f"versions/{HERE}.1", HERE, HERE)
    assert [*other_python.others(on_the_path / "versions")] == [installed, named]


def test_a_name_on_the_path_behind_which_there_is_no_python_is_passed_over(on_the_path):
    python(on_the_path / "first", OTHERS[0], "not found")
    found = python(on_the_path / "second", OTHERS[0], OTHERS[0])
    assert [*other_python.others(on_the_path / "versions")] == [found]


def test_where_there_is_no_other_python_it_is_said(monkeypatch, capsys):
    monkeypatch.setattr(other_python, "others", lambda: iter(()))
    assert other_python.main() == 0
    assert "by another one was not tried" in capsys.readouterr().out


def test_the_package_names_the_pythons_that_the_locks_are_for():
    named = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if ":: Python ::" in line]
    assert named == [*PYTHONS]
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
