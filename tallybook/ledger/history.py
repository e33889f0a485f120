"""What changed of figures, as the records of changes have it: what each said before and says since.

A record keeps only what was before. What came after is what the next record of the figure has, or
what the figure says today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tallybook.ledger import figures, frames
from tallybook.ledger.records import Before, Changed
from tallybook.ledger.references import Reference
from tallybook.reading.periods import Period

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger

# What a change of a figure may be of, as a sentence on it begins.
FIELDS = {
    "id": "Its id was",
    "label": "What it counts was",
    "words": "Its words were",
    "allows": "What its words allow was",
    "period": "Its time was",
    "scope": "What it covers was",
    "party": "Who says so was",
    "source": "The documents that state it were",
}
HAPPENED = {
    "added": "Added to the book. ",
    "changed": "",
    "renamed": "Renamed. ",
    "gone": "No longer in the book. ",
}
NOTHING = "nothing"  # where a figure says none


@dataclass(frozen=True)
class Step:
    """One change of a figure: for each field what it was, and what it became.

    `place` is its number among the changes of the figure, from 0. A figure that is gone became
    nothing: the text is "".
    """

    figure: str
    place: int
    what: str
    date: Period
    because: str
    fields: Mapping[str, tuple[str, str]]


def seen(ledger: Ledger, wanted: str) -> dict[str, str]:
    """What a figure says today, by the names of FIELDS. Raises UnknownId.

    >>> import tallybook
    >>> found = seen(tallybook.load("tests/books/kettles"), "stores-closed-2017")
    >>> found["words"], found["period"], found["source"]
    ('more than 1,000', '2017', 'report')
    """
    figure = ledger.figure(wanted)
    documents = (ledger.source(name) for name in frames.sources(ledger, wanted))
    found = {
        "id": wanted,
        "label": figure.label,
        "words": figure.words,
        "allows": figures.allowed_in_words(figure.quantity),
        "period": frames.period(ledger, wanted),
        "scope": figure.scope,
        "party": figure.party,
        "source": "; ".join(each.short or each.title for each in documents),
    }
    return {name: text or NOTHING for name, text in found.items()}


def steps(ledger: Ledger, wanted: str) -> list[Step]:
    """The changes of a figure that are recorded, the newest last; none where there is no record."""
    records = [each for each in ledger.changes if each.figure == wanted]
    is_there = wanted in ledger.statistics or bool(records and ledger.derived(wanted))
    after: dict[str, str] = seen(ledger, wanted) if is_there and records else {}
    found = []
    for place, record in reversed([*enumerate(records)]):
        was = dict(before(record))
        fields = {name: (text, after.get(name, "")) for name, text in was.items()}
        after |= was
        found.append(Step(wanted, place, record.what, record.date, record.because, fields))
    return found[::-1]


def told(step: Step) -> Iterator[tuple[Reference | None, str]]:
    """The sentences on a change in pieces: texts of the ledger with their references, and ours.

    >>> from tallybook.reading.periods import parse
    >>> fields = {"words": ("nearly 1,000", "more than 1,000")}
    >>> step = Step("stores", 0, "changed", parse("2026-05-31"), "It was misread.", fields)
    >>> "".join(text for _, text in told(step))
    'Its words were “nearly 1,000”, then “more than 1,000”. It was misread.'
    """
    yield None, HAPPENED[step.what]
    # A figure that is gone is named by what it was.
    for name, (old, new) in step.fields.items() if step.what != "gone" else ():
        yield None, f"{FIELDS[name]} “"
        yield Reference("was", step.figure, step.place, name), old
        if new:
            yield None, "”, then “"
            yield Reference("became", step.figure, step.place, name), new
        yield None, "”. "
    yield None, step.because


def anchor(step: Step) -> str:
    """The anchor of a change on the page of its figure."""
    return f"change-{step.date.text}-{step.place}"


def called(step: Step) -> str:
    """What a figure that is gone was called."""
    return ": ".join(step.fields[name][0] for name in ("label", "words"))


def before(record: Changed) -> Iterator[tuple[str, str]]:
    """What a record of a change has of the time before, field by field."""
    for name in Before.model_fields:
        if record.was and (text := getattr(record.was, name)) is not None:
            yield name, text


def newest_first(ledger: Ledger) -> list[Step]:
    """All changes of all figures, by their dates."""
    names = dict.fromkeys(each.figure for each in ledger.changes)
    found = [step for name in names for step in steps(ledger, name)]
    return sorted(found, key=lambda step: step.date.text, reverse=True)
