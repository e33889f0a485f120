"""A table of a notebook on its page: rows of HTML, with references in them.

Sphinx goes through all nodes of a page some eighty times, and most would be those of tables. So a
row is one node, whose HTML is written when the page is read. Only what is known later is a node in
it: references to figures, which have the numbers of their notes, and to sources, items, events and
what is missing, which lead to the page that explains them.

Rows carry the anchors of what they explain. Each cell has the name of its column; on a narrow page
a row is a card, and shows these names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape
from itertools import count
from typing import Any

from docutils import nodes
from docutils.utils import normalize_language_tag
from docutils.utils.smartquotes import educate_tokens, smartchars
from sphinx.application import Sphinx
from sphinx.transforms import SphinxSmartQuotes
from sphinx.writers.html5 import HTML5Translator

from tallybook.ledger.ledger import Ledger
from tallybook.ledger.references import Reference
from tallybook.site.build_state import add_anchor, ledger_of
from tallybook.site.figure_pages import (
    FigureReference,
    LedgerText,
    figure_reference,
    ledger_text,
    listed,
    reference,
    rendered,
)
from tallybook.site.html_input import html
from tallybook.tables import table as stored_table

Line = nodes.paragraph
_SPACE = re.compile(r"[\n\r\t\v\f]")


def connect(app: Sphinx) -> None:
    """Have rows written."""
    app.add_node(TableRow, html=(_write_row, None))


class TableRow(nodes.FixedTextElement):
    """A row: references, and in `between` the HTML before, between and behind these."""

    def text_before(self, child: nodes.Node) -> str:
        """The text that stands in the row right before one of its references.

        >>> row = TableRow("", "", FigureReference("", "1,606"), between=["<p>nearly ", "</p>"])
        >>> row.text_before(row[0])
        'nearly '
        """
        written: str = self["between"][self.index(child)]
        return unescape(written.rpartition(">")[2])


def _write_row(translator: Any, row: TableRow) -> None:
    first, *behind = row["between"]
    translator.body.append(first)
    for child, written in zip(row.children, behind, strict=True):
        child.walkabout(translator)
        translator.body.append(written)
    raise nodes.SkipNode


def table(page: nodes.document, content: dict[str, Any]) -> list[nodes.Element]:
    """A table with its columns, rows, anchors and note, as notebooks store them."""
    ledger = ledger_of(page.settings.env)
    title = [shown(ledger, each) for each in content.get("title", ())]
    classes = ["tallybook-table"]
    classes += ["tallybook-sortable"] if content.get("sortable") else []
    classes += ["tb-opening"] if content.get("inside") else []
    drawn = nodes.table("", classes=classes)
    drawn += [nodes.title("", "", *title)] if title else []
    drawn += _rows(page, content)
    note = nodes.paragraph(text=content.get("note", ""), classes=["tallybook-note"])
    made: list[nodes.Element] = [drawn, note] if content.get("note") else [drawn]
    if content.get("sortable"):
        made.insert(0, html(rendered("filter.html")))
    if name := content.get("folded"):
        start = html(f'<details class="tb-fold"><summary>{escape(name)}</summary>')
        made = [start, *made, html("</details>")]
    return made


def shown(ledger: Ledger, piece: dict[str, str]) -> nodes.Node:
    """The node of a piece of a cell or a title, as notebooks store it. Raises UnknownId.

    >>> import tallybook
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> shown(ledger, {"figure": "kettles-recalled-2017"}).astext()
    '240,000'
    """
    if "figure" in piece:
        return figure_reference(ledger, piece["figure"])
    for kind in ("source", "item", "event", "missing"):
        if kind in piece:
            return reference(piece["text"], kind, piece[kind])
    if "of" in piece:
        return ledger_text(Reference.parse(piece["of"]), piece["text"])
    return nodes.Text(piece["text"])


def _rows(page: nodes.document, content: dict[str, Any]) -> Iterator[nodes.Element]:
    """The rows of a table, that of its heads first, with the tables that open beneath them."""
    ledger = ledger_of(page.settings.env)
    heads = [stored_table.piece(column) for column in content["columns"]]
    head = [[Line("", "", shown(ledger, each))] for each in heads]
    rows = [[_lines(ledger, cell) for cell in row] for row in content["rows"]]
    _set_quotes(page, [line for row in (head, *rows) for lines in row for line in lines])
    # Most tables explain nothing: their rows have no anchors.
    anchors = content.get("anchors") or [""] * len(rows)
    inside = content.get("inside") or [None] * len(rows)
    classes = (f"row-{'even' if number % 2 == 0 else 'odd'}" for number in count(1))
    start = f'<thead>\n<tr class="{next(classes)}">'
    tags = ['th class="head" scope="col"'] * len(heads)
    yield _row(start, tags, head, "</tr>\n</thead>\n<tbody>\n")
    tags = [*_start_tags(each["text"] for each in heads)]
    for anchor, row, inner in zip(anchors, rows, inside, strict=True):
        is_new = anchor and add_anchor(page.settings.env, anchor)
        named = f' id="{_attribute(anchor)}"' if is_new else ""
        yield _row(f'<tr class="{next(classes)}"{named}>', tags, row, "</tr>\n")
        if inner:
            opened = f'<tr class="tb-inside {next(classes)}"><td colspan="{len(heads)}">'
            yield from (html(opened), *table(page, inner), html("</td>\n</tr>\n"))
    yield html("</tbody>\n")


def _start_tags(labels: Iterable[str]) -> Iterator[str]:
    """The start tags of a row's cells, each with the name of its column; the first heads it."""
    for number, label in enumerate(labels):
        named = f'data-label="{_attribute(label)}"'
        yield f"td {named}" if number else f'th {named} scope="row"'


def _lines(ledger: Ledger, cell: dict[str, Any]) -> list[Line]:
    if "figures" in cell:
        return [Line("", "", *listed(ledger, cell["figures"]))]
    lines = cell.get("lines", [[cell]])
    return [Line("", "", *(shown(ledger, piece) for piece in line)) for line in lines]


def _set_quotes(page: nodes.document, lines: Sequence[Line]) -> None:
    """Set quotation marks and dashes in lines as Sphinx does in the paragraphs of a page."""
    by_sphinx = SphinxSmartQuotes(page, None)
    if not by_sphinx.is_available():
        return
    tags = normalize_language_tag(page.settings.language_code)
    language = next(tag for tag in tags if tag in smartchars.quotes)
    wanted = page.settings.env.config.smartquotes_action
    for line in lines:
        texts = [*line.findall(nodes.Text)]
        tokens = by_sphinx.get_tokens(texts)
        for text, told in zip(texts, educate_tokens(tokens, wanted, language), strict=True):
            text.parent.replace(text, nodes.Text(told))


def _row(start: str, tags: Sequence[str], cells: Sequence[Sequence[Line]], end: str) -> TableRow:
    """The row of these cells, each with the start tag that it gets."""
    between, references = [start], []
    for tag, lines in zip(tags, cells, strict=True):
        between[-1] += f"<{tag}>"
        for piece in _pieces(lines):
            if isinstance(piece, str):
                between[-1] += piece
            else:
                references.append(piece)
                between.append("")
        between[-1] += f"</{tag.partition(' ')[0]}>\n"
    between[-1] += end
    return TableRow("", "", *references, between=between)


def _pieces(lines: Sequence[Line]) -> Iterator[str | FigureReference]:
    """The HTML of the lines of a cell, and the references in it."""
    for number, line in enumerate(lines):
        yield '<p class="tallybook-more">' if number else "<p>"
        for node in line.children:
            yield node if isinstance(node, FigureReference) else _written(node)
        yield "</p>\n" if len(lines) > 1 else "</p>"


def _written(node: nodes.Node) -> str:
    """The HTML of a text, with its reference where it is the ledger's."""
    text = _escaped(node.astext())
    if isinstance(node, LedgerText):
        return f'<span data-of="{_attribute(node["of"])}">{text}</span>'
    return text


def _attribute(text: str) -> str:
    return _escaped(_SPACE.sub(" ", text))


def _escaped(text: str) -> str:
    """A text as all of a page is escaped."""
    return text.translate(HTML5Translator.special_characters)
