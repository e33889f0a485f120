"""Ledgers of any size with documents that bear them out, made after the pattern of a real one.

Each record of the pattern is told anew, once for every copy: with the same fields, bound, kind of
period and number of citations, but another value, date and place. Each citation becomes a sentence
in the section that stands for the cited one, and prose without numerals fills the section up. A
seed makes every run write the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random

import yaml

from benchmarks import phrases, statements
from benchmarks.statements import TAIL, Fields
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import (
    Dismissal,
    Event,
    Item,
    Measure,
    Mention,
    Missing,
    Record,
    Source,
    Statistic,
)

SEED = 20180116
SUBJECTS = 4  # files of statistics at every size, so that a table grows with the ledger
MOST_IN_A_FILE = 10_000  # statistics: two thirds of what the loader reads in one file


@dataclass(frozen=True, slots=True)
class Book:
    """Where a generated ledger stands, and the documents that it cites."""

    root: Path
    documents: Path


def write(
    pattern: Ledger, folder: Path, size: int, *, section_length: int, longer: bool = False
) -> Book:
    """A ledger of `size` copies of the pattern, and its documents, in a new folder.

    There are `size` times as many documents, each as long as the pattern's; with `longer` as many
    documents, each `size` times as long. A section has `section_length` characters, and up to a
    sentence more.
    """
    copies = _Copies(pattern, longer=longer)
    for number in range(1, size + 1):
        copies.add(number)
    book = Book(folder, folder / "documents")
    book.documents.mkdir(parents=True)
    (folder / "_config.yml").write_text("title: Generated\n", encoding="utf-8")
    for source in copies.files["sources.yml"]:
        sections = copies.sections[source["id"]].values()
        text = "\n\n".join(_text(copies.random, s, section_length) for s in sections).encode()
        (book.documents / f"{source['id']}.txt").write_bytes(text)
        source["text_sha256"] = hashlib.sha256(text).hexdigest()
        source["sections"] = [{"name": s.name, "opens": s.opens} for s in sections]
    for name, records in _files(copies):
        _dump(folder / "data" / name, records)
    _dump(folder / "data" / "audit.yml", [])
    _dump(folder / "data" / "parties.yml", _as_written(pattern.parties.values()))
    words = (pattern.kinds, pattern.relations, pattern.answer_kinds)
    _dump(folder / "data" / "vocabulary.yml", _as_written(w for m in words for w in m.values()))
    return book


@dataclass(slots=True)
class _Section:
    """A section of a document, and the sentences that records cite in it."""

    name: str
    opens: str
    sentences: list[str] = field(default_factory=list)


class _Copies:
    """Collects the records, copy after copy, and what their documents have to say."""

    def __init__(self, pattern: Ledger, *, longer: bool) -> None:
        self.pattern = pattern
        self.longer = longer
        self.random = Random(SEED)  # noqa: S311  # the same every time, and no secret
        self.numbers = count(1)
        self.sections: dict[str, dict[str, _Section]] = {}
        self.files: dict[str, list[Fields]] = {}

    def add(self, copy: int) -> None:
        """Tell every record of the pattern once more."""
        pattern = self.pattern
        for source in pattern.sources.values():
            self._add_source(source, copy)
        told = {
            "measures.yml": [_measure(m, copy) for m in pattern.measures.values()],
            "events.yml": [self._event(e, copy) for e in pattern.events.values()],
            "comparison.yml": [self._item(i, copy) for i in pattern.items.values()],
            "missing.yml": [self._missing(m, copy) for m in pattern.missing.values()],
            "dismissed.yml": [self._dismissal(d, copy) for d in pattern.dismissals],
            "statistics": [self._statistic(s, copy) for s in pattern.statistics.values()],
        }
        for name, records in told.items():
            self.files.setdefault(name, []).extend(records)

    def _add_source(self, source: Source, copy: int) -> None:
        wanted = self._source_id(source.id, copy)
        if wanted not in self.sections:
            self.sections[wanted] = {}
            fields = {"id": wanted, "title": source.title, "party": source.party}
            fields |= {"publisher": source.publisher, "published": source.published.text}
            self.files.setdefault("sources.yml", []).append(fields)
        for section in source.sections:
            name, opens = f"{section.name} {copy}", f"The account of {self._place()}"
            self.sections[wanted][name] = _Section(name, opens)

    def _source_id(self, wanted: str, copy: int) -> str:
        return _id(wanted, 1 if self.longer else copy)

    def _place(self) -> str:
        return phrases.name(next(self.numbers))

    def _print(self, like: Mention | Dismissal, copy: int, sentence: str) -> Fields:
        """Print a sentence where a record cites it; the fields that say where that is."""
        wanted, name = self._source_id(like.source, copy), f"{like.section} {copy}"
        self.sections[wanted][name].sentences.append(sentence)
        speaker = getattr(like, "said_by", None)
        return {"source": wanted, "section": name} | ({"said_by": speaker} if speaker else {})

    def _mention(self, like: Mention, copy: int, period: str = "") -> Fields:
        run = f"the office of {self._place()} answered"
        is_dated = getattr(like, "period_as_printed", None) is not None
        dated = f" to those of {period}" if is_dated else ""
        where = self._print(like, copy, f"Here {run}{dated}, {TAIL}")
        where |= {"as_printed": run} if like.as_printed else {}
        return where | ({"period_as_printed": f"those of {period}"} if is_dated else {})

    def _event(self, like: Event, copy: int) -> Fields:
        dated = phrases.dated(self.random, like.date.text)
        cited = []
        for mention in like.cited:
            run = f"{self._place()} {dated.words[:1].lower()}{dated.words[1:]}"
            sentence = f"The officers met in {run}, {TAIL}"
            cited.append(self._print(mention, copy, sentence) | {"as_printed": run})
        fields = {"id": _id(like.id, copy), "label": like.label, "date": dated.edtf}
        return fields | {"party": like.party, "cited": cited}

    def _item(self, like: Item, copy: int) -> Fields:
        fields: Fields = {"id": _id(like.id, copy), "kind": like.kind, "party": like.party}
        fields |= {"period": like.period.text, "label": like.label, "text": like.text}
        fields["cited"] = [self._mention(m, copy, str(like.period)) for m in like.cited]
        for name in ("statistics", "events", "missing"):
            fields[name] = [_id(wanted, copy) for wanted in getattr(like, name)]
        links = [link.model_dump(exclude_none=True) for link in like.links]
        fields["links"] = [link | {"to": _id(link["to"], copy)} for link in links]
        return {name: value for name, value in fields.items() if value}

    def _missing(self, like: Missing, copy: int) -> Fields:
        fields = {"id": _id(like.id, copy), "label": like.label, "because": like.because}
        return fields | {"cited": [self._mention(mention, copy) for mention in like.cited]}

    def _dismissal(self, like: Dismissal, copy: int) -> Fields:
        run = f"page {self.random.randint(2, 90)} of {self._place()}"
        where = self._print(like, copy, f"See {run}, {TAIL}")
        return where | {"run": run, "times": 1, "reason": like.reason}

    def _statistic(self, like: Statistic, copy: int) -> Fields:
        unit = self.pattern.measures[like.measure].unit
        statement = statements.statement(self.random, like, unit, self._place)
        cited = []
        for mention in like.cited:
            sentence, run = statement.printed(self._place())
            where = self._print(mention, copy, sentence)
            cited.append(where | {"as_printed": run} | statement.runs)
        fields = {"id": _id(like.id, copy), "measure": _id(like.measure, copy)}
        return fields | statement.fields | {"cited": cited}


def _as_written(records: Iterable[Record]) -> list[Fields]:
    return [record.model_dump(exclude_unset=True) for record in records]


def _measure(like: Measure, copy: int) -> Fields:
    fields = {"id": _id(like.id, copy), "label": like.label, "kind": like.kind}
    fields |= {"unit": phrases.unit_of(like.unit), "definition": like.definition}
    # Values are drawn anew and not in proportion, so that only these two limits still hold.
    limits = {"floor": 0} if like.floor is not None else {}
    if fields["unit"] == "percent" and like.ceiling is not None:
        limits["ceiling"] = 100
    return fields | limits


def _id(wanted: str, copy: int) -> str:
    return f"{wanted[:70]}-{copy}"


def _text(random: Random, section: _Section, length: int) -> str:
    """The text of a section: its opening, and its sentences among prose."""
    sentences = section.sentences
    room = length - len(section.opens) - sum(len(sentence) + 2 for sentence in sentences)
    paragraphs = phrases.prose(random, room)
    for number, sentence in enumerate(sentences):
        paragraphs.insert(number * (len(paragraphs) + 1) // len(sentences), sentence)
    return "\n\n".join([f"{section.opens} opens this part.", *paragraphs])


def _files(copies: _Copies) -> Iterator[tuple[str, list[Fields]]]:
    """The records of each file in the data folder."""
    statistics = copies.files["statistics"]
    for name, records in copies.files.items():
        if name != "statistics":
            yield name, records
    subjects = max(SUBJECTS, -(-len(statistics) // MOST_IN_A_FILE))
    for number in range(subjects):
        yield f"statistics/subject-{number + 1}.yml", statistics[number::subjects]


def _dump(path: Path, records: list[Fields]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(
        records, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=1000
    )
    path.write_text(text, encoding="utf-8")
