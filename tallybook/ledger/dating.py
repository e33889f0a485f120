"""Which of the dates of its sentence a figure is of, where the grammar leaves no doubt.

A wrong period is worse than none: where the words between a figure and a date could tell of
something else, there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from tallybook.reading import english as words
from tallybook.reading.amount import Amount, Span
from tallybook.reading.dates import RELATIVE

_BREAK = re.compile(r"[;:()–—]|,\s|\s-\s")
_IN = (
    r"(?:in|on|during|throughout|for|over|of|by|at|through|between|from|as of|as at|to|until)"
    r"(?:\s+(?:the|late|early|mid|end|full|first|last|fiscal|financial|calendar|year|years|of|and))*"
)
_LED = re.compile(rf"(?:^|.*[\s(,]){_IN}[\s-]+$|.*\($|\s+$", re.I)
_TIED_BY_ITSELF = re.compile(r"(?:in|since|by|until|up|year|months?|quarters?|weeks?|half)\b", re.I)
# With these another clause begins between a figure and a date.
_VERB = rf"(?:was|were|is|are|has|had|have|now|will|{words.CHANGES}|[a-z]+ed)"
_OTHER_CLAUSE = re.compile(
    r"(?<!\w)(?:but|while|whereas|which|that|who|when|where|before|after|since|until|although"
    r"|though|because|if|so|despite|than|from|against|versus|compared|below|above|under|over the"
    r"|previous|the\s+(?:\w+\s+)?(?:peak|low|high|record|level)"
    rf"|and\s+(?:[\w'’]+\s+){{0,3}}{_VERB})(?!\w)",
    re.I,
)
_IN_BRACKETS = re.compile(r"(?:\s+[a-z-]+){0,3}\s*\((?:in\s+)?")
_JOINT_OF_DATE = re.compile(rf"(?<!\w)(?:and|but|or|while|whereas)\s+{_IN}[\s-]+$", re.I)
# "of people born in 1990": the date is that of an event, and of no figure.
_EVENT = re.compile(
    rf"(?<!\w)(?:born|built|[a-z]+ed|[a-z]{(2,)}en|set|begun|begin|began|held|made)\s+{_IN}\s+$"
)
_OF_A_NOUN = re.compile(r"(?<!half )(?<!quarter )(?<!end )(?<!year )(?<!start )(?<!\w)of\s+$", re.I)
_WHEN = re.compile(r"[,\s(]*when\s+(?:[\w'’-]+\s+){0,6}|\s*\(\s*|:\s+", re.I)
_LISTED = re.compile(r"(?:\s+[a-z%'’-]+){0,4}(?:,\s+|\s+(?:and|or)\s+(?:(?:a|the|some)\s+)?)")
_LEADING = re.compile(
    r"[\s|*•#>\"'(-]*(?:(?:[A-Z][a-z]+,|[A-Z][a-z]+ly|And|But|Also|Overall|Then|So|Meanwhile)\s+)?"
    rf"(?:(?!of\s){_IN}[\s-]+)?",
    re.I,
)
_ONE_SIDED = re.compile(r"(?:since|after|before|prior\s+to|until|till)\s+", re.I)
_ONE_SIDED_BEFORE = re.compile(r"(?<!\w)(?:since|after|before|prior\s+to|until|till)\s+$", re.I)
_LATER = re.compile(
    r"(?<!\w)(?:now|since|then|later|subsequently|eventually|thereafter|afterwards|before|after"
    r"|until|today|earlier|previously|currently|formerly|of\s+which|whereas|while|when|which|that)(?!\w)",
    re.I,
)
_COMPARED = re.compile(
    r"(?<!\w)(?:from|than|on|over|against|with|to|as|versus|in)\s+(?:in\s+)?$", re.I
)
# A figure behind one of these is another's than what its sentence tells.
_OF_ANOTHER = re.compile(
    r"(?<!\w)(?:from|than|against|versus|despite|after|before|compared\s+(?:with|to)|as)\s+"
    r"(?:an?\s+|the\s+)?(?:[a-z-]+\s+(?:of\s+)?){0,3}$",
    re.I,
)
_AIMED = re.compile(r"(?<!\w)(?:targets?|goals?|thresholds?|benchmarks?|objectives?)(?!\w)", re.I)
_ONCE = re.compile(rf"(?<!\w)(?:{words.CHANGES})(?!\w)", re.I)
_IS_DECADE = re.compile(r"(?:decade|century)s?\s", re.I)  # of which its last year is but one
_ENDS_CHANGE = re.compile(r"(?<!\w)(?:from|to)\s+(?:[a-z]+\s+){0,2}$|\sto\s+$", re.I)
_SPAN = re.compile(r"(?<!\w)(?:to|and|through|until)(?!\w)|\d\s?[-–—]\s?(?:19|20)\d\d")


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text, with the dates and the figures that stand in it, in order.

    `bases` are those of the dates that something is measured against.
    """

    text: str
    start: int
    end: int
    dates: tuple[Span, ...]
    bases: tuple[Span, ...]
    figures: tuple[Amount, ...]

    def date_of(self, figure: Amount, kind: str) -> Span | None:
        """The date that the grammar ties to a figure; None where there is any doubt.

        >>> from tallybook.reading import amounts
        >>> text = "It was 12 in 2018 and 14 in 2019."
        >>> told = Sentence(text, 0, 33, ((13, 17), (28, 32)), (), tuple(amounts.read(text)[::2]))
        >>> [told.date_of(each, "ratio") for each in told.figures]
        [(13, 17), (28, 32)]
        """
        found = self._behind(figure) or self._listed(figure) or self._when(figure)
        if not found and not _OF_ANOTHER.search(self._clause_to(figure)):
            found = self._before(figure) or self._leading(figure)
        if not found:
            return None
        is_level = kind not in ("total over a period", "change", "duration")
        printed = self.text[slice(*found)]
        # What something rose to between two dates, it was on the second.
        if is_level and _SPAN.search(printed) and self._is_an_end(figure):
            return None
        if _IS_DECADE.match(printed):
            return None
        is_open = _ONE_SIDED.match(printed) or _ONE_SIDED_BEFORE.search(self.text[: found[0]][-12:])
        if is_open and found in self.dates and is_level:
            return None
        return found

    def is_of_another(self, figure: Amount) -> bool:
        """Whether a figure is compared with what its sentence tells, or aimed at.

        >>> from tallybook.reading import amounts
        >>> text = "a rise from 12 to 14"
        >>> told = Sentence(text, 0, 20, (), (), tuple(amounts.read(text)))
        >>> [told.is_of_another(each) for each in told.figures]
        [True, False]
        """
        return bool(
            _OF_ANOTHER.search(self._clause_to(figure)) or self._aims(figure)
        ) or self._is_relative(figure, self.start)

    def _clause_to(self, figure: Amount) -> str:
        first = max(self.start, self._last_figure_before(figure))
        return _BREAK.split(self.text[first : figure.text_start])[-1]

    def _last_figure_before(self, figure: Amount) -> int:
        ends = (each.text_end for each in self.figures if each.text_end <= figure.text_start)
        return max(ends, default=self.start)

    def _next_figure_after(self, position: int) -> int:
        starts = (each.text_start for each in self.figures if each.text_start >= position)
        return min(starts, default=self.end)

    def _is_an_end(self, figure: Amount) -> bool:
        before = self.text[self.start : figure.text_start]
        return bool(_ENDS_CHANGE.search(before) and _ONCE.search(before))

    def _aims(self, figure: Amount) -> bool:
        near = self._clause_to(figure) + " " + self.text[figure.text_end : figure.text_end + 16]
        return bool(_AIMED.search(near))

    def _is_relative(self, figure: Amount, first: int) -> bool:
        """Whether "last year" stands at a figure, and is not what it is compared with."""
        first = max(first, self._last_figure_before(figure))
        last = self._next_figure_after(figure.text_end)
        return any(
            not _COMPARED.search(self.text[first : first + each.start()])
            for each in RELATIVE.finditer(self.text[first:last])
        )

    def _behind(self, figure: Amount) -> Span | None:
        """The date right behind a figure: "12 shops in 2018", "12 (2018)"."""
        date = next((each for each in self.dates if each[0] >= figure.text_end), None)
        if date is None or self._next_figure_after(figure.text_end) < date[0]:
            return None
        gap = self.text[figure.text_end : date[0]]
        is_led = _LED.fullmatch(gap) or _TIED_BY_ITSELF.match(self.text, date[0])
        if date in self.bases or not is_led or _JOINT_OF_DATE.search(gap):
            return None
        if _IN_BRACKETS.fullmatch(gap):
            return date
        if re.search(r"(?<!\w)of(?!\w)", gap) and _is_event(gap):
            return None
        if _OTHER_CLAUSE.search(gap) or RELATIVE.search(gap):
            return None
        return date if not _BREAK.search(gap) or self._is_last(gap, date) else None

    def _is_last(self, gap: str, date: Span) -> bool:
        """Whether a date ends a sentence of one figure: "12 were sold, most of them, in 2018"."""
        led = re.search(rf",\s{_IN}\s+$", gap, re.I)
        is_alone = len(self.figures) == 1 and len(self.dates) == 1
        is_at_the_end = not self.text[date[1] : self.end].strip(" .!?;)\"'")
        return bool(led and is_alone and is_at_the_end) and not re.search(r"[;:()–—]|\s-\s", gap)

    def _listed(self, figure: Amount) -> Span | None:
        """The date behind the last of several: "34 shops and 12 stalls in 2021"."""
        if len(self.dates) > 1:
            return None
        several = [each for each in self.figures if each.text_start >= figure.text_start]
        for one, following in pairwise(several):
            gap = self.text[one.text_end : following.text_start]
            is_list = _LISTED.fullmatch(gap) and not _OTHER_CLAUSE.search(gap)
            if not is_list or re.search(rf"(?<!\w){_VERB}(?!\w)|,\s+and", gap):
                return None
            if "," not in gap:
                is_doubtful = self._is_relative(following, following.text_start)
                return None if is_doubtful else self._behind(following)
        return None

    def _when(self, figure: Amount) -> Span | None:
        """The date right before a figure: "since 2018 (when it was 12)", "2018: 12"."""
        date = self._date_before(figure)
        if date is None or not _WHEN.fullmatch(self.text[date[1] : figure.text_start]):
            return None
        led = _ONE_SIDED.match(self.text[slice(*date)])
        start = date[0] + len(led[0]) if led else date[0]
        return start + self.text[start].isspace() if led else start, date[1]

    def _date_before(self, figure: Amount) -> Span | None:
        before = [each for each in self.dates if each[1] <= figure.text_start]
        if not before or self._last_figure_before(figure) > before[-1][1]:
            return None
        return before[-1]

    def _before(self, figure: Amount) -> Span | None:
        """The date before a figure in its clause: "sales in 2018 were 12"."""
        date = self._date_before(figure)
        if date is None or date in self.bases or self._is_taken(date, figure):
            return None
        gap = self.text[date[1] : figure.text_start]
        before = self.text[self.start : date[0]]
        is_told = not (
            _BREAK.search(gap)
            or _OTHER_CLAUSE.search(gap)
            or _is_event(before)
            or _OF_A_NOUN.search(before)
            or self._is_relative(figure, date[1])
        )
        is_only = not self._has_doubtful(figure, date)
        return date if is_told and is_only else None

    def _is_taken(self, date: Span, figure: Amount) -> bool:
        """Whether a date is that of another figure which stands before it."""
        others = (each for each in self.figures if each.text_end <= min(date[0], figure.text_start))
        return any(self._behind(each) == date for each in others)

    def _has_doubtful(self, figure: Amount, but: Span) -> bool:
        """Whether a date is left that is none's, and may be the figure's."""
        free = [each for each in self.dates if each not in self.bases and each != but]
        owned = {
            self._behind(each) or self._when(each) for each in self.figures if each is not figure
        }
        return any(each not in owned and not self._led_by_clause(each, figure) for each in free)

    def _led_by_clause(self, date: Span, figure: Amount) -> bool:
        """Whether a date stands in another clause, with a figure between or of its own."""
        if date[0] > figure.text_end:
            first = self._next_figure_after(figure.text_end)
            between = self.text[figure.text_end : date[0]]
            return first < date[0] or bool(_BREAK.search(between) or _JOINT_OF_DATE.search(between))
        return self._next_figure_after(date[1]) < figure.text_start

    def _leading(self, figure: Amount) -> Span | None:
        """The date that a sentence begins with, which is that of all that it tells."""
        date = self.dates[0] if self.dates else None
        if date is None or date in self.bases or date[1] > figure.text_start:
            return None
        is_leading = _LEADING.fullmatch(self.text[self.start : date[0]])
        between = self.text[max(date[1], self._last_figure_before(figure)) : figure.text_start]
        is_doubtful = (
            not is_leading
            or _LATER.search(between)
            or re.search(rf"(?<!\w)(?:and|but)\s+(?:[\w'’]+\s+){{0,3}}{_VERB}", between)
            or self._aims(figure)
            or self._is_relative(figure, date[1])
            or self._has_doubtful(figure, date)
        )
        others = [each for each in self.dates[1:] if each not in self.bases]
        is_passed = any(each[1] <= figure.text_start for each in others)
        return None if is_doubtful or is_passed else date


def _is_event(text: str) -> bool:
    return bool(_EVENT.search(text)) and not re.search(
        rf"(?<!\w)(?:was|were|been|had|has|have)\s+(?:[a-z]+ly\s+)?[a-z]+\s+{_IN}\s+$", text
    )
