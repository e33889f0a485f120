"""Whether each mark is what the order of the site, or the bibliography, makes it.

Footnotes of a page, figures of a kind, and equations are counted from one; headings follow each
other; a reference has the number of what it leads to. An entry of a bibliography has no numeral
that its record in the .bib files has not.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tallybook.audit.html import Mark, Page, plain
from tallybook.reading.numerals import find, has_numeral

Found = Iterator[tuple[str, int, str]]  # pages, lines, and what is wrong there
Number = tuple[int, ...]
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(frozen=True)
class Entry:
    """What an entry of a .bib file says: its key, its text, of all fields, and its year."""

    key: str
    text: str
    year: str


@dataclass
class _Numbered:
    """The numbers of what a site numbers, by page and anchor; the first at an anchor counts."""

    headings: dict[tuple[str, str], Number] = field(default_factory=dict)
    others: dict[tuple[str, str], Number] = field(default_factory=dict)
    entries: dict[tuple[str, str], int] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)


def faults(pages: Mapping[str, Page], bibliography: Sequence[Entry]) -> Found:
    """Return the marks of a site that are not what they claim to be.

    >>> from tallybook.audit.html import read
    >>> page = read('<p>As told.<a href="#note" data-of="mark:footnote">[97]</a></p>')
    >>> list(faults({"page.html": page}, ()))
    [('page.html', 1, "'[97]' is no mark: it leads to no footnote with a number")]
    """
    known, found = _Numbered(), []
    for name, page in pages.items():
        for line, what in _of_page(name, page, known, bibliography):
            found.append((name, line, what))
    found += [*_counted(pages), *_headings(pages)]
    for name, page in pages.items():
        for mark in page.marks:
            if what := _reference(name, mark, known, bibliography):
                found.append((name, mark.line, f"{mark.text!r} is no mark: {what}"))
    yield from found


def _kind(mark: Mark) -> str:
    return mark.reference.field or mark.reference.kind


def _number(mark: Mark) -> Number | None:
    """The one number of a mark; None where it has none, more, or another numeral beside it."""
    found = _NUMBER.findall(mark.text)
    if len(found) != 1 or has_numeral(mark.text.replace(found[0], "", 1)):
        return None
    return tuple(map(int, found[0].split(".")))


def _of_page(
    name: str, page: Page, known: _Numbered, bibliography: Sequence[Entry]
) -> Iterator[tuple[int, str]]:
    """What is wrong with the marks of one page that are numbered; `known` takes in the others."""
    last: dict[tuple[str, ...], Number] = {}
    for mark in page.marks:
        what = ""
        kind, number = _kind(mark), _number(mark)
        if kind in ("entry", "cited", "key"):
            what = _of_bibliography(name, mark, known, bibliography, last)
        elif kind in ("cite", "numref") or _is_link(mark):
            continue
        elif kind not in ("footnote", "section", "caption", "equation", "line"):
            what = "there is no such kind"
        elif number is None:
            what = "expected one number"
        elif kind == "section":
            what = _heading(mark, number, last)
            _keep(known.headings, name, mark, number)
        else:
            within = mark.within if kind == "line" else ""
            prefix = ".".join(map(str, number[:-1]))
            group = (kind, _words(mark), prefix, within)
            what = _next(number, last.get(group), is_first_one=kind in ("footnote", "line"))
            last[group] = number
            _keep(known.others, name, mark, number)
        if what:
            yield mark.line, f"{mark.text!r} is no mark: {what}"


def _is_link(mark: Mark) -> bool:
    return bool(mark.links) and _kind(mark) in ("footnote", "section")


def _keep(numbers: dict[tuple[str, str], Number], name: str, mark: Mark, number: Number) -> None:
    for anchor in mark.anchors:
        numbers.setdefault((name, anchor), number)


def _words(mark: Mark) -> str:
    """What stands around the number, such as "Fig.", with the element that it is in."""
    return f"{mark.element} {_NUMBER.sub('', mark.text).strip()}"


def _next(number: Number, before: Number | None, *, is_first_one: bool) -> str:
    expected = before[-1] + 1 if before else 1
    if number[-1] == expected or (before is None and not is_first_one):
        return ""
    return f"expected the number {expected}, counted on the page"


def _heading(mark: Mark, number: Number, last: dict[tuple[str, ...], Number]) -> str:
    before, level = last.get(("section",)), _HEADINGS.get(mark.element, 0)
    first = last.setdefault(("section", "first"), (len(number) - level,))
    last[("section",)] = number
    if not level:
        return "it is in no heading, and leads to none"
    if len(number) - level != first[0]:
        return "it has more or fewer parts than its heading has levels"
    if before is None:
        return ""
    same = before[: len(number) - 1]
    is_child = same == number[:-1] and len(number) == len(before) + 1 and number[-1] == 1
    is_sibling = len(number) <= len(before) and same == number[:-1]
    if is_child or (is_sibling and number[-1] == before[len(number) - 1] + 1):
        return ""
    return f"it does not follow {'.'.join(map(str, before))}"


def _of_bibliography(
    name: str,
    mark: Mark,
    known: _Numbered,
    bibliography: Sequence[Entry],
    last: dict[tuple[str, ...], Number],
) -> str:
    place = mark.reference.place or 0
    if place >= len(bibliography):
        return "the .bib files have no such entry"
    entry = bibliography[place]
    if mark.reference.kind == "key":
        return "" if mark.text == entry.key else f"expected the key {entry.key!r}"
    if mark.reference.kind == "entry":
        return _typed(mark.text, entry)
    for anchor in mark.anchors:
        known.entries.setdefault((name, anchor), place)
        known.labels.setdefault((name, anchor), mark.text.strip("[]"))
    label = mark.text.strip("[]")
    if label.isdigit():
        group = ("cited", mark.within)
        before = last.get(group)
        last[group] = (int(label),)
        return _next(last[group], before, is_first_one=True)
    return "" if _is_label(label, entry) else "its digits are not those of the entry's year"


def _typed(text: str, entry: Entry) -> str:
    """The numerals of an entry's text that its fields do not have."""
    digits = set(re.findall(r"\d+", entry.text))
    for numeral in find(text):
        shown = text[numeral.start : numeral.end]
        runs = re.findall(r"\d+", shown)
        is_there = set(runs) <= digits if runs else plain(shown) in plain(entry.text)
        if not is_there:
            return f"{shown!r} is in no field of the entry in the .bib file"
    return ""


def _is_label(text: str, entry: Entry) -> bool:
    runs = re.findall(r"\d+", text)
    without = re.sub(r"\d+", "", text)
    return set(runs) <= {entry.year, entry.year[-2:]} and not has_numeral(without)


def _counted(pages: Mapping[str, Page]) -> list[tuple[str, int, str]]:
    """Figures, tables and equations of which one of a site is missing, or is there twice."""
    found: dict[tuple[str, str, Number], list[tuple[Number, str, int, str]]] = defaultdict(list)
    for name, page in pages.items():
        own = {each for mark in page.marks if (each := _section_of(mark))}
        for mark in page.marks:
            number = _number(mark)
            if _kind(mark) in ("caption", "equation") and number:
                # Of no section of the page, it is in a group of its own, which has no first.
                is_of_page = number[:-1] in own or not number[:-1]
                group = (_kind(mark), _words(mark), number[:-1] if is_of_page else (0, *number))
                found[group].append((number, name, mark.line, mark.text))
    return [
        (name, line, f"{text!r} is no mark: expected the number {expected}, counted in the book")
        for group, numbered in found.items()
        for expected, (number, name, line, text) in enumerate(sorted(numbered), start=1)
        if number[-1] != expected or group[2][:1] == (0,)
    ]


def _headings(pages: Mapping[str, Page]) -> Found:
    """Headings whose number follows none: of what is counted, the one before is somewhere too."""
    own = {
        name: [(mark, number) for mark in page.marks if (number := _section_of(mark))]
        for name, page in pages.items()
    }
    known = {number for numbered in own.values() for _, number in numbered}
    for name, numbered in own.items():
        for mark, number in numbered:
            before = (*number[:-1], number[-1] - 1) if number[-1] > 1 else number[:-1]
            if number[-1] < 1 or (before and before not in known):
                yield name, mark.line, f"{mark.text!r} is no mark: no heading has the number before"


def _section_of(mark: Mark) -> Number | None:
    return _number(mark) if _kind(mark) == "section" and mark.element in _HEADINGS else None


def _reference(name: str, mark: Mark, known: _Numbered, bibliography: Sequence[Entry]) -> str:
    """What is wrong with a mark that leads somewhere; or ""."""
    kind = _kind(mark)
    if kind == "cite":
        return _citation(name, mark, known, bibliography)
    if kind != "numref" and not _is_link(mark):
        return ""
    if len(mark.links) != 1:
        return "expected one link"
    target = _target(name, mark.links[0][0])
    numbers = [known.headings] if kind == "section" else [known.others, known.headings]
    if kind == "footnote" and target[0] != name:
        numbers = []
    wanted = next((each[target] for each in numbers if target in each), None)
    if kind == "section" and wanted is None and not target[1]:
        wanted = _first_heading(known, target[0])
    if wanted is None:
        return f"it leads to no {kind if kind != 'numref' else 'place'} with a number"
    if _number(mark) != wanted:
        return f"it leads to the number {'.'.join(map(str, wanted))}"
    return ""


def _first_heading(known: _Numbered, name: str) -> Number | None:
    return next((number for (page, _), number in known.headings.items() if page == name), None)


def _citation(name: str, mark: Mark, known: _Numbered, bibliography: Sequence[Entry]) -> str:
    left = mark.text
    for address, text in mark.links:
        target = _target(name, address)
        if target not in known.entries:
            return "it leads to no entry of a bibliography"
        is_label = text.strip("[]()") == known.labels[target]
        if not is_label and not _is_label(text, bibliography[known.entries[target]]):
            return "its digits are not those of the entry's year"
        left = left.replace(text, "", 1)
    return "its text has a numeral of its own; leave it out" if has_numeral(left) else ""


def _target(name: str, address: str) -> tuple[str, str]:
    """The page and the anchor of an address on a page."""
    path, _, anchor = address.partition("#")
    if path.startswith("/"):  # on the page for addresses that there are not
        return path.lstrip("/"), anchor
    page = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
    return page, anchor


def contents_in_order(pages: Mapping[str, Page]) -> Found:
    """Return the sections in lists of contents that do not stand in the order of their numbers."""
    for name, page in pages.items():
        before: dict[str, Number] = {}
        for mark in page.marks:
            number = _number(mark)
            if _kind(mark) != "section" or mark.element != "nav" or number is None:
                continue
            is_first = number == (1,)  # a part may begin anew
            if not is_first and number <= before.get(mark.within, ()):
                yield name, mark.line, f"{mark.text!r} is no mark: it stands out of its order"
            before[mark.within] = number
