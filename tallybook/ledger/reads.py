"""What is read of a ledger, noted field by field, so that it is known what an edit concerns.

A watched ledger notes each question in a `Reads`: a field of a record, which records a table has,
a question such as which statistics a subject has, also one that finds nothing. `told` gives the
answers as short texts, which an executed notebook stores; `changes` asks the same of a later ledger
and says what is answered otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from tallybook.errors import UnknownId
from tallybook.ledger import figures
from tallybook.ledger.ledger import QUESTIONS, Ledger
from tallybook.ledger.printed_figure import plain
from tallybook.reading.periods import Period

SHELVES = ("sources", "measures", "statistics", "events", "items", "missing", "renamed")
LISTS = ("dismissals", "audits")
ABSENT, THERE = "absent", "there"
_LONGEST = 40  # characters of an answer that is stored as it is; of a longer one a digest is
_LONGEST_LIST = 400


class Reads(dict[str, set[str]]):
    """The questions that were asked, each with the fields of the record that were read."""

    def note(self, question: str, field: str = "") -> None:
        """Note a question, and a field of the record that it is about."""
        self.setdefault(question, set()).update([field] if field else ())

    def told(self, ledger: Ledger) -> dict[str, str]:
        """The answer of a ledger to each question, as short text."""
        return {question: _answer(ledger, question, self[question]) for question in sorted(self)}


def changes(told: Mapping[str, str], ledger: Ledger) -> Iterator[str]:
    """What a ledger answers otherwise than it was told: "`arrests-2017`: value 1606 → 1607"."""
    for question, before in sorted(told.items()):
        parts = _parts(before)
        try:
            after = _answer(ledger, question, parts)
        except (IndexError, KeyError, ValueError):  # of a ledger that does not hold
            after = "not to be told"
        if after != before:
            yield f"{_named(question)}: {_change(parts, _parts(after), before, after)}"


def _answer(ledger: Ledger, question: str, read: Iterable[str]) -> str:
    name, _, wanted = question.partition(" ")
    if name in QUESTIONS:
        try:
            found = getattr(ledger, name)(wanted)
        except UnknownId:
            return ABSENT
        return _listed(found) if isinstance(found, list) else str(found)
    if name == "derived":
        figure = ledger.derived(wanted)
        return (
            _fields({"words": figure.words, "all": figures.to_json(figure)}) if figure else ABSENT
        )
    of_this_kind = getattr(ledger, name)
    if name in LISTS:
        return _fields({field: _column(of_this_kind, field) for field in sorted(read)})
    if not wanted:
        return _listed(of_this_kind)
    if wanted not in of_this_kind:
        return ABSENT
    record = of_this_kind[wanted]
    return _fields({field: _field(ledger, record, field) for field in sorted(read)}) or THERE


def _field(ledger: Ledger, record: Any, path: str) -> object:
    """What a field says, or one of the records inside this one: "cited.0.section"."""
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


def _column(records: list[Any], field: str) -> object:
    """What a field says in all of these records, or how many there are."""
    return len(records) if field == "length" else [getattr(each, field) for each in records]


def _fields(told: dict[str, object]) -> str:
    return "; ".join(f"{name}={_short(_text(value))}" for name, value in told.items())


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


def _parts(told: str) -> dict[str, str]:
    """The fields of an answer about a record, or nothing."""
    if "=" not in told:
        return {}
    return dict(part.split("=", 1) for part in told.split("; "))


def _named(question: str) -> str:
    name, _, wanted = question.partition(" ")
    if name in QUESTIONS:
        return QUESTIONS[name].format(wanted)
    return f"`{wanted}`" if wanted else name


def _change(old: dict[str, str], new: dict[str, str], before: str, after: str) -> str:
    if old and new:
        names = [name for name in old if old[name] != new.get(name)]
        return ", ".join(_of_field(name, old[name], new.get(name, "")) for name in names)
    if after == ABSENT:
        return "is gone"
    if before == ABSENT:
        return "is there now"
    if before.isdecimal() and after.isdecimal():
        return f"{before} → {after}"
    gone = [each for each in before.split() if each not in after.split()]
    added = [each for each in after.split() if each not in before.split()]
    if "#" in f"{before}{after}" or not (gone or added):
        return "changed"
    said = [f"{', '.join(added)} added"] if added else []
    return "; ".join([*said, f"{', '.join(gone)} gone"] if gone else said)


def _of_field(name: str, old: str, new: str) -> str:
    name = name.replace("_", " ")
    if old.startswith("#") or new.startswith("#"):
        return f"{name} changed"
    return f"{name} {old} → {new}"
