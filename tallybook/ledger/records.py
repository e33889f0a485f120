"""The records of the ledger: their fields, what each field may hold, and their JSON Schemas.

Every field's description is its rule in the field guide and in the editors' JSON Schema. What has
to hold between records is checked in `consistency`, and of their printed words in `printed`.
"""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePath
from typing import Any, ClassVar, Literal, Self, TypeVar, Union

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, TypeAdapter, model_validator

from tallybook.errors import Problem
from tallybook.ledger.fields import (
    Address,
    Dated,
    Id,
    Level,
    Number,
    Rounding,
    Run,
    Spelling,
    Text,
    Whole,
)
from tallybook.ledger.yaml import Mapping, place
from tallybook.quantity.interval import Bound

MeasureKind = Literal[
    "level at a date",
    "total over a period",
    "running total to a date",
    "rate",
    "share",
    "change",
    "ratio",
    "duration",
    "limit of a rule",
    "count of a list",
]
# In the order in which parties without one get them: neighbours are far apart.
Colour = Literal[
    "blue", "orange", "teal", "purple", "ochre", "crimson", "green", "pink", "indigo", "brown"
]
PartyRole = Literal["opening", "replying", "reporting"]
KindRole = Literal["opening", "follow-up", "deed"]
RelationRole = Literal["part", "reply", "difference"]
DismissalReason = Literal[
    "date that belongs to no figure",
    "page or list number",
    "part of a name or address",
    "pronoun or ordinal that counts nothing",
    "unrelated teaser",
    "part of a definition",
]


class Record(BaseModel):
    """One entry of a YAML file, which knows where it stands."""

    # A validator is built when the first record of its kind is read, and not at import.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    called: ClassVar[str] = "record"  # in messages
    key: ClassVar[str] = "id"  # the field by which other records name it
    _tree: Mapping = PrivateAttr()
    _path: str = PrivateAttr()

    def problem(self, location: tuple[str | int, ...], message: str) -> Problem:
        """A problem of this record, at the place in its file that `location` leads to."""
        # Editors search for the id: lines move, and a message may be read much later.
        wanted = getattr(self, self.key, None)
        who = f"{self.called} {wanted!r}: " if wanted else ""
        return Problem(self._path, *place(self._tree, location), f"{who}{message}")


class Section(Record):
    """A part of a document, from its opening words to the next section's."""

    name: Text = Field(description="What this book calls the section; unique in the source.")
    opens: Run = Field(
        description="The run that it begins with; stands once after the last opening."
    )


class Condition(Record):
    """A threshold or restriction that a figure holds under."""

    value: Number | None = Field(None, description='The number in it: 24 for "within 24 hours".')
    unit: Text | None = Field(None, description="The unit of that number.")
    bound: Bound | None = Field(None, description="How that number is stated.")
    in_words: Text | None = Field(None, description="What the condition is, in our words.")


class Mention(Record):
    """Where a document says something."""

    source: Text = Field(description="The id of a source.")
    section: Text = Field(description="The name of one of its sections.")
    as_printed: Run | None = Field(
        None,
        description="A run of words, verbatim but for white space and the form of quotes.",
    )
    occurrence: Whole | None = Field(
        None,
        description="Which one, from 1, where the run stands in the section more than once.",
    )
    said_by: Text | None = Field(
        None,
        description="The speaker, where it is not the source's own voice: the name of a party or "
        "one of its speakers; behind a comma may stand how that is known.",
    )


class Passage(Mention):
    """Where a document says what an item of the comparison says."""

    period_as_printed: Run | None = Field(
        None,
        description="The run that bears the period, nearest to as_printed, beside which it stands.",
    )


class Citation(Passage):
    """Where a document states a figure, and the printed words that bear it."""

    as_printed: Run = Field(
        description="A run of at most eight words that bears the number, its hedge and unit, and "
        "what is counted if that fits."
    )
    page: Whole | None = Field(
        None,
        description="The page that the run begins on, from 1, where the text has pages.",
    )
    base_as_printed: Run | None = Field(
        None, description="The run that bears the base (of, compared_with)."
    )
    condition_as_printed: Run | None = Field(None, description="The run that bears the condition.")
    says: Text | None = Field(
        None, description="What the sentence around the run says, in our words."
    )


class Link(Record):
    """A tie from one item of the comparison to another."""

    to: Text = Field(description="The id of the other item.")
    relation: Text = Field(description="What ties them: a relation of the vocabulary.")
    basis: Literal["stated", "inferred"] = Field(
        description="Whether a document makes the tie or the editors infer it."
    )
    because: Text | None = Field(None, description="Why the editors infer it.")


class Answer(Record):
    """What a party answers to an item of the comparison, in brief."""

    brief: Text = Field(description="The answer in a sentence of at most 20 words.")
    kind: Text | None = Field(
        None,
        description="What sort of answer it is, of those in the vocabulary; left out where it is "
        "none of these.",
    )
    figures: Text | None = Field(
        None, description="Its figures in at most 20 words; {id} stands for a figure's own words."
    )


class Later(Record):
    """What the party that made an item said of it later, in brief."""

    brief: Text = Field(description="That in a sentence of at most 20 words.")
    items: list[Text] = Field(description="The ids of the items that say it.", min_length=1)


class Source(Record):
    """One document: who speaks in it, who published it, when."""

    called: ClassVar[str] = "source"

    id: Id = Field(
        description="Unique over the ledger; the document is the .txt file of this name."
    )
    title: Text = Field(description="The document's own title, with an ellipsis where it is long.")
    short: Text | None = Field(
        None, description="What tables call it, in a few words; left out, its title."
    )
    party: Text = Field(description="Whose side it speaks for: the name of a party.")
    publisher: Text = Field(description="Who published it.")
    published: Dated = Field(
        description="When, as an EDTF date, or unstated where that is not known."
    )
    published_from: Text | None = Field(
        None, description="Where that is known from, if the document does not print it."
    )
    address: Address | None = Field(
        None, description="Where readers find it, as an address of the web."
    )
    original_sha256: Text | None = Field(
        None,
        description="SHA-256 of the file that `tallybook add` took the text from, such as a PDF.",
        pattern="^[0-9a-f]{64}$",
    )
    # Documents are not in the repository: the digest says which text the figures were read from.
    text_sha256: Text = Field(
        description="SHA-256 of the document's bytes; the check refuses a changed text.",
        pattern="^[0-9a-f]{64}$",
    )
    sections: list[Section] = Field(
        description="Its sections in the order of the document, none left out.", min_length=1
    )


class Measure(Record):
    """What is counted. Statistics of one measure may be compared."""

    called: ClassVar[str] = "measure"

    id: Id = Field(description="Unique over the ledger.")
    label: Text = Field(description="What is counted, as a chart would label it.")
    kind: MeasureKind = Field(description="What sort of figure it is.")
    unit: Text = Field(
        description="The unit of its values: percent, fraction, times, RMB, hours, people."
    )
    floor: Number | None = Field(
        None, description="The least that it can be; left out where there is none."
    )
    ceiling: Number | None = Field(
        None, description="The most that it can be; left out where there is none."
    )
    definition: Text = Field(description="What belongs to it and what does not, in our words.")
    unlike: list[Text] = Field(
        default=[], description="The ids of measures whose figures look like its own."
    )
    unlike_because: Text | None = Field(
        None, description="Why those are other things; needed where unlike names any."
    )


class Statistic(Record):
    """One figure, stated by a party, of one measure, over one period and scope."""

    called: ClassVar[str] = "statistic"

    id: Id = Field(description="Unique over the ledger: subject, measure, period.")
    measure: Text = Field(description="The id of a measure.")
    value: Number | None = Field(
        None,
        description="The number in the measure's unit, such as 1606, 4.3 or 2/3; a range has none.",
    )
    low: Number | None = Field(
        None,
        description="The lower end of a range, or of the interval printed beside the value.",
    )
    high: Number | None = Field(None, description="The upper end of either.")
    level: Level | None = Field(
        None,
        description="The level of that interval in percent, or standard error or standard "
        "deviation; left out, it is what the words print.",
    )
    bound: Bound = Field(description="How it is stated; exact means printed without a hedge.")
    high_bound: Bound | None = Field(
        None,
        description="The hedge of a range's upper end, where it has one of its own; bound is then "
        "that of the lower end.",
    )
    period: Dated = Field(
        description="The period it covers, as an EDTF date or interval, or unstated."
    )
    scope: Text = Field(
        description="What it covers otherwise (shops, places), in our words, or unstated."
    )
    party: Text = Field(
        description="The side that states it: that of a cited document, or of a speaker in said_by."
    )
    cited: list[Citation] = Field(description="Every place that states it.", min_length=1)
    of: Text | None = Field(None, description="The base of a share or ratio, in our words.")
    compared_with: Dated | None = Field(None, description="The base period of a change.")
    condition: Condition | None = Field(
        None, description="The threshold or restriction that it holds under."
    )
    period_in_words: Text | None = Field(
        None, description="The time in words, where the document puts it as no date can."
    )
    compared_in_words: Text | None = Field(None, description="The same for compared_with.")
    members: list[Text] | None = Field(
        None, description="The list printed beside a count, as spelled there.", min_length=1
    )
    reading: Literal["times", "times more"] | None = Field(
        None,
        description='Which of its two readings "n times more" has here; left out, both are kept.',
    )
    reading_because: Text | None = Field(None, description="Why that reading.")
    rounded_to: Rounding | None = Field(
        None,
        description="What a figure without a hedge is rounded to; none where it is exact.",
    )
    rounded_because: Text | None = Field(None, description="Why that unit, or none.")
    period_from: Literal["context"] | None = Field(
        None,
        description="Says that the period is not printed but follows from the text around.",
    )
    period_because: Text | None = Field(None, description="How it follows.")
    base_from: Literal["context"] | None = Field(
        None, description="The same for of or compared_with."
    )
    base_because: Text | None = Field(None, description="How it follows.")
    note: Text | None = Field(
        None, description="What a reader must know of this figure, in our words."
    )

    @property
    def is_range(self) -> bool:
        """Whether it has two ends and no value."""
        return self.value is None

    @property
    def point(self) -> Fraction:
        """The value, or the middle of a range, than which no other of its values is likelier."""
        if self.value is not None:
            return self.value
        return ((self.low or Fraction(0)) + (self.high or Fraction(0))) / 2

    @model_validator(mode="after")
    def _has_its_numbers(self) -> Self:
        if mistake := _mistake_of_numbers(self):
            raise ValueError(mistake)
        return self

    @model_validator(mode="after")
    def _put_in_words(self) -> Self:
        _put(self, "period", self.period_in_words)
        _put(self, "compared_with", self.compared_in_words)
        return self


def _mistake_of_numbers(statistic: Statistic) -> str:
    """Why value, low and high cannot stand together; "" where they can."""
    value, low, high = statistic.value, statistic.low, statistic.high
    if (low is None) != (high is None):
        given, missing = ("low", "high") if high is None else ("high", "low")
        return f"{given} needs {missing} too: a range or an interval has two ends"
    if value is None and low is None:
        return "the field 'value' is missing; a figure has a value, a range low and high"
    if low is not None and high is not None:
        if low >= high:
            what = "is not below" if low == high else "is above"
            return f"low {low} {what} high {high}; write the lower end first"
        if value is not None and not low <= value <= high:
            return f"the interval from {low} to {high} leaves its value {value} out"
    if statistic.level is not None and low is None:
        return "level is that of an interval: add low and high, or leave it out"
    if statistic.high_bound is not None and value is not None:
        return "only a range has high_bound, the hedge of its upper end; leave it out"
    return ""


class Event(Record):
    """Something dated."""

    called: ClassVar[str] = "event"

    id: Id = Field(description="Unique over the ledger.")
    label: Text = Field(description="What happened, in our words.")
    date: Dated = Field(description="When, at the precision that the document gives.")
    party: Text = Field(
        description="The side that states it: that of a cited document, or of a speaker in said_by."
    )
    cited: list[Citation] = Field(
        description="Every place that states it; as_printed is the run that bears the date.",
        min_length=1,
    )
    date_in_words: Text | None = Field(
        None, description="The date in words, where the document puts it as no date can."
    )
    date_from: Literal["context"] | None = Field(
        None,
        description="Says that a part of the date, such as the year, follows from the text around.",
    )
    date_because: Text | None = Field(None, description="How it follows.")
    differs_from: list[Text] = Field(
        default=[], description="The ids of events that state the same otherwise."
    )
    differs_because: Text | None = Field(
        None, description="How they differ; needed where differs_from names any."
    )

    @model_validator(mode="after")
    def _put_in_words(self) -> Self:
        _put(self, "date", self.date_in_words)
        return self


def _put(record: Record, field: str, words: str | None) -> None:
    """Give a period of a record the words in which it is shown."""
    if words and (period := getattr(record, field)) is not None:
        record.__dict__[field] = replace(period, words=words)  # a record is frozen from then on


class Item(Record):
    """A statement of a party, beside its figures and the statements that it is linked to."""

    called: ClassVar[str] = "item"

    id: Id = Field(description="Unique over the ledger.")
    kind: Text = Field(description="What sort of statement it is: a kind of the vocabulary.")
    party: Text = Field(description="The side that makes it: the name of a party.")
    period: Dated = Field(description="The time that it belongs to, or unstated.")
    label: Text = Field(description="A few words to call it by.")
    text: Text = Field(description="What it says, paraphrased neutrally in our own words.")
    cited: list[Passage] = Field(description="Every place that says it.", min_length=1)
    statistics: list[Text] = Field(default=[], description="The ids of the statistics it rests on.")
    events: list[Text] = Field(default=[], description="The ids of the events it rests on.")
    missing: list[Text] = Field(
        default=[], description="The ids of the missing figures that it promises."
    )
    links: list[Link] = Field(default=[], description="Its ties to other items.")
    brief: Text | None = Field(
        None, description="What it says, for the comparison, in a sentence of at most 20 words."
    )
    answer: Answer | None = Field(None, description="What is answered to it, in brief.")
    later: Later | None = Field(None, description="What who made it said of it later, in brief.")


class Missing(Record):
    """A figure that a heading or a sentence promises and the text does not give."""

    called: ClassVar[str] = "missing figure"

    id: Id = Field(description="Unique over the ledger.")
    label: Text = Field(description="What is missing, in our words.")
    because: Text = Field(description="What the text holds in its place.")
    cited: list[Mention] = Field(description="Where it is promised.", min_length=1)


class Dismissal(Record):
    """Numerals of a document that state nothing, and why."""

    called: ClassVar[str] = "dismissal"

    source: Text = Field(description="The id of a source.")
    section: Text = Field(description="The name of one of its sections.")
    run: Run = Field(description="A run of at most eight words with the numerals in it.")
    times: Whole = Field(
        description="How often the run stands in the section with a numeral that no record claims."
    )
    reason: DismissalReason = Field(description="Why they state nothing.")


class Audit(Record):
    """What became of the numerals of a document; written by `tallybook check --save`."""

    called: ClassVar[str] = "audit"

    source: Text = Field(description="The id of a source.")
    numerals: Number = Field(description="How many numerals the document has.")
    claimed: Number = Field(description="How many of them a field of a record was read from.")
    dismissed: Number = Field(description="How many of them dismissed.yml names.")
    left_over: Number = Field(description="How many of them are neither.")

    @property
    def counts(self) -> list[Fraction]:
        """The four numbers, in the order of COUNTED."""
        return [getattr(self, name) for name in COUNTED]


class Renamed(Record):
    """An id that a figure had before: its page leads to the figure's page of today."""

    called: ClassVar[str] = "renamed id"

    old: Id = Field(description="The id that the figure had; nothing has it now.")
    new: Id = Field(description="The id that it has today, stated or derived, and not an old one.")


class Before(Record):
    """What a figure said before a change: that alone which the change has made another."""

    id: Id | None = Field(None, description="The id that it had, of one that was renamed.")
    label: Text | None = Field(None, description="What it was called.")
    words: Text | None = Field(None, description="Its words, with hedge and sign.")
    allows: Text | None = Field(None, description="What its words allowed.")
    period: Text | None = Field(None, description="The time, in words.")
    scope: Text | None = Field(None, description="What it covered.")
    party: Text | None = Field(None, description="Who said so.")
    source: Text | None = Field(None, description="The documents that stated it.")


class Changed(Record):
    """What became of a figure of this book, when and why, with what it said before."""

    called: ClassVar[str] = "change"

    figure: Id = Field(description="The id of the figure, as it is today or was last.")
    date: Dated = Field(description="The day of the change.")
    what: Literal["added", "changed", "renamed", "gone"] = Field(
        description="What became of the figure."
    )
    was: Before | None = Field(
        None, description="What it said before; left out of one that was added."
    )
    because: Text = Field(description="Why, in our words, without numbers.")


class Name(Record):
    """A name or term that readers may not know: what it is, and what else it is called."""

    called: ClassVar[str] = "name"

    name: Spelling = Field(
        description="The name as pages write it; it may hold a number, and be none itself."
    )
    what: Text = Field(description="What it is, in a sentence of our own words.")
    also: list[Spelling] = Field(
        default=[], description="Its other spellings, and other words that readers type for it."
    )

    @property
    def spellings(self) -> list[str]:
        """The name and all that it is also called."""
        return [self.name, *self.also]


_One = TypeVar("_One", bound=Record)


def _filled(record: _One, field: str, text: str) -> _One:
    """A record with a text in place of one that was left out."""
    # A field, and no property: of a notebook that shows it, it is noted that it reads this alone.
    record.__dict__[field] = getattr(record, field) or text
    return record


class Party(Record):
    """Who states figures or makes statements: a side, or somebody who reports on them."""

    called: ClassVar[str] = "party"
    key: ClassVar[str] = "name"

    name: Spelling = Field(description="The name as records spell it and pages show it.")
    short: Spelling = Field("", description="What heads of tables call it; left out, its name.")
    colour: Colour | None = Field(
        None,
        description="Its colour in charts and pages; left out, the first that no other party has.",
    )
    role: PartyRole | None = Field(
        None, description="Its part in the exchange; columns of a page take their colour by it."
    )
    speakers: list[Spelling] = Field(
        default=[], description="Who else speaks for it, as said_by names them."
    )

    @model_validator(mode="after")
    def _fill(self) -> Self:
        return _filled(self, "short", self.name)


class Kind(Record):
    """A sort of statement that the comparison has."""

    called: ClassVar[str] = "kind of item"
    key: ClassVar[str] = "kind"

    kind: Id = Field(description="What records and directives call it; unique among kinds.")
    singular: Text = Field(
        "", description="The word for one of them; left out, that of kind without hyphens."
    )
    plural: Text = Field(description="The word for several, by which the role count knows them.")
    role: KindRole | None = Field(
        None, description="Where tables of the comparison have it; left out, below others."
    )
    heading: Text | None = Field(
        None, description="The head of the column with such items; {party} is who makes them."
    )
    reply_heading: Text | None = Field(
        None, description="The head of the column with the answers to them; {party} answers."
    )
    next_heading: Text | None = Field(
        None, description="The head of the column in which they follow other items."
    )

    @model_validator(mode="after")
    def _fill(self) -> Self:
        return _filled(self, "singular", self.kind.replace("-", " "))

    @property
    def counted(self) -> str:
        """The name by which they are counted."""
        return self.plural.replace(" ", "-")


class Relation(Record):
    """What a link of one item to another can say."""

    called: ClassVar[str] = "relation"
    key: ClassVar[str] = "relation"

    relation: Text = Field(
        description="The words from the item with the link to the other; unique among relations."
    )
    back: Text = Field(description="The words the other way round.")
    role: RelationRole | None = Field(
        None, description="What the item is to the other one; left out, it stands by itself."
    )
    from_kinds: list[Text] = Field(
        default=[], description="The kinds that may have such a link; left out, all."
    )
    to_kinds: list[Text] = Field(
        default=[], description="The kinds that it may lead to; left out, all."
    )


class AnswerKind(Record):
    """What sort of answer the brief answer to an item can be."""

    called: ClassVar[str] = "kind of answer"
    key: ClassVar[str] = "answer"

    answer: Text = Field(description="What records call it; unique among kinds of answers.")
    shown: Text = Field("", description="How tables put it; left out, the same words.")

    @model_validator(mode="after")
    def _fill(self) -> Self:
        return _filled(self, "shown", self.answer)


# The fields of an account that are numbers, in the order in which they are shown.
COUNTED = ("numerals", "claimed", "dismissed", "left_over")
FILES: dict[str, type[Record]] = {
    "parties.yml": Party,
    "vocabulary.yml": Kind,
    "sources.yml": Source,
    "measures.yml": Measure,
    "events.yml": Event,
    "comparison.yml": Item,
    "missing.yml": Missing,
    "dismissed.yml": Dismissal,
    "audit.yml": Audit,
    "renamed.yml": Renamed,
    "names.yml": Name,
    "changes.yml": Changed,
    "statistics/*.yml": Statistic,
}
# What a file holds besides: an entry is of the model whose key it has.
BESIDE: dict[type[Record], tuple[type[Record], ...]] = {Kind: (Relation, AnswerKind)}
# The field of a ledger that holds the records of each kind, by id or in a list.
FIELDS_OF_LEDGER: dict[type[Record], str] = {
    Source: "sources",
    Measure: "measures",
    Statistic: "statistics",
    Event: "events",
    Item: "items",
    Missing: "missing",
    Dismissal: "dismissals",
    Audit: "audits",
    Renamed: "renamed",
    Name: "names",
    Changed: "changes",
    Party: "parties",
    Kind: "kinds",
    Relation: "relations",
    AnswerKind: "answer_kinds",
}


def models_of(model: type[Record]) -> tuple[type[Record], ...]:
    """All models of the file whose first one this is.

    >>> [each.called for each in models_of(Kind)]
    ['kind of item', 'relation', 'kind of answer']
    """
    return (model, *BESIDE.get(model, ()))


def json_schemas() -> dict[str, str]:
    """The JSON Schema of each kind of data file as text, by the schema's file name.

    Editors complete the fields of a data file by it.

    >>> sorted(json_schemas())[:2]
    ['audit.schema.json', 'changes.schema.json']
    """
    found = {}
    for name, model in FILES.items():
        stem = PurePath(name).parts[0].removesuffix(".yml")
        entries: Any = Union[models_of(model)]  # noqa: UP007  # of a tuple
        schema = TypeAdapter(list[entries]).json_schema()
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = f"data/{name}"
        found[f"{stem}.schema.json"] = json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
    return found
