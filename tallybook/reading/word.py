"""A DOCX, to its text: paragraphs, headings by their styles, tables, and footnotes at the end.

What was struck out in a revision is left out. Pages are those that Word stored when it last saved
the document, else those that its author began.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree

from tallybook.errors import DocumentRefused
from tallybook.reading.original import (
    MARK,
    PAGE,
    SOFT_HYPHEN,
    Original,
    cleaned,
    footnote,
    heading,
    missing_library,
    raised,
    row,
)

_LARGEST_INSIDE = 400_000_000  # bytes of all that is packed in it
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_ONCE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_NOTES = ("footnotes", "endnotes")


def read(name: str, raw: bytes) -> Original:
    """What a DOCX says. Raises DocumentRefused."""
    try:
        import docx  # noqa: PLC0415
    except ImportError:
        raise missing_library(name, "python-docx") from None
    if raw.startswith(b"\xd0\xcf\x11\xe0"):  # a container of before DOCX, or of an encrypted one
        raise DocumentRefused(
            f"{name} is encrypted, or of an older kind than DOCX; open it, and save it as DOCX "
            "without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > _LARGEST_INSIDE:
            raise DocumentRefused(f"{name} unpacks to {size // 10**6:,} MB, more than is read")
        return _Reader(docx.Document(io.BytesIO(raw))).read()
    except DocumentRefused:
        raise
    except Exception as error:  # a broken file raises whatever its bytes lead to
        raise DocumentRefused(
            f"{name} is broken, or no DOCX ({str(error)[:100]}); open it, and save it anew as DOCX"
        ) from None


class _Reader:
    """Reads one document."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._body = document.element.body
        self._before = ""  # the text before what is read
        stored = self._body.find(f".//{_W}lastRenderedPageBreak")
        self._counts_stored = stored is not None
        self._levels = {
            style.style_id: level
            for style in document.styles
            if (level := _level(str(style.name)))
        }  # fmt: skip

    def read(self) -> Original:
        text = "\n\n".join([*self._blocks(self._body), *self._notes()])
        text = (
            re.sub(rf"\n*{PAGE}\n*", f"\n{PAGE}", cleaned(text)).replace(SOFT_HYPHEN, "").strip()
            + "\n"
        )
        title = str(self._document.core_properties.title or "").strip()
        first = next(iter(re.findall(r"^\f?#+ (.+)$", text, re.MULTILINE)), "")
        return Original(text, title=title or first)

    def _blocks(self, within: Any) -> Iterator[str]:
        for element in within:
            if element.tag == f"{_W}p":
                if words := self._paragraph(element):
                    yield words
            elif element.tag == f"{_W}tbl":
                yield "\n".join(self._rows(element))
            elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
                yield from self._blocks(element)

    def _paragraph(self, element: Any) -> str:
        text = "".join(self._words(element))
        style = element.find(f"{_W}pPr/{_W}pStyle")
        level = self._levels.get(style.get(f"{_W}val"), 0) if style is not None else 0
        words = text.strip(f"{PAGE} \n\t")
        if not words or not level:
            return text.strip(" \n\t")
        return f"{PAGE * text.count(PAGE)}{heading(level, words)}"

    def _words(self, element: Any) -> Iterator[str]:
        """The text of an element, with its breaks and marks."""
        for child in element:
            tag = child.tag
            if tag in (_TEXT_ONCE, f"{_W}pPr", f"{_W}rPr", f"{_W}del", f"{_W}moveFrom"):
                continue
            if tag == f"{_W}r" and (mark := _raised(child)):
                yield raised(mark, self._before)
            elif tag == f"{_W}t":
                self._before = child.text or ""
                yield self._before
            elif tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                yield footnote(child.get(f"{_W}id", ""))
            elif tag == f"{_W}lastRenderedPageBreak":
                yield PAGE
            elif tag == f"{_W}br" and child.get(f"{_W}type") == "page":
                yield "" if self._counts_stored else PAGE
            elif tag in _SIGNS:
                yield _SIGNS[tag]
            else:
                yield from self._words(child)
                if tag == f"{_W}p":  # in a box of text
                    yield "\n"

    def _rows(self, table: Any) -> Iterator[str]:
        for each in table.iter(f"{_W}tr"):
            cells = [" ".join(self._blocks(cell)) for cell in each.findall(f"{_W}tc")]
            yield row(cell.replace(PAGE, " ") for cell in cells)

    def _notes(self) -> Iterator[str]:
        for part in self._document.part.package.iter_parts():
            stem = str(part.partname).rpartition("/")[2].removesuffix(".xml")
            if stem in _NOTES:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                for note in etree.fromstring(part.blob, parser):
                    words = " ".join(self._blocks(note)).replace(PAGE, " ")
                    if words.strip():
                        yield f"{footnote(note.get(f'{_W}id', ''))}: {words.strip()}"


def _raised(run: Any) -> str:
    """The mark of a footnote that an author raised by hand; or ""."""
    place = run.find(f"{_W}rPr/{_W}vertAlign")
    text = "".join(each.text or "" for each in run.findall(f"{_W}t")).strip()
    is_raised = place is not None and place.get(f"{_W}val") == "superscript"
    return text if is_raised and MARK.fullmatch(text) else ""


def _level(style: str) -> int:
    """The level of the headings of a style; 0 of another."""
    found = re.fullmatch(r"(?:Title|Heading ([1-9]))", style)
    return int(found[1] or 1) if found else 0
