"""Working on a book with its pages open: what is saved is checked, executed, built and shown.

The pages that are open in a browser come first: the notebooks behind them are executed, they are
made alone, and shown. Then the rest is executed, built, audited and published, and where something
is saved meanwhile all that begins again.

One thread does all of that, a build after another; a second one serves, two watch, and each
notebook that is executed has one. Where this package changes, the process starts anew.
"""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import traceback
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from time import perf_counter

import click

from tallybook import files
from tallybook.errors import LedgerError, TallybookError, counted, refused
from tallybook.files import PACKAGE
from tallybook.notebooks import runner, stored
from tallybook.notebooks.book import Book
from tallybook.notebooks.execute import Result
from tallybook.site import frame, publish
from tallybook.site.live.server import Server
from tallybook.site.live.watch import Contents, Ended, Watcher

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ROUNDS = 3
_IMPORTABLE = (
    "import tallybook.cli.main, tallybook.site.live.session, tallybook.charts, tallybook.sphinx_ext"
)


Audit = Callable[[Path, Book], list[str]]


class _SavedAgain(BaseException):
    """Something was saved while what was saved before is built; no Exception, so as Ended is."""


def work(
    book: Path, port: int, jobs: int | None, *, problems: Audit, is_opened: bool = False
) -> None:
    """Serve the book, and build it whenever something is saved, until Ctrl-C.

    `problems` says what is wrong with a site before it is published. Where this package changes,
    this process is replaced by a new one. Raises PortTaken.
    """
    watcher = Watcher(book)
    try:
        with _ended_by_signals(watcher):
            port = _work(book, port, jobs, watcher, problems, is_opened=is_opened)
    except Ended:
        click.echo("Ended.")
        return
    again = ["--book", str(book), "live", "--port", str(port)]
    again += ["--jobs", str(jobs)] if jobs else []
    os.execv(sys.executable, [sys.executable, "-m", "tallybook.cli.main", *again])  # noqa: S606  # ourselves


@contextmanager
def _ended_by_signals(watcher: Watcher) -> Iterator[None]:
    """Make each of the signals end the work as Ctrl-C does, once."""

    def end(*_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        watcher.end()  # for an exception that is raised while garbage is collected is lost
        raise Ended

    before = {number: signal.signal(number, end) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _work(
    book: Path, port: int, jobs: int | None, watcher: Watcher, problems: Audit, *, is_opened: bool
) -> int:
    """Work until this package changes. Return the port that was served."""
    contents = Contents([book, PACKAGE])
    with runner.local(jobs) as pool:
        server = Server(publish.site(book), port)
        try:
            server.begin()
            watcher.begin()
            click.echo(f"The book is at {server.address} (Ctrl-C ends this)")
            if is_opened:
                webbrowser.open(server.address)
            _Session(book, pool, server, contents, problems, watcher).run()
        finally:
            watcher.stop()
            server.stop()
    return server.port


class _Session:
    """The work of one process: builds after each save, until the package itself is changed."""

    def __init__(
        self,
        book: Path,
        pool: runner.LocalPool,
        server: Server,
        contents: Contents,
        problems: Audit,
        watcher: Watcher,
    ) -> None:
        from tallybook.site.live.preloaded import PreloadedSphinx  # noqa: PLC0415  # takes a second

        self.root = book
        self._pool, self._server, self._contents = pool, server, contents
        self._audit, self._watcher = problems, watcher
        self._opened = Book(book)
        self._sphinx = PreloadedSphinx(book)
        self._saved: list[Path] = []  # while the last build went on
        self._found: list[str] = []  # what is wrong with it

    def run(self) -> None:
        """Build, and again whenever something was saved, until the package itself is."""
        gc.disable()  # it would take as long as a page does; there is time for it between builds
        with self._locked():
            self._build_first()
        while True:
            if not self._saved:
                self._watcher.wait()
                self._saved = self._contents.changed()
            changed, self._saved = self._saved, []
            if any(path.suffix == ".py" and path.is_relative_to(PACKAGE) for path in changed):
                if self._is_importable():
                    click.echo("The package was changed: starting anew.")
                    return
            elif changed:
                self._rebuild(_listed(self.root, changed))

    def _locked(self) -> AbstractContextManager[None]:
        return files.locked(self.root, partial(click.echo, err=True))

    def _build_first(self) -> None:
        if publish.is_built(self.root):
            self._server.notify(is_whole=True)
            click.echo("the book: built, nothing has changed")
            self._prepare_next()
        else:
            self._sphinx.remember()
            self._rebuild("the book")

    def _rebuild(self, what: str) -> None:
        since = perf_counter()
        self._server.notify(is_whole=False)
        try:
            problems = self._problems()
        except _SavedAgain:
            click.echo(f"{what}: something else was saved meanwhile")
            return
        if problems:
            number = counted(len(problems), "problem")
            click.echo(f"{what}: {number}; pages stay as they were.", err=True)
        else:
            click.echo(f"{what}: built, {perf_counter() - since:.1f} s")
        self._server.notify(problems=problems, to_go=0, is_whole=not problems)
        self._prepare_next()

    def _problems(self) -> list[str]:
        """Execute and build. Return the problems, which are written to the terminal too."""
        try:
            with self._locked():
                frame.check(self.root)
                # Sphinx looks for itself whether any is stale; it hardly ever is.
                for rounds in (1, _ROUNDS):
                    if failed := self._execute(rounds=rounds):
                        return failed
                    problems = self._published()
                    if not any("is stale" in each for each in problems):
                        break
        except LedgerError as error:
            problems = [str(problem) for problem in error.problems]
        except TallybookError as error:
            problems = [str(error)]
        except OSError as error:
            problems = [refused(error)]
        except Exception as error:  # a mistake of ours must not end the session
            traceback.print_exc()
            problems = [f"{type(error).__name__}: {error}"]
        for problem in problems:
            click.echo(problem, err=True)
        return problems

    def _execute(self, *, rounds: int) -> list[str]:
        """Execute what is stale: what is behind the open pages, which are shown, and then the rest.

        Return the errors, which the display has shown already. Raises LedgerError.
        """
        first: list[Path] = []
        failed: list[str] = []
        if pages := self._server.open_pages():
            first = runner.behind(self.root, pages)
            if failed := self._run(first, rounds=1):
                self._server.notify(problems=failed)
            else:
                self._show(pages)
        rest = [path for path in stored.paths(self.root) if not failed or path not in first]
        return failed + self._run(rest, rounds=rounds)

    def _run(self, paths: list[Path], *, rounds: int) -> list[str]:
        """Execute those of some notebooks that are stale. Return the errors."""
        display = _Display(self)
        with display.shown():
            outcome = runner.run(self._opened, paths, self._pool, display, rounds=rounds)
        self._opened = outcome.book
        return list(outcome.failed.values())

    def note(self, path: Path) -> None:
        """Note that a file was written here, so that it is no save."""
        self._contents.note([path])

    def _show(self, pages: set[str]) -> None:
        """Make these pages alone, from the notebooks as they are, and show them."""
        if publish.site(self.root).is_dir():
            with self._opened.renewed().as_stored().handed_on():
                self._server.show(self._sphinx.preview(pages))
            self.give_way()

    def give_way(self, to_go: int | None = None) -> None:
        """Raise _SavedAgain where something was saved; else say how many pages are to go."""
        if self._watcher.has_heard():
            self._saved = self._contents.changed()
            if self._saved:
                raise _SavedAgain
        if to_go is not None and to_go != self._server.state.to_go:
            self._server.notify(to_go=to_go)

    def _published(self) -> list[str]:
        """Build and publish. Return the problems of the pages."""
        if publish.build(self._opened, self._build, problems=self._audited):
            self._server.overlay = {}
        return self._found

    def _audited(self, site: Path, book: Book) -> list[str]:
        self.give_way()
        return self._audit(site, book)

    def _build(self, _: Path) -> bool:
        self._found = self._sphinx.build(self.give_way)
        return not self._found

    def make_ready(self) -> None:
        """Prepare the next build while the author writes, or notebooks are executed."""
        with suppress(Exception, SystemExit):  # what is wrong is reported by the next build
            self._sphinx.make_ready()

    def _prepare_next(self) -> None:
        if not self._server.state.problems:
            with suppress(OSError), self._locked():  # what was remembered before stays
                self._sphinx.remember()
        self.make_ready()
        gc.collect()

    def _is_importable(self) -> bool:
        """Whether the package as it is now can be imported; if not, the error is shown."""
        command = [sys.executable, "-c", _IMPORTABLE]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if ran.returncode:
            click.echo(ran.stderr, err=True)
            self._server.notify(problems=[ran.stderr])
        return not ran.returncode


class _Display(runner.Display):
    """Shows what is executed, and ends the work where something else is saved meanwhile."""

    def __init__(self, session: _Session) -> None:
        super().__init__()
        self._session = session

    def done(self, result: Result) -> None:
        """Print what became of a notebook, and note that it was written."""
        super().done(result)
        if not result.failure:
            self._session.note(self._session.root / result.name)

    def tick(self) -> None:
        """Draw the bars anew; end the work where something else was saved."""
        super().tick()
        self._session.give_way()
        self._session.make_ready()


def _listed(book: Path, changed: list[Path]) -> str:
    """The names of some files, the first few of them."""
    names = [
        path.relative_to(book).as_posix() if path.is_relative_to(book) else path.name
        for path in changed
    ]
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
