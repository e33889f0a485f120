"""The words of generated documents: names, dates, amounts, and prose without a numeral in it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tallybook.reading import hedges
from tallybook.reading.hedges import CURRENCIES, TIMES
from tallybook.reading.periods import UNSTATED

# Two letters each, of which no numeral in words is made.
_SYLLABLES = [consonant + vowel for consonant in "bdgklmprt" for vowel in "aeiou"]
_NAME_LENGTH = 4
_STEP = 1_234_577  # shares no factor with the number of names, so that all come up
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_HEDGES = {
    "exact": "",
    "about": "about ",
    "more than": "over ",
    "at least": "at least ",
    "nearly": "nearly ",
    "less than": "less than ",
    "up to": "up to ",
    "on the order of": "on the order of ",
}
_PROSE = (
    "The office’s staff described how the work was shared between the parties.",
    "Several owners of brands asked for clearer forms, and the platform answered that it would.",
    "What the inspectors saw in the market differed from place to place.",
    "No list of these measures is given here, since the annex sets them out at length.",
    "“We have heard this before”, said a speaker for the association, “and we will again.”",
    "Readers who look for the method will find it described by the authority itself.",
    "Training went on through the year, with visits to workshops and to warehouses.",
    "Cooperation with the police was called good, though slow where papers were missing.",
    "It remains open whether the same sellers came back under other names.",
    "Goods of this kind are mostly made elsewhere and sent on by small carriers.",
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date or range: as a record has it, and as a document prints it ("" where it does not)."""

    edtf: str
    words: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in its unit, as a document prints it, and what a round one is rounded to."""

    value: int | float
    unit: str
    words: str
    rounded_to: int


def name(number: int) -> str:
    """A place that no other number has."""
    rest = number * _STEP % len(_SYLLABLES) ** _NAME_LENGTH
    syllables = []
    for _ in range(_NAME_LENGTH):
        rest, syllable = divmod(rest, len(_SYLLABLES))
        syllables.append(_SYLLABLES[syllable])
    return "".join(syllables).capitalize()


def dated(random: Random, like: str) -> Dated:
    """Another date of the form of an EDTF text: a day, month or year, a range, an open end."""
    year, month, day = random.randint(2001, 2019), random.randint(1, 6), random.randint(1, 28)
    first, last = f"{year}-{month:02}", f"{year}-{month + 6:02}"
    in_words, later = f"{_MONTHS[month - 1]} {year}", f"{_MONTHS[month + 5]} {year}"
    start, slash, end = like.partition("/")
    if like == UNSTATED:
        return Dated(UNSTATED, "")
    if start == "..":
        return Dated(f"../{first}", f"As of {in_words}")
    if end == "..":
        return Dated(f"{first}/..", f"Since {in_words}")
    if slash:
        return Dated(f"{first}/{last}", f"From {_MONTHS[month - 1]} to {later}")
    if len(like) == len("2017-06-30"):
        return Dated(f"{first}-{day:02}", f"On {_MONTHS[month - 1]} {day}, {year}")
    if len(like) == len("2017-06"):
        return Dated(first, f"In {in_words}")
    return Dated(str(year), f"In {year}")


def amount(random: Random, like: str, bound: str, *, is_round: bool) -> Amount:
    """Another value in the unit that a measure of unit `like` has here, with its hedge.

    A round one ends in a zero and no other does, for only round figures say what they are
    rounded to.
    """
    unit = unit_of(like)
    last = 0 if is_round else random.randint(1, 9)
    if unit == "percent":
        tens = random.randint(1, 9) * 10
        value = tens if is_round else round(tens + last / 10, 1)
        return Amount(value, unit, f"{_HEDGES[bound]}{value} percent", 10)
    if unit == "times" or unit in TIMES:
        value = random.randint(1, 9) * 10 + last
        return Amount(value, unit, f"{_HEDGES[bound]}{value} {unit}", 10)
    value = random.randint(11, 9_999) * 10 + last
    if unit == "RMB":
        millions = f"{value // 10:,}.{last}" if last else f"{value:,}"
        worth = value * (10**5 if last else 10**6)
        return Amount(worth, unit, f"{_HEDGES[bound]}RMB {millions} million", 10**7)
    return Amount(value, unit, f"{_HEDGES[bound]}{value:,} {unit}", 10)


def unit_of(like: str) -> str:
    """The unit that stands here for a measure's unit: a noun of one word where it counts things."""
    base = like.partition(" per ")[0]
    if base in CURRENCIES:
        return "RMB"
    if base in ("percent", "fraction"):
        return "percent"
    if base in ("times", *TIMES):
        return base
    # A word of the unit that is no number, time or money: "test purchases a year" counts purchases.
    words = [
        word for word in base.split() if not hedges.read(f"5 {word}")[0].unit and len(word) > 2
    ]
    return words[-1] if words else "things"


def prose(random: Random, length: int) -> list[str]:
    """Paragraphs of at least `length` characters together, and of less than one sentence more."""
    paragraphs = []
    while length > 0:
        sentences = []
        for _ in range(random.randint(2, 5)):
            if length > 0:
                sentences.append(random.choice(_PROSE))
                length -= len(sentences[-1]) + 1
        paragraphs.append("\n".join(sentences))
    return paragraphs
