"""The words beside figures in prose: hedges, who says so, and comparisons.

Heuristics, each of which looks at one thing. A hedge right before or behind a figure has to be the
figure's own bound, or be allowed by the interval of a derived one. "Almost all" and the like are
looked at in a sentence with one share. A paragraph that shows a stated figure, or quotes the words
that print it, names its party, its speaker, or the document by a word of its id; so may the one
that leads to its list or quotation. Two stated figures of one unit with a comparing word between
them need the same period and scope, or a word that says how they differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from tallybook.audit.html import CLAIMED, Prose, plain
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.quantity.interval import Interval
from tallybook.reading import hedges, statements

_SENTENCE = re.compile(r"[.!?;:](?=\s|$)")
_SHARES = {
    r"(?:almost|nearly|virtually|practically) (?:all|every(?:one|thing)?)": ("from", 90),
    r"most(?: of)?": ("from", 50),
    r"(?:hardly|scarcely) any(?:one|thing)?|(?:almost|virtually|practically) none": ("to", 10),
    r"few(?: of)?|a minority": ("to", 50),
}
_COMPARING = re.compile(
    r"(?<!\w)(?:more|less|fewer|higher|lower|greater|smaller|larger|longer|shorter|than|against|"
    r"compared|versus|up from|down from|rose|rise[ns]?|fell|falls?|fallen|gr[eo]w\w*|dropp?\w*|"
    r"increas\w*|decreas\w*|declin\w*|improv\w*|exceed\w*|outnumber\w*|surpass\w*)(?!\w)",
    re.I,
)
_SAYS_HOW = re.compile(
    r"(?<!\w)(?:because|differ\w*|other(?:wise)?|another|apart|not the same|(?:in)?comparable|"
    r"compared?(?= only)|periods?|scopes?|times?|years?|months?|trend|disagree\w*|overlap\w*|"
    r"though|although|but|whereas|while|only (?:if|under)|not stated|no stated|open)(?!\w)",
    re.I,
)


@dataclass(frozen=True)
class _Shown:
    """A figure in a paragraph: where the sign that stands for it is, and what it is."""

    at: int
    figure: Figure


def faults_in(prose: Prose, ledger: Ledger) -> Iterator[str]:
    """Return what a paragraph says of its figures that their records do not, as sentences.

    >>> from pathlib import Path
    >>> from tallybook.audit.html import read
    >>> from tallybook.ledger import figures
    >>> from tallybook.quantity import Quantity
    >>> share = figures.derived("handled", Quantity.exactly(97, "percent"), "requests handled")
    >>> page = read('<article><p>Nearly <b data-of="words:handled">97%</b>.</p></article>')
    >>> list(faults_in(page.prose[0], Ledger(Path(), published={"handled": share})))
    ["'Nearly' beside 'handled' is not its own bound: the figure says '97%'; \
leave the hedge out, for it brings its own"]
    """
    shown = list(_shown(prose, ledger))
    for each in shown:
        yield from _hedged(prose.text, each, ledger)
        yield from _unattributed(prose, each.figure, ledger)
    yield from _quoted(prose, ledger)
    for start, end in _sentences(prose.text):
        here = [each for each in shown if start <= each.at < end]
        yield from _quantified(prose.text[start:end], here)
        yield from _compared(prose, (start, end), here)


def _shown(prose: Prose, ledger: Ledger) -> Iterator[_Shown]:
    """The figures that a paragraph shows in their own words."""
    places = (match.start() for match in re.finditer(CLAIMED, prose.text))
    # Not strict: the text of a page may hold the sign itself.
    for at, claim in zip(places, prose.claims, strict=False):
        of = claim.reference
        if of.kind == "words" and (of.id in ledger.statistics or of.id in ledger.published):
            yield _Shown(at, ledger.figure(of.id))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends; what a semicolon or a colon parts counts as two."""
    start = 0
    for match in _SENTENCE.finditer(text):
        yield start, match.end()
        start = match.end()
    yield start, len(text)


def _hedged(text: str, shown: _Shown, ledger: Ledger) -> Iterator[str]:
    """The hedges right before and behind a figure that are not its own bound."""
    for hedge in (hedges.at_the_end(text[: shown.at]), hedges.at_the_start(text[shown.at + 1 :])):
        if hedge and not _allows(shown.figure, hedge[1], ledger):
            figure = shown.figure
            says = f"the figure says {figure.words!r}; leave the hedge out, for it brings its own"
            yield f"{hedge[0]!r} beside {figure.id!r} is not its own bound: {says}"


def _allows(figure: Figure, bound: str, ledger: Ledger) -> bool:
    """Whether a figure is stated with this bound, or a derived one lies within it for certain."""
    interval = figure.quantity.interval
    if bound == "exact":
        return interval is not None and interval.is_point
    if not figure.is_derived:
        return ledger.statistics[figure.id].bound == bound
    if bound == "about" or interval is None:
        return bound == "about"
    return _implies(interval, bound, figure.quantity.point)


def _implies(interval: Interval, bound: str, number: Fraction) -> bool:
    """Whether all of an interval is where a bound says, as seen from a number."""
    above = interval.low > number or (interval.low == number and not interval.low_closed)
    below = interval.high < number or (interval.high == number and not interval.high_closed)
    return {
        "more than": above,
        "at least": above or interval.low == number,
        "less than": below,
        "nearly": below,
        "up to": below or interval.high == number,
    }.get(bound, False)


def _unattributed(prose: Prose, figure: Figure, ledger: Ledger) -> Iterator[str]:
    """A stated figure in a paragraph that names neither who states it nor the document."""
    if figure.is_derived:
        return
    record = ledger.statistics[figure.id]
    party = ledger.parties[record.party]
    names = {party.name, party.short, *party.speakers}
    for citation in record.cited:
        source = ledger.sources[citation.source]
        names |= {citation.said_by or party.name, source.short or source.title}
        # Prose calls a document by a word of its id: "the survey" for lid-survey-2018.
        names |= {source.publisher, *filter(str.isalpha, source.id.split("-"))}
    text = plain(f"{prose.lead} {_with_texts(prose)}").casefold()
    found = (rf"(?<!\w){re.escape(plain(name).casefold())}(?!\w)" for name in names)
    if not any(re.search(name, text) for name in found):
        expected = f"name {record.party!r} in its paragraph, or its document with {{source}}"
        yield f"nobody is named who states {figure.id!r}: {expected}"


def _quoted(prose: Prose, ledger: Ledger) -> Iterator[str]:
    """A printed run that is quoted in a paragraph that names nobody who states its figure."""
    runs = statements.quotations(plain(prose.text))
    found = [
        list(_unattributed(prose, ledger.figure(record.id), ledger))
        for record in (ledger.statistics.values() if runs else ())
        if any(statements.printed(plain(str(c.as_printed))) in runs for c in record.cited)
    ]
    if found and all(found):
        yield found[0][0]


def _with_texts(prose: Prose) -> str:
    """The paragraph with what its claims say: a document's title names its party."""
    return _filled(prose, 0, len(prose.text))


def _filled(prose: Prose, start: int, end: int) -> str:
    """A part of a paragraph with what its claims say."""
    skipped = prose.text[:start].count(CLAIMED)
    texts = iter([claim.text for claim in prose.claims][skipped:])
    return re.sub(CLAIMED, lambda _: next(texts, ""), prose.text[start:end])


def _says_periods(prose: Prose, sentence: tuple[int, int], *compared: _Shown) -> bool:
    """Whether a sentence has the period of each figure, none of them unstated."""
    said = _filled(prose, *sentence)
    periods = [each.figure.period for each in compared]
    is_stated = all(re.search(r"\d", each) for each in periods)
    return is_stated and all(
        re.search(rf"(?<!\w){re.escape(each)}(?!\w)", said) for each in periods
    )


def _quantified(sentence: str, here: list[_Shown]) -> Iterator[str]:
    """Words such as "almost all" that the share in their sentence does not allow."""
    shares = [each.figure for each in here if each.figure.quantity.unit in ("percent", "fraction")]
    if len(shares) != 1:  # of two, the words may mean either
        return
    (figure,) = shares
    interval = figure.quantity.interval
    for pattern, (side, percent) in _SHARES.items():
        found = re.search(rf"(?<!\w)(?:{pattern})(?!\w)", sentence, re.I)
        if not found or interval is None:
            continue
        limit = Fraction(percent, 100 if figure.quantity.unit == "fraction" else 1)
        holds = interval.low >= limit if side == "from" else interval.high <= limit
        if not holds:
            yield (
                f"{found[0]!r} is not what {figure.id!r} allows: {figure.words!r}; say the share "
                "alone"
            )


def _compared(prose: Prose, sentence: tuple[int, int], here: list[_Shown]) -> Iterator[str]:
    """Stated figures that are compared, of another period or scope, without a word on that."""
    start, end = sentence
    stated = [each for each in here if not each.figure.is_derived]
    for first, second in pairwise(stated):
        one, other = first.figure.quantity, second.figure.quantity
        before = prose.text[start : first.at]
        between = prose.text[first.at + 1 : second.at]
        is_compared = _COMPARING.search(between) or re.search(r"\bfrom\s*$", before)
        if one.unit != other.unit or not is_compared or _SAYS_HOW.search(prose.text):
            continue
        differ = [
            {getattr(c, name) for c in one.contexts} != {getattr(c, name) for c in other.contexts}
            for name in ("period", "scope")
        ]
        if differ == [True, False] and _says_periods(prose, (start, end), first, second):
            continue
        if any(differ):
            ids = f"{first.figure.id!r} and {second.figure.id!r}"
            yield (
                f"{ids} are compared, and nothing says that their period or scope differs; write "
                "each with its {period}, or how their scopes differ"
            )
