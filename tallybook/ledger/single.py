"""The one figure of a printed run, or why it has none or several."""

from __future__ import annotations

import re

from tallybook.ledger import runs, units
from tallybook.ledger.units import prints
from tallybook.reading import amounts
from tallybook.reading import english as words
from tallybook.reading.amount import Amount

_NOUN = re.compile(r"[\s-]+(?:of\s+)?([^\W\d]{2,})")
# "61 cases, up from 44"
_COMPARED = re.compile(
    r"[,;(][\sa-z]*\b(?:from|than|versus|vs\.?|against|compared (?:with|to))\s+$"
    rf"|(?<!\w)(?:{words.CHANGES})(?!\w)[^;]*\sto\s+$",
    re.I,
)
# "(n = 12)", "p < 0.001"
_SYMBOL = re.compile(r"(?<!\w)[A-Za-z]\s*=?\s*$")
_CHANCE = re.compile(words.CHANCE, re.I)
_DATED = re.compile(r"(?<!\w)(?:in|since|by|during|until|of|for|before|after)\s+$", re.I)
_JOINT = re.compile(r"\s?(?:[-–—~]|to|or|through)\s?")
_TWO_SENTENCES = re.compile(r"[.;:!?]\s+[A-Z]")


class NoSingleFigure(ValueError):
    """Printed words have no figure in them, or several."""


def single_figure(run: str, unit: str = "", names: tuple[str, ...] = ()) -> Amount:
    """The one figure of a run; years and ordinals count only where nothing else does.

    Of several, it is the one that is printed in `unit`. Numbers in names are none, `names` of the
    book among them. Where there is no numeral, "no deaths" and "both" are figures too.
    Raises NoSingleFigure.

    >>> single_figure("in 2017, nearly 1,000 stores").bound
    'nearly'
    >>> str(single_figure("2,016 stores in 12 towns", "stores").value)
    '2016'
    """
    # A name of the book is left out beside a figure: of "a three-strike policy" it is the figure.
    found = [*(runs.figures(run, names) or runs.figures(run))]
    if not found:
        found = [*amounts.quantifiers(run)][:1]
    if not found:
        if runs.numerals(run):
            message = f'"{run}" has a number only in a name; cite the words that print the figure'
            raise NoSingleFigure(message)
        raise NoSingleFigure(f'"{run}" has no number in it; cite the words that print it')
    found = _without_p_values(run, found, unit)
    if len(found) > 1 and unit and not _TWO_SENTENCES.search(run):
        in_its_unit = [each for each in found if prints(each, unit)]
        others = [each for each in found if each not in in_its_unit]
        if len(in_its_unit) == 1 and all(
            _is_of_its_own(run, each) or _is_set_off(run, each, in_its_unit[0]) for each in others
        ):
            found = in_its_unit
    # "In 2017, the first 40 stores" has one figure, "2017" alone has one too.
    figures = [
        each for each in found
        if not each.is_ordinal and not (each.is_year and not _is_joined(run, each, found))
    ] or found  # fmt: skip
    if len(figures) > 1:
        shown = ", ".join(run[each.start : each.end] for each in figures)
        raise NoSingleFigure(f'"{run}" has {len(figures)} numbers in it ({shown}); cite only one')
    return figures[0]


def _without_p_values(run: str, found: list[Amount], unit: str) -> list[Amount]:
    """The figures without the probability printed beside one: "0.74 (0.55 to 0.99; P=0.04)"."""
    of_chance = [each for each in found if _CHANCE.search(run[: each.text_start])]
    others = [each for each in found if each not in of_chance]
    is_wanted = unit.lower() in ("p", "p-value", "p value", "p-values", "p values")
    return (of_chance if is_wanted else others) or found


def _is_joined(run: str, year: Amount, found: list[Amount]) -> bool:
    """Whether a number like a year is joined to another: "2000 to 3,400 people"."""
    if _DATED.search(run[: year.text_start]):
        return False
    gaps = (run[year.text_end : each.text_start] for each in found if each.start >= year.end)
    return any(_JOINT.fullmatch(gap) for gap in gaps)


def _is_set_off(run: str, amount: Amount, figure: Amount) -> bool:
    """Whether brackets part a number from a figure whose unit is printed: "1,204 (42%)"."""
    first, second = sorted((amount, figure), key=lambda each: each.start)
    is_printed = figure.unit not in ("", "times") or units.measured(figure) != ""
    return is_printed and bool(re.search(r"[()\[\]]", run[first.text_end : second.text_start]))


def _is_of_its_own(run: str, amount: Amount) -> bool:
    """Whether a number says what it counts, and is no part of a figure beside it.

    Of "15 … 20 km" the first may be kilometres as well; "20 km in 3 days" is two figures.
    """
    if amount.is_year or amount.is_ordinal or amount.unit or amount.per:
        return True
    noun = _NOUN.match(amount.after)
    if noun and noun[1].lower() not in words.NO_NOUN:
        return True
    before = run[: amount.text_start]
    return bool(_COMPARED.search(before) or _SYMBOL.search(before))
