"""Which chart the page of a figure shows: one of the book's, with the figure among its like.

It is the chart with the most figures of the same measure or, of a computed figure, with the most of
those that it is computed from. Among such charts it is the one with the fewest others, and then the
first in the order of the contents.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from sphinx.application import Sphinx

from tallybook.charts import data
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.questions import select
from tallybook.site import charts
from tallybook.site.build_state import BUILDS, known_pages
from tallybook.site.figure_details import FigureDetails


@dataclass(frozen=True)
class Shown:
    """A chart as the page of a figure shows it: its id and page, and its drawings.

    `label` are the pieces of what it calls the figure, and `beside` says what the others in it are
    to the figure. `is_marked` tells whether the figure is underlined in the drawings.
    """

    chart: str
    page: str
    drawings: str
    label: list[dict[str, str]]
    beside: str
    is_marked: bool


@dataclass(frozen=True)
class _Candidate:
    chart: str
    page: str
    ids: frozenset[str]


def by_figure(app: Sphinx, figures: Collection[str]) -> dict[str, Shown]:
    """The chart of each of these figures that stands beside others in one, by the figure's id."""
    build = BUILDS[app]
    found = [*_candidates(app)] if figures else []
    shown: dict[str, Shown] = {}
    drawn: dict[str, str] = {}
    for wanted in figures:
        details = build.details[wanted]
        others = _like(build.ledger, details)
        ranked = [
            (len(each.ids & others), -len(each.ids), -place, each)
            for place, each in enumerate(found)
            if wanted in each.ids and len(each.ids) > 1
        ]
        if not ranked:
            continue
        beside, _, _, best = max(ranked)
        spec = known_pages(app.env)[best.page].charts[best.chart]
        if best.chart not in drawn:
            drawn[best.chart] = charts.drawings_of(build.drawings, spec, best.chart, build.ledger)
        said = _beside(details, is_alike=beside > 0)
        rows = data.data(spec, build.ledger)
        row = next(row for row in rows if row["id"] == wanted)
        label = charts.label_of(row, spec, build.ledger)
        # A label that others have too is that of a line or a column.
        own_label = row["label"] if [r["label"] for r in rows].count(row["label"]) == 1 else ""
        own, is_marked = _own_marked(drawn[best.chart], own_label, row["words"])
        shown[wanted] = Shown(best.chart, best.page, own, label, said, is_marked)
    return shown


def _own_marked(drawings: str, label: str, words: str) -> tuple[str, bool]:
    """Drawings in which the label of a figure, or else its words, are marked as its own.

    In each drawing they are marked where they stand once, for one of two could be another's.
    """
    parts = re.split(r"(?=<svg\b)", drawings)
    marked = [_own_in_drawing(part, label, words) for part in parts]
    return "".join(marked), "".join(marked) != drawings


def _own_in_drawing(svg: str, label: str, words: str) -> str:
    texts = [*re.finditer(r"<text\b(?:[^>]*[^/>])?>(.*?)</text>", svg, re.S)]
    said = [(" ".join(unescape(re.sub(r"<[^>]*>", " ", t[1])).split()), t) for t in texts]
    for sought, behind in ((label, r"(?:$|[,:]| – )"), (words, "$")):
        pattern = re.compile(f"{re.escape(' '.join(sought.split()))}{behind}")
        found = [text for shown, text in said if sought and pattern.match(shown)]
        if len(found) == 1:
            at = found[0].start() + len("<text")
            return f'{svg[:at]} class="tb-own"{svg[at:]}'
    return svg


def _candidates(app: Sphinx) -> Iterator[_Candidate]:
    """The charts of notebooks, in the order of the contents.

    One that another page shows once more stands on its notebook's page too.
    """
    ledger, known = BUILDS[app].ledger, known_pages(app.env)
    for path in (Path(page.path) for page in BUILDS[app].listed if page.path.endswith(".ipynb")):
        name = app.env.path2doc(str(Path(app.srcdir, path))) or ""
        for chart, spec in known[name].charts.items() if name in known else ():
            yield _Candidate(chart, name, frozenset(data.shown(spec, ledger)))


def _like(ledger: Ledger, details: FigureDetails) -> set[str]:
    """The others of a figure's measure; of a computed one, those that it is computed from."""
    if not details.measure:
        return set(details.inputs)
    return {each.id for each in select(ledger, measure=details.measure.id)} - {details.figure.id}


def _beside(details: FigureDetails, *, is_alike: bool) -> str:
    if not is_alike:
        return "figures of other measures"
    return "the others of its measure" if details.measure else "what it is computed from"
