"""Units of measurement that documents print: which of them a text begins with, and what it is.

The words and signs are a table. How much one unit is of another, Pint knows, which is asked only
where two of them differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

_PREFIXES = {
    "p": "pico", "n": "nano", "µ": "micro", "μ": "micro", "m": "milli", "c": "centi", "d": "deci",
    "h": "hecto", "k": "kilo", "M": "mega", "G": "giga", "T": "tera", "P": "peta", "E": "exa",
}  # fmt: skip
# Signs that take a prefix, by the name that Pint has for them.
_SIGNS = {
    "g": "gram", "m": "meter", "t": "metric_ton", "l": "liter", "L": "liter", "W": "watt",
    "Wh": "watt_hour", "J": "joule", "Hz": "hertz", "Pa": "pascal", "V": "volt", "A": "ampere",
    "eV": "electron_volt", "Sv": "sievert", "Bq": "becquerel", "Gy": "gray", "N": "newton",
    "mol": "mole", "B": "byte", "b": "bit", "Ω": "ohm", "F": "farad", "cal": "calorie",
}  # fmt: skip
# Which of them are read: others are letters of something else more often.
_SIGN = re.compile(
    r"(?:[µμmkMGT]?g|[nµμmcdk]?m|[kMGT]?t|[mcdh]?[lL]|[kMGT]?Wh?|[kMGTPE]?J|[kMGT]?Hz|[hkMG]?Pa"
    r"|[mkM]?V|mA|[kMG]?eV|[µμm]?Sv|[kMGTP]?Bq|[kMGTP]B|[kMG]bit|[kM]?cal|mmol|kN|mGy)"
)
_NAMED = {
    "meter": "metres metre meters meter",
    "kilometer": "kilometres kilometre kilometers kilometer kms",
    "centimeter": "centimetres centimetre centimeters centimeter",
    "millimeter": "millimetres millimetre millimeters millimeter",
    "mile": "miles mile", "foot": "feet ft", "inch": "inches inch", "yard": "yards yd",
    "parsec": "parsecs parsec",
    "gram": "grams grammes gram", "kilogram": "kilograms kilogrammes kilogram kilos kgs",
    "milligram": "milligrams milligram", "microgram": "micrograms microgram mcg",
    "metric_ton": "tonnes tonne", "ton": "tons ton", "pound": "lbs lb", "ounce": "ounces ounce oz",
    "kilometric_ton": "kilotonnes kilotonne", "megametric_ton": "megatonnes megatonne",
    "gigametric_ton": "gigatonnes gigatonne gigatons",
    "liter": "litres litre liters liter", "milliliter": "millilitres milliliters",
    "gallon": "gallons gallon", "oil_barrel": "barrels barrel bbl", "bushel": "bushels bushel",
    "hectare": "hectares hectare ha", "acre": "acres acre",
    "watt": "watts watt", "kilowatt": "kilowatts kilowatt", "megawatt": "megawatts megawatt",
    "gigawatt": "gigawatts gigawatt", "terawatt_hour": "terawatt-hours",
    "kilowatt_hour": "kilowatt-hours kilowatt-hour", "megawatt_hour": "megawatt-hours",
    "joule": "joules", "exajoule": "exajoules", "british_thermal_unit": "Btu BTU",
    "mile_per_hour": "mph", "kilometer_per_hour": "kph kmh",
    "degree_Celsius": "°C ℃", "degree_Fahrenheit": "°F ℉", "kelvin": "kelvins",
    "ppm": "ppm", "ppb": "ppb", "millimeter_Hg": "mmHg", "decibel": "dB decibels",
    "kilobyte": "kilobytes", "megabyte": "megabytes", "gigabyte": "gigabytes",
    "terabyte": "terabytes", "square_foot": "sqft",
    "second": "seconds second sec secs", "minute": "minutes minute min mins",
    "hour": "hours hour hr hrs h", "day": "days day", "week": "weeks week",
    "month": "months month", "year": "years year yr yrs", "ten_years": "decades decade",
}  # fmt: skip
_WORDS = {word: name for name, words in _NAMED.items() for word in words.split()}
# Behind a stroke or "per" alone: "40s" are years of an age or a decade.
_BELOW = {"s": "second", "d": "day"}
_NO_MORE: Mapping[str, str] = {}
_POWERS = {"square": 2, "sq": 2, "sq.": 2, "cubic": 3, "cu": 3, "cu.": 3}
_ONE = re.compile(
    r"(?:(?P<power>square|sq\.?|cubic|cu\.?)\s)?(?:(?P<metric>metric\stonn?e?s?)|(?P<sea>nautical\smiles?)|degrees?\s(?P<degree>Celsius|Fahrenheit|C|F)"
    r"|(?P<unit>[°℃℉]\s?[CF]?|[A-Za-zµμΩ]+(?:-hours?)?))(?P<high>[²³]|\^?[23](?![\d\w.]))?"
)
_PER = re.compile(r"\s?/\s?|\s(?:per|an?|each)\s|\s?(?=[A-Za-z]{1,2}(?:[⁻-]1|−1))")
_INVERSE = re.compile(r"\s?(?P<unit>[A-Za-z]+)(?:⁻¹|−1|-1)(?!\d)")
# Like a sign of a unit, and none that is known: "MtCO2e", "kWp". It is compared as a word.
_UNKNOWN = re.compile(
    r"[kMGTm]?(?:t|W|g|b|L|J)(?:[A-Z][\w₀-₉]*|[a-z]*[₀-₉\d][\w₀-₉]*)(?![^\W_])|[kMG](?:toe|Wp|We|bpd|tce)(?!\w)"
    r"|[µμ°][A-Za-z]\S*|[A-Za-z]{1,4}/[a-z]{1,3}(?!\w)|[kKMGTP]bps(?!\w)|MM[A-Za-z]+|[MBT]cfd?(?!\w)"
)


def leading(text: str) -> tuple[str, int]:
    """The unit that a text begins with, by the name it has in Pint, and where it ends.

    "" where it begins with no known unit.

    >>> leading("km² of forest"), leading("barrels per day"), leading("kettles")
    (('kilometer ** 2', 3), ('oil_barrel / day', 15), ('', 0))
    """
    first, end = _one(text, 0)
    if not first:
        return "", 0
    names = [first]
    while found := _PER.match(text, end):
        below, below_end = _one(text, found.end(), _BELOW)
        if not below:
            break
        names.append(below)
        end = below_end
    while inverse := _INVERSE.match(text, end):
        below = _BELOW.get(inverse["unit"]) or _name(inverse["unit"])
        if not below:
            break
        names.append(below)
        end = inverse.end()
    return " / ".join(names), end


def _one(text: str, at: int, more: Mapping[str, str] = _NO_MORE) -> tuple[str, int]:
    match = _ONE.match(text, at)
    if not match:
        return "", at
    if match["metric"]:
        return "metric_ton", match.end()
    if match["sea"]:
        return "nautical_mile", match.end()
    if match["degree"]:
        return f"degree_{ {'C': 'Celsius', 'F': 'Fahrenheit'}[match['degree'][0]] }", match.end()
    printed = re.sub(r"\s", "", match["unit"])
    name, end = more.get(printed) or _name(printed), match.end()
    high = match["high"]
    if not name and printed[-1:] in "23":
        name, high = _name(printed[:-1]), printed[-1]
    following = text[end : end + 1]
    if not name or following.isalnum() or following in ("-", "₂"):
        return "", at
    power = _POWERS.get(match["power"] or "", 0) or {"²": 2, "³": 3, "2": 2, "3": 3}.get(
        (high or "")[-1:], 0
    )
    return (f"{name} ** {power}" if power else name), end


@cache
def _name(printed: str) -> str:
    """Pint's name of one printed unit, without a power; "" of any other word."""
    if name := _WORDS.get(printed) or (printed.lower() if len(printed) > 3 else "") in _WORDS:
        return name if isinstance(name, str) else _WORDS[printed.lower()]
    if not _SIGN.fullmatch(printed):
        return ""
    for length in range(len(printed)):
        prefix, sign = printed[:length], printed[length:]
        if sign in _SIGNS and (not prefix or prefix in _PREFIXES):
            return (_PREFIXES[prefix] if prefix else "") + _SIGNS[sign]
    return ""


def named(unit: str) -> str:
    """Pint's name of a whole unit, as a measure has it; "" for what is no known unit.

    >>> named("tonnes"), named("mm per year"), named("people"), named("tonnes of coal")
    ('metric_ton', 'millimeter / year', '', '')
    """
    name, end = leading(unit)
    return name if end == len(unit) else ""


def unknown(text: str) -> str:
    """A sign at the beginning of a text that looks like a unit's and is not known; or "".

    >>> unknown("MtCO2e in 2019"), unknown("kettles"), unknown("kWh")
    ('MtCO2e', '', '')
    """
    match = _UNKNOWN.match(text)
    return match[0].rstrip("-/") if match and not leading(text)[0] else ""


def printed(name: str) -> str:
    """One way to print a unit that has a name in Pint.

    >>> printed("inch"), printed("kilogram")
    ('inches', 'kilograms')
    """
    return _NAMED[name].split()[0] if name in _NAMED else name


def converted(value: Fraction, unit: str, other: str) -> Fraction | None:
    """A value in one unit, by its name in Pint, as one in another; None of two other dimensions.

    >>> converted(Fraction(12), "kilogram", "metric_ton"), converted(Fraction(1), "meter", "gram")
    (Fraction(3, 250), None)
    """
    from pint.errors import PintError  # noqa: PLC0415  # its import takes as long as a check

    # In a rate a degree is a difference, which has no zero to begin at.
    unit, other = (
        name.replace("degree_", "delta_degree_") if " / " in name else name
        for name in (unit, other)
    )
    try:
        found = _registry().Quantity(float(value), unit).to(other).magnitude
    except PintError:
        return None
    return Fraction(found).limit_denominator(10**9)


@cache
def _registry() -> Any:
    from pint import UnitRegistry  # noqa: PLC0415

    registry: Any = UnitRegistry(autoconvert_offset_to_baseunit=True)
    # A decade is a logarithmic unit to Pint.
    registry.define("ten_years = 10 * year")
    registry.define("parts_per_billion = 1e-9 = ppb")
    return registry
