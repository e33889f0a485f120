"""What of a published site holds, looked at by someone who does not trust whoever published it.

Nothing of the site or of the book is executed, and nothing is taken from what a build has kept: the
digests of the files are computed anew, each text is compared with the ledger, and the ledger with
its documents. What cannot be compared, for it is not at hand, is said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tallybook import files
from tallybook.audit import html as audit_html
from tallybook.audit.audit import Auditor, in_words
from tallybook.audit.html import plain
from tallybook.audit.references import ledger_texts
from tallybook.errors import LedgerError, Problem, TallybookError, counted, refused
from tallybook.files import UNKNOWN, find_book
from tallybook.ledger import coverage
from tallybook.ledger.document import Document
from tallybook.notebooks.book import Book
from tallybook.site import checksums, provenance
from tallybook.site.provenance import MADE_OF, SUMS

LEDGER = "data/ledger.json"  # of a site
_AS_THEY_ARE, _WITH_WORDS = ("words", "label"), ("named", "described")  # kinds of claims
_NO_LEDGER = "the audit: name the folder of the book's repository by --ledger"
_UNREAD = "the audit: the ledger cannot be read"
_NO_DOCUMENTS = "the documents: name their folder by --sources"
_NO_SITE = "expected the folder of a published site, such as _build/html or a copy of it"
_ANOTHER_WAY = "compare it with one that you have from somewhere else"


@dataclass(frozen=True)
class Part:
    """One thing that was looked at, in a sentence; `holds` is None where it could not be."""

    said: str
    holds: bool | None
    problems: tuple[Problem, ...] = ()


def verify(site: Path, ledger: Path | None, documents: Path | None) -> Iterator[Part]:
    """Each part of a site that can be verified, one by one, and each that cannot.

    `ledger` is the folder of the book, `documents` that of its documents. Raises TallybookError
    where there is no site.

    >>> [*verify(Path("tests/books/kettles/documents"), None, None)]
    Traceback (most recent call last):
    tallybook.errors.TallybookError: tests/books/kettles/documents: no site: expected the folder \
of a published site, such as _build/html or a copy of it
    """
    if not site.is_dir() or not any((site / each).is_file() for each in ("index.html", MADE_OF)):
        raise TallybookError(f"{str(site)[:200]}: no site: {_NO_SITE}")
    yield _files(site)
    stated, part = _stated(site)
    if part:
        yield part
    book = None
    if ledger is not None:
        try:
            book = Book(find_book(ledger))
            book.refuse_problems()
        except (TallybookError, OSError) as error:
            yield _failed(f"the ledger in {ledger} cannot be read", error)
            book = None
    if book:
        yield from _made_of(stated, book)
        yield _audited(site, book, stated)
    else:
        yield _words(site)
        yield Part(_NO_LEDGER if ledger is None else _UNREAD, None)
    if documents is None:
        yield Part(_NO_DOCUMENTS, None)
    else:
        yield _documents(book, documents) if book else _cited(site, stated, documents)


def _failed(what: str, error: TallybookError | OSError) -> Part:
    if isinstance(error, LedgerError):
        return Part(f"{what}: {counted(len(error.problems), 'problem')}", False, (*error.problems,))
    why, *more = (refused(error) if isinstance(error, OSError) else str(error)).splitlines()
    others = f". And {len(more)} more like it" if more else ""
    return Part(f"{what}: {why}{others}", holds=False)


def _files(site: Path) -> Part:
    """Whether each file is as the site's own list has it."""
    path = site / SUMS
    try:
        text = path.read_bytes()
    except OSError as error:
        return _failed(f"the files: the site has no {SUMS} that lists them", error)
    listed, problems = checksums.parsed(text.decode("utf-8", "surrogateescape"))
    problems += checksums.differences(site, listed)
    digest = hashlib.sha256(text).hexdigest()
    if problems:
        return Part(f"the files: {counted(len(problems), 'problem')}", False, (*problems,))
    return Part(
        f"the files: {len(listed):,}, which are those that {SUMS} lists. Its own SHA-256 is "
        f"{digest}: {_ANOTHER_WAY}",
        holds=True,
    )


def _json(path: Path) -> Any:
    """What a file of JSON has; None where it is not there or has something else."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def _stated(site: Path) -> tuple[dict[str, Any], Part | None]:
    """What a site says that it is made of, and why that cannot be known."""
    found = _json(site / MADE_OF)
    if isinstance(found, dict) and isinstance(found.get("documents_sha256"), dict):
        return found, None
    why = f"what the site is made of: its {MADE_OF} is missing, or is not as the build writes it"
    return {"documents_sha256": {}}, Part(why, holds=False)


def _made_of(stated: dict[str, Any], book: Book) -> Iterator[Part]:
    """Whether a site says that it is made of this book: its commit, its lock, its documents."""
    if "commit" not in stated:
        return
    made = provenance.made_of(book.ledger)
    number, commit = str(stated["commit"]), made.commit
    if UNKNOWN in (number, commit.number):
        whose = "the site" if number == UNKNOWN else f"the book in {book.root}"
        yield Part(f"the commit: that of {whose} is not known", holds=None)
    elif number != commit.number:
        what = f"the commit: the site is of {number}, the book in {book.root} of {commit.number}"
        yield Part(f"{what}: check out the one that the site names", holds=False)
    elif stated.get("uncommitted_changes") or commit.is_edited:
        whose = "the site was built with" if stated.get("uncommitted_changes") else "the book has"
        yield Part(f"the commit {number}: {whose} changes that are not committed", holds=None)
    else:
        yield Part(f"site and book are of the commit {number}", holds=True)
    of_lock, of_documents = stated.get("lock_sha256"), stated["documents_sha256"]
    problems = []
    if of_lock != (made.lock or None):
        what = f"lock_sha256: the book's {provenance.LOCK} has {made.lock or 'none'}"
        problems.append(Problem(MADE_OF, 0, 0, f"{what}, the site says {of_lock}"))
    for name in sorted({*of_documents, *made.documents}):
        ours, theirs = made.documents.get(name), of_documents.get(name)
        if ours != theirs:
            what = f"documents_sha256: of {name!r} the ledger has {ours}, the site says {theirs}"
            problems.append(Problem(MADE_OF, 0, 0, what))
    named = f"the lock and the digests of {counted(len(made.documents), 'document')}"
    said = f"{named} are not those of the book" if problems else f"{named} are those of the book"
    yield Part(said, not problems, (*problems,))


def _audited(site: Path, book: Book, stated: dict[str, Any]) -> Part:
    """Whether each numeral comes from the ledger, as `tallybook audit` says."""
    # Not by `audit`, which reads what a build has pickled.
    try:
        account = Auditor(site, ledger_texts(book), advises=False).account()
    except (TallybookError, OSError) as error:
        part = _failed("the audit: the book is not in a state to be compared", error)
        theirs, ours = stated.get("tallybook"), files.version()
        other = f" The site was built by tallybook {theirs}; this is {ours}."
        return Part(part.said + (other if theirs != ours else ""), False, part.problems)
    problems = (*account.faults, *account.wording)
    return Part(in_words(account).replace("\n", ". "), not problems, problems)


def _documents(book: Book, folder: Path) -> Part:
    """Whether the documents are those of the ledger, and say what it cites."""
    if not book.ledger.sources:
        return Part("the documents: the ledger has none", holds=None)
    accounts, problems = coverage.check(book.ledger, folder)
    problems += coverage.outdated(book.ledger, accounts)
    for account in accounts.values():
        problems += account.left_over()
    if problems:
        return Part(f"the documents: {counted(len(problems), 'problem')}", False, (*problems,))
    total = sum(account.total for account in accounts.values())
    said = f"the documents: {len(accounts):,}, of the digests that the ledger has, and with what it"
    return Part(f"{said} cites; each of their {total:,} numerals is accounted for", holds=True)


# Without the book: what the site publishes of its ledger


def _words(site: Path) -> Part:
    """Whether figures on pages are in the words that the site's own ledger has."""
    found = _json(site / LEDGER)
    try:
        every = (*found["statistics"], *found["derived"])
        figures = {str(each["id"]): each for each in every}
        texts = {
            name: {kind: plain(str(each[kind])) for kind in _AS_THEY_ARE}
            for name, each in figures.items()
        }
    except (KeyError, TypeError):
        return Part(f"the figures: the site has no {LEDGER} as the build writes it", holds=False)
    problems, count = [], 0
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        for claim in audit_html.read(path.read_text("utf-8", errors="replace")).claims:
            kind, known = claim.reference.kind, texts.get(claim.reference.id)
            if kind not in (*_AS_THEY_ARE, *_WITH_WORDS):
                continue
            count += 1
            expected = known.get(kind, known["words"]) if known else None
            is_within = expected is not None and kind in _WITH_WORDS and expected in claim.text
            if not is_within and claim.text != expected:
                what = f"{claim.text!r} is not what {LEDGER} has for {claim.reference}"
                problems.append(Problem(name, claim.line, 0, f"{what}: {expected!r}"))
    if problems:
        return Part(f"the figures: {counted(len(problems), 'problem')}", False, (*problems,))
    if not count:
        return Part("the figures: no page has one that says of which record it is", holds=None)
    said = f"the figures: {count:,} times their words or label are those of the site's own {LEDGER}"
    return Part(said, holds=True)


def _cited(site: Path, stated: dict[str, Any], folder: Path) -> Part:
    """Whether documents are those that the site names, and have the runs that it publishes."""
    if not stated["documents_sha256"]:
        return Part("the documents: the site names none", holds=None)
    texts: dict[str, Document] = {}
    problems = []
    for name, digest in stated["documents_sha256"].items():
        path = folder / f"{Path(name).name}.txt"
        raw = path.read_bytes() if path.is_file() else None
        if raw is None:
            problems.append(Problem(str(path), 0, 0, "missing: the site names its digest"))
        elif (here := hashlib.sha256(raw).hexdigest()) != digest:
            what = f"changed: the site names the SHA-256 {digest}, found {here}"
            problems.append(Problem(str(path), 0, 0, what))
        else:
            texts[name] = Document(name, raw.decode("utf-8-sig", "replace"), {}, ())
    runs = [*_runs(_json(site / LEDGER))]
    for owner, source, run in runs:
        text = texts.get(source)
        if text and not text.find(run, (0, len(text.text))):
            problems.append(Problem(LEDGER, 0, 0, f"{owner}: {run!r} does not stand in {source!r}"))
    if problems:
        return Part(f"the documents: {counted(len(problems), 'problem')}", False, (*problems,))
    said = f"the documents: {len(texts):,}, of the digests that {MADE_OF} names, and with each of"
    return Part(f"{said} the {len(runs):,} runs that {LEDGER} cites", holds=True)


def _runs(ledger: Any) -> Iterator[tuple[str, str, str]]:
    """The id, source and printed run of each citation in a site's own ledger."""
    records = ledger if isinstance(ledger, dict) else {}
    for found in records.values():
        for record in found if isinstance(found, list) else ():
            cited = record.get("cited") if isinstance(record, dict) else None
            for mention in cited if isinstance(cited, list) else ():
                if isinstance(mention, dict) and isinstance(mention.get("as_printed"), str):
                    yield str(record.get("id")), str(mention.get("source")), mention["as_printed"]
