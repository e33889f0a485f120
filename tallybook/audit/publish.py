"""The end of a build: the finished site is audited, and says what the audit counted."""

from __future__ import annotations

import re
from pathlib import Path

from tallybook.audit.account import OWN, Account, published
from tallybook.audit.audit import audit
from tallybook.errors import counted
from tallybook.files import write
from tallybook.notebooks.book import Book

KEPT = "audit.pickle"
_NUMBER = re.compile(rf'(<span[^>]* data-of="{OWN}(\w+)"[^>]*>)[^<]*(</span>)')


def account_for(site: Path, book: Book, kept: Path | None = None) -> Account:
    """Audit a finished site, and write into its pages what was counted where they tell of it.

    `kept` is the file in which what pages say is kept for the next time.

    Raises TallybookError as `audit` does.
    """
    account = audit(site, book, is_new=True, kept=kept)
    if not account.faults:
        numbers = published(account)
        for page in account.tellers:
            path = site / page
            html = path.read_text(encoding="utf-8")
            write(path, _NUMBER.sub(lambda f: f"{f[1]}{numbers.get(f[2], '')}{f[3]}", html))
    return account


def refused(account: Account) -> list[str]:
    """Why a site is not published, and what to do; nothing where each numeral is accounted for."""
    if not account.faults:
        return []
    way = (
        f"{counted(len(account.faults), 'fault')}: the site is not published. A figure is cited as "
        "{stat}`its-id`, a date as {period}`its-id`, a count as {count}`asks`; what states nothing "
        "is said without a numeral."
    )
    return [*map(str, account.faults), way]
