"""Takes a document into a book: its text as a file, and its record in data/sources.yml.

The text is written first and the record last, each as a whole. Comments and the order of the
records stay as they are.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tallybook import files
from tallybook.errors import DocumentRefused, LedgerError, Problem, counted, nearest, refused
from tallybook.ledger import consistency, loading, yaml
from tallybook.ledger.document import Document
from tallybook.ledger.fields import id_mistake
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.proposals import entering
from tallybook.ledger.records import Party, Source
from tallybook.ledger.sections import sections
from tallybook.reading import documents
from tallybook.reading.original import PAGE, Original

SOURCES, PARTIES = "data/sources.yml", "data/parties.yml"
_LONGEST_ID = 60  # characters of those that are made here
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Added:
    """What was added: the source's id, its text's file, and sentences for who added it."""

    id: str
    text: Path
    notes: tuple[str, ...]


def add(root: Path, folder: Path, path: Path, given: Mapping[str, str]) -> Added:
    """Take a document into a book, whose texts are in a folder.

    `given` has fields of its record by their names, `party` at least; what it leaves out is read
    from the document. Raises DocumentRefused, and LedgerError where data/sources.yml cannot be
    read; nothing is written then.
    """
    ledger, problems = loading.inspect(root)
    raw = documents.content(path)
    digest = hashlib.sha256(raw).hexdigest()
    _refuse_what_is_there(ledger, path, digest)
    wanted = given.get("id") or _id(path.stem)
    _refuse_what_is_taken(ledger, path, wanted)
    _refuse_an_unknown_party(ledger, given["party"], problems)
    original = documents.read(path, raw)
    # A text is its own document, and is kept to the byte.
    is_text = raw.decode("utf-8-sig", "replace") == original.text
    text = raw if is_text else original.text.encode()
    parts = sections(original.text)
    if not parts:
        raise DocumentRefused(f"{path.name} says the same again and again; add what it says once")
    fields = {
        "id": wanted,
        "title": _title(original, path),
        "publisher": original.publisher or given["party"],
        "published": original.published or "unstated",
        "address": original.address,
        **given,
        "original_sha256": "" if is_text else digest,
        "text_sha256": hashlib.sha256(text).hexdigest(),
    }
    entries, entry = _with_record(root, _record(fields, parts))
    _refuse_what_does_not_hold(ledger, path, entry)
    _write(folder / f"{wanted}.txt", text, root / SOURCES, entries)
    return Added(wanted, folder / f"{wanted}.txt", (_counted(original, parts), *original.notes))


def _counted(original: Original, parts: list[tuple[str, str]]) -> str:
    document = Document("", original.text, {})
    pages = original.text.count(PAGE)
    found = [counted(len(parts), "section"), counted(len(document.numerals), "numeral")]
    return ", ".join([*([counted(pages + 1, "page")] if pages else []), *found])


def _refuse_what_is_there(ledger: Ledger, path: Path, digest: str) -> None:
    for source in ledger.sources.values():
        if digest in (source.original_sha256, source.text_sha256):
            place = source.problem(("id",), "")
            raise DocumentRefused(
                f"{path.name} is there already: {source.id!r}, at {place.path}:{place.line}"
            )


def _refuse_what_is_taken(ledger: Ledger, path: Path, wanted: str) -> None:
    if mistake := id_mistake(wanted):
        raise DocumentRefused(f"--id: {mistake}")
    if source := ledger.sources.get(wanted):
        place = source.problem(("id",), "")
        raise DocumentRefused(
            f"{wanted!r} is a source already, at {place.path}:{place.line}, of another document "
            f"than {path.name} is now. If this is a new one, give it an id with --id. If the file "
            "has changed since, take that record and its text out, and add it again: tallybook "
            "check then names each figure that it has otherwise"
        )
    if ledger.has(wanted):
        raise DocumentRefused(f"{wanted!r} is the id of another record; choose one with --id")


def _refuse_an_unknown_party(ledger: Ledger, name: str, problems: list[Problem]) -> None:
    if not os.path.lexists(ledger.root / PARTIES):  # they are those of the documents then
        ledger.parties.setdefault(name, Party(name=name))
    if name in ledger.parties:
        return
    if unreadable := [problem for problem in problems if problem.path == PARTIES]:
        raise LedgerError(unreadable)
    hint = nearest(name, ledger.parties)
    if ledger.parties and not hint:
        hint = f" It has {', '.join(ledger.parties)}."
    raise DocumentRefused(
        f"no party {name!r} in {PARTIES}.{hint} A new party is entered there first, on a line of "
        f"its own: - name: {yaml.scalar(name)}"
    )


def _refuse_what_does_not_hold(ledger: Ledger, path: Path, entry: yaml.Mapping) -> None:
    record, problems = loading.validated(entry, Source, SOURCES)
    if record:
        problems += consistency.of_record(ledger, record, {})
    if problems:
        said = "; ".join(problem.message for problem in problems)
        raise DocumentRefused(f"{path.name} is not added: {said}")


def _title(original: Original, path: Path) -> str:
    words = original.title.split() or path.stem.split()
    while len(" ".join(words)) > _LONGEST_TITLE:
        words = [*words[: -1 - (words[-1] == "…")], "…"]
    return " ".join(words)[: _LONGEST_TITLE + 1]


def _id(stem: str) -> str:
    """An id from the name of a file.

    >>> _id("Jährlicher Bericht_2024 (final)")
    'jahrlicher-bericht-2024-final'
    """
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].strip("-")
    return "document" if made in ("", "index") else made


def _record(fields: Mapping[str, str], parts: list[tuple[str, str]]) -> str:
    """A record of a source as YAML."""
    names = [name for name in Source.model_fields if fields.get(name)]
    lines = [f"{name}: {yaml.scalar(fields[name])}" for name in names]
    lines += ["sections:"]
    lines += [
        f"  - {{name: {yaml.scalar(name)}, opens: {yaml.scalar(run)}}}" for name, run in parts
    ]
    return (
        "\n".join(f"{'  ' if number else '- '}{line}" for number, line in enumerate(lines)) + "\n"
    )


def _with_record(root: Path, record: str) -> tuple[bytes, yaml.Mapping]:
    """data/sources.yml with one more record, and that. Raises LedgerError, and DocumentRefused."""
    path = root / SOURCES
    before: list[object] = []
    raw = b""
    if os.path.lexists(path):  # else it is written anew
        before, problems = yaml.read(path, SOURCES)
        if problems:
            raise LedgerError(problems)
        raw = path.read_bytes()
    try:
        text, _, _ = entering.appended(raw, record, SOURCES, before)
    except LedgerError as error:
        raise DocumentRefused(str(error)) from None
    return text, yaml.parse(text.decode("utf-8-sig"), SOURCES)[0][-1]


def _write(path: Path, text: bytes, sources: Path, entries: bytes) -> None:
    try:
        is_there = path.exists()
        if is_there and path.read_bytes() != text:
            raise DocumentRefused(
                f"{path} is there already, and no record has it as its text; move it away, or "
                "choose another id with --id"
            )
        files.write(path, text)
        try:
            files.write(sources, entries)
        except BaseException:  # an interruption too
            if not is_there:
                path.unlink()
            raise
    except OSError as error:
        raise DocumentRefused(refused(error)) from None
