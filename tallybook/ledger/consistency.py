"""Checks of records against each other and against their own printed words.

Each problem is yielded with its place in the file, so that all are found at once. The documents are
not needed here; `coverage` checks the ledger against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from fractions import Fraction

from tallybook.errors import Problem, nearest
from tallybook.ledger import history, printed, runs, vocabulary
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import (
    Changed,
    Dismissal,
    Event,
    Item,
    Measure,
    Mention,
    Missing,
    Record,
    Renamed,
    Source,
    Statistic,
)
from tallybook.reading import currencies, statements
from tallybook.reading.periods import UNSTATED, Period
from tallybook.reading.statements import Known

LONGEST_BRIEF = 20  # words, which a cell of the comparison holds
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CITED = re.compile(r"\{([^{}]*)\}")  # a figure in a brief text
Declared = Mapping[str, tuple[type[Record], str]]
# The fields that hold lists of ids, and the kind of record that these are of.
_LISTED: dict[type[Record], dict[str, type[Record]]] = {
    Measure: {"unlike": Measure},
    Event: {"differs_from": Event},
    Item: {"statistics": Statistic, "events": Event, "missing": Missing},
}


def problems(
    ledger: Ledger, declared: Declared, unreadable: Set[type[Record]]
) -> Iterator[Problem]:
    """Every problem in a ledger but those of single fields.

    `declared` has the ids of all records, sound or not, and `unreadable` the kinds of record whose
    files could not be read: what refers to these is no problem of its own.
    """
    for record in ledger.records():
        yield from of_record(ledger, record, declared, unreadable)
    for renamed in ledger.renamed.values():
        yield from _renamed(ledger, renamed, declared)
    for changed in ledger.changes:
        yield from _changed(ledger, changed)
    yield from stated_twice(ledger)


def of_record(
    ledger: Ledger, record: Record, declared: Declared, unreadable: Set[type[Record]] = frozenset()
) -> Iterator[Problem]:
    """The problems of one record with its printed words, and with the records that it names."""
    for location, kind, wanted in _references(record):
        if kind not in unreadable and declared.get(wanted, (None,))[0] is not kind:
            known = [name for name, (other, _) in declared.items() if other is kind]
            # A renamed id is certain, a similar one is a guess.
            renamed = ledger.renamed.get(wanted)
            hint = f" It is {renamed.new!r} now." if renamed else nearest(wanted, known)
            yield record.problem(location, f"no {kind.called} {wanted!r}.{hint}")
    yield from _sections(ledger, record)
    yield from vocabulary.problems(ledger, record, unreadable)
    yield from _of_its_kind(ledger, record)


def _of_its_kind(ledger: Ledger, record: Record) -> Iterator[Problem]:
    match record:
        case Source():
            yield from _repeated_sections(record)
            if record.published_from and record.published.text == UNSTATED:
                message = "published_from says where published is known from, which is unstated"
                yield record.problem(("published_from",), message)
        case Measure():
            yield from _limits(record)
            yield from _shared_sign(record)
            yield from _distinguished(record, "unlike", "unlike_because")
        case Statistic():
            yield from _printed_words(ledger, record)
            yield from _members(record)
            yield from _party(ledger, record)
            yield from _time_in_words(record, "period", "period_in_words")
            yield from _time_in_words(record, "compared_with", "compared_in_words")
        case Event():
            yield from _party(ledger, record)
            yield from _distinguished(record, "differs_from", "differs_because")
            yield from printed.event_problems(record)
            yield from _time_in_words(record, "date", "date_in_words")
        case Item():
            yield from _links(record)
            yield from _briefs(ledger, record)
            yield from printed.item_problems(record)
        case Dismissal() if not runs.numerals(record.run):
            yield record.problem(("run",), f'"{record.run}" has no numeral to dismiss')


def mentions(record: Record) -> Iterator[tuple[tuple[str | int, ...], Mention]]:
    """The places in documents that a record cites, each with its location in the record."""
    for number, mention in enumerate(getattr(record, "cited", [])):
        yield ("cited", number), mention


def _references(record: Record) -> Iterator[tuple[tuple[str | int, ...], type[Record], str]]:
    """The ids of other records that a record names, with their locations in it and their kinds."""
    for location, mention in mentions(record):
        yield (*location, "source"), Source, mention.source
    if isinstance(record, Statistic):
        yield ("measure",), Measure, record.measure
    for field, kind in _LISTED.get(type(record), {}).items():
        for number, wanted in enumerate(getattr(record, field)):
            yield (field, number), kind, wanted
    if isinstance(record, Item):
        for number, link in enumerate(record.links):
            yield ("links", number, "to"), Item, link.to
        for number, wanted in enumerate(record.later.items if record.later else []):
            yield ("later", "items", number), Item, wanted
    source = getattr(record, "source", None)
    if source is not None:
        yield ("source",), Source, source


def _sections(ledger: Ledger, record: Record) -> Iterator[Problem]:
    places = [((*location, "section"), m.source, m.section) for location, m in mentions(record)]
    if hasattr(record, "section"):
        places.append((("section",), record.source, record.section))  # type: ignore[attr-defined]
    for location, source, wanted in places:
        if source in ledger.sources:  # an unknown source is a problem of its own
            known = [section.name for section in ledger.sources[source].sections]
            if wanted not in known:
                hint = nearest(wanted, known)
                hint = hint or " Its sections stand in data/sources.yml."
                yield record.problem(location, f"{source!r} has no section {wanted!r}.{hint}")


def _repeated_sections(source: Source) -> Iterator[Problem]:
    for number, name in _repeated([section.name for section in source.sections]):
        message = f"the section name {name!r} is taken already; choose another"
        yield source.problem(("sections", number, "name"), message)


def _members(statistic: Statistic) -> Iterator[Problem]:
    for number, member in _repeated(statistic.members or []):
        yield statistic.problem(("members", number), f"{member!r} stands in the list already")


def _repeated(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each text that stands in a list before, with its place in it."""
    first = {text: number for number, text in reversed([*enumerate(texts)])}
    return ((number, text) for number, text in enumerate(texts) if first[text] < number)


def _party(ledger: Ledger, record: Statistic | Event) -> Iterator[Problem]:
    # A document speaks for its party, unless a citation names another speaker in it.
    speakers = {ledger.sources[c.source].party for c in record.cited if c.source in ledger.sources}
    others = [vocabulary.speaks_for(c.said_by, ledger.parties) for c in record.cited if c.said_by]
    # A speaker of nobody is a problem of its own.
    if speakers and record.party not in (*speakers, *others) and "" not in others:
        yield record.problem(
            ("party",),
            f"the cited documents speak for {' and '.join(sorted(speakers))}; where one reports "
            f"what {record.party} says, name the speaker in said_by",
        )


def _time_in_words(record: Statistic | Event, field: str, words: str) -> Iterator[Problem]:
    """Words for a time name no year but those in which the time begins or ends."""
    period: Period | None = getattr(record, field)
    if (text := getattr(record, words)) is None:
        return
    if period is None:
        yield record.problem((words,), f"{words} says how {field} is put, which is not there")
        return
    years = [str(day.year) for day in (period.first, period.last) if day]
    for found in statements.stating(text, Known(frozenset(years))):
        if (shown := text[found.start : found.end]) not in years:
            expected = " or ".join(dict.fromkeys(years)) or "no number, for it has no date"
            yield record.problem((words,), f"{words} has {shown!r}, {field} {expected}")


def _distinguished(record: Measure | Event, field: str, because: str) -> Iterator[Problem]:
    """A record is distinguished from others than itself, and with the reason."""
    others = getattr(record, field)
    if record.id in others:
        where = (field, others.index(record.id))
        yield record.problem(where, f"a {record.called} cannot be told apart from itself")
    # A reason without others is a field that was mistyped or left behind.
    if bool(others) != (getattr(record, because) is not None):
        place, missing = (field, because) if others else (because, field)
        yield record.problem((place,), f"{place} needs {missing} too: add it")


def _shared_sign(measure: Measure) -> Iterator[Problem]:
    if currencies.is_shared(measure.unit):
        codes = ", ".join(sorted(currencies.codes(measure.unit)))
        message = f"{measure.unit} is the sign of several currencies ({codes}); write a code"
        yield measure.problem(("unit",), message)


def _limits(measure: Measure) -> Iterator[Problem]:
    if not _is_possible(measure):
        low, high = (
            printed.plain(limit or Fraction(0)) for limit in (measure.floor, measure.ceiling)
        )
        yield measure.problem(("floor",), f"the floor {low} is above the ceiling {high}")


def _is_possible(measure: Measure) -> bool:
    floor, ceiling = measure.floor, measure.ceiling
    return floor is None or ceiling is None or floor <= ceiling


def _printed_words(ledger: Ledger, statistic: Statistic) -> Iterator[Problem]:
    measure = ledger.measures.get(statistic.measure)
    # No interval can be computed with such a measure, which is reported itself.
    if measure is None or not _is_possible(measure):
        return
    yield from printed.problems(statistic, measure, ledger.spelled)


def _briefs(ledger: Ledger, item: Item) -> Iterator[Problem]:
    """Brief texts fit a cell of the comparison, and cite figures that there are."""
    for location, text in _in_brief(item):
        if (words := len(text.split())) > LONGEST_BRIEF:
            message = f"expected at most {LONGEST_BRIEF} words, found {words}: say it shorter"
            yield item.problem(location, message)
        # As `worded` reads them, but for dates, whose records may be wrong.
        known = replace(ledger.known, dates=frozenset())
        for typed in _CITED.split(text)[::2]:
            states = {each.start for each in statements.stating(typed)}
            for found in statements.stating(typed, known) if states else ():
                if found.start in states:
                    shown, where = typed[found.start : found.end], ".".join(location)
                    remedy = "cite its figure, such as {its-id}, or leave it out"
                    yield item.problem(location, f"{where} types {shown!r}: {remedy}")
        for cited in _CITED.findall(text):
            wanted = cited.removeprefix("period:")
            ids = {*ledger.statistics} | ({*ledger.events} if wanted != cited else set())
            if wanted not in ids:
                yield item.problem(location, f"no statistic {wanted!r}.{nearest(wanted, ids)}")


def _in_brief(item: Item) -> Iterator[tuple[tuple[str, ...], str]]:
    """The brief texts of an item, each with its location."""
    if item.brief:
        yield ("brief",), item.brief
    if item.answer:
        yield ("answer", "brief"), item.answer.brief
        if item.answer.figures:
            yield ("answer", "figures"), item.answer.figures
    if item.later:
        yield ("later", "brief"), item.later.brief


def _links(item: Item) -> Iterator[Problem]:
    for number, link in enumerate(item.links):
        location = ("links", number)
        if link.to == item.id:
            yield item.problem((*location, "to"), "an item cannot be linked to itself")
        # Where no document makes a link, the reason is all that a reader has of it.
        if link.basis == "inferred" and link.because is None:
            message = "a link that the editors infer says why: add because"
            yield item.problem((*location, "basis"), message)


def _renamed(ledger: Ledger, renamed: Renamed, declared: Declared) -> Iterator[Problem]:
    """The problems of a renaming that the ledger alone shows."""
    # Whether a derived figure has the new id is known only to the site, which has the notebooks.
    if renamed.old in declared:
        message = f"{renamed.old!r} is an id still, at {declared[renamed.old][1]}; one page a name"
        yield renamed.problem(("old",), message)
    if renamed.new in ledger.renamed:
        last = ledger.renamed[renamed.new].new
        message = f"{renamed.new!r} was renamed too; name the last id, {last!r}"
        yield renamed.problem(("new",), message)
    elif declared.get(renamed.new, (Statistic,))[0] is not Statistic:
        called = declared[renamed.new][0].called
        yield renamed.problem(("new",), f"{renamed.new!r} is no figure: a {called} has that id")


def _changed(ledger: Ledger, changed: Changed) -> Iterator[Problem]:
    """The problems of a record of a change that the ledger alone shows."""
    was = dict(history.before(changed))
    if not _DAY.fullmatch(changed.date.text):
        message = f"expected the day of the change, such as 2026-05-31; found {changed.date.text}"
        yield changed.problem(("date",), message)
    if wrong := _wrong_before(changed.what, was.keys()):
        yield changed.problem(("was",), wrong)
    if now := ledger.renamed.get(changed.figure):
        yield changed.problem(("figure",), f"{changed.figure!r} is {now.new!r} now: name that")
    if "id" in was and getattr(ledger.renamed.get(was["id"]), "new", "") != changed.figure:
        message = f"no renaming of {was['id']!r} to {changed.figure!r} in data/renamed.yml: add it"
        yield changed.problem(("was", "id"), message)


def _wrong_before(what: str, was: Set[str]) -> str:
    """Why a record of such a change cannot have these fields of the time before; or ""."""
    if what == "added":
        return "a figure that is added said nothing before: leave was out" if was else ""
    if what == "renamed":
        return "" if "id" in was else "a renaming says the old id: add id to was"
    if "id" in was:
        return f"an id is of a figure that is renamed, and this one is {what}: leave id out"
    if what == "gone":
        named = {"label", "words"} <= was
        return "" if named else "a figure that is gone has its label and words: add them to was"
    return "" if was else "what said the figure before? Give each field of was that is another now"


def wrong_changes(ledger: Ledger) -> Iterator[Problem]:
    """The problems of records of changes that show only once it is known what notebooks derive."""
    last = {changed.figure: changed for changed in ledger.changes}
    known = {*ledger.statistics, *ledger.published}
    for name, changed in last.items():
        is_there, is_gone = name in known, changed.what == "gone"
        if not is_there and not is_gone:
            hint = nearest(name, known)
            message = f"no figure {name!r}.{hint} If it is gone, record that, too"
            yield changed.problem(("figure",), message)
        if is_there and is_gone:
            yield changed.problem(("what",), f"{name!r} is said to be gone, and is there")
        for step in history.steps(ledger, name) if is_there else ():
            for field, (old, new) in step.fields.items():
                if old == new:
                    record = [c for c in ledger.changes if c.figure == name][step.place]
                    message = f"{field} is {old!r} after the change as well: leave it out"
                    yield record.problem(("was", field), message)


def stated_twice(ledger: Ledger) -> Iterator[Problem]:
    """The statistics whose fields are those of another one, as if its figure were two."""
    # One statistic has many citations; a list is often printed in full in only one of them.
    not_compared = {"id", "cited", "note", "members"}
    known: dict[str, str] = {}
    for statistic in ledger.statistics.values():
        content = repr([value for name, value in statistic if name not in not_compared])
        if content in known:
            yield statistic.problem(
                (),
                f"says the same of the same thing as {known[content]!r}; make it one statistic "
                "with the citations of both, or record what sets them apart",
            )
        known.setdefault(content, statistic.id)
