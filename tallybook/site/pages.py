"""What the pages of a book show: the ids that their prose, charts and tables cite, and the figures
that notebooks derive. A source table, which lists a whole subject, cites nothing by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook.errors import NotebookFailed
from tallybook.ledger import yaml
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import stored
from tallybook.tables.table import CHART, DERIVED, PICTURE, TABLE

# Pages are looked at before Sphinx reads them, so by their text.
_ROLE = re.compile(r"\{(?:stat|period|item|event|missing|source|count)\}`\s*([a-z0-9-]+)\s*`")
_NAMED = ("figure", "item", "event", "missing", "source")
_FIGURE_LIST = re.compile(r"^```\{ledger-figures\}\s*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ITEM_LIST = re.compile(r"^```\{ledger-items\}\s*([a-z0-9-]+)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """A page by its path in the book, the ids that it shows, and what it derives from what."""

    path: str
    shown: frozenset[str]
    derived: dict[str, frozenset[str]]


def read(ledger: Ledger) -> list[Page]:
    """Every page that the table of contents names, in its order. Raises NotebookFailed."""
    return [
        _notebook(ledger, path) if path.suffix == ".ipynb" else _markdown(ledger, path)
        for path in _paths(ledger.root)
    ]


def first(root: Path) -> str:
    """The name of the first page of a book, or "" where its contents cannot be read.

    >>> first(Path("tests/books/kettles"))
    'index'
    """
    path = next(_paths(root), None)
    return path.relative_to(root).with_suffix("").as_posix() if path else ""


def _paths(root: Path) -> Iterator[Path]:
    """The file of each page, in the order of the table of contents."""
    contents, _ = yaml.read(root / "_toc.yml", "_toc.yml")
    for name in _named(contents):
        stem = root / name.removesuffix(".md").removesuffix(".ipynb")
        either = (stem.with_name(f"{stem.name}{end}") for end in (".ipynb", ".md"))
        if path := next((each for each in either if each.is_file()), None):
            yield path


def _named(contents: Any) -> Iterator[str]:
    """The files that a table of contents, or a part of one, names."""
    if isinstance(contents, dict):
        for key, value in contents.items():
            if key in ("root", "file"):
                yield str(value)
            else:
                yield from _named(value)
    elif isinstance(contents, list):
        for entry in contents:
            yield from _named(entry)


def that_show(pages: Iterable[Page], wanted: str) -> list[Page]:
    """The pages that show an id, or a figure that they derive from it."""
    return [
        page
        for page in pages
        if wanted in page.shown or any(wanted in inputs for inputs in page.derived.values())
    ]


def first_chart(ledger: Ledger, wanted: str) -> tuple[dict[str, Any] | None, list[Path]]:
    """The specification of the first chart of the notebooks that shows an id, in their order.

    With the files that were looked at: the answer holds while these are as they are.
    """
    examined = [ledger.root / "_toc.yml"]
    for path in (each for each in _paths(ledger.root) if each.suffix == ".ipynb"):
        examined.append(path)
        for _, output in stored.outputs(stored.load(path)):
            spec = output.get("data", {}).get(CHART)
            if spec and wanted in _in_chart(spec):
                return dict(spec), examined
    return None, examined


def _markdown(ledger: Ledger, path: Path) -> Page:
    # Sphinx itself refuses what is no UTF-8, and names the place.
    text = path.read_text(encoding="utf-8", errors="replace")
    return Page(_name(ledger, path), frozenset(_in_prose(ledger, text)), {})


def _notebook(ledger: Ledger, path: Path) -> Page:
    shown: set[str] = set()
    derived: dict[str, frozenset[str]] = {}
    notebook = stored.load(path)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            shown.update(_in_prose(ledger, cell["source"]))
    try:
        for _, output in stored.outputs(notebook):
            data = output.get("data", {})
            shown.update(_in_table(data.get(TABLE, {})), _in_chart(data.get(CHART, {})))
            shown.update(of_picture(data.get(PICTURE)))
            derived |= {f["id"]: frozenset(f["inputs"]) for f in data.get(DERIVED, ())}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # As another version of tallybook stored them, or somebody's edit.
        what = f"its outputs cannot be read: {type(error).__name__} {error}"
        raise NotebookFailed(f"{_name(ledger, path)}: {what}. Execute it: tallybook run") from None
    return Page(_name(ledger, path), frozenset(shown), derived)


def _name(ledger: Ledger, path: Path) -> str:
    return path.relative_to(ledger.root).as_posix()


def _in_prose(ledger: Ledger, text: str) -> Iterator[str]:
    yield from _ROLE.findall(text)
    for listed in _FIGURE_LIST.findall(text):
        yield from listed.split()
    kinds = set(_ITEM_LIST.findall(text))
    for item in ledger.items.values():
        if item.kind in kinds:
            yield item.id
            yield from item.statistics


def _in_table(table: dict[str, Any]) -> Iterator[str]:
    for inner in (*table.get("tables", ()), *filter(None, table.get("inside", ()))):
        yield from _in_table(inner)
    # A source table lists a whole subject; a reader who follows a figure does not look there.
    if any(anchor.startswith("figure-") for anchor in table.get("anchors", ())):
        return
    for row in table.get("rows", ()):
        for cell in row:
            for line in cell.get("lines", [[cell]]):
                yield from (piece[kind] for piece in line for kind in _NAMED if kind in piece)


def of_picture(stored_picture: Any) -> list[str]:
    """The ids that a stored picture shows; none of what is no picture of ours.

    >>> of_picture({"ids": ["recalls-2017"]}), of_picture([])
    (['recalls-2017'], [])
    """
    found = stored_picture.get("ids") if isinstance(stored_picture, dict) else None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _in_chart(value: Any) -> Iterator[str]:
    """The ids of the rows of a chart's data, wherever in the specification they stand."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        for inner in value.values():
            yield from _in_chart(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _in_chart(inner)
