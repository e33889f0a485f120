"""The measure of a figure that is proposed: one that the ledger has, or a new one."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Set
from functools import lru_cache

from tallybook.ledger import loading, nouns, units, yaml
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.passages import RUNNING_TOTAL, Passages
from tallybook.ledger.proposals.naming import label_of, noun_of, of_share
from tallybook.ledger.records import Measure
from tallybook.reading import currencies, hedges
from tallybook.reading import english as words
from tallybook.reading.amount import Amount

MEASURES = "data/measures.yml"
_SMALL = frozenset("of the a an in on to and or by for from with at as their its per".split())
_CHANGE = re.compile(
    rf"(?<!\w)(?!(?:went|gone|goes|took|taken|br[io]\w+)(?!\w))(?:{words.CHANGES}|growth)(?!\w)",
    re.I,
)
_MORE = re.compile(
    r"\s+(?:(?:more|fewer|less|higher|lower|greater|longer|shorter|larger|smaller|faster|slower|better"
    r"|worse)\s+than(?!\w)|above|below|more|fewer|less|higher|lower|longer|shorter)(?!\w)"
)
_PART = r"(?:%|cent|percent|half|thirds?|quarters?|majority|most)"
_TO_A_LEVEL = re.compile(r"(?<!\w)(?:from|to|at|made up|makes? up|was|were|is|are)\s+$", re.I)
# "By May it had sold", "as of May they have lent"
_RUNNING = re.compile(
    r"(?<!\w)(?:by|as\s+(?:of|at))\s.*\bha(?:d|s|ve)\s+(?:\w+ly\s+)?\w+ed\s+$", re.I
)
_NEAR = 50  # characters around a figure in which its measure is named; farther off it is others'
Elsewhere = Mapping[str, tuple[str, str, str]]
_DEFINITION = "What the document calls this; say what belongs to it and what does not."


def measure_of(
    ledger: Ledger,
    passages: Passages,
    figure: Amount,
    taken: Set[str],
    new: Container[str] = (),
    elsewhere: Elsewhere | None = None,
) -> tuple[Measure, str] | None:
    """A figure's measure, with its YAML if it is new; None where no unit is found.

    `new` are those that were proposed before, which are taken again where all of it is the same;
    `elsewhere` has label, kind and unit of those that other proposals of the book have.

    >>> from tallybook.ledger.document import Document
    >>> passages = Passages(Document("report", "It sold more than 40 kettles.", {}))
    >>> measure, _ = measure_of(Ledger(root=None), passages, passages.document.figures[0], set())
    >>> measure.label, measure.kind, measure.unit
    ('kettles sold', 'total over a period', 'kettles')
    """
    known = _known(ledger, passages, figure, new)
    if known:
        return known, ""
    is_change = _is_change(passages, figure)
    label = label_of(passages, figure, is_change=is_change)
    kind, unit = _kind_and_unit(figure, label, is_change=is_change)
    if kind == "total over a period" and _RUNNING.search(_sentence_to(passages, figure)):
        kind = RUNNING_TOTAL
    kind, unit = _of_head(passages, figure, label, kind, unit)
    if kind == "change" and not re.search(r"(?<!\w)change(?!\w)", label, re.I):
        label = f"change in {label or unit}"
    if kind == "share":
        around = passages.document.text[slice(*passages.document.block(figure.text_start))]
        of = rf"{_PART}\s+of\s+(?:\w+\s+)?{re.escape(label)}"
        label = of_share(label, is_of=bool(re.search(of, around)))
    return _made(ledger, (label, kind, unit), taken, elsewhere or {})


def _of_head(
    passages: Passages, figure: Amount, label: str, kind: str, unit: str
) -> tuple[str, str]:
    """The kind and the unit of a figure in a table, as far as its heads say them."""
    heads = passages.tables.heads(figure.start)
    if heads is None:
        return kind, unit
    is_change = re.search(r"(?<!\w)change(?!\w)", label, re.I)
    if figure.unit or figure.also or figure.per or units.measured(figure):
        return ("change" if is_change else kind), unit
    # Of what stands in rows of names nothing says what it counts.
    said = heads.unit or noun_of(heads.column or (label if label[:1].islower() else "")) or "number"
    if units.is_shown(said):  # and is not with the number
        said = f"number of {said}"
    if is_change:
        return "change", said if heads.unit else "number"
    if said == "%":
        return "share", said
    return ("rate" if " per " in said else kind), said


def _sentence_to(passages: Passages, figure: Amount) -> str:
    return passages.document.text[
        passages.document.sentence(figure.text_start)[0] : figure.text_start
    ]


def _is_change(passages: Passages, figure: Amount) -> bool:
    """Whether a figure says by how much something changed, and not to what."""
    start, end = passages.document.sentence(figure.text_start)
    text = passages.document.text
    before = re.split(r"[,;:()]\s", text[start : figure.text_start])[-1]
    behind = text[figure.text_end : end]
    if _MORE.match(behind):
        return True
    # "rose from 61% to 66%", "made up 20% of deaths"
    is_level = _TO_A_LEVEL.search(before) or behind.startswith(" of ")
    near = " ".join(behind.split()[:2])
    return not is_level and bool(_CHANGE.search(before) or _CHANGE.match(near))


def _known(
    ledger: Ledger, passages: Passages, figure: Amount, new: Container[str]
) -> Measure | None:
    """The measure whose unit a figure is printed in and whose label stands around it."""
    start, end = passages.document.sentence(figure.text_start)
    start, end = max(start, figure.start - _NEAR), min(end, figure.end + _NEAR)
    heads = passages.tables.heads(figure.start)
    around = f"{heads.row} {heads.column}" if heads else passages.document.text[start:end]
    near = _stems(around)
    found = []
    for measure in ledger.measures.values():
        wanted = _stems(measure.label)
        is_named = measure.id not in new and wanted and wanted <= near
        if is_named and units.prints(figure, measure.unit) and _allows(measure, figure):
            found.append((len(wanted), measure.id))
    return ledger.measures[max(found)[1]] if found else None


def _allows(measure: Measure, figure: Amount) -> bool:
    read = units.in_unit(figure, measure.unit)
    value = read and (read.value if read.value is not None else read.low)
    low, high = measure.floor, measure.ceiling
    is_in = value is not None and (low is None or low <= value) and (high is None or value <= high)
    # A ship in five is a share, though one ship can be read of it.
    is_printed = read is not None and read.unit == figure.unit
    return is_in and is_printed and measure.kind != "limit of a rule"


@lru_cache(maxsize=2**14)
def _stems(text: str) -> frozenset[str]:
    found = re.findall(r"[^\W\d_]{3,}", text.lower())
    return frozenset(nouns.singular(word) for word in found if word not in _SMALL)


def _kind_and_unit(figure: Amount, label: str, *, is_change: bool) -> tuple[str, str]:
    unit = figure.unit or units.measured(figure)
    if figure.per and figure.unit != hedges.PERCENT:
        return "rate", f"{_money(figure) or unit or noun_of(label)} per {figure.per}".strip()
    if figure.unit in ("percent", "fraction"):
        return ("change" if is_change else "share"), figure.unit
    if figure.unit in ("points", "percentage points", "basis points"):
        return "change", "percentage points" if figure.unit != "basis points" else figure.unit
    if figure.unit == "times":
        return ("change" if figure.says_more else "ratio"), "times"
    if figure.unit in hedges.TIMES:
        return ("change" if is_change else "duration"), figure.unit
    if money := _money(figure):
        return ("change" if is_change else "total over a period"), money
    if figure.is_ordinal or unit == "place":
        return "level at a date", "place"
    if unit:
        return "level at a date", unit
    noun = noun_of(label)
    if noun in hedges.TIMES:  # "terawatt hours generated"
        noun = label[: label.index(noun) + len(noun)]
    return "total over a period", noun


def _money(figure: Amount) -> str:
    """The code of a figure's currency; of several, the one that is meant where nothing says so."""
    if not figure.also:
        return ""
    if not currencies.is_shared(figure.unit):
        return figure.unit
    return "USD" if "USD" in figure.also else sorted(figure.also)[0]


def _made(
    ledger: Ledger, wanted: tuple[str, str, str], taken: Set[str], elsewhere: Elsewhere
) -> tuple[Measure, str] | None:
    """A new measure; the same again where its label, kind and unit are."""
    label, kind, unit = wanted
    if not unit or not label:
        return None
    stem = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:60].strip("-") or "measure"
    number, name = 1, stem
    while name in taken or name in ledger.measures or elsewhere.get(name, wanted) != wanted:
        known = ledger.measures.get(name)
        if known and (known.label, known.kind, known.unit) == wanted:
            return known, ""
        number += 1
        name = f"{stem}-{number}"
    fields = {"id": name, "label": label, "kind": kind, "unit": unit, "definition": _DEFINITION}
    text = (
        "- " + "\n  ".join(f"{key}: {yaml.scalar(value)}" for key, value in fields.items()) + "\n"
    )
    tree, problems = yaml.parse(text, MEASURES)
    record = None if problems else loading.validated(tree[0], Measure, MEASURES)[0]
    return (record, text) if isinstance(record, Measure) else None
