"""Types of the fields of records: text, ids, numbers, dates, runs of printed words.

Numbers are read from the scalar's own text as exact rationals. Each type refuses with a sentence
that says what was expected, what was found and how to write it.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from tallybook.ledger.yaml import Plain, is_text
from tallybook.reading import statements
from tallybook.reading.periods import Period
from tallybook.reading.periods import parse as parse_period

LONGEST_RUN = 8  # words
MOST_NUMBERS = 4  # that a run may have besides
LONGEST_RUN_IN_CHARACTERS = 300
LONGEST_NUMBER = 40
LONGEST_ID = 80  # files are named after it, with endings of their own

ERRORS = ("standard error", "standard deviation")

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+|/[1-9][0-9]*)?")
# Numbers that YAML reads otherwise than a person does, or not as numbers at all.
_SPELLINGS = (
    (r"[-+]?0[0-9_]+", "a leading zero makes it octal to YAML: write it without"),
    (r"[-+]?0[xob].*", "write it in decimal digits"),
    (r"[-+]?[\d_.]+e[-+]?\d+", "write it out without an exponent"),
    (r"[-+]?\d+(:\d+)+(\.\d*)?", "YAML reads colons as base sixty: write one number"),
    (r"[\d_.]+", "write it without underscores, with digits before and after the point"),
    (r"\d{1,3}(,\d{3})+(\.\d+)?", "write it without commas"),
)


def shown(value: Any) -> str:
    """A value as a message names it: quoted and cut short."""
    if isinstance(value, str):
        text = value if len(value) <= 60 else value[:57] + "..."
        return repr(str(text)) if text else "nothing"
    return "a mapping" if isinstance(value, dict) else "a list"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected text, found {shown(value)}")
    if isinstance(value, Plain) and not is_text(value):
        raise ValueError(f'YAML does not read {value!s} as text; put it in quotes: "{value}"')
    return str(value)


def _number(value: Any) -> Fraction:
    if isinstance(value, Plain) and len(value) <= LONGEST_NUMBER and _NUMBER.fullmatch(value):
        return Fraction(value)
    found = f"expected a number such as 1606, 4.3 or 2/3, found {shown(value)}"
    if not isinstance(value, str):
        raise ValueError(found)
    if len(value) > LONGEST_NUMBER:
        raise ValueError(f"{found}; no document prints a number that long")
    if _NUMBER.fullmatch(value):
        raise ValueError(f"{found} in quotes; write {value} without them")
    hints = [hint for pattern, hint in _SPELLINGS if re.fullmatch(pattern, value, re.IGNORECASE)]
    raise ValueError(f"{found}; {hints[0]}" if hints else found)


def _whole(value: Any) -> int:
    number = _number(value)
    if number.denominator != 1 or number < 1:
        raise ValueError(f"expected a whole number from 1 up, found {shown(value)}")
    return int(number)


def _rounding(value: Any) -> Fraction | Literal["none"]:
    if value == "none":
        return "none"
    number = _number(value)
    if number <= 0:
        raise ValueError(f"expected none or a number above zero, found {shown(value)}")
    return number


def _level(value: Any) -> Fraction | str:
    if value in ERRORS:
        return str(value)
    number = _number(value)
    if not 0 < number < 100:
        raise ValueError(
            f"expected a level in percent, above 0 and below 100, or {' or '.join(ERRORS)}; "
            f"found {shown(value)}"
        )
    return number


def _period(value: Any) -> Period:
    return parse_period(_text(value))


def id_mistake(text: str) -> str:
    """Why a text cannot be an id, which names a page and files of its own; or "".

    >>> id_mistake("Recalls 2017")[:31], id_mistake("recalls-2017")
    ('expected an id in kebab-case, a', '')
    """
    if len(text) > LONGEST_ID or not ID.fullmatch(text):
        return (
            f"expected an id in kebab-case, at most {LONGEST_ID} characters a to z, 0 to 9 and "
            f"single hyphens; found {shown(text)}"
        )
    return "'index' is the page of all figures; choose another id" if text == "index" else ""


def _id(value: Any) -> str:
    text = _text(value)
    if mistake := id_mistake(text):
        raise ValueError(mistake)
    return text


def _address(value: Any) -> str:
    text = _text(value)
    parts = urlsplit(text) if text.isascii() and not re.search(r"\s", text) else None
    if parts is None or parts.scheme not in ("http", "https") or "." not in parts.netloc:
        raise ValueError(
            f"expected an address such as https://example.org/page, found {shown(text)}"
        )
    return text


def _spelling(value: Any) -> str:
    # Before YAML's own reading of a number, whose advice would be to put it in quotes.
    if isinstance(value, str) and statements.is_no_name(value):
        raise ValueError(
            f"{shown(value)} is a number, or counts with one, and no name; a name may hold a "
            "number, such as 3M, and be none"
        )
    text = " ".join(_text(value).split())
    if not re.search(r"[^\W\d_]", text):
        raise ValueError(f"expected a name with letters, found {shown(text)}")
    return text


def _has_letter(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def words_in(run: str) -> int:
    """How many words a printed run has; some numbers are not counted.

    >>> words_in("1.5 percentage points (95% confidence interval 1.1 to 1.9)")
    5
    """
    parts = run.split()
    return max(sum(map(_has_letter, parts)), len(parts) - MOST_NUMBERS)


def _run(value: Any) -> str:
    text = _text(value)
    if len(text) > LONGEST_RUN_IN_CHARACTERS:
        raise ValueError(f"a printed run has at most {LONGEST_RUN_IN_CHARACTERS} characters")
    parts = text.split()
    # A run of few parts has no more words, and most have few.
    if len(parts) > LONGEST_RUN and (words := words_in(text)) > LONGEST_RUN:
        raise ValueError(
            f"a printed run has at most {LONGEST_RUN} words, this one has {words}; cite the "
            f"shortest that bears the figure"
        )
    return " ".join(parts)


_NUMBER_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+/\d+$"}]}

Text = Annotated[str, BeforeValidator(_text)]
Id = Annotated[str, BeforeValidator(_id), Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Spelling = Annotated[str, BeforeValidator(_spelling)]
Run = Annotated[str, BeforeValidator(_run)]
Address = Annotated[str, BeforeValidator(_address), Field(pattern=r"^https?://")]
# Not pydantic's numbers: these would read "1e3" and true, and round 4.3 to a float.
Number = Annotated[Fraction, PlainValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)]
Whole = Annotated[int, PlainValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 1})]
Rounding = Annotated[
    Fraction | Literal["none"],
    PlainValidator(_rounding),
    WithJsonSchema({"anyOf": [{"const": "none"}, {"type": "number", "exclusiveMinimum": 0}]}),
]
Level = Annotated[
    Fraction | str,
    PlainValidator(_level),
    WithJsonSchema(
        {"anyOf": [{"enum": [*ERRORS]}, {"type": "number", "exclusiveMinimum": 0, "maximum": 100}]}
    ),
]
Dated = Annotated[Period, PlainValidator(_period), WithJsonSchema({"type": "string"})]
