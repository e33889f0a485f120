"""Which numerals of a document count nothing, why, and the dismissals that say so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set

from tallybook.ledger.coverage import Account
from tallybook.ledger.document import Document
from tallybook.ledger.fields import LONGEST_RUN
from tallybook.ledger.passages import Passages
from tallybook.ledger.proposals.numbered import is_of_name
from tallybook.reading import english as words
from tallybook.reading import hedges, statements
from tallybook.reading.numeral import Numeral, any_of

DATE = "date that belongs to no figure"
NUMBER = "page or list number"
NAME = "part of a name or address"
DEFINITION = "part of a definition"
PRONOUN = "pronoun or ordinal that counts nothing"
_WINDOW = 40
_NUMBERED = re.compile(
    r"(?<!\w)(?:pages?|pp?\.|tables?|figures?|fig\.|charts?|box|boxes|chapters?|ch\.|sections?|notes?"
    r"|footnotes?|endnotes?|step|question|appendix|annex|item|paragraphs?|para\.|vol\.|volume|issue"
    r"|No\.|Nos\.|number|part)\s*$",
    re.I,
)
_LINE_START = re.compile(r"(?:^|[\n\f|])[\s#>*•-]*\(?$")
_LIST_AFTER = re.compile(r"\)|[.](?:\d+[.]?)*(?=\s)")
_HEADING_AFTER = re.compile(r"(?:\.\d+)*\.?\s+[A-Z]")
_MONTH_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s+(?:of\s+)?{any_of(words.MONTHS)}(?!\w)")
_EACH_AFTER = re.compile(r"\s+(?:an?|per|each|every)\s", re.I)  # "once a year" is a rate
_ADDRESS = re.compile(r"://|www\.|@\w|\.(?:com|org|net|gov|html?|pdf)(?!\w)|doi\.", re.I)
# Where thousands are printed so, four digits without are a year.
_GROUPS = re.compile(r"(?<!\d)[1-9]\d{0,2}[, \u2009\u202f\xa0]\d{3}(?!\d)")
_PLURAL = re.compile(
    r"\s+(?!(?:was|is|has|does|as|its|this|less|unless|across|plus|towards|always|perhaps|minus)(?!\w))"
    r"[a-z]+s(?!\w)"
)
_LEADS_A_DATE = re.compile(
    r"(?<!\w)(?:in|since|by|until|till|during|before|after|early|late|mid|year|fiscal)[\s-]+$", re.I
)
_NO_NAME = re.compile(r"(?:US|RMB|[A-Z]{3}|mid|pre|post|late|early)-?$")
_CONTENTS = re.compile(r"[^|]*[^\W\d_][^|]*?(?:\t|\s{2,}|[ .…]{3,})(\d{1,3})\s*")
_SHORTEST_CONTENTS = 4  # lines
_CONTENTS_HEAD = re.compile(r"[#\s*]*(?:table\s+of\s+)?contents\s*(?:page)?[:*\s]*", re.I)
_CONTENTS_BELOW = re.compile(r"[\s|*-]*[^|]*[^\W\d_][^|]*?[\s|.…]+(\d{1,3})[\s|]*")
_TELEPHONE = re.compile(
    r"\+\d{1,3}[\s(./-]+\d[\d\s()./-]{5,}\d"
    r"|(?<![\w.,])\(?0\d{2,4}\)?[\s./-]+\d{3,4}(?:[\s./-]?\d{3,4})?(?!\w|,\d)"
    r"|(?<![\w.,])(?:1[\s.-])?(?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}(?!\w|,\d)"
)
_AGE = rf"(?:\d{{1,3}}|{any_of([*words.DIGITS, *words.TEENS, *words.TENS])})"
_AGE_IN = rf"{_AGE}(?:[\s-]+(?:years?|months?|weeks?))?"
_AGES = rf"{_AGE_IN}(?:(?:,\s*|\s?[-–]\s?|,?\s+(?:and|or|to)\s+){_AGE_IN})*(?![\w%.]\S)"
_OF_TIME = r"(?<=years)|(?<=months)|(?<=weeks)|(?<=year)|(?<=month)|(?<=week)"
# An age that says who is meant; what "was aged 5" tells is a figure.
_GROUP_BY_AGE = re.compile(
    rf"(?<!\w)(?:{_AGES}(?:{_OF_TIME})[\s-]+(?:of\s+age|olds?)(?!\w)"
    rf"|(?<!was )(?<!were )(?<!is )(?<!average )(?<!mean )(?<!median )"
    rf"(?:aged|ages|(?:at|by|from|until|of)\s+age|the\s+age\s+of)\s+"
    rf"(?:(?:between|from|over|under|about)\s+)?{_AGES}"
    rf"|(?:{words.PEOPLE})\s+(?:over|under|above|below)\s+(?:the\s+age\s+of\s+)?{_AGES}"
    rf"|(?:over|under)[\s-]\d{{1,2}}s(?!\w)"
    r"|(?:measured|assessed|evaluated|reported|recorded|collected|examined|tested|surveyed|given"
    r"|vaccinated|immuni[sz]ed|coverage|uptake|rates?|children|infants|babies|boosters?|doses?"
    rf"|survival|status)\s+at\s+{_AGES}(?:{_OF_TIME})(?!\w))",
    re.I,
)
_LENGTH_OF_DATES = re.compile(
    r"[\s-]+(?:calendar\s+|fiscal\s+)?(?:months?|years?|weeks?|days?|quarters?)[\s-]+"
    r"(?:ended|ending|end|to|through|until)\s",
    re.I,
)


def reasons(passages: Passages) -> dict[int, str]:
    """Why numerals count nothing, by their numbers in the document.

    >>> document = Document("report", "1) In 2016, the first of 40 plants opened.", {})
    >>> sorted(reasons(Passages(document)).items())
    [(0, 'page or list number'), (1, 'date that belongs to no figure'), \
(2, 'pronoun or ordinal that counts nothing')]
    """
    document = passages.document
    stating = {each.start for each in statements.stating(document.text)}
    in_dates = set()
    for span in passages.dates:
        in_dates.update(document.overlapping(span))
    has_groups = bool(_GROUPS.search(document.text))
    telephones = [each.span() for each in _TELEPHONE.finditer(document.text)]
    contents = _contents(document.original)
    ages = [each.span() for each in _GROUP_BY_AGE.finditer(document.text)]
    found = {}
    for number, numeral in enumerate(document.numerals):
        reason = _reason(document, numeral)
        if contents and document.line_and_column(numeral.start)[0] in contents:
            reason = NUMBER
        if any(start <= numeral.start < end for start, end in telephones):
            reason = NAME
        if (
            not reason
            and number in in_dates
            and (has_groups or _is_date(document, numeral, stating))
        ):
            reason = DATE
        is_time = numeral.unit in {"", *hedges.TIMES} and numeral.scale == 1
        is_age = is_time and any(a <= numeral.start and numeral.end <= b for a, b in ages)
        if is_age or _is_in_unit_of_head(passages, numeral):
            reason = DEFINITION
        is_once = document.text[numeral.start : numeral.end].lower() == "once"
        if not reason and is_once and not _EACH_AFTER.match(document.text, numeral.end):
            reason = PRONOUN
        if not reason and numeral.start not in stating:
            reason = DATE if numeral.is_year else PRONOUN
        if reason:
            found[number] = reason
    return found


def _is_in_unit_of_head(passages: Passages, numeral: Numeral) -> bool:
    """Whether a numeral says in what a column is: "per 1,000", "£ million", "thousands"."""
    row = passages.tables.row_at(numeral.start)
    if row is None or not passages.tables.is_head(row):
        return False
    text = passages.document.text
    is_of_rate = re.search(r"(?<!\w)per\s$", text[max(0, numeral.start - 5) : numeral.start], re.I)
    return bool(is_of_rate) or text[numeral.start : numeral.end].isalpha()


def _contents(text: str) -> set[int]:
    """The lines of a table of contents, each of which ends with a page that is no smaller."""
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    found = _below_contents(lines)
    run: list[tuple[int, int]] = []
    for number, line in [*lines, (0, "")]:
        ends = _CONTENTS.fullmatch(line)
        if ends and (not run or int(ends[1]) >= run[-1][1]):
            run.append((number, int(ends[1])))
            continue
        found |= {at for at, _ in run} if len(run) >= _SHORTEST_CONTENTS else set()
        run = [(number, int(ends[1]))] if ends else []
    return found


def _below_contents(lines: list[tuple[int, str]]) -> set[int]:
    """The lines below the word "Contents" that end with pages, each no smaller than the last."""
    found: set[int] = set()
    is_below, page = False, 0
    for number, line in lines:
        ends = _CONTENTS_BELOW.fullmatch(line)
        if _CONTENTS_HEAD.fullmatch(line):
            is_below, page = True, 0
        elif is_below and ends and int(ends[1]) >= page:
            page = int(ends[1])
            found.add(number)
        else:
            is_below = False
    return found


def _is_date(document: Document, numeral: Numeral, stating: set[int]) -> bool:
    # "2016 stores" looks like a year, and counts.
    if not numeral.is_year or _LEADS_A_DATE.search(document.text[: numeral.start][-20:]):
        return True
    return not (numeral.start in stating and _counts(document, numeral))


def _counts(document: Document, numeral: Numeral) -> bool:
    return bool(_PLURAL.match(document.text, numeral.end))


def _reason(document: Document, numeral: Numeral) -> str:
    text = document.with_gaps
    before = text[max(0, numeral.start - _WINDOW) : numeral.start]
    after = text[numeral.end : numeral.end + _WINDOW]
    if before.endswith("[^") or (before.endswith("[") and after.startswith("]")):
        return NUMBER
    if _NUMBERED.search(before) and numeral.bound == "exact":
        return NUMBER
    digits = text[numeral.start : numeral.end].isdigit()
    if digits and _MONTH_AFTER.match(after):
        return ""  # "### 13 September 2018"
    if digits and (_LINE_START.search(before) or before[-1:] == "") and _LIST_AFTER.match(after):
        return NUMBER
    if digits and re.search(r"(?:^|\s)$", before) and after.startswith(")") and "(" not in before:
        return NUMBER
    if digits and re.search(r"[\n\f]\s*#+ $", before) and _HEADING_AFTER.match(after):
        return NUMBER
    if _is_glued(before, after, text[numeral.start : numeral.end]):
        return NAME
    if _LENGTH_OF_DATES.match(after):
        return DATE
    if digits and is_of_name(numeral, before, after):
        return NAME
    return ""


def _is_glued(before: str, after: str, printed: str) -> bool:
    """Whether a numeral is a part of a word or an address, such as "C2C"."""
    word = f"{before.rsplit(maxsplit=1)[-1] if before[-1:].strip() else ''}{printed}"
    word += after.split(maxsplit=1)[0] if after[:1].strip() else ""
    if _ADDRESS.search(word):
        return True
    is_in_word = re.search(r"[^\W\d_]-?\Z|(?:^|\s)[’']\Z|\w/\Z", before) and printed[:1].isdigit()
    return bool(is_in_word and not _NO_NAME.search(before))


def dismissals(
    account: Account, counting_nothing: Mapping[int, str]
) -> list[tuple[dict[str, str], set[int]]]:
    """The fields of a dismissal for each open numeral that counts nothing, and which it dismisses.

    They are counted in the order in which the check takes them: of sections, and then of runs.

    >>> account = Account(Document("report", "See page 12 and note 3.", {"Text": (0, 23)}))
    >>> found = dismissals(account, reasons(Passages(account.document)))
    >>> [(fields["run"], numbers) for fields, numbers in found]
    [('note 3.', {1}), ('page 12', {0})]
    """
    runs = _runs(account, counting_nothing)
    places = {name: number for number, name in enumerate(account.document.sections)}
    found, dismissed = [], set(account.dismissed)
    for section, run in sorted(runs, key=lambda each: (places[each[0]], each[1])):
        times, numbers = _dismissed(account, dismissed, run, section)
        if times:
            dismissed |= numbers
            fields = {"source": account.document.name, "section": section, "run": run}
            fields |= {"times": str(times), "reason": runs[section, run]}
            found.append((fields, numbers))
    return found


def _runs(account: Account, counting_nothing: Mapping[int, str]) -> dict[tuple[str, str], str]:
    """Runs for all open numerals that count nothing, by section and words, with the reason."""
    document, found = account.document, {}
    passages = Passages(document)
    alike: dict[str, set[int]] = {}
    for number, reason in counting_nothing.items():
        alike.setdefault(reason, set()).add(number)
    done = account.claimed | account.dismissed | document.in_names
    for number, reason in sorted(counting_nothing.items()):
        section = document.section_at(document.numerals[number].start)
        if number in done or section is None:
            continue
        # Where two stand in one word, "2022.[^1]", the reason of the first is that of both.
        for allowed in (alike[reason], counting_nothing.keys()):
            is_name = reason == NAME
            if run := _run(account, passages, number, section, allowed, is_name=is_name):
                found[section, run] = reason
                done |= _dismissed(account, account.dismissed, run, section)[1]
                break
    return found


def _run(
    account: Account,
    passages: Passages,
    number: int,
    section: str,
    allowed: Set[int],
    *,
    is_name: bool = False,
) -> str:
    """The shortest run of some words that dismisses a numeral, and none that is not allowed."""
    document = account.document
    numeral = document.numerals[number]
    first, last = passages.token_at(numeral.start), passages.token_at(numeral.end - 1)
    opens = (
        passages.document.block(numeral.start)[0]
        >= passages.tokens[max(first - (not is_name), 0)][0]
    )
    for more in range(LONGEST_RUN):
        # The number of a list is told by what follows, that of a page by what stands before.
        lefts = range(min(more, first) + 1)
        for left in lefts if opens else reversed(lefts):
            right = min(last + more - left, len(passages.tokens) - 1)
            if right - first + left >= LONGEST_RUN or (more == 0 and right - first < 1):
                continue
            start, end = passages.tokens[first - left][0], passages.tokens[right][1]
            run = document.text[start:end].strip(",;\"'")
            if not hedges.read(run) or "\\" in run:
                continue
            _, numbers = _dismissed(account, account.dismissed, run, section)
            if number in numbers and numbers <= allowed:
                return run
    return ""


def _dismissed(
    account: Account, dismissed: Set[int], run: str, section: str
) -> tuple[int, set[int]]:
    """How often a run stands with open numerals, and which these are, as the check counts them.

    None are, where it has one that the ledger dismisses: that dismissal would lose it.
    """
    found: set[int] = set()
    times, numerals = 0, account.document.numerals
    for first, last in account.document.find(run, account.document.sections[section]):
        inside = {
            n for n in account.document.overlapping((first, last))
            if first <= numerals[n].start and numerals[n].end <= last
        }  # fmt: skip
        if inside & account.dismissed - account.claimed:
            return 0, set()
        open_ = inside - account.claimed - dismissed - found
        times += bool(open_)
        found |= open_
    return times, found
