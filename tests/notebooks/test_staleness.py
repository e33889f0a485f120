"""Which notebooks are stale, and why: by the records and fields that they read, and by no more."""

from __future__ import annotations

import copy
import json
import re

import nbformat
import pytest
from click.testing import CliRunner

from tallybook import files
from tallybook.cli.main import cli
from tallybook.ledger.records import Statistic
from tallybook.ledger.tracking import Reads, tracked
from tallybook.notebooks import execute, session, staleness
from tallybook.notebooks import stored as notebooks
from tallybook.tables import figures
from tests.helpers.small_site import NOTEBOOK

DATA = "data/statistics/kettles.yml"
EXTRA = """- id: stores-opened-2017
  measure: stores-closed
  value: 5
  bound: exact
  period: unstated
  scope: the company
  party: Kettle Company
  cited:
    - {source: report, section: Repairs, as_printed: Five}
"""
READS_ONE = """import tallybook
ledger = tallybook.load()
ledger.quantity("repair-plants")"""


@pytest.fixture
def path(book):
    return book / NOTEBOOK


@pytest.fixture
def run(book, path):
    """Execute the notebook of the book, or another one with only this code, and store it."""

    def execute_it(*code: str, name: str = "kettles"):
        target = path.with_stem(name)
        if code:
            cells = [nbformat.v4.new_code_cell(source) for source in code]
            nbformat.write(nbformat.v4.new_notebook(cells=cells), target)
        job = execute.Job(str(book), target.relative_to(book).as_posix())
        result = execute.execute(job)
        assert result.failure == ""
        target.write_text(result.text)
        return target

    return execute_it


@pytest.fixture
def why(book, path):
    """Why a notebook is stale."""

    def ask(target=path):
        ledger, _ = session.inspect(book)
        return staleness.all_reasons(staleness.Today(ledger), [target])[target]

    return ask


def edit_cell(path, number: int, change) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[number - 1].source = change(notebook.cells[number - 1].source)
    nbformat.write(notebook, path)


def test_a_notebook_is_stale_until_it_is_executed(run, why):
    assert why() == [staleness.NEVER]
    run()
    assert why() == []


def test_an_edit_of_a_cell_is_named_and_one_of_prose_is_none(run, why, path):
    run()
    edit_cell(path, 1, lambda _: "# Other kettles")
    assert why() == []
    edit_cell(path, 4, lambda source: f"{source} ")
    assert why() == ["cell 4 edited"]


def test_cells_that_come_go_and_change_places_are_named(run, why, path):
    run()
    whole = path.read_text()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(4, nbformat.v4.new_code_cell("2"))
    nbformat.write(notebook, path)
    assert why()[0] == "cell 5 added"
    path.write_text(whole)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[3:] = reversed(notebook.cells[3:])
    nbformat.write(notebook, path)
    assert why()[0] == "its cells stand in another order"
    del notebook.cells[3]
    nbformat.write(notebook, path)
    assert why()[0] == "1 cell taken out"


def test_more_words_make_no_output_another(run, why, path):
    run()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell("More words."))
    nbformat.write(notebook, path)
    assert why() == []


def test_line_ends_of_another_system_are_no_edit(run, why, path):
    run()
    edit_cell(path, 3, lambda source: source.replace("\n", "\r\n"))
    assert why() == []


@pytest.mark.parametrize("tag", ["skip-execution", "raises-exception"])
def test_a_tag_by_which_a_cell_is_executed_otherwise_is_an_edit(tag, run, why, path):
    run()
    edit_metadata(path, 3, tags=[tag])
    assert why() == ["cell 3 edited"]


def test_a_tag_by_which_a_cell_looks_otherwise_is_none(run, why, path):
    run()
    edit_metadata(path, 3, tags=["hide-input", "remove-cell"], slideshow={"slide_type": "skip"})
    assert why() == []


def edit_metadata(path, number: int, **metadata) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[number - 1].metadata.update(metadata)
    nbformat.write(notebook, path)


def test_a_changed_field_is_named_with_old_and_new(run, why, edit):
    run()
    edit(DATA, "value: 1000\n", "value: 1001\n")
    assert why() == ["`stores-closed-2017`: value 1000 → 1001"]


def test_a_long_text_is_said_to_have_changed(run, why, edit):
    run()
    edit(DATA, "  scope: the company\n", f"  scope: {'the company, ' * 9}\n")
    assert why() == ["`stores-closed-2017`: scope changed"]


def test_comments_order_and_layout_make_nothing_stale(run, why, edit, book):
    run()
    edit(DATA, "  value: 1000\n", "  # why\n")
    edit(DATA, "  scope: the company\n", "  value: 1000\n  scope: the company\n")
    edit("data/measures.yml", "unit: stores", 'unit: "stores"')
    for name in (DATA, "data/measures.yml", "data/comparison.yml", "data/events.yml"):
        records = re.split(r"(?m)^(?=- id: )", (book / name).read_text())
        (book / name).write_text("".join([records[0], *reversed(records[1:])]))
    assert why() == []


def test_editing_one_record_makes_only_its_readers_stale(run, why, edit):
    other = run(READS_ONE, name="plants")
    run()
    edit(DATA, "value: 240000", "value: 250000")
    edit(DATA, "recalled 240,000 kettles", "recalled 250,000 kettles")
    printed = "cited.0.as printed recalled 240,000 kettles → recalled 250,000 kettles"
    assert why() == [f"`kettles-recalled-2017`: {printed}"]
    assert why(other) == []


def test_a_field_that_a_notebook_does_not_read_does_not_make_it_stale(run, why, edit):
    other = run(READS_ONE, name="plants")
    run()
    edit(DATA, "  members: [Ada, Bea, Cid]", "  note: New.\n  members: [Ada, Bea, Cid]")
    edit("data/measures.yml", "definition: Plants that repair kettles.", "definition: Repairers.")
    assert why(other) == []
    assert why() == ["`repair-plants`: note – → New."]


def test_a_figure_is_read_as_far_as_it_is_shown(run, why, edit):
    shows = "import tallybook\nledger = tallybook.load()"
    words = run(shows, 'ledger.figure("stores-closed-2017").words', name="words")
    scope = run(shows, 'ledger.figure("stores-closed-2017").scope', name="scope")
    edit(DATA, "  scope: the company\n", "  scope: the group\n")
    assert why(words) == []
    assert why(scope) == ["`stores-closed-2017`: scope the company → the group"]


def test_a_record_added_to_a_subject_makes_its_readers_stale(run, why, book):
    other = run(READS_ONE, name="plants")
    run()
    (book / DATA).write_text((book / DATA).read_text() + EXTRA)
    assert "the statistics of `kettles`: stores-opened-2017 added" in why()
    assert why(other) == []


def test_a_record_that_moves_to_another_subject_is_missed_in_the_first(run, why, book):
    run()
    first, *rest = re.split(r"(?m)^(?=- id: )", (book / DATA).read_text())[1:]
    (book / DATA).write_text("".join(rest))
    (book / "data/statistics/stores.yml").write_text(first)
    assert why() == ["the statistics of `kettles`: stores-closed-2017 gone"]


def test_a_question_that_found_nothing_is_asked_again(run, why, book):
    asks = "import tallybook\nledger = tallybook.load()"
    empty = run(asks, 'len(tallybook.select(ledger, period="2031"))', name="empty")
    (book / DATA).write_text((book / DATA).read_text() + EXTRA.replace("unstated", '"2031"'))
    assert why(empty) == ["the statistics that fit period=2031: stores-opened-2017 added"]


def test_of_records_without_ids_the_fields_that_are_read_count(run, why, edit):
    asks = "import tallybook\nledger = tallybook.load()"
    many = run(asks, "len(ledger.dismissals)", name="many")
    runs = run(asks, "[one.run for one in ledger.dismissals]", name="runs")
    edit("data/dismissed.yml", "reason: page or list number", "reason: unrelated teaser")
    assert why(runs) == why(many) == []
    edit("data/dismissed.yml", "run: ", "run: And ")
    assert [reason.partition(" [")[0] for reason in why(runs)] == ["dismissals: run"]
    assert why(many) == []


def test_a_count_of_the_ledger_is_a_question_too(run, why, book):
    asks = "import tallybook\nledger = tallybook.load()"
    counts = run(asks, 'ledger.count("statistics")', name="counts")
    (book / DATA).write_text((book / DATA).read_text() + EXTRA)
    assert why(counts) == ["the count of statistics: 6 → 7"]


def test_what_is_read_of_a_ledger_that_is_loaded_twice_counts_all(run, why, edit):
    load = "import tallybook\nledger = tallybook.load()"
    twice = run(load, 'ledger.statistic("repair-plants").note', load,
                'ledger.statistic("repair-plants").scope', name="twice")  # fmt: skip
    edit(DATA, "  members: [Ada, Bea, Cid]", "  note: New.\n  members: [Ada, Bea, Cid]")
    assert why(twice) == ["`repair-plants`: note – → New."]


def test_outputs_that_were_changed_by_hand_are_noticed(run, why, path):
    run()
    path.write_text(path.read_text().replace("Stores closed. ", "Stores shut. "))
    assert why() == ["its outputs were changed since"]


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[2]["outputs"][0]["metadata"].update(name="typed"),
        lambda cells: cells[2]["outputs"].append(cells[2]["outputs"][0]),
        lambda cells: cells[2]["outputs"].clear(),
        lambda cells: cells[1].update(outputs=cells[2].pop("outputs"), execution_count=1),
        lambda cells: cells[0].update(outputs=cells[2]["outputs"]),
        lambda cells: cells.append({**cells[0], "id": "raw", "cell_type": "raw", "outputs": [{}]}),
    ],
    ids=["metadata", "doubled", "taken out", "of another cell", "of words", "of a raw cell"],
)
def test_what_becomes_of_an_output_by_hand_is_noticed(change, run, why, path):
    run()
    notebook = json.loads(path.read_text())
    change(notebook["cells"])
    path.write_text(json.dumps(notebook))
    assert why() == ["its outputs were changed since"]


def test_a_cell_that_was_emptied_or_added_with_an_output_is_noticed(run, why, path):
    run()
    whole = json.loads(path.read_text())
    emptied = copy.deepcopy(whole)
    emptied["cells"][2]["source"] = []
    path.write_text(json.dumps(emptied))
    assert why() == ["cell 3 edited"]
    whole["cells"].append({**whole["cells"][2], "id": "typed", "source": []})
    path.write_text(json.dumps(whole))
    assert why() == ["cell 6 added", "its outputs were changed since"]


def test_a_file_that_a_notebook_opens_past_the_ledger_is_an_input(run, why, book):
    (book / "extra.csv").write_text("1")
    reads = run('open("../extra.csv").read()', name="reads")
    assert why(reads) == []
    (book / "extra.csv").write_text("2")
    assert why(reads) == ["extra.csv changed"]
    (book / "extra.csv").unlink()
    assert why(reads) == ["extra.csv changed"]


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.listdir('../extra')",
        "from pathlib import Path; list(Path('../extra').glob('*'))",
    ],
)
def test_a_folder_that_a_notebook_lists_is_an_input(code, run, why, book):
    (book / "extra").mkdir()
    lists = run(code, name="lists")
    assert why(lists) == []
    (book / "extra/one.csv").write_text("")
    assert why(lists) == ["extra changed"]


def test_what_a_notebook_writes_or_asks_pandas_for_is_told_apart(run, why, book):
    (book / "extra.csv").write_text("a\n1")
    code = 'import pandas as pd\nframe = pd.read_csv("../extra.csv")\nframe.to_csv("../out.csv")'
    reads = run(code, name="reads")
    (book / "out.csv").unlink()
    assert why(reads) == []
    (book / "extra.csv").write_text("a\n2")
    assert why(reads) == ["extra.csv changed"]


@pytest.mark.parametrize(
    "code",
    [
        "!cat ../extra.csv",
        "%%bash\ncat ../extra.csv",
        "import os; os.system('cat ../extra.csv')",
        "import subprocess; print(subprocess.check_output(['cat', '../extra.csv']))",
    ],
)
def test_what_another_program_may_have_read_is_an_input(code, run, why, book):
    (book / "extra.csv").write_text("1")
    path = run(f"{code}", "!echo made > ../made.txt", name="starts")
    assert why(path) == []
    (book / "made.txt").write_text("otherwise")  # it comes from the notebook
    assert why(path) == []
    (book / "extra.csv").write_text("2")
    assert why(path) == ["extra.csv changed"]


def test_a_program_that_asks_for_the_machine_reads_no_book(run, why, book):
    (book / "extra.csv").write_text("1")
    path = run("import platform; platform.processor()", name="asks")
    (book / "extra.csv").write_text("2")
    assert why(path) == []


def test_a_database_is_an_input_unless_the_notebook_made_it(run, why, book):
    code = "import sqlite3\n{} = sqlite3.connect('{}')\n{}.execute('create table a(b)')"
    made = run(code.format("a", "../made.db", "a"), name="makes")
    assert why(made) == []
    asks = "sqlite3.connect('file:../made.db?mode=ro', uri=True).execute('select * from a')"
    reads = run(f"import sqlite3\nsqlite3.connect(':memory:')\n{asks}", name="reads")
    assert why(reads) == []
    (book / "made.db").write_bytes(b"")
    assert why(reads) == ["made.db changed"]


def test_a_module_of_the_book_is_an_input_also_from_its_cache(run, why, book):
    (book / "notebooks/helper.py").write_text("NUMBER = 1\n")
    for _ in range(2):
        helped = run("import helper\nhelper.NUMBER", name="helped")
    (book / "notebooks/helper.py").write_text("NUMBER = 22\n")
    assert why(helped) == ["notebooks/helper.py changed"]


def test_a_data_file_that_is_opened_past_the_ledger_counts_as_a_file(run, why, edit):
    reads = run('open("../data/measures.yml").read()', name="reads")
    edit("data/measures.yml", "- id: stores-closed\n", "# a comment\n- id: stores-closed\n")
    assert why(reads) == ["data/measures.yml changed"]


def stored(path) -> dict:
    return notebooks.load(path)["metadata"]["tallybook"]


def test_only_modules_and_distributions_that_a_notebook_loads_count(run, path):
    other = run(READS_ONE, name="plants")
    run()
    assert {"altair", "pandas"} <= set(stored(path)["distributions"])
    assert not {"altair", "pandas"} & set(stored(other)["distributions"])
    assert "tallybook.charts" in stored(path)["modules"]
    assert "tallybook.charts" not in stored(other)["modules"]
    for name in ("sphinx", "click", "ipykernel", "ipython", "pyzmq"):
        assert name not in stored(path)["distributions"]
    assert not {"tallybook.ledger.coverage", "tallybook.site.search", "tallybook.cli.main"} & set(
        stored(path)["modules"]
    )


def test_a_library_of_another_version_is_named(run, why, monkeypatch):
    other = run(READS_ONE, name="plants")
    run()
    versions = {"altair": "99.1"}
    monkeypatch.setattr(
        staleness, "version", lambda name, of=staleness.version: versions.get(name) or of(name)
    )
    assert [reason.split(" → ")[1] for reason in why()] == ["99.1"]
    assert why(other) == []


def test_modules_that_an_upgrade_changed_are_one_reason(run, why, path):
    run()
    assert stored(path)["tallybook"] == files.version()
    notebook = nbformat.read(path, as_version=4)
    record = notebook.metadata["tallybook"]
    record["tallybook"] = "0.0.9"
    nbformat.write(notebook, path)
    assert why() == []  # another version alone changes no output
    changed = [name for name in record["modules"] if name.startswith("tallybook")]
    record["modules"].update(dict.fromkeys(changed, "another digest"))
    nbformat.write(notebook, path)
    (reason,) = why()
    versions = f"tallybook 0.0.9 → {files.version()}"
    first = ", ".join(changed[:3])
    assert reason == f"{versions}: {first} and {len(changed) - 3} more changed"
    assert staleness.upgrades({path: [reason], path.with_name("other.ipynb"): []}) == [
        f"{versions}: 1 notebook of 2 has to be executed anew"
    ]


def test_status_sums_up_what_an_upgrade_changed(book, monkeypatch):
    reason = "tallybook 0.0.9 → 0.1.0: tallybook.charts.forms changed"
    monkeypatch.setattr(staleness, "all_reasons", lambda _, paths: {p: [reason] for p in paths})
    said = CliRunner().invoke(cli, ["--book", str(book), "status"]).output.splitlines()
    assert said[-2:] == [
        f"    {reason}",
        "tallybook 0.0.9 → 0.1.0: 1 notebook of 1 has to be executed anew",
    ]


def test_a_changed_module_is_named(run, why, tmp_path, monkeypatch):
    other = run(READS_ONE, name="plants")
    run()
    changed = tmp_path / "charts.py"
    changed.write_text("")
    real = staleness._source_of
    monkeypatch.setattr(
        staleness, "_source_of", lambda m: changed if m == "tallybook.charts" else real(m)
    )
    assert why() == ["tallybook.charts changed"]
    assert why(other) == []


def test_which_python_executed_it_is_not_asked(run, path):
    run()
    assert "python" not in stored(path)


PUBLISHES = """import tallybook
ledger = tallybook.load()
stores = ledger.quantity("stores-closed-2017")
tallybook.publish(ledger, {"stores-twice": ("twice the stores", stores.times(2))})"""
CITES = """import tallybook
ledger = tallybook.load()
ledger.figure("stores-twice").words"""


def test_a_notebook_reads_what_another_derives_and_is_stale_with_it(run, why, edit):
    first = run(PUBLISHES, name="first")
    second = run(CITES, name="second")
    assert why(second) == []
    edit(DATA, "value: 1000\n", "value: 1001\n")
    assert why(first) == ["`stores-closed-2017`: value 1000 → 1001"]
    assert why(second) == ["`stores-twice` is derived in first.ipynb, which is stale"]
    edit(DATA, "more than 1,000 stores", "more than 1,001 stores")
    run(name="first")
    assert [reason.partition(":")[0] for reason in why(second)] == ["`stores-twice`"]


def test_a_ledger_that_notes_what_is_read_answers_as_any_other(ledger):
    seen = tracked(ledger, Reads())
    for name, record in ledger.statistics.items():
        assert seen.statistics[name] == record
        assert seen.statistics[name].cited[0] is seen.statistics[name].cited[0]
        assert isinstance(seen.statistics[name], Statistic)
        assert seen.figure(name) == ledger.figure(name)
    assert [*seen.records()] == [*ledger.records()]
    assert figures.source_table(seen, "kettles") == figures.source_table(ledger, "kettles")
    assert seen.frame("kettles").equals(ledger.frame("kettles"))


def test_what_a_notebook_stores_of_its_execution_may_be_spoiled(run, why, path):
    run()
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["tallybook"]["cells"] = 3
    nbformat.write(notebook, path)
    assert why() == ["what it stores of its execution cannot be read"]


def test_what_a_notebook_reads_behind_a_link_is_an_input(run, why, book):
    elsewhere = book.parent / "elsewhere"
    (book / "notebooks").rename(elsewhere)
    (book / "notebooks").symlink_to("../elsewhere")
    (book.parent / "tables").mkdir()
    (book.parent / "tables/x.csv").write_text("one")
    (elsewhere / "tables").symlink_to("../tables")
    (elsewhere / "helping.py").write_text("one = 1")
    run(f"import helping\nopen('tables/x.csv').read()\n{READS_ONE}")
    assert why() == []
    (elsewhere / "helping.py").write_text("one = 2")
    (book.parent / "tables/x.csv").write_text("other")
    assert why() == ["notebooks/helping.py changed", "notebooks/tables/x.csv changed"]
