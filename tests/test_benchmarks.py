from pathlib import Path

import pytest

from benchmarks import generate, phrases, table
from benchmarks.measure import IMPORTS, Costs, Results
from tallybook import loading, sources

ROOT = Path(__file__).parent.parent
REAL = loading.load(ROOT)


def written(folder, size=1, **options):
    return generate.write(REAL, folder, size, section_length=300, **options)


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("longer", [False, True])
@pytest.mark.parametrize("size", [1, 2])
def test_a_generated_ledger_holds_and_its_documents_bear_it_out(tmp_path, size, longer):
    book = written(tmp_path, size, longer=longer)
    accounts, problems = sources.check(loading.load(book.root), book.documents)
    assert problems == []
    assert [p for account in accounts.values() for p in account.left_over()] == []


def test_a_generated_ledger_is_the_same_twice(tmp_path):
    written(tmp_path / "one", 2)
    written(tmp_path / "two", 2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_generated_ledger_has_as_much_of_everything_as_its_pattern(tmp_path):
    ledger = loading.load(written(tmp_path, 2).root)
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
