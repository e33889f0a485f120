"""Tables of statements: what is stated under a recommendation, ask or criticism, how statements are
linked, and which carry no figure.

A row has the ids of its statement, figures, events and missing figures, so that a page links them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import get_args

from tallybook.errors import UnknownId
from tallybook.ledger import questions
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import Event, Item, ItemKind, Link, Missing, Statistic
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
_LINKED = "Where a row does not say otherwise, a document itself makes its link."
_DONE = ("action", "result")
_KINDS: dict[str, str] = {"already does": "points to what it does"}  # as a cell has them
_COVERS = ("Only the time before", "Time before and after", "Only the time from then on")
# Figures of these kinds are not counted over a period.
_NO_WINDOW = ("limit of a rule", "duration", "count of a list")


def asked_and_answered(ledger: Ledger) -> Tables:
    """The whole comparison in short: a row each for the recommendations, and for the asks.

    A row of a recommendation has what was asked, what is answered and with which figures, what was
    said of it later, and which ask follows it. A row of an ask has the recommendation that it is
    linked to, the answer, what kind of answer it is, and its figures. The texts are the items' own
    `brief`, `answer` and `later`, or the item's text where it has none. Beneath each row opens a
    table of all statements that it is made from. A kind of which the book has no item has no table.

    >>> import tallybook
    >>> from tallybook import tables
    >>> print(tables.asked_and_answered(tallybook.load("tests/books/kettles")))
    Asks
    Kettle Club asks | Near which recommendation, as we read it | Kettle Company answers | Kind of \
answer, as we read it | Figures
    Repair more; Repair more kettles than are recalled. | none that we see | – | – | –
    """
    recommendations = _of_kinds(ledger, ["recommendation"])
    asks = _of_kinds(ledger, ["ask"])
    answerer = _answerer(ledger, [*recommendations, *asks])
    tables = []
    if recommendations:
        heads = (
            f"{_party(recommendations)} asked",
            f"What {answerer} says it did",
            "Its figures",
            f"What {_party(recommendations)} said later",
            "Asked next",
        )
        rows = [_recommended(ledger, item, asks) for item in recommendations]
        tables.append(_opening(ledger, "Recommendations", heads, rows, recommendations))
    if asks:
        heads = (
            f"{_party(asks)} asks",
            "Near which recommendation, as we read it",
            f"{answerer} answers",
            "Kind of answer, as we read it",
            "Figures",
        )
        rows = [_asked(ledger, item) for item in asks]
        tables.append(_opening(ledger, "Asks", heads, rows, asks))
    return Tables(tables)


def _opening(
    ledger: Ledger, title: str, heads: Sequence[str], rows: list[list[Cell]], items: list[Item]
) -> Table:
    """A table beneath each of whose rows all statements under its item open."""
    name = "The statements of this row, with figures and places"
    inside = [_all_said(ledger, item).fold(name) for item in items]
    # A reference to the item leads to its row, and not into what is closed beneath.
    return Table(heads, rows, [f"item-{item.id}" for item in items], title=title, inside=inside)


def _all_said(ledger: Ledger, item: Item) -> Table:
    """The statements under an item, what was said of it later, replies, and what is asked next."""
    under = statements_under(ledger, item.id)
    later = []
    for name in item.later.items if item.later else ():
        replies = [
            (other, "In reply to that")
            for other in (ledger.items[each] for each in ledger.linked_to(name))
            if any(link.to == name and link.relation == "answers" for link in other.links)
        ]
        later += [(ledger.items[name], "Said later"), *replies]
    follow = [
        (other, f"Asked next, {_basis(link)}")
        for other in (ledger.items[name] for name in ledger.linked_to(item.id))
        for link in other.links
        if link.to == item.id and other.kind == "ask"
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


def _recommended(ledger: Ledger, item: Item, asks: list[Item]) -> list[Cell]:
    follow = [(ask, link) for ask in asks for link in ask.links if link.to == item.id]
    answer, later = item.answer, item.later
    return [
        _in_brief(ledger, item),
        _cited(ledger, answer.brief) if answer else "–",
        _cited(ledger, answer.figures) if answer and answer.figures else "no figure",
        _cited(ledger, later.brief) if later else "–",
        [[_item(ask), *_whose(link)] for ask, link in follow] or "no ask",
    ]


def _asked(ledger: Ledger, item: Item) -> list[Cell]:
    known = [link for link in item.links if ledger.items[link.to].kind == "recommendation"]
    near = [[_item(ledger.items[link.to]), *_whose(link)] for link in known]
    answer = item.answer
    return [
        _in_brief(ledger, item),
        near or "none that we see",
        _cited(ledger, answer.brief) if answer else "–",
        _KINDS.get(answer.kind, answer.kind) if answer and answer.kind else "–",
        _cited(ledger, answer.figures) if answer and answer.figures else "–",
    ]


def _in_brief(ledger: Ledger, item: Item) -> Cell:
    return [[_item(item)], *_cited(ledger, item.brief or item.text)]


def _whose(link: Link) -> list[Piece]:
    return [] if link.basis == "stated" else [" (our link)"]


def _cited(ledger: Ledger, text: str) -> Lines:
    """A text as a line in which figures are linked."""
    pieces = [
        {"figure": each["of"].removeprefix("words:"), "text": each["text"]}
        if isinstance(each, dict) and each["of"].startswith("words:")
        else each
        for each in worded(ledger, text).pieces
    ]
    return [pieces]


def _party(items: Sequence[Item]) -> str:
    """Who makes some statements; several are named together."""
    return " and ".join(dict.fromkeys(item.party for item in items))


def _answerer(ledger: Ledger, items: Sequence[Item]) -> str:
    """The parties of what belongs to some statements, or answers them."""
    names = {item.id for item in items}
    tied = ("belongs to", "answers")
    answers = [
        other
        for other in ledger.items.values()
        if any(link.to in names and link.relation in tied for link in other.links)
    ]
    return _party(answers) or "the other side"


def statements_under(ledger: Ledger, wanted: str) -> Table:
    """A statement, and under it every one that belongs to it or answers it, a row each.

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
            if link.relation == "differs from":
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
    >>> print(tables.statements_without_figures(ledger, ["ask", "response"]))
    Without a figure | Kind | Tied to
    Repair more | ask | nothing
    """
    rows: list[list[Cell]] = []
    for item in _of_kinds(ledger, kinds):
        if not item.statistics:
            ties = [_tie(ledger, link, link.basis) for link in item.links]
            rows.append([_item(item), item.kind, ties or "nothing"])
    return Table(("Without a figure", "Kind", "Tied to"), rows)


def before_and_after_actions(ledger: Ledger) -> Table:
    """Which figures claimed under a recommendation cover the time before a dated action, or after.

    There is a row for each action and result that belongs to a recommendation or bears on it. Left
    out are dates less sharp than a month, and figures whose period is not stated or is read from
    context.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> tables.before_and_after_actions(ledger).columns[2:]
    ('Only the time before', 'Time before and after', 'Only the time from then on')
    """
    rows: list[list[Cell]] = []
    for item in _of_kinds(ledger, ["recommendation"]):
        basis = questions.rests_on(ledger, item.id)
        done = {s.item.id: s.item for s in [*basis.parts, *basis.linked] if s.item.kind in _DONE}
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
    return Table(("Under", "Action, and its date", *_COVERS), rows)


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
        [[_item(item)], _kind(item)],
        [[item.text], *ties],
        with_what or "no figure",
        [[_speakers(item)], *_where(ledger, item)],
    ]


def _kind(item: Item) -> list[Piece]:
    if item.period.text == UNSTATED:
        return [item.kind]
    return [f"{item.kind}, ", from_ledger(Reference("period", item.id), str(item.period))]


def _speakers(item: Item) -> str:
    speakers = [*dict.fromkeys(c.said_by for c in item.cited if c.said_by)]
    if not speakers:
        return item.party
    # "Alibaba spokesman" names its party already.
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
        if kind not in get_args(ItemKind):
            raise UnknownId("kind of item", kind, get_args(ItemKind))
    return [ledger.items[name] for name in ledger.of_kinds(" ".join(kinds))]
