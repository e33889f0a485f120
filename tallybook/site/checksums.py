"""The SHA-256 of each file of a site, in a file that `sha256sum --check` reads.

It is written last of all. Whoever knows the digest of this one file can tell whether anything of a
copy of the site was changed, added or taken away.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from tallybook.errors import Problem
from tallybook.files import State, write
from tallybook.site.provenance import SUMS
from tallybook.site.publish import NOT_PUBLISHED

# As sha256sum writes a line, and how it writes a name that would break one.
_LINE = re.compile(r"(\\?)([0-9a-f]{64}) [ *](.+)")
_ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r"}
_NO_LINE = "expected the SHA-256 of a file and its name, as sha256sum writes them; found {}"


def digests(site: Path) -> dict[str, str]:
    """The SHA-256 of each file of a site but the list itself, by its path there, in order.

    One that cannot be read has "" in its place.

    >>> sorted(digests(Path("tests/books/kettles/documents")))
    ['report.txt']
    """
    # Links to folders are not followed: what lies elsewhere is not the site's.
    paths = (f"{place}/{name}" for place, _, names in os.walk(site) for name in names)
    found = {path.removeprefix(f"{site}/").replace(os.sep, "/"): path for path in paths}
    wanted = sorted(found.keys() - {SUMS, *NOT_PUBLISHED})
    return {name: _digest(found[name], _state(found[name])) for name in wanted}


def _state(path: str) -> State | None:
    """The size and time of a file; None of what is none, such as a pipe, or cannot be read."""
    try:
        found = os.stat(path)  # noqa: PTH116  # of a thousand files at each save
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


# In `tallybook live` one site is written again and again, and most of it stays as it is.
@lru_cache(maxsize=100_000)
def _digest(path: str, state: State | None) -> str:
    if state is None:
        return ""
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def as_text(found: dict[str, str]) -> str:
    r"""Digests by names as sha256sum writes them.

    >>> as_text({"a\nb": "00"})
    '\\00  a\\nb\n'
    """
    return "".join(f"{_line(digest, name)}\n" for name, digest in found.items())


def _line(digest: str, name: str) -> str:
    escaped = re.sub(r"[\\\n\r]", lambda sign: _ESCAPES[sign[0]], name)
    return f"{'' if escaped == name else chr(92)}{digest}  {escaped}"


def parsed(text: str) -> tuple[dict[str, str], list[Problem]]:
    """The digests by names that such a text lists, and the lines of it that list none.

    >>> parsed("?")[1][0].message[-9:]
    "found '?'"
    """
    found, problems = {}, []
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        if parts := _LINE.fullmatch(line):
            named = parts[3]
            if parts[1]:
                named = re.sub(r"\\([\\nr])", lambda one: _unescaped(one[0]), named)
            found[named] = parts[2]
        elif text:
            problems.append(Problem(SUMS, number, 0, _NO_LINE.format(repr(line[:80]))))
    return found, problems


def _unescaped(escape: str) -> str:
    return next(sign for sign, written in _ESCAPES.items() if written == escape)


def differences(site: Path, listed: dict[str, str]) -> Iterator[Problem]:
    """What of a site is not as a list of digests has it: changed, added or missing."""
    here = digests(site)
    for name in sorted({*here, *listed}):
        if name not in here:
            yield Problem(name, 0, 0, f"missing: {SUMS} lists it, and the folder does not have it")
        elif not here[name]:
            yield Problem(name, 0, 0, "no file that can be read: see to it that you may read it")
        elif name not in listed:
            yield Problem(name, 0, 0, f"added: {SUMS} does not list it")
        elif here[name] != listed[name]:
            what = f"changed: expected the SHA-256 {listed[name]}, found {here[name]}"
            yield Problem(name, 0, 0, what)


def write_file(site: Path) -> None:
    """Write the list of what is built, when all of it is there. Raises OSError."""
    write(site / SUMS, as_text(digests(site)).encode("utf-8", "surrogateescape"))
