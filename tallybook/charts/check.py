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

from tallybook.charts import data, expressions, typed
from tallybook.charts.svg import cited_texts
from tallybook.charts.views import SCALE_OF, DataRow, View, all_rows, is_number, views
from tallybook.errors import UnknownId
from tallybook.ledger import frames
from tallybook.ledger.figures import Figure, unit_in_words
from tallybook.ledger.ledger import Ledger
from tallybook.quantity.quantity import PLACES, Context
from tallybook.reading.numerals import has_numeral
from tallybook.reading.statements import stating
from tallybook.tables.table import is_worded

_PRINTED = frozenset(("text", "tooltip", "description", "row", "column", "facet"))
_UNSCALED = frozenset(("order", "detail", "key"))
_AMOUNTS = frozenset(("bar", "area", "arc", "boxplot"))  # marks as long or large as a number
_WORDS = frozenset(("text", "tooltip", "description"))
_UNTITLED = _UNSCALED | _WORDS | set(SCALE_OF)
_PERIODS = frozenset(("period", "start", "end"))
_PUBLISH = "tallybook.publish them, and take them from ledger.frame(ids=[...])"
_OF_AN_ITEM = dict.fromkeys((name for name in frames.COLUMNS[2:] if name not in frames.LINKS), "")
_NUMERIC = re.compile(r"\s*[-+]?(?:\d[\d.]*|\.\d+)(?:e[-+]?\d+)?\s*|0x[\da-f]+", re.IGNORECASE)
_NO_CHART = (AttributeError, KeyError, TypeError, ValueError)  # a stored chart may hold anything
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
    try:
        return [*dict.fromkeys(_Check(dict(spec), ledger).faults())]
    except _NO_CHART as error:
        return [f"it is not as Altair writes a chart: {error!r}"]


def vocabulary(spec: Mapping[str, Any], ledger: Ledger) -> list[str]:
    """The texts with numerals that a drawing of a chart may show, the longest first."""
    try:
        rows, told = all_rows(dict(spec)), cited_texts(dict(spec))
    except _NO_CHART:  # which `faults` reports
        return []
    found = {str(text) for text in told}
    for row in rows:
        for wanted in filter(None, (row.get("id"), row.get("to"))):
            found.update(_texts_of(str(wanted), ledger))
    return sorted((plain(text) for text in found if has_numeral(text)), key=len, reverse=True)


def without(text: str, allowed: Iterable[str], *, by: str = "…") -> str:
    """A text with a sign in place of those parts that are allowed, each of whole words.

    >>> without("1,606 recalls, and 1 more", ["1,606"])
    '… recalls, and 1 more'
    """
    for each in filter(text.__contains__, map(plain, allowed)):
        text = re.sub(rf"(?<![\w.,]){re.escape(each)}(?![\w%])", by, text)
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
    return {str(known[name]) for name in ("label", "words", "period", "scope", "interval", "unit")}


@dataclass
class _Check:
    spec: dict[str, Any]
    ledger: Ledger
    _known: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _of_rows: dict[tuple[int, ...], dict[str, str]] = field(default_factory=dict)

    def faults(self) -> Iterator[str]:
        of_data = [*typed.faults_of_data(self.spec)]
        yield from of_data
        if of_data:
            return  # of what else is wrong nothing can be told
        parts = [*views(self.spec)]
        if not parts:
            yield "it has no marks: expected an Altair chart"
        elif not all_rows(self.spec):
            yield "its frame is empty, so that nothing would be drawn: look at its filter"
            return
        for row in all_rows(self.spec):
            yield from self._of_row(row)
        for part in parts:
            yield from self._of_view(part)
        yield from self._of_axes(parts)
        yield from self._of_texts()
        yield from expressions.faults_of_expressions(self.spec)
        yield from typed.faults_of_settings(self.spec)

    # Rows

    def _of_row(self, row: DataRow) -> Iterator[str]:
        wanted = row.get("id")
        for name in (name for name, value in row.items() if isinstance(value, dict | list)):
            kept = f"{frames.KEPT}, with one in each"
            yield f"a row of its data has several values in {name!r}: {kept}"
        if not isinstance(wanted, str):
            given = {name: value for name, value in row.items() if value is not None}
            if any(map(is_number, given.values())) or frames.DATES & set(given):
                yield (
                    f"a row of its data has numbers and no id: {_short(row)}. "
                    f"{frames.KEPT.capitalize()}, with their column id; what is computed from "
                    f"several is a derived figure: {_PUBLISH}"
                )
            return
        try:
            if "to" in row and "relation" in row:
                yield from frames.changes_of_link(row, self.ledger)
            if wanted in self.ledger.items:
                known: Mapping[str, Any] = {**_OF_AN_ITEM, "id": wanted}
            else:
                known = self._expected(wanted)
        except UnknownId as error:
            yield f"{str(error).rstrip('.')}; execute the notebook with the id that it has now"
            return
        yield from frames.changes(row, known)
        for numeral in self._typed_into(row, "label"):
            yield (
                f"the label {row['label']!r} types {numeral!r}: cite its figure with "
                "tallybook.worded"
            )

    def _expected(self, wanted: str) -> Mapping[str, Any]:
        if wanted not in self._known:
            self._known[wanted] = frames.row(self.ledger, wanted)
        return self._known[wanted]

    def _known_of(self, row: DataRow) -> Mapping[str, Any]:
        wanted = row.get("id")
        try:
            return self._expected(wanted) if isinstance(wanted, str) else {}
        except UnknownId:
            return {}

    def _columns(self, view: View) -> dict[str, str]:
        """What each column of a view's rows is: one of _KINDS. Many views may have the same."""
        rows = (*map(id, view.rows),)
        if rows not in self._of_rows:
            self._of_rows[rows] = self._kinds(view)
        return self._of_rows[rows]

    def _kinds(self, view: View) -> dict[str, str]:
        found: dict[str, set[str]] = {}
        for row in view.rows:
            for name, value in row.items():
                kinds = found.setdefault(name, {"number" if name in frames.NUMBERS else "text"})
                if value is not None:
                    kinds.add(_kind(name, value, self._known_of(row)))
                elif name in frames.NUMBERS | frames.DATES:  # an end that is not known
                    kinds.add("number" if name in frames.NUMBERS else "date")
        return {name: next(k for k in _KINDS if k in kinds) for name, kinds in found.items()}

    # Channels

    def _of_view(self, view: View) -> Iterator[str]:
        if view.kind == "image":
            yield "its mark is an image, from elsewhere: a chart has shapes and text only"
        columns = self._columns(view)
        own = {name for name, kind in columns.items() if kind == "own number"}
        for name in sorted(expressions.fields_used(view.transforms, own)):
            yield f"a transform computes with {name!r}, whose numbers are no figure's: {_PUBLISH}"
        for name in (name for each in view.transforms for name in each.get("fold", ())):
            yield from self._of_name("its fold", str(name))
        yield from _of_piles(view, columns)
        yield from self._of_places(view, columns)
        for channel, given in view.channels():
            yield from self._of_channel(_named(channel, given, view), channel, given, view, columns)

    def _of_channel(
        self, said: str, channel: str, given: Mapping[str, Any], view: View,
        columns: Mapping[str, str],
    ) -> Iterator[str]:  # fmt: skip
        name = given.get("field")
        name = name.replace("\\", "") if isinstance(name, str) else name  # "a\\.b" is column "a.b"
        is_printed = channel in _PRINTED or _is_discrete(channel, given)
        yield from typed.faults_of_guide(said, given)
        for text in typed.typed_names(given):
            if not any(str(row.get(str(name))) == text for row in view.rows):
                yield from self._of_name(f"{said} is given {text!r}, in which", text)
        if name is not None and not isinstance(name, str):
            yield f"{said} has no field: write the name of a column"
        elif given.get("datum") is not None:
            yield from self._of_place(said, given["datum"], is_printed=is_printed)
        elif name is not None or given.get("aggregate"):
            kind = _kind_of_field(str(name), given, view, columns)
            if kind == "unknown":
                yield f"{said} is no column of its data: it has {', '.join(columns) or 'none'}"
            elif is_printed:
                yield from self._of_printed(said, channel, kind, str(name), view)
            elif channel not in _UNSCALED and given.get("scale", {}) is not None:
                yield from _of_scaled(said, kind, given)
            if channel not in _UNTITLED and not _has_title(given):
                yield from self._of_name(f"{said} has no title='…', and its name is shown:", name)

    def _of_name(self, said: str, text: Any) -> Iterator[str]:
        for numeral in self._typed_in(str(text), ()):
            yield f"{said} {numeral!r} is typed: name it otherwise, or take it from the frame"

    def _of_place(self, said: str, place: Any, *, is_printed: bool) -> Iterator[str]:
        """A mark at a place that is typed: an end of its scale, a name, or a date of a record."""
        if isinstance(place, dict):
            date = "-".join(f"{place[n]:02}" for n in ("year", "month", "date") if n in place)
            if date and not self.ledger.known.knows(date):
                yield (
                    f"{said} stands at {place!r}, which is no date of a record: take it from a row"
                )
        elif is_number(place) and (
            is_printed or str(place).removesuffix(".0") not in typed.BY_ANYONE
        ):
            yield (
                f"{said} stands at {place!r}, which is no figure's: take the place from a row; "
                "only 0, 1 and 100 may be typed, where a scale begins or ends"
            )

    def _of_printed(
        self, said: str, channel: str, kind: str, name: str, view: View
    ) -> Iterator[str]:
        is_in_a_text = channel in _WORDS
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
        elif kind == "text" and name != "id":
            yield from self._of_own_texts(said, name, view)

    def _of_own_texts(self, said: str, name: str, view: View) -> Iterator[str]:
        """Numerals that an author typed into a column of texts that is printed."""
        for row in view.rows:
            if name in self._known_of(row):
                continue  # which is looked at with its row
            for numeral in self._typed_into(row, name):
                yield (
                    f"{said} prints {row[name]!r}, in which {numeral!r} is typed: cite its figure "
                    "with tallybook.worded"
                )

    def _typed_into(self, row: DataRow, name: str) -> Iterator[str]:
        """The numerals of a text of a row that are neither its figure's nor cited."""
        text = row.get(name)
        if isinstance(text, str) and has_numeral(text) and text not in self._told:
            ids = (str(row[each]) for each in ("id", "to") if row.get(each))
            allowed = [text for wanted in ids for text in _texts_of(wanted, self.ledger)]
            allowed += self._told
            yield from self._typed_in(text, sorted(allowed, key=len, reverse=True))

    def _of_places(self, view: View, columns: Mapping[str, str]) -> Iterator[str]:
        """Places in an order that are drawn as amounts."""
        ranks = [row["id"] for row in view.rows if self._known_of(row).get("unit") in PLACES]
        for channel, given in view.channels() if ranks else ():
            is_amount = (
                view.kind in _AMOUNTS or given.get("aggregate") or channel in ("size", "theta")
            )
            if is_amount and _is_measured(channel, given, view, columns):
                yield (
                    f"{_named(channel, given, view)} draws {ranks[0]!r}, which is a place in an "
                    "order, as an amount: show its words, such as with charts.glance, or filter "
                    "the frame"
                )

    # Axes that several figures share

    def _of_axes(self, parts: Sequence[View]) -> Iterator[str]:
        shared: dict[tuple[str, str], dict[str, None]] = {}
        shown: dict[tuple[str, str], set[str]] = {}
        for view in parts:
            said, columns = self._sets_apart(view), self._columns(view)
            for channel, given in view.channels():
                if not _is_measured(channel, given, view, columns):
                    continue
                by = view.by.get(SCALE_OF.get(channel, channel))
                for row in view.rows:
                    if self._known_of(row).get("value") is not None:
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
        told = cited_texts(self.spec)
        return {text: each for text, each in told.items() if is_worded(self.ledger, text, each)}

    def _of_texts(self) -> Iterator[str]:
        told = sorted(self._told, key=len, reverse=True)
        spoken = data.spoken(self.spec)
        columns = frames.TEXTS | {"to_label"}
        own = {str(row.get(n)) for row in all_rows(self.spec) for n in columns}
        for name, text in typed.texts_in(self.spec):
            if (name == "description" and text == spoken) or (name == "input" and text in own):
                continue
            for numeral in self._typed_in(text, told):
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
    if name in known and name in frames.NUMBERS | frames.DATES:
        return "number" if name in frames.NUMBERS else "date"
    days = [day for day in (known.get("start"), known.get("end")) if day]
    if isinstance(value, str) and value == known.get("words"):
        return "text"
    if isinstance(value, str) and name not in frames.TEXTS and _NUMERIC.fullmatch(value):
        # Vega takes such a text for its number.
        return "text" if value in {str(day.year) for day in days} else "own number"
    if is_number(value):
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
    own = columns.get(name, "unknown" if view.rows else "text")
    if given.get("bin") or given.get("aggregate"):
        return own if own == "own number" else "computed"
    if name in view.keys:
        return "text"
    if name in view.computed or (view.only is not None and name not in view.only):
        return "computed"
    return own


def _of_piles(view: View, columns: Mapping[str, str]) -> Iterator[str]:
    """Bars that Vega-Lite puts on top of each other unasked: of figures that nobody has added."""
    channels = [*view.channels()]
    for channel, given in channels:
        stands = channel in ("x", "y") and columns.get(str(given.get("field"))) == "number"
        is_asked = {"stack", "aggregate", "bin"} & set(given) or f"{channel}2" in view.encoding
        is_filtered = any("filter" in each for each in view.transforms)
        if view.kind not in ("bar", "area") or not stands or is_asked or is_filtered:
            continue
        others = {str(g.get("field")) for c, g in channels if c not in (channel, *_WORDS)}
        rows = [row for row in view.rows if row.get(str(given["field"])) is not None]
        if len({tuple(str(row.get(name)) for name in sorted(others)) for row in rows}) < len(rows):
            yield (
                f"{_named(channel, given, view)} puts figures on top of each other that nobody has "
                "added up: set them apart, such as by y='id:N' or color='period:N', or write "
                "stack=True if they do add up"
            )


def _is_measured(
    channel: str, given: Mapping[str, Any], view: View, columns: Mapping[str, str]
) -> bool:
    """Whether a channel places its marks by the figures' numbers, or what is computed of them."""
    if given.get("field") is None or channel in _UNSCALED | _PRINTED:
        return False
    kind = _kind_of_field(str(given["field"]), given, view, columns)
    return kind in ("number", "computed") and given.get("type", "quantitative") == "quantitative"


def _has_title(given: Mapping[str, Any]) -> bool:
    """Whether what stands at an axis, a legend or a facet is not the name of its column."""
    guides = [given[name] for name in ("axis", "legend", "header") if name in given]
    has_none = None in guides or given.get("scale", {}) is None
    return has_none or any("title" in each for each in (given, *guides))


def _of_scaled(said: str, kind: str, given: Mapping[str, Any]) -> Iterator[str]:
    wanted = given.get("type")
    if kind == "own number":
        yield (
            f"{said} draws numbers that are no figure's on a scale: {_PUBLISH}; places in pixels "
            "have scale=None"
        )
    elif kind == "text" and wanted in ("quantitative", "temporal"):
        yield f"{said} is text, and no number or date: write :N for its type"
    elif (kind, wanted) in (("number", "temporal"), ("year", "temporal")):
        yield f"{said} is a number, and no date: write start:T for a date, or :O for a year"
    elif (kind, wanted) == ("date", "quantitative"):
        yield f"{said} is a date, and no number: write :T for its type"
    guide = given.get("axis") or given.get("legend")
    is_share = isinstance(guide, dict) and str(guide.get("format", "")).endswith("%")
    if is_share and given.get("stack") != "normalize":
        yield f"{said} is in percent already, and its axis would show it times 100: no '%' in it"


def _is_discrete(channel: str, given: Mapping[str, Any]) -> bool:
    """Whether each value of a channel is named on an axis, in a legend or above a facet."""
    kind = "temporal" if given.get("timeUnit") else "quantitative"
    # Vega-Lite takes a column for one of names where no type is written.
    measured = "datum" in given or given.get("aggregate") or given.get("bin") or "timeUnit" in given
    if given.get("type", kind if measured else "nominal") in ("quantitative", "temporal"):
        return False
    if channel in _UNSCALED or channel in SCALE_OF:  # which have what it is the end of
        return False
    guide = "axis" if channel in ("x", "y") else "legend"
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
