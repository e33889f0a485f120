"""`requirements.txt` is whole for each Python, with hashes, and says what `pyproject.toml` says."""

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
    LOCK,
    NAMES,
    PROJECT,
    PYTHONS,
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


@pytest.mark.parametrize("pin", LOCK, ids=lambda pin: f"{pin.name}-{pin.version}")
def test_every_pin_has_hashes_and_nothing_but_sha256(pin):
    assert pin.hashes
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in pin.hashes)


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_no_python_gets_two_versions_of_a_distribution(python):
    names = [pin.name for pin in LOCK if pin.holds_on(python)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_the_lock_has_what_the_project_needs_and_what_that_needs_and_no_more(python):
    locked = {pin.name for pin in LOCK if pin.holds_on(python)}
    assert locked == {canonicalize_name(each.name) for each in needed(python)}


@pytest.mark.parametrize("python", ENVIRONMENTS)
def test_every_locked_version_is_one_that_is_asked_for(python):
    locked = {pin.name: pin.version for pin in LOCK if pin.holds_on(python)}
    refused = [
        f"{each}, and {locked[canonicalize_name(each.name)]} is locked"
        for each in needed(python)
        if not each.specifier.contains(locked[canonicalize_name(each.name)], prereleases=True)
    ]
    assert not refused


def test_the_lock_names_no_host():
    assert "://" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_every_extra_is_locked_too():
    for extra in EXTRAS.values():
        assert {canonicalize_name(Requirement(line).name) for line in extra} <= NAMES


def test_what_is_installed_is_what_is_locked():
    installed = {canonicalize_name(each.name): each.version for each in metadata.distributions()}
    here = {pin.name: pin.version for pin in LOCK if pin.marker is None or pin.marker.evaluate()}
    assert {name: installed.get(name) for name in here} == here


def test_the_pythons_are_the_same_in_the_lock_check_and_in_what_the_project_asks_for():
    assert re.search(r"^PYTHONS := (.*)$", MAKEFILE, re.MULTILINE)[1].split() == [*PYTHONS]
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    assert f"--universal --python-version {PYTHONS[0]} --generate-hashes" in MAKEFILE


def test_the_package_is_installed_from_hashes_and_from_wheels_with_the_exceptions_that_are_named():
    installs = re.findall(r"pip install ((?:.*\\\n)*.*)", MAKEFILE)
    fetching = [each for each in installs if "-e ." not in each]
    assert fetching
    assert all("--require-hashes" in each and "$(WHEELS)" in each for each in fetching)
    assert re.search(r"^WHEELS := (.*)$", MAKEFILE, re.MULTILINE)[1] == (
        "--only-binary :all: --no-binary yattag"
    )
