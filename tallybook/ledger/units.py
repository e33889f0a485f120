"""Whether a printed figure is in the unit of a measure, and what it is in that.

Shares, multiples, currencies, times and known units of measurement have to be printed. Of any other
unit ("stores") the noun is not compared, for documents vary it; but no known unit may stand in its
place, nor a sign that looks like one.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from tallybook.ledger import nouns
from tallybook.reading import currencies, hedges, units
from tallybook.reading import english as words
from tallybook.reading.amount import Amount
from tallybook.reading.numerals import find

_POINTS = {"percentage points": Fraction(1), "pp": Fraction(1), "basis points": Fraction(1, 100)}
_RATIOS = {"times", "ratio", "multiple"}
_PLACES = {"place", "places", "rank", "ranks", "position", "positions"}
_EACH = re.compile(rf"\s(?:{words.EACH})\s+(?=[a-z]+$)")
_STROKE = re.compile(r"(?P<base>[^\W\d]+(?: [^\W\d]+)*|[$€£¥])/(?P<per>[\w²³]+)")


class Unit(NamedTuple):
    """The unit of a measure: what is counted, what it is a rate of, and what it is known as."""

    base: str
    per: str
    name: str  # in Pint, of the base
    whole: str  # in Pint, of both
    codes: frozenset[str]


@lru_cache(maxsize=512)
def parts(unit: str) -> Unit:
    """The parts of the unit of a measure.

    >>> parts("deaths per 100,000 people").per, parts("mm per year").name
    ('100000 people', 'millimeter')
    """
    base, _, per = f" {unit}".partition(" per ")
    base = base.strip()
    if not per and (each := _EACH.search(base)):
        base, per = base[: each.start()], base[each.end() :]
    if not per and (stroke := _STROKE.fullmatch(base)) and not _is_whole(base):
        base, per = stroke["base"], stroke["per"]
    base = words.IN_SHORT.get(base, base)
    base = {"‰": ""}.get(base, base.removesuffix(" of age").removesuffix(" old"))
    per = "1000" if unit == "‰" else per
    name, end = units.leading(base)
    name = name if end and base[end : end + 1] in ("", " ") else ""
    code = currencies.codes(base) if base not in hedges.TIMES else frozenset()
    return Unit(base, _rate(per), name, units.named(unit), code)


def _is_whole(base: str) -> bool:
    """Whether a unit with a stroke is one that is known, or looks like one: "km/h", "mb/d"."""
    return bool(units.named(base) or units.unknown(base))


def _rate(per: str) -> str:
    """What a figure is a rate of, its number in digits: "100,000 people", "thousand"."""
    numeral = next(find(per), None)
    if numeral is None or numeral.start or numeral.is_ordinal:
        noun = per.strip().lower()
        return words.SAME_RATE.get(noun, noun)
    noun = per[numeral.end :].strip().lower()
    return f"{numeral.value} {words.SAME_RATE.get(noun, noun)}".strip()


def is_shown(unit: str) -> bool:
    """Whether a unit is printed with each number, as percent, a currency, hours and kg are.

    >>> is_shown("RMB per case"), is_shown("kg"), is_shown("people")
    (True, True, False)
    """
    of = parts(unit)
    shares = {"percent", "fraction", *_POINTS, *_RATIOS}
    return of.base in shares | hedges.TIMES or bool(of.name or of.codes)


def in_unit(amount: Amount, unit: str) -> Amount | None:
    """A printed figure in the unit wanted; None where it is printed in another.

    >>> from tallybook.reading import amounts
    >>> (half,) = amounts.read("half of them")
    >>> str(in_unit(half, "percent").value), in_unit(half, "people")
    ('50', None)
    """
    of = parts(unit)
    # Of several readings, the one that is printed in this unit.
    for each in sorted((amount, *amount.others), key=lambda each: each.unit != of.base):
        factor = _factor(each, of)
        if factor is not None and _is_of_the_rate(each, of):
            return each if factor == 1 else _scaled(each, factor)
    return None


def _scaled(amount: Amount, factor: Fraction) -> Amount:
    value, low, high = (
        None if each is None else each * factor for each in (amount.value, amount.low, amount.high)
    )
    return amount._replace(value=value, low=low, high=high, digit=amount.digit * factor)


def converted(value: Fraction, printed: str, unit: str) -> Fraction | None:
    """A printed value in the unit wanted; None where the two units do not agree.

    >>> str(converted(Fraction(42), "percent", "fraction"))
    '21/50'
    """
    also = currencies.codes(printed) if printed else frozenset()
    amount = Amount(0, 1, 0, 1, ((0, 1),), value=value, unit=printed, also=also)
    read = in_unit(amount, unit)
    return read.value if read else None


def _factor(amount: Amount, of: Unit) -> Fraction | None:
    """By what a printed number is multiplied to be one of the measure's unit."""
    printed, base, one = amount.unit, of.base, Fraction(1)
    if (printed, base) in (("percent", "fraction"), ("fraction", "percent")):
        return Fraction(1, 100) if printed == "percent" else Fraction(100)
    if base in _POINTS:
        points = {"points": one, **_POINTS}.get(printed)
        return points / _POINTS[base] if points else None
    if printed == "pence":
        return (
            one if base.split()[0] in ("pence", "p") else one / 100 if "GBP" in of.codes else None
        )
    if {printed, base} == {"decades", "years"}:
        return Fraction(10) if base == "years" else Fraction(1, 10)
    if base in ("percent", "fraction") or base in hedges.TIMES:
        return one if printed == base else None
    if base in _RATIOS:
        return one if printed == "times" else None
    if of.codes:
        return one if amount.also & of.codes else None
    if base in _PLACES and not amount.is_ordinal and printed not in ("", "place"):
        return None
    if of.name:
        return one if _is_of_the_unit(amount, of) else None
    return one if _may_count(amount, base) else None


def _is_of_the_unit(amount: Amount, of: Unit) -> bool:
    """Whether a figure is printed in a known unit: 23 km/h are in no km, and 24 Gt a year in Gt."""
    if amount.unit == "m" and of.name == "meter":
        return True
    known = units.leading(amount.after.lstrip(" -"))[0]
    if not known or known in (of.whole, of.name):
        return bool(known)
    # What is said in words that it is a rate of is compared apart.
    is_apart = bool(amount.per) or " / " not in known
    return is_apart and known.split(" / ")[0] == of.name


def _may_count(amount: Amount, base: str) -> bool:
    """Whether a number may be one of these things, whose noun is not compared."""
    # "three times" also counts occurrences; every other printed unit means itself.
    if amount.unit not in ("", "times", "place") and not (
        amount.unit == "points" and "point" in base
    ):
        return False
    if amount.is_ordinal:
        return True
    after = amount.after.lstrip(" -")
    known, end = units.leading(after)
    if known and after[:end].split()[0].lower() not in base.lower().split():
        return False
    sign, own = units.unknown(after), units.unknown(base)
    if sign or own:
        return bool(sign) and sign.casefold() in base.casefold().split()
    return True


def _is_of_the_rate(amount: Amount, of: Unit) -> bool:
    """Whether it is a rate of what the measure says: as much a year, or a thousand people."""
    printed, wanted = amount.per, of.per
    if not printed or printed == wanted:
        return True
    if of.whole and units.leading(amount.after.lstrip())[0] == of.whole:
        return True
    if not wanted:
        return amount.each
    number, noun = _number_and_noun(printed)
    wanted_number, wanted_noun = _number_and_noun(wanted)
    same_noun = not noun or not wanted_noun or nouns.share(noun, wanted_noun)
    return number == wanted_number and same_noun


def _number_and_noun(per: str) -> tuple[str, str]:
    number, _, noun = per.partition(" ")
    return (number, noun) if number[:1].isdigit() else ("", per)


def prints(amount: Amount, unit: str) -> bool:
    """Whether a figure is printed with this very unit, be it a sign or a noun.

    >>> from tallybook.reading import amounts
    >>> (stores, towns) = amounts.read("40 stores in 12 towns")
    >>> prints(stores, "stores"), prints(towns, "stores")
    (True, False)
    """
    if in_unit(amount, unit) is None:
        return False
    of = parts(unit)
    if of.base in _PLACES or amount.is_ordinal:
        return of.base in _PLACES and (amount.is_ordinal or amount.unit == "place")
    if is_shown(unit) or amount.unit not in ("", "times"):
        return True
    following = re.findall(r"[a-z]+", amount.after.lower())[:4]
    return bool(of.base) and any(
        nouns.same(word, each) for word in of.base.lower().split()[-1:] for each in following[:3]
    )


def in_words(amount: Amount) -> str:
    """The unit that a figure is printed with, in its own words; "" for none that is known."""
    if amount.unit:
        return amount.unit + (f" per {amount.per}" if amount.per and not amount.each else "")
    return measured(amount) or (f"per {amount.per}" if amount.per else "")


def measured(amount: Amount) -> str:
    """The known unit of measurement behind a figure, or the sign that looks like one; or "".

    >>> from tallybook.reading import amounts
    >>> [measured(each) for each in amounts.read("34 kg of 12 lids")]
    ['kg', '']
    """
    if amount.unit or amount.is_ordinal:
        return ""
    after = amount.after.lstrip(" -")
    _, end = units.leading(after)
    return after[:end] if end else units.unknown(after)


def conversion(amount: Amount, unit: str) -> str:
    """What a figure in another unit of the same sort is in the one wanted; "" where it is none.

    >>> from tallybook.reading import amounts
    >>> (cocaine,) = amounts.read("12 kg of cocaine")
    >>> conversion(cocaine, "tonnes")
    '12 kg are 0.012 tonnes'
    """
    of = parts(unit)
    printed = units.leading(amount.after.lstrip(" -"))[0]
    printed = printed or (units.named(amount.unit) if amount.unit in hedges.TIMES else "")
    name = of.whole or of.name
    if amount.value is None or not printed or not name or printed == name:
        return ""
    value = units.converted(amount.value, printed, name)
    if value is None:
        return ""
    shown = f"{float(value):.4g}"
    return f"{float(amount.value):g} {in_words(amount)} are {shown} {unit}"
