"""The measure of a figure that is proposed: one that the ledger has, or a new one."""

from __future__ import annotations

import re
from collections.abc import Container, Set
from functools import lru_cache

from tallybook.ledger import loading, nouns, units, yaml
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.passages import Passages
from tallybook.ledger.records import Measure
from tallybook.reading import currencies, hedges, statements
from tallybook.reading import english as words
from tallybook.reading.amount import Amount

MEASURES = "data/measures.yml"
_SMALL = frozenset("of the a an in on to and or by for from with at as their its per".split())
_CHANGE = re.compile(rf"(?<!\w)(?:{words.CHANGES}|growth)(?!\w)", re.I)
_MORE = re.compile(r"(?:more|fewer|less|higher|lower|greater)(?!\w)")
# Of the words before a figure, those that name nothing: verbs of change, and small words.
_NO_NOUN = re.compile(
    rf"(?:{words.CHANGES}|{'|'.join(words.NO_NOUN)}|reach\w*|be|been|being|which|it|they|its|their"
    r"|we|our|these|those|them|came|rather|some|such|all|more|than|also|only|then|there|handled"
    r"|total\w*|amount\w*|involv\w*|worth|approximately|costs?|cost)",
    re.I,
)
_NEAR = 50  # characters around a figure in which its measure is named; farther off it is others'
_LONGEST_LABEL = 5  # words
_DEFINITION = "What the document calls this; say what belongs to it and what does not."


def measure_of(
    ledger: Ledger, passages: Passages, figure: Amount, taken: Set[str], new: Container[str] = ()
) -> tuple[Measure, str] | None:
    """A figure's measure, with its YAML if it is new; None where no unit is found.

    `new` are those that were proposed before, which are taken again where all of it is the same.

    >>> from tallybook.ledger.coverage import Document
    >>> passages = Passages(Document("report", "It sold more than 40 kettles.", {}))
    >>> measure, _ = measure_of(Ledger(root=None), passages, passages.document.figures[0], set())
    >>> measure.label, measure.kind, measure.unit
    ('kettles', 'total over a period', 'kettles')
    """
    known = _known(ledger, passages, figure, new)
    if known:
        return known, ""
    start, end = passages.sentence(figure.text_start)
    text = passages.document.text
    before = re.split(r"[,;:()]\s", text[start : figure.text_start])[-1]
    behind = " ".join(text[figure.text_end : end].split()[:2])
    is_change = bool(_CHANGE.search(before) or _CHANGE.search(behind) or _MORE.match(behind))
    label = _label(passages, figure)
    kind, unit = _kind_and_unit(figure, label, is_change=is_change)
    label = {"share": "share of ", "change": "change in "}.get(kind, "") + (label or unit)
    return _made(ledger, label, kind, unit, taken)


def _known(
    ledger: Ledger, passages: Passages, figure: Amount, new: Container[str]
) -> Measure | None:
    """The measure whose unit a figure is printed in and whose label stands around it."""
    start, end = passages.sentence(figure.text_start)
    start, end = max(start, figure.start - _NEAR), min(end, figure.end + _NEAR)
    near = _stems(passages.document.text[start:end])
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


def _label(passages: Passages, figure: Amount) -> str:
    """What is counted: the nouns behind a figure, else those before it."""
    if head := passages.column_head(figure):
        return _worded(head.lower() if head.istitle() else head)
    found = passages.nouns_after(figure)
    start, end = passages.sentence(figure.text_start)
    text = passages.document.text
    if measured := units.measured(figure):
        of = re.match(rf"[\s-]*{re.escape(measured)}\s+of\s+", text[figure.text_end : end])
        found = passages.nouns_after(figure, skipped=len(of[0])) if of else []
    if not found and (of := re.match(r"\s+of\s+(?:the\s+|all\s+)*", text[figure.text_end : end])):
        found = passages.nouns_after(figure, skipped=of.end())
    if figure.per:
        # "3.4 deaths per 1,000 people", or "deaths were 3.4 per 1,000 people"
        own = re.match(r"[\s-]+([^\W\d_]{2,})", text[figure.spans[0][1] : end])
        found = [own[1]] if own and own[1] not in ("per", "in", "for", "out", "of") else []
    elif found and not figure.unit and not measured:
        found += passages.participle(figure)
    # "Revenue of $8 million, up 6%": where its own clause names nothing, the one before does.
    clauses = re.split(r"[,;:()]\s", text[start : figure.text_start])
    while not found and clauses:
        before = re.findall(r"[^\W\d_][\w'-]+", clauses.pop())
        found = [word for word in before if not _NO_NOUN.fullmatch(word)][-3:]
    kept = [word for word in found if not hedges.read(word)][:_LONGEST_LABEL]
    if kept and kept[0].istitle() and text.startswith(kept[0], start):
        kept[0] = kept[0].lower()
    return _worded(" ".join(kept))


def _worded(label: str) -> str:
    """A label without what would be a numeral on a page."""
    if any(statements.stating(label)) or re.search(r"\d", label):
        return " ".join(word for word in label.split() if not any(statements.stating(word)))
    return label


def _kind_and_unit(figure: Amount, label: str, *, is_change: bool) -> tuple[str, str]:
    unit = figure.unit or units.measured(figure)
    if figure.per and figure.unit != hedges.PERCENT:
        return "rate", f"{_money(figure) or unit or _noun(label)} per {figure.per}".strip()
    if figure.unit in ("percent", "fraction"):
        return ("change" if is_change else "share"), figure.unit
    if figure.unit in ("points", "percentage points", "basis points"):
        return "change", "percentage points" if figure.unit != "basis points" else figure.unit
    if figure.unit == "times":
        return ("change" if figure.says_more else "ratio"), "times"
    if figure.unit in hedges.TIMES:
        return "duration", figure.unit
    if money := _money(figure):
        return "total over a period", money
    if figure.is_ordinal or unit == "place":
        return "level at a date", "place"
    if unit:
        return "level at a date", unit
    return "total over a period", _noun(label)


def _noun(label: str) -> str:
    """What a label counts: its last word that is no participle."""
    found = label.split()
    while len(found) > 1 and found[-1].endswith("ed"):
        found.pop()
    return found[-1] if found else ""


def _money(figure: Amount) -> str:
    """The code of a figure's currency; of several, the one that is meant where nothing says so."""
    if not figure.also:
        return ""
    if not currencies.is_shared(figure.unit):
        return figure.unit
    return "USD" if "USD" in figure.also else sorted(figure.also)[0]


def _made(
    ledger: Ledger, label: str, kind: str, unit: str, taken: Set[str]
) -> tuple[Measure, str] | None:
    """A new measure; the same again where its label, kind and unit are."""
    if not unit or not label:
        return None
    stem = re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:60].strip("-") or "measure"
    number, name = 1, stem
    while name in taken or name in ledger.measures:
        known = ledger.measures.get(name)
        if known and (known.label, known.kind, known.unit) == (label, kind, unit):
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
