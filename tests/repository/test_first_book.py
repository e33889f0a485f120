"""The package knows no book: the words of this repository's own one stand nowhere in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tallybook.ledger.ledger import Ledger

ROOT = Path(__file__).parents[2]
# Names and subjects of the dispute. What is plain English elsewhere ("list", "lead", "court") is
# left out. A space may also be a hyphen, a low line or nothing.
SUBJECTS = (
    "ustr", "alibaba", "taobao", "tmall", "aliexpress", "tamebay", "wtr", "dhgate", "marketsafe",
    "taoprotect", "zhejiang", "hangzhou", "guangdong", "yongzhou", "counterfeit", "take ?down",
    "infring", "pira[ct]", "trademark", "air bag", "arrest", "suspects", "lawsuit", "rebuttal",
    "merchant", "rights holder", "marketplace", "notorious", "good faith", "proactive",
    "special 301", "red shield", "cloud sword", "jack ma", "michael evans", "daniel zhang",
)  # fmt: skip
# Its kinds of items and its relations, where they are words of code and not of a sentence: in
# quotes, in a name, behind "kind" or "an".
_KINDS = "(?:recommendation|ask|action|result|criticism|response|remark)"
_RELATIONS = "belongs to|bears on|differs from"
CODED = (
    rf"[\"'`]{_KINDS}e?s?[\"'`]", rf"\b{_KINDS}s?_", rf"_{_KINDS}s?\b", rf"\bkind:? {_KINDS}\b",
    r"\ban? (?:recommendation|ask|criticism)\b", rf"[\"'`](?:{_RELATIONS})[\"'`]",
    r"tb-(?:asked|answered|year)",
)  # fmt: skip
# Names that are not ours to choose: of Jupyter's messages, of asyncio, of Sphinx's settings; and
# one that went elsewhere.
GIVEN = re.compile(r'"ask_exit"|set_result|smartquotes_action|"before_and_after_actions": "tables')
# Words of others, as they must be kept: the licences of what the package brings along.
NOT_OURS = {"minisearch.js", "minisearch.LICENSE.txt", "vega.LICENSE.txt"}


def texts(root: Path = ROOT) -> dict[str, str]:
    """All text of the package, and the schemas that it writes, by their paths."""
    paths = [p for p in (root / "tallybook").rglob("*") if "__pycache__" not in p.parts]
    paths += (root / "data/schema").glob("*.json")
    found = {}
    for path in paths:
        if path.is_file() and path.name not in NOT_OURS:
            found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
    return found


def named(text: str, parties: Iterable[str] = ()) -> list[str]:
    """The lines of a text with a word of the book, each behind the word."""
    words = [*SUBJECTS, *(re.escape(party.lower()).replace(r"\ ", " ") for party in parties)]
    subjects = [rf"(?<![a-z]){word.replace(' ', '[ _-]?')}" for word in words]
    wanted = re.compile("|".join([f"(?i:{'|'.join(subjects)})", *CODED]))
    found = ((wanted.search(GIVEN.sub("", line)), line) for line in text.splitlines())
    return [f"{word[0]}: {line.strip()[:100]}" for word, line in found if word]


def test_the_package_has_no_word_of_the_first_book(real: Ledger):
    found = {path: named(text, real.parties) for path, text in texts().items()}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "    --tb-ustr: light-dark(#1f5fa8, #75aef0);",
        '_DONE = ("action", "result")',
        '    """The statements under an ask."""',
        "asked_and_answered = recommendations_of(ledger)",
        ">>> width('air bags', 13)",
        "def takedowns(requests): ...",
        ".tb-party-world-trademark-review { color: red; }",
        ".tb-answered { border-color: blue; }",
        'if link.relation == "belongs to":',
        "# Yellow Brand Protection gets blue",
        "the Notorious Markets List",
    ],
)
def test_a_word_of_the_first_book_is_found(line, real):
    assert named(line, real.parties)


@pytest.mark.parametrize(
    "line",
    [
        "        Raises UnknownId, and asks the ledger for its answer.",
        "The result of a question is noted with the answers that it has.",
        "    r'\\b(?P<name>href|src|action)=\"...\"'",
        "a class of the first one's kind; whatever it responds to",
    ],
)
def test_plain_english_is_no_word_of_the_book(line, real):
    assert named(line, real.parties) == []
