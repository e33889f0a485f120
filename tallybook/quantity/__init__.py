"""Numbers that are known within limits: intervals, quantities with a unit, and their arithmetic."""

from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import Quantity

__all__ = ["Interval", "Quantity"]
