"""How wide words are, and where to break them, without asking for a font.

The widths are those of a wide sans-serif, so that with any common one nothing is cut.
"""

from __future__ import annotations

import math

_WIDTHS = {  # in parts of the font's size
    **dict.fromkeys("ijl|'’", 0.3),
    **dict.fromkeys("ftrI.,:;()[]-/! ", 0.4),
    **dict.fromkeys("mMwW%@–", 0.96),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.74),
}
BOLD = 1.12
# How an axis writes its numbers where some are over a million.
MILLIONS = (
    "datum.value && abs(datum.value) >= 1e6 ? format(datum.value / 1e6, '~f') + ' million' "
    ": format(datum.value, ',~f')"
)


def width(words: str, size: float, *, bold: bool = False) -> float:
    """The pixels that a line of words may take."""
    return sum(_WIDTHS.get(letter, 0.63) for letter in words) * size * (BOLD if bold else 1)


def wrapped(words: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Words in lines of so many pixels; a single word that is longer has a line of its own."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def decades(least: float, most: float) -> list[float]:
    """The powers of ten from below the least to above the most."""
    exponents = range(math.floor(math.log10(least)), math.ceil(math.log10(most)) + 1)
    return [10.0**exponent for exponent in exponents]
