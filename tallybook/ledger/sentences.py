"""Where the paragraphs and the sentences of a document begin."""

from __future__ import annotations

import re

# Where a sentence ends: a word of two letters or more, so that "U.S. trade" is in one.
_END = re.compile(
    r"(?:(?<=[\w%)\]\"'][\w%)\]\"'])[.!?]|[;])[\"')\]]*(?:\[\^?\w+\])*\s+(?=[\"'(\[]?[A-Z0-9])"
)
# A point behind these ends no sentence.
_SHORT = re.compile(
    r"(?<![\w.])(?:[A-Z]|No|Nos|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|St|Mr|Mrs|Ms|Dr|Fig|vs"
    r"|approx|ca|est|incl|resp|pp)\.$"
)
# White space behind which a block may begin, or of which folding leaves one character.
_GAP = re.compile(r"\s{2,}|[\n\f]|\s(?=.{0,3}[\n\f•▪◦‣])", re.DOTALL)
_BLOCK = re.compile(r"\n\s*\n|\f|\n\s*(?:[#|*-]|\d+[.)]\s)|\s[•▪◦‣]\s")


def blocks(original: str) -> list[int]:
    r"""Where paragraphs, headings, rows of tables and items of lists begin, in the folded text.

    >>> blocks("Lids\n\nIt made lids.")
    [0, 5]
    """
    found, lost = [0], 0
    for gap in _GAP.finditer(original):
        lost += len(gap[0]) - 1
        # What goes on in small letters goes on behind a new page too.
        behind = original[gap.end() : gap.end() + 4]
        is_behind_row = original[gap.start() - 1 : gap.start()] == "|" and "\n" in gap[0]
        is_new = not behind[:1].islower() and _BLOCK.search(gap[0] + behind)
        if is_new or is_behind_row:
            found.append(gap.end() - lost)
    return found


def sentences(text: str, begun: list[int]) -> list[int]:
    """Where sentences begin in a folded text, and what `blocks` found there.

    >>> sentences("It made lids. All were sold.", [0])
    [0, 14]
    """
    ends = [
        each.end()
        for each in _END.finditer(text)
        if not _SHORT.search(text[max(0, each.start() - 10) : each.start() + 1])
    ]
    return sorted({*begun, *ends})
