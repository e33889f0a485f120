"""How long the reader of figures takes for long documents, and whether the time grows with them.

Texts of figures alone, in words, in digits, in ranges and intervals: more of them to a page than
any document has. A megabyte is read, and half of one beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import process_time

from benchmarks.table import aligned, shown
from tallybook.reading import amounts, dates

MOST = 5.0  # seconds for a megabyte
MOST_GROWTH = 2.4  # of twice the text
MEGABYTE = 1_000_000
UNITS = {
    "numbers in words": "about two hundred and fifty thousand pounds, nearly one in five; ",
    "one long number": "seventy-three thousand two hundred and eighteen people and ",
    "digits": "more than 1,606 suspects (42%), RMB 4.3 billion; ",
    "ranges": "between 30 and 40 per cent of G20 members, 2.5–3 million tonnes; ",
    "intervals": "a rate of 4.5 (95% UI 3.9 to 5.1) per 100,000 people; ",
    "no figures": "the quick brown fox jumps over the lazy dog, and nobody saw it; ",
}
DATES = "in the 12 months to June 2020, "  # read one run at a time, as records cite them


@dataclass(frozen=True, slots=True)
class Cost:
    """What a text of a kind costs, in seconds of the processor, and of half of it."""

    kind: str
    half: float
    whole: float

    def row(self) -> list[str]:
        """Its cells: kind, seconds, growth, and whether both are as they should be."""
        growth = self.whole / self.half
        verdict = "ok" if self.whole <= MOST and growth <= MOST_GROWTH else "over"
        return [self.kind, f"{shown(self.whole)} s", f"{growth:.1f}", verdict]


def measure() -> list[Cost]:
    """The cost of each kind of text, and of as many dates as a megabyte of them has."""
    amounts.read("5 francs")  # the names of currencies are loaded once
    found = []
    for kind, unit in UNITS.items():
        half, whole = (_seconds(unit * (size // len(unit))) for size in (MEGABYTE // 2, MEGABYTE))
        found.append(Cost(kind, half, whole))
    return [*found, _of_dates()]


def _seconds(text: str) -> float:
    start = process_time()
    amounts.read(text)
    return process_time() - start


def _of_dates() -> Cost:
    times = []
    for count in (5_000, 10_000):
        start = process_time()
        for number in range(count):
            dates.read(f"{DATES}{number}")
        times.append(process_time() - start)
    return Cost("ten thousand dates", *times)


def text(costs: list[Cost]) -> str:
    """The table of the costs."""
    head = ["a megabyte of", f"found (≤ {MOST:g} s)", f"twice the text (≤ {MOST_GROWTH:g})", ""]
    return "\n".join([*aligned([head, *(cost.row() for cost in costs)]), ""])
