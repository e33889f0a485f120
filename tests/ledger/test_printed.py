"""Periods, bases and conditions that a kind of figure cannot have, or that words do not bear."""

from __future__ import annotations

import pytest

from tallybook.ledger import loading

STATISTICS, MEASURES = "data/statistics/kettles.yml", "data/measures.yml"
OF_REPAIRS = "  condition: {value: 1, unit: UNIT, bound: exact}\n  members: [Ada, Bea, Cid]\n"


@pytest.fixture
def said(book):
    """What is wrong with the small book, without its documents."""

    def inspect() -> list[str]:
        return [problem.message for problem in loading.inspect(book)[1]]

    return inspect


def test_only_a_change_is_compared_with_a_time(edit, said):
    edit(
        STATISTICS, "  condition: {value: 24", "  compared_with: unstated\n  condition: {value: 24"
    )
    assert said() == ["statistic 'share-handled-2017': a share has no compared_with, only a change"]


def test_the_base_period_of_a_change_is_printed_or_read_from_context(edit, said):
    edit(STATISTICS, "      base_as_printed: compared with 2016\n", "")
    assert len(said()) == 1
    assert "no citation prints the base; add base_as_printed, or base_from" in said()[0]


def test_what_changed_since_a_year_is_compared_with_it(edit, said):
    edit(STATISTICS, "base_as_printed: compared with 2016", "base_as_printed: since 2016")
    assert said() == []
    edit(STATISTICS, 'compared_with: "2016"', 'compared_with: "2015"')
    assert '"since 2016" reads as "2016/..". Correct the compared_with' in said()[0]


def test_a_change_has_no_base_but_the_time_it_is_compared_with(edit, said):
    edit(STATISTICS, '  compared_with: "2016"\n', '  compared_with: "2016"\n  of: all requests\n')
    assert len(said()) == 1
    assert "a change is measured against compared_with; leave `of` out" in said()[0]


def test_a_running_total_is_open_before(edit, said):
    edit(
        MEASURES,
        "kind: total over a period\n  unit: stores",
        "kind: running total to a date\n  unit: stores",
    )
    assert len(said()) == 1
    assert "is counted from no date on: write ../2017" in said()[0]
    edit(STATISTICS, 'period: "2017"', 'period: "../2017"')
    edit(STATISTICS, "period_as_printed: In 2017", "period_as_printed: by 2017")
    assert said() == []


def test_what_holds_at_a_date_is_not_open_before_though_by_may_mean_both(edit, said):
    edit(
        MEASURES,
        "kind: total over a period\n  unit: stores",
        "kind: level at a date\n  unit: stores",
    )
    edit(STATISTICS, "period_as_printed: In 2017", "period_as_printed: by 2017")
    assert said() == []
    edit(STATISTICS, 'period: "2017"', 'period: "../2017"')
    assert len(said()) == 1
    assert "a level at a date has no period that is open before: write 2017" in said()[0]


@pytest.mark.parametrize("unit", ["plants", "plant", "Plant"])
def test_a_unit_that_the_reader_does_not_know_holds_where_it_is_printed(unit, edit, said):
    condition = OF_REPAIRS.replace("UNIT", unit)
    edit(STATISTICS, "  members: [Ada, Bea, Cid]\n", condition)
    printed = "as_printed: Three plants\n      condition_as_printed: no plant but one"
    edit(STATISTICS, "as_printed: Three plants", printed)
    assert said() == []


def test_a_unit_that_is_neither_read_nor_printed_is_refused(edit, said):
    edit(STATISTICS, "  members: [Ada, Bea, Cid]\n", OF_REPAIRS.replace("UNIT", "factories"))
    printed = "as_printed: Three plants\n      condition_as_printed: no plant but one"
    edit(STATISTICS, "as_printed: Three plants", printed)
    assert len(said()) == 1
    assert 'is factories, which "no plant but one" does not print; cite it too' in said()[0]


def test_a_sum_is_rounded_to_no_less_than_its_last_printed_digit(edit, said):
    edit(MEASURES, "unit: kettles", "unit: RMB")
    edit(STATISTICS, "value: 240000", "value: 240000000")
    edit(STATISTICS, "as_printed: recalled 240,000 kettles", "as_printed: RMB 240 million")
    assert len(said()) == 1
    assert '"RMB 240 million" is printed to 1000000 at the finest' in said()[0]


@pytest.mark.parametrize(
    ("date", "why"),
    [('"2017-06-06"', "a citation prints it"), ("unstated", "the date is unstated")],
)
def test_a_date_comes_from_context_only_where_it_is_stated_and_not_printed(date, why, edit, said):
    edit(
        "data/events.yml", '"2017-06-06"', f"{date}\n  date_from: context\n  date_because: So it is"
    )
    if date == "unstated":
        edit("data/events.yml", '"On June 6, 2017"', "opened the plant")
    assert said() == [f"event 'plant-opened': date_from is not needed: {why}"]


@pytest.mark.parametrize(
    ("rounded_to", "is_refused"), [("10", True), ("1", True), ("0.1", False), ("none", False)]
)
def test_a_zero_behind_the_point_is_a_digit_and_no_rounding(edit, said, rounded_to, is_refused):
    because = f"rounded_to: {rounded_to}\n  rounded_because: Its digits allow it."
    edit(STATISTICS, "value: 97\n  bound: exact", f"value: 80\n  bound: exact\n  {because}")
    edit(STATISTICS, "as_printed: 97% were handled", "as_printed: 80.0% were handled")
    assert ["which is a digit: expected rounded_to 0.1" in each for each in said()] == (
        [True] if is_refused else []
    )


def test_a_value_that_is_wrong_only_in_the_unit_of_its_measure_is_told_so(edit, said):
    edit(MEASURES, "unit: percent", "unit: fraction")
    assert any(
        "reads as exactly 97 percent, which is 0.97 in fraction, the unit of measure" in each
        for each in said()
    )
