"""Small documents of each kind, made for a test."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import docx

# A line of a page: size of its type, place from the left, place from the foot, words.
Printed = tuple[int, int, int, str]
_HEAD = b"%PDF-1.4\n"


def pdf(pages: Iterable[Sequence[Printed]], *, title: str = "") -> bytes:
    """A PDF whose pages print these lines in Helvetica."""
    contents = [
        "\n".join(
            f"BT /F1 {size} Tf 1 0 0 1 {left} {up} Tm ({_escaped(words)}) Tj ET"
            for size, left, up, words in page
        ).encode("latin-1")
        for page in pages
    ]
    first = 5  # catalog, pages, font and information stand before
    kids = " ".join(f"{first + 2 * n} 0 R" for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({_escaped(title)}) >>".encode("latin-1"),
    ]
    for number, content in enumerate(contents):
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents "
            f"{first + 2 * number + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        ]
    return _put_together(objects)


def _put_together(objects: list[bytes]) -> bytes:
    written, places = _HEAD, []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R >>\n"
        f"startxref\n{len(written)}\n%%EOF\n"
    )
    return written + end.encode("latin-1")


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def page(*words: str, heading: str = "", at: int = 700) -> list[Printed]:
    """A page with a heading, and a line for each of these words."""
    printed = [(20, 50, at + 40, heading)] if heading else []
    return printed + [(10, 50, at - 14 * n, line) for n, line in enumerate(words)]


def word() -> docx.document.Document:
    """A document of Word to fill."""
    return docx.Document()


def packed(document: docx.document.Document) -> bytes:
    """The file of a document of Word."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()
