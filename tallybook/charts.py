"""The charts of the book: a few forms, named for the question that they answer.

Importing this sets Altair's theme and renderer.
"""

from __future__ import annotations

import altair as alt

from tallybook.chart_figures import how_many, within_what
from tallybook.chart_theme import render
from tallybook.chart_ties import ties
from tallybook.chart_times import side_by_side, when

__all__ = ["how_many", "render", "side_by_side", "ties", "when", "within_what"]

alt.renderers.enable("tallybook")
