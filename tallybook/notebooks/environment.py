"""Which installed distributions a notebook's modules come from."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

_OURS = "tallybook"


def split(loaded: Iterable[str]) -> tuple[list[str], list[str]]:
    """The modules that count one by one, and the distributions of all others, each by name.

    One by one count ours, and those of no distribution; left out are Python's own, and all that
    the kernel itself needs, which is there whatever a notebook does.
    """
    homes = _homes()
    modules: set[str] = set()
    distributions: set[str] = set()
    for name in loaded:
        first = name.partition(".")[0]
        if first == _OURS or (first not in sys.stdlib_module_names and first not in homes):
            modules.add(name)
        else:
            distributions.update(homes.get(first, ()))
    return sorted(modules - {"__main__", "__mp_main__"}), sorted(distributions - _of_the_kernel())


@cache
def _homes() -> dict[str, list[str]]:
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
