"""The charts of a book: a few forms, named for the question that they answer.

The first use of one imports Altair, and sets its theme and renderer. The build of the site only
reads charts, and imports no Altair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallybook import lazy_names

if TYPE_CHECKING:
    from tallybook.charts.forms import how_many, render, side_by_side, when, within_what
    from tallybook.charts.tie_chart import ties

__all__ = ["how_many", "render", "side_by_side", "ties", "when", "within_what"]

__getattr__ = lazy_names(
    __name__,
    {
        "charts.forms": "how_many render side_by_side when within_what",
        "charts.tie_chart": "ties",
    },
)
