"""What an author typed into a specification: texts, guides, formats, and where data come from.

None of it may print a number, for nobody could trace it to the ledger. What is no colour, shape or
other word of Vega's own is taken for a text that is shown: a drawing may have texts where nobody
looks for them, as in settings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from tallybook.charts.views import definitions_of_data
from tallybook.reading.numerals import has_numeral

MOST = 5000  # rows, of which a page takes a megabyte
BY_ANYONE = frozenset(("0", "1", "100"))  # numbers that are ends of scales, and no figures
TITLES = frozenset(("title", "subtitle", "text", "description"))
_ASIDE = frozenset(
    ("datasets", "data", "usermeta", "$schema", "transform", "params", "locale", "href", "url")
)
# What is drawn with, or names a part or a column. Of a column see `check`, of `domain` too.
_DRAWN_WITH = frozenset(
    """type mark field param name as sort groupby domain values range scheme format formatType path
    shape symbolType filter test expr signal labelExpr calculate
    repeat fields encodings numberFormat timeFormat""".split()
)
_LOOKS = re.compile(r"(?:color|fill|stroke|background|font|fontweight|gradient|dash)$", re.I)
# {"text": {"value": "97%"}} shows what {"text": "97%"} does.
_SAME_TEXT = frozenset(("value", "condition"))
# What is shown beside the marks takes its texts from elsewhere in these.
_BY_EXPRESSION = frozenset(
    (*TITLES, "tooltip", "labels", "values", "domain", "datum", "header", "format", "bin", "bind")
)
_FORMAT = re.compile(r"[ +(\-$#]?0?,?(?:\.\d+)?~?[a-zA-Z%]?")  # of numbers, which types none
_DIRECTIVE = re.compile(r"%[-_0]?[A-Za-z%]")  # of a format of times
_STEPS = 20  # of a scale, from zero to its end
_OWN_META = frozenset(("because", "tallybook"))
_LOCALES = frozenset(("locale", "customFormatTypes", "formatLocale", "timeFormatLocale"))


def texts_in(part: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The texts that a specification shows by itself, each behind what it is.

    The texts of its rows and its code are left out.

    >>> [*texts_in({"title": "Kettles", "encoding": {"text": {"value": "97%"}}})]
    [('title', 'Kettles'), ('text', '97%')]
    """
    if isinstance(part, dict):
        if because := reason(part):
            yield "reason", because
        yield from _of_inputs(part.get("params"))
        for key, value in part.items():
            if key not in _ASIDE:
                yield from texts_in(value, name if key in _SAME_TEXT else key)
    elif isinstance(part, list):
        lines = name in TITLES and all(isinstance(each, str) for each in part)
        for each in [" ".join(part)] if lines else part:
            yield from texts_in(each, name)
    elif isinstance(part, str) and name not in _DRAWN_WITH and not _LOOKS.search(name):
        yield name, part
    elif name in TITLES and isinstance(part, int | float) and not isinstance(part, bool):
        yield name, str(part)


def _of_inputs(params: Any) -> Iterator[tuple[str, str]]:
    """The texts beside inputs, which pages show below an explored chart."""
    for param in params if isinstance(params, list) else []:
        bind = param.get("bind") if isinstance(param, dict) else None
        for name in ("name", "labels", "options", "placeholder"):
            given = bind.get(name) if isinstance(bind, dict) else None
            for each in given if isinstance(given, list) else [given]:
                if isinstance(each, str | int | float):
                    yield "input", str(each)


def reason(spec: Mapping[str, Any]) -> str:
    """Why figures that differ in period or scope may stand side by side; "" if it is not said."""
    meta = spec.get("usermeta")
    return str(meta.get("because", "")) if isinstance(meta, dict) else ""


def faults_of_data(spec: Mapping[str, Any]) -> Iterator[str]:
    """Why the data of a specification are not rows of its own, or too many."""
    instead = "alt.Chart(ledger.frame(...)) has its rows in itself"
    datasets = spec.get("datasets") or {}
    found = [*datasets.values()] if isinstance(datasets, dict) else []
    for data in definitions_of_data(spec):
        name = data.get("name")
        if "url" in data:
            yield f"its data are at {str(data['url'])[:60]!r}, elsewhere: {instead}"
        elif "values" in data:
            found.append(data["values"])
        elif name is None:
            yield f"its data are a {', '.join(data)}, which no ledger has: {instead}"
        elif name not in datasets:
            yield f"its data are called {name!r}, and are not in it: {instead}"
        if data.get("format"):
            yield f"its data have a format, by which they are read otherwise: {instead}"
    if not all(isinstance(rows, list) and all(isinstance(r, dict) for r in rows) for rows in found):
        yield f"its data are a text or a list, and no rows: {instead}"
    count = sum(len(rows) for rows in found if isinstance(rows, list))
    if count > MOST:
        yield (
            f"it has {count:,} rows of data, and a page takes {MOST:,}: filter the frame, or "
            "publish what sums it up"
        )
    meta = spec.get("usermeta") or {}
    if more := sorted(set(meta) - _OWN_META) if isinstance(meta, dict) else ["text"]:
        yield f"its usermeta has {', '.join(more)}: only because='…' has an effect here"


def faults_of_settings(part: Any, above: frozenset[str] = frozenset()) -> Iterator[str]:
    """Settings that print, lead away, or would have another word written than stands there.

    `above` are the names that a part stands under.
    """
    for each in part if isinstance(part, list) else ():
        yield from faults_of_settings(each, above)
    for key, value in part.items() if isinstance(part, dict) else ():
        if key not in ("datasets", "usermeta", "data"):
            yield from _of_setting(key, value, above)
            yield from faults_of_settings(value, above | {key})


def _of_setting(key: str, value: Any, above: frozenset[str]) -> Iterator[str]:
    text = str(value)[:60]
    if key in ("expr", "signal") and (under := above & _BY_EXPRESSION):
        name = sorted(under)[0]
        yield f"its {name} is an expression, {text!r}: write a text, or tallybook.worded(...)"
    elif key in ("format", "numberFormat", "timeFormat") and _types_a_number(value):
        yield f"its format {text!r} types a number: a format has signs such as ',.1f' or '%Y'"
    elif key == "formatType" and value not in ("number", "time"):
        yield f"its formatType {text!r} writes as it likes: leave it out, or write format='…'"
    elif key in _LOCALES:
        yield f"its {key} gives numbers other signs: leave it out"
    elif key in ("href", "url"):
        yield f"its {key} leads away from the page: the chart's table has links"
    elif key in ("encode", "encoding") and above & {"axis", "legend", "header", "title", "config"}:
        yield "its axis, legend or title has an encoding of its own: write its title and format"
    elif key == "tooltip" and (value is True or (isinstance(value, dict) and "content" in value)):
        yield (
            "the tooltip of its mark prints numbers as Vega formats them: leave it out, for "
            "Explore says of each mark what it is, or write tooltip=['label:N', 'words:N']"
        )
    elif key == "bind" and isinstance(value, dict) and value.get("input") in ("range", "number"):
        yield "its slider shows numbers of no figure: bind a legend, or input='select'"


def faults_of_guide(said: str, given: Mapping[str, Any]) -> Iterator[str]:
    """What is typed at the ticks of an axis or a legend, by the definition of its channel."""
    if _is_typed_interval(given.get("bin")):
        yield f"{said} types where its bins begin or end: write bin=True, or alt.Bin(maxbins=…)"
    scale = given.get("scale") or {}
    if scale.get("type") == "threshold":
        yield f"{said} types the thresholds of its legend: leave scale out, or type='quantize'"
    for name in ("axis", "legend", "header"):
        guide = given.get(name)
        ticks = guide.get("values") if isinstance(guide, dict) else None
        if ticks and not (isinstance(ticks, list) and (_are_texts(ticks) or _are_ticks(ticks))):
            yield (
                f"{said} types the ticks {ticks!r}, and no scale has them: write tickCount=…, or "
                "round numbers at the same distance"
            )


def typed_names(given: Mapping[str, Any]) -> Iterator[str]:
    """The names that are typed into the domain or the ticks of a channel, and shown there."""
    if given.get("type") not in ("quantitative", "temporal"):
        domain = (given.get("scale") or {}).get("domain")
        yield from map(str, domain if isinstance(domain, list) else [])
    for name in ("axis", "legend", "header"):
        ticks = (given.get(name) or {}).get("values")
        yield from map(str, ticks if isinstance(ticks, list) and _are_texts(ticks) else [])


def _is_typed_interval(given: Any) -> bool:
    if not isinstance(given, dict):
        return False
    steps = given.get("steps") or []
    return bool(set(given) - {"maxbins", "nice", "binned", "step", "steps", "minstep"}) or not all(
        _is_round(step) for step in [*steps, given.get("step", 1), given.get("minstep", 1)]
    )


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(each, str | dict) for each in values)


def _are_ticks(values: list[Any]) -> bool:
    """Whether numbers are such as a scale has: round, or at round distances from each other."""
    if len(values) <= 1 or not all(isinstance(each, int | float) for each in values):
        return False
    steps = {round(b - a, 9) for a, b in pairwise(values)}
    is_even = len(steps) == 1 and all(_is_round(step) for step in steps)
    if is_even and all(abs(each) <= _STEPS * max(steps) for each in values):
        return float(values[0] / max(steps)).is_integer()
    return all(each == 0 or _is_round(each) for each in values)


def _is_round(number: Any) -> bool:
    digits = f"{number:e}".partition("e")[0].rstrip("0.") if isinstance(number, int | float) else ""
    return digits.lstrip("-") in ("1", "2", "2.5", "5")


def _types_a_number(text: Any) -> bool:
    if not isinstance(text, str):
        return isinstance(text, dict)
    if _DIRECTIVE.search(text) and not _FORMAT.fullmatch(text):
        return has_numeral(_DIRECTIVE.sub(" ", text))
    return not _FORMAT.fullmatch(text)
