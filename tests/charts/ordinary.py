"""Charts as authors write them who know Altair: none is ours, and each has to be shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import altair as alt

import tallybook
from tallybook.charts import render  # noqa: F401  # the look of charts
from tallybook.ledger.ledger import Ledger

_REASON = {"because": "Each is what the documents state of the work as a whole"}
CHARTS: dict[str, Callable[[Any], Any]] = {}


def charts(ledger: Ledger) -> Iterator[tuple[str, Any]]:
    """Each chart with its name, of figures of the real book."""
    frame = ledger.frame(measure="suspects-arrested").drop_duplicates(["period", "party"])
    shares = ledger.frame(measure="requests-handled-in-time")
    others = ledger.frame(measure="facilities-closed").drop_duplicates(["period", "party"])
    both = ledger.frame(ids=[*frame["id"], *others["id"]])
    frames = Frames(frame, shares, both)
    for name, make in CHARTS.items():
        title = f"What the parties count: {name.replace('_', ' ')}"
        yield name, make(frames).properties(title=title, usermeta=_REASON)


class Frames:
    """Figures of one unit; shares in percent; and figures of two units."""

    def __init__(self, arrests: Any, shares: Any, both: Any) -> None:
        self.shares, self.both = shares, both.drop_duplicates(["unit", "period"])
        self.arrests = arrests
        self.dated = arrests[arrests["start"].notna()]
        self.base = alt.Chart(arrests)


def chart(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    CHARTS[make.__name__] = make
    return make


@chart
def bars(of: Frames) -> Any:
    return of.base.mark_bar().encode(x="value:Q", y="id:N")


@chart
def sorted_bars(of: Frames) -> Any:
    return of.base.mark_bar().encode(
        x="value:Q", y=alt.Y("id:N", sort="-x"), color="party:N", tooltip=["label:N", "words:N"]
    )


@chart
def columns(of: Frames) -> Any:
    return alt.Chart(of.dated).mark_bar().encode(x="period:N", y="value:Q")


@chart
def grouped_bars(of: Frames) -> Any:
    return of.base.mark_bar().encode(x="period:N", xOffset="party:N", y="value:Q", color="party:N")


@chart
def stacked_bars(of: Frames) -> Any:
    return of.base.mark_bar().encode(x="party:N", y="sum(value):Q", color="period:N")


@chart
def normalized_shares(of: Frames) -> Any:
    return of.base.mark_bar().encode(
        x=alt.X("value:Q", stack="normalize", axis=alt.Axis(format="%")), y="party:N",
        color="period:N",
    )  # fmt: skip


@chart
def error_bars(of: Frames) -> Any:
    rules = of.base.mark_errorbar().encode(
        x=alt.X("low:Q", title="people"), x2="high:Q", y="period:N"
    )
    return rules + of.base.mark_point().encode(x="value:Q", y="period:N")


@chart
def error_bands(of: Frames) -> Any:
    base = alt.Chart(of.dated).encode(x="start:T")
    band = base.mark_area(opacity=0.2).encode(y="low:Q", y2="high:Q")
    return band + base.mark_line().encode(y="value:Q")


@chart
def error_band_of_groups(of: Frames) -> Any:
    return alt.Chart(of.dated).mark_errorband(extent="iqr").encode(x="party:N", y="value:Q")


@chart
def line_with_points(of: Frames) -> Any:
    return (
        alt.Chart(of.dated).mark_line(point=True).encode(x="start:T", y="value:Q", color="party:N")
    )


@chart
def area(of: Frames) -> Any:
    return alt.Chart(of.dated).mark_area().encode(x="end:T", y="value:Q")


@chart
def steps(of: Frames) -> Any:
    return (
        alt.Chart(of.dated)
        .mark_line(interpolate="step-after")
        .encode(x=alt.X("month(start):O", title=None), y="max(value):Q")
    )


@chart
def facet_of_rows(of: Frames) -> Any:
    return of.base.mark_bar().encode(x="value:Q", y="period:N", row="party:N")


@chart
def facet_of_columns(of: Frames) -> Any:
    return of.base.mark_bar().encode(x="value:Q", y="period:N", column="party:N")


@chart
def facet_in_lines(of: Frames) -> Any:
    made = alt.Chart(of.both).mark_bar().encode(x="value:Q", y="period:N")
    return made.facet("unit:N", columns=2).resolve_scale(x="independent")


@chart
def facet_channel(of: Frames) -> Any:
    return of.base.mark_bar().encode(
        x="value:Q", y="period:N", facet=alt.Facet("party:N", columns=3)
    )


@chart
def facet_of_layers(of: Frames) -> Any:
    bar = of.base.mark_bar().encode(x="value:Q", y="id:N")
    word = of.base.mark_text(align="left", dx=4).encode(x="value:Q", y="id:N", text="words:N")
    layers = alt.layer(bar, word, data=of.arrests)
    return layers.facet(row="party:N").resolve_scale(y="independent")


@chart
def repeated(of: Frames) -> Any:
    return (
        of.base.mark_point().encode(x=alt.X(alt.repeat("repeat"), type="quantitative"), y="id:N")
        .repeat(["value", "low", "high"])
    )  # fmt: skip


@chart
def repeated_in_layers(of: Frames) -> Any:
    return (
        alt.Chart(of.dated).mark_line(point=True)
        .encode(x="start:T", y=alt.Y(alt.repeat("layer"), type="quantitative", title="people"))
        .repeat(layer=["value", "low"])
    )  # fmt: skip


@chart
def beside_each_other(of: Frames) -> Any:
    return bars(of) | columns(of)


@chart
def below_each_other(of: Frames) -> Any:
    return bars(of) & line_with_points(of)


@chart
def several_in_lines(of: Frames) -> Any:
    return alt.concat(bars(of), columns(of), grouped_bars(of), columns=2)


@chart
def axis_on_each_side(of: Frames) -> Any:
    one, other = (of.both[of.both["unit"] == unit] for unit in dict.fromkeys(of.both["unit"]))
    bar = alt.Chart(one).mark_bar(opacity=0.4).encode(x="period:N", y="value:Q")
    point = alt.Chart(other).mark_point().encode(x="period:N", y="value:Q")
    return (bar + point).resolve_scale(y="independent")


@chart
def pointed_at(of: Frames) -> Any:
    picked = alt.selection_point(fields=["party"], on="pointerover")
    opacity = alt.condition(picked, alt.value(1), alt.value(0.3))
    return bars(of).encode(opacity=opacity, color="party:N").add_params(picked)


@chart
def brushed(of: Frames) -> Any:
    brush = alt.selection_interval(encodings=["x"])
    shown = of.base.mark_point().encode(
        x="value:Q", y="id:N", color=alt.condition(brush, "party:N", alt.value("lightgray"))
    )
    return shown.add_params(brush) & bars(of).transform_filter(brush)


@chart
def picked_in_the_legend(of: Frames) -> Any:
    picked = alt.selection_point(fields=["party"], bind="legend")
    return sorted_bars(of).encode(opacity=alt.when(picked).then(alt.value(1)).otherwise(
        alt.value(0.2)
    )).add_params(picked)  # fmt: skip


@chart
def picked_from_a_list(of: Frames) -> Any:
    options = [*dict.fromkeys(of.arrests["period"])]
    picked = alt.selection_point(
        fields=["period"], bind=alt.binding_select(options=options, name="Period ")
    )
    return bars(of).add_params(picked).transform_filter(picked)


@chart
def zoomed(of: Frames) -> Any:
    return of.base.mark_point().encode(x="value:Q", y="id:N").interactive()


@chart
def lollipop(of: Frames) -> Any:
    base = of.base.encode(y=alt.Y("id:N", sort="-x"))
    return base.mark_rule().encode(x="value:Q", x2=alt.datum(0)) + base.mark_circle(
        size=120
    ).encode(x="value:Q", color="party:N")


@chart
def dots(of: Frames) -> Any:
    return of.base.mark_point(filled=True).encode(
        x=alt.X("value:Q", scale=alt.Scale(type="log")), y="label:N", color="period:N"
    )


@chart
def heat_map(of: Frames) -> Any:
    return of.base.mark_rect().encode(x="party:N", y="period:N", color="max(value):Q")


@chart
def strip(of: Frames) -> Any:
    return of.base.mark_tick().encode(x="value:Q", y="party:N")


@chart
def box_plot(of: Frames) -> Any:
    return of.base.mark_boxplot().encode(x="value:Q", y="party:N")


@chart
def histogram(of: Frames) -> Any:
    return of.base.mark_bar().encode(x=alt.X("value:Q", bin=True), y="count()")


@chart
def pie(of: Frames) -> Any:
    return of.base.mark_arc().encode(theta="value:Q", color="id:N")


@chart
def bubbles(of: Frames) -> Any:
    return alt.Chart(of.dated).mark_circle().encode(x="start:T", y="party:N", size="value:Q")


@chart
def texts_of_words(of: Frames) -> Any:
    return bars(of) + of.base.mark_text(align="left", dx=4).encode(
        x="value:Q", y="id:N", text="words:N"
    )


@chart
def rule_at_the_origin(of: Frames) -> Any:
    return bars(of) + alt.Chart().mark_rule().encode(x=alt.datum(0))


@chart
def whole_in_percent(of: Frames) -> Any:
    base = alt.Chart(of.shares).encode(y=alt.Y("id:N", axis=None))
    bar = base.mark_bar().encode(
        alt.X(
            "value:Q", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(values=[0, 25, 50, 75, 100])
        )
    )
    rest = (
        base.transform_calculate(rest="100 - datum.value")
        .mark_point()
        .encode(alt.X("rest:Q", title="percent"))
    )
    return bar + rest


@chart
def time_in_units(of: Frames) -> Any:
    return (
        alt.Chart(of.dated)
        .mark_bar()
        .encode(x=alt.X("yearmonth(start):T", axis=alt.Axis(format="%b %Y")), y="value:Q")
    )


@chart
def looked_up(of: Frames) -> Any:
    ours = of.arrests[["id", "value"]]
    found = alt.LookupData(data=ours, key="id", fields=["value"])
    return (
        alt.Chart(of.arrests.drop(columns="value"))
        .transform_lookup(lookup="id", from_=found)
        .mark_bar()
        .encode(x="value:Q", y="id:N")
    )


@chart
def ranked(of: Frames) -> Any:
    return (
        of.base.transform_window(
            rank="rank(value)", sort=[alt.SortField("value", order="descending")]
        )
        .mark_bar()
        .encode(x="value:Q", y=alt.Y("id:N", sort=alt.EncodingSortField("rank")))
    )


@chart
def folded(of: Frames) -> Any:
    return (
        of.base.transform_fold(["low", "high"], as_=["end", "number"])
        .mark_point()
        .encode(x=alt.X("number:Q", title="people"), y="label:N", shape="end:N")
    )


@chart
def with_mean(of: Frames) -> Any:
    return bars(of) + of.base.mark_rule(color="red").encode(x="mean(value):Q")


@chart
def long_titles(of: Frames) -> Any:
    title = alt.Title(
        "What the parties say of the people who were arrested",
        subtitle=["By period as each states it, and by the document that says so", "More below"],
    )
    return bars(of).properties(title=title)


def of_small_book() -> Iterator[tuple[str, Any]]:
    """Charts of a book with few figures: one mark, one colour, one date."""
    ledger = tallybook.load("tests/books/kettles")
    stores = ledger.frame(ids=["stores-closed-2017"])
    base = alt.Chart(stores)
    yield "one bar", base.mark_bar().encode(x="value:Q", y="label:N")
    yield "one point", base.mark_point().encode(x="start:T", y="value:Q", color="party:N")
    yield "one word", base.mark_text(size=30).encode(text="words:N")


@chart
def grouped_bars_with_words(of: Frames) -> Any:
    marks = of.base.encode(
        x="value:Q", y=alt.Y("period:O", title=None), yOffset="party:N", color="party:N"
    )
    return marks.mark_bar() + marks.mark_text(align="left", dx=4).encode(text="words:N")


@chart
def lines_with_another_legend(of: Frames) -> Any:
    named = of.arrests.assign(way=[f"As {party} counts them" for party in of.arrests["party"]])
    dash = alt.StrokeDash("way:N")
    return alt.Chart(named).mark_line(point=True).encode(
        x="period:N", y="value:Q", color=alt.Color("party:N", legend=alt.Legend()), strokeDash=dash
    )  # fmt: skip
