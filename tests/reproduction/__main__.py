"""A site built again in other circumstances, and compared byte by byte.

`python -m tests.reproduction` executes the notebooks of this repository and builds its book once
more, elsewhere and as if on another day, and compares what comes out with what `make book` has
built. diffoscope, where it is installed, tells the difference.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tallybook.charts import vega

ROOT = Path(__file__).parents[2]
_LATER = Path(__file__).parent / "later"
NOT_COPIED = shutil.ignore_patterns("_build", ".venv", "node_modules", "__pycache__", ".*_cache")
_MOST_FILES, _MOST_LINES, _MOST_SIGNS = 3, 20, 300


@dataclass(frozen=True)
class Circumstances:
    """Where and when a book is built: all that must make no difference to its site."""

    zone: str = "UTC"
    locale: str = "C.UTF-8"
    encoding_is_utf8: bool = True
    days: int = 0
    seed: int = 1
    jobs: int = 1
    fonts: str = ""
    adds_as_here: bool = True

    def environment(self) -> dict[str, str]:
        """The variables of a process that runs in them."""
        kept = {name: value for name, value in os.environ.items() if name != vega.SERVER}
        kept |= {} if self.adds_as_here else {"TALLYBOOK_TESTS_OTHER_SUM": "1"}
        path = os.pathsep.join(filter(None, [str(_LATER), kept.get("PYTHONPATH", "")]))
        return kept | {
            "TZ": self.zone,
            "LANG": self.locale,
            "LC_ALL": self.locale,
            "PYTHONUTF8": str(int(self.encoding_is_utf8)),
            "PYTHONCOERCECLOCALE": "0",
            "PYTHONHASHSEED": str(self.seed),
            "TALLYBOOK_TESTS_DAYS": str(self.days),
            "FONTCONFIG_FILE": self.fonts,
            "PYTHONPATH": path,
        }


HERE = Circumstances()
ELSEWHERE = Circumstances(
    "XYZ-13:45", "C", encoding_is_utf8=False, days=400, seed=77, jobs=3, adds_as_here=False
)


def build(book: Path, at: Circumstances, *command: str) -> subprocess.CompletedProcess[str]:
    """Build a book in some circumstances, or do something else with it."""
    ours = [sys.executable, "-m", "tallybook.cli.main", "--book", str(book)]
    return subprocess.run(
        [*ours, *(command or ["build"]), "--jobs", str(at.jobs)],
        env=at.environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def contents(folder: Path) -> dict[str, bytes]:
    """All files below a folder, the hidden ones too."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def differences(one: Path, other: Path) -> list[str]:
    """The names of the files that are not the same in two folders."""
    ones, others = contents(one), contents(other)
    return sorted(name for name in {*ones, *others} if ones.get(name) != others.get(name))


def report(one: Path, other: Path) -> Iterator[str]:
    """What is not the same, for a person."""
    found = differences(one, other)
    yield f"{len(found)} files are not the same: {', '.join(found[:20])}"
    if found and (tool := shutil.which("diffoscope")):
        command = [tool, "--text", "-", str(one), str(other)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        yield ran.stdout
        return
    for name in found[:_MOST_FILES]:
        yield from (line[:_MOST_SIGNS] for line in _lines(one / name, other / name))


def _lines(one: Path, other: Path) -> list[str]:
    texts = [
        path.read_text(encoding="utf-8", errors="backslashreplace").splitlines()
        if path.is_file()
        else []
        for path in (one, other)
    ]
    diff = difflib.unified_diff(*texts, str(one), str(other), n=0, lineterm="")
    return list(diff)[:_MOST_LINES]


def compared(one: Path, other: Path, *, but: Collection[str] = ()) -> bool:
    """Say whether the notebooks and the sites of two books are the same, and what is not.

    `but` are files of the sites that may differ.
    """
    for name in ("notebooks", "_build/html"):
        if {*differences(one / name, other / name)} - {*but}:
            print(*report(one / name, other / name), sep="\n")
            return False
        count = len(contents(other / name).keys() - {*but})
        print(f"{name}: {count} files are the same, to the byte.", flush=True)
    return True


def main() -> int:
    """Build the book once more and compare; the exit code."""
    with tempfile.TemporaryDirectory(prefix="another ") as folder:
        book = Path(shutil.copytree(ROOT, Path(folder, "Ein Buch"), ignore=NOT_COPIED))
        for command in (("run", "--all"), ("build",)):
            done = build(book, ELSEWHERE, *command)
            if done.returncode:
                print(done.stdout, done.stderr, sep="\n")
                return 1
        return 0 if compared(ROOT, book) else 1


if __name__ == "__main__":
    sys.exit(main())
