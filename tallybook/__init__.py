"""tallybook: statistics reports in which every figure comes from a ledger of sources.

The few names that a notebook needs. What they need in turn is imported at the first call, so that
importing the package costs next to nothing; charts are in `tallybook.charts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallybook.ledger.questions import differences, rests_on, select, used_by, without_figures
    from tallybook.notebooks.session import load
    from tallybook.quantity.quantity import (
        as_percent,
        indexed,
        ratio_of_changes,
        share_from_ratio,
        total,
    )
    from tallybook.tables.cited_text import worded
    from tallybook.tables.comparison import (
        answers,
        bare,
        dated_events,
        differing_facts,
        said,
        tied,
        timing,
    )
    from tallybook.tables.coverage import all_statistics, coverage, dismissed
    from tallybook.tables.disagreements import closest, counts_and_lists, look_alikes, pairs
    from tallybook.tables.publish import beside_lists, publish, source_table, table

__all__ = [
    "all_statistics",
    "answers",
    "as_percent",
    "bare",
    "beside_lists",
    "closest",
    "counts_and_lists",
    "coverage",
    "dated_events",
    "differences",
    "differing_facts",
    "dismissed",
    "indexed",
    "load",
    "look_alikes",
    "pairs",
    "publish",
    "ratio_of_changes",
    "rests_on",
    "said",
    "select",
    "share_from_ratio",
    "source_table",
    "table",
    "tied",
    "timing",
    "total",
    "used_by",
    "without_figures",
    "worded",
]

_HOMES = {
    "tables.comparison": "answers bare dated_events differing_facts said tied timing",
    "tables.disagreements": "closest counts_and_lists look_alikes pairs",
    "notebooks.session": "load",
    "tables.publish": "beside_lists publish source_table table",
    "tables.coverage": "all_statistics coverage dismissed",
    "quantity.quantity": "as_percent indexed ratio_of_changes share_from_ratio total",
    "ledger.questions": "differences rests_on select used_by without_figures",
    "tables.cited_text": "worded",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    for module, names in _HOMES.items():
        if name in names.split():
            return getattr(import_module(f"tallybook.{module}"), name)
    raise AttributeError(f"module 'tallybook' has no attribute {name!r}")
