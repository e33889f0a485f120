"""Changes of the YAML of records: a scalar set, words added, fields put in, a record taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Record
from tallybook.ledger.yaml import place

Location = tuple[str | int, ...]
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\']|\'\')*\'')


@dataclass(frozen=True)
class Change:
    """A stretch of a file of data, from a character to before another, and its new text."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Edit:
    """What of which record is edited, and the changes of files that it takes."""

    kind: str
    record: str
    field: str
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.field}"

    def files(self, root: Path) -> dict[str, str]:
        """The new text of each file that it changes."""
        texts: dict[str, str] = {}
        for one in sorted(self.changes, key=lambda change: change.start, reverse=True):
            text = texts.get(one.path) or (root / one.path).read_text(encoding="utf-8")
            texts[one.path] = text[: one.start] + one.text + text[one.end :]
        return texts


Edits = Iterator[tuple[str, list[Change]]]


class Author:
    """Finds where the fields of records stand in their files, and changes them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._texts: dict[str, str] = {}

    def where(
        self, record: Record, *location: str | int, key: bool = False
    ) -> tuple[str, int, int]:
        """The file and line of a field or its key, and its first character in the file."""
        path = record.problem((), "").path
        text = self._texts.setdefault(path, (self.ledger.root / path).read_text(encoding="utf-8"))
        line, column = place(record._tree, location, of_key=key)
        return path, line, sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1

    def set(self, record: Record, location: Location, new: str) -> Change:
        """Put YAML in the place of a scalar."""
        path, _, start = self.where(record, *location)
        rest = self._texts[path][start:]
        quoted = _QUOTED.match(rest)
        old = quoted[0] if quoted else self.value(record, location)
        if not rest.startswith(old):
            raise ValueError(f"{old!r} does not stand at {path}, character {start}")
        return Change(path, start, start + len(old), new)

    def reword(self, record: Record, location: Location, more: str = ", so to say") -> Change:
        """Add words to a text."""
        said = self.value(record, location)
        text = f"{said[:-1]}{more}." if said.endswith(".") else f"{said}{more}"
        return self.set(record, location, quoted(text))

    def reworded(self, record: Record, *fields: str) -> Edits:
        """An edit for each of these texts that the record has."""
        for field in fields:
            location = tuple(field.split("."))
            if self.value(record, location):
                yield field, [self.reword(record, location)]

    def insert(self, record: Record, *fields: str, inside: Location = ()) -> Change:
        """Put fields before the second that a mapping has."""
        tree: Any = record._tree
        mapping = reduce(lambda found, step: found[step], inside, tree)
        path, _, start = self.where(record, *inside, [*mapping][1], key=True)
        indent = self._texts[path][:start].rpartition("\n")[2]
        end = ", " if indent.strip() else f"\n{indent}"  # in braces, or a line each
        return Change(path, start, start, "".join(f"{field}{end}" for field in fields))

    def take_out(self, record: Record) -> Change:
        """Take out the whole record, from its dash to the next one's."""
        path, line, _ = self.where(record)
        text = self._texts[path]
        start = sum(map(len, text.splitlines(keepends=True)[: line - 1]))
        following = re.compile(r"^(?:- |#)", re.MULTILINE).search(text, start + 1)
        return Change(path, start, following.start() if following else len(text), "")

    def value(self, record: Record, location: Location) -> str:
        """The text of a scalar as the parser gives it; nothing where there is none."""
        found: Any = record._tree
        for step in location:
            if isinstance(step, str) and step not in found:
                return ""
            found = found[step]
        return str(found)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
