"""The questions that notebooks and pages ask a ledger."""

from __future__ import annotations

from fractions import Fraction

import pytest

import tallybook
from tallybook.errors import BookNotFound, LedgerError, UnknownId
from tallybook.notebooks import session
from tallybook.quantity.interval import INFINITY, Interval


def test_a_quantity_has_the_interval_of_its_statement(ledger):
    assert ledger.quantity("stores-closed-2017").interval == Interval(
        Fraction(1000), INFINITY, low_closed=False
    )
    assert ledger.quantity("repair-time-2016").interval == Interval(
        Fraction(0), Fraction(2), high_closed=False
    )


def test_a_round_figure_allows_half_of_what_it_is_rounded_to(ledger):
    interval = ledger.quantity("kettles-recalled-2017").interval
    assert (interval.low, interval.high) == (235_000, 245_000)


def test_a_share_allows_half_a_unit_of_its_last_digit(ledger):
    interval = ledger.quantity("share-handled-2017").interval
    assert (interval.low, interval.high) == (Fraction(193, 2), Fraction(195, 2))


def test_a_count_of_things_is_exact(ledger):
    assert ledger.quantity("repair-plants").interval.is_point


def test_a_quantity_carries_its_unit_inputs_and_context(ledger):
    quantity = ledger.quantity("share-handled-2017")
    (context,) = quantity.contexts
    assert (quantity.unit, quantity.inputs) == ("percent", {"share-handled-2017"})
    assert (context.period, context.scope, context.base) == ("2017", "the company", "all requests")
    assert "24" in context.condition


@pytest.mark.parametrize(
    ("ask", "wanted", "says"),
    [
        ("statistic", "stores-close-2017", "no statistic 'stores-close-2017'. Did you mean"),
        ("quantity", "stores-close-2017", "Did you mean 'stores-closed-2017'?"),
        ("figure", "stores-close-2017", "Did you mean 'stores-closed-2017'?"),
        ("measure", "store-closed", "Did you mean 'stores-closed'?"),
        ("source", "reports", "Did you mean 'report'?"),
        ("event", "plant-open", "Did you mean 'plant-opened'?"),
        ("item", "repair-mor", "Did you mean 'repair-more'?"),
        ("subject", "kettle", "Did you mean 'kettles'?"),
        ("period", "plant-opene", "Did you mean 'plant-opened'?"),
        ("count", "demandss", "Did you mean 'demands'?"),
        ("listed", "stores-closed-2017", "no list of members in 'stores-closed-2017'."),
        ("statistic", "entirely-else", "no statistic 'entirely-else'."),
    ],
)
def test_an_unknown_id_is_refused_with_the_nearest(ask, wanted, says, ledger):
    with pytest.raises(UnknownId) as error:
        getattr(ledger, ask)(wanted)
    assert says in str(error.value)


def test_counts_are_of_the_ledgers_own_items(ledger):
    counts = ["statistics", "sources", "demands", "proposals", "kettles", "repair-plants"]
    assert [ledger.count(name) for name in counts] == [6, 1, 1, 0, 6, 3]


def test_the_list_beside_a_count_is_counted_and_not_taken_over(edit, book):
    edit("data/statistics/kettles.yml", "[Ada, Bea, Cid]", "[Ada, Bea]")
    ledger = session.load(book)
    assert ledger.listed("repair-plants").point == 2
    assert ledger.quantity("repair-plants").point == 3


def test_the_period_of_an_event_is_its_date(ledger):
    assert str(ledger.period("plant-opened")) == "6 June 2017"
    assert str(ledger.period("repair-plants")) == "no period stated"


def test_the_table_of_a_subject_has_a_row_a_statistic(ledger):
    table = ledger.frame("kettles").set_index("id")
    assert set(table.index) == set(ledger.subjects["kettles"])
    assert table.loc["stores-closed-2017", "bound"] == "more than"


def test_a_subject_is_in_the_order_of_the_documents_sections(ledger):
    sections = [statistic.cited[0].section for statistic in ledger.subject("kettles")]
    assert sections == sorted(sections, key=["Overview", "Repairs"].index)


def test_the_book_is_found_from_a_folder_inside_it(book, monkeypatch):
    monkeypatch.chdir(book / "notebooks")
    assert tallybook.load().root == book


def test_a_folder_without_a_book_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookNotFound, match=r"expected a folder with _config\.yml and _toc\.yml"):
        tallybook.load()


def test_a_ledger_with_problems_is_not_loaded(edit, book):
    edit("data/statistics/kettles.yml", "value: 1000", "value: 1001")
    with pytest.raises(LedgerError) as error:
        session.load(book)
    assert len(error.value.problems) == 1


MORE = """- id: growth
  measure: growth
  value: 27
  bound: exact
  period: unstated
  scope: the company
  party: Kettle Company
  of: lids
  base_from: context
  base_because: The sentence before names them.
  {reading}cited:
    - {{source: report, section: Repairs, as_printed: 27 times more}}
"""
MEASURE = """- id: growth
  label: growth
  kind: ratio
  unit: times
  definition: How many times as many.
"""


@pytest.mark.parametrize(
    ("reading", "low", "high"),
    [
        ("", "26.5", "28.5"),
        ("reading: times\n  reading_because: x\n  ", "26.5", "27.5"),
        ("reading: times more\n  reading_because: x\n  ", "27.5", "28.5"),
    ],
)
def test_times_more_keeps_both_readings_unless_one_is_chosen(reading, low, high, book):
    path = book / "data/statistics/more.yml"
    path.write_text(MORE.format(reading=reading).replace("- id: growth", "- id: growth-more"))
    (book / "data/measures.yml").open("a").write(MEASURE)
    interval = session.load(book).quantity("growth-more").interval
    assert (interval.low, interval.high) == (Fraction(low), Fraction(high))


def test_a_threshold_can_be_calculated_with_for_each_of_what_is_counted(book):
    quantity = session.load(book).threshold("share-handled-2017")
    assert (quantity.point, quantity.unit) == (24, "hours per percent")
    assert quantity.interval == Interval(Fraction(0), Fraction(24))
    assert quantity.inputs == {"share-handled-2017"}


def test_a_statistic_without_a_number_in_its_condition_has_no_threshold(ledger):
    with pytest.raises(UnknownId, match="number in a condition"):
        ledger.threshold("stores-closed-2017")


def test_the_days_between_two_events_are_as_sharp_as_their_dates(book):
    more = """
- id: plant-planned
  label: The plant is planned
  date: "2017-05"
  party: Kettle Company
  date_from: context
  date_because: x
  cited:
    - {source: report, section: Repairs, as_printed: the plant in Bea}
"""
    path = book / "data/events.yml"
    path.write_text(path.read_text() + more)
    quantity = session.load(book).days_between("plant-planned", "plant-opened")
    assert (quantity.interval.low, quantity.interval.high) == (6, 36)
    assert quantity.inputs == {"plant-planned", "plant-opened"}


def test_a_time_that_no_date_says_is_shown_in_its_words(book, edit):
    in_words = "period_in_words: in the last year, which is not dated"
    edit("data/statistics/kettles.yml", "period: unstated", f"period: unstated\n  {in_words}")
    ledger = session.load(book)
    shown = [figure.period for figure in map(ledger.figure, ledger.statistics)]
    assert "in the last year, which is not dated" in shown
