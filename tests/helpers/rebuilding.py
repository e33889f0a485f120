"""All notebooks of a book rebuilt in this process, without kernels and without drawing charts.

A rebuilt notebook is what its cells show, as data; an SVG, which is drawn from the specification
beside it and from nothing else, is left out on both sides of a comparison.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import altair
import IPython.display
import nbformat
from altair.utils import schemapi

from tallybook.charts import render
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session
from tallybook.notebooks import stored as notebooks

_DRAWN = "image/svg+xml"
Code = tuple[Any, Any]  # the statements of a cell, and the expression that it shows
Shown = list[dict[str, Any]] | str  # what the cells of a notebook show, or why one fails


def stored(root: Path) -> dict[str, Shown]:
    """What the cells of each notebook of a book show, as it is stored."""
    found: dict[str, Shown] = {}
    for path in notebooks.paths(root):
        shown = [output["data"] for _, output in notebooks.outputs(notebooks.load(path))]
        found[path.name] = [_plain(bundle) for bundle in shown]
    return found


class Cells:
    """The cells with code of all notebooks of a book, compiled once."""

    def __init__(self, root: Path) -> None:
        self._code = {path.name: [*compiled(path)] for path in notebooks.paths(root)}

    def rebuilt(self, ledger: Ledger) -> dict[str, Shown]:
        """What the cells of each notebook show with this ledger.

        No notebook knows what the others derive: one that asks fails, and differs from the stored.
        """
        return {name: _shown(code, ledger) for name, code in self._code.items()}


def compiled(path: Path) -> Iterator[Code]:
    """Each cell with code."""
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells, start=1):
        if cell.cell_type == "code":
            yield of_source(cell.source, f"{path.name}, cell {number}")


def of_source(source: str, name: str) -> Code:
    """The statements of a cell and, where it ends in one, the expression that it shows."""
    tree, last = ast.parse(source), None
    if isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    return compile(tree, name, "exec"), last and compile(last, name, "eval")


def _shown(code: list[Code], ledger: Ledger) -> Shown:
    try:
        # No notebook knows what the others derive.
        return [bundle for shown in run(code, replace(ledger, elsewhere=dict)) for bundle in shown]
    except Exception as error:  # a notebook that fails is one that differs
        return f"{type(error).__name__}: {error}"


def run(
    code: Iterable[Code], ledger: Ledger, names: dict[str, Any] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """What each cell shows, cell by cell; `names` has afterwards what the cells have named.

    Raises what a cell raises.
    """
    names = {} if names is None else names
    names["__name__"] = "__main__"
    # A kernel loads a ledger of its own, in which nothing is published yet.
    own = replace(ledger, published={})
    for statements, last in code:
        shown: list[dict[str, Any]] = []
        with _in_place_of_a_kernel(own, shown):
            names["display"] = IPython.display.display
            exec(statements, names)  # noqa: S102  # the book's own cells
            value = eval(last, names) if last else None  # noqa: S307
            if value is not None:
                shown.append(_bundle(value))
        yield shown


@contextmanager
def _in_place_of_a_kernel(ledger: Ledger, shown: list[dict[str, Any]]) -> Iterator[None]:
    with (
        patch.object(session, "load", lambda: ledger),
        patch.object(IPython.display, "display", lambda value: shown.append(_bundle(value))),
        patch.object(render, "drawing", lambda _: ""),
        schemapi.debug_mode(False),
    ):
        yield


def _bundle(value: Any) -> dict[str, Any]:
    if isinstance(value, altair.TopLevelMixin):
        # What Altair would refuse is no stored specification: it differs, validated or not.
        spec = value.to_dict(context={"pre_transform": False}, validate=False)
        return _plain(render.render(spec))
    found = value._repr_mimebundle_() if hasattr(value, "_repr_mimebundle_") else repr(value)
    return _plain(found if isinstance(found, Mapping) else {"text/plain": found})


def _plain(bundle: Mapping[str, Any]) -> dict[str, Any]:
    return {kind: content for kind, content in bundle.items() if kind != _DRAWN}
