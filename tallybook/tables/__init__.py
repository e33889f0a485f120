"""Tables of figures and of the statements that they are compared for, to show in a notebook.

Each function gives a `tallybook.tables.table.Table`. A function's module is imported when it is
first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tallybook import lazy_names

if TYPE_CHECKING:
    from tallybook.tables.comparison import (
        before_and_after_deeds,
        dated_events,
        differing_statements,
        statements,
        statements_under,
        statements_without_figures,
        whole_comparison,
    )
    from tallybook.tables.disagreements import (
        counts_and_lists,
        differing_figures,
        unlike_measures,
    )
    from tallybook.tables.figures import (
        all_statistics,
        counts_with_members,
        coverage,
        dismissed,
    )
    from tallybook.tables.frames import frame

__all__ = [
    "all_statistics",
    "before_and_after_deeds",
    "counts_and_lists",
    "counts_with_members",
    "coverage",
    "dated_events",
    "differing_figures",
    "differing_statements",
    "dismissed",
    "frame",
    "statements",
    "statements_under",
    "statements_without_figures",
    "unlike_measures",
    "whole_comparison",
]

__getattr__ = lazy_names(
    __name__,
    {
        "tables.comparison": (
            "before_and_after_deeds dated_events differing_statements statements "
            "statements_under statements_without_figures whole_comparison"
        ),
        "tables.disagreements": "counts_and_lists differing_figures unlike_measures",
        "tables.figures": "all_statistics counts_with_members coverage dismissed",
        "tables.frames": "frame",
    },
    moved={
        "asked_and_answered": "tables.whole_comparison",
        "before_and_after_actions": "tables.before_and_after_deeds",
    },
)
