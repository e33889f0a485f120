"""A chart of each form, of the small book, with long words where it may have them."""

from __future__ import annotations

from typing import Any

from tallybook import charts
from tallybook.charts.render import described
from tallybook.ledger.ledger import Ledger

LONG = "Stores that were closed in the year, as the report of the company itself counts them"
FORMS = ("bars", "changes", "shares", "trend", "multiples", "glance", "times", "ties")
_IDS = {
    "bars": ["stores-closed-2017"], "trend": ["stores-closed-2017"],
    "multiples": ["stores-closed-2017", "kettles-recalled-2017"],
    "glance": ["stores-closed-2017", "repair-plants"], "changes": ["requests-decline-2017"],
    "shares": ["share-handled-2017"], "times": ["stores-closed-2017", "plant-opened"],
}  # fmt: skip


def chart(form: str, ledger: Ledger) -> Any:
    """A chart of a form."""
    if form == "ties":
        return charts.ties(ledger.links("demand", "reply"), title=LONG, subtitle=LONG)
    first, *others = _IDS[form]
    frame = ledger.frame(ids={first: LONG, **{name: name.partition("-")[0] for name in others}})
    given: dict[str, Any] = {"falling": _IDS[form]} if form == "changes" else {}
    return getattr(charts, form)(frame, title=LONG, subtitle=LONG, **given)


def spec(form: str, ledger: Ledger) -> dict[str, Any]:
    """The specification of a form, as a notebook stores it."""
    return described(chart(form, ledger).to_dict())
