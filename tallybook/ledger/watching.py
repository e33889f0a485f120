"""A ledger that notes what it is asked: which fields of which records, which tables and questions.

It answers as the ledger does that it stands for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from typing import Any, cast

from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import QUESTIONS, Ledger
from tallybook.ledger.reads import LISTS, SHELVES, Reads
from tallybook.ledger.records import Record


class Watched(Ledger):
    """A ledger that notes what it is asked."""

    plain: Ledger
    reads: Reads

    def place(self, statistic: Any) -> tuple[int, int, str]:
        """Where a statistic is first cited; noted as a field of its own."""
        self.reads.note(f"statistics {statistic.id}", "place")
        return self.plain.place(self.plain.statistics[statistic.id])

    def has(self, wanted: str) -> bool:
        """Whether a record has this id; not noted, for the build looks at every published id."""
        return self.plain.has(wanted)

    def derived(self, wanted: str) -> Figure | None:
        """A derived figure, of another notebook or of this one."""
        self.reads.note(f"derived {wanted}")
        return self.plain.derived(wanted)


def _asking(question: str) -> Callable[[Watched, str], Any]:
    def ask(self: Watched, wanted: str) -> Any:
        self.reads.note(f"{question} {wanted}")
        return getattr(self.plain, question)(wanted)

    return ask


for _question in QUESTIONS:
    setattr(Watched, _question, _asking(_question))


def watched(ledger: Ledger, reads: Reads) -> Watched:
    """The same ledger, noting in `reads` what it is asked."""
    given = (field.name for field in fields(Ledger) if field.init)
    one = Watched(**{name: getattr(ledger, name) for name in given})
    one.plain, one.reads = ledger, reads
    for name in SHELVES:
        setattr(one, name, _Shelf(name, getattr(ledger, name), reads))
    for name in LISTS:
        setattr(one, name, _List(name, getattr(ledger, name), reads))
    one.subjects = cast(Any, _Subjects(one))
    return one


class _Shelf(Mapping[str, Any]):
    """A table of records by id, which notes what of it is read."""

    def __init__(self, name: str, records: Mapping[str, Record], reads: Reads) -> None:
        self._name, self._reads = name, reads
        self._records = records
        self._seen: dict[str, _Seen] = {}

    def __getitem__(self, wanted: str) -> Any:
        self._reads.note(f"{self._name} {wanted}")
        return self._record(wanted)

    def __iter__(self) -> Iterator[str]:
        self._reads.note(self._name)
        return iter(self._records)

    def __len__(self) -> int:
        self._reads.note(self._name)
        return len(self._records)

    def values(self) -> Any:
        """Every record; each notes for itself what of it is read."""
        return [self._record(wanted) for wanted in self]

    def items(self) -> Any:
        """Every id with its record."""
        return [(wanted, self._record(wanted)) for wanted in self]

    def _record(self, wanted: str) -> _Seen:
        if wanted not in self._seen:
            note = partial(self._reads.note, f"{self._name} {wanted}")
            self._seen[wanted] = _Seen(self._records[wanted], note)
        return self._seen[wanted]


class _List(Sequence[Any]):
    """Records without ids: of all of them together it is noted which fields are read."""

    def __init__(self, name: str, records: Iterable[Record], reads: Reads) -> None:
        self._note = partial(reads.note, name)
        self._seen = [_Seen(record, self._note) for record in records]

    def __getitem__(self, index: Any) -> Any:
        self._note("length")
        return self._seen[index]

    def __len__(self) -> int:
        self._note("length")
        return len(self._seen)


class _Subjects(Mapping[str, list[str]]):
    """The subjects, which are asked for by question."""

    def __init__(self, ledger: Watched) -> None:
        self._ledger = ledger

    def __getitem__(self, wanted: str) -> list[str]:
        if wanted not in self._ledger.plain.subjects:
            raise KeyError(wanted)
        return self._ledger.of_subject(wanted)

    def __iter__(self) -> Iterator[str]:
        self._ledger.reads.note("subjects")
        return iter(self._ledger.plain.subjects)

    def __len__(self) -> int:
        self._ledger.reads.note("subjects")
        return len(self._ledger.plain.subjects)


class _Seen:
    """A record that notes which of its fields are read, also those of records inside it."""

    __slots__ = ("_inside", "_note", "_of")

    def __init__(self, record: Record, note: Callable[[str], None]) -> None:
        self._of, self._note = record, note
        self._inside: dict[str, Any] = {}  # so that what is the same stays the same

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._of)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._of, name)
        if name == "id" or name not in type(self._of).model_fields:
            if name != "id" and callable(value):  # a method may read anything
                self._note_all()
            return value
        is_list = isinstance(value, list) and value and isinstance(value[0], Record)
        if is_list or isinstance(value, Record):
            if name not in self._inside:
                self._inside[name] = self._seen(name, value)
            return self._inside[name]
        self._note(name)
        return value

    def _seen(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            self._note(f"{name}.length")
            return [self._seen(f"{name}.{n}", each) for n, each in enumerate(value)]
        return _Seen(value, lambda of: self._note(f"{name}.{of}"))

    def _note_all(self) -> None:
        for name in type(self._of).model_fields:
            self._note(name)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for name in type(self._of).model_fields:
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        self._note_all()
        return repr(self._of)

    def __eq__(self, other: object) -> bool:
        self._note_all()
        return bool(self._of == (other._of if type(other) is _Seen else other))

    def __hash__(self) -> int:
        return id(self._of)
