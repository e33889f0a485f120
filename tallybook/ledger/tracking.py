"""What is asked of a ledger, noted field by field, so that it is known what an edit concerns.

A `TrackedLedger` answers as the ledger does that it stands for, and notes each question in its
`Reads`: a field of a record, which records there are, a question such as which statistics a subject
has, also one that finds nothing. `Reads.answers` gives the answers as short texts, which an
executed notebook stores; `changes` asks a later ledger the same and names each answer that differs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from fractions import Fraction
from functools import partial
from typing import Any, cast

from tallybook.errors import UnknownId
from tallybook.ledger import figures
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import QUESTIONS, Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import FIELDS_OF_LEDGER, Record
from tallybook.reading.periods import Period
from tallybook.reading.statements import Known

_LISTS = ("dismissals", "audits", "changes")
# Answers that are no field's. Executed notebooks store answers, so a change of how one is written
# makes every stored notebook stale.
_ABSENT, _PRESENT = "absent", "there"
_LONGEST = 40  # characters of an answer that is stored as it is; of a longer one a digest is
_LONGEST_LIST = 400


class Reads(dict[str, set[str]]):
    """The questions that were asked of a ledger, each with the fields of the record that were read.

    A question is the name of a table ("statistics"), a table with an id ("statistics recalls-2017")
    or a question of the ledger with its argument ("citing report").
    """

    def note(self, question: str, field: str = "") -> None:
        """Note a question, and a field of the record that it is about."""
        self.setdefault(question, set()).update([field] if field else ())

    def answers(self, ledger: Ledger) -> dict[str, str]:
        """The answer of a ledger to each question, as short text."""
        return {question: _answer(ledger, question, self[question]) for question in sorted(self)}


def tracked(ledger: Ledger, reads: Reads) -> TrackedLedger:
    """A ledger that answers the same, and notes in `reads` what it is asked.

    >>> from pathlib import Path
    >>> from tallybook.ledger import loading
    >>> ledger, problems = loading.inspect(Path("tests/books/kettles"))
    >>> reads = Reads()
    >>> str(tracked(ledger, reads).statistic("stores-closed-2017").value)
    '1000'
    >>> reads
    {'statistics stores-closed-2017': {'value'}}
    >>> reads.answers(ledger)
    {'statistics stores-closed-2017': 'value=1000'}
    """
    given = (field.name for field in fields(Ledger) if field.init)
    one = TrackedLedger(**{name: getattr(ledger, name) for name in given})
    one.original, one.reads = ledger, reads
    for name in FIELDS_OF_LEDGER.values():
        tracks = _List if name in _LISTS else _Table
        setattr(one, name, tracks(name, getattr(ledger, name), reads))
    one.subjects = cast(Any, _Subjects(one))
    return one


class TrackedLedger(Ledger):
    """A ledger that notes in `reads` what it is asked, and answers as `original` does."""

    original: Ledger
    reads: Reads

    def place(self, statistic: Any) -> tuple[int, int, str]:
        """Where a statistic is first cited; noted as a field of its own."""
        self.reads.note(f"statistics {statistic.id}", "place")
        return self.original.place(self.original.statistics[statistic.id])

    @property
    def known(self) -> Known:
        """The dates and names that texts may hold; not noted, for the audit looks at each again."""
        return self.original.known

    def has(self, wanted: str) -> bool:
        """Whether a record has this id; not noted, for the build looks at every published id."""
        return self.original.has(wanted)

    def derived(self, wanted: str) -> Figure | None:
        """A derived figure, of another notebook or of this one."""
        self.reads.note(f"derived {wanted}")
        return self.original.derived(wanted)


def _asking(question: str) -> Callable[[TrackedLedger, str], Any]:
    def ask(self: TrackedLedger, wanted: str) -> Any:
        self.reads.note(f"{question} {wanted}")
        return getattr(self.original, question)(wanted)

    return ask


# The answer is noted and not the records that it was found from: an edit of one that leaves the
# answer as it was concerns nobody.
for _question in QUESTIONS:
    setattr(TrackedLedger, _question, _asking(_question))


class _Table(Mapping[str, Any]):
    """A table of records by id, which notes what of it is read."""

    def __init__(self, name: str, records: Mapping[str, Any], reads: Reads) -> None:
        self._name, self._reads = name, reads
        self._records = records
        self._tracked: dict[str, _TrackedRecord] = {}

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

    def _record(self, wanted: str) -> Any:
        if wanted not in self._tracked:
            note = partial(self._reads.note, f"{self._name} {wanted}")
            self._tracked[wanted] = _TrackedRecord(self._records[wanted], note)
        return self._tracked[wanted]


class _List(Sequence[Any]):
    """Records without ids: of all of them together it is noted which fields are read."""

    def __init__(self, name: str, records: Iterable[Record], reads: Reads) -> None:
        self._note = partial(reads.note, name)
        self._tracked = [_TrackedRecord(record, self._note) for record in records]

    def __getitem__(self, index: Any) -> Any:
        self._note("length")
        return self._tracked[index]

    def __len__(self) -> int:
        self._note("length")
        return len(self._tracked)


class _Subjects(_Table):
    """The subjects, which are asked for by question."""

    def __init__(self, ledger: TrackedLedger) -> None:
        super().__init__("subjects", ledger.original.subjects, ledger.reads)
        self._ledger = ledger

    def __getitem__(self, wanted: str) -> list[str]:
        if wanted not in self._records:
            raise KeyError(wanted)
        return self._ledger.of_subject(wanted)

    def _record(self, wanted: str) -> list[str]:
        return self[wanted]


class _TrackedRecord:
    """A record that notes which of its fields are read, also those of records inside it."""

    __slots__ = ("_inside", "_note", "_original")

    def __init__(self, record: Record, note: Callable[[str], None]) -> None:
        self._original, self._note = record, note
        self._inside: dict[str, Any] = {}  # so that what is the same stays the same

    # `match record: case Statistic():` and isinstance ask for the class.
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return type(self._original)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._original, name)
        if name == "id" or name not in type(self._original).model_fields:
            found = getattr(type(self._original), name, None)
            if isinstance(found, property) and found.fget and not hasattr(Record, name):
                return found.fget(self)  # which notes what it reads
            if name != "id" and (isinstance(found, property) or callable(value)):
                self._note_all()  # which may read anything
            return value
        is_list = isinstance(value, list) and value and isinstance(value[0], Record)
        if is_list or isinstance(value, Record):
            if name not in self._inside:
                self._inside[name] = self._track(name, value)
            return self._inside[name]
        self._note(name)
        return value

    def _track(self, name: str, value: Any) -> Any:
        if isinstance(value, list):
            self._note(f"{name}.length")
            return [self._track(f"{name}.{n}", each) for n, each in enumerate(value)]
        return _TrackedRecord(value, lambda of: self._note(f"{name}.{of}"))

    def _note_all(self) -> None:
        for name in type(self._original).model_fields:
            self._note(name)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for name in type(self._original).model_fields:
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        self._note_all()
        return repr(self._original)

    def __eq__(self, other: object) -> bool:
        self._note_all()
        return bool(self._original == (other._original if type(other) is _TrackedRecord else other))

    def __hash__(self) -> int:
        return id(self._original)


def changes(answers: Mapping[str, str], ledger: Ledger) -> Iterator[str]:
    """In words, each question to which a ledger gives another answer than the one stored.

    >>> from pathlib import Path
    >>> from tallybook.ledger import loading
    >>> ledger, problems = loading.inspect(Path("tests/books/kettles"))
    >>> list(changes({"statistics stores-closed-2017": "value=999"}, ledger))
    ['`stores-closed-2017`: value 999 → 1000']
    """
    for question, before in sorted(answers.items()):
        try:
            after = _answer(ledger, question, _parts(before))
        except (IndexError, KeyError, ValueError):  # of a ledger that does not hold
            after = "not to be told"
        if after != before:
            yield f"{_named(question)}: {_change(before, after)}"


def _answer(ledger: Ledger, question: str, read: Iterable[str]) -> str:
    name, _, wanted = question.partition(" ")
    if name in QUESTIONS:
        try:
            found = getattr(ledger, name)(wanted)
        except UnknownId:
            return _ABSENT
        return _listed(found) if isinstance(found, list) else str(found)
    if name == "derived":
        if not (figure := ledger.derived(wanted)):
            return _ABSENT
        return _fields({"words": figure.words, "all": figures.to_json(figure)})
    of_this_kind = getattr(ledger, name)
    if name in _LISTS:
        return _fields({field: _column(ledger, of_this_kind, field) for field in sorted(read)})
    if not wanted:
        return _listed(of_this_kind)
    if wanted not in of_this_kind:
        return _ABSENT
    record = of_this_kind[wanted]
    return _fields({field: _field(ledger, record, field) for field in sorted(read)}) or _PRESENT


def _field(ledger: Ledger, record: Any, path: str) -> object:
    """The value of a field, or of one of the records inside this one: "cited.0.section"."""
    if path == "place":
        return ledger.place(record)
    value = record
    for step in path.split("."):
        if value is None or step == "length":
            return None if value is None else len(value)
        if step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = getattr(value, step)
    return value


def _column(ledger: Ledger, records: list[Any], field: str) -> object:
    """The values of a field in all of these records, or how many records there are."""
    return len(records) if field == "length" else [_field(ledger, each, field) for each in records]


def _fields(values: dict[str, object]) -> str:
    return "; ".join(f"{name}={_short(_text(value))}" for name, value in values.items())


def _text(value: object) -> str:
    if isinstance(value, Fraction):
        return plain(value)
    if isinstance(value, Period):
        return value.text
    return "–" if value is None else value if isinstance(value, str) else repr(value)


def _short(text: str) -> str:
    is_plain = len(text) <= _LONGEST and not any(sign in text for sign in "=;\n#")
    return text if is_plain else f"#{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _listed(ids: Iterable[str]) -> str:
    text = " ".join(ids)
    return text if len(text) <= _LONGEST_LIST else f"{text.count(' ') + 1} {_short(text)}"


def _parts(answer: str) -> dict[str, str]:
    """The fields of an answer about a record, or nothing."""
    if "=" not in answer:
        return {}
    return dict(part.split("=", 1) for part in answer.split("; "))


def _named(question: str) -> str:
    name, _, wanted = question.partition(" ")
    if name in QUESTIONS:
        return QUESTIONS[name].format(wanted)
    return f"`{wanted}`" if wanted else name


def _change(before: str, after: str) -> str:
    old, new = _parts(before), _parts(after)
    if old and new:
        names = [name for name in old if old[name] != new.get(name)]
        return ", ".join(_change_of_field(name, old[name], new.get(name, "")) for name in names)
    if after == _ABSENT:
        return "is gone"
    if before == _ABSENT:
        return "is there now"
    if before.isdecimal() and after.isdecimal():
        return f"{before} → {after}"
    gone = [each for each in before.split() if each not in after.split()]
    added = [each for each in after.split() if each not in before.split()]
    if "#" in f"{before}{after}" or not (gone or added):
        return "changed"
    words = [f"{', '.join(added)} added"] if added else []
    return "; ".join([*words, f"{', '.join(gone)} gone"] if gone else words)


def _change_of_field(name: str, old: str, new: str) -> str:
    name = name.replace("_", " ")
    if old.startswith("#") or new.startswith("#"):
        return f"{name} changed"
    return f"{name} {old} → {new}"
