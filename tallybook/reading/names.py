"""Names that hold a number and state no figure: "COVID-19", "Section 230", "G20".

By their form, by a small list that is shipped, and by the names of the book.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tallybook.reading import currencies
from tallybook.reading import english as words
from tallybook.reading.numeral import any_of
from tallybook.reading.numerals import has_numeral

Span = tuple[int, int]
# "CO2", "PM2.5", "H1N1", "COVID-19", "SARS-CoV-2"; "RMB4.3 billion" is money.
_ATTACHED = re.compile(
    r"(?<![\w$€£¥.])(?P<letters>[A-Za-z]*[A-Z][A-Za-z]*)(?P<hyphen>-?)\d[\d.]*(?:[A-Za-z]+\d*)*(?!\w)"
)
_FIRST_LETTERS = "".join(sorted({word[0] for word in words.NAMED.split()}))
_NUMBERED = re.compile(
    # Its first letter is looked at first, for few words have such a one.
    rf"(?<!\w)(?=[{_FIRST_LETTERS}])(?:{any_of(set(words.NAMED.split()))})s?\s+(?:(?:No|no)\.\s?)?"
    r"\d[\d.]*(?:[a-z](?!\w)|\([\da-z]+\)|-\d+)*(?![\d,]\d)(?!\s?%)"
    r"|§§?\s?\d[\d.]*(?:[a-z](?!\w)|\([\da-z]+\))*"
    r"|(?<!\w)Year\s(?:1[0-3]|[1-9])(?![\d,.]*\d)(?!\s?%)"  # of a school
)
# "Key stage 2", "Covid-19": in lower case after a capital, which may begin a sentence.
_AFTER_CAPITAL = re.compile(
    rf"(?<![\w-])(?=[A-Z])(?!(?:{words.NO_NAME_BEFORE})(?![a-z]))[A-Z][a-z]+"
    rf"(?:\s(?:{words.NAMED_LOWER})\s|(?<!s)-)\d{{1,2}}(?![\w%]|[,.–-]\d)"
    r"(?!\s(?:of|per|percent|out|in)(?!\w))"
)
# "km²", "m3": the power belongs to the unit.
_POWER = re.compile(
    r"(?<![A-Za-z])(?:[kcmdµμn]?m|ft|yd|mi)(?P<power>\^?[23](?!\w)|[²³])"
    r"|(?<=\s)(?:[A-Za-z]{1,3}|year|day|decade)[-−](?P<inverse>[123])(?!\w)|[A-Za-zµ°](?P<high>[⁻⁰¹²³⁴-⁹₀-₉]+)"
)
# What each of these has, and few texts.
_RAISED = re.compile(r"[²³⁻⁰¹⁴-⁹₀-₉]|[A-Za-z][-−^]?[123](?!\w)")
# "10-K", and the base of an index: "2015=100"
_FORMS = re.compile(
    r"(?<![\w$€£¥])(?:\d{1,3}-[A-Z](?![\w-])|R[2²](?=\s*(?:=|of|was|is|value))|(?:19|20)\d\d(?:[-–/]\d\d)?\s?=\s?100(?![\d.]))"
)
# What stands behind "3M" where it is three million of something.
_THINGS = re.compile(
    r"\s+(?!(?:says|is|was|has|does|makes|sells|reports|plans|wants|this|its|as)(?!\w))"
    r"(?:[a-z]+s|people|men|women|children)(?!\w)"
)


def spans(text: str, names: tuple[str, ...] = ()) -> list[Span]:
    """Where names with a number stand in a text, those of the book (`names`) among them.

    >>> text = "COVID-19 killed 5,512 under Section 230"
    >>> [text[start:end] for start, end in spans(text)]
    ['COVID-19', 'Section 230']
    """
    found = []
    for match in _listed(names).finditer(text):
        if not (match[0][-1:] in "KMBT" and _THINGS.match(text, match.end())):
            found.append(match.span())
    found += [match.span() for match in _NUMBERED.finditer(text)]
    found += [match.span() for match in _AFTER_CAPITAL.finditer(text)]
    found += [match.span() for match in _FORMS.finditer(text)]
    if _RAISED.search(text):
        found += [match.span() for match in _POWER.finditer(text)]
    for match in _ATTACHED.finditer(text):
        letters, hyphen = match["letters"], match["hyphen"]
        is_a_word = len(letters) > 1 and letters[1:].islower()
        if (hyphen and is_a_word) or _is_other(letters, match[0]):
            continue
        found.append(match.span())
    return sorted(found)


def _is_other(letters: str, whole: str) -> bool:
    """Whether letters before digits are a currency, or make a year of them."""
    is_year = letters in ("FY", "CY", "AY", "SY") or re.fullmatch(r"[QH]\d\d.*", whole)
    return bool(is_year) or letters == "R" or currencies.of_sign(letters) is not None


@lru_cache(maxsize=8)
def _listed(names: tuple[str, ...]) -> re.Pattern[str]:
    with_numbers = [name for name in names if has_numeral(name)]
    several = sorted({*words.NAMES, *with_numbers}, key=len, reverse=True)
    return re.compile(rf"(?<![\w$€£])(?:{'|'.join(map(re.escape, several))})(?!\w)")
