"""The locks, read without a network: which distributions a Python on Linux gets, and why.

`requirements.txt` is the book's: what builds a book, and what installs this folder.
`requirements-dev.txt` has what the tests need in addition, and nothing that the first one has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = ("3.11", "3.12", "3.13")
# The first and a late patch: a marker may turn on one in between.
ENVIRONMENTS = tuple(f"{python}.{patch}" for python in PYTHONS for patch in (0, 12))


@dataclass(frozen=True)
class Pin:
    """One version of one distribution, for the environments that its marker describes."""

    name: str
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]

    def holds_on(self, python: str) -> bool:
        return self.marker is None or self.marker.evaluate(on_linux(python))


def pins(lock: str) -> list[Pin]:
    """Each pin of a lock, as `uv pip compile` writes it."""
    text = re.sub(r"\\\n", "", re.sub(r"^\s*#.*\n", "", lock, flags=re.MULTILINE))
    found = []
    for line in text.splitlines():
        stated, *hashes = re.split(r"\s+--hash=", line.strip())
        wanted = Requirement(stated)
        (only,) = wanted.specifier
        assert only.operator == "==", line
        found.append(Pin(canonicalize_name(wanted.name), only.version, wanted.marker, (*hashes,)))
    return found


LOCKS = {
    name: pins((ROOT / name).read_text(encoding="utf-8"))
    for name in ("requirements.txt", "requirements-dev.txt")
}
LOCKED = [pin for lock in LOCKS.values() for pin in lock]
NAMES = frozenset(pin.name for pin in LOCKED)
# The extras that are locked beside what the project always needs: for the book, and for both locks.
FOR_THE_BOOK = ("build",)
FOR_TESTS = ("build", "dev")


def on_linux(python: str) -> dict[str, str]:
    """What markers see on Linux, x86_64, in CPython of this full version."""
    short = ".".join(python.split(".")[:2])
    return {
        **default_environment(), "python_version": short, "python_full_version": python,
        "implementation_version": python, "implementation_name": "cpython", "os_name": "posix",
        "platform_python_implementation": "CPython", "platform_machine": "x86_64",
        "platform_system": "Linux", "sys_platform": "linux", "extra": "",
    }  # fmt: skip


@cache
def required(name: str) -> tuple[Requirement, ...]:
    """What an installed distribution asks for."""
    return tuple(Requirement(line) for line in metadata.requires(name) or ())


def applicable(
    wanted: Iterable[Requirement], python: str, extras: frozenset[str]
) -> list[Requirement]:
    """Those requirements that count on this Python, with these extras."""
    seen = on_linux(python)
    return [
        each
        for each in wanted
        if each.marker is None
        or any(each.marker.evaluate({**seen, "extra": extra}) for extra in extras | {""})
    ]


def locked_for(python: str, lock: str) -> dict[str, str]:
    """The version of each distribution that a lock has for this Python, by name."""
    return {pin.name: pin.version for pin in LOCKS[lock] if pin.holds_on(python)}


def names_needed(python: str, *extras: str) -> set[str]:
    """The distributions that the project needs on this Python, with these extras."""
    return {canonicalize_name(each.name) for each in needed(python, *extras)}


def needed(python: str, *extras: str) -> list[Requirement]:
    """All that the project asks for, with these extras, and what that asks for in turn."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    waiting = applicable(map(Requirement, lines), python, frozenset())
    met: dict[tuple[str, frozenset[str]], None] = {}
    found = []
    while waiting:
        one = waiting.pop()
        found.append(one)
        asked = (canonicalize_name(one.name), frozenset(one.extras))
        if asked not in met:
            met[asked] = None
            waiting += applicable(required(one.name), python, asked[1])
    return found
