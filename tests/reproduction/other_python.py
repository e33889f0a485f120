"""The book by another Python of this machine: its notebooks and site must be the same to the byte.

`python -m tests.reproduction.other_python`, after `make book`, copies this repository and sets it
up with the newest Python, of those that the locks are for, that is not the one that runs. There it
executes all notebooks, builds the book and compares, and runs the quick tests. Where no such Python
is found, it says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tallybook.site import provenance
from tests.repository.locked import PYTHONS
from tests.reproduction.__main__ import NOT_COPIED, ROOT, compared

INSTALLED = Path.home() / ".pyenv/versions"
# Only what can set up an environment: Debian has Pythons without ensurepip.
_ASKED = "import ensurepip, sys, venv; print(*sys.version_info[:2], sep='.')"


def others(versions: Path = INSTALLED) -> Iterator[str]:
    """The Pythons of this machine, newest first, that the locks are for, but for the one that runs.

    They are looked for on the PATH and among the versions of pyenv.
    """
    for version in reversed(PYTHONS):
        if version != f"{sys.version_info.major}.{sys.version_info.minor}":
            # Not only the first one on the PATH, which may be of pyenv, and none.
            folders = [Path(each) for each in os.get_exec_path()]
            paths = [folder / f"python{version}" for folder in folders]
            paths += sorted(versions.glob(f"{version}.*/bin/python{version}"))
            yield from (str(path) for path in paths if _is_of(path, version))


def _is_of(python: Path, version: str) -> bool:
    if not python.is_file():
        return False
    ran = subprocess.run([python, "-c", _ASKED], capture_output=True, text=True, check=False)
    return ran.stdout.strip() == version


def main() -> int:
    """Build and test by another Python, and compare; the exit code."""
    python = next(others(), None)
    if python is None:
        print(
            f"No other Python of {', '.join(PYTHONS)} is on the PATH or in {INSTALLED}: whether "
            "the book is the same by another one was not tried."
        )
        return 0
    print(f"The book by {python}:", flush=True)
    with TemporaryDirectory(prefix="other-python-") as folder:
        book = Path(shutil.copytree(ROOT, Path(folder, "book"), ignore=NOT_COPIED))
        if (modules := ROOT / "tests/node_modules").is_dir():
            shutil.copytree(modules, book / "tests/node_modules", symlinks=True)
        for command in (
            ["make", "--silent", f"PYTHON={python}", ".venv/.testable"],
            [".venv/bin/tallybook", "run", "--all"],
            [".venv/bin/tallybook", "build"],
        ):
            subprocess.run(command, cwd=book, check=True, stdout=subprocess.DEVNULL)
        # What a site was built with names the Python, and the list of digests has its digest.
        if not compared(ROOT, book, but=(provenance.BILL, provenance.SUMS)):
            return 1
        tests = [".venv/bin/pytest", "-m", "not slow", "-q", "tests"]
        return subprocess.run(tests, cwd=book, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
