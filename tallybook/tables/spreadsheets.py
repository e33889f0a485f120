"""Texts for spreadsheets, which take some of them for formulas, and execute them."""

from __future__ import annotations

import re

# As spreadsheets have it: also behind white space, and in the wide forms of East Asian scripts.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: it has an apostrophe before it."""
    return f"'{text}" if _FORMULA.match(text) else text
