"""Tables of statements: what is stated under each, how statements are linked, and which carry no
figure. Which kinds of statements there are, and what they are called, is the book's own.

A row has the ids of its statement, figures, events and missing figures, so that a page links them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from tallybook.errors import BadOutput
from tallybook.ledger import questions
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Event, Item, Kind, Link, Missing, Statistic
from tallybook.ledger.references import Reference
from tallybook.reading.periods import UNSTATED
from tallybook.tables.table import (
    CITED,
    Cell,
    Lines,
    Piece,
    Table,
    Tables,
    figure_piece,
    from_figure,
    from_ledger,
    source_piece,
    worded,
)

_COLUMNS = ("What", "In our words", "Figures and dates", "Who says so, and where")
_VERB = re.compile(r"(?<=\{party\} )([a-z]+s)(?!\w)")
_VERBS = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go"}
_LINKED = "Where a row does not say otherwise, a document itself makes its link."
_COVERS = ("Only the time before", "Time before and after", "Only the time from then on")
# Figures of these kinds are not counted over a period.
_NO_WINDOW = ("limit of a rule", "duration", "count of a list")


def whole_comparison(ledger: Ledger) -> Tables:
    """The whole comparison in short: a table for each kind of items that open an exchange, and for
    each kind that follows them up.

    A row of an opening item has what it says, what is answered and with which figures, what was
    said of it later, and which items follow it. A row of one that follows up has the opening items
    that it is linked to, the answer, what kind of answer it is, and its figures. The texts are the
    items' own `brief`, `answer` and `later`, or the item's text where it has none; where no answer
    is worded, the statements that are linked to the item stand there. Beneath each row
    opens a table of all statements that it is made from. Which kinds have these roles, and the
    heads of the columns, is said in data/vocabulary.yml; a kind of which the book has no item has
    no table.

    >>> import tallybook
    >>> from tallybook import tables
    >>> print(tables.whole_comparison(tallybook.load("tests/books/kettles")))
    Demands
    Kettle Club demands | Near which proposal, as we read it | Reply of Kettle Company | Kind of \
answer, as we read it | Figures
    Repair more; Repair more kettles than are recalled. | none that we see | Plants repair; The \
company answers that its plants repair kettles. | – | plants that repair: three
    """
    opening, follow_up = ledger.kinds_with("opening"), ledger.kinds_with("follow-up")
    of_kinds = [(kind, _of_kinds(ledger, [kind.kind])) for kind in (*opening, *follow_up)]
    every = [item for _, items in of_kinds for item in items]
    answerer = _answerer(ledger, every) or "the other side"
    several = " and " in answerer
    follow = [item for kind, items in of_kinds if kind.role == "follow-up" for item in items]
    tables = []
    for kind, items in of_kinds:
        if not items:
            continue
        who = _party(ledger, items)
        says = _headed(kind.heading or f"{_capital(kind.singular)} of {{party}}", who)
        reply = _headed(kind.reply_heading or "Reply of {party}", answerer)
        if kind.role == "opening":
            later = [f"What {who} said later"] if any(item.later for item in items) else []
            whose = "Their figures" if " and " in answerer else "Its figures"
            heads = [says, reply, whose, *later, *(_next_heading(each) for each in follow_up)]
            rows = [
                _opening_row(
                    ledger, item, follow_up, follow, with_later=bool(later), several=several
                )
                for item in items
            ]
        else:
            near = [f"Near which {_either(opening)}, as we read it"] if opening else []
            heads = [says, *near, reply, "Kind of answer, as we read it", "Figures"]
            rows = [_follow_up_row(ledger, item, opening, several=several) for item in items]
        tables.append(_with_statements(ledger, _capital(kind.plural), tuple(heads), rows, items))
    return Tables(tables)


def _headed(heading: str, party: str) -> str:
    """A head with its party; a verb behind several parties is one of several: they "set"."""
    if " and " in party:
        heading = _VERB.sub(lambda found: _of_several(found[1]), heading)
    return _capital(heading.replace("{party}", party))


def _of_several(verb: str) -> str:
    if verb in _VERBS:
        return _VERBS[verb]
    return (
        f"{verb[:-3]}y"
        if verb.endswith("ies")
        else re.sub(r"(?<=ss)es$|(?<=sh)es$|(?<=ch)es$|(?<=x)es$|s$", "", verb)
    )


def _next_heading(kind: Kind) -> str:
    return kind.next_heading or f"{_capital(kind.plural)} that follow"


def _either(kinds: Sequence[Kind]) -> str:
    return " or ".join(kind.singular for kind in kinds)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _with_statements(
    ledger: Ledger, title: str, heads: Sequence[str], rows: list[list[Cell]], items: list[Item]
) -> Table:
    """A table beneath each of whose rows all statements under its item open."""
    name = "The statements of this row, with figures and places"
    inside = [_all_said(ledger, item).fold(name) for item in items]
    # A reference to the item leads to its row, and not into what is closed beneath.
    return Table(heads, rows, [f"item-{item.id}" for item in items], title=title, inside=inside)


def _all_said(ledger: Ledger, item: Item) -> Table:
    """The statements under an item, what was said of it later, replies, and what follows it up."""
    under = statements_under(ledger, item.id)
    later = []
    for name in item.later.items if item.later else ():
        replies = [
            (other, "In reply to that")
            for other in (ledger.items[each] for each in ledger.linked_to(name))
            if any(link.to == name and ledger.role_of(link) == "reply" for link in other.links)
        ]
        later += [(ledger.items[name], "Said later"), *replies]
    headings = {kind.kind: _next_heading(kind) for kind in ledger.kinds_with("follow-up")}
    follow = [
        (other, f"{headings[other.kind]}, {_basis(link)}")
        for other in (ledger.items[name] for name in ledger.linked_to(item.id))
        for link in other.links
        if link.to == item.id and other.kind in headings
    ]
    rows = [_cells(ledger, other, [[tie]]) for other, tie in (*later, *follow)]
    rows += _cited_besides(ledger, item)
    # Other pages refer to these at the tables of their own.
    anchors = [*under.anchors, *[""] * len(rows)]
    return replace(under, rows=[*under.rows, *rows], anchors=anchors)


def _cited_besides(ledger: Ledger, item: Item) -> list[list[Cell]]:
    """A row of the figures of an answer that no statement under the item rests on."""
    under = questions.rests_on(ledger, item.id).statistics
    text = (item.answer.figures if item.answer else "") or ""
    shown = [
        ledger.statistics[name]
        for name in dict.fromkeys(CITED.findall(text))
        if name in ledger.statistics and name not in {statistic.id for statistic in under}
    ]
    if not shown:
        return []
    figures = [_figure(ledger, statistic.id) for statistic in shown]
    what = "Figures of the answer that stand elsewhere in the documents."
    return [["More figures", what, figures, _where(ledger, *shown)]]


def _opening_row(
    ledger: Ledger,
    item: Item,
    follow_up: Sequence[Kind],
    follow: Sequence[Item],
    *,
    with_later: bool,
    several: bool,
) -> list[Cell]:
    later = [_cited(ledger, item, "later", "brief") if item.later else "–"] if with_later else []
    after = [(other, link) for other in follow for link in other.links if link.to == item.id]
    return [
        _in_brief(ledger, item),
        *_answered(ledger, item, without="no figure", several=several),
        *later,
        *(
            [[_item(other), *_whose(link)] for other, link in after if other.kind == kind.kind]
            or f"no {kind.singular}"
            for kind in follow_up
        ),
    ]


def _follow_up_row(
    ledger: Ledger, item: Item, opening: Sequence[Kind], *, several: bool
) -> list[Cell]:
    kinds = {kind.kind for kind in opening}
    known = [link for link in item.links if ledger.items[link.to].kind in kinds]
    near: Cell = [[_item(ledger.items[link.to]), *_whose(link)] for link in known]
    answer = item.answer
    kind = ledger.answer_kinds[answer.kind] if answer and answer.kind else None
    reply, figures = _answered(ledger, item, without="–", several=several)
    return [
        _in_brief(ledger, item),
        *([near or "none that we see"] if opening else []),
        reply,
        kind.shown if kind else "–",
        figures,
    ]


def _answered(ledger: Ledger, item: Item, *, without: str, several: bool) -> tuple[Cell, Cell]:
    """What is answered to an item, and with which figures: in the words of its `answer`, or else
    the statements that are linked to it. `without` stands for no figure. Where `several` parties
    answer, each answer says whose it is.
    """
    if answer := item.answer:
        figures = _cited(ledger, item, "answer", "figures") if answer.figures else without
        [line] = _cited(ledger, item, "answer", "brief")
        who = _answerer(ledger, [item]) if several else ""
        return [[f"{who}: ", *line] if who else line], figures
    linked = [*_linked_to(ledger, item)]
    lines: Lines = []
    for other, link in linked:
        # What replies is what the column is for; any other relation is named.
        relation = [] if ledger.role_of(link) == "reply" else [f"{link.relation}: "]
        named = [f"{ledger.parties[other.party].short}: "] if several else []
        lines.append([*named, *relation, _item(other), *_whose(link)])
        lines += _cited(ledger, other, "brief" if other.brief else "text")
    names = dict.fromkeys(name for other, _ in linked for name in other.statistics)
    return lines or "–", [_figure(ledger, name) for name in names] or without


def _linked_to(ledger: Ledger, item: Item) -> Iterator[tuple[Item, Link]]:
    """The statements that are linked to an item, but for its parts and what has its own table."""
    apart = {kind.kind for role in ("opening", "follow-up") for kind in ledger.kinds_with(role)}
    for other in (ledger.items[name] for name in ledger.linked_to(item.id)):
        for link in other.links:
            is_of_it = link.to == item.id and ledger.role_of(link) in ("reply", "")
            if is_of_it and other.kind not in apart:
                yield other, link


def _in_brief(ledger: Ledger, item: Item) -> Cell:
    return [[_item(item)], *_cited(ledger, item, "brief" if item.brief else "text")]


def _whose(link: Link) -> list[Piece]:
    return [] if link.basis == "stated" else [" (our link)"]


def _cited(ledger: Ledger, item: Item, *location: str) -> Lines:
    """A text of an item as a line in which figures are linked. Raises BadOutput with its place."""
    try:
        text: Any = reduce(getattr, location, item)
        cited = worded(ledger, text)
    except BadOutput as error:
        raise BadOutput(str(item.problem(location, str(error)))) from None
    pieces = [
        {"figure": each["of"].removeprefix("words:"), "text": each["text"]}
        if isinstance(each, dict) and each["of"].startswith("words:")
        else each
        for each in cited.pieces
    ]
    return [pieces]


def _party(ledger: Ledger, items: Sequence[Item]) -> str:
    """Who makes some statements, as heads call them; several are named together."""
    names = dict.fromkeys(item.party for item in items)
    return " and ".join(ledger.parties[name].short for name in names)


def _answerer(ledger: Ledger, items: Sequence[Item]) -> str:
    """The parties of what is a part of some statements, or replies to them."""
    names = {item.id for item in items}
    tied = ("part", "reply")
    answers = [
        other
        for other in ledger.items.values()
        if any(link.to in names and ledger.role_of(link) in tied for link in other.links)
    ]
    return _party(ledger, answers)


def statements_under(ledger: Ledger, wanted: str) -> Table:
    """A statement, and under it every one that is a part of it or replies to it, a row each.

    `wanted` is the id of an item of the comparison. A row has the statement with its kind, its
    text, its figures and events, and who makes it where; references to these items on other pages
    lead to this table. A link that no document makes is explained in its row. Raises UnknownId.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> table = tables.statements_under(ledger, "repair-more")
    >>> table.anchors
    ['item-repair-more', 'item-plants-repair']
    >>> table.note
    'Where a row does not say otherwise, a document itself makes its link.'
    """
    parts = questions.rests_on(ledger, wanted).parts
    rows = []
    for support in parts:
        link, item = support.link, support.item
        if link is None:
            ties = [_tie(ledger, own, _basis(own)) for own in item.links]
        elif link.to != wanted:
            ties = [_tie(ledger, link, _basis(link))]
        else:
            ties = [] if link.basis == "stated" else [[f"This link: {_basis(link)}"]]
        rows.append(_cells(ledger, item, ties))
    anchors = [f"item-{support.item.id}" for support in parts]
    return Table(_COLUMNS, rows, anchors, note=_LINKED if len(parts) > 1 else "")


def statements(ledger: Ledger, wanted: Iterable[str]) -> Table:
    """Statements, a row each: the text, figures, events and links of each, and who makes it where.

    `wanted` are ids of items of the comparison. Raises UnknownId.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> table = tables.statements(ledger, ["plants-repair"])
    >>> table.columns
    ('What', 'In our words', 'Figures and dates', 'Who says so, and where')
    """
    items = [ledger.item(name) for name in wanted]
    rows = []
    for item in items:
        ties = [_tie(ledger, link, _basis(link)) for link in item.links]
        rows.append(_cells(ledger, item, ties))
    return Table(_COLUMNS, rows, [f"item-{item.id}" for item in items])


def differing_statements(ledger: Ledger) -> Table:
    """Statements and events that a document, or two, give differently, with how they differ.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.differing_statements(ledger))
    This | and this | How they differ | Where
    """
    rows: list[list[Cell]] = []
    for item in ledger.items.values():
        for link in item.links:
            if ledger.role_of(link) == "difference":
                other = ledger.items[link.to]
                rows.append(
                    [_item(item), _item(other), link.because or "", _where(ledger, item, other)]
                )
    for event in ledger.events.values():
        for name in event.differs_from:
            same = ledger.events[name]
            because = event.differs_because or ""
            rows.append([[_event(event)], [_event(same)], because, _where(ledger, event, same)])
    return Table(("This", "and this", "How they differ", "Where"), rows)


def statements_without_figures(ledger: Ledger, kinds: Sequence[str]) -> Table:
    """The statements of some kinds that carry no figure, with what they are linked to.

    Raises UnknownId for a kind that no item can be of.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.statements_without_figures(ledger, ["demand", "reply"]))
    Without a figure | Kind | Tied to
    Repair more | demand | nothing
    """
    rows: list[list[Cell]] = []
    for item in _of_kinds(ledger, kinds):
        if not item.statistics:
            ties = [_tie(ledger, link, link.basis) for link in item.links]
            rows.append([_item(item), ledger.kinds[item.kind].singular, ties or "nothing"])
    return Table(("Without a figure", "Kind", "Tied to"), rows)


def before_and_after_deeds(ledger: Ledger) -> Table:
    """Which figures claimed under an opening item cover the time before a dated deed, or after.

    There is a row for each deed that is linked to an opening item; which kinds of items are deeds
    and which open an exchange is said in data/vocabulary.yml. Left out are dates less sharp than a
    month, and figures whose period is not stated or is read from context.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> tables.before_and_after_deeds(ledger).columns[2:]
    ('Only the time before', 'Time before and after', 'Only the time from then on')
    """
    rows: list[list[Cell]] = []
    deeds = ledger.kinds_with("deed")
    done_by = {kind.kind for kind in deeds}
    for item in _of_kinds(ledger, [kind.kind for kind in ledger.kinds_with("opening")]):
        basis = questions.rests_on(ledger, item.id)
        linked = (support.item for support in (*basis.parts, *basis.linked))
        done = {other.id: other for other in linked if other.kind in done_by}
        figures = dict.fromkeys(name for other in done.values() for name in other.statistics)
        for other in done.values():
            found: dict[tuple[tuple[str, ...], ...], list[Event]] = {}
            for event in (ledger.events[name] for name in other.events):
                covered = tuple(
                    tuple(name for name in figures if _covers(ledger, name, event) == covers)
                    for covers in _COVERS
                )
                if any(covered):
                    found.setdefault(covered, []).append(event)
            for covered, events in found.items():
                began: Lines = [[_item(other)], *map(_event, events)]
                shown = ([_figure(ledger, name) for name in names] or "–" for names in covered)
                rows.append([_item(item), began, *shown])
    what = _capital(deeds[0].singular) if deeds else "Deed"
    return Table(("Under", f"{what}, and its date", *_COVERS), rows)


def _covers(ledger: Ledger, wanted: str, event: Event) -> str:
    statistic = ledger.statistics[wanted]
    time, began = statistic.period, event.date
    if ledger.measures[statistic.measure].kind in _NO_WINDOW or statistic.period_from:
        return ""
    if time.last is None or began.first is None or len(began.text) < len("2017-06"):
        return ""
    if time.last < began.first:
        return _COVERS[0]
    return _COVERS[1 if time.first is None or time.first < began.first else 2]


def dated_events(ledger: Ledger) -> Table:
    """Every dated event in the order of time, who states it and where.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.dated_events(ledger))
    What | When | Who says so | Where
    The plant in Bea opens | 6 June 2017 | Kettle Company | report, Repairs: “On June 6, 2017”
    """
    records = sorted(
        ledger.events.values(), key=lambda e: (str(e.date.first), str(e.date.last), e.id)
    )
    rows: list[list[Cell]] = []
    for event in records:
        where: Lines = []
        for number, c in enumerate(event.cited):
            run = from_ledger(Reference("printed", event.id, place=number), c.as_printed or "")
            where.append([source_piece(ledger, c.source), f", {c.section}: “", run, "”"])
        because = [f". {event.date_because}"] if event.date_because else []
        rows.append([event.label, [[_date(event), *because]], event.party, where])
    anchors = [f"event-{event.id}" for event in records]
    return Table(("What", "When", "Who says so", "Where"), rows, anchors)


def _cells(ledger: Ledger, item: Item, ties: Lines) -> list[Cell]:
    with_what = [
        *(_figure(ledger, name) for name in item.statistics),
        *(_event(ledger.events[name]) for name in item.events),
        *(_missing(ledger.missing[name]) for name in item.missing),
    ]
    return [
        [[_item(item)], _kind(ledger, item)],
        [[item.text], *ties],
        with_what or "no figure",
        [[_speakers(item)], *_where(ledger, item)],
    ]


def _kind(ledger: Ledger, item: Item) -> list[Piece]:
    words = ledger.kinds[item.kind].singular
    if item.period.text == UNSTATED:
        return [words]
    return [f"{words}, ", from_ledger(Reference("period", item.id), str(item.period))]


def _speakers(item: Item) -> str:
    speakers = [*dict.fromkeys(c.said_by for c in item.cited if c.said_by)]
    if not speakers:
        return item.party
    # "Kettle Company, as the report quotes it" names its party already.
    names_party = all(speaker.startswith(item.party) for speaker in speakers)
    return "; ".join(speakers) if names_party else f"{item.party} ({'; '.join(speakers)})"


def _item(item: Item) -> Piece:
    return {"item": item.id, "text": item.label}


def _figure(ledger: Ledger, wanted: str) -> list[Piece]:
    figure = ledger.figure(wanted)
    shown = [from_figure(figure, "label"), ": ", figure_piece(figure)]
    if ledger.statistics[wanted].period.text != UNSTATED:
        shown += [", ", from_figure(figure, "period")]
    return shown


def _event(event: Event) -> list[Piece]:
    return [{"event": event.id, "text": event.label}, ", ", _date(event)]


def _date(event: Event) -> Piece:
    return from_ledger(Reference("period", event.id), str(event.date))


def _missing(missing: Missing) -> list[Piece]:
    return ["not in our copies: ", {"missing": missing.id, "text": missing.label}]


def _tie(ledger: Ledger, link: Link, basis: str) -> list[Piece]:
    return [f"{link.relation} ", _item(ledger.items[link.to]), f" ({basis})"]


def _basis(link: Link) -> str:
    return "stated" if link.basis == "stated" else f"inferred by us: {link.because}"


def _where(ledger: Ledger, *items: Item | Event | Statistic) -> Lines:
    places = dict.fromkeys((c.source, c.section) for item in items for c in item.cited)
    return [[source_piece(ledger, source), f", {section}"] for source, section in places]


def _of_kinds(ledger: Ledger, kinds: Sequence[str]) -> list[Item]:
    for kind in kinds:
        ledger.kind(kind)
    return [ledger.items[name] for name in ledger.of_kinds(" ".join(kinds))]
