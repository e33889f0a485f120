"""What an author does about each kind of fault: one clause, which the fault's message ends with.

Of a numeral without a record that depends on where it stands (in prose, a sample of code, an
output, the words of a picture, data, settings) and on its form: a year, an ordinal, a name, a
quotation, "one", a share or an amount, a count.
"""

from __future__ import annotations

import re

from tallybook.audit import html
from tallybook.audit.html import MOST_AROUND
from tallybook.reading import dates, hedges
from tallybook.reading.numeral import Numeral

DATA = "data"
OF_A_LABEL = "a label and a reason type no number: period and scope of a figure stand beside it"
BUILD_ANEW = "remove _build and build anew, for no build of this book has made it"
OF_A_CHART = (
    "make the label or title with tallybook.worded, which cites what it says: {its-id}, "
    "{period:its-id} or {label:its-id}"
)
OF_OUTPUTS = {
    html.CHART: OF_A_CHART,
    html.OUTPUT: (
        "show figures with ledger.frame or tallybook.tables.frame, or give the cell the tag "
        "remove-output"
    ),
    html.STDERR: (
        "give the cell the tag remove-stderr, or write `execute: {stderr_output: remove}` in "
        "_config.yml"
    ),
    html.PICTURE: "the words for a picture cite no record: say it without, and in the text",
    html.SAMPLE: (
        "put code into a fence that names its programming language (```python): numbers compute "
        "there; strings, comments and other texts type none"
    ),
    html.CODE: "show a code cell as it is, for it is compared with the notebook",
    DATA: (
        "a text of the data types no number: let its record's fields say it, or cite it in a "
        "`brief` as {its-id}"
    ),
}
_SETTINGS = ("_config.yml", "_toc.yml")
_OF_SETTINGS = "no role stands in settings: say it without, and on a page with {stat}"
OF_A_PAGE = "it is said nowhere on its page: let the page say it, or leave it out"
_YEAR = (
    "cite it with {period}`its-id`, or enter a record of that date; a number of things has a comma"
)
_ORDINAL = "write the ordinal in words (first); a name goes into data/names.yml"
_ONE = 'write "a", or cite how many with {stat}`its-id` or {count}`its-id`'
_NAME = "cite it with {stat}`its-id`; a name goes into data/names.yml"
_QUOTED = (
    "quote with {quote}`its-id`, or a whole run as_printed, word for word; else cite with {stat}"
)
_FIGURE = "cite it with {stat}`its-id`, of a record in data/statistics or one that is published"
_PAGE = "leave the page out, for the note on a figure says it; or cite the figure with {stat}"
_COUNT = "cite it with {stat}`its-id` or {count}`its-id`, or say it without a number"
_PAGE_BEFORE = re.compile(r"(?<!\w)(?:pages?|pp?\.)\s*$", re.IGNORECASE)
_QUOTE = re.compile('["“„«][^"“”„«»]*$')
_UNQUOTE = re.compile('[^"“”„«»]*["”“»]')
# "Formula One", "Page 12", "5-star"
_NAMED_BEFORE = re.compile(r"(?<![.!?:] )(?<!^)(?:[A-Z][\w.&-]*|§)[\s-]?$|[A-Za-z]-?$")
_NAMED_AFTER = re.compile(r"-?[A-Z]\w*|-[a-z]+(?!\w)")


def of_numeral(within: str, path: str, numeral: str, around: str) -> str:
    """What to do about a numeral without a record, in what stands at a path.

    >>> of_numeral(html.TEXT, "page.md", "97", "Of these, 97% were handled")
    'cite it with {stat}`its-id`, of a record in data/statistics or one that is published'
    >>> of_numeral(html.STDERR, "notebooks/kettles.ipynb", "3", "3 warnings").partition(",")[0]
    'give the cell the tag remove-stderr'
    """
    if path in _SETTINGS:
        return _OF_SETTINGS
    if path.startswith("data/"):
        return BUILD_ANEW  # of the page of its record
    if within in OF_OUTPUTS:
        return OF_OUTPUTS[within]
    found = (each for each in hedges.read(around) if around[each.start : each.end] == numeral)
    # Of several, the one in the middle of what is around.
    read = min(found, key=lambda each: abs(each.start - MOST_AROUND), default=None)
    return _of_prose(around, read) if read else _COUNT


def _of_prose(text: str, numeral: Numeral) -> str:
    before, behind = text[: numeral.start], text[numeral.end :]
    shown = text[numeral.start : numeral.end]
    if _QUOTE.search(before) and _UNQUOTE.match(behind):
        return _QUOTED
    spans = [span for span, _ in dates.dates(text)]
    is_date = any(start <= numeral.start < end for start, end in spans)
    if is_date or (re.fullmatch(r"(?:1[89]|20)\d\d", shown) and not numeral.unit):
        return _YEAR
    if _PAGE_BEFORE.search(before):
        return _PAGE
    if shown.casefold() == "one":
        return _NAME if _NAMED_BEFORE.search(before) and shown == "One" else _ONE
    if numeral.is_ordinal and any(map(str.isdigit, shown)):
        return _ORDINAL
    is_name = _NAMED_BEFORE.search(before) or _NAMED_AFTER.match(behind)
    is_name = is_name or re.fullmatch(r"\d+[A-Z]", shown)
    if is_name and not numeral.unit:
        return _NAME
    return _FIGURE if any(map(str.isdigit, shown)) else _COUNT
