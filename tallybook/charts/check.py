"""Whether a chart shows what the ledger has: any Altair chart, by the ids in its rows.

Each number in a row is its figure's own. A mark may stand where it likes on a scale of such
numbers, or of what Vega computes from them. What is printed is words: those of the ledger, or those
that the author typed without a numeral. Ticks of axes and legends are scales, and no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import Any

from tallybook.charts import typed
from tallybook.charts.svg import form
from tallybook.charts.views import SCALE_OF, DataRow, View, views
from tallybook.errors import UnknownId
from tallybook.ledger import frames
from tallybook.ledger.figures import Figure, unit_in_words
from tallybook.ledger.ledger import Ledger
from tallybook.quantity.quantity import Context
from tallybook.reading.numerals import has_numeral
from tallybook.reading.statements import stating

_PRINTED = frozenset(("text", "tooltip", "description", "row", "column", "facet"))
_UNSCALED = frozenset(("order", "detail", "key"))
_LEADS_AWAY = frozenset(("url", "href"))
_PERIODS = frozenset(("period", "start", "end"))
_PUBLISH = "tallybook.publish them, and take them from ledger.frame(ids=[...])"
# What a column is, the stricter first: one value makes it so.
_KINDS = ("own number", "number", "date", "year", "text")


def faults(spec: Mapping[str, Any], ledger: Ledger) -> list[str]:
    """What a specification shows that the ledger does not have, each as a sentence with a remedy.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> rows = [{"id": "stores-closed-2017", "value": 1700}]
    >>> spec = {"data": {"values": rows}, "mark": "bar", "encoding": {}}
    >>> faults(spec, ledger)[0].partition(": ")[0]
    "the row of 'stores-closed-2017' has 1700 for value, the ledger has 1000.0"
    """
    return [*dict.fromkeys(_Check(dict(spec), ledger).faults())]


def vocabulary(spec: Mapping[str, Any], ledger: Ledger) -> list[str]:
    """The texts with numerals that a drawing of a chart may show, the longest first."""
    found = {str(text) for text in form(dict(spec)).get("told") or ()}
    for row in (row for view in views(dict(spec)) for row in view.rows):
        for wanted in (str(row.get("id", "")), str(row.get("to", ""))):
            found.update(_texts_of(wanted, ledger))
    return sorted((plain(text) for text in found if has_numeral(text)), key=len, reverse=True)


def without(text: str, allowed: Iterable[str], *, by: str = "…") -> str:
    """A text with a sign in place of those parts that are allowed, each of whole words.

    >>> without("1,606 arrests, and 1 more", ["1,606"])
    '… arrests, and 1 more'
    """
    for each in allowed:
        text = re.sub(rf"(?<![\w.,]){re.escape(plain(each))}(?![\w%])", by, text)
    return text


def plain(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def _texts_of(wanted: str, ledger: Ledger) -> set[str]:
    """The texts that the ledger has for an id; none for one that it does not have."""
    if wanted in ledger.items:
        return {ledger.items[wanted].label}
    try:
        known: Mapping[str, Any] = frames.row(ledger, wanted)
    except UnknownId:  # which `faults` reports
        return set()
    return {str(known[name]) for name in ("label", "words", "period", "scope")}


@dataclass
class _Check:
    spec: dict[str, Any]
    ledger: Ledger
    _known: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def faults(self) -> Iterator[str]:
        yield from typed.faults_of_data(self.spec)
        parts = [*views(self.spec)]
        if not parts:
            yield "it has no marks: expected an Altair chart"
        for row in {id(row): row for part in parts for row in part.rows}.values():
            yield from self._of_row(row)
        for part in parts:
            yield from self._of_view(part)
        yield from self._of_axes(parts)
        yield from self._of_texts()
        yield from typed.faults_of_expressions(self.spec)

    # Rows

    def _of_row(self, row: DataRow) -> Iterator[str]:
        wanted = row.get("id")
        if not isinstance(wanted, str):
            if any(_is_number(value) for value in row.values()):
                yield (
                    f"a row of its data has numbers and no id: {_short(row)}. "
                    f"{frames.KEPT.capitalize()}, with their column id; what is computed from "
                    f"several is a derived figure: {_PUBLISH}"
                )
            return
        try:
            if "to" in row and "relation" in row:
                yield from frames.changes_of_link(row, self.ledger)
                return
            known = {} if wanted in self.ledger.items else self._expected(wanted)
        except UnknownId as error:
            yield f"{str(error).rstrip('.')}; execute the notebook with the id that it has now"
            return
        yield from frames.changes(row, known)

    def _expected(self, wanted: str) -> Mapping[str, Any]:
        if wanted not in self._known:
            self._known[wanted] = frames.row(self.ledger, wanted)
        return self._known[wanted]

    def _known_of(self, row: DataRow) -> Mapping[str, Any]:
        try:
            return self._expected(str(row.get("id")))
        except UnknownId:
            return {}

    def _columns(self, view: View) -> dict[str, str]:
        """What each column of a view's rows is: one of _KINDS."""
        found: dict[str, set[str]] = {}
        for row in view.rows:
            for name, value in row.items():
                kinds = found.setdefault(name, {"number" if name in frames.NUMBERS else "text"})
                if value is not None:
                    kinds.add(_kind(name, value, self._known_of(row)))
        return {name: next(k for k in _KINDS if k in kinds) for name, kinds in found.items()}

    # Channels

    def _of_view(self, view: View) -> Iterator[str]:
        if view.kind == "image":
            yield "its mark is an image, from elsewhere: a chart has shapes and text only"
        tooltip = view.mark.get("tooltip") if isinstance(view.mark, dict) else None
        if tooltip is True or isinstance(tooltip, dict):
            yield (
                "the tooltip of its mark prints numbers as Vega formats them: leave it out, for "
                "Explore says of each mark what it is, or write tooltip=['label:N', 'words:N']"
            )
        columns = self._columns(view)
        for channel, given in view.channels():
            yield from self._of_channel(_named(channel, given, view), channel, given, view, columns)

    def _of_channel(
        self, said: str, channel: str, given: Mapping[str, Any], view: View,
        columns: Mapping[str, str],
    ) -> Iterator[str]:  # fmt: skip
        name = given.get("field")
        if channel in _LEADS_AWAY:
            yield f"{said} leads away from the page: leave it out; the chart's table has links"
        elif name is not None and not isinstance(name, str):
            yield f"{said} has no field: write the name of a column"
        elif _is_number(given.get("datum")):
            yield from _of_place(said, given["datum"])
        elif name is not None or given.get("aggregate"):
            kind = _kind_of_field(str(name), given, view, columns)
            if kind == "unknown":
                yield f"{said} is no column of its data: it has {', '.join(columns) or 'none'}"
            elif channel in _PRINTED or _is_discrete(channel, given):
                yield from self._of_printed(said, channel, kind, str(name), view)
            elif channel not in _UNSCALED and given.get("scale", {}) is not None:
                yield from _of_scaled(said, kind, given)

    def _of_printed(
        self, said: str, channel: str, kind: str, name: str, view: View
    ) -> Iterator[str]:
        is_in_a_text = channel in ("text", "tooltip", "description")
        if kind == "number":
            instead = "words:N, as its party says it" if channel in _PRINTED else f"{name}:Q"
            yield f"{said} prints {name} as Vega formats it: write {instead}"
        elif kind == "computed":
            yield (
                f"{said} prints what Vega computes, which nobody can trace: draw it as a mark, or "
                "tallybook.publish it, and take its words from ledger.frame(ids=[...])"
            )
        elif kind == "own number":
            yield f"{said} prints numbers that are no figure's: write words:N, or {_PUBLISH}"
        elif kind == "date" and is_in_a_text:
            yield f"{said} prints a date as Vega formats it: write period:N, its words"
        elif kind == "text" and name not in frames.TEXTS - {"label"} and name != "id":
            yield from self._of_own_texts(said, name, view)

    def _of_own_texts(self, said: str, name: str, view: View) -> Iterator[str]:
        """Numerals that an author typed into a column of texts that is printed."""
        for row in view.rows:
            text = row.get(name)
            if not isinstance(text, str) or not has_numeral(text) or text in self._told:
                continue
            ids = (str(row.get(each, "")) for each in ("id", "to"))
            allowed = [text for wanted in ids for text in _texts_of(wanted, self.ledger)]
            allowed += self._told
            for numeral in self._typed_in(text, sorted(allowed, key=len, reverse=True)):
                yield (
                    f"{said} prints {text!r}, in which {numeral!r} is typed: cite its figure with "
                    "tallybook.worded"
                )

    # Axes that several figures share

    def _of_axes(self, parts: Sequence[View]) -> Iterator[str]:
        shared: dict[tuple[str, str], dict[str, None]] = {}
        shown: dict[tuple[str, str], set[str]] = {}
        for view in parts:
            said = self._sets_apart(view)
            for channel, given in view.channels():
                if given.get("field") not in frames.NUMBERS or channel in _UNSCALED | _PRINTED:
                    continue
                by = view.by.get(SCALE_OF.get(channel, channel))
                for row in view.rows:
                    if isinstance(row.get("id"), str) and row.get("value") is not None:
                        axis = view.scale(channel), str(row.get(by, "")) if by else ""
                        shared.setdefault(axis, {})[row["id"]] = None
                        shown.setdefault(axis, set()).update(said)
        for axis, ids in shared.items():
            yield from self._of_one_axis(axis[0].partition("/")[0], [*ids], shown[axis])

    def _sets_apart(self, view: View) -> set[str]:
        """In what the figures of a view may differ, for it shows that by a channel."""
        fields = {str(given.get("field")) for _, given in view.channels()}
        times = {n for n, kind in self._columns(view).items() if kind in ("year", "date")}
        return fields & {"scope"} | ({"period"} if fields & (_PERIODS | times) else set())

    def _of_one_axis(self, axis: str, ids: list[str], shown: set[str]) -> Iterator[str]:
        try:
            figures = [self.ledger.figure(wanted) for wanted in ids]
        except UnknownId:
            return  # which is said of the row
        units = {unit_in_words(figure.quantity.unit) for figure in figures}
        if len(units) > 1:
            yield (
                f"{axis} has figures of the units {' and '.join(sorted(map(repr, units)))} on one "
                "scale: filter the frame to one unit in pandas, or facet by unit and add "
                f".resolve_scale({axis}='independent')"
            )
        elif not typed.reason(self.spec) and (names := _differences(figures, shown)):
            yield (
                f"{axis} has figures that are not known to agree in {' and '.join(names)}: show "
                "what sets them apart, such as color='period:N', or say why they may stand side by "
                "side: because='…' in a function of tallybook.charts, or "
                "chart.properties(usermeta={'because': '…'})"
            )

    # Texts

    @cached_property
    def _told(self) -> dict[str, Any]:
        """The texts that `worded` made, with their pieces."""
        told = form(self.spec).get("told")
        return told if isinstance(told, dict) else {}

    def _of_texts(self) -> Iterator[str]:
        told = sorted(self._told, key=len, reverse=True)
        for name, text in typed.texts_in(self.spec):
            # The renderer writes a description of the rows' words.
            others = vocabulary(self.spec, self.ledger) if name == "description" else []
            for numeral in self._typed_in(text, [*told, *others]):
                yield (
                    f"{numeral!r} is typed into its {name}, {text[:80]!r}: cite the figure with "
                    "tallybook.worded"
                )

    def _typed_in(self, text: str, allowed: Iterable[str]) -> Iterator[str]:
        """The numerals of a text that are in none of the allowed texts."""
        left = without(plain(text), allowed)
        yield from (left[each.start : each.end] for each in stating(left, self.ledger.known))


def _kind(name: str, value: Any, known: Mapping[str, Any]) -> str:
    """What a value of a row is; where the ledger has the column, the row's check compared it."""
    if name in frames.NUMBERS:
        return "number"
    if name in frames.DATES:
        return "date"
    days = [day for day in (known.get("start"), known.get("end")) if day]
    if _is_number(value):
        if value in {day.year for day in days}:
            return "year"
        return "number" if value in [known.get(n) for n in frames.NUMBERS] else "own number"
    if isinstance(value, str) and value[:10] in {day.isoformat() for day in days}:
        return "date"
    return "text"


def _kind_of_field(
    name: str, given: Mapping[str, Any], view: View, columns: Mapping[str, str]
) -> str:
    """What a channel shows: one of _KINDS, "computed", or "unknown"."""
    if given.get("bin") or given.get("aggregate"):
        return "computed"
    if name in view.keys:
        return "text"
    if name in view.computed:
        return "computed"
    return columns.get(name.replace("\\", ""), "unknown" if view.rows else "text")


def _of_place(said: str, place: float) -> Iterator[str]:
    """A mark at a place that is typed, which is an end of its scale or of no figure."""
    if str(place).removesuffix(".0") not in typed.BY_ANYONE:
        yield (
            f"{said} stands at {place!r}, which is no figure's: take the place from a row; only 0, "
            "1 and 100 may be typed, where a scale begins or ends"
        )


def _of_scaled(said: str, kind: str, given: Mapping[str, Any]) -> Iterator[str]:
    if kind == "own number":
        yield (
            f"{said} draws numbers that are no figure's on a scale: {_PUBLISH}; places in pixels "
            "have scale=None"
        )
    elif kind == "text" and given.get("type") == "quantitative":
        yield f"{said} is text, and no number: write :N for its type"
    guide = given.get("axis") or given.get("legend")
    is_share = isinstance(guide, dict) and str(guide.get("format", "")).endswith("%")
    if is_share and given.get("stack") != "normalize":
        yield f"{said} is in percent already, and its axis would show it times 100: no '%' in it"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_discrete(channel: str, given: Mapping[str, Any]) -> bool:
    """Whether each value of a channel is named on an axis, in a legend or above a facet."""
    if channel in _UNSCALED or given.get("type") not in ("nominal", "ordinal"):
        return False
    guide = "axis" if SCALE_OF.get(channel, channel) in ("x", "y") else "legend"
    return given.get(guide, {}) is not None


def _named(channel: str, given: Mapping[str, Any], view: View) -> str:
    """A channel as an author finds it: "text='value' (layer 2)"."""
    what = given.get("field")
    if aggregate := given.get("aggregate"):
        what = f"{aggregate}({what or ''})"
    named = f"{channel}={what!r}" if what else channel
    return f"{named} ({view.place})" if view.place else named


def _short(row: Mapping[str, Any]) -> str:
    text = ", ".join(f"{name}={value!r}" for name, value in row.items())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _differences(figures: Sequence[Figure], shown: set[str]) -> list[str]:
    """The fields in which figures are not known to agree, but for those that the chart shows."""
    fields = [name for name in Context._fields if name not in shown]
    distinct: dict[Any, tuple[frozenset[str], set[tuple[str, ...]]]] = {}
    for figure in figures:
        parts = {tuple(getattr(c, n) for n in fields) for c in figure.quantity.contexts}
        # What is not stated is not known to agree, with what is not stated either.
        is_open = any("unstated" in part for part in parts)
        key = (frozenset(parts), figure.quantity.inputs if is_open else None)
        distinct.setdefault(key, (figure.quantity.inputs, parts))
    differing: set[str] = set()
    for (inputs, ours), (others, theirs) in combinations(distinct.values(), 2):
        if inputs <= others or others <= inputs:  # computed from one another
            continue
        for one, other in product(ours, theirs):
            pairs = zip(fields, one, other, strict=True)
            differing |= {n for n, a, b in pairs if a != b or "unstated" in (a, b)}
        if len(differing) == len(fields):
            break
    return sorted(differing)
