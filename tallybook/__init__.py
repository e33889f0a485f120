"""tallybook: statistics reports in which every figure comes from a ledger of sources.

The few names that a notebook needs. What they need in turn is imported at the first call, so that
importing the package costs next to nothing; charts are in `tallybook.charts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallybook.loading import load
    from tallybook.outputs import beside_lists, publish, source_table, table
    from tallybook.quantity import as_percent, indexed, ratio_of_changes, share_from_ratio, total
    from tallybook.questions import differences, rests_on, select, without_figures

__all__ = [
    "as_percent",
    "beside_lists",
    "differences",
    "indexed",
    "load",
    "publish",
    "ratio_of_changes",
    "rests_on",
    "select",
    "share_from_ratio",
    "source_table",
    "table",
    "total",
    "without_figures",
]

_HOMES = dict.fromkeys(__all__, "quantity")
_HOMES |= dict.fromkeys(("beside_lists", "publish", "source_table", "table"), "outputs")
_HOMES |= dict.fromkeys(("differences", "rests_on", "select", "without_figures"), "questions")
_HOMES["load"] = "loading"


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    if name not in _HOMES:
        raise AttributeError(f"module 'tallybook' has no attribute {name!r}")
    return getattr(import_module(f"tallybook.{_HOMES[name]}"), name)
