"""The data of a stored table: what they must be, whoever wrote them.

A notebook's file may hold anything under the mime type of our tables; pages show what is one.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tallybook.ledger.fields import ID, LONGEST_ID

_KINDS = ("figure", "source", "item", "event", "missing")
_Id = Annotated[str, Field(pattern=f"^{ID.pattern}$", max_length=LONGEST_ID)]
_Anchor = Annotated[str, Field(pattern=f"^(?:(?:{'|'.join(_KINDS)})-{ID.pattern})?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Piece(_Strict):
    text: str | None = None
    figure: _Id | None = None
    source: _Id | None = None
    item: _Id | None = None
    event: _Id | None = None
    missing: _Id | None = None
    of: str | None = Field(None, pattern="^[a-z-]+:", max_length=1_000)

    @model_validator(mode="after")
    def _is_one_thing(self) -> _Piece:
        named = [kind for kind in (*_KINDS, "of") if getattr(self, kind) is not None]
        if len(named) > 1 or (self.text is None and named != ["figure"]):
            raise ValueError("a piece is text, or names one thing with its text")
        return self


class _Lines(_Strict):
    lines: list[list[_Piece]]


class _Table(_Strict):
    columns: list[str] = Field(min_length=1)
    rows: list[list[_Piece | _Lines]]
    anchors: list[_Anchor] = []
    note: str = ""
    sortable: bool = False

    @model_validator(mode="after")
    def _is_even(self) -> _Table:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has another number of cells than the table has columns")
        if self.anchors and len(self.anchors) != len(self.rows):
            raise ValueError("there is another number of anchors than of rows")
        return self


def mistake(content: Any) -> str:
    """Why data are no table's; or ""."""
    try:
        _Table.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(map(str, first["loc"])) or "the table"
        return f"{place[:80]}: {first['msg']}"
    return ""
