"""What a site is made of: the book's commit, tallybook, the lock and the documents."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tallybook import files
from tallybook.errors import NoRevision
from tallybook.notebooks import settings

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger

UNKNOWN = "unknown"
LOCK = "requirements.txt"
AUDITED = {
    settings.STRICT: "a numeral that states a figure, and that no record has, is not published.",
    settings.FIGURES: "numerals beside a unit or a measure of the records, and all in charts and "
    "tables of notebooks, come from records. Other numerals are typed by the authors, and nothing "
    "was compared with them.",
    settings.REPORT: "what is linked to a record is what the record says. Other numerals may be "
    "typed by the authors: the audit names these to them, and publishes the site all the same.",
}
# What is built into the book's own folder is no change of it.
_STATUS = ("status --porcelain=v2 --branch --untracked-files=normal -- . :(exclude)_build").split()
_TRACKED = "ls-files --error-unmatch -- _config.yml".split()


@dataclass(frozen=True)
class Commit:
    """A commit by its number, or `UNKNOWN`; `is_edited` where files of the book are otherwise."""

    number: str
    is_edited: bool


@dataclass(frozen=True)
class MadeOf:
    """The commit, the version of tallybook, and the SHA-256 of the lock ("" without one) and of
    each document by its source. `audit` is how strict the audit is.
    """

    commit: Commit
    version: str
    lock: str
    documents: dict[str, str]
    audit: str = settings.STRICT

    def as_json(self) -> str:
        """The same for programs."""
        data = {
            "commit": self.commit.number,
            "uncommitted_changes": self.commit.is_edited,
            "tallybook": self.version,
            "lock_sha256": self.lock or None,
            "documents_sha256": self.documents,
            "audit": self.audit,
        }
        return f"{json.dumps(data, indent=2)}\n"


def made_of(ledger: Ledger) -> MadeOf:
    """What the site of a ledger's book is made of as things are."""
    lock = ledger.root / LOCK
    digest = hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""
    documents = {source.id: source.text_sha256 for source in ledger.sources.values()}
    audit = settings.read(ledger.root).audit
    return MadeOf(commit(ledger.root), files.version(), digest, documents, audit)


def commit(book: Path) -> Commit:
    """The commit of a book's own repository, unknown where it has none, or no commit yet."""
    lines = _answer(book, _STATUS).splitlines()
    number = next((line.split()[2] for line in lines if line.startswith("# branch.oid ")), "")
    # In a folder that another repository ignores, or never heard of, the commit is not the book's.
    if not number.isalnum() or not _answer(book, _TRACKED):
        return Commit(UNKNOWN, is_edited=False)
    return Commit(number, is_edited=any(not line.startswith("#") for line in lines))


def _answer(book: Path, command: list[str]) -> str:
    try:
        return files.git(book, *command).decode(errors="replace")
    except NoRevision:
        return ""
