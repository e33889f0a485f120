"""The parts of a specification that draw marks, with what each inherits from those around it.

Vega-Lite hands data, transforms and encodings down, and lets parts share a scale or have their own;
what a part shows can only be told with all of that. Sources: the Vega-Lite 6 documentation on
composition, on `resolve`, and on transforms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

Spec = dict[str, Any]
DataRow = dict[str, Any]
CONCATS = ("concat", "hconcat", "vconcat")
# Of a channel that marks an end of another one: the channel whose scale it has.
SCALE_OF = {
    "x2": "x", "y2": "y", "theta2": "theta", "radius2": "radius", "xError": "x", "xError2": "x",
    "yError": "y", "yError2": "y", "latitude2": "latitude", "longitude2": "longitude",
}  # fmt: skip
FACETS = ("row", "column", "facet")


@dataclass(frozen=True)
class View:
    """A part with a mark: its channels, the rows of its data, and the fields that it computes.

    `keys` are fields whose values are names of columns; `only` are the columns that are left of its
    rows, or None for all. `scales` has for each channel what tells its scale from others; `by` the
    field by which the scale of a channel is another one for each of its values. `place` names the
    part for an author.
    """

    place: str = ""
    mark: Any = None
    encoding: Mapping[str, Any] = field(default_factory=dict)
    rows: Sequence[DataRow] = ()
    computed: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    transforms: tuple[Mapping[str, Any], ...] = ()
    scales: Mapping[str, str] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of its mark, such as "bar"."""
        return str(self.mark.get("type") if isinstance(self.mark, dict) else self.mark)

    def channels(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each definition of a channel, those within conditions too."""
        for channel, given in self.encoding.items():
            for each in given if isinstance(given, list) else [given]:
                yield from _definitions(channel, each)

    def scale(self, channel: str) -> str:
        """What tells the scale of a channel from others."""
        name = SCALE_OF.get(channel, channel)
        return f"{name}{self.scales.get(name, '')}"


def views(spec: Spec) -> Iterator[View]:
    """Every part of a specification that has a mark.

    >>> [view.kind for view in views({"layer": [{"mark": "bar"}, {"mark": {"type": "text"}}]})]
    ['bar', 'text']
    """
    yield from _parts(spec, View(), spec.get("datasets") or {})


def rows_of(data: Any, datasets: Mapping[str, Any]) -> list[DataRow]:
    """The rows of a data definition; [] where they are not in the specification."""
    if not isinstance(data, dict):
        return []
    found = data.get("values", datasets.get(str(data.get("name"))))
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def all_rows(spec: Spec) -> list[DataRow]:
    """The rows of every data definition of a specification, in order, each once."""
    datasets = spec.get("datasets")
    known = datasets if isinstance(datasets, dict) else {}
    found = (row for data in definitions_of_data(spec) for row in rows_of(data, known))
    return [*{id(row): row for row in found}.values()]


def is_number(value: Any) -> bool:
    """Whether a value of a row or a specification is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def definitions_of_data(part: Any) -> Iterator[dict[str, Any]]:
    """Every definition of data in a specification, those of transforms too."""
    if isinstance(part, dict):
        for name, value in sorted(part.items()):  # as notebooks store them
            if name == "data" and isinstance(value, dict):
                yield value
            elif name not in ("datasets", "usermeta", "config"):
                yield from definitions_of_data(value)
    elif isinstance(part, list):
        for each in part:
            yield from definitions_of_data(each)


def _parts(part: Spec, above: View, datasets: Mapping[str, Any]) -> Iterator[View]:
    rows = rows_of(part["data"], datasets) if part.get("data") else above.rows
    here = _transformed(replace(above, rows=rows), part.get("transform") or ())
    here = replace(here, encoding={**above.encoding, **(part.get("encoding") or {})})
    if "mark" in part:
        yield replace(_faceted(here, part, part.get("encoding") or {}), mark=part["mark"])
    if "layer" in part:
        yield from _each(part, "layer", here, datasets)
    for name in CONCATS:
        if name in part:
            yield from _each(part, name, here, datasets, own=("x", "y"))
    if "repeat" in part:
        for shown in _repeated(part):
            yield from _parts(shown, here, datasets)
    elif isinstance(part.get("spec"), dict):
        given = part.get("facet") or {}
        by = {"facet": given} if "field" in given else given
        inner = _faceted(replace(here, encoding={**here.encoding, **by}), part, by)
        yield from _parts(part["spec"], inner, datasets)


def _each(
    part: Spec, name: str, here: View, datasets: Mapping[str, Any], own: tuple[str, ...] = ()
) -> Iterator[View]:
    for number, inner in enumerate(part[name], start=1):
        place = f"{here.place}{', ' if here.place else ''}{name} {number}"
        resolved = _resolved(part)
        channels = {*resolved, *own}
        apart = {
            channel
            for channel in channels
            if resolved.get(channel, "independent" if channel in own else "") == "independent"
        }
        scales = {c: f"{here.scales.get(c, '')}/{name} {number}" for c in apart}
        below = replace(here, place=place, scales={**here.scales, **scales})
        if isinstance(inner, dict):
            yield from _parts(inner, below, datasets)


def _faceted(here: View, part: Spec, given: Mapping[str, Any]) -> View:
    """A view with the scales that are another one for each facet."""
    fields = [given[n].get("field") for n in FACETS if isinstance(given.get(n), dict)]
    apart = [channel for channel, how in _resolved(part).items() if how == "independent"]
    return replace(here, by={**here.by, **{c: str(f) for c in apart for f in fields if f}})


def _resolved(part: Spec) -> dict[str, str]:
    resolve = part.get("resolve")
    scale = resolve.get("scale") if isinstance(resolve, dict) else None
    return scale if isinstance(scale, dict) else {}


def _repeated(part: Spec) -> Iterator[Spec]:
    """The specification that is repeated, with each of the fields that it is repeated for."""
    given = part["repeat"]
    lists = given if isinstance(given, dict) else {"repeat": given}
    for name, fields in lists.items():
        for one in fields if isinstance(fields, list) else []:
            others = {n: f[0] for n, f in lists.items() if n != name and isinstance(f, list) and f}
            yield _with_fields(part["spec"], {**others, name: one})


def _with_fields(part: Any, fields: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        if set(part) == {"repeat"} and part["repeat"] in fields:
            return fields[part["repeat"]]
        return {name: _with_fields(value, fields) for name, value in part.items()}
    if isinstance(part, list):
        return [_with_fields(each, fields) for each in part]
    return part


def _definitions(channel: str, given: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(given, dict):
        return
    yield channel, given
    conditions = given.get("condition") or []
    for each in conditions if isinstance(conditions, list) else [conditions]:
        yield from _definitions(channel, each)


def _transformed(view: View, transforms: Sequence[Any]) -> View:
    """A view after these transforms."""
    for each in transforms:
        if not isinstance(each, dict):
            continue
        made = frozenset(_named_by(each))
        keys = view.keys - made
        if "fold" in each:  # its values are names of columns
            keys |= {str((each.get("as") or ["key"])[0])}
        only = view.only
        if "pivot" in each or "aggregate" in each:  # of the columns these leave
            only = frozenset(map(str, each.get("groupby") or ()))
        view = replace(
            view,
            transforms=(*view.transforms, each),
            computed=view.computed | made,
            keys=keys,
            only=only,
        )
    return view


def _named_by(transform: Mapping[str, Any]) -> Iterator[str]:
    """The fields that a transform makes, or brings from other rows."""
    given = transform.get("as")
    yield from [given] if isinstance(given, str) else map(str, given or ())
    for name in ("aggregate", "joinaggregate", "window"):
        inner = transform.get(name)
        for each in inner if isinstance(inner, list) else []:
            yield str(each.get("as"))
    defaults = {
        "fold": ("key", "value"), "density": ("value", "density"), "quantile": ("prob", "value"),
    }  # fmt: skip
    for name, fields in defaults.items():
        if name in transform and not given:
            yield from fields
    for name in ("impute", "regression", "loess", "flatten"):
        if name in transform:
            replaced = transform[name]
            yield from map(str, replaced if isinstance(replaced, list) else [replaced])
            yield str(transform.get("on"))
    if isinstance(found := transform.get("from"), dict) and not given:
        yield from map(str, found.get("fields") or ())
