"""A mutant: the book, wrong by one fact, as a change of one record's YAML or of one cell."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence as Many
from dataclasses import dataclass
from functools import reduce
from typing import Any

from tallybook.ledger.records import Record
from tallybook.ledger.yaml import Mapping, Plain, Sequence, is_text

Location = tuple[str | int, ...]
# What a field is set to: text, or a number as Plain; None takes it out.
Scalar = str | dict[str, str] | None
_NUMBER = re.compile(r"-?\d+(\.\d+)?(/\d+)?")


@dataclass(frozen=True)
class Mutant:
    """What is wrong with which part of the book: `record` is an id, or the name of a notebook."""

    kind: str
    record: str
    field: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.field}: {self.was} → {self.now}"


@dataclass(frozen=True)
class OfRecord(Mutant):
    """Fields of one record that are set to something else."""

    changes: tuple[tuple[Location, Scalar], ...]

    def entry(self, record: Record) -> Mapping:
        """The record's YAML with the fields changed."""
        tree = copy.deepcopy(record._tree)
        for location, new in self.changes:
            *inside, field = location
            parent: Any = reduce(lambda found, step: found[step], inside, tree)
            if new is None:
                del parent[field]
            else:
                parent[field] = _node(new)
        return tree


@dataclass(frozen=True)
class OfCell(Mutant):
    """A cell of a notebook, by its number from 1, with another source.

    `typed` is a number or text that a person has typed into it, `place` the node that holds it.
    """

    cell: int
    source: str
    typed: str = ""
    place: int = 0

    @property
    def is_prose(self) -> bool:
        """Whether it is a cell of words, which is not executed."""
        return self.kind == "words"


@dataclass(frozen=True)
class OfOutput(Mutant):
    """An output that no execution has made, in a cell by its number from 1."""

    cell: int
    output: int = 0


@dataclass(frozen=True)
class OfChart(OfOutput):
    """A chart with other data: `row` is a set of rows of it, and a row of that, from 0."""

    row: tuple[int, int] = (0, 0)


def _node(new: str | dict[str, str]) -> Any:
    if isinstance(new, str):
        return new
    mapping = Mapping(0)
    mapping.update(new)
    return mapping


def flow(tree: Any) -> str:
    """A record as YAML on one line, that says what its tree does."""
    if isinstance(tree, Mapping):
        return "{" + ", ".join(f"{name}: {flow(value)}" for name, value in tree.items()) + "}"
    if isinstance(tree, Sequence):
        return "[" + ", ".join(map(flow, tree)) + "]"
    is_bare = isinstance(tree, Plain) and (_NUMBER.fullmatch(tree) or not is_text(tree))
    return str(tree) if is_bare else json.dumps(tree, ensure_ascii=False)


def sampled(mutants: Many[Mutant], of_each: int, choose: Any) -> list[Any]:
    """So many mutants of each kind and field, or all that there are."""
    groups: dict[tuple[str, str], list[Mutant]] = {}
    for mutant in mutants:
        groups.setdefault((mutant.kind, mutant.field), []).append(mutant)
    found = [choose.sample(group, min(of_each, len(group))) for group in groups.values()]
    return [mutant for group in found for mutant in group]
