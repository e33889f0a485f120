"""Tables of figures, and the figures that a notebook derives."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tallybook.errors import BadOutput, UnknownId
from tallybook.ledger import figures, questions
from tallybook.ledger.fields import id_mistake
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.quantity.quantity import Quantity, require_reason
from tallybook.tables.table import (
    DERIVED,
    Cell,
    Table,
    Worded,
    about,
    figure_piece,
    from_figure,
    from_ledger,
    source_piece,
    sources_of,
    worded,
)

AUDITED = ("numerals", "claimed", "dismissed", "left_over")
_CITES = re.compile(r"\{(?:[a-z]+:)?[a-z0-9-]+\}")  # what `worded` takes; other braces are text
_TAG = re.compile(r"</?[a-z]+>?")  # what a document's text kept of the page that it was on


@dataclass(frozen=True)
class _Derived:
    figures: Sequence[Figure]

    def __str__(self) -> str:
        return "\n".join(f"{f.label}: {f.words} ({f.id})" for f in self.figures)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        data = [figures.to_json(figure) for figure in self.figures]
        return {DERIVED: data, "text/plain": str(self)}


def publish(ledger: Ledger, derived: Mapping[str, tuple[str, Quantity]]) -> None:
    """Show derived figures under ids by which any page of the book cites them.

    `derived` has for each new id a label and a quantity. A label may cite what `worded` does, such
    as "{period:repair-time-2016}". Raises BadOutput for an id that is not in
    kebab-case, or that the ledger or this notebook has already.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> a_day = ledger.quantity("repair-time-2016") / 7
    >>> tallybook.publish(ledger, {"repair-rate": ("weeks a day", a_day)})
    weeks a day: less than 0.29 (repair-rate)
    """
    from IPython.display import display  # noqa: PLC0415  # the site needs none of IPython

    shown = []
    for wanted, published in derived.items():
        # A label alone, or a quantity alone, is what is forgotten most easily.
        if not (isinstance(published, tuple) and len(published) == 2):
            raise BadOutput(f"{wanted!r} cannot be published: expected a label and a quantity")
        label, quantity = published
        if mistake := id_mistake(wanted):
            raise BadOutput(f"{wanted[:80]!r} cannot be published: {mistake}")
        if wanted in ledger.published or ledger.has(wanted):
            raise BadOutput(f"{wanted!r} cannot be published: the id is taken already")
        if _CITES.search(label) and not isinstance(label, Worded):
            label = worded(ledger, label)
        told = label.pieces if isinstance(label, Worded) else ()
        shown.append(figures.derived(wanted, quantity, str(label), told=told))
        ledger.published[wanted] = shown[-1]
    display(_Derived(shown))


def table(shown: Iterable[Figure], *, because: str = "") -> Table:
    """Figures side by side, a row each, with the period and scope that set them apart.

    Figures of different period, scope, base or condition need a reason, `because`, which is shown
    below them; without one ContextsDiffer is raised.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tallybook.table(ledger.figures("stores-closed-2017")))
    What | Figure | Who says so | Period | Scope
    stores closed | more than 1,000 | Kettle Company | 2017 | the company
    """
    shown = list(shown)
    require_reason((figure.quantity for figure in shown), because)
    rows = [
        [*_named(figure), figure.party, from_figure(figure, "period"), from_figure(figure, "scope")]
        for figure in shown
    ]
    return Table(("What", "Figure", "Who says so", "Period", "Scope"), rows, note=because)


def counts_with_members(ledger: Ledger, ids: Iterable[str]) -> Table:
    """Counts that are stated beside a list, each with the number and the names in the list.

    `ids` are those of statistics whose records have `members`. Raises UnknownId.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.counts_with_members(ledger, ["repair-plants"]))
    What | Stated | Listed | The list
    plants that repair | three | 3 | Ada, Bea, Cid
    """
    rows: list[list[Cell]] = []
    for wanted in ids:
        figure, members = ledger.figure(wanted), ledger.statistic(wanted).members
        listed = figures.derived(f"{wanted}-listed", ledger.listed(wanted), "listed")
        number = from_ledger(Reference("listed", wanted), listed.words)
        rows.append([*_named(figure), number, ", ".join(members or ())])
    return Table(("What", "Stated", "Listed", "The list"), rows)


def source_table(ledger: Ledger, subject: str) -> Table:
    """Where each figure of a subject comes from, a row for each citation.

    `subject` is the name of a file in data/statistics. References to its figures on other pages
    lead to this table.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> tallybook.source_table(ledger, "kettles").columns
    ('Figure', 'What, and who says so', 'When, and of what', 'As printed', 'Where')
    """
    rows: list[list[Cell]] = []
    anchors = []
    for statistic in ledger.subject(subject):
        figure = ledger.figure(statistic.id)
        says = f", says {figure.party}. {statistic.note or ''}".rstrip()
        # Further citations of a figure only say where.
        stated: list[Cell] = [
            figure_piece(figure), [[from_figure(figure, "label"), says]], [about(figure)]
        ]  # fmt: skip
        for number, citation in enumerate(statistic.cited):
            where = [[source_piece(ledger, citation.source), f", {citation.section}"]]
            if citation.page:
                page = Reference("page", statistic.id, place=number)
                where[0] += [", ", from_ledger(page, f"page {citation.page}")]
            run = from_ledger(Reference("printed", statistic.id, place=number), citation.as_printed)
            rows.append([*stated, [["“", run, "”"]], where])
            anchors.append("" if number else f"figure-{statistic.id}")
            stated = ["", "", ""]
    columns = ("Figure", "What, and who says so", "When, and of what", "As printed", "Where")
    return Table(columns, rows, anchors)


def all_statistics(ledger: Ledger) -> Table:
    """Every statistic of the ledger, a row each, by measure; a page lets readers sort it.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> len(tables.all_statistics(ledger).rows) == len(ledger.statistics)
    True
    """
    order = {name: number for number, name in enumerate(ledger.measures)}
    found = sorted(questions.select(ledger), key=lambda s: order[s.measure])
    rows: list[list[Cell]] = []
    for record in found:
        figure = ledger.figure(record.id)
        rows.append(
            [
                *_named(figure),
                from_figure(figure, "period"),
                from_figure(figure, "scope"),
                record.party,
                sources_of(ledger, record.cited),
            ]
        )
    columns = ("What", "Figure", "Period", "Scope", "Who says so", "Source")
    return Table(columns, rows, is_sortable=True)


def coverage(ledger: Ledger) -> Table:
    """How many numerals each source's text holds, and how many of them the ledger accounts for.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> tables.coverage(ledger).columns[:4]
    ('Document', 'Numerals', 'Claimed', 'Dismissed')
    """
    rows: list[list[Cell]] = []
    for source in (audit.source for audit in ledger.audits):
        counts = {
            Reference("count:audited", source, field=name): audited(ledger, f"{source}:{name}")
            for name in AUDITED
        } | {Reference("count:citing", source): ledger.citing(source)}
        numbers = (from_ledger(of, f"{count:,}") for of, count in counts.items())
        rows.append([source_piece(ledger, source), *numbers])
    columns = ("Document", "Numerals", "Claimed", "Dismissed", "Left over", "Records that cite it")
    return Table(columns, rows)


def dismissed(ledger: Ledger) -> Table:
    """The numerals of the sources that state nothing, by reason and document, with their texts.

    >>> import tallybook
    >>> from tallybook import tables
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tables.dismissed(ledger))
    Why it states nothing | Document | How often | What is dismissed
    page or list number | report | 1 | “Page 9”
    pronoun or ordinal that counts nothing | report | 1 | “no plant but one makes”
    """
    rows: list[list[Cell]] = []
    for reason, source in sorted({(str(d.reason), d.source) for d in ledger.dismissals}):
        often, texts = of_dismissals(ledger, f"{source}:{reason}")
        times = from_ledger(Reference("count:dismissed", source, field=reason), f"{often:,}")
        runs = from_ledger(Reference("dismissed", source, field=reason), texts)
        rows.append([reason, source_piece(ledger, source), times, runs])
    return Table(("Why it states nothing", "Document", "How often", "What is dismissed"), rows)


def of_dismissals(ledger: Ledger, key: str) -> tuple[int, str]:
    """How many numerals of a document are dismissed for a reason, and the texts that hold them.

    `key` is a source and a reason, such as "report:a date or period". Raises UnknownId where
    there are none.
    """
    source, _, reason = key.partition(":")
    found = [d for d in ledger.dismissals if (d.source, str(d.reason)) == (source, reason)]
    if not found:
        raise UnknownId("dismissals of", key, ())
    runs = "; ".join(f"“{_TAG.sub('', dismissal.run).strip()}”" for dismissal in found)
    return int(sum(dismissal.times for dismissal in found)), runs


def audited(ledger: Ledger, key: str) -> int:
    """How many numerals of a document are claimed, dismissed, left over, or there at all.

    `key` is a source and one of AUDITED, such as "report:claimed". Raises UnknownId.
    """
    source, _, name = key.rpartition(":")
    for audit in ledger.audits:
        if audit.source == source and name in AUDITED:
            return int(getattr(audit, name))
    raise UnknownId("account of numerals", key, ())


def _named(figure: Figure) -> list[Cell]:
    return [from_figure(figure, "label"), figure_piece(figure)]
