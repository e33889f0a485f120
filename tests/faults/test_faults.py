"""Whatever happens to a build: the sources are whole, the site is the old one or the new one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tallybook import files
from tallybook.charts import vega
from tallybook.errors import SiteRefused
from tallybook.notebooks.book import Book
from tallybook.site import publish
from tallybook.site.publish import Publication
from tests.faults.__main__ import Trials
from tests.faults.faulty import Faults, killed_at, refused_at
from tests.helpers.groups import but_first, slow
from tests.helpers.small_site import TALLYBOOK, build
from tests.reproduction.__main__ import contents

_MOST = 200  # moments at which a small folder that is published is changed
_SAMPLE = 8


@pytest.fixture
def folders(tmp_path) -> tuple[Path, Path]:
    """A folder that was built, and an older one that is published."""
    built, site = tmp_path / "built", tmp_path / "site"
    for folder, text in ((built, "new"), (site, "old")):
        (folder / "stat").mkdir(parents=True)
        for name in ("index.html", "stat/one.html", "stat/two.html"):
            (folder / name).write_text(text)
        (folder / f"{text}.html").write_text(text)
    return built, site


def publication(built: Path, site: Path) -> Publication:
    return Publication(built, site, built.parent / "kept.json")


def ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def published_with(fault, built: Path, site: Path) -> int:
    """Publish in a process of its own that something happens to; its exit code."""
    if process := os.fork():
        return ended(process)
    try:
        Faults(built.parent, fault).begin()
        publication(built, site).publish()
        os._exit(0)
    except OSError:
        os._exit(1)


@pytest.mark.parametrize("has_exchange", but_first([True, False], "faults"))
def test_a_publication_that_is_killed_anywhere_is_the_old_site_or_the_new_one(
    has_exchange, folders, monkeypatch
):
    built, site = folders
    if not has_exchange:
        monkeypatch.setattr("tallybook.site.publish._exchanged", lambda *_: False)
    old, new = contents(site), contents(built)
    for number in range(1, _MOST):
        code = published_with(killed_at(number), built, site)
        publication(built, site).recover()
        assert contents(site) in (old, new)
        if code == 0:
            break
        shutil.rmtree(site)
        for name, content in old.items():
            files.write(site / name, content)
    assert number > 10
    assert contents(site) == new


def test_a_publication_that_a_full_disk_refuses_leaves_the_old_site(folders):
    built, site = folders
    old, new = contents(site), contents(built)
    assert published_with(refused_at(3, ever_since=True), built, site) == 1
    assert contents(site) == old
    publication(built, site).publish()
    assert contents(site) == new


def test_what_is_published_shares_no_file_with_what_is_built(folders):
    built, site = folders
    for _ in range(2):
        publication(built, site).publish()
        (built / "index.html").write_text(f"newer {time.time_ns()}")
    numbers = {path.stat().st_ino for path in built.rglob("*") if path.is_file()}
    assert not numbers & {path.stat().st_ino for path in site.rglob("*") if path.is_file()}


def test_a_published_file_that_was_written_in_place_is_published_anew(folders):
    built, site = folders
    publication(built, site).publish()
    (site / "index.html").write_text("by hand")
    assert publication(built, site).changed() == ["index.html"]
    publication(built, site).publish()
    assert contents(site) == contents(built)


def test_a_site_that_is_refused_is_not_published(built_book):
    old = contents(publish.site(built_book))
    aside = publish.aside(built_book) / "index.html"

    def sphinx(_: Path) -> bool:
        aside.write_text("97%")
        return True

    with pytest.raises(SiteRefused, match="97% is nobody's"):
        publish.build(Book(built_book), sphinx, problems=lambda *_: ["97% is nobody's"])
    assert contents(publish.site(built_book)) == old


def test_a_book_that_is_edited_again_and_again_while_it_is_built_is_not_published(built_book):
    old = contents(publish.site(built_book))
    index = built_book / "index.md"

    def sphinx(_: Path) -> bool:
        index.write_text(f"{index.read_text()}\nMore.\n")
        return True

    with pytest.raises(SiteRefused, match="again and again"):
        publish.build(Book(built_book), sphinx)
    assert contents(publish.site(built_book)) == old


def test_the_lock_is_waited_for_and_free_when_its_holder_is_killed(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout.readline() == "held\n"
    said: list[str] = []

    def tell(text: str) -> None:
        said.append(text)
        os.kill(holder.pid, signal.SIGKILL)

    with files.locked(tmp_path, tell), files.locked(tmp_path, said.append):
        assert said == [f"Waiting for process {holder.pid}, which is at work on this book."]
    holder.wait()
    holder.stdout.close()


_HOLD = (
    "import os, pathlib, sys, time; from tallybook import files\n"
    "with files.locked(pathlib.Path(sys.argv[1]), print):\n"
    "    os.fork() and (print('held', flush=True), time.sleep(60))\n"
    "    time.sleep(9)"
)


@slow("faults")
def test_no_process_is_left_of_a_run_that_is_killed(book, add):
    add("sleeps", "import time\ntime.sleep(60)")
    environment = {name: value for name, value in os.environ.items() if name != vega.SERVER}
    command = [*TALLYBOOK, "--book", str(book), "run", "--jobs", "2"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    own, end = psutil.Process(run.pid), time.monotonic() + 120
    while len(family := own.children(recursive=True)) < 3 and time.monotonic() < end:
        time.sleep(0.1)  # a server, its drawing process, and at last a kernel
    run.kill()
    run.wait()
    assert len(family) >= 3
    assert psutil.wait_procs(family, timeout=120)[1] == []


@slow("faults")
def test_a_sample_of_faults_leaves_sources_and_site_whole():
    ran = faults(str(_SAMPLE), "--seed", "7")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{_SAMPLE}  faults tried, 0 problems" in ran.stdout


def faults(*asked: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != vega.SERVER}
    command = [sys.executable, "-m", "tests.faults.__main__", *asked]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda book: (book / "index.md").write_text("# By"), "index.md is not whole"),
        (lambda book: (book / "_toc.yml").unlink(), "_toc.yml'} are gone"),
        (lambda book: (book / "_build/html/a.html").touch(), "neither the old site nor the new"),
        (lambda book: (book / "_build/html/index.html").unlink(), "neither the old site nor"),
    ],
)
def test_what_is_not_whole_after_a_fault_is_found(spoil, says, built_book):
    trials = Trials(built_book, None)
    trials.sites = [contents(built_book / "_build/html")]
    trials.sources = [trials.known()]
    trials.look("nothing", ends=(0,))
    assert trials.wrong == []
    spoil(built_book)
    trials.look("a fault", ends=(0,))
    assert says in trials.wrong[0]


def mounted(book: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Do something in a file system of its own, which needs no rights where the system has such."""
    script = "\n".join(["set -e", *lines])
    command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    environment = os.environ | {"BOOK": str(book), "PYTHON": sys.executable}
    return subprocess.run(
        [*command, "sh", "-c", script], capture_output=True, text=True, check=False, env=environment
    )


_BUILD = '"$PYTHON" -m tallybook.cli.main --book "$BOOK" build'


@slow("faults")
def test_a_full_disk_is_said_and_the_next_build_with_room_succeeds(built_book, tmp_path):
    index = built_book / "index.md"
    index.write_text(index.read_text().replace("# Kettles", "# All kettles"))
    kept = Path(shutil.copytree(built_book, tmp_path / "kept"))
    ran = mounted(
        built_book,
        'mount -t tmpfs -o size=64m tmpfs "$BOOK"',
        f'cp -a "{kept}/." "$BOOK"',
        'cp -a "$BOOK/_build/html" /dev/shm/old-$$',
        'dd if=/dev/zero of="$BOOK/.full" bs=1k 2>/dev/null || true',
        f"{_BUILD} && exit 9",
        'diff -r /dev/shm/old-$$ "$BOOK/_build/html"',
        'rm -r "$BOOK/.full" /dev/shm/old-$$',
        _BUILD,
        'grep -q "All kettles" "$BOOK/_build/html/index.html"',
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "No space left on device. Make room on the disk, and try again" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_book_that_may_not_be_written_is_refused_in_one_line(built_book):
    index = built_book / "index.md"
    index.write_text(index.read_text().replace("# Kettles", "# All kettles"))
    old = contents(built_book)
    read_only = ('mount --bind "$BOOK" "$BOOK"', 'mount -o remount,ro,bind "$BOOK"')
    ran = mounted(built_book, *read_only, _BUILD)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"tallybook: {built_book}/_build/")
    assert "Read-only file system. Copy the book to where it may be written" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert contents(built_book) == old


def test_an_edit_under_a_clock_that_was_set_back_is_on_the_site(built_book):
    index = built_book / "index.md"
    index.write_text(index.read_text().replace("# Kettles", "# All kettles"))
    os.utime(index, (1_000_000_000, 1_000_000_000))
    assert build(built_book).returncode == 0
    assert "All kettles" in (built_book / "_build/html/index.html").read_text()


@slow("faults")
def test_after_jupyter_books_own_build_the_next_one_publishes_again(built_book):
    site = publish.site(built_book)
    before = contents(site)
    command = [str(Path(sys.executable).parent / "jupyter-book"), "build", str(built_book)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert contents(site).keys() > before.keys()  # what Sphinx keeps for itself is there
    ran = build(built_book)
    assert "The book is built" in ran.stdout
    assert contents(site) == before
