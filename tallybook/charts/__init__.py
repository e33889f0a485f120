"""Charts of figures: forms that reports need, and the check of every Altair chart.

The first use of one imports Altair, and sets its theme and renderer. The build of the site only
reads charts, and imports no Altair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallybook import lazy_names

if TYPE_CHECKING:
    from tallybook.charts.each_measure import by_measure
    from tallybook.charts.forms import bars, changes, glance, multiples, shares, ties, times, trend
    from tallybook.charts.pictures import picture

__all__ = [
    "bars", "by_measure", "changes", "glance", "multiples", "picture", "shares", "ties", "times",
    "trend",
]  # fmt: skip

__getattr__ = lazy_names(
    __name__,
    {
        "charts.forms": "bars changes glance multiples shares ties times trend",
        "charts.pictures": "picture",
        "charts.each_measure": "by_measure",
    },
    {
        "how_many": "charts.bars",
        "when": "charts.times",
        "within_what": "charts.bars",
        "side_by_side": "charts.bars",
    },
)
