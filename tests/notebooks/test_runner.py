"""Executing many notebooks: in order, in parallel, and with nothing lost where something fails."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from concurrent.futures import Future

import nbformat
import psutil
import pytest

from tallybook.charts import vega
from tallybook.notebooks import runner, session, staleness, stored
from tallybook.notebooks.book import Book
from tallybook.notebooks.execute import execute
from tests.helpers.small_site import TALLYBOOK
from tests.notebooks.test_staleness import CITES, DATA, PUBLISHES

SECONDS = 120  # for what takes a moment, on a machine that is busy with something else


def until(condition) -> None:
    """Wait until something is so, which it will be soon."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never was so"
        time.sleep(0.02)


def waits_for(path, begun) -> str:
    """Code of a cell that says it has begun, by a file, and goes on as soon as another is there."""
    return (
        "import time\nfrom pathlib import Path\n"
        f"Path({str(begun)!r}).touch()\nwhile not Path({str(path)!r}).exists(): time.sleep(0.02)"
    )


class Heard:
    """A watcher that keeps what it is told."""

    def __init__(self) -> None:
        self.begins: list[str] = []
        self.ends: list[str] = []
        self.failures: list[str] = []

    def begun(self, name):
        self.begins.append(name)

    def at_cell(self, name, number, count):
        assert name in self.begins
        assert 1 <= number <= count

    def done(self, result):
        self.ends.append(result.name)
        self.failures += [result.failure] if result.failure else []

    def tick(self):
        pass


@pytest.fixture(scope="module")
def pool():
    with runner.local(2) as pool:
        yield pool


@pytest.fixture
def run(book, pool):
    def run_all(*, every: bool = False):
        heard = Heard()
        outcome = runner.run(Book(book), stored.paths(book), pool, heard, every=every)
        return outcome, heard

    return run_all


def command(book, *arguments: str, server: str = "") -> subprocess.Popen[str]:
    given = {name: value for name, value in os.environ.items() if name != vega.SERVER}
    return subprocess.Popen(
        [*TALLYBOOK, "--book", str(book), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=given | ({vega.SERVER: server} if server else {}),
    )


def test_stale_notebooks_are_executed_once_and_fresh_ones_are_not(run):
    outcome, _ = run()
    assert (outcome.executed, outcome.fresh) == ({"notebooks/kettles.ipynb"}, set())
    outcome, heard = run()
    assert (outcome.executed, outcome.fresh) == (set(), {"notebooks/kettles.ipynb"})
    assert heard.begins == []


def test_those_that_store_most_are_begun_first(run, add):
    add("a-small", "1")
    add("b-large", f"1  # {'long ' * 10_000}")
    _, heard = run()
    assert heard.begins[0] == "notebooks/b-large.ipynb"
    assert heard.begins.index("notebooks/kettles.ipynb") < heard.begins.index(
        "notebooks/a-small.ipynb"
    )


def test_running_everything_again_gives_the_same_bytes(run, book):
    run()
    before = {path: path.read_bytes() for path in stored.paths(book)}
    outcome, _ = run(every=True)
    assert outcome.executed == {"notebooks/kettles.ipynb"}
    assert {path: path.read_bytes() for path in stored.paths(book)} == before


def test_what_reads_a_derived_figure_is_executed_after_what_derives_it(run, add, edit):
    add("a-cites", CITES)
    add("z-publishes", PUBLISHES)
    outcome, heard = run()
    assert outcome.failed == {}
    assert heard.begins.index("notebooks/z-publishes.ipynb") < heard.begins.index(
        "notebooks/a-cites.ipynb"
    )
    edit(DATA, "value: 1000\n", "value: 1001\n")
    edit(DATA, "more than 1,000 stores", "more than 1,001 stores")
    outcome, _ = run()
    assert "notebooks/a-cites.ipynb" in outcome.executed


def test_code_that_python_warns_of_is_read_without_a_warning(recwarn):
    recwarn.clear()
    cell = nbformat.v4.new_code_cell("names = '\\d', 'stores-per-plant'")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert "stores-per-plant" in runner._texts_in_code(notebook)[0]
    assert not recwarn.list


def test_what_reads_a_derived_figure_that_stays_the_same_is_not_executed_again(run, add):
    add("a-cites", CITES)
    path = add("z-publishes", PUBLISHES)
    run()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += "\n"
    nbformat.write(notebook, path)
    outcome, _ = run()
    assert outcome.executed == {"notebooks/z-publishes.ipynb"}


def test_a_derived_figure_under_a_name_that_no_code_spells_is_found_in_another_round(run, add):
    add("a-cites", CITES.replace('"stores-twice"', '"-".join(["stores", "twice"])'))
    add("z-publishes", PUBLISHES)
    outcome, heard = run()
    assert "notebooks/a-cites.ipynb" in {*outcome.executed, *outcome.failed}
    assert heard.begins.count("notebooks/z-publishes.ipynb") == 1


def test_one_that_fails_stops_no_other_and_stays_as_it_was(run, add):
    path = add("broken", "1 / 0")
    before = path.read_bytes()
    outcome, heard = run()
    assert outcome.executed == {"notebooks/kettles.ipynb"}
    assert heard.failures == [
        "notebooks/broken.ipynb, cell 1: ZeroDivisionError: division by zero\n    1 / 0"
    ]
    assert path.read_bytes() == before


def test_a_fault_of_our_own_fails_one_notebook_and_stops_no_other(book, add):
    add("unlucky", "1")

    class Pool:
        def submit(self, job):
            future = Future()
            if "unlucky" in job.name:
                future.set_exception(StopIteration("nothing left"))
            else:
                future.set_result(execute(job))
            return future

        def cells_begun(self):
            return ()

    outcome = runner.run(Book(book), stored.paths(book), Pool(), Heard())
    assert outcome.executed == {"notebooks/kettles.ipynb"}
    assert outcome.failed["notebooks/unlucky.ipynb"] == (
        "notebooks/unlucky.ipynb: a fault of tallybook's own, not of the notebook: StopIteration: "
        "nothing left. Please report it"
    )


def test_the_settings_say_how_long_a_cell_may_run(run, add, edit):
    edit("_config.yml", '{execute_notebooks: "off"}', '{execute_notebooks: "off", timeout: 2}')
    add("sleeps", "import time\ntime.sleep(60)")
    outcome, _ = run()
    assert outcome.executed == {"notebooks/kettles.ipynb"}
    assert "cell 1: it ran for over 2 s" in outcome.failed["notebooks/sleeps.ipynb"]


def test_what_reads_a_derived_figure_of_one_that_fails_is_not_executed(run, add):
    add("a-cites", CITES)
    add("z-publishes", f"{PUBLISHES}\n1 / 0")
    outcome, _ = run()
    assert outcome.failed["notebooks/a-cites.ipynb"] == (
        "notebooks/a-cites.ipynb: not executed, for it reads what notebooks/z-publishes.ipynb "
        "derives"
    )


def test_a_kernel_that_dies_is_said_once_and_the_others_are_executed(run, add):
    add("dies", "import os\nos._exit(9)")
    outcome, heard = run()
    assert outcome.executed == {"notebooks/kettles.ipynb"}
    assert "dies.ipynb, cell 1: the kernel died" in heard.failures[0]


def test_one_that_changes_what_it_reads_is_said_to_be_stale_for_ever(run, add, book):
    (book / "count.txt").write_text("1")
    path = "../count.txt"
    add(
        "counts",
        f"n = int(open('{path}').read())\nprint(n)\nopen('{path}', 'r+').write(str(n + 1))",
    )
    outcome, _ = run()
    said = outcome.failed["notebooks/counts.ipynb"]
    assert (
        said == "notebooks/counts.ipynb: stale again as soon as it is executed: count.txt changed"
    )


def test_an_edit_of_a_notebook_while_it_is_executed_is_not_lost(run, add, tmp_path):
    begun, saved = tmp_path / "begun", tmp_path / "saved"
    path = add("edits", waits_for(saved, begun), "'before'")
    edited = path.read_text().replace("'before'", "'after'")

    def edit_meanwhile() -> None:
        until(begun.exists)
        path.write_text(edited)
        saved.touch()

    editor = threading.Thread(target=edit_meanwhile)
    editor.start()
    outcome, heard = run()
    editor.join()
    assert heard.begins.count("notebooks/edits.ipynb") == 2
    assert nbformat.read(path, as_version=4).cells[1].outputs[0].data["text/plain"] == "'after'"
    assert "notebooks/edits.ipynb" in outcome.executed


def test_a_file_that_is_edited_while_it_is_read_is_read_again(run, add, book):
    (book / "extra.txt").write_text("1")
    code = (
        "text = open('../extra.txt').read()\nif text == '1': open('../extra.txt', 'r+').write('2')"
    )
    path = add("reads", code, "text")
    run()
    assert nbformat.read(path, as_version=4).cells[1].outputs[0].data["text/plain"] == "'2'"


def test_notebooks_are_executed_side_by_side(run, add, tmp_path):
    for name, other in (("one", "two"), ("two", "one")):
        add(name, waits_for(tmp_path / other, tmp_path / name))
    outcome, _ = run()  # each ends only if the other one has begun
    assert outcome.failed == {}


def test_after_an_interruption_nothing_is_half_written_and_no_process_is_left(book, add, tmp_path):
    path = add("sleeps", waits_for(tmp_path / "never", tmp_path / "begun"))
    before = path.read_bytes()
    running = command(book, "run")
    until((tmp_path / "begun").exists)
    family = psutil.Process(running.pid).children(recursive=True)
    assert len(family) >= 3  # a server, its drawing process, and at last a kernel
    os.kill(running.pid, signal.SIGINT)
    out, error = running.communicate(timeout=SECONDS)
    assert running.returncode == 130
    assert "Interrupted: what was executed is stored" in error
    assert "Traceback" not in out + error
    assert path.read_bytes() == before
    assert not list((book / "notebooks").glob(".*"))
    _, left = psutil.wait_procs(family, timeout=SECONDS)
    assert left == []


def test_an_interruption_ends_a_cell_in_an_ordinary_kernel_too(book, add, tmp_path):
    add("sleeps", waits_for(tmp_path / "never", tmp_path / "begun"))
    running = command(book, "run", server=str(tmp_path / "none"))
    until((tmp_path / "begun").exists)
    family = psutil.Process(running.pid).children(recursive=True)
    os.kill(running.pid, signal.SIGINT)
    running.communicate(timeout=SECONDS / 2)  # a cell may run for as long again
    assert running.returncode == 130
    _, left = psutil.wait_procs(family, timeout=SECONDS)
    assert left == []


def test_the_command_says_what_it_did_and_fails_where_one_fails(book, add):
    add("broken", "1 / 0")
    result = command(book, "run")
    out, error = result.communicate(timeout=SECONDS)
    assert result.returncode == 1
    assert "notebooks/kettles.ipynb: executed" in out
    assert "1 notebook executed, 0 fresh." in out
    assert error.splitlines()[-1] == "1 notebook failed."


def test_status_names_each_notebook_and_why_it_is_stale(book, run, edit):
    run()
    edit(DATA, "value: 1000\n", "value: 1001\n")
    edit(DATA, "more than 1,000 stores", "more than 1,001 stores")
    asked = command(book, "status", "--exit-code")
    out, _ = asked.communicate(timeout=SECONDS)
    assert asked.returncode == 1
    assert out.splitlines()[:2] == [
        "notebooks/kettles.ipynb: stale",
        "    `stores-closed-2017`: cited.0.as printed more than 1,000 stores → more than 1,001 "
        "stores, value 1000 → 1001",
    ]


def test_status_of_a_ledger_that_does_not_hold_says_both(book, run, edit):
    run()
    edit(DATA, "value: 1000\n", "value: 1001\n")
    asked = command(book, "status")
    out, error = asked.communicate(timeout=SECONDS)
    assert asked.returncode == 1
    assert "value 1000 → 1001" in out
    assert "kettles.yml:3:10: statistic 'stores-closed-2017'" in error


def test_what_is_stored_is_fresh_by_the_ledger_of_today(run, book):
    run()
    today = staleness.Today(session.load(book))
    assert not any(staleness.all_reasons(today, stored.paths(book)).values())
