"""The fourth check: what a person has typed is found, also where it was executed and stored anew.

nbval is content with a notebook that was executed with its mistake in it. `by_audit` builds the
book with many mutants in it, each of which has typed another number, and asks the build and the
audit of its site which of these they refuse. That takes minutes; where it is not done, `by_rule`
holds the sources of the cells to the rule that nobody types a number.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.book.test_real_book import numerals_in
from tests.proof.mutant import OfCell
from tests.proof.of_notebooks import with_typed

_BOOK = ("data", "notebooks", "book", "_config.yml", "_toc.yml", "CHANGELOG.md", "LICENSE")


def by_rule(mutant: OfCell) -> str:
    """What the rule of pages and labels says of what was typed: that it is a numeral."""
    words = f"{mutant.was} {mutant.typed}" if mutant.field == "typed label" else mutant.typed
    found = numerals_in(words)
    return f"types a numeral: {found[0].strip()}" if found else ""


def by_audit(root: Path, mutants: Iterable[OfCell]) -> tuple[dict[OfCell, str], str]:
    """Of each mutant what the build or `tallybook audit` says of it, if anything, and all they say.

    They are in the book at once. Each must be one that executes.
    """
    wanted = list(mutants)
    with TemporaryDirectory() as folder:
        book = Path(folder, "book")
        book.mkdir()
        for name in _BOOK:
            copy = shutil.copytree if (root / name).is_dir() else shutil.copy2
            if (root / name).exists():
                copy(root / name, book / name)
        for name in sorted({mutant.record for mutant in wanted}):
            _type_into(book / f"notebooks/{name}.ipynb", [m for m in wanted if m.record == name])
        said = _said(book, "build") + _said(book, "audit")
    return {mutant: _of(mutant, said.splitlines()) for mutant in wanted}, said


def _type_into(path: Path, mutants: list[OfCell]) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for mutant in mutants:
        cell = notebook["cells"][mutant.cell - 1]
        cell["source"] = with_typed("".join(cell["source"]), mutant)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _said(book: Path, command: str) -> str:
    asked = [sys.executable, "-m", "tallybook.cli.main", "--book", str(book), command]
    result = subprocess.run(asked, capture_output=True, text=True, check=False)
    return result.stderr


def _of(mutant: OfCell, lines: Iterable[str]) -> str:
    """The first line that says what was typed, and of the page that it was typed into, or of any
    that shows what the page derives.
    """
    found = [line for line in lines if mutant.typed in line]
    own = [line for line in found if f"notebooks/{mutant.record}" in line]
    is_unique = mutant.field != "typed figure"
    return next(iter(own or (found if is_unique else [])), "")
