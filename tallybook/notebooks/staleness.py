"""Which notebooks are stale, and why.

An executed notebook stores a record of what its outputs come from: its cells, what it read of the
ledger, the files it opened, the modules and distributions it loaded, and a digest of the outputs,
so that none is changed by hand. It is stale where one of these is different today.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tallybook import files
from tallybook.errors import NotebookFailed, counted
from tallybook.files import ABSENT, PACKAGE, Snapshot, digest_of
from tallybook.ledger import tracking
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import stored as notebooks
from tallybook.notebooks.stored import Notebook

NEVER = "never executed by tallybook"
_UPGRADED = "tallybook "  # with the versions before and now behind it
_FEW = 3  # modules that are named
# Tags that say whether a cell is executed and how; all others say how it is shown.
_OF_EXECUTION = ("skip-execution", "raises-exception")


class Today:
    """What a book's notebooks are compared with: its ledger, files, modules and distributions.

    A file that was edited since a snapshot of the book and this package has no digest, for it may
    have been read before that or after.
    """

    def __init__(self, ledger: Ledger, *, since: Snapshot | None = None) -> None:
        self.ledger = ledger
        self._since = since
        # Many notebooks read the same.
        self.file = cache(self._file)
        self.module = cache(self._module)
        self.version = cache(_version)
        self.own_version = files.version()

    def _file(self, name: str) -> str:
        """A digest of a file of the book, or of the names in a folder of it ("folder/")."""
        return digest_of(self.ledger.root / name, since=self._since)

    def _module(self, name: str) -> str:
        """A digest of the source of a module."""
        source = _source_of(name)
        return digest_of(source, since=self._since) if source else ABSENT


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ABSENT


def _source_of(module: str) -> Path | None:
    first, _, inside = module.partition(".")
    if first == "tallybook":
        path = PACKAGE.joinpath(*inside.split("."))
        return (
            path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        )
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    return Path(spec.origin) if spec and spec.origin else None


def origin(notebook: Notebook, report: Mapping[str, Any], today: Today) -> dict[str, Any]:
    """Return the record that an executed notebook stores, from what its kernel reported.

    `report` has `reads` (a question to the ledger: its answer), and the names of `files`,
    `folders` and `modules`.
    """
    modules, distributions = modules_and_distributions(report["modules"])
    own = {f"derived {figure.id}" for figure in notebooks.published(notebook)}
    return {
        "cells": [f"{name} {digest}" for name, (_, digest) in _cells(notebook).items()],
        "distributions": {name: today.version(name) for name in distributions},
        "files": {name: today.file(name) for name in (*report["files"], *report["folders"])},
        "modules": {name: today.module(name) for name in modules},
        "outputs": notebooks.outputs_digest(notebook),
        "reads": {each: answer for each, answer in report["reads"].items() if each not in own},
        "tallybook": today.own_version,
    }


def reasons(notebook: Notebook, today: Today) -> list[str]:
    """Return why a notebook is stale, each reason a line; none for a fresh one.

    >>> from tallybook.notebooks import session
    >>> today = Today(session.load("tests/books/kettles"))
    >>> notebook = notebooks.load(today.ledger.root / "notebooks/kettles.ipynb")
    >>> reasons(notebook, today)
    ['never executed by tallybook']
    >>> report = {"reads": {}, "files": ["index.md"], "folders": [], "modules": []}
    >>> notebook["metadata"]["tallybook"] = origin(notebook, report, today)
    >>> reasons(notebook, today)
    []
    >>> notebook["cells"][2]["source"] += "# more"
    >>> reasons(notebook, today)
    ['cell 3 edited']
    """
    stored = notebook["metadata"].get("tallybook")
    if not isinstance(stored, dict) or "reads" not in stored:
        return [NEVER]
    try:
        return [*_reasons(notebook, stored, today)]
    except (AttributeError, KeyError, TypeError, ValueError):
        return ["what it stores of its execution cannot be read"]


def _reasons(notebook: Notebook, stored: Mapping[str, Any], today: Today) -> Iterator[str]:
    yield from _edited(dict(each.split(" ") for each in stored["cells"]), _cells(notebook))
    yield from tracking.changes(stored["reads"], today.ledger)
    for name, before in stored["files"].items():
        if today.file(name) != before:
            yield f"{name} changed"
    modules = [name for name, before in stored["modules"].items() if today.module(name) != before]
    yield from _changed(modules, stored.get("tallybook", today.own_version), today.own_version)
    for name, before in stored["distributions"].items():
        if today.version(name) != before:
            yield f"{name} {before} → {today.version(name)}"
    if notebooks.outputs_digest(notebook) != stored["outputs"]:
        yield "its outputs were changed since"


def _changed(modules: Sequence[str], before: str, now: str) -> Iterator[str]:
    """What is said of modules that changed; those of an upgrade are one reason together."""
    own = [name for name in modules if name.partition(".")[0] == "tallybook"]
    if own and before != now:
        more = f" and {len(own) - _FEW} more" if len(own) > _FEW else ""
        yield f"{_UPGRADED}{before} → {now}: {', '.join(own[:_FEW])}{more} changed"
        modules = [name for name in modules if name not in own]
    yield from (f"{name} changed" for name in modules)


def upgrades(reasons_of: Mapping[Path, Sequence[str]]) -> list[str]:
    """Return in words what upgrades of tallybook changed for stored notebooks, by the reasons.

    >>> reasons = ["tallybook 0.1.0 → 0.2.0: tallybook.charts.forms changed", "cell 3 edited"]
    >>> upgrades({Path("one.ipynb"): reasons, Path("other.ipynb"): []})
    ['tallybook 0.1.0 → 0.2.0: 1 notebook of 2 has to be executed anew']
    """
    found = Counter(
        reason.partition(": ")[0]
        for reasons in reasons_of.values()
        for reason in reasons
        if reason.startswith(_UPGRADED)
    )
    return [
        f"{which}: {counted(number, 'notebook')} of {len(reasons_of)} "
        f"{'has' if number == 1 else 'have'} to be executed anew"
        for which, number in found.items()
    ]


def _cells(notebook: Notebook) -> dict[str, tuple[int, str]]:
    """Of each cell with code, by its id, the number among all cells and a digest."""
    found: dict[str, tuple[int, str]] = {}
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "code":
            tags = cell.get("metadata", {}).get("tags", ())
            parts = [cell["source"], *(tag for tag in _OF_EXECUTION if tag in tags)]
            digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
            found[cell["id"]] = number, digest
    return found


def _edited(before: Mapping[str, str], now: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    for name, (number, digest) in now.items():
        if name not in before:
            yield f"cell {number} added"
        elif before[name] != digest:
            yield f"cell {number} edited"
    if gone := len(set(before) - set(now)):
        yield f"{counted(gone, 'cell')} taken out"
    elif [name for name in now if name in before] != [*before]:
        yield "its cells stand in another order"


def all_reasons(today: Today, paths: Sequence[Path]) -> dict[Path, list[str]]:
    """Return for each notebook why it is stale; an empty list for a fresh one.

    A notebook that reads a derived figure of a stale one is stale with it; one that cannot be read
    is stale.
    """
    every: dict[Path, Notebook] = {}
    found: dict[Path, list[str]] = {}
    for path in dict.fromkeys([*notebooks.paths(today.ledger.root), *paths]):
        try:
            every[path] = notebooks.load(path)
            found[path] = reasons(every[path], today)
        except NotebookFailed as error:
            found[path] = [str(error).removeprefix(f"{path}: ")]
    derived_in = {
        name: path for path, notebook in every.items() for name in published_ids(notebook)
    }
    pending = [path for path in found if found[path]]
    while pending:
        stale = pending.pop()
        for path, wanted in _readers(stale, every, derived_in):
            if not found[path]:
                pending.append(path)
            reason = f"`{wanted}` is derived in {stale.name}, which is stale"
            found[path] += [] if reason in found[path] else [reason]
    return {path: found[path] for path in paths}


def published_ids(notebook: Notebook) -> list[str]:
    """Return the ids of the derived figures that a notebook's outputs hold."""
    try:
        return [figure.id for figure in notebooks.published(notebook)]
    except ValueError:
        return []


def _readers(
    stale: Path, every: Mapping[Path, Notebook], derived_in: Mapping[str, Path]
) -> Iterator[tuple[Path, str]]:
    for path, notebook in every.items():
        for wanted in derived_reads(notebook):
            if derived_in.get(wanted) == stale and path != stale:
                yield path, wanted


def derived_reads(notebook: Notebook) -> list[str]:
    """Return the ids of other notebooks' derived figures that it read when it was executed."""
    stored = notebook["metadata"].get("tallybook")
    questions = stored.get("reads", ()) if isinstance(stored, dict) else ()
    return [each.removeprefix("derived ") for each in questions if each.startswith("derived ")]


def modules_and_distributions(loaded: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the modules that are compared one by one, and the distributions of all others.

    Compared one by one are those of this package, and those of no distribution. Left out are
    Python's own, and what the kernel itself needs, which is loaded whatever a notebook does.

    >>> modules_and_distributions(["json", "yaml.nodes", "tallybook.errors"])
    (['tallybook.errors'], ['pyyaml'])
    """
    known = _distributions()
    modules: set[str] = set()
    distributions: set[str] = set()
    for name in loaded:
        first = name.partition(".")[0]
        if first == "tallybook" or (first not in sys.stdlib_module_names and first not in known):
            modules.add(name)
        else:
            distributions.update(known.get(first, ()))
    return sorted(modules - {"__main__", "__mp_main__"}), sorted(distributions - _of_the_kernel())


@cache
def _distributions() -> dict[str, list[str]]:
    """The distributions that hold a package, by its name."""
    return {
        package: [*map(_normal, distributions)]
        for package, distributions in packages_distributions().items()
    }


@cache
def _of_the_kernel() -> frozenset[str]:
    """What the kernel is made of: ipykernel with all that it requires here."""
    found: set[str] = set()
    pending = ["ipykernel"]
    while pending:
        name = _normal(pending.pop())
        if name not in found:
            found.add(name)
            pending += _required(name)
    return frozenset(found)


def _required(distribution: str) -> Iterator[str]:
    try:
        lines = requires(distribution) or ()
    except PackageNotFoundError:
        return
    for line in lines:
        if "extra ==" not in line:
            yield re.split(r"[^\w.-]", line.strip(), maxsplit=1)[0]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
