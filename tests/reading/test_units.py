"""Units and currencies are known by every spelling that the tables have, and by nothing else."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tallybook.ledger.units import conversion, in_unit
from tallybook.reading import amounts, currencies, units


@pytest.mark.parametrize("printed", sorted(units._WORDS))
def test_every_word_of_the_table_is_a_unit_that_can_be_converted(printed):
    name = units.named(printed)
    assert name
    assert units.converted(Fraction(1), name, name) == 1


@pytest.mark.parametrize(
    ("printed", "other"),
    [("km2", "km²"), ("µg/m³", "µg per m3"), ("square kilometres", "km²"), ("sq km", "km2"),
     ("kWh", "kilowatt-hours"), ("tonnes", "t"), ("degrees Celsius", "°C"),
     ("mm/yr", "mm per year"),
     ("m s-1", "m/s"), ("metric tons", "tonnes"), ("barrels a day", "barrels per day")],
)  # fmt: skip
def test_two_spellings_of_one_unit_agree(printed, other):
    assert units.named(printed) == units.named(other) != ""


@pytest.mark.parametrize(
    "noun",
    [
        "suspects",
        "points",
        "people",
        "bars",
        "hands",
        "seats",
        "marks",
        "units",
        "members",
        "tests",
    ],
)
def test_a_noun_is_no_unit(noun):
    assert units.leading(noun) == ("", 0)


@pytest.mark.parametrize(
    ("printed", "unit", "said"),
    [
        ("12 kg", "tonnes", "12 kg are 0.012 tonnes"),
        ("3 km", "metres", "3 km are 3000 metres"),
        ("2 weeks", "days", "2 weeks are 14 days"),
        ("0.4 °C per decade", "°C per year", "0.4 °C per decade are 0.04 °C per year"),
        ("12 kg", "litres", ""),
        ("12 kg", "people", ""),
    ],
)
def test_a_unit_that_disagrees_is_said_in_the_one_wanted(printed, unit, said):
    (amount,) = amounts.read(printed)
    assert in_unit(amount, unit) is None
    assert conversion(amount, unit) == said


@pytest.mark.parametrize(
    ("printed", "codes"),
    [
        ("US$5", ["USD"]), ("A$5", ["AUD"]), ("C$5", ["CAD"]), ("NZ$5", ["NZD"]), ("₹5", ["INR"]),
        ("₩5", ["KRW"]), ("AED 5", ["AED"]), ("5 Swiss francs", ["CHF"]), ("¥5", ["CNY", "JPY"]),
        ("5 baht", ["THB"]), ("5 Mexican pesos", ["MXN"]), ("Rp 5,000", ["IDR"]), ("€5", ["EUR"]),
    ],
)  # fmt: skip
def test_a_currency_is_known_by_code_sign_and_name(printed, codes):
    (amount,) = amounts.read(printed)
    assert sorted(amount.also) == codes


@pytest.mark.parametrize("unit", ["$", "¥", "Rs", "kr"])
def test_a_sign_of_several_currencies_is_told_apart_from_codes(unit):
    assert currencies.is_shared(unit)
    assert len(currencies.codes(unit)) > 1


@pytest.mark.parametrize("noun", ["suspects", "MW", "people", "marks", "units", "CEO"])
def test_a_noun_or_abbreviation_is_no_currency(noun):
    assert currencies.codes(noun) == frozenset()
