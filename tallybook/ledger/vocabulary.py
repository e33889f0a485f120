"""The parties of a book, and its words for statements, links and answers: data/parties.yml and
data/vocabulary.yml.

The package has no such words of its own. Here are the checks of what records name of these two
files, who a speaker speaks for, and the colours of parties that choose none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING, get_args

from tallybook.errors import Problem, nearest
from tallybook.ledger.records import (
    AnswerKind,
    Colour,
    Item,
    Kind,
    Party,
    Record,
    Relation,
)

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger

COLOURS: tuple[str, ...] = get_args(Colour)
NEUTRAL = "grey"  # of what no party states
_PARTIES, _VOCABULARY = "data/parties.yml", "data/vocabulary.yml"


def colours(parties: Iterable[Party]) -> dict[str, str]:
    """The colour of each party by its name: its own, or the first that no other one has.

    Where there are more parties than colours, the first colours come again.

    >>> colours([Party(name="Lid Guild"), Party(name="Kettle Club", colour="blue")])
    {'Lid Guild': 'orange', 'Kettle Club': 'blue'}
    """
    given = list(parties)
    chosen = {party.colour for party in given}
    free = [colour for colour in COLOURS if colour not in chosen] or [*COLOURS]
    others = [party.name for party in given if not party.colour]
    found = {name: free[place % len(free)] for place, name in enumerate(others)}
    return {party.name: party.colour or found[party.name] for party in given}


def speaks_for(said_by: str, parties: Mapping[str, Party]) -> str:
    """The name of the party for which a speaker speaks, or "" if no party has such a speaker.

    >>> parties = {"Kettle Club": Party(name="Kettle Club", speakers=["Ada Lid"])}
    >>> speaks_for("Kettle Club, as the report quotes it", parties), speaks_for("Ada", parties)
    ('Kettle Club', '')
    """
    for party in parties.values():
        for name in (party.name, *party.speakers):
            if said_by == name or said_by.startswith(f"{name}, "):
                return party.name
    return ""


def problems(ledger: Ledger, record: Record, unreadable: Set[type[Record]]) -> Iterator[Problem]:
    """The problems of one record with the parties and words that it names or declares."""
    if isinstance(record, Party):
        yield from _spelled_twice(record, ledger.parties)
    elif Party not in unreadable:
        yield from _parties(record, ledger.parties)
    if isinstance(record, Kind):
        yield from _counted_twice(record, ledger)
    if isinstance(record, Relation) and Kind not in unreadable:
        for field in ("from_kinds", "to_kinds"):
            for number, wanted in enumerate(getattr(record, field)):
                yield from _unknown(record, (field, number), Kind, wanted, ledger.kinds)
    if isinstance(record, Item):
        yield from _of_item(record, ledger, unreadable)


def _parties(record: Record, parties: Mapping[str, Party]) -> Iterator[Problem]:
    named = getattr(record, "party", None)
    if named is not None:
        yield from _unknown(record, ("party",), Party, named, parties)
    for number, mention in enumerate(getattr(record, "cited", [])):
        if mention.said_by and not speaks_for(mention.said_by, parties):
            speakers = [name for each in parties.values() for name in (each.name, *each.speakers)]
            hint = nearest(mention.said_by.partition(",")[0], speakers)
            yield record.problem(
                ("cited", number, "said_by"),
                f"no party or speaker {mention.said_by!r} in {_PARTIES}.{hint} Who speaks for "
                "a party stands among its speakers",
            )


def _unknown(
    record: Record,
    location: tuple[str | int, ...],
    model: type[Record],
    wanted: str,
    known: Collection[str],
) -> Iterator[Problem]:
    if wanted not in known:
        path = _PARTIES if model is Party else _VOCABULARY
        hint = nearest(wanted, known) or (f" It has {', '.join(known)}." if known else "")
        yield record.problem(location, f"no {model.called} {wanted!r} in {path}.{hint}")


def _of_item(item: Item, ledger: Ledger, unreadable: Set[type[Record]]) -> Iterator[Problem]:
    if Kind not in unreadable:
        yield from _unknown(item, ("kind",), Kind, item.kind, ledger.kinds)
    if item.answer and item.answer.kind and AnswerKind not in unreadable:
        wanted = item.answer.kind
        yield from _unknown(item, ("answer", "kind"), AnswerKind, wanted, ledger.answer_kinds)
    for number, link in enumerate(item.links):
        location = ("links", number, "relation")
        relation, other = ledger.relations.get(link.relation), ledger.items.get(link.to)
        if relation is None:
            if Relation not in unreadable:
                yield from _unknown(item, location, Relation, link.relation, ledger.relations)
        elif other:
            for name, kind, kinds in (
                ("from", item.kind, relation.from_kinds),
                ("to", other.kind, relation.to_kinds),
            ):
                if kinds and kind not in kinds and kind in ledger.kinds:
                    allowed = " or ".join(
                        ledger.kinds[k].singular for k in kinds if k in ledger.kinds
                    )
                    yield item.problem(
                        location,
                        f"{link.relation!r} leads {name} {allowed} in {_VOCABULARY}, and not "
                        f"{name} {ledger.kinds[kind].singular}",
                    )


def _spelled_twice(party: Party, parties: Mapping[str, Party]) -> Iterator[Problem]:
    """A speaker that is a party, or speaks for another one too."""
    for number, speaker in enumerate(party.speakers):
        for other in parties.values():
            if other is not party and speaker in (other.name, *other.speakers):
                message = f"{speaker!r} speaks for {other.name!r} too; keep one"
                yield party.problem(("speakers", number), message)


def _counted_twice(kind: Kind, ledger: Ledger) -> Iterator[Problem]:
    """A word for several that counts something else already."""
    others = [each for each in ledger.kinds.values() if each is not kind]
    if kind.counted in {*ledger.counted_by_name, *(each.counted for each in others)}:
        message = f"{kind.plural!r} counts something else already; choose another word"
        yield kind.problem(("plural",), message)
