"""YAML text to plain data that knows its lines: mappings, sequences and the scalars' own text.

Built from the parser's events with a stack, so that nothing is ever constructed, expanded or
recursed into: tags, anchors and aliases are refused, and numbers stay text.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

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

Mark = tuple[int, int]  # line and column, from 1
_COLUMNS = 2**20  # a mark is kept as one number, which takes a third of the memory


class Plain(str):
    """A scalar written without quotes, which YAML may read as something else than text."""

    __slots__ = ()


class Mapping(dict[str, Any]):
    """A mapping that knows where it starts and where each key and value stands."""

    __slots__ = ("kept_mark", "keys_at", "values_at")

    def __init__(self, kept_mark: int) -> None:
        super().__init__()
        self.kept_mark = kept_mark
        self.keys_at: dict[str, int] = {}
        self.values_at: dict[str, int] = {}


class Sequence(list[Any]):
    """A sequence that knows where it starts and where each entry stands."""

    __slots__ = ("kept_mark", "values_at")

    def __init__(self, kept_mark: int) -> None:
        super().__init__()
        self.kept_mark = kept_mark
        self.values_at: list[int] = []


def place(tree: Any, location: tuple[Any, ...], *, of_key: bool = False) -> Mark:
    """Line and column of what `location` (keys and indexes) leads to in a tree, as far as it goes.

    With `of_key`, the place of the last key and not of its value.
    """
    kept: int = tree.kept_mark
    for depth, step in enumerate(location):
        if isinstance(tree, Mapping) and step in tree.values_at:
            is_last = depth == len(location) - 1
            kept = tree.keys_at[step] if of_key and is_last else tree.values_at[step]
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
    return _Builder(shown_as).build(text)


def _line_and_column(before: str) -> Mark:
    lines = re.split(r"\r\n|\r|\n", before)
    return len(lines), len(lines[-1]) + 1


class _Builder:
    """Puts a tree together from the events of one file."""

    def __init__(self, shown_as: str) -> None:
        self.path = shown_as
        self.problems: list[Problem] = []
        self.root: Any = None
        self.open: list[Mapping | Sequence] = []
        self.pending: list[tuple[str, int] | None] = []  # a key that waits for its value
        self.documents = 0
        self.nodes = 0

    def build(self, text: str) -> tuple[Any, list[Problem]]:
        import yaml  # noqa: PLC0415  # half of what `import tallybook` may cost

        try:
            for event in yaml.parse(text, Loader=yaml.CSafeLoader):
                start: Any = event.start_mark
                mark = (start.line + 1) * _COLUMNS + start.column + 1
                if not self._take(event, mark, yaml):
                    return None, self.problems
        except yaml.MarkedYAMLError as error:
            self._refuse_syntax(text, error)
            return None, self.problems
        except yaml.YAMLError as error:
            self._add(_COLUMNS + 1, f"not YAML: {error}")
            return None, self.problems
        if self.root is None and not self.problems:
            self._add(_COLUMNS + 1, "the file is empty; write [] where there are no records")
        return self.root, self.problems

    def _take(self, event: Any, mark: int, yaml: Any) -> bool:
        """Whether the rest of the file is still worth reading after this event."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self._add(mark, f"more than {MOST_NODES:,} entries by here; split the file")
            return False
        kind = type(event)
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.open.pop()
            self.pending.pop()
            return True
        if kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self._add(mark, "a second YAML document begins here; keep one to a file")
            return self.documents == 1
        if self._is_refused(event, mark, is_alias=kind is yaml.AliasEvent):
            return False
        if kind is yaml.ScalarEvent:
            # The text as a whole has none of these; an escape in double quotes may.
            if event.style == '"' and (bad := _FORBIDDEN.search(event.value)):
                self._add(mark, f"character U+{ord(bad[0]):04X} is not allowed; leave it out")
            self._put(Plain(event.value) if event.implicit[0] else str(event.value), mark)
        elif kind is yaml.MappingStartEvent:
            return self._enter(Mapping(mark))
        elif kind is yaml.SequenceStartEvent:
            return self._enter(Sequence(mark))
        return True

    def _is_refused(self, event: Any, mark: int, *, is_alias: bool) -> bool:
        if getattr(event, "anchor", None):
            sigil = "*" if is_alias else "&"
            self._add(mark, f"{sigil}{event.anchor}: anchors and aliases are not read; repeat it")
            return True
        if getattr(event, "tag", None):
            self._add(mark, f"the tag {event.tag!r} is not read; leave it out")
            return True
        return False

    def _enter(self, collection: Mapping | Sequence) -> bool:
        if len(self.open) == DEEPEST:
            self._add(collection.kept_mark, f"nested more than {DEEPEST} levels deep")
            return False
        self._put(collection, collection.kept_mark)
        self.open.append(collection)
        self.pending.append(None)
        return True

    def _put(self, value: Any, mark: int) -> None:
        if not self.open:
            self.root = value
            return
        parent, key = self.open[-1], self.pending[-1]
        if isinstance(parent, Sequence):
            parent.append(value)
            parent.values_at.append(mark)
        elif key is None:
            self.pending[-1] = (self._key(parent, value, mark), mark)
        else:
            name, key_mark = key
            self.pending[-1] = None
            if name not in parent:
                parent[name] = value
                parent.keys_at[name], parent.values_at[name] = key_mark, mark

    def _key(self, parent: Mapping, value: Any, mark: int) -> str:
        if not isinstance(value, str):
            self._add(mark, "a key must be a word, not a mapping or a list")
            return f"<key at {divmod(mark, _COLUMNS)}>"
        if value in parent:
            line = parent.keys_at[value] // _COLUMNS
            self._add(mark, f"the key {value!r} stands here again, after line {line}; keep one")
        return str(value)

    def _refuse_syntax(self, text: str, error: Any) -> None:
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

    def _add(self, mark: int, message: str) -> None:
        self.problems.append(Problem(self.path, *divmod(mark, _COLUMNS), message))
