"""The command. It alone formats errors for a person, and decides what the exit code is.

Each part is imported by the command that needs it, so that the quick ones are quick.
"""

from __future__ import annotations

import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallybook import files
from tallybook.errors import (
    BadSettings,
    LedgerError,
    Problem,
    SiteRefused,
    TallybookError,
    counted,
    refused,
)
from tallybook.files import find_book

if TYPE_CHECKING:
    from tallybook.ledger.coverage import Account
    from tallybook.ledger.ledger import Ledger
    from tallybook.notebooks.book import Book

NOTEBOOKS = click.argument(
    "paths", metavar="[NOTEBOOK]...", nargs=-1, type=click.Path(path_type=Path)
)
JOBS = click.option(
    "--jobs", type=click.IntRange(1, 64), help="How many notebooks at a time; one a processor."
)
_MOST_STANDING = 20  # faults that may stand and are told one by one by a build
_VERDICTS = {True: "verified", False: "wrong", None: "not verified"}
DOCUMENTS = "documents"  # the folder of a book that has its documents itself
FOLDER = click.option(
    "--sources",
    "folder",
    envvar="TALLYBOOK_SOURCES",
    type=click.Path(path_type=Path),
    help="The folder of the source documents; the book's documents/ if left out. "
    "Also: TALLYBOOK_SOURCES.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="tallybook", prog_name="tallybook", message="%(prog)s %(version)s"
)
@click.option(
    "--book",
    type=click.Path(path_type=Path),
    help="The book's folder; the one around the working folder if left out.",
)
@click.pass_context
def cli(context: click.Context, book: Path | None) -> None:
    """Statistics reports in which every figure comes from a ledger of sources."""
    context.obj = book


def _echo(problems: Iterable[Problem]) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", help="The book's title.")
@click.option("--author", help="Who writes it.")
@click.option("--language", help="The code of its language, such as en.")
def new(folder: Path, **given: str | None) -> None:
    """Make a book in FOLDER that builds at once, with an example to replace by your own.

    What the options leave out is asked for.
    """
    from tallybook.cli import new as books  # noqa: PLC0415

    books.is_free(folder)  # before anything is asked
    made = books.make(
        folder,
        _asked(given["title"], "--title", "Title"),
        _asked(given["author"], "--author", "Author"),
        _asked(given["language"], "--language", "Language", default="en"),
    )
    click.echo(f"The book is in {made}. There, call tallybook build.")


@cli.command()
@click.argument("document", type=click.Path(path_type=Path))
@click.option("--id", help="The id of its record; from the name of the file if left out.")
@click.option("--title", help="Its title; its own if left out.")
@click.option("--party", help="Whose side it speaks for.")
@click.option("--publisher", help="Who published it.")
@click.option("--published", help="When, as an EDTF date.")
@click.option("--address", help="Where readers find it, as an address of the web.")
@FOLDER
@click.pass_obj
def add(book: Path | None, /, document: Path, folder: Path | None, **given: str | None) -> None:
    """Take a DOCUMENT into the book: PDF, HTML, DOCX, Markdown or text.

    Its text is stored, with pages, headings and tables marked, and its record in data/sources.yml.
    """
    from tallybook.ledger.proposals import adding  # noqa: PLC0415
    from tallybook.reading import documents  # noqa: PLC0415

    root = find_book(book)
    documents.expect(document)  # before anything is asked
    given["party"] = _asked(given["party"], "--party", "Whose side does it speak for")
    fields = {name: value for name, value in given.items() if value}
    added = adding.add(root, folder or root / DOCUMENTS, document, fields)
    for note in added.notes:
        click.echo(note)
    click.echo(f"Added as {added.id!r}. Its text: {added.text}")
    click.echo(f"Look over its record in {root / adding.SOURCES}, and call tallybook check.")


@cli.command()
@click.argument("source")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="The file to write it to; left out, it is shown.",
)
@click.option("--interactive", is_flag=True, help="Go through it one by one, at the terminal.")
@FOLDER
@click.pass_obj
def propose(
    book: Path | None, source: str, output: Path | None, folder: Path | None, *, interactive: bool
) -> None:
    """Propose records for the numerals of a SOURCE that are neither claimed nor dismissed.

    What is proposed is YAML to look over, which tallybook enter takes. With --interactive, each
    record is accepted, edited, dismissed or skipped in turn, and is in the book at once.
    """
    from tallybook.ledger.proposals import proposing  # noqa: PLC0415

    root = find_book(book)
    folder = _documents(root, folder) or root / DOCUMENTS
    if interactive:
        from tallybook.cli import propose as session  # noqa: PLC0415

        if output is not None:
            raise click.UsageError("--interactive enters what is accepted: leave --output out")
        if not _is_at_a_terminal():
            raise click.UsageError("--interactive asks at a terminal, and there is none here")
        session.interact(root, folder, source)
        return
    proposals = proposing.propose(root, folder, source)
    if proposals.is_empty:
        click.echo(f"Each numeral of {source!r} is claimed or dismissed; nothing is proposed.")
        return
    if output is None:
        click.echo(str(proposals), nl=False)
    else:
        proposing.write(proposals, output)
        click.echo(f"Written to {output}. Look it over, and call tallybook enter {output}.")
    click.echo(proposals.summary, err=True)


@cli.command()
@click.argument("proposal", type=click.Path(path_type=Path))
@FOLDER
@click.pass_obj
def enter(book: Path | None, proposal: Path, folder: Path | None) -> None:
    """Enter the records of an edited PROPOSAL into the files of data/: all of them, or none.

    They are checked with the ledger and the documents first. What the files have stays as it is.
    """
    from tallybook.cli import propose as session  # noqa: PLC0415

    root = find_book(book)
    session.enter(root, _documents(root, folder), proposal)


def _documents(root: Path, folder: Path | None) -> Path | None:
    """The folder of the documents: the one that is named, or the book's own if it has one."""
    own = root / DOCUMENTS
    return folder or (own if own.is_dir() else None)


def _asked(given: str | None, option: str, question: str, *, default: str | None = None) -> str:
    """What an option gives, or a person at the terminal answers, or is taken without either."""
    if given is not None:
        return given
    if _is_at_a_terminal():
        return str(click.prompt(question, default=default))
    if default is None:
        raise click.UsageError(f"{option} is missing, and there is no terminal to ask at")
    return default


def _is_at_a_terminal() -> bool:
    return sys.stdin.isatty()


@cli.command()
@NOTEBOOKS
@click.option("--exit-code", is_flag=True, help="Exit with 1 where any is stale.")
@click.pass_obj
def status(book: Path | None, paths: tuple[Path, ...], *, exit_code: bool) -> None:
    """Say of each notebook, or of those named, whether it is fresh or stale, and why."""
    from tallybook.notebooks import staleness  # noqa: PLC0415
    from tallybook.notebooks.book import Book  # noqa: PLC0415

    opened = Book(find_book(book))
    problems = opened.problems
    _echo(problems)
    found = {path: opened.reasons[path] for path in opened.notebooks(paths)}
    for path, reasons in found.items():
        name = path.relative_to(opened.root).as_posix()
        click.echo(f"{name}: {'stale' if reasons else 'fresh'}")
        for reason in reasons:
            click.echo(f"    {reason}")
    for line in staleness.upgrades(found):
        click.echo(line)
    if problems:
        click.echo(f"{counted(len(problems), 'problem')} in the ledger.", err=True)
    if problems or (exit_code and any(found.values())):
        raise SystemExit(1)


@cli.command()
@NOTEBOOKS
@click.option("--all", "every", is_flag=True, help="Fresh ones too.")
@JOBS
@click.option("--scheduler", metavar="ADDRESS", help="Execute on the workers of a Dask cluster.")
@click.pass_obj
def run(
    book: Path | None,
    paths: tuple[Path, ...],
    *,
    every: bool,
    jobs: int | None,
    scheduler: str | None,
) -> None:
    """Execute the stale notebooks, or those named that are, and write their outputs into them."""
    if jobs and scheduler:
        raise click.UsageError("--jobs is for this machine: a cluster has its own workers")
    from tallybook.notebooks.book import Book  # noqa: PLC0415
    from tallybook.site import frame  # noqa: PLC0415

    root = find_book(book)
    with _locked(root):
        files.sweep(root)
        frame.check(root)
        opened = Book(root)
        _execute(opened, opened.notebooks(paths), every=every, jobs=jobs, scheduler=scheduler)


def _locked(root: Path) -> AbstractContextManager[None]:
    return files.locked(root, partial(click.echo, err=True))


def _execute(
    book: Book,
    paths: list[Path],
    *,
    every: bool = False,
    jobs: int | None = None,
    scheduler: str | None = None,
    meanwhile: Callable[[], object] | None = None,
) -> Book:
    """Execute notebooks of a book; the book as it is then. Ends the command where any fails."""
    from tallybook.notebooks import cluster, runner, staleness  # noqa: PLC0415

    for line in staleness.upgrades({path: book.reasons[path] for path in paths}):
        click.echo(line)
    display = runner.Display(meanwhile)
    pool: AbstractContextManager[runner.Pool] = (
        cluster.connected(scheduler) if scheduler else runner.local(jobs)
    )
    try:
        with display.shown(), pool as place:
            outcome = runner.run(book, paths, place, display, every=every)
    except KeyboardInterrupt:
        click.echo("Interrupted: what was executed is stored, the others are as before.", err=True)
        raise SystemExit(130) from None
    click.echo(
        f"{counted(len(outcome.executed), 'notebook')} executed, {len(outcome.fresh)} fresh."
    )
    if outcome.failed:
        click.echo(f"{counted(len(outcome.failed), 'notebook')} failed.", err=True)
        raise SystemExit(1)
    return outcome.book


@cli.command()
@JOBS
@click.pass_obj
def build(book: Path | None, *, jobs: int | None) -> None:
    """Check the ledger, execute the stale notebooks, build the site, audit and publish it.

    It is in _build/html then. Warnings of the build are errors. The site is the old one until the
    new one is whole. Where nothing has changed nothing is done.
    """
    from tallybook.site import publish  # noqa: PLC0415

    root = find_book(book)
    index = (publish.site(root) / "index.html").as_uri()
    if publish.is_built(root):
        click.echo(f"Nothing has changed: open {index}")
        return
    lenient: list[str] = []
    with _locked(root):
        if publish.is_built(root):  # by the one that this one waited for
            click.echo(f"Nothing has changed: open {index}")
            return
        # Imported only now, for where nothing has changed most of the time went into it.
        from tallybook.notebooks.book import Book  # noqa: PLC0415
        from tallybook.site import frame  # noqa: PLC0415

        frame.check(root)
        is_built = publish.build(
            Book(root),
            publish.with_sphinx,
            prepare=lambda book: _with_fresh_notebooks(book, jobs),
            problems=partial(_faults, lenient=lenient),
        )
    if not is_built:
        click.echo("The book is not built; what stands above is to be mended.", err=True)
        raise SystemExit(1)
    if warning := frame.without_address(root):
        click.echo(str(warning), err=True)
    click.echo("\n".join([*lenient, f"The book is built: open {index}"]))


def _faults(folder: Path, book: Book, lenient: list[str] | None = None) -> list[str]:
    """Print the faults that may stand; return those for which a site is not published.

    To `lenient` is added what a lesser mode than strict lets stand.
    """
    from tallybook.audit import audit as outward  # noqa: PLC0415
    from tallybook.site import publish  # noqa: PLC0415

    account = outward.audit(folder, book, kept=publish.doctrees(book.root) / outward.KEPT)
    standing = sorted({*account.faults, *account.wording} - {*account.stopping})
    _echo(standing[:_MOST_STANDING])
    if (left := len(standing) - _MOST_STANDING) > 0:
        click.echo(f"and {left} more, which `tallybook audit` lists", err=True)
    if lenient is not None:
        lenient[:] = outward.lenient(account)
    return outward.refused(account)


def _with_fresh_notebooks(book: Book, jobs: int | None) -> Book:
    """The book once its stale notebooks are executed. Raises LedgerError."""
    book.refuse_problems()
    if not any(book.reasons.values()):
        return book
    return _execute(book, book.notebooks(), jobs=jobs, meanwhile=_import_sphinx).renewed()


def _import_sphinx() -> None:
    from tallybook.site.live import preloaded  # noqa: PLC0415

    preloaded.import_all()


@cli.command()
@click.argument("page", required=False, default="")
@click.option("--out", type=click.Path(path_type=Path), help="The file; in _build if left out.")
@click.pass_obj
def pdf(book: Path | None, page: str, out: Path | None) -> None:
    """Print the built site, or one PAGE of it, to a PDF by Chromium.

    It has a list of contents, the notes on figures at the end of each chapter, and is tagged for
    screen readers. The site has to be that of the files as they are.
    """
    from tallybook.site import pdf as printing  # noqa: PLC0415

    root = find_book(book)
    with _locked(root):
        click.echo(f"Printed to {printing.make(root, page, out)}")


@cli.command()
@click.argument("site", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def audit(book: Path | None, site: Path | None) -> None:
    """Account for every numeral of a built SITE, _build/html if left out.

    Exits with 0 only if each comes from the ledger.
    """
    from tallybook.audit import audit as outward  # noqa: PLC0415
    from tallybook.notebooks.book import Book  # noqa: PLC0415
    from tallybook.site import publish  # noqa: PLC0415

    root = find_book(book)
    account = outward.audit(site or publish.site(root), Book(root))
    _echo([*account.faults, *account.wording])
    click.echo(outward.in_words(account))
    if site and account.faults:
        click.echo(f"A place in a page (.html) is a line of what is built: {site}.", err=True)
    if account.faults or account.wording:
        raise SystemExit(1)


@cli.command()
@click.argument("site")
@click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    help="The folder of the book's repository, at the commit that the site names.",
)
@FOLDER
@click.pass_obj
def verify(book: Path | None, site: str, ledger: Path | None, folder: Path | None) -> None:
    """Recompute what a published SITE, in a folder, says of itself, without trusting it.

    Each file's digest; with the ledger the audit; with the documents whether these are the ones
    that are cited, and say it. Says in the end what was verified and what was not, and exits with 0
    only if all that could be compared holds.
    """
    from tallybook.audit import verifying  # noqa: PLC0415

    if "://" in site:
        raise click.UsageError(
            f"{site} is an address: make a copy of the site, and name its folder"
        )
    ledger = ledger or book
    documents = _documents(ledger, folder) if ledger else folder
    is_wrong = False
    for part in verifying.verify(Path(site), ledger, documents):
        _echo(part.problems)
        click.echo(f"{_VERDICTS[part.holds]}: {part.said}")
        is_wrong |= part.holds is False
    if is_wrong:
        raise SystemExit(1)


@cli.command()
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any."
)
@JOBS
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@click.pass_obj
def live(book: Path | None, *, port: int, jobs: int | None, is_opened: bool) -> None:
    """Serve the book on this machine, and show what is saved as soon as it is.

    Stale notebooks are executed, pages built, open ones reloaded. What is wrong is shown on them
    until it is mended. Ctrl-C ends it.
    """
    from tallybook.site.live import session as live_book  # noqa: PLC0415

    live_book.work(find_book(book), port, jobs, is_opened=is_opened, problems=_faults)


@cli.command()
@FOLDER
@click.option("--ledger-only", is_flag=True, help="Leave the documents out all the same.")
@click.option("--save", is_flag=True, help="Store in data/audit.yml what became of the numerals.")
@click.pass_obj
def check(book: Path | None, folder: Path | None, *, ledger_only: bool, save: bool) -> None:
    """Check the ledger, and each document against it where the documents are at hand.

    Exits with 0 only if everything holds and no numeral of the documents is left over.
    """
    from tallybook.ledger import coverage, loading  # noqa: PLC0415

    root = find_book(book)
    folder = _documents(root, folder)
    if save and (folder is None or ledger_only):
        raise click.UsageError("--save stores what is found in the documents: name --sources")
    ledger, problems = loading.inspect(root)
    problems = problems or _typed_in_data(ledger)
    accounts: dict[str, Account] = {}
    if folder is not None and not ledger_only:
        accounts, found = coverage.check(ledger, folder)
        problems += found
        if save and not problems:
            coverage.save(ledger, accounts)
        elif not problems:
            problems += coverage.outdated(ledger, accounts)
    left_over = {name: list(account.left_over()) for name, account in accounts.items()}
    _echo([*(p for found in left_over.values() for p in found), *problems])
    click.echo(_summary(ledger, accounts, left_over))
    if problems:
        unsaved = " Nothing is stored until they are mended." if save else ""
        total = counted(len(problems), "problem")
        click.echo(f"{total} in the ledger or its documents.{unsaved}", err=True)
    if any(left_over.values()):
        left = sum(len(found) for found in left_over.values())
        click.echo(f"{counted(left, 'numeral')} left over: claim or dismiss each.", err=True)
    if problems or any(left_over.values()):
        raise SystemExit(1)


def _typed_in_data(ledger: Ledger) -> list[Problem]:
    """The numerals in texts of the data that would stop the build of the book."""
    from tallybook.audit import strictness, typed  # noqa: PLC0415
    from tallybook.notebooks import settings  # noqa: PLC0415

    mode = settings.read(ledger.root).audit
    if mode == settings.REPORT:
        return []
    return [*typed.in_data(ledger, typed.known_of(ledger), strictness.of(mode, ledger))]


@cli.command(name="show")
@click.argument("wanted", metavar="[ID]", required=False)
@click.option("--measure", help="Statistics of this measure, by its id.")
@click.option("--source", help="All records of this source, in order; with others, its statistics.")
@click.option("--party", help="Statistics that this party states.")
@click.option("--period", help='Statistics over a time that overlaps this one; "unstated" too.')
@click.option("--scope", help="Statistics with these words in their scope.")
@click.option(
    "--differences",
    is_flag=True,
    help="Of what the other options fit, pairs of one measure that do not say the same.",
)
@FOLDER
@click.pass_obj
def show_command(
    book: Path | None,
    /,
    wanted: str | None,
    folder: Path | None,
    *,
    differences: bool,
    **asked: str | None,
) -> None:
    """Show a record by its id, a subject by its name, or the statistics that all options fit.

    A measure is shown as a series where it has values of one year after the other; a source section
    by section, and with its document in the order of the text; a statistic with what differs from
    it and what uses it; an item of the comparison with all that it rests on, and what under it has
    no figure.
    """
    from tallybook.cli import show  # noqa: PLC0415
    from tallybook.ledger import coverage, questions  # noqa: PLC0415
    from tallybook.notebooks import session  # noqa: PLC0415

    root = find_book(book)
    ledger, folder = session.load(root), _documents(root, folder)
    given = {name: value for name, value in asked.items() if value is not None}
    if bool(wanted) == bool(given or differences):
        raise click.UsageError("name an id or a subject, or what to look for by options")
    shows_a_source = (wanted or given.get("source")) in ledger.sources
    texts, problems = coverage.read(ledger, folder) if folder and shows_a_source else ({}, [])
    if problems:
        raise LedgerError(problems)
    if wanted:
        lines = show.anything(ledger, wanted, texts)
    elif differences:
        lines = show.all_differences(ledger, questions.select(ledger, **given))
    elif set(given) == {"source"}:
        lines = show.source(ledger, given["source"], texts)
    elif set(given) == {"measure"}:
        lines = show.measure(ledger, given["measure"])
    else:
        lines = show.selection(ledger, questions.select(ledger, **given))
    for line in lines:
        click.echo(line)


@cli.command(name="diff")
@click.argument("old", metavar="REVISION")
@click.argument("new", metavar="[REVISION]", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Markdown is for a pull request, JSON for programs.",
)
@click.option(
    "--exit-code", is_flag=True, help="Exit with 1 where any has changed, 2 where that is unknown."
)
@click.option(
    "--record", is_flag=True, help="Add an entry to data/changes.yml for each that has none."
)
@click.pass_obj
def diff_command(
    book: Path | None, /, old: str, new: str | None, *, form: str, exit_code: bool, record: bool
) -> None:
    """Say which figures are others in a revision of the book than in another.

    Without the second revision, than in the book's files as they are. A revision is what git takes
    for one: a branch, a tag, a commit. Figures, stated or computed, with what they are figures of
    and what states them, are compared field by field. Exits with 2 where nothing can be compared.
    """
    from tallybook.cli import diff  # noqa: PLC0415

    if record and new is not None:
        raise click.UsageError("--record is for what the files have as they are: name one revision")
    try:
        root = find_book(book)
        report = diff.compare(root, old, new)
        written = diff.record(root, report, datetime.now(UTC).date()) if record else ""
    except (TallybookError, OSError) as error:
        click.echo(
            f"tallybook: {refused(error) if isinstance(error, OSError) else error}", err=True
        )
        raise SystemExit(2) from None
    click.echo(diff.TELLS[form](report))
    if written:
        click.echo(written, err=True)
    if exit_code:
        raise SystemExit(diff.exit_code(report.found))


@cli.command()
@click.pass_obj
def schema(book: Path | None) -> None:
    """Write the JSON Schemas that editors complete and check the data files by."""
    from tallybook.ledger import records  # noqa: PLC0415

    folder = find_book(book) / "data" / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    schemas = records.json_schemas()
    for name, text in schemas.items():
        files.write(folder / name, text)
    click.echo(f"{len(schemas)} schemas written to {folder}")


def _summary(
    ledger: Ledger, accounts: dict[str, Account], left_over: dict[str, list[Problem]]
) -> str:
    head = ("source", "records", "citations", "numerals", "claimed", "dismissed", "left over")
    rows: list[Sequence[object]] = [head]
    records: Counter[str] = Counter()
    citations: Counter[str] = Counter()
    for record in ledger.records():
        cited = [mention.source for mention in getattr(record, "cited", ())]
        records.update(set(cited))
        citations.update(cited)
    for name in ledger.sources:
        row: list[object] = [name, records[name], citations[name]]
        if account := accounts.get(name):
            claimed, dismissed = len(account.claimed), len(account.dismissed)
            row += [account.total, claimed, dismissed, len(left_over[name])]
        rows.append([*row, *["–"] * (len(head) - len(row))])
    widths = [max(len(str(row[n])) for row in rows) for n in range(len(head))]
    return "\n".join(
        "  ".join(str(cell).ljust(w) if n == 0 else str(cell).rjust(w) for n, (cell, w) in cells)
        for cells in (list(enumerate(zip(row, widths, strict=True))) for row in rows)
    )


def main() -> None:
    """Run the command. An error that a person can put right is shown without a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no dashes still gets words
    try:
        cli(standalone_mode=True)
    except LedgerError as error:
        _echo(error.problems)
        where = "settings" if isinstance(error, BadSettings) else "ledger"
        click.echo(f"{counted(len(error.problems), 'problem')} in the {where}.", err=True)
        sys.exit(1)
    except SiteRefused as error:
        click.echo(str(error), err=True)  # lines that begin with their places
        sys.exit(1)
    except (TallybookError, OSError) as error:
        what = refused(error) if isinstance(error, OSError) else error
        click.echo(f"tallybook: {what}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
