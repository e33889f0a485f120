"""The colours of charts: CSS variables with fallbacks, so that a drawing serves all themes."""

from __future__ import annotations

import re

TEXT = "var(--tb-text, #2a2f36)"
QUIET = "var(--tb-quiet, #5b6470)"
LINE = "var(--tb-line, #d5d9de)"
PAPER = "var(--tb-paper, #ffffff)"
_PARTIES = {
    "Alibaba": "#b4511a",
    "USTR": "#1f5fa8",
    "Tamebay": "#7a3e9d",
    "World Trademark Review": "#0c7265",
    "computed here": "#4a5563",
}


def party_slug(party: str) -> str:
    """The name of a party in CSS: that of "World Trademark Review" is "world-trademark-review"."""
    return re.sub(r"[^a-z0-9]+", "-", party.lower()).strip("-")


def colour(party: str) -> str:
    """The colour of a party, the same in every chart."""
    return f"var(--tb-{party_slug(party)}, {_PARTIES.get(party, '#4a5563')})"


def with_fallbacks(text: str) -> str:
    """A drawing or specification in its fallback colours, for where no stylesheet reaches."""
    return re.sub(r"var\(--[\w-]+, (#\w+)\)", r"\1", text)
