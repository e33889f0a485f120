"""Reading numbers with the hedges, currencies and units printed around them.

A hedge is looked for backwards from its number, in the text turned around: the longest that ends
there is its own.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tallybook.reading import currencies, eastern, units
from tallybook.reading import english as words
from tallybook.reading.numeral import Numeral, any_of
from tallybook.reading.numerals import find
from tallybook.reading.patterns import phrases

CURRENCIES = frozenset({"RMB", "USD", "EUR", "GBP"})  # as `currencies` has these
TIMES = frozenset(f"{name}s" for name in words.UNITS_OF_TIME.split())
PERCENT, POINTS, BASIS_POINTS = "percent", "percentage points", "basis points"
PER_THOUSAND = "per thousand"

# Letters as ASCII has them: else the dotless i and the long s count as the i and s of a word.
_CURRENCY_BEFORE = re.compile(
    r"(?<![^\W_])(\$(?:US|NZ|CA|A|C)|(?:(?:USD?|Cdn|CDN|(?:CA|AU|NZ|HK|SG)D?|NT)\s)?[A-Za-z.]{0,4}\$|[€£¥₹￥₩₪₫₱₦₴₺₽฿]"
    r"|(?a:(?i:rmb|cny|usd|eur|gbp|rs\.?|rupees?|kr\.?|rp\.?|rm|sfr|fr\.))|zł|Kč|[KTU][Ss]h|Tk\.?|[DNS]Kr|GH₵|S/|Bs|[A-Z]{3}|Euros?|R(?=$))\s?$"
)
_EASTERN = any_of(eastern.CURRENCIES)
# Five principles, and a function of three unknowns, are no money.
_EASTERN_BEFORE = re.compile(rf"({_EASTERN})\s?$")
_EASTERN_AFTER = re.compile(rf"\s?({_EASTERN})(?![칙素方件])")
_CURRENCY_AFTER = re.compile(
    r"\s?([€£¥₹￥₩₪₫₱₦₴₺₽฿]|[A-Z]{3}(?!\w))"
    r"|[\s-]((?:(?:[A-Z][A-Za-z.]*|u\.?s\.?)\s){0,2}(?:[a-z]{3,}|Euros?|Dollars?|Yen|Yuan|Rupees?|Francs?))(?!\w)"
)
_ACCOUNT_BEFORE = re.compile(rf"(?<!\w)(?:{words.ACCOUNTS})[)\s:]*$", re.I)
_PENCE = re.compile(r"(?:(?<=\d)(?<!720)(?<!1080)(?<!480)p(?![\w.])|\s+(?:pence|penny)(?!\w))")
_OF_PRICES = re.compile(r"\s(?:(?:constant|current|nominal|real)\s)?(?:19|20)\d\d\s")
_AMOUNT_BEFORE = re.compile(r"(?:\d|[mb]illion|trillion|thousand)\s(?:[a-z]+\s)?$", re.I)
_SHARE = re.compile(
    rf"[\s-]?(?a:(?P<points>{words.POINTS})|(?P<basis>{words.BASIS_POINTS})"
    rf"|(?P<percent>[%％٪]|{words.PERCENT})|(?P<only>(?<=[\s-]){words.ONLY_POINTS}))(?!\w)"
    r"|[\s-]?(?P<sign>[%％٪])|\s?(?P<thousand>‰)",
    re.I,
)
_OF_A_SHARE = re.compile(
    rf"[-\s]+(?a:(?:of[-\s]+)?(?:(?:an?|one)[-\s]+|1\s?)(?:(?P<points>{words.POINTS})|(?P<basis>{words.BASIS_POINTS})"
    rf"|(?P<percent>%|{words.PERCENT})|(?P<only>{words.ONLY_POINTS})))(?!\w)",
    re.I,
)
_OF = re.compile(r"\s+of\s+")
_OF_ONE = re.compile(
    r"\s+of\s+(?:an?|one)\s+|(?P<direct>[-\s]+an?[-\s]+|-(?!year|time))(?=[a-z°])", re.I
)
_TIMES = re.compile(r"(?:[\s-]+times|-?fold|x|\s?×)(?!\w)(?!\s?\d)", re.I)
_MULTIPLIED = re.compile(r"(?:multipl\w+\s+by|(?:by\s+)?an?\s+factor\s+of)\s+(?:an?\s+)?$", re.I)
_MORE = re.compile(rf"\s+(?:{words.MORE}|{words.LESS})(?!\w)", re.I)
# What grew "27 times" may have grown to 27 times or by 27 times as much.
_INCREASE = re.compile(rf"\s+(?:{words.GROWTH})(?!\w)", re.I)
_INCREASED = re.compile(rf"(?:{words.GREW})$", re.I)
_TIME = re.compile(
    rf"[\s-]+(?a:(?:(?:{words.KINDS_OF_TIME})\s+)?({any_of(words.UNITS_OF_TIME.split())})s?"
    rf"|(?P<hundred>century|centuries)"
    rf"|(?P<short>{any_of(words.IN_SHORT)}))(?!\w)|(?a:(?P<near>{any_of(words.IN_SHORT)}))(?!\w)",
    re.I,
)


# "5 year-old", "40 hour-a-week", "up 4 year-on-year"
_OTHER_WORD = re.compile(
    r"-(?!(?:olds?|long|ago|a|an|per|term|over|plus|or|to|and|period|delay|sentence|ban|high|low)(?!\w))"
    r"[a-z]",
    re.I,
)
_PLURAL_BEHIND = re.compile(r"\s+[a-z]+s(?!\w)")
_SPACE = "[ \\s\u00a0\u2009\u202f]"  # also where letters are those of ASCII


def _backwards(several: list[str]) -> str:
    """A pattern for any of these phrases, each from its last letter to its first."""
    longest_first = sorted(set(several), key=len, reverse=True)
    turned = (each[::-1].split(" ") for each in longest_first)
    return "|".join(f"{_SPACE}+".join(map(re.escape, each)) for each in turned)


_BOUNDS = {
    each: bound
    for hedges in (words.HEDGES, eastern.HEDGES_BEFORE)
    for bound, pattern in hedges.items()
    for each in phrases(pattern)
}
_FILLERS = [each.strip() for each in phrases(words.FILLERS)]
_HEDGE_BACKWARDS = re.compile(
    rf"(?:\s+(?P<filler>(?a:{_backwards(_FILLERS)}))(?=\s))?"
    rf"(?P<gap>[\s-]*)(?P<hedge>(?a:{_backwards([*_BOUNDS])}))(?:(?<![a-z])|(?![^\W_]))",
    re.I,
)
_NEGATION = re.compile(rf"(?<![^\W_])(?:{words.NEGATIONS})(?:\s+(?:to|be|been))?\s+$", re.I)
_NEGATED = {"more than": "up to", "less than": "at least", "nearly": "less than"}
_WITHIN = re.compile(rf"(?<!\w)(?:{words.WITHIN})\s+$", re.I)
_TILDES = frozenset("~∼～")
_NUMBER_BEFORE = re.compile(r"\d\s?[A-Za-z%°\u3040-\u9fff\uac00-\ud7a3]{0,4}\s?$")
_BEFORE_ONE = re.compile(r"(?<!\w)before\s+(?:an?\s+)?$", re.I)
_NOT_ONE = re.compile(r"(?<!\w)(?:not|without|never)\s+(?:even\s+)?(?:an?\s+)?$", re.I)
_BUT = re.compile(r"(?:\s+\w+)?,?\s+but(?!\w)|-", re.I)
_NO_MAJORITY = re.compile(r"(?<!\w)(?:less\s+than|not|short\s+of|without)\s+an?\s+$", re.I)
_SPAN_OF_TIME = re.compile(r"\s+(?:period|span|stretch|time\s?frame)(?!\w)", re.I)
_MARK = re.compile(
    r"(?:\s+[a-z]+)?[\s-]+(?:mark|threshold|milestone|barrier|level|line)(?!\w)", re.I
)
# Laws, exams and borders are passed or crossed one by one.
_PASSED = re.compile(r"(?:pass|cross|breach)(?:es|ed|ing)$")
_THINGS_PASSED = re.compile(
    r"(?:\s+|-)(?!(?:was|is|has|in|on|at|by|for|since|as|last|this)(?!\w))"
    r"(?:[a-z-]+\s+){0,2}?(?:[a-z]+s|people|men|women|children|km|miles?)(?!\w)"
)
_NUMBER_OF_THINGS = re.compile(
    r"\s+(?!(?:was|is|has|does|as|its|this|us|says|asks|shows)(?!\w))"
    r"(?:[a-z]+s|people|men|women|children)(?!\w)"
)
_COMPARED = re.compile(
    r"\d[\w.,%]*(?:\s+[a-z]+){0,2}\s+$|(?:increase|rise|growth|gain|fall|decline|decrease|up|improvement)\s+$",
    re.I,
)
_HEDGE_AFTER = re.compile(
    rf"\s+or\s+(?a:(?P<more>{words.MORE}|above|over|older|up|upwards)|(?P<less>{words.LESS}"
    r"|under|below|younger)|(?P<about>so|thereabouts))(?!\w)"
    r"|,?\s+at (?:the )?(?:(?P<least>least|minimum)|(?P<most>most|maximum))(?!\w)"
    r"|(?P<approx>(?:,\s*|\s*\()approx(?:imately|\.)?)|(?P<plus>\s?\+(?!\s?[/\d−-])|-plus(?!\w)"
    r"|\s+and\s+counting(?!\w))"
    r"|(?P<odd>(?:[-\s]odd|-some)(?!\w)|-?ish(?!\w)|,?\s+(?:give\s+or\s+take|more\s+or\s+less)(?!\w))"
    rf"|\s+(?:and|&)\s+(?:(?P<older>{words.OLDER}|more|higher|greater)"
    rf"|(?P<younger>{words.YOUNGER}|less|fewer))(?!\w)(?!\s+(?:[\d$€£¥]|an?\s|one|two|half|than))",
    re.I,
)
_EASTERN_BOUNDS = {
    sign: bound for bound, signs in eastern.HEDGES_AFTER.items() for sign in signs.split("|")
}
# A word of one sign belongs to the number right before it; others stand behind a noun as well.
_EASTERN_HEDGE = re.compile(
    rf"\s?(?P<near>{any_of(sign for sign in _EASTERN_BOUNDS if len(sign) == 1)})"
    r"|\s?[\u3040-\u9fff\uac00-\ud7a3]{0,3}?\s?"
    rf"(?P<far>{any_of(sign for sign in _EASTERN_BOUNDS if len(sign) > 1)})"
)
_MORE_OF = f"{words.MORE}|over|above|older|up|upwards"
_LESS_OF = f"{words.LESS}|under|below|younger"
_NOUN_OR_MORE = re.compile(
    r"(?P<noun>[\s-]?[^\s\d.,;:()\[\]]+(?:\s+(?!(?:and|or)\s)[^\s\d.,;:()\[\]]+){0,2}?)(?:"
    rf"\s+or\s+(?:(?P<more>{_MORE_OF})|(?P<less>{_LESS_OF}))(?!\w|\s+than\s|\s*\d)"
    rf"|\s+and\s+(?:(?P<older>{_MORE_OF})|(?P<younger>{_LESS_OF}))"
    r"(?=\s*(?:$|[.,;:)]|\s(?:in|of|for|who|were|are|is|was|at|with|have|had)\s))"
    r"|(?P<odd>\s+or\s+so|\s+or\s+thereabouts|,?\s+more\s+or\s+less|,?\s+give\s+or\s+take)(?!\w))",
    re.I,
)
_BOUND_AFTER = {
    "more": "at least",
    "plus": "at least",
    "least": "at least",
    "less": "up to",
    "most": "up to",
    "about": "about",
    "approx": "about",
    "odd": "about",
    "older": "at least",
    "younger": "up to",
}
_AGED = re.compile(r"(?<!\w)(?:aged|ages?|ages\s+of|age\s+of)\s+(?:from\s+|between\s+)?$", re.I)
_AGE_OF = re.compile(r"the\s+age\s+of\s+$", re.I)
_PEOPLE = re.compile(rf"(?<!\w)(?:{words.PEOPLE})\s+$", re.I)
_AGE_WORDS = re.compile(r"(?:over|under|above|below)[\s-]+$", re.I)
_NOTHING_COUNTED = re.compile(
    r"\s*(?:$|[.,;:)])|\s+(?:in|who|are|were|at|by|and|with|on|is|was|had|have|has|or|to|for|of"
    r"|from|as|living|held|died)(?!\w)",
    re.I,
)
_WINDOW = 120  # characters of a text's end that a hedge is looked for in


def read(text: str) -> list[Numeral]:
    """Every numeral of a text, in order, with its unit and bound.

    >>> [(str(n.value), n.unit, n.bound) for n in read("Nearly 1,000 shops lost at least $4.3m.")]
    [('1000', '', 'nearly'), ('4300000', 'USD', 'at least')]
    """
    turned = text[::-1]
    return [_with_hedge(text, turned, _with_unit(text, numeral)) for numeral in find(text)]


def is_of_things(text: str, end: int) -> bool:
    """Whether behind a number there is what it counts, in the plural.

    >>> is_of_things("2016 stores", 4), is_of_things("2016 was", 4)
    (True, False)
    """
    return _NUMBER_OF_THINGS.match(text, end) is not None


def with_hedge(text: str, numeral: Numeral) -> Numeral:
    """A numeral that has none yet with its hedge.

    >>> from fractions import Fraction
    >>> with_hedge("over a decade", Numeral(5, 13, Fraction(10), text_start=5, text_end=13)).bound
    'more than'
    """
    return _with_hedge(text, text[::-1], numeral)


def at_the_end(text: str) -> tuple[str, str] | None:
    """The hedge that a text ends with, and the bound that it would give the number after it.

    >>> at_the_end("They closed upwards of ")
    ('upwards of', 'more than')
    """
    end = text[-_WINDOW:]
    hedge = _HEDGE_BACKWARDS.match(end[::-1])
    if hedge is None or not _stands_apart(hedge):
        return None
    found = hedge["hedge"][::-1]
    bound = _bound_of(found)
    return None if found.lower().endswith(" the") else (" ".join(found.split()), bound)


def at_the_start(text: str) -> tuple[str, str] | None:
    """The hedge that a text begins with, behind a number, and the bound that it would give it.

    >>> at_the_start(" or so of them")
    ('or so', 'about')
    """
    hedge = _HEDGE_AFTER.match(text)
    if hedge is None:
        return None
    return " ".join(hedge[0].split()), _BOUND_AFTER[str(hedge.lastgroup)]


# Units


def _with_unit(text: str, numeral: Numeral) -> Numeral:
    if numeral.is_ordinal:
        return numeral
    if numeral.own:
        return _of_its_own(numeral)
    if share := _share(text, numeral):
        return share
    is_part = numeral.unit == "fraction" or (not numeral.unit and 0 < numeral.value < 1)
    if is_part and (part := _of_one(text, numeral)):
        return part
    if numeral.unit:
        return numeral
    if numeral.is_magnitude and (of := _OF.match(text, numeral.end)):
        read = _with_unit(text, numeral._replace(end=of.end() - 1))
        return read._replace(end=numeral.end) if read.unit else numeral
    return (
        _with_currency_before(text, numeral)
        or _with_times(text, numeral)
        or _with_currency_after(text, numeral)
        or _with_time(text, numeral)
    )


def _of_its_own(numeral: Numeral) -> Numeral:
    """With the unit that stands within the number: "a year and a half"."""
    place = numeral._replace(start=0, end=0, text_start=0, text_end=0, own="")
    read = _with_unit(numeral.own, place)
    return numeral._replace(
        unit=read.unit, also=read.also, value=read.value, digit=read.digit,
        own="" if read.unit else numeral.own,
    )  # fmt: skip


def _of_one(text: str, numeral: Numeral) -> Numeral | None:
    """A part of one of a unit: "half an hour", "three quarters of a mile", "0.2 of a degree"."""
    article = _OF_ONE.match(text, numeral.end)
    if not article:
        return None
    is_half = "half" in text[numeral.start : numeral.end].lower()
    if article["direct"] and not is_half and text[numeral.end] != "-":
        return None  # "a quarter a mile" is none
    end = article.end()
    place = numeral._replace(unit="", end=end - 1, text_end=end)
    # What is read behind a number has a space before it.
    read = _with_time(text, place) if text[end - 1] in " -" else place
    read = read if read.unit else _with_currency_after(text, place) or place
    is_degree = text[end : end + 6].lower() == "degree"
    if not read.unit and not is_degree and not units.leading(text[end : end + 24])[0]:
        return None
    return read._replace(start=numeral.start, end=numeral.end)


def _share(text: str, numeral: Numeral) -> Numeral | None:
    """With percent, points or per mille behind it."""
    found = _SHARE.match(text, numeral.end)
    if numeral.unit == "fraction" or numeral.value < 1:
        found = found or _OF_A_SHARE.match(text, numeral.end)
    if not found or numeral.unit not in ("", "fraction"):
        return None
    group = str(found.lastgroup)
    unit = {"points": POINTS, "basis": BASIS_POINTS, "only": "points", "thousand": PER_THOUSAND}
    # "half points"? A part of a point is said with an article.
    return numeral._replace(
        unit=unit.get(group, PERCENT), text_end=found.end(), is_year=False, unscaled=None
    )


def with_unit_behind(text: str, numeral: Numeral) -> Numeral:
    """A numeral without a unit with that which stands behind it.

    >>> from fractions import Fraction
    >>> with_unit_behind("(9–21) days", Numeral(6, 6, Fraction(14), text_end=6)).unit
    'days'
    """
    money = _share(text, numeral) or _with_currency_after(text, numeral)
    return money or _with_time(text, numeral)


def _with_currency_before(text: str, numeral: Numeral) -> Numeral | None:
    start = numeral.start
    before = text[max(0, start - 12) : start]
    last = before.rstrip()[-1:]
    if not last or not (last in "$€£¥₹￥₩₪₫₱₦₴₺₽฿₵/." or last.isalpha()):
        return None
    found = _CURRENCY_BEFORE.search(before) or _EASTERN_BEFORE.search(before)
    if not found:
        return None
    sign = re.sub(r"\s+", "", found[1])
    is_money = numeral.scale > 1 or "," in text[start : numeral.end]
    if sign == "R" and not is_money:
        return None
    currency = currencies.of_sign(sign)
    if currency is None and sign.lower() in ("rs", "rs."):
        currency = currencies.of_sign("Rs")
    currency = currency or (currencies.of_name(sign) if len(sign) > 3 else None)
    if currency is None:
        return None
    value = numeral.value
    if _is_loss(text, start - len(found[0]), numeral.end):
        value = -value
    return numeral._replace(
        value=value,
        unit=currency.unit,
        also=currency.also,
        text_start=start - len(found[0]),
        is_year=False,
        unscaled=None,
    )


def _is_loss(text: str, start: int, end: int) -> bool:
    """Whether a sum alone in brackets is negative: "net cash flow (£37m)"."""
    if text[start - 1 : start] != "(" or text[end : end + 1] != ")":
        return False
    return _ACCOUNT_BEFORE.search(text[max(0, start - 40) : start - 1]) is not None


def _with_times(text: str, numeral: Numeral) -> Numeral | None:
    before = text[max(0, numeral.start - 24) : numeral.start]
    if after := _TIMES.match(text, numeral.end):
        return _with_more(text, numeral._replace(unit="times", is_year=False), after.end())
    if before.rstrip()[-2:].lower() in ("by", "of", "a") and (by := _MULTIPLIED.search(before)):
        start = numeral.start - len(by[0])
        return numeral._replace(unit="times", text_start=start, is_year=False)
    return None


def _with_more(text: str, numeral: Numeral, end: int) -> Numeral:
    """A multiple with "more" behind it, which leaves open whether one time is meant besides."""
    more = _MORE.match(text, end) or _INCREASE.match(text, end)
    before = text[max(0, numeral.start - 20) : numeral.start]
    as_much = re.match(r"\s+as\s", text[end : end + 4])
    says_more = more is not None or bool(_INCREASED.search(before) and not as_much)
    return numeral._replace(text_end=(more.end() if more else end), says_more=says_more)


def _with_currency_after(text: str, numeral: Numeral) -> Numeral | None:
    if pence := _PENCE.match(text, numeral.end):
        return numeral._replace(unit="pence", text_end=pence.end(), is_year=False)
    # "12 million 2019 dollars"
    before = text[max(0, numeral.start - 12) : numeral.start] if numeral.is_year else ""
    if numeral.is_year and _AMOUNT_BEFORE.search(before):
        return None
    prices = _OF_PRICES.match(text, numeral.end)
    end = prices.end() - 1 if prices else numeral.end
    found = _EASTERN_AFTER.match(text, end) or _CURRENCY_AFTER.match(text, end)
    if not found:
        return None
    if found.lastindex == 2 and found[2] == "won" and numeral.scale >= 10**6:
        won = currencies.of_sign("KRW")
        return won and numeral._replace(unit=won.unit, also=won.also, text_end=found.end())
    currency = currencies.of_sign(found[1]) if found[1] else currencies.of_name(found[2])
    if currency is None:
        return None
    return numeral._replace(
        unit=currency.unit, also=currency.also, text_end=found.end(), is_year=False
    )


def _with_time(text: str, numeral: Numeral) -> Numeral:
    after = _TIME.match(text, numeral.end)
    if after and not _begins_another_word(text, numeral, after):
        unit = words.IN_SHORT.get((after["short"] or after["near"] or "").lower())
        unit = unit or ("years" if after["hundred"] else f"{after[1].lower()}s")
        if after["hundred"]:
            value, digit = numeral.value * 100, numeral.digit * 100
            numeral = numeral._replace(value=value, digit=digit)
        return numeral._replace(unit=unit, text_end=after.end(), is_year=False, unscaled=None)
    return numeral


def _begins_another_word(text: str, numeral: Numeral, time: re.Match[str]) -> bool:
    """Whether what looks like a time begins a noun: "12 day-care centres"."""
    is_singular = text[time.end() - 1 : time.end()] != "s" and numeral.value != 1
    if not is_singular or not text[numeral.end : numeral.end + 1].isspace():
        return False
    is_adjective = time[1] is not None and time[1].lower() == "second"
    return bool(
        _OTHER_WORD.match(text, time.end())
        or (is_adjective and _PLURAL_BEHIND.match(text, time.end()))
    )


# Hedges


def _with_hedge(text: str, turned: str, numeral: Numeral) -> Numeral:
    if numeral.is_ordinal:
        return numeral
    if numeral.value == 1 and not numeral.unit and (none := _none(text, numeral)):
        return none
    hedge = _hedge_before(text, turned, numeral)
    if numeral.is_magnitude:
        # "up to tens of thousands" is a magnitude of which nothing follows: a point, no interval.
        start = hedge[0] if hedge else numeral.text_start
        return numeral._replace(is_magnitude=hedge is None, text_start=start)
    if (numeral.unit, numeral.bound) == ("fraction", "more than"):  # a majority
        left = max(0, numeral.text_start - _WINDOW)
        short_of_it = _NO_MAJORITY.search(text[left : numeral.text_start])
        start = left + short_of_it.start() if short_of_it else numeral.text_start
        return numeral._replace(bound="up to" if short_of_it else numeral.bound, text_start=start)
    if hedge:
        start, bound, is_year = hedge
        return _of_age(text, numeral._replace(bound=bound, text_start=start, is_year=is_year))
    return _of_age(text, _with_hedge_after(text, numeral))


def _none(text: str, numeral: Numeral) -> Numeral | None:
    """None at all: "not a single conviction", "without one complaint"; "not one but two" is two."""
    left = max(0, numeral.text_start - 24)
    not_one = _NOT_ONE.search(text[left : numeral.text_start])
    if not not_one or _BUT.match(text, numeral.end) or text[numeral.start].isdigit():
        return None
    return numeral._replace(value=Fraction(0), text_start=left + not_one.start())


def _with_hedge_after(text: str, numeral: Numeral) -> Numeral:
    if after := _HEDGE_AFTER.match(text, numeral.text_end):
        bound = _BOUND_AFTER[str(after.lastgroup)]
        # "10+ years": the unit stands behind the hedge.
        unit = numeral.unit or _with_time(text, numeral._replace(end=after.end())).unit
        return numeral._replace(bound=bound, unit=unit, text_end=after.end(), is_year=False)
    if after := _EASTERN_HEDGE.match(text, numeral.text_end):
        money = _with_currency_after(text, numeral._replace(end=after.end()))
        read = money._replace(end=numeral.end) if money and not numeral.unit else numeral
        return read._replace(
            bound=_EASTERN_BOUNDS[after["near"] or after["far"]],
            text_end=max(after.end(), read.text_end), is_year=False,
        )  # fmt: skip
    if after := _NOUN_OR_MORE.match(text, numeral.text_end):
        bound = _BOUND_AFTER[str(after.lastgroup)]
        return numeral._replace(
            bound=bound, text_end=after.end(), is_year=False, own=numeral.own + after["noun"]
        )
    return numeral


def _of_age(text: str, numeral: Numeral) -> Numeral:
    """With years for its unit where it is an age: "aged 65 and over", "children under 5"."""
    if numeral.unit or numeral.scale != 1 or numeral.value > 130 or numeral.value < 0:
        return numeral
    before = text[max(0, numeral.text_start - 24) : numeral.text_start]
    is_plus = text[numeral.end : numeral.end + 1] == "+" and _PEOPLE.search(before)
    if (
        is_plus
        or _AGED.search(before)
        or _AGE_OF.search(text[max(0, numeral.start - 12) : numeral.start])
    ):
        return numeral._replace(unit="years", is_year=False)
    led = _AGE_WORDS.search(text[max(0, numeral.start - 8) : numeral.start])
    if not led:
        return numeral
    if (
        text[numeral.end : numeral.end + 1] == "s"
        and not text[numeral.end + 1 : numeral.end + 2].isalnum()
    ):
        return numeral._replace(unit="years", text_end=numeral.end + 1)
    if _PEOPLE.search(before) and _NOTHING_COUNTED.match(text, numeral.text_end):
        return numeral._replace(unit="years")
    return numeral


def _hedge_before(text: str, turned: str, numeral: Numeral) -> tuple[int, str, bool] | None:
    """Where the hedge before a number starts, its bound, and whether the number is a year still."""
    found = _HEDGE_BACKWARDS.match(turned, len(text) - numeral.text_start)
    if found and _stands_apart(found):
        return _of_hedge(text, numeral, found)
    left = max(0, numeral.text_start - _WINDOW)
    before = text[left : numeral.text_start]
    has_unit = numeral.unit in TIMES | {POINTS, PERCENT, "points"}
    has_unit = has_unit or bool(units.leading(text[numeral.end : numeral.end + 24].lstrip(" -"))[0])
    if has_unit and (within := _WITHIN.search(before)):
        return left + within.start(), "up to", False
    # "before a single sale": none yet.
    if numeral.value == 1 and (not_one := _BEFORE_ONE.search(before)):
        return left + not_one.start(), "less than", False
    return None


def _of_hedge(text: str, numeral: Numeral, found: re.Match[str]) -> tuple[int, str, bool] | None:
    hedge = found["hedge"][::-1].lower()
    if hedge in _TILDES and _NUMBER_BEFORE.search(
        text[max(0, len(text) - found.end() - 8) : len(text) - found.end()]
    ):
        return None  # "3 ~ 5 mm", which is a range
    start, bound = len(text) - found.end(), _bound_of(hedge)
    if bound == "more than" and found["filler"] and _SPAN_OF_TIME.match(text, numeral.text_end):
        return None  # "over a two-year period"
    if hedge.endswith(" the") and not _MARK.match(text, numeral.text_end):
        return None
    if _PASSED.match(hedge) and not _is_a_mark(text, numeral):
        return None
    if numeral.is_year and hedge in ("over", "above", "under", "below", "by", "beyond"):
        before = text[max(0, start - 40) : start]
        if _COMPARED.search(before) and not _NUMBER_OF_THINGS.match(text, numeral.end):
            return None  # "140,000 over 2014"
    negation = _NEGATION.search(text[max(0, start - 40) : start])
    if negation and bound in _NEGATED:
        # "Nor" joins as "and" does, and is left to stand between the two numbers.
        is_joint = negation[0].lower().startswith("nor")
        start -= 0 if is_joint else len(negation[0])
        return start, _NEGATED[bound], False
    return start, bound, False


def _is_a_mark(text: str, numeral: Numeral) -> bool:
    """Whether what is passed is a height that a number reaches: no law, border or year."""
    if _MARK.match(text, numeral.text_end) or numeral.unit in (PERCENT, POINTS, "fraction"):
        return True
    if numeral.also:  # of money that is passed to somebody nothing is exceeded
        return not re.match(r"(?:\s+\w+)?\s+to\s", text[numeral.text_end :])
    is_thing = numeral.unit or numeral.is_year or _THINGS_PASSED.match(text, numeral.end)
    return numeral.scale >= 1000 or not is_thing


def _stands_apart(found: re.Match[str]) -> bool:
    """Whether a hedge in letters is a word of its own, and not the end of its number's word."""
    last = found["hedge"][0]
    return bool(found["gap"]) or not (last.isascii() and last.isalpha())


def _bound_of(hedge: str) -> str:
    return _BOUNDS[" ".join(hedge.lower().split())]
