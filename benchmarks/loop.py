"""What an author waits for, in tallybook and in stock Jupyter Book, in turn on the same sources.

Whole commands in new processes, each round in fresh copies of the book. The files that commands
read have been read before, by a small book that nobody times.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import yaml

from benchmarks import books, floor, live, stock
from benchmarks.books import Book
from benchmarks.processes import PYTHON, CommandFailed, Ran, run, succeeded
from tallybook.notebooks import stored

REAL = "real"
SIZES = (REAL, "12", "120")
ROUNDS = 3
MOST_IN_ROUNDS = 40  # notebooks; a larger book is measured once, without validating its outputs
_WARM = ("--nbval-kernel-name", "tallybook")
_OF_WARM_KERNELS = ("outputs_warm", "outputs_floor")
_WITHOUT_FIGURE_PAGES = "benchmarks.no_figure_pages"


@dataclass(frozen=True, slots=True)
class Costs:
    """What one round found: seconds, megabytes, and how many pages were stale after an edit.

    None stands for what could not be measured, or takes too long at that size.
    """

    cold: float
    cold_stock: float
    peak: float
    peak_stock: float
    nothing: float
    nothing_stock: float
    edit: float
    edit_stock: float
    stale: int
    site: float
    site_without_figure_pages: float
    floor: float
    live: float | None = None
    live_prose: float | None = None
    live_code: float | None = None
    live_built: float | None = None
    outputs: float | None = None
    outputs_warm: float | None = None
    outputs_floor: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The rounds of one book, which has so many notebooks, and why something is left out."""

    size: str
    notebooks: int
    rounds: list[Costs]
    left_out: dict[str, str]

    def median(self, name: str) -> float | None:
        """The median of a cost over the rounds; None where it was not measured."""
        return _median([getattr(one, name) for one in self.rounds])

    def ratio(self, name: str, *others: str, times: float = 1.0) -> float | None:
        """The median over the rounds of one cost, against others of the same round together."""
        ratios = []
        for one in self.rounds:
            cost, rest = getattr(one, name), [getattr(one, other) for other in others]
            ratios.append(None if None in (cost, *rest) else cost / sum(rest) / times)
        return _median(ratios)


def warm_up() -> dict[str, str]:
    """Have all that the commands load read from the disk once; what cannot be measured, and why."""
    with TemporaryDirectory() as folder:
        book = books.generated(Path(folder) / "ours", 1)
        stock.build(stock.write(book.root, Path(folder) / "stock"))
        build(book)
        left_out = {"live": why} if (why := live.why_left_out()) else {}
        if "No such kernel" in _validate(book, *_WARM).output:
            left_out |= dict.fromkeys(_OF_WARM_KERNELS, "there is no kernel tallybook yet")
    return left_out


def measure(
    root: Path, size: str, rounds: int, left_out: dict[str, str], *, figure_pages: bool = True
) -> Measured:
    """Measure the real book, at `root`, or a generated one of so many notebooks.

    Without `figure_pages`, no build of ours makes any.
    """
    notebooks = len(stored.paths(root)) if size == REAL else int(size)
    if is_large := notebooks > MOST_IN_ROUNDS:
        why = f"left to books of at most {MOST_IN_ROUNDS} notebooks"
        left_out = left_out | dict.fromkeys(("outputs", *_OF_WARM_KERNELS), why)

    def make(folder: Path) -> Book:
        is_real = size == REAL
        book = books.real(root, folder) if is_real else books.generated(folder, notebooks)
        if not figure_pages:
            _leave_out_figure_pages(folder / "_config.yml")
        return book

    found = [_round(make, left_out) for _ in range(1 if is_large else rounds)]
    return Measured(size, notebooks, found, left_out)


def _round(make: Callable[[Path], Book], left_out: dict[str, str]) -> Costs:
    with TemporaryDirectory() as folder:
        book = make(Path(folder) / "ours")
        twin = stock.write(book.root, Path(folder) / "stock")
        # What is held against each other stands side by side, for the machine has other work.
        of_floor, cold = floor.execution(book.root), build(book, watched=True)
        without, site = _site_without_figure_pages(book), _site(book)
        cold_stock = stock.build(twin, watched=True)
        return Costs(
            floor=of_floor.seconds,
            cold=cold.seconds,
            site=site,
            site_without_figure_pages=without,
            cold_stock=cold_stock.seconds,
            peak=cold.peak_megabytes,
            peak_stock=cold_stock.peak_megabytes,
            nothing=build(book).seconds,
            nothing_stock=stock.build(twin).seconds,
            **_edited(book),
            edit_stock=_edited_stock(book, twin),
            **_live(book, left_out),
            **_validated(book, left_out),  # the last, for it empties the cells
        )


def _live(book: Book, left_out: dict[str, str]) -> dict[str, float]:
    if "live" in left_out:
        return {}
    found = live.measure(book)
    return {
        "live": found.record,
        "live_prose": found.prose,
        "live_code": found.code,
        "live_built": found.built,
    }


def build(book: Book, *, watched: bool = False) -> Ran:
    """Run `tallybook build`. Raises CommandFailed where it fails."""
    command = (*PYTHON, "tallybook.cli.main", "--book", str(book.root), "build")
    return succeeded(run(*command, watched=watched))


def _edited(book: Book) -> dict[str, float]:
    """The seconds that a build takes after an edit of a record, and whether its page is stale."""
    words = book.edit()
    if words in book.html():
        raise CommandFailed(f"{words} stands in {book.page} already: the edit would show nothing")
    return {"edit": build(book).seconds, "stale": words not in book.html()}


def _edited_stock(book: Book, twin: Path) -> float:
    """The seconds that stock takes after an edit of a cell. Raises CommandFailed if in vain."""
    shown = stock.edit(book, twin)
    ran = stock.build(twin)
    if shown not in (twin / "_build/html" / f"{book.page}.html").read_text(encoding="utf-8"):
        raise CommandFailed("stock does not show the edit")
    return ran.seconds


def _site(book: Book) -> float:
    """The seconds that the site takes by itself, with nothing to execute."""
    shutil.rmtree(book.root / "_build")
    return build(book).seconds


def _site_without_figure_pages(book: Book) -> float:
    path = book.root / "_config.yml"
    text = path.read_text(encoding="utf-8")
    _leave_out_figure_pages(path)
    found = _site(book)
    path.write_text(text, encoding="utf-8")
    return found


def _leave_out_figure_pages(path: Path) -> None:
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    extensions = config["sphinx"]["extra_extensions"]
    config["sphinx"]["extra_extensions"] = [*extensions, _WITHOUT_FIGURE_PAGES]
    path.write_text(yaml.safe_dump(config), encoding="utf-8")


def _validated(book: Book, left_out: dict[str, str]) -> dict[str, float]:
    """The seconds of nbval in ordinary kernels, in warm ones, and in these with empty cells."""
    found: dict[str, float] = {}
    if "outputs" not in left_out:
        found["outputs"] = succeeded(_validate(book)).seconds
    if "outputs_warm" not in left_out:
        found["outputs_warm"] = succeeded(_validate(book, *_WARM)).seconds
        books.hollow(book.root)
        found["outputs_floor"] = succeeded(_validate(book, *_WARM)).seconds
    return found


def _validate(book: Book, *options: str) -> Ran:
    """Hold the stored outputs against what cells give now, in two workers."""
    command = (*PYTHON, "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "--nbval")
    workers = ("-n", "2", "--dist", "loadfile")
    return run(*command, *workers, *options, "notebooks", folder=book.root)


def _median(found: list[float | None]) -> float | None:
    known = [one for one in found if one is not None]
    return median(known) if known else None
