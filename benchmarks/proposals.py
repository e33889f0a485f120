"""How much of the book's own records `tallybook propose` would have written: FOLDER of documents.

The records of each document are taken out of the ledger in turn, and what is proposed for it is
compared with them: `python -m benchmarks.proposals FOLDER`.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from tallybook.ledger import coverage, loading, yaml
from tallybook.ledger.coverage import Document
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.proposals import proposing
from tallybook.ledger.records import Statistic
from tallybook.ledger.single import single_figure

ROOT = Path(__file__).parents[1]
ASKED = ("value and bound", "period", "run that holds", "measure", "another measure of the ledger")
Places = dict[int, Statistic]


def places(ledger: Ledger, document: Document, statistics: list[Statistic]) -> Places:
    """Each statistic by the number of the first numeral that a citation of it claims."""
    found = {}
    for statistic in statistics:
        unit = ledger.measures[statistic.measure].unit
        for cited in statistic.cited:
            place = coverage.place_of(document, cited) if cited.source == document.name else None
            spans = single_figure(cited.as_printed, unit, ledger.spelled).spans
            if place and spans:
                start, end = (place[0] + at for at in spans[0])
                found[document.overlapping((start, end))[0]] = statistic
    return found


def of_source(name: str, folder: Path) -> Counter[str]:
    """How many of a document's figures are proposed as they are recorded."""
    ledger, _ = loading.inspect(ROOT)
    source, known = ledger.sources[name], {*ledger.measures}
    document, _ = coverage.document_of(source, folder, ledger.spelled)
    if document is None:
        return Counter()
    wanted = places(ledger, document, [*ledger.statistics.values()])
    for records in (ledger.statistics, ledger.events, ledger.items, ledger.missing):
        records.clear()
    ledger.dismissals.clear()
    proposed = []
    for each in proposing.of_source(ledger, source, folder).statistics:
        tree, _ = yaml.parse(each.as_yaml(), proposing.STATISTICS)
        record, _ = loading.validated(tree[0], Statistic, proposing.STATISTICS)
        proposed += [record] if isinstance(record, Statistic) else []
    found, counts = places(ledger, document, proposed), Counter(figures=len(wanted))
    for number, record in wanted.items():
        if made := found.get(number):
            counts["run that holds"] += 1
            counts["value and bound"] += _numbers(made) == _numbers(record)
            counts["period"] += made.period.text == record.period.text
            counts["measure"] += made.measure == record.measure
            is_other = made.measure in known and made.measure != record.measure
            counts["another measure of the ledger"] += is_other
    return counts


def _numbers(statistic: Statistic) -> tuple[object, ...]:
    return statistic.value, statistic.low, statistic.high, statistic.bound, statistic.high_bound


def main() -> None:
    """Print the shares over all documents of the book."""
    ledger, _ = loading.inspect(ROOT)
    counts = sum((of_source(name, Path(sys.argv[1])) for name in ledger.sources), Counter())
    for asked in ASKED:
        print(f"{asked}: {counts[asked]} of {counts['figures']}")


if __name__ == "__main__":
    main()
