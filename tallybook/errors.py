"""The errors that a person can put right: each names the place, and says what to do.

TallybookError
├── LedgerError            the data, or the documents beside them: every problem, with its place
│   └── BadSettings        _config.yml or _toc.yml likewise
├── UnknownId              an id that the ledger or the book does not have
├── BadQuestion            a question about a time that is none
├── BadReference           a text that does not say what of the ledger it is
├── BookNotFound           no folder with _config.yml and _toc.yml here or above
├── BookRefused            a new book cannot be made in a folder
├── DocumentRefused        a document cannot be taken into a book
├── NotebookFailed         a cell raised, or its kernel died
├── SiteRefused            a site that is built, and may not be published
├── StaleNotebook          stored outputs are older than the code or the data
├── NoCluster              no scheduler or no worker to execute notebooks
├── PortTaken              no place to serve the book at
├── NotPrinted             no PDF: no Chromium, no site, or a stale one
├── NoRevision             a version of the book that git does not give
└── BadOutput              a page publishes or shows what it may not

Arithmetic has errors of its own, in `quantity`, under QuantityError.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable
from dataclasses import dataclass

_WHAT_TO_DO = {
    errno.ENOSPC: ". Make room on the disk, and try again",
    errno.EDQUOT: ". Make room in your quota, and try again",
    errno.EROFS: ". Copy the book to where it may be written, and build it there",
    errno.EACCES: ". See to it that you may read and write there, and try again",
    errno.EPERM: ". See to it that you may read and write there, and try again",
    errno.EBUSY: ". Nothing may be mounted at this folder: mount the one in which it lies",
}
MOST_CHOICES = 2000  # names that a hint is looked for among; it costs time for each


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong, at a line and column counted from 1.

    Column 0 is the line as a whole, line 0 the file as a whole.

    >>> print(Problem("data/events.yml", 3, 5, "no source 'report'"))
    data/events.yml:3:5: no source 'report'
    """

    path: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        place = [self.path, *(str(number) for number in (self.line, self.column) if number)]
        return f"{':'.join(place)}: {self.message}"


class TallybookError(Exception):
    """Something that a person has to put right."""


class LedgerError(TallybookError):
    """The data, or the documents beside them, are wrong. `problems` has every problem, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        # Both records that a mistake is between may report it.
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class BadSettings(LedgerError):
    """`_config.yml` or `_toc.yml` is wrong, and not the ledger; `problems` has every problem."""


class UnknownId(TallybookError, KeyError):
    """An id that is not there, with what it is called `now`, or the nearest that is."""

    def __init__(self, kind: str, wanted: object, known: Iterable[str], *, now: str = "") -> None:
        hint = f" It is {now!r} now." if now else nearest(str(wanted), known)
        super().__init__(f"no {kind} {wanted!r}.{hint}")

    def __str__(self) -> str:
        # KeyError would show the message as a key: in quotes, with its own quotes escaped.
        return str(self.args[0])


class BadQuestion(TallybookError):
    """The period in a question is no date or interval of dates."""


class BadReference(TallybookError):
    """A text that does not say what of the ledger it is, such as "run:x"."""


class BookNotFound(TallybookError):
    """There is no book in a folder, or in any above it."""


class BookRefused(TallybookError):
    """A new book cannot be made: its folder is in use, or may not be written."""


class DocumentRefused(TallybookError):
    """A document cannot be read, or cannot be taken into the book."""


class NotebookFailed(TallybookError):
    """A notebook could not be executed to its end."""


class StaleNotebook(TallybookError):
    """A notebook's stored outputs are older than its code or the data."""


class SiteRefused(TallybookError):
    """A site was built and has faults, so it is not published."""


class NoCluster(TallybookError):
    """No scheduler or no worker answers, to execute notebooks."""


class PortTaken(TallybookError):
    """The port at which the book is to be served is in use, or not allowed."""


class NotPrinted(TallybookError):
    """A PDF cannot be made of the site: there is no Chromium, no site, or a stale one."""


class NoRevision(TallybookError):
    """A version of a book that git does not give: no such revision, no repository, no git."""


class BadOutput(TallybookError):
    """A page publishes or shows what it may not."""


def nearest(wanted: str, known: Iterable[str]) -> str:
    """A hint, starting with a space, at the known name that is most like the wanted one; or "".

    >>> nearest("recals", ["recalls", "stores"])
    " Did you mean 'recalls'?"
    """
    choices = list(known)
    if len(choices) > MOST_CHOICES:
        return ""
    # Comparing takes time for each character of both, and an id from outside may be of any length.
    close = difflib.get_close_matches(wanted[:100], choices, n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""


def counted(number: int, noun: str) -> str:
    """A number of things in words.

    >>> counted(1, "problem"), counted(2, "problem")
    ('1 problem', '2 problems')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def refused(error: OSError) -> str:
    """What the system refused, where, and what to do, in a line.

    >>> refused(OSError(errno.ENOSPC, "No space left on device", "data/audit.yml"))
    'data/audit.yml: No space left on device. Make room on the disk, and try again'
    """
    place = f"{error.filename}: " if error.filename else ""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{place}{reason}{_WHAT_TO_DO.get(error.errno or 0, '')}"
