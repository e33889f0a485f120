"""tallybook: statistics reports in which every figure comes from a ledger of sources.

These ten names are what nearly every notebook needs. The others stand in the packages that they
belong to: `tallybook.tables`, `tallybook.charts`, `tallybook.ledger.questions` and
`tallybook.quantity`. A name's module is imported when the name is first used, so that importing the
package takes next to no time, and a notebook depends on no more than it uses.

>>> import tallybook
>>> ledger = tallybook.load("tests/books/kettles")
>>> [record.id for record in tallybook.select(ledger, measure="stores-closed")]
['stores-closed-2017']
>>> after = tallybook.indexed(ledger.quantity("requests-decline-2017"), falling=True)
>>> print(float(after.point), after.unit)
58.0 percent
>>> tallybook.publish(ledger, {"requests-left": ("requests in percent of the year before", after)})
requests in percent of the year before: between 57.5% and 58.5% (requests-left)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallybook.ledger.questions import select
    from tallybook.notebooks.session import load
    from tallybook.quantity.quantity import as_percent, indexed, share_from_ratio, total
    from tallybook.tables.figures import publish, source_table, table
    from tallybook.tables.table import worded

__all__ = [
    "as_percent",
    "indexed",
    "load",
    "publish",
    "select",
    "share_from_ratio",
    "source_table",
    "table",
    "total",
    "worded",
]

# What stood here before; books written for it are told where it is.
_MOVED = {
    "all_statistics": "tables.all_statistics",
    "answers": "tables.statements_under",
    "bare": "tables.statements_without_figures",
    "beside_lists": "tables.counts_with_members",
    "counts_and_lists": "tables.counts_and_lists",
    "coverage": "tables.coverage",
    "dated_events": "tables.dated_events",
    "differences": "ledger.questions.differences",
    "differing_facts": "tables.differing_statements",
    "dismissed": "tables.dismissed",
    "look_alikes": "tables.unlike_measures",
    "pairs": "tables.differing_figures",
    "ratio_of_changes": "quantity.ratio_of_changes",
    "rests_on": "ledger.questions.rests_on",
    "said": "tables.statements",
    "timing": "tables.before_and_after_deeds",
    "used_by": "ledger.questions.used_by",
    "without_figures": "ledger.questions.without_figures",
}


def lazy_names(
    package: str, modules: Mapping[str, str], moved: Mapping[str, str] | None = None
) -> Callable[[str], Any]:
    """The `__getattr__` of a package that imports the module of a public name at its first use.

    `modules` has for each module, such as "tables.table", the names that come from it; `moved` has
    for each name that went elsewhere where it is now. The function raises AttributeError.
    """

    def of_package(name: str) -> Any:
        # Looked up at each call: a kernel replaces it by one that notes who imports what.
        from importlib import import_module  # noqa: PLC0415

        for module, names in modules.items():
            if name in names.split():
                return getattr(import_module(f"tallybook.{module}"), name)
        if moved and name in moved:
            raise AttributeError(f"{package}.{name} is tallybook.{moved[name]} now")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return of_package


__getattr__ = lazy_names(
    __name__,
    {
        "ledger.questions": "select",
        "notebooks.session": "load",
        "quantity.quantity": "as_percent indexed share_from_ratio total",
        "tables.figures": "publish source_table table",
        "tables.table": "worded",
    },
    _MOVED,
)
