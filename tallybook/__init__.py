"""tallybook: statistics reports in which every figure comes from a ledger of sources.

The few names that a notebook needs. What they need in turn is imported at the first call, so that
importing the package costs next to nothing; charts are in `tallybook.charts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tallybook.ledger import Ledger
    from tallybook.loading import load

__all__ = ["Ledger", "load"]

_HOMES = {"load": "loading", "Ledger": "ledger"}


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415

    if name not in _HOMES:
        raise AttributeError(f"module 'tallybook' has no attribute {name!r}")
    return getattr(import_module(f"tallybook.{_HOMES[name]}"), name)
