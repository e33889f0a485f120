"""Printed runs are read once."""

import gc

import pytest

from tallybook.ledger import runs
from tallybook.ledger.loading import nothing_collected
from tallybook.ledger.single import single_figure
from tallybook.reading import hedges


@pytest.fixture
def read(monkeypatch):
    """The texts that were read for their numerals."""
    texts = []
    own = hedges.read
    monkeypatch.setattr(hedges, "read", lambda text: texts.append(text) or own(text))
    runs.forget()
    return texts


def test_a_run_is_read_once_for_any_unit_and_names(read):
    run = "27 times more shops"
    single_figure(run, "shops")
    single_figure(run, "times", ("Club 24",))
    runs.figures(run)
    assert read == [run]


def test_a_name_of_the_book_is_left_out_of_a_run_that_was_read_without_it():
    run = "the 40 stores of Lids 24"
    assert len(runs.figures(run)) == 2
    assert [str(each.value) for each in runs.figures(run, ("Lids 24",))] == ["40"]


def test_what_is_forgotten_is_read_again(read):
    runs.numerals("40 lids")
    runs.forget()
    runs.numerals("40 lids")
    assert read == ["40 lids", "40 lids"]


@pytest.mark.parametrize("is_on", [True, False])
def test_garbage_is_looked_for_afterwards_as_it_was_before(is_on):
    was = gc.isenabled()
    (gc.enable if is_on else gc.disable)()
    try:
        with pytest.raises(ValueError, match="stop"), nothing_collected():
            raise ValueError("stop")
        assert gc.isenabled() is is_on
    finally:
        (gc.enable if was else gc.disable)()
