"""Statistics as a data frame of pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from tallybook.ledger.printed_figure import plain
from tallybook.ledger.records import Measure, Statistic

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["id", "measure", "value", "bound", "unit", "period", "scope", "party", "sources"]


def frame(statistics: Iterable[Statistic], measures: Mapping[str, Measure]) -> pd.DataFrame:
    """A row for each statistic, indexed by id."""
    import pandas as pd  # noqa: PLC0415  # a second of import, for this call alone

    rows = []
    for record in statistics:
        measure = measures[record.measure]
        sources = ", ".join(dict.fromkeys(citation.source for citation in record.cited))
        said = [plain(record.value), record.bound, measure.unit, record.period.text, record.scope]
        rows.append([record.id, measure.label, *said, record.party, sources])
    return pd.DataFrame(rows, columns=_COLUMNS).set_index("id")
