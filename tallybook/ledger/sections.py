"""The sections of a document that is added to a book: from its headings, else from its pages.

Each has a name without numerals, for names of sections stand on pages, and the run that it opens
with, which stands once behind the opening before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from tallybook.ledger.document import Document
from tallybook.ledger.fields import LONGEST_RUN, LONGEST_RUN_IN_CHARACTERS
from tallybook.reading import statements
from tallybook.reading.original import PAGE, has_words
from tallybook.reading.statements import Known

_HEADING = re.compile(r"^[\f ]{0,4}(?P<signs>#{1,6}) +(?P<words>.*?\S)(?: +#+)? *$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{3,}) *$")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_LIST_NUMBER = re.compile(r"^(?:\d+[.)]?|[IVXLC]+\.|[A-Z][.)])(?:\d+\.?)*\s+")
_AROUND = " –—:;,.()%$€£-"
_DANGLING = re.compile(
    rf"(?:[{_AROUND}]+(?:and|at|between|by|for|from|in|of|on|or|since|the|to))+$"
)
_ORDINALS = "second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_LONGEST_NAME = 8  # words
_WORDS_OF_A_PAGE = 5  # that its section is called by
_MOST_TRIED = 1000  # words
_FIRST, _WHOLE, _NAMELESS = "Beginning", "Text", "Part"


@dataclass(frozen=True)
class _Opening:
    """Where a section may open in the folded text; its heading's level and words."""

    start: int
    words: str
    level: int = 0


def sections(text: str) -> list[tuple[str, str]]:
    r"""The name and the opening of each section of a text.

    A heading whose words are not told apart from what follows opens none: its text belongs to the
    section before.

    >>> sections("# Report\n\nThree plants.\n\n## 2. Repairs in 2016\n\nNone.")
    [('Report', '# Report'), ('Repairs', '## 2. Repairs in 2016')]
    """
    document = Document("", text, {})
    openings = _openings(document)
    found: list[tuple[str, str]] = []
    names: set[str] = set()
    above: dict[int, str] = {}
    at = 0
    for opening, following in pairwise([*openings, _Opening(len(document.text), "")]):
        name = _name(opening.words)
        above = {level: other for level, other in above.items() if level < opening.level}
        parent = above[max(above)] if above else ""
        above[opening.level] = name
        if opening.start < at:  # within the run that opened the one before
            continue
        run = _run(document, opening, following.start, at)
        free = next((each for each in _names(name, parent) if each not in names), None)
        if run and free:
            found.append((free, run))
            names.add(free)
            at = opening.start + len(run)
    return found or _from_the_first_run(document)


def _from_the_first_run(document: Document) -> list[tuple[str, str]]:
    """One section, for a text that begins with words that it repeats: from the first other ones."""
    for word in islice(re.finditer(r"\S+", document.text), _MOST_TRIED):
        if run := _run(document, _Opening(word.start(), ""), len(document.text), 0):
            return [(_WHOLE, run)]
    return []


def _openings(document: Document) -> list[_Opening]:
    openings = list(_headings(document.original)) or list(_pages(document.original))
    first = re.search(r"\S", document.text)
    start = first.start() if first else 0
    if not openings or openings[0].start > start:
        openings.insert(0, _Opening(start, _FIRST if openings else _WHOLE))
    return openings


def _headings(text: str) -> Iterator[_Opening]:
    """Each heading of a text in Markdown, with where it stands in the folded text."""
    lines = text.split("\n")
    at, is_code = _leading(text), False
    for number, line in enumerate(lines):
        words = " ".join(line.split())
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if _FENCE.match(line):
            is_code = not is_code
        elif not is_code and (found := _HEADING.match(line)):
            yield _Opening(at, found["words"], len(found["signs"]))
        elif not is_code and words and (rule := _UNDERLINE.match(below)) and _is_heading(line):
            yield _Opening(at, words, 1 if rule[1][0] == "=" else 2)
        at += len(words) + bool(words)


def _leading(text: str) -> int:
    """How many characters of white space the folded text begins with."""
    return 1 if text[:1].isspace() else 0


def _is_heading(line: str) -> bool:
    return has_words(line) and "|" not in line and not re.match(r"\s*([-*+>]|\d+[.)])\s", line)


def _pages(text: str) -> Iterator[_Opening]:
    at = _leading(text)
    pages = text.split(PAGE)
    for page in pages:
        words = " ".join(page.split())
        if words and len(pages) > 1:
            yield _Opening(at, " ".join(words.split()[:_WORDS_OF_A_PAGE]))
        at += len(words) + bool(words)


def _run(document: Document, opening: _Opening, end: int, at: int) -> str:
    """The shortest run from an opening on that stands once behind `at`; "" where there is none."""
    words = document.text[opening.start : end].split()
    heading = min(len(opening.words.split()) + bool(opening.level), LONGEST_RUN)
    for length in range(min(max(heading, 2), len(words)), min(LONGEST_RUN, len(words)) + 1):
        run = " ".join(words[:length])
        if len(run) > LONGEST_RUN_IN_CHARACTERS or "\\" in run:
            break
        found = document.find(run, (at, len(document.text)))
        if len(found) == 1 and found[0][0] == opening.start:
            return run
    return ""


def _name(words: str) -> str:
    """What a section is called: the words of its heading without numerals and signs."""
    words = _LINK.sub(r"\1", words)
    words = _LIST_NUMBER.sub("", re.sub(r"[#*_`|]|\[\^.*?\]", " ", words).strip())
    kept, at = "", 0
    for numeral in statements.stating(words, Known()):
        kept += words[at : numeral.start]
        at = numeral.end
    short = " ".join((kept + words[at:]).split()[:_LONGEST_NAME])
    short = _DANGLING.sub("", short).strip(_AROUND)
    return short if has_words(short) and not any(statements.stating(short, Known())) else _NAMELESS


def _names(name: str, parent: str) -> Iterator[str]:
    """What a section may be called, where others are called so."""
    yield name
    if parent:
        name = f"{name}, {parent}"
        yield name
    yield from (f"{name}, {ordinal}" for ordinal in _ORDINALS)
