"""Why a finished site is not published."""

from __future__ import annotations

from tallybook.audit.account import Account
from tallybook.errors import counted

KEPT = "audit.pickle"  # the file with what pages say, beside the doctrees


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
