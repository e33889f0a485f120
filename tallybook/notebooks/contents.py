"""Whether `_toc.yml` is a table of contents: all that is wrong with it, each with its line.

It is read as sphinx-external-toc reads it, which names no lines, ends at the first mistake and
passes over keys that it does not know.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tallybook.errors import Problem, nearest
from tallybook.ledger import yaml
from tallybook.notebooks import settings
from tallybook.notebooks import settings_check as check
from tallybook.notebooks.known_settings import NUMBER, TEXT, TRUTH
from tallybook.notebooks.settings import Place, plain

FILE = "_toc.yml"
PAGES = (".md", ".ipynb", ".rst")
_MIGRATE = (
    "expected format: and root:, found a list, as Jupyter Book had it before: "
    "jupyter-book toc migrate _toc.yml -o _toc.yml"
)
_ENTRY = "expected file:, glob: or url:"
_LINKS = {
    "file": ("title", "options"),
    "glob": (),
    "url": ("title",),
}  # what an entry leads to, with the keys that may stand beside
# What each list of entries may have, with its type.
OPTIONS = {
    "caption": TEXT,
    "hidden": TRUTH,
    "maxdepth": NUMBER,
    "numbered": f"{TRUTH}, or {NUMBER}",
    "reversed": TRUTH,
    "titlesonly": TRUTH,
    "style": "the name of a style",
    "restart_numbering": TRUTH,
}
_STYLES = ("numerical", "romanupper", "romanlower", "alphaupper", "alphalower")
# By the format: the keys of lists of lists, and of lists, from the first page down.
FORMATS = {
    "jb-book": (("parts", "subtrees"), ("chapters", "sections")),
    "jb-article": (("subtrees",), ("sections",)),
    "": (("subtrees",), ("entries",)),
}
Found = Iterator[tuple[Place, str]]


def problems(root: Path) -> list[Problem]:
    """All that is wrong with the table of contents of a book.

    >>> problems(Path("tests/books/kettles"))
    []
    """
    tree, found = yaml.read(root / FILE, FILE)
    if found and "is empty" in found[0].message:
        return [Problem(FILE, 1, 1, "the file is empty: begin with format: and root:")]
    if tree is None or found:
        return found
    if not isinstance(tree, yaml.Mapping):
        is_list = isinstance(tree, yaml.Sequence)
        return [Problem(FILE, 1, 1, _MIGRATE if is_list else "expected format: and root:")]
    return sorted({_problem(tree, *each) for each in _Reader(root, tree).whole()})


def first_page(root: Path) -> str:
    """The name of the first page of a book, which has no problem in its table of contents.

    >>> first_page(Path("tests/books/kettles"))
    'index'
    """
    tree, _ = yaml.read(root / FILE, FILE)
    return _without_ending(str(tree["root"]))


def _problem(tree: Any, place: Place, message: str) -> Problem:
    line, _ = yaml.place(tree, place, of_key=True)
    return Problem(FILE, line, 0, message)


class _Reader:
    """Goes through the entries of one table of contents."""

    def __init__(self, root: Path, tree: yaml.Mapping) -> None:
        self._root, self._tree = root, tree
        # In a lesser mode the audit looks at titles where they stand, on pages.
        self._is_strict = settings.read(root).audit == settings.STRICT
        given = str(tree.get("format", ""))
        self._format = given if given in FORMATS else "jb-book"
        self._files: dict[str, int] = {}  # of the pages that are listed, each with its line

    def whole(self) -> Found:
        tree = self._tree
        if str(tree.get("format", "")) not in FORMATS:
            named = " or ".join(each for each in FORMATS if each)
            yield ("format",), f"format: expected {named}, found {tree['format']}"
        if "format" not in tree and {"parts", "chapters"} & set(tree):
            self._format = "jb-book"
            yield (), "format: missing: write format: jb-book"
        if "defaults" in tree:
            yield from self._options(tree["defaults"], ("defaults",))
        if "root" not in tree:
            yield (), "root: missing: it names the first page"
        else:
            yield from self._file(tree["root"], ("root",))
        yield from self._page(tree, (), 0)

    def _page(self, entry: yaml.Mapping, place: Place, depth: int) -> Found:
        """What is wrong with a page's entry, besides the page, and with what is listed below it."""
        trees, lists = (self._key(each, depth) for each in FORMATS[self._format])
        own = ("root", "format", "defaults", "meta") if not place else ("file",)
        yield from self._keys(entry, place, (*own, "title", "options", trees, lists))
        yield from self._text(entry, place, "title")
        if trees in entry and lists in entry:
            yield (*place, lists), f"{lists}: there are {trees} too, keep one"
        if "options" in entry and lists in entry:
            yield from self._options(entry["options"], (*place, "options"))
        elif "options" in entry:
            yield (*place, "options"), f"options: no effect without {lists}; leave it out"
        if lists in entry:
            yield from self._entries(entry[lists], (*place, lists), depth)
        for number, tree in self._listed(entry.get(trees)):
            here = (*place, trees, number)
            if not isinstance(tree, yaml.Mapping) or lists not in tree:
                yield here, f"{trees}: expected {lists}: and entries below it"
                continue
            yield from self._options(tree, here, lists)
            yield from self._entries(tree[lists], (*here, lists), depth)
        if trees in entry and not self._listed(entry[trees]):
            yield (*place, trees), f"{trees}: expected a list, which is not empty"

    def _key(self, keys: tuple[str, ...], depth: int) -> str:
        return keys[min(depth, len(keys) - 1)]

    def _listed(self, value: Any) -> list[tuple[int, Any]]:
        return list(enumerate(value)) if isinstance(value, yaml.Sequence) else []

    def _entries(self, listed: Any, place: Place, depth: int) -> Found:
        if not self._listed(listed):
            yield place, f"{place[-1]}: expected a list of entries, which is not empty"
        for number, entry in self._listed(listed):
            here = (*place, number)
            if not isinstance(entry, yaml.Mapping):
                yield here, f"expected file: {entry}" if isinstance(entry, str) else _ENTRY
                continue
            kinds = [kind for kind in _LINKS if kind in entry]
            if len(kinds) != 1:
                yield here, f"{_ENTRY}, found {' and '.join(kinds) or ', '.join(entry)}"
                continue
            yield from self._entry(kinds[0], entry, here, depth)

    def _entry(self, kind: str, entry: yaml.Mapping, place: Place, depth: int) -> Found:
        value = entry[kind]
        if kind == "file":
            yield from self._file(value, (*place, "file"))
            yield from self._page(entry, place, depth + 1)
            return
        yield from self._keys(entry, place, (kind, *_LINKS[kind]))
        yield from self._text(entry, place, "title")
        if kind == "url" and not re.match(r"https?://[^\s/]", str(value)):
            yield (*place, "url"), f"url: expected https://… or http://…, found {value}"
        if kind == "url" and not entry.get("title"):
            yield (*place, "url"), "url: needs a title: beside it, which is shown"
        if kind == "glob" and not (isinstance(value, str) and self._matching(value)):
            yield (*place, "glob"), f"glob: no page of the book fits {value!r}"

    def _matching(self, pattern: str) -> bool:
        try:
            found = [each for end in PAGES for each in self._root.glob(f"{pattern}{end}")]
        except (ValueError, NotImplementedError):
            return False
        return bool(found)

    def _file(self, value: Any, place: Place) -> Found:
        """A page is there, and is listed once."""
        key = place[-1]
        if not isinstance(plain(value), str) or not value:
            yield place, f"{key}: expected the path of a page, found {value or 'nothing'}"
            return
        name = _without_ending(value)
        if posixpath.normpath(name) != name:
            yield place, f"{key}: write {posixpath.normpath(name)}, found {value}"
        elif not any(check.is_within(self._root, f"{name}{end}") for end in PAGES):
            pages = [each for each in check.files_of(self._root) if each.endswith(PAGES)]
            known = [_without_ending(each) for each in pages]
            yield place, f"{key}: no page {value!r} in the book.{nearest(name, known)}"
        elif name in self._files:
            yield place, f"{key}: {value} is listed at line {self._files[name]} already; keep one"
        line, _ = yaml.place(self._tree, place)
        self._files.setdefault(name, line)

    def _keys(self, entry: yaml.Mapping, place: Place, known: tuple[str, ...]) -> Found:
        for key in entry:
            if key not in known:
                hint = nearest(key, known) or f" Expected {', '.join(known)}."
                yield (*place, key), f"{key}: no key that stands here.{hint}"

    def _text(self, entry: yaml.Mapping, place: Place, key: str) -> Found:
        """A text for readers is text, and holds no numeral."""
        value = entry.get(key)
        if value is None:
            return
        if not isinstance(plain(value), str):
            quote = ": quote it" if isinstance(value, str) and value else ""
            found = value if isinstance(value, str) and value else "no text"
            yield (*place, key), f"{key}: expected text, found {found}{quote}"
        elif self._is_strict and (typed := check.numeral_in(value)):
            yield (*place, key), f"{key}: {typed!r} {check.OF_NO_RECORD}; write it without"

    def _options(self, options: Any, place: Place, *also: str) -> Found:
        if not isinstance(options, yaml.Mapping):
            yield place, f"{place[-1]}: expected options below it, found {options}"
            return
        yield from self._keys(options, place, (*OPTIONS, *also))
        yield from self._text(options, place, "caption")
        for key, value in options.items():
            if key in OPTIONS and key != "caption" and not _is_option(key, plain(value)):
                yield (*place, key), f"{key}: expected {OPTIONS[key]}, found {check.shown(value)}"


def _is_option(key: str, given: Any) -> bool:
    if key == "style":
        return all(each in _STYLES for each in (given if isinstance(given, list) else [given]))
    if OPTIONS[key] == TRUTH:
        return isinstance(given, bool)
    return isinstance(given, int) and (key == "numbered" or not isinstance(given, bool))


def _without_ending(name: str) -> str:
    return next((name.removesuffix(end) for end in PAGES if name.endswith(end)), name)
