"""The two locks are whole for each Python, with hashes, and say what `pyproject.toml` says."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT
from tests.repository.locked import (
    ENVIRONMENTS,
    EXTRAS,
    FOR_TESTS,
    FOR_THE_BOOK,
    LOCKED,
    LOCKS,
    NAMES,
    PROJECT,
    PYTHONS,
    locked_for,
    names_needed,
    needed,
    pins,
)

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
HASH = "--hash=sha256:" + 64 * "a"
WHOLE = f"one==1 \\\n    {HASH} \\\n    {HASH}\n    # via two\n"


def test_a_pin_is_read_with_its_hashes_and_without_its_comments():
    (pin,) = pins(WHOLE)
    assert (pin.name, pin.version, len(pin.hashes)) == ("one", "1", 2)


def test_a_pin_that_is_not_of_one_version_is_not_read_as_one():
    with pytest.raises(AssertionError):
        pins(WHOLE.replace("==", ">="))


@pytest.mark.parametrize("pin", LOCKED, ids=lambda pin: f"{pin.name}-{pin.version}")
def test_every_pin_has_hashes_and_nothing_but_sha256(pin):
    assert pin.hashes
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in pin.hashes)


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_no_python_gets_two_versions_of_a_distribution(python):
    names = [pin.name for pin in LOCKED if pin.holds_on(python)]
    assert sorted(names) == sorted(set(names))


def test_what_is_in_the_books_lock_is_not_in_the_second_one_too():
    book, tests = ({pin.name for pin in lock} for lock in LOCKS.values())
    assert not book & tests


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_the_books_lock_has_what_the_package_and_its_installation_need_and_no_more(python):
    locked = locked_for(python, "requirements.txt")
    assert locked.keys() == names_needed(python, *FOR_THE_BOOK)


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_the_second_lock_has_what_tests_need_in_addition_and_no_more(python):
    locked = locked_for(python, "requirements-dev.txt")
    in_addition = names_needed(python, *FOR_TESTS) - names_needed(python, *FOR_THE_BOOK)
    assert locked.keys() == in_addition


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_every_locked_version_is_one_that_is_asked_for(python):
    locked = {name: version for lock in LOCKS for name, version in locked_for(python, lock).items()}
    refused = [
        f"{each}, and {locked[canonicalize_name(each.name)]} is locked"
        for each in needed(python, *FOR_TESTS)
        if not each.specifier.contains(locked[canonicalize_name(each.name)], prereleases=True)
    ]
    assert not refused


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock):
    assert "://" not in (ROOT / lock).read_text(encoding="utf-8")


def test_every_extra_is_locked_too():
    for extra in EXTRAS.values():
        assert {canonicalize_name(Requirement(line).name) for line in extra} <= NAMES


def test_what_is_installed_is_what_is_locked():
    installed = {canonicalize_name(each.name): each.version for each in metadata.distributions()}
    here = {pin.name: pin.version for pin in LOCKED if pin.marker is None or pin.marker.evaluate()}
    assert {name: installed.get(name) for name in here} == here


def variable(name: str) -> str:
    """What the Makefile gives a variable, on one line."""
    (value,) = re.findall(rf"^{name} := ((?:.*\\\n)*.*)$", MAKEFILE, re.MULTILINE)
    return re.sub(r"\s*\\\n\s*", " ", value)


def recipe(target: str) -> tuple[list[str], str]:
    """What a target of the Makefile needs before it is made, and how it is made."""
    head, body = re.search(
        rf"^{re.escape(target)}:(.*)\n((?:[\t@#].*\n)*)", MAKEFILE, re.MULTILINE
    ).groups()
    return head.split(), re.sub(r"\s*\\\n\s*", " ", body)


def test_the_pythons_are_the_same_in_the_lock_check_and_in_what_the_project_asks_for():
    assert variable("PYTHONS").split() == [*PYTHONS]
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    assert f"--universal --python-version {PYTHONS[0]} --generate-hashes" in variable("COMPILE")


def test_each_lock_is_compiled_and_checked_with_the_extras_that_its_tests_know():
    book, tests = re.findall(r"\$\(COMPILE\) (.*)", recipe("lock")[1])
    assert re.findall(r"--extra (\w+)", book) == [*FOR_THE_BOOK]
    assert {*re.findall(r"--extra (\w+)", tests), *FOR_THE_BOOK} == {*FOR_TESTS}
    assert "--constraint requirements.txt" in tests
    checks = re.findall(r"\$\(RESOLVE\) .*?((?: -r \S+)+);", recipe("lock-check")[1])
    assert checks == [" -r requirements.txt", " -r requirements.txt -r requirements-dev.txt"]


def test_all_is_installed_from_hashes_and_from_wheels_with_the_exception_that_is_named():
    commands = re.sub(r"\s*\\\n\s*", " ", MAKEFILE)
    (first,) = re.findall(r"-m pip install (.*)", commands)
    book, folder, tests = re.findall(r"^\t\$\(INSTALL\) (.*)", commands, re.MULTILINE)
    assert first.endswith("--require-hashes $(WHEELS) -r .venv/uv.txt")
    assert book == "--require-hashes $(WHEELS) -r requirements.txt"
    assert folder == "--no-cache --no-deps --no-build-isolation -e ."
    assert {"--require-hashes", "$(WHEELS)", "$(BUILT)", "--no-build-isolation"} <= {*tests.split()}
    assert tests.endswith(" -r requirements.txt -r requirements-dev.txt")
    assert len(re.findall(r"pip install ", commands)) == 2
    assert (variable("WHEELS"), variable("BUILT")) == (
        "--only-binary :all:",
        "--no-binary yattag",
    )


@pytest.mark.parametrize("target", ["book", "live", "check", "lock", "lock-check"])
def test_what_needs_no_test_installs_the_books_lock_alone(target):
    assert recipe(target)[0] == ["$(INSTALLED)"]
    assert recipe("$(INSTALLED)")[0] == ["$(LOCKED)", "pyproject.toml"]
    assert recipe("$(LOCKED)")[0] == ["requirements.txt"]


@pytest.mark.parametrize(
    "target", ["test", "prove", "mutants", "bench", "reproduce", "other-python"]
)
def test_what_runs_tests_installs_both_locks(target):
    assert recipe(target)[0][0] == "$(TESTABLE)"
    assert recipe("$(TESTABLE)")[0] == ["requirements-dev.txt", "$(INSTALLED)"]


@pytest.mark.parametrize("lock", LOCKS)
def test_each_python_has_the_same_version_of_each_distribution(lock):
    first, *others = (locked_for(python, lock) for python in ENVIRONMENTS)
    assert all(other == first for other in others)
