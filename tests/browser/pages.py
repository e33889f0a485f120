"""Which pages the site has: chapters, pages of figures, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Statistic
from tallybook.tables import disagreements
from tests.helpers.groups import slow

FORMS = ("stated", "derived", "several citations", "no interval", "disagreeing")
EVERY_PAGE = pytest.mark.every_page
MADE_BY_SPHINX = ("_static", "_sources", "_downloads", "_images")


def chapters(root: Path) -> list[str]:
    """The addresses of the pages of a book, in its order, from its table of contents."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = toc.get("parts", [toc])
    listed = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return [f"{name}.html" for name in [toc["root"], *listed]]


def looked_at(root: Path) -> list[Any]:
    """All chapters, as parameters of a test: the first page is quick, and some are a sample.

    The sample is the first page, the longest, and every fourth.
    """
    found = chapters(root)
    sample = {*found[:2], *found[5::4]}
    marks = {name: [slow("browser"), *([] if name in sample else [EVERY_PAGE])] for name in found}
    return [pytest.param(name, marks=marks[name] if name != found[0] else ()) for name in found]


def parts(count: int) -> list[Any]:
    """The numbers of the parts in which a test looks at pages: a sample, and three more."""
    rest = [slow("browser"), EVERY_PAGE]
    return [
        pytest.param(number, marks=rest if number >= count else slow("browser"))
        for number in range(4 * count)
    ]


def part(names: Sequence[str], number: int, count: int) -> list[str]:
    """The pages of a part: those of the first parts are every fourth page."""
    quarter, within = divmod(number, count)
    return [*names[quarter::4]][within::count]


def of_figures(site: Path) -> list[str]:
    """The addresses of all pages of figures of a site."""
    return sorted(path.relative_to(site).as_posix() for path in site.glob("stat/*.html"))


def others(site: Path, root: Path) -> list[str]:
    """The addresses of what is neither chapter nor figure: search, the page for wrong addresses."""
    known = {*chapters(root), *of_figures(site), "index.html"}
    found = (path.relative_to(site) for path in site.rglob("*.html"))
    names = (path.as_posix() for path in found if path.parts[0] not in MADE_BY_SPHINX)
    return sorted(name for name in names if name not in known)


def of_form(form: str, ledger: Ledger, site: Path) -> str:
    """The address of one page of a figure of a form. Raises LookupError where there is none."""
    disagreeing = {s.id for pair in disagreements.find(ledger) for s in (pair.first, pair.second)}
    tests: dict[str, Callable[[Statistic], bool]] = {
        "several citations": lambda one: len(one.cited) > 1,
        "no interval": lambda one: ledger.quantity(one.id).interval is None,
        "disagreeing": lambda one: one.id in disagreeing,
        "stated": lambda one: not any(tests[form](one) for form in FORMS[2:]),
    }
    for address in of_figures(site):
        statistic = ledger.statistics.get(Path(address).stem)
        if (statistic is None) if form == "derived" else (statistic and tests[form](statistic)):
            return address
    raise LookupError(f"the site has no page of a figure of the form {form!r}: {site / 'stat'}")
