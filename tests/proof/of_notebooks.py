"""Every mutant of the notebooks: operators, figures and numbers in code, numerals in prose."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

from tallybook.ledger.fields import ID
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.notebooks import stored
from tests.proof.mutant import OfCell

OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
METHODS = ("plus", "minus", "times", "over")
IN_ORDER = ("ratio_of_changes", "days_between")
ROLE = re.compile(r"\{stat\}`([a-z0-9-]+)`")
Node = ast.AST
# In place of a node, in words what it is now, what was there, and of which field it is.
Change = tuple[str, str, str, Callable[[], Node]]


def mutants(ledger: Ledger) -> list[OfCell]:
    """Every mutant of every notebook, in order."""
    typed = count(4001)  # each typed number is another one, so that it is known where it is found
    found: list[OfCell] = []
    for path in stored.paths(ledger.root):
        for number, cell in enumerate(stored.load(path)["cells"], start=1):
            if cell["cell_type"] == "code":
                found += _of_code(ledger, path, number, cell["source"], typed)
            else:
                found += _of_words(ledger, path, number, cell["source"], typed)
    return found


def _of_words(
    ledger: Ledger, path: Path, number: int, source: str, typed: Iterator[int]
) -> Iterator[OfCell]:
    made = [("typed numeral", "", str(next(typed)))]
    for role in list(ROLE.finditer(source))[:1]:
        made.append(("typed figure", role[0], ledger.figure(role[1]).words))
    for field, was, now in made:
        mutant = OfCell("words", path.stem, field, was, now, number, "", now)
        yield replace(mutant, source=with_typed(source, mutant))


def with_typed(source: str, mutant: OfCell) -> str:
    """The source of a cell into which a person has typed what the mutant says."""
    if mutant.field == "typed label":
        new = ast.Constant(f"{mutant.was} {mutant.now} ")
        return ast.unparse(_replaced(ast.parse(source), mutant.place, new))
    if mutant.was:
        return source.replace(mutant.was, mutant.now, 1)
    return f"{source}\n\nThere were {mutant.now} of them."


def _of_code(
    ledger: Ledger, path: Path, number: int, source: str, typed: Iterator[int]
) -> Iterator[OfCell]:
    tree = ast.parse(source)
    names = _named(tree)
    asserted = {id(n) for a in ast.walk(tree) if isinstance(a, ast.Assert) for n in ast.walk(a)}
    for place, node in enumerate(ast.walk(tree)):
        for field, was, now, make in _changes(ledger, node, names, typed):
            field_ = f"{field} in an assertion" if id(node) in asserted else field
            new = ast.unparse(_replaced(tree, place, make()))
            numeral = now if field == "typed label" else ""
            yield OfCell("code", path.stem, field_, was, now, number, new, numeral, place)


def _replaced(tree: ast.Module, place: int, new: Node) -> ast.Module:
    """The tree with another node in a place, counted as `ast.walk` counts."""
    copied = copy.deepcopy(tree)
    old = next(node for at, node in enumerate(ast.walk(copied)) if at == place)

    class Replace(ast.NodeTransformer):
        def visit(self, node: Node) -> Node:
            return new if node is old else self.generic_visit(node)

    return ast.fix_missing_locations(Replace().visit(copied))


def _named(tree: ast.Module) -> set[int]:
    """The texts that name what is published: ids of their own, and no figure that is read."""
    return {
        id(key)
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(value, ast.Tuple)
    }


def _changes(ledger: Ledger, node: Node, names: set[int], typed: Iterator[int]) -> Iterator[Change]:
    match node:
        case ast.BinOp():
            yield from _of_operator(node)
        case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS and node.args:
            yield from _of_method(node, name)
        case ast.Call(func=ast.Attribute(attr=name)):
            yield from _of_call(ledger, node, name)
        case ast.List() | ast.Tuple():
            yield from _of_order(ledger, node, node.elts, "elts")
        case ast.Dict():
            yield from _of_order(ledger, node, node.values, "values")
        case ast.Constant(value=int()) if not isinstance(node.value, bool):
            for new in (node.value + 1, node.value - 1):
                yield "typed number", str(node.value), str(new), lambda n=new: ast.Constant(n)
        case ast.Constant(value=str()) if id(node) not in names:
            yield from _of_text(ledger, node.value, typed)


def _of_operator(node: ast.BinOp) -> Iterator[Change]:
    was = OPERATORS.get(type(node.op), "")
    for operator, sign in OPERATORS.items():
        if was and sign != was:
            yield "operator", was, sign, lambda o=operator: ast.BinOp(node.left, o(), node.right)
    if was:
        swapped = ast.BinOp(node.right, node.op, node.left)
        yield "order of operands", ast.unparse(node), ast.unparse(swapped), lambda: swapped


def _of_method(node: ast.Call, name: str) -> Iterator[Change]:
    assert isinstance(node.func, ast.Attribute)
    first, second = node.func.value, node.args[0]
    for other in METHODS:
        if other != name:
            new = ast.Call(ast.Attribute(first, other, ast.Load()), node.args, node.keywords)
            yield "operator", name, other, lambda n=new: n
    if not isinstance(second, ast.Constant):
        called = ast.Attribute(second, name, ast.Load())
        swapped = ast.Call(called, [first, *node.args[1:]], node.keywords)
        yield "order of operands", ast.unparse(node), ast.unparse(swapped), lambda: swapped


def _of_call(ledger: Ledger, node: ast.Call, name: str) -> Iterator[Change]:
    if name in ("as_percent", "share_from_ratio") and node.args:
        yield "operator", name, "nothing", lambda: node.args[0]
    if name == "indexed":
        for keyword in node.keywords:
            falls = isinstance(keyword.value, ast.Constant) and keyword.value.value is True
            other = [ast.keyword(keyword.arg, ast.Constant(not falls))]
            new = ast.Call(node.func, node.args, other)
            yield "operator", f"falling={falls}", f"falling={not falls}", lambda n=new: n
    if name in IN_ORDER:
        swapped = ast.Call(node.func, [*node.args[1::-1], *node.args[2:]], node.keywords)
        yield "order of operands", ast.unparse(node), ast.unparse(swapped), lambda: swapped
    if name in ("quantities", "quantity", "figures"):
        yield from _of_order(ledger, node, node.args, "args")
        yield from _of_quantities(ledger, node, name)


def _of_quantities(ledger: Ledger, node: ast.Call, name: str) -> Iterator[Change]:
    """A figure to calculate with, and in its place the number that it has, typed."""
    for at, argument in enumerate(node.args):
        wanted = argument.value if isinstance(argument, ast.Constant) else None
        if wanted not in ledger.statistics or name == "figures":
            continue
        quantity = ledger.quantity(wanted)
        typed = ast.parse(
            "__import__('tallybook.quantity', fromlist=['Quantity']).Quantity.exactly("
            f"__import__('fractions').Fraction({plain(quantity.point)!r}), {quantity.unit!r})",
            mode="eval",
        ).body
        new: ast.expr = typed
        if name == "quantities":
            parts = [ast.Call(ast.Attribute(node.func.value, "quantity", ast.Load()), [one], [])
                     for one in node.args]  # fmt: skip
            new = ast.List([*parts[:at], typed, *parts[at + 1 :]], ast.Load())
        yield "typed quantity", wanted, plain(quantity.point), lambda n=new: n


def _of_order(ledger: Ledger, node: Node, parts: list[ast.expr], field: str) -> Iterator[Change]:
    """Two figures beside each other, the one in the place of the other."""
    for at, (one, other) in enumerate(pairwise(parts)):
        if _is_figure(ledger, one) and _is_figure(ledger, other):
            new = copy.copy(node)
            setattr(new, field, [*parts[:at], other, one, *parts[at + 2 :]])
            first, second = ast.unparse(one), ast.unparse(other)
            was, now = f"{first}, {second}", f"{second}, {first}"
            yield "order of figures", was, now, lambda n=new: n


def _is_figure(ledger: Ledger, node: ast.expr) -> bool:
    wanted = node.value if isinstance(node, ast.Constant) else None
    return isinstance(wanted, str) and _unit(ledger, wanted) is not None


def _unit(ledger: Ledger, wanted: str) -> str | None:
    if wanted in ledger.statistics:
        return ledger.measures[ledger.statistics[wanted].measure].unit
    derived = ledger.derived(wanted)
    return derived.quantity.unit if derived else None


def _of_text(ledger: Ledger, text: str, typed: Iterator[int]) -> Iterator[Change]:
    unit = _unit(ledger, text)
    if unit is not None:
        for other in _others(ledger, text, unit):
            yield "swapped figure", text, other, lambda o=other: ast.Constant(o)
    elif not ID.fullmatch(text.strip("-")) and re.search(r"\w", text):
        new = str(next(typed))
        yield "typed label", text, new, lambda: ast.Constant(f"{text} {new} ")


def _others(ledger: Ledger, wanted: str, unit: str) -> list[str]:
    """Another figure of the same measure, and another of the same unit."""
    statistics = ledger.statistics
    found = {}
    if wanted in statistics:
        measure = statistics[wanted].measure
        for other, one in statistics.items():
            if other != wanted and one.measure == measure:
                found.setdefault("measure", other)
    for other in (*ledger.elsewhere(), *statistics) if wanted not in statistics else statistics:
        if other not in (wanted, found.get("measure")) and _unit(ledger, other) == unit:
            found.setdefault("unit", other)
    return [*found.values()]
