"""Which numerals of a text that people type state a figure.

A reader of documents takes every numeral, for what counts nothing is for people to say. In a book's
own prose some need no record: ordinals in words ("the first court"), "one" as a pronoun ("one of
the lists"), idioms ("on the one hand"), dates that the ledger has, names, addresses, and what is
quoted as a document prints it. Ranks ("the third largest"), cardinals, fractions
and multiples state something, in words too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tallybook.reading import dates, hedges
from tallybook.reading import names as named
from tallybook.reading.numeral import Numeral
from tallybook.reading.numerals import has_numeral

Span = tuple[int, int]
_WINDOW = 40  # characters before a numeral that are looked at


@dataclass(frozen=True)
class Known:
    """What a text may name without stating a figure: dates, in EDTF, and names as they are written.

    A year and a month are known with each of their days. `printed` are the runs of documents that
    a text may quote.
    """

    dates: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    printed: frozenset[str] = frozenset()

    def knows(self, date: str) -> bool:
        """Whether a printed date is known; one without a year is, if it is in any year.

        >>> known = Known(dates=frozenset({"2017-06-06"}))
        >>> known.knows("2017"), known.knows("????-06-06"), known.knows("2017-07")
        (True, True, False)
        """
        return date in self._with_wholes

    @cached_property
    def _with_wholes(self) -> set[str]:
        """The dates, and the months and years that they are in, each also without its year."""
        parts = (each.split("-") for each in self.dates)
        whole = {"-".join(each[:length]) for each in parts for length in range(1, len(each) + 1)}
        return {*whole, *(f"????{each[4:]}" for each in whole if len(each) > len("2017"))}


# A rank says how many are before.
_RANK = re.compile(
    r"[\s-]+(?:most|least|best|worst|largest|biggest|smallest|highest|lowest|longest|shortest"
    r"|greatest|fastest|slowest|oldest|youngest|richest|busiest)(?!\w)",
    re.I,
)
_PRONOUN_AFTER = re.compile(
    r"\s+(?:another|of\s+(?:the|its|their|his|her|our|these|those|them|us|which|whom)"
    r"|can|cannot|could|may|might|must|should|would|who)(?!\w)",
    re.I,
)
_NO_ONE = re.compile(r"(?<!\w)(?:no|any|each|every)\s+$", re.I)
# With these it is a pronoun where no noun stands behind it.
_PRONOUN_BEFORE = re.compile(
    r"(?<!\w)(?:some|such|this|that|which|(?:an?|the|another)(?:\s+[a-z]+)?)\s+$", re.I
)
_NO_NOUN = re.compile(
    r"\s*(?:$|[^\w\s-])|\s+(?:and|are|as|at|but|by|does|for|from|had|has|in|is|of|on|or|than|that"
    r"|to|was|were|which|who|whose|will|with)(?!\w)",
    re.I,
)
# What a year follows, and a number of things seldom; what makes it one again stands behind it.
_DETERMINED = r"(?<!\w)(?:the|this|that|its|their|his|her|our)|['’]s|s['’]"
_YEAR_AFTER = re.compile(
    rf"(?:^|[^\w\s,.]|{_DETERMINED}|(?<!\w)(?:after|and|before|between|by|during|early|for|from|in"
    r"|late|mid|of|or|since|than|through|throughout|till|to|until|with|year|years))\s*$",
    re.I,
)
_DETERMINED_BEFORE = re.compile(rf"(?:{_DETERMINED})\s*$", re.I)
# "The list, 2016–2018"
_SET_OFF = re.compile(r",\s$"), re.compile(r"\s?(?:$|[^\w\s,.])")
_PLURAL = re.compile(
    r"\s+(?!(?:was|is|has|does|as|its|this|us|says|asks|names|shows|gives|lists)(?!\w))"
    r"(?-i:[a-z]+s)(?!\w)",
    re.I,
)
_BETWEEN_NUMBERS = frozenset("a an and of or the to st nd rd th s".split())
# What reads like a number and is none: "3M", "7-Eleven", "Double 11".
_BRAND = re.compile(r"\d-?[A-Z]\w*(?!\w)|(?:Double|Triple)[- ]\d+(?!\w)")
# "3M in sales" and "9/11 of them" are amounts; "Sold97" is no name.
_NO_NAME = re.compile(r"\d+[KMBT]|[A-Za-z]?[a-z]{3,}\d.*")
# What may stand before a number of things at the beginning of a sentence: "Group 12 plants"
_MAY_COUNT = re.compile(
    r"(?:Band|Bill|Box|Class|Form|Group|Item|Lot|Note|Part|Question|Round|Step|Target|Title|Unit)s?\s"
)
_ADDRESS = re.compile(r"(?<!\w)(?:https?://|www\.)[a-z][\w-]*(?:\.[\w-]+)+(?:[/?#][^\s<>\"“”]*)?")
# Words for a number that count nothing where they stand together.
_IDIOM = re.compile(
    r"(?<!\w)(?:on\s+the\s+one\s+hand|one\s+by\s+one|one\s+(?:or|and)\s+the\s+other"
    r"|one-(?:off|sided|time|way|stop|on-one|to-one|size-fits-all)s?"
    r"|from\s+one\s+[a-z]+\s+to\s+(?:another|the\s+(?:next|other))|zero\s+tolerance|zero-sum"
    r"|double[\s-](?:check|standard)\w*|half-hearted\w*|single-handed\w*|single\s+market"
    r"|at\s+once|once\s+(?:again|more|the|it|its|they|their|he|she|we|this|that|these|those))(?!\w)",
    re.I,
)
_QUOTED = re.compile('["“„«]([^"“”„«»]+)["”“»]')
# "recalls" behind a number, but for "map" in "Route 66 map".
_COUNTED, _NAMED = re.compile(r"\s+[a-z]"), re.compile(r"[A-Z]\S*\s+$")


def stating(text: str, known: Known | None = None) -> Iterator[Numeral]:
    """The numerals of a text of the book's own that state a figure, or a date that is not known.

    Where `known` is left out, dates and names are left to be looked at with it.

    >>> known = Known(dates=frozenset({"2017-06"}), names=("Route 66",))
    >>> text = "The first of two lists, of 2017 and 2019, is of the Route 66 map."
    >>> [text[each.start : each.end] for each in stating(text, known)]
    ['two', '2019']
    """
    if not has_numeral(text):
        return
    numerals = hedges.read(text)
    passed = [*_dates(text, numerals, known), *_names(text, known), *_quoted(text, known)]
    passed += [each.span() for pattern in (_ADDRESS, _IDIOM) for each in pattern.finditer(text)]
    for numeral in numerals:
        is_passed = any(a <= numeral.start and numeral.end <= b for a, b in passed)
        if not is_passed and not _is_ordinal(text, numeral) and not _is_pronoun(text, numeral):
            yield numeral


def _is_ordinal(text: str, numeral: Numeral) -> bool:
    """Whether it is an ordinal in words that is no rank."""
    is_in_words = text[numeral.start : numeral.end].replace("-", "").isalpha()
    return numeral.is_ordinal and is_in_words and not _RANK.match(text, numeral.end)


def _is_pronoun(text: str, numeral: Numeral) -> bool:
    if text[numeral.start : numeral.end].casefold() != "one" or numeral.bound != "exact":
        return False
    before = _before(text, numeral)
    if _NO_ONE.search(before) and not numeral.unit:
        return True
    is_determined = _PRONOUN_BEFORE.search(before) and _NO_NOUN.match(text, numeral.end)
    return bool(is_determined or _PRONOUN_AFTER.match(text, numeral.end))


def _dates(text: str, found: list[Numeral], known: Known | None) -> Iterator[Span]:
    """Where known dates stand."""
    numerals = {each.start: each for each in found}
    for span, date in dates.dates(text):
        if known is None or known.knows(date):
            alone = numerals.get(span[0]) if text[slice(*span)].isdigit() else None
            if alone is None or _is_year(text, alone):
                yield span


def _is_year(text: str, numeral: Numeral) -> bool:
    """Whether four digits are a year: 2,016 stores are often printed without the comma."""
    if numeral.bound != "exact" or numeral.unit or not numeral.is_year:
        return False
    before = _before(text, numeral)
    is_count = _PLURAL.match(text, numeral.end) and not _DETERMINED_BEFORE.search(before)
    is_set_off = _SET_OFF[0].search(before) and _SET_OFF[1].match(text, numeral.end)
    return bool(is_set_off or _YEAR_AFTER.search(before)) and not is_count


def _before(text: str, numeral: Numeral) -> str:
    return text[max(0, numeral.start - _WINDOW) : numeral.start]


def _quoted(text: str, known: Known | None) -> Iterator[Span]:
    """What stands between quotation marks and is a whole run of a document."""
    runs = known.printed if known else frozenset()
    for match in _QUOTED.finditer(text):
        if printed(match[1]) in runs:
            yield match.span()


def quotations(text: str) -> set[str]:
    """What stands between quotation marks in a text, as `printed` has it.

    >>> quotations("It says “97% were handled.”")
    {'97% were handled'}
    """
    return {printed(match[1]) for match in _QUOTED.finditer(text)}


def printed(run: str) -> str:
    """A run as quotations of it are compared: without the stop or comma at its end.

    >>> printed("97% were  handled, ")
    '97% were handled'
    """
    return " ".join(run.split()).rstrip(".,;:")


def _names(text: str, known: Known | None) -> Iterator[Span]:
    for start, end in named.spans(text):
        is_count = _MAY_COUNT.match(text, start) and hedges.is_of_things(text, end)
        is_share = "/" in text[start:end] and re.match(r"\s+of(?!\w)", text[end:])
        if not (_NO_NAME.fullmatch(text, start, end) or is_count or is_share):
            yield start, end
    for name in known.names if known else ():
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            yield match.span()


def is_no_name(text: str) -> bool:
    """Whether a text is numbers with their hedges, currencies and units, or counts with one.

    >>> is_no_name("more than RMB 4.3 billion"), is_no_name("1,606 recalls")
    (True, True)
    >>> is_no_name("Double 11"), is_no_name("the three-strike rule")
    (False, False)
    """
    if _BRAND.match(text):
        return False
    found, rest, end = hedges.read(text), "", 0
    for numeral in found:
        before = text[end : numeral.text_start]
        end = numeral.text_end
        if _COUNTED.match(text, end) and not _NAMED.search(before):
            return True
        rest += f"{before} "
    words = re.findall(r"[^\W\d_]+", rest + text[end:])
    return bool(found) and all(word.lower() in _BETWEEN_NUMBERS for word in words)
