"""Executing notebooks on a cluster: a scheduler and two workers on loopback, one of them killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest
from distributed import Client

from tallybook.errors import NoCluster
from tallybook.notebooks import cluster, runner, stored
from tallybook.notebooks.book import Book
from tests.helpers.groups import slow
from tests.notebooks.test_runner import SECONDS, Heard, command, until, waits_for
from tests.notebooks.test_staleness import CITES, PUBLISHES

QUIET = {"DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error", "DASK_DISTRIBUTED__VERSION": "2"}


def process(*arguments: str, folder) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", *arguments]
    if arguments[0].startswith("tcp://"):
        command[2] = "distributed.cli.dask_worker"
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=os.environ | QUIET,
    )  # fmt: skip


@pytest.fixture
def scheduler(tmp_path_factory):
    """The address of a scheduler with two workers of one thread, and the workers."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    began = [process("--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                     "--scheduler-file", str(file), folder=folder)]  # fmt: skip
    address = address_in(file)
    for _ in range(2):
        began.append(process(address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                             folder=folder))  # fmt: skip
    wait_for_workers(address)
    yield address, began[1:]
    for one in began:
        one.kill()
        one.communicate()


def address_in(file) -> str:
    until(lambda: file.exists() and file.read_text())
    return json.loads(file.read_text())["address"]


def wait_for_workers(address: str) -> None:
    with Client(address, timeout=SECONDS, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=SECONDS)


def texts(book) -> dict[str, str]:
    return {path.name: path.read_text() for path in stored.paths(book)}


@slow("cluster")
def test_what_workers_execute_is_what_this_machine_does(scheduler, book, add):
    add("a-cites", CITES)
    add("z-publishes", PUBLISHES)
    (book / "extra.txt").write_text("7")
    add("reads", "open('../extra.txt').read()")
    with cluster.connected(scheduler[0]) as there:
        outcome = runner.run(Book(book), stored.paths(book), there, Heard())
    assert (len(outcome.executed), outcome.failed) == (4, {})
    from_cluster = texts(book)
    with runner.local(2) as here:
        runner.run(Book(book), stored.paths(book), here, Heard(), every=True)
    assert texts(book) == from_cluster


@slow("cluster")
def test_a_worker_that_is_killed_costs_a_retry_and_no_loss(scheduler, book, add, tmp_path):
    address, workers = scheduler
    names = ("one", "two", "three")
    for name in names:
        add(name, waits_for(tmp_path / "killed", tmp_path / name))
    heard = Heard()

    def kill_one_of_two_that_are_busy() -> None:
        until(lambda: sum((tmp_path / name).exists() for name in names) == 2)
        workers[0].kill()
        workers[0].wait()
        (tmp_path / "killed").touch()

    killer = threading.Thread(target=kill_one_of_two_that_are_busy)
    killer.start()
    with cluster.connected(address) as there:
        outcome = runner.run(Book(book), stored.paths(book), there, heard)
    killer.join()
    assert (len(outcome.executed), outcome.failed) == (4, {})


@slow("cluster")
def test_a_failing_cell_is_named_without_the_folder_of_the_worker(scheduler, book, add):
    path = add("broken", "1 / 0")
    path.with_stem("none").write_text("{")
    with cluster.connected(scheduler[0]) as there:
        outcome = runner.run(Book(book), stored.paths(book), there, Heard())
    said = outcome.failed
    assert said["notebooks/broken.ipynb"].startswith("notebooks/broken.ipynb, cell 1: ZeroDivision")
    assert said["notebooks/none.ipynb"].startswith("notebooks/none.ipynb: no notebook can be read")


@slow("cluster")
def test_the_command_executes_on_a_cluster(scheduler, book):
    asked = command(book, "run", "--scheduler", scheduler[0])
    out, error = asked.communicate(timeout=SECONDS)
    assert asked.returncode == 0, error
    assert "1 notebook executed, 0 fresh." in out


def test_a_cluster_that_is_not_there_is_said_in_a_line(monkeypatch):
    monkeypatch.setattr(cluster, "_SECONDS_TO_CONNECT", 1)
    said = r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"
    with pytest.raises(NoCluster, match=said), cluster.connected("tcp://127.0.0.1:9"):
        pass


def test_the_archive_of_a_book_is_the_same_as_long_as_its_files_are(book):
    before = cluster.pack(book)
    (book / ".hidden").write_text("")
    assert cluster.pack(book) == before
    (book / "index.md").write_text("# Other")
    assert cluster.pack(book) != before
