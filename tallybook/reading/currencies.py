"""Currencies by their codes, signs and names, as Babel knows them.

A sign or a name may be that of several ("¥", "dollars"): the text or the measure says which.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from tallybook.reading import eastern

# As this package writes them; of the others, the code.
_SHOWN = {"CNY": "RMB", "CNH": "RMB"}
_SIGNS = {
    "$US": "USD", "$NZ": "NZD", "$A": "AUD", "$C": "CAD", "$CA": "CAD",
    "€": "EUR", "£": "GBP", "US$": "USD", "USD$": "USD", "U.S.$": "USD", "RMB": "CNY", "AU$": "AUD",
    "C$": "CAD", "CAD$": "CAD", "AUD$": "AUD", "S$": "SGD", "SG$": "SGD", "R": "ZAR", "₦": "NGN",
    "₱": "PHP", "₺": "TRY", "₽": "RUB", "₴": "UAH", "฿": "THB", "R$": "BRL", "RM": "MYR",
    "Rp": "IDR", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "Fr": "CHF", "Fr.": "CHF", "SFr": "CHF",
    "KSh": "KES", "Ksh": "KES", "TSh": "TZS", "USh": "UGX", "Tk": "BDT", "Tk.": "BDT", "DKr": "DKK",
    "NKr": "NOK", "SKr": "SEK", "GH₵": "GHS", "S/": "PEN", "Bs": "BOB", "Mex$": "MXN",
    "RD$": "DOP", "J$": "JMD", "TT$": "TTD", "CLP$": "CLP", "COP$": "COP", "Can$": "CAD",
    "Cdn$": "CAD", "CDN$": "CAD", "CAN$": "CAD", **eastern.CURRENCIES,
}  # fmt: skip
# The one first that is meant where nothing says which; none where nobody could say.
_SHARED = {
    "$": ("USD", "AUD CAD NZD SGD HKD TWD MXN ARS CLP COP JMD TTD BBD BSD BZD FJD NAD LRD GYD XCD"),
    "¥": ("", "JPY CNY"),
    "￥": ("", "JPY CNY"),
    "Rs": ("", "INR PKR LKR NPR MUR SCR"),
    "Rs.": ("", "INR PKR LKR NPR MUR SCR"),
    "元": ("", "CNY TWD HKD"),
    "kr": ("", "SEK NOK DKK ISK"),
    "kr.": ("", "SEK NOK DKK ISK"),
}
_NAMES = {
    "yuan": "CNY", "renminbi": "CNY", "euro": "EUR", "euros": "EUR", "pound": "GBP",
    "pounds": "GBP", "sterling": "GBP", "pounds sterling": "GBP", "rand": "ZAR", "reais": "BRL",
    "dollar": "$", "dollars": "$", "yen": "JPY", "rupee": "Rs", "rupees": "Rs", "kronor": "SEK",
    "rouble": "RUB", "roubles": "RUB", "baht": "THB", "us dollars": "USD", "u.s. dollars": "USD",
    "american dollars": "USD", "us dollar": "USD", "u.s. dollar": "USD",
}  # fmt: skip
# Names that are other words as well, and those of money only in full ("South Korean won").
_OTHER_WORDS = frozenset(
    "real reals won mark marks sol soles unit units account accounts gold silver rights som som"
    " lek leu lei kip dong cup cups lev para rial riyal manat ariary".split()
)


class Currency(NamedTuple):
    """What a printed sign or name stands for: the one that is meant, and all that it may be."""

    unit: str
    also: frozenset[str]


@cache
def _known() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Signs and codes with their codes, and names, in small letters, with all of theirs."""
    from babel import Locale  # noqa: PLC0415  # for a text with a currency that is not listed here
    from babel.core import get_global  # noqa: PLC0415

    english = Locale("en")
    in_use = {
        code
        for uses in get_global("territory_currencies").values()
        for code, _, end, tender in uses
        if end is None and tender
    }
    known = [str(code) for code in english.currencies]
    signs = {code: code for code in known if len(code) == 3}
    signs |= {str(s): str(code) for code, s in english.currency_symbols.items() if code in in_use}
    names: dict[str, set[str]] = {}
    for code in in_use & set(english.currencies):
        forms = {
            english.currencies[code],
            *english._data["currency_names_plural"].get(code, {}).values(),
        }
        for form in forms:
            full = form.lower()
            names.setdefault(full, set()).add(code)
            if (last := full.rpartition(" ")[2]) not in _OTHER_WORDS:
                names.setdefault(last, set()).add(code)
    return signs, {name: frozenset(codes) for name, codes in names.items()}


def of_sign(sign: str) -> Currency | None:
    """The currency of a sign or a code; None for a text that is neither.

    >>> of_sign("A$").unit, of_sign("¥").unit, sorted(of_sign("¥").also), of_sign("MW")
    ('AUD', '¥', ['CNY', 'JPY'], None)
    """
    if sign in _SHARED:
        first, others = _SHARED[sign]
        codes = frozenset({*others.split(), *([first] if first else [])})
        return Currency(first or sign.rstrip("."), codes)
    code = _SIGNS.get(sign) or _SIGNS.get(sign.upper())
    if code is None and sign.upper() in ("USD", "EUR", "GBP", "CNY"):
        code = sign.upper()
    code = code or _known()[0].get(sign)
    if code is None and sign.endswith("$"):
        code = _known()[0].get(sign.removesuffix("$"))  # "NZD$"
    if code is None and sign.endswith("$"):  # dollars of somewhere
        return Currency(sign, frozenset())
    return Currency(_SHOWN.get(code, code), frozenset({code})) if code else None


def of_name(name: str) -> Currency | None:
    """The currency of a name: "Swiss francs", "yuan", "dollars"; None for a text that is none.

    >>> of_name("Swiss francs").unit, of_name("dollars").unit, of_name("kettles")
    ('CHF', 'USD', None)
    """
    low = " ".join(name.lower().split())
    if listed := _NAMES.get(low):
        return of_sign(listed) or Currency(_SHOWN.get(listed, listed), frozenset({listed}))
    codes = _known()[1].get(low)
    if codes is None:
        return None
    if len(codes) == 1:
        (code,) = codes
        return Currency(_SHOWN.get(code, code), codes)
    return Currency(low, codes)


@cache
def codes(unit: str) -> frozenset[str]:
    """The codes of the currencies that the unit of a measure may stand for; none of any other unit.

    >>> sorted(codes("RMB")), sorted(codes("¥")), sorted(codes("people"))
    (['CNY'], ['CNY', 'JPY'], [])
    """
    found = of_sign(unit) or (of_name(unit) if re.fullmatch(r"[\w. ]+", unit) else None)
    return found.also if found else frozenset()


def is_shared(unit: str) -> bool:
    """Whether a unit is a sign that several currencies have.

    >>> is_shared("¥"), is_shared("JPY")
    (True, False)
    """
    return unit in _SHARED
