"""Numbers that are known within limits: intervals, quantities with a unit, and their arithmetic."""

from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import Quantity, ratio_of_changes

__all__ = ["Interval", "Quantity", "ratio_of_changes"]
