"""From the YAML files of a book to its ledger, or to every problem in them."""

from __future__ import annotations

import collections.abc
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from tallybook import files
from tallybook.errors import Problem, nearest
from tallybook.ledger import consistency, yaml
from tallybook.ledger.fields import shown
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import (
    FIELDS_OF_LEDGER,
    FILES,
    AnswerKind,
    Audit,
    Changed,
    Dismissal,
    Kind,
    Name,
    Party,
    Record,
    Relation,
    Renamed,
    Source,
    Statistic,
    models_of,
)
from tallybook.ledger.yaml import Mapping, Sequence, place

_WORDS = (Party, Kind, Relation, AnswerKind)  # which other records name by their words
Elsewhere = Callable[[], collections.abc.Mapping[str, Figure]]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of records as it was read: its tree, the record of each entry, and what is wrong.

    `state` is what it had before it was read. An entry without fields has no record.
    """

    state: files.State | None
    tree: Any
    records: list[tuple[type[Record], Record | None]]
    problems: list[Problem]


def inspect(
    root: Path, *, elsewhere: Elsewhere = dict, known: dict[Path, ReadFile] | None = None
) -> tuple[Ledger, list[Problem]]:
    """The records of a book that hold, as a ledger, and every problem of the others in order.

    `elsewhere` gives the figures that notebooks derive; it is called when one is asked for. `known`
    has the files as they were read for the ledger before, and gets those that were edited since: no
    other is read again.

    >>> ledger, problems = inspect(Path("tests/books/kettles"))
    >>> len(ledger.statistics), problems
    (6, [])
    """
    reader = _Reader(root, elsewhere, {} if known is None else known)
    with nothing_collected():
        for path, model in reader.files():
            reader.read(path, model)
        reader.take_parties_of_sources()
        found = {*consistency.problems(reader.ledger, reader.declared, reader.unreadable)}
        _put_in_order(reader.ledger)
    return reader.ledger, sorted({*reader.problems, *found})


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Have no garbage looked for meanwhile: all that is read is kept, and there is much of it.

    >>> with nothing_collected():
    ...     gc.isenabled()
    False
    """
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


def _put_in_order(ledger: Ledger) -> None:
    """Put records in the order of the documents, so that no page depends on the files' layout."""
    orders = {
        name: {section.name: number for number, section in enumerate(source.sections)}
        for name, source in ledger.sources.items()
    }
    sources = list(ledger.sources)

    def place(record: Any) -> tuple[int, int, str]:
        first = getattr(record, "cited", None) or [record]
        source, section = first[0].source, getattr(first[0], "section", "")
        rank = sources.index(source) if source in orders else len(sources)
        last = getattr(record, "id", None) or getattr(record, "run", None)
        return rank, orders.get(source, {}).get(section, len(orders)), str(last)

    for name in ("statistics", "events", "items", "missing"):
        records = getattr(ledger, name)
        setattr(ledger, name, dict(sorted(records.items(), key=lambda each: place(each[1]))))
    # Measures in the order of their first statistic; unused ones last.
    used = {s.measure: n for n, s in reversed([*enumerate(ledger.statistics.values())])}
    measures = sorted(ledger.measures, key=lambda name: (used.get(name, len(used) * 2), name))
    ledger.measures = {name: ledger.measures[name] for name in measures}
    ledger.renamed = dict(sorted(ledger.renamed.items()))
    ledger.names = dict(sorted(ledger.names.items(), key=lambda each: each[0].casefold()))
    ledger.subjects = {name: sorted(ids) for name, ids in sorted(ledger.subjects.items())}
    ledger.dismissals.sort(key=place)
    ledger.audits.sort(key=place)
    ledger.changes.sort(key=lambda each: (each.date.text, each.figure))


def validated(
    entry: Mapping, model: type[Record], path: str
) -> tuple[Record | None, list[Problem]]:
    """The record that an entry of a file gives, or None with a problem for each wrong field.

    >>> validated(Mapping(0), Statistic, "data/statistics/kettles.yml")[1][0].message[:29]
    "the field 'id' is missing: Un"
    """
    try:
        record = model.model_validate(entry)
    except ValidationError as error:
        wanted = entry.get(model.key)
        who = f"{model.called} {shown(wanted)}: " if isinstance(wanted, str) else ""
        found = _field_problems(error, model, entry)
        return None, [Problem(path, *mark, who + message) for mark, message in found]
    record._tree, record._path = entry, path
    return record, []


def _read(path: Path, model: type[Record], shown: str, state: files.State | None) -> ReadFile:
    tree, problems = yaml.read(path, shown)
    records: list[tuple[type[Record], Record | None]] = []
    for entry in tree if isinstance(tree, Sequence) else ():
        of, record = model, None
        if isinstance(entry, Mapping):
            of = next((m for m in models_of(model) if m.key in entry), model)
            record, found = validated(entry, of, shown)
            problems += found
        records.append((of, record))
    return ReadFile(state, tree, records, problems)


class _Reader:
    """Reads file after file into one ledger.

    An id is `declared` also by a record that does not hold, and a kind of record whose file cannot
    be read is `unreadable`: what refers to either is not a second problem.
    """

    def __init__(self, root: Path, elsewhere: Elsewhere, known: dict[Path, ReadFile]) -> None:
        self.root = root
        self.known = known
        self.ledger = Ledger(root, elsewhere=elsewhere)
        self.problems: list[Problem] = []
        self.declared: dict[str, tuple[type[Record], str]] = {}
        self.unreadable: set[type[Record]] = set()
        self.spelled: dict[str, str] = {}  # each spelling of each name, and where it stands

    def files(self) -> Iterator[tuple[Path, type[Record]]]:
        data = self.root / "data"
        known = set()
        for name, model in FILES.items():
            for path in sorted(data.glob(name)) if "*" in name else [data / name]:
                known.add(path)
                # A broken link is a file that cannot be read, and not one that was left out.
                if os.path.lexists(path):
                    yield path, model
        if not data.is_dir():
            return
        # A file with a mistyped name would be left out in silence.
        for path in sorted(Path(each.path) for each in files.files(data)):
            if path.suffix in (".yml", ".yaml") and path not in known:
                hint = nearest(path.name, [name for name in FILES if "*" not in name])
                shown = path.relative_to(self.root).as_posix()
                self._add(shown, (0, 0), f"no file of the ledger has this name.{hint}")

    def read(self, path: Path, model: type[Record]) -> None:
        shown = path.relative_to(self.root).as_posix()
        file, now = self.known.get(path), files.state_of(path)
        if file is None or file.tree is None or file.state != now:
            file = self.known[path] = _read(path, model, shown, now)
        self.problems += file.problems
        tree = file.tree
        if not isinstance(tree, Sequence):
            self.unreadable.update(models_of(model))
            if tree is not None:
                found = "a mapping" if isinstance(tree, Mapping) else "text"
                self._add(shown, (1, 1), f"expected a list of records, found {found}")
            return
        # A subject is there also where its file has no record that holds.
        if model is Statistic:
            self.ledger.subjects[path.stem] = []
        for number, (entry, (wanted, record)) in enumerate(zip(tree, file.records, strict=True)):
            if isinstance(entry, Mapping):
                self._take(entry, wanted, record, shown, path.stem)
            else:
                found = "a list" if isinstance(entry, Sequence) else repr(str(entry)[:60])
                message = f"expected a {model.called} with its fields, found {found}"
                self._add(shown, place(tree, (number,)), message)

    def take_parties_of_sources(self) -> None:
        """Of a book that has no file of parties, the parties are those of its documents."""
        if not os.path.lexists(self.root / "data/parties.yml"):
            names = [source.party for source in self.ledger.sources.values()]
            self.ledger.parties = {name: Party(name=name) for name in names}
            declared = [model for model, _ in self.declared.values() if model is Source]
            if Source in self.unreadable or len(declared) > len(self.ledger.sources):
                self.unreadable.add(Party)  # a document that does not hold may have the party

    def _take(
        self, entry: Mapping, model: type[Record], record: Record | None, path: str, stem: str
    ) -> None:
        wanted = entry.get("id")
        # Declared also where it does not hold, so that what names it is no second problem.
        is_new = self._declare(wanted, model, entry, path)
        kept = getattr(self.ledger, FIELDS_OF_LEDGER[model])
        if isinstance(record, Dismissal | Audit | Changed):
            kept.append(record)
        elif isinstance(record, Renamed):
            self._rename(record)
        elif isinstance(record, Name):
            self._name(record)
        elif issubclass(model, _WORDS):
            self._word(record, model, kept)
        elif is_new and record:
            kept[wanted] = record
            if model is Statistic:
                self.ledger.subjects[stem].append(str(wanted))

    def _rename(self, record: Renamed) -> None:
        # The first one counts, as of an id that two records have.
        first = self.ledger.renamed.setdefault(record.old, record)
        if first is not record:
            message = f"{record.old!r} was renamed to {first.new!r} already; keep one"
            self.problems.append(record.problem(("old",), message))

    def _word(self, record: Record | None, model: type[Record], kept: dict[str, Record]) -> None:
        if record is None:
            self.unreadable.add(model)  # one that does not hold may be what others name
            return
        first = kept.setdefault(getattr(record, model.key), record)
        if first is not record:
            line = place(first._tree, (model.key,))[0]
            message = f"stands at {first._path}:{line} already; keep one"
            self.problems.append(record.problem((model.key,), message))

    def _name(self, record: Name) -> None:
        for number, text in enumerate(record.spellings):
            location = ("also", number - 1) if number else ("name",)
            line = place(record._tree, location)[0]
            if (folded := text.casefold()) in self.spelled:
                message = f"{text!r} stands at {self.spelled[folded]} already; keep one"
                self.problems.append(record.problem(location, message))
            else:
                self.spelled[folded] = f"{record._path}:{line}"
        self.ledger.names.setdefault(record.name, record)

    def _declare(self, wanted: Any, model: type[Record], entry: Mapping, path: str) -> bool:
        if not isinstance(wanted, str):
            return False
        mark = place(entry, ("id",))
        if wanted in self.declared:
            taken_by = self.declared[wanted][1]
            self._add(path, mark, f"the id {wanted!r} is taken already, at {taken_by}")
            return False
        self.declared[wanted] = model, f"{path}:{mark[0]}"
        return True

    def _add(self, path: str, mark: tuple[int, int], message: str) -> None:
        self.problems.append(Problem(path, *mark, message))


def _field_problems(
    error: ValidationError, model: type[Record], entry: Mapping
) -> Iterator[tuple[tuple[int, int], str]]:
    # pydantic's own sentences name neither the line nor what to write.
    for detail in error.errors(include_url=False):
        location = detail["loc"]
        if not location or not isinstance(location[-1], str | int):
            yield place(entry, ()), _expectation(detail)
            continue
        owner = _model_at(model, location[:-1])
        name = str(location[-1])
        if detail["type"] == "missing":
            rule = owner.model_fields[name].description
            yield place(entry, location[:-1]), f"the field {name!r} is missing: {rule}"
        elif detail["type"] == "extra_forbidden":
            hint = nearest(name, owner.model_fields)
            message = f"unknown field {name!r}.{hint}"
            yield place(entry, location, of_key=True), message
        else:
            field = next((str(step) for step in reversed(location) if isinstance(step, str)), "")
            yield place(entry, location), f"{field}: {_expectation(detail)}"


def _model_at(model: type[Record], location: tuple[int | str, ...]) -> type[Record]:
    """The record type that a location in the data of `model` leads into."""
    for step in location:
        if isinstance(step, str):  # an index leads to a record of the same type
            annotation: Any = model.model_fields[step].annotation
            model = next((p for p in _parts(annotation) if issubclass(p, Record)), model)
    return model


def _parts(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _expectation(detail: Any) -> str:
    found = shown(detail["input"])
    match detail["type"]:
        case "value_error":
            return str(detail["ctx"]["error"])
        case "literal_error":
            choices = detail["ctx"]["expected"]
            hint = nearest(str(detail["input"]), choices.replace("'", "").split(", "))
            return f"expected {choices}; found {found}.{hint}"
        case "list_type":
            return f"expected a list, found {found}"
        case "too_short":
            return "expected at least one entry, found none"
        case "model_type":
            return f"expected fields with their values, found {found}"
    return f"{detail['msg']}, found {found}"
