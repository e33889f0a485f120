"""A chart of each measure: its figures side by side, each labelled by what sets it apart."""

from __future__ import annotations

from collections.abc import Iterable

import altair as alt

from tallybook.charts.forms import bars, glance, shares, trend
from tallybook.ledger import trends
from tallybook.ledger.figures import Figure, condition_in_words
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.quantity.quantity import PLACES
from tallybook.tables.table import Piece, Worded, about, from_ledger, piece, told

Chart = alt.LayerChart | alt.ConcatChart
_BECAUSE = "The same measure; what sets its figures apart is in their labels"
_UNLIKE = "Each is of a measure of its own, which its label names"
_FIELDS = ("party", "period", "scope", "condition", "source", "id")
_ALWAYS = ("party", "period", "scope", "condition")


def by_measure(ledger: Ledger, subject: str) -> list[Chart]:
    """A chart of each measure of a subject that has several figures, and one of all the others.

    A label has what is not the same of all figures of the measure: who states it, of when, of
    what, on which condition. What is the same stands below the title. Places in an order are words
    and no bars; three or more of one year after the other are a line. Raises UnknownId.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> [chart.to_dict()["title"] for chart in charts.by_measure(ledger, "kettles")][-1]
    'Measures with no second figure, as stated by Kettle Company'
    """
    measures: dict[str, list[str]] = {}
    for wanted in ledger.of_subject(subject):
        measures.setdefault(ledger.statistic(wanted).measure, []).append(wanted)
    alone = [ids[0] for ids in measures.values() if len(ids) == 1]
    charts = [_of_one(ledger, ids) for ids in measures.values() if len(ids) > 1]
    return [*charts, _of_others(ledger, alone)] if alone else charts


def _of_one(ledger: Ledger, ids: list[str]) -> Chart:
    """The figures of one measure."""
    found = ledger.figures(*ids)
    measure = ledger.measures[ledger.statistic(ids[0]).measure]
    is_share = measure.kind == "share" and measure.unit in ("percent", "fraction")
    label = measure.label[:1].upper() + measure.label[1:]
    common, labels = _labels(ledger, found)
    is_rank = measure.unit in PLACES
    in_time = trends.series(ledger.statistic(wanted) for wanted in ids)
    is_series = len(ids) > 2 and [len(each) for each in in_time] == [len(ids)]
    form = glance if is_rank else trend if is_series else shares if is_share else bars
    chart = form(
        ledger.frame(ids=labels),
        title=f"{label}, as stated by {_parties(found)}",
        subtitle=common,
        because="" if is_rank else _BECAUSE,
    )
    return _telling(chart, [common, *labels.values()])


def _of_others(ledger: Ledger, ids: list[str]) -> Chart:
    """Figures of which each is the only one of its measure."""
    found = ledger.figures(*ids)
    labels = {figure.id: _in_full(figure) for figure in found}
    frame = ledger.frame(ids=labels)
    title = f"Measures with no second figure, as stated by {_parties(found)}"
    because = _UNLIKE if len({*frame["unit"]}) == 1 < len(frame) else ""
    return _telling(glance(frame, title=title, because=because), labels.values())


def _telling(chart: Chart, texts: Iterable[Worded]) -> Chart:
    """A new chart with the pieces of its texts, for two figures may have the same text."""
    pieces = {str(text): text.pieces for text in texts if text}
    meta = {} if chart.usermeta is alt.Undefined else chart.usermeta
    chart.usermeta = {**meta, "tallybook": {"told": pieces}}
    return chart


def _parties(found: Iterable[Figure]) -> str:
    """The parties of some figures: "Kettle Club, Lid Guild and Order"."""
    *others, last = dict.fromkeys(figure.party for figure in found)
    return f"{', '.join(others)} and {last}" if others else last


def _in_full(figure: Figure) -> Worded:
    """The label of a figure that stands by itself, with what is stated of it."""
    label = from_ledger(Reference("label", figure.id), figure.label)
    return _joined([label, *about(figure)[::2]])


def _labels(ledger: Ledger, found: list[Figure]) -> tuple[Worded, dict[str, Worded]]:
    """What is the same of all these figures, besides their party, and what sets each apart, by id.

    No two have the same label: where all else is the same, their documents or ids differ.
    """
    fields = {f.id: {name: _piece(ledger, f, name) for name in _FIELDS} for f in found}
    varied = [name for name in _FIELDS if _differing(fields.values(), [name]) > 1]
    shown = [name for name in varied if name in _ALWAYS]
    for more in ("source", "id"):
        if _differing(fields.values(), shown) < _differing(fields.values(), [*shown, more]):
            shown.append(more)
    if "condition" in shown:
        for each in fields.values():
            each["condition"] = each["condition"] or "without a condition"
    same = [fields[found[0].id][name] for name in _ALWAYS if name not in ("party", *varied)]
    labels = {wanted: _joined([each[n] for n in shown]) for wanted, each in fields.items()}
    return _joined(same), labels


def _differing(rows: Iterable[dict[str, Piece]], names: list[str]) -> int:
    """How many of the rows do not say the same in these fields."""
    return len({tuple(piece(row[name])["text"] for name in names) for row in rows})


def _piece(ledger: Ledger, figure: Figure, name: str) -> Piece:
    match name:
        case "party":
            return figure.party
        case "condition":
            words = ", ".join(condition_in_words(ledger.statistic(figure.id).condition))
            return from_ledger(Reference(name, figure.id), words)
        case "source":
            source = ledger.source(ledger.statistic(figure.id).cited[0].source)
            return from_ledger(Reference(name, source.id), source.short or source.title)
        case "id":
            return from_ledger(Reference(name, figure.id), figure.id)
    return from_ledger(Reference(name, figure.id), getattr(figure, name))


def _joined(pieces: list[Piece]) -> Worded:
    """What is stated of these, parted by semicolons; it begins with a capital if it is a word."""
    stated = [each for each in pieces if each]
    if stated and isinstance(stated[0], str):
        stated[0] = stated[0][:1].upper() + stated[0][1:]
    return told([part for each in stated for part in ("; ", each)][1:])
