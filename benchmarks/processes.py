"""Commands in new processes: how long they take, and what memory they and their children hold."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from time import perf_counter

import psutil

ROOT = Path(__file__).parent.parent
PYTHON = (sys.executable, "-m")
SECONDS_BETWEEN_LOOKS = 0.2
_ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER: a kernel that outlives its parent stays in sight


class CommandFailed(RuntimeError):
    """A command that is measured has to succeed."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command went; the peak is 0 where nobody looked."""

    seconds: float
    code: int
    output: str
    peak_megabytes: float = 0.0


def run(*command: str, folder: Path | None = None, watched: bool = False) -> Ran:
    """Run a command to its end. With `watched`, the memory of all its processes is sampled."""
    start = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with _watching(watched) as peaks:
        output, _ = process.communicate()
        seconds = perf_counter() - start
    return Ran(seconds, process.returncode, output, max(peaks, default=0.0))


def succeeded(ran: Ran) -> Ran:
    """The same. Raises CommandFailed with the last lines of a command that has failed."""
    if ran.code:
        raise CommandFailed("\n".join(ran.output.splitlines()[-40:]))
    return ran


def environment() -> dict[str, str]:
    """That of this process, in which the package and these benchmarks are found from any folder.

    The documents are left out: they belong to one book. Python writes bytecode, as on an author's
    machine, or each command would compile the package anew.
    """
    left_out = ("TALLYBOOK_SOURCES", "PYTHONDONTWRITEBYTECODE")
    given = {name: value for name, value in os.environ.items() if name not in left_out}
    paths = [str(ROOT), *filter(None, [given.get("PYTHONPATH")])]
    return given | {"PYTHONPATH": os.pathsep.join(paths)}


@contextmanager
def _watching(watched: bool) -> Iterator[list[float]]:
    """Collects, every so often, the megabytes that all processes below this one hold together."""
    peaks: list[float] = []
    if not watched:
        yield peaks
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    done = Event()

    def look() -> None:
        while not done.wait(SECONDS_BETWEEN_LOOKS):
            peaks.append(sum(_megabytes(one) for one in _below()))

    watcher = Thread(target=look, daemon=True)
    watcher.start()
    yield peaks
    done.set()
    watcher.join()


def _below() -> Sequence[psutil.Process]:
    return psutil.Process().children(recursive=True)


def _megabytes(process: psutil.Process) -> float:
    """The proportional set size: what is shared by forked processes counts once among them."""
    try:
        held = process.memory_full_info()
    except psutil.Error:  # it has ended since
        return 0.0
    return getattr(held, "pss", held.uss) / 1024**2
