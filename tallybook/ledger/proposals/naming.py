"""What a figure is of, in the document's own nouns: the label of a measure that is new."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tallybook.ledger import units
from tallybook.ledger.nouns import is_plural
from tallybook.ledger.passages import Passages, phrase
from tallybook.reading import english as words
from tallybook.reading import hedges, statements
from tallybook.reading.amount import Amount

_LONGEST = 6  # words
_CLAUSE = re.compile(
    r"[,;:()]\s+|\s[–—-]\s|\s(?:and|but|while)\s+(?=[^,;:]*\s(?:was|were|is|are)\s)"
)
_BETWEEN = "of at in for on to per from with by and or among".split()
_LEADS = frozenset(
    "the a an its our their his her your these those this that in of on at for by with as"
    " where which and but or while some all no any each every both only also about nearly"
    " almost so if how given because whether according despite there then however number"
    " total amount overall most over between from to under after before during through"
    " throughout within than since we it they he she who whom you i".split()
)
# These alone name nothing.
_NO_NOUNS = frozenset(
    "last first next new same other latter former latest one year years fiscal financial calendar"
    " month quarter period more most less compared say see target aim goal result".split()
)
# Active verbs end a subject; the document's nouns stand before them.
_VERB = re.compile(
    rf"(?:{words.CHANGES}|was|were|is|are|be|been|being|has|have|had|will|would|can|could|may|might"
    r"|must|shall|should|do|does|did|reach\w*|totall?ed|totall?ing|amount(?:s|ed|ing)|stood|stands"
    r"|came|comes|made|makes|make|spent|spends|costs?|accounts?|accounted|represent\w*|averag(?:ed|es)"
    r"|hits?|saw|sees|got|gets|said|says|held|holds|hold|kept|ran|runs?|drove|won|lost|paid|sold|built"
    r"|gave|gives?|drew|met|exceed\w*|remain\w*|wants?|plans?|aims?|includ\w*|involv\w*|approach\w*"
    r"|produces?|carry|carries|employs?|operates?|needs?|takes?|used|uses|serves?|counts?|loses?|shows?|suggests?|indicates?|fiscal|financial"
    r"|[a-z]{2,}[^\Wes]ed|[a-z]{2,}[^\We]sed)",
)
_SPENT = re.compile(
    r"(?<!\w)(?P<verb>spent|paid|invested|returned|raised|borrowed|earned|received|donated|awarded"
    r"|went|spend|pay|invest)\s+(?:\w+\s+)?$"
)
_SPENT_BEHIND = re.compile(
    r"\s+(?:(?:was|were|has\s+been|have\s+been|had\s+been)\s+)?(?P<verb>spent|paid|invested|returned"
    r"|raised|borrowed|earned|received|donated|awarded|went|goes|go)(?!\w)"
)
_WHERE_TO = re.compile(r"\s+(?P<tie>on|in|to|into|for)\s+(?:the\s+|its\s+|their\s+|our\s+)?")
_PAST = {"spend": "spent", "pay": "paid", "invest": "invested", "goes": "went", "go": "went"}
_COSTS = re.compile(r"(?<!\w)costs?(?:\s+\w+)?\s+$")
_MORE = re.compile(r"\s+(?:(?:as\s+)?(?:many|much)|more|fewer|greater)\s+")
# "a loss of $1.3 million"; of "an increase of 5%" and "a total of" nothing is named.
_NEAREST = 3  # words
_TIE = re.compile(
    r"\s(?:of|worth|total?ling|totaling|amounting\s+to|approaching|exceeding|valued\s+at|averaging"
    r"|reaching)\s+$"
)
_NO_OF = re.compile(
    rf"(?:.*\s)?(?:{words.CHANGES}|growth|loss|gain|average|mean|median|total|sum|maximum|minimum"
    r"|amount|number|value|range|rate|level|factor|combination|or|other|number)$"
)
_COMPARED = re.compile(
    r"^(?:(?:and|or)\s+)?(?:(?:up|down)\s+(?:[\w.,%]+\s+)?from|compared\s+(?:with|to)|after|against|versus"
    r"|from|than|of\s+wh(?:om|ich))(?!\w)"
)
# "London (240), South-East (188)": what the second counts, the first does.
_OF_A_NAME = re.compile(
    r"(?:,|(?<!\w)and|&)\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+(?:(?:of|and)\s+)?[A-Z][\w’'-]*){0,3}\s+\($"
)
_STILL = (
    r"(?:(?:an\s+average|a\s+total|a\s+combined|an\s+additional|up\s+to|at\s+least)\s+(?:of\s+)?)?"
)
# Words with which heads of rows begin, and no names do.
_OF_ROWS = re.compile(
    r"shares?|proportion|percentage|rates?|average|mean|median|total|number|all|other|net|gross|annual"
    r"|costs?|prices?|value|amount|people|women|men|children|average|of|in|with|without|social|private",
    re.I,
)
_IRREGULAR = (
    r"sold|built|bought|sent|held|taken|given|seen|found|caught|shot|born|made|drawn|lent|won|shut"
    r"|paid|caught|stolen|grown|flown|driven|written|worn|torn|fed"
)
_DONE = rf"(?P<done>[a-z]+ed|{_IRREGULAR})"
_DONE_BEHIND = re.compile(
    rf"(?:[\s-]+[a-z-]+){{0,4}}?\s+(?:(?P<passive>was|were|had\s+been|have\s+been|being)\s+)?"
    rf"(?:[a-z]+ly\s+)?{_DONE}(?!\w)(?P<object>\s+(?:that|the|an?|its|their|his|her|\d\S*)(?!\w))?"
)
_DONE_BEFORE = re.compile(rf"(?<!\w){_DONE}\s+{_STILL}$")
# What these say is not done to what is counted.
_DONE_BY_IT = re.compile(
    rf"(?:{words.CHANGES}|account|involv|exceed|result|total|di|liv|work|remain|happen|occur|need|want"
    r"|agre|includ|cover|represent|show|appear|last|ag|bas|relat|compar|averag|amount|reach|us|follow"
    r"|complain|contain|consist|belong|fail|manag|start|end|number|vot|return|provid|allow"
    r"|me|limit|mix|combin|unit)(?:ed|d)?"
)


def label_of(passages: Passages, figure: Amount, *, is_change: bool = False) -> str:
    """What a figure is of: the nouns behind it, else those before; "" where none are.

    >>> from tallybook.ledger.document import Document
    >>> passages = Passages(Document("report", "Net income was $64 million.", {}))
    >>> label_of(passages, passages.document.figures[0])
    'net income'
    """
    text, (start, end) = passages.document.text, passages.document.sentence(figure.text_start)
    if named := _of_cell(passages, figure):
        return named
    before, behind = text[start : figure.text_start], text[figure.text_end : end]
    is_of_name = _OF_A_NAME.search(before) and behind.startswith(")")
    if is_of_name and (listed := _before(passages, figure, start)):
        return label_of(passages, listed)
    is_beside = not is_change or figure.unit == "times"
    found = _beside(passages, figure, before, behind) if is_beside else ""
    if not found and (other := _compared_with(passages, figure, start)):
        return label_of(passages, other)
    clauses = _CLAUSE.split(_without_dates(passages, figure, start))
    label = worded(found or _noun_phrase(clauses[-1]))
    other = _before(passages, figure, start)
    # "A survey of 1,034 residents found that 64%": what is cut off there is the other's.
    is_cut = not found and re.search(rf"{re.escape(label)}(?:\s\w+)?\s\d", clauses[-1])
    if other and (not label or is_cut):
        return label_of(passages, other)
    label = label or worded(_subject(clauses[:-1]))
    first = passages.document.block(figure.text_start)[0]
    if not label and first < start and (other := _before(passages, figure, first)):
        return label_of(passages, other)
    section = passages.document.section_at(figure.text_start) or ""
    label = label or worded(_subject([text[first:start]]) or _subject([section]))
    return _lowered(label, passages)


def _lowered(label: str, passages: Passages) -> str:
    """A label with which a sentence begins, in small letters, but for names."""
    first, _, others = label.partition(" ")
    is_capital = first[:1].isupper() and first[1:].islower()
    if not is_capital or others[:1].isupper() or first.removesuffix("'s") in passages.names:
        return label
    return f"{first.lower()} {others}".strip()


def _beside(passages: Passages, figure: Amount, before: str, behind: str) -> str:
    """The nouns that stand at a figure: those counted, those it is of, or what was paid for."""
    measured = units.measured(figure)
    if figure.also:
        return _of_money(before, behind)
    if figure.per:
        return _of_rate(passages, figure, before)
    if measured:
        return _measured(behind[behind.find(measured) + len(measured) :]) or _of_noun(before)
    if not figure.unit and (found := passages.nouns_after(figure)):
        return _joined([*found, *participle(before, behind)])
    more = _MORE.match(behind)
    if figure.unit == "times" and (more or figure.says_more):
        return _joined(phrase(behind[more.end() if more else 1 :]))
    of = re.match(r"\s+of\s+(?:the\s+|all\s+|its\s+|their\s+|our\s+)*", behind)
    if of and (found := passages.nouns_after(figure, skipped=of.end())):
        return _joined(found)
    if figure.unit == "fraction" and (found := passages.nouns_after(figure)):
        return _joined(found) if is_plural(found[-1]) else ""
    return _of_noun(before)


def _measured(behind: str) -> str:
    """What is measured, behind a unit: "tea" of "3 kg of tea", "limit" of "20 mph limit"."""
    of = re.match(r"\s+of\s+(?:the\s+)?", behind)
    text = behind[of.end() :] if of else behind.lstrip(" -")
    found = phrase(text)
    # Of "CO2 equivalent" half would be left.
    if not found or re.match(r"\w*\d", text) or (not of and _VERB.fullmatch(found[0])):
        return ""
    return _joined(found)


def _joined(found: list[str]) -> str:
    return " ".join(word for word in found if not hedges.read(word))


def participle(before: str, behind: str) -> list[str]:
    """What was done with what is counted.

    >>> participle("In all ", " people were seriously injured."), participle("It sold ", " lids.")
    (['injured'], ['sold'])
    """
    for found in (_DONE_BEFORE.search(before), _DONE_BEHIND.match(behind)):
        parts = found.groupdict() if found else {}
        is_active = parts.get("object") or _DONE_BY_IT.fullmatch(parts.get("done", ""))
        if found and (parts.get("passive") or not is_active):
            return [found["done"]]
    return []


def _of_cell(passages: Passages, figure: Amount) -> str:
    """The label of a figure in a table: what its row and its column are of."""
    heads = passages.tables.heads(figure.start)
    if heads is None:
        return ""
    column = _lowered(heads.column, passages)
    found = (worded(column), worded(_in_small(heads.row, passages)))
    return ", ".join(each for each in found if each)


def _in_small(head: str, passages: Passages) -> str:
    """The head of a row in small letters, where it is no name as far as the document shows."""
    first = head.partition(" ")[0]
    stands_so = re.search(rf"(?<!\w){re.escape(first.lower())}(?!\w)", passages.document.text)
    is_noun = stands_so or is_plural(first) or _OF_ROWS.fullmatch(first)
    return _lowered(head, passages) if is_noun else head


def _of_money(before: str, behind: str) -> str:
    """What money is: "spent on new mains", "cost of repairs", "loss" of "a loss of $3"."""
    spent = _SPENT.search(before)
    tail = behind
    if not spent and (spent := _SPENT_BEHIND.match(behind)):
        tail = behind[spent.end() :]
    if spent and (to := _WHERE_TO.match(tail)) and (found := " ".join(phrase(tail[to.end() :]))):
        verb = _PAST.get(spent["verb"], spent["verb"])
        return f"{'what ' * (verb == 'went')}{verb} {to['tie']} {found}"
    if spent and tail is behind and (by := _subject(_CLAUSE.split(before[: spent.start()]))):
        return f"{_PAST.get(spent['verb'], spent['verb'])} by {by}"
    if _COSTS.search(before) and (found := _subject(_CLAUSE.split(before))):
        return f"cost of {found[:1].lower()}{found[1:]}"
    return _of_noun(before)


def _of_noun(before: str) -> str:
    """The noun of "an accuracy of", "sales totaling"; "" where what stands there names nothing."""
    tie = _TIE.search(before)
    if not tie:
        return ""
    found: list[str] = []
    for word in reversed(before[: tie.start()].split()):
        is_other = not re.fullmatch(r"[^\W\d_][\w’'-]*", word) or word.lower() in _LEADS
        if is_other or _VERB.fullmatch(word) or len(found) == _NEAREST:
            break
        found.insert(0, word)
    noun = " ".join(found)
    return "" if _NO_OF.fullmatch(noun) and noun not in ("loss", "gain") else noun


def _of_rate(passages: Passages, figure: Amount, before: str) -> str:
    """What is counted in a rate: "deaths" of "3.4 deaths per 1,000 people"."""
    behind = passages.document.text[figure.spans[0][1] :][:80]
    own = re.match(
        r"(?:\s*(?:to|and|[-–])\s*[\d.,]+)?[\s-]+((?:[^\W\d_]{2,}\s+){1,2}?)(?:of\s+\w+\s+|[a-z]+\s+)?"
        r"(?:per|an?|each|every|for)(?!\w)",
        behind,
    )
    noun = own[1].strip() if own else ""
    if not noun or noun.split()[0] in _BETWEEN:
        return ""
    if noun in hedges.TIMES or noun.rstrip("s") in words.UNITS_OF_TIME.split():
        done, by = _DONE_BEFORE.search(before), _subject(_CLAUSE.split(before))
        return f"{noun} {done['done']} by {_lowered(by, passages)}" if done and by else ""
    noun = " ".join(word for word in noun.split() if word not in _BETWEEN)
    return " ".join([noun, *participle(before, "")])


def _compared_with(passages: Passages, figure: Amount, start: int) -> Amount | None:
    """The figure before that a figure is set against: "312 deaths, compared with 1,045"."""
    clause = _CLAUSE.split(passages.document.text[start : figure.text_start])[-1]
    if clause.startswith("of wh"):
        return next(_figures_before(passages, figure, start), None)
    return _before(passages, figure, start) if _COMPARED.match(clause) else None


def _before(passages: Passages, figure: Amount, start: int) -> Amount | None:
    """The last figure before another one, from a place on."""
    return next(iter([*_figures_before(passages, figure, start)][::-1]), None)


def _figures_before(passages: Passages, figure: Amount, start: int) -> Iterator[Amount]:
    """The figures before another one, from a place on, but for dates and marks of footnotes."""
    spans = passages.dates_in(start, figure.start, figure)
    for each in passages.document.figures_at((start, figure.start)):
        is_dated = each.is_year or any(a < each.end and each.start < b for a, b in spans)
        is_mark = passages.document.text[max(0, each.start - 2) : each.start].endswith(("[", "[^"))
        if start <= each.start and each.end <= figure.start and not is_dated and not is_mark:
            yield each


def _without_dates(passages: Passages, figure: Amount, start: int) -> str:
    """The words of a sentence before a figure, without the dates among them."""
    kept, at, text = [], start, passages.document.text
    for first, last in passages.dates_in(start, figure.text_start, figure):
        kept.append(
            re.sub(r"(?:\s+(?:in|for|by|since|during|on|the|of|as))+\s*$", " ", text[at:first])
        )
        at = min(last, figure.text_start)
    return "".join([*kept, text[at : figure.text_start]])


def _subject(clauses: list[str]) -> str:
    """What the last of some clauses is about, else the one before it."""
    for clause in reversed(clauses):
        if clause and (found := _noun_phrase(clause)):
            return found
    return ""


def _noun_phrase(clause: str) -> str:
    """The nouns that a clause begins with, up to its verb."""
    found: list[str] = []
    plain = re.sub(r"^(?:\[\^?\w+\]:?|[#*•\s-])+", "", clause).split()
    for word, following in zip(plain, [*plain[1:], ""], strict=False):
        bare = word.strip("\"'’.,()[]*_")
        lower = bare.lower()
        is_tied = found and found[-1].lower() in _BETWEEN and found[-1] not in ("and", "or")
        is_cost = lower in ("cost", "costs") and following == "of"
        is_verb = bool(_VERB.fullmatch(bare)) and not is_tied and not is_cost
        if found and (is_verb or re.search(r"\d", bare) or len(found) == _LONGEST):
            break
        if not bare or re.search(r"\d", bare) or (not found and (lower in _LEADS or is_verb)):
            if found:
                break
            continue
        if found and lower in _LEADS and lower not in _BETWEEN:
            if lower not in ("the", "its", "our", "their", "a", "an", "all"):
                break
            continue
        found.append(bare)
        if word[-1:] in ".,;:!?":
            break
    while found and (
        found[-1].lower() in {*_BETWEEN, *_LEADS}
        or hedges.read(found[-1])
        or re.fullmatch(r"[a-z]+ly", found[-1])
    ):
        found.pop()
    return "" if {word.lower() for word in found} <= _NO_NOUNS else " ".join(found)


def worded(label: str) -> str:
    """A label without what would be a numeral on a page."""
    if not any(statements.stating(label)) and not re.search(r"\d", label):
        return label
    several = [word for word in label.split() if not any(statements.stating(word))]
    kept = [word for word in several if not re.search(r"\d", word)]
    while kept and kept[0].lower() in _LEADS:
        kept.pop(0)
    return " ".join(kept)


def noun_of(label: str) -> str:
    """What a label counts: the last word before what ties other words to it.

    >>> noun_of("vacancies"), noun_of("people killed"), noun_of("shops in towns")
    ('vacancies', 'people', 'shops')
    """
    head = re.split(rf"\s(?:{'|'.join(_BETWEEN)})\s", label)[0].split()
    several = [word for word in head if is_plural(word)]
    while len(head) > 1 and re.fullmatch(rf"[a-z]+ed|{_IRREGULAR}", head[-1]):
        head.pop()
    found = several[-1] if several else head[-1] if head else ""
    return found if found.isupper() or not found.istitle() else found.lower()


def of_share(label: str, *, is_of: bool) -> str:
    """The label of a share: of what it is, if that is named; else its own name.

    >>> of_share("adults", is_of=True), of_share("gross margin", is_of=False)
    ('share of adults', 'gross margin')
    """
    if not label or label.startswith(("share", "proportion", "percentage")):
        return label
    named = is_of or is_plural(noun_of(label))
    return f"share of {label}" if named else label
