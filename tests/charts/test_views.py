"""What the parts of a chart inherit, and which scales they share."""

from __future__ import annotations

from tallybook.charts.views import all_rows, definitions_of_data, views

VALUE = {"field": "value", "type": "quantitative"}
ROW = {"id": "a", "value": 1}


def test_a_layer_has_the_channels_rows_and_transforms_of_what_is_around_it():
    (view,) = views(
        {
            "data": {"values": [ROW]}, "encoding": {"x": VALUE},
            "transform": [{"calculate": "1", "as": "made"}],
            "layer": [{"mark": "bar", "encoding": {"y": VALUE}}],
        }
    )  # fmt: skip
    assert (set(view.encoding), [*view.rows], view.computed) == ({"x", "y"}, [ROW], {"made"})


def test_a_layers_own_channels_and_rows_stand_in_place_of_those_around_it():
    own = {"field": "low", "type": "quantitative"}
    (view,) = views(
        {
            "data": {"values": [ROW]}, "encoding": {"x": VALUE},
            "layer": [{"mark": "bar", "encoding": {"x": own}, "data": {"values": []}}],
        }
    )  # fmt: skip
    assert (view.encoding["x"], [*view.rows]) == (own, [])


def test_conditions_and_lists_are_channels_too():
    encoding = {
        "tooltip": [VALUE, {"field": "words"}],
        "color": {"condition": [{"test": "true", "field": "party"}], "value": "red"},
    }
    (view,) = views({"mark": "bar", "encoding": encoding})
    fields = [(channel, given.get("field")) for channel, given in view.channels()]
    assert fields == [
        ("tooltip", "value"), ("tooltip", "words"), ("color", None), ("color", "party"),
    ]  # fmt: skip


def scales(spec, channel="x"):
    return [view.scale(channel) for view in views(spec)]


def test_layers_share_a_scale_unless_they_are_resolved():
    layers = {"layer": [{"mark": "bar"}, {"mark": "point"}]}
    one, other = scales(layers)
    assert one == other
    one, other = scales({**layers, "resolve": {"scale": {"x": "independent"}}})
    assert one != other


def test_parts_of_a_concatenation_have_axes_of_their_own_and_share_colours():
    parts = {"hconcat": [{"mark": "bar"}, {"mark": "point"}]}
    assert len({*scales(parts)}) == 2
    assert len({*scales(parts, "color")}) == 1
    assert len({*scales({**parts, "resolve": {"scale": {"x": "shared"}}})}) == 1


def test_the_second_end_of_a_channel_has_the_scale_of_the_first():
    (view,) = views({"mark": "bar"})
    assert view.scale("x2") == view.scale("x")


def test_a_facet_has_a_scale_for_each_of_its_values_where_it_says_so():
    facet = {"facet": {"row": {"field": "unit"}}, "spec": {"mark": "bar"}}
    (view,) = views(facet)
    assert view.by == {}
    (view,) = views({**facet, "resolve": {"scale": {"x": "independent"}}})
    assert view.by == {"x": "unit"}


def test_a_repeat_is_a_view_for_each_of_its_fields():
    shown = {"mark": "bar", "encoding": {"x": {"field": {"repeat": "repeat"}}}}
    made = [*views({"repeat": ["value", "low"], "spec": shown})]
    assert [view.encoding["x"]["field"] for view in made] == ["value", "low"]


def transformed(*transforms):
    (view,) = views({"mark": "bar", "transform": [*transforms]})
    return view


def test_what_a_transform_makes_or_brings_is_computed():
    lookup = {"lookup": "a", "from": {"key": "id", "fields": ["words"], "data": {"values": []}}}
    for transform, made in (
        ({"calculate": "1", "as": "made"}, {"made"}),
        ({"bin": True, "field": "value", "as": ["made", "to"]}, {"made", "to"}),
        (
            {"aggregate": [{"op": "sum", "field": "value", "as": "made"}], "groupby": ["a"]},
            {"made"},
        ),
        ({"window": [{"op": "rank", "as": "made"}]}, {"made"}),
        ({"quantile": "value"}, {"prob", "value"}),
        ({"density": "value"}, {"value", "density"}),
        (lookup, {"words"}),
    ):
        assert made <= transformed(transform).computed
    assert transformed({**lookup, "as": ["brought"]}).computed == {"brought"}


def test_the_keys_of_a_fold_are_names_until_they_are_made_anew():
    fold = {"fold": ["value", "low"], "as": ["name", "number"]}
    assert transformed(fold).keys == {"name"}
    assert transformed({"fold": ["value"]}).keys == {"key"}
    assert transformed(fold, {"calculate": "1", "as": "name"}).keys == set()


def test_a_pivot_or_an_aggregate_leaves_the_columns_that_it_groups_by():
    assert transformed({"pivot": "a", "value": "b"}).only == set()
    assert transformed({"aggregate": [], "groupby": ["party"]}).only == {"party"}


def test_all_rows_are_those_of_every_definition_of_data_once():
    rows = [dict(ROW), dict(ROW)]
    spec = {
        "datasets": {"a": rows, "unused": [{"id": "b"}]},
        "layer": [{"data": {"name": "a"}}, {"data": {"name": "a"}, "transform": [
            {"lookup": "id", "from": {"data": {"values": [{"id": "c"}]}}}]}],
    }  # fmt: skip
    assert [row["id"] for row in all_rows(spec)] == ["a", "a", "c"]
    assert len([*definitions_of_data(spec)]) == 3
