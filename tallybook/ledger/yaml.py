"""YAML text to plain data that knows its lines: mappings, sequences and the scalars' own text.

Built from the parser's events, so that nothing is ever constructed or expanded: tags, anchors and
aliases are refused, the depth is limited, and numbers stay text.
"""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain, islice
from pathlib import Path
from sys import intern
from typing import Any, NoReturn

from tallybook.errors import Problem

LARGEST_FILE = 16_000_000  # bytes
MOST_NODES = 1_000_000
DEEPEST = 12
# Control characters, line ends that editors do not count, what turns the direction of text, and
# what no one sees, but for the two that join and part letters in some scripts.
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ue000-\uf8ff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)

# What YAML reads as it stands, in a mapping in braces too.
_SAFE = re.compile(r"[^\W\d][\w .;()’–-]*[\w.)]")

Mark = tuple[int, int]  # line and column, from 1
_COLUMNS = 2**20  # a mark is kept as one number, and all of a node in an array, to spare memory


class Plain(str):
    """A scalar written without quotes, which YAML may read as something else than text."""

    __slots__ = ()


class Mapping(dict[str, Any]):
    """A mapping that knows where it starts and where each key and value stands."""

    __slots__ = ("kept_mark", "marks", "numbers")

    def __init__(self, kept_mark: int) -> None:
        super().__init__()
        self.kept_mark = kept_mark
        self.marks = array("q")  # of the first key and its value, of the second and its, …
        self.numbers: dict[str, int] | None = None

    def mark_of(self, key: str, *, of_key: bool = False) -> int:
        """The mark of the value of a key, or of the key itself; its own for one of no file."""
        place = 2 * self._number_of(key) + (not of_key)
        return self.marks[place] if place < len(self.marks) else self.kept_mark

    def _number_of(self, key: str) -> int:
        # Most mappings are never asked. One that grows is numbered from its end to what is known.
        if self.numbers is None:
            self.numbers = {}
        for number, each in zip(range(len(self) - 1, -1, -1), reversed(self), strict=True):
            if each in self.numbers:
                break
            self.numbers[each] = number
        return self.numbers[key]


class Sequence(list[Any]):
    """A sequence that knows where it starts and where each entry stands."""

    __slots__ = ("kept_mark", "values_at")

    def __init__(self, kept_mark: int) -> None:
        super().__init__()
        self.kept_mark = kept_mark
        self.values_at = array("q")


def place(tree: Any, location: tuple[Any, ...], *, of_key: bool = False) -> Mark:
    """Line and column of what `location` (keys and indexes) leads to in a tree, as far as it goes.

    With `of_key`, the place of the last key and not of its value.
    """
    kept: int = tree.kept_mark
    for depth, step in enumerate(location):
        if isinstance(tree, Mapping) and step in tree:
            kept = tree.mark_of(step, of_key=of_key and depth == len(location) - 1)
        elif isinstance(tree, Sequence) and isinstance(step, int) and step < len(tree):
            kept = tree.values_at[step]
        else:
            break
        tree = tree[step]
    return divmod(kept, _COLUMNS)


@lru_cache(maxsize=2**14)
def is_text(plain: str) -> bool:
    """Whether YAML reads an unquoted scalar as text, and not as a number, date or truth value."""
    resolve, scalar = _resolver()
    return bool(resolve(scalar, plain, (True, False)) == "tag:yaml.org,2002:str")


def scalar(text: str) -> str:
    """A text as a scalar of YAML, in quotes where it needs them.

    >>> scalar("made-up report"), scalar("2017")
    ('made-up report', '"2017"')
    """
    is_plain = _SAFE.fullmatch(text) and is_text(text)
    return text if is_plain else json.dumps(text, ensure_ascii=False)


@cache
def _resolver() -> tuple[Any, Any]:
    from yaml import ScalarNode  # noqa: PLC0415
    from yaml.resolver import Resolver  # noqa: PLC0415

    return Resolver().resolve, ScalarNode


def read(path: Path, shown_as: str) -> tuple[Any, list[Problem]]:
    """The tree of a YAML file and what is wrong with it; the tree is None where it cannot be read.

    UTF-8 with or without a byte-order mark; any line ends.
    """
    try:
        if not path.is_file():
            found = "is a folder" if path.is_dir() else "is no file" if path.exists() else "missing"
            return None, [Problem(shown_as, 0, 0, f"expected a YAML file here: {found}")]
        if (size := path.stat().st_size) > LARGEST_FILE:
            limit = f"{LARGEST_FILE // 10**6} MB is the most that is read"
            return None, [Problem(shown_as, 0, 0, f"{size // 10**6} MB: {limit}; split the file")]
        raw = path.read_bytes()
    except OSError as error:
        return None, [Problem(shown_as, 0, 0, f"cannot be read: {error.strerror}")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _line_and_column(raw[: error.start].decode("utf-8", "replace"))
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8"
        return None, [Problem(shown_as, line, column, message)]
    if bad := _FORBIDDEN.search(text):
        line, column = _line_and_column(text[: bad.start()])
        message = f"character U+{ord(bad[0]):04X} is not allowed in YAML; delete it"
        return None, [Problem(shown_as, line, column, message)]
    return parse(text, shown_as)


def parse(text: str, shown_as: str) -> tuple[Any, list[Problem]]:
    """The tree of a text in YAML and what is wrong with it.

    >>> parse("- {id: report}", "data/sources.yml")
    ([{'id': 'report'}], [])
    """
    return _Builder(shown_as).build(text)


def _line_and_column(before: str) -> Mark:
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


class _Refused(Exception):
    """The rest of a file is not read; what stops the reading is among the problems."""


def _mark(event: Any) -> int:
    """Where an event starts."""
    start = event.start_mark
    return (start.line + 1) * _COLUMNS + start.column + 1  # type: ignore[no-any-return]


class _Builder:
    """Puts a tree together from the events of one file."""

    def __init__(self, shown_as: str) -> None:
        import yaml  # noqa: PLC0415  # half of what `import tallybook` may cost

        self.yaml: Any = yaml
        self.scalar = yaml.ScalarEvent
        self.path = shown_as
        self.problems: list[Problem] = []
        self.events: Iterator[Any] = iter(())

    def build(self, text: str) -> tuple[Any, list[Problem]]:
        root, documents = None, 0
        self.events = self._events(text)
        try:
            for event in self.events:
                if isinstance(event, self.yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        message = "a second YAML document begins here; keep one to a file"
                        self._refuse(_mark(event), message)
                elif isinstance(event, self.yaml.NodeEvent):
                    root = self._node(event, _mark(event), 0)
        except _Refused:
            return None, self.problems
        except self.yaml.MarkedYAMLError as error:
            self._add_syntax(text, error)
            return None, self.problems
        except self.yaml.YAMLError as error:
            self._add(_COLUMNS + 1, f"not YAML: {error}")
            return None, self.problems
        if root is None and not self.problems:
            self._add(_COLUMNS + 1, "the file is empty; write [] where there are no records")
        return root, self.problems

    def _events(self, text: str) -> Iterator[Any]:
        # Straight from the parser: `yaml.parse` would look at each event before it gives it.
        events = iter(self.yaml.CSafeLoader(text).get_event, None)
        return chain(islice(events, MOST_NODES), self._too_many(events))

    def _too_many(self, events: Iterator[Any]) -> Iterator[Any]:
        for event in events:
            message = f"more than {MOST_NODES:,} entries by here; split the file"
            self._refuse(_mark(event), message)
            yield event

    def _node(self, event: Any, mark: int, depth: int) -> Any:
        kind = type(event)
        # Most by far are scalars without quotes, which have no tag.
        if kind is self.scalar and event.implicit[0] and not event.anchor:
            return Plain(event.value)
        if event.anchor:
            name = f"{'*' if kind is self.yaml.AliasEvent else '&'}{event.anchor}"
            self._refuse(mark, f"{name}: anchors and aliases are not read; repeat it")
        if event.tag:
            self._refuse(mark, f"the tag {event.tag!r} is not read; leave it out")
        if kind is self.scalar:
            # The text as a whole has none of these; an escape in double quotes may.
            if event.style == '"' and (bad := _FORBIDDEN.search(event.value)):
                self._add(mark, f"character U+{ord(bad[0]):04X} is not allowed; leave it out")
            return event.value
        if depth == DEEPEST:
            self._refuse(mark, f"nested more than {DEEPEST} levels deep")
        is_mapping = kind is self.yaml.MappingStartEvent
        return self._mapping(mark, depth + 1) if is_mapping else self._sequence(mark, depth + 1)

    def _sequence(self, mark: int, depth: int) -> Sequence:
        found = Sequence(mark)
        end = self.yaml.SequenceEndEvent
        for event in self.events:
            if type(event) is end:
                break
            at = _mark(event)
            found.append(self._node(event, at, depth))
            found.values_at.append(at)
        return found

    def _mapping(self, mark: int, depth: int) -> Mapping:
        found = Mapping(mark)
        end, events, append = self.yaml.MappingEndEvent, self.events, found.marks.append
        for event in events:
            if type(event) is end:
                break
            key_at = _mark(event)
            key = self._key(found, self._node(event, key_at, depth), key_at)
            event_of_value = next(events)
            at = _mark(event_of_value)
            value = self._node(event_of_value, at, depth)
            if key not in found:
                found[key] = value
                append(key_at)
                append(at)
        return found

    def _key(self, parent: Mapping, value: Any, mark: int) -> str:
        if not isinstance(value, str):
            self._add(mark, "a key must be a word, not a mapping or a list")
            return f"<key at {divmod(mark, _COLUMNS)}>"
        if value in parent:
            line = parent.mark_of(value, of_key=True) // _COLUMNS
            self._add(mark, f"the key {value!r} stands here again, after line {line}; keep one")
        return intern(str(value))  # the same few in all records

    def _add_syntax(self, text: str, error: Any) -> None:
        at = error.problem_mark or error.context_mark
        row, column = (at.line, at.column) if at else (0, 0)
        mark = (row + 1) * _COLUMNS + column + 1
        lines = text.splitlines()
        line = lines[row] if row < len(lines) else ""
        if "\t" in line[: column + 1] and not line[: column + 1].strip():
            self._add(mark, "a tab; YAML is indented with spaces only")
        else:
            context = f" {error.context}" if error.context else ""
            advice = "check the indentation, and put quotes around text with a colon in it"
            hint = f"; {advice}" if "mapping values" in error.problem else ""
            self._add(mark, f"not YAML: {error.problem}{context}{hint}")

    def _refuse(self, mark: int, message: str) -> NoReturn:
        self._add(mark, message)
        raise _Refused

    def _add(self, mark: int, message: str) -> None:
        self.problems.append(Problem(self.path, *divmod(mark, _COLUMNS), message))
