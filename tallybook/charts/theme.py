"""The colours of charts, and how wide their words are.

Colours are CSS variables with fallbacks, so that one drawing serves light, dark and print. Widths
are those of a wide sans-serif, so that with any common font nothing is cut. Nothing here imports
Altair: the site lays out charts without it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any

from tallybook.ledger.vocabulary import NEUTRAL

TEXT = "var(--tb-text, #2a2f36)"
QUIET = "var(--tb-quiet, #5b6470)"
LINE = "var(--tb-line, #d5d9de)"
# The colours of parties, as they are where no stylesheet reaches; the theme has each for the dark.
PALETTE = {
    "blue": "#1f5fa8",
    "orange": "#b4511a",
    "teal": "#0c7265",
    "purple": "#7a3e9d",
    "ochre": "#8a6d00",
    "crimson": "#8a1f3d",
    "green": "#3a7a1e",
    "pink": "#b02a7c",
    "indigo": "#3d3fa0",
    "brown": "#6d4630",
    NEUTRAL: "#4a5563",
}
ACCENT = f"var(--tb-blue, {PALETTE['blue']})"  # of marks of no party
# In hundredths of the font's size, and of the usual width. Whole numbers, because a sum of floats
# depends on Python: from 3.12 on, it is compensated.
_WIDTHS = {
    **dict.fromkeys("ijl|'’", 30),
    **dict.fromkeys("ftrI.,:;()[]-/! ", 40),
    **dict.fromkeys("mMwW%@–", 96),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 74),
}
_OTHER, _BOLD = 63, 112
# A stop and an arrow away from it, where the figure goes on; a diamond without a known error.
_ABOVE = "M-.2,-1L.2,-1L.2,-.2L.9,-.2L.9,-.9L1.9,0L.9,.9L.9,.2L.2,.2L.2,1L-.2,1Z"
_BELOW = "M.2,-1L-.2,-1L-.2,-.2L-.9,-.2L-.9,-.9L-1.9,0L-.9,.9L-.9,.2L-.2,.2L-.2,1L.2,1Z"
SHAPES: dict[str, Any] = {
    "domain": ["both", "above", "below", "about"],
    "range": ["circle", _ABOVE, _BELOW, "diamond"],
}
# Of a time with an open end; their tips lie at that end.
ARROWS = {"from": "M1.6,-1L0,0L1.6,1Z", "to": "M-1.6,-1L0,0L-1.6,1Z"}
# The bases of ties.
DASHES: dict[str, Any] = {"domain": ["stated", "inferred"], "range": [[1, 0], [4, 3]]}
# How an axis writes its numbers where some are over a million.
MILLIONS = (
    "!datum.value || abs(datum.value) < 1e6 ? format(datum.value, ',~f') "
    ": abs(datum.value) < 1e9 ? format(datum.value / 1e6, '~f') + ' million' "
    ": format(datum.value / 1e9, '~f') + ' billion'"
)


def party_scale(parties: Iterable[str], colour_of: Callable[[str], str]) -> dict[str, Any]:
    """The scale that gives each of these parties its colour.

    `colour_of` gives its name, as `Ledger.colour_of` does.

    >>> party_scale(["Lid Guild", "Lid Guild"], {"Lid Guild": "teal"}.get)
    {'domain': ['Lid Guild'], 'range': ['var(--tb-teal, #0c7265)']}
    """
    shown = list(dict.fromkeys(parties))
    colours = [colour_of(party) for party in shown]
    return {"domain": shown, "range": [f"var(--tb-{each}, {PALETTE[each]})" for each in colours]}


def with_fallbacks(text: str) -> str:
    """A drawing or specification in its fallback colours, for where no stylesheet reaches.

    >>> with_fallbacks('<text fill="var(--tb-text, #2a2f36)"/>')
    '<text fill="#2a2f36"/>'
    """
    return re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", text)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """The pixels that a line of words takes at most, at a font size in pixels.

    >>> width("recalls", 13)
    45.76
    """
    hundredths = sum(_WIDTHS.get(letter, _OTHER) for letter in words)
    return hundredths * size * (_BOLD if bold else 100) / 10_000


def wrapped(words: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Words in lines of at most `room` pixels; a single word that is longer has its own line.

    >>> wrapped("one two three", 10, 60)
    ['one two', 'three']
    """
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def round_numbers(least: float, most: float, room: float) -> list[float]:
    """Some five round numbers from `least` to `most`, or just beyond, and none above `room`.

    >>> round_numbers(0, 97, 140)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> round_numbers(26.5, 29.5, 29.9)
    [26.0, 27.0, 28.0, 29.0]
    """
    about = abs(most - least) / 5 or 1
    decade = 10.0 ** math.floor(math.log10(about))
    step = next(decade * times for times in (1, 2, 5, 10) if decade * times >= about * 0.9)
    numbers = range(math.floor(least / step), math.ceil(most / step) + 1)
    return [found for number in numbers if (found := round(step * number, 10)) <= room]
