from pathlib import Path

import pytest

from benchmarks import books, floor, generate, loop, loop_table, phrases, stock, table
from benchmarks.measure import IMPORTS, Costs, Results
from tallybook.ledger import coverage
from tallybook.notebooks import session, stored
from tests.helpers.groups import slow

ROOT = Path(__file__).parents[2]
REAL = session.load(ROOT)


def written(folder, size=1, **options):
    return generate.write(REAL, folder, size, section_length=300, **options)


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("longer", [False, True])
@pytest.mark.parametrize("size", [1, 2])
def test_a_generated_ledger_holds_and_its_documents_bear_it_out(tmp_path, size, longer):
    book = written(tmp_path, size, longer=longer)
    accounts, problems = coverage.check(session.load(book.root), book.documents)
    assert problems == []
    assert [p for account in accounts.values() for p in account.left_over()] == []


def test_a_generated_ledger_is_the_same_twice(tmp_path):
    written(tmp_path / "one", 2)
    written(tmp_path / "two", 2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_generated_ledger_has_as_much_of_everything_as_its_pattern(tmp_path):
    ledger = session.load(written(tmp_path, 2).root)
    for kind in ("sources", "measures", "statistics", "events", "items", "missing", "dismissals"):
        assert len(getattr(ledger, kind)) == 2 * len(getattr(REAL, kind))
    assert sorted(s.bound for s in ledger.statistics.values()) == sorted(
        2 * [s.bound for s in REAL.statistics.values()]
    )


def test_no_two_places_have_the_same_name():
    assert len({phrases.name(number) for number in range(100_000)}) == 100_000


def results(*, load_at_10):
    costs = dict.fromkeys(Costs.__dataclass_fields__, 1.0)
    sizes = {size: Costs(**costs) for size in (1, 100)}
    sizes[10] = Costs(**costs | {"first_load": load_at_10})
    return Results(Costs(**costs), dict(sorted(sizes.items())), dict.fromkeys(IMPORTS, 1.0), "")


@pytest.mark.parametrize(("load_at_10", "verdict"), [(10.9, "ok"), (11.5, "over")])
def test_a_cost_that_grows_faster_than_the_ledger_is_called_over(load_at_10, verdict):
    row = table.text(results(load_at_10=load_at_10)).splitlines()[1]
    assert row.split()[-3] == verdict


def round_of(**costs):
    one = dict.fromkeys(loop.Costs.__dataclass_fields__, 1.0)
    return loop.Costs(**one | {"stale": 0} | costs)


def row(found, name):
    return next(line for line in loop_table.text(found).splitlines() if line.startswith(name))


@pytest.mark.parametrize(("cold", "verdict"), [(4.0, "ok"), (4.1, "over")])
def test_a_build_that_takes_more_of_stocks_time_than_it_may_is_called_over(cold, verdict):
    found = loop.Measured("12", 12, [round_of(cold=cold, cold_stock=10.0)], {})
    assert row(found, "cold build beside stock").split()[-3:] == ["≤", "0.4", verdict]


def test_a_ratio_is_of_costs_of_the_same_round():
    rounds = [round_of(cold=cold, cold_stock=stock) for cold, stock in ((1, 8), (9, 9), (3, 4))]
    assert loop.Measured("12", 12, rounds, {}).ratio("cold", "cold_stock") == 0.75


@pytest.mark.parametrize(("peak", "verdict"), [(400.0, "ok"), (401.0, "over")])
def test_memory_is_held_against_stocks_and_what_it_may_be_above_it(peak, verdict):
    found = loop.Measured("12", 12, [round_of(peak=peak, peak_stock=200.0)], {})
    assert row(found, "peak memory").split()[-1] == verdict


def test_one_stale_page_is_over():
    rounds = [round_of(), round_of(stale=1), round_of()]
    found = loop.Measured("real", 14, rounds, {})
    assert row(found, "pages stale").split()[-1] == "over"


def test_what_is_left_out_is_said_with_its_reason_and_never_called_ok():
    found = loop.Measured("12", 12, [round_of(live=None)], {"live": "there is no Chromium"})
    assert "left out" in row(found, "live: a record edited")
    assert loop_table.text(found).endswith("left out: there is no Chromium\n")


@pytest.mark.parametrize(("cold", "verdict"), [(10.0, "ok"), (10.1, "over")])
def test_a_build_may_grow_as_the_number_of_notebooks_does(cold, verdict):
    small = loop.Measured("12", 12, [round_of()], {})
    large = loop.Measured("120", 120, [round_of(cold=cold)], {})
    assert loop_table.growth([small, large]).splitlines()[2].split()[-1] == verdict


def test_a_generated_book_holds_and_its_document_bears_it_out(tmp_path):
    book = books.generated(tmp_path / "book", 2)
    accounts, problems = coverage.check(session.load(book.root), book.root / "documents")
    assert problems == []
    assert [p for account in accounts.values() for p in account.left_over()] == []


@slow("benchmarks")
def test_a_generated_book_is_built_and_the_edit_that_is_measured_reaches_its_page(tmp_path):
    book = books.generated(tmp_path / "book", 2)
    words = book.edit()
    loop.build(book)
    assert words in book.html()


def test_the_floor_draws_the_charts_of_every_notebook(tmp_path):
    book = books.generated(tmp_path / "book", 2)
    assert floor.execution(book.root).output == "4\n"


def test_the_stock_twin_has_our_cells_and_none_of_our_roles(tmp_path):
    book = books.generated(tmp_path / "book", 1)
    twin = stock.write(book.root, tmp_path / "stock")
    ours, theirs = (stored.read(folder / f"{book.page}.ipynb") for folder in (book.root, twin))
    assert code(ours) == code(theirs)
    texts = [path.read_text(encoding="utf-8") for path in twin.rglob("*.md")]
    assert not any("{stat}" in text or "{ledger-" in text for text in texts)
    assert "`shops-" in "".join(texts)


def code(notebook):
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]
