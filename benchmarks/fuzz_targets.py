"""What is fed with hostile input, and what it may raise: a target takes bytes and returns nothing.

The bytes of a target are whatever it takes: a file, a text (`text_of`), data (`data_of`).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace
from typing import Any

from tallybook.audit import html as audit_html
from tallybook.audit import wording
from tallybook.charts import data
from tallybook.charts.check import faults, vocabulary
from tallybook.charts.drawings import Drawings
from tallybook.charts.guides import NARROW
from tallybook.charts.layout import WIDE, layout
from tallybook.charts.svg import CannotBeDrawn
from tallybook.errors import NotebookFailed, Problem
from tallybook.ledger import coverage, loading, printed, single, units, yaml
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session
from tallybook.notebooks import stored as notebooks
from tallybook.reading import amounts, dates, hedges, numerals, periods
from tallybook.reading.periods import BadPeriod
from tallybook.site import html_input, outputs
from tallybook.site.build_state import BUILDS, Build
from tallybook.tables.table import CHART, DERIVED

ROOT = Path(__file__).parent.parent
KETTLES = ROOT / "tests/books/kettles"


class Unlocated(Exception):
    """A problem that does not say where it is."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads what others wrote: its name, what it does, and inputs that it takes."""

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


TARGETS: dict[str, Target] = {}


def target(
    name: str, *, seeds: Iterable[str | bytes] | Callable[[], Iterable[str | bytes]]
) -> Callable[[Callable[[bytes], None]], Callable[[bytes], None]]:
    """Register a function as a target; what it raises is a failure."""

    def known() -> list[bytes]:
        found = seeds() if callable(seeds) else seeds
        return [seed.encode() if isinstance(seed, str) else seed for seed in found]

    def register(run: Callable[[bytes], None]) -> Callable[[bytes], None]:
        TARGETS[name] = Target(name, run, cache(known))
        return run

    return register


def text_of(raw: bytes) -> str:
    """The bytes as text; halves of surrogate pairs are kept, other bytes are as in Latin-1."""
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def data_of(raw: bytes) -> Any:
    """The bytes as JSON, or as a text where they are none."""
    try:
        return json.loads(text_of(raw))
    except (ValueError, RecursionError):
        return text_of(raw)


@cache
def _book() -> Path:
    """A copy of the small book, whose files a target may replace."""
    folder = Path(mkdtemp(prefix="fuzz-"))
    return Path(shutil.copytree(KETTLES, folder / "kettles"))


@cache
def _ledger() -> Ledger:
    return session.load(KETTLES)


def _located(problems: Iterable[Problem]) -> None:
    for problem in problems:
        # Only a file as a whole has no line.
        if not problem.path or not problem.message or (problem.line and problem.column < 1):
            raise Unlocated(str(problem))


def _yaml_files() -> list[bytes]:
    folders = (KETTLES / "data", ROOT / "data")
    paths = sorted(path for folder in folders for path in folder.rglob("*.yml"))
    return [path.read_bytes()[:4_000] for path in paths]


@target("yaml", seeds=_yaml_files)
def _read_yaml(raw: bytes) -> None:
    path = _book() / "any.yml"
    path.write_bytes(raw)
    tree, problems = yaml.read(path, "any.yml")
    _located(problems)
    if tree is None and not problems:
        raise Unlocated("no tree, and no problem")


_REPLACED = [path.relative_to(KETTLES) for path in sorted((KETTLES / "data").rglob("*.yml"))]


def _small_files() -> list[bytes]:
    return [
        bytes([number]) + (KETTLES / path).read_bytes() for number, path in enumerate(_REPLACED)
    ]


@target("ledger", seeds=_small_files)
def _load_ledger(raw: bytes) -> None:
    """The first byte says which file of the small book has the others as its text."""
    name = _REPLACED[raw[0] % len(_REPLACED)] if raw else _REPLACED[0]
    path = _book() / name
    try:
        path.write_bytes(raw[1:])
        ledger, problems = loading.inspect(_book())
        _located(problems)
        if not problems:
            _located(coverage.check(ledger, KETTLES / "documents")[1])
    finally:
        shutil.copyfile(KETTLES / name, path)


_DATES = ["2017", "2017-06-30", "2016-09/2017-08", "../2017-08", "unstated", "201X", "2016~"]
_PRINTED_DATES = [
    "since June 2017 to the present",
    "2016-09 to August 31st, 2017",
    "first half of 2017",
]


@target("dates", seeds=[*_DATES, *_PRINTED_DATES])
def _read_dates(raw: bytes) -> None:
    text = text_of(raw)
    found = dates.read(text)
    dates.whole(text, (len(text) // 2, len(text) // 2 + 4), dates.all_in(text))
    try:
        period = periods.parse(text)
    except BadPeriod:
        return
    if not str(period) or not period.overlaps(period):
        raise ValueError(f"{period!r} has no words, or does not overlap itself")
    period.months  # noqa: B018
    if found:
        found.allows(period)


_NUMBERS = [
    "more than 1,000 stores", "nearly two weeks", "97% were handled", "two thirds of a percent",
    "$4.3 billion", "2½ times more than", "hundreds of thousands", "one hundred and twenty-one",
    "up to (10) ten", "1/0", "٣٤٥ of them", "a third-year student", "no less than RMB 30m or so",
]  # fmt: skip


@target("numbers", seeds=_NUMBERS)
def _read_numbers(raw: bytes) -> None:
    text = text_of(raw)
    for numeral in [*numerals.find(text), *hedges.read(text)]:
        if not 0 <= numeral.start < numeral.end <= len(text):
            raise ValueError(f"{numeral} stands nowhere")
        printed.plain(numeral.value)
    for amount in amounts.read(text):
        units.in_unit(amount, "kg")
    hedges.at_the_end(text)
    try:
        printed.reading_in_words(single.single_figure(text, "people"))
    except single.NoSingleFigure:
        return


def _documents() -> list[bytes]:
    return [path.read_bytes() for path in (KETTLES / "documents").iterdir()]


@target("documents", seeds=_documents)
def _match_documents(raw: bytes) -> None:
    """The small book's records against any text that has the digest which they name."""
    ledger, folder = _ledger(), _book() / "documents"
    (source,) = ledger.sources.values()
    (folder / f"{source.id}.txt").write_bytes(raw)
    digest = hashlib.sha256(raw).hexdigest()
    ledger.sources[source.id] = source.model_copy(update={"text_sha256": digest})
    try:
        accounts, problems = coverage.check(ledger, folder)
    finally:
        ledger.sources[source.id] = source
    _located(problems)
    for account in accounts.values():
        _located(account.left_over())
        account.document.find("stores", (0, len(account.document.text)))
        coverage.folded(account.document.text)


def _notebook_files() -> list[bytes]:
    paths = sorted((KETTLES / "notebooks").glob("*.ipynb"))
    small = {
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# x"]},
            {
                "cell_type": "code", "metadata": {"tags": ["hide-input"]}, "source": "1",
                "execution_count": 1, "id": "a",
                "outputs": [
                    {"output_type": "stream", "name": "stdout", "text": ["a", "b"]},
                    {
                        "output_type": "display_data", "metadata": {},
                        "data": {DERIVED: [_DERIVED], "text/plain": ["x"]},
                    },
                ],
            },
        ],
        "metadata": {"tallybook": {"reads": {}}}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    return [*(path.read_bytes() for path in paths), json.dumps(small).encode()]


@target("notebooks", seeds=_notebook_files)
def _read_notebook(raw: bytes) -> None:
    path = _book() / "notebooks/any.ipynb"
    path.write_bytes(raw)
    try:
        stored = notebooks.load(path)
        notebooks.outputs_digest(stored)
        notebooks.published(stored)
        notebooks.tidy(notebooks.read(path))
    except (NotebookFailed, ValueError) as error:
        if not isinstance(error, NotebookFailed) and type(error) is not ValueError:
            raise
    finally:
        path.unlink()


_DERIVED = {
    "id": "ratio", "label": "a ratio", "point": "2/3", "interval": ["1/2", None, True, False],
    "natural": [None, None, False, False], "unit": "percent", "inputs": ["a"],
    "contexts": [["2017", "x", "", ""]], "reasons": ["because"],
}  # fmt: skip


@target("derived", seeds=[json.dumps([_DERIVED])])
def _read_derived(raw: bytes) -> None:
    """Figures that a notebook has published."""
    cell = {"outputs": [{"data": {DERIVED: data_of(raw)}}]}
    try:
        found = notebooks.published({"cells": [cell]})
    except ValueError:
        return
    for figure in found:
        repr(figure)


_TABLE = {
    "columns": ["a", "b"], "anchors": ["figure-stores-closed-2017"], "note": "n", "sortable": True,
    "rows": [[{"figure": "stores-closed-2017", "text": "x"}, {"lines": [[{"text": "y"}], []]}]],
}  # fmt: skip


@target("tables", seeds=[json.dumps(_TABLE)])
def _show_table(raw: bytes) -> None:
    with suppress(*outputs.NOT_OURS):  # which a build tells with page and cell
        outputs._table(environment(), data_of(raw))


@cache
def environment() -> Any:
    """Stands for the environment of Sphinx, as far as a table needs it."""
    app: Any = _App()
    BUILDS[app] = Build(_ledger(), drawings=Drawings(_book()))
    return SimpleNamespace(app=app, docname="index")


class _App:
    """Stands for Sphinx, as far as a table asks."""


def _specifications() -> list[str]:
    paths = [
        *sorted((KETTLES / "notebooks").glob("*.ipynb")),
        *sorted((ROOT / "notebooks").glob("*.ipynb")),
    ]
    outputs = (output for path in paths for _, output in notebooks.outputs(notebooks.load(path)))
    found = (output.get("data", {}).get(CHART) for output in outputs)
    return sorted({json.dumps(spec) for spec in found if spec}, key=len)[:5]


@target("charts", seeds=_specifications)
def _look_at_chart(raw: bytes) -> None:
    """All that is made of a chart's specification but the drawing, which vl-convert makes."""
    spec = data_of(raw)
    try:
        laid_out = [layout(spec, room) for room in (WIDE, NARROW)]
        vocabulary(spec, _ledger())
        data.as_csv(spec, _ledger())
        if not faults(spec, _ledger()):
            data.is_explorable(spec)
            for each in laid_out:
                data.explored(each, _ledger())
    except CannotBeDrawn:
        return


_HTML = ["<b>x</b> &amp; <a href='https://example.org'>y</a>", "<ul><li>x</li></ul><!-- c -->"]


@target("html", seeds=[*_HTML, '<p onclick="x" data-of=y>z</p><script>1</script>'])
def _sanitise(raw: bytes) -> None:
    text = text_of(raw)
    try:
        written = html_input.checked(text)
    except html_input.NotTaken:
        return
    if html_input.checked(written) != written:
        raise ValueError("what is written anew is not what was read")


_AUDITED = """<!DOCTYPE html><html><head><title>x</title><meta name="description" content="5">
</head><body><main><p>Over <a data-of="words:stores-closed-2017" href="x">more than
1,000</a> stores, <span data-of="period:stores-closed-2017">2017</span> 97%.</p><table><tr><td
data-label="a">2</td></tr></table><figure class="tallybook-chart" id="chart-a-1"><svg><text>1</text>
<title>t</title></svg></figure><pre><code>1 + 1</code></pre></main></body></html>
"""


@target("audit", seeds=[_AUDITED])
def _audit_page(raw: bytes) -> None:
    reading = audit_html.read(text_of(raw))
    for prose in reading.prose:
        list(wording.faults_in(prose, _ledger()))
