"""The first two checks: of the record alone, and of the record against the documents.

One record is validated with all others held as they are, so that thousands are checked in a
minute; `tests/proof/test_proof.py` compares this with loading the whole book from its files.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tallybook.ledger import consistency, coverage, loading, printed
from tallybook.ledger.consistency import mentions
from tallybook.ledger.document import Document
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.records import FIELDS_OF_LEDGER, Source
from tests.proof.mutant import OfRecord


class Records:
    """A ledger that holds, of which one record at a time is another."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._declared = {
            record.id: (type(record), record._path)
            for record in ledger.records()
            if hasattr(record, "id")
        }

    def before(self, mutant: OfRecord) -> Any:
        """The record as it is."""
        return next(
            getattr(self.ledger, name)[mutant.record]
            for kind, name in FIELDS_OF_LEDGER.items()
            if kind.called == mutant.kind
        )

    def after(self, mutant: OfRecord) -> tuple[Ledger | None, list[str]]:
        """The ledger with the mutant in it, if its fields can be read, and what `inspect` says."""
        before = self.before(mutant)
        entry = mutant.entry(before)
        record, problems = loading.validated(entry, type(before), before._path)
        if record is None:
            return None, [problem.message for problem in problems]
        name = FIELDS_OF_LEDGER[type(before)]
        records = {**getattr(self.ledger, name), mutant.record: record}
        ledger = replace(self.ledger, **{name: records})
        found = [*consistency.of_record(ledger, record, self._declared)]
        found += consistency.stated_twice(ledger)
        return ledger, sorted({problem.message for problem in found})


class Documents:
    """The documents of a ledger, read once."""

    def __init__(self, ledger: Ledger, folder: Path) -> None:
        texts, problems = coverage.read(ledger, folder)
        self._texts: dict[str, Document] = texts
        self._known = {problem.message for problem in problems}
        self._known |= set(self.judged(ledger))

    def judged(self, ledger: Ledger) -> list[str]:
        """What the check against the documents says of a whole ledger."""
        accounts, problems = coverage.compare(ledger, self._texts)
        problems += coverage.outdated(ledger, accounts)
        for account in accounts.values():
            problems += account.left_over()
        return sorted({problem.message for problem in problems})

    def after(self, before: Any, ledger: Ledger) -> list[str]:
        """What it says of the ledger with another record in the place of `before`.

        The check sees of a record what it cites, where in the words the fields stand, and its
        members: where these are what they were, so is what it says.
        """
        record = getattr(ledger, FIELDS_OF_LEDGER[type(before)])[before.id]
        if _seen(record) == _seen(before):
            return []
        return [message for message in self.judged(ledger) if message not in self._known]


def _seen(record: Any) -> list[Any]:
    cited = [mention for _, mention in mentions(record)]
    if isinstance(record, Source):
        return [record.id, record.text_sha256, record.sections]
    spans = [printed.claims(record, mention) for mention in cited]
    return [cited, spans, getattr(record, "members", None)]
