"""Makes up a statistic like one of the real book: its fields, and the sentence that states it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks import phrases
from tallybook.ledger.records import Statistic
from tallybook.reading.hedges import CURRENCIES
from tallybook.reading.periods import UNSTATED

TAIL = "as the yearly account of that office sets out for its readers."
_BECAUSE = "The sentences around it are about the same time and the same cases."

Fields = dict[str, Any]
Place = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of a statement adds to a record, to each of its citations and to the text."""

    fields: Fields = field(default_factory=dict)
    runs: Fields = field(default_factory=dict)
    words: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """The fields of a statistic, the runs beside its figure, and how to print it at a place."""

    fields: Fields
    runs: Fields
    before: str
    figure: str
    after: str

    def printed(self, place: str) -> tuple[str, str]:
        """The sentence about a place, and the run in it that bears the figure."""
        run = f"{place} {self.figure}"
        return f"{self.before} {run}{self.after}, {TAIL}", run


def statement(random: Random, like: Statistic, unit: str, place: Place) -> Statement:
    """A statistic of the same form as `like`, in a unit, about places that `place` names."""
    is_round = like.rounded_to is not None or like.bound != "exact"
    amount = phrases.amount(random, unit, like.bound, is_round=is_round)
    fields = {"value": amount.value, "bound": like.bound, "party": like.party}
    fields["scope"] = f"{like.scope}, {place()}"
    if like.note:
        fields["note"] = like.note
    if like.rounded_to is not None:
        rounded_to = "none" if like.rounded_to == "none" else amount.rounded_to
        fields |= {"rounded_to": rounded_to, "rounded_because": _BECAUSE}
    period, *others = (
        _period(random, like),
        _base(random, like, place),
        _condition(random, like, place),
        _members(like, place),
    )
    runs = period.runs
    for part in (period, *others):
        fields |= part.fields
        runs |= part.runs
    return Statement(fields, runs, period.words, amount.words, "".join(p.words for p in others))


def _period(random: Random, like: Statistic) -> Part:
    dated = phrases.dated(random, like.period.text)
    fields, runs, words = {"period": dated.edtf}, {}, "The office recorded in"
    if like.period_from:
        fields |= {"period_from": "context", "period_because": _BECAUSE}
    elif dated.words:
        runs, words = {"period_as_printed": dated.words}, f"{dated.words}, the office recorded in"
    return Part(fields, runs, words)


def _base(random: Random, like: Statistic, place: Place) -> Part:
    fields: Fields = {"of": like.of} if like.of else {}
    run = f"of what {place()} took in" if like.of else ""
    if like.compared_with:
        is_stated = like.compared_with.text != UNSTATED
        year = str(random.randint(1990, 2000))
        fields["compared_with"] = year if is_stated else UNSTATED
        run = f"than in {year}" if is_stated else run
    if like.base_from:
        return Part(fields | {"base_from": "context", "base_because": _BECAUSE})
    return Part(fields, {"base_as_printed": run}, f" {run}") if run else Part(fields)


def _condition(random: Random, like: Statistic, place: Place) -> Part:
    condition = like.condition
    if condition is None:
        return Part()
    number = random.randint(2, 90)
    fields: Fields = {"in_words": condition.in_words} if condition.in_words else {}
    if condition.value is None:
        run = f"where {place()} had a say"
    elif condition.unit in CURRENCIES:
        run = f"each above RMB {number} million"
        fields |= {"value": number * 10**6, "unit": "RMB", "bound": "more than"}
    else:
        run = f"within {number} hours"
        fields |= {"value": number, "unit": "hours", "bound": "up to"}
    return Part({"condition": fields}, {"condition_as_printed": run}, f" {run}")


def _members(like: Statistic, place: Place) -> Part:
    if not like.members:
        return Part()
    members = [place() for _ in like.members]
    return Part({"members": members}, words=f", namely {', '.join(members)}")
