"""A PDF of the book, or of a page of it: the published site, printed by Chromium.

Chromium prints what `paper` puts together, with nothing from any network. It cannot write on which
sheet a page begins, so the book is printed once to find that out, and again with the numbers in its
list of contents, until they are those of the print itself.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from tallybook import files
from tallybook.errors import NoRevision, NotPrinted
from tallybook.notebooks import contents, settings
from tallybook.reading.original import missing_library
from tallybook.site import frame, publish
from tallybook.site.paper import Entry, Paper

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without a sandbox, which a container does not allow; it reads nothing but the book's own pages.
_FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
--disable-background-networking --disable-component-update --disable-sync --no-pdf-header-footer
--generate-pdf-document-outline --export-tagged-pdf""".split()
_NO_HOST = "--host-resolver-rules=MAP * ~NOTFOUND"  # what a page needs lies in the site
_LONGEST = 600  # seconds for one print
_MOST_PRINTS = 4
_DATE = re.compile(rb"(/(?:Creation|Mod)Date \(D:)\d{14}(\+00'00'\))")
_NO_SITE = "there is no site yet to print: call tallybook build"
_STALE = "the site is not of the files as they are, so it is not printed: call tallybook build"
_NO_CHROMIUM = (
    f"a PDF is printed by Chromium, and none of {', '.join(NAMES)} is found: install Chromium, "
    "or put its folder into PATH"
)
_UNSTABLE = "the numbers of the list of contents change with each print: no PDF is written"


def make(root: Path, wanted: str = "", out: Path | None = None) -> Path:
    """Print the published site of a book, or one page of it; return the file.

    It is in `_build` unless `out` names it, and is written whole or not at all. In the folder of
    the site it stays until the next build. Raises NotPrinted, UnknownId and OSError.
    """
    if not (publish.site(root) / "index.html").is_file():
        raise NotPrinted(_NO_SITE)
    if not publish.is_built(root):
        raise NotPrinted(_STALE)
    edition = frame.edition(settings.read(root))
    paper = Paper(publish.site(root), contents.first_page(root), edition)
    page = paper.entry(wanted) if wanted else None
    chromium = next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        raise NotPrinted(_NO_CHROMIUM)
    printed = _page(paper, page, chromium) if page else _book(paper, chromium)
    name = f"{edition.key}-{page.name.replace('/', '-')}" if page else edition.key
    path = out or root / "_build" / f"{name}.pdf"
    files.write(path, dated(printed, moment(root)))
    if publish.site(root).resolve() in path.resolve().parents:
        publish.added(root)
    return path


def moment(root: Path) -> datetime | None:
    """When an edition of a book was made: SOURCE_DATE_EPOCH, or else the time of its commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given and files.commit(root).number != files.UNKNOWN:
        try:
            given = files.git(root, "log", "-1", "--format=%ct").decode().strip()
        except NoRevision:
            return None
    return datetime.fromtimestamp(int(given), UTC) if given.isdecimal() else None


def dated(pdf: bytes, when: datetime | None) -> bytes:
    """A PDF of Chromium with its dates replaced by another; as it is where there is none.

    >>> dated(b"<</CreationDate (D:20260102030405+00'00')>>", datetime(2018, 1, 31, tzinfo=UTC))
    b"<</CreationDate (D:20180131000000+00'00')>>"
    """
    if when is None:
        return pdf
    # Of the same length, so that each part of the file stays where its index says.
    return _DATE.sub(rb"\g<1>" + f"{when:%Y%m%d%H%M%S}".encode() + rb"\g<2>", pdf)


def _page(paper: Paper, page: Entry, chromium: str) -> bytes:
    return _printed(chromium, paper.document(page))


def _book(paper: Paper, chromium: str) -> bytes:
    """The whole book, printed until the numbers in its contents are those of its sheets."""
    numbers: dict[str, int] = {}
    for _ in range(_MOST_PRINTS):
        printed = _printed(chromium, paper.document(numbers=numbers))
        found = first_sheets(printed, (each.name for each in paper.contents))
        if found == numbers:
            return printed
        numbers = found
    raise NotPrinted(_UNSTABLE)


def first_sheets(pdf: bytes, places: Iterable[str]) -> dict[str, int]:
    """The sheet, from the first one on, on which each of these places of a document is."""
    try:
        import pypdf  # noqa: PLC0415
    except ImportError:
        raise missing_library("The print of the book", "pypdf") from None
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    there = reader.named_destinations
    sheets = {place: there.get(f"/{quote(place)}") for place in places}
    numbers = {name: reader.get_destination_page_number(to) for name, to in sheets.items() if to}
    return {name: number + 1 for name, number in numbers.items() if number is not None}


def _printed(chromium: str, document: str) -> bytes:
    """The PDF that Chromium makes of a document. Raises NotPrinted with its own reason."""
    with tempfile.TemporaryDirectory(prefix="tallybook-pdf-") as folder:
        page, out = Path(folder, "book.html"), Path(folder, "book.pdf")
        page.write_text(document, encoding="utf-8")
        command = [chromium, *_FLAGS, _NO_HOST, f"--user-data-dir={folder}/profile"]
        command += [f"--print-to-pdf={out}", page.as_uri()]
        try:
            ran = subprocess.run(command, capture_output=True, timeout=_LONGEST, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise NotPrinted(f"{chromium} did not print in {_LONGEST} seconds") from None
        found = out.read_bytes() if out.is_file() else b""
        if ran.returncode or not found.rstrip().endswith(b"%%EOF"):
            said = ran.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            raise NotPrinted(f"{chromium} has not printed: {said or 'it gives no reason'}")
        return found
