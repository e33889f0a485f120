"""How a notebook shows charts of Altair and frames of pandas: as pages do, and checked."""

from __future__ import annotations

import sys
from typing import Any

# By the names of their modules, so that none of these is imported before a notebook does it.
_OF_PANDAS = (
    ("pandas", "DataFrame"),
    ("pandas", "Series"),
    ("pandas.api.typing", "DataFrameGroupBy"),
    ("pandas.api.typing", "SeriesGroupBy"),
    ("pandas.io.formats.style", "Styler"),
)


def connect() -> None:
    """Have IPython show every Altair chart and data frame as pages do; nothing without IPython.

    Neither is imported for that, but by the notebook that makes one.
    """
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython  # noqa: PLC0415  # of notebooks, which have imported it

    if shell := get_ipython():
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type_by_name("altair.vegalite.v6.api", "TopLevelMixin", _chart)
        for module, name in _OF_PANDAS:
            formatter.for_type_by_name(module, name, _frame)


def _chart(chart: Any, **_: object) -> Any:
    from tallybook.charts import render  # noqa: PLC0415  # Altair's theme is set by this import

    return render.render(chart.to_dict())


def _frame(frame: Any, **_: object) -> Any:
    from tallybook.tables import frames  # noqa: PLC0415

    return frames.frame(frame)._repr_mimebundle_()
