"""The cards by which other sites show a figure: a page for frames, a picture, and their oEmbed.

A card says what the figure is, who states it and how exactly, and leads to its page. It loads one
small stylesheet of the site and no script. All of it is made of the ledger and the settings, so
that the audit makes it again and compares.
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from typing import Any

from tallybook.charts import theme
from tallybook.charts.theme import PALETTE
from tallybook.ledger.figures import Figure
from tallybook.ledger.ledger import Ledger
from tallybook.site import policy
from tallybook.site.citations import Edition
from tallybook.site.figure_details import FigureDetails

FOLDER = "stat"  # of the pages of figures, which has a folder for each card
_WIDTH, _EDGE, _FOOT = 480, 22, 16  # pixels
_TITLE, _TEXT = 19, 13  # sizes of type, as in card.css
_TEXT_COLOUR, _QUIET, _LINE = "#23272d", "#565e68", "#dcd9d0"
_TO_STATED, _TO_COMPUTED = "Where it is printed", "What it is computed from"


def path(wanted: str) -> str:
    """The path on the site of a figure's card, a page.

    >>> path("recalls-2017")
    'stat/recalls-2017/card.html'
    """
    return f"{FOLDER}/{wanted}/card.html"


def files_of(ledger: Ledger, edition: Edition, details: FigureDetails) -> dict[str, str]:
    """The files of a figure's card, by their paths in the folder of figures.

    The oEmbed names whole addresses, and is there only where the settings say the site's.
    """
    wanted, colour = details.figure.id, PALETTE[ledger.colour_of(details.figure.party)]
    made = {
        f"{wanted}/card.html": _page(edition, details),
        f"{wanted}/card.svg": _picture(edition, details, colour),
    }
    return made | ({f"{wanted}/oembed.json": _oembed(edition, details)} if edition.base else {})


def address_of_oembed(edition: Edition, figure: Figure) -> str:
    """The whole address of a figure's oEmbed; "" where the settings name none."""
    return edition.at(f"{FOLDER}/{figure.id}/oembed.json")


def code(edition: Edition, details: FigureDetails) -> str:
    """What an author writes to embed a figure, as card and as picture; "" without an address."""
    if not edition.base:
        return ""
    figure = details.figure
    to, picture = (escape(each) for each in (edition.address(figure), _at(edition, figure, "svg")))
    alternative = escape(f"{figure.named}. {_said(details)}")
    shown = f"""<img src="{picture}" alt="{alternative}">"""
    return f"""{_frame(edition, details)}\n\n<a href="{to}">{shown}</a>"""


def _frame(edition: Edition, details: FigureDetails) -> str:
    source = escape(_at(edition, details.figure, "html"))
    return (
        f'<iframe src="{source}" title="{escape(details.figure.named)}" '
        f'width="{_WIDTH}" height="{_height(edition, details)}" loading="lazy"></iframe>'
    )


def _at(edition: Edition, figure: Figure, ending: str) -> str:
    return edition.at(f"{FOLDER}/{figure.id}/card.{ending}")


def _said(details: FigureDetails) -> str:
    """Who states it and when; of a computed figure, that nobody does."""
    return details.figure.said if details.statistic else "Computed in this book."


def _exactly(details: FigureDetails) -> str:
    level = f"; {details.level}" if details.level else ""
    return f"{details.allows}: {details.interval}{level}."


def _leads_to(details: FigureDetails) -> str:
    return _TO_STATED if details.statistic else _TO_COMPUTED


def _page(edition: Edition, details: FigureDetails) -> str:
    named, address = escape(details.figure.named), escape(edition.address(details.figure))
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        policy.tag(),
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{named}</title>",
        '<meta name="robots" content="noindex">',
        '<meta name="color-scheme" content="light dark">',
        '<link rel="stylesheet" href="../../_static/card.css">',
        '<link rel="icon" href="data:,">',
        *([f'<link rel="canonical" href="{address}">'] if address else []),
        "</head>",
        "<body><main>",
        f"<h1>{named}</h1>",
        f"<p>{escape(_said(details))}</p>",
        f"<p>{escape(_exactly(details))}</p>",
        f'<p class="of"><a href="../{details.figure.id}.html" target="_blank" rel="noopener">'
        f"{_leads_to(details)}</a> {escape(edition.title)}</p>",
        "</main></body>",
        "</html>",
    ]
    return "\n".join([*lines, ""])


def _lines(edition: Edition, details: FigureDetails) -> list[tuple[str, int, str, bool]]:
    """The lines of a card, each with its size, its colour and whether it is bold."""
    parts = (
        (details.figure.named, _TITLE, _TEXT_COLOUR, True),
        (_said(details), _TEXT, _TEXT_COLOUR, False),
        (_exactly(details), _TEXT, _TEXT_COLOUR, False),
        (f"{_leads_to(details)}: {edition.title}", _TEXT, _QUIET, False),
    )
    room = _WIDTH - 2 * _EDGE
    return [
        (line, size, colour, is_bold)
        for text, size, colour, is_bold in parts
        for line in _wrapped(text, size, room, is_bold)
    ]


@cache
def _wrapped(text: str, size: int, room: int, is_bold: bool) -> tuple[str, ...]:
    return tuple(theme.wrapped(text, size, room, bold=is_bold))


def _height(edition: Edition, details: FigureDetails) -> int:
    return sum(_leading(size) for _, size, _, _ in _lines(edition, details)) + 2 * _FOOT


def _leading(size: int) -> int:
    return size * 3 // 2


def _picture(edition: Edition, details: FigureDetails, colour: str) -> str:
    height, at = _height(edition, details), _FOOT
    texts = []
    for line, size, fill, is_bold in _lines(edition, details):
        at += _leading(size)
        bold = ' font-weight="600"' if is_bold else ""
        texts.append(
            f'<text x="{_EDGE}" y="{at - size // 3}" font-size="{size}" fill="{fill}"{bold}>'
            f"{escape(line)}</text>"
        )
    address = escape(edition.address(details.figure))
    shown = "\n".join(texts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="system-ui, sans-serif" role="img">\n'
        f"<title>{escape(details.figure.named)}</title>\n"
        f'<rect x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="6" fill="#ffffff" '
        f'stroke="{_LINE}"/>\n'
        f'<path d="M8 {_FOOT}V{height - _FOOT}" stroke="{colour}" stroke-width="4"/>\n'
        + (f'<a href="{address}" target="_blank">\n{shown}\n</a>\n' if address else f"{shown}\n")
        + "</svg>\n"
    )


def _oembed(edition: Edition, details: FigureDetails) -> str:
    figure = details.figure
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "title": figure.named,
        "author_name": figure.party if details.statistic else edition.author,
        "provider_name": edition.title,
        "provider_url": edition.base,
        "html": _frame(edition, details),
        "width": _WIDTH,
        "height": _height(edition, details),
    }
    given = {name: value for name, value in found.items() if value != ""}
    return json.dumps(given, ensure_ascii=False, indent=1) + "\n"
