"""References: each text of the site is one, or is refused with what was expected."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tallybook.errors import BadReference
from tallybook.ledger.references import KINDS, Reference

_IDS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True).filter(
    lambda text: text != "index"
)
_WORDS = st.text(min_size=1, max_size=20).filter(lambda text: ":" not in text)


@st.composite
def references_of_any_kind(draw):
    """A reference of each kind, with all that its form needs."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    form = KINDS[kind]
    return Reference(
        kind,
        draw(_IDS) if "{id}" in form else "",
        place=draw(st.integers(0, 99_999_999)) if "{place}" in form else None,
        field=draw(_WORDS) if "{field}" in form else "",
        other=draw(_IDS) if "{other}" in form else "",
    )


@given(references_of_any_kind())
def test_a_reference_is_the_same_after_it_is_written_and_read(reference):
    assert Reference.parse(str(reference)) == reference


@given(st.text() | st.lists(st.sampled_from([*KINDS, "x", "0", "", "a-b", "٣"])).map(":".join))
@example("count:dismissed")
@example("title:")
def test_any_text_is_a_reference_that_is_written_the_same_or_is_refused(text):
    try:
        reference = Reference.parse(text)
    except BadReference:
        return
    assert str(reference) == text


MALFORMED = {
    "run:x": "expected run:{field}:{id}:{place}",
    "there:x": "expected there:{field}:{id}:{other}",
    "words:": "found no id",
    "words": "expected words:{id}",
    "words:a:b": "expected words:{id}",
    "words:Arrests 2017": "kebab-case",
    "words:index": "choose another id",
    f"words:{'a' * 200_000}": "at most 80 characters",
    f"{'a' * 200_000}:x": "no kind 'aaa",
    "count:": "found no field",
    "count": "expected count:{field}",
    "count:dismissed:x": "expected count:dismissed:{id}:{field}",
    "printed:arrests-2017": "expected printed:{id}:{place}",
    "printed:arrests-2017:-1": "the number of a citation",
    "printed:arrests-2017:01": "the number of a citation",
    "printed:arrests-2017:٣": "the number of a citation",
    "printed:arrests-2017:²": "the number of a citation",
    f"printed:arrests-2017:{'9' * 200_000}": "the number of a citation",
    "": "nothing is no reference",
    ":": "no kind nothing",
    "word:arrests-2017": "Did you mean 'words'?",
    "title": "expected title:",
    "title:x": "expected title:",
    "ticks:": "expected ticks",
}


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: text[:30] or "empty")
def test_a_text_that_is_no_reference_is_refused_with_what_was_expected(text):
    with pytest.raises(BadReference) as refused:
        Reference.parse(text)
    assert MALFORMED[text] in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "sayings"},
        {"kind": "words"},
        {"kind": "words", "id": "arrests-2017", "place": 0},
        {"kind": "printed", "id": "arrests-2017"},
        {"kind": "printed", "id": "arrests-2017", "place": -1},
        {"kind": "run", "id": "arrests-2017", "place": 0, "field": "a:b"},
        {"kind": "there", "id": "arrests-2017", "field": "period", "other": "?"},
    ],
)
def test_a_reference_has_what_its_kind_needs_and_nothing_else(parts):
    with pytest.raises(BadReference):
        Reference(**parts)
