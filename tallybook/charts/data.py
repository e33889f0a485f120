"""The rows of a chart as its page, its downloads and its tooltips say them: from the ledger, exact.

A chart names its figures, events and links by id. Of its rows only the ids and the labels are
taken; what a text says of one comes from the ledger.
"""

from __future__ import annotations

import copy
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tallybook.charts.svg import CannotBeDrawn, title
from tallybook.charts.theme import ARROWS, SHAPES
from tallybook.charts.views import DataRow, Spec, all_rows, views
from tallybook.errors import UnknownId
from tallybook.ledger import frames
from tallybook.ledger.figures import OURS, bounds
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.phrases import when_alike
from tallybook.ledger.printed import plain
from tallybook.tables.table import spreadsheet_safe

FOLDER, BUNDLE = "charts", "vega.js"  # of a site: the files of its charts, and the script for them
KINDS = {".svg": "SVG", ".png": "PNG", ".csv": "CSV", ".vl.json": "Vega-Lite"}
_TOLD = 40  # figures that a description names
# Words, and what Vega draws of several rows.
_WITHOUT_TIPS = frozenset(("text", "geoshape", "boxplot", "errorband", "errorbar"))
_UNSEEN = frozenset("tooltip href url description detail order key".split())
_SUMS_UP = ("aggregate", "bin", "density", "quantile", "regression", "loess")


def rows(spec: Spec) -> list[DataRow]:
    """The rows of a chart that name a figure, an event or a link, each once.

    Nothing of them is checked here. Raises CannotBeDrawn for what is no specification.
    """
    found: dict[tuple[str, str], DataRow] = {}
    try:
        for row in all_rows(spec):
            if isinstance(row.get("id"), str):
                found.setdefault((row["id"], str(row.get("to", ""))), row)
    except (AttributeError, KeyError, TypeError) as error:  # a stored chart may hold anything
        raise CannotBeDrawn(f"it is not as Altair writes a chart: {error}") from None
    return [*found.values()]


def spoken(spec: Spec) -> str:
    """What is said of a chart in place of its drawing: its title, and its rows.

    A row has its period where another one has the same label. A party that all are of is said
    once, at the end.
    """
    whose = _party_of_all(all_rows(spec))
    shown: dict[tuple[str, str], str] = {}
    named = {
        str(row["id"]): (str(row.get("label", "")), str(row.get("period", "")))
        for row in all_rows(spec) if "id" in row
    }  # fmt: skip
    periods = dict(zip(named, when_alike(named.values()), strict=True))
    for row in all_rows(spec):
        if "words" in row and "id" in row:
            party = f", {row['party']}" if row.get("party") and not whose else ""
            label = str(row.get("label", ""))
            when = f", {period}" if (period := periods[str(row["id"])]) else ""
            shown[row["id"], ""] = f"{label}{when}: {row['words']}{party}"
        elif "to" in row and "relation" in row:
            tie = f"{row.get('label')} {row['relation']} {row.get('to_label')}"
            shown[row["id"], row["to"]] = f"{tie}, {row.get('basis')}"
    lines = [*shown.values()]
    more = ["and more, in its table"] if len(lines) > _TOLD else []
    if whose:
        more.append(f"all {whose}" if whose == OURS else f"all by {whose}")
    heading = f"{title(spec)}. " if title(spec) else ""
    return f"{heading}{'; '.join([*lines[:_TOLD], *more])}."


def _party_of_all(found: Iterable[DataRow]) -> str:
    """The party that several figures of a chart are of, where there is no other; or ""."""
    party_of = {r["id"]: str(r.get("party", "")) for r in found if "words" in r and "id" in r}
    parties = set(party_of.values())
    return parties.pop() if len(party_of) > 1 and len(parties) == 1 else ""


def columns(spec: Spec) -> tuple[str, ...]:
    """The names of a chart's data: those of a frame, or of links for a chart of these."""
    found = rows(spec)
    return frames.LINKS if found and all("to" in row for row in found) else frames.COLUMNS


def data(spec: Spec, ledger: Ledger) -> list[dict[str, str]]:
    """The data of a chart, a row for each figure, event or link, with the names of `columns`.

    Numbers are exact, in the figure's unit; an end or date that is not known is "". Raises
    CannotBeDrawn for a row that the ledger does not have.
    """
    try:
        if columns(spec) == frames.LINKS:
            return [_link(row, ledger) for row in rows(spec)]
        return [_row(row, ledger) for row in rows(spec) if row["id"] not in ledger.items]
    except UnknownId as error:
        raise CannotBeDrawn(str(error)) from None


def shown(spec: Spec, ledger: Ledger) -> set[str]:
    """The ids of the figures whose number a chart draws, or whose words it prints.

    Of a figure whose period it draws, and no more, it does not show what the figure is.
    """
    return set.union(*_drawn_and_worded(spec, ledger))


def one_sided(spec: Spec, ledger: Ledger) -> list[str]:
    """The ids of ranges, and of figures with an open end, of which a chart draws a number alone.

    Where their words stand in it, or their bounds are a colour or a shape, nothing is missing.
    """
    drawn, worded = _drawn_and_worded(spec, ledger)
    names = [row["id"] for row in rows(spec) if row["id"] in drawn - worded]
    return [
        name for name in names
        if is_range(ledger, name) or None in ledger.figure(name).quantity.known_ends
    ]  # fmt: skip


def is_range(ledger: Ledger, wanted: str) -> bool:
    """Whether a figure is stated as a range, whose middle nobody states.

    >>> import tallybook
    >>> is_range(tallybook.load("tests/books/kettles"), "stores-closed-2017")
    False
    """
    return wanted in ledger.statistics and ledger.statistics[wanted].value is None


def _drawn_and_worded(spec: Spec, ledger: Ledger) -> tuple[set[str], set[str]]:
    """The figures that are drawn as numbers, and those whose words or bound are to be seen."""
    drawn: set[str] = set()
    worded: set[str] = set()
    for view in views(spec):
        seen = [given for channel, given in view.channels() if channel not in _UNSEEN]
        is_number = any(given.get("type") == "quantitative" for given in seen)
        others = [str(e.get("field")) for e in seen if e.get("type") != "quantitative"]
        for row in view.rows:
            name = row.get("id")
            if not isinstance(name, str) or name in ledger.events or name in ledger.items:
                continue
            drawn.update([name] if is_number else ())
            words = rf"(?<![\w.,]){re.escape(ledger.figure(name).words)}(?![\w%]|[.,]\d)"
            texts = (str(row.get(field) or "") for field in others)
            if "bound" in others or any(re.search(words, text) for text in texts):
                worded.add(name)
    return drawn, worded


def signs(spec: Spec, ledger: Ledger) -> list[str]:
    """What the signs of a chart mean, each in a sentence: thin and pale bars, lines, and arrows.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> signs(charts.bars(ledger.frame(ids=["stores-closed-2017"])).to_dict(), ledger)
    ['An arrow: how far it goes on is not said.']
    """
    drawn = str(spec)
    arrows = [*ARROWS.values(), *(each for each in SHAPES["range"] if each.startswith("M"))]
    has_arrows, thin, goes_on, near = any(each in drawn for each in arrows), False, False, False
    for row in (row for row in rows(spec) if row["id"] not in ledger.items):
        known = frames.row(ledger, row["id"])
        low, high = known["low"], known["high"]
        is_figure, open_ends = known["value"] is not None, [low, high].count(None)
        near |= is_figure and open_ends == 2
        has_no_end = is_figure and open_ends == 1
        goes_on |= has_no_end or (known["start"] is None) != (known["end"] is None)
        thin |= row.get("ends") == "apart" and high is not None and high != low
    printed = {row.get("ends") for row in rows(spec)}
    return [
        *(["Thin: as far as the figure may reach."] if thin else []),
        *(["Pale: the range that is stated."] if "range" in printed else []),
        *(["A line with stops: the interval beside it."] if "interval" in printed else []),
        *(["An arrow: how far it goes on is not said."] if goes_on and has_arrows else []),
        *(["A diamond: how near it is, is not said."] if near and "diamond" in drawn else []),
    ]


def as_csv(spec: Spec, ledger: Ledger) -> str:
    """The data of a chart as CSV; no spreadsheet executes a text of it as a formula."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    names = columns(spec)
    lines.writerow(names)
    for row in data(spec, ledger):  # the minus of a number begins no formula
        lines.writerow([row[n] if n in frames.NUMBERS else spreadsheet_safe(row[n]) for n in names])
    return written.getvalue()


def tip(row: DataRow, ledger: Ledger) -> str:
    """What is said of a mark, in lines with a name each; "" for one that stands for no figure.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> print(tip({"id": "stores-closed-2017"}, ledger))
    What: stores closed
    How many: more than 1,000
    At least: 1,000
    At most: no upper end
    Who says so: Kettle Company
    When: 2017
    Where: report
    """
    wanted = row.get("id")
    if not isinstance(wanted, str):
        return ""
    if "to" in row and "relation" in row:
        link = _link(row, ledger)
        said = {
            "From": link["label"], "Relation": link["relation"], "To": link["to_label"],
            "Who says so": "a document" if link["basis"] == "stated" else "inferred by the editors",
        }  # fmt: skip
    elif wanted in ledger.items:
        return ""
    else:
        known = _row(row, ledger)
        own = frames.row(ledger, wanted)["label"]
        said = {"What": own, "Here": known["label"] if known["label"] != own else ""}
        if wanted not in ledger.events:
            said |= {"How many": known["words"], **_ends(ledger, wanted, known["interval"])}
        said |= {"Who says so": known["party"], "When": known["period"]}
        known_sources = [ledger.source(name) for name in frames.sources(ledger, wanted)]
        said["Where"] = "; ".join(source.short or source.title for source in known_sources)
    return "\n".join(f"{name}: {text}" for name, text in said.items() if text)


def _ends(ledger: Ledger, wanted: str, interval: str) -> dict[str, str]:
    """What a tip says of the ends of a figure, by what they are."""
    low, high = bounds(ledger.figure(wanted))
    if interval and None not in ledger.figure(wanted).quantity.known_ends:
        named = "Range, as stated" if interval == "range" else interval[:1].upper() + interval[1:]
        return {named: f"{low} to {high}"}
    return {"At least": low, "At most": high} if low != high else {}


def explored(spec: Spec, ledger: Ledger) -> Spec:
    """A copy of a specification whose marks say what they stand for, but for those of sums.

    Vega says nothing of its own: neither tips of numbers, nor labels for who hears the page.
    """
    spec = copy.deepcopy(spec)
    spec["config"] = {**(spec.get("config") or {}), "aria": False}
    for part in _marked(spec):
        part.setdefault("encoding", {})["tooltip"] = None
    for row in (row for view in views(spec) for row in view.rows):
        if "tip" not in row and (said := tip(row, ledger)):
            row["tip"] = said
    for part in _with_tips(spec, is_summed=False):
        part["encoding"]["tooltip"] = {"field": "tip", "type": "nominal"}
        mark = part["mark"] if isinstance(part["mark"], dict) else {"type": part["mark"]}
        # Of a line or an area only the points stand for figures.
        is_drawn_through = mark["type"] in ("line", "area", "trail")
        part["mark"] = {"point": "transparent", **mark} if is_drawn_through else mark
    return spec


def is_explorable(spec: Spec) -> bool:
    """Whether any mark of a chart stands for a figure or a link, and can say so."""
    return any(True for _ in _with_tips(spec, is_summed=False)) and bool(rows(spec))


def _marked(part: Any) -> Iterator[dict[str, Any]]:
    """The parts of a specification with marks."""
    if isinstance(part, list):
        for each in part:
            yield from _marked(each)
    if isinstance(part, dict):
        if "mark" in part:
            yield part
        for name in ("layer", "concat", "hconcat", "vconcat", "spec"):
            yield from _marked(part.get(name))


def _with_tips(part: Any, *, is_summed: bool) -> Iterator[dict[str, Any]]:
    """The parts of a specification with marks that stand for one row each."""
    if isinstance(part, list):
        for each in part:
            yield from _with_tips(each, is_summed=is_summed)
    if not isinstance(part, dict):
        return
    channels = [each for each in (part.get("encoding") or {}).values() if isinstance(each, dict)]
    sums = any(name in each for each in part.get("transform", ()) for name in _SUMS_UP)
    sums = sums or any(each.get("aggregate") or each.get("bin") for each in channels)
    if mark := part.get("mark"):
        kind = mark.get("type") if isinstance(mark, dict) else mark
        if not (is_summed or sums) and kind not in _WITHOUT_TIPS:
            yield part
    for name in ("layer", "concat", "hconcat", "vconcat", "spec"):
        yield from _with_tips(part.get(name), is_summed=is_summed or sums)


def _row(row: DataRow, ledger: Ledger) -> dict[str, str]:
    wanted = row["id"]
    known = {
        name: "" if value is None else str(value)
        for name, value in frames.row(ledger, wanted).items()
    }
    known["label"] = str(row.get("label", known["label"]))
    if wanted not in ledger.events:
        figure = ledger.figure(wanted)
        low, high = figure.quantity.known_ends
        ends = {"low": low, "value": figure.number, "high": high}.items()
        known |= {name: "" if end is None else plain(end) for name, end in ends}
        known["value"] = "" if known["interval"] == "range" else known["value"]  # nobody states it
    return known


def _link(row: DataRow, ledger: Ledger) -> dict[str, str]:
    found = frames.link_rows(ledger, row["id"])
    for link in found:
        if link["to"] == row["to"]:
            return link
    raise UnknownId("link", f"{row['id']} to {row['to']}", [link["to"] for link in found])
