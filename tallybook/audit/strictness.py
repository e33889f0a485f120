"""How strict the audit of a book is: which numerals without a record are faults.

`strict`: each. `figures`: those in charts and tables of notebooks, and in prose those that stand
before a currency, a percent sign, or a word of a measure's unit or label. `report`: each is said,
and none keeps a site from being published. What claims a record is compared in all three.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tallybook.audit.html import Unclaimed
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.nouns import singular
from tallybook.notebooks.settings import FIGURES, STRICT
from tallybook.reading import hedges, units
from tallybook.reading.numeral import Numeral

_PHRASE = re.compile(r"(?:[\s-]+[^\W\d_]+){1,4}")  # what may be counted, with its adjectives
_SIGN = re.compile(r"\s?([^\s\w.,;:!?()\[\]'\"“”‘’…-]+|[^\W\d_]+)")
_SHARES = frozenset((hedges.PERCENT, hedges.POINTS, hedges.BASIS_POINTS, hedges.PER_THOUSAND))
_NO_NOUNS = frozenset(
    "a all an and are at by each for from has have in into is its no not of on one or over per "
    "than that the their them they to under was were which who with within".split()
)


@dataclass(frozen=True)
class Strictness:
    """The mode of an audit, and the words of the ledger's units and labels, each in the singular.

    >>> import tallybook
    >>> figures = of("figures", tallybook.load("tests/books/kettles"))
    >>> [figures.is_of_measure(text, n) for text in ("97%", "24 kettles", "Section 301")
    ...  for n in hedges.read(text)]
    [True, True, False]
    """

    mode: str = STRICT
    nouns: frozenset[str] = frozenset()

    def passes(self, found: Unclaimed) -> bool:
        """Whether a numeral without a record is left to the author, where it stands in prose."""
        if found.at is not None:
            return self.lets(found.text, found.at)
        formula = found.around.replace("\\", "")
        same = [n for n in hedges.read(formula) if formula[n.start : n.end] == found.numeral]
        return self.mode == FIGURES and all(self.lets(formula, each) for each in same)

    def lets(self, text: str, numeral: Numeral) -> bool:
        """Whether a numeral of a text is left to the author, where it stands in prose."""
        return self.mode == FIGURES and not self.is_of_measure(text, numeral)

    def is_of_measure(self, text: str, numeral: Numeral) -> bool:
        """Whether a numeral stands beside a currency, a share, or a word of a measure."""
        if numeral.unit in _SHARES or re.fullmatch("[A-Z]{3}", numeral.unit):
            return True
        if singular(numeral.unit) in self.nouns:
            return True
        behind, known = text[numeral.end :], units.leading(text[numeral.end :].lstrip(" -"))[0]
        phrase, sign = _PHRASE.match(behind), _SIGN.match(behind)
        words = re.findall(r"[^\W\d_]+", phrase[0]) if phrase else []
        words += [sign[1]] if sign else []
        return known in self.nouns or any(singular(each.casefold()) in self.nouns for each in words)


def of(mode: str, ledger: Ledger) -> Strictness:
    """The strictness of a mode, with the words of a ledger's measures."""
    texts = [f"{each.unit} {each.label}" for each in ledger.measures.values()]
    words = {word.casefold() for text in texts for word in re.findall(r"[^\W\d_]+|[^\s\w]+", text)}
    known = {units.named(each.unit) for each in ledger.measures.values()}
    nouns = {singular(word) for word in words - _NO_NOUNS if word not in ",;:()-"}
    return Strictness(mode, frozenset((nouns | known) - {""}))
