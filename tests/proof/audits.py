"""The fourth check: what a person has typed is found, also where it was executed and stored anew.

nbval is content with a notebook that was executed with its mistake in it. `by_rule` holds the
sources of the cells to the rule that nobody types a number; `by_audit` builds the book with many
mutants in it, of which each has typed another number, and asks which of these the build refuses.
"""

from __future__ import annotations

from tests.proof.mutant import OfCell
from tests.test_real_book import numerals_in


def by_rule(mutant: OfCell) -> str:
    """What the rule of pages and labels says of what was typed: that it is a numeral."""
    words = f"{mutant.was} {mutant.typed}" if mutant.field == "typed label" else mutant.typed
    found = numerals_in(words)
    return f"types a numeral: {found[0].strip()}" if found else ""
