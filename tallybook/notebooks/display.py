"""How a notebook shows the objects of Altair: as pages do, checked against the ledger."""

from __future__ import annotations

import sys
from typing import Any


def connect() -> None:
    """Have IPython show every Altair chart by the package's own renderer; nothing without IPython.

    Altair is not imported for that, but by the notebook that makes a chart.
    """
    if "IPython" not in sys.modules:
        return
    from IPython import get_ipython  # noqa: PLC0415  # of notebooks, which have imported it

    if shell := get_ipython():
        formatter = shell.display_formatter.mimebundle_formatter
        formatter.for_type_by_name("altair.vegalite.v6.api", "TopLevelMixin", _chart)


def _chart(chart: Any, **_: object) -> Any:
    from tallybook.charts import render  # noqa: PLC0415  # Altair's theme is set by this import

    return render.render(chart.to_dict())
