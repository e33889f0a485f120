"""Goes through what is proposed for a source, one after the other, at the terminal.

Each record that is accepted or dismissed is in the book's files before the next one is shown, so
that nothing is lost whenever one stops; what is entered is not proposed again.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from tallybook.errors import LedgerError, Problem, counted
from tallybook.ledger import coverage, loading, yaml
from tallybook.ledger.fields import id_mistake
from tallybook.ledger.proposals import dismissing, entering, proposing
from tallybook.ledger.proposals.proposing import Proposal, Proposals
from tallybook.ledger.records import DismissalReason

ACCEPT, EDIT, DISMISS, SKIP, STOP, ALL = "accept", "edit", "dismiss", "skip", "stop", "all"
_KEYS = {ACCEPT: "a", EDIT: "e", DISMISS: "d", SKIP: "s", STOP: "t", ALL: "l"}
_SHOWN_AS = "proposal"


class _Stopped(Exception):
    """The author stops."""


def interact(root: Path, folder: Path, source: str) -> None:
    """Show each proposal for a source and do with it what is answered, until all are shown."""
    proposals = proposing.propose(root, folder, source)
    if proposals.is_empty:
        click.echo(f"Each numeral of {source!r} is claimed or dismissed; nothing is proposed.")
        return
    session = _Session(root, folder, proposals)
    how = f"To go on, call tallybook propose {source} --interactive again."
    try:
        session.work()
    except _Stopped:
        click.echo(f"{session.summary} {how}")
    except (click.Abort, KeyboardInterrupt):
        click.echo(f"\nInterrupted. {session.summary} {how}", err=True)
        raise SystemExit(130) from None
    else:
        click.echo(session.summary)


class _Session:
    """One session: what is proposed, and what was entered of it."""

    def __init__(self, root: Path, folder: Path, proposals: Proposals) -> None:
        self.root, self.folder, self.proposals = root, folder, proposals
        self.source = proposals.source.id
        self.subject = ""
        self.entered = self.dismissed = self.skipped = 0

    @property
    def summary(self) -> str:
        """What became of the proposals, in a sentence."""
        return (
            f"{counted(self.entered, 'statistic')} and {counted(self.dismissed, 'dismissal')} "
            f"entered, {self.skipped} skipped."
        )

    def work(self) -> None:
        """Go through the statistics, and then through the dismissals that are left."""
        several = self.proposals.statistics
        for number, each in enumerate(several, start=1):
            self._show(each, f"{number} of {len(several)}")
            self._ask_of(each)
        # A dismissal is of the numerals that no record claims, so these are counted anew.
        proposals = proposing.propose(self.root, self.folder, self.source)
        self._dismissals(proposals.dismissals)
        if proposals.left:
            click.echo("\nFor these no record holds as it stands; enter them by hand:")
            for problem in proposals.left:
                click.echo(f"  {problem}")

    def _show(self, proposal: Proposal, count: str) -> None:
        document, figure = self.proposals.account.document, proposal.figure
        start, end = document.sentence(figure.text_start)
        marked = click.style(f"[{document.text[figure.text_start : figure.text_end]}]", bold=True)
        fields, cited = _plain(proposal.fields), _plain(proposal.cited[0])
        page = f", page {cited['page']}" if "page" in cited else ""
        click.echo(f"\n{count} · {cited['section']}{page}")
        click.echo(
            f"  {document.text[start : figure.text_start].lstrip()}{marked}"
            f"{document.text[figure.text_end : end].rstrip()}"
        )
        short = _in_short(fields, cited, self.proposals)
        if proposal.dates:
            short["period"] += f" (its sentence has {', '.join(proposal.dates)})"
        for name, text in short.items():
            click.echo(f"    {name:9} {text}")
        if len(proposal.cited) > 1:
            click.echo(f"    {'cited':9} at {len(proposal.cited)} places")

    def _ask_of(self, proposal: Proposal) -> None:
        """Ask what to do with a statistic until it is done."""
        text = ""
        while True:
            answer = _asked(ACCEPT, EDIT, DISMISS, SKIP, STOP)
            if answer == SKIP:
                self.skipped += 1
                return
            if answer == DISMISS:
                if self._dismiss(proposal):
                    return
                continue
            text = text or self._as_text(proposal)
            if answer == EDIT:
                text = click.edit(text, extension=".yml") or text
            if self._enter(text):
                self.entered += 1
                return
            click.echo("Nothing is entered: edit it, dismiss it or skip it.")

    def _as_text(self, proposal: Proposal) -> str:
        """The proposal of one statistic, with its measure unless that is in the book already."""
        ledger, _ = loading.inspect(self.root)
        name = _plain(proposal.fields)["measure"]
        new = self.proposals.measures
        measure = [new[name]] if name in new and name not in ledger.measures else []
        parts = [f"subject: {self._subject()}", *proposing.part("measures", measure)]
        return "\n".join([*parts, *proposing.part("statistics", [proposal.as_yaml()])])

    def _subject(self) -> str:
        """The name of the file of statistics, which is asked for once."""
        while not self.subject:
            asked = "  Their file in data/statistics/, without .yml"
            name = str(click.prompt(asked, default=self.source))
            mistake = id_mistake(name)
            self.subject = "" if mistake else name
            if mistake:
                click.echo(f"  {mistake}", err=True)
        return self.subject

    def _enter(self, text: str) -> bool:
        """Enter a proposal; else say what is wrong with it."""
        try:
            entered = entering.enter(self.root, self.folder, text, _SHOWN_AS)
        except LedgerError as error:
            tell(error.problems)
            return False
        click.echo(f"  {entered}")
        return True

    def _dismiss(self, proposal: Proposal) -> bool:
        """Dismiss a figure's numerals for a reason that is asked for."""
        choices = get_args(DismissalReason)
        for number, choice in enumerate(choices, start=1):
            click.echo(f"    {number} {choice}")
        number = click.prompt("  Why (0: not at all)", type=click.IntRange(0, len(choices)))
        if not number:
            return False
        ledger, _ = loading.inspect(self.root)
        document = self.proposals.account.document
        account = coverage.compare(ledger, {self.source: document})[0][self.source]
        wanted = {n for span in proposal.figure.spans for n in document.overlapping(span)}
        found = dismissing.dismissals(account, dict.fromkeys(wanted, choices[number - 1]))
        if not found:
            click.echo("No run of eight words prints it alone: dismiss it by hand, or skip it.")
            return False
        done = self._enter(_of_dismissals([fields for fields, _ in found]))
        self.dismissed += len(found) * done
        return done

    def _dismissals(self, several: list[dict[str, str]]) -> None:
        """Ask of each dismissal until it is entered or skipped, or all that are left are taken."""
        every = False
        for number, each in enumerate(several, start=1):
            fields = _plain(each)
            if not every:
                click.echo(f"\nDismissal {number} of {len(several)} · {fields['section']}")
                click.echo(f"    {fields['run']} ({fields['times']}): {fields['reason']}")
            every = self._ask_of_dismissal(_of_dismissals([fields]), every=every)

    def _ask_of_dismissal(self, text: str, *, every: bool) -> bool:
        """Whether all that follow are taken too. One that does not hold is left for later then."""
        while True:
            answer = ALL if every else _asked(ACCEPT, ALL, EDIT, SKIP, STOP)
            if answer == EDIT:
                text = click.edit(text, extension=".yml") or text
            if answer != SKIP and self._enter(text):
                self.dismissed += 1
                return answer == ALL
            if answer in (SKIP, ALL):
                self.skipped += 1
                return answer == ALL


def _plain(fields: proposing.Fields) -> dict[str, str]:
    """The fields of a proposal as texts, without the quotes of YAML."""
    tree, _ = yaml.parse(proposing.as_yaml(fields), "")
    return {name: str(text) for name, text in tree[0].items()}


def _in_short(
    fields: dict[str, str], cited: dict[str, str], proposals: Proposals
) -> dict[str, str]:
    """What is proposed, in a line for each thing that an author looks at."""
    measure = fields["measure"]
    if new := proposals.measures.get(measure):
        of = yaml.parse(new, "")[0][0]
        measure = f"{of['label']} (new: {of['kind']}, in {of['unit']})"
    ends = " to ".join(fields[name] for name in ("low", "high") if name in fields)
    value = " ".join(fields[name] for name in ("bound", "value") if name in fields)
    value = f"{value}, {ends}" if "value" in fields and ends else f"{value} {ends}".rstrip()
    printed = cited.get("period_as_printed")
    period = f'{fields["period"]}, of "{printed}"' if printed else fields["period"]
    base = fields.get("of") or fields.get("compared_with")
    return {
        "measure": measure,
        "value": value,
        "period": period,
        **({"base": base} if base else {}),
        "run": cited["as_printed"],
    }


def enter(root: Path, folder: Path | None, path: Path) -> None:
    """Enter all of an edited proposal, or say what is wrong with it and end the command."""
    try:
        click.echo(str(entering.enter(root, folder, entering.read(path), str(path))))
    except LedgerError as error:
        tell(error.problems)
        click.echo(f"{counted(len(error.problems), 'problem')}; nothing is entered.", err=True)
        raise SystemExit(1) from None


def _of_dismissals(several: list[dict[str, str]]) -> str:
    quoted = [
        {name: proposing.scalar(name, text) for name, text in each.items()} for each in several
    ]
    return "\n".join(proposing.part("dismissed", [proposing.as_yaml(each) for each in quoted]))


def tell(problems: list[Problem]) -> None:
    """Say what is wrong, a line for each."""
    for problem in problems:
        click.echo(str(problem), err=True)


def _asked(*answers: str) -> str:
    """Which of some answers is given, by its letter or its beginning. Raises _Stopped."""
    shown = " · ".join(f"{answer} ({_KEYS[answer]})" for answer in answers)
    while True:
        said = click.prompt(f"  {shown}", prompt_suffix=" ? ").strip().lower()
        for answer in answers:
            if said in (_KEYS[answer], answer):
                if answer == STOP:
                    raise _Stopped
                return answer
        click.echo(f"  {said!r} is none of these.")
