"""Enters records into the files of data/: those of an edited proposal, all of them or none.

A proposal has parts, each a list of records as its file has them. They are put behind the records
of these files, whose comments and layout stay. Before anything is written, what the files would say
is checked in a copy, as `tallybook check` does it; a problem has the line of the proposal.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook import files
from tallybook.errors import LedgerError, Problem, counted, nearest
from tallybook.ledger import coverage, loading, yaml
from tallybook.ledger.fields import id_mistake

SUBJECT = "subject"
PARTS = {
    "measures": ("data/measures.yml", "measure"),
    "statistics": ("data/statistics/{subject}.yml", "statistic"),
    "dismissed": ("data/dismissed.yml", "dismissal"),
}
_EMPTY = re.compile(r"^\[ *\][^\S\n]*(?:#.*)?\n?", re.MULTILINE)
_DASH = re.compile(r"^ *(?=- )", re.MULTILINE)
_APART = re.compile(r"\n[^\S\n]*\n *- ")
_MODELINE = "# yaml-language-server: $schema={}/{}.schema.json\n"
_PLACE = re.compile(r"(data/[\w./-]+\.yml):(\d+)")
_AS_A_LIST = "expected a list, each record of which begins with a dash on its own line"


@dataclass(frozen=True)
class Entered:
    """What was entered: how many records of each part, and the files that they are in."""

    numbers: dict[str, int]
    paths: tuple[str, ...]

    def __str__(self) -> str:
        """It in a sentence."""
        parts = [counted(number, PARTS[name][1]) for name, number in self.numbers.items()]
        return f"{', '.join(parts)} entered into {', '.join(self.paths)}."


@dataclass
class _Part:
    """The records of one part as they are typed, from a line of the proposal on."""

    path: str
    text: str
    number: int
    line: int
    indent: int
    first: int = 0  # the line that it begins at in its file
    shift: int = 0  # by how many columns it is farther right there

    def place(self, problem: Problem, shown_as: str) -> Problem:
        """A problem of its file at the place in the proposal, if it is one of these records."""
        if problem.path != self.path or not self.holds(problem.line):
            return problem
        column = max(problem.column - self.shift, 1) if problem.column else 0
        return Problem(shown_as, self.line_of(problem.line), column, problem.message)

    def holds(self, line: int) -> bool:
        """Whether a line of its file is one of these records'."""
        return self.first <= line < self.first + self.text.count("\n")

    def line_of(self, line: int) -> int:
        """The line in the proposal of a line of its file."""
        return line - self.first + self.line


def read(path: Path) -> str:
    """The text of a proposal. Raises LedgerError where it is no YAML.

    >>> read(Path("missing.yml"))
    Traceback (most recent call last):
        ...
    tallybook.errors.LedgerError: missing.yml: expected a YAML file here: missing
    """
    _, problems = yaml.read(path, str(path))
    if problems:
        raise LedgerError(problems)
    return path.read_bytes().decode("utf-8-sig")


def enter(root: Path, folder: Path | None, text: str, shown_as: str) -> Entered:
    """Enter all records of a proposal into the files of a book, or none.

    They are checked with the documents in a folder too, where these are at hand. Raises LedgerError
    with every problem, and OSError; the files are as they were then.

    >>> enter(Path("tests/books/kettles"), None, "mesures: []", "proposed.yml")
    Traceback (most recent call last):
        ...
    tallybook.errors.LedgerError: proposed.yml:1:1: no part 'mesures'; expected subject, measures, \
statistics or dismissed. Did you mean 'measures'?
    """
    parts, tree = _parts(text.replace("\r\n", "\n"), shown_as)
    before = {part.path: _bytes(root / part.path) for part in parts.values()}
    after = {part.path: _with_part(root, before[part.path], part) for part in parts.values()}
    sources = {*_sources(tree)}
    new = _problems(root, after, folder, sources) - _problems(root, {}, folder, sources)
    if new:
        placed = (_placed(problem, parts, shown_as) for problem in new)
        raise LedgerError(placed)
    _write(root, before, after)
    return Entered({name: part.number for name, part in parts.items()}, tuple(after))


def _parts(text: str, shown_as: str) -> tuple[dict[str, _Part], yaml.Mapping]:
    """The parts of a proposal that have records. Raises LedgerError."""
    tree, problems = yaml.parse(text, shown_as)
    if problems:
        raise LedgerError(problems)
    *others, last = (SUBJECT, *PARTS)
    known = f"{', '.join(others)} or {last}"
    if not isinstance(tree, yaml.Mapping):
        raise LedgerError([Problem(shown_as, 1, 1, f"expected parts by their names: {known}")])
    for name in tree.keys() - {SUBJECT, *PARTS}:
        hint = nearest(name, (SUBJECT, *PARTS))
        mark = yaml.place(tree, (name,), of_key=True)
        problems.append(Problem(shown_as, *mark, f"no part {name!r}; expected {known}.{hint}"))
    subject, found = tree.get(SUBJECT), {}
    for name, (path, noun) in PARTS.items():
        records = tree.get(name, "")
        if records in ("", []):
            continue
        part = _part(tree, name, text.split("\n"))
        if isinstance(part, str):
            message = f"{name}: {part.format(noun=noun)}"
            problems.append(Problem(shown_as, *yaml.place(tree, (name,), of_key=True), message))
            continue
        if name == "statistics" and (mistake := _mistake_of(subject)):
            mark = yaml.place(tree, (SUBJECT,))
            problems.append(Problem(shown_as, *mark, f"{SUBJECT}: {mistake}"))
        part.path = path.format(subject=subject)
        found[name] = part
    if not found and not problems:
        problems.append(Problem(shown_as, 1, 0, "there is no record in it to enter"))
    if problems:
        raise LedgerError(problems)
    return found, tree


def _mistake_of(subject: Any) -> str:
    if not isinstance(subject, str) or not subject:
        return "expected the name of a file of data/statistics/, without .yml"
    return id_mistake(subject)


def _part(tree: yaml.Mapping, name: str, lines: list[str]) -> _Part | str:
    """The lines of a part's records; or what is wrong with it."""
    records = tree[name]
    if not isinstance(records, yaml.Sequence):
        found = "fields" if isinstance(records, yaml.Mapping) else "text"
        return f"expected a list of records, found {found}"
    line = yaml.place(tree, (name,), of_key=True)[0] + 1
    keys = sorted(yaml.place(tree, (each,), of_key=True)[0] for each in tree)
    end = next((key for key in keys if key >= line), len(lines) + 1)
    own = lines[line - 1 : end - 1]
    # What is typed above a record stays there; behind the last one it is of the next part.
    while own and (not own[-1].strip() or own[-1].lstrip().startswith("#")):
        own.pop()
    while own and not own[0].strip():
        own.pop(0)
        line += 1
    dash = _DASH.search("\n".join(own))
    indent = len(dash[0]) if dash else 0
    text = "".join(f"{each.removeprefix(' ' * indent)}\n" for each in own)
    if yaml.parse(text, "")[0] != records:
        return _AS_A_LIST
    return _Part("", text, len(records), line, indent)


def _sources(tree: Any) -> Iterator[str]:
    """The sources that records name."""
    if isinstance(tree, Mapping):
        if isinstance(source := tree.get("source"), str):
            yield source
        for value in tree.values():
            yield from _sources(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _sources(value)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _with_part(root: Path, before: bytes | None, part: _Part) -> bytes:
    if before is None:
        before = _modeline(root, part.path)
        tree: Any = []
    else:
        tree, problems = yaml.read(root / part.path, part.path)
        if problems:
            raise LedgerError(problems)
    after, part.first, indent = appended(before, part.text, part.path, tree)
    part.shift = indent - part.indent
    return after


def _modeline(root: Path, path: str) -> bytes:
    """The first line of a new file, by which editors know its fields, where the book has that."""
    place = ("../schema", "statistics") if "/statistics/" in path else ("schema", Path(path).stem)
    has_schema = (root / f"data/schema/{place[1]}.schema.json").is_file()
    return _MODELINE.format(*place).encode() if has_schema else b""


def appended(before: bytes, entries: str, shown_as: str, tree: Any) -> tuple[bytes, int, int]:
    r"""A file with more entries behind its own, the line where they begin, and their indentation.

    `tree` is what the file has. Raises LedgerError where its list is not written with dashes.

    >>> appended(b"# Events\n[]\n", "- id: fire\n", "data/events.yml", [])
    (b'# Events\n- id: fire\n', 2, 0)
    """
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    raw = before.decode("utf-8-sig")
    text = raw.replace("\r\n", "\n")
    indent = ""
    if tree:
        first = _DASH.search(text)
        indent = first[0] if first else ""
        gap = "\n\n" if len(tree) == 1 or _APART.search(text) else "\n"
        text = f"{text.rstrip()}{gap}"
    else:
        text = _EMPTY.sub("", text)
        text += "\n" if text and not text.endswith("\n") else ""
    line = text.count("\n") + 1
    text += re.sub(r"^(?=.)", indent, entries, flags=re.MULTILINE)
    after, problems = yaml.parse(text, shown_as)
    if problems or after != [*tree, *yaml.parse(entries, shown_as)[0]]:
        advice = f"{_AS_A_LIST}; write it so, or enter this record by hand:\n{entries}"
        raise LedgerError([Problem(shown_as, 0, 0, advice)])
    end = "\r\n" if "\r\n" in raw else "\n"
    return mark + text.replace("\n", end).encode(), line, len(indent)


def _problems(
    root: Path, changed: Mapping[str, bytes], folder: Path | None, sources: set[str]
) -> set[Problem]:
    """The problems of a book, some files of which are changed, and of what it has of sources."""
    if not changed:
        return _checked(root, folder, sources)
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        shutil.copytree(root / "data", copy / "data", ignore=shutil.ignore_patterns("schema", ".*"))
        for path, content in changed.items():
            (copy / path).parent.mkdir(exist_ok=True)
            (copy / path).write_bytes(content)
        return _checked(copy, folder, sources)


def _checked(root: Path, folder: Path | None, sources: set[str]) -> set[Problem]:
    ledger, problems = loading.inspect(root)
    documents = {}
    for name in sources & ledger.sources.keys():
        if folder and (folder / f"{name}.txt").is_file():
            document, found = coverage.document_of(ledger.sources[name], folder, ledger.spelled)
            problems += found
            if document:
                documents[name] = document
    return {*problems, *coverage.compare(ledger, documents)[1]}


def _placed(problem: Problem, parts: Mapping[str, _Part], shown_as: str) -> Problem:
    """A problem at its place in the proposal, which its message names too."""

    def of_proposal(found: re.Match[str]) -> str:
        line = int(found[2])
        part = next((p for p in parts.values() if p.path == found[1] and p.holds(line)), None)
        return f"{shown_as}:{part.line_of(line)}" if part else found[0]

    for part in parts.values():
        placed = part.place(problem, shown_as)
        if placed is not problem:
            problem = placed
            break
    message = _PLACE.sub(of_proposal, problem.message)
    return Problem(problem.path, problem.line, problem.column, message)


def _write(root: Path, before: Mapping[str, bytes | None], after: Mapping[str, bytes]) -> None:
    """Write all files, or none: what was written is as before where another cannot be."""
    for path, content in before.items():
        if _bytes(root / path) != content:
            message = "was changed meanwhile; nothing is entered: call it again"
            raise LedgerError([Problem(path, 0, 0, message)])
    written = []
    try:
        for path, new in after.items():
            written.append(path)
            files.write(root / path, new)
    except BaseException:  # an interruption too
        for path in written:
            content = before[path]
            if content is None:
                (root / path).unlink(missing_ok=True)
            else:
                files.write(root / path, content)
        raise
