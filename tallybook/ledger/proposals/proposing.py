"""Proposes a record for each numeral of a document that is neither claimed nor dismissed.

What is proposed is YAML to be looked over by the author; nothing is entered. Each record that is
proposed holds by the functions of the check, entered as it stands. Where none does, the place
stands as a comment, with the reason.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from tallybook import files
from tallybook.errors import (
    DocumentRefused,
    LedgerError,
    Problem,
    UnknownId,
    counted,
    refused,
)
from tallybook.ledger import consistency, coverage, loading, yaml
from tallybook.ledger.coverage import Account
from tallybook.ledger.document import Document
from tallybook.ledger.ledger import Ledger
from tallybook.ledger.printed import ends_in_decimal_zero, plain
from tallybook.ledger.proposals.dismissing import dismissals, reasons
from tallybook.ledger.proposals.measuring import measure_of
from tallybook.ledger.records import Measure, Source, Statistic
from tallybook.ledger.single import NoSingleFigure, single_figure
from tallybook.ledger.units import in_unit
from tallybook.reading.amount import Amount
from tallybook.reading.periods import UNSTATED

STATISTICS = "data/statistics/proposed.yml"
_OPENS = "# Proposed for "
_LONGEST_ID = 60
_CHANGED = "compared_with"
Fields = dict[str, str]


@dataclass
class Proposal:
    """One statistic that is proposed: its fields, and those of each citation, as YAML scalars.

    `dates` are those that stand beside it where its period is unstated, for the author to choose.
    """

    figure: Amount
    fields: Fields
    cited: list[Fields]
    dates: list[str] = field(default_factory=list)

    def as_yaml(self) -> str:
        """It as an entry of a file of statistics."""
        lines = _lines(self.fields)
        if self.dates:
            shown = ", ".join(f'"{date}"' for date in self.dates)
            at = [*self.fields].index("period")
            lines[at] += f"  # Not certain: its sentence has {shown}."
        lines.append("cited:")
        for citation in self.cited:
            entry = [f"{name}: {text}" for name, text in citation.items()]
            lines += _indented(entry, "  - ", "    ")
        return "\n".join(_indented(lines, "- ", "  ")) + "\n"


def _indented(lines: list[str], first: str, others: str) -> list[str]:
    return [f"{others if number else first}{line}" for number, line in enumerate(lines)]


@dataclass
class Proposals:
    """What is proposed for one source: measures, statistics, dismissals, and what nothing fits."""

    source: Source
    account: Account
    measures: dict[str, str] = field(default_factory=dict)
    statistics: list[Proposal] = field(default_factory=list)
    dismissals: list[Fields] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)

    def __str__(self) -> str:
        """The YAML to look over, as `entering.enter` takes it."""
        parts = [
            f"{_OPENS}{self.source.id}. Look over each record, mend it or delete it; then "
            "call\n# tallybook enter with this file. What is left out is proposed again."
        ]
        if self.statistics:
            parts.append(f"# The file of data/statistics/ for them:\nsubject: {self.source.id}")
        parts += part("measures", [*self.measures.values()])
        parts += part("statistics", [each.as_yaml() for each in self.statistics])
        parts += part("dismissed", [as_yaml(each) for each in self.dismissals])
        if self.left:
            parts.append("# For these no record holds as it stands; enter them by hand:")
            parts += ["".join(f"# {each}\n" for each in self.left)]
        return "\n".join(part.rstrip("\n") + "\n" for part in parts)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was left to propose anything for."""
        return not (self.statistics or self.dismissals or self.left)

    @property
    def summary(self) -> str:
        """How much is proposed, in a sentence."""
        found = [
            counted(len(self.statistics), "statistic"),
            counted(len(self.measures), "new measure"),
            counted(len(self.dismissals), "dismissal"),
        ]
        left = f"; {counted(len(self.left), 'figure')} to enter by hand" if self.left else ""
        return f"{', '.join(found)} proposed{left}."


def part(name: str, records: list[str]) -> list[str]:
    r"""A part of a proposal: its name, and its records as YAML.

    >>> part("measures", ["- id: bursts\\n"])
    ['measures:', '- id: bursts\\n']
    """
    return [f"{name}:", *records] if records else []


def as_yaml(fields: Fields) -> str:
    """A record without records in it as an entry of a file."""
    return "\n".join(_indented(_lines(fields), "- ", "  ")) + "\n"


def _lines(fields: Fields) -> list[str]:
    return [f"{name}: {text}" for name, text in fields.items()]


def propose(root: Path, folder: Path, wanted: str) -> Proposals:
    """What is proposed for the numerals of a source that are neither claimed nor dismissed.

    Raises UnknownId for an unknown source, DocumentRefused where its document is not at hand, and
    LedgerError where that is another one than the figures were read from.

    >>> book = Path("tests/books/kettles")
    >>> propose(book, book / "documents", "report").summary
    '0 statistics, 0 new measures, 0 dismissals proposed.'
    """
    ledger, _ = loading.inspect(root)
    source = ledger.sources.get(wanted)
    if source is None:
        raise UnknownId("source", wanted, ledger.sources)
    return of_source(ledger, source, folder)


def of_source(ledger: Ledger, source: Source, folder: Path) -> Proposals:
    """What is proposed for the open numerals of a source; measures are added to the ledger.

    >>> ledger, _ = loading.inspect(Path("tests/books/kettles"))
    >>> documents = Path("tests/books/kettles/documents")
    >>> of_source(ledger, ledger.source("report"), documents).is_empty
    True
    """
    if not (folder / f"{source.id}.txt").is_file():
        raise DocumentRefused(
            f"the document of {source.id!r} is not at hand: expected {folder / source.id}.txt; "
            "name its folder with --sources"
        )
    document, problems = coverage.document_of(source, folder, ledger.spelled)
    if document is None:
        raise LedgerError(problems)
    accounts, _ = coverage.compare(ledger, {source.id: document})
    proposals = Proposals(source, accounts[source.id])
    _Proposer(ledger, proposals).work()
    return proposals


def write(proposals: Proposals, path: Path) -> None:
    """Write what is proposed to a new file. Raises DocumentRefused where it is there, or cannot be.

    >>> write(Proposals(None, None), Path("data/README.md"))
    Traceback (most recent call last):
        ...
    tallybook.errors.DocumentRefused: data/README.md is there already: name another file
    """
    try:
        if os.path.lexists(path):  # it may have been edited for an hour
            raise DocumentRefused(f"{path} is there already: name another file")
        files.write(path, str(proposals))
    except OSError as error:
        raise DocumentRefused(refused(error)) from None


def _elsewhere(root: Path, source: str) -> Iterator[tuple[str, yaml.Mapping]]:
    """The records that lie beside the book's settings in proposals for other sources."""
    for path in sorted(root.glob("*.yml")):
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        if not text.startswith(_OPENS) or text.startswith(f"{_OPENS}{source}."):
            continue
        tree, _ = yaml.parse(text, path.name)
        for name in ("measures", "statistics"):
            several = tree.get(name) if isinstance(tree, yaml.Mapping) else None
            for each in several if isinstance(several, yaml.Sequence) else ():
                if isinstance(each, yaml.Mapping) and isinstance(each.get("id"), str):
                    yield name, each


class _Proposer:
    """Goes through the open figures of one document."""

    def __init__(self, ledger: Ledger, proposals: Proposals) -> None:
        self.ledger, self.proposals = ledger, proposals
        self.account = proposals.account
        self.document: Document = self.account.document
        self.passages = self.account.own_dates.passages
        self.declared: dict[str, tuple[type, str]] = {
            **dict.fromkeys(ledger.sources, (Source, "")),
            **dict.fromkeys(ledger.measures, (Measure, "")),
        }
        self.taken = {record.id for record in ledger.records() if hasattr(record, "id")}
        self.elsewhere: dict[str, tuple[str, str, str]] = {}
        for kept_in, each in _elsewhere(ledger.root, proposals.source.id):
            if kept_in == "statistics":
                self.taken.add(each["id"])
            else:
                label, kind, unit = (str(each.get(name)) for name in ("label", "kind", "unit"))
                self.elsewhere[each["id"]] = label, kind, unit
        self.proposed: dict[str, Proposal] = {}
        self.known = {_content(each): each.id for each in ledger.statistics.values()}

    def work(self) -> None:
        """Propose statistics first: a dismissal is of the numerals that none of them claims."""
        account = self.account
        counting_nothing = reasons(self.passages)
        open_ = {*range(account.total)} - account.claimed - account.dismissed
        for figure in self.document.figures:
            numbers = {n for span in figure.spans for n in self.document.overlapping(span)}
            if numbers & open_ and not numbers <= counting_nothing.keys():
                self._figure(figure)
        for fields, numbers in dismissals(account, counting_nothing):
            account.dismissed |= numbers
            self.proposals.dismissals.append(
                {name: scalar(name, text) for name, text in fields.items()}
            )

    def _figure(self, figure: Amount) -> None:
        reason = self._mistake(figure) or self._try(figure)
        if reason:
            mark = self.document.line_and_column(figure.text_start)
            place = Problem(f"{self.document.name}.txt", *mark, reason)
            self.proposals.left.append(place)

    def _mistake(self, figure: Amount) -> str:
        shown = f'"{self.document.text[figure.text_start : figure.text_end]}"'
        if figure.mistake:
            return f"{shown} {figure.mistake}"
        if self.document.section_at(figure.text_start) is None:
            return f"{shown} stands before the first section"
        row = self.passages.tables.row_at(figure.start)
        if row and self.passages.tables.is_head(row):
            return f"{shown} stands in the head of a table, and says in what its column is"
        return ""

    def _try(self, figure: Amount) -> str:
        """Propose the first record for a figure that holds; or why none does."""
        new_ones = self.proposals.measures
        chosen = measure_of(
            self.ledger, self.passages, figure, self.taken, new_ones, self.elsewhere
        )
        if chosen is None:
            return "no unit or noun is found for it"
        measure, new = chosen
        self.ledger.measures[measure.id] = measure
        self.declared[measure.id] = (Measure, "")
        reason = ""
        printed = self._period(figure, measure)
        for run, section, occurrence in self.passages.runs(figure):
            if not self._is_alone(run, figure, measure):
                continue
            for period in (printed, None) if printed else (None,):
                proposal = self._proposal(figure, measure, run, section, occurrence, period)
                record, found = self._checked(proposal)
                reason = reason or found
                if record is not None:
                    self._take(proposal, record, measure, new)
                    return ""
        if new:
            del self.ledger.measures[measure.id], self.declared[measure.id]
        return reason or "no run of eight words prints it alone"

    def _period(self, figure: Amount, measure: Measure) -> dict[str, str] | None:
        """The fields of a figure's period: in a table, of the date in its row or column."""
        if span := self.account.own_dates.of_cell(figure.start):
            section = self.document.section_at(span[0])
            opens = self.document.sections[section][0] if section else 0
            return self.passages.as_period(span, measure.kind, opens)
        return self.passages.period(figure, measure.kind)

    def _is_alone(self, run: str, figure: Amount, measure: Measure) -> bool:
        try:
            read = single_figure(run, measure.unit, self.ledger.spelled)
        except NoSingleFigure:
            return False
        return read.says == figure.says or read.says in [each.says for each in figure.others]

    def _proposal(
        self,
        figure: Amount,
        measure: Measure,
        run: str,
        section: str,
        occurrence: int,
        period: dict[str, str] | None,
    ) -> Proposal:
        read = in_unit(figure, measure.unit) or figure
        fields: Fields = {"measure": measure.id}
        fields |= {
            name: plain(value)
            for name in ("value", "low", "high")
            if (value := getattr(read, name)) is not None
        }
        if figure.level:
            fields["level"] = figure.level
        fields["bound"] = figure.bound
        if figure.high_bound:
            fields["high_bound"] = figure.high_bound
        fields |= _rounded(read, self.document.text[figure.start : figure.end])
        said = dict(period or {"period": UNSTATED})
        period_run = said.pop("period_as_printed", "")
        fields |= said
        fields |= {"scope": UNSTATED, "party": self.proposals.source.party}
        base = self.passages.base(figure, measure.kind)
        base_run = base.pop("base_as_printed", "")
        fields |= base
        cited = {"source": self.document.name, "section": section, "as_printed": run}
        if occurrence:
            cited["occurrence"] = str(occurrence)
        if page := self.document.page_at(figure.text_start):
            cited["page"] = str(page)
        if period_run:
            cited["period_as_printed"] = period_run
        if base_run:
            cited["base_as_printed"] = base_run
        fields = {"id": self._id(measure, said["period"]), **fields}
        return Proposal(
            figure,
            {name: scalar(name, text) for name, text in fields.items()},
            [{name: scalar(name, text) for name, text in cited.items()}],
            self.passages.dates_beside(figure) if said["period"] == UNSTATED else [],
        )

    def _id(self, measure: Measure, period: str) -> str:
        year = re.search(r"\d{4}(?!.*\d{4})", period)
        stem = f"{measure.id[:_LONGEST_ID]}-{year[0] if year else 'undated'}"
        number, made = 1, stem
        while made in self.taken:
            number += 1
            made = f"{stem}-{number}"
        return made

    def _checked(self, proposal: Proposal) -> tuple[Statistic | None, str]:
        """The record of a proposal that holds, its numerals claimed; or what is wrong with it."""
        tree, problems = yaml.parse(proposal.as_yaml(), STATISTICS)
        if problems:
            return None, problems[0].message
        record, problems = loading.validated(tree[0], Statistic, STATISTICS)
        if not isinstance(record, Statistic):
            return None, problems[0].message
        account = replace(
            self.account, claimed=set(self.account.claimed), dismissed=set(self.account.dismissed)
        )
        found = [
            *consistency.of_record(self.ledger, record, self.declared),
            *coverage.of_record(self.ledger, {self.document.name: account}, record),
        ]
        if not found and account.claimed == self.account.claimed:
            return None, "its numerals are not claimed by such a record"
        if found:
            return None, found[0].message
        self.account.claimed |= account.claimed
        return record, ""

    def _take(self, proposal: Proposal, record: Statistic, measure: Measure, new: str) -> None:
        """Enter what holds among the proposals; the same figure again is one more citation."""
        content = _content(record)
        if same := self.proposed.get(content):
            same.cited += proposal.cited
        elif content in self.known:
            mark = self.document.line_and_column(proposal.figure.text_start)
            advice = f"says the same as {self.known[content]!r}: add there the citation"
            entry = ", ".join(_lines(proposal.cited[0]))
            self.proposals.left.append(
                Problem(f"{self.document.name}.txt", *mark, f"{advice} {{{entry}}}")
            )
        else:
            self.taken |= {record.id, measure.id}
            self.proposals.statistics.append(proposal)
            self.proposed[content] = proposal
            if new:
                self.proposals.measures[measure.id] = new


def _content(statistic: Statistic) -> str:
    not_compared = {"id", "cited", "note", "members"}
    return repr([value for name, value in statistic if name not in not_compared])


def _rounded(figure: Amount, printed: str) -> Fields:
    """What a round figure without a hedge is rounded to: the widest that its digits allow."""
    if figure.bound != "exact" or figure.low is not None or not figure.ends_in_zero:
        return {}
    unit = figure.digit
    if ends_in_decimal_zero(printed):
        because = "Its last digit is printed behind the point."
        return {"rounded_to": plain(unit), "rounded_because": because}
    while figure.value and figure.value % (unit * 10) == 0:
        unit *= 10
    return {
        "rounded_to": plain(unit),
        "rounded_because": "The document does not say; it is the widest that its digits allow.",
    }


_NUMBERS = ("value", "low", "high", "level", "rounded_to", "occurrence", "page", "times")


def scalar(name: str, text: str) -> str:
    """A field's text as it is written in YAML.

    >>> scalar("value", "1606"), scalar("period", "2017")
    ('1606', '"2017"')
    """
    return text if name in _NUMBERS else yaml.scalar(text)
