"""Builds and runs that go wrong, one after another, on a small book that is edited in between.

`python -m tests.faults 300` tries so many, and prints what became of each kind. After each one the
sources must be whole, and what is published the old site or the new one entirely; every so often a
build without a fault follows, and must give the new one. `--seed N` tries others.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tallybook.cli import main as command
from tallybook.notebooks import kernel_server
from tallybook.site.live import preloaded
from tests.faults.faulty import Faults, edited_at, killed_at, refused_at
from tests.reproduction.__main__ import contents

_BOOK = Path(__file__).parents[1] / "books" / "kettles"
_LEDGER, _PAGE = "data/statistics/kettles.yml", "index.md"
_TEMPORARY = re.compile(r"(.*/)?\.[^/]*\.tmp")
_SECONDS = 300
_DAYS_BACK = 3 * 86_400


@dataclass
class Trials:
    """The book, what it is to become of each of its two states, and what was tried."""

    book: Path
    chance: random.Random
    state: int = 0
    published: int = 0
    moments: dict[str, int] = field(default_factory=dict)  # at which a command changes files
    sites: list[dict[str, bytes]] = field(default_factory=list)
    sources: list[dict[str, bytes]] = field(default_factory=list)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    said: str = ""

    def begin(self) -> None:
        """Build the book in both states without a fault, to know what it is to become."""
        for state in (1, 0):
            self.put(state)
            if self.command("build"):
                raise SystemExit(f"the book cannot be built:\n{self.said}")
            self.sites.insert(0, contents(self.book / "_build" / "html"))
            self.sources.insert(0, self.known())
            self.published = state
        for name in ("run", "build"):
            self.put(1 - self.state)
            self.moments[name] = self._moments(name)
        self.recover("counting")

    def _moments(self, name: str) -> int:
        counted = self.book.parent / "moments"
        handle = os.open(counted, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self.command(name, Faults(self.book, lambda _: os.write(handle, b".")).begin)
        os.close(handle)
        return counted.stat().st_size

    def moment(self, name: str) -> int:
        """One of the moments at which a command is about to change files."""
        return self.chance.randint(1, self.moments[name])

    def put(self, state: int, *, days_ago: int = 0) -> None:
        """Save other numbers and another heading."""
        new, old = ("1000", "1100")[state], ("1000", "1100")[1 - state]
        _replace(
            self.book / _LEDGER, (f"value: {old}", f"value: {new}"), (_comma(old), _comma(new))
        )
        headings = ("# Kettles", "# All kettles")
        _replace(self.book / _PAGE, (headings[1 - state], headings[state]))
        for name in (_LEDGER, _PAGE) if days_ago else ():
            then = time.time() - days_ago
            os.utime(self.book / name, (then, then))
        self.state = state

    def command(self, name: str, before: Callable[[], object] = int, *, seconds: float = 0) -> int:
        """Do a command in a process of its own, after something that spoils it; its exit code.

        With `seconds` it is killed after that time, with a minus as its code.
        """
        log = self.book.parent / "said.txt"
        process = self.start(name, before, log)
        if seconds:
            time.sleep(seconds)
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        self.said = log.read_text(encoding="utf-8", errors="replace")
        return os.waitstatus_to_exitcode(status)

    def start(self, name: str, before: Callable[[], object], log: Path) -> int:
        """Begin a command; the number of its process."""
        process = os.fork()
        if process:
            return process
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        signal.alarm(_SECONDS)
        sys.argv = ["tallybook", "--book", str(self.book), name, *(["--jobs", "1"])]
        code: object = 1
        try:
            before()
            command.main()
        except SystemExit as ended:
            code = ended.code
        except BaseException:  # which no user is to see
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 0)

    def look(self, kind: str, *, ends: tuple[int, ...]) -> None:
        """Hold that the sources are whole, and what is published is one site or the other."""
        found = self.known()
        for name, content in found.items():
            either = {sources[name] for sources in self.sources if name in sources}
            is_ours = name.endswith(".ipynb") or not either
            whole = either if is_ours else {self.sources[self.state][name]}
            if content not in whole and not _TEMPORARY.fullmatch(name):
                self.wrong.append(f"{kind}: {name} is not whole")
        if missing := set(self.sources[0]) - set(found):
            self.wrong.append(f"{kind}: {missing} are gone")
        site = contents(self.book / "_build" / "html")
        if site not in self.sites:
            self.wrong.append(f"{kind}: what is published is neither the old site nor the new one")
        else:
            self.published = self.sites.index(site)
        if "Traceback" in self.said or "Exception" in self.said:
            self.wrong.append(f"{kind}: {self.said}")
        if ends and self.ended not in ends:
            self.wrong.append(f"{kind}: it ended with {self.ended}:\n{self.said}")

    ended: int = 0

    def recover(self, kind: str) -> None:
        """Hold that a build without a fault gives the site of the sources as they are."""
        self.ended = self.command("build")
        self.look(f"the build after {kind}", ends=(0,))
        if self.published != self.state:
            self.wrong.append(f"the build after {kind}: the site is the old one")
        if left := [name for name in self.known() if _TEMPORARY.fullmatch(name)]:
            self.wrong.append(f"the build after {kind}: {left} are left")

    def known(self) -> dict[str, bytes]:
        """The sources as they are."""
        found = contents(self.book)
        return {name: found[name] for name in found if not name.startswith("_build/")}


def _comma(number: str) -> str:
    return f"{int(number):,}"


def _replace(path: Path, *pairs: tuple[str, str]) -> None:
    text = before = path.read_text(encoding="utf-8")
    for old, new in pairs:
        text = text.replace(old, new)
    if text != before:
        path.write_text(text, encoding="utf-8")


# The kinds of faults: each is tried once, and says how it came out.


def killed(trials: Trials, name: str) -> str:
    """Killed when it is about to change a file, or at any time."""
    if trials.chance.random() < 0.3:
        longest = 3.0 if name == "build" else 1.5
        trials.ended = trials.command(name, seconds=trials.chance.uniform(0, longest))
    else:
        fault = Faults(trials.book, killed_at(trials.moment(name)))
        trials.ended = trials.command(name, fault.begin)
    trials.look(f"kill {name}", ends=(-signal.SIGKILL, 0))
    return "killed" if trials.ended else "had ended before"


def full(trials: Trials, name: str) -> str:
    """A disk that is full at one moment, or ever since."""
    number, ever_since = trials.moment(name), trials.chance.random() < 0.5
    fault = Faults(trials.book, refused_at(number, ever_since=ever_since))
    trials.ended = trials.command(name, fault.begin)
    trials.look(f"full disk, {name}", ends=(0, 1))
    if trials.ended and "No space left" not in trials.said:
        trials.wrong.append(f"full disk, {name}: it is not said:\n{trials.said}")
    return "refused" if trials.ended else "had ended before, or could do without"


def edited(trials: Trials, name: str) -> str:
    """Files that are edited while it reads them."""
    other = 1 - trials.state
    number = trials.moment(name)
    fault = Faults(trials.book, edited_at(number, lambda: trials.put(other)))
    trials.ended = trials.command(name, fault.begin)
    heading = (trials.book / _PAGE).read_text(encoding="utf-8").partition("\n")[0]
    trials.state = int(heading == "# All kettles")
    trials.look(f"edited while {name}", ends=(0, 1))
    return "built again" if trials.state == other else "had ended before"


def set_back(trials: Trials, name: str) -> str:
    """A clock that is days behind: what was edited last has the oldest time."""
    trials.put(trials.state, days_ago=_DAYS_BACK)
    real = time.time

    def begin() -> None:
        time.time = lambda: real() - _DAYS_BACK
        time.time_ns = lambda: int((real() - _DAYS_BACK) * 1e9)

    trials.ended = trials.command(name, begin)
    trials.look(f"clock set back, {name}", ends=(0,))
    if name == "build" and trials.published != trials.state:
        trials.wrong.append("clock set back: the site is the old one")
    return "as ever"


def two_at_once(trials: Trials, name: str) -> str:
    """Two of them on one book."""
    logs = [trials.book.parent / f"said-{number}.txt" for number in (1, 2)]
    names = (name, "build")
    both = [trials.start(each, int, log) for each, log in zip(names, logs, strict=True)]
    codes = [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in both]
    trials.said = "".join(log.read_text(encoding="utf-8") for log in logs)
    trials.ended = max(codes, key=abs)
    trials.look(f"{name} and build at once", ends=(0,))
    if trials.published != trials.state:
        trials.wrong.append(f"{name} and build at once: the site is the old one")
    return "one waited" if "Waiting for process" in trials.said else "one after the other"


KINDS = {
    "killed": (killed, 6),
    "full disk": (full, 4),
    "edited meanwhile": (edited, 3),
    "clock set back": (set_back, 1),
    "two at once": (two_at_once, 1),
}


def campaign(number: int, seed: int, folder: Path) -> Trials:
    """Try so many faults on a copy of the small book in a folder."""
    book = Path(shutil.copytree(_BOOK, folder / "kettles"))
    preloaded.import_all()
    trials = Trials(book, random.Random(seed))  # noqa: S311  # the same each time
    kinds = [name for name, (_, weight) in KINDS.items() for _ in range(weight)]
    with kernel_server.warm():
        trials.begin()
        for count in range(number):
            kind = [*KINDS][count] if count < len(KINDS) else trials.chance.choice(kinds)
            name = trials.chance.choice(["build", "build", "run"])
            trials.put(1 - trials.published)
            trials.outcomes[f"{kind}, {name}", KINDS[kind][0](trials, name)] += 1
            if trials.chance.random() < 0.4 or count == number - 1:
                trials.recover(kind)
            if trials.wrong:
                break
    return trials


def main() -> int:
    """Try faults and print what became of them; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.__main__", description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = campaign(asked.number, asked.seed, Path(folder))
    for (kind, outcome), count in sorted(trials.outcomes.items()):
        print(f"{count:5}  {kind}: {outcome}")
    print(f"Moments at which files are changed: {trials.moments}")
    print(f"{sum(trials.outcomes.values()):5}  faults tried, {len(trials.wrong)} problems")
    print(*trials.wrong, sep="\n")
    return int(bool(trials.wrong))


if __name__ == "__main__":
    sys.exit(main())
