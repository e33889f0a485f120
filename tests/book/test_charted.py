"""Whether every statistic of the book can be seen in a chart of it."""

from __future__ import annotations

from collections import Counter

import pytest

from tallybook.charts import data
from tallybook.notebooks import stored
from tallybook.tables.table import CHART
from tests.conftest import ROOT

# Statistics that no chart shows, each with the reason.
UNCHARTED: dict[str, str] = {}


@pytest.fixture(scope="module")
def specs():
    """The charts of each notebook, by its name."""
    found = {}
    for path in stored.paths(ROOT):
        outputs = [output.get("data", {}) for _, output in stored.outputs(stored.load(path))]
        found[path.stem] = [each[CHART] for each in outputs if CHART in each]
    return found


def of_measures(specs):
    return [spec for name in specs if name.startswith("measures") for spec in specs[name]]


def test_every_statistic_stands_in_a_chart_or_in_the_list_of_those_that_do_not(specs, real):
    charted = {name for each in specs.values() for spec in each for name in data.shown(spec, real)}
    assert sorted(set(real.statistics) - charted) == sorted(UNCHARTED)


def test_every_measure_with_several_figures_has_a_chart_of_all_of_them(specs, real):
    measures: dict[str, set[str]] = {}
    for statistic in real.statistics.values():
        measures.setdefault(statistic.measure, set()).add(statistic.id)
    together = [data.shown(spec, real) for spec in of_measures(specs)]
    for measure, ids in measures.items():
        assert len(ids) == 1 or ids in together, measure


def test_no_two_figures_of_a_chart_of_measures_have_the_same_label(specs):
    for spec in of_measures(specs):
        labels = Counter(row["label"] for row in data.rows(spec))
        assert [label for label, number in labels.items() if number > 1] == []
