"""Values of one year after the other are a series, and no list of differences."""

from __future__ import annotations

from fractions import Fraction

import pytest
from click.testing import CliRunner

from tallybook.cli import show
from tallybook.cli.main import cli
from tallybook.ledger import phrases, questions, trends
from tallybook.notebooks import session
from tallybook.quantity.interval import Interval
from tallybook.quantity.quantity import Quantity
from tallybook.reading.statements import stating

STATISTICS = "data/statistics/kettles.yml"


def stores(name, period, value=1000, *, scope="the company", party="Kettle Company", more=""):
    """A record of stores closed, which prints the run that the book's own record does."""
    return f"""
- id: stores-{name}
  measure: stores-closed
  value: {value}
  bound: more than
  period: "{period}"
  period_from: context
  period_because: The sentence before names it.
  scope: {scope}
  party: {party}
  {more}
  cited:
    - source: report
      section: Overview
      as_printed: more than 1,000 stores
"""


@pytest.fixture
def with_stores(book):
    def made(*records):
        path = book / STATISTICS
        path.write_text(path.read_text() + "".join(records))
        return session.inspect(book)[0]

    return made


def series_of(ledger):
    return [[s.id for s in each] for each in trends.series(ledger.statistics.values())]


def pairs(ledger):
    return {(d.first.id, d.second.id) for d in questions.differences(ledger, "stores-closed")}


def test_years_are_one_series_in_the_order_of_time(with_stores):
    ledger = with_stores(stores("b", "2019"), stores("a", "2018"))
    assert series_of(ledger) == [["stores-closed-2017", "stores-a", "stores-b"]]
    assert pairs(ledger) == set()


@pytest.mark.parametrize(
    "periods",
    [("2016-07/2017-06", "2017-07/2018-06"), ("2017-01/2017-03", "2017-04/2017-06"),
     ("2018-01", "2018-02"), ("2018-06-30", "2019-06-30")],
)  # fmt: skip
def test_fiscal_years_quarters_months_and_days_are_series_too(with_stores, periods):
    ledger = with_stores(*(stores(f"n-{n}", each) for n, each in enumerate(periods)))
    assert ["stores-n-0", "stores-n-1"] in series_of(ledger)
    assert ("stores-n-0", "stores-n-1") not in pairs(ledger)


@pytest.mark.parametrize(
    ("period", "scope"),
    [("2018", "lids"), ("2018-01/2018-06", "the company"), ("2017-07/2018-06", "the company"),
     ("unstated", "the company"), ("2018/..", "the company")],
)  # fmt: skip
def test_another_scope_or_length_or_overlap_is_no_series(with_stores, period, scope):
    ledger = with_stores(stores("other", period, scope=scope))
    assert series_of(ledger) == []
    assert pairs(ledger) == {("stores-closed-2017", "stores-other")}


def test_calendar_years_beside_fiscal_years_are_two_series(with_stores):
    ledger = with_stores(
        stores("c", "2018"), stores("f-1", "2016-07/2017-06"), stores("f-2", "2017-07/2018-06")
    )
    assert series_of(ledger) == [["stores-closed-2017", "stores-c"], ["stores-f-1", "stores-f-2"]]


def test_two_figures_of_one_year_differ_still_and_another_scope_is_set_beside_its_year(with_stores):
    ledger = with_stores(
        stores("2018", "2018"), stores("again", "2018", 1001), stores("lids", "2018", scope="lids")
    )
    assert pairs(ledger) == {
        ("stores-2018", "stores-again"), ("stores-2018", "stores-lids"),
        ("stores-again", "stores-lids"),
    }  # fmt: skip


def test_a_change_is_from_the_figure_before_of_the_same_party(with_stores):
    ledger = with_stores(
        stores("club", "2017", party="Kettle Club"),
        stores("club-2018", "2018", party="Kettle Club"),
        stores("other", "2018", party="Lid Guild"),
    )
    (found,) = trends.series(ledger.statistics.values())
    shown = {m.statistic.id: m.before for m in trends.moments(found, ledger.quantity)}
    assert shown["stores-club-2018"] == "stores-club"
    assert shown["stores-other"] == ""  # of two that were before, neither is its own


def of(low, high, unit="stores", **closed):
    return Quantity((low + high) / 2, Interval(low, high, **closed), unit, Interval(0))


def at(value, unit="stores"):
    return Quantity.exactly(value, unit)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (at(3), at(5), "up by 2 stores"),
        (at(3), at(2), "down by 1 store"),
        (at(3), at(3), "the same"),
        (at(20, "percent"), at(26, "percent"), "up by 6 percentage points"),
        (at(3, "RMB"), at(5, "RMB"), "up by RMB 2"),
        (at(3, "faults per 100 kettles"), at(4, "faults per 100 kettles"),
         "up by 1 faults per 100 kettles"),
        (at(3), Quantity(5, Interval(5, low_closed=False), "stores"), "up by more than 2 stores"),
        (at(7), Quantity(5, Interval(5, low_closed=False), "stores"),
         "down by less than 2 stores, or up"),
        (Quantity(7, Interval(7), "stores"), Quantity(5, Interval(5), "stores"),
         "a change that cannot be bounded"),
        (at(7), Quantity(9, None, "stores"), "up by about 2 stores"),
        (at(2, "place"), at(1, "place"), ""),
    ],
)  # fmt: skip
def test_a_change_is_said_as_far_as_it_is_known(before, after, words):
    assert trends.change(before, after) == words


def test_intervals_that_overlap_leave_open_whether_it_went_up():
    before, after = of(Fraction(10), Fraction(12)), of(Fraction(11), Fraction(15))
    assert trends.change(before, after) == "down by at most 1, or up by at most 5 stores"


def shown(book, *words):
    result = CliRunner().invoke(cli, ["--book", str(book), "show", *words])
    return result.exit_code, result.output


def across(name, period, printed=""):
    record = stores(name, period)
    if not printed:
        return record
    context = "  period_from: context\n  period_because: The sentence before names it.\n"
    assert context in record
    return record.replace(context, "") + f'      period_as_printed: "{printed}"\n'


@pytest.mark.parametrize("printed", [("", ""), ("2012-13", "2013-14"), ("2012/13", "2013/14")])
def test_years_that_are_printed_across_two_follow_each_other(printed, with_stores):
    ledger = with_stores(
        across("one", "2012/2013", printed[0]), across("two", "2013/2014", printed[1]),
    )  # fmt: skip
    (found,) = series_of(ledger)
    assert found == ["stores-one", "stores-two", "stores-closed-2017"]
    assert pairs(ledger) & {("stores-one", "stores-two")} == set()
    told = [*show.measure(ledger, "stores-closed")]
    assert not any("stores-one | stores-two" in line for line in told)
    assert printed[0] in ledger.figure("stores-one").period


def test_two_years_that_are_printed_as_two_overlap_the_next_two(with_stores):
    ledger = with_stores(
        across("one", "2012/2013", "2012 and 2013"), across("two", "2013/2014", "2013 and 2014"),
    )  # fmt: skip
    assert series_of(ledger) == []


def test_a_year_across_two_is_called_as_it_is_printed(with_stores):
    ledger = with_stores(
        across("one", "2012-04/2013-03", "2012-13"), across("two", "2011-04/2012-03"),
    )  # fmt: skip
    one, two = (ledger.statistic(f"stores-{name}") for name in ("one", "two"))
    assert phrases.period(one) == "2012-13"
    assert phrases.period(one, in_full=True) == "2012-13 (April 2012 to March 2013)"
    assert phrases.period(two) == "April 2011 to March 2012"


def test_a_span_of_the_ledger_may_be_typed_as_it_is_printed(with_stores):
    known = with_stores(across("one", "2012-04/2013-03"), across("two", "1997/1998")).known
    for span in ("2012-13", "2012/13", "2012–13", "1997 to 1998", "1997-98", "2012-2013"):
        assert not [*stating(f"In {span} the Kettle Company closed stores.", known)], span
    for span in ("2011-12", "2012-14", "2013-14", "1998/99"):
        assert [*stating(f"In {span} the Kettle Company closed stores.", known)], span


def test_a_series_of_unstated_scope_and_base_has_a_plain_heading(with_stores):
    unstated = {"scope": "unstated", "more": "of: unstated"}
    ledger = with_stores(stores("one", "2015", **unstated), stores("two", "2016", **unstated))
    told = [*show.measure(ledger, "stores-closed")]
    assert "Over time:" in told
    assert not any("of unstated" in line for line in told)


def test_show_prints_a_measure_as_a_series(book, with_stores):
    with_stores(stores("2018", "2018"), stores("lids", "2018", scope="lids"))
    code, told = shown(book, "stores-closed")
    assert code == 0
    lines = told.splitlines()
    start = lines.index("Over time, the company:")
    assert lines[start + 1] == "  2017: more than 1,000 (stores-closed-2017)"
    assert lines[start + 2].startswith("  2018: more than 1,000, a change that cannot be bounded")
    assert "1 statistic" in lines  # the one of another scope, in full
    assert "stores-2018 | stores-lids" in told
    assert "stores-closed-2017 | stores-2018" not in told


def test_differences_can_be_asked_for_of_a_period(book, with_stores):
    with_stores(stores("early", "2018", scope="lids"), stores("now", "2018"))
    code, told = shown(book, "--differences", "--period", "2018")
    assert (code, told.splitlines()[-1]) == (0, "1 pair")
    assert shown(book, "--differences", "--period", "2016")[1].split()[-2:] == ["0", "pairs"]


def test_an_id_with_options_is_refused_with_what_to_do(book):
    code, told = shown(book, "stores-closed", "--period", "2018")
    assert code == 2
    assert "name an id or a subject, or what to look for by options" in told
