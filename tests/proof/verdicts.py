"""What became of each mutant: by which check it was caught, or why it may survive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from tests.proof.mutant import Mutant

CHECKS = ("record", "documents", "nbval", "audit", "outputs")
EXPLANATIONS = Path(__file__).with_name("survivors.yml")
BY_THE_RECORD = {"value", "bound"}
BY_PRINTED_WORDS = {
    "period", "compared_with", "condition", "condition.value", "condition.bound", "condition.unit",
}  # fmt: skip


@dataclass
class Verdict:
    """What each check that was asked said of a mutant; nothing, if it found nothing.

    `apart` is what nbval finds only where a notebook lists the ledger as it is, which does not
    count. An `equivalent` mutant shows what was shown, and names what was named.
    """

    mutant: Mutant
    said: dict[str, str] = field(default_factory=dict)
    apart: str = ""
    equivalent: bool = False
    has: frozenset[str] = frozenset()  # the fields of its record that are filled in

    @property
    def first(self) -> str:
        """The first check, in their order, that has found it."""
        return next((check for check in CHECKS if self.said.get(check)), "")

    @property
    def survived(self) -> bool:
        """Whether no check has found it, though something else is said than before."""
        return not self.first and not self.equivalent


@dataclass(frozen=True)
class Explanation:
    """Why some mutants may survive: of a kind, record and field, which may be patterns.

    `only_with` names a field that the record must have filled in, `only_without` one that it must
    not have.
    """

    kind: str
    record: str
    field: str
    because: str
    now: str = "*"
    only_with: str = ""
    only_without: str = ""

    def explains(self, verdict: Verdict) -> bool:
        """Whether it is the reason why this one survived."""
        mutant = verdict.mutant
        pairs = ((mutant.kind, self.kind), (mutant.record, self.record), (mutant.now, self.now))
        return (
            mutant.field == self.field
            and all(fnmatch(text, pattern) for text, pattern in pairs)
            and (not self.only_with or self.only_with in verdict.has)
            and self.only_without not in verdict.has
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.record}: {self.field}: {self.because}"


def explanations(path: Path = EXPLANATIONS) -> list[Explanation]:
    """Why mutants may survive, as it is written down."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Explanation(**entry) for entry in entries]


def wrong(
    verdicts: Iterable[Verdict], reasons: Iterable[Explanation], *, every: bool
) -> Iterator[str]:
    """Each verdict that is not as it should be, and with `every` mutant judged each idle reason."""
    unused = dict.fromkeys(reasons)
    known = list(unused)
    for verdict in verdicts:
        complaint = _complaint(verdict)
        if verdict.mutant.field in BY_THE_RECORD and complaint:
            yield complaint
        elif complaint:
            found = [reason for reason in known if reason.explains(verdict)]
            for reason in found:
                unused.pop(reason, None)
            if not found:
                yield f"{complaint}, and nothing says why"
    if every:
        for reason in unused:
            yield f"{reason}: explains no survivor; take it out"


def _complaint(verdict: Verdict) -> str:
    """What a mutant should have been caught by, if it was not."""
    mutant = verdict.mutant
    if mutant.field in BY_THE_RECORD and not verdict.said.get("record"):
        return f"{mutant}: not caught by the record alone"
    if verdict.survived:
        return f"{mutant}: survived"
    by_words = mutant.kind == "statistic" and mutant.field in BY_PRINTED_WORDS
    if by_words and verdict.first not in ("record", "documents"):
        return f"{mutant}: not caught by its printed words"
    return ""
