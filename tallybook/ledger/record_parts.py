"""What the records of the ledger are made of: citations, conditions, links and sections."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from tallybook.errors import Problem
from tallybook.ledger.fields import Number, Run, Text, Whole
from tallybook.ledger.yaml import Mapping, place

Bound = Literal[
    "exact", "about", "more than", "at least", "nearly", "less than", "up to", "on the order of"
]
Relation = Literal["belongs to", "answers", "continues", "bears on", "repeats", "differs from"]


class Record(BaseModel):
    """One entry of a YAML file, which knows where it stands."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    called: ClassVar[str] = "record"
    _tree: Mapping = PrivateAttr()
    _path: str = PrivateAttr()

    def problem(self, location: tuple[str | int, ...], message: str) -> Problem:
        """A problem of this record, at the place in its file that `location` leads to."""
        who = f"{self.called} {self.id!r}: " if hasattr(self, "id") else ""
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
        None, description="The speaker, where it is not the source's own voice."
    )


class Passage(Mention):
    """Where a document says what an item of the comparison says."""

    period_as_printed: Run | None = Field(
        None,
        description="The run that bears the period, nearest to what as_printed cites.",
    )


class Citation(Passage):
    """Where a document states a figure, and the printed words that bear it."""

    as_printed: Run = Field(
        description="The shortest run that bears the number, its hedge and its unit."
    )
    base_as_printed: Run | None = Field(
        None, description="The run that bears the base (of, compared_with)."
    )
    condition_as_printed: Run | None = Field(None, description="The run that bears the condition.")


class Link(Record):
    """A tie from one item of the comparison to another."""

    to: Text = Field(description="The id of the other item.")
    relation: Relation = Field(description="What ties them.")
    basis: Literal["stated", "inferred"] = Field(
        description="Whether a document makes the tie or the editors infer it."
    )
    because: Text | None = Field(None, description="Why the editors infer it.")
