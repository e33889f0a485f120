"""The files of a site beside its pages: each is compared with what it is made from.

Downloads are made anew from the ledger and have to be the same; charts name their figures; the
search repeats pages. A file of no known kind is text.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from tallybook.audit import charts
from tallybook.audit.html import Reading, chart_texts
from tallybook.audit.references import Sayings
from tallybook.audit.texts import loose_in, plain, stands_in
from tallybook.charts import data
from tallybook.charts.files import BUNDLE, FOLDER
from tallybook.ledger.ledger import Ledger
from tallybook.reading.numerals import has_numeral
from tallybook.site import downloads, policy, search
from tallybook.site.policy import THEME
from tallybook.site.provenance import LOCK, made_of

Found = Iterator[tuple[int, str]]  # lines, and what is wrong there
_BUILD_INFO = re.compile(rb"(?:#[^\n]*\n)*config: [0-9a-f]{32}\ntags: [0-9a-f]{32}\n?")  # Sphinx's
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".ico", ".woff", ".woff2"}
_CONTENT = re.compile(r"\bcontent\s*:\s*((?:[^;{}\"']|\"[^\"]*\"|'[^']*')*)")
_COMMIT = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")
_KEYS = re.compile(r'"[\w-]+"(?=:)')
_STRINGS = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`]*`")


def chart_of(site: Path, chart: str) -> dict[str, Any] | None:
    """The specification of a chart of a site; None where it has none."""
    path = site / FOLDER / f"{chart}.vl.json"
    if not re.fullmatch(r"[\w-]+", chart) or not path.is_file():
        return None
    spec = _parsed(path.read_text("utf-8", errors="replace"))
    return spec if isinstance(spec, dict) else None


def without_digests(text: str, ledger: Ledger) -> str:
    """A text without the digests of the documents and of the lock, and one commit's number."""
    made = made_of(ledger)
    for digest in (made.lock, *made.documents.values()):
        text = text.replace(digest, "") if digest else text
    return _COMMIT.sub("", text.replace(LOCK, ""), count=1)


class Files:
    """The files of one site, and the pages that its search repeats."""

    def __init__(self, site: Path, said: Sayings, pages: Mapping[str, Reading]) -> None:
        self.site, self.said, self.pages = site, said, pages

    def examine(self, name: str) -> Found:
        """What of a file no record accounts for."""
        path = self.site / name
        # Drawn from what is audited; a library; and what a host is told, not a reader.
        if path.suffix in _PICTURES or name in (f"_static/{BUNDLE}", policy.HEADERS_FILE):
            return
        content = path.read_bytes()
        if name == "objects.inv":
            content = _inventory(content)
        if self._is_the_packages(path, content) or _BUILD_INFO.fullmatch(content):
            return
        text = content.decode("utf-8", errors="replace")
        yield from self._faults(name, text)

    def _is_the_packages(self, path: Path, content: bytes) -> bool:
        """Whether a file is one of the theme's own, as it was installed."""
        own = THEME / "static" / path.name
        return path.parent.name == "_static" and own.is_file() and own.read_bytes() == content

    def _faults(self, name: str, text: str) -> Found:
        path = PurePosixPath(name)
        if name in self._made:
            yield from _differs(text, self._made[name]())
        elif path.parts[0] == FOLDER:
            yield from self._chart(path, text)
        elif path.parts[0] == "_sources":
            yield from self._source(path, text)
        elif name == "made-of.json":
            yield from _loose(_KEYS.sub("", without_digests(text, self.said.ledger)))
        elif name == "_static/search-index.js":
            yield from self._search(text)
        else:
            show = _SHOWN_BY.get(path.suffix)
            yield from _loose("\n".join(show(text)) if show else text)

    @cached_property
    def _made(self) -> dict[str, Callable[[], str]]:
        facts = self.said.facts
        return {
            "data/ledger.json": lambda: downloads.ledger_json(self.said.ledger, facts),
            "data/ledger.csv": lambda: downloads.statistics_csv(facts.values()),
            "data/derived.csv": lambda: downloads.derived_csv(facts.values()),
        }

    def _source(self, path: PurePosixPath, text: str) -> Found:
        """The source of a page is the book's own file, whose text its page shows."""
        own = self.said.ledger.root / PurePosixPath(*path.parts[1:]).with_suffix("")
        for each in (own, own.with_suffix(path.suffix), Path(f"{own}{path.suffix}")):
            if each.is_file() and each.read_bytes() == text.encode():
                return
        yield 1, "it is not the source of a page of the book"

    def _chart(self, path: PurePosixPath, text: str) -> Found:
        chart, _, kind = path.name.partition(".")
        spec = chart_of(self.site, chart)
        if spec is None:
            yield 1, f"the chart {chart!r} has no specification"
        elif kind == "vl.json":
            yield from ((1, what) for what in charts.faults_of(spec, self.said))
        elif kind == "csv":
            yield from _differs(text, data.as_csv(spec, self.said.ledger))
        elif kind == "svg":
            allowed = charts.vocabulary(spec, self.said)
            for what, line in charts.in_drawing(chart_texts(text), allowed):
                yield line, f"{what} is none of the chart's figures'"
        elif kind == "js":
            yield from self._explored(spec, text)
        else:
            yield from _loose(text)

    def _explored(self, spec: dict[str, Any], text: str) -> Found:
        """What a script shows: the same chart, and at each mark what the ledger says of it."""
        both = _parsed(text.partition("] = ")[2].rstrip().removesuffix(";"))
        if not isinstance(both, dict) or set(both) != {"wide", "narrow"}:
            yield 1, "it is no script of a chart"
            return
        for part in both.values():
            for row in _tipped(part):
                if row["tip"] != data.tip(row, self.said.ledger):
                    yield 1, f"the note {row['tip']!r} is not what the ledger says"
        yield from ((1, what) for what in charts.faults_of(_without_tips(both["wide"]), self.said))
        allowed = charts.vocabulary(spec, self.said)
        lines = " ".join(plain(str(each)) for each in _lines(both["narrow"]))
        for loose in loose_in(charts.without(lines, allowed), 1):
            yield 1, f"{loose.numeral!r} in “{loose.around}” is none of the chart's figures'"

    def _search(self, text: str) -> Found:
        found = _parsed(text.partition("window.tallybookSearch = ")[2].rstrip().removesuffix(";"))
        if not isinstance(found, list):
            yield 1, "it is no index of the search"
            return
        said = self.said
        made = search.records(said.ledger, said.facts, (), lambda _: "#")
        known = {_without_address(each) for each in made}
        for record in found:
            if record["kind"] != "page":
                if _without_address(record) not in known:
                    yield 1, f"what it has of {record['id']!r} is not what the ledger says"
                continue
            page = self.pages.get(record["address"].partition("#")[0])
            parts = [*record["title"].split(": "), *record["text"].split("\n")]
            for part in filter(has_numeral, parts):
                is_there = page is not None and stands_in(plain(part), page.text)
                yield from () if is_there else _loose(part)


def _without_address(record: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(record.get(name, "") for name in ("kind", "id", "title", "digits", "text"))


def _loose(text: str) -> Found:
    for number, line in enumerate(text.splitlines(), 1):
        for loose in loose_in(line, number):
            yield number, f"{loose.numeral!r} comes from no record: “{loose.around}”"


def _differs(text: str, made: str) -> Found:
    """The first line that is not as the ledger gives it."""
    if text.replace("\r\n", "\n") == made.replace("\r\n", "\n"):
        return
    lines, expected = text.splitlines(), made.splitlines()
    at = next((n for n, (a, b) in enumerate(zip(lines, expected, strict=False)) if a != b), None)
    at = min(len(lines), len(expected)) if at is None else at
    shown, wanted = (each[at] if at < len(each) else "" for each in (lines, expected))
    yield at + 1, f"{shown[:80]!r} is not what the ledger gives: {wanted[:80]!r}"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _tipped(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "tip" in part:
            yield part
        for each in part.values():
            yield from _tipped(each)
    elif isinstance(part, list):
        for each in part:
            yield from _tipped(each)


def _without_tips(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without_tips(each) for key, each in part.items() if key != "tip"}
    return [_without_tips(each) for each in part] if isinstance(part, list) else part


def _lines(part: Any) -> Iterator[str]:
    """The words that a narrow drawing lays out, in their order."""
    if isinstance(part, dict):
        if isinstance(part.get("text"), str | int | float):
            yield str(part["text"])
        for name, each in part.items():
            if name != "usermeta":
                yield from _lines(each)
    elif isinstance(part, list):
        for each in part:
            yield from _lines(each)


def _entries(inventory: str) -> list[str]:
    """What an inventory names: its format, version and the priorities of its entries aside."""
    entries = (entry.split(" ") for entry in inventory.split("\n", 4)[-1].splitlines())
    return [" ".join([*words[:1], *words[4:]]) for words in entries]


# What a file of a kind shows to a person or a machine.
_SHOWN_BY: dict[str, Callable[[str], Iterable[str]]] = {
    ".css": _CONTENT.findall,
    ".js": _STRINGS.findall,
    ".svg": lambda text: (each.text for each in chart_texts(text)),
    ".inv": _entries,
}


def _inventory(content: bytes) -> bytes:
    """What Sphinx's inventory says: four lines, and the rest compressed."""
    head, packed = b"\n".join(content.split(b"\n", 4)[:4]), content.split(b"\n", 4)[4:]
    try:
        return head + b"\n" + zlib.decompressobj().decompress(packed[0], 10**8) if packed else head
    except zlib.error:
        return content
