"""Hostile inputs: seeds changed at a few places, with words that have broken readers before."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

LONGEST = 8_000  # bytes, beyond which an input is cut


def _words() -> tuple[bytes, ...]:
    lines = (Path(__file__).parent / "fuzz_words.txt").read_text(encoding="utf-8").splitlines()
    found = (_word(line) for line in lines if not line.startswith("#"))
    return tuple(w.encode("utf-8", "surrogatepass") if isinstance(w, str) else w for w in found)


def _word(line: str) -> str | bytes:
    """A word as it stands in the list: a Python literal, and how often it is repeated."""
    literal, times, count = line.rpartition(" * ")
    word: str | bytes = ast.literal_eval(literal if times else line)
    return word * int(count) if times else word


WORDS = _words()
_EDITS = st.tuples(
    st.integers(0, LONGEST),  # where
    st.sampled_from((0, 0, 0, 1, 2, 7, 40, 300)),  # how many bytes go
    st.one_of(st.sampled_from(WORDS), st.binary(max_size=8), st.text(max_size=6).map(str.encode)),
    st.sampled_from((1, 1, 1, 1, 2, 30)),  # how often the new ones come
)
Edit = tuple[int, int, bytes, int]


_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 0.5, 1e999, 10**30, "", "1/0", "9" * 500, "\ud800", "\x00", "<b>", [], {},
    [[]], [None], {"text": 1}, {"figure": "no-such"}, {"lines": [[{}]]}, [1, 2, True, False],
    ["1", "0", True, True], {"url": "x"}, {"type": "image"}, {"a": {"b": {}}},
)  # fmt: skip
_CHANGES = st.tuples(
    st.integers(0, 2_000),
    st.sampled_from(_VALUES),
    st.sampled_from(("set", "set", "drop", "twice")),
)


def inputs(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    """Any bytes, any text, words from the list, and seeds with a few edits."""
    trees = [seed for seed in seeds if _is_tree(seed)]
    changed = [st.builds(changed_json, st.sampled_from(trees), st.lists(_CHANGES, max_size=3))] * 4
    return st.one_of(
        *(changed if trees else ()),
        st.binary(max_size=300),
        st.text(st.characters(), max_size=100).map(lambda t: t.encode("utf-8", "surrogatepass")),
        st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join).map(_cut),
        *[st.builds(edited, st.sampled_from(seeds), st.lists(_EDITS, max_size=4))] * 3,
    )


def _is_tree(seed: bytes) -> bool:
    try:
        tree = json.loads(seed)
    except ValueError:
        return False
    return isinstance(tree, dict | list) and bool(tree)


def edited(seed: bytes, edits: list[Edit]) -> bytes:
    """A seed with each of the edits made."""
    for where, gone, new, times in edits:
        at = where % (len(seed) + 1)
        seed = seed[:at] + new * times + seed[at + gone :]
    return _cut(seed)


def changed_json(seed: bytes, changes: list[tuple[int, Any, str]]) -> bytes:
    """A seed of JSON in which some values are others, gone, or there twice."""
    tree = json.loads(seed)
    for where, value, how in changes:
        if not tree:
            break
        places = [*_places(tree)]
        parent, key = places[where % len(places)]
        if how == "drop":
            del parent[key]
        elif how == "twice" and isinstance(parent, list):
            parent.append(parent[key])
        else:
            parent[key] = copy.deepcopy(value)
    return json.dumps(tree).encode()


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in inner:
        yield tree, key
        if isinstance(value, dict | list):
            yield from _places(value)


def _cut(raw: bytes) -> bytes:
    return raw[:LONGEST]
