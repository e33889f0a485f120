"""Documents, and what became of each of their numerals.

A numeral is claimed where a field of a record was read from it, in the section and the occurrence
that the record cites; it is dismissed where `dismissed.yml` names it. The others are left over.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tallybook.errors import Problem, TallybookError, refused
from tallybook.files import write
from tallybook.ledger import printed, runs, units
from tallybook.ledger.consistency import mentions
from tallybook.ledger.document import Document, folded
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.loading import nothing_collected
from tallybook.ledger.own_dates import OwnDates
from tallybook.ledger.printed import plain
from tallybook.ledger.records import COUNTED, Event, Item, Mention, Record, Source, Statistic
from tallybook.reading import dates
from tallybook.reading import units as reading_units
from tallybook.reading.amount import Amount, Span

_LARGEST = 16_000_000  # bytes; a larger file is taken for a mistake
_FIGURES = ("as_printed", "condition_as_printed")  # the other runs bear dates
_OTHER_RUNS = ("period_as_printed", "base_as_printed", "condition_as_printed")


def document_of(
    source: Source, folder: Path, names: tuple[str, ...] = ()
) -> tuple[Document | None, list[Problem]]:
    """The document of a source record, or None where it cannot be used, and what is wrong.

    >>> import tallybook
    >>> source = tallybook.load("tests/books/kettles").source("report")
    >>> document, problems = document_of(source, Path("tests/books/kettles/documents"))
    >>> document.text[:30], problems
    ('# Annual report of the Kettle ', [])
    """
    path = folder / f"{source.id}.txt"
    problem, raw = _bytes_of(path)
    if problem:
        return None, [source.problem(("id",), f"its document {path} {problem}")]
    # Its figures were read from these bytes and may have moved: it is not even searched.
    digest = hashlib.sha256(raw).hexdigest()
    if digest != source.text_sha256:
        message = (
            f"{path} has changed since its figures were read: its SHA-256 is {digest}. Read the "
            "document again, mend the records, and then enter this digest"
        )
        return None, [source.problem(("text_sha256",), message)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{path} is not UTF-8 at byte {error.start}; save it as UTF-8"
        return None, [source.problem(("id",), message)]
    document = Document(source.id, text, {}, names)
    return document, list(_divide(document, source))


def _bytes_of(path: Path) -> tuple[str, bytes]:
    """What is wrong with a file, and what is in it."""
    try:
        if not path.is_file():
            return ("is not a file" if path.exists() else "is missing"), b""
        if (size := path.stat().st_size) > _LARGEST:
            return f"has {size // 10**6} MB, more than any document", b""
        return "", path.read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}", b""


def _divide(document: Document, source: Source) -> Iterator[Problem]:
    """Find the sections; one that is not found leaves its text to the one before."""
    # Each is looked for behind the last one found, so that one mistake leads to one problem.
    starts: list[tuple[str, int]] = []
    at, previous = 0, "the beginning"
    for number, section in enumerate(source.sections):
        found = document.find(section.opens, (at, len(document.text)))
        if len(found) == 1:
            starts.append((section.name, found[0][0]))
            at, previous = found[0][1], repr(section.name)
            continue
        times = f"stands {len(found)} times" if found else "does not stand"
        advice = "open it with a longer run" if found else "check its words and its place"
        yield source.problem(
            ("sections", number, "opens"),
            f'section {section.name!r}: "{section.opens}" {times} after {previous}; {advice}',
        )
    ends = [start for _, start in starts[1:]] + [len(document.text)] * bool(starts)
    document.sections |= {
        name: (start, end) for (name, start), end in zip(starts, ends, strict=True)
    }


@dataclass
class Account:
    """The numerals of one document that are claimed and dismissed, by their numbers in it."""

    document: Document
    claimed: set[int] = field(default_factory=set)
    dismissed: set[int] = field(default_factory=set)
    own_dates: OwnDates = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.own_dates = OwnDates(self.document)

    @property
    def total(self) -> int:
        """The number of numerals in the document."""
        return len(self.document.numerals)

    @property
    def counts(self) -> list[int]:
        """The number of numerals in all, claimed, dismissed and left over."""
        claimed = len(self.claimed)
        dismissed = len(self.dismissed | (self.document.in_names - self.claimed))
        return [self.total, claimed, dismissed, self.total - claimed - dismissed]

    def left_over(self) -> Iterator[Problem]:
        """Each numeral that is neither claimed nor dismissed, with its place and surroundings."""
        accounted_for = self.claimed | self.dismissed | self.document.in_names
        for number, numeral in enumerate(self.document.numerals):
            if number not in accounted_for:
                mark = self.document.line_and_column(numeral.start)
                section = self.document.section_at(numeral.start) or "before the first section"
                if page := self.document.page_at(numeral.start):
                    section = f"{section}, page {page}"
                excerpt = self.document.excerpt((numeral.start, numeral.end))
                message = f"neither claimed nor dismissed: {excerpt} ({section})"
                yield Problem(f"{self.document.name}.txt", *mark, message)


def read(ledger: Ledger, folder: Path) -> tuple[dict[str, Document], list[Problem]]:
    """The documents in `folder` by the ids of their sources, and the problems of the others.

    >>> from tallybook.ledger import loading
    >>> ledger, _ = loading.inspect(Path("tests/books/kettles"))
    >>> read(ledger, Path("tests/books/kettles/documents"))[0]["report"].section_at(300)
    'Repairs'
    """
    # Path.is_dir raises where a name is too long for the system.
    if not os.path.isdir(folder):  # noqa: PTH112
        missing = "expected the folder of the source documents here"
        return {}, [Problem(str(folder)[:200], 0, 0, missing)]
    texts, problems = {}, []
    for source in ledger.sources.values():
        text, found = document_of(source, folder, ledger.spelled)
        problems += found
        if text is not None:
            texts[source.id] = text
    return texts, problems


def save(ledger: Ledger, accounts: dict[str, Account]) -> None:
    """Write the counts of the accounts to data/audit.yml. Raises TallybookError."""
    lines = ["# yaml-language-server: $schema=schema/audit.schema.json"]
    lines += ["# Written by tallybook check --sources FOLDER --save."]
    for name, account in accounts.items():
        lines.append(f"- source: {name}")
        lines += [f"  {n}: {count}" for n, count in zip(COUNTED, account.counts, strict=True)]
    path = ledger.root / "data" / "audit.yml"
    try:
        write(path, "\n".join(lines) + "\n")
    except OSError as error:
        raise TallybookError(refused(error)) from None


def outdated(ledger: Ledger, accounts: dict[str, Account]) -> Iterator[Problem]:
    """The accounts that data/audit.yml has otherwise or not at all; a book may store none."""
    advice = "tallybook check --sources FOLDER --save writes it anew"
    stored = {audit.source: audit for audit in ledger.audits}
    for name, account in accounts.items():
        if audit := stored.get(name):
            if audit.counts != account.counts:
                kept = (audit.counts, account.counts)
                old, now = (", ".join(str(number) for number in counts) for counts in kept)
                message = f"{name!r} has {now} numerals in all, claimed, dismissed and left over"
                yield audit.problem((), f"{message}; stored are {old}. {advice}")
        elif stored:  # accounts are stored of all documents, or of none
            yield ledger.sources[name].problem(
                ("id",), f"data/audit.yml has no account of it. {advice}"
            )


def place_of(text: Document, mention: Mention) -> Span | None:
    """The place in its document of the run that a record cites; None if it does not stand there."""
    if mention.as_printed is None or mention.section not in text.sections:
        return None
    found = text.find(mention.as_printed, text.sections[mention.section])
    number = (mention.occurrence or 1) - 1
    return found[number] if number < len(found) else None


def check(ledger: Ledger, folder: Path) -> tuple[dict[str, Account], list[Problem]]:
    """The account of each document in `folder`, and every problem of the records with these.

    Whether the stored accounts are the same, `outdated` tells.

    >>> from tallybook.ledger import loading
    >>> ledger, _ = loading.inspect(Path("tests/books/kettles"))
    >>> accounts, problems = check(ledger, Path("tests/books/kettles/documents"))
    >>> accounts["report"].counts, problems
    ([15, 13, 2, 0], [])
    """
    with nothing_collected():
        texts, unread = read(ledger, folder)
        accounts, problems = compare(ledger, texts)
    return accounts, sorted({*unread, *problems})


def compare(
    ledger: Ledger, texts: Mapping[str, Document]
) -> tuple[dict[str, Account], list[Problem]]:
    """The account of each document that was read, and every problem of the records with these."""
    accounts = {name: Account(text) for name, text in texts.items()}
    problems: list[Problem] = []
    for record in ledger.records():
        problems += of_record(ledger, accounts, record)
    problems += _dismissals(ledger, accounts)
    return accounts, sorted(set(problems))


def of_record(ledger: Ledger, accounts: dict[str, Account], record: Record) -> Iterator[Problem]:
    """Every problem of one record with the documents; the numerals it was read from are claimed."""
    for location, mention in mentions(record):
        account = accounts.get(mention.source)
        # What is not found there at all is reported where documents are read.
        if account and mention.section in account.document.sections:
            yield from _cited(ledger, account, record, location, mention)
    if isinstance(record, Statistic):
        yield from _members(accounts, record)


def _cited(
    ledger: Ledger,
    account: Account,
    record: Record,
    location: tuple[str | int, ...],
    mention: Mention,
) -> Iterator[Problem]:
    """Find the runs of one citation, and claim the numerals that its fields were read from."""
    if mention.as_printed is None:
        return
    place = _place(account.document, mention)
    if isinstance(place, str):
        yield record.problem((*location, "as_printed"), place)
        return
    yield from _page(account.document, record, location, mention, place)
    measure = ledger.measures.get(record.measure) if isinstance(record, Statistic) else None
    unit = measure.unit if measure else ""
    # The other runs of a citation are looked for near the figure, for they are often short.
    spans, missing = _runs_near(account.document, mention, place)
    yield from (record.problem((*location, name), absent) for name, absent in missing.items())
    if not isinstance(record, Statistic | Event | Item):
        return
    all_claims = printed.claims(record, mention, unit, ledger.spelled)
    if figure := all_claims.get("as_printed"):
        at = (place[0] + figure[0][0], place[0] + figure[0][1])
        mistake = _own_period(account, record, mention, at, spans)
        if mistake:
            yield record.problem((*location, "period_as_printed"), mistake)
    for name, claimed in all_claims.items():
        if name in spans:
            run = getattr(mention, name)
            is_figure = name in _FIGURES and not isinstance(record, Event)
            mistakes = [*_claim(account, spans[name], run, claimed, is_figure=is_figure)]
            # Dates are read from the runs of periods and bases, and from what an event cites.
            if not mistakes and (name != "as_printed" or isinstance(record, Event)):
                mistakes = [*_cut_dates(account.document, spans[name], run, claimed)]
            yield from (record.problem((*location, name), mistake) for mistake in mistakes)


def _runs_near(
    text: Document, mention: Mention, place: Span
) -> tuple[dict[str, Span], dict[str, str]]:
    """Where the runs of a citation stand by their fields, and what is wrong with the others."""
    spans, missing = {"as_printed": place}, {}
    for name in _OTHER_RUNS:
        if run := getattr(mention, name, None):
            near = _nearest(text, mention, run, place)
            if near is None:
                missing[name] = _absent(text, mention, run)
            else:
                spans[name] = near
    return spans, missing


def _own_period(
    account: Account, record: Record, mention: Mention, figure: Span, spans: dict[str, Span]
) -> str:
    """What is wrong with where the words of a figure's period stand; their place is put right."""
    if not isinstance(record, Statistic) or "period_as_printed" not in spans:
        return ""
    run = str(getattr(mention, "period_as_printed", ""))
    found = account.document.find(run, account.document.sections[mention.section])
    own, mistake = account.own_dates.nearest(figure, found, spans.get("base_as_printed"))
    spans["period_as_printed"] = own or spans["period_as_printed"]
    return mistake


def _page(
    text: Document, record: Record, location: tuple[str | int, ...], mention: Mention, span: Span
) -> Iterator[Problem]:
    """The page that a citation names must be the one that its run begins on."""
    page, said = text.page_at(span[0]), getattr(mention, "page", None)
    if said not in (None, page):
        stands = f"stands on page {page}" if page else "is in a text without pages; leave page out"
        message = f'"{mention.as_printed}" {stands}; found page {said}'
        yield record.problem((*location, "page"), message)


def _place(text: Document, mention: Mention) -> Span | str:
    """The place of a citation's run in its document, or what is wrong with it."""
    run = str(mention.as_printed)
    found = text.find(run, text.sections[mention.section])
    if not found:
        return _absent(text, mention, run)
    times = f'"{run}" stands {_times(len(found))} in {mention.section!r}'
    if mention.occurrence is None and len(found) > 1:
        return f"{times}; say which one with occurrence, from 1 to {len(found)}"
    if (mention.occurrence or 1) > len(found):
        return f"{times}, so there is no occurrence {mention.occurrence}"
    return found[(mention.occurrence or 1) - 1]


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _absent(text: Document, mention: Mention, run: str) -> str:
    elsewhere = text.find(run, (0, len(text.text)))
    section = text.section_at(elsewhere[0][0]) if elsewhere else None
    hint = f" It stands in {section!r}." if section else ""
    return f'"{run}" does not stand in {mention.section!r} of {mention.source!r}.{hint}'


def _nearest(text: Document, mention: Mention, run: str, place: Span) -> Span | None:
    # "In 2017" may stand in a section many times: in the figure's own sentence it is meant, else in
    # its paragraph, else where it is nearest to the figure.
    found = text.find(run, text.sections[mention.section])
    return min(found, key=lambda span: text.distance(place, span), default=None)


def _claim(
    account: Account, span: Span, run: str, claimed: tuple[Span, ...], *, is_figure: bool
) -> Iterator[str]:
    """Claim numerals of the document, which must read there as they do in the run alone."""
    text, numerals = account.document, account.document.numerals
    # A run alone may read otherwise than in its sentence: "1,000 stores" of "over 1,000 stores".
    own = {n.start: n for n in runs.numerals(folded(run))}
    for start, end in claimed:
        for number in text.overlapping((span[0] + start, span[0] + end)):
            numeral = numerals[number]
            account.claimed.add(number)
            read = own.get(numeral.start - span[0])
            whole = text.text[numeral.text_start : numeral.text_end]
            if numeral.start < span[0] or numeral.end > span[1] or read is None:
                yield f'"{run}" cuts a number in two: the document prints "{whole}"; cite it whole'
                return
            if not is_figure and (read.value, read.bound) != (numeral.value, numeral.bound):
                yield _left_out(run, whole, f"{numeral.bound} {plain(numeral.value)}")
    if is_figure and claimed:
        yield from _cut_figure(text, span, run, claimed)


def _cut_figure(text: Document, span: Span, run: str, claimed: tuple[Span, ...]) -> Iterator[str]:
    """The figure that a run prints must be the whole figure that the document prints there."""
    whole = (span[0] + claimed[0][0], span[0] + claimed[-1][1])
    own = next(
        (each for each in runs.figures(folded(run), text.names) if claimed[0] in each.spans), None
    )
    claimed_here = [(span[0] + start, span[0] + end) for start, end in claimed]
    for figure in text.figures_at(whole):
        # An ordinal in a noun stands between the numbers of its figure: "312 first-time owners per
        # million".
        if not any(a < end and start < b for a, b in figure.spans for start, end in claimed_here):
            continue
        readings = (figure, *figure.others)
        if own is not None and figure.mistake and not own.mistake and own.says == figure.says:
            yield f'"{run}" stands in words in which it {figure.mistake}'
            return
        if own is not None and not any(_is_all(own, each, span[0]) for each in readings):
            shown = text.text[figure.text_start : _end_with_unit(text, figure)]
            yield _left_out(run, shown, printed.reading_in_words(figure))
            return


def _end_with_unit(text: Document, figure: Amount) -> int:
    """Where a figure ends with the known unit and the words of a rate behind it: "Gt a year"."""
    behind = text.text[figure.text_end :][:40]
    inner = behind.lstrip(" -")
    _, unit_end = reading_units.leading(inner)
    end = figure.text_end + (len(behind) - len(inner) + unit_end if unit_end else 0)
    if not figure.per:
        return end
    noun = re.match(
        r"[^.;:()]{0,24}?(?:\b(?:per|an?|each|every)\s+|/)[\w²³]+", text.text[end:][:60]
    )
    return end + noun.end() if noun and not unit_end else end


def _is_all(own: Amount, figure: Amount, start: int) -> bool:
    """Whether a run, which starts here in the document, prints all of one of its figures."""
    spans = tuple((first + start, last + start) for first, last in own.spans)
    if spans != figure.spans or own.says != figure.says:
        return False
    is_same_rate = own.per == figure.per or not figure.per or figure.each
    return is_same_rate and units.measured(own) == units.measured(figure)


def _left_out(run: str, whole: str, reads: str) -> str:
    what = reads.removeprefix("exactly ")
    return f'"{run}" leaves words out: the document prints "{whole}", {what}; cite them'


def _cut_dates(text: Document, span: Span, run: str, claimed: tuple[Span, ...]) -> Iterator[str]:
    """The date that a run prints must be the whole date that the document prints there."""
    for start, end in claimed:
        first, last = dates.whole(text.text, (span[0] + start, span[0] + end), text.dates)
        if first < span[0] or last > span[1]:
            whole = text.text[first:last]
            yield f'"{run}" leaves words out: the document prints "{whole}"; cite them'
            return


def _members(accounts: dict[str, Account], statistic: Statistic) -> Iterator[Problem]:
    """The members of a list must stand, as spelled, in a section that the record cites."""
    texts = [(accounts[c.source].document, c) for c in statistic.cited if c.source in accounts]
    sections = [(text, text.sections.get(c.section)) for text, c in texts]
    # A section that is not found is reported already, and its text may be in another one.
    if not sections or None in [section for _, section in sections]:
        return
    for number, member in enumerate(statistic.members or ()):
        if not any(section and text.find(member, section) for text, section in sections):
            message = f"{member!r} does not stand in any section that the record cites"
            yield statistic.problem(("members", number), message)


def _dismissals(ledger: Ledger, accounts: dict[str, Account]) -> Iterator[Problem]:
    for dismissal in ledger.dismissals:
        account = accounts.get(dismissal.source)
        section = account.document.sections.get(dismissal.section) if account else None
        if account is None or section is None or not runs.numerals(dismissal.run):
            continue
        times = 0  # occurrences with an open numeral: a claimed one needs no dismissal
        numerals = account.document.numerals
        for first, last in account.document.find(dismissal.run, section):
            found = account.document.overlapping((first, last))
            inside = {n for n in found if first <= numerals[n].start and numerals[n].end <= last}
            # Records go first: a dismissal is of the numerals that none of them claims.
            open_ = inside - account.claimed - account.dismissed
            times += bool(open_)
            account.dismissed |= open_
        if times != dismissal.times:
            yield dismissal.problem(
                ("times",),
                f'"{dismissal.run}" stands {_times(times)} in {dismissal.section!r} of '
                f"{dismissal.source!r} with a numeral that no record claims and no dismissal "
                f"before this one names, not {dismissal.times}",
            )
