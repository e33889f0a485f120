"""Figures as reports of every field print them say what the table beside says."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from tallybook.ledger.single import NoSingleFigure, single_figure
from tallybook.ledger.units import in_unit

FIGURES = yaml.safe_load(
    Path(__file__).with_suffix(".yml").with_stem("printed_figures").read_text()
)


def number(value):
    return None if value is None else Fraction(str(value))


def read(text, unit):
    """The figure in the unit of a measure, or None where the check would refuse it."""
    try:
        amount = single_figure(text, unit)
    except NoSingleFigure:
        return None
    return None if amount.mistake else in_unit(amount, unit)


@pytest.mark.parametrize("case", FIGURES, ids=lambda case: f"{case['text']} ({case['unit']})")
def test_a_printed_figure_is_what_it_says(case):
    amount = read(case["text"], str(case["unit"]))
    if case.get("refused"):
        assert amount is None
        return
    assert amount is not None
    expected = [number(case.get(end)) for end in ("value", "low", "high")]
    assert [amount.value, amount.low, amount.high] == expected
    assert (amount.bound, amount.high_bound) == (
        case.get("bound", "exact"),
        case.get("high_bound", ""),
    )
    assert amount.level == str(case.get("level", ""))
