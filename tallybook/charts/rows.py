"""What a chart has as the row of a figure; without Altair, for what only looks at charts."""

from __future__ import annotations

from typing import Any

from tallybook.ledger.figures import Figure


def row_of(label: str, figure: Figure) -> dict[str, Any]:
    """What a chart knows of a figure: its point, its ends, and on which side it is open."""
    quantity = figure.quantity
    low, high = quantity.known_ends
    has_low, has_high = low is not None, high is not None
    side = {(True, True): "both", (True, False): "above", (False, True): "below"}
    return {
        "id": figure.id,
        "label": label,
        "party": figure.party,
        "words": figure.words,
        "point": float(quantity.point),
        "sure": 0.0 if low is None else float(low),
        "low": float(quantity.point if low is None else low),
        "high": float(quantity.point if high is None else high),
        "side": side.get((has_low, has_high), "about"),
    }
