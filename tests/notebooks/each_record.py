"""Each record of the real ledger is edited in turn: are the notebooks whose outputs differ named?

`python -m tests.notebooks.each_record` makes every edit that is known of every record in a copy of
the book, two at a time, and prints how many notebooks `tallybook status` names after each, and how
many of these show something else when they are rebuilt. It fails where one differs and is not
named,
or is named without need and `WHY_MORE` does not say why. A part of a name, such as `statistic` or
`arrests-2017: scope`, picks the edits that have it in their name.
"""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from tallybook.ledger import loading
from tallybook.ledger.ledger import Ledger
from tallybook.notebooks import session, staleness
from tallybook.notebooks import stored as notebooks
from tests.helpers.authoring import Edit
from tests.helpers.rebuilding import Cells, stored
from tests.helpers.record_edits import edits

ROOT = Path(__file__).parents[2]
AT_A_TIME = 2
_ORDER = "records are read in the order of the documents, and stand where they stood"
_CHOICE = "it was looked at to choose what is shown, and the same is chosen"
_RESULT = "it was calculated or compared with, and the result is the same"
# By kind of record and field, why a notebook may be named that shows the same.
WHY_MORE = {
    ("statistic", "section"): _ORDER,
    ("event", "section"): _ORDER,
    ("item", "section"): _ORDER,
    ("item", "gone"): _CHOICE,
    ("item", "link.relation"): _CHOICE,
    ("item", "statistics"): _CHOICE,
    ("item", "party"): _CHOICE,
    ("item", "period"): _CHOICE,
    ("statistic", "party"): _CHOICE,
    ("kind of item", "role"): _CHOICE,
    ("relation", "role"): _CHOICE,
    ("party", "colour"): "drawings of charts are not compared, but the rows that they are made of",
    ("measure", "kind"): _CHOICE,
    ("event", "date"): _RESULT,
    ("measure", "ceiling"): _RESULT,
    ("measure", "floor"): _RESULT,
    ("measure", "unit"): _RESULT,
    ("statistic", "condition.in_words"): _RESULT,
    ("statistic", "of"): _RESULT,
    ("statistic", "period"): _RESULT,
    ("statistic", "scope"): _RESULT,
    ("statistic", "value"): _RESULT,
}


@dataclass(frozen=True)
class Verdict:
    """After an edit: what is named stale, each with its reasons, and what is rebuilt otherwise.

    `refused` is what the check says of an edit with which the ledger does not hold.
    """

    edit: Edit
    named: dict[str, list[str]]
    differing: set[str]
    refused: str = ""

    @property
    def missed(self) -> set[str]:
        """What shows something else and is not named: the site would show it as it was."""
        return self.differing - set(self.named)

    @property
    def more(self) -> set[str]:
        """What is named and shows the same."""
        return set(self.named) - self.differing


class Trial:
    """A copy of the book in which one edit after the other is made and taken back."""

    def __init__(self, folder: Path) -> None:
        self._root = folder
        for name in ("data", "notebooks"):
            shutil.copytree(ROOT / name, folder / name)
        self._cells, self._stored = Cells(folder), stored(folder)

    def of(self, edit: Edit) -> Verdict:
        """Make the edit, ask what is stale, rebuild all notebooks, and take the edit back."""
        before = {name: (self._root / name).read_text("utf-8") for name in edit.files(self._root)}
        try:
            for name, text in edit.files(self._root).items():
                (self._root / name).write_text(text, "utf-8")
            return self._judged(edit)
        finally:
            for name, text in before.items():
                (self._root / name).write_text(text, "utf-8")

    def _judged(self, edit: Edit) -> Verdict:
        ledger, problems = loading.inspect(self._root)
        if problems:
            return Verdict(edit, {}, set(), str(problems[0]))
        named = stale(ledger)
        rebuilt = self._cells.rebuilt(ledger)
        differing = {name for name, shown in rebuilt.items() if shown != self._stored[name]}
        return Verdict(edit, named, differing)


def stale(ledger: Ledger) -> dict[str, list[str]]:
    """The notebooks that `tallybook status` names, each with its reasons."""
    paths = notebooks.paths(ledger.root)
    reasons = staleness.all_reasons(staleness.Today(ledger), paths)
    return {path.name: why for path, why in reasons.items() if why}


def verdicts(wanted: Sequence[Edit], at_a_time: int = AT_A_TIME) -> Iterable[Verdict]:
    """The verdict on each edit, several at a time, in any order."""
    with TemporaryDirectory() as folder, get_context("fork").Pool(at_a_time, _begin, [folder]) as p:
        yield from p.imap_unordered(_of, wanted, chunksize=4)


_TRIALS: list[Trial] = []


def _begin(folder: str) -> None:
    _TRIALS.append(Trial(Path(mkdtemp(dir=folder))))


def _of(edit: Edit) -> Verdict:
    return _TRIALS[0].of(edit)


def main() -> int:
    """Judge all edits, or those that the arguments pick, and print what came of them."""
    ledger = session.load(ROOT)
    if old := stale(ledger):
        print(f"stale before any edit, run them first: {', '.join(old)}")
        return 1
    every = edits(ledger)
    wanted = [edit for edit in every if all(part in str(edit) for part in sys.argv[1:])]
    table: dict[tuple[str, str], Counter[str]] = {}
    failures = 0
    for verdict in verdicts(wanted):
        edit = verdict.edit
        counts = table.setdefault((edit.kind, edit.field), Counter())
        counts["edits"] += 1
        counts["refused"] += bool(verdict.refused)
        counts["named"] += len(verdict.named)
        counts["differ"] += len(verdict.differing)
        counts["missed"] += len(verdict.missed)
        counts["more"] += len(verdict.more)
        for line in wrong(verdict):
            failures += 1
            print(line, flush=True)
    _print(table)
    return min(failures, 1)


def wrong(verdict: Verdict) -> list[str]:
    """What is not as it should be, a line each."""
    edit, lines = verdict.edit, []
    for name in sorted(verdict.missed):
        lines.append(f"{edit}: {name} shows something else and is not named")
    for name in sorted(verdict.more):
        if (edit.kind, edit.field) not in WHY_MORE:
            lines.append(f"{edit}: {name} shows the same and is named: {verdict.named[name]}")
    return lines


def _print(table: dict[tuple[str, str], Counter[str]]) -> None:
    columns = ("edits", "refused", "named", "differ", "missed", "more")
    print(f"{'record':16} {'field':20}" + "".join(f"{column:>9}" for column in columns))
    total: Counter[str] = Counter()
    for (kind, field), counts in table.items():
        total += counts
        print(f"{kind:16} {field:20}" + "".join(f"{counts[column]:9}" for column in columns))
    print(f"{'all':37}" + "".join(f"{total[column]:9}" for column in columns))


if __name__ == "__main__":
    sys.exit(main())
