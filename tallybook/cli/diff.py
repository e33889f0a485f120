"""What `tallybook diff` compares, and how it tells it: as text, as Markdown, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

from tallybook import files
from tallybook.errors import LedgerError, NotebookFailed, Problem, counted
from tallybook.ledger import revisions, versions, yaml
from tallybook.ledger.records import Measure
from tallybook.ledger.versions import COMPUTED, Change, Differences, Version
from tallybook.notebooks import session, staleness, stored
from tallybook.site import pages

CHANGES = "data/changes.yml"
_MODELINE = "# yaml-language-server: $schema=schema/changes.schema.json\n"
AS_IT_IS = "the files as they are"
_NOT_EXECUTED = "not executed, so that what it computes is not compared"
_SPECIAL = re.compile(r"([\\`*_\[\]|~#@])")
# Reasons of staleness that are no change of records or cells: "data.csv changed", "altair 5 → 6".
_OTHER_FILES = re.compile(r" changed$|^[\w.-]+ \S+ → \S+$")
_LONGEST = 50_000  # characters of a table; a comment on GitHub may have some 65,000 in all
_NO_LIST = "expected a list of records, to which entries can be added"
_NOTHING = "No figure has changed."


@dataclass(frozen=True)
class Report:
    """The differences of two versions by their names, and the pages concerned by their paths.

    `unrecorded` are the changes of figures that the second version has no record of; they are told
    of only where it `keeps_records`.
    """

    old: str
    new: str
    found: Differences
    pages: tuple[str, ...]
    unrecorded: tuple[Change, ...]
    keeps_records: bool


def compare(book: Path, old: str, new: str | None) -> Report:
    """The report on two revisions of a book, or on one and its files as they are.

    Raises NoRevision.
    """
    with ExitStack() as stack:
        first, second = (_version(book, name, stack) for name in (old, new))
        found = versions.differences(first, second)
        concerned, notes = _pages(first, second, found)
        unrecorded = versions.unrecorded(first, second, found)
        keeps_records = (second.ledger.root / CHANGES).is_file()
    unknown = (*found.notes, *notes)
    found = Differences(found.changes, found.stayed, unknown)
    names = first.name, second.name
    return Report(*names, found, tuple(concerned), tuple(unrecorded), keeps_records)


def _version(book: Path, name: str | None, stack: ExitStack) -> Version:
    if name is None:
        derived, unread = _derived(book)
        return versions.read(book, AS_IT_IS, derived, unread, _stale(book) - {*unread})
    at = stack.enter_context(revisions.unpacked(book, name))
    called = name if at.commit.startswith(name) else f"{name} ({at.commit[:10]})"
    derived, unread = _derived(at.root)
    links = dict.fromkeys(at.links, "a link, which is not followed")
    return versions.read(at.root, called, derived, unread | links, _stale(at.root) - {*unread})


def _derived(root: Path) -> tuple[dict[str, list[Any]], dict[str, str]]:
    """The figures of each notebook, by its path, and why those of others are not known."""
    derived, unread = {}, {}
    for path in stored.paths(root):
        shown = path.relative_to(root).as_posix()
        try:
            notebook = stored.load(path)
            derived[shown] = stored.published(notebook)
        except (NotebookFailed, ValueError):
            unread[shown] = "cannot be read, so that what it computes is not compared"
            continue
        code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        if code and not any(cell.get("execution_count") for cell in code):
            unread[shown] = _NOT_EXECUTED
    return derived, unread


def _stale(root: Path) -> set[str]:
    """The notebooks that were not executed since their cells, or the records they read, changed.

    Files, modules and libraries do not count: of a revision only some files are looked at, and it
    was executed with the libraries of its time.
    """
    found = staleness.all_reasons(staleness.Today(session.inspect(root)[0]), stored.paths(root))
    return {
        path.relative_to(root).as_posix()
        for path, reasons in found.items()
        if any(reason != staleness.NEVER and not _OTHER_FILES.search(reason) for reason in reasons)
    }


def _pages(old: Version, new: Version, found: Differences) -> tuple[list[str], list[str]]:
    """The pages of either version that show what changed, and why some are not known."""
    measures = {change.id for change in found.changes if change.kind == Measure.called}
    ids = {each for change in found.changes for each in (change.id, change.was) if each}
    concerned: dict[str, None] = {}
    notes = []
    for version in (new, old):
        figures = version.ledger.statistics.values()
        shown = ids | {each.id for each in figures if each.measure in measures}
        try:
            known = pages.read(version.ledger)
        except NotebookFailed:
            notes.append(f"{version.name}: pages cannot be told, for a notebook cannot be read")
            continue
        for page in known:
            if not shown.isdisjoint({*page.shown, *page.derived}):
                concerned[page.path] = None
    return list(concerned), notes


# As text


def text(report: Report) -> Iterator[str]:
    """The lines of a report for a terminal."""
    yield f"{report.old} → {report.new}"
    yield summary(report.found)
    for change in report.found.changes:
        yield f"{_headline(change)}"
        yield from (f"    {line}" for line in _details(change))
    if report.found.stayed:
        yield f"The same, though computed from what changed: {', '.join(report.found.stayed)}"
    if report.pages:
        yield "Pages concerned:"
        yield from (f"    {path}" for path in report.pages)
    if names := _told(report):
        yield f"Not recorded in {CHANGES}: {', '.join(names)}"
    for note in report.found.notes:
        yield f"Not compared in full: {note}"


def _unrecorded(report: Report) -> list[str]:
    """The figures whose change readers would see, and are not told."""
    return [each.id for each in report.unrecorded if each.seen or each.what == "added"]


def _told(report: Report) -> list[str]:
    return _unrecorded(report) if report.keeps_records else []


def summary(found: Differences) -> str:
    """How many records of each kind have changed, in a sentence."""
    told = [f"{counted(number, kind)} {what}" for (what, kind), number in found.counts.items()]
    return f"{'; '.join(told)}." if told else _NOTHING


def _headline(change: Change) -> str:
    was = f" (was {change.was})" if change.was else ""
    words = " → ".join(dict.fromkeys(each for each in (change.old, change.new) if each))
    return f"{change.what} {change.kind} {change.id}{was}: {words}"


def _details(change: Change) -> Iterator[str]:
    for name, old, new in change.fields:
        yield f"{name}: {old or 'not there'} → {new or 'not there'}"
    if change.through:
        yield f"with {', '.join(change.through)}"
    if change.kind == COMPUTED and change.what == "changed" and not change.through:
        yield "though nothing that it is computed from has changed"
    if change.into:
        yield f"its address leads to {change.into}"


# As Markdown, for a pull request


def markdown(report: Report) -> Iterator[str]:
    """The lines of a report for a comment on a pull request; no text in it is a mark or a name."""
    yield f"### Figures: {_plain(report.old)} → {_plain(report.new)}"
    yield from ("", summary(report.found))
    if report.found.changes:
        yield from ("", "| | id | was | is | what |", "| --- | --- | --- | --- | --- |")
        rows = [_row(change) for change in report.found.changes]
        lengths = accumulate(len(row) + 1 for row in rows)
        shown = [row for row, length in zip(rows, lengths, strict=True) if length <= _LONGEST]
        yield from shown
        if left := len(rows) - len(shown):
            yield from ("", f"and {left} more, for which a comment has no room: `tallybook diff`")
    if report.found.stayed:
        named = ", ".join(f"`{each}`" for each in report.found.stayed)
        yield from ("", f"The same, though computed from what changed: {named}")
    if report.pages:
        yield from ("", f"Pages concerned: {', '.join(map(_plain, report.pages))}")
    if names := _told(report):
        yield from ("", f"Not recorded in `{CHANGES}`: {', '.join(map(_plain, names))}")
    for note in report.found.notes:
        yield from ("", f"Not compared in full: {_plain(note)}")


def _row(change: Change) -> str:
    was = f"<br>was {_plain(change.was)}" if change.was else ""
    what = "<br>".join(map(_plain, _details(change)))
    cells = (
        f"{change.what} {change.kind}", f"{_plain(change.id)}{was}",
        _plain(change.old), _plain(change.new), what,
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """A text as Markdown shows it, without marks, HTML or names of people."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", " ".join(escaped.split()))


# As JSON


def as_json(report: Report) -> str:
    """A report for programs."""
    names = ("name", "old", "new")
    changes = [
        asdict(change) | {"fields": [dict(zip(names, each, strict=True)) for each in change.fields]}
        for change in report.found.changes
    ]
    data = {
        "old": report.old,
        "new": report.new,
        "changes": changes,
        "stayed": report.found.stayed,
        "pages": report.pages,
        "not_recorded": _told(report),
        "not_compared_in_full": report.found.notes,
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


TELLS = {
    "text": lambda report: "\n".join(text(report)),
    "markdown": lambda report: "\n".join(markdown(report)),
    "json": as_json,
}


# As records of changes


def record(book: Path, report: Report, day: date) -> str:
    """Add an entry to the book's records of changes for each change that has none, to be edited.

    Says in a sentence what was written. Nothing that the file has is changed; until an author
    writes why, the check refuses an entry.
    """
    wanted = set(_unrecorded(report))
    changes = [each for each in report.unrecorded if each.id in wanted]
    unseen = [each.id for each in report.unrecorded if each.id not in wanted]
    path = book / CHANGES
    if path.is_file() and not isinstance(yaml.read(path, CHANGES)[0], yaml.Sequence):
        raise LedgerError(yaml.read(path, CHANGES)[1] or [Problem(CHANGES, 1, 1, _NO_LIST)])
    text = path.read_text(encoding="utf-8") if path.is_file() else _MODELINE
    text = _MODELINE if text.strip() == "[]" else text.removesuffix("\n") + "\n"
    entries = [_entry(change, day) for change in changes]
    if entries:
        files.write(path, "\n".join([text, *entries]))
    more = f" Readers see nothing of what changed of {', '.join(unseen)}." if unseen else ""
    written = counted(len(entries), "entry").replace("entrys", "entries")
    edit = ": write why in each, under because." if entries else "."
    return f"{written} added to {CHANGES}{edit}{more}"


def _entry(change: Change, day: date) -> str:
    fields = [
        f"- figure: {change.id}", f'date: "{day.isoformat()}"', f"what: {change.what}",
    ]  # fmt: skip
    # Of a figure that is gone the page has its name, and the rest is of no use to anybody.
    kept = {"label", "words"} if change.what == "gone" else {name for name, _, _ in change.seen}
    was = [(name, old) for name, old, _ in change.seen if name in kept and old]
    if was:
        fields += [
            "was:",
            *(f"  {name}: {json.dumps(old, ensure_ascii=False)}" for name, old in was),
        ]
    fields.append('because: ""')
    return "\n  ".join(fields) + "\n"


def exit_code(found: Differences) -> int:
    """As of `git diff --exit-code`: 1 where something changed; 2 where that cannot be told."""
    return 1 if found.changes else 2 if found.notes else 0
