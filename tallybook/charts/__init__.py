"""The charts of a book: a few forms, named for the question that they answer.

The first use of one imports Altair, and sets its theme and renderer; what only looks at charts,
such as the build of the site, does without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallybook.charts.figures import how_many, within_what
    from tallybook.charts.renderer import render
    from tallybook.charts.tie_chart import ties
    from tallybook.charts.times import side_by_side, when

__all__ = ["how_many", "render", "side_by_side", "ties", "when", "within_what"]

_MODULES = {
    "figures": "how_many within_what",
    "renderer": "render",
    "tie_chart": "ties",
    "times": "side_by_side when",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    for module, names in _MODULES.items():
        if name in names.split():
            return getattr(import_module(f"tallybook.charts.{module}"), name)
    raise AttributeError(f"module 'tallybook.charts' has no attribute {name!r}")
