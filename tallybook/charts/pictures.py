"""Pictures that are no charts: of matplotlib, or of a file, with what can be said of their numbers.

Nobody can check what is drawn in a picture. So a page says that it is one, and lists the figures
that it shows, by which a reader can compare it.
"""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from tallybook.errors import BadOutput, UnknownId
from tallybook.ledger import frames
from tallybook.ledger.ledger import Ledger, remembered
from tallybook.reading.statements import stating
from tallybook.tables.table import PICTURE, WORDED, Piece, piece

PNG, SVG = "image/png", "image/svg+xml"
# How the files begin that a page shows.
KINDS = {PNG: b"\x89PNG\r\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp)", re.IGNORECASE)
_DPI, _DPI_OF_PAGES = 192, 96  # so that it is sharp on any screen
_WIDTH = slice(16, 20)  # of a PNG


@dataclass(frozen=True)
class Picture:
    """A picture as a notebook stores it: its content, the words for it, and the ids it shows."""

    kind: str
    content: bytes
    alt: str
    says: tuple[Piece, ...]
    ids: tuple[str, ...]
    width: int = 0

    def __str__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        shown = self.content.decode() if self.kind == SVG else b64encode(self.content).decode()
        told = {"alt": self.alt, "says": [piece(each) for each in self.says], "ids": [*self.ids]}
        size = {"width": self.width} if self.width else {}
        data = {PICTURE: told, self.kind: shown, "text/plain": self.alt}
        return data, {self.kind: {"alt": self.alt, **size}}


def picture(shown: Any, *, alt: str, says: str = "", ids: Iterable[str] = ()) -> Picture:
    """A picture: a figure of matplotlib or what else has `savefig`, or the path of a file.

    `alt` says what it shows to those who do not see it, and `says` stands below it; neither types a
    number, but `says` may cite with `tallybook.worded`. `ids` are the figures that it shows, which
    the page lists with links. Raises BadOutput for what is no picture, and UnknownId.

    >>> import tallybook
    >>> from tallybook import charts
    >>> ledger = tallybook.load("tests/books/kettles")
    >>> path = Path("tallybook/site/theme/static/favicon.svg")
    >>> print(charts.picture(path, alt="A tally", ids=["stores-closed-2017"]))
    A tally
    """
    ledger = _ledger(wanted := tuple(ids))
    if not isinstance(alt, str) or not alt.strip() or _FILE_NAME.fullmatch(alt.strip()):
        raise BadOutput("nothing is said of the picture: alt='what it shows'")
    pieces = WORDED.get(says) or ([says] if says else [])
    for name, text in (("alt", alt), *(("says", e) for e in pieces if isinstance(e, str))):
        if typed := [text[n.start : n.end] for n in stating(text, ledger.known)]:
            raise BadOutput(
                f"{name} types the numeral {typed[0]!r}: name the figure in ids=[...], or cite it "
                "in says= with tallybook.worded"
            )
    draw = getattr(shown, "savefig", None) or getattr(
        getattr(shown, "figure", None), "savefig", None
    )
    if draw is not None:
        content = _drawn(draw, shown)
        width = int.from_bytes(content[_WIDTH], "big") * _DPI_OF_PAGES // _DPI
        return Picture(PNG, content, alt, tuple(pieces), wanted, width)
    if not isinstance(shown, str | Path):
        kind = type(shown).__name__
        raise BadOutput(f"a {kind} is no picture: expected a figure of matplotlib, or a path")
    content = _read(shown)
    return Picture(_kind(content, shown), content, alt, tuple(pieces), wanted)


def _ledger(ids: tuple[str, ...]) -> Ledger:
    """The ledger that has these ids. Raises BadOutput and UnknownId."""
    failures: list[UnknownId] = []
    for ledger in remembered():
        try:
            for wanted in ids:
                frames.row(ledger, wanted)
            return ledger
        except UnknownId as error:
            failures.append(error)
    if failures:
        raise failures[0]
    raise BadOutput("no ledger was loaded: write ledger = tallybook.load()")


def _drawn(draw: Any, figure: Any) -> bytes:
    """A figure as PNG, without what differs from run to run: date, and version of the program."""
    written = BytesIO()
    settings = {"dpi": _DPI, "bbox_inches": "tight", "facecolor": "white"}
    draw(written, format="png", metadata={"Software": None}, **settings)
    pyplot = sys.modules.get("matplotlib.pyplot")
    figure = getattr(figure, "figure", figure)
    if pyplot is not None and isinstance(figure, pyplot.Figure):
        pyplot.close(figure)  # or the cell shows it once more at its end
    content = written.getvalue()
    if not content.startswith(KINDS[PNG]):
        raise BadOutput("its savefig wrote no PNG: expected a figure of matplotlib, or a path")
    return content


def _read(path: str | Path) -> bytes:
    if "://" in str(path):
        raise BadOutput(f"{str(path)[:60]!r} is elsewhere: save the picture in the book")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise BadOutput(
            f"{str(path)!r} cannot be read: {error.strerror}; expected a path from the folder of "
            "the notebook"
        ) from None


def _kind(content: bytes, path: str | Path) -> str:
    for kind, begins in KINDS.items():
        if content.startswith(begins):
            return kind
    try:
        if "<svg" in content.decode():
            return SVG
    except UnicodeDecodeError:
        pass
    raise BadOutput(
        f"{str(path)!r} is no picture that pages show: save it as PNG, JPEG, GIF or SVG"
    )
