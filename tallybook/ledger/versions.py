"""Two versions of a book's records: what of its figures is another in the second.

Fields are compared as they are typed, so that records of an older schema are compared too, which
today's rules refuse. What cannot be compared is said, and is never taken for gone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, get_args

from tallybook.errors import counted
from tallybook.ledger import figures, history, loading, yaml
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import plain
from tallybook.ledger.records import FILES, Event, Measure, Record, Source, Statistic

What = Literal["added", "changed", "renamed", "gone"]
COMPUTED = "computed figure"
_STALE = "stale, so that what is computed there may be another now"
# Figures, and what they are figures of and what states them, in the order in which they are told.
_RECORDS: tuple[type[Record], ...] = (Statistic, Event, Measure, Source)
_KINDS = (Statistic.called, COMPUTED, Event.called, Measure.called, Source.called)
_WHATS = get_args(What)
_COMPUTED_WITH = frozenset(
    "value low high bound high_bound measure period scope of compared_with condition reading "
    "rounded_to members date floor ceiling unit words allows".split()
)
# What a reader sees of a figure that other records say, and the fields by which it names these.
_BY_OTHERS = {"label": {"label", "measure", "condition"}, "source": {"source"}}
_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40}|/[1-9]\d{0,40})?")
_NAMED = 5  # records that a sentence names before it counts the rest


@dataclass(frozen=True)
class Entry:
    """A record as one version has it: its fields as typed, and what a reader sees of it.

    `words` are those of a figure, the date of an event, a measure's label or a source's title;
    `seen` has all that a reader sees of a figure, as today's rules read it (`history.FIELDS`).
    `inputs` are the ids that a computed figure is made of, or that a statistic names.
    """

    kind: str
    id: str
    fields: Mapping[str, str]
    words: str
    seen: Mapping[str, str] = field(default_factory=dict)
    inputs: frozenset[str] = frozenset()
    path: str = ""


@dataclass(frozen=True)
class Version:
    """The figures of a book as one version has them, and why some cannot be compared.

    `unreadable` are the files that cannot be read, by their paths; `stale` the notebooks that were
    not executed since what they read changed.
    """

    name: str
    ledger: Ledger
    entries: Mapping[tuple[str, str], Entry]
    notes: tuple[str, ...] = ()
    unreadable: Set[str] = frozenset()
    stale: Set[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """What became of one record: each field that differs, with what it was and is.

    `seen` are the differences that a reader sees of a figure. A text is "" where there is none.
    `was` is the id before, of a renamed one; `into` the id to which one that is gone leads.
    `through` are the changed records that it is made of.
    """

    what: What
    kind: str
    id: str
    old: str
    new: str
    fields: tuple[tuple[str, str, str], ...] = ()
    seen: tuple[tuple[str, str, str], ...] = ()
    was: str = ""
    into: str = ""
    through: tuple[str, ...] = ()


@dataclass(frozen=True)
class Differences:
    """All changes from one version to another, computed figures that stayed, and what is unknown.

    `stayed` are the computed figures whose value is the same though something that they are
    computed from changed; those of stale notebooks are none.
    """

    changes: tuple[Change, ...]
    stayed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> Counter[tuple[What, str]]:
        """How many records of each kind were changed in each way."""
        return Counter((change.what, change.kind) for change in self.changes)


def read(
    root: Path,
    name: str,
    derived: Mapping[str, Iterable[Figure]] | None = None,
    unread: Mapping[str, str] | None = None,
    stale: Set[str] = frozenset(),
) -> Version:
    """The version of a book that lies in a folder.

    `derived` has the figures that its notebooks hold, by the notebooks' paths; `unread` says of the
    others why theirs are not known, and `stale` are those whose figures may be others now.

    >>> version = read(Path("tests/books/kettles"), "now")
    >>> version.entries["statistic", "stores-closed-2017"].words, version.notes
    ('more than 1,000', ())
    """
    ledger, _ = loading.inspect(root)
    reader = _Reader(root, name, ledger)
    for kind in _RECORDS:
        reader.read(kind)
    for path, found in (derived or {}).items():
        ledger.published |= {figure.id: figure for figure in found}
        for figure in found:
            reader.entries[COMPUTED, figure.id] = _computed(ledger, figure, path)
    notes = [*reader.notes, *reader.refused()]
    for why in dict.fromkeys((unread or {}).values()):
        paths = [path for path, each in (unread or {}).items() if each == why]
        notes.append(f"{name}: {why}: {', '.join(paths)}")
    if stale:
        notes.append(f"{name}: {_STALE}: {', '.join(sorted(stale))}. To execute: tallybook run")
    unreadable = reader.unreadable | {*(unread or ())}
    return Version(name, ledger, reader.entries, tuple(notes), unreadable, stale)


class _Reader:
    """Reads the records of one version, kind by kind, whatever their schema."""

    def __init__(self, root: Path, name: str, ledger: Ledger) -> None:
        self.root, self.name, self.ledger = root, name, ledger
        self.entries: dict[tuple[str, str], Entry] = {}
        self.notes: list[str] = []
        self.unreadable: set[str] = set()
        self.old_schema: list[str] = []

    def read(self, model: type[Record]) -> None:
        (pattern,) = (name for name, kind in FILES.items() if kind is model)
        for path in sorted((self.root / "data").glob(pattern)):
            shown = path.relative_to(self.root).as_posix()
            tree, problems = yaml.read(path, shown)
            if not isinstance(tree, yaml.Sequence):
                found = str(problems[0]) if problems else f"{shown}: expected a list of records"
                self.unreadable.add(shown)
                self.notes.append(f"{self.name}: {found}. Its records are not compared")
                continue
            for number, entry in enumerate(tree, start=1):
                wanted = entry.get("id") if isinstance(entry, yaml.Mapping) else None
                if not isinstance(wanted, str):
                    what = f"{model.called} {number} has no id, and is not compared"
                    self.notes.append(f"{self.name}: {shown}: {what}")
                elif (model.called, wanted) not in self.entries:  # the first one counts
                    self._add(model, str(wanted), entry, shown)

    def _add(self, model: type[Record], wanted: str, entry: yaml.Mapping, path: str) -> None:
        record, _ = loading.validated(entry, model, path)
        if record is None:
            self.old_schema.append(wanted)
        fields = dict(_flat(entry))
        seen = _seen(self.ledger, wanted) if isinstance(record, Statistic) else {}
        words = seen.get("words") or _words(fields)
        inputs = frozenset(
            text
            for name, text in fields.items()
            if name == "measure" or name.rpartition(": ")[2] == "source"
        )
        found = Entry(model.called, wanted, fields, words, seen, inputs, path)
        self.entries[model.called, wanted] = found

    def refused(self) -> Iterator[str]:
        if self.old_schema:
            named = ", ".join(self.old_schema[:_NAMED])
            more = len(self.old_schema) - _NAMED
            yield (
                f"{self.name}: {counted(len(self.old_schema), 'record')} not as this version of "
                f"tallybook has them, compared as typed: {named}"
                f"{f' and {more} more' if more > 0 else ''}"
            )


def _flat(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """The fields of a record with their texts; those inside others have both names."""
    for name, value in tree.items():
        called = f"{before}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{called}: ")
        elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
            yield from _numbered(value, called)
        elif name != "id" and value != []:
            yield called, _text(value)


def _numbered(entries: list[Any], called: str) -> Iterator[tuple[str, str]]:
    for number, each in enumerate(entries, start=1):
        fields = each if isinstance(each, Mapping) else {"entry": each}
        yield from _flat(fields, f"{called} {number}: ")


def _text(value: Any) -> str:
    """A value as it is compared: numbers in lowest terms, and each run of white space as one."""
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    text = " ".join(str(value).split())
    is_number = isinstance(value, yaml.Plain) and _NUMBER.fullmatch(text)
    return plain(Fraction(text)) if is_number else text


def _seen(ledger: Ledger, wanted: str) -> dict[str, str]:
    """What a reader sees of a figure; nothing in a ledger that does not hold."""
    try:
        return history.seen(ledger, wanted)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return {}


def _words(fields: Mapping[str, str]) -> str:
    names = ("cited 1: as_printed", "date", "label", "title", "value")
    return next((fields[name] for name in names if fields.get(name)), "")


def _computed(ledger: Ledger, figure: Figure, path: str) -> Entry:
    data = figures.to_json(figure)
    fields = {"label": figure.label, "unit": data["unit"], "point": data["point"]}
    fields["reasons"] = "; ".join(data["reasons"])
    fields["inputs"] = ", ".join(data["inputs"])
    fields["interval"] = ", ".join(map(str, data["interval"] or ()))
    # Times and documents are those of its inputs, whose changes are told themselves.
    seen = {
        name: text
        for name, text in _seen(ledger, figure.id).items()
        if name not in ("period", "source", "party")
    }
    return Entry(COMPUTED, figure.id, fields, figure.words, seen, figure.quantity.inputs, path)


# Comparing


def differences(old: Version, new: Version) -> Differences:
    """All that is another in the second of two versions, kind by kind, by ids.

    >>> version = read(Path("tests/books/kettles"), "now", {})
    >>> differences(version, version)
    Differences(changes=(), stayed=(), notes=())
    """
    pairs = _pairs(old, new, _renamed(old, new))
    own = [change for before, after in pairs if (change := _change(before, after))]
    changed = {name for change in own for name in (change.id, change.was) if name}
    through = {
        (after.kind, after.id): changed & (before.inputs | after.inputs) for before, after in pairs
    }
    moved = {change.id for change in own if any(map(_counts, change.fields))}
    changes = [
        replace(change, through=tuple(sorted(through.get((change.kind, change.id), ()))))
        for change in (*own, *_added(old, new, pairs), *_gone(old, new, pairs))
    ]
    changes.sort(key=lambda each: (_KINDS.index(each.kind), _WHATS.index(each.what), each.id))
    stayed = [
        wanted
        for (kind, wanted), names in through.items()
        if kind == COMPUTED
        and names & moved
        and wanted not in changed
        and new.entries[kind, wanted].path not in new.stale
    ]
    return Differences(tuple(changes), tuple(sorted(stayed)), (*old.notes, *new.notes))


def unrecorded(old: Version, new: Version, found: Differences) -> list[Change]:
    """The changes of figures that a reader sees, and that no record of a change tells so.

    A record that the old version has already is of an earlier change.

    >>> version = read(Path("tests/books/kettles"), "now")
    >>> empty = Version("before", Ledger(Path()), {})
    >>> len(unrecorded(empty, version, differences(empty, version)))
    6
    """
    earlier = [*old.ledger.changes]
    told: dict[str, dict[str, str]] = {}
    for record in (each for each in new.ledger.changes if each not in earlier):
        # Of several records of a figure the first says what was at the beginning.
        was = told.setdefault(record.figure, {})
        for name, text in ((record.what, ""), *history.before(record)):
            was.setdefault(name, text)
    return [
        change
        for change in found.changes
        if _is_figure(change.kind) and not _is_told(change, told.get(change.id, {}))
    ]


def _is_told(change: Change, was: Mapping[str, str]) -> bool:
    if change.what in ("changed", "renamed"):
        return all(was.get(name) == old for name, old, _ in change.seen)
    return change.what in was


def _counts(changed: tuple[str, str, str]) -> bool:
    """Whether what is computed from a record may be another because of a field."""
    return changed[0].partition(": ")[0] in _COMPUTED_WITH


def _renamed(old: Version, new: Version) -> dict[str, str]:
    """The ids of the old version that have another in the new one, with that."""
    before = {each.old: each.new for each in new.ledger.renamed.values()}
    # From a newer version to an older one a renaming is undone.
    before |= {each.new: each.old for each in old.ledger.renamed.values()}
    figures_of = [{name for kind, name in one.entries if _is_figure(kind)} for one in (old, new)]
    found: dict[str, str] = {}
    for name, now in sorted(before.items()):
        is_moved = name in figures_of[0] - figures_of[1] and now in figures_of[1] - figures_of[0]
        if is_moved and now not in found.values():
            found[name] = now
    return found


def _is_figure(kind: str) -> bool:
    return kind in (Statistic.called, COMPUTED)


def _pairs(old: Version, new: Version, renamed: Mapping[str, str]) -> list[tuple[Entry, Entry]]:
    """Each record that both versions have, under whatever id."""
    found = []
    for (kind, name), before in old.entries.items():
        now = renamed.get(name, name) if _is_figure(kind) else name
        if after := new.entries.get((kind, now)):
            found.append((before, after))
    return found


def _change(before: Entry, after: Entry) -> Change | None:
    fields = [*_fields(before.fields, after.fields)]
    # What today's rules cannot read in one of the versions is no change.
    own = {part for name, _, _ in fields for part in name.split(": ")}
    seen = [
        (name, before.seen[name], after.seen[name])
        for name in before.seen
        if before.seen[name] != after.seen.get(name, before.seen[name])
        # Another record that is called otherwise is no change of the figure.
        and (name not in _BY_OTHERS or own & _BY_OTHERS[name])
    ]
    fields += [each for each in seen if each[0] in ("words", "allows")]
    is_renamed = before.id != after.id
    if not fields and not is_renamed:
        return None
    return Change(
        "renamed" if is_renamed else "changed", after.kind, after.id, before.words, after.words,
        tuple(fields), tuple(seen), before.id if is_renamed else "",
    )  # fmt: skip


def _fields(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Each field that differs, with both texts; entries of lists are paired by what they cite."""
    old, new = _aligned(before, after)
    for name in dict.fromkeys((*old, *new)):
        if old.get(name, "") != new.get(name, ""):
            yield name, old.get(name, ""), new.get(name, "")


def _aligned(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of both without entries of lists that both have at whatever place."""
    sides = []
    entries = [_entries_of(side) for side in (before, after)]
    for own, (mine, other) in zip((before, after), (entries, entries[::-1]), strict=True):
        same = {number for number, entry in mine.items() if entry in other.values()}
        sides.append({
            name: text for name, text in own.items() if name.partition(": ")[0] not in same
        })  # fmt: skip
    return sides[0], sides[1]


def _entries_of(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The entries of lists among some fields, by the names that these begin with: "cited 1"."""
    found: dict[str, dict[str, str]] = {}
    for name, text in fields.items():
        start, _, rest = name.partition(": ")
        if re.search(r" \d+$", start):
            found.setdefault(start, {})[f"{start.rpartition(' ')[0]} {rest}"] = text
    return found


def _added(old: Version, new: Version, pairs: Iterable[tuple[Entry, Entry]]) -> Iterator[Change]:
    paired = {(after.kind, after.id) for _, after in pairs}
    for key, entry in new.entries.items():
        if key not in paired and _is_certain(entry, old):
            yield Change("added", entry.kind, entry.id, "", entry.words)


def _gone(old: Version, new: Version, pairs: Iterable[tuple[Entry, Entry]]) -> Iterator[Change]:
    paired = {(before.kind, before.id) for before, _ in pairs}
    for key, entry in old.entries.items():
        if key not in paired and _is_certain(entry, new):
            leads = new.ledger.renamed.get(entry.id)
            into = leads.new if leads and _is_figure(entry.kind) else ""
            seen = tuple((name, text, "") for name, text in entry.seen.items() if text)
            yield Change("gone", entry.kind, entry.id, entry.words, "", seen=seen, into=into)


def _is_certain(entry: Entry, other: Version) -> bool:
    """Whether a record is not in what of the other version could not be read."""
    return entry.path not in other.unreadable
