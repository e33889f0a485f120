"""What a site is made of: the book's commit, tallybook, the lock and the documents."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tallybook import files
from tallybook.notebooks import settings

if TYPE_CHECKING:
    from tallybook.ledger.ledger import Ledger

LOCK = "requirements.txt"
# Of a site: this, what it was built with, and the digests of all of its files.
MADE_OF, BILL, SUMS = "made-of.json", "sbom.cdx.json", "SHA256SUMS"
AUDITED = {
    settings.STRICT: "a numeral that states a figure, and that no record has, is not published.",
    settings.FIGURES: "numerals beside a unit or a measure of the records, and all in charts and "
    "tables of notebooks, come from records. Other numerals are typed by the authors, and nothing "
    "was compared with them.",
    settings.REPORT: "what is linked to a record is what the record says. Other numerals may be "
    "typed by the authors: the audit names these to them, and publishes the site all the same.",
}


@dataclass(frozen=True)
class MadeOf:
    """The commit, the version of tallybook, and the SHA-256 of its code, of the lock ("" without
    one) and of each document by its source. `audit` is how strict the audit is.
    """

    commit: files.Commit
    version: str
    code: str
    lock: str
    documents: dict[str, str]
    audit: str = settings.STRICT

    def as_json(self) -> str:
        """The same for programs."""
        data = {
            "commit": self.commit.number,
            "uncommitted_changes": self.commit.is_edited,
            "tallybook": self.version,
            "tallybook_sha256": self.code,
            "lock_sha256": self.lock or None,
            "documents_sha256": self.documents,
            "libraries": BILL,
            "files": SUMS,
            "audit": self.audit,
        }
        return f"{json.dumps(data, indent=2)}\n"


def made_of(ledger: Ledger) -> MadeOf:
    """What the site of a ledger's book is made of as things are."""
    lock = ledger.root / LOCK
    digest = hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else ""
    documents = {source.id: source.text_sha256 for source in ledger.sources.values()}
    audit = settings.read(ledger.root).audit
    commit, code = files.commit(ledger.root), _own_code(files.digest_of_states([files.PACKAGE]))
    return MadeOf(commit, files.version(), code, digest, documents, audit)


@lru_cache(maxsize=1)
def _own_code(_: str) -> str:
    return digest_of_code(files.PACKAGE)


def digest_of_code(package: Path) -> str:
    """The SHA-256 of a package's files with their names: of a clone, a wheel, what is installed.

    >>> len(digest_of_code(files.PACKAGE))
    64
    """
    paths = {os.path.relpath(entry.path, package): entry.path for entry in files.files(package)}
    found = hashlib.sha256()
    for name, path in sorted(paths.items()):
        digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        found.update(f"{digest}  {Path(name).as_posix()}\n".encode())
    return found.hexdigest()
