"""Which pages the site has: chapters, pages of figures, and the rest."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import yaml

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Statistic
from tallybook.tables import disagreements

FORMS = ("stated", "derived", "several citations", "no interval", "disagreeing")
# Set by `make test-all`; without it each look in the browser is at some pages of each sort.
EVERY = bool(os.environ.get("TALLYBOOK_TEST_ALL"))
MADE_BY_SPHINX = ("_static", "_sources", "_downloads", "_images")


def chapters(root: Path) -> list[str]:
    """The addresses of the pages of a book, in its order, from its table of contents."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    parts = toc.get("parts", [toc])
    listed = [chapter["file"] for part in parts for chapter in part["chapters"]]
    return [f"{name}.html" for name in [toc["root"], *listed]]


def looked_at(root: Path) -> list[str]:
    """The chapters that tests look at: all, or the first page, the longest, and every fourth."""
    found = chapters(root)
    return found if EVERY else [*found[:2], *found[5::4]]


def some(names: list[str], *, of: int = 4) -> list[str]:
    """All of some pages, or every fourth."""
    return names if EVERY else names[::of]


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
