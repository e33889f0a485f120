"""What stands around a figure of a document: its sentence, the run to cite, its period and base."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from tallybook.ledger import fiscal
from tallybook.ledger.cells import Tables
from tallybook.ledger.dating import Sentence
from tallybook.ledger.document import Document
from tallybook.ledger.fields import (
    LONGEST_RUN,
    LONGEST_RUN_IN_CHARACTERS,
    MOST_NUMBERS,
    words_in,
)
from tallybook.ledger.nouns import is_plural
from tallybook.reading import dates
from tallybook.reading import english as words
from tallybook.reading.amount import Amount, Span
from tallybook.reading.dates import PrintedPeriod
from tallybook.reading.periods import UNSTATED, BadPeriod, parse

_LEAD = re.compile(
    r"(?<!\w)(?:(?:in|on|by|during|throughout|since|from|between|until|for|of|over|as|at|through|to|the|for"
    r"|end|full|fiscal|calendar|year|first|last|compared|with|than|against|versus)[\s-]+){1,4}$",
    re.I,
)
_LENGTH = re.compile(r"(?<!\w)(?:(?:the|in)\s+)?(?:[\w-]+[\s-]+)?$")
_IS_LENGTH = re.compile(r"(?:years?|months?|quarters?|weeks?|days?|half)\s", re.I)
# "compared with the same period of", "as in", "18% below our"; of "as of" and "as early as" it is
# the figure's own date.
_OF_BASE = re.compile(
    r"(?<!\w)(?:compared\s+(?:with|to)|against|versus|vs\.?|than|relative\s+to|above|below"
    r"|(?<!early\s)(?<!late\s)(?<!recently\s)as(?!\s+(?:of|at|from)\s)"
    r"|(?:%|percent|per\s?cent|points)\s+on)\s+"
    r"(?:(?:in|on|at|for|during|of|the|our|its|their|that|those|same|previous|period|time|quarter|month"
    r"|months|week|half|first|second|third|fourth|fiscal|year|end|late|early|mid)\s+)*$",
    re.I,
)
_CLAUSE = r"[,;:()]\s"
_ENDS_CLAUSE = re.compile(r"[,;:]\s")
_IN_COMPARISON = re.compile(
    rf"{_CLAUSE}(?:and\s+)?(?:compared\s+(?:with|to)|(?:up|down)\s+from|from|against|versus|vs\.?"
    r"|after)\s(?:(?![,;:]\s).)*$"
)
# "the lowest rate since 2010"
_SUPERLATIVE = re.compile(
    r"(?<!\w)(?:\w+est|most|least|first|best|worst|record)\s(?:(?![,;:]\s).)*\bsince\s[^,;]*$", re.I
)
_SAME = re.compile(
    r"(?<!\w)same\s+(?:\w+\s+)?(?:quarter|month|half|week|period|time)\s+(?:of|in|a)\s+\w+$", re.I
)
_AS_ATTRIBUTE = re.compile(
    r"\s(?!(?:fiscal|financial|calendar|academic|school|season|year|quarter|and|or|to|was|were|is|are|had"
    r"|has|it|we|they|the|in|of|on|at|by|with|as|for|from|than|that|which|when)(?!\w))[A-Za-z]"
)
_BASE_BEHIND = re.compile(r"\s+(?:base|baseline|levels?)(?!\w)", re.I)
# What is aimed at by a date, or counted since one, is of its own sentence.
_NOT_CARRIED = re.compile(r"(?<!\w)(?:by|since)\s+(?:the\s+)?(?:end\s+of\s+)?$", re.I)
_OF_NOW = re.compile(
    r"(?<!\w)(?:is|are|includes?|currently|now|represents?"
    r"|(?:a|one|the) year (?:before|earlier)|(?:previous|prior|preceding) year"
    r"|(?:last|past) (?:year|month|\w+ (?:years|months)))(?!\w)",
    re.I,
)
_MONTHS = "|".join(f"{name}|{name[:3]}\\." for name in words.MONTHS)
_DAY = re.compile(rf"(?<!\w)(?:{_MONTHS}|late|early|mid)(?!\w)")
_JOINS = re.compile(r"(?<!\w)(?:to|and|through|until)(?!\w)|\d\s?[-–—]")
_AROUND = ",;:.!?"
_NEAR = 3  # words before a figure that a run has, if there is room
_ENDS = re.compile(r"^(?:[a-z]+)$", re.I)
_CONTENT = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_][\w’'-]*")
_BEFORE_NOUNS = frozenset("rights sales goods sports arms systems operations savings".split())
_LONGEST_PHRASE = 5  # words
RUNNING_TOTAL = "running total to a date"
_STOPS = frozenset(words.NO_NOUN) | frozenset(
    "when where will would can could may might must should not if so because more less also then"
    " through following now today yoy year-over-year year-on-year cent saw said suggest show"
    " lost died came went worth according including such these those their its his her our your"
    " recommends recommended requires expects advises considers estimates says shows"
    " it they them rose fell grew only just even"
    " we he she be been being do does did both all any some no".split()
)
Period = dict[str, str]


class Passages:
    """The words of a document around its figures.

    >>> document = Document("report", "In 2017 we closed more than 40 shops. All else stayed.", {})
    >>> passages = Passages(document)
    >>> [document.text[slice(*document.sentence(each.start))] for each in document.figures][:1]
    ['In 2017 we closed more than 40 shops. ']
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.tables = Tables(document)

    @cached_property
    def tokens(self) -> list[Span]:
        """Where each word of the text stands, with the signs beside it."""
        return [word.span() for word in re.finditer(r"\S+", self.document.text)]

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.tokens]

    def token_at(self, position: int) -> int:
        """The number of the word that a position is in."""
        return max(bisect_right(self._starts, position) - 1, 0)

    @cached_property
    def names(self) -> set[str]:
        """The words that have a capital inside a sentence too."""
        return set(re.findall(r"(?<=[a-z,] )[A-Z][^\W\d_]+", self.document.with_gaps))

    def nouns_after(self, figure: Amount, *, skipped: int = 0) -> list[str]:
        """The words behind a figure that name what is counted, up to four."""
        end = self.document.sentence(figure.text_end - 1)[1]
        return phrase(self.document.text[figure.text_end + skipped : end].lstrip("- "))

    def runs(self, figure: Amount) -> Iterator[tuple[str, str, int]]:
        """The runs to cite a figure with, the best first: run, section, and which occurrence.

        A run has the figure with its hedge and unit; the best has what is counted too, and is told
        apart in its section.
        """
        document = self.document
        section = document.section_at(figure.text_start)
        if section is None:
            return
        first, last = self.token_at(figure.text_start), self.token_at(figure.text_end - 1)
        start, end = self.document.sentence(figure.text_start)
        reach = LONGEST_RUN + MOST_NUMBERS
        left = max(bisect_left(self._starts, start), last - reach)
        right = min(bisect_left(self._starts, end) - 1, first + reach)
        best_right = last + len(self.nouns_after(figure))
        best_left = first - _NEAR
        others = self._other_words(figure, left, right)
        windows = sorted(
            (
                (
                    abs(j - best_right) * 2
                    + abs(i - best_left)
                    + 4 * len(others & {*range(i, j + 1)})
                    + 4 * (document.text.count('"', self.tokens[i][0], self.tokens[j][1]) % 2),
                    -i,
                    j,
                )
                for i in range(min(left, first), first + 1)
                for j in range(last, max(right, last) + 1)
            ),
        )
        for _, i, j in windows:
            run = self._trimmed(self.tokens[-i][0], self.tokens[j][1], figure)
            if run is not None:
                text = document.text[slice(*run)]
                found = document.find(text, document.sections[section])
                if run in found:
                    yield text, section, (found.index(run) + 1 if len(found) > 1 else 0)

    def _other_words(self, figure: Amount, left: int, right: int) -> set[int]:
        """The words around a figure that are of another one, or end a clause before it."""
        first, last = self.token_at(figure.text_start), self.token_at(figure.text_end - 1)
        found = set()
        for number in range(left, right + 1):
            start, end = self.tokens[number]
            is_outside = not first <= number <= last
            ends = self.document.text[end - 1] in ",;:)" and number < first
            if is_outside and (ends or self.document.overlapping((start, end))):
                found.add(number)
        return found

    def _trimmed(self, start: int, end: int, figure: Amount) -> Span | None:
        """A run without the signs around it; None where it is too long."""
        text = self.document.text
        while start < figure.text_start and text[start] in "\"'(*_#|- ":
            start += 1
        while end > figure.text_end and text[end - 1] in _AROUND + "\"'*_| ":
            end -= 1
        run = text[start:end]
        while run.count(")") > run.count("(") and end > figure.text_end and run[-1] == ")":
            end -= 1
            run = text[start:end]
        if run.count('"') % 2 and text[end : end + 1] == '"':
            end += 1
            run = text[start:end]
        is_short = words_in(run) <= LONGEST_RUN and len(run) <= LONGEST_RUN_IN_CHARACTERS
        return (start, end) if is_short and "\\" not in run else None

    @cached_property
    def dates(self) -> list[Span]:
        """Where each printed date or range of dates stands, with the word that leads it."""
        found: list[Span] = []
        every = self.document.dates
        for each in every:
            first, end = dates.whole(self.document.text, (each.start, each.end), every)
            span = (
                max(first, self.document.block(each.start)[0]),
                end,
            )  # no words of a heading above
            if not found or span[0] >= found[-1][1]:
                found.append(span)
        return found

    @cached_property
    def _date_starts(self) -> list[int]:
        return [start for start, _ in self.dates]

    def period(self, figure: Amount, kind: str) -> Period | None:
        """The fields of a figure's period, with the words that print it; None where none do."""
        start, end = self.document.sentence(figure.text_start)
        told = self.told(figure)
        own = [span for span in told.dates if span not in told.bases]
        # "up from 31" is of another date than what is compared with it.
        if clause := _IN_COMPARISON.search(self.document.text[start : figure.text_start]):
            first = start + clause.start()
            last = self._clause_end(figure.text_end)
            inside = tuple(span for span in told.dates if first <= span[0] < last)
            return self._tied(replace(told, start=first, dates=inside), figure, kind)
        if own:
            return self._tied(told, figure, kind)
        if told.is_of_another(figure):
            return None
        section = self.document.section_at(figure.text_start)
        opens = self.document.sections[section][0] if section else 0
        before = self._said_before(start, end, figure, kind)
        # Where the nearest date says no period, one that is farther away would be wrong.
        nearest = next((span for span in before if not self.is_base(span, figure)), None)
        return None if nearest is None else self.as_period(nearest, kind, opens)

    def dates_beside(self, figure: Amount) -> list[str]:
        """The words of each date in a figure's sentence, "the previous year" among them."""
        start, end = self.document.sentence(figure.text_start)
        spans = self.dates_in(start, end, figure)
        text = self.document.text
        relative = (each.span() for each in dates.RELATIVE.finditer(text, start, end))
        spans += [
            span for span in relative if not any(a < span[1] and span[0] < b for a, b in spans)
        ]
        return [text[slice(*span)] for span in sorted(spans)]

    def told(self, figure: Amount) -> Sentence:
        """The sentence of a figure, with its dates and figures."""
        start, end = self.document.sentence(figure.text_start)
        spans = self.dates_in(start, end, figure)
        figures = [
            each
            for each in self.document.figures_at((start, end))
            if not each.is_year and not any(a <= each.start < b for a, b in spans)
        ]
        bases = tuple(span for span in spans if self.is_base(span, figure))
        return Sentence(self.document.text, start, end, tuple(spans), bases, tuple(figures))

    def _tied(self, told: Sentence, figure: Amount, kind: str) -> Period | None:
        span = told.date_of(figure, kind)
        if span is None:
            return None
        section = self.document.section_at(figure.text_start)
        opens = self.document.sections[section][0] if section else 0
        return self.as_period(span, kind, opens, is_led=span in told.dates)

    def _said_before(self, start: int, end: int, figure: Amount, kind: str) -> list[Span]:
        """The dates before a sentence in its paragraph that it may be of, the last one first."""
        text = self.document.text
        if kind == "duration" or _OF_NOW.search(text[start:end]):
            return []
        found = self.dates_in(self.document.block(figure.text_start)[0], start, figure)[::-1]
        if found:
            beside = self.dates_in(*self.document.sentence(found[0][0]), figure)
            if sum(not self.is_base(each, figure) for each in beside) > 1:
                return []
        # A month or day is that of what its sentence tells; a year may be that of the paragraph.
        return [
            span
            for span in found
            if (
                _IS_LENGTH.match(text, span[0])
                or not _DAY.search(text[slice(*span)])
                or _JOINS.search(text[slice(*span)])
            )
            and not _NOT_CARRIED.search(text[max(0, span[0] - 20) : span[0]])
            and not text[slice(*span)].lower().startswith("since")
        ]

    def dates_in(self, start: int, end: int, figure: Amount) -> list[Span]:
        """The printed dates that begin in a part of the text, but for the figure itself."""
        first = bisect_left(self._date_starts, start)
        last = bisect_left(self._date_starts, end)
        return [
            span
            for span in self.dates[first:last]
            if span[1] <= figure.start or span[0] >= figure.end
        ]

    def is_base(self, span: Span, figure: Amount | None = None) -> bool:
        """Whether a date is what something is measured against, and no figure's own."""
        before = self._before(span)
        if _SUPERLATIVE.search(before + self.document.text[slice(*span)]):
            return True
        if figure and (compared := _IN_COMPARISON.search(before)):
            clause = span[0] - len(before) + compared.start()
            if not clause <= figure.start < self._clause_end(span[1]):
                return True
        is_one = not _JOINS.search(self.document.text[slice(*span)])
        return bool(
            _OF_BASE.search(before)
            or _BASE_BEHIND.match(self.document.text, span[1])
            or (is_one and _in_a_name(self.document.text, span))
            or (is_one and re.search(r"(?<!\w)from\s+$", before))
        )

    def _clause_end(self, position: int) -> int:
        end = self.document.sentence(position - 1)[1]
        found = _ENDS_CLAUSE.search(self.document.text, position, end)
        return found.start() if found else end

    def _before(self, span: Span) -> str:
        """What stands before a date in its sentence, as far as words that lead it reach."""
        first = max(self.document.sentence(span[0])[0], span[0] - 60)
        return self.document.text[min(first, span[0]) : span[0]]

    def as_period(self, span: Span, kind: str, opens: int, *, is_led: bool = True) -> Period | None:
        """What a printed date is as a period, with the run that prints it."""
        text = self.document.text
        before = self._before(span)
        if _SAME.search(before + text[slice(*span)]):
            return None  # a part of that year, which other words name
        starts = [span[0]]
        for pattern in (_LEAD, _LENGTH) if _IS_LENGTH.match(text, span[0]) else (_LEAD,):
            if is_led and (lead := pattern.search(before)):
                starts.insert(0, span[0] - len(lead[0]))
        for start in dict.fromkeys(starts):
            run = text[start : span[1]].strip()
            reading = dates.read(run) if 0 < len(run.split()) <= LONGEST_RUN else None
            if reading and reading.spans and (period := self._chosen(reading, kind, opens, start)):
                return {**period, "period_as_printed": run}
        return None

    def _chosen(self, reading: PrintedPeriod, kind: str, opens: int, at: int) -> Period | None:
        """One of the periods that words may print; a year that they lack is the last before."""
        accepts = sorted(reading.accepts, key=lambda each: (each.startswith("../"), len(each)))
        if kind == RUNNING_TOTAL:
            accepts.sort(key=lambda each: not each.startswith("../"))
        if reading.months and (found := self._fiscal(reading, self.document.text[at : at + 60])):
            return found
        if not accepts:
            return None
        if reading.has_year:
            return {"period": accepts[0]}
        years = re.findall(r"(?<!\w)(?:19|20)\d\d(?!\w)", self.document.text[opens:at])
        if not years:
            return None
        made = accepts[0].replace("????", years[-1])
        try:
            parse(made)
        except BadPeriod:
            return None
        because = "The year is the last one that the text before it prints."
        return {"period": made, "period_from": "context", "period_because": because}

    @cached_property
    def _fiscal_end(self) -> int | None:
        return fiscal.last_month(self.document.text)

    def _fiscal(self, reading: PrintedPeriod, printed: str) -> Period | None:
        if self._fiscal_end is None:
            return None
        made = fiscal.months(reading, printed, self._fiscal_end)
        month = words.MONTHS[self._fiscal_end - 1]
        because = f"The document says that the fiscal year ends in {month}."
        if made is None:
            return None
        return {"period": made, "period_from": "context", "period_because": because}

    def base(self, figure: Amount, kind: str) -> dict[str, str]:
        """The fields that say what a change, share or ratio is measured against."""
        if kind == "change":
            return self._compared(figure) or {"compared_with": UNSTATED}
        if kind not in ("share", "ratio"):
            return {}
        end = self.document.sentence(figure.text_end - 1)[1]
        behind = re.match(r"\s+of\s+(?:the\s+|all\s+)*", self.document.text[figure.text_end : end])
        of = ""
        if behind:
            of = " ".join(phrase(self.document.text[figure.text_end + behind.end() : end]))
        because = "It stands behind the figure." if of else "No words beside the figure print it."
        return {"of": of or UNSTATED, "base_from": "context", "base_because": because}

    def _compared(self, figure: Amount) -> Period | None:
        """The date that a change is measured against, with the words that print it."""
        start, end = self.document.sentence(figure.text_start)
        for span in self.dates_in(start, end, figure):
            is_base = self.is_base(span, figure)
            found = self.as_period(span, "change", start) if is_base else None
            if found and "period_from" not in found:
                run = found["period_as_printed"]
                return {"compared_with": found["period"], "base_as_printed": run}
        return None


def _in_a_name(text: str, span: Span) -> bool:
    """Whether a year is a part of a name and not of a period: "the 2016 report"."""
    is_named = _AS_ATTRIBUTE.match(text, span[1]) and re.fullmatch(r"\d{4}", text[slice(*span)])
    return bool(
        is_named
        and re.search(r"(?<!\w)(?:the|its|our|their)\s$", text[max(0, span[0] - 6) : span[0]], re.I)
    )


def phrase(text: str) -> list[str]:
    """The words that a text begins with which name something: up to its noun, if that is plural.

    >>> phrase("leaking water mains that")
    ['leaking', 'water', 'mains']
    """
    found: list[str] = []
    at = 0
    while len(found) < _LONGEST_PHRASE and (word := _CONTENT.match(text, at)):
        if word[0].lower() in _STOPS:
            break
        found.append(word[0])
        at = word.end()
        if text[at : at + 1] != " ":
            break
        at += 1
    several = [is_plural(word) for word in found]
    if True in several:
        last = several.index(True)
        # "sales offices", "goods trains"
        while several[last + 1 : last + 2] == [True]:
            last += 1
        if found[last].lower() in _BEFORE_NOUNS and True in several[last + 1 :]:
            last = several.index(True, last + 1)
        return found[: last + 1]
    ends = (n for n, word in enumerate(found) if n and re.search(r"ed$|ing$", word))
    return found[: next(ends, 4)]
